"""Rules about the agenda, on agendas made by hand and on the shipped program."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from csstrain.agenda import Agenda, AgendaDay, Bounds, GateDeferred, LeftOut, Session
from csstrain.check import Review, check
from csstrain.coverage import held
from csstrain.curriculum import Curriculum
from csstrain.diagnostic import Diagnostic
from csstrain.pipeline import Compilation, plan_agenda
from csstrain.timing import time_against_weight
from tests.curricula import PROGRAM, compile_text

CONTENT = """
source: {id: s, title: Profile, file: profile.txt}
ksas:
  - {id: k1, statement: Greet., classes: [skill]}
  - {id: k2, statement: Close., classes: [skill]}
  - {id: k3, statement: Plan., classes: [skill]}
competencies:
  - {id: c1, name: Contact, origin: s, definition: Serves., weight: 75, ksas: [k1, k2]}
  - {id: c2, name: Closing, origin: s, definition: Closes., weight: 25, ksas: [k2, k3]}
  - {id: c3, name: Unweighted, origin: s, definition: Nothing., ksas: [k1]}
instruments:
  - {id: product, title: Plan, kind: product, kirkpatrick: 2, when: end-of-course, minutes: 10}
  - {id: gate, title: Station, kind: role-play, kirkpatrick: 2, when: end-of-course, minutes: 10,
     cut: {method: Angoff, value: 3}, retest: {form: B, after: 3 days}, objectives: [o1]}
modules:
  - id: m1
    title: Contact
    objectives:
      - {id: o1, kind: terminal, verb: greet, behavior: people, domain: interpersonal, level: apply,
         gate: true, ksas: [{ksa: k1, level: 1}, {ksa: k2, level: 1}]}
      - {id: o2, kind: terminal, verb: close, behavior: it, domain: interpersonal, level: apply,
         ksas: [{ksa: k2, level: 1}]}
      - {id: o3, kind: terminal, verb: plan, behavior: it, domain: cognitive, level: apply,
         ksas: [{ksa: k3, level: 1}]}
      - {id: o4, kind: terminal, verb: draft, behavior: it, domain: cognitive, level: apply}
    activities:
      - {id: talk, method: lecture, phase: present, objectives: [o1], minutes: &R}
      - {id: brief, method: briefing, phase: present, objectives: [o1], minutes: &R}
      - {id: play, method: role-play, phase: practice, objectives: [o1], minutes: &R}
      - {id: quiz, method: quiz, phase: assess, objectives: [o1], minutes: &R}
      - {id: close, method: demonstration, phase: demonstrate, objectives: [o2], minutes: &R}
      - {id: plan, method: demonstration, phase: demonstrate, objectives: [o3], minutes: &R}
      - {id: both, method: lecture, phase: present, objectives: [o3, o4], minutes: &R}
      - {id: seen, method: coaching, phase: debrief, minutes: &R}
      - {id: heard, method: discussion, phase: present, event: give-feedback, minutes: &R}
  - id: m2
    title: End
    final: true
    activities:
      - {id: station, method: test, phase: assess, objectives: [o1], instrument: gate, minutes: &R}
      - {id: goals, method: project, phase: assess, instrument: product, minutes: &R}
""".replace("&R", "{min: 10, plan: 10, max: 99}")


@pytest.fixture(scope="module")
def curriculum() -> Curriculum:
    compiled = compile_text(content=CONTENT)
    assert compiled.curriculum, [d.message for d in compiled.diagnostics]
    return compiled.curriculum


def agenda(curriculum: Curriculum, *days: str) -> Agenda:
    """Days from words such as `talk:20 break:10 play:60`, each from 08:30."""
    made = []
    for number, text in enumerate(days, 1):
        clock, sessions = 510, []
        for word in text.split():
            name, _, minutes = word.partition(":")
            end = clock + int(minutes)
            if name in ("break", "lunch", "slack", "opening", "closing"):
                sessions.append(Session(clock, end, name, name, retrieval=name == "opening"))  # type: ignore[arg-type]
            else:
                activity = curriculum.activities[name]
                module = curriculum.module_of[name].id
                sessions.append(Session(clock, end, "activity", name, module, activity))
            clock = end
        made.append(AgendaDay(number, None, tuple(sessions)))
    return Agenda("program", Decimal(8), "paid", True, days=tuple(made))


def found(
    curriculum: Curriculum, rule: str, *days: str, program: str = "", **parts: Any
) -> list[Diagnostic]:
    """What a rule finds in an agenda of such days, with other parts such as what was left out."""
    own = {"own": program} if program else {}
    compiled = compile_text(content=CONTENT, **own)
    assert compiled.curriculum
    assert compiled.coverage
    made = replace(agenda(curriculum, *days), **parts)
    every = check(Review(compiled.curriculum, compiled.coverage, made), "agenda")
    return [d for d in every.diagnostics if d.rule == rule]


def fired(curriculum: Curriculum, rule: str, *days: str) -> list[str]:
    places = {at: name for name, at in curriculum.places.items()}
    return [
        next(
            places[at]
            for at in (d.place, *(d.place._replace(route=d.place.route[:-n]) for n in (1, 2)))
            if at in places
        )
        for d in found(curriculum, rule, *days)
    ]


@pytest.mark.parametrize(
    ("day", "long", "overlong"),
    [
        ("talk:20 play:30", [], []),
        ("talk:21 play:30", ["talk"], []),
        ("talk:15 brief:15 play:30", ["talk"], []),
        ("talk:15 brief:16 play:30", [], ["talk"]),
        ("talk:20 break:10 brief:20", [], []),
        ("talk:20 play:5 brief:25", ["brief"], []),
    ],
)
def test_stretches_of_talk(
    curriculum: Curriculum, day: str, long: list[str], overlong: list[str]
) -> None:
    assert fired(curriculum, "long-lecture", day) == long
    assert fired(curriculum, "overlong-lecture", day) == overlong


def test_all_that_is_listened_to_in_a_row_is_named(curriculum: Curriculum) -> None:
    (long,) = found(curriculum, "overlong-lecture", "talk:15 brief:15 both:15 play:30")
    assert long.message.endswith("listen for 45 minutes to `talk` (talk) with `brief`, `both`")
    assert [r.message for r in long.related] == [
        "`brief` follows at once",
        "`both` follows at once",
    ]
    (alone,) = found(curriculum, "overlong-lecture", "talk:20 talk:25")
    assert alone.message.endswith("listen for 45 minutes to `talk` (talk) with `talk`")
    assert fired(curriculum, "overlong-lecture", "talk:31", "brief:31") == ["talk", "brief"]


def test_lecture_after_lunch(curriculum: Curriculum) -> None:
    rule = "lecture-after-lunch"
    assert fired(curriculum, rule, "play:60 lunch:60 play:40 talk:20") == ["talk"]
    assert fired(curriculum, rule, "play:60 lunch:60 play:45 talk:20") == []
    assert fired(curriculum, rule, "talk:20 lunch:60 play:45") == []


def test_new_content_last(curriculum: Curriculum) -> None:
    rule = "new-content-last"
    first = "talk:20 play:60"
    assert fired(curriculum, rule, first, "play:30 lunch:60 plan:20") == ["plan"]
    assert fired(curriculum, rule, first, "plan:20 lunch:60 play:30") == []
    # o2 is first met at the end, but its KSA was served before.
    assert fired(curriculum, rule, first, "play:30 lunch:60 close:20") == []
    assert fired(curriculum, rule, first, "plan:20") == ["plan"]
    assert fired(curriculum, rule, "talk:20 lunch:60 plan:20") == []
    assert fired(curriculum, rule, "talk:20 station:90 plan:20 seen:20") == ["plan"]


def test_what_is_new_and_when_is_told_once(curriculum: Curriculum) -> None:
    rule = "new-content-last"
    (told,) = found(curriculum, rule, "talk:20 play:60", "play:30 lunch:60 both:20 slack:5 both:20")
    assert told.message == (
        "`both` (both) teaches `o3` (plan it), `o4` (draft it) for the first time in the last "
        "half-day"
    )
    (after,) = found(curriculum, rule, "talk:20 station:90 plan:20 seen:20")
    assert after.message.endswith("for the first time after the final assessment")
    # What was met first of all stays met.
    assert fired(curriculum, rule, "plan:20 play:60", "play:30 lunch:60 plan:20") == []
    assert fired(curriculum, rule, "plan:20", "play:30", "play:30 lunch:60 plan:20") == []


def test_final_without_feedback(curriculum: Curriculum) -> None:
    rule = "final-without-feedback"
    assert fired(curriculum, rule, "play:20 station:90") == ["station"]
    assert fired(curriculum, rule, "seen:20 station:90") == ["station"]
    assert fired(curriculum, rule, "station:90 seen:20") == []
    assert fired(curriculum, rule, "station:90 heard:20") == []
    assert fired(curriculum, rule, "station:90 talk:20") == ["station"]
    assert fired(curriculum, rule, "station:90 seen:20 station:90") == ["station"]
    # A product decides nothing beside a gate; alone it counts.
    assert fired(curriculum, rule, "station:90 seen:20 goals:20") == []
    assert fired(curriculum, rule, "seen:20 goals:20") == ["goals"]


def test_day_without_retrieval(curriculum: Curriculum) -> None:
    rule = "day-without-retrieval"
    assert fired(curriculum, rule, "play:20", "opening:15 play:20", "quiz:10 play:20") == [
        "program"
    ]


def test_gate_practiced_on_one_day(curriculum: Curriculum) -> None:
    rule = "gate-practiced-on-one-day"
    assert fired(curriculum, rule, "play:20 break:10 play:20", "close:20") == ["o1"]
    assert fired(curriculum, rule, "play:20", "play:20") == []
    assert fired(curriculum, rule, "play:20 break:10 play:20") == []
    assert fired(curriculum, rule, "quiz:20", "talk:20") == []


def test_days_of_practice_are_counted_and_named(curriculum: Curriculum) -> None:
    rule = "gate-practiced-on-one-day"
    three = PROGRAM.partition("scale:\n  id")[0]
    three += f"  thresholds: [{{rule: {rule}, name: least, value: 3, reason: A test.}}]\n"
    days = ("play:20", "close:20", "play:20 play:20")
    (told,) = found(curriculum, rule, *days, program=three)
    assert "is practiced on day 1 and 3 only" in told.message
    assert told.hint
    assert told.hint.startswith("spread its practice over 3 days")
    assert found(curriculum, rule, *days, "play:20", program=three) == []
    assert found(curriculum, rule, *days[:2], program=three) == []


def test_too_many_module_hours(curriculum: Curriculum) -> None:
    rule = "too-many-module-hours"
    assert fired(curriculum, rule, "opening:30 play:240 lunch:60 play:180 slack:30") == []
    assert fired(curriculum, rule, "play:240 lunch:60 play:181") == ["program"]


def test_time_is_divided_among_ksas_and_then_among_competencies(curriculum: Curriculum) -> None:
    # play: 60 minutes on k1 and k2; plan: 30 on k3; the station is part of the final module.
    lines = time_against_weight(curriculum, agenda(curriculum, "play:60 plan:30 station:90"))
    assert [(x.competency.id, x.minutes) for x in lines] == [("c1", 45.0), ("c2", 45.0)]
    assert [x.share for x in lines] == [0.5, 0.5]
    assert [x.weight for x in lines] == [0.75, 0.25]
    assert [round(x.ratio, 3) for x in lines] == [0.667, 2.0]
    assert fired(curriculum, "time-off-weight", "play:60 plan:30") == ["s"]
    assert fired(curriculum, "time-off-weight", "play:60") == []


def test_weight_bounds_are_part_of_what_is_right(curriculum: Curriculum) -> None:
    # Time over weight of the first is 0.6 and of the second 2.2; then 1.67 of the second.
    (told,) = found(curriculum, "time-off-weight", "play:60 plan:40")
    assert told.message == (
        "competencies of `s` get time out of proportion to their weight: Closing 55.0 percent of "
        "the time for 25.0 of the weight"
    )
    assert [r.message for r in told.related] == ["`c2`: time over weight is 2.20"]
    assert found(curriculum, "time-off-weight", "play:932 plan:268") == []
    (both,) = found(curriculum, "time-off-weight", "play:59 plan:41")
    assert "44.2 percent of the time for 75.0 of the weight, Closing 55.8" in both.message
    assert len(both.related) == 2


def deferred(approver: str = "the director") -> GateDeferred:
    return GateDeferred("o1", "not every post greets", approver, "60 days after training")


@pytest.mark.parametrize(
    ("hours", "hint"),
    [
        (Decimal(44), "44 hours would hold every gate; the director must approve the deferral"),
        (None, "the director must approve the deferral"),
    ],
)
def test_a_deferred_gate(curriculum: Curriculum, hours: Decimal | None, hint: str) -> None:
    bounds = Bounds(Decimal(30), hours, Decimal(50))
    (told,) = found(
        curriculum, "gate-deferred", "talk:20", gates_deferred=(deferred(),), bounds=bounds
    )
    assert told.message == (
        "the gate `o1` (greet people) finds no room in 8 hours: it is deferred to signed "
        "on-the-job training until 60 days after training"
    )
    assert told.hint
    assert told.hint.startswith(hint)


def test_what_hours_cut_from_a_ksa(curriculum: Curriculum) -> None:
    rule = "ksa-cut-by-hours"
    cut = tuple(
        LeftOut(curriculum.activities[name], "m1", ("k1", "k2"), "too few hours")
        for name in ("talk", "play")
    )
    every = "talk:9 play:9 close:9 plan:9 station:9"
    assert found(curriculum, rule, every) == []
    told = found(curriculum, rule, "plan:9", left_out=cut)
    assert [d.message for d in told] == [
        "in 8 hours `k1` (Greet) is no longer taught or practiced or assessed to level 1",
        "in 8 hours `k2` (Close) is no longer taught or practiced or assessed to level 1",
    ]
    assert told[0].hint == "plan more hours, or raise the priority of one of: `talk`, `play`"
    assert [r.message for r in told[0].related] == ["`talk` is left out", "`play` is left out"]
    # Nothing was cut on purpose, so there is nothing to raise.
    (lost,) = found(curriculum, rule, "talk:9 play:9 close:9 station:9")
    assert (lost.message, lost.hint) == (
        "in 8 hours `k3` (Plan) is no longer taught to level 1", "plan more hours",
    )  # fmt: skip


def test_what_moves_to_pre_work_is_held() -> None:
    module = """
ksa: {id: k1, statement: Greet., classes: [skill]}
module:
  id: m1
  title: Contact
  objectives: [{id: o1, kind: terminal, verb: greet, behavior: people, domain: interpersonal,
    level: apply}]
  activities:
    - {id: a1, method: reading, phase: present, delivery: prework, minutes: &R}
    - {id: a2, method: lecture, phase: present, instead: prework, minutes: &R}
    - {id: a3, method: reading, phase: present, delivery: prework, instead: handout, minutes: &R}
    - {id: a4, method: lecture, phase: present, instead: ojt, minutes: &R}
    - {id: a5, method: lecture, phase: present, minutes: &R}
    - {id: a6, method: lecture, phase: present, instead: prework, minutes: &R}
""".replace("&R", "{min: 10, plan: 10, max: 99}")
    curriculum = compile_text(all=module).curriculum
    assert curriculum
    cut = tuple(LeftOut(curriculum.activities[a], "m1", (), "why") for a in ("a2", "a3", "a4"))
    planned = replace(agenda(curriculum, "a5:20"), left_out=cut)
    # a6 was neither given time nor left out.
    assert held(curriculum, planned) == {"a1", "a2", "a5"}


def test_the_shipped_agenda_has_nothing_left_at_its_own_hours(shipped: Compilation) -> None:
    planned = plan_agenda(shipped)
    before = {(d.rule, d.place) for d in shipped.diagnostics}
    assert [d.message for d in planned.diagnostics if (d.rule, d.place) not in before] == []
