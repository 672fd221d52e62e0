"""How a score is made and what passes: whole numbers compared, so that no boundary is rounded."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import lcm
from typing import Literal

from csstrain.curriculum import Curriculum
from csstrain.model import Cut, Instrument, Item

# What a cell of a score is: one item right or wrong, points for an item, the level of a criterion.
Entry = Literal["item", "points", "level"]


@dataclass(frozen=True)
class FormItems:
    """The items of one form, by their places: which count, and which are followed up if missed."""

    letter: str
    counted: tuple[int, ...]
    followed_up: tuple[int, ...]


@dataclass(frozen=True)
class Scoring:
    """How an instrument with a cut score is scored.

    The score is a whole number: items right, points, the sum of levels, or, where `high` is set,
    how many criteria stand at that level or above. It passes if it is at least `least`, which
    may lie between two whole numbers, and no criterion is below `lowest`.
    """

    instrument: Instrument
    entry: Entry
    entries: int
    possible: int
    least: Fraction
    levels: tuple[int, ...] = ()
    high: int | None = None
    lowest: int | None = None
    forms: tuple[FormItems, ...] = ()

    @property
    def mean(self) -> bool:
        """Whether the score is looked at as a mean of levels."""
        return self.entry == "level" and self.high is None


def scoring(curriculum: Curriculum, instrument: Instrument) -> Scoring | None:
    """How an instrument is scored; none where it has no cut score, or nothing that is scored."""
    cut = instrument.cut
    if cut is None:
        return None
    if instrument.criteria:
        return _of_criteria(instrument, cut)
    return _of_items(curriculum, instrument, cut) if instrument.items else None


def _of_criteria(instrument: Instrument, cut: Cut) -> Scoring:
    levels = sorted({a.level for c in instrument.criteria for a in c.anchors}) or [1, 2, 3, 4]
    count = len(instrument.criteria)
    made = Scoring(instrument, "level", count, count * levels[-1], Fraction(cut.value) * count,
                   tuple(levels), lowest=cut.lowest)  # fmt: skip
    if cut.out_of == count and cut.out_of != levels[-1]:
        # So many criteria at one of the two highest levels.
        return replace(made, possible=count, least=Fraction(cut.value), high=levels[-2:][0])
    if cut.out_of is not None and cut.out_of != levels[-1]:
        return replace(made, least=Fraction(cut.value) * made.possible / Fraction(cut.out_of))
    return made


def _of_items(curriculum: Curriculum, instrument: Instrument, cut: Cut) -> Scoring:
    letters = sorted({item.form for item in instrument.items})
    by_form = {name: [i for i in instrument.items if i.form == name] for name in letters}
    entries = max(map(len, by_form.values()))
    possible = int(cut.out_of or 0)
    counted = {name: _counted(curriculum, items, possible) for name, items in by_form.items()}
    every = {name: tuple(range(len(items))) for name, items in by_form.items()}
    entry: Entry = "item"
    if any(len(places) != possible for places in counted.values()):
        # Either a share, such as 80 of 100, or points that some items give more than one of.
        counted, widest = every, entries
        share = cut.out_of is None or cut.out_of == 100
        entry, possible = ("item", widest) if share else ("points", possible)
    least = Fraction(cut.value)
    if cut.out_of is not None and entry == "item":
        least = least * possible / Fraction(cut.out_of)
    forms = tuple(
        FormItems(name, counted[name], tuple(n for n, i in enumerate(items) if i.critical))
        for name, items in by_form.items()
    )
    return Scoring(instrument, entry, entries, possible, least, forms=forms)


def _counted(curriculum: Curriculum, items: list[Item], possible: int) -> tuple[int, ...]:
    """The items that make the score: all, or those for gates where that is what the cut counts."""
    if len(items) == possible:
        return tuple(range(len(items)))
    return tuple(n for n, item in enumerate(items) if item.objective in curriculum.gates)


@dataclass(frozen=True)
class Part:
    """A part of the decision: instruments to pass one by one, or, where `least` is set, together.

    Together, the sum of their scores, each times its `weights`, has to be at least `least`;
    what each has to reach by itself stands in its own scoring.
    """

    title: str
    gates: tuple[str, ...]
    scorings: tuple[Scoring, ...]
    only_where: str | None = None
    weights: tuple[int, ...] = ()
    least: Fraction | None = None


def parts(curriculum: Curriculum, scorings: tuple[Scoring, ...]) -> tuple[Part, ...]:
    """The parts of the decision that these scorings allow, then each gate that none has covered."""
    known = {each.instrument.id: each for each in scorings if each.instrument.gate}
    gates = {
        name: tuple(i.id for i in curriculum.instruments_of_objective[name])
        for name in curriculum.gates
    }
    made: list[Part] = []
    mastery = curriculum.program.mastery
    for part in mastery.parts if mastery else ():
        found = tuple(known[name] for name in part.instruments if name in known)
        if found:
            plain = Part(part.title, _gates(found, gates), found, part.only_where)
            made.append(_together(plain, part.mean, part.floor))
    covered = {gate for part in made for gate in part.gates}
    for name, deciding in gates.items():
        found = tuple(known[each] for each in deciding if each in known)
        if found and name not in covered:
            made.append(Part(curriculum.label(name), (name,), found))
    return tuple(made)


def _gates(scorings: tuple[Scoring, ...], gates: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """The gates that some scorings decide."""
    names = {each.instrument.id for each in scorings}
    return tuple(gate for gate, deciding in gates.items() if names.intersection(deciding))


def _together(part: Part, mean: Decimal | None, floor: Decimal | None) -> Part:
    if mean is None:
        return part
    # The mean of means m1/n1, m2/n2 … is compared as a sum over the common multiple of the n.
    common = lcm(*(s.entries for s in part.scorings))
    own = tuple(
        replace(s, least=Fraction(floor or 0) * s.entries, high=None) for s in part.scorings
    )
    return replace(
        part,
        scorings=own,
        weights=tuple(common // s.entries for s in part.scorings),
        least=Fraction(mean) * common * len(part.scorings),
    )


def settled(every: tuple[Scoring, ...], decided: tuple[Part, ...]) -> Iterator[Scoring]:
    """Each scoring as it is used: with the floor of its part, where it is scored with others."""
    used = {s.instrument.id: s for part in decided for s in part.scorings}
    for each in every:
        yield used.get(each.instrument.id, each)
