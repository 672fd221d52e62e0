"""The agenda as tables of rows: its sessions, what it costs, its sums; and as CSV."""

from __future__ import annotations

from collections.abc import Iterator

from csstrain.agenda import Agenda, AgendaDay, Session
from csstrain.curriculum import Curriculum
from csstrain.model import clock_text
from csstrain.pipeline import Compilation
from csstrain.show_agenda.attendance import attendance_table
from csstrain.tables import Cell, Column, Table, csv_text

_SESSION = (
    "day", "date", "start", "end", "minutes", "kind", "module", "activity", "title", "part",
    "parts", "method", "phase", "priority", "objectives", "retrieval", "stations",
)  # fmt: skip
_CUT = (
    ("cut", 14), ("module", 8), ("activity", 24), ("title", 44), ("priority", 9), ("planned", 9),
    ("given", 7), ("instead", 10), ("objectives", 24), ("KSAs", 30), ("approved by", 24),
    ("until", 24), ("why", 70),
)  # fmt: skip


def as_csv(planned: Compilation) -> bytes:
    """The agenda as one CSV file in UTF-8; empty where the hours allow no agenda.

    Its first column tells three tables apart: `sessions`, a row each; `cuts`, a row for each gate
    that is deferred and each activity that is left out or shortened; and `sums`, in minutes. Where
    trainees bring something along, `attendance` has a row for each of them and each activity.
    """
    curriculum, agenda = planned.curriculum, planned.agenda
    if curriculum is None or agenda is None or not agenda.days:
        return b""
    people = attendance_table(planned)
    attended = (people,) if people else ()
    tables = (_sessions(agenda), cuts(curriculum, agenda), _sums(agenda), *attended)
    return csv_text(tables).encode()


def _sessions(agenda: Agenda) -> Table:
    rows = tuple(_row(day, session) for day in agenda.days for session in day.sessions)
    return Table("sessions", "Sessions", tuple(map(Column, _SESSION)), rows)


def _row(day: AgendaDay, session: Session) -> tuple[Cell, ...]:
    activity = session.activity
    divided = session.parts > 1
    return (
        day.number,
        day.date.isoformat() if day.date else None,
        clock_text(session.start),
        clock_text(session.end),
        session.minutes,
        session.kind,
        session.module,
        activity.id if activity else None,
        session.title,
        session.part if divided else None,
        session.parts if divided else None,
        activity.method if activity else None,
        session.phase,
        activity.priority if activity else None,
        " ".join(activity.objectives) if activity else None,
        "yes" if session.retrieval else None,
        stations(session),
    )


def stations(session: Session) -> str | None:
    """Which group is at which station, and when; None where the cohort stays together."""
    stops = (
        f"{clock_text(stop.start)}–{clock_text(stop.end)} {stop.group}: {stop.station}"
        for stop in session.rotation
    )
    return "; ".join(stops) or None


def cuts(curriculum: Curriculum, agenda: Agenda) -> Table:
    """What the hours cost: gates deferred first, then what is left out, then what is shortened."""
    columns = tuple(Column(title, width) for title, width in _CUT)
    return Table("cuts", "What the hours cost", columns, tuple(_cuts(curriculum, agenda)))


def _cuts(curriculum: Curriculum, agenda: Agenda) -> Iterator[tuple[Cell, ...]]:
    for gate in agenda.gates_deferred:
        module = curriculum.module_of[gate.objective].id
        yield (
            "gate deferred", module, None, curriculum.label(gate.objective), None, None, None,
            "ojt", gate.objective, None, gate.approved_by, gate.until, gate.why,
        )  # fmt: skip
    for left in agenda.left_out:
        a = left.activity
        yield (
            "left out", left.module, a.id, a.label, a.priority, a.minutes.plan, 0,
            a.instead, " ".join(a.objectives), " ".join(left.ksas), None, None, left.why,
        )  # fmt: skip
    for short in agenda.shortened:
        a = short.activity
        yield (
            "shortened", short.module, a.id, a.label, a.priority, a.minutes.plan, short.given,
            None, " ".join(a.objectives), None, None, None, None,
        )  # fmt: skip


def _sums(agenda: Agenda) -> Table:
    sums = {
        "paid": agenda.paid,
        "contact": agenda.contact,
        "breaks": agenda.total("break"),
        "lunch": agenda.total("lunch"),
        "slack": agenda.total("slack"),
        "pre-work beside the hours": agenda.prework,
        "unused": agenda.unused,
        **{f"phase {phase}": minutes for phase, minutes in agenda.by_phase().items()},
    }
    return Table("sums", "Sums", (Column("title"), Column("minutes")), tuple(sums.items()))
