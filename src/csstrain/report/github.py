"""Findings for GitHub: annotations beside the lines of a pull request, and a job summary."""

from __future__ import annotations

import re

from csstrain.diagnostic import Severity
from csstrain.locate import Located
from csstrain.pipeline import Compilation
from csstrain.report.view import (
    EVERYTHING,
    SEVERITIES,
    View,
    coverage_lines,
    printable,
    summary_line,
)

ANNOTATIONS = 10  # GitHub shows at most ten of a kind for each step and drops the rest
LISTED = 50  # rows that a reader of a job summary may still read
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}
_WORDS = {
    Severity.ERROR: ("error", "errors"),
    Severity.WARNING: ("warning", "warnings"),
    Severity.ADVICE: ("piece of advice", "pieces of advice"),
}
_MARKS = re.compile(r"([!-/:-@\[-`{-~])")


def github(compiled: Compilation, view: View = EVERYTHING) -> str:
    """Workflow commands, errors first; what is beyond the ten shown of a kind is counted."""
    lines: list[str] = []
    for severity, every in _by_severity(view.located(compiled)).items():
        command = _COMMANDS[severity]
        lines += [_annotation(command, each, view.folder) for each in every[:ANNOTATIONS]]
        if (left := len(every) - ANNOTATIONS) > 0:
            one, many = _WORDS[severity]
            lines.append(f"{left} more {one if left == 1 else many}: see `csstrain check`")
    return "\n".join([*lines, *coverage_lines(compiled), summary_line(compiled, view)]) + "\n"


def _by_severity(found: tuple[Located, ...]) -> dict[Severity, list[Located]]:
    sorted_out: dict[Severity, list[Located]] = {severity: [] for severity in SEVERITIES}
    for each in found:
        sorted_out[each.diagnostic.severity].append(each)
    return sorted_out


def _annotation(command: str, found: Located, folder: str) -> str:
    diagnostic = found.diagnostic
    message = diagnostic.message + (f"\n{diagnostic.hint}" if diagnostic.hint else "")
    properties = {
        "file": folder + found.file,
        "line": str(found.line),
        "col": str(found.column),
        "title": diagnostic.rule,
    }
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{command} {listed}::{_data(message)}"


def _data(text: str) -> str:
    return printable(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def step_summary(compiled: Compilation, view: View = EVERYTHING) -> str:
    """Markdown for the summary page of a job: the counts, the coverage, the first findings."""
    found = [e for every in _by_severity(view.located(compiled)).values() for e in every]
    lines = [f"### csstrain: {summary_line(compiled, view)}", ""]
    lines += [f"- {line}" for line in coverage_lines(compiled)]
    if found:
        lines += ["", "| severity | place | finding | rule |", "|---|---|---|---|"]
        lines += [_row(each, view.folder) for each in found[:LISTED]]
    if len(found) > LISTED:
        lines += ["", f"{len(found) - LISTED} more: see `csstrain check`"]
    return "\n".join(lines) + "\n"


def _row(found: Located, folder: str) -> str:
    diagnostic = found.diagnostic
    text = _markdown(diagnostic.message)
    if diagnostic.hint:
        text += f"<br>{_markdown(diagnostic.hint)}"
    place = f"{_markdown(folder + found.file)}:{found.line}"
    return f"| {diagnostic.severity} | {place} | {text} | {diagnostic.rule} |"


def _markdown(text: str) -> str:
    """Text that Markdown shows as it is: no link, no image, no HTML, no new cell.

    >>> _markdown("<b>|[a](b)")
    '\\\\<b\\\\>\\\\|\\\\[a\\\\]\\\\(b\\\\)'
    """
    return _MARKS.sub(r"\\\1", printable(text))
