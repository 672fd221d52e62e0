"""Slips of the pen in YAML: what an author meant by a line that cannot be read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from csstrain.diagnostic import Position

_KEY = r"[ ]*(?:- +)*(?:[\w-]+[ ]*:[ ]+)?"
_QUOTES = re.compile("[\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u2019\u201a\u2039\u203a]")
_SIGNS = "*&!>|[{]},%@`-?"
_SHOWN = 90
# What version control writes around two versions of the same lines.
_CONFLICT = re.compile(r"(<{7}|\|{7}|={7}|>{7})(?: |$)")


@dataclass(frozen=True, slots=True)
class Trouble:
    """Where and why the parser gave up, and the last scalar that it read before.

    `start`, `end` and `quote` (a quotation mark, or nothing) are those of the scalar.
    """

    problem: str
    context: str
    at: Position
    opened: Position
    start: Position
    end: Position
    quote: str


@dataclass(frozen=True, slots=True)
class Slip:
    """What is wrong, where, and how to mend it.

    `lines` are lines as they were probably meant, by their numbers, so that reading can go
    on behind them; only where they are `sure` may what is read then be taken at its word.
    """

    at: Position
    message: str
    hint: str
    lines: Mapping[int, str] = field(default_factory=dict)
    sure: bool = True


def lines_of(text: str) -> list[str]:
    """The lines of a text as editors count them.

    >>> lines_of("a\\r\\nb\\rc\\n")
    ['a', 'b', 'c', '']
    """
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def quoted(text: str) -> str:
    """A text in the quotes that it does not hold itself.

    >>> quoted("Don't lift")
    '"Don\\'t lift"'
    """
    if '"' not in text and "\\" not in text:
        return f'"{text}"'
    return "'" + text.replace("'", "''") + "'"


def slip(lines: list[str], trouble: Trouble) -> Slip:
    """What the author of some lines did, where the parser gave up on them."""
    reading = _Reading(lines, trouble)
    for look in _LOOKS:
        if found := look(reading):
            return found
    hint = "compare it with a line of the same kind elsewhere"
    problem = trouble.problem or "unknown fault"
    return Slip(trouble.at, f"this cannot be read as YAML ({problem})", hint)


class _Reading:
    """The lines around a trouble."""

    def __init__(self, lines: list[str], trouble: Trouble) -> None:
        self.lines = lines
        self.trouble = trouble
        self.here = self.line(trouble.at.line)
        self.before = self.here[: trouble.at.column - 1]
        self.rest = self.here[trouble.at.column - 1 :]
        self.flow = "flow" in trouble.context

    def line(self, number: int) -> str:
        return self.lines[number - 1] if 0 < number <= len(self.lines) else ""

    def replaced(self, number: int, begin: int, text: str) -> Mapping[int, str]:
        """A line whose text from a column on is another one."""
        return {number: self.line(number)[: begin - 1] + text}


def _write(lines: Mapping[int, str], otherwise: str) -> str:
    """The hint that shows the one line as it should read, where it is short enough."""
    shown = next(iter(lines.values())).strip() if len(lines) == 1 else ""
    return f"write it so: {shown}" if shown and len(shown) <= _SHOWN else otherwise


def _more(lines: Mapping[int, str]) -> str:
    return f", and in {len(lines) - 1} more" if len(lines) > 1 else ""


def _conflict(r: _Reading) -> Slip | None:
    """Two versions of some lines, as version control leaves them where it could not choose."""
    marks = {n: each[:7] for n, each in enumerate(r.lines, 1) if _CONFLICT.match(each)}
    first = next((n for n, mark in marks.items() if mark == "<" * 7), None)
    if first is None:
        return None
    mended, other = {}, False
    for number in range(first, max(marks) + 1):
        mark = marks.get(number, "")
        other = (other or mark == "=" * 7 or mark == "|" * 7) and mark != ">" * 7
        if mark or other:
            mended[number] = ""
    message = "two versions of some lines stand here, with the marks of a merge around them"
    hint = "keep the lines of one, and delete the lines of `<<<<<<<`, `=======` and `>>>>>>>`"
    return Slip(Position(first, 1), message, hint, mended, sure=False)


def _tab(r: _Reading) -> Slip | None:
    indent = _indent(r.here)
    if "\t" not in indent and not r.rest.startswith("\t"):
        return None
    column = indent.index("\t") + 1 if "\t" in indent else r.trouble.at.column
    mended = {}
    for number, line in enumerate(r.lines, 1):
        if "\t" in _indent(line) and line.strip():
            mended[number] = _indent(line).replace("\t", "  ") + line.lstrip()
    if r.rest.startswith("\t") and r.trouble.at.line not in mended:
        mended[r.trouble.at.line] = r.before + "  " + r.rest.lstrip("\t")
    message = f"a Tab stands in this line{_more(mended)}"
    hint = "YAML needs spaces: replace each Tab by two spaces"
    return Slip(r.trouble.at._replace(column=column), message, hint, mended, sure=False)


def _unclosed_quote(r: _Reading) -> Slip | None:
    trouble = r.trouble
    hint = "add the same quote at the end of the text"
    if "scanning a quoted scalar" in trouble.context:
        opened = trouble.opened
    elif (
        trouble.quote
        and trouble.end == trouble.at
        and trouble.start.line < trouble.at.line
        # The quote that closed it opens another text: title: "Contact ⏎ goal: "x"
        and re.fullmatch(r"\s*(- +)*([\w-]+:)?\s*", r.before[:-1])
    ):
        opened = trouble.start
    else:
        return None
    line = r.line(opened.line)
    quote = line[opened.column - 1 : opened.column]
    following = next((each for each in r.lines[opened.line :] if each.strip()), "a:")
    alone = re.match(r"\s*(- |[\w-]+:( |$))", following)
    mended = {opened.line: f"{line.rstrip()}{quote}"} if alone else {}
    message = "the quote that opens here is not closed"
    return Slip(opened, message, _write(mended, hint) if mended else hint, mended)


def _backslash(r: _Reading) -> Slip | None:
    if "parsing a quoted scalar" not in r.trouble.context:
        return None
    column = r.here.rfind("\\", 0, r.trouble.at.column) + 1
    if not column:
        return None
    mended = r.replaced(r.trouble.at.line, column, "\\" + r.here[column - 1 :])
    hint = "use single quotes around the text, or write the backslash twice"
    message = "a backslash in double quotes begins a special character"
    return Slip(r.trouble.at._replace(column=column), message, hint, mended)


def _comment(r: _Reading) -> Slip | None:
    """A text that ` #` cut short, so that the next line or bracket does not fit."""
    trouble = r.trouble
    behind = r.line(trouble.end.line)[trouble.end.column - 1 :]
    if (
        trouble.end.line >= trouble.at.line
        or not re.match(r"\s+#", behind)
        or not re.search("expected (key|',')", trouble.problem)
    ):
        return None
    at = trouble.end._replace(column=trouble.end.column + behind.index("#"))
    message = "everything behind ` #` is a comment, so the text above ends here"
    return Slip(at, message, "put the text in quotes if this belongs to it")


def _inner_quote(r: _Reading) -> Slip | None:
    trouble = r.trouble
    mark = r.before.rstrip()[-1:]
    if "did not find expected" not in trouble.problem or not mark or mark not in "'\"":
        return None
    mended: Mapping[int, str] = {}
    if not r.flow and trouble.quote and trouble.start.line == trouble.at.line:
        text = r.here[trouble.start.column - 1 :].rstrip()
        text = text[1:-1] if text.endswith(trouble.quote) else text
        mended = r.replaced(trouble.at.line, trouble.start.column, quoted(text))
    message = "a quote in the middle ends the quoted text here"
    hint = 'use the other quotes around it, as in "Don\'t wait"'
    return Slip(trouble.at, message, _write(mended, hint) if mended else hint, mended)


def _typographic(r: _Reading) -> Slip | None:
    found = re.match(_KEY, r.here)
    begin = found.end() if found else 0
    if r.flow and (inside := re.search(rf"[\[{{,:]\s*(?={_QUOTES.pattern})", r.here)):
        begin = inside.end()
    if not _QUOTES.match(r.here, begin):
        return None
    mended = {}
    if not r.flow:
        text = re.sub(f"^{_QUOTES.pattern}|{_QUOTES.pattern}$", "", r.here[begin:].strip())
        mended = {r.trouble.at.line: r.here[:begin] + quoted(text)}
    message = "these are typographic quotes, which YAML takes for letters"
    hint = "use straight quotes: \" or '"
    at = r.trouble.at._replace(column=begin + 1)
    return Slip(at, message, _write(mended, hint) if mended else hint, mended)


def _glued(r: _Reading) -> Slip | None:
    """A field or a dash without the space behind it, in the line where the trouble began."""
    trouble = r.trouble
    for number in dict.fromkeys((trouble.start.line, trouble.opened.line, trouble.at.line)):
        line = r.line(number)
        if found := re.match(r"\s*(?:- +)*([A-Za-z_-]+)[ ]*([:\uff1a])(?=\S|\uff1a)", line):
            mended = {number: f"{line[: found.start(2)]}: {line[found.end() :].lstrip()}"}
            at = Position(number, found.end() + 1)
            if found[2] == "\uff1a":
                message = f"`{found[1]}` has a wide colon behind it, which YAML takes for a letter"
                return Slip(at._replace(column=found.end()), message, _write(mended, ""), mended)
            message = f"`{found[1]}:` has no space behind it"
            return Slip(at, message, _write(mended, "put a space after the colon"), mended)
        # A minus before a digit may be a number.
        if found := re.match(r"\s*-(?=[^\s\-])", line):
            field = re.match(r"[A-Za-z_]+:\s", line[found.end() :])
            if not field and not re.search("expected '?[:-]", trouble.problem):
                continue
            mended = {number: f"{line[: found.end()]} {line[found.end() :]}"}
            at = Position(number, found.end() + 1)
            return Slip(at, "the dash has no space behind it", _write(mended, ""), mended)
    return None


def _wrong_bracket(r: _Reading) -> Slip | None:
    if r.rest[:1] not in ("]", "}"):
        return None
    if not r.flow:
        mended = r.replaced(r.trouble.at.line, r.trouble.at.column, r.rest[1:])
        return Slip(r.trouble.at, "this bracket closes nothing that is open", "delete it", mended)
    right = "]" if r.rest[0] == "}" else "}"
    mended = r.replaced(r.trouble.at.line, r.trouble.at.column, right + r.rest[1:])
    other = r.line(r.trouble.opened.line)[r.trouble.opened.column - 1 :][:1]
    message = f"`{r.rest[0]}` does not close `{other}` in line {r.trouble.opened.line}"
    return Slip(r.trouble.at, message, f"close it with `{right}`", mended)


def _sign(r: _Reading) -> Slip | None:
    start = _leading_sign(r)
    mark = r.line(start.line)[start.column - 1 :][:1] if start else ""
    if not start or not mark or mark not in _SIGNS:
        return None
    if "directive" in r.trouble.context:
        hint = "put it in quotes behind its field, or begin the line with another character"
        return Slip(start, "a line may not begin with `%`", hint, {start.line: ""}, sure=False)
    hint = "put the whole text in quotes"
    hint += ", or begin on the next line" if mark in ">|-" else ""
    mended: Mapping[int, str] = {}
    if not r.flow and start.line == r.trouble.at.line:
        text = r.line(start.line)[start.column - 1 :].rstrip()
        mended = r.replaced(start.line, start.column, quoted(text))
        # A list may stand in the line by mistake; the hint names both ways out.
        hint = hint if mark in ">|-" else _write(mended, hint)
    named = "a backtick" if mark == "`" else f"`{mark}`"
    return Slip(start, f"a text may not start with {named}", hint, mended)


def _leading_sign(r: _Reading) -> Position | None:
    """Where the value at fault begins, if a sign with a meaning in YAML may open it."""
    trouble = r.trouble
    if re.search("cannot start any token|(entries|keys) are not allowed", trouble.problem):
        return trouble.at
    starts = r"(scanning|parsing) an? (%\w+ )?(alias|anchor|tag|block scalar|directive)"
    if re.search(starts, trouble.context):
        return trouble.opened
    if re.search("a (block )?node", trouble.context):
        return trouble.opened
    value = re.match(r"\s*(?:- +)*(?:[\w-]+: +)?([*&!>|\[{])", r.here)
    found = value and not r.flow and value.end() < trouble.at.column
    return trouble.at._replace(column=value.end()) if value and found else None


def _colon(r: _Reading) -> Slip | None:
    """A colon inside a text, in a line of its own or between brackets."""
    trouble = r.trouble
    inside = r.flow and r.rest.startswith(":")
    if not inside and "mapping values" not in trouble.problem:
        return None
    if trouble.start.line != trouble.at.line:
        return None
    end = re.search(r"[,\]}]|$" if r.flow else r"\s+#|\s*$", r.rest)
    text = r.here[trouble.start.column - 1 : trouble.at.column - 1]
    text += r.rest[: end.start()] if end else r.rest
    tail = r.rest[end.start() :] if end else ""
    mended = r.replaced(trouble.at.line, trouble.start.column, quoted(text) + tail)
    hint = _write(mended, 'put the text in quotes, as in title: "Day 1: Introduction"')
    message = "a colon followed by a space stands inside a text"
    # `id: m1 title: Contact` looks the same; a small word before the colon may be a field.
    name = re.search(r"\b[a-z_]+$", r.before)
    if not name or not text[trouble.at.column - trouble.start.column + 1 :].strip():
        return Slip(trouble.at, message, hint, mended)
    field_too = "put a comma before it" if r.flow else "begin a new line before it"
    hint += f"; if `{name[0]}` is a field of its own, {field_too}"
    return Slip(trouble.at, message, hint, mended, sure=False)


def _unclosed_bracket(r: _Reading) -> Slip | None:
    if "did not find expected" not in r.trouble.problem or not r.flow:
        return None
    hint = "close it with the same bracket, with commas between the values"
    return Slip(r.trouble.opened, "the bracket that opens here is not closed", hint)


def _no_value(r: _Reading) -> Slip | None:
    if "expected node" not in r.trouble.problem or not r.flow:
        return None
    mended = r.replaced(r.trouble.at.line, r.trouble.at.column, r.rest[1:])
    message = "a value is missing before this sign"
    return Slip(r.trouble.at, message, "delete the sign, or write the value", mended)


def _no_colon(r: _Reading) -> Slip | None:
    """A line among fields that is none."""
    trouble = r.trouble
    if "expected ':'" in trouble.problem:
        number = trouble.opened.line
    elif (
        re.search("mapping values|document start", trouble.problem)
        and 0 < trouble.start.line < trouble.at.line
    ):
        number = trouble.start.line
    else:
        return None
    line = r.line(number)
    # `name: value` above a line that is too far in is no such line.
    if re.match(r"\s*(- +)*[\w-]+:", line):
        return None
    at = Position(number, len(_indent(line)) + 1)
    hint = "write it as `name: value`; if it belongs to the text above, move it further in"
    return Slip(at, "this line has no colon behind a name", hint, {number: ""}, sure=False)


def _misfit(r: _Reading) -> Slip | None:
    """A line that begins in no column that is open, or is not what stands in that column."""
    if not re.search(
        "mapping values|expected (key|':'|'-'|<document start>|node)", r.trouble.problem
    ):
        return None
    column = len(_indent(r.here)) + 1
    at = r.trouble.at._replace(column=column)
    message = "this line does not fit what stands above it"
    item = r.here.lstrip().startswith("-")
    items, fields = _open_columns(r, at.line)
    columns = items if item else fields
    if item and column in fields and column not in items:
        above = r.line(at.line - 1)
        name = re.fullmatch(r"([ ]*)([\w-]+):\s*", above)
        if name and len(name[1]) >= column:
            inside = len(name[1]) + 3
            hint = f"begin it in column {inside}: it belongs to `{name[2]}:` above"
            mended = {at.line: " " * (inside - 1) + r.here.lstrip()}
            return Slip(at, message, hint, mended, sure=False)
        hint = "a list needs a name of its own above it, such as `activities:`"
        if items:
            near = min(items, key=lambda each: (abs(each - column), -each))
            hint += f"; to go on with the list of line {items[near]}, begin it in column {near}"
        return Slip(at, message, hint)
    if not item and column in items and r.line(items[column]).strip() == "-":
        mended = {at.line: f"  {r.here}"}
        hint = f"begin it in column {column + 2}: it belongs to the dash above"
        return Slip(at, message, hint, mended, sure=False)
    if not item and column in items:
        hint = "begin it with a dash too, or give the list above a name of its own"
        return Slip(at, message, hint)
    if column in columns or not columns:
        hint = "lines in one column are of one kind: all fields, or all items with a dash"
        return Slip(at, message, hint)
    near = min(columns, key=lambda each: (abs(each - column), -each))
    hint = f"begin it in column {near}, as line {columns[near]} does"
    if near > len(_indent(r.line(columns[near]))) + 1:
        hint = f"begin it in column {near}, below what stands behind the dash of line "
        hint += f"{columns[near]}"
    mended = {at.line: " " * (near - 1) + r.here.lstrip()}
    return Slip(at, message, hint, mended, sure=False)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]


def _open_columns(r: _Reading, number: int) -> tuple[dict[int, int], dict[int, int]]:
    """The columns in which an item and a field may begin, each with a line above that does."""
    items: dict[int, int] = {}
    fields: dict[int, int] = {}
    least = 1_000_000
    for above in range(number - 1, 0, -1):
        line = r.line(above)
        dashes = re.match(r"[ ]*(?:-(?: +|$))*", line)
        if not line.strip() or line.lstrip().startswith("#") or not dashes:
            continue
        if dashes.end() + 1 < least:
            fields[dashes.end() + 1] = above
        for each in re.finditer("-", line[: dashes.end()]):
            if each.start() + 1 < least:
                items[each.start() + 1] = above
        least = min(least, len(_indent(line)) + 1)
        if least == 1:
            break
    return items, fields


# The first that recognizes the trouble explains it.
_LOOKS = (
    _conflict,
    _tab,
    _unclosed_quote,
    _backslash,
    _comment,
    _inner_quote,
    _typographic,
    _glued,
    _wrong_bracket,
    _sign,
    _colon,
    _no_value,
    _unclosed_bracket,
    _no_colon,
    _misfit,
)
