"""The rule mechanism: waivers, thresholds, notes on our own faults."""

from __future__ import annotations

import json

import pytest

from csstrain.check import RULES, Review, check, rule
from csstrain.diagnostic import Severity
from csstrain.pipeline import Compilation
from csstrain.report import as_json, status
from csstrain.timing import slot_minutes
from tests.curricula import PAPERS, PROGRAM, compile_text

SOURCE = "source: {id: s, title: S, file: s.txt, parts: [{id: s-1, at: Line one}]}\n"
KSA = "ksa: {id: k1, statement: Greet a customer., classes: [skill]}\n"


def waiver(rule_name: str, name: str) -> str:
    return (
        f"waiver: {{rule: {rule_name}, id: {name}, reason: agreed with the owner, "
        "by: A. Reviewer, date: 2027-01-11}\n"
    )


def rules_of(compiled: Compilation) -> list[str]:
    return [d.rule for d in compiled.diagnostics]


def test_a_waiver_sets_a_warning_aside_and_is_counted() -> None:
    compiled = compile_text(source=SOURCE, waiver=waiver("uncited-part", "s-1"))
    assert rules_of(compiled) == []
    assert status(compiled.diagnostics, strict=True) == 0
    (waived,) = json.loads(as_json(compiled))["waived"]
    assert waived == {
        "rule": "uncited-part", "id": "s-1", "reason": "agreed with the owner",
        "by": "A. Reviewer", "date": "2027-01-11", "file": "content/waiver.yaml", "line": 1,
    }  # fmt: skip


def test_a_waiver_counts_for_its_entity_only() -> None:
    two = SOURCE.replace("[{id: s-1", "[{id: s-2, at: Line two}, {id: s-1")
    compiled = compile_text(source=two, waiver=waiver("uncited-part", "s-1"))
    assert rules_of(compiled) == ["uncited-part"]
    assert "`s-2`" in compiled.diagnostics[0].message


def test_an_unused_waiver_is_a_finding() -> None:
    compiled = compile_text(ksa=SOURCE, waiver=waiver("weights-off-total", "s"))
    assert rules_of(compiled) == ["uncited-part", "unused-waiver"]


def test_an_error_cannot_be_waived() -> None:
    compiled = compile_text(ksa=KSA, waiver=waiver("ksa-without-objective", "k1"))
    assert "ksa-without-objective" in rules_of(compiled)
    assert "waiver-of-error" in rules_of(compiled)


def test_a_waiver_of_a_misspelt_rule_offers_the_right_one() -> None:
    compiled = compile_text(source=SOURCE, waiver=waiver("uncited-parts", "s-1"))
    (fault,) = [d for d in compiled.diagnostics if d.rule == "unknown-rule"]
    assert fault.hint == "did you mean `uncited-part`?"


def test_a_waiver_of_an_agenda_rule_is_not_unused_at_the_content_stage() -> None:
    compiled = compile_text(ksa=KSA, waiver=waiver("ksa-cut-by-hours", "k1"))
    assert "unused-waiver" not in rules_of(compiled)


WEIGHTS = """\
source: {id: s, title: S, file: s.txt}
competency: {id: c1, name: Contact, origin: s, definition: Serves customers., weight: 98,
  coverage_note: no KSA is listed in this sample}
"""


def with_threshold(name: str, value: str) -> Compilation:
    program = PROGRAM.replace(
        "scale: house\n",
        f"scale: house\n{PAPERS}  thresholds: [{{rule: weights-off-total, "
        f"name: {name}, value: {value}, reason: rounding}}]\n",
    )
    return compile_text(program=program, weights=WEIGHTS)


def test_a_program_may_change_a_threshold() -> None:
    assert rules_of(compile_text(weights=WEIGHTS)) == ["weights-off-total"]
    assert rules_of(with_threshold("tolerance", "3")) == []


def test_an_unknown_threshold_names_those_there_are() -> None:
    compiled = with_threshold("tolerence", "3")
    (fault,) = [d for d in compiled.diagnostics if d.rule == "unknown-threshold"]
    assert fault.hint == "its thresholds are `tolerance`"


def test_a_rule_that_breaks_says_which_one(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = compile_text(ksa=KSA)
    assert compiled.curriculum
    assert compiled.coverage

    def broken_rule(_: Review):  # type: ignore[no-untyped-def]  # breaks before it yields
        raise ZeroDivisionError

    monkeypatch.setitem(RULES, "broken-rule", RULES["uncited-part"])
    rule(Severity.ADVICE)(broken_rule)
    with pytest.raises(ZeroDivisionError) as raised:
        check(Review(compiled.curriculum, compiled.coverage))
    assert raised.value.__notes__ == ["in rule broken-rule"]


def test_names_say_the_fault() -> None:
    for name in RULES:
        assert not name.startswith(("no-", "check-", "require-", "disallow-"))
        assert name == name.lower()


def test_a_fault_cannot_be_waived() -> None:
    compiled = compile_text(source=SOURCE, waiver=waiver("unknown-field", "s-1"))
    (fault,) = [d for d in compiled.diagnostics if d.rule == "waiver-of-error"]
    assert "cannot be waived" in fault.message
    assert "unknown-rule" not in rules_of(compiled)


def test_of_two_equal_waivers_the_second_is_unused() -> None:
    one = waiver("uncited-part", "s-1").removeprefix("waiver: ")
    compiled = compile_text(source=SOURCE, waiver=f"waivers:\n  - {one}  - {one}")
    assert [(d.rule, d.place.route) for d in compiled.diagnostics] == [
        ("unused-waiver", ("waivers", 1))
    ]


def test_a_threshold_is_not_negative() -> None:
    assert "wrong-value" in rules_of(with_threshold("tolerance", "-1"))


TALK = """\
module:
  id: m1
  title: Contact
  objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer, condition: at the
    counter, degree: {text: every time, metric: count, value: 1}, domain: interpersonal,
    level: apply, ksas: [{ksa: k1, level: 1}]}]
  activities:
    - {id: m1-test, method: test, phase: assess, objectives: [o1], instrument: i1,
       minutes: {min: 20, plan: 20, max: 20}}
    - {id: m1-talk, method: demonstration, phase: demonstrate, objectives: [o1],
       minutes: {min: 10, plan: 10, max: 10}}
    - {id: m1-play, method: role-play, phase: practice, objectives: [o1],
       minutes: {min: 10, plan: 10, max: 10}}
"""


def instrument(kind: str, when: str = "in-course", names: str = "objectives: [o1]") -> str:
    return (
        f"instrument: {{id: i1, title: I, kind: {kind}, kirkpatrick: 2, when: {when}, "
        f"minutes: 10, at_once: 9, {names}}}\n"
    )


@pytest.mark.parametrize(
    ("kind", "when", "certified"),
    [
        ("role-play", "in-course", True),
        ("role-play", "baseline", False),
        ("role-play", "follow-up", False),
        ("reaction-form", "end-of-course", False),
        ("supervisor-form", "in-course", False),
    ],
)
def test_forms_baselines_and_follow_ups_certify_nothing(
    kind: str, when: str, certified: bool
) -> None:
    compiled = compile_text(ksa=KSA, module=TALK, instrument=instrument(kind, when))
    assert compiled.coverage
    assert compiled.coverage.ksas["k1"].assessed == int(certified)
    assert ("objective-without-instrument" in rules_of(compiled)) is not certified
    assert "target-not-reached" not in rules_of(compiled)


def test_an_instrument_may_name_a_ksa_itself() -> None:
    compiled = compile_text(
        ksa=KSA, module=TALK, instrument=instrument("role-play", names="ksas: [k1]")
    )
    assert compiled.coverage
    assert compiled.coverage.ksas["k1"].instruments == ("i1",)
    assert compiled.coverage.ksas["k1"].assessed == 1
    assert "instrument-without-objective" not in rules_of(compiled)


def early(module: str) -> list[str]:
    compiled = compile_text(ksa=KSA, module=module, instrument=instrument("role-play"))
    found = compiled.diagnostics
    return [d.message for d in found if d.rule == "instrument-before-instruction"]


def test_prework_comes_before_every_test() -> None:
    assert len(early(TALK)) == 1
    prework = TALK.replace("id: m1-talk,", "id: m1-talk, delivery: prework,")
    assert early(prework) == []


def test_what_is_tested_and_never_taught_is_reported() -> None:
    (message,) = early(TALK[: TALK.index("    - {id: m1-talk")])
    assert message.endswith("`o1` is never taught")


def test_the_first_word_of_a_verb_counts() -> None:
    for verb, rule_name in (
        ("Understand fully", "unmeasurable-verb"),
        ("Identify quickly", "covert-verb-without-indicator"),
    ):
        spoken = TALK.replace("verb: greet", f"verb: {verb}")
        compiled = compile_text(ksa=KSA, module=spoken, instrument=instrument("role-play"))
        assert rule_name in rules_of(compiled)


@pytest.mark.parametrize(("coaches", "slot"), [(1, 60), (2, 30), (6, 20)])
def test_a_rotation_gives_each_instrument_time_for_the_whole_group(coaches: int, slot: int) -> None:
    rotation = f"""\
module:
  id: m1
  title: Contact
  activities:
    - {{id: m1-round, method: simulation, phase: assess, minutes: {{min: 10, plan: 10, max: 10}},
       rotation: {{groups: 3, stations: [{{title: S, instruments: [i1, i2],
         circuits: {coaches}}}]}}}}
instruments:
  - {{id: i1, title: A, kind: role-play, kirkpatrick: 2, when: in-course, minutes: 10, at_once: 1}}
  - {{id: i2, title: B, kind: product, kirkpatrick: 2, when: in-course, minutes: 5, at_once: 9}}
"""
    compiled = compile_text(rotation=rotation)
    assert compiled.curriculum
    activity = compiled.curriculum.activities["m1-round"]
    assert slot_minutes(compiled.curriculum, activity) == slot
