"""Rules about the agenda: what the hours leave of the gates and the coverage."""

from __future__ import annotations

from collections.abc import Iterator

from csstrain.agenda import hours_text
from csstrain.check import Finding, Review, rule
from csstrain.coverage import KsaCoverage, cover, held
from csstrain.diagnostic import Related, Severity


@rule(Severity.WARNING, stage="agenda")
def gate_deferred(review: Review) -> Iterator[Finding]:
    """The hours do not hold a gate, and it is moved to signed on-the-job training.

    The mastery policy names who may approve that. Until the gate is signed off the trainee stays
    temporary, so somebody must know who waits for what, and until when. Waive it with the name of
    the approver once the approval is given.

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
        enough = f"{hours_text(without)} hold every gate; " if without else ""
        yield Finding(
            gate.objective,
            f"{hours_text(agenda.hours)} do not hold the gate {gate.objective} "
            f"({curriculum.label(gate.objective)}): it is deferred to signed on-the-job training "
            f"until {gate.until}",
            f"{enough}{gate.approved_by} must approve the deferral, and the trainee stays "
            "temporary until it is signed off",
        )


@rule(Severity.WARNING, stage="agenda")
def ksa_cut_by_hours(review: Review) -> Iterator[Finding]:
    """The hours leave no room for what teaches, practises or assesses a KSA.

    On paper the program covers the KSA; in the hours that are planned it does not, so trainees
    of this cohort leave without it. The activities that went are named: raise their priority,
    plan more hours, or see that what replaces them really happens.

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
    left = cover(curriculum, held(curriculum, agenda)).ksas
    for name, whole in review.coverage.ksas.items():
        lost = _lost(whole, left[name])
        if lost:
            ksa = curriculum.ksas[name]
            gone = [cut.activity.id for cut in agenda.left_out if name in cut.ksas]
            yield Finding(
                name,
                f"in {hours_text(agenda.hours)} `{name}` ({ksa.name or ksa.statement.rstrip('.')}) "
                f"is no longer {' or '.join(lost)} to level {whole.required}",
                f"plan more hours{_or_raise(gone)}",
                related=tuple(Related(curriculum.at(a), f"`{a}` is left out") for a in gone),
            )


def _or_raise(gone: list[str]) -> str:
    listed = ", ".join(f"`{activity}`" for activity in gone)
    return f", or raise the priority of one of: {listed}" if gone else ""


def _lost(whole: KsaCoverage, left: KsaCoverage) -> list[str]:
    """The stages that reach the required level on paper and no longer do."""
    stages = (
        ("taught", whole.taught, left.taught),
        ("practised", whole.practised, left.practised),
        ("assessed", whole.assessed, left.assessed),
    )
    return [stage for stage, on_paper, now in stages if now < whole.required <= on_paper]
