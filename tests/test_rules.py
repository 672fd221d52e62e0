"""Every rule, from its own docstring: the flagged example fires at the mark, the clean one not."""

from __future__ import annotations

import re
import textwrap
from dataclasses import replace
from typing import NamedTuple

import pytest

from csstrain.check import RULES, Review, check
from csstrain.locate import located
from csstrain.pipeline import Compilation
from csstrain.plan import plan
from csstrain.report import plain
from tests.curricula import Snapshot, compile_text


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


def found(text: str, rule: str) -> Compilation:
    """The compiled example with the findings of one rule alone."""
    compiled = compile_text(example=text)
    assert compiled.curriculum, [d.message for d in compiled.diagnostics]
    assert compiled.coverage
    every = compiled.diagnostics
    if RULES[rule].stage == "agenda":
        # Straight to the planner: an example shows one fault and need not be clean otherwise.
        agenda = plan(compiled.curriculum).value
        assert agenda
        assert agenda.feasible, agenda.reasons
        review = Review(compiled.curriculum, compiled.coverage, agenda)
        every = check(review, "agenda").diagnostics
    return replace(compiled, diagnostics=tuple(d for d in every if d.rule == rule))


def fired(text: str, rule: str) -> list[int]:
    compiled = found(text, rule)
    return [e.line for e in located(compiled.content.sources, compiled.diagnostics)]


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


SUBJECTS = sorted({rule.run.__module__.rpartition(".")[2] for rule in RULES.values()})


@pytest.mark.parametrize("subject", SUBJECTS)
def test_messages(subject: str, snapshot: Snapshot) -> None:
    """What each rule says about its flagged example, for people to read and to agree with."""
    told = []
    for name, rule in sorted(RULES.items()):
        if rule.run.__module__.endswith(f".{subject}"):
            text = example(rule.page, "Flagged", name).text
            compiled = found(text, name)
            blocks = plain.human(compiled).split("\n\n")[:-1]
            told.append(f"{text}----\n" + "\n\n".join(blocks) + "\n")
    snapshot(f"rules-{subject}", "\n\n".join(told))
