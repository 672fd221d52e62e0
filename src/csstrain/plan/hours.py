"""Hours: which numbers of them work, the smallest that does, and those that lose nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from math import ceil, floor

from csstrain.agenda import Basis, Bounds
from csstrain.curriculum import Curriculum
from csstrain.model import WorkingDay
from csstrain.plan.choose import Menu, Room, menu
from csstrain.plan.days import Calendar, SlackRange, calendars, full_day
from csstrain.plan.draft import Draft, Drafted, draft
from csstrain.plan.offer import Offer
from csstrain.plan.terms import Terms

QUARTER = 15  # hours are planned in quarters
LONGER = 480  # minutes looked at beyond twice the content
LONG = 6000  # minutes looked at beyond four times the content, to find a day that holds it


@dataclass(frozen=True, slots=True)
class Found:
    """An agenda in the making, for so many minutes of the hours, and the best that they allow."""

    card: Menu
    draft: Draft
    minutes: int

    @property
    def terms(self) -> Terms:
        """What the choice had to keep to."""
        return self.card.terms


def slack_range(day: WorkingDay, calendar: Calendar) -> SlackRange:
    """The least and most minutes of slack for a calendar, from its share of paid time.

    Both are whole minutes; where none lies within the share, the next above it will do.
    """
    paid = sum(shape.paid for shape in calendar)
    least = ceil(paid * day.slack.min / 100)
    return SlackRange(least, max(least, floor(paid * day.slack.max / 100)))


@dataclass(frozen=True)
class Hours:
    """Answers for any hours whether and how they work."""

    offer: Offer
    basis: Basis
    _drafts: dict[tuple[frozenset[str], int, bool], Drafted] = field(default_factory=dict)
    _rooms: dict[int, Room] = field(default_factory=dict)

    @cached_property
    def menus(self) -> tuple[Menu, ...]:
        """What is on offer under each permitted set of deferred gates, the fewest first."""
        gates = list(deferrals(self.offer.curriculum))
        return tuple(
            menu(Terms(self.offer, frozenset(chosen)))
            for count in range(len(gates) + 1)
            for chosen in combinations(gates, count)
        )

    def room(self, minutes: int) -> Room:
        """The ways to lay out so many minutes of the basis."""
        if minutes not in self._rooms:
            day = self.offer.curriculum.program.day
            ways = calendars(day, self.basis, minutes)
            self._rooms[minutes] = Room(tuple((way, slack_range(day, way)) for way in ways))
        return self._rooms[minutes]

    # ── the best agenda ──────────────────────────────────────────────────────────────

    def best(self, minutes: int) -> Found | None:
        """The agenda for so many minutes, with the fewest gates deferred.

        Hours are filled exactly where that can be; else the nearest smaller number that can
        be filled is, and the rest stays unused. So what works stays working with more hours.
        """
        for card, least in zip(self.menus, self.least, strict=True):
            for less in self._fillable(card, minutes, least or minutes + 1):
                made = self._drafted(card, less).draft
                if made:
                    return Found(card, made, less)
        return None

    def _fillable(self, card: Menu, minutes: int, least: int) -> Iterator[int]:
        """Minutes to try, the most first: those asked for, then such as the content can fill.

        Where more than everything's most is asked for, slack alone fills up the rest. With much
        on offer not every number in between is tried: the rest stays unused instead.
        """
        if minutes > self.useful and not card.few:
            yield min(minutes, self.longest)
            minutes = self.useful
        yield from range(min(minutes, self.longest), least - 1, -QUARTER)

    def bound(self, found: Found, minutes: int) -> float:
        """What no agenda of so many minutes can exceed, on the terms of the one that was found."""
        if found.minutes == minutes:
            return found.draft.bound
        # Any number between the minutes that were used and those that were asked for may be filled.
        up_to = min(minutes, max(self.useful, found.minutes))
        rooms = (self.room(each) for each in range(found.minutes, up_to + 1, QUARTER))
        best = (found.card.choose(room, full=False) for room in rooms if room.ways)
        return max((choice.bound for choice in best if choice), default=found.draft.bound)

    def _drafted(self, card: Menu, minutes: int, quick: bool = False) -> Drafted:
        """What fills exactly so many minutes; found once, asked for often."""
        key = (card.terms.deferred, minutes, quick)
        if key not in self._drafts:
            self._drafts[key] = draft(card, self.room(minutes), quick)
        return self._drafts[key]

    # ── bounds ───────────────────────────────────────────────────────────────────────

    def bounds(self) -> Bounds:
        """The smallest hours that work, with and without deferral, and those that lose nothing."""
        working = [minutes for minutes in self.least if minutes]
        least = Decimal(min(working)) / 60 if working else None
        alone = Decimal(self.least[0]) / 60 if self.least[0] else None
        return Bounds(least, alone, Decimal(self.full) / 60, self.proven)

    @cached_property
    def least(self) -> tuple[int | None, ...]:
        """The least minutes that work under each set of deferred gates.

        With more gates deferred only what is less than without is looked for.
        """
        found: list[int | None] = []
        for card in self.menus:
            below = min((minutes for minutes in found if minutes), default=self.longest + QUARTER)
            found.append(self._smallest(card, below))
        return tuple(found)

    def _smallest(self, card: Menu, below: int) -> int | None:
        """The least minutes that work, found by planning every quarter hour from below."""
        for minutes in range(QUARTER, below, QUARTER):
            if self._drafted(card, minutes, quick=True).draft:
                return minutes
        return None

    @property
    def proven(self) -> bool:
        """Whether each smaller number of hours was shown not to work, not only not found to."""
        working = [minutes for minutes in self.least if minutes]
        below = range(QUARTER, min(working, default=self.longest), QUARTER)
        return all(
            self._drafted(card, minutes, quick=True).proven
            for card in self.menus
            for minutes in below
        )

    @cached_property
    def useful(self) -> int:
        """The minutes from which on more hours add nothing: everything has its most."""
        return self._holding(max(card.heaviest for card in self.menus))

    @property
    def longest(self) -> int:
        """Minutes beyond which nothing is looked for: slack alone cannot fill so many more."""
        return 2 * self.useful + LONGER

    @cached_property
    def full(self) -> int:
        """The minutes whose sums hold everything that is chosen at its plan, with least slack."""
        plan = sum(p.plan for name in self.everything for p in self.offer.pieces[name])
        return self._holding(plan)

    @cached_property
    def everything(self) -> frozenset[str]:
        """All activities that some hours could hold together."""
        card = self.menus[0]
        found = card.choose(self.room(self.useful), full=False)
        return found.chosen if found else frozenset()

    def _holding(self, content: int) -> int:
        """The least minutes of hours that can be laid out and hold so much content."""
        start = max(content, QUARTER) // QUARTER * QUARTER
        for minutes in range(start, 4 * content + LONG, QUARTER):
            if content <= self.room(minutes).most:
                return minutes
        # Days of the full length cannot be laid out: all that there is are shorter ones.
        day = full_day(self.offer.curriculum.program.day, self.basis) // QUARTER * QUARTER
        return next((m for m in range(day, 0, -QUARTER) if self.room(m).ways), QUARTER)


def deferrals(curriculum: Curriculum) -> Iterator[str]:
    """Gate objectives that the mastery policy allows to be deferred, in its order."""
    mastery = curriculum.program.mastery
    named = [d.objective for d in mastery.deferrals] if mastery else []
    yield from (o for o in dict.fromkeys(named) if curriculum.objectives[o].gate)
