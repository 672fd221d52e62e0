"""Rules about levels of learning: verb, level, class of KSA and test items fit each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from csstrain.check import Finding, Review, rule
from csstrain.curriculum import Curriculum, certifies
from csstrain.diagnostic import Related, Severity
from csstrain.model import LEVELS, Instrument, Objective, VerbList
from csstrain.rules.objectives import opening
from csstrain.wording import words

# From which level on an objective asks for what a KSA of each class is; abilities and experience
# are brought along, and no objective fits or misfits them.
LOWEST: Mapping[str, Mapping[str, str]] = {
    "declarative": {"cognitive": "remember", "interpersonal": "remember"},
    "procedural": {"cognitive": "apply", "interpersonal": "apply", "psychomotor": "imitate"},
    "strategic": {"cognitive": "analyze", "interpersonal": "analyze"},
    "skill": {"cognitive": "apply", "interpersonal": "apply", "psychomotor": "imitate"},
    "attitude": {"affective": "respond", "interpersonal": "apply"},
}
CLASS_WORDS = {
    "declarative": "knowledge of facts",
    "procedural": "knowledge of how and when",
    "strategic": "knowledge of how to plan and revise",
    "skill": "a skill",
    "attitude": "an attitude",
}


@rule(Severity.ERROR)
def level_of_another_domain(review: Review) -> Iterator[Finding]:
    """An objective names a level that its domain does not have.

    Domain and level together decide which verbs, methods and evidence fit; where they contradict
    each other, every judgment after that is a guess. Cognitive objectives run from remember to
    create and interpersonal ones use the same levels; affective ones run from receive to
    characterize and psychomotor ones from imitate to naturalize.

    Source: Bloom, Krathwohl and Dave as in published verb lists (IUPUI); judgment of the authors.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - id: o1
              kind: terminal
              verb: greet
              behavior: a customer
              domain: affective
              level: apply  # <--

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - id: o1
              kind: terminal
              verb: greet
              behavior: a customer
              domain: interpersonal
              level: apply
    """
    for objective in review.curriculum.objectives.values():
        levels = LEVELS[objective.domain]
        if objective.level not in levels:
            yield Finding(
                objective.id,
                f"objective `{objective.id}` ({objective.label}) is {objective.domain}, and "
                f"`{objective.level}` is no {objective.domain} level",
                f"choose one of {', '.join(levels)}, or the domain that was meant",
                ("level",),
            )


@rule(Severity.WARNING)
def verb_off_level(review: Review) -> Iterator[Finding]:
    """The verb of an objective belongs to another level than the objective declares.

    An objective that says apply and asks trainees to list is tested by listing, and the job then
    asks for more than was trained. A verb may stand at several levels of the verb list, which a
    project may replace; only a level at which it never stands is reported. The first word of
    `verb` counts. Verbs that nobody can observe, verbs that happen in the head, verbs that the
    list does not know and levels that the domain does not have are told by rules of their own.

    Source: published verb lists, Pasadena City College; judgment of the authors.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - id: o1
              kind: terminal
              verb: recite
              behavior: the fines
              domain: cognitive
              level: apply  # <--

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - id: o1
              kind: terminal
              verb: calculate
              behavior: the fines
              domain: cognitive
              level: apply
    """
    verbs = review.curriculum.verbs
    standing = _standing(verbs)
    at: dict[tuple[str, str | None], list[str]] = {
        (group.domain, group.level): list(group.verbs) for group in verbs.groups
    }
    for objective in review.curriculum.objectives.values():
        places = _places(objective, standing)
        own = {(objective.domain, objective.level), (objective.domain, None)}
        if not places or own.intersection(places) or not _judged(objective, review.curriculum):
            continue
        fitting = at.get((objective.domain, objective.level)) or at.get((objective.domain, None))
        yield Finding(
            objective.id,
            f"`{objective.verb}` is no verb for {objective.domain} {objective.level}; the verb "
            f"list has it at {', '.join(_level_words(*place) for place in places)}",
            "declare the level that is meant"
            + (f", or use a verb such as {', '.join(fitting[:5])}" if fitting else ""),
            ("level",),
        )


@rule(Severity.ADVICE)
def verb_off_list(review: Review) -> Iterator[Finding]:
    """The verb of an objective stands nowhere in the verb list.

    Trainers and raters read the same verb alike when the whole program draws on one list; of a
    verb outside it nobody can say whether it fits the declared level. The first word of `verb`
    counts. Verbs that nobody can observe or that happen in the head, and objectives that tell what
    the trainer does, have rules of their own.

    Source: published verb lists, Pasadena City College; judgment of the authors.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: juggle, behavior: three requests,  # <--
               domain: interpersonal, level: apply}

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: handle, behavior: three requests,
               domain: interpersonal, level: apply}
    """
    verbs = review.curriculum.verbs
    standing = _standing(verbs)
    for objective in review.curriculum.objectives.values():
        if not _places(objective, standing) and _judged(objective, review.curriculum):
            fitting = [
                verb
                for group in verbs.groups
                if group.domain == objective.domain and group.level in (None, objective.level)
                for verb in group.verbs
            ]
            yield Finding(
                objective.id,
                f"the verb list does not know `{objective.verb}`, so nothing shows that it fits "
                f"{objective.domain} {objective.level}",
                (f"use one such as {', '.join(fitting[:5])}, or " if fitting else "")
                + "add it to a `verb-list` of your own",
                ("verb",),
            )


@rule(Severity.WARNING)
def domain_unfit_for_class(review: Review) -> Iterator[Finding]:
    """No objective of a KSA asks for the kind of thing that the KSA is.

    An attitude that is only recalled stays a sentence, and facts are not learned by moving hands.
    The leading class of a trained KSA decides: knowledge of facts wants cognitive or interpersonal
    objectives; knowledge of how and when, and skills, want them from apply up or a psychomotor
    one; knowledge of how to plan and revise from analyze up; an attitude an affective objective
    from respond up or an interpersonal one from apply up. One fitting objective is enough.
    Abilities and experience are brought along and are not judged; a skill that is only remembered
    or understood, and a level that its domain does not have, are told by rules of their own.

    Source: classes of knowledge and skill after Blanchard and Thacker; judgment of the authors.

    Flagged:

        ksas:
          - id: k1
            statement: Courtesy toward everybody.
            classes: [attitude]  # <--
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: state, behavior: the rules of courtesy,
            domain: cognitive, level: remember, ksas: [{ksa: k1, level: 1}]}]

    Clean:

        ksas:
          - id: k1
            statement: Courtesy toward everybody.
            classes: [attitude]
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: initiate, behavior: a greeting,
            domain: affective, level: value, ksas: [{ksa: k1, level: 1}]}]
    """
    curriculum = review.curriculum
    for ksa in curriculum.ksas.values():
        lead = ksa.classes[0]
        objectives = curriculum.objectives_of_ksa[ksa.id]
        lowest = LOWEST.get(lead)
        if ksa.status != "trained" or not objectives or not lowest:
            continue
        if any(_fits(o, lowest) for o in objectives) or _only_remembered(lead, objectives):
            continue
        wanted = " or ".join(f"{domain} from {level} up" for domain, level in lowest.items())
        yield Finding(
            ksa.id,
            f"`{ksa.id}` ({ksa.name or ksa.label}) is {CLASS_WORDS[lead]}, and none of its "
            "objectives asks for that",
            f"let an objective ask for it: {wanted}",
            ("classes",),
            _asking(curriculum, objectives),
        )


@rule(Severity.ERROR)
def skill_only_remembered(review: Review) -> Iterator[Finding]:
    """A skill is to be trained, and its objectives ask only to remember or understand.

    Trainees who can describe a performance have not yet done it; the counter asks them to do it.
    The rule looks at trained KSAs whose leading class is skill and whose every objective is
    cognitive at remember or understand.

    Source: classes of knowledge and skill after Blanchard and Thacker; LTEM.

    Flagged:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]  # <--
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: describe, behavior: a greeting,
            domain: cognitive, level: understand, ksas: [{ksa: k1, level: 1}]}]

    Clean:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}]
    """
    curriculum = review.curriculum
    for ksa in curriculum.ksas.values():
        objectives = curriculum.objectives_of_ksa[ksa.id]
        if ksa.status == "trained" and _only_remembered(ksa.classes[0], objectives):
            yield Finding(
                ksa.id,
                f"`{ksa.id}` ({ksa.name or ksa.label}) is a skill, and its objectives ask only to "
                "remember or understand",
                "add an objective in which it is done: cognitive from apply up, interpersonal or "
                "psychomotor",
                related=_asking(curriculum, objectives),
            )


@rule(Severity.WARNING)
def assessed_below_level(review: Review) -> Iterator[Finding]:
    """All test items of an objective ask for less than the objective promises.

    Where the objective says apply and every item asks to recall, trainees pass without having
    applied anything, and the decision rests on the wrong evidence. The rule judges objectives
    whose only evidence are items that state their `level`; a rubric, a product or an item without
    a level ends the comparison. Affective and psychomotor levels are not compared with items.

    Source: table of specifications, Fives and DiDonato-Barnes 2013; US Army guide to terminal
    learning objectives.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - id: o1
              kind: terminal
              verb: calculate
              behavior: the fines
              domain: cognitive
              level: apply  # <--
        instrument: {id: i1, title: Test, kind: check, kirkpatrick: 2, when: in-course,
          items: [{id: q1, stem: What is a fine?, key: money, objective: o1, level: remember}]}

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: calculate, behavior: the fines,
            domain: cognitive, level: apply}]
        instrument: {id: i1, title: Test, kind: check, kirkpatrick: 2, when: in-course,
          items: [{id: q1, stem: How much for two days?, key: "4", objective: o1, level: apply}]}
    """
    curriculum = review.curriculum
    thinking = LEVELS["cognitive"]
    levels = {i.id: _item_levels(i) for i in curriculum.instruments.values() if certifies(i)}
    for objective in curriculum.objectives.values():
        used = [i for i in curriculum.instruments_of_objective[objective.id] if i.id in levels]
        if not used or LEVELS[objective.domain] is not thinking or _off_domain(objective):
            continue
        # An instrument that has no items for the objective measures it in another way.
        asked = [levels[i.id].get(objective.id, {None}) for i in used]
        reached = [thinking.index(x) if x in thinking else None for each in asked for x in each]
        known = [rank for rank in reached if rank is not None]
        if len(known) == len(reached) and max(known) < thinking.index(objective.level):
            yield Finding(
                objective.id,
                f"objective `{objective.id}` ({objective.label}) promises {objective.level}, and "
                f"its test items ask for {thinking[max(known)]} at most",
                f"write items at the level of {objective.level}, or lower `level`",
                ("level",),
                tuple(Related(curriculum.at(i.id), f"`{i.id}` ({i.title})") for i in used),
            )


def _standing(verbs: VerbList) -> Mapping[str, list[tuple[str, str | None]]]:
    """Where each verb stands in the verb list, by domain and level."""
    found: dict[str, list[tuple[str, str | None]]] = {}
    for group in verbs.groups:
        for verb in group.verbs:
            found.setdefault(verb.lower(), []).append((group.domain, group.level))
    return found


def _places(
    objective: Objective, standing: Mapping[str, list[tuple[str, str | None]]]
) -> list[tuple[str, str | None]]:
    """Where the verb of an objective stands, as a whole or by its first word."""
    low = objective.verb.lower()
    return standing.get(low) or standing.get(low.partition(" ")[0]) or []


def _judged(objective: Objective, curriculum: Curriculum) -> bool:
    """Whether no rule about the verb itself or about the level tells more."""
    verbs, label = curriculum.verbs, objective.label
    told = (
        opening(label, verbs.unmeasurable)
        or opening(label, verbs.covert)
        or opening(label, curriculum.words.teaching, len(words(objective.verb)))
    )
    return not told and not _off_domain(objective)


def _off_domain(objective: Objective) -> bool:
    return objective.level not in LEVELS[objective.domain]


def _fits(objective: Objective, lowest: Mapping[str, str]) -> bool:
    """Whether an objective asks for at least the lowest level that fits in its domain."""
    if _off_domain(objective):
        return True
    least = lowest.get(objective.domain)
    levels = LEVELS[objective.domain]
    return least is not None and levels.index(objective.level) >= levels.index(least)


def _only_remembered(lead: str, objectives: tuple[Objective, ...]) -> bool:
    """Whether all objectives of a skill ask to remember or understand; False without any."""
    return bool(lead == "skill" and objectives) and all(
        o.domain == "cognitive" and o.level in ("remember", "understand") for o in objectives
    )


def _item_levels(instrument: Instrument) -> dict[str, set[str | None]]:
    """The levels that the items of an instrument ask for, by objective; criteria have none."""
    found: dict[str, set[str | None]] = {}
    for item in instrument.items:
        if item.objective:
            found.setdefault(item.objective, set()).add(item.level)
    for criterion in instrument.criteria:
        if criterion.objective:
            found.setdefault(criterion.objective, set()).add(None)
    return found


def _level_words(domain: str, level: str | None) -> str:
    return f"{domain} {level}" if level else f"{domain} at any level"


def _asking(curriculum: Curriculum, objectives: tuple[Objective, ...]) -> tuple[Related, ...]:
    return tuple(
        Related(curriculum.at(o.id), f"`{o.id}` ({o.label}) asks for {o.domain} {o.level}")
        for o in objectives
    )
