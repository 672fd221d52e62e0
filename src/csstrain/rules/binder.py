"""Rules about the binder: trainers find all they need, trainees nothing that gives answers away."""

from __future__ import annotations

from collections.abc import Iterator

from csstrain.check import Finding, Review, rule
from csstrain.curriculum import FORMS, Curriculum, measured
from csstrain.diagnostic import Place, Related, Severity
from csstrain.model import Activity, Module
from csstrain.wording import words


@rule(Severity.WARNING)
def unused_material(review: Review) -> Iterator[Finding]:
    """No module and no activity uses a material.

    What nothing names gets no sheet number and is printed in no binder and no workbook, so the work
    that went into it reaches nobody. A handbook or a decision form that is used throughout
    belongs to the `materials` of the module that introduces it. The same is told of a file below
    content/materials/ that no material names.

    Source: judgment of the authors.

    Flagged:

        material: {id: mat-map, title: Campus map, kind: handout,  # <--
          reader: trainee, body: Here.}

    Clean:

        material: {id: mat-map, title: Campus map, kind: handout, reader: trainee, body: Here.}
        module: {id: m1, title: Contact, materials: [mat-map]}
    """
    curriculum = review.curriculum
    used = {name for module in curriculum.modules.values() for name in module.materials}
    used |= {name for each in curriculum.activities.values() for name in each.materials}
    for material in curriculum.materials.values():
        if material.id not in used:
            yield Finding(
                material.id,
                f"no module and no activity uses `{material.id}` ({material.title})",
                f"add `{material.id}` to the `materials` of the activity that needs it, or delete "
                "it",
            )
    for name in curriculum.files:
        if name not in curriculum.material_of_file:
            yield Finding(
                curriculum.program.id,
                f"no material names the file `{name}` below content/materials/",
                f"add `file: {name}` to a material, or delete the file",
            )


@rule(Severity.ERROR, words=6)
def key_in_trainee_material(review: Review) -> Iterator[Finding]:
    """A material for trainees holds the answer to what they are assessed by.

    Whoever reads the key before the test shows what can be read, not what was learned, and the
    others were treated unfairly. Told are materials of the kind `key` that trainees may see, and
    texts that hold, word for word, the rationale or the written key of a test item or an anchor of
    a criterion. Texts of fewer than `words` (6, in words) are left out: they coincide by chance.

    Source: DOE-HDBK-1109-97 on the security of tests.

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
            - {id: q1, stem: When?, key: at eight, objective: o1,
               rationale: Handbook 2 says that the office opens at eight.}
        materials:
          - {id: mat-key, title: Key, kind: key, reader: trainee, body: At eight.}  # <--
          - id: mat-hours
            title: Hours
            kind: handout
            reader: trainee
            body: "Note: Handbook 2 says that the office opens at eight."  # <--

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
            - {id: q1, stem: When?, key: at eight, objective: o1,
               rationale: Handbook 2 says that the office opens at eight.}
        materials:
          - {id: mat-key, title: Key, kind: key, reader: assessor, body: At eight.}
          - {id: mat-hours, title: Hours, kind: handout, reader: trainee,
             body: Offices have their hours on the door.}
    """
    curriculum = review.curriculum
    least = max(int(review.number["words"]), 1)
    secrets = _secrets(curriculum, least)
    lengths = {start: sorted({len(s) for s in texts}) for start, texts in secrets.items()}
    first = {start[0] for start in secrets}
    for material in curriculum.materials.values():
        if material.reader != "trainee":
            continue
        if material.type == "key":
            yield Finding(
                material.id,
                f"`{material.id}` ({material.title}) is a key, and trainees may see it",
                "set `reader: trainer` or `reader: assessor`",
                ("reader",),
            )
            continue
        text = words(curriculum.files.get(material.file or "", material.body or ""))
        told: set[str] = set()
        for index, word in enumerate(text):
            if word not in first:
                continue
            start = text[index : index + least]
            for length in lengths.get(start, ()):
                found = secrets[start].get(text[index : index + length])
                if found and found[0] not in told:
                    told.add(found[0])
                    yield Finding(
                        material.id,
                        f"`{material.id}` ({material.title}) holds {found[1]} `{found[0]}` word "
                        "for word, and trainees may see it",
                        "take it out of the material, or let only trainers or assessors read it",
                        ("file" if material.file else "body",),
                        (Related(found[2], "it stands here"),),
                    )


@rule(Severity.WARNING)
def activity_without_objective(review: Review) -> Iterator[Finding]:
    """An activity serves no objective.

    Time that leads to nothing that was promised is missing elsewhere, and a trainer cannot say what
    to look for. Welcome, organization and debriefs need none (phases `admin` and `debrief`, event
    `gain-attention`), nor does an activity whose instrument names its objectives itself.

    Source: Peace Corps session plan; DOE-HDBK-1078-94, lesson plan.

    Flagged:

        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-play, method: role-play, phase: practice,  # <--
               minutes: {min: 10, plan: 10, max: 10}}

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: greet, behavior: a customer,
               domain: interpersonal, level: apply}
          activities:
            - {id: m1-play, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}
    """
    curriculum = review.curriculum
    for activity in curriculum.activities.values():
        exempt = activity.phase in ("admin", "debrief") or activity.event == "gain-attention"
        used = [curriculum.instruments[name] for name in activity.assesses]
        named = any(measured(each) or each.type in FORMS for each in used)
        if not (activity.objectives or exempt or named):
            yield Finding(
                activity.id,
                f"`{activity.id}` ({activity.label}) serves no objective",
                f"add `objectives: […]`{_of_module(curriculum, activity)}, or take it out",
            )


@rule(Severity.WARNING)
def activity_without_instructions(review: Review) -> Iterator[Finding]:
    """Nothing says what the trainer does in an activity.

    The binder is a book to teach from: somebody who did not write it stands in front of the
    cohort. Steps under `trainer` say what to do, to say and to ask. Pre-work has no trainer in the
    room; there `trainees` says what they do.

    Source: Peace Corps session plan.

    Flagged:

        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-play, method: role-play, phase: practice,  # <--
               minutes: {min: 10, plan: 10, max: 10}}

    Clean:

        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-play, method: role-play, phase: practice,
               minutes: {min: 10, plan: 10, max: 10}, trainer: [{do: Form pairs.}]}
    """
    for activity in review.curriculum.activities.values():
        before = activity.delivery == "prework"
        if not (activity.trainer or (before and activity.trainees)):
            field = "trainees: …" if before else "trainer: [{do: …}, {say: …}, {ask: …}]"
            who = "trainees do" if before else "the trainer does"
            yield Finding(
                activity.id,
                f"nothing says what {who} in `{activity.id}` ({activity.label})",
                f"add `{field}`",
            )


@rule(Severity.ADVICE)
def practice_without_debrief(review: Review) -> Iterator[Finding]:
    """Trainees practice, hear what they did, and are never asked what it means.

    Feedback mends the one performance; a debrief carries it to the next customer: what happened,
    what it means, what to do at one's desk. It is the `debrief` of the activity, or a later
    activity of the module with phase `debrief`. Practice without any feedback at all is told by
    `practice-without-feedback`, and pre-work is not judged.

    Source: Peace Corps session plan; experiential learning.

    Flagged:

        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-play, method: role-play, phase: practice,  # <--
               minutes: {min: 30, plan: 30, max: 30},
               grouping: {size: 3, rounds: 1, prepare: 2, feedback: 5}}

    Clean:

        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-play, method: role-play, phase: practice,
               minutes: {min: 30, plan: 30, max: 30},
               grouping: {size: 3, rounds: 1, prepare: 2, feedback: 5},
               debrief: {what: What happened?, so_what: Why?, now_what: And next?}}
    """
    for module in review.curriculum.modules.values():
        later = False
        for activity in reversed(module.activities):
            later = later or activity.phase == "debrief"
            practice = activity.phase == "practice" and activity.delivery == "session"
            if practice and _has_feedback(activity) and not (later or activity.debrief):
                yield Finding(
                    activity.id,
                    f"`{activity.id}` ({activity.label}) is practice, and nothing debriefs it",
                    "add `debrief: {what: …, so_what: …, now_what: …}`, or a later activity with "
                    "`phase: debrief`",
                )


@rule(Severity.ADVICE)
def module_without_goal(review: Review) -> Iterator[Finding]:
    """A module does not say what it is for.

    A trainer who does not know the goal cannot choose what to drop when time is short, and trainees
    do not know what to listen for. One or two sentences are enough.

    Source: EMI and DOE lesson plans, goal and rationale.

    Flagged:

        module: {id: m1, title: Contact}  # <--

    Clean:

        module: {id: m1, title: Contact, goal: Trainees serve a customer from greeting to close.}
    """
    for module in review.curriculum.modules.values():
        if not module.goal:
            yield _lacks(module, "has no goal", "add `goal: …` with what it brings trainees to")


@rule(Severity.ADVICE)
def module_without_rationale(review: Review) -> Iterator[Finding]:
    """A module does not say why it is taught by these methods.

    Methods that are not explained are the first to be exchanged for a talk. The rationale tells the
    trainer what an exercise is good for, and a manager why it takes so long.

    Source: EMI and DOE lesson plans, goal and rationale.

    Flagged:

        module: {id: m1, title: Contact}  # <--

    Clean:

        module: {id: m1, title: Contact, rationale: Skill comes from doing it with feedback.}
    """
    for module in review.curriculum.modules.values():
        if not module.rationale:
            hint = "add `rationale: …` with the reason for its methods"
            yield _lacks(module, "does not say why it is taught like this", hint)


@rule(Severity.ADVICE)
def module_without_transition(review: Review) -> Iterator[Finding]:
    """A module ends without leading over to the next.

    A sentence that ties what was learned to what comes next helps trainees to keep it, and gives a
    trainer who takes over the thread. The last module in teaching order needs none.

    Source: Penn State facilitator guide, transition line.

    Flagged:

        modules:
          - {id: m1, title: Contact}  # <--
          - {id: m2, title: Conflict}

    Clean:

        modules:
          - {id: m1, title: Contact, transition: So far they were friendly. Now they are not.}
          - {id: m2, title: Conflict}
    """
    for module in list(review.curriculum.modules.values())[:-1]:
        if not module.transition:
            hint = "add `transition: …` with the words that close it and open the next"
            yield _lacks(module, "does not lead over to the next module", hint)


@rule(Severity.WARNING)
def module_without_preparation(review: Review) -> Iterator[Finding]:
    """Nothing says what a trainer prepares for a module.

    Copies, logins, role players and clocks that are missing at eight in the morning cost the
    cohort an hour. A list of what to do days and hours before is the page that trainers look for
    first. A module without sessions needs none.

    Source: FEMA instructor guides, preparation checklist.

    Flagged:

        module:
          id: m1  # <--
          title: Contact
          activities:
            - {id: m1-play, method: role-play, phase: practice,
               minutes: {min: 10, plan: 10, max: 10}}

    Clean:

        module:
          id: m1
          title: Contact
          preparation: [Print the role cards.]
          activities:
            - {id: m1-play, method: role-play, phase: practice,
               minutes: {min: 10, plan: 10, max: 10}}
    """
    for module in _live(review.curriculum):
        if not module.preparation:
            hint = "add `preparation: […]` with what to do, and how long before"
            yield _lacks(module, "has no list of what to prepare", hint)


@rule(Severity.WARNING)
def module_without_room(review: Review) -> Iterator[Finding]:
    """Nothing says how the room is set up for a module.

    Triads need corners out of each other's hearing, a lab needs seats with screens, and tables in
    rows let nobody talk. Whoever opens the room in the morning must know. A module without
    sessions needs none.

    Source: FEMA instructor guides, room layout.

    Flagged:

        module:
          id: m1  # <--
          title: Contact
          activities:
            - {id: m1-play, method: role-play, phase: practice,
               minutes: {min: 10, plan: 10, max: 10}}

    Clean:

        module:
          id: m1
          title: Contact
          room: Six corners with three chairs each.
          activities:
            - {id: m1-play, method: role-play, phase: practice,
               minutes: {min: 10, plan: 10, max: 10}}
    """
    for module in _live(review.curriculum):
        if not module.room:
            hint = "add `room: …` with seats, corners and equipment"
            yield _lacks(module, "does not say how the room is set up", hint)


Secret = tuple[str, str, Place]


def _secrets(
    curriculum: Curriculum, least: int
) -> dict[tuple[str, ...], dict[tuple[str, ...], Secret]]:
    """Texts that trainees must not read, by their first words and then by all of them."""
    found: dict[tuple[str, ...], dict[tuple[str, ...], Secret]] = {}
    for text, secret in _hidden(curriculum):
        whole = words(text)
        if len(whole) >= least:
            found.setdefault(whole[:least], {}).setdefault(whole, secret)
    return found


def _hidden(curriculum: Curriculum) -> Iterator[tuple[str, Secret]]:
    for item, _ in curriculum.items.values():
        if item.rationale:
            place = curriculum.at(item.id, "rationale")
            yield item.rationale, (item.id, "the rationale of item", place)
        if not item.options:
            yield item.key, (item.id, "the key of item", curriculum.at(item.id, "key"))
    for criterion, _ in curriculum.criteria.values():
        for index, anchor in enumerate(criterion.anchors):
            place = curriculum.at(criterion.id, "anchors", index, "text")
            yield anchor.text, (criterion.id, f"the anchor for {anchor.level} of criterion", place)


def _of_module(curriculum: Curriculum, activity: Activity) -> str:
    names = ", ".join(f"`{o.id}`" for o in curriculum.module_of[activity.id].objectives)
    return f" with one such as {names}" if names else ""


def _has_feedback(activity: Activity) -> bool:
    grouped = activity.grouping is not None and activity.grouping.feedback > 0
    return grouped or activity.method == "coaching" or activity.event == "give-feedback"


def _live(curriculum: Curriculum) -> Iterator[Module]:
    """The modules that are held in a room."""
    for module in curriculum.modules.values():
        if any(activity.delivery == "session" for activity in module.activities):
            yield module


def _lacks(module: Module, fault: str, hint: str) -> Finding:
    return Finding(module.id, f"module `{module.id}` ({module.title}) {fault}", hint)
