"""Findings for people, with the lines they stand in, and for editors, one line each."""

from __future__ import annotations

from collections import Counter

from csstrain.locate import Located, position
from csstrain.pipeline import Compilation
from csstrain.report.view import EVERYTHING, View, coverage_lines, plural, printable, summary_line

MANY = 20  # findings that no screen shows at once; from here on the end says what recurs
RECURRING = 5


def human(compiled: Compilation, view: View = EVERYTHING) -> str:
    """Each finding with its line, what is wrong and what would be right; then the coverage."""
    found = view.located(compiled)
    blocks = [_block(compiled, each) for each in found]
    end = [*_recurring(found), *coverage_lines(compiled), summary_line(compiled, view)]
    return "\n".join([*blocks, *end]) + "\n"


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
        at = related.position or position(compiled.content.sources, related.place)
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


def _recurring(found: tuple[Located, ...]) -> list[str]:
    """The rules that most of many findings come from: what to begin with."""
    if len(found) <= MANY:
        return []
    times = Counter(each.diagnostic.rule for each in found)
    most = sorted(times.items(), key=lambda each: (-each[1], each[0]))
    listed = [f"{count} {rule}" for rule, count in most[:RECURRING]]
    if len(most) > RECURRING:
        listed.append(f"{plural(len(most) - RECURRING, 'other rule')}")
    return ["most often: " + ", ".join(listed)]


def short(compiled: Compilation, view: View = EVERYTHING) -> str:
    """One line for each finding, as editors and grep read it, and the counts."""
    lines = [one_line(each) for each in view.located(compiled)]
    return "\n".join([*lines, summary_line(compiled, view)]) + "\n"


def one_line(found: Located) -> str:
    """A finding as one line that begins with its place."""
    diagnostic = found.diagnostic
    return (
        f"{printable(found.file)}:{found.line}:{found.column}: {diagnostic.severity}"
        f"[{diagnostic.rule}] {printable(diagnostic.message)}"
    )
