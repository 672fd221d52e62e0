"""What a report shows and counts, and how an author's text is made safe to print."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from csstrain.check import Waived
from csstrain.curriculum import Curriculum
from csstrain.diagnostic import Diagnostic, Place, Route, Severity
from csstrain.locate import Located, located
from csstrain.pipeline import Compilation

_UNPRINTABLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]"
)
# `##[`, and with other services `##name[`, begins a command wherever it stands in a line of a log.
COMMAND = re.compile(r"##(?=[a-z]*\[)", re.IGNORECASE)

# Most important first.
SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.ADVICE)


def printable(text: str) -> str:
    """Text with everything that could steer a terminal or reorder a line made visible.

    >>> printable("a\\x1b[2Jb")
    'a\\\\x1b[2Jb'
    """
    line = COMMAND.sub(r"#\\x23", text.replace("\n", " "))  # one line stays one line
    return _UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), line)


def printable_line(text: str) -> str:
    """A line that begins with an author's text, printable, and no command where it stands in a log.

    >>> printable_line("::error::x")
    '\\\\x3a:error::x'
    """
    line = printable(text)
    return line.replace(":", r"\x3a", 1) if line.lstrip().startswith("::") else line


@dataclass(frozen=True, slots=True)
class View:
    """Which findings a report shows, and which of them stop.

    `rules` names the rules to show, and none stands for all; `least` is the least severity
    shown. Under `strict` a warning stops like an error. `folder` is where the project lies
    as seen from the top of a repository, such as `training/`; "" is the top itself.
    """

    rules: tuple[str, ...] = ()
    least: Severity = Severity.ADVICE
    strict: bool = False
    folder: str = ""

    def diagnostics(self, compiled: Compilation) -> tuple[Diagnostic, ...]:
        """What is shown, each finding once.

        Where the content could not be read, no rule has run: what is in the way is shown
        whatever `rules` names, since silence would look like a clean bill.
        """
        every = dict.fromkeys(compiled.diagnostics)
        return tuple(d for d in every if compiled.curriculum is None or self._shows(d))

    def located(self, compiled: Compilation) -> tuple[Located, ...]:
        """What is shown, with lines, in the order of files and lines."""
        return located(compiled.content.sources, self.diagnostics(compiled))

    def waived(self, compiled: Compilation) -> tuple[Waived, ...]:
        """The waived findings that would have been shown."""
        return tuple(w for w in compiled.waived if self._shows(w.diagnostic))

    def hidden(self, compiled: Compilation) -> int:
        """How many findings are not shown."""
        return len(set(compiled.diagnostics)) - len(self.diagnostics(compiled))

    def stops(self, severity: Severity) -> bool:
        """Whether a finding of this severity makes the exit status 1."""
        return severity is Severity.ERROR or (self.strict and severity is Severity.WARNING)

    def _shows(self, diagnostic: Diagnostic) -> bool:
        within = SEVERITIES.index(diagnostic.severity) <= SEVERITIES.index(self.least)
        return within and (not self.rules or diagnostic.rule in self.rules)


EVERYTHING = View()


def summary(compiled: Compilation, view: View = EVERYTHING) -> dict[str, int]:
    """How many errors, warnings, pieces of advice and waived findings are shown."""
    found = [d.severity for d in view.diagnostics(compiled)]
    return {
        "errors": found.count(Severity.ERROR),
        "warnings": found.count(Severity.WARNING),
        "advice": found.count(Severity.ADVICE),
        "waived": len(view.waived(compiled)),
    }


def summary_line(compiled: Compilation, view: View = EVERYTHING) -> str:
    """The counts as one line, and how much is hidden where something is."""
    total = summary(compiled, view)
    line = ", ".join(
        (
            plural(total["errors"], "error"),
            plural(total["warnings"], "warning"),
            f"{total['advice']} advice",
            f"{total['waived']} waived",
        )
    )
    hidden = view.hidden(compiled)
    return f"{line} ({hidden} more not asked for)" if hidden else line


def coverage_lines(compiled: Compilation) -> list[str]:
    """The coverage of all KSAs in two lines; none where the content could not be read."""
    if compiled.coverage is None:
        return []
    count = compiled.coverage.count()
    return [
        f"{count['ksas']} KSAs, {count['with_objective']} with an objective: "
        f"{count['trained']} trained, {count['entry']} entry, {count['exempt']} exempt",
        f"of {count['trained']} trained: {count['with_practice']} practiced, "
        f"{count['with_assessment']} assessed, {count['with_follow_up']} followed up",
    ]


def plural(count: int, word: str) -> str:
    """A number with its word.

    >>> plural(1, "error"), plural(2, "error")
    ('1 error', '2 errors')
    """
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def by_place(curriculum: Curriculum) -> Mapping[Place, str]:
    """The entities by where they stand."""
    return MappingProxyType({place: name for name, place in curriculum.places.items()})


def owner(entities: Mapping[Place, str], place: Place) -> tuple[str, Route] | None:
    """The innermost entity that a place lies in, and the steps from there."""
    for end in range(len(place.route), 0, -1):
        name = entities.get(Place(place.file, place.route[:end]))
        if name is not None:
            return name, place.route[end:]
    return None
