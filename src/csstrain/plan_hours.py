"""Hours: which numbers of them work, the smallest that does, and those that lose nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import combinations

from csstrain.agenda import Basis, Bounds
from csstrain.curriculum import Curriculum
from csstrain.plan_choose import Draft, Need, Room, capacity, draft, room
from csstrain.plan_offer import Offer

QUARTER = 15  # hours are planned in quarters
DOWNWARD = 60  # quarter hours tried below the arithmetic need of the whole content


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
        for need in self.needs:
            for less in range(min(minutes, self.full), 0, -QUARTER):
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
        alone = self._smallest(self.needs[:1])
        least = self._smallest(self.needs[1:], alone)
        return Bounds(_hours(least), _hours(alone), Decimal(self.full) / 60)

    def _smallest(self, needs: tuple[Need, ...], below: int | None = None) -> int | None:
        """The least minutes that work, up to what is known to work already."""
        last = below or self.full + QUARTER
        hours = range(QUARTER, last, QUARTER)
        return next((m for m in hours if any(self._draft(n, m) for n in needs)), below)

    @cached_property
    def everything(self) -> frozenset[str]:
        """All activities that some hours could hold."""
        return frozenset(n for n in self.offer.session if n not in self.offer.unusable)

    @cached_property
    def enough(self) -> int:
        """The least minutes of hours whose sums hold everything at its most, with least slack."""
        need = self.needs[0]
        most = sum(self.offer.most(n) for n in self.everything)
        minutes = most // QUARTER * QUARTER
        while not self._roomy(room(need, self.basis, minutes), most):
            minutes += QUARTER
            if minutes > 4 * most + 100_000:  # no day can be laid out at all
                return minutes
        return minutes

    def _roomy(self, space: Room, most: int) -> bool:
        return any(most + slack.least <= capacity(way) for way, slack in space.ways)

    @cached_property
    def full(self) -> int:
        """The minutes from which on more hours add nothing: everything is held at its most.

        Where runs do not take everything at exactly its most, the nearest minutes that do.
        """
        for minutes in self._around_enough():
            if room(self.needs[0], self.basis, minutes).place(self.everything):
                return minutes
        return self.enough

    def _around_enough(self) -> Iterator[int]:
        minutes = self.enough
        while room(self.needs[0], self.basis, minutes).filled(self.everything):
            yield minutes
            minutes += QUARTER
        for count in range(1, DOWNWARD):
            if self.enough > QUARTER * count:
                yield self.enough - QUARTER * count


def deferrals(curriculum: Curriculum) -> Iterator[str]:
    """Gate objectives that the mastery policy allows to be deferred, in its order."""
    mastery = curriculum.program.mastery
    named = [d.objective for d in mastery.deferrals] if mastery else []
    yield from (o for o in dict.fromkeys(named) if curriculum.objectives[o].gate)


def _hours(minutes: int | None) -> Decimal | None:
    return None if minutes is None else Decimal(minutes) / 60
