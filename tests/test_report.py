"""Findings as text: the same everywhere, safe in a terminal and in a workflow log."""

from __future__ import annotations

import json
import re

import pytest

from csstrain.report import FORMATS, as_json, github, human, printable, short, status
from tests.curricula import Snapshot, compile_text

HOSTILE = "\n::error::owned\x1b[31m%0A##[set-output name=a]b"
BROKEN = """\
ksas:
  - {id: k1, statement: Greet a customer., classes: [skill]}
  - {id: k2, statement: Close a contact., classes: [skill], status: entry}
"""


def parsed_commands(line: str) -> list[str]:
    """What the runner of GitHub's workflows takes for a command, after its own source."""
    found = []
    if re.match(r"\s*::[^ :]+( [^:]*)?::", line):
        found.append(line)
    if re.search(r"##\[[^]]*\]", line):
        found.append(line)
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_format(name: str, snapshot: Snapshot) -> None:
    compiled = compile_text(ksas=BROKEN)
    snapshot(f"format-{name}", f"{BROKEN}----\n{FORMATS[name](compiled)}")


def test_json_is_the_contract() -> None:
    value = json.loads(as_json(compile_text(ksas=BROKEN)))
    assert set(value) == {"version", "diagnostics", "waived", "coverage", "summary"}
    assert value["version"] == 1
    first = value["diagnostics"][0]
    assert set(first) == {
        "rule", "severity", "message", "hint", "file", "line", "column", "route", "related"
    }  # fmt: skip
    assert (first["file"], first["line"], first["route"]) == ("content/ksas.yaml", 2, ["ksas", 0])
    assert value["coverage"] == {
        "ksas": 2, "with_objective": 0, "trained": 1, "entry": 1, "exempt": 0,
        "with_practice": 0, "with_assessment": 0, "with_follow_up": 0,
    }  # fmt: skip
    assert set(value["summary"]) == {"errors", "warnings", "advice", "waived"}


def test_coverage_is_null_where_content_did_not_load() -> None:
    assert json.loads(as_json(compile_text(ksas="ksas:\n\t- a\n")))["coverage"] is None


def test_format_never_changes_the_status() -> None:
    compiled = compile_text(ksas=BROKEN)
    assert status(compiled.diagnostics) == 1
    only_warnings = [d for d in compiled.diagnostics if d.severity.value == "warning"]
    assert only_warnings
    assert status(only_warnings) == 0
    assert status(only_warnings, strict=True) == 1


def test_hostile_text_stays_text() -> None:
    quoted = json.dumps(HOSTILE.replace("\x1b", ""))
    for text in (
        f"ksas:\n  - {{id: k1, statement: x, classes: [skill], {quoted}: x}}\n",
        f"ksas:\n  - {{id: k1, statement: {quoted}, classes: [skill]}}\n",
        f"ksas:\n  - {{id: {quoted}, statement: x, classes: [skill]}}\n",
    ):
        compiled = compile_text(ksas=text)
        assert compiled.failed
        for form in (human, short):
            for line in form(compiled).splitlines():
                assert parsed_commands(line) == []
        for line in github(compiled).splitlines():
            commands = parsed_commands(line)
            assert all(c.startswith("::error file=content/ksas.yaml,line=") for c in commands)


def test_printable_shows_every_control() -> None:
    for code in [*range(32), *range(127, 160), 0x202E, 0x2066, 0xFEFF]:
        assert chr(code) not in printable(f"a{chr(code)}b")
    assert printable("Zoë, 李, „ß“") == "Zoë, 李, „ß“"


def test_github_shows_ten_of_a_kind_and_counts_the_rest() -> None:
    ksas = "ksas:\n" + "".join(
        f"  - {{id: k{n}, statement: Skill {n}., classes: [skill]}}\n" for n in range(12)
    )
    text = github(compile_text(ksas=ksas))
    shown = [line for line in text.splitlines() if line.startswith("::error ")]
    total = json.loads(as_json(compile_text(ksas=ksas)))["summary"]["errors"]
    assert len(shown) == 10
    assert f"{total - 10} more of severity error are not shown" in text
