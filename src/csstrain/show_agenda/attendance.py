"""Who attends what, for each trainee who brings something along: as text, JSON and a table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from csstrain.attendance import Attendance, Part, attendance
from csstrain.pipeline import Compilation
from csstrain.report import printable
from csstrain.show_agenda.columns import cells, cut, wrap
from csstrain.tables import Column, Table
from csstrain.wording import enumerated


def people(planned: Compilation) -> tuple[Attendance, ...]:
    """What each named trainee attends; nobody where no entry was given or no hours work."""
    curriculum, agenda, entry = planned.curriculum, planned.agenda, planned.entry
    if curriculum is None or agenda is None or entry is None or not agenda.feasible:
        return ()
    return attendance(curriculum, agenda, entry)


def as_lines(planned: Compilation, width: int) -> Iterator[str]:
    """A block of the agenda as text: what each trainee may be excused from, trainees alike once.

    Lines have at most `width` cells, but for single words that are longer. Nothing where nobody
    is named.
    """
    alike: dict[tuple[Part, ...], list[Attendance]] = {}
    for each in people(planned):
        alike.setdefault(each.parts, []).append(each)
    if alike:
        yield ""
        yield "Who attends what (minutes of activities; breaks, openings and closings come beside)"
    for some in alike.values():
        names = enumerated((printable(each.trainee) for each in some), most=len(some))
        yield from wrap(f"{names}: {_sum(some[0])}", width, "", "  ")
        for part in some[0].excused:
            begin = f"  {part.minutes:>3}  "
            prework = ", pre-work" if part.prework else ""
            end = f"  ({part.activity.id}{prework}: {', '.join(part.ksas)})"
            room = width - cells(begin) - cells(end)
            yield begin + cut(printable(part.activity.label), max(room, 8)) + end
        yield from _all_the_same(some[0], width)


def _all_the_same(one: Attendance, width: int) -> Iterator[str]:
    """What a trainee takes part in although all of it was shown, by reason."""
    reasons: dict[str, list[str]] = {}
    for part in one.parts:
        if part.shown and not part.excused:
            reasons.setdefault(part.why, []).append(part.activity.id)
    for why, ids in reasons.items():
        listed = enumerated(ids, most=len(ids))
        yield from wrap(f"Attends {listed} all the same: {why}", width, "       ", "       ")


def _sum(one: Attendance) -> str:
    attended, excused = one.minutes(excused=False), one.minutes(excused=True)
    before = one.minutes(excused=True, prework=True)
    if not one.excused:
        return f"all {attended} min"
    also = f" and {before} min of pre-work" if before else ""
    return f"{attended} of {attended + excused} min, may be excused from {excused} min{also}"


def as_data(planned: Compilation) -> list[dict[str, Any]]:
    """The value of `attendance` in the agenda as JSON: a list with one object for each trainee."""
    return [
        {
            "trainee": each.trainee,
            "minutes": {
                "attended": each.minutes(excused=False),
                "excused": each.minutes(excused=True),
                "prework_attended": each.minutes(excused=False, prework=True),
                "prework_excused": each.minutes(excused=True, prework=True),
            },
            "activities": [
                {
                    "activity": part.activity.id,
                    "module": part.module,
                    "minutes": part.minutes,
                    "prework": part.prework,
                    "attends": not part.excused,
                    "ksas": list(part.ksas),
                    "why": part.why,
                }
                for part in each.parts
            ],
        }
        for each in people(planned)
    ]


def attendance_table(planned: Compilation) -> Table | None:
    """A table for CSV and spreadsheets, with a row for each trainee and activity; None for nobody.

    It names trainees: it goes to whoever asked for it, and into no document of a build.
    """
    every = people(planned)
    if not every:
        return None
    columns = (
        Column("trainee", 24),
        Column("module", 8),
        Column("activity", 24),
        Column("title", 40),
        Column("minutes", 8),
        Column("when", 10),
        Column("attends", 8),
        Column("why", 60),
    )
    rows = tuple(
        (
            each.trainee,
            part.module,
            part.activity.id,
            part.activity.label,
            part.minutes,
            "pre-work" if part.prework else "agenda",
            "excused" if part.excused else "yes",
            part.why,
        )
        for each in every
        for part in each.parts
    )
    return Table("attendance", "Who attends what", columns, rows)
