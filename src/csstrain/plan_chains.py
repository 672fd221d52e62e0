"""Chains: the chosen pieces in the order of their modules, and what each has to wait for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from csstrain.plan_offer import Offer
from csstrain.plan_pieces import Piece

Vector = tuple[int, ...]  # how many pieces of each chain lie behind
Wait = tuple[int, int]  # another chain, and how many pieces of it must lie behind


@dataclass(frozen=True, slots=True)
class Chains:
    """Pieces in the order of their modules, and what each waits for in other modules.

    `waits[chain][index]` lists (other chain, pieces of it that must lie behind).
    """

    pieces: tuple[tuple[Piece, ...], ...]
    waits: tuple[tuple[tuple[Wait, ...], ...], ...]

    @property
    def end(self) -> Vector:
        """Everything lies behind."""
        return tuple(len(chain) for chain in self.pieces)

    def all(self) -> Iterator[Piece]:
        """All pieces, module after module."""
        for chain in self.pieces:
            yield from chain


def chains(offer: Offer, chosen: Iterable[str]) -> Chains:
    """The chosen activities as one chain of pieces for each module, and what they wait for."""
    wanted = frozenset(chosen)
    by_module: dict[str, list[str]] = {}
    for module in offer.modules:
        names = [n for n in offer.session if n in wanted and offer.module_of(n) == module]
        if names:
            by_module[module] = names
    ends = dict(_ends(offer, by_module.values()))
    waits = tuple(_waits(offer, module, names, ends) for module, names in by_module.items())
    pieces = (tuple(p for n in names for p in offer.pieces[n]) for names in by_module.values())
    return Chains(tuple(pieces), waits)


def _ends(offer: Offer, groups: Iterable[list[str]]) -> Iterator[tuple[str, Wait]]:
    """For each activity its chain, and how many pieces lie behind when it is over."""
    for chain, names in enumerate(groups):
        behind = 0
        for name in names:
            behind += len(offer.pieces[name])
            yield name, (chain, behind)


def _waits(
    offer: Offer, module: str, names: list[str], ends: dict[str, Wait]
) -> tuple[tuple[Wait, ...], ...]:
    """What each piece of a module waits for, less what an earlier one already waited for."""
    required = [
        end for name, end in ends.items() if offer.module_of(name) in offer.required[module]
    ]
    known = {ends[names[0]][0]: len(ends) * 1000}  # the order of its own chain is kept anyway
    waits: list[tuple[Wait, ...]] = []
    for position, name in enumerate(names):
        awaited = [ends[other] for other in _awaited(offer, name, ends.keys())]
        new: dict[int, int] = {}
        for chain, count in (*awaited, *(required if position == 0 else ())):
            if count > max(known.get(chain, 0), new.get(chain, 0)):
                new[chain] = count
        known |= new
        waits += [tuple(sorted(new.items(), reverse=True))] + [()] * (len(offer.pieces[name]) - 1)
    return tuple(waits)


def _awaited(offer: Offer, name: str, chosen: Iterable[str]) -> Iterator[str]:
    """Chosen activities that must be over before this one, the order of modules aside."""
    activity = offer.session[name]
    held = set(chosen)
    pretest = next((a for a in offer.pretests if a.id in held), None)
    if pretest and pretest is not activity and activity.phase != "admin":
        yield pretest.id
    finals = tuple(f for f in offer.finals if f in held)
    if name in finals:
        yield from (a for a in sorted(held) if offer.prepares(offer.session[a], name))
    feedback = next((a for a in offer.feedback_after(finals) if a.id in held), None)
    if finals and feedback is activity:
        yield from finals
