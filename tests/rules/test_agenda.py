"""Rules about the agenda, on agendas made by hand and on the shipped program."""

from __future__ import annotations

from decimal import Decimal

import pytest

from csstrain.agenda import Agenda, AgendaDay, Session
from csstrain.check import Review, check
from csstrain.curriculum import Curriculum
from csstrain.pipeline import Compilation, plan_agenda
from csstrain.timing import time_against_weight
from tests.curricula import compile_text

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
     cut: {method: Angoff, value: 3}, retest: {form: B, after: 3 days}}
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
    activities:
      - {id: talk, method: lecture, phase: present, objectives: [o1], minutes: &R}
      - {id: brief, method: briefing, phase: present, objectives: [o1], minutes: &R}
      - {id: play, method: role-play, phase: practice, objectives: [o1], minutes: &R}
      - {id: quiz, method: quiz, phase: assess, objectives: [o1], minutes: &R}
      - {id: close, method: demonstration, phase: demonstrate, objectives: [o2], minutes: &R}
      - {id: plan, method: demonstration, phase: demonstrate, objectives: [o3], minutes: &R}
      - {id: seen, method: coaching, phase: debrief, minutes: &R}
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


def fired(curriculum: Curriculum, rule: str, *days: str) -> list[str]:
    compiled = compile_text(content=CONTENT)
    assert compiled.coverage
    found = check(Review(curriculum, compiled.coverage, agenda(curriculum, *days)), "agenda")
    places = {at: name for name, at in curriculum.places.items()}
    return [
        next(
            places[at]
            for at in (d.place, *(d.place._replace(route=d.place.route[:-n]) for n in (1, 2)))
            if at in places
        )
        for d in found.diagnostics
        if d.rule == rule
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


def test_final_without_feedback(curriculum: Curriculum) -> None:
    rule = "final-without-feedback"
    assert fired(curriculum, rule, "play:20 station:90") == ["station"]
    assert fired(curriculum, rule, "seen:20 station:90") == ["station"]
    assert fired(curriculum, rule, "station:90 seen:20") == []
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


def test_the_shipped_agenda_has_nothing_left_at_its_own_hours(shipped: Compilation) -> None:
    planned = plan_agenda(shipped)
    before = {(d.rule, d.place) for d in shipped.diagnostics}
    assert [d.message for d in planned.diagnostics if (d.rule, d.place) not in before] == []
