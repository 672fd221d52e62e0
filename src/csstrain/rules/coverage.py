"""Rules about coverage: every KSA reaches its level, and nothing stands alone."""

from __future__ import annotations

from collections.abc import Iterator

from csstrain.check import Finding, Review, rule
from csstrain.coverage import TEACHING, KsaCoverage, ceiling
from csstrain.curriculum import certifies
from csstrain.diagnostic import Related, Severity
from csstrain.model import Instrument


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
    what is assessed must rest on the job analysis.

    Source: content validity rests on job analysis, 29 CFR 1607.14.

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

    A skill that is only explained is not a skill: trainees gain it by doing it with feedback. The
    rule looks at trained KSAs whose leading class is skill.

    Source: Merrill 2002; Taylor, Russ-Eft and Chan 2005.

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
        if _unpracticed_skill(review, covered):
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
    test and fail the customer. Baselines, follow-ups and forms do not count either way.

    Source: LTEM, which keeps knowledge, decision and task apart.

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

    Taught, practiced and assessed are each compared with the target at the end of training.
    Practice and assessment count up to the level that training alone can certify (the scale's
    ceiling), and writing carries a skill or attitude to the first level only. Practice is not
    asked of pure knowledge. A skill without any practice, an objective without any instrument,
    a skill tested only in writing, a target above the ceiling and an instrument that tests a KSA
    itself above what is taught have rules of their own and are not told again.

    Source: the wording of its levels, NIH Competencies Proficiency Scale.

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
        if covered.objectives and short and not _tested_untaught(review, covered):
            yield Finding(
                name,
                f"`{name}` ({_label(review, name)}) has target {covered.required}, "
                f"but is {' and '.join(short)}",
                "raise the level of the objective that serves it, or lower "
                "`target_end_of_training` to what training can promise",
                related=_objectives(review, covered.objectives),
            )


@rule(Severity.ADVICE)
def taught_above_target(review: Review) -> Iterator[Finding]:
    """A KSA is taught to a higher level than training promises and the job needs.

    The minutes that the difference costs are missing elsewhere, and trainees are held to more
    than their work asks for. A level up to `target_job` is no surplus, for the job will call for
    it; KSAs that are not trained here have no target and are left out.

    Source: over-training, difficulty, importance and frequency analysis of tasks.

    Flagged:

        ksas:
          - {id: k1, statement: Greet a customer., classes: [skill], target_end_of_training: 1}
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
              ksas:
                - {ksa: k1, level: 2}  # <--
          activities:
            - {id: m1-show, method: demonstration, phase: demonstrate, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}

    Clean:

        ksas:
          - {id: k1, statement: Greet a customer., classes: [skill], target_end_of_training: 1,
             target_job: 2}
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 2}]}]
          activities:
            - {id: m1-show, method: demonstration, phase: demonstrate, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}
    """
    curriculum = review.curriculum
    house = curriculum.scales.get(curriculum.program.scale or "")
    named = {each.level for each in house.levels} if house else None
    for objective in curriculum.objectives.values():
        serving = curriculum.activities_of_objective[objective.id]
        if not any(a.phase in TEACHING for a in serving):
            continue
        for index, link in enumerate(objective.ksas):
            covered = review.coverage.ksas[link.ksa]
            known = named is None or link.level in named
            if known and covered.required and link.level > covered.job:
                yield Finding(
                    objective.id,
                    f"`{objective.id}` brings `{link.ksa}` ({_label(review, link.ksa)}) to level "
                    f"{link.level}, and neither training nor the job asks for more than "
                    f"{covered.job}",
                    f"set `level: {covered.job}` here, or raise the target of `{link.ksa}`",
                    ("ksas", index, "level"),
                    (Related(curriculum.at(link.ksa), f"`{link.ksa}`"),),
                )


@rule(Severity.WARNING)
def ksa_tested_but_not_taught(review: Review) -> Iterator[Finding]:
    """An instrument tests a KSA at a level that no activity brings trainees to.

    Trainees fail at what nobody showed them, and the decision that rests on the result cannot be
    defended. The rule looks at instruments that name a KSA themselves, in their `ksas`; they are
    held to its target at the end of training. What they measure through an objective is told by
    `instrument-before-instruction`. Baselines, follow-ups and forms do not count.

    Source: Gagné, assessment follows instruction; judgment of the authors.

    Flagged:

        ksas:
          - {id: k1, statement: Greet others., classes: [skill], target_end_of_training: 2}
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}]
          activities:
            - {id: m1-play, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}
        instrument: {id: i1, title: Station, kind: role-play, kirkpatrick: 2,
          when: in-course, ksas: [k1]}  # <--

    Clean:

        ksas:
          - {id: k1, statement: Greet others., classes: [skill], target_end_of_training: 2}
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 2}]}]
          activities:
            - {id: m1-play, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}
        instrument: {id: i1, title: Station, kind: role-play, kirkpatrick: 2,
          when: in-course, ksas: [k1]}
    """
    curriculum = review.curriculum
    for instrument in filter(certifies, curriculum.instruments.values()):
        for index, name in enumerate(instrument.ksas):
            covered = review.coverage.ksas[name]
            if _untaught(review, covered):
                reached = max(covered.taught, covered.practiced)
                yield Finding(
                    instrument.id,
                    f"`{instrument.id}` tests `{name}` ({_label(review, name)}) at level "
                    f"{_testable(review, covered)}, and it is "
                    + (f"taught and practiced to {reached} only" if reached else "never taught"),
                    f"let an objective bring `{name}` to that level in an activity, or do not "
                    "test it here",
                    ("ksas", index),
                    _objectives(review, covered.objectives),
                )


def _testable(review: Review, covered: KsaCoverage) -> int:
    """The level at which an instrument that names the KSA tests it."""
    return min(covered.required, ceiling(review.curriculum))


def _untaught(review: Review, covered: KsaCoverage) -> bool:
    """Whether the KSA has objectives, and no activity brings it to where it would be tested."""
    reached = max(covered.taught, covered.practiced)
    return bool(covered.objectives) and reached < _testable(review, covered)


def _unpracticed_skill(review: Review, covered: KsaCoverage) -> bool:
    """Whether a trained skill has objectives, and none of them is practiced."""
    skill = review.curriculum.ksas[covered.ksa].classes[0] == "skill"
    return bool(skill and covered.required and covered.objectives and not covered.practiced)


def _only_writing(review: Review, covered: KsaCoverage) -> list[Instrument]:
    """The instruments of a trained skill where all of them are written; none otherwise."""
    skill = review.curriculum.ksas[covered.ksa].classes[0] == "skill"
    used = [review.curriculum.instruments[i] for i in covered.instruments]
    return used if skill and covered.required and all(i.written for i in used) else []


def _tested_untaught(review: Review, covered: KsaCoverage) -> bool:
    """Whether `ksa-tested-but-not-taught` tells about the KSA."""
    named = review.curriculum.instruments_of_ksa[covered.ksa]
    return any(map(certifies, named)) and _untaught(review, covered)


def _short(review: Review, covered: KsaCoverage) -> list[str]:
    """The stages that end below the target, without what another rule tells."""
    stages = {"taught": covered.taught}
    if covered.practice and not _unpracticed_skill(review, covered):
        stages["practiced"] = covered.practiced
    if covered.assessed and not _only_writing(review, covered):
        stages["assessed"] = covered.assessed
    # What lies above the ceiling nobody can reach: `target-above-ceiling` tells that.
    target = min(covered.required, ceiling(review.curriculum))
    return [f"{stage} to {level}" for stage, level in stages.items() if level < target]


def _label(review: Review, ksa: str) -> str:
    return review.curriculum.ksas[ksa].short


def _objectives(review: Review, names: tuple[str, ...]) -> tuple[Related, ...]:
    curriculum = review.curriculum
    return tuple(
        Related(curriculum.at(o), f"`{o}`: {curriculum.objectives[o].label}") for o in names
    )
