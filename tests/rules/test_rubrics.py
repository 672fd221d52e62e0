"""Corners of the rules about rubrics and raters."""

from __future__ import annotations

import pytest

from csstrain.diagnostic import Diagnostic
from tests.curricula import compile_text

GATE = """\
module:
  id: m1
  title: Contact
  objectives:
    - {id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
       domain: interpersonal, level: apply}
"""


def findings(rule: str, **files: str) -> list[Diagnostic]:
    compiled = compile_text(**files)
    assert compiled.curriculum or rule == "wrong-value", [d.message for d in compiled.diagnostics]
    return [d for d in compiled.diagnostics if d.rule == rule]


def found(rule: str, **files: str) -> list[str]:
    return [d.message for d in findings(rule, **files)]


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
    (told,) = findings("criterion-without-anchors", i=rubric(anchors(1, 3, 5), anchors(5)), m=GATE)
    assert told.hint == "add `{level: 1, text: …}`, `{level: 3, text: …}`"
    assert told.place.route[-1] == "anchors"
    (none,) = findings("criterion-without-anchors", i=rubric("objective: o1"), m=GATE)
    assert "has no anchors, so a rater" in none.message
    assert (none.hint or "").startswith("add `anchors`, one for each level")


@pytest.mark.parametrize(
    ("top", "missing"), [("9", "level 2, 3, 4, 5, 6, 7, 8 and 9"), ("10", None), ("2.5", None)]
)
def test_a_level_is_a_whole_number_below_ten(top: str, missing: str | None) -> None:
    cut = f"  cut: {{method: judges, value: 1, out_of: {top}}}\n"
    every = without_anchor(anchors(1), anchors(1, 2, 3, 4, 5, 6, 7, 8), more=cut)
    assert len(every) == (2 if missing else 1)
    if missing:
        assert every[0].endswith(missing)
        assert every[1].endswith("has no anchor for level 9")


@pytest.mark.parametrize(
    ("levels", "place"),
    [((1, 2, 3), None), ((1, 1, 2), 1), ((2, 1), 1), ((1, 3, 2), 2), ((1, 2, 2), 2)],
)
def test_anchors_rise(levels: tuple[int, ...], place: int | None) -> None:
    every = findings("anchors-out-of-order", m=GATE, i=rubric(anchors(*levels)))
    assert [d.place.route[-3:] for d in every] == (
        [] if place is None else [("anchors", place, "level")]
    )
    if place:
        low, high = levels[place], levels[place - 1]
        assert f"an anchor for level {low} follows one for level {high}" in every[0].message


@pytest.mark.parametrize(
    ("text", "vague"),
    [
        ("Good.", True),
        ("Very good, very good and excellent.", True),
        ("Is as well as the others.", False),
        ("Says nothing.", True),
        ("Below average for the most part.", False),
        ("Holds the door open.", False),
        ("Says one word.", False),
        ("Greets everybody.", True),
        ("Is fair to the and about all.", False),
    ],
)
def test_what_describes_nothing(text: str, vague: bool) -> None:
    criterion = f'anchors: [{{level: 1, text: "{text}"}}]'
    assert bool(found("vague-anchor", m=GATE, i=rubric(criterion))) is vague


def test_a_vague_anchor_is_told_at_its_text() -> None:
    both = 'anchors: [{level: 1, text: "Looks at the door."}, {level: 2, text: "Good."}]'
    (told,) = findings("vague-anchor", m=GATE, i=rubric(both))
    assert told.place.route[-3:] == ("anchors", 1, "text")
    assert told.message.endswith('level 2 of `c0` (Part 0) in `i1` describes nothing: "Good."')


@pytest.mark.parametrize(
    ("count", "said", "hint"),
    [
        (1, "on 1 criterion; 3 to 7", "take apart what is scored"),
        (2, "on 2 criteria;", "take apart what is scored"),
        (3, None, None),
        (7, None, None),
        (8, "on 8 criteria;", "join or drop some of them"),
    ],
)
def test_so_many_criteria_can_be_watched(count: int, said: str | None, hint: str | None) -> None:
    every = findings("too-few-or-many-criteria", m=GATE, i=rubric(*[anchors(1, 2)] * count))
    assert [d.hint for d in every] == ([hint] if hint else [])
    assert all(said and said in d.message for d in every)


def deciding(raters: str) -> str:
    more = f"  cut: {{method: judges, value: 3}}\n  retest: {{form: B, after: a week}}\n{raters}"
    return rubric(anchors(1, 2), more=more)


def test_two_raters_need_no_double_rating() -> None:
    assert found("gate-with-one-rater", m=GATE, i=deciding("  raters: 2\n")) == []
    assert len(found("gate-with-one-rater", m=GATE, i=deciding(""))) == 1
    assert len(found("gate-with-one-rater", m=GATE, i=deciding("  raters: 1\n"))) == 1
    shared = "  double_rating: All near the cut score.\n"
    assert found("gate-with-one-rater", m=GATE, i=deciding(shared)) == []
    nobody = deciding("").partition("  criteria:")[0]
    assert found("gate-with-one-rater", m=GATE, i=nobody) == []


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
        ("icc", "0.75", False),
        ("percent", "74", True),
        ("percent", "75", False),
    ],
)
def test_each_measure_of_agreement_has_its_own_floor(metric: str, value: str, low: bool) -> None:
    text = f"  calibration: {{how: Two recordings., metric: {metric}, value: {value}}}\n"
    assert bool(found("agreement-too-low", m=GATE, i=deciding(text))) is low


def test_too_little_agreement_says_how_much_is_enough() -> None:
    text = "  calibration: {how: Two recordings., metric: icc, value: 0.5}\n"
    (told,) = findings("agreement-too-low", m=GATE, i=deciding(text))
    assert told.message.endswith("may begin at icc 0.5; a decision needs 0.75")
    assert told.place.route[-2:] == ("calibration", "value")
    assert found("raters-not-calibrated", m=GATE, i=deciding(text)) == []


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
    assert found("critical-failure-undefined", m=GATE, i=item % "") == []


def test_what_fails_at_once_may_stand_in_a_criterion_of_the_objective() -> None:
    rule, critical = "critical-failure-undefined", GATE.replace("gate: true", "critical: true")
    act = 'critical: "Names the grade."'
    station = rubric(anchors(1, 2) + ", objective: o1, " + act)
    assert found(rule, m=critical, i=station) == []
    elsewhere = rubric(anchors(1, 2) + ", " + act)
    (told,) = findings(rule, m=critical, i=elsewhere)
    assert [r.message for r in told.related] == ["`i1` measures it"]
    assert told.place.route[-1] == "critical"
    assert found(rule, m=critical, i=elsewhere.replace("end-of-course", "baseline")) == []
    # Two words describe no act, three may.
    (short,) = findings(rule, m=GATE, i=rubric('critical: "Names grades."'))
    assert short.message.endswith('(Part 0) in `i1` describes no act: "Names grades."')
    assert short.hint == ("write what the trainee does or says that fails the performance at once")
    assert short.place.route[-1] == "critical"
    assert found(rule, m=GATE, i=rubric(act)) == []


def test_vague_words_in_a_critical_failure_are_named() -> None:
    rule = "vague-critical-failure"
    (told,) = findings(rule, m=GATE, i=rubric('critical: "Explains it in a poor way."'))
    assert told.message.endswith('in `i1` hangs on "poor"')
    assert told.place.route[-1] == "critical"
    assert found(rule, m=GATE, i=rubric('critical: "Poor."', 'critical: "Names the grade."')) == []
    plain = rubric(anchors(1), 'critical: "Names it well."')
    assert len(found(rule, m=GATE, i=plain)) == 1
