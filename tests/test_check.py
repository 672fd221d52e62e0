"""The rule mechanism: waivers, thresholds, notes on our own faults."""

from __future__ import annotations

import json

import pytest

from csstrain.check import RULES, Review, check, rule
from csstrain.diagnostic import Severity
from csstrain.pipeline import Compilation
from csstrain.report import as_json, status
from tests.curricula import PROGRAM, compile_text

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
competency: {id: c1, name: Contact, origin: s, definition: Serves customers., weight: 98}
"""


def with_threshold(name: str, value: str) -> Compilation:
    program = PROGRAM.replace(
        "scale: house\n",
        "scale: house\n  thresholds: [{rule: weights-off-total, "
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
