"""Rules about the form of objectives: who does what, given what, how well."""

from __future__ import annotations

from collections.abc import Iterator

from csstrain.check import Finding, Review, rule
from csstrain.diagnostic import Severity


@rule(Severity.ERROR)
def unmeasurable_verb(review: Review) -> Iterator[Finding]:
    """The verb of an objective names something that nobody can observe.

    Nobody sees a person understand or appreciate; two raters will never agree whether it
    happened. Name the act that shows it. The verbs stand in the verb list, which a project may
    replace by its own; the first word of `verb` counts, so `understand fully` is found too.

    Source: Mager's performance; published lists of words to avoid.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: understand, behavior: the fines,  # <--
               domain: cognitive, level: understand}

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: explain, behavior: the fines,
               domain: cognitive, level: understand}
    """
    verbs = review.curriculum.verbs
    for objective in review.curriculum.objectives.values():
        if _among(objective.verb, verbs.unmeasurable):
            good = [
                verb
                for group in verbs.groups
                if group.domain == objective.domain and group.level in (None, objective.level)
                for verb in group.verbs
            ]
            yield Finding(
                objective.id,
                f"nobody can see whether a trainee can `{objective.verb}`",
                f"use a verb that shows it, such as {', '.join(good[:5])}" if good else None,
                ("verb",),
            )


@rule(Severity.WARNING)
def covert_verb_without_indicator(review: Review) -> Iterator[Finding]:
    """The verb of an objective happens in the head, and no indicator says how it shows.

    To decide or identify is measurable only by what the trainee then says, writes or does. Name
    the simplest open act that shows it as `indicator`. The first word of `verb` counts.

    Source: Mager's indicator behavior.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: identify, behavior: the form,  # <--
               domain: cognitive, level: understand}

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: identify, behavior: the form,
               indicator: writes its number, domain: cognitive, level: understand}
    """
    for objective in review.curriculum.objectives.values():
        if _among(objective.verb, review.curriculum.verbs.covert) and not objective.indicator:
            yield Finding(
                objective.id,
                f"to `{objective.verb}` happens in the head; nothing says how it shows",
                "add `indicator:` with the act that shows it, such as `writes the rule`",
                ("verb",),
            )


@rule(Severity.ERROR)
def objective_without_condition(review: Review) -> Iterator[Finding]:
    """An objective does not say under which condition it is performed.

    With or without the handbook, at the counter or on paper, alone or with a line of customers:
    without the condition, training and test may ask for different things.

    Source: Mager's conditions; the C of ABCD.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: explain, behavior: the fines,  # <--
               domain: cognitive, level: understand}

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: explain, behavior: the fines,
               condition: given the handbook, domain: cognitive, level: understand}
    """
    for objective in review.curriculum.objectives.values():
        if not objective.condition:
            yield Finding(
                objective.id,
                f"objective `{objective.id}` ({objective.label}) has no condition",
                "add `condition:` with what is given and which limits hold, as in "
                "`given the handbook, in ten minutes`",
            )


@rule(Severity.ERROR)
def objective_without_degree(review: Review) -> Iterator[Finding]:
    """An objective does not say how well it must be performed.

    Without a standard there is no pass, and the rater's mood decides.

    Source: Mager's criterion; the D of ABCD.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: explain, behavior: the fines,  # <--
               domain: cognitive, level: understand}

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: explain, behavior: the fines,
               degree: {text: no error of substance, metric: count, value: 0},
               domain: cognitive, level: understand}
    """
    for objective in review.curriculum.objectives.values():
        if not objective.degree:
            yield Finding(
                objective.id,
                f"objective `{objective.id}` ({objective.label}) has no degree",
                "add `degree: {text: …, metric: …, value: …}` with the standard that counts",
            )


@rule(Severity.ERROR)
def enabling_without_parent(review: Review) -> Iterator[Finding]:
    """An enabling objective leads up to no terminal objective.

    Enabling objectives are the steps to a task of the job; one that leads nowhere costs time for
    nothing that the job asks.

    Source: DOE-HDBK-1200-97, organization of learning objectives.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: enabling, verb: explain, behavior: the fines,  # <--
               domain: cognitive, level: understand}

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: conduct, behavior: a contact,
               domain: interpersonal, level: apply}
            - {id: o2, kind: enabling, parent: o1, verb: explain, behavior: the fines,
               domain: cognitive, level: understand}
    """
    objectives = review.curriculum.objectives
    for objective in objectives.values():
        parent = objectives[objective.parent] if objective.parent else None
        if objective.type == "enabling" and (parent is None or parent.type != "terminal"):
            terminal = [
                f"`{o.id}`"
                for o in review.curriculum.module_of[objective.id].objectives
                if o.type == "terminal"
            ]
            yield Finding(
                objective.id,
                f"enabling objective `{objective.id}` ({objective.label}) leads up to no "
                "terminal objective",
                f"add `parent:` with one such as {', '.join(terminal)}"
                if terminal
                else "add `parent:` with the terminal objective that it enables",
            )


def _among(verb: str, words: tuple[str, ...]) -> bool:
    """Whether a list has a verb or its first word, in small or capital letters."""
    low = verb.lower()
    return not {word.lower() for word in words}.isdisjoint((low, low.partition(" ")[0]))
