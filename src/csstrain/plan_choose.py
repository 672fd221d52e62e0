"""Choosing: which activities run, musts and gates first, then what is worth most for its time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from math import ceil, floor

from csstrain.agenda import Basis
from csstrain.curriculum import measured
from csstrain.model import Activity, WorkingDay
from csstrain.plan_days import Calendar, calendars
from csstrain.plan_offer import RANK, TEACHING, Offer
from csstrain.plan_place import SlackRange, Slot, chains, place

ROOM_TRIES = 40  # other first choices tried when the musts alone cannot fill the hours
REFILLS = 8  # activities tried once more after others had to go


@dataclass(frozen=True)
class Need:
    """What must be held whatever it costs, given the gates that are deferred."""

    offer: Offer
    deferred: frozenset[str]

    @cached_property
    def released(self) -> frozenset[str]:
        """Musts that serve deferred gates and no other gate: they may go like a should."""
        gates = {o.id for o in self.offer.curriculum.objectives.values() if o.gate}
        return frozenset(
            a.id
            for a in self.offer.session.values()
            if a.priority == "must"
            and gates.intersection(a.objectives)
            and gates.intersection(a.objectives) <= self.deferred
        )

    def rank(self, activity: str) -> int:
        """0 for must, 1 for should, 2 for nice; a released must counts as a should."""
        priority = self.offer.session[activity].priority
        return 1 if activity in self.released else RANK[priority]

    @cached_property
    def impossible(self) -> tuple[str, ...]:
        """Why no hours at all can work: musts that cannot be held."""
        unusable = self.offer.unusable
        return tuple(
            f"{a.id} must be held, but {unusable[a.id]}"
            for a in self.offer.session.values()
            if a.id in unusable and self.rank(a.id) == 0
        )

    @cached_property
    def required(self) -> frozenset[str]:
        """Musts, what each gate needs to be taught, practised and assessed, and what these need."""
        chosen: set[str] = set()
        for name in self.offer.session:
            if self.rank(name) == 0 and name not in self.offer.unusable:
                chosen |= {name} | self.companions(name, chosen, RANK["must"])
        for objective in self.offer.curriculum.objectives.values():
            if objective.gate and objective.id not in self.deferred:
                for kind in ("teach", "practice", "assess"):
                    self._ensure(objective.id, kind, chosen)
        for name in sorted(chosen):
            chosen |= self.companions(name, chosen, RANK["must"])
        return frozenset(chosen)

    def _ensure(self, objective: str, kind: str, chosen: set[str]) -> None:
        able = [a.id for a in self._serving(objective, kind)]
        if able and not chosen.intersection(able):
            best = min(able, key=lambda a: (self.rank(a), -self._density({a}), a))
            chosen.add(best)

    def _serving(self, objective: str, kind: str) -> Iterator[Activity]:
        """Activities that teach, practise or assess an objective and can be held."""
        for activity in self.offer.session.values():
            if activity.id in self.offer.unusable:
                continue
            if kind == "assess":
                if objective in self._measures(activity):
                    yield activity
            elif objective in activity.objectives:
                phases = TEACHING if kind == "teach" else ("practice",)
                if activity.phase in phases:
                    yield activity

    def _measures(self, activity: Activity) -> set[str]:
        instruments = self.offer.curriculum.instruments
        named = {o for name in activity.assesses for o in measured(instruments[name])}
        return named | set(activity.objectives if activity.phase == "assess" else ())

    def companions(self, name: str, chosen: set[str], rank: int = RANK["should"]) -> set[str]:
        """What an activity brings along, so that nothing is practised that was not taught.

        Practice brings teaching of its objectives and assessment brings practice, each where
        nothing chosen does it yet and the content has it, at most as dispensable as `rank`.
        A final assessment brings feedback that follows it; a pre-test brings the first one.
        """
        found = {name}
        queue = [name]
        while queue:
            for each in self._needs(queue.pop(), chosen | found, rank):
                if each not in chosen | found:
                    found.add(each)
                    queue.append(each)
        return found - {name}

    def _needs(self, name: str, held: set[str], rank: int) -> Iterator[str]:
        activity = self.offer.session[name]
        first = {"practice": "teach", "assess": "practice"}.get(activity.phase)
        objectives = self._measures(activity) if first == "practice" else activity.objectives
        baseline = activity in self.offer.pretests or activity.retrieval
        for objective in sorted(objectives) if first and not baseline else ():
            able = [a.id for a in self._serving(objective, first or "")]
            before = [a for a in able if not self._late(a, name) and self.rank(a) <= rank]
            if before and not held.intersection(able):
                yield min(before, key=lambda a: (self.rank(a), -self._density({a}), a))
        if name in self.offer.finals:
            finals = tuple(f for f in self.offer.finals if f in held)
            follow = self.offer.feedback_after(finals)
            if follow and not held.intersection(a.id for a in follow):
                yield follow[0].id
        if activity in self.offer.pretests:
            usable = [a.id for a in self.offer.pretests if a.id not in self.offer.unusable]
            yield from usable[:1]

    def _late(self, one: str, other: str) -> bool:
        return self.offer.must_precede(self.offer.session[other], self.offer.session[one])

    def _density(self, names: Iterable[str]) -> float:
        """Value for each minute, at the least minutes."""
        each = sorted(names)
        minutes = sum(self.offer.least(n) for n in each)
        return sum(self.offer.worth(n) for n in each) / minutes

    def ranked(self) -> tuple[str, ...]:
        """Everything that may go, in the order in which it is worth keeping."""
        free = [
            n for n in self.offer.session if n not in self.required and n not in self.offer.unusable
        ]
        return tuple(sorted(free, key=lambda n: (self.rank(n), -self._density({n}), n)))


@dataclass(frozen=True, slots=True)
class Draft:
    """Activities with the runs that they were placed on."""

    calendar: Calendar
    slack: SlackRange
    slots: tuple[Slot, ...]
    chosen: frozenset[str]


def slack_range(day: WorkingDay, calendar: Calendar) -> SlackRange:
    """The least and most minutes of slack for a calendar, from its share of paid time.

    Both are whole minutes; where none lies within the share, the next above it will do.
    """
    paid = sum(shape.paid for shape in calendar)
    least = ceil(paid * day.slack.min / 100)
    return SlackRange(least, max(least, floor(paid * day.slack.max / 100)))


@dataclass(frozen=True)
class Room:
    """The ways to lay out the hours, and whether a choice of activities could fill one."""

    need: Need
    ways: tuple[tuple[Calendar, SlackRange], ...]

    def holds(self, chosen: Iterable[str]) -> bool:
        """Whether the least minutes of all fit, so far as sums can tell."""
        least = sum(self.need.offer.least(n) for n in chosen)
        return any(least + slack.least <= capacity(way) for way, slack in self.ways)

    def filled(self, chosen: Iterable[str]) -> bool:
        """Whether the most minutes of all fill the hours, so far as sums can tell."""
        most = sum(self.need.offer.most(n) for n in chosen)
        return any(most + slack.most >= capacity(way) for way, slack in self.ways)

    def place(self, chosen: frozenset[str]) -> Draft | None:
        """The choice on the first calendar that takes it."""
        work = chains(self.need.offer, chosen)
        for way, slack in self.ways:
            slots = place(work, way, slack)
            if slots is not None:
                return Draft(way, slack, slots, chosen)
        return None


def room(need: Need, basis: Basis, minutes: int) -> Room:
    """The ways to lay out so many minutes of the basis."""
    day = need.offer.curriculum.program.day
    return Room(need, tuple((way, slack_range(day, way)) for way in calendars(day, basis, minutes)))


def capacity(calendar: Calendar) -> int:
    """Minutes for activities and slack in all days."""
    return sum(shape.usable for shape in calendar)


def draft(space: Room) -> Draft | None:
    """The best choice that could be placed, or None where none could.

    Everything required is held. Shoulds are added while their least minutes fit, those worth
    most for each minute first; nice ones only when no should is left out, or when the hours
    could not be filled otherwise. If the choice cannot be placed, what was added last goes,
    until it can; then what was left out is tried once more.
    """
    need = space.need
    if not space.holds(need.required):
        return None
    order = need.ranked()
    found = _descend(space, order)
    if found or space.filled(need.required):
        return found
    for first in order[:ROOM_TRIES]:
        found = _descend(space, (first, *(name for name in order if name != first)))
        if found:
            return found
    return None


def _descend(space: Room, order: tuple[str, ...]) -> Draft | None:
    """Add in this order what fits; drop from the end until it can be placed; refill."""
    groups = list(_grow(space, order, space.need.required))
    while True:
        found = space.place(space.need.required.union(*groups))
        if found:
            return _refill(space, order, found)
        if not groups:
            return None
        groups.pop()


def _grow(space: Room, order: tuple[str, ...], chosen: frozenset[str]) -> Iterator[frozenset[str]]:
    """Activities with their companions, as long as their least minutes fit."""
    for name in order:
        if name in chosen or not _may_come(space, order, name, chosen):
            continue
        group = frozenset({name} | space.need.companions(name, set(chosen)))
        if space.holds(chosen | group):
            chosen |= group
            yield group


def _may_come(space: Room, order: tuple[str, ...], name: str, chosen: frozenset[str]) -> bool:
    """Whether nothing more important is left out, or the hours need it to be filled."""
    rank = space.need.rank
    if rank(name) < RANK["nice"] or not space.filled(chosen):
        return True
    return all(other in chosen for other in order if rank(other) < RANK["nice"])


def _refill(space: Room, order: tuple[str, ...], found: Draft) -> Draft:
    """Try what was left out once more, best first, a few times."""
    for group in list(_grow(space, order, found.chosen))[:REFILLS]:
        found = space.place(found.chosen | group) or found
    return found
