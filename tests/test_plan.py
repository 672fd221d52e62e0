"""The planner on the shipped content, with its real numbers, and on small cases of the contract."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from csstrain.agenda import Agenda, Basis
from csstrain.check import Review, check
from csstrain.coverage import cover
from csstrain.curriculum import Curriculum
from csstrain.diagnostic import Place, Severity
from csstrain.model import Waiver, clock_text
from csstrain.plan import curve, plan
from tests.agenda_checker import violations
from tests.curricula import Files, compile_text
from tests.printed import Printed, flat, tables

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def at(css: Curriculum) -> Callable[[str], Agenda]:
    """The shipped program's agenda for some paid hours, planned once in this module."""

    @cache
    def agenda(hours: str) -> Agenda:
        return planned(css, hours)

    return agenda


At = Callable[[str], Agenda]


def planned(curriculum: Curriculum, hours: str, basis: Basis = "paid") -> Agenda:
    agenda = plan(curriculum, Decimal(hours), basis=basis).value
    assert agenda is not None
    return agenda


def one_module(activities: str, objectives: str = "") -> Curriculum:
    """A module m1 with these activities in the small program of tests/curricula.py."""
    listed = f"  objectives:\n{objectives}" if objectives else ""
    text = f"module:\n  id: m1\n  title: A module\n{listed}  activities:\n{activities}"
    found = compile_text(m1=text).curriculum
    assert found is not None
    return found


# ── the shipped program ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("hours", ["24", "25", "32", "37.5", "40", "80"])
def test_paid_hours_hold_every_hard_condition_to_the_minute(
    css: Curriculum, at: At, hours: str
) -> None:
    agenda = at(hours)
    assert violations(css, agenda) == []
    assert agenda.feasible
    assert agenda.paid == Decimal(hours) * 60
    assert agenda.unused == 0
    assert agenda.prework >= 120


def test_contact_hours_leave_out_the_breaks(css: Curriculum) -> None:
    agenda = planned(css, "37.5", "contact")
    assert violations(css, agenda) == []
    assert (agenda.contact, agenda.paid, len(agenda.days)) == (2250, 2400, 5)


def test_a_full_day_is_five_runs_of_ninety_minutes(at: At) -> None:
    first = at("40").days[0]
    pauses = [clock_text(s.start) for s in first.sessions if s.kind in ("break", "lunch")]
    assert pauses == ["10:00", "11:40", "14:10", "15:50"]
    assert (clock_text(first.start), clock_text(first.end)) == ("08:30", "17:30")


def test_24_hours_defer_the_one_gate_that_may_wait_and_say_so(css: Curriculum, at: At) -> None:
    outcome = plan(css, Decimal(24), start=date(2027, 1, 7))
    agenda = outcome.value
    assert agenda is not None
    assert [g.objective for g in agenda.gates_deferred] == ["o8-2"]
    assert [d.date and d.date.isoformat() for d in agenda.days] == [
        "2027-01-07",
        "2027-01-08",
        "2027-01-11",
    ]
    assert agenda.gates_deferred[0].until == "2027-03-12"
    assert agenda.gates_deferred[0].approved_by
    assert outcome.diagnostics == ()
    told = check(Review(css, cover(css), agenda), "agenda").diagnostics
    warned = [d for d in told if d.severity is not Severity.ADVICE and d.rule != "ksa-cut-by-hours"]
    found = [(d.rule, d.severity, d.place) for d in warned]
    assert found == [("gate-deferred", Severity.WARNING, css.at("o8-2"))]


def test_the_answer_about_the_agenda_says_what_the_agendas_are(
    css: Curriculum, at: At, shipped_files: Files
) -> None:
    """Hours of each step to a quarter or so; minutes of each module, where a table has them."""
    answer = Printed(shipped_files).entities["css"]["answers"][1]
    steps = re.findall(r"\(modules? .*?[Aa]bout (\d+(?:\.\d+)?)", flat(answer["answer"]))
    modules = (("m0", "m1"), ("m2", "m3"), ("m4", "m5", "m6"), ("m7", "m8"), ("m9", "m10"))
    given = {hours: minutes_of_modules(at(hours)) for hours in ("24", "40", "80")}
    for hours, step in zip(steps, modules, strict=True):
        minutes = sum(given["40"][m] for m in step)
        assert abs(Decimal(hours) - Decimal(minutes) / 60) <= Decimal("0.25"), (step, minutes)
    for table in tables(answer.get("details", "")):
        lengths = [
            (column, name[:2]) for column, name in enumerate(table.head) if name[-2:] == " h"
        ]
        for row in table.rows if lengths else ():
            if row[0].split()[0].isdigit():
                said = {hours: int(row[column]) for column, hours in lengths}
                assert said == {hours: given[hours][f"m{row[0].split()[0]}"] for hours in said}, row


def minutes_of_modules(agenda: Agenda) -> Counter[str]:
    minutes: Counter[str] = Counter()
    for session in (session for day in agenda.days for session in day.sessions):
        minutes[session.module or ""] += session.minutes
    return minutes


def test_the_answer_about_the_agenda_says_what_goes_and_what_comes(at: At) -> None:
    held = {
        hours: {s.activity.id for day in at(hours).days for s in day.sessions if s.activity}
        for hours in ("24", "40", "80")
    }
    gone = {
        "m0-baseline", "m2-reconcile", "m3-letters", "m3-sheet", "m2-network-map", "m9-desk",
        "m8-coach-model", "m8-triads-1",
    }  # fmt: skip
    kept = {
        "m2-lookup", "m2-privacy", "m3-lab", "m4-triads-1", "m5-pressure-1", "m6-triads-1",
        "m7-plan", "m8-coverage", "m10-rotation",
    }  # fmt: skip
    more = {
        "m9-shadow-fines", "m9-shadow-aid", "m9-shadow-advising", "m9-desk-2", "m4-phone",
        "m7-forms", "m8-hiring", "m7-project", "m10-second-run",
    }  # fmt: skip
    assert kept <= held["24"]
    assert not gone & held["24"]
    assert more <= held["80"] - held["40"]


@pytest.mark.parametrize(("hours", "told"), [("40", True), ("24", False)])
def test_a_waiver_of_an_agenda_rule_is_unused_only_at_the_hours_of_the_program(
    css: Curriculum, at: At, hours: str, told: bool
) -> None:
    idle = Waiver.model_validate(
        {"rule": "lecture-after-lunch", "id": "m1", "reason": "r", "by": "b", "date": "2027-01-11"}
    )
    waived = replace(css, waivers=(*css.waivers, (idle, Place("content/waivers.yaml", ("x",)))))
    found = check(Review(waived, cover(waived), at(hours)), "agenda").diagnostics
    assert (Place("content/waivers.yaml", ("x",)) in [d.place for d in found]) is told


@pytest.mark.parametrize("hours", ["32", "40", "80"])
def test_more_hours_keep_every_gate_and_every_must(css: Curriculum, at: At, hours: str) -> None:
    agenda = at(hours)
    assert agenda.gates_deferred == ()
    left = {each.activity.id for each in agenda.left_out}
    assert not any(a.priority == "must" for a in css.activities.values() if a.id in left)


def test_nothing_nice_is_held_before_every_should(css: Curriculum, at: At) -> None:
    for hours in ("32", "40", "48"):
        agenda = at(hours)
        held = {css.activities[name].priority for name in agenda.given()}
        left = {each.activity.priority for each in agenda.left_out}
        assert "nice" not in held or "should" not in left


def test_everything_is_held_at_80_hours(at: At) -> None:
    agenda = at("80")
    assert agenda.left_out == ()
    assert len(agenda.days) == 10


def test_hours_beyond_the_content_stay_unused_and_say_so(css: Curriculum, at: At) -> None:
    agenda = at("120")
    assert violations(css, agenda) == []
    assert agenda.left_out == ()
    assert agenda.unused == 120 * 60 - agenda.paid
    assert at(str(Decimal(agenda.paid) / 60)).proof.value == agenda.proof.value
    assert "the whole content fills no more" in agenda.reasons[0]


def test_too_few_hours_name_the_smallest_that_work(css: Curriculum, at: At) -> None:
    outcome = plan(css, Decimal(20))
    agenda = outcome.value
    assert agenda is not None
    assert violations(css, agenda) == []
    assert (agenda.feasible, agenda.days) == (False, ())
    assert "what must be held needs at least" in agenda.reasons[0]
    (finding,) = outcome.diagnostics
    assert (finding.rule, finding.severity) == ("infeasible-hours", Severity.ERROR)
    assert finding.place == css.at(css.program.id, "hours")
    assert finding.hint is not None
    assert str(agenda.bounds.minimum_hours) in finding.hint
    assert str(agenda.bounds.minimum_hours_without_deferral) in finding.hint


def test_the_smallest_hours_are_honest(at: At) -> None:
    bounds = at("20").bounds
    least, alone = bounds.minimum_hours, bounds.minimum_hours_without_deferral
    assert least is not None
    assert alone is not None
    assert least <= 24 < alone <= 32
    assert at(str(least)).paid == least * 60
    assert not at(str(least - Decimal("0.25"))).feasible
    assert at(str(alone)).gates_deferred == ()
    assert at(str(alone - Decimal("0.25"))).gates_deferred


def test_the_final_rotation_brings_every_group_to_every_station(at: At) -> None:
    agenda = at("40")
    held = [s for s in agenda.sessions() if s.activity and s.activity.id == "m10-rotation"]
    visits = Counter((stop.group, stop.station) for s in held for stop in s.rotation)
    assert len(visits) == 9
    assert set(visits.values()) == {1}
    assert {stop.end - stop.start for s in held for stop in s.rotation} == {45}
    assert [s.parts for s in held] == [len(held)] * len(held)


def test_the_agenda_does_not_depend_on_the_order_of_sets(at: At) -> None:
    code = (
        "from pathlib import Path; from decimal import Decimal\n"
        "from csstrain.pipeline import compile_project; from csstrain.plan import plan\n"
        "agenda = plan(compile_project(Path('.')).curriculum, Decimal(24)).value\n"
        "print([(s.start, s.end, s.title) for s in agenda.sessions()])"
    )
    ran = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env={"PYTHONHASHSEED": "7", "PYTHONPATH": "src"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    here = [(s.start, s.end, s.title) for s in at("24").sessions()]
    assert ran.stdout.strip() == str(here)


def test_what_the_group_has_met_is_taught_to_nobody_and_said_so(css: Curriculum) -> None:
    known = {"k05", "k06"}
    agenda = plan(css, Decimal(40), known=known).value
    assert agenda is not None
    assert agenda.known == ("k05", "k06")
    held = {o for name in agenda.given() for o in css.activities[name].objectives}
    met = {o.id for o in css.objectives.values() if o.ksas and {k.ksa for k in o.ksas} <= known}
    assert met
    assert not held & met
    gone = {each.activity.id: each.why for each in agenda.left_out}
    assert gone["m3-sheet"] == "the group has k06 at entry"


def test_what_more_hours_buy_is_not_held_yet(at: At) -> None:
    agenda = at("40")
    assert agenda.more is not None
    assert agenda.more.hours > 40
    assert agenda.more.activities
    assert not {a.id for a in agenda.more.activities} & agenda.given().keys()
    assert at("80").more is None


def test_infeasible_hours_come_with_ways_out_that_are_enough(css: Curriculum, at: At) -> None:
    agenda = at("23")
    assert not agenda.feasible
    assert agenda.relaxations[0] == f"plan {agenda.bounds.minimum_hours} hours, with gates deferred"
    demoting = next(each for each in agenda.relaxations if each.startswith("make should of"))
    names = [name for name in css.activities if re.search(rf"\b{name}\b(?!-)", demoting)]
    assert names
    lighter = {
        module: each.model_copy(
            update={
                "activities": tuple(
                    a.model_copy(update={"priority": "should"}) if a.id in names else a
                    for a in each.activities
                )
            }
        )
        for module, each in css.modules.items()
    }
    assert planned(replace(css, modules=lighter), "23").feasible


def test_the_curve_of_hours_ends_where_nothing_is_lost(css: Curriculum) -> None:
    points = curve(css)
    hours = [point.hours for point in points]
    assert hours == sorted(hours)
    assert (points[-1].lost, points[-1].coverage) == ((), 1.0)
    assert points[0].value < points[-1].value == 1.0
    assert all(0 <= point.coverage <= 1 for point in points)


# ── small cases ──────────────────────────────────────────────────────────────────────

TRIADS = """\
    - id: m4-triads
      method: role-play
      phase: practice
      priority: must
      minutes: {min: 84, plan: 120, max: 180}
      grouping: {size: 3, rounds: 2, prepare: 2, feedback: 6}
      objectives: [o4-1]
"""
OBJECTIVE = """\
    - {id: o4-1, kind: terminal, verb: conduct, behavior: a contact, domain: interpersonal,
       level: apply, play: 6}
"""


def test_a_long_role_play_is_divided_between_its_rounds() -> None:
    curriculum = one_module(TRIADS, OBJECTIVE)
    agenda = planned(curriculum, "3")
    assert violations(curriculum, agenda) == []
    held = [s for s in agenda.sessions() if s.activity]
    assert [(s.part, s.parts) for s in held] == [(1, 2), (2, 2)]
    assert all(42 <= s.minutes <= 90 for s in held)


def test_a_lone_role_play_needs_two_hours() -> None:
    # 84 minutes and the closing exceed a run of 90, so a break and slack come on top.
    curriculum = one_module(TRIADS, OBJECTIVE)
    assert planned(curriculum, "1.75").bounds.minimum_hours == 2
    assert not planned(curriculum, "1.75").feasible
    assert planned(curriculum, "2").paid == 120


def test_an_activity_longer_than_a_run_without_rounds_comes_in_equal_parts() -> None:
    curriculum = one_module(
        "    - {id: m1-walk, method: project, phase: practice, priority: must,\n"
        "       minutes: {min: 150, plan: 150, max: 160}}\n"
    )
    agenda = planned(curriculum, "3")
    assert violations(curriculum, agenda) == []
    assert [s.part for s in agenda.sessions() if s.activity] == [1, 2]


def test_a_round_longer_than_a_run_makes_the_hours_infeasible_and_says_why() -> None:
    curriculum = one_module(TRIADS.replace("feedback: 6", "feedback: 26"), OBJECTIVE)
    outcome = plan(curriculum, Decimal(8))
    assert outcome.value is not None
    assert "m4-triads must be held, but it needs 204 minutes" in outcome.value.reasons[0]
    assert outcome.value.bounds.minimum_hours is None
    assert outcome.diagnostics[0].hint is not None
    assert "no number of hours works" in outcome.diagnostics[0].hint


def test_a_short_day_needs_no_lunch() -> None:
    curriculum = one_module(
        "".join(
            f"    - {{id: m1-a{n}, method: drill, phase: practice, priority: must,\n"
            "       minutes: {min: 30, plan: 40, max: 60}}\n"
            for n in range(6)
        )
    )
    agenda = planned(curriculum, "4")
    assert violations(curriculum, agenda) == []
    assert {s.kind for s in agenda.sessions()} == {"activity", "break", "slack", "closing"}
    assert any(s.kind == "lunch" for s in planned(curriculum, "5.25").sessions())


def test_a_gate_that_is_performed_live_is_practiced_where_everybody_plays_it() -> None:
    objective = OBJECTIVE.replace("level: apply,", "level: apply, gate: true,")
    drill = """\
    - {id: m4-drill, method: drill, phase: practice, priority: nice, objectives: [o4-1],
       minutes: {min: 10, plan: 20, max: 30}}
"""
    curriculum = one_module(drill + TRIADS.replace("must", "nice"), objective)
    agenda = planned(curriculum, "2")
    assert violations(curriculum, agenda) == []
    assert "m4-triads" in agenda.given()


def test_hours_are_positive_quarters() -> None:
    curriculum = one_module(TRIADS, OBJECTIVE)
    for hours in ("0", "-1", "1.1"):
        with pytest.raises(ValueError, match="positive quarters"):
            plan(curriculum, Decimal(hours))
