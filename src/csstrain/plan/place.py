"""Placing: the chosen activities, in an order that holds, onto runs that they fill exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

from csstrain.plan.chains import Chains, Vector
from csstrain.plan.choose import Aims
from csstrain.plan.comfort import SCALE, SPLIT_ACTIVITY, TALK_AFTER_LUNCH, UNEVEN_BREAK, Comfort
from csstrain.plan.days import Calendar, DayShape, SlackRange
from csstrain.plan.pieces import Piece

WIDTHS = (48,)  # partial plans kept at each pause
NODES = 2000  # steps taken at most to fill one run
FILLINGS = 60  # ways to fill a run that are kept, after a closer look at three times as many
ENDINGS = 8  # chains of which nothing is placed yet among which a run chooses
LONG = 50  # runs beyond which less is tried at each, in proportion, so that effort grows evenly
NARROW = 8  # partial plans that are kept at least
LEEWAY = 15  # minutes of slack that a part of the agenda may have beyond its share


class Slot(NamedTuple):
    """A run of a day with the pieces placed in it."""

    day: int
    run: int
    length: int
    usable: int
    pieces: tuple[Piece, ...]


class Drop(NamedTuple):
    """Activities, next to each other in a module, that may go together, and what that loses."""

    activities: tuple[str, ...]
    loss: float


@dataclass(frozen=True)
class Placing:
    """What is to be placed, where, and what it is worth.

    `loose` names, by the last of them, activities that may be dropped while placing.
    """

    work: Chains
    comfort: Comfort
    calendar: Calendar
    slack: SlackRange
    aims: Aims
    loose: Mapping[str, Drop]
    weight: int = 1

    @cached_property
    def points(self) -> float:
        """Points for each unit of value that is lost."""
        return self.weight * SCALE / max(self.aims.worth, 1.0)

    @cached_property
    def capacity(self) -> int:
        """Minutes for activities and slack in all days."""
        return sum(shape.usable for shape in self.calendar)

    @cached_property
    def firm(self) -> tuple[tuple[int, ...], ...]:
        """For each chain the least minutes of its first pieces, without those that may go."""
        loose = {name for drop in self.loose.values() for name in drop.activities}
        least = [[0 if p.activity.id in loose else p.least for p in c] for c in self.work.pieces]
        return tuple((0, *accumulate(chain)) for chain in least)

    @cached_property
    def most(self) -> tuple[tuple[int, ...], ...]:
        """For each chain the most minutes of its first pieces."""
        return tuple((0, *accumulate(p.most for p in chain)) for chain in self.work.pieces)

    def fits(self) -> bool:
        """Whether the sums allow it."""
        least, most = sum(c[-1] for c in self.firm), sum(c[-1] for c in self.most)
        return least + self.slack.least <= self.capacity <= most + self.slack.most


class Found(NamedTuple):
    """The runs that were filled, or None; whether every way was looked at; points of discomfort."""

    slots: tuple[Slot, ...] | None
    complete: bool
    discomfort: int = 0


def place(placing: Placing, widths: Iterable[int] = WIDTHS) -> Found:
    """The pieces of all chains on the runs of a calendar, or None where no way was found.

    A beam search, run after run, from the last day to the first: final assessments, with their
    long stretches in an order that nothing can change, are the hardest to fit and so come
    first. A partial plan is how many pieces of each chain lie before a pause and at what time of
    the day it is; for each the cheapest way there is kept, and of all at one pause the cheapest
    few. What a way costs is the value that it loses against the best sharing of the minutes, and
    the discomfort of its order and times. A run holds pieces whose least minutes fit and whose
    most minutes, with slack, fill it; so lengths come out exact later. Work is bounded by counts
    alone: at most runs × width × run lengths × fillings steps.
    """
    if not placing.fits():
        return Found(None, True)
    search = _Search(placing)
    for width in widths:
        found = search.run(width)
        if found or not search.cut:
            break
    # Several chains may share a run in more orders than those that are tried.
    fixed = all(shape.fixed for shape in placing.calendar) and len(placing.work.pieces) == 1
    return Found(found, not search.cut and fixed, search.discomfort)


class _State(NamedTuple):
    """The cheapest way known from a pause to the end of the agenda."""

    cost: int  # of value that is lost, and of discomfort
    discomfort: int
    slack: int  # minutes of slack that are set aside so far
    forced: int  # of these, what could not be avoided
    least: int  # least minutes of all that is placed, and the most
    most: int
    aim: int  # minutes that would suit it best
    first: int  # the chain of the next piece; -1 at the end
    dusk: Vector  # what lies before the end of the day
    parent: tuple[Vector, int] | None
    start: int
    dropped: tuple[str, ...]  # what the run from here on passes over


class _Filling(NamedTuple):
    """One way to fill a run: what lies before it, what it holds, what it costs."""

    vector: Vector
    least: int
    most: int
    aim: int
    discomfort: int
    first: int
    last: int
    dropped: tuple[str, ...] = ()
    lost: int = 0  # points for what its pieces lose where they have too few minutes
    more: tuple[tuple[float, int], ...] = ()  # what minutes beyond the aims cost, and how many
    price: float = 0.0  # what each minute costs that no piece can use
    left: tuple[int, int] = (0, 0)  # the least and most minutes of all that lies before
    held: tuple[tuple[int, int], ...] = ()  # the pieces, by their places in the chains

    def order(self) -> tuple[int, int, Vector]:
        """The cheapest first; of equals those that hold more."""
        return self.discomfort + self.lost, -self.aim, self.vector


_Key = tuple[Vector, int]
_Layer = dict[_Key, _State]
_Bars = tuple[int, list[list[tuple[int, int]]]]


class _Search:
    """One search; keeps what does not change from width to width."""

    def __init__(self, placing: Placing) -> None:
        self.placing, self.work, self.comfort = placing, placing.work, placing.comfort
        self.calendar, self.slack = placing.calendar, placing.slack
        self.loss = _Loss(placing)
        self.drops = [[self._drop(c, i) for i in range(len(chain))]
                      for c, chain in enumerate(self.work.pieces)]  # fmt: skip
        self.room = placing.capacity - self.slack.least
        self.fillings: dict[tuple[Vector, int, int], list[_Filling]] = {}
        self.ways: dict[tuple[Vector, int], list[_Filling]] = {}
        self.longest = max(shape.day.longest_run for shape in self.calendar)
        self.cut = False
        self.discomfort = 0
        runs = sum(shape.runs for shape in self.calendar)
        self.share = min(1.0, LONG / runs)

    def _drop(self, chain: int, index: int) -> tuple[int, int, tuple[str, ...]] | None:
        """Where dropping the last pieces before a place leads, what it costs, and what goes."""
        pieces = self.work.pieces[chain]
        drop = self.placing.loose.get(pieces[index].activity.id)
        if drop is None or (index + 1 < len(pieces) and pieces[index + 1].part):
            return None
        before = index + 1
        while before and pieces[before - 1].activity.id in drop.activities:
            before -= 1
        return before, round(drop.loss * self.placing.points), drop.activities

    def run(self, width: int) -> tuple[Slot, ...] | None:
        """Search with so many partial plans at each pause."""
        self.cut = False
        end = self.work.end
        layers: list[_Layer] = [
            {(end, self.calendar[-1].content): _State(0, 0, 0, 0, 0, 0, 0, -1, end, None, 0, ())}
        ]
        left = self.placing.capacity
        for number, shape in reversed(list(enumerate(self.calendar))):
            left -= shape.usable
            before = self.calendar[number - 1].content if number else 0
            last = 0 < number == len(self.calendar) - 1
            for run in reversed(range(shape.runs)):
                layer = self._previous(layers[-1], shape, run, left, last)
                if run == 0:
                    layer = {(vector, before): state for (vector, _), state in layer.items()}
                free = {n: left + max(0, n - shape.opening) for _, n in layer}
                if run == 0:
                    free = {before: left}
                kept = max(min(width, NARROW), round(width * self.share**2))
                layers.append(self._narrow(layer, kept, free))
                if not layers[-1]:
                    return None
        start = (tuple(0 for _ in end), 0)
        if start not in layers[-1]:
            return None
        self.discomfort = layers[-1][start].discomfort
        return self._slots(layers, start)

    def _narrow(self, layer: _Layer, width: int, free: Mapping[int, int]) -> _Layer:
        """The cheapest partial plans, and the cheapest for each amount of content placed.

        What is cheapest now may leave a beginning that fits no run.
        """
        if len(layer) <= width:
            return layer
        self.cut = True
        rank = {k: s.cost + self._outlook(s, free[k[1]]) for k, s in layer.items()}
        best = sorted(layer, key=lambda key: (rank[key], key))
        kept = dict.fromkeys(best[: width // 2])
        placed: set[int] = set()
        for key in best:
            if len(kept) < width and layer[key].least not in placed:
                kept[key] = None
            placed.add(layer[key].least)
        return {key: layer[key] for key in kept}

    def _outlook(self, state: _State, free: int) -> int:
        """What the pieces not yet placed will lose at least, as they share the minutes left.

        In few runs what was placed tells enough.
        """
        if self.share == 1.0:
            return 0
        share = free - max(0, self.slack.least - state.slack)
        return self.loss.spread(self.loss.aims - state.aim, share)

    def _previous(self, layer: _Layer, shape: DayShape, run: int, left: int, last: bool) -> _Layer:
        """All partial plans one run earlier, each reached in the cheapest way."""
        found: _Layer = {}
        after_lunch = run > 0 and shape.pause_after(run - 1) == "lunch"
        ends = run == shape.runs - 1
        starts = {end: shape.starts(run, end) for end in {e for _, e in layer}}
        share = self.slack.least / self.placing.capacity
        for key, state in layer.items():
            vector, end = key
            dusk = vector if ends else state.dusk
            for start in starts[end]:
                usable = shape.usable_of(run, end - start)
                before = left + max(0, start - shape.opening)
                spacing = abs(start - shape.content * run // shape.runs) * UNEVEN_BREAK
                budget = round(share * (self.placing.capacity - before)) + LEEWAY - state.slack
                for filling in self._fill(vector, state.first, usable):
                    forced = state.forced + max(0, usable - filling.most)
                    least, most = state.least + filling.least, state.most + filling.most
                    if not self._fits(filling, before, least, forced):
                        continue
                    free = min(max(0, usable - filling.aim), max(0, budget))
                    over = max(0, usable - filling.aim - free)
                    slack = max(free, usable - filling.most)
                    pains = spacing + filling.discomfort
                    pains += self._joint(vector, state, filling, after_lunch, ends)
                    pains += self.comfort.run(filling.vector, vector, dusk, shape, run, last)
                    lost = filling.lost + self.loss.beyond(filling.more, over, filling.price)
                    cost = state.cost + pains + lost
                    target = (filling.vector, start)
                    if target not in found or (cost, forced) < (
                        found[target].cost,
                        found[target].forced,
                    ):
                        found[target] = _State(
                            cost, state.discomfort + pains, state.slack + slack, forced, least,
                            most, state.aim + filling.aim, filling.first, dusk, key, end - start,
                            filling.dropped,
                        )  # fmt: skip
        return found

    def _fits(self, filling: _Filling, before: int, least: int, forced: int) -> bool:
        """Whether what lies before a run can fill the minutes that do, and fits into them."""
        firm, most = filling.left
        slack = self.slack.most - forced
        return firm + least <= self.room and firm <= before and 0 <= slack >= before - most

    def _left(self, vector: Vector) -> tuple[int, int]:
        """The least and the most minutes of all that lies before a pause."""
        firm = sum(f[n] for f, n in zip(self.placing.firm, vector, strict=True))
        return firm, sum(m[n] for m, n in zip(self.placing.most, vector, strict=True))

    def _joint(
        self, vector: Vector, state: _State, filling: _Filling, after_lunch: bool, overnight: bool
    ) -> int:
        """What the first piece of a run costs after lunch, and its last one before what follows."""
        opens = (filling.first, filling.vector[filling.first])
        cost = TALK_AFTER_LUNCH if after_lunch and opens in self.comfort.listening else 0
        if state.first < 0:
            return cost
        cost += self.comfort.leaving(filling.last, state.first, vector, overnight)
        chain, index = self.work.pieces[state.first], vector[state.first]
        if index and filling.last == state.first:
            cost += SPLIT_ACTIVITY * (chain[index - 1].activity is chain[index].activity)
        return cost

    # ── filling one run ──────────────────────────────────────────────────────────────

    def _fill(self, vector: Vector, following: int, usable: int) -> list[_Filling]:
        """The best ways to fill a run that ends here; every run holds something."""
        key = (vector, following, usable)
        count = round(FILLINGS * self.share)
        if key not in self.fillings:
            if key[:2] not in self.ways:
                self.ways[key[:2]] = list(self._ways(vector, following))
            near = [
                (way.discomfort + way.lost + 100 * abs(usable - way.aim), way)
                for way in self.ways[key[:2]]
                if way.least <= usable
            ]
            near.sort(key=lambda each: (each[0], each[1].vector))
            found = [self.loss.of(way, usable) for _, way in near[: 3 * count]]
            found.sort(key=_Filling.order)
            self.cut |= len(near) > count
            self.fillings[key] = found[:count]
        return self.fillings[key]

    def _ways(self, end: Vector, following: int) -> Iterator[_Filling]:
        """What a run could hold: the module at work last, others before it, each once."""
        pieces, aims = self.work.pieces, self.placing.aims.minutes
        firm, most = self.placing.firm, self.placing.most
        order = self._order(end, following)
        early = self.comfort.unfinished(end)
        fresh = [chain for chain in order if self.comfort.opens(chain, end)]
        bars = {chain: self._bars(chain, order, end) for chain in order}
        open_ends = [(_Filling(end, 0, 0, 0, 0, following, -1, left=self._left(end)), 0)]
        nodes, most_nodes = 0, NODES * self.share
        while open_ends and nodes < most_nodes:
            way, turn = open_ends.pop()
            vector = way.vector
            for position in range(len(order) - 1, turn - 1, -1):
                chain = order[position]
                behind = vector[chain]
                floor, waiting = bars[chain]
                if behind <= floor or any(
                    vector[other] > first for other, first in waiting[behind - 1 - floor]
                ):
                    continue
                if drop := self.drops[chain][behind - 1]:
                    nodes += 1
                    to, points, gone = drop
                    passed = way._replace(
                        vector=(*vector[:chain], to, *vector[chain + 1 :]),
                        lost=way.lost + points,
                        dropped=(*way.dropped, *gone),
                        left=(
                            way.left[0] - firm[chain][behind] + firm[chain][to],
                            way.left[1] - most[chain][behind] + most[chain][to],
                        ),
                    )
                    open_ends.append((passed, position))
                    if way.last >= 0:
                        yield passed
                piece = pieces[chain][behind - 1]
                least = way.least + piece.least
                if least > self.longest:
                    continue
                nodes += 1
                earlier = (*vector[:chain], behind - 1, *vector[chain + 1 :])
                pains = way.discomfort
                if way.last >= 0:
                    pains += self.comfort.leaving(chain, way.first, vector)
                if behind == 1:
                    begun = sum(c < chain and vector[c] < end[c] for c in fresh)
                    pains += self.comfort.beginning(chain, early[chain] + begun)
                reached = _Filling(
                    earlier,
                    least,
                    way.most + piece.most,
                    way.aim + aims[piece],
                    pains,
                    chain,
                    way.last if way.last >= 0 else chain,
                    way.dropped,
                    way.lost,
                    left=(
                        way.left[0] - firm[chain][behind] + firm[chain][behind - 1],
                        way.left[1] - piece.most,
                    ),
                    held=(*way.held, (chain, behind - 1)),
                )
                open_ends.append((reached, position))
                yield reached
        self.cut |= bool(open_ends)

    def _bars(self, chain: int, order: list[int], end: Vector) -> _Bars:
        """How many first pieces of a chain have to wait for other runs; what the rest wait for.

        Only chains that this run may take from change while it is filled.
        """
        waits = self.work.awaited[chain]
        floor = next(
            (
                index + 1
                for index in reversed(range(end[chain]))
                if any(end[o] > first and o not in order for o, first in waits[index])
            ),
            0,
        )
        mine = waits[floor : end[chain]]
        return floor, [[(o, first) for o, first in each if end[o] > first] for each in mine]

    def _order(self, end: Vector, following: int) -> list[int]:
        """The chains that a run may take from: the one at work, those begun, a few others."""
        whole = self.work.end
        left = [c for c in reversed(range(len(end))) if end[c] and c != following]
        begun = [c for c in left if end[c] < whole[c]]
        fresh = [c for c in left if end[c] == whole[c]]
        few = max(4, round(ENDINGS * self.share))
        self.cut |= len(fresh) > few
        at_work = [following] if following >= 0 and end[following] else []
        return at_work + sorted(begun + fresh[:few], reverse=True)

    # ── reading the result ───────────────────────────────────────────────────────────

    def _slots(self, layers: list[_Layer], start: _Key) -> tuple[Slot, ...]:
        """The way from the beginning, as runs with their pieces."""
        slots: list[Slot] = []
        key = start
        places = ((d, r, s) for d, s in enumerate(self.calendar) for r in range(s.runs))
        for (day, run, shape), layer in zip(places, reversed(layers[1:]), strict=True):
            state = layer[key]
            following = state.parent
            assert following is not None
            after = layers[layers.index(layer) - 1][following]
            held = (
                piece
                for piece in self._between(key[0], following[0], after.first)
                if piece.activity.id not in state.dropped
            )
            usable = shape.usable_of(run, state.start)
            slots.append(Slot(day, run, state.start, usable, tuple(held)))
            key = following
        return tuple(slots)

    def _between(self, before: Vector, after: Vector, following: int) -> Iterator[Piece]:
        """The pieces of a run in their order: that of `_ways`, turned around."""
        rest = [c for c in range(len(before)) if c != following]
        for chain in [*rest, *([following] if following >= 0 else [])]:
            yield from self.work.pieces[chain][before[chain] : after[chain]]


class _Loss:
    """The value that a run loses because its pieces cannot have the minutes that suit them best.

    Minutes move between runs at one price. A run that is fuller takes minutes from its pieces
    that are worth more than that; one that is emptier gives them minutes that are worth less.
    """

    def __init__(self, placing: Placing) -> None:
        self.pieces, self.points = placing.work.pieces, placing.points
        self.prices, aims = placing.aims.prices, placing.aims.minutes
        self.aim = [[aims[p] for p in chain] for chain in self.pieces]
        self.less = [[tuple(self._less(p, aims[p])) for p in chain] for chain in self.pieces]
        self.more = [[tuple(self._more(p, aims[p])) for p in chain] for chain in self.pieces]
        self.aims = sum(map(sum, self.aim))
        slopes = (s.slope for chain in self.pieces for p in chain for s in p.steps)
        self.worst = max(slopes, default=0.0)
        self.below, self.above = self._curve(self.less), self._curve(self.more)

    def _curve(self, steps: list[list[tuple[tuple[float, int], ...]]]) -> list[float]:
        """What all pieces together lose for each minute that they have too few, or too many."""
        ordered = sorted(step for chain in steps for piece in chain for step in piece)
        each = (cost for cost, minutes in ordered for _ in range(minutes))
        return [0.0, *accumulate(each)]

    def spread(self, aim: int, minutes: int) -> int:
        """What pieces lose, in points, if they share so many minutes and not those that suit them.

        They are taken for a fair sample of all pieces.
        """
        curve = self.below if aim > minutes else self.above
        part = aim / self.aims if self.aims else 0.0
        off = abs(aim - minutes)
        if not off:
            return 0
        most = part * (len(curve) - 1)
        if off >= most:
            return round(self.points * (part * curve[-1] + self.worst * (off - most)))
        return round(self.points * part * curve[int(off / part)])

    def _less(self, piece: Piece, aim: int) -> Iterator[tuple[float, int]]:
        """What each minute below the aim costs, and how many there are."""
        left = aim - piece.least
        for step in piece.steps:
            taken = min(left, step.minutes)
            left -= taken
            if taken:
                yield max(0.0, step.slope - self.prices[piece]), taken

    def _more(self, piece: Piece, aim: int) -> Iterator[tuple[float, int]]:
        """What each minute above the aim costs, and how many there are."""
        left = aim - piece.least
        for step in piece.steps:
            taken = min(left, step.minutes)
            left -= taken
            if taken < step.minutes:
                yield max(0.0, self.prices[piece] - step.slope), step.minutes - taken

    def of(self, way: _Filling, usable: int) -> _Filling:
        """A way with what it loses if its pieces have too few minutes, and could with too many."""
        held = way.held
        if way.dropped:
            held = tuple(
                (c, i) for c, i in held if self.pieces[c][i].activity.id not in way.dropped
            )
        short = way.aim - usable
        if short > 0:
            less = sorted(step for c, i in held for step in self.less[c][i])
            return way._replace(lost=way.lost + self.beyond(less, short, 0.0))
        more = sorted(step for c, i in held for step in self.more[c][i])
        price = max(self.prices[self.pieces[c][i]] for c, i in held)
        return way._replace(more=tuple(more), price=price)

    def beyond(self, steps: Iterable[tuple[float, int]], minutes: int, price: float) -> int:
        """What so many minutes cost along some steps, in points; what is left costs a price."""
        cost = 0.0
        for each, there in steps:
            if minutes <= 0:
                break
            taken = min(minutes, there)
            cost += taken * each
            minutes -= taken
        return round((cost + minutes * price) * self.points)
