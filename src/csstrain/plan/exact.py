"""Placing without leaving anything out: every order and every length of run, for small programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from csstrain.plan.chains import Chains, Vector
from csstrain.plan.days import Calendar, DayShape, SlackRange
from csstrain.plan.pieces import Piece
from csstrain.plan.place import Found, Slot

STAGES = 400  # ways in which some of the pieces can lie behind: with more this is not tried


class _Filling(NamedTuple):
    """What a run may hold: what lies behind afterwards, and the least and most minutes of it."""

    vector: Vector
    least: int
    most: int


# For each number of minutes of slack that could not be avoided, the minutes of the day at which
# a pause can be, as the bits of a number.
_Places = dict[int, int]
_Layer = dict[Vector, _Places]


def place_exactly(work: Chains, calendar: Calendar, slack: SlackRange) -> Found:
    """The pieces of all chains on the runs of a calendar, or None where that cannot be.

    All ways are followed side by side, from run to run: how much lies behind, at which minute of
    the day, with how much slack that nothing could fill. `complete` is false, and nothing is
    looked for, where too many ways lead through the chains.
    """
    fillings = _fillings(work, max(shape.day.longest_run for shape in calendar))
    if fillings is None:
        return Found(None, False)
    least = sum(p.least for p in work.all())
    if least + slack.least > sum(shape.usable for shape in calendar):
        return Found(None, True)
    layers: list[_Layer] = [{tuple(0 for _ in work.end): {0: 1}}]
    for shape in calendar:
        for run in range(shape.runs):
            layers.append(_next(layers[-1], fillings, shape, run, slack))
        # The next day begins at its own first minute.
        layers[-1] = {vector: dict.fromkeys(places, 1) for vector, places in layers[-1].items()}
    if work.end not in layers[-1]:
        return Found(None, True)
    return Found(_slots(work, calendar, layers, fillings), True)


def _fillings(work: Chains, longest: int) -> Mapping[Vector, tuple[_Filling, ...]] | None:
    """What a run can hold from each stage on; None where there are too many stages."""
    start = tuple(0 for _ in work.end)
    found: dict[Vector, tuple[_Filling, ...]] = {}
    queue = [start]
    while queue:
        vector = queue.pop()
        if vector in found:
            continue
        if len(found) == STAGES:
            return None
        found[vector] = tuple(_reach(work, vector, longest))
        queue += [filling.vector for filling in found[vector]]
    return found


def _reach(work: Chains, start: Vector, longest: int) -> Iterator[_Filling]:
    seen = {start}
    queue = [_Filling(start, 0, 0)]
    while queue:
        at = queue.pop()
        for chain in _ready(work, at.vector):
            piece = work.pieces[chain][at.vector[chain]]
            vector = _stepped(at.vector, chain)
            if vector not in seen and at.least + piece.least <= longest:
                seen.add(vector)
                queue.append(_Filling(vector, at.least + piece.least, at.most + piece.most))
                yield queue[-1]


def _ready(work: Chains, vector: Vector) -> Iterator[int]:
    """The chains of which the next piece waits for nothing more."""
    for chain, behind in enumerate(vector):
        if behind < work.end[chain] and all(
            vector[other] >= count for other, count in work.waits[chain][behind]
        ):
            yield chain


def _stepped(vector: Vector, chain: int) -> Vector:
    return (*vector[:chain], vector[chain] + 1, *vector[chain + 1 :])


def _next(
    layer: _Layer,
    fillings: Mapping[Vector, tuple[_Filling, ...]],
    shape: DayShape,
    run: int,
    slack: SlackRange,
) -> _Layer:
    """Everything that can be reached one run later."""
    low, high = shape.windows[run + 1]
    window = ((1 << (high + 1)) - 1) >> low << low
    found: _Layer = {}
    for vector, places in layer.items():
        for filling in fillings[vector]:
            into = found.setdefault(filling.vector, {})
            for forced, at in places.items():
                for length, idle in _lengths(shape, run, filling):
                    moved = (at << length) & window
                    if moved and forced + idle <= slack.most:
                        into[forced + idle] = into.get(forced + idle, 0) | moved
    return {vector: places for vector, places in found.items() if places}


def _lengths(shape: DayShape, run: int, filling: _Filling) -> Iterator[tuple[int, int]]:
    """The lengths that a run may have with a filling, each with the slack that is left over."""
    extra = shape.overhead(run)
    least = max(shape.least_length(run), filling.least + extra)
    for length in range(least, shape.day.longest_run + 1):
        yield length, max(0, length - extra - filling.most)


def _slots(
    work: Chains,
    calendar: Calendar,
    layers: list[_Layer],
    fillings: Mapping[Vector, tuple[_Filling, ...]],
) -> tuple[Slot, ...]:
    """One of the ways, read from its end."""
    slots: list[Slot] = []
    vector, forced = work.end, min(layers[-1][work.end])
    number = len(layers) - 1
    for day in reversed(range(len(calendar))):
        shape = calendar[day]
        end = shape.content
        for run in reversed(range(shape.runs)):
            number -= 1
            before, start, forced = _step(layers[number], fillings, shape, run, vector, end, forced)
            usable = shape.usable_of(run, end - start)
            held = tuple(_ordered(work, before, vector))
            slots.append(Slot(day, run, end - start, usable, held))
            vector, end = before, start
    return tuple(reversed(slots))


def _step(
    layer: _Layer,
    fillings: Mapping[Vector, tuple[_Filling, ...]],
    shape: DayShape,
    run: int,
    vector: Vector,
    end: int,
    forced: int,
) -> tuple[Vector, int, int]:
    """Where a run may have begun that ends here: what lay behind, the minute, the slack."""
    for before, places in sorted(layer.items()):
        for filling in fillings[before]:
            for length, idle in _lengths(shape, run, filling) if filling.vector == vector else ():
                if length <= end and places.get(forced - idle, 0) >> (end - length) & 1:
                    return before, end - length, forced - idle
    raise AssertionError("a way that was found cannot be read back")


def _ordered(work: Chains, before: Vector, after: Vector) -> Iterator[Piece]:
    """The pieces of a run, each when it waits for nothing more."""
    vector = before
    while vector != after:
        chain = next(c for c in _ready(work, vector) if vector[c] < after[c])
        yield work.pieces[chain][vector[chain]]
        vector = _stepped(vector, chain)
