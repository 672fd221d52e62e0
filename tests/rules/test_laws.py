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


# One of nearly everything, as bare as it may be, so that rules have reasons to pass it by.
BYSTANDERS = """
ksas:
  - {id: by-entry, statement: Read., classes: [ability], status: entry, screening: A degree.}
  - {id: by-exempt, statement: Led people., classes: [experience], status: exempt, reason: R.}
source: {id: by-source, title: S, file: s.txt}
scale: {id: by-scale, title: S, levels: [{level: 1, name: One}]}
duty: {id: by-duty, name: D, tasks: [{id: by-task, text: T., status: not-trained, reason: R.}]}
competency: {id: by-competency, name: C, origin: by-source, definition: D., coverage_note: N.}
module:
  id: by-module
  title: M
  objectives:
    - {id: by-gate, kind: terminal, gate: true, audience: a clerk, verb: greet, behavior: people,
       domain: interpersonal, level: apply}
    - {id: by-step, kind: enabling, parent: by-gate, audience: a clerk, verb: copy, behavior: it,
       domain: psychomotor, level: imitate, condition: c,
       degree: {text: t, metric: count, value: 1}}
  activities:
    - {id: by-admin, method: briefing, phase: admin, minutes: {min: 1, plan: 1, max: 1}}
    - {id: by-home, method: reading, phase: present, delivery: prework, objectives: [by-step],
       minutes: {min: 1, plan: 1, max: 1}}
instruments:
  - {id: by-record, title: R, kind: results-record, kirkpatrick: 4, when: follow-up}
  - {id: by-form, title: F, kind: self-form, kirkpatrick: 1, when: in-course,
     questions: [{id: by-question, text: What helped?, type: open}]}
  - {id: by-before, title: B, kind: check, kirkpatrick: 2, when: baseline}
  - {id: by-scene, title: P, kind: role-play, kirkpatrick: 2, when: in-course, minutes: 1,
     objectives: [by-gate], criteria: [{id: by-criterion, name: C, objective: by-gate}]}
  - {id: by-test, title: T, kind: check, kirkpatrick: 2, when: in-course,
     items: [{id: by-item, stem: Why?, key: It.}]}
materials: [{id: by-thing, title: T, kind: equipment, reader: trainer}]
"""


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
    files = {"c": flagged, "e": copied(flagged, "-w")}
    if not (clean + flagged).count("program:\n"):
        files |= {"b": copied(clean, "-u"), "d": copied(clean, "-v")}
    every = [d for d in told(name, a=BYSTANDERS, **files) if "`by-" not in d.message]
    assert said(every) == said(alone * 2)


@pytest.mark.parametrize("name", AGENDA)
def test_without_an_agenda_its_rules_are_silent(name: str) -> None:
    compiled = compile_text()
    assert compiled.curriculum
    assert compiled.coverage
    numbers = RULES[name].thresholds
    review = Review(compiled.curriculum, compiled.coverage, None, numbers)
    assert list(RULES[name].run(review)) == []
