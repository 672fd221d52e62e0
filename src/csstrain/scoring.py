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

    @property
    def least_mean(self) -> str:
        """The mean that passes, as policies write it."""
        return mean_text(self.least / self.entries)

    @property
    def least_whole(self) -> int:
        """The first whole number that passes."""
        return -(-self.least.numerator // self.least.denominator)


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

    @property
    def least_mean(self) -> str:
        """The mean of the means that passes; nothing where each instrument is passed by itself."""
        if self.least is None:
            return ""
        first = self.scorings[0]
        return mean_text(self.least / (self.weights[0] * first.entries * len(self.scorings)))


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


# ── in words ─────────────────────────────────────────────────────────────────────────


def mean_text(mean: Fraction) -> str:
    """A mean as policies write it, with a decimal even where it is whole.

    >>> mean_text(Fraction(3)), mean_text(Fraction(5, 2)), mean_text(Fraction(11, 4))
    ('3.0', '2.5', '2.75')
    """
    text = f"{float(mean):g}"
    return text if "." in text else f"{text}.0"


def rule_text(each: Scoring, joined: bool = False) -> str:
    """What passes, in words, and whether that is settled."""
    text = cut_text(each, joined)
    cut = each.instrument.cut
    if cut is not None and cut.provisional:
        text += " Provisional: no decision about employment may rest on it."
    return text


def cut_text(each: Scoring, joined: bool = False) -> str:
    """What passes, in words; `joined` where the score decides only together with others."""
    least = each.least_whole
    if each.entry != "level":
        unit = "points" if each.entry == "points" else "items"
        text = f"Passes with {least} of {each.possible} {unit}."
        if any(len(form.counted) < each.entries for form in each.forms):
            counted = each.forms[0].counted
            text += f" Items {counted[0] + 1} to {counted[-1] + 1} count; others are taught again."
    elif each.high is not None:
        text = f"Passes with {least} of {each.possible} criteria at level {each.high} or more."
    else:
        what = "Its floor is" if joined else "Passes with"
        text = f"{what} a mean of {each.least_mean}: a sum of {least} of {each.possible}."
    if each.lowest is not None:
        text += f" No criterion below {each.lowest}."
    return text


def part_text(part: Part) -> str:
    """A part of the decision in words."""
    text = part.title
    if part.least is not None:
        text += f": a mean of {part.least_mean} over {len(part.scorings)} together"
    return text + (f", where {part.only_where}" if part.only_where else "")
