"""Rules about the agenda as a whole: what the hours leave of gates, coverage and weights."""

from __future__ import annotations

from collections.abc import Iterator

from csstrain.agenda import hours_text
from csstrain.check import Finding, Review, rule
from csstrain.coverage import lost
from csstrain.diagnostic import Related, Severity
from csstrain.timing import WeightLine, time_against_weight


@rule(Severity.WARNING, stage="agenda")
def gate_deferred(review: Review) -> Iterator[Finding]:
    """The hours do not hold a gate, and it is moved to signed on-the-job training.

    The mastery policy names who may approve that. Until the gate is signed off the trainee stays
    temporary, so somebody must know who waits for what, and until when. Waive it with the name of
    the approver once the approval is given.

    Source: 29 CFR 1607.5, content validity; judgment of the authors.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          hours: 1
          cohort: {trainees: 6}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 0, max: 10}}
          mastery:
            {decision: d, status_during: s, retest: r, panel: p, appeal: a, accommodation: a,
             attendance: a, records: r, deferrals: [{objective: o2, approved_by: the director,
             within_days: 60, why: not every post coaches}]}
        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: greet, behavior: a customer,
               domain: interpersonal, level: apply}
            - {id: o2, kind: terminal, verb: coach, behavior: a colleague, gate: true,  # <--
               domain: interpersonal, level: apply}
          activities:
            - {id: m1-greet, method: role-play, phase: practice, objectives: [o1],
               priority: must, minutes: {min: 45, plan: 50, max: 50}}
            - {id: m1-coach, method: role-play, phase: practice, objectives: [o2],
               priority: must, minutes: {min: 45, plan: 45, max: 45}}

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          hours: 2
          cohort: {trainees: 6}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 0, max: 10}}
          mastery:
            {decision: d, status_during: s, retest: r, panel: p, appeal: a, accommodation: a,
             attendance: a, records: r, deferrals: [{objective: o2, approved_by: the director,
             within_days: 60, why: not every post coaches}]}
        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: greet, behavior: a customer,
               domain: interpersonal, level: apply}
            - {id: o2, kind: terminal, verb: coach, behavior: a colleague, gate: true,
               domain: interpersonal, level: apply}
          activities:
            - {id: m1-greet, method: role-play, phase: practice, objectives: [o1],
               priority: must, minutes: {min: 45, plan: 50, max: 50}}
            - {id: m1-coach, method: role-play, phase: practice, objectives: [o2],
               priority: must, minutes: {min: 45, plan: 45, max: 45}}
    """
    agenda, curriculum = review.agenda, review.curriculum
    if agenda is None:
        return
    without = agenda.bounds.minimum_hours_without_deferral
    for gate in agenda.gates_deferred:
        enough = f"{hours_text(without)} would hold every gate; " if without else ""
        yield Finding(
            gate.objective,
            f"the gate `{gate.objective}` ({curriculum.label(gate.objective)}) finds no room in "
            f"{hours_text(agenda.hours)}: it is deferred to signed on-the-job training until "
            f"{gate.until}",
            f"{enough}{gate.approved_by} must approve the deferral, and the trainee stays "
            "temporary until it is signed off",
        )


@rule(Severity.WARNING, stage="agenda")
def ksa_cut_by_hours(review: Review) -> Iterator[Finding]:
    """The hours leave no room for what teaches, practices or assesses a KSA.

    On paper the program covers the KSA; in the hours that are planned it does not, so trainees
    of this cohort leave without it. The activities that went are named: raise their priority,
    plan more hours, or see that what replaces them really happens.

    Source: CDC Quality Training Standards; DIF analysis of what may be cut.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          hours: 1
          cohort: {trainees: 6}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 0, max: 10}}
        ksas:
          - {id: k1, statement: Greet a customer., classes: [skill]}
          - {id: k2, statement: Close a contact., classes: [skill]}  # <--
        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: greet, behavior: a customer,
               domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}
            - {id: o2, kind: terminal, verb: close, behavior: a contact,
               domain: interpersonal, level: apply, ksas: [{ksa: k2, level: 1}]}
          activities:
            - {id: m1-greet, method: role-play, phase: practice, objectives: [o1],
               priority: must, minutes: {min: 45, plan: 50, max: 50}}
            - {id: m1-close, method: role-play, phase: practice, objectives: [o2],
               minutes: {min: 45, plan: 45, max: 45}}

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          hours: 2
          cohort: {trainees: 6}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 0, max: 10}}
        ksas:
          - {id: k1, statement: Greet a customer., classes: [skill]}
          - {id: k2, statement: Close a contact., classes: [skill]}
        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: greet, behavior: a customer,
               domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}
            - {id: o2, kind: terminal, verb: close, behavior: a contact,
               domain: interpersonal, level: apply, ksas: [{ksa: k2, level: 1}]}
          activities:
            - {id: m1-greet, method: role-play, phase: practice, objectives: [o1],
               priority: must, minutes: {min: 45, plan: 50, max: 50}}
            - {id: m1-close, method: role-play, phase: practice, objectives: [o2],
               minutes: {min: 45, plan: 45, max: 45}}
    """
    agenda, curriculum = review.agenda, review.curriculum
    if agenda is None:
        return
    for name, stages in lost(curriculum, review.coverage, agenda).items():
        ksa = curriculum.ksas[name]
        gone = [cut.activity.id for cut in agenda.left_out if name in cut.ksas]
        yield Finding(
            name,
            f"in {hours_text(agenda.hours)} `{name}` ({ksa.short}) "
            f"is no longer {' or '.join(stages)} to level {ksa.required}",
            f"plan more hours{_or_raise(gone)}",
            related=tuple(Related(curriculum.at(a), f"`{a}` is left out") for a in gone),
        )


@rule(Severity.ADVICE, stage="agenda", least="0.6", most="1.67")
def time_off_weight(review: Review) -> Iterator[Finding]:
    """Competencies get far less or far more of the time than their weight says.

    Whoever gave the weights will compare them with the agenda. A difference can be right, because
    weight says how much of the job a competency touches and not how hard it is to learn; then say
    so in a waiver for the source of the weights. The ratio is the share of time over the share
    of weight: `least` (0.6) and `most` (1.67) bound it. An activity's minutes are divided equally
    among the KSAs that it serves, and a KSA's equally among the weighted competencies of the same
    source that name it. Modules of the final assessment do not count, nor do competencies without
    a weight. One finding tells of all competencies of a source, because time that one has too much
    of is what the others lack.

    Source: judgment of the authors; weights as in the job profile.

    Flagged:

        source: {id: s, title: Profile, file: profile.txt}  # <--
        ksas:
          - {id: k1, statement: Greet a customer., classes: [skill]}
          - {id: k2, statement: Close a contact., classes: [skill]}
        competencies:
          - {id: c1, name: Contact, origin: s, definition: Serves., weight: 50, ksas: [k1]}
          - {id: c2, name: Closing, origin: s, definition: Closes., weight: 50, ksas: [k2]}
        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: greet, behavior: a customer,
               domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}
            - {id: o2, kind: terminal, verb: close, behavior: a contact,
               domain: interpersonal, level: apply, ksas: [{ksa: k2, level: 1}]}
          activities:
            - {id: m1-greet, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 60, plan: 60, max: 60}}
            - {id: m1-close, method: role-play, phase: practice, objectives: [o2],
               minutes: {min: 15, plan: 15, max: 15}}

    Clean:

        source: {id: s, title: Profile, file: profile.txt}
        ksas:
          - {id: k1, statement: Greet a customer., classes: [skill]}
          - {id: k2, statement: Close a contact., classes: [skill]}
        competencies:
          - {id: c1, name: Contact, origin: s, definition: Serves., weight: 50, ksas: [k1]}
          - {id: c2, name: Closing, origin: s, definition: Closes., weight: 50, ksas: [k2]}
        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: greet, behavior: a customer,
               domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}
            - {id: o2, kind: terminal, verb: close, behavior: a contact,
               domain: interpersonal, level: apply, ksas: [{ksa: k2, level: 1}]}
          activities:
            - {id: m1-greet, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 40, plan: 40, max: 40}}
            - {id: m1-close, method: role-play, phase: practice, objectives: [o2],
               minutes: {min: 35, plan: 35, max: 35}}
    """
    agenda, curriculum = review.agenda, review.curriculum
    if agenda is None:
        return
    least, most = float(review.number["least"]), float(review.number["most"])
    off: dict[str, list[WeightLine]] = {}
    for line in time_against_weight(curriculum, agenda):
        if not least <= line.ratio <= most:
            off.setdefault(line.competency.origin, []).append(line)
    for origin, lines in off.items():
        listed = ", ".join(
            f"{line.competency.name} {100 * line.share:.1f} percent of the time for "
            f"{100 * line.weight:.1f} of the weight"
            for line in lines
        )
        yield Finding(
            origin,
            f"competencies of `{origin}` get time out of proportion to their weight: {listed}",
            "give time from those above to those below, or say in a waiver why need differs from "
            "weight",
            related=tuple(
                Related(
                    curriculum.at(line.competency.id),
                    f"`{line.competency.id}`: time over weight is {line.ratio:.2f}",
                )
                for line in lines
            ),
        )


def _or_raise(gone: list[str]) -> str:
    listed = ", ".join(f"`{activity}`" for activity in gone)
    return f", or raise the priority of one of: {listed}" if gone else ""
