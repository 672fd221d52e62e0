"""Corners of the rules about rubrics and raters."""

from __future__ import annotations

import pytest

from tests.curricula import compile_text

GATE = """\
module:
  id: m1
  title: Contact
  objectives:
    - {id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
       domain: interpersonal, level: apply}
"""


def found(rule: str, **files: str) -> list[str]:
    return [d.message for d in compile_text(**files).diagnostics if d.rule == rule]


def rubric(*criteria: str, more: str = "") -> str:
    return (
        "instrument:\n  id: i1\n  title: Station\n  kind: role-play\n  kirkpatrick: 2\n"
        f"  when: end-of-course\n  objectives: [o1]\n{more}  criteria:\n"
        + "".join(
            f"    - {{id: c{n}, name: Part {n}, {text}}}\n" for n, text in enumerate(criteria)
        )
    )


def anchors(*levels: int) -> str:
    return (
        "anchors: [" + ", ".join(f"{{level: {n}, text: Does this and that.}}" for n in levels) + "]"
    )


def without_anchor(*criteria: str, more: str = "") -> list[str]:
    return found("criterion-without-anchors", m=GATE, i=rubric(*criteria, more=more))


def test_the_cut_score_names_the_highest_level() -> None:
    cut = "  cut: {method: judges, value: 3, out_of: 4}\n"
    (message,) = without_anchor(anchors(1, 2, 3), more=cut)
    assert message.endswith("has no anchor for level 4")


def test_a_cut_score_may_count_criteria_instead() -> None:
    cut = "  cut: {method: judges, value: 2, out_of: 3}\n"
    assert without_anchor(*[anchors(1, 2)] * 3, more=cut) == []


def test_a_cut_score_in_points_is_no_level() -> None:
    cut = "  cut: {method: judges, value: 12, out_of: 20}\n"
    assert without_anchor(anchors(1, 2), more=cut) == []


def test_levels_may_leave_numbers_out_when_all_criteria_do() -> None:
    assert without_anchor(anchors(1, 3, 5), anchors(1, 3, 5)) == []
    (message,) = without_anchor(anchors(1, 3, 5), anchors(5))
    assert message.endswith("has no anchor for level 1 and 3")


@pytest.mark.parametrize(
    ("text", "vague"),
    [
        ("Good.", True),
        ("Very good, very good and excellent.", True),
        ("Is as well as the others.", False),
        ("Says nothing.", True),
        ("Below average for the most part.", False),
        ("Holds the door open.", False),
    ],
)
def test_what_describes_nothing(text: str, vague: bool) -> None:
    criterion = f'anchors: [{{level: 1, text: "{text}"}}]'
    assert bool(found("vague-anchor", m=GATE, i=rubric(criterion))) is vague


def deciding(raters: str) -> str:
    more = f"  cut: {{method: judges, value: 3}}\n  retest: {{form: B, after: a week}}\n{raters}"
    return rubric(anchors(1, 2), more=more)


def test_two_raters_need_no_double_rating() -> None:
    assert found("gate-with-one-rater", m=GATE, i=deciding("  raters: 2\n")) == []
    assert len(found("gate-with-one-rater", m=GATE, i=deciding(""))) == 1


def test_what_is_no_gate_may_have_one_rater() -> None:
    practice = GATE.replace("gate: true, ", "")
    for rule in ("gate-with-one-rater", "raters-not-calibrated"):
        assert found(rule, m=practice, i=deciding("")) == []


@pytest.mark.parametrize(
    ("metric", "value", "low"),
    [
        ("weighted-kappa", "0.59", True),
        ("weighted-kappa", "0.6", False),
        ("icc", "0.74", True),
        ("percent", "74", True),
        ("percent", "75", False),
    ],
)
def test_each_measure_of_agreement_has_its_own_floor(metric: str, value: str, low: bool) -> None:
    text = f"  calibration: {{how: Two recordings., metric: {metric}, value: {value}}}\n"
    assert bool(found("agreement-too-low", m=GATE, i=deciding(text))) is low


def test_an_agreement_that_cannot_be_reached_is_refused() -> None:
    text = "  calibration: {how: Two recordings., metric: icc, value: 75}\n"
    (message,) = found("wrong-value", m=GATE, i=deciding(text))
    assert "no more than 1 for icc" in message


def test_a_critical_failure_is_told_once() -> None:
    station = rubric('critical: "Unacceptable."', 'critical: "Does it poorly or not well."')
    assert len(found("critical-failure-undefined", m=GATE, i=station)) == 1
    (message,) = found("vague-critical-failure", m=GATE, i=station)
    assert '"well"' in message


def test_a_critical_item_defines_the_failure() -> None:
    critical = GATE.replace("gate: true", "critical: true")
    item = (
        "instrument: {id: i1, title: Test, kind: check, kirkpatrick: 2, when: in-course, items: "
        "[{id: q1, stem: Who may see it?, key: the student, objective: o1%s}]}\n"
    )
    assert len(found("critical-failure-undefined", m=critical, i=item % "")) == 1
    assert found("critical-failure-undefined", m=critical, i=item % ", critical: true") == []
    assert found("critical-failure-undefined", m=critical) == []
