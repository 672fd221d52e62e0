"""Findings as JSON, version 1, and how JSON is written so that no log takes it for a command."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from csstrain.check import Waived
from csstrain.locate import Located, position
from csstrain.pipeline import Compilation
from csstrain.report.view import COMMAND, EVERYTHING, View, summary
from csstrain.source import SourceText


def as_json(compiled: Compilation, view: View = EVERYTHING) -> str:
    """Version 1 of the JSON report."""
    sources = compiled.content.sources
    return dumped(
        {
            "version": 1,
            "diagnostics": [_diagnostic(sources, each) for each in view.located(compiled)],
            "waived": [_waived(sources, each) for each in view.waived(compiled)],
            "coverage": compiled.coverage.count() if compiled.coverage else None,
            "summary": summary(compiled, view),
        }
    )


def dumped(value: Any, indent: int = 2) -> str:
    """A value as JSON text in which no log sees a command; it reads back as the same value."""
    text = json.dumps(value, indent=indent, ensure_ascii=False)
    # JSON has number signs and opening brackets side by side only inside strings.
    return COMMAND.sub(r"#\\u0023", text) + "\n"


def _diagnostic(sources: Mapping[str, SourceText], found: Located) -> dict[str, Any]:
    diagnostic = found.diagnostic
    related = [(r, r.position or position(sources, r.place)) for r in diagnostic.related]
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


def _waived(sources: Mapping[str, SourceText], waived: Waived) -> dict[str, Any]:
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
