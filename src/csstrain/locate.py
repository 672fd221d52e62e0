"""Diagnostics with their lines: routes looked up in the texts, sorted, each told once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from csstrain.diagnostic import Diagnostic, Place, Position
from csstrain.source import SourceText


@dataclass(frozen=True, slots=True)
class Located:
    """A diagnostic with its line and column, and the line itself where there is one."""

    diagnostic: Diagnostic
    file: str
    line: int
    column: int
    quoted: str


def located(
    sources: Mapping[str, SourceText], diagnostics: Iterable[Diagnostic]
) -> tuple[Located, ...]:
    """All diagnostics with their lines, in the order of files and lines, each once."""
    every = [_locate(sources, diagnostic) for diagnostic in dict.fromkeys(diagnostics)]
    return tuple(sorted(every, key=lambda e: (e.file, e.line, e.column, e.diagnostic.rule)))


def _locate(sources: Mapping[str, SourceText], diagnostic: Diagnostic) -> Located:
    place = diagnostic.place
    at = diagnostic.position or position(sources, place)
    source = sources.get(place.file)
    quoted = source.line(at.line) if source and not diagnostic.private else ""
    return Located(diagnostic, place.file, at.line, at.column, quoted)


def position(sources: Mapping[str, SourceText], place: Place) -> Position:
    """Line and column of a place; the first line of a file that is not YAML."""
    source = sources.get(place.file)
    return source.position(place.route) if source else Position(1, 1)
