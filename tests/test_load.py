"""Files against models: every fault at the author's line, in our words, told once."""

from __future__ import annotations

import pytest

from csstrain.load import load
from csstrain.model import KINDS, PLURALS
from csstrain.report import short
from tests.curricula import Snapshot, compile_text

FAULTS: dict[str, str] = {
    "misspelt-field": "module:\n  id: m1\n  titel: Contact\n",
    "missing-field": "module:\n  id: m1\n",
    "unknown-field": "module:\n  id: m1\n  title: Contact\n  colour: red\n",
    "empty-field": "module:\n  id: m1\n  title:\n",
    "not-an-id": "module:\n  id: Module 1\n  title: Contact\n",
    "misspelt-choice": (
        "module:\n  id: m1\n  title: Contact\n  activities:\n"
        "    - {id: a1, method: rollplay, phase: practise, minutes: {min: 5, plan: 5, max: 5}}\n"
    ),
    "list-for-text": "module:\n  id: m1\n  title: [a, b]\n",
    "text-for-list": "module:\n  id: m1\n  title: Contact\n  activities: none\n",
    "text-for-fields": "module:\n  id: m1\n  title: Contact\n  objectives: [o1]\n",
    "not-a-number": (
        "module:\n  id: m1\n  title: Contact\n  activities:\n    - id: a1\n      method: lecture\n"
        "      phase: present\n      minutes: {min: ten, plan: 1_000, max: 010}\n"
    ),
    "out-of-range": "ksas:\n  - {id: k1, statement: Greet., classes: [skill], difficulty: 7}\n",
    "no-classes": "ksas:\n  - {id: k1, statement: Greet., classes: []}\n",
    "unknown-kind": "modul:\n  id: m1\n",
    "list-at-top": "- id: m1\n",
    "plural-without-list": "ksas:\n  id: k1\n",
    "bad-dates": "waivers:\n  - {rule: r, id: k1, reason: x, by: y, date: 2027-02-30}\n",
    "bad-flag": (
        "module:\n  id: m1\n  title: Contact\n  objectives:\n    - {id: o1, kind: terminal, "
        "gate: yes,\n       verb: greet, behavior: x, domain: cognitive, level: apply}\n"
    ),
    "many-at-once": (
        "module:\n  id: m1\n  titel: x\n  goal: [a]\n"
        "  activities:\n    - {id: A1, method: lecture}\n"
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name: str, snapshot: Snapshot) -> None:
    compiled = compile_text(m1=FAULTS[name])
    assert compiled.failed
    assert compiled.curriculum is None
    hints = "".join(f"hint: {d.hint}\n" for d in compiled.diagnostics)
    snapshot(f"fault-{name}", f"{FAULTS[name]}----\n{short(compiled)}{hints}")


def test_misspelt_field_is_told_once() -> None:
    compiled = compile_text(m1=FAULTS["misspelt-field"])
    assert [d.rule for d in compiled.diagnostics] == ["unknown-field"]
    assert compiled.diagnostics[0].hint == "did you mean `title`?"


def test_pydantic_never_speaks() -> None:
    for text in FAULTS.values():
        for diagnostic in compile_text(m1=text).diagnostics:
            words = f"{diagnostic.message} {diagnostic.hint}".lower()
            for jargon in ("input should", "pydantic", "tuple", "dict", "extra inputs", "instance"):
                assert jargon not in words


def test_each_kind_may_stand_alone_or_in_a_list() -> None:
    text = "material: {id: mat-1, title: Cards, kind: equipment, reader: trainee}\n"
    assert not compile_text(one=text).failed
    many = "materials:\n  - {id: mat-1, title: Cards, kind: equipment, reader: trainee}\n"
    assert not compile_text(many=many).failed
    assert len(set(PLURALS.values()) | set(KINDS)) == 2 * len(KINDS)


def test_every_file_is_reported_in_one_run() -> None:
    broken = {f"content/m{n}.yaml": b"module:\n  id: M\n" for n in range(5)}
    broken["content/tab.yaml"] = b"a:\n\t- b\n"
    found = load(broken).diagnostics
    assert {d.place.file for d in found} == set(broken)


def test_values_are_never_printed_raw() -> None:
    text = 'module:\n  id: m1\n  title: x\n  "\\n::error::owned": y\n'
    printed = short(compile_text(m1=text))
    assert not any(line.startswith("::") for line in printed.splitlines())
