"""Findings as SARIF 2.1.0, the form in which code scanning and editors take them from any tool."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from csstrain import __version__, pages
from csstrain.check import RULES, Waived
from csstrain.diagnostic import Diagnostic, Place, Position, Severity
from csstrain.locate import Located, located, position
from csstrain.pipeline import Compilation
from csstrain.report.data import dumped
from csstrain.report.view import EVERYTHING, View, by_place, owner, printable

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
ROOT = "%SRCROOT%"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "note"}
# How GitHub words the same.
_PROBLEMS = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.ADVICE: "recommendation",
}


def sarif(compiled: Compilation, view: View = EVERYTHING) -> str:
    """One run: all rules, each finding with a fingerprint that outlives edits above it.

    Waived findings are there too, as suppressed ones with their reasons.
    """
    names = pages.names()
    found = view.located(compiled)
    run = {
        "tool": {
            "driver": {
                "name": "csstrain",
                "version": __version__,
                "rules": [_rule(name) for name in names],
            }
        },
        "invocations": [
            {
                "executionSuccessful": True,
                "exitCode": int(any(view.stops(e.diagnostic.severity) for e in found)),
            }
        ],
        "originalUriBaseIds": {ROOT: {"description": {"text": "The top of the repository."}}},
        "columnKind": "unicodeCodePoints",
        "results": _Results(compiled, view, names).of(found),
    }
    return dumped({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(name: str) -> dict[str, Any]:
    severity = pages.severity(name)
    about: dict[str, Any] = {
        "id": name,
        "shortDescription": {"text": pages.title(name)},
        "help": {"text": pages.page(name), "markdown": pages.markdown(name)},
        "defaultConfiguration": {"level": _LEVELS[severity]},
        "properties": {"tags": ["training"], "problem.severity": _PROBLEMS[severity]},
    }
    if name in RULES:
        about["properties"]["stage"] = RULES[name].stage
    return about


class _Results:
    """The results of one run; counts equal findings, so that each has a fingerprint of its own."""

    def __init__(self, compiled: Compilation, view: View, names: tuple[str, ...]) -> None:
        self._compiled = compiled
        self._view = view
        self._index = {name: index for index, name in enumerate(names)}
        curriculum = compiled.curriculum
        self._entities: Mapping[Place, str] = by_place(curriculum) if curriculum else {}
        self._seen: Counter[str] = Counter()

    def of(self, found: tuple[Located, ...]) -> list[dict[str, Any]]:
        """What is shown, then what is waived."""
        waived = self._view.waived(self._compiled)
        results = [self._result(each) for each in found]
        # Either every result tells whether it is suppressed, or none does.
        return [
            *({**each, "suppressions": []} if waived else each for each in results),
            *(self._suppressed(each) for each in waived),
        ]

    def _result(self, found: Located) -> dict[str, Any]:
        diagnostic = found.diagnostic
        text = _text(diagnostic.message)
        if diagnostic.hint:
            text += f"\n{_text(diagnostic.hint)}"
        result: dict[str, Any] = {
            "ruleId": diagnostic.rule,
            "ruleIndex": self._index[diagnostic.rule],
            "level": _LEVELS[diagnostic.severity],
            "message": {"text": text},
            "locations": [self._location(diagnostic.place, Position(found.line, found.column))],
            "partialFingerprints": {"csstrain/v1": self._fingerprint(diagnostic)},
        }
        if diagnostic.related:
            result["relatedLocations"] = [
                {
                    "id": number,
                    **self._location(r.place, r.position),
                    "message": {"text": _text(r.message)},
                }
                for number, r in enumerate(diagnostic.related, 1)
            ]
        return result

    def _suppressed(self, waived: Waived) -> dict[str, Any]:
        (found,) = located(self._compiled.content.sources, [waived.diagnostic])
        waiver = waived.waiver
        reason = f"{_text(waiver.reason)} ({_text(waiver.by)}, {waiver.date.isoformat()})"
        suppression = {
            "kind": "inSource",  # a waiver is content, whichever file it stands in
            "status": "accepted",
            "justification": reason,
            "location": self._location(waived.place),
        }
        return {**self._result(found), "suppressions": [suppression]}

    def _location(self, place: Place, at: Position | None = None) -> dict[str, Any]:
        line, column = at or position(self._compiled.content.sources, place)
        location: dict[str, Any] = {
            "physicalLocation": {
                "artifactLocation": {
                    "uri": quote(os.fsencode(self._view.folder + place.file)),
                    "uriBaseId": ROOT,
                },
                "region": {"startLine": line, "startColumn": column},
            }
        }
        if inside := owner(self._entities, place):
            location["logicalLocations"] = [{"name": inside[0]}]
        return location

    def _fingerprint(self, diagnostic: Diagnostic) -> str:
        """Rule, file and entity, but no line or list position, which edits elsewhere would move."""
        place = diagnostic.place
        name, steps = owner(self._entities, place) or ("", place.route)
        inside = [step for step in steps if isinstance(step, str)]
        key = "\0".join((diagnostic.rule, place.file, name, *inside))
        self._seen[key] += 1
        key += f"\0{self._seen[key]}"
        return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _text(text: str) -> str:
    """Text for a message: `[a](b)`, which would be a link there, comes apart."""
    return printable(text).replace("](", "] (")
