"""Choosing: which activities run and for how long, so that they are worth most in sum."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from csstrain.plan.offer import RANK, Offer
from csstrain.plan.pieces import Piece
from csstrain.plan.solver import Program, Row
from csstrain.plan.terms import Terms
from csstrain.plan.value import COVERED


class Choice(NamedTuple):
    """Activities chosen together, and a proven bound of what any choice can be worth."""

    chosen: frozenset[str]
    bound: float


@dataclass(frozen=True)
class Menu:
    """The terms as a linear program: a variable says of each activity whether it is held.

    Its worth is what the activities are worth for their minutes, which grows in straight steps
    (plan.value), and an hour of its need for each KSA that is brought through a stage at all.
    Only sums over all activities count here; so what a choice is worth bounds every agenda
    that has no more minutes, wherever its activities are placed.
    """

    terms: Terms
    program: Program
    held: Mapping[str, int]
    minutes: Mapping[int, float]

    def choose(
        self,
        least: int,
        most: int,
        without: Sequence[frozenset[str]] = (),
        lighter: int | None = None,
    ) -> Choice | None:
        """The best choice whose minutes can be between two sums; None where there is none.

        `without` names choices that will not do, and `lighter` the most that the least minutes
        of all may add up to: what cannot be placed is asked for again with less to place.
        """
        rows = [Row(self.minutes, least, most)]
        rows += [self._other_than(chosen) for chosen in without]
        if lighter is not None:
            rows.append(Row(self._least_minutes(), high=lighter))
        found = self.program.best(rows)
        if found is None:
            return None
        chosen = frozenset(n for n, at in self.held.items() if found.values[at] > 0.5)
        return Choice(chosen, found.bound)

    def least(self) -> int | None:
        """The least minutes that the terms allow; None where they contradict each other."""
        found = self.program.best((), {at: -each for at, each in self._least_minutes().items()})
        return None if found is None else round(-found.bound)

    def most(self) -> int | None:
        """The most minutes that a choice can fill; None where the terms contradict each other."""
        found = self.program.best((), self.minutes)
        return None if found is None else round(found.bound)

    def _least_minutes(self) -> dict[int, float]:
        return {at: float(self.terms.offer.least(name)) for name, at in self.held.items()}

    def _other_than(self, chosen: Collection[str]) -> Row:
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
    minutes = {at: float(offer.least(name)) for name, at in held.items()}
    for name, at in held.items():
        for piece in offer.pieces[name]:
            for step in piece.steps:
                more = program.add(step.slope, 0.0, float(step.minutes))
                program.rows.append(Row({more: 1.0, at: -float(step.minutes)}, high=0.0))
                minutes[more] = 1.0
    program.rows += _rules(terms, held)
    for (ksa, _), able in offer.carriers.items():
        inside = {held[name]: 1.0 for name in able if name in held}
        worth = COVERED * offer.needs[ksa].product
        if inside and worth:
            covered = program.add(worth, 0.0, 1.0)
            program.rows.append(Row({covered: -1.0, **inside}, 0.0))
    return Menu(terms, program, held, minutes)


def _rules(terms: Terms, held: Mapping[str, int]) -> Iterator[Row]:
    """The terms as rows over what is held."""
    for name, at in held.items():
        for some in terms.companions[name]:
            yield Row({at: -1.0} | {held[n]: 1.0 for n in some}, 0.0)
        for other in terms.offer.clashes[name]:
            if other in held and name < other:
                yield Row({at: 1.0, held[other]: 1.0}, 0.0, 1.0)
        if terms.rank(name) == RANK["nice"] and name not in terms.excused:
            for should in sorted(terms.firm):
                yield Row({held[should]: 1.0, at: -1.0}, 0.0)
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
    """The minutes that suit each piece at the price of one more minute of the hours.

    At that price a piece takes every minute that is worth more. `worth` is the bound of the
    choice, against which losses are measured.
    """

    minutes: Mapping[Piece, int]
    price: float
    worth: float


def aims(offer: Offer, chosen: Collection[str], price: float, bound: float) -> Aims:
    """The aims of all pieces of some activities."""
    minutes = {
        piece: piece.least + sum(s.minutes for s in piece.steps if s.slope > price)
        for name in sorted(chosen)
        for piece in offer.pieces[name]
    }
    return Aims(minutes, price, bound)


def net(offer: Offer, shared: Aims, gone: Collection[str], chosen: frozenset[str]) -> float:
    """What a choice loses if some of its activities go and their minutes are spent elsewhere."""
    pieces = [piece for name in sorted(gone) for piece in offer.pieces[name]]
    own = sum(p.value(shared.minutes[p]) - shared.price * shared.minutes[p] for p in pieces)
    return own + covered(offer, chosen) - covered(offer, chosen - frozenset(gone))
