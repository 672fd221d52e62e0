"""Rules about coverage: every KSA reaches its level, and nothing stands alone."""

from __future__ import annotations

from collections.abc import Iterator

from csstrain.check import Finding, Review, rule
from csstrain.coverage import KsaCoverage
from csstrain.diagnostic import Related, Severity
from csstrain.model import Instrument

KNOWLEDGE = frozenset(("declarative", "procedural", "strategic"))


@rule(Severity.ERROR)
def ksa_without_objective(review: Review) -> Iterator[Finding]:
    """No objective serves a KSA.

    A requirement of the job that no objective names is neither taught nor tested, and nobody
    notices until the job does. The rule holds for every KSA: an entry condition maps to the
    objective that screens or uses it, experience to the one that simulates it.

    Source: the trace from job task to terminal objective, DOE-HDBK-1200-97.

    Flagged:

        ksas:
          - {id: k1, statement: Greet a customer., classes: [skill]}
          - {id: k2, statement: Close a contact., classes: [skill]}  # <--
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}]

    Clean:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}]
    """
    for name, covered in review.coverage.ksas.items():
        if not covered.objectives:
            level = max(covered.required, 1)
            yield Finding(
                name,
                f"no objective serves `{name}` ({_label(review, name)})",
                f"add `{{ksa: {name}, level: {level}}}` to the `ksas` of the objective that does",
            )


@rule(Severity.ERROR)
def objective_without_ksa(review: Review) -> Iterator[Finding]:
    """An objective serves no KSA.

    Time spent on it answers no requirement of the job, and a test on it could not be defended:
    what is assessed must rest on the job analysis (29 CFR 1607.14).

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: greet, behavior: a customer,  # <--
               domain: interpersonal, level: apply}

    Clean:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}]
    """
    for objective in review.curriculum.objectives.values():
        if not objective.ksas:
            yield Finding(
                objective.id,
                f"objective `{objective.id}` ({objective.label}) serves no KSA",
                "add `ksas: [{ksa: …, level: …}]`, or delete the objective",
            )


@rule(Severity.ERROR)
def skill_without_practice(review: Review) -> Iterator[Finding]:
    """A skill is to be trained, and no practice activity serves it.

    A skill that is only explained is not a skill: trainees gain it by doing it with feedback
    (Merrill 2002; Taylor, Russ-Eft and Chan 2005). The rule looks at trained KSAs whose leading
    class is skill.

    Flagged:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]  # <--
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}]
          activities:
            - {id: m1-talk, method: lecture, phase: present, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}

    Clean:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}]
          activities:
            - {id: m1-play, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}
    """
    for name, covered in review.coverage.ksas.items():
        if _unpractised_skill(review, covered):
            listed = ", ".join(f"`{o}`" for o in covered.objectives)
            yield Finding(
                name,
                f"`{name}` ({_label(review, name)}) is a skill, and no practice activity serves it",
                f"let an activity with `phase: practice` name one of its objectives: {listed}",
                related=_objectives(review, covered.objectives),
            )


@rule(Severity.ERROR)
def skill_tested_only_in_writing(review: Review) -> Iterator[Finding]:
    """A skill is assessed, but only by written tests.

    Writing about a performance is evidence of knowledge, not of skill; a trainee may pass the
    test and fail the customer (LTEM keeps the two apart). Baselines, follow-ups and forms do
    not count either way.

    Flagged:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]  # <--
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}]
        instrument: {id: i1, title: Test, kind: written-test, kirkpatrick: 2,
          when: end-of-course, objectives: [o1]}

    Clean:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}]
        instrument: {id: i1, title: Station, kind: role-play, kirkpatrick: 2,
          when: end-of-course, objectives: [o1]}
    """
    for name, covered in review.coverage.ksas.items():
        forms = _only_writing(review, covered)
        if forms:
            listed = ", ".join(f"`{f.id}`" for f in forms)
            yield Finding(
                name,
                f"`{name}` ({_label(review, name)}) is a skill, tested only in writing: {listed}",
                "add an instrument in which it is performed: a role play, product or observation",
                related=tuple(
                    Related(review.curriculum.at(f.id), f"`{f.id}` is a {f.type}") for f in forms
                ),
            )


@rule(Severity.ERROR)
def ksa_without_follow_up(review: Review) -> Iterator[Finding]:
    """No supervisor is asked about a trained KSA after training.

    Training is for the job; only those who see the work can tell whether it arrived there. Each
    trained KSA stands in a question of a supervisor form in some wave (30, 60 or 90 days).

    Source: evaluation at the level of behavior, Kirkpatrick.

    Flagged:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]  # <--

    Clean:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]
        instrument:
          id: i1
          title: Supervisor form
          kind: supervisor-form
          kirkpatrick: 3
          when: follow-up
          questions: [{id: q1, text: How often did they greet first?, type: frequency,
            waves: [30], ksas: [k1]}]
    """
    for name, covered in review.coverage.ksas.items():
        if covered.status == "trained" and not covered.followed_up:
            yield Finding(
                name,
                f"no supervisor question asks about `{name}` ({_label(review, name)}) in any wave",
                f"add `{name}` to the `ksas` of a question with `waves` in a supervisor form",
            )


@rule(Severity.WARNING)
def target_not_reached(review: Review) -> Iterator[Finding]:
    """Training promises a level for a KSA and does not bring the trainee there.

    Taught, practised and assessed are each compared with the target at the end of training.
    Practice and assessment count up to the level that training alone can certify (the scale's
    ceiling), and writing carries a skill or attitude to the first level only. Practice is not
    asked of pure knowledge. A skill without any practice, an objective without any instrument and
    a skill tested only in writing have rules of their own and are not told again.

    Flagged:

        ksas:
          - {id: k1, statement: Greet others., classes: [skill], target_end_of_training: 2}  # <--
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}]
          activities:
            - {id: m1-show, method: demonstration, phase: demonstrate, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}
            - {id: m1-play, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}
        instrument: {id: i1, title: Station, kind: role-play, kirkpatrick: 2,
          when: in-course, objectives: [o1]}

    Clean:

        ksas:
          - {id: k1, statement: Greet customers., classes: [skill], target_end_of_training: 2}
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 2}]}]
          activities:
            - {id: m1-show, method: demonstration, phase: demonstrate, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}
            - {id: m1-play, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}
        instrument: {id: i1, title: Station, kind: role-play, kirkpatrick: 2,
          when: in-course, objectives: [o1]}
    """
    for name, covered in review.coverage.ksas.items():
        short = _short(review, covered)
        if covered.objectives and short:
            yield Finding(
                name,
                f"`{name}` ({_label(review, name)}) has target {covered.required}, "
                f"but is {' and '.join(short)}",
                "raise the level of the objective that serves it, or lower "
                "`target_end_of_training` to what training can promise",
                related=_objectives(review, covered.objectives),
            )


def _unpractised_skill(review: Review, covered: KsaCoverage) -> bool:
    """Whether a trained skill has objectives, and none of them is practised."""
    skill = review.curriculum.ksas[covered.ksa].classes[0] == "skill"
    return bool(skill and covered.required and covered.objectives and not covered.practised)


def _only_writing(review: Review, covered: KsaCoverage) -> list[Instrument]:
    """The instruments of a trained skill where all of them are written; none otherwise."""
    skill = review.curriculum.ksas[covered.ksa].classes[0] == "skill"
    used = [review.curriculum.instruments[i] for i in covered.instruments]
    return used if skill and covered.required and all(i.written for i in used) else []


def _short(review: Review, covered: KsaCoverage) -> list[str]:
    """The stages that end below the target, without what an error rule tells."""
    stages = {"taught": covered.taught}
    knowledge = set(review.curriculum.ksas[covered.ksa].classes) <= KNOWLEDGE
    if not knowledge and not _unpractised_skill(review, covered):
        stages["practised"] = covered.practised
    if covered.assessed and not _only_writing(review, covered):
        stages["assessed"] = covered.assessed
    return [f"{stage} to {level}" for stage, level in stages.items() if level < covered.required]


def _label(review: Review, ksa: str) -> str:
    return review.curriculum.ksas[ksa].name or review.curriculum.ksas[ksa].statement.rstrip(".")


def _objectives(review: Review, names: tuple[str, ...]) -> tuple[Related, ...]:
    curriculum = review.curriculum
    return tuple(
        Related(curriculum.at(o), f"`{o}`: {curriculum.objectives[o].label}") for o in names
    )
