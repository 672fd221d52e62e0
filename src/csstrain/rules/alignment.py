"""Rules about alignment: objective, practice and instrument belong together."""

from __future__ import annotations

from collections.abc import Iterator

from csstrain.check import Finding, Review, rule
from csstrain.curriculum import FORMS, Curriculum, certifies, measured
from csstrain.diagnostic import Related, Severity
from csstrain.model import Activity, Criterion, Instrument, Item, Objective
from csstrain.timing import assessment_floor, practice_floor


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

    A test of something that was never promised is unfair to the trainee and cannot be defended
    (29 CFR 1607.5, content validity). An instrument may name KSAs instead. Forms for reactions,
    supervisors and results ask about KSAs or the program and are left out.

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


@rule(Severity.ERROR)
def key_not_an_option(review: Review) -> Iterator[Finding]:
    """The key of a test item is none of its options.

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
          items:
            - {id: q1, stem: When?, key: c, objective: o1,  # <--
               options: [{id: a, text: At eight.}, {id: b, text: At nine.}]}

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
          items:
            - {id: q1, stem: When?, key: a, objective: o1,
               options: [{id: a, text: At eight.}, {id: b, text: At nine.}]}
    """
    for item, _ in review.curriculum.items.values():
        letters = [option.id for option in item.options]
        if item.options and item.key not in letters:
            yield Finding(
                item.id,
                f"the key of item `{item.id}` is `{item.key}`, but its options are "
                + ", ".join(letters),
                "give the letter of the right option as `key`",
                ("key",),
            )


@rule(Severity.ERROR)
def gate_without_practice(review: Review) -> Iterator[Finding]:
    """A gate objective is not practised.

    An objective that was not trained and practised must not end anyone's job.

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
    for gate in _gates(review.curriculum):
        activities = review.curriculum.activities_of_objective[gate.id]
        if not any(a.phase == "practice" for a in activities):
            yield Finding(
                gate.id,
                f"gate `{gate.id}` ({gate.label}) is not practised",
                f"add an activity with `phase: practice` and `objectives: [{gate.id}]`, "
                "or let it be no gate",
                ("gate",),
            )


@rule(Severity.ERROR)
def gate_without_retest(review: Review) -> Iterator[Finding]:
    """A gate objective has no instrument with a cut score and a retest.

    Every test errs. A gate without a stated standard is arbitrary, and one without a second
    chance on another form turns one bad hour into a lost job. Baselines, follow-ups and forms
    decide about nobody and do not count.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,  # <--
               domain: interpersonal, level: apply}
        instrument: {id: i1, title: Station, kind: role-play, kirkpatrick: 2,
          when: end-of-course, objectives: [o1]}

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
               domain: interpersonal, level: apply}
        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: end-of-course
          objectives: [o1]
          cut: {method: judges, value: 3, out_of: 4}
          retest: {form: B, after: two hours of coaching}
    """
    curriculum = review.curriculum
    for gate, instruments in _certifying(curriculum):
        if gate.gate and instruments and not any(i.gate for i in instruments):
            listed = " or ".join(f"`{i.id}`" for i in instruments)
            yield Finding(
                gate.id,
                f"gate `{gate.id}` ({gate.label}) has no instrument with a cut score and a retest",
                f"add `cut` and `retest` to {listed}",
                ("gate",),
                _related(curriculum, instruments),
            )


@rule(Severity.ERROR)
def instrument_before_instruction(review: Review) -> Iterator[Finding]:
    """An instrument is used before what it measures was taught.

    Trainees are tested on what they have not met yet, or never meet. Pre-work comes first, modules
    run in teaching order and activities in the order of their module; baselines are meant to come
    first and are left out. A gate that nothing practises has a rule of its own.

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
                        f"let an activity that presents, demonstrates or practises it name "
                        f"`{objective}`, or do not test it",
                        related=(Related(curriculum.at(objective), f"`{objective}`"),),
                    )


@rule(Severity.ERROR)
def instrument_without_minutes(review: Review) -> Iterator[Finding]:
    """An activity uses an instrument that does not say how long it takes.

    Without its minutes the time that the whole cohort needs counts as nothing, and an agenda
    that cannot hold the assessment looks as if it could. `minutes` are those of one trainee or
    of one batch of trainees that fits at once, change-over included.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
          activities:
            - {id: m1-stations, method: simulation, phase: assess, objectives: [o1],
               instrument: i1, minutes: {min: 30, plan: 30, max: 40}}
        instrument: {id: i1, title: Station, kind: role-play,  # <--
          kirkpatrick: 2, when: in-course, at_once: 6, objectives: [o1]}

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
          activities:
            - {id: m1-stations, method: simulation, phase: assess, objectives: [o1],
               instrument: i1, minutes: {min: 30, plan: 30, max: 40}}
        instrument: {id: i1, title: Station, kind: role-play,
          kirkpatrick: 2, when: in-course, minutes: 10, at_once: 6, objectives: [o1]}
    """
    curriculum = review.curriculum
    for instrument in curriculum.instruments.values():
        used = curriculum.activities_of_instrument[instrument.id]
        if used and not instrument.minutes:
            yield Finding(
                instrument.id,
                f"instrument `{instrument.id}` ({instrument.title}) does not say how long it takes",
                "add `minutes:` for one trainee, change-over included",
                related=tuple(Related(curriculum.at(a.id), f"`{a.id}` uses it") for a in used),
            )


@rule(Severity.ERROR)
def assessment_too_short(review: Review) -> Iterator[Finding]:
    """The minutes of an activity do not hold its instruments for the whole cohort.

    Somebody would not be assessed, or everybody in a hurry. Needed are, for each instrument that
    the activity names, its minutes for each batch of trainees that fits at once; for a rotation,
    one slot for each change of groups. The least minutes of the activity must hold that.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
          activities:
            - {id: m1-stations, method: simulation, phase: assess, objectives: [o1],
               instrument: i1, minutes: {min: 20, plan: 20, max: 20}}  # <--
        instrument: {id: i1, title: Station, kind: role-play, kirkpatrick: 2, when: in-course,
          minutes: 10, at_once: 6, objectives: [o1]}

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
          activities:
            - {id: m1-stations, method: simulation, phase: assess, objectives: [o1],
               instrument: i1, minutes: {min: 30, plan: 30, max: 40}}
        instrument: {id: i1, title: Station, kind: role-play, kirkpatrick: 2, when: in-course,
          minutes: 10, at_once: 6, objectives: [o1]}
    """
    curriculum = review.curriculum
    trainees = curriculum.program.cohort.trainees
    for activity in curriculum.activities.values():
        needed = assessment_floor(curriculum, activity)
        if activity.minutes.min < needed:
            yield Finding(
                activity.id,
                f"`{activity.id}` may shrink to {activity.minutes.min} minutes, but its "
                f"instruments need {needed} for {trainees} trainees",
                f"set `min` to {needed} or more, or assess more trainees at once",
                ("minutes", "min"),
                _related(curriculum, [curriculum.instruments[i] for i in activity.assesses]),
            )


@rule(Severity.ERROR)
def instrument_without_time(review: Review) -> Iterator[Finding]:
    """No activity uses an instrument that belongs into the course.

    A test that has no minutes in the agenda is never given, and what it should certify stays
    unproven. Forms, and what is used after training, need no activity.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
        instrument: {id: i1, title: Station, kind: role-play,  # <--
          kirkpatrick: 2, when: end-of-course, minutes: 10, objectives: [o1]}

    Clean:

        instrument: {id: i1, title: Supervisor form, kind: supervisor-form, kirkpatrick: 3,
          when: follow-up}
    """
    curriculum = review.curriculum
    for instrument in curriculum.instruments.values():
        used = curriculum.activities_of_instrument[instrument.id]
        if instrument.type not in FORMS and instrument.when != "follow-up" and not used:
            yield Finding(
                instrument.id,
                f"no activity uses instrument `{instrument.id}` ({instrument.title})",
                f"add an activity with `phase: assess` and `instrument: {instrument.id}`",
            )


@rule(Severity.ERROR)
def gate_practice_too_short(review: Review) -> Iterator[Finding]:
    """The minutes of a gate's practice do not give everybody a turn.

    The floor is rounds × roles × (prepare + play + feedback), with the play minutes of the
    objective itself: a triad with a ten-minute play, two minutes to prepare and six of feedback
    needs 54 minutes for each round. Below it somebody comes to the gate without having practised.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            play: 10, domain: interpersonal, level: apply}]
          activities:
            - {id: m1-triads, method: role-play, phase: practice, objectives: [o1],
               grouping: {size: 3, rounds: 1, prepare: 2, feedback: 6},
               minutes: {min: 42, plan: 60, max: 60}}  # <--

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            play: 10, domain: interpersonal, level: apply}]
          activities:
            - {id: m1-triads, method: role-play, phase: practice, objectives: [o1],
               grouping: {size: 3, rounds: 1, prepare: 2, feedback: 6},
               minutes: {min: 54, plan: 60, max: 60}}
    """
    yield from _short_practice(review, gate=True)


@rule(Severity.ERROR)
def gate_practice_without_grouping(review: Review) -> Iterator[Finding]:
    """A gate that is played live is practised, but never in groups that give everybody a turn.

    Without a grouping nobody can compute whether each trainee plays the part before it decides
    about them. One practice activity of the gate says `grouping`; the rule looks at gates that
    have minutes of `play`.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,  # <--
               play: 10, domain: interpersonal, level: apply}
          activities:
            - {id: m1-play, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 60, plan: 60, max: 60}}

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
               play: 10, domain: interpersonal, level: apply}
          activities:
            - {id: m1-triads, method: role-play, phase: practice, objectives: [o1],
               grouping: {size: 3, rounds: 1, prepare: 2, feedback: 6},
               minutes: {min: 54, plan: 60, max: 60}}
    """
    curriculum = review.curriculum
    for gate in _gates(curriculum):
        serving = curriculum.activities_of_objective[gate.id]
        practice = [a for a in serving if a.phase == "practice"]
        if gate.play and practice and not any(a.grouping for a in practice):
            yield Finding(
                gate.id,
                f"gate `{gate.id}` ({gate.label}) is practised without a grouping, so nothing "
                "shows that everybody gets a turn",
                "add `grouping: {size: …, rounds: …, prepare: …, feedback: …}` to one of: "
                + ", ".join(f"`{a.id}`" for a in practice),
                ("gate",),
            )


@rule(Severity.WARNING)
def practice_too_short(review: Review) -> Iterator[Finding]:
    """The minutes of a practice activity do not give everybody a turn.

    The floor is rounds × roles × (prepare + play + feedback), with the play minutes of the
    objective itself. Gates have a rule of their own, which is an error.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            play: 10, domain: interpersonal, level: apply}]
          activities:
            - {id: m1-triads, method: role-play, phase: practice, objectives: [o1],
               grouping: {size: 3, rounds: 1, prepare: 2, feedback: 6},
               minutes: {min: 42, plan: 60, max: 60}}  # <--

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            play: 10, domain: interpersonal, level: apply}]
          activities:
            - {id: m1-triads, method: role-play, phase: practice, objectives: [o1],
               grouping: {size: 3, rounds: 1, prepare: 2, feedback: 6},
               minutes: {min: 54, plan: 60, max: 60}}
    """
    yield from _short_practice(review, gate=False)


def _short_practice(review: Review, gate: bool) -> Iterator[Finding]:
    curriculum = review.curriculum
    for activity in curriculum.activities.values():
        needed = practice_floor(curriculum, activity)
        gates = [o for o in activity.objectives if curriculum.objectives[o].gate]
        if activity.minutes.min < needed and bool(gates) is gate:
            yield Finding(
                activity.id,
                f"`{activity.id}` may shrink to {activity.minutes.min} minutes, but a turn for "
                f"everybody takes {needed}",
                f"set `min` to {needed} or more, or plan fewer rounds",
                ("minutes", "min"),
                tuple(Related(curriculum.at(o), f"`{o}` is a gate") for o in gates),
            )


def _gates(curriculum: Curriculum) -> Iterator[Objective]:
    return (o for o in curriculum.objectives.values() if o.gate)


def _certifying(curriculum: Curriculum) -> Iterator[tuple[Objective, list[Instrument]]]:
    for objective in curriculum.objectives.values():
        every = curriculum.instruments_of_objective[objective.id]
        yield objective, [i for i in every if certifies(i)]


def _first_taught(curriculum: Curriculum, objective: str, order: dict[str, int]) -> Activity | None:
    """The first activity that teaches or practises an objective."""
    serving = [
        a
        for a in curriculum.activities_of_objective[objective]
        if a.phase in ("present", "demonstrate", "practice")
    ]
    return min(serving, key=lambda a: order[a.id], default=None)


def _related(
    curriculum: Curriculum, instruments: list[Instrument] | tuple[Instrument, ...]
) -> tuple[Related, ...]:
    return tuple(
        Related(
            curriculum.at(i.id),
            f"`{i.id}` ({i.title}): {i.minutes or '?'} minutes, {i.at_once} at once",
        )
        for i in instruments
    )
