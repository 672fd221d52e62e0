"""The agenda as an Excel workbook that calculates: change a duration, and the clock moves."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from csstrain.agenda import Agenda, AgendaDay, Session, SessionKind, hours_text
from csstrain.curriculum import Curriculum
from csstrain.model import WorkingDay
from csstrain.numbering import Numbering
from csstrain.pipeline import Compilation
from csstrain.show_agenda.attendance import attendance_table
from csstrain.show_agenda.rows import cuts
from csstrain.spreadsheet import Formula, Live, LiveSheet, Look, Mark, workbook
from csstrain.tables import SIGN

_DAY_MINUTES = 24 * 60
_PAUSES = ("break", "lunch")
_OTHERS: tuple[SessionKind, ...] = ("opening", "closing", "slack", "break", "lunch")

# The sheet Agenda: a title, what the checks say, a hint and headings; then a row a session.
_HEADINGS = (
    ("Day", 6), ("Date", 12), ("Start", 8), ("Minutes", 9), ("End", 8), ("Run", 6), ("Check", 26),
    ("Kind", 10), ("Module", 9), ("No.", 7), ("Activity", 52), ("Method", 18), ("Phase", 13),
    ("Priority", 9), ("Objectives", 26), ("Sheets", 22),
)  # fmt: skip
_FIRST, _LAST = 5, "P"
_HINT = (
    "Change the yellow cells: the minutes, and when a day begins. Times, sums and checks follow. "
    "Run is the minutes worked since the last pause. Limits and sums stand on the sheet Totals."
)

# The sheet Totals: limits, then sums.
_RUN, _EARLIEST, _LATEST, _DAYS = "Totals!$E$4", "Totals!$E$5", "Totals!$E$6", 9
_COMPARED = ("Planned", "Difference", "Check")
_AS_PLANNED = "✓ as planned"


def as_xlsx(planned: Compilation) -> bytes:
    """The agenda as an Excel workbook; empty where the hours allow no agenda.

    The sheet Agenda has a row a session, with minutes that can be changed and clock times,
    running lengths and checks that follow; Totals has the sums by day, phase and module against
    the plan; Cuts has what the hours cost, and a last sheet who attends what, where trainees bring
    something along. Every formula carries its result.
    """
    curriculum, agenda = planned.curriculum, planned.agenda
    if curriculum is None or agenda is None or not agenda.days:
        return b""
    title = f"{curriculum.program.title}: {hours_text(agenda.hours)} ({agenda.basis})"
    sheet = _Sheet(curriculum, agenda)
    totals, whole = _totals(sheet)
    people = attendance_table(planned)
    costs = replace(cuts(curriculum, agenda), name="Cuts")
    others = (costs, *((people,) if people else ()))
    return workbook(title, (_agenda(sheet, title, whole), totals, *others))


@dataclass(frozen=True)
class _Line:
    """A session in its row, which counts from 1; `run` is the minutes since the last pause."""

    row: int
    day: AgendaDay
    session: Session
    run: int

    @property
    def first(self) -> bool:
        """Whether it begins its day."""
        return self.session is self.day.sessions[0]


@dataclass(frozen=True)
class _Sheet:
    """The sessions of an agenda with the rows that they stand in."""

    curriculum: Curriculum
    agenda: Agenda

    @cached_property
    def lines(self) -> tuple[_Line, ...]:
        """A line for each session."""
        return tuple(_lines(self.agenda))

    @property
    def last(self) -> int:
        """The last row of the sheet."""
        return self.lines[-1].row

    @cached_property
    def rows_of(self) -> Mapping[str, tuple[int, ...]]:
        """The rows of each activity, by its id."""
        found: dict[str, tuple[int, ...]] = {}
        for line in self.lines:
            if line.session.activity:
                name = line.session.activity.id
                found[name] = (*found.get(name, ()), line.row)
        return found

    @cached_property
    def given(self) -> Mapping[str, int]:
        """Minutes given to each activity that is held, by its id."""
        return self.agenda.given()

    def range(self, column: str) -> str:
        """All cells of a column, as the sheet Totals names them."""
        return f"Agenda!${column}${_FIRST}:${column}${self.last}"


def _lines(agenda: Agenda) -> Iterator[_Line]:
    row = _FIRST
    for day in agenda.days:
        run = 0
        for session in day.sessions:
            run = 0 if session.kind in _PAUSES else run + session.minutes
            yield _Line(row, day, session, run)
            row += 1


# ── the agenda ───────────────────────────────────────────────────────────────────────


def _agenda(sheet: _Sheet, title: str, whole: int) -> LiveSheet:
    """The first sheet; `whole` is the row of Totals that says how the whole differs."""
    numbers = Numbering(sheet.curriculum)
    cells = f"A{_FIRST}:{_LAST}{sheet.last}"
    checks = f"G{_FIRST}:G{sheet.last}"
    faults = f'COUNTIF({checks},"{SIGN}*")'
    said = Formula(
        f'=Totals!I{whole}&IF({faults}=0,""," – {SIGN} sessions with a fault: "&{faults})',
        _AS_PLANNED + _count_faults(sheet),
    )
    return LiveSheet(
        "Agenda",
        tuple(width for _, width in _HEADINGS),
        (
            (Live(title, "title"),),
            (Live(said, "title"),),
            (Live(_HINT, "note"),),
            tuple(Live(heading, "head") for heading, _ in _HEADINGS),
            *(_row(sheet, numbers, line) for line in sheet.lines),
        ),
        fixed=_FIRST - 1,
        whole=(f"D{_FIRST}:D{sheet.last}",),
        marks=(
            Mark(cells, f'=LEFT($G{_FIRST},1)="{SIGN}"', "fault"),
            Mark(cells, f'=OR($H{_FIRST}="break",$H{_FIRST}="lunch")', "pause"),
            Mark(cells, f"=$A{_FIRST}<>$A{_FIRST - 1}", "day"),
        ),
    )


def _count_faults(sheet: _Sheet) -> str:
    faults = sum(bool(_fault(sheet, line)) for line in sheet.lines)
    return f" – {SIGN} sessions with a fault: {faults}" if faults else ""


def _row(sheet: _Sheet, numbers: Numbering, line: _Line) -> tuple[Live, ...]:
    session, row = line.session, line.row
    activity = session.activity
    end = Formula(f"=C{row}+D{row}/{_DAY_MINUTES}", session.end / _DAY_MINUTES)
    part = f" ({session.part} of {session.parts})" if session.parts > 1 else ""
    words: tuple[str | None, ...] = (session.kind, session.module, None, session.title + part)
    if activity:
        sheets = " ".join(sheet.number for sheet in numbers.used_by(activity))
        objectives = " ".join(activity.objectives)
        words = (*words[:2], numbers.activities[activity.id], words[3], activity.method,
                 activity.phase, activity.priority, objectives, sheets)  # fmt: skip
    return (
        Live(line.day.number, "count"),
        Live(line.day.date, "date"),
        _start(line),
        Live(session.minutes, "input"),
        Live(end, "clock"),
        _run(line),
        _check(sheet, line),
        *map(Live, words),
    )


def _start(line: _Line) -> Live:
    """When a session begins: typed for the first of a day, else when the one before it ends."""
    at = line.session.start / _DAY_MINUTES
    if line.first:
        return Live(at, "input clock")
    return Live(Formula(f"=E{line.row - 1}", at), "clock")


def _run(line: _Line) -> Live:
    if line.session.kind in _PAUSES:
        return Live(None)
    before = "" if line.first or line.run == line.session.minutes else f"F{line.row - 1}+"
    return Live(Formula(f"={before}D{line.row}", line.run), "number")


# ── checks: each as a formula, and what it says now ──────────────────────────────────


def _check(sheet: _Sheet, line: _Line) -> Live:
    row = line.row
    if line.session.kind == "lunch":
        outside = f"OR({_earlier(f'C{row}', _EARLIEST)},{_earlier(_LATEST, f'C{row}')})"
        text = f'=IF({outside},"{_outside()}","")'
    elif line.session.kind == "break":
        return Live(None)
    else:
        text = f'IF(F{row}>{_RUN},"{SIGN} "&F{row}&" min without a break","")'
        if (activity := line.session.activity) is not None:
            held = "+".join(f"D{each}" for each in sheet.rows_of[activity.id])
            least = activity.minutes.min
            text = f'IF({held}<{least},"{_too_short(least)}",{text})'
        text = f"={text}"
    return Live(Formula(text, _fault(sheet, line)), "check")


def _earlier(one: str, other: str) -> str:
    """Whether one clock time is before another, in whole minutes: shares of a day are inexact."""
    return f"ROUND({one}*{_DAY_MINUTES},0)<ROUND({other}*{_DAY_MINUTES},0)"


def _fault(sheet: _Sheet, line: _Line) -> str:
    """What the check of a session says about the agenda as it was planned."""
    session, limits = line.session, sheet.curriculum.program.day
    if session.kind == "lunch":
        inside = limits.lunch.earliest <= session.start <= limits.lunch.latest
        return "" if inside else _outside()
    if session.kind == "break":
        return ""
    if session.activity:
        least = session.activity.minutes.min
        if sheet.given[session.activity.id] < least:
            return _too_short(least)
    return f"{SIGN} {line.run} min without a break" if line.run > limits.longest_run else ""


def _outside() -> str:
    return f"{SIGN} lunch outside its window"


def _too_short(least: int) -> str:
    return f"{SIGN} it needs at least {least} min"


# ── totals ───────────────────────────────────────────────────────────────────────────


def _totals(sheet: _Sheet) -> tuple[LiveSheet, int]:
    """The second sheet, and its row that says how the whole differs from the plan."""
    agenda = sheet.agenda
    rows = [(Live("Limits and sums", "title"),), (), _head("", "Limit", "", "", "Value")]
    rows += [*_limits(sheet.curriculum.program.day), ()]
    rows += [_head("Day", "Date", "Start", "End", "Paid", "Contact", *_COMPARED)]
    rows += [_day(sheet, row, day) for row, day in enumerate(agenda.days, _DAYS)]
    whole = len(rows) + 1
    rows += [_all_days(sheet, whole), *_beside(agenda)]
    phases = {name: ("", minutes) for name, minutes in agenda.by_phase().items()}
    others: dict[str, tuple[str, int]] = {kind: ("", agenda.total(kind)) for kind in _OTHERS}
    rows += _section(len(rows), "Phase", sheet, "M", phases)
    rows += _section(len(rows), "Module", sheet, "I", _modules(sheet))
    rows += _section(len(rows), "Other", sheet, "H", others)
    widths = (12, 44, 8, 8, 9, 9, 9, 11, 34)
    fault = Mark(f"A{_DAYS}:I{len(rows)}", f'=LEFT($I{_DAYS},1)="{SIGN}"', "fault")
    return LiveSheet("Totals", widths, tuple(rows), whole=("E4",), marks=(fault,)), whole


def _head(*headings: str) -> tuple[Live, ...]:
    return tuple(Live(heading, "head") for heading in headings)


def _section(
    above: int, name: str, sheet: _Sheet, column: str, parts: Mapping[str, tuple[str, int]]
) -> Iterator[tuple[Live, ...]]:
    """Sums by what a column of the agenda says; `above` rows stand there already."""
    yield ()
    yield _head(name, "", "", "", "Minutes", "", *_COMPARED)
    for row, (key, (title, planned)) in enumerate(parts.items(), above + 3):
        text = f"=SUMIFS({sheet.range('D')},{sheet.range(column)},A{row})"
        words = (Live(key), Live(title), Live(None), Live(None))
        given = Live(Formula(text, planned), "number")
        yield (*words, given, Live(None), *_compared(row, planned))


def _limits(day: WorkingDay) -> Iterator[tuple[Live, ...]]:
    limits: tuple[tuple[str, float, Look], ...] = (
        ("Longest run without a break, in minutes", day.longest_run, "input"),
        ("Lunch begins no earlier than", day.lunch.earliest / _DAY_MINUTES, "input clock"),
        ("Lunch begins no later than", day.lunch.latest / _DAY_MINUTES, "input clock"),
    )
    for name, value, look in limits:
        yield (Live(None), Live(name), Live(None), Live(None), Live(value, look))


def _day(sheet: _Sheet, row: int, day: AgendaDay) -> tuple[Live, ...]:
    own = [line.row for line in sheet.lines if line.day is day]
    kinds = sheet.range("H")
    paid = f'{sheet.range("D")},{sheet.range("A")},A{row},{kinds},"<>lunch"'
    contact = day.paid - sum(s.minutes for s in day.sessions if s.kind == "break")
    return (
        Live(day.number, "count"),
        Live(day.date, "date"),
        Live(Formula(f"=Agenda!C{own[0]}", day.start / _DAY_MINUTES), "clock"),
        Live(Formula(f"=Agenda!E{own[-1]}", day.end / _DAY_MINUTES), "clock"),
        Live(Formula(f"=SUMIFS({paid})", day.paid), "number"),
        Live(Formula(f'=SUMIFS({paid},{kinds},"<>break")', contact), "number"),
        *_compared(row, day.paid),
    )


def _all_days(sheet: _Sheet, row: int) -> tuple[Live, ...]:
    def summed(column: str, value: int) -> Live:
        return Live(Formula(f"=SUM({column}{_DAYS}:{column}{row - 1})", value), "number")

    agenda = sheet.agenda
    sums = (summed("E", agenda.paid), summed("F", agenda.contact))
    cells = (Live("All days"), *(Live(""),) * 3, *sums, *_compared(row, agenda.paid))
    return tuple(replace(cell, look="head") for cell in cells)


def _compared(row: int, planned: int) -> tuple[Live, ...]:
    """What was planned, the difference in minutes, and what that means in words."""
    more = f'"{SIGN} "&H{row}&" minutes more than planned"'
    less = f'"{SIGN} "&ABS(H{row})&" minutes less than planned"'
    said = f'=IF(H{row}=0,"{_AS_PLANNED}",IF(H{row}>0,{more},{less}))'
    return (
        Live(planned, "number"),
        Live(Formula(f"=E{row}-G{row}", 0), "number"),
        Live(Formula(said, _AS_PLANNED), "check"),
    )


def _beside(agenda: Agenda) -> Iterator[tuple[Live, ...]]:
    """Paid minutes that stand in no day, and hours that nothing fills."""
    for name, minutes in (
        ("Pre-work, paid beside the hours", agenda.prework),
        ("Hours that stay unused", agenda.unused),
    ):
        yield (Live(None), Live(name), *(Live(None),) * 4, Live(minutes, "number"))


def _modules(sheet: _Sheet) -> Mapping[str, tuple[str, int]]:
    """The title and the minutes of each module that is held."""
    found = {
        module.id: (module.title, sum(sheet.given.get(a.id, 0) for a in module.activities))
        for module in sheet.curriculum.modules.values()
    }
    return {name: each for name, each in found.items() if each[1]}
