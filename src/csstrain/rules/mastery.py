"""Rules about the mastery decision: cut scores, second chances, and what makes it fair."""

from __future__ import annotations

import re
from collections.abc import Iterator

from csstrain.check import Finding, Review, rule
from csstrain.curriculum import Curriculum, certifies, measured
from csstrain.diagnostic import Related, Severity
from csstrain.model import Cut, Instrument
from csstrain.wording import enumerated

# A form is named by its capital letter; one that opens a text before another word may be an
# article, as in "A second form".
_OPENING = re.compile(r"[A-Z]\s+\w")
_LETTER = re.compile(r"\b[A-Z]\b")


def deciding(curriculum: Curriculum) -> Iterator[Instrument]:
    """The instruments that decide: with a cut score and a retest, on at least one gate."""
    for instrument in curriculum.instruments.values():
        gates = (curriculum.objectives[o].gate for o in measured(instrument))
        if certifies(instrument) and instrument.gate and any(gates):
            yield instrument


@rule(Severity.ERROR)
def gate_without_retest(review: Review) -> Iterator[Finding]:
    """A gate objective has no instrument with a cut score and a retest.

    Every test errs. A gate without a stated standard is arbitrary, and one without a second
    chance on another form turns one bad hour into a lost job. Baselines, follow-ups and forms
    decide about nobody and do not count.

    Source: 29 CFR 1607.5 on cutoff scores; for the second chance, judgment of the authors.

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
    for gate in curriculum.gates.values():
        instruments = [i for i in curriculum.instruments_of_objective[gate.id] if certifies(i)]
        if instruments and not any(i.gate for i in instruments):
            listed = " or ".join(f"`{i.id}`" for i in instruments)
            yield Finding(
                gate.id,
                f"gate `{gate.id}` ({gate.label}) has no instrument with a cut score and a retest",
                f"add `cut` and `retest` to {listed}",
                ("gate",),
                _related(curriculum, instruments),
            )


@rule(Severity.ERROR)
def gate_without_mastery_policy(review: Review) -> Iterator[Finding]:
    """The program has gates and no mastery policy.

    A gate touches somebody's employment. Trainees must know before the first test how it is
    decided, how a barrier of a disability is removed, who decides after a second miss and how to
    appeal; HR must know what is kept and for how long. `mastery` holds all of that, and each of
    its parts is asked for once it stands there.

    Source: 29 CFR 1630.11 (tests and disability); 29 CFR 1602.49 (records).

    Flagged:

        program:
          id: program  # <--
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
          mastery: {decision: One station., status_during: Temporary., retest: One., panel: Three
            people., appeal: To HR., accommodation: Through HR., attendance: Make-up sessions.,
            records: Two years.}
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
    """
    program = review.curriculum.program
    gates = review.curriculum.gates.values()
    if gates and not program.mastery:
        yield Finding(
            program.id,
            f"the program has {_count(len(gates), 'gate')} and no mastery policy",
            "add `mastery` with `decision`, `status_during`, `retest`, `panel`, `appeal`, "
            "`accommodation`, `attendance` and `records`",
            ("mastery",),
            tuple(Related(review.curriculum.at(g.id), f"`{g.id}` is a gate") for g in gates),
        )


@rule(Severity.WARNING)
def gate_without_part(review: Review) -> Iterator[Finding]:
    """The parts of the decision leave a gate out.

    Once `mastery.parts` says what the decision consists of, trainees read it as the whole of it.
    A gate that none of the parts rests on still decides: the score book adds it as a part of its
    own, and somebody is told of it for the first time when the result is there. A part covers the
    gates that its instruments measure; only instruments with a cut score and a retest count.
    Without `parts` each gate is one.

    Source: 29 CFR 1607.5 on the same standard for everybody who is tested.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
          mastery:
            decision: Two stations.
            status_during: Temporary.
            retest: One.
            panel: Three people.
            appeal: To HR.
            accommodation: Through HR.
            attendance: Make-up sessions.
            records: Two years.
            parts: [{title: The greeting, instruments: [i1]}]  # <--
        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
               domain: interpersonal, level: apply}
            - {id: o2, kind: terminal, gate: true, verb: calm, behavior: a customer,
               domain: interpersonal, level: apply}
        instruments:
          - {id: i1, title: First station, kind: role-play, kirkpatrick: 2, when: end-of-course,
             objectives: [o1], cut: {method: judges, value: 3, out_of: 4},
             retest: {form: B, after: two hours of coaching}}
          - {id: i2, title: Second station, kind: role-play, kirkpatrick: 2, when: end-of-course,
             objectives: [o2], cut: {method: judges, value: 3, out_of: 4},
             retest: {form: B, after: two hours of coaching}}

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
          mastery:
            decision: Two stations.
            status_during: Temporary.
            retest: One.
            panel: Three people.
            appeal: To HR.
            accommodation: Through HR.
            attendance: Make-up sessions.
            records: Two years.
            parts: [{title: Both stations, instruments: [i1, i2]}]
        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
               domain: interpersonal, level: apply}
            - {id: o2, kind: terminal, gate: true, verb: calm, behavior: a customer,
               domain: interpersonal, level: apply}
        instruments:
          - {id: i1, title: First station, kind: role-play, kirkpatrick: 2, when: end-of-course,
             objectives: [o1], cut: {method: judges, value: 3, out_of: 4},
             retest: {form: B, after: two hours of coaching}}
          - {id: i2, title: Second station, kind: role-play, kirkpatrick: 2, when: end-of-course,
             objectives: [o2], cut: {method: judges, value: 3, out_of: 4},
             retest: {form: B, after: two hours of coaching}}
    """
    curriculum = review.curriculum
    parts = curriculum.program.mastery.parts if curriculum.program.mastery else ()
    named = {name for part in parts for name in part.instruments}
    for gate in curriculum.gates.values() if parts else ():
        able = [i for i in curriculum.instruments_of_objective[gate.id] if i.gate]
        if able and not any(i.id in named for i in able):
            listed = " or ".join(f"`{i.id}`" for i in able)
            yield Finding(
                curriculum.program.id,
                f"no part of the decision rests on an instrument of gate `{gate.id}` "
                f"({gate.label}), so the score book adds a part for it",
                f"name {listed} in the part that it belongs to, or in a part of its own",
                ("mastery", "parts"),
                (
                    Related(curriculum.at(gate.id, "gate"), f"`{gate.id}` is a gate"),
                    *_related(curriculum, able),
                ),
            )


@rule(Severity.WARNING)
def retest_on_same_form(review: Review) -> Iterator[Finding]:
    """A retest uses the form that the trainee has already seen.

    The second result then shows what was remembered, or told by others, and neither the trainee
    nor HR can rely on it. A form is recognized by its letter in `retest.form`; the first form of
    the instrument counts as the one already used. An instrument with one form only has a rule of
    its own.

    Source: judgment of the authors.

    Flagged:

        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: end-of-course
          cut: {method: judges, value: 3, out_of: 4}
          retest: {form: Form A again, after: two hours of coaching}  # <--
          scenarios:
            - {id: s1, form: A, title: Two fines, candidate: Read this., script: You are late.}
            - {id: s2, form: B, title: Two holds, candidate: Read this., script: You are lost.}

    Clean:

        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: end-of-course
          cut: {method: judges, value: 3, out_of: 4}
          retest: {form: Form B, after: two hours of coaching}
          scenarios:
            - {id: s1, form: A, title: Two fines, candidate: Read this., script: You are late.}
            - {id: s2, form: B, title: Two holds, candidate: Read this., script: You are lost.}
    """
    for instrument in review.curriculum.instruments.values():
        forms, named = _forms(instrument), _named_forms(instrument)
        if len(forms) > 1 and named == {forms[0]}:
            yield Finding(
                instrument.id,
                f"the retest of `{instrument.id}` ({instrument.title}) is held on form {forms[0]}, "
                "which the trainee has already seen",
                f"name another form: {' or '.join(forms[1:])}",
                ("retest", "form"),
            )


@rule(Severity.WARNING)
def retest_on_missing_form(review: Review) -> Iterator[Finding]:
    """A retest names a form that the instrument does not have.

    On the day of the retest there is no paper or script, and whoever improvises one decides about
    somebody with a test that nobody has reviewed. A form is recognized by its letter in
    `retest.form`. An instrument without items and scenarios, or with one form only, is left to
    other rules.

    Source: 29 CFR 1607.5 on the same standard for everybody who is tested.

    Flagged:

        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: end-of-course
          cut: {method: judges, value: 3, out_of: 4}
          retest: {form: Form C, after: two hours of coaching}  # <--
          scenarios:
            - {id: s1, form: A, title: Two fines, candidate: Read this., script: You are late.}
            - {id: s2, form: B, title: Two holds, candidate: Read this., script: You are lost.}

    Clean:

        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: end-of-course
          cut: {method: judges, value: 3, out_of: 4}
          retest: {form: The other form, after: two hours of coaching}
          scenarios:
            - {id: s1, form: A, title: Two fines, candidate: Read this., script: You are late.}
            - {id: s2, form: B, title: Two holds, candidate: Read this., script: You are lost.}
    """
    for instrument in review.curriculum.instruments.values():
        forms = _forms(instrument)
        missing = sorted(_named_forms(instrument).difference(forms))
        if len(forms) > 1 and missing:
            yield Finding(
                instrument.id,
                f"the retest of `{instrument.id}` ({instrument.title}) names form "
                f"{' and '.join(missing)}, but its forms are {', '.join(forms)}",
                "write the missing form, or name one that is there",
                ("retest", "form"),
            )


@rule(Severity.WARNING)
def cut_without_judges(review: Review) -> Iterator[Finding]:
    """A cut score that decides was set by nobody in particular.

    A number without the people who set it and the day on which they did cannot be explained to
    the trainee who missed it by one point. In a draft `provisional: true` answers for it: every
    score sheet then says that no decision may rest on it. In a released program the lack of
    judges is an error with a rule of its own. Only instruments that decide about a gate are
    looked at.

    Source: studies of passing scores, ERIC ED205552 and ED244963 (Livingston and Zieky); Biddle
    1993.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: end-of-course
          objectives: [o1]
          cut: {method: 80 percent, value: 8, out_of: 10}  # <--
          retest: {form: B, after: two hours of coaching}

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: end-of-course
          objectives: [o1]
          cut: {method: 80 percent, value: 8, out_of: 10, provisional: true}
          retest: {form: B, after: two hours of coaching}
    """
    if review.curriculum.program.status == "released":
        return
    for instrument in deciding(review.curriculum):
        if instrument.cut and not instrument.cut.provisional and _unset(instrument.cut):
            yield _unjudged(instrument, instrument.cut, "or mark it `provisional: true`")


@rule(Severity.ERROR)
def released_without_judges(review: Review) -> Iterator[Finding]:
    """A program is released, and a cut score that decides has no judges or no date.

    From its release on people pass or fail by that number. Whoever must defend it, to a trainee,
    a panel or a court, has to show who set it, how and when. Only instruments that decide about a
    gate are looked at.

    Source: 29 CFR 1607.5 on cutoff scores; Biddle 1993 on cutoffs in litigation.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          status: released
          cohort: {trainees: 18}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: end-of-course
          objectives: [o1]
          cut: {method: 80 percent, value: 8, out_of: 10, provisional: true}  # <--
          retest: {form: B, after: two hours of coaching}

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          status: released
          cohort: {trainees: 18}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: end-of-course
          objectives: [o1]
          cut: {method: Angoff, value: 8, out_of: 10, judges: [A. Reyes, B. Cole],
            date: 2027-02-01}
          retest: {form: B, after: two hours of coaching}
    """
    if review.curriculum.program.status == "released":
        for instrument in deciding(review.curriculum):
            if instrument.cut and _unset(instrument.cut):
                yield _unjudged(instrument, instrument.cut, "or set the program back to a draft")


@rule(Severity.WARNING)
def released_with_provisional_cut(review: Review) -> Iterator[Finding]:
    """A program is released, and a cut score is still provisional.

    A placeholder such as a flat 80 percent may start a test off. Left standing at release it
    tells assessors that the number does not count and trainees that it does. A provisional cut
    score that decides and has no judges is told by another rule.

    Source: DOE-HDBK-1109-97 on passing scores of new tests; Biddle 1993 on the unexplained 70.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          status: released
          cohort: {trainees: 18}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
        instrument: {id: i1, title: Check, kind: check, kirkpatrick: 2, when: in-course,
          cut: {method: 80 percent, value: 8, out_of: 10, provisional: true}}  # <--

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          status: released
          cohort: {trainees: 18}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
        instrument: {id: i1, title: Check, kind: check, kirkpatrick: 2, when: in-course,
          cut: {method: two pilot groups, value: 8, out_of: 10}}
    """
    curriculum = review.curriculum
    if curriculum.program.status != "released":
        return
    unjudged = {i.id for i in deciding(curriculum) if i.cut and _unset(i.cut)}
    for instrument in curriculum.instruments.values():
        if instrument.cut and instrument.cut.provisional and instrument.id not in unjudged:
            yield Finding(
                instrument.id,
                f"the program is released, and the cut score of `{instrument.id}` "
                f"({instrument.title}) is provisional",
                "have it confirmed and take `provisional` out",
                ("cut", "provisional"),
            )


@rule(Severity.ERROR)
def cut_out_of_range(review: Review) -> Iterator[Finding]:
    """A score that passes lies outside what can be scored.

    Above the possible score nobody passes, at zero everybody does, and neither is what the trainer
    meant. The rule looks at the cut score of each instrument and, for the upper end, at the degree
    of each objective.

    Source: judgment of the authors.

    Flagged:

        instrument: {id: i1, title: Check, kind: check, kirkpatrick: 2, when: in-course,
          cut: {method: judges, value: 80, out_of: 10}}  # <--

    Clean:

        instrument: {id: i1, title: Check, kind: check, kirkpatrick: 2, when: in-course,
          cut: {method: judges, value: 8, out_of: 10}}
    """
    for instrument in review.curriculum.instruments.values():
        cut = instrument.cut
        if cut and cut.value <= 0:
            yield Finding(
                instrument.id,
                f"the cut score of `{instrument.id}` ({instrument.title}) is {cut.value}, so "
                "everybody passes",
                "give the least score that a trainee ready for the job reaches",
                ("cut", "value"),
            )
        elif cut and cut.out_of is not None and cut.value > cut.out_of:
            yield Finding(
                instrument.id,
                f"the cut score of `{instrument.id}` ({instrument.title}) is {cut.value}, but no "
                f"more than {cut.out_of} can be scored",
                "give the score that passes as `value` and the one that is possible as `out_of`",
                ("cut", "value"),
            )
    for objective in review.curriculum.objectives.values():
        degree = objective.degree
        if degree and degree.out_of is not None and degree.value > degree.out_of:
            yield Finding(
                objective.id,
                f"objective `{objective.id}` ({objective.label}) asks for {degree.value} of "
                f"{degree.out_of}",
                "give the number to be reached as `value` and the one that is possible as `out_of`",
                ("degree", "value"),
            )


@rule(Severity.WARNING)
def cut_unlike_degree(review: Review) -> Iterator[Finding]:
    """A test is passed at another score than its objective promises.

    Trainees are told the degree of the objective and fail, or pass, at the number on the score
    sheet; on appeal nobody can say which of the two was agreed. The rule looks at instruments that
    measure one objective, or one gate beside others, and compares cut score and degree where both
    count out of the same number.

    Source: content validity, 29 CFR 1607.5; judgment of the authors.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply,
            degree: {text: at least 3 of 4, metric: mean, value: 3, out_of: 4}}]
        instrument: {id: i1, title: Check, kind: check, kirkpatrick: 2, when: in-course,
          objectives: [o1], cut: {method: judges, value: 2, out_of: 4}}  # <--

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply,
            degree: {text: at least 3 of 4, metric: mean, value: 3, out_of: 4}}]
        instrument: {id: i1, title: Check, kind: check, kirkpatrick: 2, when: in-course,
          objectives: [o1], cut: {method: judges, value: 3, out_of: 4}}
    """
    curriculum = review.curriculum
    for instrument in filter(certifies, curriculum.instruments.values()):
        named = [curriculum.objectives[name] for name in measured(instrument)]
        gates = [objective for objective in named if objective.gate]
        meant = named if len(named) == 1 else gates
        cut, degree = instrument.cut, meant[0].degree if len(meant) == 1 else None
        if not cut or not degree or cut.out_of is None:
            continue
        if cut.out_of == degree.out_of and cut.value != degree.value:
            objective = meant[0]
            yield Finding(
                instrument.id,
                f"`{instrument.id}` ({instrument.title}) is passed at {cut.value} of {cut.out_of}, "
                f"and `{objective.id}` asks for {degree.value}",
                "give both the score that was agreed, in words and numbers",
                ("cut", "value"),
                (Related(curriculum.at(objective.id, "degree", "value"), f"`{objective.id}`"),),
            )


@rule(Severity.WARNING)
def retest_without_gate(review: Review) -> Iterator[Finding]:
    """An instrument has a cut score and a retest, and none of its objectives is a gate.

    A score that passes and a second chance say that something is decided here; without `gate: true`
    nobody can tell what, and nothing sees to it that the objective is taught, practiced and kept in
    the hours as a gate must be. It mostly means that the word got lost in an edit.

    Source: judgment of the authors.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: end-of-course
          objectives: [o1]
          cut: {method: judges, value: 3, out_of: 4}
          retest: {form: B, after: two hours of coaching}  # <--

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
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
    for instrument in curriculum.instruments.values():
        objectives = [curriculum.objectives[name] for name in measured(instrument)]
        if instrument.gate and objectives and not any(o.gate for o in objectives):
            named = enumerated(f"`{o.id}`" for o in objectives)
            yield Finding(
                instrument.id,
                f"`{instrument.id}` ({instrument.title}) has a cut score and a retest, but "
                f"{named} {'is' if len(objectives) == 1 else 'are'} no gate",
                "add `gate: true` to the objective that it decides, or take the retest out",
                ("retest",),
                tuple(Related(curriculum.at(o.id), f"`{o.id}`: {o.label}") for o in objectives[:3]),
            )


@rule(Severity.WARNING, most=6)
def too_many_gates(review: Review) -> Iterator[Finding]:
    """More instruments decide, each by itself, than a decision can bear.

    Each gate errs a little, and a competent trainee must be lucky at every one of them: who passes
    a gate nine times in ten passes six in a row about half of the time. Few gates, each of them
    long, decide better than many short ones. `most` instruments may decide; the default is 6.

    Source: the decision consistency of conjunctive rules in Japan's primary-care examination,
    Academic Medicine 2018.

    Flagged:

        program:
          id: program  # <--
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
          thresholds: [{rule: too-many-gates, name: most, value: 1, reason: Two posts only.}]
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
        instruments:
          - {id: i1, title: Station, kind: role-play, kirkpatrick: 2, when: end-of-course,
             objectives: [o1], cut: {method: judges, value: 3}, retest: {form: B, after: a week}}
          - {id: i2, title: Call, kind: role-play, kirkpatrick: 2, when: end-of-course,
             objectives: [o1], cut: {method: judges, value: 3}, retest: {form: B, after: a week}}

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
        instruments:
          - {id: i1, title: Station, kind: role-play, kirkpatrick: 2, when: end-of-course,
             objectives: [o1], cut: {method: judges, value: 3}, retest: {form: B, after: a week}}
          - {id: i2, title: Call, kind: role-play, kirkpatrick: 2, when: end-of-course,
             objectives: [o1], cut: {method: judges, value: 3}, retest: {form: B, after: a week}}
    """
    curriculum = review.curriculum
    found = list(deciding(curriculum))
    if len(found) > review.number["most"]:
        yield Finding(
            curriculum.program.id,
            f"{len(found)} instruments decide, each by itself; at most {review.number['most']} "
            "should",
            "score some of them together, or let some guide learning and decide nothing",
            ("mastery",),
            _related(curriculum, found),
        )


@rule(Severity.WARNING)
def gates_without_adverse_impact_plan(review: Review) -> Iterator[Finding]:
    """A program with gates does not say how differences between groups are watched.

    When one group passes far less often than another, the test may measure something that the job
    does not ask for. HR has to notice that early, and to know who looks, at what, and who does not
    see it. A missing mastery policy is told by another rule.

    Source: the four-fifths rule, 29 CFR 1607.4.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
          mastery: {decision: One station., status_during: Temporary., retest: One.,  # <--
            panel: Three people., appeal: To HR., accommodation: Through HR.,
            attendance: Make-up sessions., records: Two years.}
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
          mastery: {decision: One station., status_during: Temporary., retest: One.,
            panel: Three people., appeal: To HR., accommodation: Through HR.,
            attendance: Make-up sessions., records: Two years.,
            adverse_impact: HR compares the pass rates of groups after each cohort.}
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
    """
    program = review.curriculum.program
    if program.mastery and not program.mastery.adverse_impact and review.curriculum.gates:
        yield Finding(
            program.id,
            "the program has gates, and its mastery policy does not say how differences between "
            "groups are watched",
            "add `adverse_impact`: who compares pass rates, when, and who sees the result",
            ("mastery", "adverse_impact"),
        )


@rule(Severity.WARNING)
def speed_without_reason(review: Review) -> Iterator[Finding]:
    """An objective sets a standard of time and does not say why the job needs that speed.

    A limit of minutes may fail people for a disability or a second language rather than for the
    skill. Where the job itself is fast, say so, and assessors know that this time is not extended;
    where it is not, leave the time out.

    Source: 29 CFR 1630.11 (tests must measure the skill, not an impaired ability).

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - id: o1
              kind: terminal
              verb: file
              behavior: a form
              domain: cognitive
              level: apply
              degree: {text: in two minutes, metric: time, value: 2}  # <--

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - id: o1
              kind: terminal
              verb: file
              behavior: a form
              domain: cognitive
              level: apply
              degree: {text: in two minutes, metric: time, value: 2,
                reason: The desk closes the file two minutes after the bell.}
    """
    for objective in review.curriculum.objectives.values():
        degree = objective.degree
        if degree and degree.metric == "time" and not degree.reason:
            yield Finding(
                objective.id,
                f"objective `{objective.id}` ({objective.label}) sets a time, and nothing says why "
                "the job needs that speed",
                "add `reason` to its degree, or measure something else than time",
                ("degree",),
            )


@rule(Severity.WARNING)
def deferral_of_no_gate(review: Review) -> Iterator[Finding]:
    """The mastery policy lets an objective wait that is no gate.

    Only a gate needs somebody's leave to be moved to the job; anything else is planned as the hours
    allow. Either the objective was meant to be a gate, and trainees are not told so, or an approver
    is named for nothing.

    Source: judgment of the authors.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
          mastery: {decision: One station., status_during: Temporary., retest: One., panel: Three
            people., appeal: To HR., accommodation: Through HR., attendance: Make-up sessions.,
            records: Two years., deferrals: [
            {objective: o1, approved_by: the director, within_days: 60, why: few coach}]}  # <--
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: coach, behavior: a colleague,
            domain: interpersonal, level: apply}]

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
          mastery: {decision: One station., status_during: Temporary., retest: One., panel: Three
            people., appeal: To HR., accommodation: Through HR., attendance: Make-up sessions.,
            records: Two years., deferrals: [
            {objective: o1, approved_by: the director, within_days: 60, why: few coach}]}
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: coach, behavior: a colleague,
            domain: interpersonal, level: apply}]
    """
    curriculum = review.curriculum
    mastery = curriculum.program.mastery
    for index, deferral in enumerate(mastery.deferrals if mastery else ()):
        objective = curriculum.objectives[deferral.objective]
        if not objective.gate:
            yield Finding(
                curriculum.program.id,
                f"the mastery policy lets `{objective.id}` ({objective.label}) wait, but it is no "
                "gate",
                f"take the deferral out, or add `gate: true` to `{objective.id}`",
                ("mastery", "deferrals", index, "objective"),
                (Related(curriculum.at(objective.id), f"`{objective.id}`"),),
            )


def _forms(instrument: Instrument) -> list[str]:
    """The letters of the forms that an instrument has, in order."""
    return sorted({i.form for i in instrument.items} | {s.form for s in instrument.scenarios})


def _named_forms(instrument: Instrument) -> set[str]:
    """The letters of the forms that the retest of an instrument names."""
    text = instrument.retest.form if instrument.retest else ""
    return set(_LETTER.findall(text, 1 if _OPENING.match(text) else 0))


def _unset(cut: Cut) -> bool:
    """Whether a cut score lacks the people who set it or the day on which they did."""
    return not (cut.judges and cut.date)


def _unjudged(instrument: Instrument, cut: Cut, otherwise: str) -> Finding:
    lacking = [name for name, there in (("judges", cut.judges), ("date", cut.date)) if not there]
    return Finding(
        instrument.id,
        f"the cut score of `{instrument.id}` ({instrument.title}) decides about a gate and has no "
        + " and no ".join(lacking),
        "add " + " and ".join(f"`{name}`" for name in lacking) + f" to its `cut`, {otherwise}",
        ("cut",),
    )


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _related(curriculum: Curriculum, instruments: list[Instrument]) -> tuple[Related, ...]:
    return tuple(Related(curriculum.at(i.id), f"`{i.id}` ({i.title})") for i in instruments)
