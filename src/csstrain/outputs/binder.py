"""The trainer binder: a book to teach from, and the trainer's folder as pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from csstrain.agenda import AgendaDay, Session
from csstrain.marks import marks
from csstrain.numbering import Numbering, Sheet, instrument_labels, uses
from csstrain.outputs import agenda, module_guides
from csstrain.outputs.module_guides import Guide, guides
from csstrain.render import Book, Compiled, Page, Section, output


@dataclass(frozen=True)
class HalfDay:
    """One half of a day, for the sign-in sheet: before or after lunch."""

    title: str
    start: int
    end: int


@dataclass(frozen=True)
class PrintLine:
    """One line of the print list: a sheet and how many copies it needs."""

    sheet: Sheet
    copies: int
    modules: tuple[str, ...]
    uses: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One line of the contents: a chapter, and the chapter of its sheets where it has one."""

    label: str
    title: str
    sheets: str | None = None


@dataclass(frozen=True)
class Due:
    """What modules ask for by a day: so many days before the training, or at their own time."""

    days: int | None
    tasks: tuple[tuple[str, str], ...]


def half_days(days: tuple[AgendaDay, ...]) -> tuple[HalfDay, ...]:
    """Every half-day of the agenda."""
    return tuple(half for day in days for half in _halves(day))


def _halves(day: AgendaDay) -> Iterator[HalfDay]:
    lunch = next((s for s in day.sessions if s.kind == "lunch"), None)
    name = f"Day {day.number}" + (f", {day.date.isoformat()}" if day.date else "")
    if not lunch:
        yield HalfDay(name, day.start, day.end)
        return
    yield HalfDay(f"{name}, before lunch", day.start, lunch.start)
    yield HalfDay(f"{name}, after lunch", lunch.end, day.end)


def print_list(every: tuple[Guide, ...], compiled: Compiled) -> tuple[PrintLine, ...]:
    """What has to be printed or brought, each sheet once, with the modules that use it."""
    users: dict[str, list[str]] = {}
    sheets: dict[str, Sheet] = {}
    for each in every:
        for sheet in (*each.sheets, *each.elsewhere):
            sheets[sheet.material.id] = sheet
            users.setdefault(sheet.material.id, []).append(each.number)
    used = uses(compiled.curriculum, compiled.agenda)
    return tuple(
        PrintLine(
            sheet, module_guides.needed(compiled, sheet.material), tuple(users[name]), used[name]
        )
        for name, sheet in sheets.items()
    )


def contents(chapters: tuple[Section, ...]) -> tuple[Entry, ...]:
    """The chapters of a binder; the sheets of a module stand in the line of its guide."""
    labels = {chapter.label for chapter in chapters}
    guides_of = {label.replace("M", "S", 1) for label in labels if label.startswith("M")}
    return tuple(
        Entry(
            c.label,
            c.title,
            sheets if (sheets := c.label.replace("M", "S", 1)) in labels - {c.label} else None,
        )
        for c in chapters
        if c.label not in guides_of
    )


_WORDS = ("one", "two", "three", "four", "five", "six", "seven")
_NUMBERS = {word: number for number, word in enumerate(_WORDS, 1)}
_NUMBERS |= {"ten": 10, "fourteen": 14, "thirty": 30}
_DUE = re.compile(
    r"(?:(\w+) (day|week)s? before|(on the day))[:,] *(.+)", re.IGNORECASE | re.DOTALL
)
_DATES = (30, 7, 1, 0)


def due(line: str) -> tuple[int | None, str]:
    """By how many days before the training something is asked for, if it says so, and what.

    The date is the last of the four of the checklist that is still early enough.

    >>> due("Seven days before: cards cut."), due("Two weeks before, rooms booked.")
    ((7, 'Cards cut.'), (30, 'Two weeks before, rooms booked.'))
    >>> due("Cut the cards.")
    (None, 'Cut the cards.')
    """
    found = _DUE.match(line)
    if not found:
        return None, line
    number, unit, _, what = found.groups()
    word = (number or "").lower()
    days = int(word) if word.isdecimal() else _NUMBERS.get(word, 0)
    if unit and not days:
        return None, line
    days *= 7 if unit and unit.lower() == "week" else 1
    date = min((each for each in _DATES if each >= days), default=_DATES[0])
    return date, f"{what[0].upper()}{what[1:]}" if date == days else line


def checklist(every: tuple[Guide, ...]) -> tuple[Due, ...]:
    """What the modules ask for, by date, each with the number of its module."""
    asked = [(each.number, *due(line)) for each in every for line in each.module.preparation]
    return tuple(
        Due(date, tuple((number, what) for number, day, what in asked if day == date))
        for date in (*_DATES, None)
    )


def rotations(compiled: Compiled) -> tuple[tuple[AgendaDay, Session], ...]:
    """The sessions in which groups change through stations."""
    return tuple(
        (day, session)
        for day in compiled.agenda.days
        for session in day.sessions
        if session.rotation
    )


def _values(compiled: Compiled, every: tuple[Guide, ...]) -> dict[str, object]:
    """What the templates of the chapters around the modules see."""
    curriculum = compiled.curriculum
    return {
        "curriculum": curriculum,
        "program": curriculum.program,
        "agenda": compiled.agenda,
        "guides": every,
        "numbers": Numbering(curriculum),
        "marks": marks(),
        "half_days": half_days(compiled.agenda.days),
        "print_list": print_list(every, compiled),
        "checklist": checklist(every),
        "rotations": rotations(compiled),
        "daily": agenda.daily(compiled),
        "labels": instrument_labels(curriculum, compiled.agenda),
    }


@output
def binder(compiled: Compiled) -> Iterator[Page | Book]:
    """The binder, and the page that opens the trainer's folder."""
    every = guides(compiled)
    values = _values(compiled, every)
    program = Section("1", "The program", "program.html", values)
    schedule = agenda.sections(compiled, "2")
    preparation = Section("3", "Preparation", "preparation.html", values)
    chapters = tuple(s for each in every for s in module_guides.sections(compiled, each))
    signin = Section("4", "Sign-in sheets", "signin.html", values)
    ordered = (program, *schedule, preparation, *chapters, signin)
    cover = Section(
        "0",
        "Cover and contents",
        "cover.html",
        {**values, "contents": contents(ordered), "build": compiled.build},
    )
    title = f"{compiled.curriculum.program.title}: trainer binder"
    yield Book("trainer/binder.pdf", title, (cover, *ordered))
    yield Page("trainer/index.html", "Trainer binder", (cover,))
    yield Page("trainer/program.html", program.title, (program,), rank=1)
    yield Page("trainer/preparation.html", preparation.title, (preparation,), rank=4)
    yield Page("trainer/sign-in.html", signin.title, (signin,), rank=30)
