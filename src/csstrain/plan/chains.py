"""Chains: the chosen pieces in the order of their modules, and what each has to wait for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from csstrain.plan.offer import Offer
from csstrain.plan.pieces import Piece

Vector = tuple[int, ...]  # how many pieces of each chain lie behind
Wait = tuple[int, int]  # another chain, and how many pieces of it must lie behind


@dataclass(frozen=True)
class Chains:
    """Pieces in the order of their modules, and what each waits for in other chains.

    `modules` names the module of each chain; `waits[chain][index]` lists the chains, and how
    many pieces of each, that must lie behind before a piece may be held; `awaited` the same
    seen from a piece: the chains, and how many pieces of each may lie before it at most.
    """

    modules: tuple[str, ...]
    pieces: tuple[tuple[Piece, ...], ...]
    waits: tuple[tuple[tuple[Wait, ...], ...], ...]

    @cached_property
    def end(self) -> Vector:
        """Everything lies behind."""
        return tuple(len(chain) for chain in self.pieces)

    @cached_property
    def awaited(self) -> tuple[tuple[tuple[Wait, ...], ...], ...]:
        """For each piece the first piece of each other chain that waits for it, by its place."""
        found: list[list[dict[int, int]]] = [[{} for _ in chain] for chain in self.pieces]
        for chain, waits in enumerate(self.waits):
            for index, each in enumerate(waits):
                for other, count in each:
                    for piece in range(count):
                        found[other][piece].setdefault(chain, index)
        return tuple(tuple(tuple(sorted(d.items())) for d in chain) for chain in found)

    def all(self) -> Iterator[Piece]:
        """All pieces, chain after chain."""
        for chain in self.pieces:
            yield from chain


def chains(offer: Offer, chosen: Iterable[str], spaced: bool = False) -> Chains:
    """The chosen activities as one chain of pieces for each module, and what they wait for.

    With `spaced`, practice that recalls earlier content stands in chains of its own:
    they may come later than their module, but not later than the final module begins.
    """
    wanted = frozenset(chosen)
    groups: list[list[str]] = []
    for module in offer.modules:
        names = [n for n in offer.session if n in wanted and offer.module_of(n) == module]
        alone = [n for n in names if spaced and n in offer.retrieval]
        together = [n for n in names if n not in alone]
        groups += [group for group in (together, *([name] for name in alone)) if group]
    ends = dict(_ends(offer, groups))
    awaited = _awaited(offer, wanted)
    return Chains(
        tuple(offer.module_of(names[0]) for names in groups),
        tuple(tuple(p for n in names for p in offer.pieces[n]) for names in groups),
        tuple(_waits(offer, names, ends, awaited, spaced) for names in groups),
    )


def _ends(offer: Offer, groups: Iterable[list[str]]) -> Iterator[tuple[str, Wait]]:
    """For each activity its chain, and how many pieces lie behind when it is over."""
    for chain, names in enumerate(groups):
        behind = 0
        for name in names:
            behind += len(offer.pieces[name])
            yield name, (chain, behind)


def _waits(
    offer: Offer,
    names: list[str],
    ends: Mapping[str, Wait],
    awaited: Mapping[str, set[str]],
    spaced: bool,
) -> tuple[tuple[Wait, ...], ...]:
    """What each piece of a chain waits for, less what an earlier one already waited for."""
    known = {ends[names[0]][0]: ends[names[-1]][1]}  # the order of its own chain is kept anyway
    waits: list[tuple[Wait, ...]] = []
    for name in names:
        new: dict[int, int] = {}
        before = awaited.get(name, set()) | _before(offer, name, spaced)
        for chain, count in (ends[other] for other in before & ends.keys()):
            if count > max(known.get(chain, 0), new.get(chain, 0)):
                new[chain] = count
        known |= new
        waits += [tuple(sorted(new.items(), reverse=True))] + [()] * (len(offer.pieces[name]) - 1)
    return tuple(waits)


def _before(offer: Offer, name: str, spaced: bool) -> frozenset[str]:
    """What the order of modules, and of a module's activities, puts before an activity."""
    if not spaced or offer.curriculum.modules[offer.module_of(name)].final:
        return offer.before[name]
    return offer.before[name] - offer.retrieval


def _awaited(offer: Offer, held: frozenset[str]) -> dict[str, set[str]]:
    """What activities wait for besides: the pre-test, what is assessed, the assessments."""
    waits: dict[str, set[str]] = {name: set() for name in held}
    pretest = offer.pretest.id if offer.pretest and offer.pretest.id in held else None
    for name in held if pretest else ():
        if pretest and name != pretest and offer.session[name].phase != "admin":
            waits[name].add(pretest)
    finals = tuple(f for f in offer.finals if f in held)
    for final in finals:
        waits[final] |= {a for a in held if offer.prepares(offer.session[a], final)}
    feedback = next((a.id for a in offer.feedback_after(finals) if a.id in held), None)
    if finals and feedback:
        waits[feedback] |= set(finals)
    return waits
