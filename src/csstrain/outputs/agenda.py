"""The agenda: the week at a glance, the running clock, what was left out, the call sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from csstrain.agenda import AgendaDay, Session
from csstrain.model import Instrument, Module, clock_text
from csstrain.numbering import Numbering, instrument_labels, instruments_used
from csstrain.render import Book, Compiled, Link, Page, Section, output

TITLE = "Agenda"
HOME = Link("index.html", "Program")


@dataclass(frozen=True)
class Cell:
    """A session in the picture of a week: its box in points, its words, how it is drawn.

    `first` is where its first line stands, and `letters` their size.
    """

    x: float
    y: float
    width: float
    height: float
    kind: str
    lines: tuple[str, ...]
    first: float
    letters: float


@dataclass(frozen=True)
class Week:
    """Up to five days drawn to scale, with the hours down the side."""

    number: int
    days: tuple[tuple[float, str], ...]
    hours: tuple[tuple[float, str], ...]
    cells: tuple[Cell, ...]
    width: float
    height: float


# The picture of a week, in points: as wide and high as the first page of the chapter allows.
_WIDTH, _SIDE, _HEAD, _HEIGHT = 520.0, 32.0, 18.0, 490.0
_LINE, _LETTER = 8.2, 3.7


def weeks(compiled: Compiled) -> tuple[Week, ...]:
    """The days of the agenda as pictures of five days each."""
    days = compiled.agenda.days
    groups = [days[n : n + 5] for n in range(0, len(days), 5)]
    return tuple(_week(compiled, number, group) for number, group in enumerate(groups, 1))


def _week(compiled: Compiled, number: int, days: tuple[AgendaDay, ...]) -> Week:
    first = min(day.start for day in days) // 30 * 30
    last = -(-max(day.end for day in days) // 30) * 30
    minute = min(1.2, _HEIGHT / (last - first))
    column = (_WIDTH - _SIDE) / max(len(days), 4)
    cells = [
        _cell(compiled, session, _SIDE + place * column, column, first, minute)
        for place, day in enumerate(days)
        for session in day.sessions
    ]
    names = tuple((_SIDE + (place + 0.5) * column, _day(day)) for place, day in enumerate(days))
    hours = tuple(
        (_HEAD + (each - first) * minute, clock_text(each))
        for each in range(-(-first // 60) * 60, last + 1, 60)
    )
    height = _HEAD + (last - first) * minute + 4
    return Week(number, names, hours, tuple(cells), _WIDTH, height)


def _day(day: AgendaDay) -> str:
    return f"Day {day.number}" + (f" · {day.date.isoformat()}" if day.date else "")


def _cell(
    compiled: Compiled, session: Session, x: float, column: float, first: int, minute: float
) -> Cell:
    height = session.minutes * minute - 0.8
    title, room, letters = session.title, int((height + 0.6) // _LINE), 7.0
    if session.activity:
        number = Numbering(compiled.curriculum).activities[session.activity.id]
        title = f"{number} {title}"
        if not room:  # too low for words, but a small number fits
            title, room, letters = number, 1, min(7.0, round(height * 1.3, 2))
    top = round(_HEAD + (session.start - first) * minute, 2)
    return Cell(
        x=round(x + 1, 2),
        y=top,
        width=round(column - 2, 2),
        height=round(height, 2),
        kind=session.kind if session.kind != "activity" else str(session.phase),
        lines=_wrap(title, column - 20, room),
        first=round(top + (7.6 if letters == 7.0 else height * 0.96), 2),
        letters=letters,
    )


def _wrap(text: str, width: float, lines: int) -> tuple[str, ...]:
    """Words in at most so many lines of so many points; what does not fit ends in an ellipsis."""
    room = int(width / _LETTER)
    made: list[str] = [""]
    for word in text.split():
        longer = f"{made[-1]} {word}".strip()
        if len(longer) <= room:
            made[-1] = longer
        elif len(made) < lines:
            made.append(word[:room])
        else:
            made[-1] = made[-1][: room - 1] + "…"
            break
    return tuple(made) if lines > 0 else ()


Modules = tuple[Module, ...]


def recalls(compiled: Compiled) -> Iterator[tuple[AgendaDay, Modules, Modules]]:
    """Each day but the first, with the modules of the day before: those new, those begun earlier.

    Modules without learning points are left out: there is nothing to ask.
    """
    modules = compiled.curriculum.modules
    seen: set[str] = set()
    for before, day in pairwise(compiled.agenda.days):
        names = [name for name in _modules(before) if modules[name].learning_points]
        new = tuple(modules[name] for name in names if name not in seen)
        yield day, new, tuple(modules[name] for name in names if name in seen)
        seen |= set(names)


def _modules(day: AgendaDay) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s.module for s in day.sessions if s.module))


def daily(compiled: Compiled) -> tuple[Instrument, ...]:
    """The forms that are filled in at the end of each day."""
    used = instruments_used(compiled.curriculum, compiled.agenda)
    return tuple(i for i in used if i.when == "daily" and i.type == "reaction-form")


def sections(compiled: Compiled, label: str) -> tuple[Section, ...]:
    """The agenda as one chapter: the same in the binder and by itself."""
    values = {
        "curriculum": compiled.curriculum,
        "agenda": compiled.agenda,
        "weeks": weeks(compiled),
        "numbers": Numbering(compiled.curriculum),
        "recalls": tuple(recalls(compiled)),
        "daily": daily(compiled),
        "labels": instrument_labels(compiled.curriculum, compiled.agenda),
    }
    return (Section(label, TITLE, "agenda.html", values),)


@output
def agenda(compiled: Compiled) -> Iterator[Page | Book]:
    """The agenda by itself, as a page and as a document."""
    made = sections(compiled, "2")
    title = f"{compiled.curriculum.program.title}: agenda"
    yield Page("trainer/agenda.html", title, made, (HOME,))
    yield Book("trainer/agenda.pdf", title, made)
