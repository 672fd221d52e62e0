"""The agenda: the week at a glance, the running clock, what was left out, the call sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from csstrain.agenda import AgendaDay, LeftOut, Session
from csstrain.check import RULES, thresholds
from csstrain.coverage import lost
from csstrain.curriculum import Curriculum
from csstrain.model import Instrument, Module, clock_text
from csstrain.numbering import Numbering, instrument_labels, instruments_used
from csstrain.outputs import call_sheet
from csstrain.outputs.curve import curve, percent
from csstrain.render import Book, Compiled, Page, Section, output
from csstrain.sentences import bounds_text, instead_text, more_text, proof_text, sentence

TITLE = "Agenda"


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
class DayHead:
    """The head of a day's column: where its middle is, its name, and its date where it has one."""

    x: float
    name: str
    date: str


@dataclass(frozen=True)
class Week:
    """Up to five days drawn to scale, with the hours down the side.

    `right` is where the last day ends.
    """

    number: int
    days: tuple[DayHead, ...]
    hours: tuple[tuple[float, str], ...]
    cells: tuple[Cell, ...]
    width: float
    height: float
    right: float


# The picture of a week, in points: as wide and high as the first page of the chapter allows.
_WIDTH, _SIDE, _HEAD, _HEIGHT = 520.0, 32.0, 24.0, 556.0
_LINE, _SIZE, _READABLE, _LEAST_SIZE = 8.2, 7.0, 5.2, 4.6
_TALLEST = 2.0  # points for a minute: a program of two hours need not fill the page
# How wide letters of our typeface are, as a part of their size.
_NARROW, _USUAL, _CAPITAL, _WIDE = 0.36, 0.57, 0.68, 0.9


def weeks(compiled: Compiled) -> tuple[Week, ...]:
    """The days of the agenda as pictures of five days each."""
    days = compiled.agenda.days
    groups = [days[n : n + 5] for n in range(0, len(days), 5)]
    return tuple(_week(compiled, number, group) for number, group in enumerate(groups, 1))


def _week(compiled: Compiled, number: int, days: tuple[AgendaDay, ...]) -> Week:
    first = min(day.start for day in days) // 30 * 30
    last = -(-max(day.end for day in days) // 30) * 30
    minute = min(_TALLEST, _HEIGHT / (last - first))
    column = (_WIDTH - _SIDE) / max(len(days), 3)
    cells = [
        _cell(compiled, session, _SIDE + place * column, column, first, minute)
        for place, day in enumerate(days)
        for session in day.sessions
    ]
    heads = tuple(
        DayHead(_SIDE + (n + 0.5) * column, f"Day {day.number}", date_text(day))
        for n, day in enumerate(days)
    )
    hours = tuple(
        (round(_HEAD + (each - first) * minute, 2), clock_text(each))
        for each in range(-(-first // 60) * 60, last + 1, 60)
    )
    height = round(_HEAD + (last - first) * minute + 4, 2)
    right = round(_SIDE + len(days) * column, 2)
    return Week(number, heads, hours, tuple(cells), _WIDTH, height, right)


def date_text(day: AgendaDay) -> str:
    """The date of a day with its weekday; empty where the agenda is not dated."""
    return f"{day.date:%a} {day.date.isoformat()}" if day.date else ""


def _cell(
    compiled: Compiled, session: Session, x: float, column: float, first: int, minute: float
) -> Cell:
    height = session.minutes * minute - 0.8
    title, beside, number = session.title.partition(":")[0], 7.0, ""
    if session.activity:
        number = Numbering(compiled.curriculum).activities[session.activity.id]
        part = f" ({session.part} of {session.parts})" if session.parts > 1 else ""
        title, beside = f"{number} {session.title}{part}", 17.0  # room for the letter of its phase
    rows = int((height + 0.6) // _LINE)
    size = _SIZE if rows else round(max(_LEAST_SIZE, min(_SIZE, height * 1.05)), 2)
    if number and size < _READABLE:
        # Digits have no descenders, so a number is still printed large enough to be read.
        title, size = number, _READABLE
    top = round(_HEAD + (session.start - first) * minute, 2)
    thin = height * (0.92 if title == number else 0.86)
    return Cell(
        x=round(x + 1, 2),
        y=top,
        width=round(column - 2, 2),
        height=round(height, 2),
        kind=session.kind if session.kind != "activity" else str(session.phase),
        lines=_wrap(title, (column - 2 - beside) / size, max(rows, 1)),
        first=round(top + (thin if size < _SIZE else min(7.4, height - 1.9)), 2),
        letters=size,
    )


def _wrap(text: str, width: float, lines: int) -> tuple[str, ...]:
    """Words in at most so many lines, `width` letters' size wide; what does not fit is cut."""
    made: list[str] = [""]
    for word in text.split():
        longer = f"{made[-1]} {word}".strip()
        if _wide(longer) <= width:
            made[-1] = longer
        elif len(made) < lines and made[-1]:
            made.append(_cut(word, width))
        else:
            made[-1] = _cut(longer, width)
            break
    return tuple(made)


def _cut(text: str, width: float) -> str:
    if _wide(text) <= width:
        return text
    while text and _wide(text) + _WIDE > width:
        text = text[:-1]
    return text.rstrip(" ,.;:") + "…"


def _wide(text: str) -> float:
    """About how wide a text is, as a multiple of its size; for our typeface seldom too little."""
    return sum(map(_letter, text))


def _letter(letter: str) -> float:
    if letter in " .,;:!'’|iljtfrI()[]-":
        return _NARROW
    if letter in "mwMW%—…" or letter > "ÿ":
        return _WIDE
    return _CAPITAL if letter.isupper() else _USUAL


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


def left_out(compiled: Compiled) -> tuple[tuple[Module, tuple[LeftOut, ...]], ...]:
    """What the hours leave out, module by module."""
    found: dict[str, list[LeftOut]] = {}
    for each in compiled.agenda.left_out:
        found.setdefault(each.module, []).append(each)
    return tuple((compiled.curriculum.modules[m], tuple(cut)) for m, cut in found.items())


def weight_bounds(curriculum: Curriculum) -> Mapping[str, Decimal]:
    """Between which ratios of time to weight nothing is flagged: `least` and `most`."""
    return thresholds(RULES["time-off-weight"], curriculum)


def _hours(compiled: Compiled) -> dict[str, object]:
    """What the part about the hours sees: what they give, lose, and what others would."""
    curriculum, agenda = compiled.curriculum, compiled.agenda
    fallen = lost(curriculum, compiled.coverage, agenda) if agenda.feasible else {}
    return {
        "proof": proof_text(agenda.proof),
        "hours_that_work": bounds_text(agenda),
        "more": more_text(agenda, Numbering(curriculum).activities),
        "lost": tuple((curriculum.ksas[name], stages) for name, stages in fallen.items()),
        "left_out": left_out(compiled),
        "instead": instead_text,
        "sentence": sentence,
        "curve": curve(compiled.curve, agenda),
        "percent": percent,
        "weights": compiled.weights if agenda.feasible else (),
        "bounds": weight_bounds(curriculum),
        "held": len(agenda.given()),
    }


def sections(compiled: Compiled, label: str) -> tuple[Section, ...]:
    """The agenda and the call sheets as chapters: the same in the binder and by themselves."""
    values = {
        **_hours(compiled),
        "curriculum": compiled.curriculum,
        "agenda": compiled.agenda,
        "date": date_text,
        "weeks": weeks(compiled),
        "numbers": Numbering(compiled.curriculum),
        "recalls": tuple(recalls(compiled)),
        "daily": daily(compiled),
        "labels": instrument_labels(compiled.curriculum, compiled.agenda),
    }
    chapter = Section(label, TITLE, "agenda.html", values)
    return (chapter, *call_sheet.sections(compiled, practice=True))


def title(compiled: Compiled) -> str:
    """The title of the agenda as a document of its own."""
    return f"{compiled.curriculum.program.title}: agenda"


def book(compiled: Compiled) -> Book:
    """The agenda as a document of its own."""
    return Book("trainer/agenda.pdf", title(compiled), sections(compiled, "2"))


@output
def agenda(compiled: Compiled) -> Iterator[Page | Book]:
    """The agenda by itself, as pages and as a document."""
    printed = book(compiled)
    chapter, *calls = printed.sections
    yield Page("trainer/agenda.html", TITLE, (chapter,), rank=2)
    for each in calls:
        yield Page("trainer/call-sheets.html", each.title, (each,), rank=3)
    yield printed
