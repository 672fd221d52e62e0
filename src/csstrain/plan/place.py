"""Placing: the chosen activities, in an order that holds, onto runs that they fill exactly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

from csstrain.plan.chains import Chains, Vector, Wait
from csstrain.plan.days import Calendar, DayShape
from csstrain.plan.pieces import Piece

# Costs of what is allowed but not pleasant, in the unit of `_tension`.
LEAVE_MODULE = 800  # leaving a module for another before it is finished
OUT_OF_ORDER = 1500  # for each earlier module that is not over when a later one begins
LEAVE_BEFORE_DEBRIEF = 4000  # and what was practiced in it is not yet talked about
SPLIT_ACTIVITY = 400  # a pause inside an activity that could have been held in one
UNEVEN_BREAK = 10  # for each minute that a pause is away from even spacing
TALK_AFTER_LUNCH = 60  # trainees listen in the first session after lunch

WIDTHS = (16, 60, 300)  # partial plans kept at each pause, in three attempts
FEW_WIDTHS = WIDTHS[:2]  # the same where orders or run lengths are too many for the widest
NODES = 1500  # steps taken at most to fill one run
FILLINGS = 24  # ways to fill a run that are kept


class Slot(NamedTuple):
    """A run of a day with the pieces placed in it."""

    day: int
    run: int
    length: int
    usable: int
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class SlackRange:
    """The least and most minutes of slack in the whole agenda."""

    least: int
    most: int


def place(
    work: Chains, calendar: Calendar, slack: SlackRange, widths: Sequence[int] = WIDTHS
) -> tuple[Slot, ...] | None:
    """The pieces of all chains on the runs of a calendar, or None where no way was found.

    A beam search, run after run: a partial plan is how many pieces of each module lie behind
    and how much of the day is gone; for each the cheapest way there is kept, and of all at
    one pause the cheapest few. A run holds pieces whose least minutes fit and whose most
    minutes, with slack, fill it; so lengths come out exact later. Work is bounded by counts
    alone: at most runs × width × run lengths × fillings steps, in three widths, or two where
    the lengths of runs are not fixed by the day.
    """
    capacity = sum(shape.usable for shape in calendar)
    least = sum(p.least for p in work.all())
    most = sum(p.most for p in work.all())
    if least + slack.least > capacity or most + slack.most < capacity:
        return None
    search = _Search(work, calendar, slack)
    fixed = all(len(shape.lengths(0, 0)) == 1 for shape in calendar[:-1])
    for width in widths if fixed else FEW_WIDTHS:
        found = search.run(width)
        if found or not search.cut:
            return found
    return None


class _State(NamedTuple):
    """The cheapest way known to a partial plan."""

    cost: int
    forced: int  # minutes of slack that could not be avoided
    least: int  # least minutes of all that lies behind, and the most
    most: int
    last: int  # the chain of the last piece; -1 before the first
    parent: tuple[Vector, int] | None
    length: int


class _Filling(NamedTuple):
    """One way to fill a run: where it leads, what it holds, what it costs."""

    vector: Vector
    least: int
    most: int
    aim: int
    cost: int
    first: int
    last: int


class _Search:
    """One search; keeps what does not change from width to width."""

    def __init__(self, work: Chains, calendar: Calendar, slack: SlackRange) -> None:
        self.work, self.calendar, self.slack = work, calendar, slack
        self.capacity = sum(shape.usable for shape in calendar)
        self.aim = _aims(work, self.capacity - slack.least)
        self.least = [[0, *accumulate(p.least for p in chain)] for chain in work.pieces]
        self.spare = self.capacity - sum(p.least for p in work.all())
        self.most = sum(p.most for p in work.all())
        self.fillings: dict[tuple[Vector, int, int], list[_Filling]] = {}
        # The first chain of each module is its main one; the others hold retrieval alone.
        self.main = [work.modules.index(module) for module in work.modules]
        self.ways: dict[tuple[Vector, int], list[_Filling]] = {}
        self.longest = max(shape.day.longest_run for shape in calendar)
        self.cut = False

    def run(self, width: int) -> tuple[Slot, ...] | None:
        """Search with so many partial plans at each pause."""
        self.cut = False
        start = (tuple(0 for _ in self.work.pieces), 0)
        layers = [{start: _State(0, 0, 0, 0, -1, None, 0)}]
        gone = 0
        for shape in self.calendar:
            for run in range(shape.runs):
                layer = self._next(layers[-1], shape, run, gone)
                layers.append(self._narrow(layer, width))
            gone += shape.usable
            if not layers[-1]:
                return None
        end = (self.work.end, 0)
        return self._slots(layers, end) if end in layers[-1] else None

    def _narrow(
        self, layer: dict[tuple[Vector, int], _State], width: int
    ) -> dict[tuple[Vector, int], _State]:
        if len(layer) <= width:
            return layer
        self.cut = True
        best = sorted(layer, key=lambda key: (layer[key].cost, key))[:width]
        return {key: layer[key] for key in best}

    def _next(
        self, layer: Mapping[tuple[Vector, int], _State], shape: DayShape, run: int, gone: int
    ) -> dict[tuple[Vector, int], _State]:
        """All partial plans one run later, each reached in the cheapest way."""
        found: dict[tuple[Vector, int], _State] = {}
        after_lunch = run > 0 and shape.pause_after(run - 1) == "lunch"
        lengths = {elapsed: shape.lengths(run, elapsed) for elapsed in {e for _, e in layer}}
        for key, state in layer.items():
            vector, elapsed = key
            for length in lengths[elapsed]:
                usable = shape.usable_of(run, length)
                ended = elapsed + length
                spacing = abs(ended - shape.content * (run + 1) // shape.runs) * UNEVEN_BREAK
                closing = shape.day.closing if ended == shape.content else 0
                at = gone + ended - shape.opening - closing
                for filling in self._fill(vector, state.last, usable):
                    forced = state.forced + max(0, usable - filling.most)
                    least, most = state.least + filling.least, state.most + filling.most
                    if at - least > self.spare or not self._fills(at, most, forced):
                        continue
                    cost = state.cost + spacing + filling.cost
                    cost += self._joint(vector, state.last, filling, after_lunch)
                    target = (filling.vector, 0 if run == shape.runs - 1 else ended)
                    if target not in found or (cost, forced) < found[target][:2]:
                        found[target] = _State(cost, forced, least, most, filling.last, key, length)
        return found

    def _fills(self, at: int, most: int, forced: int) -> bool:
        """Whether what is left, at its most and with slack, fills the minutes that are left."""
        left = self.capacity - at
        slack = self.slack.most - forced
        return slack >= 0 and left <= self.most - most + slack

    def _joint(self, vector: Vector, last: int, filling: _Filling, after_lunch: bool) -> int:
        """What it costs that this run follows the one before."""
        first = filling.first
        cost = 0
        piece = self.work.pieces[first][vector[first]]
        if after_lunch and piece.activity.phase in ("present", "demonstrate", "admin"):
            cost += TALK_AFTER_LUNCH
        if last >= 0:
            cost += self._leaving(last, first, vector)
        behind = vector[first]
        if behind and self.work.pieces[first][behind - 1].activity is piece.activity:
            cost += SPLIT_ACTIVITY
        return cost

    def _leaving(self, chain: int, following_chain: int, vector: Vector) -> int:
        """What it costs to go from one chain to another, or nothing within a module."""
        modules, main = self.work.modules, self.main[chain]
        done = vector[main] == len(self.work.pieces[main])
        if done or modules[chain] == modules[following_chain]:
            return 0
        following = self.work.pieces[main][vector[main]].activity
        return LEAVE_BEFORE_DEBRIEF if following.phase == "debrief" else LEAVE_MODULE

    def _starting(self, chain: int, vector: Vector) -> int:
        """What it costs to begin a module while others that come first are not over."""
        if vector[chain] or self.main[chain] != chain:
            return 0
        end = self.work.end
        return OUT_OF_ORDER * sum(vector[c] < end[c] for c in set(self.main[:chain]))

    # ── filling one run ──────────────────────────────────────────────────────────────

    def _fill(self, vector: Vector, last: int, usable: int) -> list[_Filling]:
        """The best ways to fill a run from here; every run holds something."""
        key = (vector, last, usable)
        if key not in self.fillings:
            if key[:2] not in self.ways:
                self.ways[key[:2]] = list(self._ways(vector, last))
            found = [
                way._replace(cost=way.cost + _tension(usable, way.aim, way.most - way.least))
                for way in self.ways[key[:2]]
                if usable - self.spare <= way.least <= usable
            ]
            found.sort(key=lambda way: (way.cost, way.vector))
            self.cut |= len(found) > FILLINGS
            self.fillings[key] = found[:FILLINGS]
        return self.fillings[key]

    def _ways(self, start: Vector, last: int) -> Iterator[_Filling]:
        """What a run could hold: the module at work first, then others in order, each once."""
        pieces, waits, aims, end = self.work.pieces, self.work.waits, self.aim, self.work.end
        order = [c for c in self._order(last) if start[c] < end[c] and self._near(c, start)]
        open_ends = [(_Filling(start, 0, 0, 0, 0, -1, last), 0)]
        nodes = 0
        while open_ends and nodes < NODES:
            way, turn = open_ends.pop()
            vector = way.vector
            for position in range(len(order) - 1, turn - 1, -1):
                chain = order[position]
                behind = vector[chain]
                if behind == end[chain]:
                    continue
                piece = pieces[chain][behind]
                least = way.least + piece.least
                if least > self.longest or not _behind(waits[chain][behind], vector):
                    continue
                nodes += 1
                reached = _Filling(
                    (*vector[:chain], behind + 1, *vector[chain + 1 :]),
                    least,
                    way.most + piece.most,
                    way.aim + aims[chain][behind],
                    way.cost
                    + (self._leaving(way.last, chain, vector) if way.first >= 0 else 0)
                    + (0 if behind else self._starting(chain, vector)),
                    way.first if way.first >= 0 else chain,
                    chain,
                )
                open_ends.append((reached, position))
                yield reached
        self.cut |= bool(open_ends)

    def _near(self, chain: int, vector: Vector) -> bool:
        """Whether what a chain waits for could come to lie behind within one run."""
        return all(
            self.least[other][count] - self.least[other][vector[other]] < self.longest
            for other, count in self.work.waits[chain][vector[chain]]
            if vector[other] < count
        )

    def _order(self, last: int) -> list[int]:
        """All chains, the one at work first."""
        return [last] * (last >= 0) + [c for c in range(len(self.work.pieces)) if c != last]

    # ── reading the result ───────────────────────────────────────────────────────────

    def _slots(
        self, layers: list[dict[tuple[Vector, int], _State]], end: tuple[Vector, int]
    ) -> tuple[Slot, ...]:
        """The way that led to the end, as runs with their pieces."""
        path = [end]
        for layer in reversed(layers[1:]):
            parent = layer[path[-1]].parent
            if parent:
                path.append(parent)
        path.reverse()
        slots: list[Slot] = []
        places = ((d, r, s) for d, s in enumerate(self.calendar) for r in range(s.runs))
        for (day, run, shape), layer, here, there in zip(
            places, layers[1:], path, path[1:], strict=False
        ):
            length = layer[there].length
            last = layers[len(slots)][here].last
            held = tuple(self._between(here[0], there[0], last))
            slots.append(Slot(day, run, length, shape.usable_of(run, length), held))
        return tuple(slots)

    def _between(self, before: Vector, after: Vector, last: int) -> Iterator[Piece]:
        for chain in self._order(last):
            yield from self.work.pieces[chain][before[chain] : after[chain]]


def _behind(waits: tuple[Wait, ...], vector: Vector) -> bool:
    """Whether all that a piece waits for lies behind."""
    return not waits or all(vector[chain] >= count for chain, count in waits)


def _tension(usable: int, aim: int, play: int) -> int:
    """How far a run is from the minutes that its pieces should have, against their play."""
    return 30 * (usable - aim) ** 2 // (20 + play)


def _aims(work: Chains, minutes: int) -> list[list[int]]:
    """The minutes that each piece should have so that all together fill the time evenly."""
    everything = list(work.all())
    least, plan, most = (
        sum(getattr(p, name) for p in everything) for name in ("least", "plan", "most")
    )
    if minutes <= plan:
        share, low, high = (minutes - least) / max(plan - least, 1), "least", "plan"
    else:
        share, low, high = min((minutes - plan) / max(most - plan, 1), 1.0), "plan", "most"
    return [
        [round(getattr(p, low) + share * (getattr(p, high) - getattr(p, low))) for p in chain]
        for chain in work.pieces
    ]
