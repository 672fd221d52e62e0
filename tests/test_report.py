"""Findings as text: the same everywhere, safe in a terminal and in a workflow log."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree import ElementTree as XML

import junitparser
import pytest

from csstrain import pages
from csstrain.check import RULES
from csstrain.diagnostic import Severity
from csstrain.pipeline import Compilation
from csstrain.report import (
    FORMATS,
    View,
    as_json,
    github,
    human,
    junit,
    printable,
    sarif,
    short,
    status,
    step_summary,
    summary,
)
from tests.curricula import Snapshot, compile_text
from tests.npm import package

HOSTILE = "\n::error::owned\x1b[31m%0A##[set-output name=a]b##vso[x]](http://a.b) <b>|`"
OURS = re.compile(
    r"::(error|warning|notice) file=content/\w+\.yaml,line=\d+,col=\d+,title=[a-z-]+::"
)
BROKEN = """\
ksas:
  - {id: k1, statement: Greet a customer., classes: [skill]}
  - {id: k2, statement: Close a contact., classes: [skill], status: entry}
"""
# The schema is no part of this project; a copy of the published one may lie here or be named.


def parsed_commands(line: str) -> list[str]:
    """What the runner of GitHub's workflows takes for a command, after its own source."""
    found = []
    if re.match(r"\s*::[^ :]+( [^:]*)?::", line):
        found.append(line)
    if re.search(r"##\w*\[[^]]*\]", line):
        found.append(line)
    return found


def many(count: int) -> Compilation:
    return compile_text(
        ksas="ksas:\n"
        + "".join(
            f"  - {{id: k{n}, statement: Skill {n}., classes: [skill]}}\n" for n in range(count)
        )
    )


def waived() -> Compilation:
    """`k2` stands without its screening evidence, and a waiver accepts that."""
    return compile_text(
        ksas=BROKEN,
        waivers="""\
        waiver:
          rule: entry-without-screening
          id: k2
          reason: "Shown at the interview ##[error]."
          by: Program lead
          date: 2026-11-25
        """,
    )


def sarif_run(compiled: Compilation, view: View | None = None) -> dict[str, Any]:
    value = json.loads(sarif(compiled, view or View()))
    assert value["version"] == "2.1.0"
    (run,) = value["runs"]
    assert isinstance(run, dict)
    return run


def broken() -> Compilation:
    """What three rules find in BROKEN; rules yet to come change no snapshot."""
    compiled = compile_text(ksas=BROKEN)
    known = {"entry-without-screening", "ksa-without-follow-up", "ksa-without-objective"}
    return replace(compiled, diagnostics=tuple(d for d in compiled.diagnostics if d.rule in known))


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"sarif"}))
def test_format(name: str, snapshot: Snapshot) -> None:
    compiled = broken()
    snapshot(f"format-{name}", f"{BROKEN}----\n{FORMATS[name](compiled, View())}")


def test_format_sarif(snapshot: Snapshot) -> None:
    run = sarif_run(broken())
    for result in run["results"]:
        del result["ruleIndex"]  # which moves with every new rule
    text = json.dumps(run["results"], indent=2)
    snapshot("format-sarif", f"{BROKEN}----\n{text}\n")


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
    (each,) = json.loads(as_json(waived()))["waived"]
    assert set(each) == {"rule", "id", "reason", "by", "date", "file", "line"}
    assert each["reason"] == "Shown at the interview ##[error]."


def test_coverage_is_null_where_content_did_not_load() -> None:
    assert json.loads(as_json(compile_text(ksas="ksas:\n\t- a\n")))["coverage"] is None


# ── what is shown, and what it counts for ────────────────────────────────────────────


def test_format_never_changes_the_status() -> None:
    compiled = compile_text(ksas=BROKEN)
    assert status(compiled.diagnostics) == 1
    only_warnings = [d for d in compiled.diagnostics if d.severity.value == "warning"]
    assert only_warnings
    assert status(only_warnings) == 0
    assert status(only_warnings, strict=True) == 1


def test_a_view_shows_the_rules_and_severities_asked_for() -> None:
    compiled = waived()
    every = View().diagnostics(compiled)
    one = View(rules=("ksa-without-objective",))
    assert {d.rule for d in one.diagnostics(compiled)} == {"ksa-without-objective"}
    assert one.waived(compiled) == ()
    errors = View(least=Severity.ERROR)
    assert {d.severity for d in errors.diagnostics(compiled)} == {Severity.ERROR}
    assert errors.hidden(compiled) == len(every) - len(errors.diagnostics(compiled)) > 0
    assert status(View(least=Severity.ERROR, strict=True).diagnostics(compiled), True) == 1
    assert summary(compiled, View(rules=("entry-without-screening",))) == {
        "errors": 0, "warnings": 0, "advice": 0, "waived": 1
    }  # fmt: skip


def test_a_view_never_changes_the_coverage() -> None:
    compiled = compile_text(ksas=BROKEN)
    narrow = View(rules=("unused-waiver",))
    for form in (human, github):
        text = form(compiled, narrow)
        assert "2 KSAs, 0 with an objective: 1 trained, 1 entry, 0 exempt" in text
        assert f"({narrow.hidden(compiled)} more not asked for)" in text
    assert json.loads(as_json(compiled, narrow))["coverage"]["ksas"] == 2


def test_content_that_cannot_be_read_is_never_shown_as_clean() -> None:
    compiled = compile_text(ksas="ksas:\n\t- a\n")
    view = View(rules=("ksa-without-objective",))
    assert status(view.diagnostics(compiled)) == 1
    assert view.hidden(compiled) == 0


def test_many_findings_end_with_what_recurs() -> None:
    text = human(many(12))
    assert re.search(r"^most often: 12 [a-z-]+, 12 [a-z-]+, ", text, re.MULTILINE)
    assert "most often" not in human(many(2))


# ── no text steers a terminal or a log ───────────────────────────────────────────────


def test_hostile_text_stays_text() -> None:
    quoted = json.dumps(HOSTILE.replace("\x1b", ""))
    for text in (
        f"ksas:\n  - {{id: k1, statement: x, classes: [skill], {quoted}: x}}\n",
        f"ksas:\n  - {{id: k1, statement: {quoted}, classes: [skill]}}\n",
        f"ksas:\n  - {{id: {quoted}, statement: x, classes: [skill]}}\n",
    ):
        compiled = compile_text(ksas=text)
        assert compiled.failed
        for name, form in FORMATS.items():
            for line in form(compiled, View()).splitlines():
                ours = name == "github" and OURS.match(line)
                assert ours or parsed_commands(line) == [], name
        assert not any(parsed_commands(line) for line in step_summary(compiled).splitlines())


def test_a_hostile_waiver_stays_text() -> None:
    for name, form in FORMATS.items():
        for line in form(waived(), View()).splitlines():
            ours = name == "github" and OURS.match(line)
            assert ours or parsed_commands(line) == [], name


def test_printable_shows_every_control() -> None:
    for code in [*range(32), *range(127, 160), 0x202E, 0x2066, 0xFEFF, 0xDC80]:
        assert chr(code) not in printable(f"a{chr(code)}b")
    assert printable("Zoë, 李, „ß“") == "Zoë, 李, „ß“"


# ── GitHub ───────────────────────────────────────────────────────────────────────────


def unescaped(text: str) -> str:
    """What the runner makes of a property, in the order of its own source."""
    for escape, character in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ",")):
        text = text.replace(escape, character)
    return text.replace("%25", "%")


def test_github_escapes_read_back() -> None:
    name = 'odd, name: 100%25 "a".yaml'
    compiled = compile_text(**{name.removesuffix(".yaml"): "ksa: {id: k1, statement: x}\n"})
    (line,) = [e for e in github(compiled).splitlines() if e.startswith("::")]
    properties = line.split("::")[1].removeprefix("error ").split(",")
    pairs = dict(each.split("=", 1) for each in properties)
    assert set(pairs) == {"file", "line", "col", "title"}
    assert unescaped(pairs["file"]) == f"content/{name}"


def test_github_shows_ten_of_a_kind_errors_first_and_counts_the_rest() -> None:
    compiled = many(12)
    lines = github(compiled).splitlines()
    kinds = [line.split()[0] for line in lines if line.startswith("::")]
    assert kinds.count("::error") == 10
    assert kinds == sorted(kinds, key=["::error", "::warning", "::notice"].index)
    left = summary(compiled)["errors"] - 10
    assert f"{left} more errors: see `csstrain check`" in lines


def test_github_names_files_from_the_top_of_the_repository() -> None:
    view = View(folder="training/b2/")
    assert "file=training/b2/content/ksas.yaml," in github(compile_text(ksas=BROKEN), view)
    assert "training/b2/content/ksas" in step_summary(compile_text(ksas=BROKEN), view).replace(
        "\\", ""
    )


def test_job_summary_is_a_table_that_ends() -> None:
    compiled = many(60)
    lines = step_summary(compiled).splitlines()
    rows = [line for line in lines if re.match(r"\| (error|warning|advice) ", line)]
    assert len(rows) == 50
    assert lines[-1] == f"{len(View().diagnostics(compiled)) - 50} more: see `csstrain check`"
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 5 for row in rows)


# ── SARIF ────────────────────────────────────────────────────────────────────────────


def test_sarif_declares_every_rule_though_none_fires() -> None:
    run = sarif_run(compile_text())
    rules = run["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == list(pages.names())
    for rule in rules:
        assert rule["shortDescription"]["text"].endswith(".")
        assert rule["help"]["text"] == pages.page(rule["id"])
        if rule["id"] in RULES:
            assert "    " in rule["help"]["markdown"]  # an example, set as code
            assert rule["properties"]["stage"] == RULES[rule["id"]].stage
    levels = {rule["id"]: rule["defaultConfiguration"]["level"] for rule in rules}
    assert levels["ksa-without-objective"] == levels["duplicate-id"] == "error"
    assert levels["unused-waiver"] == "warning"
    assert sarif_run(compile_text(), View(rules=("duplicate-id",)))["results"] == []


def test_declared_levels_are_those_that_are_reported() -> None:
    for compiled in (waived(), compile_text(ksas=BROKEN), compile_text(ksas="ksas:\n\t- a\n")):
        run = sarif_run(compiled)
        rules = run["tool"]["driver"]["rules"]
        for result in run["results"]:
            rule = rules[result["ruleIndex"]]
            assert rule["id"] == result["ruleId"]
            assert rule["defaultConfiguration"]["level"] == result["level"]


@pytest.mark.parametrize("fault", sorted(pages.FAULTS))
def test_pages_say_which_faults_are_warnings(fault: str) -> None:
    mild = pages.severity(fault) is Severity.WARNING
    assert mild == ("(a warning)" in pages.FAULTS[fault])


def test_sarif_tells_the_status() -> None:
    compiled = compile_text(ksas=BROKEN)
    screening = ("entry-without-screening",)
    for view, expected in (
        (View(), 1),
        (View(rules=screening), 0),
        (View(rules=screening, strict=True), 1),
    ):
        (invocation,) = sarif_run(compiled, view)["invocations"]
        assert invocation == {"executionSuccessful": True, "exitCode": expected}
        assert status(view.diagnostics(compiled), view.strict) == expected


def fingerprints(compiled: Compilation) -> list[tuple[str, str]]:
    found = sarif_run(compiled)["results"]
    return [(r["ruleId"], r["partialFingerprints"]["csstrain/v1"]) for r in found]


def test_fingerprints_are_unique_and_outlive_edits_above() -> None:
    before = fingerprints(compile_text(ksas=BROKEN))
    assert len(set(before)) == len(before)
    added = "ksas:\n  - {id: k0, statement: Open the desk., classes: [skill]}\n"
    after = fingerprints(compile_text(ksas=BROKEN.replace("ksas:\n", "\n\n" + added)))
    assert set(before) < set(after)
    unread = fingerprints(compile_text(ksas="ksas: [{id: k1, a: x}, {id: k2, a: x}]\n"))
    assert len(set(unread)) == len(unread) > 1


def test_sarif_names_files_as_addresses_from_the_top() -> None:
    compiled = compile_text(**{"odd name #1": "ksa: {id: k1, statement: x}\n"})
    run = sarif_run(compiled, View(folder="b 2/"))
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "b%202/content/odd%20name%20%231.yaml", "uriBaseId": "%SRCROOT%"}
    assert run["columnKind"] == "unicodeCodePoints"


def test_sarif_columns_count_characters() -> None:
    text = 'ksas: [{statement: "李𝄞 x.", classes: [skill], id: k1}]\n'
    result = sarif_run(compile_text(ksas=text), View(rules=("ksa-without-objective",)))
    (found,) = result["results"]
    region = found["locations"][0]["physicalLocation"]["region"]
    assert region["startLine"] == 1
    assert region["startColumn"] == text.index("{") + 1


def test_waived_findings_are_suppressed_with_their_reason() -> None:
    results = sarif_run(waived())["results"]
    suppressed = [r for r in results if r["suppressions"]]
    (only,) = suppressed
    assert only["ruleId"] == "entry-without-screening"
    (suppression,) = only["suppressions"]
    assert suppression["kind"] == "inSource"
    assert suppression["status"] == "accepted"
    assert suppression["justification"].endswith(f"(Program lead, {date(2026, 11, 25)})")
    uri = suppression["location"]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == "content/waivers.yaml"
    assert all("suppressions" not in r for r in sarif_run(compile_text(ksas=BROKEN))["results"])


def test_sarif_makes_no_link_of_what_an_author_wrote() -> None:
    compiled = compile_text(ksas='ksas: [{id: k1, statement: "a [b](c) d", classes: [skill]}]\n')
    texts = [r["message"]["text"] for r in sarif_run(compiled)["results"]]
    assert any("[b] (c)" in text for text in texts)
    assert not any("](" in text for text in texts)


def test_sarif_is_valid_by_the_published_schema(shipped: Compilation) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads(
        (package("@microsoft/jest-sarif") / "lib/schemas/sarif-2.1.0-rtm.5.json").read_text("utf-8")
    )
    validator = jsonschema.validators.validator_for(schema)(schema)
    for compiled in (
        shipped, waived(), many(3), compile_text(ksas="ksas:\n\t- a\n"),
        compile_text(ksas="ksas:\n  - {id: k1, statement: a, classes: [skill], id: k2}\n"),
    ):  # fmt: skip
        for view in (View(), View(least=Severity.ERROR, strict=True, folder="a b/")):
            errors = validator.iter_errors(json.loads(sarif(compiled, view)))
            assert [error.message for error in errors] == []


# ── JUnit ────────────────────────────────────────────────────────────────────────────


def cases(compiled: Compilation, view: View | None = None) -> dict[str, junitparser.TestCase]:
    """The cases by name, as a second reader sees them; its own counts must equal ours."""
    text = junit(compiled, view or View())
    read = junitparser.JUnitXml.fromstring(text.encode())
    (suite,) = list(read)
    told = (suite.tests, suite.failures, suite.errors, suite.skipped)
    suite.update_statistics()  # type: ignore[no-untyped-call]  # it carries half its types
    assert told == (suite.tests, suite.failures, suite.errors, suite.skipped)
    assert (read.tests, read.failures, read.errors) == told[:3]
    return {case.name: case for case in suite}


def outcomes(case: junitparser.TestCase) -> list[str]:
    return [type(each).__name__ for each in case.result]


def test_junit_has_a_case_for_each_ksa(shipped: Compilation) -> None:
    assert shipped.curriculum
    found = cases(shipped)
    for ksa in shipped.curriculum.ksas.values():
        case = found[f"{ksa.id} {ksa.name or ksa.statement}"]
        assert case.classname == f"content.ksas.{ksa.status}"
        assert outcomes(case) == (["Skipped"] if ksa.status == "exempt" else [])


def test_junit_fails_what_stops() -> None:
    found = cases(broken())
    greet, close = found["k1 Greet a customer."], found["k2 Close a contact."]
    assert outcomes(greet) == outcomes(close) == ["Failure"]
    (failure,) = greet.result
    assert failure.type == "ksa-without-follow-up"
    assert failure.message.endswith("(and 1 more finding)")
    assert "error[ksa-without-objective]" in failure.text
    assert "hint: " in failure.text
    assert "warning[entry-without-screening]" in close.system_out
    strict = cases(broken(), View(strict=True))["k2 Close a contact."]
    assert "warning[entry-without-screening]" in next(iter(strict.result)).text


def test_junit_tells_what_is_waived() -> None:
    case = cases(waived())["k2 Close a contact."]
    assert "waived: Shown at the interview" in case.system_out


def test_junit_of_content_that_cannot_be_read_fails_by_file() -> None:
    found = cases(compile_text(ksas="ksas:\n\t- a\n", more="ksas:\n\t- a\n"))
    assert sorted(found) == ["content/ksas.yaml", "content/more.yaml"]
    assert all(outcomes(case) == ["Failure"] for case in found.values())


def test_junit_holds_nothing_that_xml_forbids() -> None:
    allowed = re.compile("[\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]*")
    bad = "".join(map(chr, [*range(32), 0x7F, 0xD800, 0xFFFE, 0xFFFF, 0xFDD0])) + "]]><&\"'"
    compiled = compile_text(**{"a": f"ksa: {{{json.dumps(bad)}: x, {json.dumps(bad + 'b')}: y}}\n"})
    text = junit(compiled)
    assert allowed.fullmatch(text)
    read = XML.fromstring(text.encode())  # noqa: S314 - our own text
    assert read.find(".//failure") is not None


def test_short_is_one_line_for_each_finding() -> None:
    lines = short(compile_text(ksas=BROKEN)).splitlines()
    assert all(re.match(r"content/\S+:\d+:\d+: (error|warning|advice)\[", e) for e in lines[:-1])
