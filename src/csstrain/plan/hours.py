"""Hours: the best agenda that they allow, which numbers of them work, and which lose nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from itertools import combinations
from math import ceil, floor

from csstrain.agenda import Basis, Bounds
from csstrain.curriculum import Curriculum
from csstrain.model import WorkingDay
from csstrain.plan.chains import chains
from csstrain.plan.clock import timed
from csstrain.plan.choose import Aims, Choice, Menu, aims, covered, menu, net
from csstrain.plan.comfort import Comfort
from csstrain.plan.days import Calendar, calendars
from csstrain.plan.offer import Offer
from csstrain.plan.pieces import Piece
from csstrain.plan.place import Drop, Placing, SlackRange, Slot, place
from csstrain.plan.terms import Terms

QUARTER = 15  # hours are planned in quarters
TRIES = 24  # choices that may fail to be placed before hours are given up
EXACT = 8  # of these, how many are the next best; the others have less and less to place
LIGHTER = 10  # minutes less to place, from one of the others to the next
GENEROUS = 60
NEAR = 0.0025
MORE = 2
LOOSE = 8
LONG = 6000  # minutes looked at beyond four times the content, to find a day that holds it


@dataclass(frozen=True, slots=True)
class Draft:
    """Activities with the runs that they were placed on."""

    calendar: Calendar
    slack: SlackRange
    slots: tuple[Slot, ...]
    chosen: frozenset[str]
    worth: float


@dataclass(frozen=True, slots=True)
class Found:
    """An agenda in the making, for so many minutes of the hours."""

    terms: Terms
    draft: Draft
    minutes: int


@dataclass(frozen=True, slots=True)
class Room:
    """The ways to lay out some hours: their days, and the slack that these must hold."""

    ways: tuple[tuple[Calendar, SlackRange], ...]

    @property
    def most(self) -> int:
        """The most minutes that activities can have."""
        return max((capacity(way) - slack.least for way, slack in self.ways), default=-1)

    @property
    def least(self) -> int:
        """The least minutes that activities must fill."""
        return min((capacity(way) - slack.most for way, slack in self.ways), default=0)


def capacity(calendar: Calendar) -> int:
    """Minutes for activities and slack in all days."""
    return sum(shape.usable for shape in calendar)


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
    _drafts: dict[tuple[frozenset[str], int], tuple[Draft | None, bool]] = field(
        default_factory=dict
    )
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
            for less in range(min(minutes, self.useful), (least or minutes + 1) - 1, -QUARTER):
                made, _ = self._draft(card, less)
                if made:
                    return Found(card.terms, made, less)
        return None

    def bound(self, terms: Terms, minutes: int) -> float:
        """What no agenda of so many minutes can exceed, with these gates deferred."""
        card = next(c for c in self.menus if c.terms is terms)
        found = card.choose(0, self.room(minutes).most)
        return found.bound if found else 0.0

    def _draft(self, card: Menu, minutes: int) -> tuple[Draft | None, bool]:
        """What fills exactly so many minutes; and, where nothing does, whether that is proven."""
        key = (card.terms.deferred, minutes)
        if key not in self._drafts:
            self._drafts[key] = self._made(card, self.room(minutes))
        return self._drafts[key]

    def _made(self, card: Menu, room: Room) -> tuple[Draft | None, bool]:
        """The best that is found for a room; or nothing, and whether that is proven.

        First the best choice is placed as it is, then with a little more that may be dropped on
        the way, then with more weight on value; what cannot be placed at all is asked for again
        without, and at last with less and less to place.
        """
        if card.terms.impossible or self._lightest(card) > room.most:
            return None, True
        best: Draft | None = None
        failed: list[frozenset[str]] = []
        proven, lighter, bound = True, None, 0.0
        for number in range(TRIES):
            choice = card.choose(room.least, room.most, failed, lighter)
            if choice is None:
                return best, bool(best) or (proven and lighter is None)
            bound = bound or choice.bound
            if best and choice.bound <= best.worth:
                return best, True
            for made, complete in self._placed(card, choice, room, bound):
                proven = proven and complete
                if made and (best is None or made.worth > best.worth + 1e-9):
                    best = made
                if best and best.worth >= bound * (1 - NEAR):
                    return best, True
            if best and number >= MORE:
                return best, True
            failed.append(choice.chosen)
            if number >= EXACT:
                least = sum(self.offer.least(name) for name in choice.chosen)
                lighter = min(least, lighter or least) - LIGHTER
        return best, bool(best)

    def _placed(
        self, card: Menu, choice: Choice, room: Room, bound: float
    ) -> Iterator[tuple[Draft | None, bool]]:
        """A choice placed in several ways, each more eager for value than the one before."""
        chosen, price = self._generous(card, choice, room)
        shared = aims(self.offer, choice.chosen, self._price(choice, room), bound)
        yield self._place(card, choice.chosen, shared, {}, room, 1)
        yield self._place(card, choice.chosen, shared, {}, room, 8)
        shared = aims(self.offer, chosen, price, bound)
        yield self._place(card, chosen, shared, self._loose(card, chosen, shared), room, 8)

    def _price(self, choice: Choice, room: Room) -> float:
        """What the last minute of a choice is worth."""
        pieces = [p for name in choice.chosen for p in self.offer.pieces[name]]
        left = room.most - sum(p.least for p in pieces)
        for step in sorted((s for p in pieces for s in p.steps), key=lambda s: -s.slope):
            left -= step.minutes
            if left < 0:
                return step.slope
        return 0.0

    def _generous(self, card: Menu, choice: Choice, room: Room) -> tuple[frozenset[str], float]:
        """More than the hours hold, to drop from while placing; and the price of a minute."""
        more = card.choose(0, room.most + GENEROUS)
        less = card.choose(0, room.most - GENEROUS)
        low = less.bound if less else 0.0
        high = more.bound if more else choice.bound
        both = choice.chosen | (more.chosen if more else frozenset())
        price = (high - low) / (2 * GENEROUS) if less else (high - choice.bound) / GENEROUS
        return (both if card.terms.hold(both) else choice.chosen), price

    def _loose(self, card: Menu, chosen: frozenset[str], shared: Aims) -> dict[str, Drop]:
        """What may be dropped while placing, by the last activity of each bundle."""
        found: dict[str, Drop] = {}
        order = {name: n for n, name in enumerate(self.offer.session)}
        for name in sorted(chosen - card.terms.musts):
            gone = card.terms.bundle(name, chosen)
            if gone is None or any(gone & set(d.activities) for d in found.values()):
                continue
            names = tuple(sorted(gone, key=lambda n: order[n]))
            module = {self.offer.module_of(n) for n in names}
            inside = [n for n in self.offer.session if n in chosen and {self.offer.module_of(n)} == module]
            first = inside.index(names[0])
            if len(module) == 1 and tuple(inside[first : first + len(names)]) == names:
                found[names[-1]] = Drop(names, net(self.offer, shared, names, chosen))
        best = sorted(found.values(), key=lambda d: (d.loss, d.activities))[:LOOSE]
        return {d.activities[-1]: d for d in best}

    def _place(
        self,
        card: Menu,
        chosen: frozenset[str],
        shared: Aims,
        loose: Mapping[str, Drop],
        room: Room,
        weight: int,
    ) -> tuple[Draft | None, bool]:
        """A choice on the calendar that takes it best, less what had to be dropped."""
        complete = True
        best: Draft | None = None
        wander = any(name in self.offer.retrieval for name in chosen)
        for spaced in (False, True) if wander else (False,):
            work = chains(self.offer, chosen, spaced)
            comfort = Comfort(self.offer, work)
            for way, slack in room.ways:
                placing = Placing(work, comfort, way, slack, shared, loose, weight)
                found = place(placing)
                if found.slots is not None:
                    held = frozenset(p.activity.id for s in found.slots for p in s.pieces)
                    if card.terms.hold(held):
                        given = timed(found.slots, way, slack)
                        worth = self._worth(held, given)
                        if best is None or worth > best.worth:
                            best = Draft(way, slack, found.slots, held, worth)
                complete = found.complete if spaced or not wander else complete
            if best:
                return best, True
        return None, complete

    def _worth(self, chosen: frozenset[str], given: Mapping[Piece, int]) -> float:
        """The value of an agenda: of its minutes, and of the KSAs brought through a stage."""
        minutes = sum(piece.value(minutes) for piece, minutes in given.items())
        return covered(self.offer, chosen) + minutes

    @cached_property
    def _lightest_of(self) -> dict[frozenset[str], int]:
        return {}

    def _lightest(self, card: Menu) -> int:
        """The least minutes that must be held; more than any room where nothing can be."""
        key = card.terms.deferred
        if key not in self._lightest_of:
            least = card.least()
            self._lightest_of[key] = 10**9 if least is None else least
        return self._lightest_of[key]

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
            below = min((minutes for minutes in found if minutes), default=self.useful + QUARTER)
            found.append(self._smallest(card, below))
        return tuple(found)

    def _smallest(self, card: Menu, below: int) -> int | None:
        """The least minutes that work, found by planning every quarter hour from below."""
        for minutes in range(QUARTER, below, QUARTER):
            if self._draft(card, minutes)[0]:
                return minutes
        return None

    @property
    def proven(self) -> bool:
        """Whether each smaller number of hours was shown not to work, not only not found to."""
        working = [minutes for minutes in self.least if minutes]
        below = range(QUARTER, min(working, default=self.useful), QUARTER)
        return all(self._draft(card, minutes)[1] for card in self.menus for minutes in below)

    @cached_property
    def useful(self) -> int:
        """The minutes from which on more hours add nothing: everything has its most."""
        most = max((card.most() or 0 for card in self.menus), default=0)
        return self._holding(most)

    @cached_property
    def full(self) -> int:
        """The minutes whose sums hold everything that is chosen at its plan, with least slack."""
        plan = sum(p.plan for name in self.everything for p in self.offer.pieces[name])
        return self._holding(plan)

    @cached_property
    def everything(self) -> frozenset[str]:
        """All activities that some hours could hold together."""
        card = self.menus[0]
        found = card.choose(0, self.room(self.useful).most)
        return found.chosen if found else frozenset()

    def _holding(self, content: int) -> int:
        """The least minutes of hours that can be laid out and hold so much content."""
        start = max(content, QUARTER) // QUARTER * QUARTER
        for minutes in range(start, 4 * content + LONG, QUARTER):
            if content <= self.room(minutes).most:
                return minutes
        # Days of the full length cannot be laid out: all that there is are shorter ones.
        return next((m for m in range(start, 0, -QUARTER) if self.room(m).ways), QUARTER)


def deferrals(curriculum: Curriculum) -> Iterator[str]:
    """Gate objectives that the mastery policy allows to be deferred, in its order."""
    mastery = curriculum.program.mastery
    named = [d.objective for d in mastery.deferrals] if mastery else []
    yield from (o for o in dict.fromkeys(named) if curriculum.objectives[o].gate)
