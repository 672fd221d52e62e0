"""The trainer binder: a book to teach from, and the trainer's folder as pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from csstrain.agenda import AgendaDay, Session
from csstrain.marks import marks
from csstrain.numbering import Numbering, Sheet, instrument_labels
from csstrain.outputs import agenda, module_guides
from csstrain.outputs.module_guides import Guide, guides
from csstrain.render import Book, Compiled, Link, Page, Section, output


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
    return tuple(
        PrintLine(sheet, module_guides.needed(compiled, sheet.material), tuple(users[name]))
        for name, sheet in sheets.items()
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
    contents = tuple((s.label, s.title) for s in ordered)
    cover = Section(
        "0",
        "Cover and contents",
        "cover.html",
        {**values, "contents": contents, "build": compiled.build},
    )
    title = f"{compiled.curriculum.program.title}: trainer binder"
    yield Book("trainer/binder.pdf", title, (cover, *ordered))
    links = (
        Link("agenda.html", "Agenda"),
        *(Link(f"modules/{g.module.id}.html", f"{g.number} {g.module.title}") for g in every),
    )
    yield Page("trainer/index.html", title, (cover, program, preparation, signin), links)
