"""Rules about methods: they fit what is learned, and trainees act, hear back and take it along."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from math import ceil

from csstrain.check import Finding, Review, rule
from csstrain.coverage import TEACHING
from csstrain.curriculum import Curriculum
from csstrain.diagnostic import Related, Severity
from csstrain.model import Activity, Material, Module

INSTRUCTION = (*TEACHING, "practice", "debrief")
TALKS = ("lecture", "briefing")
EVENTS = (
    "gain-attention",
    "state-objective",
    "recall",
    "present-content",
    "guide",
    "elicit-performance",
    "give-feedback",
    "assess",
    "retain-and-transfer",
)
# What an activity is for already says one event; the field `event` then says another.
EVENT_OF_PHASE: Mapping[str, str] = {
    "present": "present-content",
    "demonstrate": "guide",
    "practice": "elicit-performance",
    "debrief": "give-feedback",
    "assess": "assess",
}


@rule(Severity.WARNING)
def method_unfit_for_class(review: Review) -> Iterator[Finding]:
    """The method of an activity does nothing for what the activity is to teach.

    A talk gives nobody a skill, and a role play teaches no facts: the time is spent and the KSA is
    no nearer. Every method has a rating from 0 to 3 for each class of KSA in the method matrix,
    which a project may replace. Reported is an activity that presents, demonstrates or practices
    and whose method rates 0 for the leading class of every KSA that its objectives serve. An
    objective that asks only to remember or understand counts as facts too, whatever its KSA.
    Abilities and experience have no rating and are not judged, nor are methods without a row.

    Source: training delivery methods after Blanchard and Thacker; judgment of the authors.

    Flagged:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}]
          activities:
            - id: m1-talk
              method: lecture  # <--
              phase: present
              objectives: [o1]
              minutes: {min: 10, plan: 10, max: 10}

    Clean:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}]
          activities:
            - id: m1-show
              method: behavior-modeling
              phase: demonstrate
              objectives: [o1]
              minutes: {min: 10, plan: 10, max: 10}
    """
    curriculum = review.curriculum
    ratings: dict[str, dict[str, int]] = {
        row.method: row.model_dump(exclude={"method"}) for row in curriculum.methods.rows
    }
    for activity in curriculum.activities.values():
        rating = ratings.get(activity.method)
        if rating is None or activity.phase not in (*TEACHING, "practice"):
            continue
        classes = [c for c in _classes(curriculum, activity) if c in rating]
        if classes and all(rating[c] == 0 for c in classes):
            fitting = [
                method
                for method, row in ratings.items()
                if method != activity.method and all(row[c] >= 2 for c in classes)
            ]
            listed = " and ".join(classes)
            yield Finding(
                activity.id,
                f"`{activity.id}` ({activity.label}) is to teach {listed}, and the method matrix "
                f"gives {activity.method} no value for that",
                f"use a method that serves {listed}, such as {', '.join(fitting[:4])}"
                if fitting
                else "use another method, or let it serve another objective",
                ("method",),
            )


@rule(Severity.WARNING)
def practice_without_feedback(review: Review) -> Iterator[Finding]:
    """Trainees practice, and nothing plans that they hear how it went.

    Practice without feedback makes habits of mistakes. Planned feedback is a `debrief` of the
    activity, minutes of `feedback` in its grouping, the event `give-feedback`, coaching as the
    method, or a later activity of the module that debriefs or gives feedback on one of the same
    objectives.

    Source: Gagné, feedback; Merrill 2002.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
          activities:
            - {id: m1-play, method: role-play, phase: practice, objectives: [o1],  # <--
               minutes: {min: 10, plan: 10, max: 10}}

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
          activities:
            - {id: m1-play, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}
            - {id: m1-talk, method: discussion, phase: debrief, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}
    """
    for module in review.curriculum.modules.values():
        told: set[str] = set()
        # From the end, so that `told` holds what a later activity gives feedback on.
        for activity in reversed(module.activities):
            feedback = _gives_feedback(activity)
            if (
                activity.phase == "practice"
                and not feedback
                and told.isdisjoint(activity.objectives)
            ):
                yield Finding(
                    activity.id,
                    f"`{activity.id}` ({activity.label}) is practice, and no feedback is planned",
                    "add `debrief: {what: …, so_what: …, now_what: …}`, feedback minutes in a "
                    "`grouping`, or a debrief later in the module",
                )
            if activity.phase == "debrief" or activity.event == "give-feedback":
                told.update(activity.objectives)


@rule(Severity.ADVICE, most=0)
def module_without_event(review: Review) -> Iterator[Finding]:
    """A module that teaches leaves out an event of instruction.

    Lessons hold when attention is gained, the objective is said, what is known is recalled, new
    content is shown and guided, trainees perform and hear back, are assessed, and take it to the
    job. Presence counts, not order; at most `most` events (0) may be absent. Modules that neither
    present nor demonstrate, and the one with the final assessment, are left out.

    Events are said by `event` and, since an activity has but one, by what else it says: presenting
    is content; demonstrating, and `mistakes` with the trainer's answers, are guidance; practice is
    performance; a debrief and feedback minutes are feedback; an instrument is assessment;
    `retrieval` is recall; and `now_what` of a debrief leads to the job.

    Source: Gagné's events of instruction; Merrill 2002.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
          activities:
            - {id: m1-show, method: demonstration, phase: demonstrate, objectives: [o1],  # <--
               minutes: {min: 10, plan: 10, max: 10}}

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
          activities:
            - {id: m1-open, method: discussion, phase: present, event: gain-attention,
               objectives: [o1], minutes: {min: 5, plan: 5, max: 5}}
            - {id: m1-aim, method: briefing, phase: present, event: state-objective,
               objectives: [o1], minutes: {min: 5, plan: 5, max: 5}}
            - {id: m1-show, method: demonstration, phase: demonstrate, event: recall,
               objectives: [o1], minutes: {min: 10, plan: 10, max: 10}}
            - {id: m1-play, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10},
               debrief: {what: What happened?, so_what: So what?, now_what: Now what?}}
            - {id: m1-look, method: simulation, phase: assess, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}
    """
    for module in review.curriculum.modules.values():
        if module.final or not any(a.phase in TEACHING for a in module.activities):
            continue
        present = {event for a in module.activities for event in _events(a)}
        absent = [event for event in EVENTS if event not in present]
        if len(absent) > review.number["most"]:
            yield Finding(
                module.id,
                f"module `{module.id}` ({module.title}) teaches, and no activity says "
                f"{', '.join(f'`{event}`' for event in absent)}",
                f"add `event: {absent[0]}` to the activity that does it, or plan one that does",
                ("activities",),
            )


@rule(Severity.ADVICE)
def modeling_without_learning_points(review: Review) -> Iterator[Finding]:
    """Behavior is modeled, and the module states no rules to take away.

    Trainees who watch a model remember a good story; with the rules written out as learning points
    they remember what to do. Skill grew most where the points were stated as rules.

    Source: Taylor, Russ-Eft and Chan 2005.

    Flagged:

        module:
          id: m1  # <--
          title: Contact
          activities:
            - {id: m1-model, method: behavior-modeling, phase: demonstrate,
               minutes: {min: 10, plan: 10, max: 10}}

    Clean:

        module:
          id: m1
          title: Contact
          learning_points: [Greet before you ask.]
          activities:
            - {id: m1-model, method: behavior-modeling, phase: demonstrate,
               minutes: {min: 10, plan: 10, max: 10}}
    """
    for module, modeling in _modeling(review.curriculum):
        if not module.learning_points:
            yield Finding(
                module.id,
                f"module `{module.id}` ({module.title}) models behavior and states no learning "
                "points",
                "add `learning_points:` with the rules to take away, as in `Greet before you ask.`",
                related=_at(review.curriculum, modeling),
            )


@rule(Severity.ADVICE)
def modeling_without_bad_model(review: Review) -> Iterator[Finding]:
    """Behavior is modeled, and trainees see it only done well.

    Training carried over to the job best where trainees saw the behavior done badly as well as
    done well; the contrast shows what the rules are for. The dialogue that is used by the activity
    or its module says `shows: bad` or `shows: both`.

    Source: Taylor, Russ-Eft and Chan 2005.

    Flagged:

        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-model, method: behavior-modeling, phase: demonstrate,  # <--
               materials: [mat-scene], minutes: {min: 10, plan: 10, max: 10}}
        material: {id: mat-scene, title: A scene, kind: dialogue, shows: good, reader: trainer,
          body: Good morning!}

    Clean:

        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-model, method: behavior-modeling, phase: demonstrate,
               materials: [mat-scene], minutes: {min: 10, plan: 10, max: 10}}
        material: {id: mat-scene, title: Two scenes, kind: dialogue, shows: both, reader: trainer,
          body: Next! Good morning!}
    """
    curriculum = review.curriculum
    for module, modeling in _modeling(curriculum):
        for activity in modeling:
            used = [curriculum.materials[m] for m in (*activity.materials, *module.materials)]
            scenes = [m for m in used if m.type == "dialogue"]
            if not any(m.shows in ("bad", "both") for m in scenes):
                yield Finding(
                    activity.id,
                    f"`{activity.id}` ({activity.label}) models behavior, and no dialogue shows "
                    "how it goes badly",
                    "add a scene that goes badly, and say `shows: bad` or `shows: both` in the "
                    "material of kind dialogue",
                    related=_shown(curriculum, scenes),
                )


@rule(Severity.WARNING, least=50)
def low_practice_share(review: Review) -> Iterator[Finding]:
    """A module about skills spends most of its time on something other than practice.

    Trainees learn a skill by doing it. In a module most of whose trained KSAs are led by skill,
    practice takes at least `least` percent (50) of the planned minutes of instruction: what is
    presented, demonstrated, practiced and debriefed in the room. Pre-work, tests and
    administration do not count.

    Source: guidance for safety training derived from OSHA, two thirds for activity; judgment of
    the authors.

    Flagged:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}]
          activities:
            - {id: m1-show, method: demonstration, phase: demonstrate, objectives: [o1],  # <--
               minutes: {min: 20, plan: 20, max: 20}}
            - {id: m1-play, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}

    Clean:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}]
          activities:
            - {id: m1-show, method: demonstration, phase: demonstrate, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}
            - {id: m1-play, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 20, plan: 20, max: 20}}
    """
    curriculum = review.curriculum
    for module in curriculum.modules.values():
        instruction = [a for a in module.activities if _instructs(a)]
        share = _share(instruction, [a for a in instruction if a.phase == "practice"])
        if (
            share is not None
            and share < review.number["least"]
            and _led_by_skill(curriculum, module)
        ):
            yield Finding(
                module.id,
                f"module `{module.id}` ({module.title}) is about skills, and {share:.0f} % of its "
                "instruction is practice",
                f"plan at least {review.number['least']} %: shorten what is told, or let trainees "
                "do more of it",
                ("activities",),
            )


@rule(Severity.WARNING, most=33)
def high_lecture_share(review: Review) -> Iterator[Finding]:
    """The program talks for too much of its time.

    Listening is the least that trainees can do. Lectures and briefings take at most `most` percent
    (33) of the planned minutes of instruction over the whole program: what is presented,
    demonstrated, practiced and debriefed in the room. Talks at home, tests and administration do
    not count.

    Source: guidance for safety training derived from OSHA, lecture at most one third.

    Flagged:

        program:
          id: program  # <--
          title: A program
          version: "1"
          cohort: {trainees: 18}
          scale: house
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-talk, method: lecture, phase: present,
               minutes: {min: 20, plan: 20, max: 20}}
            - {id: m1-play, method: role-play, phase: practice,
               minutes: {min: 10, plan: 10, max: 10}}

    Clean:

        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-talk, method: lecture, phase: present,
               minutes: {min: 10, plan: 10, max: 10}}
            - {id: m1-play, method: role-play, phase: practice,
               minutes: {min: 30, plan: 30, max: 30}}
    """
    curriculum = review.curriculum
    instruction = [a for a in curriculum.activities.values() if _instructs(a)]
    talks = [a for a in instruction if a.method in TALKS]
    share = _share(instruction, talks)
    if share is not None and share > review.number["most"]:
        longest = sorted(talks, key=lambda a: -a.minutes.plan)[:3]
        yield Finding(
            curriculum.program.id,
            f"lectures and briefings take {share:.0f} % of the instruction",
            f"stay at or below {review.number['most']} %: let trainees read, discuss or do a part "
            "of what is told",
            related=_at(curriculum, longest),
        )


@rule(Severity.WARNING, most=10)
def too_few_coaches(review: Review) -> Iterator[Finding]:
    """Groups practice, and there are too few people to watch them.

    Feedback from somebody who knows is what makes practice work; one person cannot hear more than
    a few groups at once. Where an activity practices in groups, there is a trainer or coach for
    every `most` trainees (10).

    Source: OSHAcademy course 121, 5 to 10 trainees for each instructor in hands-on work.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          cohort:
            trainees: 18
            coaches: 0  # <--
          scale: house
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-triads, method: role-play, phase: practice,
               grouping: {size: 3, rounds: 1, prepare: 2, feedback: 6},
               minutes: {min: 24, plan: 30, max: 30}}

    Clean:

        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-triads, method: role-play, phase: practice,
               grouping: {size: 3, rounds: 1, prepare: 2, feedback: 6},
               minutes: {min: 24, plan: 30, max: 30}}
    """
    curriculum = review.curriculum
    cohort, most = curriculum.program.cohort, review.number["most"]
    staff = cohort.trainers + cohort.coaches
    groups = [a for a in curriculum.activities.values() if a.phase == "practice" and a.grouping]
    if groups and cohort.trainees > most * staff:
        needed = ceil(cohort.trainees / most) if most else None
        yield Finding(
            curriculum.program.id,
            f"{cohort.trainees} trainees practice in groups, and the cohort has "
            f"{cohort.trainers} {'trainer' if cohort.trainers == 1 else 'trainers'} and "
            f"{cohort.coaches} {'coach' if cohort.coaches == 1 else 'coaches'}",
            f"set `coaches: {needed - cohort.trainers}` or more" if needed else None,
            ("cohort", "coaches"),
            _at(curriculum, groups[:3]),
        )


@rule(Severity.WARNING)
def program_without_transfer_plan(review: Review) -> Iterator[Finding]:
    """Trainees leave without a plan of what they will do at their own desk.

    What is learned and not used in the first weeks is gone. Trainees who set goals for the job,
    with a date and somebody who helps, used more of what they had learned. The plan is a material
    of the kind `transfer-plan`. Programs that teach and practice nothing yet are not judged.

    Source: Taylor, Russ-Eft and Chan 2005.

    Flagged:

        program:
          id: program  # <--
          title: A program
          version: "1"
          cohort: {trainees: 18}
          scale: house
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-play, method: role-play, phase: practice,
               minutes: {min: 20, plan: 20, max: 20}}

    Clean:

        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-play, method: role-play, phase: practice, materials: [mat-goals],
               minutes: {min: 20, plan: 20, max: 20}}
        material: {id: mat-goals, title: My three goals, kind: transfer-plan, reader: trainee,
          body: What will you do?}
    """
    yield from _missing(
        review.curriculum,
        "transfer-plan",
        "trainees write no plan of what they will do at their own desk",
        "add a material with `kind: transfer-plan` and the activity in which it is filled in",
    )


@rule(Severity.WARNING)
def program_without_supervisor_briefing(review: Review) -> Iterator[Finding]:
    """Supervisors are not told what their new people learned and need.

    A supervisor who does not know what was trained cannot ask for it, and a new way of working is
    dropped at the first frown. Training carried over best where supervisors were prepared for it.
    The text is a material of the kind `briefing`. Programs that teach and practice nothing yet
    are not judged.

    Source: Taylor, Russ-Eft and Chan 2005.

    Flagged:

        program:
          id: program  # <--
          title: A program
          version: "1"
          cohort: {trainees: 18}
          scale: house
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-play, method: role-play, phase: practice,
               minutes: {min: 20, plan: 20, max: 20}}

    Clean:

        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-play, method: role-play, phase: practice, materials: [mat-boss],
               minutes: {min: 20, plan: 20, max: 20}}
        material: {id: mat-boss, title: For supervisors, kind: briefing, reader: trainer,
          body: What your new people learned.}
    """
    yield from _missing(
        review.curriculum,
        "briefing",
        "nothing tells supervisors what their new people learned and need from them",
        "add a material with `kind: briefing` for the supervisors",
    )


def _classes(curriculum: Curriculum, activity: Activity) -> list[str]:
    """What an activity teaches: the leading classes of its KSAs, each once."""
    found: list[str] = []
    for objective in (curriculum.objectives[o] for o in activity.objectives):
        found += [curriculum.ksas[link.ksa].classes[0] for link in objective.ksas]
        if objective.level in ("remember", "understand"):
            found.append("declarative")
    return list(dict.fromkeys(found))


def _gives_feedback(activity: Activity) -> bool:
    """Whether feedback is planned in the activity itself."""
    return bool(
        activity.debrief
        or (activity.grouping and activity.grouping.feedback)
        or activity.event == "give-feedback"
        or activity.method == "coaching"
    )


def _events(activity: Activity) -> Iterator[str]:
    """The events of instruction that an activity says, by whatever field."""
    if activity.event:
        yield activity.event
    if activity.phase in EVENT_OF_PHASE:
        yield EVENT_OF_PHASE[activity.phase]
    if activity.mistakes:
        yield "guide"
    if activity.retrieval:
        yield "recall"
    if _gives_feedback(activity):
        yield "give-feedback"
    if activity.assesses:
        yield "assess"
    if activity.debrief:
        yield "retain-and-transfer"


def _modeling(curriculum: Curriculum) -> Iterator[tuple[Module, list[Activity]]]:
    """Modules that model behavior, each with the activities that do."""
    for module in curriculum.modules.values():
        modeling = [a for a in module.activities if a.method == "behavior-modeling"]
        if modeling:
            yield module, modeling


def _instructs(activity: Activity) -> bool:
    """Whether an activity is instruction in the room."""
    return activity.phase in INSTRUCTION and activity.delivery == "session"


def _share(whole: list[Activity], part: list[Activity]) -> Decimal | None:
    """The planned minutes of a part in percent of the whole; None where there are none."""
    minutes = sum(a.minutes.plan for a in whole)
    return Decimal(100 * sum(a.minutes.plan for a in part)) / minutes if minutes else None


def _led_by_skill(curriculum: Curriculum, module: Module) -> bool:
    """Whether most trained KSAs of a module are skills, by their first class or another."""
    served = {link.ksa for objective in module.objectives for link in objective.ksas}
    trained = [curriculum.ksas[k] for k in served if curriculum.ksas[k].status == "trained"]
    return 2 * sum("skill" in k.classes for k in trained) > len(trained)


def _missing(curriculum: Curriculum, kind: str, message: str, hint: str) -> Iterator[Finding]:
    """A finding at the program where it trains people and has no material of a kind."""
    trains = any(a.phase in (*TEACHING, "practice") for a in curriculum.activities.values())
    if trains and all(m.type != kind for m in curriculum.materials.values()):
        yield Finding(curriculum.program.id, message, hint)


def _at(curriculum: Curriculum, activities: list[Activity]) -> tuple[Related, ...]:
    return tuple(
        Related(curriculum.at(a.id), f"`{a.id}` ({a.label}): {a.minutes.plan} minutes")
        for a in activities
    )


def _shown(curriculum: Curriculum, scenes: list[Material]) -> tuple[Related, ...]:
    return tuple(
        Related(
            curriculum.at(m.id),
            f"`{m.id}` shows {m.shows}" if m.shows else f"`{m.id}` does not say what it shows",
        )
        for m in scenes
    )
