"""Rules about scales: levels that exist, stand in order, and are joined by a crosswalk."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from csstrain.check import Finding, Review, rule
from csstrain.diagnostic import Related, Severity
from csstrain.model import Competency, Ksa, Objective, Scale


@rule(Severity.ERROR)
def levels_out_of_order(review: Review) -> Iterator[Finding]:
    """The levels of a scale do not rise, or one stands twice.

    A number must mean one thing to the trainee who is rated, to the trainer who rates and to the
    supervisor who reads it. Two levels 2, or a 3 above a 2, leave each of them with a scale of
    their own.

    Source: a proficiency scale is an ordered set of levels, NIH Competencies Proficiency Scale.

    Flagged:

        scale:
          id: s1
          title: Desk scale
          levels:
            - {level: 1, name: With help}
            - {level: 3, name: Leads others}
            - {level: 2, name: Alone}  # <--

    Clean:

        scale:
          id: s1
          title: Desk scale
          levels: [{level: 1, name: With help}, {level: 2, name: Alone}]
    """
    for scale in review.curriculum.scales.values():
        for index, (lower, higher) in enumerate(pairwise(scale.levels), 1):
            if higher.level <= lower.level:
                yield Finding(
                    scale.id,
                    f"level {higher.level} ({higher.name}) of scale `{scale.id}` stands after "
                    f"level {lower.level} ({lower.name})",
                    "write each level once, from the lowest to the highest",
                    ("levels", index, "level"),
                )


@rule(Severity.ERROR)
def level_off_scale(review: Review) -> Iterator[Finding]:
    """A level is named that its scale does not have.

    Nobody can say what a trainee at that level does, so it can be neither taught nor rated.
    KSA targets and the levels of objectives are held against the house scale (`scale` of the
    program), the target and behaviors of a competency against the scale of its target, and a
    scale's ceiling and statements against the scale itself. The scores of a rubric are no levels
    of a scale and are left alone; so is every level where the program names no house scale.

    Source: judgment of the authors.

    Flagged:

        ksas:
          - {id: k1, statement: Greet a customer., classes: [skill],
             target_job: 4}  # <--

    Clean:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill], target_job: 3}]
    """
    curriculum = review.curriculum
    house = curriculum.scales.get(curriculum.program.scale or "")
    for scale in curriculum.scales.values():
        yield from _of_scale(scale)
    if house:
        for ksa in curriculum.ksas.values():
            yield from _of_ksa(ksa, house)
        for objective in curriculum.objectives.values():
            yield from _of_objective(objective, house)
    for competency in curriculum.competencies.values():
        if competency.target:
            yield from _of_competency(competency, curriculum.scales[competency.target.scale])


@rule(Severity.ERROR)
def target_above_ceiling(review: Review) -> Iterator[Finding]:
    """Training promises a level that training alone cannot certify.

    A course with simulations shows what somebody does in a simulation. Whoever promises more
    lets trainees fail on the job at what their certificate says, and HR decide on what nobody has
    seen. The limit is the `ceiling` of the house scale; what lies above it is a `target_job`, which
    supervisors follow up.

    Source: the wording of novice and intermediate, NIH Competencies Proficiency Scale.

    Flagged:

        ksas:
          - {id: k1, statement: Greet a customer., classes: [skill],
             target_end_of_training: 3}  # <--

    Clean:

        ksas:
          - {id: k1, statement: Greet a customer., classes: [skill],
             target_end_of_training: 2, target_job: 3}
    """
    curriculum = review.curriculum
    house = curriculum.scales.get(curriculum.program.scale or "")
    if house is None or house.ceiling is None:
        return
    for ksa in curriculum.ksas.values():
        if ksa.required > house.ceiling and _named(house, ksa.required):
            yield Finding(
                ksa.id,
                f"`{ksa.id}` ({ksa.short}) is to reach level "
                f"{ksa.required} in training, which alone certifies no more than "
                f"{_named(house, house.ceiling)}",
                f"set `target_end_of_training: {house.ceiling}`, and keep {ksa.required} as "
                "`target_job`",
                ("target_end_of_training",),
                (Related(curriculum.at(house.id, "ceiling"), "the ceiling of the house scale"),),
            )


@rule(Severity.WARNING)
def target_without_crosswalk(review: Review) -> Iterator[Finding]:
    """Competencies have a target on a level that is not joined to the house scale.

    What the job needs and what training reaches then stand on two scales, and nobody can tell HR
    how far apart they are. Say which house level it equals, or write in the `crosswalk` of the
    scale why it cannot be joined.

    Source: judgment of the authors, after the five-level scale of NIH.

    Flagged:

        source: {id: s, title: Profile, file: profile.txt}
        scale: {id: s1, title: Desk scale, levels: [{level: 1, name: Rarely},
          {level: 2, name: Always}]}  # <--
        competency: {id: c1, name: Contact, origin: s, definition: Serves customers.,
          target: {scale: s1, level: 2}}

    Clean:

        source: {id: s, title: Profile, file: profile.txt}
        scale: {id: s1, title: Desk scale, levels: [{level: 1, name: Rarely},
          {level: 2, name: Always, house: 3}]}
        competency: {id: c1, name: Contact, origin: s, definition: Serves customers.,
          target: {scale: s1, level: 2}}
    """
    curriculum = review.curriculum
    targets: dict[tuple[str, int], list[Competency]] = {}
    for competency in curriculum.competencies.values():
        if competency.target:
            key = (competency.target.scale, competency.target.level)
            targets.setdefault(key, []).append(competency)
    for (name, level), aiming in targets.items():
        scale = curriculum.scales[name]
        index = next((i for i, each in enumerate(scale.levels) if each.level == level), None)
        if name == curriculum.program.scale or scale.crosswalk or index is None:
            continue
        if scale.levels[index].house is None:
            yield Finding(
                name,
                f"level {level} ({scale.levels[index].name}) of scale `{name}` is a target, and "
                "nothing says which house level it equals",
                "add `house: …` to the level, or `crosswalk: …` with the reason why it has none",
                ("levels", index),
                tuple(
                    Related(curriculum.at(c.id, "target"), f"target of `{c.id}` ({c.name})")
                    for c in aiming
                ),
            )


@rule(Severity.ERROR)
def crosswalk_astray(review: Review) -> Iterator[Finding]:
    """A crosswalk leads to a house level that is not there, or falls where its levels rise.

    A profile's level 4 must not equal less than its level 3: somebody who grew on one scale would
    shrink on the other, and targets of the job would be compared with the wrong level of training.

    Source: judgment of the authors.

    Flagged:

        scale:
          id: s1
          title: Desk scale
          levels:
            - {level: 1, name: Rarely, house: 2}
            - {level: 2, name: Always, house: 1}  # <--

    Clean:

        scale:
          id: s1
          title: Desk scale
          levels: [{level: 1, name: Rarely, house: 1}, {level: 2, name: Always, house: 2}]
    """
    curriculum = review.curriculum
    house = curriculum.scales.get(curriculum.program.scale or "")
    for scale in curriculum.scales.values():
        above = 0
        for index, each in enumerate(scale.levels):
            if each.house is None:
                continue
            fault = _astray(scale, each.level, each.house, above, house)
            if fault:
                yield Finding(scale.id, *fault, ("levels", index, "house"))
            above = max(above, each.house)


def _astray(
    scale: Scale, level: int, equal: int, above: int, house: Scale | None
) -> tuple[str, str] | None:
    """What is wrong with one step of a crosswalk, and what would be right."""
    joined = f"level {level} of scale `{scale.id}` equals house level {equal}"
    if house and not _named(house, equal):
        return f"{joined}, which `{house.id}` does not have", _choose(house)
    if house is scale and equal != level:
        return f"{joined}, but this is the house scale", "delete `house`"
    if equal < above:
        return f"{joined}, less than a lower level does", f"give {above} or more"
    return None


def _of_scale(scale: Scale) -> Iterator[Finding]:
    if scale.ceiling and not _named(scale, scale.ceiling):
        yield _off(scale.id, "the ceiling is", scale.ceiling, scale, ("ceiling",))
    for index, each in enumerate(scale.levels):
        for number, statement in enumerate(each.statements):
            if statement.level and not _named(scale, statement.level):
                at = ("levels", index, "statements", number, "level")
                yield _off(scale.id, "a statement is for", statement.level, scale, at)


def _of_ksa(ksa: Ksa, house: Scale) -> Iterator[Finding]:
    for field in ("target_job", "target_end_of_training"):
        level: int | None = getattr(ksa, field)
        if level and not _named(house, level):
            yield _off(ksa.id, f"`{ksa.id}` has `{field}`", level, house, (field,))


def _of_objective(objective: Objective, house: Scale) -> Iterator[Finding]:
    for index, link in enumerate(objective.ksas):
        if not _named(house, link.level):
            what = f"`{objective.id}` brings `{link.ksa}` to"
            yield _off(objective.id, what, link.level, house, ("ksas", index, "level"))


def _of_competency(competency: Competency, scale: Scale) -> Iterator[Finding]:
    assert competency.target
    if not _named(scale, competency.target.level):
        what = f"the target of `{competency.id}` is"
        yield _off(competency.id, what, competency.target.level, scale, ("target", "level"))
    for index, behavior in enumerate(competency.behaviors):
        if behavior.level and not _named(scale, behavior.level):
            what = f"a behavior of `{competency.id}` is for"
            at = ("behaviors", index, "level")
            yield _off(competency.id, what, behavior.level, scale, at)


def _off(name: str, what: str, level: int, scale: Scale, at: tuple[str | int, ...]) -> Finding:
    message = f"{what} level {level}, which scale `{scale.id}` ({scale.title}) does not have"
    return Finding(name, message, _choose(scale), at)


def _choose(scale: Scale) -> str:
    named = ", ".join(f"{each.level} ({each.name})" for each in scale.levels)
    return f"use one of its levels: {named}"


def _named(scale: Scale, level: int) -> str:
    """A level with its name, as in `2 (Working)`; nothing where the scale does not have it."""
    names = (each.name for each in scale.levels if each.level == level)
    return next((f"{level} ({name})" for name in names), "")
