"""Corners of the rules about the mastery decision."""

from __future__ import annotations

import pytest

from csstrain.diagnostic import Diagnostic
from tests.curricula import PROGRAM, compile_text

GATE = """\
module:
  id: m1
  title: Contact
  objectives:
    - {id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
       domain: interpersonal, level: apply}
"""
PROGRAM_ALONE = PROGRAM[: PROGRAM.index("scale:\n  id")]
RELEASED = PROGRAM_ALONE.replace("  cohort", "  status: released\n  cohort")
SCENARIOS = (
    "[{id: s1, form: A, title: T, candidate: C., script: S.}, "
    "{id: s2, form: B, title: T, candidate: C., script: S.}]"
)


def found(rule: str, **files: str) -> list[Diagnostic]:
    return [d for d in compile_text(**files).diagnostics if d.rule == rule]


def station(cut: str = "method: judges, value: 3, out_of: 4", form: str = "B") -> str:
    return (
        "instrument:\n  id: i1\n  title: Station\n  kind: role-play\n  kirkpatrick: 2\n"
        f"  when: end-of-course\n  objectives: [o1]\n  cut: {{{cut}}}\n"
        f'  retest: {{form: "{form}", after: a week}}\n  scenarios: {SCENARIOS}\n'
    )


@pytest.mark.parametrize(
    ("form", "rules"),
    [
        ("Form B (whoever sat form B first takes form A)", []),
        ("The other form, with two raters", []),
        ("A second form, drawn by lot", []),
        ("B", []),
        ("A", ["retest-on-same-form"]),
        ("Form A, another rater", ["retest-on-same-form"]),
        ("Form C", ["retest-on-missing-form"]),
        ("Form B or D", ["retest-on-missing-form"]),
    ],
)
def test_the_form_of_a_retest(form: str, rules: list[str]) -> None:
    compiled = compile_text(m=GATE, i=station(form=form))
    assert [d.rule for d in compiled.diagnostics if d.rule.startswith("retest-on")] == rules


def test_a_provisional_cut_answers_for_itself_in_a_draft_only() -> None:
    provisional = station("method: 80 percent, value: 3, provisional: true")
    assert found("cut-without-judges", m=GATE, i=provisional) == []
    (error,) = found("released-without-judges", p=RELEASED, m=GATE, i=provisional)
    assert error.message.endswith("decides about a gate and has no judges and no date")
    # The lack of judges is told, so the flag is not told as well.
    assert found("released-with-provisional-cut", p=RELEASED, m=GATE, i=provisional) == []


def test_a_judged_cut_must_not_stay_provisional_at_release() -> None:
    judged = station(
        "method: Angoff, value: 3, judges: [A, B], date: 2027-02-01, provisional: true"
    )
    assert found("released-without-judges", p=RELEASED, m=GATE, i=judged) == []
    assert len(found("released-with-provisional-cut", p=RELEASED, m=GATE, i=judged)) == 1


def test_only_what_lacks_is_asked_for() -> None:
    (warning,) = found(
        "cut-without-judges", m=GATE, i=station("method: Angoff, value: 3, judges: [A]")
    )
    assert warning.message.endswith("decides about a gate and has no date")
    assert warning.hint == "add `date` to its `cut`, or mark it `provisional: true`"


def test_a_baseline_decides_nothing() -> None:
    baseline = station("method: none, value: 3").replace("end-of-course", "baseline")
    assert found("cut-without-judges", m=GATE, i=baseline) == []


@pytest.mark.parametrize(
    ("cut", "faults"),
    [("value: 0", 1), ("value: 5, out_of: 4", 1), ("value: 4, out_of: 4", 0), ("value: 80", 0)],
)
def test_the_range_of_a_cut_score(cut: str, faults: int) -> None:
    assert len(found("cut-out-of-range", m=GATE, i=station(f"method: judges, {cut}"))) == faults


def test_a_degree_may_ask_for_no_error_but_not_for_more_than_all() -> None:
    degree = "level: apply, degree: {text: t, metric: count, value: %s, out_of: 6}}"
    none = GATE.replace("level: apply}", degree % 0)
    seven = GATE.replace("level: apply}", degree % 7)
    assert found("cut-out-of-range", m=none) == []
    (error,) = found("cut-out-of-range", m=seven)
    assert error.place.route == ("module", "objectives", 0, "degree", "value")


def test_a_program_without_gates_needs_no_policy() -> None:
    practice = GATE.replace("gate: true, ", "")
    assert found("gate-without-mastery-policy", m=practice, i=station()) == []
    (error,) = found("gate-without-mastery-policy", m=GATE)
    assert "has 1 gate and" in error.message
    assert [r.message for r in error.related] == ["`o1` is a gate"]
