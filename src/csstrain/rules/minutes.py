"""Rules about minutes: what practice and assessment need, computed for this cohort."""

from __future__ import annotations

from collections.abc import Iterator

from csstrain.check import Finding, Review, rule
from csstrain.curriculum import FORMS, Curriculum, practices
from csstrain.diagnostic import Related, Severity
from csstrain.model import Instrument
from csstrain.timing import assessment_floor, practice_floor


@rule(Severity.ERROR)
def instrument_without_minutes(review: Review) -> Iterator[Finding]:
    """An activity uses an instrument that does not say how long it takes.

    Without its minutes the time that the whole cohort needs counts as nothing, and an agenda
    that cannot hold the assessment looks as if it could. `minutes` are those of one trainee or
    of one batch of trainees that fits at once, change-over included.

    Source: judgment of the authors.

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

    Source: judgment of the authors; the arithmetic of the cohort.

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

    Source: judgment of the authors.

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
    needs 54 minutes for each round. Below it somebody comes to the gate without having practiced.

    Source: judgment of the authors; behavior modeling, Taylor, Russ-Eft and Chan 2005.

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
    """A gate that is played live is practiced, but never in groups that give everybody a turn.

    Without a grouping nobody can compute whether each trainee plays the part before it decides
    about them. One practice activity of the gate says `grouping`; the rule looks at gates that
    have minutes of `play`.

    Source: judgment of the authors; behavior modeling, Taylor, Russ-Eft and Chan 2005.

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
    for gate in curriculum.objectives.values():
        serving = curriculum.activities_of_objective[gate.id]
        practice = [a for a in serving if practices(curriculum, a)]
        if gate.gate and gate.play and practice and not any(a.grouping for a in practice):
            yield Finding(
                gate.id,
                f"gate `{gate.id}` ({gate.label}) is practiced without a grouping, so nothing "
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

    Source: judgment of the authors; behavior modeling, Taylor, Russ-Eft and Chan 2005.

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
