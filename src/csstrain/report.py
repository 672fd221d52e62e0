"""Diagnostics to text: human, short, JSON and GitHub annotations."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from csstrain.diagnostic import Diagnostic, Severity
from csstrain.locate import Located, located, position
from csstrain.pipeline import Compilation
from csstrain.source import SourceText

_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.ADVICE: 2}


def printable(text: str) -> str:
    """Text with everything that could steer a terminal or reorder a line made visible.

    >>> printable("a\\x1b[2Jb")
    'a\\\\x1b[2Jb'
    """
    # One line stays one line, and `##[` begins a workflow command wherever it stands.
    line = text.replace("\n", " ").replace("##[", "#\\x23[")
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), line)


def summary(compiled: Compilation) -> dict[str, int]:
    """How many errors, warnings, pieces of advice and waived findings there are."""
    found = [d.severity for d in dict.fromkeys(compiled.diagnostics)]
    return {
        "errors": found.count(Severity.ERROR),
        "warnings": found.count(Severity.WARNING),
        "advice": found.count(Severity.ADVICE),
        "waived": len(compiled.waived),
    }


def human(compiled: Compilation) -> str:
    """Each finding with its line, what is wrong and what would be right; then the coverage."""
    blocks = [
        _block(compiled, each) for each in located(compiled.content.sources, compiled.diagnostics)
    ]
    return "\n".join([*blocks, *_coverage_lines(compiled), _summary_line(compiled)]) + "\n"


def _block(compiled: Compilation, found: Located) -> str:
    diagnostic = found.diagnostic
    number = str(found.line)
    gutter = " " * len(number)
    lines = [
        f"{diagnostic.severity}[{diagnostic.rule}]: {printable(diagnostic.message)}",
        f"{gutter}--> {printable(found.file)}:{found.line}:{found.column}",
    ]
    if found.quoted:
        shown, caret = _excerpt(found.quoted, found.column)
        lines += [f"{gutter} |", f"{number} | {shown}", f"{gutter} | {' ' * caret}^"]
    if diagnostic.hint:
        lines.append(f"{gutter} = hint: {printable(diagnostic.hint)}")
    for related in diagnostic.related:
        at = position(compiled.content.sources, related.place)
        where = f"{related.place.file}:{at.line}:{at.column}"
        lines.append(f"{gutter} = see {printable(where)}: {printable(related.message)}")
    return "\n".join(lines) + "\n"


def _excerpt(line: str, column: int) -> tuple[str, int]:
    """The part of a line around a column, made printable, and where the column stands in it."""
    start = max(0, column - 81)
    before = printable(line[start : column - 1])
    lead = "…" if start else ""
    rest = printable(line[column - 1 : column + 79])
    tail = "…" if len(line) > column + 79 else ""
    return f"{lead}{before}{rest}{tail}", len(lead) + len(before)


def _coverage_lines(compiled: Compilation) -> list[str]:
    if compiled.coverage is None:
        return []
    count = compiled.coverage.count()
    return [
        f"{count['ksas']} KSAs, {count['with_objective']} with an objective: "
        f"{count['trained']} trained, {count['entry']} entry, {count['exempt']} exempt",
        f"of {count['trained']} trained: {count['with_practice']} practised, "
        f"{count['with_assessment']} assessed, {count['with_follow_up']} followed up",
    ]


def _summary_line(compiled: Compilation) -> str:
    total = summary(compiled)
    return ", ".join(
        (
            _plural(total["errors"], "error"),
            _plural(total["warnings"], "warning"),
            f"{total['advice']} advice",
            f"{total['waived']} waived",
        )
    )


def _plural(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def short(compiled: Compilation) -> str:
    """One line for each finding, as editors and grep read it, and the counts."""
    lines = [
        f"{printable(e.file)}:{e.line}:{e.column}: {e.diagnostic.severity}"
        f"[{e.diagnostic.rule}] {printable(e.diagnostic.message)}".replace("\n", " ")
        for e in located(compiled.content.sources, compiled.diagnostics)
    ]
    return "\n".join([*lines, _summary_line(compiled)]) + "\n"


def as_json(compiled: Compilation) -> str:
    """Version 1 of the JSON report."""
    sources = compiled.content.sources
    report = {
        "version": 1,
        "diagnostics": [
            _diagnostic_json(sources, each)
            for each in located(compiled.content.sources, compiled.diagnostics)
        ],
        "waived": [_waived_json(sources, each) for each in compiled.waived],
        "coverage": compiled.coverage.count() if compiled.coverage else None,
        "summary": summary(compiled),
    }
    return json.dumps(report, indent=2, ensure_ascii=False) + "\n"


def _diagnostic_json(sources: Mapping[str, SourceText], found: Located) -> dict[str, Any]:
    diagnostic = found.diagnostic
    related = [(r, position(sources, r.place)) for r in diagnostic.related]
    return {
        "rule": diagnostic.rule,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "file": found.file,
        "line": found.line,
        "column": found.column,
        "route": list(diagnostic.place.route),
        "related": [
            {"file": r.place.file, "line": at.line, "column": at.column, "message": r.message}
            for r, at in related
        ],
    }


def _waived_json(sources: Mapping[str, SourceText], waived: Any) -> dict[str, Any]:
    waiver, place = waived.waiver, waived.place
    return {
        "rule": waiver.rule,
        "id": waiver.id,
        "reason": waiver.reason,
        "by": waiver.by,
        "date": waiver.date.isoformat(),
        "file": place.file,
        "line": position(sources, place).line,
    }


ANNOTATIONS = 10  # GitHub shows at most ten of a kind for each step and drops the rest


def github(compiled: Compilation) -> str:
    """Workflow commands for GitHub; what is beyond the ten it shows of a kind is counted."""
    lines: list[str] = []
    kinds = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "notice"}
    for severity, command in kinds.items():
        every = [
            e
            for e in located(compiled.content.sources, compiled.diagnostics)
            if e.diagnostic.severity is severity
        ]
        lines += [_annotation(command, each) for each in every[:ANNOTATIONS]]
        if len(every) > ANNOTATIONS:
            lines.append(f"{len(every) - ANNOTATIONS} more of severity {severity} are not shown")
    return "\n".join([*lines, _summary_line(compiled)]) + "\n"


def _annotation(command: str, found: Located) -> str:
    diagnostic = found.diagnostic
    message = diagnostic.message + (f"\n{diagnostic.hint}" if diagnostic.hint else "")
    properties = {
        "file": found.file,
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


FORMATS: Mapping[str, Callable[[Compilation], str]] = {
    "human": human,
    "short": short,
    "json": as_json,
    "github": github,
}


def status(diagnostics: Iterable[Diagnostic], strict: bool = False) -> int:
    """Exit status: 1 for an error, or for a warning where warnings are strict; else 0."""
    stops = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return int(any(d.severity in stops for d in diagnostics))
