"""Rules about KSAs: one thing each, said once, and of a kind that training can give."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from csstrain.check import Finding, Review, rule
from csstrain.diagnostic import Related, Severity
from csstrain.model import WordList
from csstrain.wording import alike, holds, words


@rule(Severity.ADVICE)
def compound_ksa(review: Review) -> Iterator[Finding]:
    """The statement of a KSA holds two things that a person does.

    A trainee may be able to do the one and not the other; one level, one rating and one question
    for the supervisor then say something about neither. The rule looks for a second act: a verb of
    the verb list, in the form of the statement's first word, behind a conjunction of the word
    list. Two things that one act is done to, as in "adapts words and pace", are left alone.

    Source: one action to a statement, guide of the US Army to terminal learning objectives.

    Flagged:

        ksas:
          - id: k1
            statement: Explains the policy and completes the form.  # <--
            classes: [skill]

    Clean:

        ksas:
          - {id: k1, statement: Explains the policy., classes: [skill]}
          - {id: k2, statement: Completes forms and records without an error., classes: [skill]}
    """
    curriculum = review.curriculum
    verbs = frozenset(
        verb.lower() for group in curriculum.verbs.groups for verb in group.verbs if " " not in verb
    )
    nouns = frozenset(curriculum.verbs.nouns)
    for ksa in curriculum.ksas.values():
        if holds(ksa.statement, curriculum.words.conjunctions) is None:
            continue
        found = _second_act(ksa.statement, verbs, nouns, curriculum.words)
        if found:
            yield Finding(
                ksa.id,
                f'`{ksa.id}` holds two acts, joined by "{found[0]}": the second begins with '
                f'"{found[1]}"',
                "make two KSAs of it, or name the one act that holds both",
                ("statement",),
            )


@rule(Severity.WARNING, least="0.8")
def near_duplicate_ksa(review: Review) -> Iterator[Finding]:
    """Two KSAs say nearly the same.

    What is listed twice is taught, tested and asked about twice, and weighs twice in every
    competency, so trainees lose time that another KSA needs. Two statements count as nearly the
    same from a `least` share of their words (0.8 by default), words that every text has left out.

    Source: judgment of the authors.

    Flagged:

        ksas:
          - {id: k1, statement: Explains the rules of late registration., classes: [skill]}
          - {id: k2, statement: Explains late registration rules., classes: [skill]}  # <--

    Clean:

        ksas:
          - {id: k1, statement: Explains the rules of late registration., classes: [skill]}
          - {id: k2, statement: Explains the rules of a tuition refund., classes: [skill]}
    """
    curriculum = review.curriculum
    statements = {name: ksa.statement for name, ksa in curriculum.ksas.items()}
    common = frozenset(curriculum.words.common)
    for first, second in alike(statements, Fraction(review.number["least"]), common):
        yield Finding(
            second,
            f"`{second}` says nearly the same as `{first}`: {statements[second]}",
            f"keep one of them, or say in both what sets `{second}` apart from `{first}`",
            ("statement",),
            (Related(curriculum.at(first, "statement"), f"`{first}`: {statements[first]}"),),
        )


@rule(Severity.WARNING)
def experience_to_be_trained(review: Review) -> Iterator[Finding]:
    """Experience is listed as something that training gives.

    Years in a post cannot be taught in a week. Trainees would be rated on what no course can give
    them, and HR would take an exercise for a record. The rule looks at trained KSAs whose leading
    class is experience.

    Source: the types of learning after Blanchard and Thacker; judgment of the authors.

    Flagged:

        ksas:
          - {id: k1, statement: Has supervised people at work., classes: [experience],
             status: trained}  # <--

    Clean:

        ksas:
          - {id: k1, statement: Has supervised people at work., classes: [experience],
             status: exempt, reason: the desk simulation gives exposure only}
    """
    for ksa in review.curriculum.ksas.values():
        if ksa.classes[0] == "experience" and ksa.status == "trained":
            yield Finding(
                ksa.id,
                f"`{ksa.id}` ({ksa.short}) is experience, which no training gives",
                "set `status: entry` with its screening, or `status: exempt` with the reason and "
                "an objective that simulates it",
                ("status",),
            )


@rule(Severity.ADVICE)
def target_above_job(review: Review) -> Iterator[Finding]:
    """Training is to bring a KSA to a higher level than the job needs.

    Trainees spend hours on what their work will not call for, and forget it before it does; HR
    pays for both. Either the job asks for more than `target_job` says, or training may end lower.

    Source: over-training, difficulty, importance and frequency analysis of tasks.

    Flagged:

        ksas:
          - {id: k1, statement: Greet a customer., classes: [skill], target_job: 1,
             target_end_of_training: 2}  # <--

    Clean:

        ksas:
          - {id: k1, statement: Greet a customer., classes: [skill], target_job: 2,
             target_end_of_training: 2}
    """
    for ksa in review.curriculum.ksas.values():
        if ksa.target_job is not None and ksa.required > ksa.target_job:
            yield Finding(
                ksa.id,
                f"`{ksa.id}` ({ksa.short}) is to reach level "
                f"{ksa.required} in training, and the job needs {ksa.target_job}",
                f"set `target_end_of_training: {ksa.target_job}`, or raise `target_job`",
                ("target_end_of_training",),
            )


@rule(Severity.ADVICE)
def target_not_stated(review: Review) -> Iterator[Finding]:
    """The job needs a KSA at a higher level, and nothing says how far training brings it.

    A target that is not written counts as level 1, so a line that was forgotten or lost looks like
    a decision: training, tests and supervisors then ask less of the trainee than anybody meant. The
    rule looks at trained KSAs whose `target_job` is above 1.

    Source: judgment of the authors.

    Flagged:

        ksas:
          - {id: k1, statement: Greet a customer., classes: [skill], target_job: 2}  # <--

    Clean:

        ksas:
          - {id: k1, statement: Greet a customer., classes: [skill], target_job: 2,
             target_end_of_training: 1}
    """
    for ksa in review.curriculum.ksas.values():
        stated = ksa.status != "trained" or ksa.target_end_of_training is not None
        if not stated and (ksa.target_job or 0) > 1:
            yield Finding(
                ksa.id,
                f"the job needs `{ksa.id}` ({ksa.short}) at level {ksa.target_job}, and no target "
                "of training is written, which counts as 1",
                "add `target_end_of_training:` with the level that training promises",
                ("target_job",),
            )


def _second_act(
    statement: str, verbs: frozenset[str], nouns: frozenset[str], listed: WordList
) -> tuple[str, str] | None:
    """The conjunction and the verb behind it with which a second act begins, or None."""
    said = words(statement)
    joints = [words(c) for c in listed.conjunctions]
    determiners = frozenset(listed.determiners)
    # A verb has an object behind it; a noun has nothing there, or a preposition.
    bare = frozenset(listed.common).union(listed.conjunctions).difference(determiners)
    for index in range(1, len(said) - 2):
        for joint in joints:
            verb, after = index + len(joint), index + len(joint) + 1
            if said[index:verb] != joint or after >= len(said) or said[after] in bare:
                continue
            stem = _stem(said[0], said[verb], verbs)
            if stem and (stem not in nouns or said[after] in determiners):
                return " ".join(joint), said[verb]
    return None


def _stem(first: str, second: str, verbs: frozenset[str]) -> str | None:
    """The verb of the list that the second word is, where its form is that of the first word."""
    if second in verbs:
        return second if first in verbs else None
    if first in verbs or first[-1] != second[-1]:
        return None
    # So many letters at most does an ending add, as in `completes`, `tries` or `stopping`.
    stems = [second[:-n] for n in range(1, 5) if len(second) - n > 1]
    whole = [s + letter for s in stems for letter in ("", "e", "y")]
    return next((verb for verb in whole if verb in verbs), None)
