"""A small program for tests of documents, and its agenda made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from csstrain import disk
from csstrain.agenda import Agenda, AgendaDay, LeftOut, RotationStop, Session
from csstrain.coverage import cover
from csstrain.curriculum import Curriculum
from csstrain.load import load
from csstrain.model import Activity
from csstrain.render import Compiled
from csstrain.resolve import resolve
from tests.curricula import PROGRAM

CONTENT = """
ksas:
  - {id: k1, statement: Skill in greeting, classes: [skill], target_end_of_training: 2}
module:
  id: m1
  title: Greeting
  goal: SHOWNgoal
  rationale: because it works
  preparation: [CANARYpreparation]
  room: CANARYroom
  learning_points: [SHOWNpoint]
  transition: CANARYtransition
  objectives:
    - id: o1-1
      kind: terminal
      verb: greet
      behavior: SHOWNbehavior
      indicator: CANARYindicator
      condition: at the counter
      degree: {text: at least 3 of 4, metric: mean, value: 3}
      domain: interpersonal
      level: apply
      play: 5
      gate: true
      ksas: [{ksa: k1, level: 2}]
  activities:
    - id: m1-show
      title: A model
      method: demonstration
      phase: demonstrate
      minutes: {min: 10, plan: 15, max: 20}
      objectives: [o1-1]
      purpose: CANARYpurpose
      setup: CANARYsetup
      trainer:
        - {do: CANARYdo, say: CANARYsay, minutes: 5}
        - {ask: CANARYask, expect: CANARYexpect}
      trainees: SHOWNtask
      materials: [mat-handout, mat-script, mat-key, mat-card]
    - id: m1-try
      title: Your turn
      method: role-play
      phase: practice
      minutes: {min: 30, plan: 45, max: 60}
      grouping: {size: 3, rounds: 1, prepare: 1, feedback: 4}
      objectives: [o1-1]
      trainees: Greet each other.
      materials: [mat-handout, mat-rater]
      debrief: {what: CANARYdebrief, so_what: CANARYdebrief, now_what: CANARYdebrief}
      answers: CANARYanswers
      mistakes: [{error: CANARYmistake, response: CANARYresponse}]
      if_short: CANARYifshort
      if_long: CANARYiflong
    - id: m1-test
      title: The test
      method: test
      phase: assess
      minutes: {min: 20, plan: 30, max: 40}
      objectives: [o1-1]
      instrument: [i-test, i-station]
    - id: m1-extra
      title: Something nice
      method: discussion
      phase: practice
      priority: nice
      minutes: {min: 10, plan: 15, max: 20}
      trainees: LEFTOUTtask
      objectives: [o1-1]
instruments:
  - id: i-test
    title: Written test
    kind: written-test
    kirkpatrick: 2
    when: end-of-course
    minutes: 20
    at_once: 18
    instructions: CANARYinstructions
    objectives: [o1-1]
    items:
      - id: q1
        stem: CANARYstem
        options: [{id: a, text: CANARYoption}, {id: b, text: two}, {id: c, text: three}]
        key: b
        rationale: CANARYrationale
        objective: o1-1
      - {id: q2, form: B, stem: Why?, key: CANARYwritten CANARYkey, rationale: CANARYreason}
    cut: {method: Angoff, value: 1, provisional: true}
    retest: {form: B, after: 3 days}
  - id: i-station
    title: Station
    kind: role-play
    kirkpatrick: 2
    when: end-of-course
    minutes: 10
    at_once: 6
    criteria:
      - id: c1
        name: CANARYcriterion
        objective: o1-1
        anchors: [{level: 1, text: nothing}, {level: 4, text: CANARYanchor}]
        critical: CANARYcritical
    scenarios:
      - id: s1
        title: CANARYscenario
        candidate: CANARYcandidate
        script: CANARYscript
        notes: CANARYraternotes
  - id: i-boss
    title: Supervisor form
    kind: supervisor-form
    kirkpatrick: 3
    when: follow-up
    confidentiality: Seen by nobody else.
    questions:
      - {id: q3, text: CANARYquestion, type: frequency, waves: [30, 60], ksas: [k1]}
      - {id: q4, text: What happened?, type: incident, waves: [90], ksas: [k1]}
materials:
  - {id: mat-handout, title: Handout, kind: handout, reader: trainee, file: handout.md}
  - {id: mat-table, title: Table, kind: data, reader: trainee, body: none}
  - {id: mat-script, title: Script, kind: dialogue, reader: trainer, body: CANARYtrainermat}
  - {id: mat-rater, title: Rater sheet, kind: form, reader: assessor, body: CANARYassessormat}
  - {id: mat-key, title: Key, kind: key, reader: trainee, body: CANARYsolution}
  - {id: mat-card, title: Card, kind: role-card, reader: trainee, per: group, body: A role.}
"""

MASTERY = """
  language: en-US
  answers: [{question: Which objectives?, answer: These.}]
  mastery:
    decision: One gate.
    status_during: temporary
    retest: once
    panel: three people
    appeal: SHOWNappeal
    accommodation: ask
    attendance: made up
    records: two years
"""

HANDOUT = """# SHOWNhandout

| | Yes | No |
|---|--:|---|
| a | 1 | 2 |

- one
  - nested
"""


def curriculum(
    content: str = CONTENT, handout: str = HANDOUT, more: Mapping[str, bytes] | None = None
) -> Curriculum:
    """The sample, resolved; `content` and `handout` may be changed by a test."""
    program = PROGRAM.replace("scale:\n  id", MASTERY.lstrip("\n") + "scale:\n  id")
    files = {
        "content/program.yaml": program.encode(),
        "content/all.yaml": content.encode(),
        "content/materials/handout.md": handout.encode(),
        **(more or {}),
    }
    loaded = load(files)
    assert loaded.value is not None
    assert not loaded.failed, loaded.diagnostics
    resolved = resolve(loaded.value, load(disk.builtin()).value)  # type: ignore[arg-type]
    assert resolved.value is not None, resolved.diagnostics
    return resolved.value


def agenda(made: Curriculum) -> Agenda:
    """One day by hand: three activities, a break, lunch, a rotation; one activity left out."""
    show, attempt, test, extra = made.modules["m1"].activities
    stops = (RotationStop("A", "Counter", 780, 790), RotationStop("B", "Desk", 780, 790))
    day = AgendaDay(
        1,
        None,
        (
            _session(510, 525, show),
            Session(525, 535, "break", "Break"),
            _session(535, 580, attempt),
            Session(580, 720, "slack", "Slack"),
            Session(720, 780, "lunch", "Lunch"),
            Session(780, 810, "activity", "The test", "m1", test, rotation=stops),
            Session(810, 820, "closing", "Close"),
        ),
    )
    out = LeftOut(extra, "m1", ("k1",), "the hours are full")
    return Agenda("program", Decimal(4), "paid", True, days=(day,), left_out=(out,))


def _session(start: int, end: int, activity: Activity) -> Session:
    return Session(start, end, "activity", activity.label, "m1", activity)


def compiled(
    content: str = CONTENT, handout: str = HANDOUT, more: Mapping[str, bytes] | None = None
) -> Compiled:
    """The sample with its agenda and coverage, ready to render."""
    made = curriculum(content, handout, more)
    return Compiled(made, agenda(made), cover(made), versions={"csstrain": "0"})
