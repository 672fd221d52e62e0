"""A first try that is only measured before training counts as no practice, wherever it is asked."""

from __future__ import annotations

from decimal import Decimal

from csstrain.plan import plan
from tests.curricula import compile_text

CONTENT = """\
program:
  id: program
  title: A program
  version: "1"
  hours: 2
  cohort: {trainees: 6}
  day: {start: 08:30, end: 10:30, lunch: {minutes: 0, earliest: 11:30, latest: 13:00},
    breaks: {minutes: 10, count: 0}, longest_run: 120, opening: 0, closing: 0,
    slack: {min: 0, max: 10}}
ksas: [{id: k1, statement: Greet a customer., classes: [skill]}]
module:
  id: m1
  title: Contact
  objectives:
    - {id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
       domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}]}
  activities:
    - {id: m1-first, method: role-play, phase: practice, objectives: [o1], instrument: i-before,
       minutes: {min: 30, plan: 30, max: 30}}
    - {id: m1-show, method: demonstration, phase: demonstrate, objectives: [o1],
       minutes: {min: 30, plan: 30, max: 30}}
    - {id: m1-talk, method: discussion, phase: debrief, objectives: [o1], priority: should,
       minutes: {min: 30, plan: 30, max: 30}}
    PRACTICE
    - {id: m1-station, method: test, phase: assess, objectives: [o1], instrument: i-after,
       minutes: {min: 30, plan: 30, max: 30}}
instruments:
  - {id: i-before, title: Before, kind: role-play, kirkpatrick: 2, when: baseline, minutes: 30,
     at_once: 6, objectives: [o1]}
  - {id: i-after, title: After, kind: role-play, kirkpatrick: 2, when: in-course, minutes: 30,
     at_once: 6, objectives: [o1], cut: {method: Mean, value: 3, out_of: 4, provisional: true},
     retest: {form: B, after: More practice.}, scenarios: [
       {id: s1, form: A, title: One, candidate: A guest comes., script: You come.},
       {id: s2, form: B, title: Two, candidate: A guest calls., script: You call.}]}
"""
PRACTICE = (
    "- {id: m1-play, method: role-play, phase: practice, objectives: [o1], priority: nice,\n"
    "       minutes: {min: 30, plan: 30, max: 30}}"
)


def test_a_gate_is_not_practiced_by_its_baseline() -> None:
    for practice, fires in (("", True), (PRACTICE, False)):
        compiled = compile_text(all=CONTENT.replace("PRACTICE", practice))
        found = {d.rule: d.place.route[-1] for d in compiled.diagnostics}
        assert ("gate-without-practice" in found) == fires
        assert compiled.coverage
        assert compiled.coverage.count()["with_practice"] == (not fires)
        assert compiled.coverage.ksas["k1"].practiced == (not fires)


def test_the_hours_hold_practice_of_a_gate_beside_its_baseline() -> None:
    curriculum = compile_text(all=CONTENT.replace("PRACTICE", PRACTICE)).curriculum
    assert curriculum
    agenda = plan(curriculum, Decimal(2)).value
    assert agenda
    assert "m1-play" in agenda.given()
