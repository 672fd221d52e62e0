"""YAML text to plain data and back to lines: the one file that reads YAML.

The parser walks libyaml's events and keeps every scalar as the text that the author
wrote. Anchors, aliases, tags, merge keys, second documents, repeated keys and hidden
characters are refused, because each of them lets a file mean something that its
author does not see. Where a line cannot be read, `slips` says what was probably meant,
and reading goes on with that, so that one run tells all that is wrong in a file.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import yaml

from csstrain.diagnostic import Diagnostic, Outcome, Place, Position, Related, Route, Severity
from csstrain.slips import Trouble, lines_of, slip

Data = dict[str, "Data"] | list["Data"] | str

MAX_BYTES = 2_000_000
MAX_NODES = 200_000
MAX_SCALAR = 100_000
MAX_DEPTH = 40
MAX_FIELDS = 1_000  # in one mapping
MAX_FAULTS = 20
SHOWN = 40
MAX_AGAIN = 1_000_000  # characters that are read again to see what stands behind a fault

# C0 and C1 controls but tab and line ends, characters without width, separators that
# editors hide, the characters that reorder text on the screen (CVE-2021-42574), lone
# surrogates, tags. The joiners U+200C and U+200D are letters of some scripts and stay.
_HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e"
    "\u2060-\u2064\u2066-\u2069\ufeff\ufff9-\ufffb\ud800-\udfff\ufffe\uffff\U000e0000-\U000e007f]"
)
# What no text may hold that an escape makes: a lone carriage return writes over its line.
_ESCAPED = re.compile(f"\r|{_HIDDEN.pattern}")
# No-break spaces where YAML wants ordinary ones: before a line, behind its dash or its colon.
_NO_BREAK = re.compile(
    r"^[ \u00a0]*(?:-[ \u00a0]+)*(?:-|[\w-]+:)\u00a0"
    r"|^(?=[ ]*\u00a0)[ \u00a0]+(?=-[ \u00a0]|[\w-]+:(?:[ \u00a0]|$))",
    re.MULTILINE,
)
_COMMENTED = re.compile(r"\S #")
# A single word, number or date is complete; what one space and `#` part from it is a remark.
_COMPLETE = re.compile(r"[a-z0-9.:/_+-]+")
# What the rest of a file means is open where one of these stands in it.
_SHIFTING = frozenset(("yaml-alias", "yaml-anchor", "yaml-merge", "yaml-tag", "empty-file"))


@dataclass(frozen=True)
class SourceText:
    """One file of the content: its name, its text, and where each value stands in it.

    `meant` is the text with its slips mended, where it could not be read as it stands.
    """

    file: str
    text: str
    meant: str | None = None

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
        return lines_of(self.text)

    @cached_property
    def _places(self) -> tuple[dict[Route, Position], dict[Route, Position]]:
        values: dict[Route, Position] = {}
        keys: dict[Route, Position] = {}
        text = self.text if self.meant is None else self.meant
        _Reader(self.file, text, values, keys).read()
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
    quote it; the data comes back beside faults where they leave no doubt about what
    the rest of the file means.
    """
    text, faults = decode(file, raw)
    if faults and not text:
        return SourceText(file, text), Outcome(None, faults)
    meant = _HIDDEN.sub("", text) if faults else text
    found = list(faults)
    if "\u00a0" in meant:
        meant, spaces = _no_break(file, meant)
        found += spaces
    reader, data, meant, sure = _read(file, meant, found)
    found += reader.faults
    if data is not None and not reader.faults:
        found += _lost(file, meant)
    source = SourceText(file, text) if meant == text else SourceText(file, text, meant)
    doubtful = not sure or any(fault.rule in _SHIFTING for fault in found)
    return source, Outcome(None if doubtful else data, tuple(found))


def _read(file: str, meant: str, found: list[Diagnostic]) -> tuple[_Reader, Data | None, str, bool]:
    """The data of a text, read again behind each line that could be mended.

    What could not be read is added to what was found. The last reader, the text that it
    read and whether every mend was sure come back with the data.
    """
    sure, again = True, MAX_AGAIN
    mended: set[int] = set()
    while True:
        reader = _Reader(file, meant)
        data = reader.read()
        if reader.error is None:
            return reader, data, meant, sure
        lines = lines_of(meant)
        told = slip(lines, _trouble(meant, reader.error))
        # Behind a guess, and about a line that was mended, only what is surely a slip is told.
        if (told.sure and told.lines) or (sure and told.at.line not in mended):
            found.append(_fault("yaml-syntax", file, told.at, told.message, told.hint))
        sure = sure and told.sure
        again -= len(meant)
        if not told.lines or again < 0 or len(found) >= MAX_FAULTS:
            return reader, None, meant, sure
        mended |= set(told.lines)
        meant = "\n".join(told.lines.get(number, line) for number, line in enumerate(lines, 1))


def _trouble(text: str, error: yaml.YAMLError) -> Trouble:
    """What the parser said, and the last scalar that it read, found by reading once more."""
    start, end, quote = Position(0, 0), Position(0, 0), ""
    try:
        for event in yaml.parse(text, Loader=yaml.CBaseLoader):
            if isinstance(event, yaml.ScalarEvent):
                start, end = _at(event), _position(event.end_mark)
                quote = event.style if event.style in ("'", '"') else ""
    except yaml.YAMLError:
        pass
    opened = getattr(error, "context_mark", None)
    mark = getattr(error, "problem_mark", None) or opened
    at = _position(mark) if mark else Position(1, 1)
    return Trouble(
        str(getattr(error, "problem", None) or ""),
        str(getattr(error, "context", None) or ""),
        at,
        _position(opened) if opened else at,
        start,
        end,
        quote,
    )


def _no_break(file: str, text: str) -> tuple[str, list[Diagnostic]]:
    """A text with ordinary spaces where the grammar needs them, and what stood there."""
    first: list[int] = []

    def ordinary(found: re.Match[str]) -> str:
        if "\u00a0" in found[0]:
            first.append(found.start() + found[0].index("\u00a0"))
        return found[0].replace("\u00a0", " ")

    mended = _NO_BREAK.sub(ordinary, text)
    if not first:
        return text, []
    more = f", and in {len(first) - 1} more" if len(first) > 1 else ""
    hint = "replace them by ordinary spaces; they come along when text is pasted"
    at = _offset(text, first[0])
    message = f"a no-break space stands in this line where YAML needs an ordinary one{more}"
    return mended, [_fault("no-break-space", file, at, message, hint)]


def _lost(file: str, text: str) -> Iterator[Diagnostic]:
    """Texts that ` #` cut short, which no parser notices."""
    if not _COMMENTED.search(text):
        return
    lines, told = lines_of(text), 0
    for event in yaml.parse(text, Loader=yaml.CBaseLoader):
        if not isinstance(event, yaml.ScalarEvent) or event.style or not event.value:
            continue
        at = _position(event.end_mark)
        behind = lines[at.line - 1][at.column - 1 :]
        if not behind.startswith(" #"):
            continue
        remark = behind[2:3] in ("", " ") and _COMPLETE.fullmatch(event.value)
        if not remark and told < MAX_FAULTS:
            told += 1
            message = (
                f"everything behind ` #` is a comment, so the text ends at `{_end(event.value)}`"
            )
            hint = "put the text in quotes if this belongs to it, else two spaces before the `#`"
            column = at._replace(column=at.column + 1)
            yield Diagnostic(
                "text-lost-to-comment", Severity.WARNING, Place(file), message, hint, (), column
            )


def _end(value: str) -> str:
    return value if len(value) <= SHOWN else f"…{value[-SHOWN:]}"


def _fault(rule: str, file: str, at: Position, message: str, hint: str | None = None) -> Diagnostic:
    return Diagnostic(rule, Severity.ERROR, Place(file), message, hint, position=at)


def decode(file: str, raw: bytes) -> tuple[str, tuple[Diagnostic, ...]]:
    """The text of a file of any kind, with what keeps it from being read as it looks."""
    if len(raw) > MAX_BYTES:
        size = f"more than {MAX_BYTES:,} bytes"
        hint = "divide it into several files: any file below content/ may hold any kinds"
        fault = _fault("file-too-large", file, Position(1, 1), f"the file has {size}", hint)
        return "", (fault,)
    if wide := _wide(raw):
        hint = "save it as UTF-8 (in VS Code: the encoding at the bottom right)"
        message = f"the file is saved as {wide}, not as UTF-8"
        return "", (_fault("not-utf-8", file, Position(1, 1), message, hint),)
    try:
        text = raw.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as bad:
        return _other_encoding(file, raw, bad.start)
    return text, tuple(_hidden(file, text))


def _wide(raw: bytes) -> str:
    """The name of an encoding with two or four bytes a character; nothing for others."""
    if raw.startswith((b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff")):
        return "UTF-32"
    # Without a mark at its start, every second byte of plain text is a zero.
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or raw[:200].count(0) * 3 > len(raw[:200]):
        return "UTF-16"
    return ""


def _other_encoding(file: str, raw: bytes, first: int) -> tuple[str, tuple[Diagnostic, ...]]:
    """A text with the characters that a Windows program probably wrote."""
    text = raw.decode("utf-8", _WINDOWS).removeprefix("\ufeff")
    at = _offset(text, len(raw[:first].decode("utf-8").removeprefix("\ufeff")))
    probably = raw[first : first + 1].decode("cp1252", "replace")
    message = f"the file is not saved as UTF-8; here it probably has `{probably}` of Windows-1252"
    hint = "save it as UTF-8 (in VS Code: the encoding at the bottom right)"
    return text, (_fault("not-utf-8", file, at, message, hint), *_hidden(file, text))


def _as_windows(bad: UnicodeError) -> tuple[str, int]:
    if not isinstance(bad, UnicodeDecodeError):
        raise bad
    return bad.object[bad.start : bad.end].decode("cp1252", "replace"), bad.end


_WINDOWS = "csstrain-windows-1252"
codecs.register_error(_WINDOWS, _as_windows)


def _offset(text: str, offset: int) -> Position:
    """Line and column of a character, counted as editors do."""
    lines = lines_of(text[:offset])
    return Position(len(lines), len(lines[-1]) + 1)


def _hidden(file: str, text: str) -> Iterator[Diagnostic]:
    found = _HIDDEN.search(text)
    if found:  # one is enough: such files hold the same character many times
        yield _fault(
            "hidden-character",
            file,
            _offset(text, found.start()),
            f"a hidden character (U+{ord(found[0]):04X}) stands here",
            "delete it; it may have come along when the text was pasted",
        )


SCALAR = yaml.ScalarEvent
SEQUENCE, SEQUENCE_END = yaml.SequenceStartEvent, yaml.SequenceEndEvent
MAPPING, MAPPING_END = yaml.MappingStartEvent, yaml.MappingEndEvent


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
    error: yaml.YAMLError | None = None
    nodes: int = 0
    _next: Callable[[], Any] = field(init=False, repr=False)

    def read(self) -> Data | None:
        try:
            # Straight from libyaml: a generator around it costs as much as the parsing.
            self._next = yaml.CBaseLoader(self.text).get_event
            return self._document()
        except yaml.YAMLError as error:
            self.error = error
        except _Stop:
            pass
        return None

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
        kind = type(event)
        self._guard(event, kind, route)
        if self.values is not None:
            self.values[route] = _at(event)
        if kind is SCALAR:
            return self._scalar(event)
        if kind is SEQUENCE:
            return self._sequence(route)
        if kind is MAPPING:
            return self._mapping(route)
        return ""  # an alias, already refused

    def _guard(self, event: Any, kind: type[Any], route: Route) -> None:
        """Refuse what no content needs; most nodes are plain, and go by with two looks."""
        self.nodes += 1
        if kind is SCALAR and not (event.anchor or event.tag) and self.nodes <= MAX_NODES:
            return
        if self.nodes > MAX_NODES:
            self._stop("file-too-large", event, f"the file holds more than {MAX_NODES:,} values")
        if len(route) > MAX_DEPTH:
            self._stop("too-deep", event, f"values are nested more than {MAX_DEPTH} deep here")
        if kind is yaml.AliasEvent:
            hint = "write the value out; if it is text that starts with `*`, put it in quotes"
            self._add("yaml-alias", _at(event), f"`*{event.anchor}` is an alias", hint)
            return
        if event.anchor:
            hint = "delete it; if it is text that starts with `&`, put it in quotes"
            self._add("yaml-anchor", _at(event), f"`&{event.anchor}` is an anchor", hint)
        if event.tag:
            hint = "delete it; if it is text that starts with `!`, put it in quotes"
            self._add("yaml-tag", _at(event), f"`{event.tag}` is a tag", hint)

    def _scalar(self, event: Any) -> str:
        value: str = event.value
        if len(value) > MAX_SCALAR:
            self._stop("file-too-large", event, f"a text has more than {MAX_SCALAR:,} characters")
        if event.style == '"' and _ESCAPED.search(value):
            hint = "delete the escape; write the text as it should be read"
            self._add("hidden-character", _at(event), "an escape makes a hidden character", hint)
        return value

    def _sequence(self, route: Route) -> list[Data]:
        items: list[Data] = []
        while type(event := self._next()) is not SEQUENCE_END:
            items.append(self._node(event, (*route, len(items))))
        return items

    def _mapping(self, route: Route) -> dict[str, Data]:
        entries: dict[str, Data] = {}
        seen: dict[str, Any] = {}
        while type(event := self._next()) is not MAPPING_END:
            key = self._key(event)
            value = self._node(self._next(), (*route, key))
            if key in seen:
                self._repeated(key, _at(seen[key]), _at(event), route)
                continue
            seen[key] = event
            entries[key] = value
            if self.keys is not None:
                self.keys[(*route, key)] = _at(event)
        if len(entries) > MAX_FIELDS:
            self._stop("file-too-large", event, f"more than {MAX_FIELDS:,} fields stand together")
        return entries

    def _key(self, event: Any) -> str:
        if type(event) is not SCALAR:
            hint = "close the bracket before it, or put it in quotes if it is text"
            self._stop("yaml-key", event, "a list or fields stand where a name belongs", hint)
        self._guard(event, SCALAR, ())
        key: str = event.value
        if key == "<<" and event.implicit[0]:
            hint = "write the fields out"
            self._add("yaml-merge", _at(event), "`<<` merges another mapping into this one", hint)
        return key

    def _repeated(self, key: str, first: Position, second: Position, route: Route) -> None:
        place = Place(self.file)
        hint = "keep one of the two, or join what they hold"
        if not route:  # a kind: two modules in one file, say
            hint = "keep one of the two, give the other a file of its own, or write a list"
        self.faults.append(
            Diagnostic(
                "duplicate-key",
                Severity.ERROR,
                place,
                f"`{key}` stands in line {first.line} and again in line {second.line}",
                hint,
                (Related(place, f"the first `{key}`", first),),
                second,
            )
        )
        self._limit()

    def _add(self, rule: str, at: Position, message: str, hint: str) -> None:
        self.faults.append(_fault(rule, self.file, at, message, hint))
        self._limit()

    def _stop(self, rule: str, event: Any, message: str, hint: str | None = None) -> None:
        self.faults.append(_fault(rule, self.file, _at(event), message, hint))
        raise _Stop

    def _limit(self) -> None:
        if len(self.faults) >= MAX_FAULTS:
            raise _Stop


def _at(event: Any) -> Position:
    return _position(event.start_mark)


def _position(mark: Any) -> Position:
    return Position(mark.line + 1, mark.column + 1)
