"""Rules about alignment: objective, practice and instrument belong together."""

from __future__ import annotations

from collections.abc import Iterator

from csstrain.check import Finding, Review, rule
from csstrain.coverage import TEACHING
from csstrain.curriculum import FORMS, Curriculum, certifies, measured, practices
from csstrain.diagnostic import Related, Severity
from csstrain.model import Activity, Criterion, Instrument, Item, Objective

KNOWING = ("remember", "understand")
SELF_REPORT = ("self-form", "retrospective-form", "reaction-form")


@rule(Severity.ERROR)
def objective_without_instrument(review: Review) -> Iterator[Finding]:
    """No instrument measures an objective.

    What is not measured cannot be certified: nobody can say whether the trainee reached it. An
    instrument measures an objective that it names itself, or that one of its items or criteria
    names. Baselines, follow-ups and forms do not count: they show what trainees could do before,
    do later or say, not what training brought them to.

    Source: table of specifications, Fives and DiDonato-Barnes 2013; CDC Quality Training Standards.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: greet, behavior: a customer,  # <--
               domain: interpersonal, level: apply}

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: greet, behavior: a customer,
               domain: interpersonal, level: apply}
        instrument: {id: i1, title: Station, kind: role-play, kirkpatrick: 2,
          when: in-course, objectives: [o1]}
    """
    for objective, instruments in _certifying(review.curriculum):
        if not instruments:
            yield Finding(
                objective.id,
                f"no instrument measures objective `{objective.id}` ({objective.label})",
                f"add `{objective.id}` to the `objectives` of an instrument, or to an item or "
                "criterion of one",
            )


@rule(Severity.ERROR)
def instrument_without_objective(review: Review) -> Iterator[Finding]:
    """An instrument that tests trainees measures no objective.

    A test of something that was never promised is unfair to the trainee and cannot be defended.
    An instrument may name KSAs instead. Forms for reactions, supervisors and results ask about
    KSAs or the program and are left out.

    Source: content validity, 29 CFR 1607.5.

    Flagged:

        instrument: {id: i1, title: Test, kind: written-test,  # <--
          kirkpatrick: 2, when: end-of-course}

    Clean:

        instrument: {id: i1, title: Reactions, kind: reaction-form, kirkpatrick: 1, when: daily}
    """
    for instrument in review.curriculum.instruments.values():
        if instrument.type not in FORMS and not (measured(instrument) or instrument.ksas):
            yield Finding(
                instrument.id,
                f"instrument `{instrument.id}` ({instrument.title}) measures no objective",
                "add `objectives: […]` or `ksas: […]`, or an `objective` to each item or criterion",
            )


@rule(Severity.ERROR)
def item_without_objective(review: Review) -> Iterator[Finding]:
    """A test item or a criterion of a rubric belongs to no objective.

    Points that hang on nothing that was taught decide about a person all the same. Each item and
    each criterion names its objective.

    Source: content validity, 29 CFR 1607.5.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: state, behavior: the hours,
            domain: cognitive, level: remember}]
        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          objectives: [o1]
          items:
            - {id: q1, stem: When does the office open?, key: at eight}  # <--

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: state, behavior: the hours,
            domain: cognitive, level: remember}]
        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items: [{id: q1, stem: When does the office open?, key: at eight, objective: o1}]
    """
    curriculum = review.curriculum
    for instrument in curriculum.instruments.values():
        scored: tuple[Item | Criterion, ...] = (*instrument.items, *instrument.criteria)
        for each in scored:
            if each.objective is None:
                yield Finding(
                    each.id,
                    f"{each.kind} `{each.id}` of `{instrument.id}` belongs to no objective",
                    f"add `objective: …` to it, or take the {each.kind} out",
                )


@rule(Severity.WARNING)
def part_outside_instrument(review: Review) -> Iterator[Finding]:
    """An item or a criterion measures an objective that its instrument does not list.

    The sheet that trainees are given names the objectives of the instrument, and one of its parts
    scores something else: they prepared for one thing and are judged by another. Instruments that
    list no objectives, and leave that to their parts, are not judged.

    Source: 29 CFR 1607.5, content validity; table of specifications.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: state, behavior: the hours,
               domain: cognitive, level: remember}
            - {id: o2, kind: terminal, verb: state, behavior: the fees,
               domain: cognitive, level: remember}
        instrument:
          id: i1
          title: Check
          kind: check
          kirkpatrick: 2
          when: in-course
          objectives: [o1]
          items:
            - {id: q1, stem: What does a transcript cost?, key: Five dollars.,
               objective: o2}  # <--

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: state, behavior: the hours,
               domain: cognitive, level: remember}
        instrument:
          id: i1
          title: Check
          kind: check
          kirkpatrick: 2
          when: in-course
          objectives: [o1]
          items: [{id: q1, stem: When does the office open?, key: At eight., objective: o1}]
    """
    curriculum = review.curriculum
    for instrument in curriculum.instruments.values():
        parts: tuple[Item | Criterion, ...] = (*instrument.items, *instrument.criteria)
        for part in parts if instrument.objectives else ():
            if part.objective and part.objective not in instrument.objectives:
                yield Finding(
                    part.id,
                    f"{part.kind} `{part.id}` of `{instrument.id}` measures `{part.objective}` "
                    f"({curriculum.label(part.objective)}), which the instrument does not list",
                    f"add `{part.objective}` to the `objectives` of `{instrument.id}`, or let the "
                    f"{part.kind} measure one of them",
                    ("objective",),
                )


@rule(Severity.ERROR)
def gate_without_practice(review: Review) -> Iterator[Finding]:
    """A gate objective is not practiced.

    An objective that was not trained and practiced must not end anyone's job. HR could not defend
    the decision, and the trainee never had the chance to learn. A first try that is only measured
    as a baseline, before anything was taught, is no practice.

    Source: content validity, 29 CFR 1607.5; Merrill 2002, application.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,  # <--
               domain: interpersonal, level: apply}

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
               domain: interpersonal, level: apply}
          activities:
            - {id: m1-play, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}
    """
    for gate in review.curriculum.gates.values():
        activities = review.curriculum.activities_of_objective[gate.id]
        if not any(practices(review.curriculum, a) for a in activities):
            yield Finding(
                gate.id,
                f"gate `{gate.id}` ({gate.label}) is not practiced",
                f"add an activity with `phase: practice` and `objectives: [{gate.id}]`, "
                "or let it be no gate",
                ("gate",),
            )


@rule(Severity.ERROR)
def instrument_before_instruction(review: Review) -> Iterator[Finding]:
    """An instrument is used before what it measures was taught.

    Trainees are tested on what they have not met yet, or never meet. Pre-work comes first, modules
    run in teaching order and activities in the order of their module; baselines are meant to come
    first and are left out. A gate that nothing practices has a rule of its own.

    Source: Gagné, assessment follows instruction; judgment of the authors.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: state, behavior: the hours,
            domain: cognitive, level: remember}]
          activities:
            - {id: m1-test, method: test, phase: assess, objectives: [o1],  # <--
               instrument: i1, minutes: {min: 10, plan: 10, max: 10}}
            - {id: m1-talk, method: lecture, phase: present, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}
        instrument: {id: i1, title: Test, kind: check, kirkpatrick: 2, when: in-course,
          minutes: 5, at_once: 18, objectives: [o1]}

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: state, behavior: the hours,
            domain: cognitive, level: remember}]
          activities:
            - {id: m1-talk, method: lecture, phase: present, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}
            - {id: m1-test, method: test, phase: assess, objectives: [o1],
               instrument: i1, minutes: {min: 10, plan: 10, max: 10}}
        instrument: {id: i1, title: Test, kind: check, kirkpatrick: 2, when: in-course,
          minutes: 5, at_once: 18, objectives: [o1]}
    """
    curriculum = review.curriculum
    every = sorted(curriculum.activities.values(), key=lambda a: a.delivery != "prework")
    order = {activity.id: index for index, activity in enumerate(every)}
    for activity in every:
        for name in activity.assesses:
            instrument = curriculum.instruments[name]
            if instrument.when == "baseline" or instrument.type in FORMS:
                continue
            for objective in measured(instrument):
                first = _first_taught(curriculum, objective, order)
                tested = f"`{activity.id}` uses `{name}`, which measures `{objective}`"
                if first and order[first.id] > order[activity.id]:
                    yield Finding(
                        activity.id,
                        f"{tested}, before `{first.id}` teaches it",
                        "move it behind, or let its module require the module that teaches it",
                        related=(Related(curriculum.at(first.id), f"`{first.id}` comes later"),),
                    )
                elif not first and not curriculum.objectives[objective].gate:
                    yield Finding(
                        activity.id,
                        f"{tested}, and `{objective}` is never taught",
                        f"let an activity that presents, demonstrates or practices it name "
                        f"`{objective}`, or do not test it",
                        related=(Related(curriculum.at(objective), f"`{objective}`"),),
                    )


@rule(Severity.ERROR)
def gate_without_instruction(review: Review) -> Iterator[Finding]:
    """Nothing presents or demonstrates a gate objective.

    Whoever loses a job over something must have been taught it, not only been made to try it. The
    rule asks for an activity that presents or demonstrates and names the gate itself; pre-work
    counts. Practice of a gate has a rule of its own.

    Source: content validity, 29 CFR 1607.5; judgment of the authors.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,  # <--
               domain: interpersonal, level: apply}
          activities:
            - {id: m1-play, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
               domain: interpersonal, level: apply}
          activities:
            - {id: m1-show, method: demonstration, phase: demonstrate, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}
            - {id: m1-play, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}
    """
    for gate in review.curriculum.gates.values():
        activities = review.curriculum.activities_of_objective[gate.id]
        if not any(a.phase in TEACHING for a in activities):
            yield Finding(
                gate.id,
                f"nothing presents or demonstrates gate `{gate.id}` ({gate.label})",
                f"let an activity with `phase: present` or `phase: demonstrate` name `{gate.id}`, "
                "or let it be no gate",
                ("gate",),
            )


@rule(Severity.ERROR)
def objective_without_practice(review: Review) -> Iterator[Finding]:
    """A task of the job rests on skills, and trainees never try it as a whole.

    A skill that is practiced in another task does not carry over by itself. The rule looks at
    terminal objectives that serve a trained KSA whose leading class is skill. Objectives that ask
    only to remember or understand need no practice; gates, and skills that nothing practices at
    all, have rules of their own.

    Source: Merrill 2002, application; Taylor, Russ-Eft and Chan 2005.

    Flagged:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]
        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: greet, behavior: a customer at the desk,
               domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}
            - {id: o2, kind: terminal, verb: greet, behavior: a customer on the phone,  # <--
               domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}
          activities:
            - {id: m1-play, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}

    Clean:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]
        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: greet, behavior: a customer at the desk,
               domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}
            - {id: o2, kind: terminal, verb: greet, behavior: a customer on the phone,
               domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}
          activities:
            - {id: m1-play, method: role-play, phase: practice, objectives: [o1, o2],
               minutes: {min: 10, plan: 10, max: 10}}
    """
    curriculum = review.curriculum
    for objective in curriculum.objectives.values():
        performed = objective.type == "terminal" and objective.level not in KNOWING
        practiced = any(
            practices(curriculum, a) for a in curriculum.activities_of_objective[objective.id]
        )
        if not performed or practiced or objective.gate:
            continue
        skills = [
            link.ksa
            for link in objective.ksas
            if curriculum.ksas[link.ksa].classes[0] == "skill"
            and curriculum.ksas[link.ksa].status == "trained"
            and review.coverage.ksas[link.ksa].practiced
        ]
        if skills:
            yield Finding(
                objective.id,
                f"objective `{objective.id}` ({objective.label}) rests on skills "
                f"({', '.join(f'`{s}`' for s in skills)}), and no activity practices it",
                f"let an activity with `phase: practice` name `{objective.id}`",
                related=tuple(
                    Related(curriculum.at(s), f"`{s}` is practiced elsewhere") for s in skills
                ),
            )


@rule(Severity.WARNING)
def attitude_never_observed(review: Review) -> Iterator[Finding]:
    """An attitude is assessed only by what trainees say or write about themselves.

    People rate their own courtesy kindly, and everybody knows the right answer on paper. An
    attitude shows in what a trainee does unprompted while somebody looks on: a role play, a work
    sample, a product or an observation. The rule looks at trained KSAs whose leading class is
    attitude. Self-ratings and written tests count as words; what others see after training comes
    too late to be the only evidence.

    Source: Nimon 2007 on self-ratings; LTEM.

    Flagged:

        ksas: [{id: k1, statement: Courtesy., classes: [attitude]}]  # <--
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: initiate, behavior: a greeting,
            domain: affective, level: value, ksas: [{ksa: k1, level: 1}]}]
        instrument: {id: i1, title: How I see myself, kind: self-form, kirkpatrick: 2,
          when: end-of-course, objectives: [o1]}

    Clean:

        ksas: [{id: k1, statement: Courtesy., classes: [attitude]}]
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: initiate, behavior: a greeting,
            domain: affective, level: value, ksas: [{ksa: k1, level: 1}]}]
        instrument: {id: i1, title: At the counter, kind: observation, kirkpatrick: 2,
          when: in-course, objectives: [o1]}
    """
    curriculum = review.curriculum
    for ksa in curriculum.ksas.values():
        if ksa.status != "trained" or ksa.classes[0] != "attitude":
            continue
        named = [
            *curriculum.instruments_of_ksa[ksa.id],
            *(form for _, form in curriculum.questions_of_ksa[ksa.id]),
        ]
        for objective in curriculum.objectives_of_ksa[ksa.id]:
            named += curriculum.instruments_of_objective[objective.id]
        every = {i.id: i for i in named if certifies(i) or i.type in SELF_REPORT}
        if every and all(i.written or i.type in SELF_REPORT for i in every.values()):
            yield Finding(
                ksa.id,
                f"`{ksa.id}` ({ksa.name or ksa.label}) is an attitude, assessed only by what "
                "trainees say or write: " + ", ".join(f"`{i}`" for i in every),
                "add an observation or a role play in which it shows unprompted",
                related=tuple(
                    Related(curriculum.at(i.id), f"`{i.id}` is a {i.type}") for i in every.values()
                ),
            )


@rule(Severity.WARNING)
def test_condition_differs(review: Review) -> Iterator[Finding]:
    """An instrument measures an objective under another condition than the objective states.

    Trainees who prepared with the handbook open meet a closed one, or get less time than was
    promised; the result then says nothing about the objective. Compared are `book` of both where
    both state it, and the `play` minutes of the objective with the `minutes` of a role play or
    observation, which hold the change-over too and so may be longer, never shorter.

    Source: US Army guide to terminal learning objectives, the condition is that of the test.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: state, behavior: the hours, book: open,
            domain: cognitive, level: remember}]
        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          book: closed  # <--
          objectives: [o1]

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: state, behavior: the hours, book: open,
            domain: cognitive, level: remember}]
        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          book: open
          objectives: [o1]
    """
    curriculum = review.curriculum
    for instrument in filter(certifies, curriculum.instruments.values()):
        live = instrument.type in ("role-play", "observation")
        for name in measured(instrument):
            objective = curriculum.objectives[name]
            if objective.book and instrument.book and objective.book != instrument.book:
                yield _differs(
                    curriculum,
                    instrument,
                    objective,
                    "book",
                    f"is {instrument.book} book, but `{name}` is {objective.book} book",
                )
            if live and instrument.minutes and instrument.minutes < (objective.play or 0):
                yield _differs(
                    curriculum,
                    instrument,
                    objective,
                    "minutes",
                    f"gives {instrument.minutes} minutes, but `{name}` is a performance of "
                    f"{objective.play}",
                )


def _differs(
    curriculum: Curriculum, instrument: Instrument, objective: Objective, field: str, how: str
) -> Finding:
    return Finding(
        instrument.id,
        f"`{instrument.id}` ({instrument.title}) {how}",
        f"set `{field}` so that test and objective agree, or say the condition anew",
        (field,),
        (Related(curriculum.at(objective.id), f"`{objective.id}` ({objective.label})"),),
    )


def _certifying(curriculum: Curriculum) -> Iterator[tuple[Objective, list[Instrument]]]:
    for objective in curriculum.objectives.values():
        every = curriculum.instruments_of_objective[objective.id]
        yield objective, [i for i in every if certifies(i)]


def _first_taught(curriculum: Curriculum, objective: str, order: dict[str, int]) -> Activity | None:
    """The first activity that teaches or practices an objective."""
    serving = [
        a
        for a in curriculum.activities_of_objective[objective]
        if a.phase in TEACHING or practices(curriculum, a)
    ]
    return min(serving, key=lambda a: order[a.id], default=None)
