"""Laws of all rules: each fault is told by itself, whatever else stands in the content."""

from __future__ import annotations

import re

import pytest

from csstrain.check import RULES, Review
from csstrain.diagnostic import Diagnostic
from tests.curricula import compile_text
from tests.test_rules import example

CONTENT = sorted(name for name, rule in RULES.items() if rule.stage == "content")
AGENDA = sorted(name for name, rule in RULES.items() if rule.stage == "agenda")
# What more content changes for these: they compare texts of the whole program, or say one thing
# of all forms or modules together.
TOGETHER = {
    "baseline-spends-item",
    "key-in-trainee-material",
    "module-without-transition",
    "near-duplicate-ksa",
    "too-few-follow-up-waves",
    "undefined-acronym",
}


def copied(text: str, mark: str) -> str:
    """An example with other ids and without its program."""
    text = re.sub(r"\Aprogram:\n(?: .*\n)+", "", text)
    # The letters of options are ids of their own, in each item the same.
    names = "|".join(set(re.findall(r"\bid: ([\w-]{2,}|[g-z])\b", text)))
    return re.sub(rf"(?<![\w-])({names})(?![\w-])", rf"\1{mark}", text)


def told(rule: str, **files: str) -> list[Diagnostic]:
    compiled = compile_text(**files)
    assert compiled.curriculum, [d.message for d in compiled.diagnostics]
    return [d for d in compiled.diagnostics if d.rule == rule]


def said(found: list[Diagnostic]) -> list[tuple[str, ...]]:
    """All words of some findings, as if no copy had ids of its own."""
    every = ((d.message, d.hint or "", *(r.message for r in d.related)) for d in found)
    return sorted(tuple(text.replace("-w", "") for text in texts) for texts in every)


@pytest.mark.parametrize("name", [name for name in CONTENT if name not in TOGETHER])
def test_each_fault_is_told_whatever_stands_before_it(name: str) -> None:
    flagged = example(RULES[name].page, "Flagged", name).text
    clean = example(RULES[name].page, "Clean", name).text
    alone = told(name, b=flagged)
    if all(d.place.route[:1] == ("program",) for d in alone):
        return  # There is one program, and what it lacks it lacks once.
    files = {"b": flagged, "d": copied(flagged, "-w")}
    if not (clean + flagged).count("program:\n"):
        files |= {"a": copied(clean, "-u"), "c": copied(clean, "-v")}
    assert said(told(name, **files)) == said(alone * 2)


@pytest.mark.parametrize("name", AGENDA)
def test_without_an_agenda_its_rules_are_silent(name: str) -> None:
    compiled = compile_text()
    assert compiled.curriculum
    assert compiled.coverage
    numbers = RULES[name].thresholds
    review = Review(compiled.curriculum, compiled.coverage, None, numbers)
    assert list(RULES[name].run(review)) == []
