"""Drafts: the choices that some hours allow, placed on their days, and the best of them kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from csstrain.plan.chains import chains
from csstrain.plan.choose import Aims, Choice, Menu, Room, aims, covered, net
from csstrain.plan.clock import timed
from csstrain.plan.comfort import Comfort
from csstrain.plan.days import Calendar, SlackRange
from csstrain.plan.exact import place_exactly
from csstrain.plan.place import LONG, WIDTHS, Drop, Placing, Slot, place

# A draft that is worth so little less than the bound, as a share, is good enough.
NEAR, NEAR_IF_LONG = 0.0018, 0.008
# Minutes that a choice leaves free, from one that is tried to the next: with less to place there
# is more room for runs that cannot be filled to the minute.
LESS = (0, 0, 5, 10, 10, 15, 20, 30, 40, 60, 90, 130)
SETTLED = 8  # choices after which a draft that was found is kept, good enough or not
EVERY = 200  # choices of which each is tried where so few activities are open that all can be
GENEROUS = 60  # minutes more than fit that are on offer where activities may be dropped on the way
LOOSE = 8  # activities, or groups of them, that may be
QUICK = (8, *WIDTHS)  # a narrow search is tried first where any draft will do
WEIGHTS = (3, 24)  # of value against comfort, until a draft comes near the bound


@dataclass(frozen=True, slots=True)
class Draft:
    """Activities with the runs that they were placed on, and what they are worth."""

    calendar: Calendar
    slack: SlackRange
    slots: tuple[Slot, ...]
    chosen: frozenset[str]
    worth: float
    discomfort: int
    bound: float


class Drafted(NamedTuple):
    """The best draft that was found, or None; and whether then it is proven that there is none."""

    draft: Draft | None
    proven: bool


def draft(card: Menu, room: Room, quick: bool = False) -> Drafted:
    """The best that is found for a room.

    The best choices are placed one after the other, each leaving a little more free, until one
    comes near the bound; if none does, the first is tried once more with activities that may be
    dropped on the way. Where few activities are open, every choice is tried in every way.
    `quick` only asks whether there is one: it tries the best choice and the lightest.
    """
    if card.terms.impossible or card.lightest > room.most or card.heaviest < room.least:
        return Drafted(None, True)
    first = card.choose(room)
    if first is None:
        return Drafted(None, True)
    attempt = _Attempt(card, room, first.bound, QUICK if quick else WIDTHS)
    if card.few:
        return attempt.every(first)
    if quick:
        attempt.lightest()
        if attempt.best is None:
            attempt.some(first, LESS[:1])
        return Drafted(attempt.best, attempt.best is not None)
    attempt.some(first, LESS)
    if attempt.best is None:
        attempt.lightest()
    if not attempt.near and not attempt.long:
        attempt.dropping(first)
    return Drafted(attempt.best, attempt.best is not None)


@dataclass
class _Attempt:
    """The best draft so far."""

    card: Menu
    room: Room
    bound: float
    widths: tuple[int, ...] = WIDTHS
    best: Draft | None = None

    @property
    def near(self) -> bool:
        """Whether the best draft comes near the bound."""
        near = NEAR_IF_LONG if self.long else NEAR
        return self.best is not None and self.best.worth >= self.bound * (1 - near)

    @property
    def long(self) -> bool:
        """Whether there are so many runs that one search has to do."""
        return any(sum(s.runs for s in way) > LONG for way in self.room.calendars)

    def some(self, first: Choice, free: Sequence[int]) -> None:
        """Place the best choices, each leaving as much free as is asked, until one is near."""
        ruled = [first.chosen]
        choice: Choice | None = first
        for number, less in enumerate(free):
            if number:
                limit = self.room.most - less if less else None
                choice = self.card.choose(self.room, ruled, limit)
            if choice is None or (self.best and choice.bound <= self.best.worth):
                return
            shared = Aims(choice.minutes, choice.prices, self.bound)
            for weight in WEIGHTS if number == 0 and not self.long else WEIGHTS[-1:]:
                self._place(choice.chosen, shared, {}, weight)
                if self.near:
                    return
            if self.best and number >= SETTLED:
                return
            ruled.append(choice.chosen)

    def lightest(self) -> None:
        """Place the best choice of those with the least to place."""
        choice = self.card.choose(self.room, (), self.card.lightest)
        if choice:
            shared = Aims(choice.minutes, choice.prices, self.bound)
            self._place(choice.chosen, shared, {}, WEIGHTS[-1])

    def every(self, first: Choice) -> Drafted:
        """Place every choice, in every way where the quick one finds none."""
        ruled: list[frozenset[str]] = []
        choice: Choice | None = first
        proven = True
        while choice and not (self.best and choice.bound <= self.best.worth):
            shared = Aims(choice.minutes, choice.prices, self.bound)
            proven = self._place(choice.chosen, shared, {}, WEIGHTS[-1], exact=True) and proven
            ruled.append(choice.chosen)
            if len(ruled) == EVERY:
                return Drafted(self.best, self.best is not None)
            choice = self.card.choose(self.room, ruled)
        return Drafted(self.best, proven or self.best is not None)

    def dropping(self, first: Choice) -> None:
        """Place the first choice, and some that is worth nearly as much, less what does not fit."""
        more = self.card.choose(self.room, full=False, more=GENEROUS)
        less = self.card.choose(self.room, full=False, more=-GENEROUS)
        if more is None or less is None:
            return
        chosen = first.chosen | more.chosen
        chosen = chosen if self.card.terms.hold(chosen) else first.chosen
        price = (more.bound - less.bound) / (2 * GENEROUS)
        shared = aims(self.card.terms.offer, chosen, price, self.bound)
        self._place(chosen, shared, self._loose(chosen, shared), WEIGHTS[-1])

    def _loose(self, chosen: frozenset[str], shared: Aims) -> Mapping[str, Drop]:
        """What may be dropped while placing, by the last activity of each bundle."""
        offer, terms = self.card.terms.offer, self.card.terms
        found: dict[frozenset[str], Drop] = {}
        for name in sorted(chosen - terms.musts):
            gone = terms.bundle(name, chosen)
            if gone is None or any(gone & other for other in found):
                continue
            module = offer.module_of(name)
            inside = [n for n in offer.session if n in chosen and offer.module_of(n) == module]
            places = [place for place, n in enumerate(inside) if n in gone]
            if len(places) == len(gone) == places[-1] - places[0] + 1:
                names = tuple(inside[place] for place in places)
                found[gone] = Drop(names, net(offer, shared, names, chosen))
        best = sorted(found.values(), key=lambda drop: (drop.loss, drop.activities))
        return {drop.activities[-1]: drop for drop in best[:LOOSE]}

    def _place(
        self,
        chosen: frozenset[str],
        shared: Aims,
        loose: Mapping[str, Drop],
        weight: int,
        exact: bool = False,
    ) -> bool:
        """Keep the best draft of a choice; false where none was found but there may be one.

        With `exact` nothing is left out where the beam search finds no way.
        """
        offer = self.card.terms.offer
        settled = True
        # Practice that may come later than its module gives room to both value and comfort.
        work = chains(offer, chosen, spaced=bool(offer.retrieval & chosen))
        comfort = Comfort(offer, work)
        for way, slack in self.room.ways:
            placing = Placing(work, comfort, way, slack, shared, loose, weight)
            made, complete, pains = place(placing, self.widths)
            if exact and made is None and not complete:
                made, complete, pains = place_exactly(work, way, slack)
            if self._keep(way, slack, made, pains):
                return True
            settled = settled and complete
        return settled

    def _keep(
        self, way: Calendar, slack: SlackRange, slots: tuple[Slot, ...] | None, pains: int
    ) -> bool:
        """Whether slots make a draft that holds to the terms; the better one is kept."""
        if slots is None:
            return False
        offer = self.card.terms.offer
        chosen = frozenset(p.activity.id for slot in slots for p in slot.pieces)
        if not self.card.terms.hold(chosen):
            return False
        given = timed(slots, way, slack)
        worth = covered(offer, chosen) + sum(p.value(minutes) for p, minutes in given.items())
        rank = (round(worth, 6), -pains)
        if self.best is None or rank > (round(self.best.worth, 6), -self.best.discomfort):
            self.best = Draft(way, slack, slots, chosen, worth, pains, self.bound)
        return True
