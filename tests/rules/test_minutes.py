"""Minutes computed for a cohort: floors of practice and assessment, and time against weight."""

from __future__ import annotations

from decimal import Decimal

import pytest

from csstrain.agenda import Agenda, AgendaDay, Session
from csstrain.curriculum import Curriculum
from csstrain.diagnostic import Diagnostic
from csstrain.timing import (
    assessment_floor,
    changes,
    least_minutes,
    minutes_of_ksas,
    practice_floor,
    slot_minutes,
    time_against_weight,
    turn_minutes,
)
from tests.curricula import compile_text

MODULE = """\
module:
  id: m1
  title: Contact
  objectives:
    - {{id: o1, kind: terminal, verb: greet, behavior: a customer, domain: interpersonal,
       level: apply{objective}}}
  activities:
    - {{id: a1, method: role-play, phase: practice,
       minutes: {{min: {least}, plan: 99, max: 99}}{activity}}}
"""
INSTRUMENTS = """\
instruments:
  - {id: i4, title: Four, kind: role-play, kirkpatrick: 2, when: in-course, minutes: 10, at_once: 4}
  - {id: i18, title: All, kind: check, kirkpatrick: 2, when: in-course, minutes: 7, at_once: 18}
  - {id: paper, title: Paper, kind: check, kirkpatrick: 2, when: in-course, minutes: 5, at_once: 18}
  - {id: open, title: Open, kind: product, kirkpatrick: 2, when: in-course, at_once: 18}
"""
TRIADS = ", grouping: {size: 3, rounds: 2, prepare: 2, feedback: 3}"


def compiled(
    objective: str = "", activity: str = "", least: int = 5
) -> tuple[Curriculum, list[Diagnostic]]:
    module = MODULE.format(objective=objective, activity=activity, least=least)
    found = compile_text(module=module, instruments=INSTRUMENTS)
    assert found.curriculum, [d.message for d in found.diagnostics]
    return found.curriculum, list(found.diagnostics)


@pytest.mark.parametrize(
    ("objective", "activity", "turn"),
    [
        (", play: 10", TRIADS + ", objectives: [o1]", 45),
        (", play: 10", TRIADS, 15),  # what it practices is not named
        ("", TRIADS + ", objectives: [o1]", 15),  # nothing is played live
        (", play: 10", TRIADS.replace("size: 3", "size: 3, roles: 2") + ", objectives: [o1]", 30),
        (", play: 10", ", objectives: [o1]", 0),
    ],
)
def test_a_turn_for_everybody(objective: str, activity: str, turn: int) -> None:
    curriculum, _ = compiled(objective, activity)
    assert turn_minutes(curriculum, curriculum.activities["a1"]) == turn
    assert practice_floor(curriculum, curriculum.activities["a1"]) == 2 * turn


def rotation(groups: int, *stations: str) -> str:
    listed = ", ".join(f"{{title: S, {each}}}" for each in stations)
    return f", rotation: {{groups: {groups}, stations: [{listed}]}}"


@pytest.mark.parametrize(
    ("activity", "floor"),
    [
        ("", 0),
        (", instrument: [i4]", 50),  # 18 trainees in five batches of four
        (", instrument: [i4, i18]", 57),
        (", instrument: [open]", 0),
        # Two groups of nine: three batches of four in 30 minutes, and both change twice.
        (rotation(2, "instruments: [i4]", "instruments: [i18]"), 60),
        (rotation(3, "instruments: [i4]"), 60),
        # Two circuits of four at once: nine are two batches.
        (rotation(2, "instruments: [i4], circuits: 2"), 40),
        # A circuit of three instruments has three places, and the slowest sets the pace.
        (rotation(1, "instruments: [i18, open, paper]"), 21),
        (rotation(1, "instruments: [open]"), 0),
        (rotation(2, "instruments: [i18]") + ", instrument: [i18]", 21),
    ],
)
def test_the_whole_cohort_is_assessed(activity: str, floor: int) -> None:
    curriculum, _ = compiled(activity=activity)
    assert assessment_floor(curriculum, curriculum.activities["a1"]) == floor


def test_an_activity_without_a_rotation_has_no_changes() -> None:
    curriculum, _ = compiled()
    activity = curriculum.activities["a1"]
    assert (changes(activity), slot_minutes(curriculum, activity)) == (0, 0)


@pytest.mark.parametrize(
    ("least", "activity", "minutes"),
    [(5, "", 5), (5, TRIADS, 30), (5, ", instrument: [i4]", 50), (60, ", instrument: [i4]", 60)],
)
def test_the_least_minutes_are_the_highest_floor(least: int, activity: str, minutes: int) -> None:
    curriculum, _ = compiled(activity=activity, least=least)
    assert least_minutes(curriculum, curriculum.activities["a1"]) == minutes


# ── rules ────────────────────────────────────────────────────────────────────────────


def fired(rule: str, objective: str = "", activity: str = "", least: int = 5) -> list[Diagnostic]:
    return [d for d in compiled(objective, activity, least)[1] if d.rule == rule]


def test_assessment_holds_to_the_minute() -> None:
    rule, both = "assessment-too-short", ", instrument: [i4, open]"
    assert fired(rule, activity=both, least=50) == []
    (short,) = fired(rule, activity=both, least=49)
    assert short.message == (
        "`a1` may shrink to 49 minutes, but its instruments need 50 for 18 trainees"
    )
    assert short.place.route[-2:] == ("minutes", "min")
    assert [r.message for r in short.related] == [
        "`i4` (Four): 10 minutes, 4 at once",
        "`open` (Open): ? minutes, 18 at once",
    ]


@pytest.mark.parametrize(
    ("gate", "rule", "other"),
    [
        (", gate: true", "gate-practice-too-short", "practice-too-short"),
        ("", "practice-too-short", "gate-practice-too-short"),
    ],
)
def test_practice_holds_to_the_minute(gate: str, rule: str, other: str) -> None:
    objective, activity = f", play: 10{gate}", TRIADS + ", objectives: [o1]"
    assert fired(rule, objective, activity, 90) == []
    (short,) = fired(rule, objective, activity, 89)
    assert short.message.endswith("shrink to 89 minutes, but a turn for everybody takes 90")
    assert [r.message for r in short.related] == (["`o1` is a gate"] if gate else [])
    assert fired(other, objective, activity, 89) == []


def test_a_gate_that_is_played_live_is_practiced_in_groups() -> None:
    rule = "gate-practice-without-grouping"
    (told,) = fired(rule, ", play: 10, gate: true", ", objectives: [o1]")
    assert told.hint
    assert told.hint.endswith("to one of: `a1`")
    assert told.place.route[-1] == "gate"
    assert fired(rule, ", gate: true", ", objectives: [o1]") == []
    assert fired(rule, ", play: 10", ", objectives: [o1]") == []
    assert fired(rule, ", play: 10, gate: true", TRIADS + ", objectives: [o1]") == []
    assert fired(rule, ", play: 10, gate: true") == []  # not practiced at all


def test_instruments_of_the_course_have_minutes_and_a_place() -> None:
    minutes = fired("instrument-without-minutes", activity=", instrument: [open, i18, paper]")
    assert [d.message.split("`")[1] for d in minutes] == ["open"]
    assert [r.message for r in minutes[0].related] == ["`a1` uses it"]
    assert fired("instrument-without-minutes") == []
    unused = fired("instrument-without-time", activity=", instrument: [open, i18, paper]")
    assert [d.message for d in unused] == ["no activity uses instrument `i4` (Four)"]
    forms = INSTRUMENTS.replace("kind: check", "kind: self-form").replace(
        "kind: product, kirkpatrick: 2, when: in-course",
        "kind: product, kirkpatrick: 2, when: follow-up",
    )
    found = compile_text(instruments=forms).diagnostics
    rest = [d.message.split("`")[1] for d in found if d.rule == "instrument-without-time"]
    assert rest == ["i4"]


# ── time against weight ──────────────────────────────────────────────────────────────

WEIGHTS = """\
sources: [{id: s, title: S, file: s.txt}, {id: t, title: T, file: t.txt}]
ksas: [{id: k1, statement: One., classes: [skill]}, {id: k2, statement: Two., classes: [skill]}]
competencies:
  - {id: c1, name: C, origin: s, definition: D., weight: 40, ksas: [k1]}
  - {id: c2, name: C, origin: s, definition: D., weight: 60, ksas: [k2]}
  - {id: c3, name: C, origin: t, definition: D., weight: 9, ksas: [k2]}
  - {id: c4, name: C, origin: t, definition: D., weight: 0, ksas: [k1]}
modules:
  - {id: m0, title: Final, final: true, objectives: [{id: o0, kind: terminal, verb: do,
     behavior: it, domain: cognitive, level: apply, ksas: [{ksa: k1, level: 1}]}],
     activities: [{id: a0, method: test, phase: assess, objectives: [o0], minutes: &M}]}
  - {id: m1, title: One, objectives: [{id: o1, kind: terminal, verb: do, behavior: it,
     domain: cognitive, level: apply, ksas: [{ksa: k1, level: 1}, {ksa: k2, level: 1}]}],
     activities: [{id: a1, method: drill, phase: practice, objectives: [o1], minutes: &M},
       {id: a2, method: drill, phase: practice, objectives: [o1], minutes: &M}]}
""".replace("&M", "{min: 1, plan: 2, max: 3}")


def test_time_is_added_up_and_compared_within_a_source() -> None:
    curriculum = compile_text(all=WEIGHTS).curriculum
    assert curriculum
    sessions = tuple(
        Session(0, minutes, "activity", name, curriculum.module_of[name].id, activity)
        for (name, activity), minutes in zip(
            curriculum.activities.items(), (90, 20, 40), strict=True
        )
    )
    agenda = Agenda("program", Decimal(3), "paid", True, days=(AgendaDay(1, None, sessions),))
    assert minutes_of_ksas(curriculum, agenda) == {"k1": 30.0, "k2": 30.0}
    lines = time_against_weight(curriculum, agenda)
    assert [(x.competency.id, x.weight, x.minutes, x.share) for x in lines] == [
        ("c1", 0.4, 30.0, 0.5),
        ("c2", 0.6, 30.0, 0.5),
        ("c3", 1.0, 30.0, 1.0),
    ]
    nothing = Agenda("program", Decimal(3), "paid", True)
    assert [x.ratio for x in time_against_weight(curriculum, nothing)] == [0.0, 0.0, 0.0]
