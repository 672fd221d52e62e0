"""The curve of hours: what so many hours give, drawn as two lines, with the words that tell it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import floor

from csstrain.agenda import Agenda, CurvePoint, hours_text
from csstrain.templating import number_text

# The drawing, in points: as wide as the text of a page.
_WIDTH, _HEIGHT = 520.0, 232.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 34.0, 506.0, 50.0, 190.0
_STEPS = (1, 2, 4, 5, 8, 10, 20, 40, 50, 100)


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the grid: where it stands, and what it is labeled with."""

    at: float
    label: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Hours that are marked above the lines: the words, where they stand, how they are aligned."""

    x: float
    y: float
    words: str
    anchor: str
    planned: bool = False


@dataclass(frozen=True, slots=True)
class Curve:
    """Two lines as SVG paths, with their points, the grid, the marks and the numbers.

    `title` says in a sentence what the picture shows: paper has no other place for it.
    """

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    coverage: str
    value: str
    coverage_dots: tuple[tuple[float, float], ...]
    value_dots: tuple[tuple[float, float], ...]
    hours: tuple[Tick, ...]
    percents: tuple[Tick, ...]
    marks: tuple[Mark, ...]
    points: tuple[CurvePoint, ...]
    title: str
    description: str


def curve(points: Sequence[CurvePoint], agenda: Agenda) -> Curve | None:
    """The curve with the planned, the smallest and the full hours marked; None without points."""
    if not points:
        return None
    ordered = tuple(sorted(points, key=lambda p: p.hours))
    across, hours = _across(ordered, agenda)
    up, percents = _up(ordered)
    covered = tuple((across(p.hours), up(p.coverage)) for p in ordered)
    worth = tuple((across(p.hours), up(p.value)) for p in ordered)
    return Curve(
        width=_WIDTH,
        height=_HEIGHT,
        left=_LEFT,
        right=_RIGHT,
        top=_TOP,
        bottom=_BOTTOM,
        coverage=_path(covered),
        value=_path(worth),
        coverage_dots=covered,
        value_dots=worth,
        hours=hours,
        percents=percents,
        marks=tuple(_marks(agenda, across)),
        points=ordered,
        title=_title(ordered),
        description=_description(ordered, agenda),
    )


def _across(
    points: tuple[CurvePoint, ...], agenda: Agenda
) -> tuple[Callable[[Decimal], float], tuple[Tick, ...]]:
    """How hours become places across, and the labeled lines of the grid."""
    named = [hours for hours, _ in _named(agenda)]
    low = min([points[0].hours, *named])
    high = max([points[-1].hours, *named])
    step = next((s for s in _STEPS if (high - low) / s <= 10), _STEPS[-1])
    first = floor(low / step) * step
    last = max(-(floor(-high / step)) * step, first + step)

    def across(hours: Decimal) -> float:
        return round(_LEFT + float((hours - first) / (last - first)) * (_RIGHT - _LEFT), 2)

    ticks = tuple(Tick(across(Decimal(n)), str(n)) for n in range(first, last + 1, step))
    return across, ticks


def _up(points: tuple[CurvePoint, ...]) -> tuple[Callable[[float], float], tuple[Tick, ...]]:
    """How shares become heights, from a whole ten percent below the lowest up to all."""
    lowest = min(min(p.coverage, p.value) for p in points)
    first = min(max(0, floor(lowest * 10) * 10), 90)

    def up(share: float) -> float:
        part = (min(share, 1.0) * 100 - first) / (100 - first)
        return round(_BOTTOM - part * (_BOTTOM - _TOP), 2)

    step = 20 if first < 40 else 10 if first < 80 else 5
    ticks = tuple(Tick(up(n / 100), f"{n} %") for n in range(100, first - 1, -step))
    return up, ticks


def _path(dots: tuple[tuple[float, float], ...]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in dots)


def _named(agenda: Agenda) -> Iterator[tuple[Decimal, str]]:
    """The hours that a reader looks for, in their order of importance."""
    bounds = agenda.bounds
    yield agenda.hours, "planned"
    if bounds.minimum_hours is not None:
        yield bounds.minimum_hours, "smallest that work"
    if bounds.full_hours:
        yield bounds.full_hours, "all as planned adds up to"


def _marks(agenda: Agenda, across: Callable[[Decimal], float]) -> Iterator[Mark]:
    # Each has a row of its own above the lines, so that near ones never write over each other.
    for row, (hours, words) in enumerate(_named(agenda)):
        x = across(hours)
        side = x < (_LEFT + _RIGHT) / 2
        yield Mark(
            x=x,
            y=_TOP - 10 - row * 11,
            words=f"{words}: {hours_text(hours)}",
            anchor="start" if side else "end",
            planned=words == "planned",
        )


def percent(share: float) -> Decimal:
    """A share in percent, cut to a tenth: what is not quite whole never reads as whole.

    >>> percent(0.9996), percent(1.0), percent(0.57)
    (Decimal('99.9'), Decimal('100.0'), Decimal('57.0'))
    """
    return (Decimal(floor(round(share * 1000, 6))) / 10).quantize(Decimal("0.1"))


def _said(share: float) -> str:
    return number_text(percent(share))


def _title(points: tuple[CurvePoint, ...]) -> str:
    first, last = points[0], points[-1]
    return (
        f"Weighted coverage rises from {_said(first.coverage)} percent at "
        f"{hours_text(first.hours)} to {_said(last.coverage)} percent at "
        f"{hours_text(last.hours)}, training value from {_said(first.value)} to "
        f"{_said(last.value)} percent. The table below has the same numbers."
    )


def _description(points: tuple[CurvePoint, ...], agenda: Agenda) -> str:
    named = ", ".join(f"{words} {number_text(hours)}" for hours, words in _named(agenda))
    each = "; ".join(
        f"{hours_text(p.hours)}: {_said(p.coverage)} percent covered, "
        f"{_said(p.value)} percent of the value"
        for p in points
    )
    return f"Hours marked: {named}. {each}."
