"""Findings as text: what is shown, what it counts for, and one function for each format."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from csstrain.diagnostic import Diagnostic
from csstrain.pipeline import Compilation
from csstrain.report.data import as_json, dumped
from csstrain.report.github import github, step_summary
from csstrain.report.junit import junit
from csstrain.report.plain import human, short
from csstrain.report.sarif import sarif
from csstrain.report.view import View, printable, printable_line, summary

__all__ = [
    "FORMATS",
    "View",
    "as_json",
    "dumped",
    "github",
    "human",
    "junit",
    "printable",
    "printable_line",
    "sarif",
    "short",
    "status",
    "step_summary",
    "summary",
]

FORMATS: Mapping[str, Callable[[Compilation, View], str]] = {
    "human": human,
    "short": short,
    "json": as_json,
    "github": github,
    "sarif": sarif,
    "junit": junit,
}


def status(diagnostics: Iterable[Diagnostic], strict: bool = False) -> int:
    """Exit status: 1 for an error, or for a warning where warnings are strict; else 0."""
    view = View(strict=strict)
    return int(any(view.stops(d.severity) for d in diagnostics))
