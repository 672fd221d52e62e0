"""YAML text to plain data and back to lines: the one file that reads YAML.

The parser walks libyaml's events and keeps every scalar as the text that the author
wrote. Anchors, aliases, tags, merge keys, second documents, repeated keys and hidden
characters are refused, because each of them lets a file mean something that its
author does not see.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import yaml

from csstrain.diagnostic import Diagnostic, Outcome, Place, Position, Related, Route, Severity

Data = dict[str, "Data"] | list["Data"] | str

MAX_BYTES = 2_000_000
MAX_NODES = 200_000
MAX_SCALAR = 100_000
MAX_DEPTH = 40
MAX_FAULTS = 20

# C0 and C1 controls but tab and line ends, characters without width, separators that
# editors hide, the characters that reorder text on the screen (CVE-2021-42574), lone
# surrogates, tags. The joiners U+200C and U+200D are letters of some scripts and stay.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)
_QUOTES = re.compile("[\u201c\u201d\u201e\u2018\u2019]")


@dataclass(frozen=True)
class SourceText:
    """One file of the content: its name, its text, and where each value stands in it."""

    file: str
    text: str

    def position(self, route: Route) -> Position:
        """Line and column of the value that a route leads to, or of its nearest parent.

        >>> SourceText("a.yaml", "ksas:\\n  - id: k1\\n").position(("ksas", 0, "id"))
        Position(line=2, column=9)
        """
        while route not in self._values and route:
            route = route[:-1]
        return self._values.get(route, Position(1, 1))

    def key_position(self, route: Route) -> Position:
        """Line and column of the key at the end of a route."""
        return self._keys.get(route) or self.position(route)

    def line(self, number: int) -> str:
        """The text of a line, counted from 1."""
        return self._lines[number - 1] if 0 < number <= len(self._lines) else ""

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.splitlines()

    @cached_property
    def _places(self) -> tuple[dict[Route, Position], dict[Route, Position]]:
        values: dict[Route, Position] = {}
        keys: dict[Route, Position] = {}
        _Reader(self.file, self.text, values, keys).read()
        return values, keys

    @property
    def _values(self) -> dict[Route, Position]:
        return self._places[0]

    @property
    def _keys(self) -> dict[Route, Position]:
        return self._places[1]


def parse(file: str, raw: bytes) -> tuple[SourceText, Outcome[Data]]:
    """Read one YAML file.

    The text comes back even where the data could not be made, so that messages can
    quote it. Reports everything it can see: hidden characters first, then the grammar.
    """
    text, faults = decode(file, raw)
    source = SourceText(file, text)
    if faults:
        return source, Outcome(None, faults)
    reader = _Reader(file, text)
    data = reader.read()
    return source, Outcome(None if reader.faults else data, tuple(reader.faults))


def _fault(rule: str, file: str, at: Position, message: str, hint: str | None = None) -> Diagnostic:
    return Diagnostic(rule, Severity.ERROR, Place(file), message, hint, position=at)


def decode(file: str, raw: bytes) -> tuple[str, tuple[Diagnostic, ...]]:
    """The text of a file of any kind, with what keeps it from being read as it looks."""
    start = Position(1, 1)
    if len(raw) > MAX_BYTES:
        size = f"{len(raw):,} bytes; the limit is {MAX_BYTES:,}"
        hint = "divide it into several files: any file below content/ may hold any kinds"
        return "", (_fault("file-too-large", file, start, f"the file has {size}", hint),)
    try:
        text = raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as bad:
        before = raw[: bad.start]
        at = Position(before.count(b"\n") + 1, bad.start - before.rfind(b"\n"))
        hint = "save it as UTF-8 (in VS Code: the encoding at the bottom right)"
        kept = raw.decode("utf-8", "replace")
        return kept, (_fault("not-utf-8", file, at, "the file is not saved as UTF-8", hint),)
    return text, tuple(_hidden(file, text))


def _hidden(file: str, text: str) -> Iterator[Diagnostic]:
    for found in _HIDDEN.finditer(text):
        before = text[: found.start()]
        at = Position(before.count("\n") + 1, found.start() - before.rfind("\n"))
        name = f"U+{ord(found[0]):04X}"
        yield _fault(
            "hidden-character",
            file,
            at,
            f"a hidden character ({name}) stands here",
            "delete it; it may have come along when the text was pasted",
        )
        return  # one is enough: such files hold the same character many times


class _Stop(Exception):
    """The file cannot be read any further."""


@dataclass
class _Reader:
    """Turns the events of one text into data; notes positions where it is asked to."""

    file: str
    text: str
    values: dict[Route, Position] | None = None
    keys: dict[Route, Position] | None = None
    faults: list[Diagnostic] = field(default_factory=list)
    nodes: int = 0

    def read(self) -> Data | None:
        try:
            self.events = yaml.parse(self.text, Loader=yaml.CBaseLoader)
            return self._document()
        except yaml.YAMLError as error:
            told = {each.position.line for each in self.faults if each.position}
            fault = explain(self.file, self.text, error)
            if not fault.position or fault.position.line not in told:
                self.faults.append(fault)
        except _Stop:
            pass
        return None

    def _next(self) -> Any:
        return next(self.events)

    def _document(self) -> Data | None:
        self._next()  # the stream begins
        event = self._next()
        if isinstance(event, yaml.StreamEndEvent):
            self._add("empty-file", Position(1, 1), "the file is empty", "delete it, or fill it")
            return None
        if event.version or event.tags:
            self._add("yaml-directive", _at(event), "a `%` directive opens the file", "delete it")
        data = self._node(self._next(), ())
        if data == "" and not self.faults:
            self._add("empty-file", Position(1, 1), "the file is empty", "delete it, or fill it")
        self._next()  # the document ends
        event = self._next()
        if not isinstance(event, yaml.StreamEndEvent):
            hint = "a file holds one document: move the rest to a file of its own, delete the `---`"
            self._add("second-document", _at(event), "a second document begins here", hint)
        return data

    def _node(self, event: Any, route: Route) -> Data:
        self._guard(event, route)
        if self.values is not None:
            self.values[route] = _at(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(route)
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(route)
        return ""  # an alias, already refused

    def _guard(self, event: Any, route: Route) -> None:
        self.nodes += 1
        if self.nodes > MAX_NODES:
            self._stop("file-too-large", event, f"the file holds more than {MAX_NODES:,} values")
        if len(route) > MAX_DEPTH:
            self._stop("too-deep", event, f"values are nested more than {MAX_DEPTH} deep here")
        if isinstance(event, yaml.AliasEvent):
            hint = "write the value out; if it is text that starts with `*`, put it in quotes"
            self._add("yaml-alias", _at(event), f"`*{event.anchor}` is an alias", hint)
        elif event.anchor:
            hint = "delete it; if it is text that starts with `&`, put it in quotes"
            self._add("yaml-anchor", _at(event), f"`&{event.anchor}` is an anchor", hint)
        if getattr(event, "tag", None):
            hint = "delete it; if it is text that starts with `!`, put it in quotes"
            self._add("yaml-tag", _at(event), f"`{event.tag}` is a tag", hint)

    def _scalar(self, event: Any) -> str:
        value: str = event.value
        if len(value) > MAX_SCALAR:
            self._stop("file-too-large", event, f"a text has more than {MAX_SCALAR:,} characters")
        if event.style == '"' and _HIDDEN.search(value):
            hint = "delete the escape; write the text as it should be read"
            self._add("hidden-character", _at(event), "an escape makes a hidden character", hint)
        return value

    def _sequence(self, route: Route) -> list[Data]:
        items: list[Data] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            items.append(self._node(event, (*route, len(items))))
        return items

    def _mapping(self, route: Route) -> dict[str, Data]:
        entries: dict[str, Data] = {}
        seen: dict[str, Position] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            key = self._key(event)
            at = _at(event)
            value = self._node(self._next(), (*route, key))
            if key in seen:
                self._repeated(key, seen[key], at)
                continue
            seen[key] = at
            entries[key] = value
            if self.keys is not None:
                self.keys[(*route, key)] = at
        return entries

    def _key(self, event: Any) -> str:
        if not isinstance(event, yaml.ScalarEvent):
            self._stop("yaml-key", event, "the name of a field must be a word, not a list or more")
        self._guard(event, ())
        if "\u00a0" in event.value:
            hint = "replace them by ordinary spaces; they come along when text is pasted"
            self._add("no-break-space", _at(event), "this line has no-break spaces", hint)
        if event.value == "<<" and event.implicit[0]:
            hint = "write the fields out"
            self._add("yaml-merge", _at(event), "`<<` merges another mapping into this one", hint)
        return str(event.value)

    def _repeated(self, key: str, first: Position, second: Position) -> None:
        place = Place(self.file)
        self.faults.append(
            Diagnostic(
                "duplicate-key",
                Severity.ERROR,
                place,
                f"`{key}` stands in line {first.line} and again in line {second.line}",
                "keep one of the two",
                (Related(place, f"the first `{key}` is in line {first.line}"),),
                second,
            )
        )
        self._limit()

    def _add(self, rule: str, at: Position, message: str, hint: str) -> None:
        self.faults.append(_fault(rule, self.file, at, message, hint))
        self._limit()

    def _stop(self, rule: str, event: Any, message: str) -> None:
        self.faults.append(_fault(rule, self.file, _at(event), message))
        raise _Stop

    def _limit(self) -> None:
        if len(self.faults) >= MAX_FAULTS:
            raise _Stop


def _at(event: Any) -> Position:
    mark = event.start_mark
    return Position(mark.line + 1, mark.column + 1)


def explain(file: str, text: str, error: yaml.YAMLError) -> Diagnostic:
    """A fault of YAML's grammar in words that say how to mend the author's line."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    problem = str(getattr(error, "problem", None) or "")
    context = getattr(error, "context_mark", None)
    at = Position(mark.line + 1, mark.column + 1) if mark else Position(1, 1)
    lines = text.splitlines()

    def line(number: int) -> str:
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def fault(at: Position, message: str, hint: str) -> Diagnostic:
        return _fault("yaml-syntax", file, at, message, hint)

    here = line(at.line)
    opened = Position(context.line + 1, context.column + 1) if context else at
    if "\t" in here[: len(here) - len(here.lstrip())] or here[at.column - 1 : at.column] == "\t":
        return fault(at, "a Tab stands here", "YAML needs spaces: replace the Tab by two spaces")
    if "\u00a0" in here:
        hint = "replace it by an ordinary space"
        return fault(at, "a no-break space stands in this line", hint)
    if "quoted scalar" in str(getattr(error, "context", "")):
        hint = "add the same quote at the end"
        return fault(opened, "the quote that opens here is not closed", hint)
    if _QUOTES.search(here):
        hint = "use straight quotes: \" or '"
        return fault(at, "this line has typographic quotes", hint)
    for number in (at.line - 1, at.line):
        glued = re.match(r"\s*(?:- )?([A-Za-z_-]+):(?=[^\s:])", line(number))
        if glued:
            where = Position(number, glued.end() + 1)
            hint = "put a space after the colon"
            return fault(where, f"`{glued[1]}:` has no space behind it", hint)
    key = re.match(r"\s*(?:- +)*[\w-]+$", here[: at.column - 1])
    if "mapping values" in problem and key and at.line > 1:
        return fault(at._replace(column=len(here) - len(here.lstrip()) + 1), *_MISFIT)
    start = _leading_sign(here, at, opened, error)
    sign = line(start.line)[start.column - 1 :][:1] if start else ""
    if start and sign and sign in "*&!>|[{]},%@`-?":
        hint = "put the whole text in quotes"
        hint += ", or begin on the next line" if sign in ">|-" else ""
        return fault(start, f"a text may not start with `{sign}`", hint)
    if "mapping values" in problem:
        hint = 'put the text in quotes, as in title: "Day 1: Introduction"'
        return fault(at, "a colon followed by a space stands inside a text", hint)
    before = here[: at.column - 1].rstrip()[-1:]
    if "did not find expected" in problem and before and before in "'\"":
        hint = 'use the other quotes around it, as in "Don\'t wait"'
        return fault(at, "a quote in the middle ends the quoted text here", hint)
    if re.search("expected (key|':'|'-' indicator)", problem):
        return fault(at, *_MISFIT)
    if "did not find expected" in problem and "flow" in str(getattr(error, "context", "")):
        hint = "close it with the same bracket, with commas between the values"
        return fault(opened, "the bracket that opens here is not closed", hint)
    hint = "compare it with a line of the same kind elsewhere"
    return fault(at, f"this cannot be read as YAML ({problem or 'unknown fault'})", hint)


_MISFIT = (
    "this line does not fit what stands above it",
    "check the indentation of this line and the one above, and that each field reads `name: value`",
)


def _leading_sign(
    here: str, at: Position, opened: Position, error: yaml.YAMLError
) -> Position | None:
    """Where the value at fault begins, if a sign with a meaning in YAML may open it."""
    problem = str(getattr(error, "problem", ""))
    context = str(getattr(error, "context", ""))
    if re.search("cannot start any token|(entries|keys) are not allowed", problem):
        return at
    if re.search("scanning an? (alias|anchor|tag|block scalar)|a (block )?node", context):
        return opened
    value = re.match(r"\s*(?:- +)*(?:[\w-]+: +)?([*&!>|\[{])", here)
    found = value and "flow" not in context and value.end() < at.column
    return at._replace(column=value.end()) if value and found else None
