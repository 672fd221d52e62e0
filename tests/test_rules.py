"""Every rule, from its own docstring: the flagged example fires at the mark, the clean one not."""

from __future__ import annotations

import re
import textwrap
from typing import NamedTuple

import pytest

from csstrain.check import RULES, Review, check
from csstrain.locate import located
from csstrain.plan import plan
from tests.curricula import compile_text


class Example(NamedTuple):
    """A curriculum from a docstring and the lines on which the rule must fire."""

    text: str
    lines: list[int]


def example(page: str, title: str, rule: str) -> Example:
    block = re.search(rf"^{title}:\n((?:\n|    .*\n?)+)", page, re.MULTILINE)
    assert block, f"the page of {rule} has no {title} example"
    text = textwrap.dedent(block[1]).strip("\n") + "\n"
    marks = re.compile(r"  # <--$", re.MULTILINE)
    lines = [n for n, line in enumerate(text.splitlines(), 1) if marks.search(line)]
    return Example(marks.sub("", text), lines)


def fired(text: str, rule: str) -> list[int]:
    compiled = compile_text(example=text)
    assert compiled.curriculum, [d.message for d in compiled.diagnostics]
    assert compiled.coverage
    found = compiled.diagnostics
    if RULES[rule].stage == "agenda":
        # Straight to the planner: an example shows one fault and need not be clean otherwise.
        agenda = plan(compiled.curriculum).value
        assert agenda
        assert agenda.feasible, agenda.reasons
        review = Review(compiled.curriculum, compiled.coverage, agenda)
        found = check(review, "agenda").diagnostics
    return [e.line for e in located(compiled.content.sources, found) if e.diagnostic.rule == rule]


@pytest.mark.parametrize("name", sorted(RULES))
def test_flagged_example(name: str) -> None:
    flagged = example(RULES[name].page, "Flagged", name)
    assert flagged.lines, "no line is marked"
    assert fired(flagged.text, name) == flagged.lines


@pytest.mark.parametrize("name", sorted(RULES))
def test_clean_example(name: str) -> None:
    clean = example(RULES[name].page, "Clean", name)
    assert fired(clean.text, name) == []


@pytest.mark.parametrize("name", sorted(RULES))
def test_page_tells_what_why_and_whence(name: str) -> None:
    page = RULES[name].page
    title, rest = page.split("\n", 1)
    assert title.endswith(".")
    prose = rest.split("Flagged:")[0]
    reason, source, whence = prose.partition("Source: ")
    assert len(reason.split()) >= 15, "the page does not say why it matters"
    assert source, "the page names no source"
    assert whence.strip().endswith(".")
    for threshold in RULES[name].thresholds:
        assert f"`{threshold}`" in reason, f"the page does not explain the threshold {threshold}"
