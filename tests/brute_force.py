"""Brute force: every agenda of a tiny curriculum, so that nothing better can hide.

Shares no code with the planner. Floors, pieces, values, days and terms are derived here again from
the content, in the plainest way; then all choices, all orders and all ways to cut an order into
runs are gone through. Only the last step is clever: how minutes are shared among the pieces of
runs is a flow from the pieces through their runs to the day, in which taking the most valuable
minute that still fits, again and again, is exact.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import accumulate, chain, combinations, product
from math import ceil, floor
from typing import NamedTuple

from csstrain.agenda import Basis
from csstrain.curriculum import Curriculum
from csstrain.model import WorkingDay
from tests.brute_pieces import Piece
from tests.brute_terms import Offer, Terms

QUARTER = 15
COVERED = 120  # minutes of its need that it is worth to bring a KSA through a stage
NOTHING = 1e-9  # values nearer than this are the same


class Best(NamedTuple):
    """The best of all agendas: the gates deferred, the minutes that it fills, what it is worth."""

    deferred: tuple[str, ...]
    minutes: int
    value: float


class BruteForce:
    """Everything that can be done with a curriculum, in hours of one basis."""

    def __init__(self, curriculum: Curriculum, basis: Basis) -> None:
        self.curriculum, self.basis = curriculum, basis
        self.offer = Offer(curriculum)
        self.deferrals = tuple(_deferrals(curriculum))
        self._count = sum(len(pieces) for pieces in self.offer.pieces.values())
        self._choices: dict[tuple[str, ...], tuple[Choice, ...]] = {}
        self._calendars: dict[int, tuple[_Calendar, ...]] = {}
        self._works: dict[tuple[tuple[str, ...], int], bool] = {}

    def best(self, minutes: int) -> Best | None:
        """The best agenda: as few gates deferred as can be, then as many minutes as can be."""
        for deferred in self.deferrals:
            for filled in range(minutes, 0, -QUARTER):
                if self.works(deferred, filled):
                    return Best(deferred, filled, self.value(deferred, filled))
        return None

    def smallest(self) -> int | None:
        """The least minutes in quarter hours that some agenda fills; None where none works."""
        # Every day has a run, and every run holds a piece.
        last = self.curriculum.program.day.paid * self._count
        return next(
            (
                minutes
                for minutes in range(QUARTER, last + QUARTER, QUARTER)
                if any(self.works(deferred, minutes) for deferred in self.deferrals)
            ),
            None,
        )

    def works(self, deferred: tuple[str, ...], minutes: int) -> bool:
        """Whether some agenda fills exactly so many minutes with these gates deferred."""
        key = (deferred, minutes)
        if key not in self._works:
            tried = product(self.choices(deferred), self._laid_out(minutes))
            self._works[key] = any(one.best(way, None) is not None for one, way in tried)
        return self._works[key]

    def value(self, deferred: tuple[str, ...], minutes: int) -> float:
        """The most that an agenda of exactly so many minutes is worth; below 0 if none is."""
        tried = [
            (one.bound(way), one, way)
            for one, way in product(self.choices(deferred), self._laid_out(minutes))
            if one.fits(way)
        ]
        most = -1.0
        for bound, one, way in sorted(tried, key=lambda each: -each[0]):
            if bound > most + NOTHING:
                found = one.best(way, bound)
                most = most if found is None else max(most, found)
        return most

    def choices(self, deferred: tuple[str, ...]) -> tuple[Choice, ...]:
        """All that may be held together with these gates deferred."""
        if deferred not in self._choices:
            sets = Terms(self.offer, frozenset(deferred)).all()
            self._choices[deferred] = tuple(Choice(self.offer, each) for each in sets)
        return self._choices[deferred]

    def _laid_out(self, minutes: int) -> tuple[_Calendar, ...]:
        if minutes not in self._calendars:
            day = self.curriculum.program.day
            found = _calendars(day, self.basis, minutes, self._count)
            self._calendars[minutes] = tuple(found)
        return self._calendars[minutes]


def _deferrals(curriculum: Curriculum) -> Iterator[tuple[str, ...]]:
    """The sets of gates that may be deferred together, the smallest first."""
    mastery = curriculum.program.mastery
    named = dict.fromkeys(d.objective for d in mastery.deferrals) if mastery else {}
    gates = [o for o in named if curriculum.objectives[o].gate]
    for count in range(len(gates) + 1):
        yield from combinations(gates, count)


# ── calendars: days and runs ─────────────────────────────────────────────────────────


class _Run(NamedTuple):
    """A stretch without a pause: the most minutes of pieces that it can hold.

    The first `free` of them are there anyway, as no run is shorter; minutes beyond come from
    `pools`, which the runs of a day, and those before and after its lunch, share.
    """

    most: int
    free: int
    pools: tuple[int, ...]


class _Day(NamedTuple):
    """A day: its paid minutes, what its runs can hold together, its runs and its pools."""

    paid: int
    usable: int
    runs: tuple[_Run, ...]
    pools: tuple[int, ...]


class _Calendar(NamedTuple):
    """Days as one row of runs; pieces fill all minutes that are not slack."""

    runs: tuple[_Run, ...]
    pools: tuple[int, ...]
    fewest: int
    most: int


def _calendars(day: WorkingDay, basis: Basis, minutes: int, most: int) -> Iterator[_Calendar]:
    """All ways to lay out so many minutes: full days, then at most one shorter day.

    What has more runs than there are pieces is left out.
    """
    rest_in = day.breaks.minutes if basis == "contact" else 0
    full = day.paid - day.breaks.count * rest_in
    if full <= 0:
        return
    whole, rest = divmod(minutes, full)
    if whole and 0 < rest < day.opening + day.closing + 30:
        return
    choices = [
        list(_days(day, day.paid, day.breaks.count, day.opening if number else 0))
        for number in range(whole)
    ]
    if rest:
        breaks = range(max(day.breaks.count, ceil(rest / day.longest_run)) + 1)
        paid = {count: rest + count * rest_in for count in breaks}
        opening = day.opening if whole else 0
        shorter = [_days(day, p, n, opening) for n, p in paid.items() if p < day.paid]
        choices.append(list(chain.from_iterable(shorter)))
    if sum(min((len(d.runs) for d in shapes), default=most + 1) for shapes in choices) <= most:
        for days in product(*choices):
            if sum(len(d.runs) for d in days) <= most:
                yield _joined(day, days)


def _joined(day: WorkingDay, days: Sequence[_Day]) -> _Calendar:
    """Days in a row, with the slack that belongs to their paid time."""
    paid = sum(d.paid for d in days)
    usable = sum(d.usable for d in days)
    least = ceil(paid * Fraction(day.slack.min) / 100)
    most = max(least, floor(paid * Fraction(day.slack.max) / 100))
    offsets = accumulate((len(d.pools) for d in days), initial=0)
    runs = [
        run._replace(pools=tuple(offset + n for n in run.pools))
        for offset, each in zip(offsets, days, strict=False)
        for run in each.runs
    ]
    pools = tuple(chain.from_iterable(d.pools for d in days))
    return _Calendar(tuple(runs), pools, usable - most, usable - least)


def _days(day: WorkingDay, paid: int, breaks: int, opening: int) -> Iterator[_Day]:
    """All ways to lay out a day with so many breaks: lunch stands after any of its runs."""
    content = paid - breaks * day.breaks.minutes
    meal = bool(day.lunch.minutes) and day.start <= day.lunch.latest
    meal = meal and (paid > 300 or day.start + paid > day.lunch.latest)
    count = breaks + 1 + meal
    if content < max(count, opening + day.closing):
        return
    taken = [0] * count  # by opening and closing
    taken[0] += opening
    taken[-1] += day.closing
    lows = [max(1, min(15, content // count), each) for each in taken]
    for before in range(1, count) if meal else [count]:
        away = day.start + (before - 1) * day.breaks.minutes
        first = max(0, day.lunch.earliest - away) if meal else content
        last = min(content, day.lunch.latest - away) if meal else content
        longest = day.longest_run
        first = max(first, sum(lows[:before]), content - longest * (count - before))
        last = min(last, longest * before, content - sum(lows[before:]))
        if first > last or max(lows) > longest:
            continue
        pools = (
            content - sum(lows),
            last - sum(lows[:before]),
            content - first - sum(lows[before:]),
        )
        runs = (
            _Run(longest - each, low - each, (0, 1 if n < before else 2))
            for n, (each, low) in enumerate(zip(taken, lows, strict=True))
        )
        yield _Day(paid, content - sum(taken), tuple(runs), pools)


# ── one choice on one calendar ───────────────────────────────────────────────────────


class Choice:
    """Activities that are held together, in every order and with every cut into runs."""

    def __init__(self, offer: Offer, chosen: frozenset[str]) -> None:
        self.offer = offer
        self.chosen = [n for n in offer.session if n in chosen]
        self.pieces = [p for n in self.chosen for p in offer.pieces[n]]
        self.most = sum(p.most for p in self.pieces)
        self.least = sum(p.least for p in self.pieces)
        brought = frozenset[tuple[str, str]]().union(*(offer.carries[n] for n in chosen))
        self.covered = sum(COVERED * offer.needs[ksa] for ksa, _ in sorted(brought))
        steps = [(s, m, at) for at, p in enumerate(self.pieces) for m, s in p.steps]
        self.steps = sorted(steps, key=lambda step: -step[0])

    def bound(self, calendar: _Calendar) -> float:
        """What it is worth at most, wherever the pieces stand."""
        worth, left = self.covered + sum(p.worth for p in self.pieces), calendar.most - self.least
        for slope, minutes, _ in self.steps:
            taken = max(0, min(minutes, left))
            worth += taken * slope
            left -= taken
        return worth

    def fits(self, calendar: _Calendar) -> bool:
        """Whether the sums of its minutes allow it."""
        return self.least <= calendar.most and calendar.fewest <= self.most

    def best(self, calendar: _Calendar, enough: float | None) -> float | None:
        """The most that it is worth on a calendar; None where it cannot fill it.

        The search ends when a value is `enough`; where that is None any value is.
        """
        if not self.fits(calendar):
            return None
        found: float | None = None
        for ideals in self.ideals:
            for cut in _cuts(self.pieces, ideals, calendar):
                worth = self._shared(cut, calendar)
                if worth is not None and (found is None or worth > found):
                    found = worth
                    if enough is None or found >= enough - NOTHING:
                        return found
        return found

    def _shared(self, cut: Sequence[int], calendar: _Calendar) -> float | None:
        """What the pieces are worth, in these runs, if they share the minutes as is best."""
        given = [0] * len(calendar.runs)
        for piece, number in zip(self.pieces, cut, strict=True):
            given[number] += piece.least
        pools = list(calendar.pools)
        for each, held in zip(calendar.runs, given, strict=True):
            for pool in each.pools:
                pools[pool] -= max(0, held - each.free)
        total, worth = self.least, self.covered + sum(p.worth for p in self.pieces)
        for slope, minutes, at in self.steps:
            number = cut[at]
            run = calendar.runs[number]
            there = max(0, run.free - given[number])
            room = there + min(pools[pool] for pool in run.pools)
            taken = min(minutes, room, run.most - given[number], calendar.most - total)
            given[number] += taken
            total += taken
            worth += taken * slope
            for pool in run.pools:
                pools[pool] -= max(0, taken - there)
        return worth if total >= calendar.fewest else None

    # ── orders ───────────────────────────────────────────────────────────────────────

    @cached_property
    def ideals(self) -> list[list[int]]:
        """The sets of pieces that may lie behind, as bits; once for each way to be in order."""
        return [_ideals(self._ahead(extra)) for extra in self._ways()]

    def _ways(self) -> Iterator[list[tuple[str, str]]]:
        """What must come before what besides: the pre-test first, one feedback at last."""
        offer = self.offer
        finals = [n for n in self.chosen if n in offer.finals]
        talks = [n for n in offer.feedback(finals) if n in self.chosen] if finals else []
        first: list[tuple[str, str]] = []
        if offer.pretest in self.chosen:
            others = (n for n in self.chosen if offer.session[n].phase != "admin")
            first = [(offer.pretest, n) for n in others if n != offer.pretest]
        for talk in talks or [""]:
            yield first + ([(final, talk) for final in finals] if talk else [])

    def _ahead(self, extra: Iterable[tuple[str, str]]) -> list[int]:
        """For each piece those that must lie behind before it, as bits."""
        pairs = set(extra)
        for one, two in product(self.chosen, self.chosen):
            if self.offer.before(one, two):
                pairs.add((one, two))
            if two in self.offer.finals and self.offer.prepares(one, two):
                pairs.add((one, two))
        start, bits = 0, dict[str, int]()
        for name in self.chosen:
            count = len(self.offer.pieces[name])
            bits[name] = ((1 << count) - 1) << start
            start += count
        ahead: list[int] = []
        for name in self.chosen:
            needed = 0
            for one, two in pairs:
                needed |= bits[one] if two == name else 0
            for part in range(len(self.offer.pieces[name])):
                own = bits[name] & ((1 << len(ahead)) - 1) if part else 0
                ahead.append(needed | own)
        return ahead


def _ideals(ahead: Sequence[int]) -> list[int]:
    """All sets of pieces that hold with each piece those that must lie ahead of it."""
    found = {0}
    edge = [0]
    while edge:
        behind = edge.pop()
        for piece, needed in enumerate(ahead):
            more = behind | 1 << piece
            if more != behind and needed & ~behind == 0 and more not in found:
                found.add(more)
                edge.append(more)
    return sorted(found, key=lambda behind: (behind.bit_count(), behind))


def _cuts(
    pieces: Sequence[Piece], ideals: Sequence[int], calendar: _Calendar
) -> Iterator[list[int]]:
    """Every way to put the pieces into the runs, none empty, as the run of each piece.

    The order inside a run changes nothing, so each set of pieces is tried once. What cannot
    hold its least minutes, or never reach the fewest, is left as soon as that is seen.
    """
    runs = calendar.runs
    everything = (1 << len(pieces)) - 1
    if ideals[-1] != everything or len(pieces) < len(runs):
        return
    cut = [0] * len(pieces)

    def further(number: int, behind: int, pools: Sequence[int], reach: int) -> Iterator[list[int]]:
        if number == len(runs):
            if behind == everything and reach >= calendar.fewest:
                yield list(cut)
            return
        run = runs[number]
        last = number == len(runs) - 1
        for ahead in (everything,) if last else ideals:
            if ahead == behind or behind & ~ahead:
                continue
            inside = [n for n in range(len(pieces)) if ahead >> n & 1 and not behind >> n & 1]
            least = sum(pieces[n].least for n in inside)
            over = max(0, least - run.free)
            if least > run.most or any(pools[p] < over for p in run.pools):
                continue
            most = sum(pieces[n].most for n in inside)
            lost = max(0, most - run.most)
            if reach - lost < calendar.fewest:
                continue
            for n in inside:
                cut[n] = number
            left = [p - over if n in run.pools else p for n, p in enumerate(pools)]
            yield from further(number + 1, ahead, left, reach - lost)

    yield from further(0, 0, calendar.pools, sum(p.most for p in pieces))
