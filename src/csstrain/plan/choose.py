"""Choosing: which activities run and for how long, so that they are worth most in sum."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from csstrain.plan.days import Calendar, SlackRange
from csstrain.plan.offer import RANK, Offer
from csstrain.plan.pieces import Piece
from csstrain.plan.solver import Program, Row, Solution
from csstrain.plan.tail import Tail, latest_start, tails
from csstrain.plan.terms import Terms
from csstrain.plan.value import COVERED


@dataclass(frozen=True, slots=True, eq=False)
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

    @property
    def calendars(self) -> tuple[Calendar, ...]:
        """The days of each way."""
        return tuple(way for way, _ in self.ways)


def capacity(calendar: Calendar) -> int:
    """Minutes for activities and slack in all days."""
    return sum(shape.usable for shape in calendar)


FEW = 7  # activities beside the musts up to which every choice can be tried


class Choice(NamedTuple):
    """Activities chosen together, and a proven bound of what any choice can be worth.

    `minutes` are those that suit each piece, and `prices` what one minute more is worth to it.
    """

    chosen: frozenset[str]
    bound: float
    minutes: Mapping[Piece, int]
    prices: Mapping[Piece, float]


@dataclass(frozen=True)
class Menu:
    """The terms as a linear program: a variable says of each activity whether it is held.

    Its worth is what the activities are worth for their minutes, which grows in straight steps
    (plan.value), and two hours of its need for each KSA that is brought through a stage at all.
    Only sums count here: over all activities, and over those that come before the tail, which
    cannot begin later than its long stretches allow (plan.tail). So what a choice is worth
    bounds every agenda of these hours, wherever its activities are placed.
    """

    terms: Terms
    program: Program
    held: Mapping[str, int]
    steps: Mapping[Piece, tuple[int, ...]]
    _chosen: dict[tuple[Room, bool, int], Choice | None] = field(default_factory=dict)
    _starts: dict[Room, dict[tuple[Tail, frozenset[str]], Row]] = field(default_factory=dict)

    def choose(
        self,
        room: Room,
        without: Sequence[frozenset[str]] = (),
        lighter: int | None = None,
        full: bool = True,
        more: int = 0,
        rough: bool = False,
    ) -> Choice | None:
        """The best choice that the sums of some hours allow; None where there is none.

        `without` names choices that will not do, and `lighter` the most that the least minutes
        of all may add up to: what cannot be placed is asked for again with less to place. With
        `full` the choice can fill the hours. `more` minutes are added to what they hold; `rough`
        is content with a choice that comes near the best.
        """
        plain = not without and lighter is None and not rough
        if plain and (room, full, more) in self._chosen:
            return self._chosen[room, full, more]
        least = room.least if full else 0
        if plain and full and not more:
            free = self.choose(room, full=False)
            if free is None or sum(free.minutes.values()) >= least:
                return free
        rows = [Row(self._minutes(self.held), least, room.most + more)]
        rows += [self._other_than(each) for each in without]
        if lighter is not None:
            rows.append(Row(self._least_minutes(), high=lighter))
        if more:
            found = self.program.best(rows, rough=True)
        else:
            found = self._with_tail(room, rows, rough=rough or bool(without))
        choice = None if found is None else self._choice(found)
        if plain:
            self._chosen[room, full, more] = choice
        return choice

    def _with_tail(self, room: Room, rows: Sequence[Row], rough: bool) -> Solution | None:
        """The best choice whose tails can begin when all else is over.

        What is asked of a tail is added when it is first chosen, until only known ones come back.
        """
        if room not in self._starts:
            # What other hours asked of a tail is most likely asked again.
            keys = [key for other in self._starts.values() for key in other]
            self._starts[room] = {key: self._begin(room, *key) for key in dict.fromkeys(keys)}
        known = self._starts[room]
        while True:
            found = self.program.best([*rows, *known.values()], rough=rough)
            if found is None:
                return None
            new = {}
            for tail in self._tails:
                inside = frozenset(n for n in tail.activities if found.values[self.held[n]] > 0.5)
                if inside and (tail, inside) not in known:
                    new[tail, inside] = self._begin(room, tail, inside)
            if not new:
                return found
            known |= new

    def _begin(self, room: Room, tail: Tail, inside: frozenset[str]) -> Row:
        """What comes before a tail has no more minutes than lie before its latest beginning."""
        offer = self.terms.offer
        pieces = [p for name in offer.session if name in inside for p in offer.pieces[name]]
        start = latest_start(pieces, room.calendars, tail.wander)
        parts = self._minutes(tail.head)
        limit = float(-1 if start is None else start)
        # With fewer activities the tail may begin later; then the row says no more than the hours.
        spare = max(0.0, room.most - limit)
        for name in inside:
            parts[self.held[name]] = spare
        return Row(parts, high=limit + spare * len(inside))

    @cached_property
    def _tails(self) -> tuple[Tail, ...]:
        return tails(self.terms.offer, tuple(self.held))

    def _minutes(self, names: Iterable[str]) -> dict[int, float]:
        """The minutes of some activities, as parts of a row."""
        parts: dict[int, float] = {}
        for name in names:
            parts[self.held[name]] = float(self.terms.offer.least(name))
            for piece in self.terms.offer.pieces[name]:
                parts |= dict.fromkeys(self.steps[piece], 1.0)
        return parts

    def _choice(self, found: Solution) -> Choice:
        chosen = frozenset(n for n, at in self.held.items() if found.values[at] > 0.5)
        minutes: dict[Piece, int] = {}
        prices: dict[Piece, float] = {}
        tail = self._tails[0].activities if self._tails else frozenset()
        for group in (chosen - tail, chosen & tail):
            pieces = [p for name in sorted(group) for p in self.terms.offer.pieces[name]]
            price = 0.0
            for piece in pieces:
                given = [found.values[at] for at in self.steps[piece]]
                minutes[piece] = piece.least + round(sum(given))
                for step, got in zip(piece.steps, given, strict=True):
                    if got < step.minutes - 0.5:
                        price = max(price, step.slope)
            prices |= dict.fromkeys(pieces, price)
        return Choice(chosen, found.bound, minutes, prices)

    def keeping(self, names: Collection[str], most: int) -> frozenset[str]:
        """The choice that keeps most worth of some activities, all at their least minutes."""
        worth = {self.held[name]: self.terms.offer.worth(name) for name in names}
        found = self.program.best([Row(self._least_minutes(), high=most)], worth)
        if found is None:
            return frozenset()
        return frozenset(n for n, at in self.held.items() if found.values[at] > 0.5)

    @property
    def few(self) -> bool:
        """Whether so few activities are open that every choice can be tried."""
        return len(self.terms.usable) - len(self.terms.musts) <= FEW

    @cached_property
    def lightest(self) -> int:
        """The least minutes that the terms allow; without end where they contradict each other."""
        found = self.program.best((), {at: -each for at, each in self._least_minutes().items()})
        return sys.maxsize if found is None else round(-found.bound)

    @cached_property
    def heaviest(self) -> int:
        """The most minutes that a choice can fill; 0 where the terms contradict each other."""
        found = self.program.best((), self._minutes(self.held))
        return 0 if found is None else round(found.bound)

    def _least_minutes(self) -> dict[int, float]:
        return {at: float(self.terms.offer.least(name)) for name, at in self.held.items()}

    def _other_than(self, chosen: frozenset[str]) -> Row:
        """At least one activity more or less."""
        parts = {at: -1.0 if name in chosen else 1.0 for name, at in self.held.items()}
        return Row(parts, 1.0 - len(chosen))


def menu(terms: Terms) -> Menu:
    """The program of some terms, with everything but the hours."""
    offer, program = terms.offer, Program()
    held = {
        name: program.add(offer.worth(name), float(name in terms.musts), 1.0, whole=True)
        for name in terms.usable
    }
    steps: dict[Piece, tuple[int, ...]] = {}
    for name, at in held.items():
        for piece in offer.pieces[name]:
            steps[piece] = tuple(
                program.add(step.slope, 0.0, float(step.minutes)) for step in piece.steps
            )
            for step, more in zip(piece.steps, steps[piece], strict=True):
                program.rows.append(Row({more: 1.0, at: -float(step.minutes)}, high=0.0))
    program.rows += _rules(terms, held)
    # Whether something nice may be held: only if no should is cut.
    nice = program.add(0.0, 0.0, 1.0, whole=True)
    for name in sorted(terms.firm):
        program.rows.append(Row({held[name]: 1.0, nice: -1.0}, 0.0))
    needed = frozenset().union(*terms.excused)
    for name in terms.usable:
        if terms.rank(name) == RANK["nice"] and name not in needed:
            program.rows.append(Row({nice: 1.0, held[name]: -1.0}, 0.0))
    for some in terms.excused:  # one of them is enough, but where no should is cut
        parts = {nice: float(len(some) - 1)} | {held[name]: -1.0 for name in some}
        program.rows.append(Row(parts, -1.0))
    for (ksa, _), able in offer.carriers.items():
        inside = {held[name]: 1.0 for name in able if name in held}
        worth = COVERED * offer.needs[ksa].product
        if inside and worth:
            covered = program.add(worth, 0.0, 1.0)
            program.rows.append(Row({covered: -1.0, **inside}, 0.0))
    return Menu(terms, program, held, steps)


def _rules(terms: Terms, held: Mapping[str, int]) -> Iterator[Row]:
    """The terms as rows over what is held."""
    for name, at in held.items():
        for some in terms.companions[name]:
            yield Row({at: -1.0} | {held[n]: 1.0 for n in some}, 0.0)
        for other in terms.offer.clashes[name]:
            if other in held and name < other:
                yield Row({at: 1.0, held[other]: 1.0}, 0.0, 1.0)
    for some in terms.services:
        yield Row({held[n]: 1.0 for n in some}, 1.0)


# ── the value of a choice ────────────────────────────────────────────────────────────


def covered(offer: Offer, chosen: Collection[str]) -> float:
    """What a choice is worth for the KSAs that it brings through a stage."""
    return sum(
        COVERED * offer.needs[ksa].product
        for (ksa, _), able in offer.carriers.items()
        if not able.isdisjoint(chosen)
    )


class Aims(NamedTuple):
    """The minutes that suit each piece, and the price at which its minutes move elsewhere.

    `worth` is the bound of the choice, against which losses are measured.
    """

    minutes: Mapping[Piece, int]
    prices: Mapping[Piece, float]
    worth: float


def aims(offer: Offer, chosen: Collection[str], price: float, bound: float) -> Aims:
    """The aims of all pieces of some activities at one price: every minute worth more is taken."""
    pieces = [piece for name in sorted(chosen) for piece in offer.pieces[name]]
    minutes = {p: p.least + sum(s.minutes for s in p.steps if s.slope > price) for p in pieces}
    return Aims(minutes, dict.fromkeys(pieces, price), bound)


def net(offer: Offer, shared: Aims, gone: Collection[str], chosen: frozenset[str]) -> float:
    """What a choice loses if some of its activities go and their minutes are spent elsewhere."""
    pieces = [piece for name in sorted(gone) for piece in offer.pieces[name]]
    own = sum(p.value(shared.minutes[p]) - shared.prices[p] * shared.minutes[p] for p in pieces)
    return own + covered(offer, chosen) - covered(offer, chosen - frozenset(gone))
