"""Hours: which numbers of them work, the smallest that does, and those that lose nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import combinations

from csstrain.agenda import Basis, Bounds
from csstrain.curriculum import Curriculum
from csstrain.plan.choose import Draft, Need, capacity, draft, room
from csstrain.plan.days import Calendar
from csstrain.plan.offer import Offer
from csstrain.plan.place import SlackRange

QUARTER = 15  # hours are planned in quarters
AROUND = 12  # quarter hours tried above and below the arithmetic need of the whole content
HOPELESS = 24  # quarter hours that may fail before it is asked whether any can work
LONG = 6000  # minutes looked at beyond four times the content, to find a day that holds it


@dataclass(frozen=True, slots=True)
class Found:
    """An agenda in the making, for so many minutes of the hours."""

    need: Need
    draft: Draft
    minutes: int


@dataclass(frozen=True)
class Hours:
    """Answers for any hours whether and how they work."""

    offer: Offer
    basis: Basis
    _drafts: dict[tuple[frozenset[str], int], Draft | None] = field(default_factory=dict)

    @cached_property
    def needs(self) -> tuple[Need, ...]:
        """What must be held under each permitted set of deferred gates, the fewest first."""
        gates = list(deferrals(self.offer.curriculum))
        return tuple(
            Need(self.offer, frozenset(chosen))
            for count in range(len(gates) + 1)
            for chosen in combinations(gates, count)
        )

    def best(self, minutes: int) -> Found | None:
        """The agenda for so many minutes, with the fewest gates deferred.

        Hours are filled exactly where that can be; else the nearest smaller number that can
        be filled is, and the rest stays unused. So what works stays working with more hours.
        """
        full, whole = self.whole
        if whole and minutes >= full and not self.needs[0].impossible:
            return Found(self.needs[0], whole, full)
        for need, least in zip(self.needs, self.least, strict=True):
            for less in range(min(minutes, full), (least or minutes + 1) - 1, -QUARTER):
                made = self._draft(need, less)
                if made:
                    return Found(need, made, less)
        return None

    def _draft(self, need: Need, minutes: int) -> Draft | None:
        """What fills exactly so many minutes; found once, asked for often."""
        key = (need.deferred, minutes)
        if key not in self._drafts:
            space = None if need.impossible else room(need, self.basis, minutes)
            self._drafts[key] = draft(space) if space else None
        return self._drafts[key]

    # ── bounds ───────────────────────────────────────────────────────────────────────

    def bounds(self) -> Bounds:
        """The smallest hours that work, with and without deferral, and those that lose nothing."""
        working = [minutes for minutes in self.least if minutes]
        least = Decimal(min(working)) / 60 if working else None
        alone = Decimal(self.least[0]) / 60 if self.least[0] else None
        return Bounds(least, alone, Decimal(self.full) / 60)

    @cached_property
    def least(self) -> tuple[int | None, ...]:
        """The least minutes that work under each set of deferred gates.

        With more gates deferred only what is less than without is looked for.
        """
        found: list[int | None] = []
        for need in self.needs:
            below = min((minutes for minutes in found if minutes), default=self.full + QUARTER)
            found.append(self._smallest(need, below))
        return tuple(found)

    def _smallest(self, need: Need, below: int) -> int | None:
        """The least minutes that work, found by planning every quarter hour from below.

        Where not even the whole content can be placed, the search ends after many failures.
        """
        failures = 0
        for minutes in range(QUARTER, below, QUARTER):
            if self._draft(need, minutes):
                return minutes
            failures += room(need, self.basis, minutes).holds(need.required)
            if failures > HOPELESS and not self.whole[1]:
                return None
        return None

    @cached_property
    def everything(self) -> frozenset[str]:
        """All activities that some hours could hold together, the more important first."""
        need = self.needs[0]
        chosen = set(need.required)
        for name in need.ranked:
            group = chosen | {name} | need.companions(name, chosen)
            chosen = group if need.compatible(group) else chosen
        return frozenset(chosen)

    @cached_property
    def enough(self) -> int:
        """The least minutes of hours whose sums hold everything at its most, with least slack."""
        most = sum(self.offer.most(name) for name in self.everything)
        start = max(most, QUARTER) // QUARTER * QUARTER
        for minutes in range(start, 4 * most + LONG, QUARTER):
            if any(most + slack.least <= capacity(way) for way, slack in self._ways(minutes)):
                return minutes
        # Days of the full length cannot be laid out: all that there is are shorter ones.
        return next((m for m in range(start, 0, -QUARTER) if self._ways(m)), QUARTER)

    def _ways(self, minutes: int) -> tuple[tuple[Calendar, SlackRange], ...]:
        return room(self.needs[0], self.basis, minutes).ways

    @property
    def full(self) -> int:
        """The minutes from which on more hours add nothing."""
        return self.whole[0]

    @cached_property
    def whole(self) -> tuple[int, Draft | None]:
        """The least minutes found that hold everything at its most, and how it is placed.

        Full runs rarely take everything at exactly its most, so some pieces get a little less
        and the last minutes stand as slack.
        """
        for minutes in self._around_enough():
            made = room(self.needs[0], self.basis, minutes).place(self.everything)
            if made:
                return minutes, made
        return self.enough, None

    def _around_enough(self) -> Iterator[int]:
        """Minutes near those that hold everything at its most: a little more, then less."""
        for minutes in range(self.enough, self.enough + AROUND * QUARTER, QUARTER):
            yield minutes
        for minutes in range(self.enough - QUARTER, self.enough - AROUND * QUARTER, -QUARTER):
            if minutes > 0:
                yield minutes


def deferrals(curriculum: Curriculum) -> Iterator[str]:
    """Gate objectives that the mastery policy allows to be deferred, in its order."""
    mastery = curriculum.program.mastery
    named = [d.objective for d in mastery.deferrals] if mastery else []
    yield from (o for o in dict.fromkeys(named) if curriculum.objectives[o].gate)
