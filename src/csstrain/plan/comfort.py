"""Comfort: what makes an agenda pleasant to teach and to learn from, in points of discomfort."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from csstrain.curriculum import practices
from csstrain.model import THINKING
from csstrain.plan.chains import Chains, Vector
from csstrain.plan.days import DayShape
from csstrain.plan.offer import TEACHING, Offer
from csstrain.plan.pieces import Piece

# Points of discomfort. A thousand weigh as much as a thousandth of the agenda's value, so they
# choose among agendas that are worth nearly the same and never against what is worth more.
SCALE = 250_000
LEAVE_MODULE = 700  # leaving a module for another within a day, before it is finished
LEAVE_OVERNIGHT = 150  # the same from one day to the next
LEAVE_BEFORE_DEBRIEF = 2500  # leaving it when only what was practiced is still to be talked about
BEGIN_EARLY = 400  # for each earlier module that is not over when a later one begins
OPEN_AT_NIGHT = 300  # for each module that is begun and not over when a day ends
SPLIT_ACTIVITY = 300  # a pause inside an activity that could have been held in one
UNEVEN_BREAK = 10  # for each minute that a pause is away from even spacing
TALK_AFTER_LUNCH = 250  # trainees listen in the first session after lunch
HARD_IN_THE_EVENING = 120  # hard thinking in the last run of a day
NEW_AT_THE_END = 1500  # something new in the last half-day, with no time left to practice it
GATE_ON_ONE_DAY = 3000  # all practice of a gate on one day

HARD = THINKING.index("analyze")


@dataclass(frozen=True)
class Comfort:
    """What is known of the pieces of some chains before they are placed."""

    offer: Offer
    work: Chains

    @cached_property
    def gates(self) -> tuple[tuple[tuple[int, int], ...], ...]:
        """For each gate that is practiced more than once: the places of it in the chains."""
        curriculum = self.offer.curriculum
        found: dict[str, list[tuple[int, int]]] = {}
        for chain, index, piece in self._all():
            for objective in (
                piece.activity.objectives if practices(curriculum, piece.activity) else ()
            ):
                if curriculum.objectives[objective].gate:
                    found.setdefault(objective, []).append((chain, index))
        return tuple(tuple(places) for _, places in sorted(found.items()) if len(places) > 1)

    @cached_property
    def listening(self) -> frozenset[tuple[int, int]]:
        """Pieces in which trainees mostly listen."""
        return frozenset(
            (c, i) for c, i, p in self._all() if p.activity.phase in (*TEACHING, "admin")
        )

    @cached_property
    def hard(self) -> frozenset[tuple[int, int]]:
        """Pieces that ask for analysis or more of those who think about them for the first time."""
        objectives = self.offer.curriculum.objectives
        return frozenset(
            (c, i)
            for c, i, p in self._all()
            if p.activity.phase in (*TEACHING, "practice")
            and any(
                objectives[o].domain == "cognitive" and THINKING.index(objectives[o].level) >= HARD
                for o in p.activity.objectives
            )
        )

    @cached_property
    def new(self) -> frozenset[tuple[int, int]]:
        """Pieces that teach an objective of which nothing that must come before serves a KSA."""
        found = set()
        for chain, index, piece in self._all():
            activity = piece.activity
            before = (self.offer.session[n] for n in self.offer.before[activity.id])
            met = {k for other in before for k in self._served(other.objectives)}
            fresh = [o for o in activity.objectives if met.isdisjoint(self._served((o,)))]
            if activity.phase in TEACHING and fresh:
                found.add((chain, index))
        return frozenset(found)

    def _served(self, objectives: tuple[str, ...]) -> set[str]:
        """Objectives, and the KSAs that they serve."""
        known = self.offer.curriculum.objectives
        return {*objectives, *(link.ksa for o in objectives for link in known[o].ksas)}

    def _all(self) -> Iterator[tuple[int, int, Piece]]:
        for chain, pieces in enumerate(self.work.pieces):
            for index, piece in enumerate(pieces):
                yield chain, index, piece

    @cached_property
    def _mains(self) -> frozenset[int]:
        return frozenset(self._main)

    # ── within a run ─────────────────────────────────────────────────────────────────

    @cached_property
    def _main(self) -> tuple[int, ...]:
        """For each chain the first one of its module; the others hold retrieval alone."""
        return tuple(self.work.modules.index(module) for module in self.work.modules)

    def leaving(self, chain: int, following: int, vector: Vector, overnight: bool = False) -> int:
        """What it costs to go from one chain to another; nothing within a module."""
        main, modules = self._main[chain], self.work.modules
        if modules[chain] == modules[following] or vector[main] in (0, self.work.end[main]):
            return 0
        left = self.work.pieces[main][vector[main] :]
        if left[0].activity.phase == "debrief" and not overnight:
            return LEAVE_BEFORE_DEBRIEF
        return LEAVE_OVERNIGHT if overnight else LEAVE_MODULE

    def opens(self, chain: int, vector: Vector) -> bool:
        """Whether a chain is the first of its module, and nothing after a pause is of it."""
        return self._main[chain] == chain and vector[chain] == self.work.end[chain]

    def unfinished(self, vector: Vector) -> tuple[int, ...]:
        """For each chain how many modules before its own are not over at a pause."""
        opened = (self._main[c] == c and vector[c] < self.work.end[c] for c in range(len(vector)))
        return tuple(accumulate(opened, initial=0))

    def beginning(self, chain: int, early: int) -> int:
        """What it costs to begin a module while so many that come first are not over."""
        return BEGIN_EARLY * early if self._main[chain] == chain else 0

    # ── from run to run ──────────────────────────────────────────────────────────────

    def run(
        self, before: Vector, after: Vector, dusk: Vector, shape: DayShape, run: int, last: bool
    ) -> int:
        """What a run costs for its time of day, from what lies before it and before its end.

        `dusk` is what lies before the end of the day, `last` whether it is the last day of several.
        """
        points = 0
        if run == shape.runs - 1:
            held = _between(before, after)
            points += HARD_IN_THE_EVENING * sum(each in self.hard for each in held)
            points += OPEN_AT_NIGHT * sum(0 < after[c] < self.work.end[c] for c in self._mains)
        if last and run >= shape.lunch_after:
            points += NEW_AT_THE_END * sum(each in self.new for each in _between(before, after))
        if run == 0:
            for places in self.gates:
                if all(before[chain] <= index < dusk[chain] for chain, index in places):
                    points += GATE_ON_ONE_DAY
        return points


def _between(before: Vector, after: Vector) -> Iterator[tuple[int, int]]:
    """The places in the chains of what a run holds."""
    for chain, (low, high) in enumerate(zip(before, after, strict=True)):
        for index in range(low, high):
            yield chain, index
