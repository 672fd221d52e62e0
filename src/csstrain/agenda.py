"""The agenda as a value: days, sessions with clock times, what was cut, what was deferred."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from csstrain.model import Activity, Phase

SessionKind = Literal["opening", "activity", "break", "lunch", "slack", "closing"]
Basis = Literal["paid", "contact"]


@dataclass(frozen=True, slots=True)
class RotationStop:
    """One group at one station during a session; start and end in minutes after midnight."""

    group: str
    station: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Session:
    """A stretch of the day for the whole cohort; start and end in minutes after midnight.

    An activity longer than a run is held in several sessions; `part` counts them from 1
    of `parts`. Breaks, lunch, opening, slack and closing have no activity.
    """

    start: int
    end: int
    kind: SessionKind
    title: str
    module: str | None = None
    activity: Activity | None = None
    part: int = 1
    parts: int = 1
    retrieval: bool = False
    rotation: tuple[RotationStop, ...] = ()

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return self.end - self.start

    @property
    def phase(self) -> Phase | None:
        """The phase of its activity, if it has one."""
        return self.activity.phase if self.activity else None


@dataclass(frozen=True, slots=True)
class AgendaDay:
    """One day of training; `number` counts from 1."""

    number: int
    date: dt.date | None
    sessions: tuple[Session, ...]

    @property
    def start(self) -> int:
        """When it begins, in minutes after midnight."""
        return self.sessions[0].start

    @property
    def end(self) -> int:
        """When it ends, in minutes after midnight."""
        return self.sessions[-1].end

    @property
    def paid(self) -> int:
        """Paid minutes: all but lunch."""
        return sum(s.minutes for s in self.sessions if s.kind != "lunch")


@dataclass(frozen=True, slots=True)
class Shortened:
    """An activity that gets fewer minutes than its author planned."""

    activity: Activity
    module: str
    given: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An activity that the hours do not allow, what replaces it, and why it was cut."""

    activity: Activity
    module: str
    ksas: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class GateDeferred:
    """A gate objective moved to signed on-the-job training; `until` is a date or words."""

    objective: str
    why: str
    approved_by: str
    until: str


@dataclass(frozen=True, slots=True)
class Proof:
    """The value of the choice, a proven bound, and the gap between them as a fraction."""

    value: float
    bound: float | None = None
    gap: float | None = None


@dataclass(frozen=True, slots=True)
class Bounds:
    """The smallest hours that work, with and without deferral, and those that could lose nothing.

    `full_hours` are those whose sums hold everything at its planned minutes; runs that cannot be
    filled to the minute may ask for a little more. `minimum_proven` says whether it is proven
    that no fewer hours work, or only that the planner found no agenda for fewer.
    """

    minimum_hours: Decimal | None
    minimum_hours_without_deferral: Decimal | None
    full_hours: Decimal
    minimum_proven: bool = False


@dataclass(frozen=True, slots=True)
class More:
    """What more hours would buy first: the hours, and the activities that they bring in."""

    hours: Decimal
    activities: tuple[Activity, ...]


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """What so many hours give, as shares from 0 to 1, and the ids of the KSAs that they lose.

    `coverage` is the share of the need of all trained KSAs that is taught, practiced and
    assessed to its level; `value` is training value over that of the whole content.
    """

    hours: Decimal
    coverage: float
    value: float
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """How much the job needs a minute spent on a KSA: the product of its factors, all logged.

    Each factor lies between 0.5 and 2 (`gap` is 0 for what the group already has).
    """

    ksa: str
    demand: float
    difficulty: float
    gap: float
    weight: float

    @property
    def product(self) -> float:
        """All factors together."""
        return self.demand * self.difficulty * self.gap * self.weight


@dataclass(frozen=True, slots=True)
class Agenda:
    """A plan of the program within its hours; infeasible where `days` is empty.

    `relaxations` are the cheapest ways to make infeasible hours work, in words; `known` the
    KSAs that the whole group has met at entry, so that nobody is taught them again.
    """

    program: str
    hours: Decimal
    basis: Basis
    feasible: bool
    reasons: tuple[str, ...] = ()
    days: tuple[AgendaDay, ...] = ()
    prework: int = 0
    unused: int = 0
    shortened: tuple[Shortened, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    gates_deferred: tuple[GateDeferred, ...] = ()
    proof: Proof = field(default_factory=lambda: Proof(0.0))
    bounds: Bounds = field(default_factory=lambda: Bounds(None, None, Decimal(0)))
    relaxations: tuple[str, ...] = ()
    more: More | None = None
    needs: tuple[Need, ...] = ()
    known: tuple[str, ...] = ()

    def total(self, kind: SessionKind) -> int:
        """Minutes of all sessions of a kind."""
        return sum(s.minutes for d in self.days for s in d.sessions if s.kind == kind)

    @property
    def paid(self) -> int:
        """Paid minutes: everything in the days but lunch."""
        return sum(day.paid for day in self.days)

    @property
    def contact(self) -> int:
        """Contact minutes: paid minutes less breaks."""
        return self.paid - self.total("break")

    def by_phase(self) -> dict[str, int]:
        """Minutes of activities by phase; every phase is present."""
        totals = dict.fromkeys(
            ("present", "demonstrate", "practice", "debrief", "assess", "admin"), 0
        )
        for session in self.sessions():
            if session.phase:
                totals[session.phase] += session.minutes
        return totals

    def sessions(self) -> tuple[Session, ...]:
        """All sessions in order."""
        return tuple(session for day in self.days for session in day.sessions)

    def given(self) -> dict[str, int]:
        """Minutes given to each activity that is held, by its id."""
        minutes: dict[str, int] = {}
        for session in self.sessions():
            if session.activity:
                key = session.activity.id
                minutes[key] = minutes.get(key, 0) + session.minutes
        return minutes


def hours_text(hours: Decimal) -> str:
    """Hours as a reader says them.

    >>> hours_text(Decimal("40.00")), hours_text(Decimal("37.5")), hours_text(Decimal(1))
    ('40 hours', '37.5 hours', '1 hour')
    """
    plain = f"{hours:f}"
    plain = plain.rstrip("0").rstrip(".") if "." in plain else plain
    return f"{plain} {'hour' if hours == 1 else 'hours'}"
