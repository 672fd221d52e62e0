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
    compiled = compile_text(**files)
    assert compiled.curriculum, [d.message for d in compiled.diagnostics]
    return [d for d in compiled.diagnostics if d.rule == rule]


def station(cut: str = "method: judges, value: 3, out_of: 4", form: str = "B") -> str:
    return (
        "instrument:\n  id: i1\n  title: Station\n  kind: role-play\n  kirkpatrick: 2\n"
        f"  when: end-of-course\n  objectives: [o1]\n  cut: {{{cut}}}\n"
        f'  retest: {{form: "{form}", after: a week}}\n  scenarios: {SCENARIOS}\n'
    )


OBJECTIVE = (
    "    - {{id: {id}, kind: terminal, verb: greet, behavior: a customer, domain: interpersonal,\n"
    "       level: apply, gate: {gate}, degree: {{text: T, metric: mean, value: {value}{of}}}}}\n"
)


@pytest.mark.parametrize(
    ("objectives", "cut", "fires"),
    [
        ([("o1", "false", 3, 4)], "value: 3, out_of: 4", False),
        ([("o1", "false", 3, 4)], "value: 2, out_of: 4", True),
        ([("o1", "false", 3, 4)], "value: 75, out_of: 100", False),
        ([("o1", "false", 3, None)], "value: 2", False),
        ([("o1", "false", 3, 4), ("o2", "false", 2, 4)], "value: 2, out_of: 4", False),
        ([("o1", "true", 3, 4), ("o2", "false", 2, 4)], "value: 2, out_of: 4", True),
        ([("o1", "true", 3, 4), ("o2", "true", 2, 4)], "value: 2, out_of: 4", False),
    ],
)
def test_cut_and_degree_are_compared_where_they_can_be(
    objectives: list[tuple[str, str, int, int | None]], cut: str, fires: bool
) -> None:
    module = "module:\n  id: m1\n  title: Contact\n  objectives:\n" + "".join(
        OBJECTIVE.format(id=id, gate=gate, value=value, of=f", out_of: {of}" if of else "")
        for id, gate, value, of in objectives
    )
    test = (
        "instrument:\n  {id: i1, title: Check, kind: check, kirkpatrick: 2, when: in-course,\n"
        f"   objectives: [{', '.join(each[0] for each in objectives)}],\n"
        f"   cut: {{method: judges, {cut}}}}}\n"
    )
    told = found("cut-unlike-degree", m=module, i=test)
    assert [d.place.route[-2:] for d in told] == [("cut", "value")] * fires
    assert all("asks for 3" in d.message for d in told)


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


def test_a_provisional_cut_of_no_gate_is_told_at_release() -> None:
    practice = GATE.replace("gate: true, ", "")
    provisional = station("method: 80 percent, value: 3, provisional: true")
    (told,) = found("released-with-provisional-cut", p=RELEASED, m=practice, i=provisional)
    assert told.place.route[-2:] == ("cut", "provisional")
    assert found("released-with-provisional-cut", m=practice, i=provisional) == []
    settled = provisional.replace(", provisional: true", "")
    assert found("released-with-provisional-cut", p=RELEASED, m=practice, i=settled) == []
    judged = station("method: Angoff, value: 3, judges: [A], date: 2027-02-01")
    assert found("released-without-judges", p=RELEASED, m=GATE, i=judged) == []
    assert found("cut-without-judges", m=GATE, i=judged) == []
    # At release the lack of judges is an error, and no warning beside it.
    bare = station("method: Angoff, value: 3, date: 2027-02-01")
    assert found("cut-without-judges", p=RELEASED, m=GATE, i=bare) == []
    (error,) = found("released-without-judges", p=RELEASED, m=GATE, i=bare)
    assert error.hint == "add `judges` to its `cut`, or set the program back to a draft"
    assert error.place.route[-1] == "cut"
    assert found("released-without-judges", m=GATE, i=bare) == []


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
    [
        ("value: 0", 1),
        ("value: 0.5", 0),
        ("value: -1, out_of: 4", 1),
        ("value: 5, out_of: 4", 1),
        ("value: 4, out_of: 4", 0),
        ("value: 80", 0),
    ],
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
    assert error.message == "objective `o1` (greet a customer) asks for 7 of 6"
    assert error.hint == (
        "give the number to be reached as `value` and the one that is possible as `out_of`"
    )


def test_a_program_without_gates_needs_no_policy() -> None:
    practice = GATE.replace("gate: true, ", "")
    assert found("gate-without-mastery-policy", m=practice, i=station()) == []
    (error,) = found("gate-without-mastery-policy", m=GATE)
    assert "has 1 gate and" in error.message
    assert [r.message for r in error.related] == ["`o1` is a gate"]
    second = "    - {id: o2, kind: terminal, gate: true, verb: close, behavior: it,\n"
    two = GATE + second + "       domain: interpersonal, level: apply}\n"
    (error,) = found("gate-without-mastery-policy", m=two)
    assert "has 2 gates and" in error.message
    assert found("gate-without-mastery-policy", p=POLICY, m=two) == []


POLICY = (
    PROGRAM_ALONE
    + "  mastery: {decision: d, status_during: s, retest: r, panel: p, appeal: a,\n"
    + "    accommodation: a, attendance: a, records: r}\n"
)


def test_a_policy_for_gates_watches_groups() -> None:
    rule = "gates-without-adverse-impact-plan"
    (told,) = found(rule, p=POLICY, m=GATE)
    assert told.place.route[:2] == ("program", "mastery")
    assert found(rule, p=POLICY, m=GATE.replace("gate: true, ", "")) == []
    assert found(rule, m=GATE) == []
    watched = POLICY.replace("records: r", "records: r, adverse_impact: HR compares")
    assert found(rule, p=watched, m=GATE) == []


def test_only_gates_need_leave_to_wait() -> None:
    objective = "    - {id: o2, kind: terminal, verb: close, behavior: a contact,\n"
    both = GATE + objective + "       domain: interpersonal, level: apply}\n"
    wait = "{objective: %s, approved_by: HR, within_days: 60, why: w}"
    policy = POLICY.replace("records: r", f"records: r, deferrals: [{wait % 'o1'}, {wait % 'o2'}]")
    (told,) = found("deferral-of-no-gate", p=policy, m=both)
    assert told.place.route == ("program", "mastery", "deferrals", 1, "objective")
    assert told.message == "the mastery policy lets `o2` (close a contact) wait, but it is no gate"
    assert [r.message for r in told.related] == ["`o2`"]
    assert found("deferral-of-no-gate", p=POLICY, m=both) == []


def test_instruments_of_a_gate_without_a_decision_are_named() -> None:
    rule = "gate-without-retest"
    bare = "".join(
        f"  - {{id: i{n}, title: Station, kind: role-play, kirkpatrick: 2, when: {when}, "
        f"objectives: [o1]{more}}}\n"
        for n, when, more in (
            (1, "in-course", ", cut: {method: judges, value: 3}"),
            (2, "end-of-course", ", retest: {form: B, after: a week}"),
            (3, "baseline", ", cut: {method: judges, value: 3}, retest: {form: B, after: x}"),
        )
    )
    (told,) = found(rule, m=GATE, i=f"instruments:\n{bare}")
    assert told.hint == "add `cut` and `retest` to `i1` or `i2`"
    assert [r.message for r in told.related] == ["`i1` (Station)", "`i2` (Station)"]
    assert told.place.route[-1] == "gate"
    assert found(rule, m=GATE, i=f"instruments:\n{bare}", j=station().replace("i1", "i4")) == []
    assert found(rule, m=GATE) == []
    assert found(rule, m=GATE.replace("gate: true, ", ""), i=f"instruments:\n{bare}") == []


def test_a_retest_says_which_forms_there_are() -> None:
    (missing,) = found("retest-on-missing-form", m=GATE, i=station(form="Form C or D"))
    assert missing.message.endswith("names form C and D, but its forms are A, B")
    (same,) = found("retest-on-same-form", m=GATE, i=station(form="A"))
    assert same.hint == "name another form: B"
    assert missing.place.route[-2:] == same.place.route[-2:] == ("retest", "form")
    one = station(form="A").replace("form: B, title", "form: A, title")
    assert found("retest-on-same-form", m=GATE, i=one) == []
    assert found("retest-on-missing-form", m=GATE, i=one.replace('"A"', '"B"')) == []
    three = station(form="A").replace("[{id: s1", "[{id: s3, form: C, title: T, candidate: C., "
                                      "script: S.}, {id: s1")  # fmt: skip
    (same,) = found("retest-on-same-form", m=GATE, i=three)
    assert same.hint == "name another form: B or C"


def test_so_many_instruments_may_decide() -> None:
    def many(count: int) -> dict[str, str]:
        return {f"i{n}": station().replace("id: i1", f"id: i{n}").replace("id: s", f"id: s{n}-")
                for n in range(count)}  # fmt: skip

    rule = "too-many-gates"
    assert found(rule, m=GATE, **many(6)) == []
    (told,) = found(rule, m=GATE, **many(7))
    assert told.message == "7 instruments decide, each by itself; at most 6 should"
    assert len(told.related) == 7
    assert found(rule, m=GATE.replace("gate: true, ", ""), **many(7)) == []


def test_speed_has_a_reason() -> None:
    rule, text = "speed-without-reason", "level: apply, degree: {text: t, metric: %s, value: 5%s}}"
    timed = GATE.replace("level: apply}", text % ("time", ""))
    (told,) = found(rule, m=timed)
    assert told.place.route[-1] == "degree"
    assert found(rule, m=GATE.replace("level: apply}", text % ("time", ", reason: r"))) == []
    assert found(rule, m=GATE.replace("level: apply}", text % ("count", ""))) == []
    assert found(rule, m=GATE) == []


def test_what_passes_is_told_at_its_number() -> None:
    (nothing,) = found("cut-out-of-range", m=GATE, i=station("method: judges, value: 0"))
    (much,) = found("cut-out-of-range", m=GATE, i=station("method: judges, value: 5, out_of: 4"))
    assert nothing.message.endswith("(Station) is 0, so everybody passes")
    assert much.message.endswith("(Station) is 5, but no more than 4 can be scored")
    assert nothing.hint == "give the least score that a trainee ready for the job reaches"
    assert much.hint == (
        "give the score that passes as `value` and the one that is possible as `out_of`"
    )
    assert nothing.place.route[-2:] == much.place.route[-2:] == ("cut", "value")
