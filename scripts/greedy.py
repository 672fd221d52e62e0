"""A greedy planner as a yardstick: it takes what is worth most for each minute, and places nothing.

It keeps to the same terms as the planner (plan.terms) and is valued by the same function, but
never goes back on what it took; and no order and no clock bind it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from heapq import heappop, heappush

from csstrain.plan.choose import covered, menu
from csstrain.plan.pieces import Piece
from csstrain.plan.solver import Row
from csstrain.plan.terms import Terms

Offered = str | Piece  # an activity that is not held, or a piece that could have more minutes


def greedy(terms: Terms, minutes: int) -> float | None:
    """What the greedy choice for so many minutes is worth; None where it breaks the terms.

    It begins with all that must be held, and what gates need, at their least minutes. Then it
    takes, whichever is worth more for each minute, a further activity with what that needs, or
    further minutes for one that it holds.
    """
    choice = _Choice(terms, minutes)
    choice.begin()
    choice.fill()
    held = choice.left >= 0 and terms.hold(choice.held)
    return choice.worth() if held else None


def bound(terms: Terms, minutes: int) -> float:
    """What no choice of so many minutes can exceed, bound by no order and no clock either.

    An agenda's own bound may be less: long stretches at its end leave fewer minutes before them.
    """
    card = menu(terms)
    parts = {at: float(terms.offer.least(name)) for name, at in card.held.items()}
    parts |= {at: 1.0 for steps in card.steps.values() for at in steps}
    found = card.program.best((Row(parts, high=minutes),))
    return found.bound if found else 0.0


@dataclass
class _Choice:
    """The minutes of each piece that is held, and the minutes that are left."""

    terms: Terms
    left: int
    given: dict[Piece, int] = field(default_factory=dict)
    held: frozenset[str] = frozenset()
    queue: list[tuple[float, int, Offered]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)
    pushed: int = 0

    def worth(self) -> float:
        """The value of the choice, as the planner counts it."""
        offer = self.terms.offer
        return covered(offer, self.held) + sum(p.value(m) for p, m in self.given.items())

    def begin(self) -> None:
        """Hold all musts, and what each gate and each of them needs."""
        self._hold(self.terms.musts)
        for name in sorted(self.terms.musts):
            self._hold(self.terms.brings(name, self.held))
        for some in self.terms.services:
            if some.isdisjoint(self.held):
                self._hold(self._with(max(sorted(some), key=self._density)))
        for name in self.terms.usable:
            self._offer(name)

    def fill(self) -> None:
        """Take what is worth most for each minute until nothing more fits."""
        while self.queue and self.left > 0:
            _, _, best = heappop(self.queue)
            density = self._density(best)
            if not density:
                continue
            if self.queue and density < -self.queue[0][0]:
                self._offer(best)  # it was worth more when it was offered
            elif isinstance(best, Piece):
                self._lengthen(best)
            elif self._too_nice(best):
                self.waiting.append(best)
            else:
                self._hold(self._with(best))

    def _offer(self, each: Offered) -> None:
        density = self._density(each)
        if density:
            self.pushed += 1
            heappush(self.queue, (-density, self.pushed, each))

    def _density(self, each: Offered) -> float:
        """What a minute of it is worth; 0 where it cannot be taken, or not any more."""
        if isinstance(each, Piece):
            return self._next_step(each)[1]
        names, offer = self._with(each) - self.held, self.terms.offer
        least = sum(offer.least(name) for name in names)
        after = self.held | names
        clash = any(not after.isdisjoint(offer.clashes[name]) for name in names)
        if each in self.held or clash or least > self.left:
            return 0.0
        gain = covered(offer, after) - covered(offer, self.held)
        return (gain + sum(offer.worth(name) for name in names)) / least

    def _with(self, name: str) -> frozenset[str]:
        """An activity and what it needs."""
        return self.terms.brings(name, self.held) | {name}

    def _too_nice(self, name: str) -> bool:
        """Whether a should would be cut beside it that has to be held first."""
        return (
            self.terms.indulges(self.held | self._with(name)) and not self.terms.firm <= self.held
        )

    def _hold(self, names: frozenset[str]) -> None:
        """Hold activities at their least minutes, and offer more for them."""
        new = [piece for n in sorted(names - self.held) for piece in self.terms.offer.pieces[n]]
        self.held |= names
        for piece in new:
            self.given[piece] = piece.least
            self.left -= piece.least
            self._offer(piece)
        if self.waiting and self.terms.firm <= self.held:
            again, self.waiting = self.waiting, []
            for name in again:
                self._offer(name)

    def _next_step(self, piece: Piece) -> tuple[int, float]:
        """Minutes that a piece can have next, and what each of them is worth."""
        beyond = self.given[piece] - piece.least
        for step in piece.steps:
            if beyond < step.minutes:
                return step.minutes - beyond, step.slope
            beyond -= step.minutes
        return 0, 0.0

    def _lengthen(self, piece: Piece) -> None:
        minutes = min(self._next_step(piece)[0], self.left)
        self.given[piece] += minutes
        self.left -= minutes
        self._offer(piece)
