"""Rules about evaluation: aims, follow-up and forms that show what training brought."""

from __future__ import annotations

from collections.abc import Iterator

from csstrain.check import Finding, Review, rule
from csstrain.curriculum import FORMS, Curriculum, certifies, measured
from csstrain.diagnostic import Related, Severity
from csstrain.model import Instrument, Question
from csstrain.wording import enumerated, holds, without

KNOWLEDGE = ("declarative", "procedural", "strategic")
LEVELS = {1: "reaction", 2: "learning", 3: "behavior", 4: "results"}
# The level of evaluation that shows whether an aim of each kind was reached.
LEVEL_OF_AIM = {"reaction": 1, "learning": 2, "transfer": 3, "results": 4}
# Types whose answer is one mark on one scale, so that a question may ask one thing only.
ONE_MARK = ("frequency", "quality", "independence", "rating", "choice")
# Types that judge what somebody saw of another person's work.
SEEN = ("frequency", "quality", "independence", "evidence")
OPEN = ("open", "incident", "support")


@rule(Severity.WARNING)
def kirkpatrick_level_without_instrument(review: Review) -> Iterator[Finding]:
    """No instrument evaluates the training at one of the four levels.

    Pleased trainees may have learned nothing, and what was learned may never reach the desk. A
    manager who asks what the training brought needs an answer at each level: reaction, learning,
    behavior on the job, results for the organization. A program without any instrument is told
    elsewhere.

    Source: Kirkpatrick's four levels, as in the Phillips methodology.

    Flagged:

        program:
          id: program  # <--
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
        instruments:
          - {id: i1, title: Daily form, kind: reaction-form, kirkpatrick: 1, when: daily}
          - {id: i2, title: Check, kind: check, kirkpatrick: 2, when: in-course}

    Clean:

        instruments:
          - {id: i1, title: Daily form, kind: reaction-form, kirkpatrick: 1, when: daily}
          - {id: i2, title: Check, kind: check, kirkpatrick: 2, when: in-course}
          - {id: i3, title: At 30 days, kind: supervisor-form, kirkpatrick: 3, when: follow-up}
          - {id: i4, title: Complaints, kind: results-record, kirkpatrick: 4, when: follow-up}
    """
    curriculum = review.curriculum
    there = {instrument.kirkpatrick for instrument in curriculum.instruments.values()}
    missing = [f"{level} ({name})" for level, name in LEVELS.items() if level not in there]
    if there and missing:
        yield Finding(
            curriculum.program.id,
            f"no instrument evaluates the training at level {enumerated(missing)}",
            "add an instrument with that `kirkpatrick` level: a reaction form, a test, a "
            "supervisor form, a results record",
        )


@rule(Severity.WARNING, least=3, first=30, last=90)
def too_few_follow_up_waves(review: Review) -> Iterator[Finding]:
    """Supervisors are asked too rarely, too late or not for long enough after training.

    Early answers show whether the training is used at all, while there is still time to help;
    later ones show whether it lasts and what comes of it. Over all supervisor forms there are at
    least `least` waves (3), the first no later than `first` days after training (30), the last no
    earlier than `last` days (90). A program without supervisor questions has a rule of its own.

    Source: follow-up of changed behavior after 30, 60 and 90 days, Sopact.

    Flagged:

        instrument:
          id: i1
          title: Supervisor form
          kind: supervisor-form
          kirkpatrick: 3
          when: follow-up
          questions: [{id: q1, text: Did they greet?, type: frequency, waves: [30]}]  # <--

    Clean:

        instrument:
          id: i1
          title: Supervisor form
          kind: supervisor-form
          kirkpatrick: 3
          when: follow-up
          questions:
            - {id: q1, text: How often did they greet?, type: frequency, waves: [30, 60, 90]}
    """
    forms = [i for i in review.curriculum.instruments.values() if i.type == "supervisor-form"]
    waves = sorted({wave for form in forms for q in form.questions for wave in q.waves})
    if not waves:
        return
    least, first, last = (review.number[name] for name in ("least", "first", "last"))
    faults = []
    if len(waves) < least:
        faults.append(f"fewer than {least} times")
    if waves[0] > first:
        faults.append(f"for the first time after more than {first} days")
    if waves[-1] < last:
        faults.append(f"for the last time before {last} days")
    if faults:
        asked = enumerated(waves)
        yield Finding(
            forms[0].id,
            f"supervisors are asked {asked} days after training: {enumerated(faults)}",
            "add questions with further `waves`, such as 30, 60 and 90 days",
            ("questions",),
            tuple(Related(review.curriculum.at(f.id), f"`{f.id}` ({f.title})") for f in forms[1:]),
        )


@rule(Severity.WARNING)
def follow_up_without_baseline(review: Review) -> Iterator[Finding]:
    """A form asks about behavior on the job, and nothing shows what it was like before training.

    Without a first measure nobody can tell a change from what trainees could do all along, and a
    manager cannot say what the training was worth. A trained KSA has a baseline where an
    instrument `when: baseline` measures an objective of it, or names it itself or in a question,
    or where a retrospective form asks about it. Each KSA is told once, at the first form that asks
    about it.

    Source: follow-up on the same items as the baseline, Sopact.

    Flagged:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]
        instrument:
          id: i1
          title: Supervisor form
          kind: supervisor-form
          kirkpatrick: 3
          when: follow-up
          questions: [{id: q1, text: How often did they greet?, type: frequency,  # <--
            waves: [30], ksas: [k1]}]

    Clean:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]
        instruments:
          - id: i0
            title: Where I start
            kind: self-form
            kirkpatrick: 3
            when: baseline
            questions: [{id: q0, text: How often did you greet?, type: frequency, ksas: [k1]}]
          - id: i1
            title: Supervisor form
            kind: supervisor-form
            kirkpatrick: 3
            when: follow-up
            questions: [{id: q1, text: How often did they greet?, type: frequency,
              waves: [30], ksas: [k1]}]
    """
    curriculum = review.curriculum
    known = _with_baseline(curriculum)
    for form in curriculum.instruments.values():
        if form.kirkpatrick != 3 or form.when != "follow-up":
            continue
        asked = [k for k in _asked(form) if curriculum.ksas[k].status == "trained"]
        without = [k for k in asked if k not in known]
        known.update(without)
        if without:
            yield Finding(
                form.id,
                f"`{form.id}` ({form.title}) asks about KSAs that nothing measured before "
                f"training: {enumerated(f'`{ksa}`' for ksa in without)}",
                "ask about them in an instrument with `when: baseline`, best in the same words",
                ("questions",) if form.questions else ("ksas",),
            )


@rule(Severity.WARNING)
def double_barreled_question(review: Review) -> Iterator[Finding]:
    """A question of a form asks about two things and takes one answer.

    Whoever was fast and unfriendly has no box to mark, and whoever reads the answer does not know
    which of the two it means. The rule looks at questions answered by one mark: frequency,
    quality, independence, rating and choice. It counts a word of the word list `pairing`, except
    between two names and in a pair of the list `pairs`, such as terms and conditions, and a second
    question mark.

    Source: judgment of the authors.

    Flagged:

        instrument:
          id: i1
          title: Supervisor form
          kind: supervisor-form
          kirkpatrick: 3
          when: follow-up
          questions:
            - id: q1
              text: How often did they greet first and check identity?  # <--
              type: frequency

    Clean:

        instrument:
          id: i1
          title: Supervisor form
          kind: supervisor-form
          kirkpatrick: 3
          when: follow-up
          questions:
            - id: q1
              text: How often did they check identity for Parking and Transit?
              type: frequency
            - id: q2
              text: Describe a contact that went well and one that did not.
              type: incident
    """
    for question, form in review.curriculum.questions.values():
        if question.type not in ONE_MARK:
            continue
        known = review.curriculum.words
        joined = holds(without(_without_names(question.text), known.pairs), known.pairing)
        if joined or question.text.count("?") > 1:
            yield Finding(
                question.id,
                f"question `{question.id}` of `{form.id}` takes one answer and asks about two "
                "things" + (f', joined by "{joined}"' if joined else ""),
                "ask about one of them, or make two questions",
                ("text",),
            )


@rule(Severity.WARNING)
def leading_question(review: Review) -> Iterator[Finding]:
    """A question of a form puts an answer into the reader's mouth.

    Supervisors then confirm what somebody hoped for, and the training looks better than the work.
    The rule looks for phrases of the word list `leading` in the questions of all forms.

    Source: judgment of the authors.

    Flagged:

        instrument:
          id: i1
          title: Supervisor form
          kind: supervisor-form
          kirkpatrick: 3
          when: follow-up
          questions:
            - id: q1
              text: How much better does the specialist greet customers now?  # <--
              type: rating

    Clean:

        instrument:
          id: i1
          title: Supervisor form
          kind: supervisor-form
          kirkpatrick: 3
          when: follow-up
          questions:
            - id: q1
              text: How often did the specialist greet before the first question?
              type: frequency
    """
    for question, form in review.curriculum.questions.values():
        phrase = holds(question.text, review.curriculum.words.leading)
        if phrase:
            yield Finding(
                question.id,
                f'question `{question.id}` of `{form.id}` leads to an answer: "{phrase}"',
                "ask for what was seen or done, so that every answer is equally easy to give",
                ("text",),
            )


@rule(Severity.ADVICE)
def question_without_not_observed(review: Review) -> Iterator[Finding]:
    """An observer must judge what he or she may never have seen.

    Without a way out supervisors guess, mostly kindly, and the guess is counted like an observation
    for or against a trainee. The rule looks at questions with options in supervisor and
    mystery-shopper forms that ask for frequency, quality, independence or evidence; one option
    holds a phrase of the word list `unseen`.

    Source: judgment of the authors.

    Flagged:

        instrument:
          id: i1
          title: Supervisor form
          kind: supervisor-form
          kirkpatrick: 3
          when: follow-up
          questions:
            - id: q1
              text: How often did the specialist greet first?
              type: frequency
              options: [Never, Seldom, Often, Always]  # <--

    Clean:

        instrument:
          id: i1
          title: Supervisor form
          kind: supervisor-form
          kirkpatrick: 3
          when: follow-up
          questions:
            - id: q1
              text: How often did the specialist greet first?
              type: frequency
              options: [Never, Seldom, Often, Always, Not seen]
    """
    unseen = review.curriculum.words.unseen
    for question, form in review.curriculum.questions.values():
        observed = form.type in ("supervisor-form", "mystery-shopper-form")
        if not (observed and question.type in SEEN and question.options):
            continue
        if not any(holds(option, unseen) for option in question.options):
            yield Finding(
                question.id,
                f"question `{question.id}` of `{form.id}` has no answer for somebody who could "
                "not observe it",
                f"add {unseen[-1].capitalize()} to its `options`" if unseen else None,
                ("options",),
            )


@rule(Severity.ADVICE)
def form_without_open_question(review: Review) -> Iterator[Finding]:
    """A form leaves no room for what its author did not think of.

    The surprise that would improve the next course, a broken tool or an exercise that hurt, has no
    box. Each form, and each wave of it, has a question of type open, incident or support without
    options. Records of results hold figures and are left out.

    Source: judgment of the authors.

    Flagged:

        instrument:
          id: i1
          title: Supervisor form
          kind: supervisor-form
          kirkpatrick: 3
          when: follow-up
          questions: [{id: q1, text: Did they greet?, type: frequency, waves: [30]}]  # <--

    Clean:

        instrument:
          id: i1
          title: Supervisor form
          kind: supervisor-form
          kirkpatrick: 3
          when: follow-up
          questions:
            - {id: q1, text: How often did they greet?, type: frequency, waves: [30]}
            - {id: q2, text: What gets in the way?, type: support, waves: [30]}
    """
    for form in _people_forms(review.curriculum):
        if not form.questions:
            continue
        # A form that is filled in once has no waves, and so one wave without a number.
        waves = sorted({wave for q in form.questions for wave in q.waves}) or [0]
        closed = [w for w in waves if not any(_open(q) for q in _in_wave(form, w))]
        if closed:
            when = enumerated(wave for wave in closed if wave)
            yield Finding(
                form.id,
                f"`{form.id}` ({form.title}) has no open question"
                + (f" {when} days after training" if when else ""),
                "add a question of type `open`, `incident` or `support` without options",
                ("questions",),
            )


@rule(Severity.ADVICE)
def learning_never_checked_again(review: Review) -> Iterator[Finding]:
    """What was learned is tested in the course only, and never again.

    On the last day most of it is still there; a month later much is not, and nobody knows which
    part to refresh. An instrument with `kirkpatrick: 2` and `when: follow-up` asks again once some
    of it had time to fade.

    Source: LTEM, which holds results of the same day for weaker evidence than later ones.

    Flagged:

        program:
          id: program  # <--
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
        instruments:
          - {id: i1, title: Test, kind: written-test, kirkpatrick: 2, when: end-of-course}

    Clean:

        instruments:
          - {id: i1, title: Test, kind: written-test, kirkpatrick: 2, when: end-of-course}
          - {id: i2, title: Check at 30 days, kind: check, kirkpatrick: 2, when: follow-up}
    """
    curriculum = review.curriculum
    tests = [i for i in curriculum.instruments.values() if i.kirkpatrick == 2]
    final = [i for i in tests if i.when == "end-of-course" and certifies(i)]
    if final and not any(i.when == "follow-up" for i in tests):
        yield Finding(
            curriculum.program.id,
            "what was learned is tested up to the last day, and never after it",
            "add a short instrument with `kirkpatrick: 2` and `when: follow-up`",
            related=tuple(
                Related(curriculum.at(i.id), f"`{i.id}` ({i.title}) is the last test")
                for i in final
            ),
        )


@rule(Severity.WARNING)
def retrospective_form_for_knowledge(review: Review) -> Iterator[Finding]:
    """A form that looks back asks trainees how much they knew before.

    "Then and now" answers are good for confidence and habits, where people judge themselves more
    soberly afterwards. They prove nothing about knowledge: what somebody knew is shown by a test
    before the course. The rule looks at KSAs whose leading class is knowledge, in
    the questions and the `ksas` of a retrospective form.

    Source: Nimon on the retrospective pretest as a tool for self-reports.

    Flagged:

        ksas: [{id: k1, statement: Know the rules of the desk., classes: [declarative]}]
        instrument:
          id: i1
          title: Then and now
          kind: retrospective-form
          kirkpatrick: 2
          when: end-of-course
          questions:
            - id: q1
              text: How well did you know the rules before the course?
              type: rating
              ksas: [k1]  # <--

    Clean:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]
        instrument:
          id: i1
          title: Then and now
          kind: retrospective-form
          kirkpatrick: 2
          when: end-of-course
          questions:
            - id: q1
              text: How sure were you at the counter before the course?
              type: rating
              ksas: [k1]
    """
    curriculum = review.curriculum
    for form in curriculum.instruments.values():
        if form.type != "retrospective-form":
            continue
        named = [(form.id, index, ksa) for index, ksa in enumerate(form.ksas)]
        named += [(q.id, index, ksa) for q in form.questions for index, ksa in enumerate(q.ksas)]
        for holder, index, ksa in named:
            if curriculum.ksas[ksa].classes[0] in KNOWLEDGE:
                yield Finding(
                    holder,
                    f"`{form.id}` ({form.title}) asks trainees to look back on `{ksa}` "
                    f"({curriculum.ksas[ksa].short}), which is knowledge",
                    "measure it with a test before the course, and ask here about confidence",
                    ("ksas", index),
                )


@rule(Severity.WARNING, least=2)
def gate_ksa_asked_once(review: Review) -> Iterator[Finding]:
    """Observers on the job are asked about a KSA of a gate in one way only.

    Somebody's employment hung on it, so one kind of answer is too thin to tell whether the gate
    judged well: a frequency shows habit, an incident shows what it looked like, a record shows what
    came of it. Each trained KSA that a gate objective serves stands in supervisor and
    mystery-shopper questions of at least `least` different types (2). A KSA that no supervisor
    question names has a rule of its own.

    Source: judgment of the authors.

    Flagged:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]  # <--
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}]
        instrument:
          id: i1
          title: Supervisor form
          kind: supervisor-form
          kirkpatrick: 3
          when: follow-up
          questions: [{id: q1, text: How often did they greet?, type: frequency, waves: [30],
            ksas: [k1]}]

    Clean:

        ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}]
        instrument:
          id: i1
          title: Supervisor form
          kind: supervisor-form
          kirkpatrick: 3
          when: follow-up
          questions:
            - {id: q1, text: How often did they greet?, type: frequency, waves: [30], ksas: [k1]}
            - {id: q2, text: Describe the last greeting., type: incident, waves: [60], ksas: [k1]}
    """
    curriculum = review.curriculum
    for ksa in dict.fromkeys(link.ksa for gate in curriculum.gates.values() for link in gate.ksas):
        asked = [
            (question, form)
            for question, form in curriculum.questions_of_ksa[ksa]
            if form.type in ("supervisor-form", "mystery-shopper-form")
        ]
        types = sorted({question.type for question, _ in asked})
        supervised = any(form.type == "supervisor-form" for _, form in asked)
        trained = curriculum.ksas[ksa].status == "trained"
        if trained and supervised and len(types) < review.number["least"]:
            yield Finding(
                ksa,
                f"`{ksa}` ({curriculum.ksas[ksa].short}) belongs to a gate, and all questions "
                f"about it on the job ask for {enumerated(types)}",
                f"add `{ksa}` to the `ksas` of a question of another type: frequency, quality, "
                "independence, incident or evidence",
                related=tuple(
                    Related(curriculum.at(q.id), f"`{q.id}` of `{form.id}`") for q, form in asked
                ),
            )


@rule(Severity.WARNING, days=30, early=12, late=15)
def form_too_long(review: Review) -> Iterator[Finding]:
    """A follow-up form has more questions in one wave than people answer with care.

    A tired supervisor marks the middle all the way down, and the sheet that is to help a trainee
    says nothing. Cover the KSAs across the waves, not in each of them: at most `early` questions
    (12) up to `days` days after training (30), at most `late` (15) from then on. Records of results
    are kept from files and are left out.

    Source: judgment of the authors.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
          thresholds: [{rule: form-too-long, name: early, value: 1, reason: Supervisors at sea.}]
        instrument:
          id: i1
          title: Supervisor form
          kind: supervisor-form
          kirkpatrick: 3
          when: follow-up
          questions: [{id: q1, text: Did they greet?, type: frequency, waves: [30]},  # <--
            {id: q2, text: What gets in the way?, type: support, waves: [30, 60]}]

    Clean:

        instrument:
          id: i1
          title: Supervisor form
          kind: supervisor-form
          kirkpatrick: 3
          when: follow-up
          questions:
            - {id: q1, text: How often did they greet?, type: frequency, waves: [30]}
            - {id: q2, text: What gets in the way?, type: support, waves: [30, 60]}
    """
    number = review.number
    for form in _people_forms(review.curriculum):
        for wave in sorted({wave for q in form.questions for wave in q.waves}):
            most = number["early"] if wave <= number["days"] else number["late"]
            count = len(_in_wave(form, wave))
            if count > most:
                yield Finding(
                    form.id,
                    f"`{form.id}` ({form.title}) asks {count} questions {wave} days after training",
                    f"ask at most {most}; move some to another wave or join what belongs together",
                    ("questions",),
                )


@rule(Severity.WARNING)
def form_without_confidentiality(review: Review) -> Iterator[Finding]:
    """A form about people does not say what its answers are used for and who sees them.

    Whoever does not know that answers for effect, or not at all; and a trainee may later find an
    answer that was given for training in a file about the job. Records of results name nobody and
    are left out.

    Source: judgment of the authors.

    Flagged:

        instrument: {id: i1, title: Supervisor form, kind: supervisor-form,  # <--
          kirkpatrick: 3, when: follow-up}

    Clean:

        instrument: {id: i1, title: Supervisor form, kind: supervisor-form,
          kirkpatrick: 3, when: follow-up,
          confidentiality: The trainer and the specialist see it. It is no appraisal.}
    """
    for form in _people_forms(review.curriculum):
        if not form.confidentiality:
            yield Finding(
                form.id,
                f"`{form.id}` ({form.title}) does not say what its answers are used for and who "
                "sees them",
                "add `confidentiality`: the use, who sees it, how long it is kept",
                ("confidentiality",),
            )


@rule(Severity.WARNING)
def aim_kind_missing(review: Review) -> Iterator[Finding]:
    """The program has no aim of one of the four kinds.

    A course that promises only learning is judged by tests, and nobody asks whether trainees use it
    or what the organization gained. Aims of all four kinds, each with its degree, tell trainer,
    supervisor and manager what each of them is to see. A program without modules is left alone.

    Source: the four kinds of training objectives in Blanchard and Thacker, Effective Training.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
          aims: [{id: aim-1, kind: learning, text: All greet., degree: 16 of 18,  # <--
            indicator: the station}]
        module: {id: m1, title: Contact}

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
          aims:
            - {id: aim-1, kind: reaction, text: It is of use., degree: 15 of 18, indicator: forms}
            - {id: aim-2, kind: learning, text: All greet., degree: 16 of 18, indicator: stations}
            - {id: aim-3, kind: transfer, text: All do greet., degree: 14 of 18, indicator: forms}
            - {id: aim-4, kind: results, text: Fewer wait., degree: by a fifth, indicator: tickets}
        module: {id: m1, title: Contact}
    """
    program = review.curriculum.program
    missing = [kind for kind in LEVEL_OF_AIM if kind not in {aim.type for aim in program.aims}]
    if review.curriculum.modules and missing:
        yield Finding(
            program.id,
            f"the program has no aim of the kind {enumerated(missing)}",
            "add to `aims` one with that `kind`, its `degree` and its `indicator`",
            ("aims",),
        )


@rule(Severity.ADVICE)
def aim_without_instrument(review: Review) -> Iterator[Finding]:
    """No instrument measures an aim at its own level.

    Without a measure nobody can tell trainees, managers or HR whether the promise was kept. A
    reaction aim is shown by an instrument of evaluation level 1, learning by level 2, transfer by
    3, results by 4; a form about reactions does not show what was learned.

    Source: Kirkpatrick's four levels; the four kinds of training objectives in Blanchard and
    Thacker, Effective Training.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
          aims:
            - id: aim-1  # <--
              kind: learning
              text: All greet.
              degree: 16 of 18
              indicator: the station

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
          aims:
            - id: aim-1
              kind: learning
              text: All greet.
              degree: 16 of 18
              indicator: the station
              instruments: [i1]
        instrument: {id: i1, title: Station, kind: role-play, kirkpatrick: 2, when: in-course}
    """
    curriculum = review.curriculum
    for aim in curriculum.program.aims:
        level = LEVEL_OF_AIM[aim.type]
        named = [curriculum.instruments[i] for i in aim.instruments]
        if any(i.kirkpatrick == level for i in named):
            continue
        what = f"aim `{aim.id}` ({aim.text.rstrip('.')})"
        yield Finding(
            aim.id,
            f"{what} names no instrument of evaluation level {level}"
            if named
            else f"{what} names no instrument that measures it",
            f"add to `instruments` one with `kirkpatrick: {level}`",
            ("instruments",),
            tuple(
                Related(curriculum.at(i.id), f"`{i.id}` has level {i.kirkpatrick}") for i in named
            ),
        )


def _people_forms(curriculum: Curriculum) -> Iterator[Instrument]:
    """The forms that people fill in about a course or a person."""
    for instrument in curriculum.instruments.values():
        if instrument.type in FORMS and instrument.type != "results-record":
            yield instrument


def _in_wave(form: Instrument, wave: int) -> list[Question]:
    """The questions of a form that are asked in a wave; those without waves in every one."""
    return [q for q in form.questions if not q.waves or wave in q.waves]


def _open(question: Question) -> bool:
    return question.type in OPEN and not question.options


def _asked(instrument: Instrument) -> list[str]:
    """The KSAs that an instrument names, itself or in its questions, each once."""
    named = [*instrument.ksas, *(ksa for q in instrument.questions for ksa in q.ksas)]
    return list(dict.fromkeys(named))


def _with_baseline(curriculum: Curriculum) -> set[str]:
    """The KSAs that something measures before training, or in a look back to that time."""
    found: set[str] = set()
    for instrument in curriculum.instruments.values():
        if instrument.when == "baseline" or instrument.type == "retrospective-form":
            found.update(_asked(instrument))
            for objective in measured(instrument):
                found.update(link.ksa for link in curriculum.objectives[objective].ksas)
    return found


def _without_names(text: str) -> str:
    """A text without the joining words inside names, as in `Parking and Transit`."""
    parts = text.split()
    capital = [part[:1].isupper() for part in parts]
    around = zip([False, *capital], [*capital[1:], False], strict=False)
    return " ".join(
        part for part, (before, after) in zip(parts, around, strict=False) if not (before and after)
    )
