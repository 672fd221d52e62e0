"""The tail: the last modules, whose order nothing can change, and how late they can begin."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from csstrain.plan.days import Calendar, DayShape
from csstrain.plan.offer import Offer
from csstrain.plan.pieces import Piece


class Tail(NamedTuple):
    """Activities that follow each other at the end as they are listed, and what comes before.

    What is in the head is over when the tail begins, but for retrieval, of which each stretch is
    longer than half a run: `wander` is the least of those, 0 where there are none.
    """

    activities: frozenset[str]
    head: frozenset[str]
    wander: int


def tails(offer: Offer, usable: Collection[str]) -> tuple[Tail, ...]:
    """The last modules, as far as each requires all that come before it: the last, the last two …

    What retrieves earlier content may come later than its module and so stand within a tail; a
    module of final assessments comes after that too. Short retrieval is left out of the head:
    it may fill what the tail leaves of its runs.
    """
    order = offer.modules
    half = offer.curriculum.program.day.longest_run / 2
    found: list[Tail] = []
    for place in reversed(range(1, len(order))):
        if not set(order[:place]) <= offer.required[order[place]]:
            break
        inside = frozenset(n for n in usable if offer.module_of(n) in order[place:])
        head = frozenset(n for n in usable if n not in inside)
        # A final module comes after all retrieval of others; its own stands as it is listed.
        loose = offer.retrieval & inside
        if not offer.curriculum.modules[order[place]].final:
            loose |= offer.retrieval & head
        shortest = {n: min(p.least for p in offer.pieces[n]) for n in loose}
        short = {n for n, least in shortest.items() if least <= half}
        wander = min((least for n, least in shortest.items() if n not in short), default=0)
        found.append(Tail(inside - loose, (head | loose) - short, wander))
    return tuple(found)


def latest_start(
    pieces: Sequence[Piece], calendars: Sequence[Calendar], wander: int = 0
) -> int | None:
    """The most minutes of a calendar that the head can have beside a tail at its least.

    Minutes for activities and slack before the tail begins, and with `wander` what a run of the
    tail leaves if that holds so many minutes. None where the tail fits into no calendar. Slack
    may be anywhere; so the more pieces there are, the less is left.
    """
    found = [most for each in calendars if (most := _most_before(pieces, each, wander)) is not None]
    return max(found, default=None)


# For each number of pieces that lie before a pause, and minutes left to others in the runs since,
# the minutes of the day at which the pause can be, as the bits of a number.
_Places = dict[tuple[int, int], int]


def _most_before(pieces: Sequence[Piece], calendar: Calendar, wander: int) -> int | None:
    best: int | None = None
    gone = sum(shape.usable for shape in calendar)
    at: _Places = {(len(pieces), 0): 1 << calendar[-1].content}
    for day in reversed(range(len(calendar))):
        shape = calendar[day]
        gone -= shape.usable
        for run in reversed(range(shape.runs)):
            for start in _shared(pieces, shape, run, at):
                best = max(best or 0, gone + start)
            at = _earlier(pieces, shape, run, at, wander)
        if day:
            evening = 1 << calendar[day - 1].content
            at = dict.fromkeys(at, evening)
    return best


def _shared(pieces: Sequence[Piece], shape: DayShape, run: int, at: _Places) -> Iterator[int]:
    """Minutes of the day for others if the first pieces stand at the end of a run."""
    closing = shape.day.closing if run == shape.runs - 1 else 0
    low, high = shape.windows[run]
    for (before, left), places in at.items():
        length = sum(p.least for p in pieces[:before])
        least = max(shape.least_length(run), length + shape.overhead(run))
        # The run may begin where its window, its least and its longest length allow.
        window = _back(places, least, shape.day.longest_run) >> low << low
        ends = places & _after(window & ((1 << (high + 1)) - 1), least, shape.day.longest_run)
        if ends:
            end = ends.bit_length() - 1
            yield max(0, end - closing - shape.opening - length) + left


def _earlier(
    pieces: Sequence[Piece], shape: DayShape, run: int, at: _Places, wander: int
) -> _Places:
    """Where the pause before a run can be, whatever the run holds of the tail."""
    low, high = shape.windows[run]
    window = ((1 << (high + 1)) - 1) >> low << low
    longest = shape.day.longest_run
    found: _Places = {}

    def reach(first: int, left: int, places: int) -> None:
        if places & window:
            found[first, left] = found.get((first, left), 0) | places & window

    def with_others(first: int, left: int, places: int, length: int) -> None:
        """Others take what the tail leaves of a run, where that is enough for any of them.

        Where its length is open they are said to get the most that they could: that is simpler,
        and never too little.
        """
        least = max(shape.least_length(run), length + wander)
        if places and least <= longest:
            reached = _back(places, least, longest) & window
            most = _widest(places, reached, longest) - length if shape.fixed else longest - length
            reach(first, left + most, reached)

    for (before, left), places in at.items():
        length, first = shape.overhead(run), before
        # A run may hold nothing of the tail: so what more activities would allow is allowed too.
        reach(first, left, _back(places, max(shape.least_length(run), length), longest))
        if wander:
            with_others(first, left, places, length)
        while first:
            first -= 1
            length += pieces[first].least
            least = max(shape.least_length(run), length)
            if least > longest:
                break
            reach(first, left, _back(places, least, longest))
            if wander:
                with_others(first, left, places, length)
    return _most_left(found)


def _most_left(found: _Places) -> _Places:
    """Of ways to the same pause those that leave most to others."""
    seen: dict[int, int] = {}
    kept: _Places = {}
    for before, left in sorted(found, reverse=True):
        places = found[before, left] & ~seen.get(before, 0)
        if places:
            kept[before, left] = places
            seen[before] = seen.get(before, 0) | places
    return kept


def _back(places: int, least: int, most: int) -> int:
    """All places that lie between the least and the most minutes before some places."""
    if least > most:
        return 0
    count, width = most - least + 1, 1
    spread = places >> least
    while width < count:
        step = min(width, count - width)
        spread |= spread >> step
        width += step
    return spread


def _after(places: int, least: int, most: int) -> int:
    """All places that lie between the least and the most minutes after some places."""
    return 0 if least > most else _back(places << (least + most), least, most)


def _widest(ends: int, starts: int, most: int) -> int:
    """The length of a run between two fixed places."""
    return min(most, ends.bit_length() - starts.bit_length()) if starts else 0
