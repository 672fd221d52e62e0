"""Texts to content: each file against its models, every fault in the author's words."""

from __future__ import annotations

import difflib
import re
from bisect import bisect
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from csstrain import pictures
from csstrain.diagnostic import Diagnostic, Outcome, Place, Position, Route, Severity
from csstrain.mend import MENDERS, identifier, items
from csstrain.model import ID_PATTERN, KINDS, PLURALS, Value, field_name, inner_model
from csstrain.pictures import Picture
from csstrain.source import Data, SourceText, decode, parse

MAX_FAULTS = 20
MAX_FILE_FAULTS = 200
AROUND = 20  # words on either side, in the order of the alphabet, that may be meant
_BULLETS = frozenset("•·–—◦▪●")  # what word processors put before an entry
MAX_WORD = 100  # whatever is longer is no misspelt name

_GLUED = re.compile(r"\s*-?\s*([A-Za-z_-]+):(\S+).*", re.DOTALL)
_SINGULAR = {plural: kind for kind, plural in PLURALS.items()}


class Written(NamedTuple):
    """One value that an author wrote, its kind and its place."""

    kind: str
    value: Value
    place: Place


@dataclass(frozen=True)
class Content:
    """What was read: the values of all YAML files, the texts to quote, other files by name."""

    values: tuple[Written, ...]
    sources: Mapping[str, SourceText] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    pictures: Mapping[str, Picture] = field(default_factory=dict)


def load(files: Mapping[str, bytes]) -> Outcome[Content]:
    """Read every file and hold it against its models; reports every fault of every file.

    Files ending in .yaml or .yml are content; of Markdown and CSV the text is kept, and of
    pictures what they are.
    The content comes back even with faults, so that messages can quote its lines.
    """
    values: list[Written] = []
    found: list[Diagnostic] = []
    sources: dict[str, SourceText] = {}
    others: dict[str, str] = {}
    shown: dict[str, Picture] = {}
    for name in sorted(files):
        if name.lower().endswith(pictures.SUFFIXES):
            try:
                shown[name] = pictures.look(files[name])
            except pictures.UnusablePicture as fault:
                found.append(_unusable(name, fault))
            continue
        if not name.lower().endswith((".yaml", ".yml")):
            others[name], faults = decode(name, files[name])
            sources[name] = SourceText(name, others[name])
            found += faults
            if name.lower().endswith(".csv") and not faults:
                found += _tabular(name, others[name])
            continue
        sources[name], outcome = parse(name, files[name])
        found += outcome.diagnostics
        if outcome.value is not None:
            for each in _limited(_file(sources[name], outcome.value)):
                if isinstance(each, Written):
                    values.append(each)
                else:
                    found.append(each)
    return Outcome(Content(tuple(values), sources, others, shown), tuple(found))


def _unusable(name: str, fault: Exception) -> Diagnostic:
    message = f"this picture cannot be shown: {fault}"
    hint = "save it again as PNG or JPEG, at most about 4,000 pixels wide"
    return _error("unusable-picture", Place(name), message, hint)


def _tabular(name: str, text: str) -> Iterator[Diagnostic]:
    """What keeps a CSV file from being read as the table that it looks like, the first only."""
    import csv  # noqa: PLC0415 - most content has no tables

    rows = csv.reader(text.splitlines(keepends=True))
    width, line = 0, 1
    try:
        for row in rows:
            if row and (told := _ragged(row, width)):
                yield Diagnostic(
                    "ragged-table",
                    Severity.WARNING,
                    Place(name),
                    *told,
                    position=Position(line, 1),
                    private=True,  # a table may hold people
                )
                return
            width = width or len(row)
            line = rows.line_num + 1
    except csv.Error:
        message = "a cell of this table has more than 131,072 characters"
        hint = "close the quote that opens in it, or shorten it"
        at = Position(line, 1)
        yield Diagnostic("file-too-large", Severity.ERROR, Place(name), message, hint, position=at)


def _ragged(row: list[str], width: int) -> tuple[str, str] | None:
    """Why a row does not fit its table, and what to do; the first has no width to fit."""
    if width and len(row) != width:
        cells = "1 cell" if len(row) == 1 else f"{len(row)} cells"
        message = f"this row has {cells}, and the first row has {width}"
        return message, "put a text with a comma in double quotes, and close every quote"
    mark = next((m for m in ";\t" if m in row[0]), "") if not width and len(row) == 1 else ""
    if not mark:
        return None
    message = f"{'semicolons' if mark == ';' else 'Tabs'} part the columns of this table"
    return message, "save it as CSV with commas (UTF-8)"


def _limited(found: Iterator[Written | Diagnostic]) -> Iterator[Written | Diagnostic]:
    """What was found in a file, up to so many faults that nobody reads on."""
    faults = 0
    for each in found:
        faults += isinstance(each, Diagnostic)
        if faults > MAX_FILE_FAULTS and isinstance(each, Diagnostic):
            more = f"more than {MAX_FILE_FAULTS} faults stand in this file; here reading stopped"
            yield _error("wrong-value", each.place, more, "mend the others first, then check again")
            return
        yield each


def _file(source: SourceText, data: Data) -> Iterator[Written | Diagnostic]:
    if not isinstance(data, dict):
        yield _error(
            "wrong-shape",
            Place(source.file),
            "the file must be a mapping from a kind to what it holds",
            _spaced(data) or "begin with a line such as `module:` or `ksas:`",
        )
        return
    if "id" in data and not any(key in KINDS or key in _SINGULAR for key in data):
        kind = _kind_with(data)
        hint = f"name the kind above them, such as `{kind}:`, and move them two spaces in"
        yield _error("wrong-shape", Place(source.file), "these fields belong to no kind", hint)
        return
    for key, inner in data.items():
        place = Place(source.file, (key,))
        if key in KINDS:
            yield from _value(source, key, inner, place)
        elif key in _SINGULAR:
            yield from _list(source, _SINGULAR[key], inner, place)
        else:
            near = nearest(key, [*KINDS, *_SINGULAR])
            listed = f"did you mean {_or(near)}?" if near else f"the kinds are {', '.join(KINDS)}"
            yield _error(
                "unknown-kind",
                place,
                f"`{_short(key)}` is not a kind of content",
                _spaced(key) or listed,
                source,
            )


def _kind_with(data: Mapping[str, Data]) -> str:
    """The kind that has most of some fields."""
    return max(KINDS, key=lambda kind: len(data.keys() & set(_fields(KINDS[kind]))))


def _spaced(given: object) -> str | None:
    """How to write a text in which the space behind a colon or a dash is missing."""
    text = given if isinstance(given, str) else ""
    if found := _GLUED.fullmatch(text[:200]):
        return f"put a space behind the colon: `{found[1]}: {_short(found[2])}`"
    if re.match(r"-[A-Za-z]", text):
        return f"put a space behind the dash: `- {_short(text[1:])}`"
    if "\uff1a" in text:
        return "its colon is a wide one: write an ordinary colon and a space"
    return "its spaces are no-break spaces: write ordinary ones" if "\u00a0" in text else None


def _list(
    source: SourceText, kind: str, data: Data, place: Place
) -> Iterator[Written | Diagnostic]:
    if not isinstance(data, list):
        what = "is empty" if data == "" else "must be a list"
        hint = f"write each {kind} below it behind a dash, or use `{kind}:` for a single one"
        hint = next(filter(None, map(_spaced, data)), hint) if isinstance(data, dict) else hint
        yield _error("wrong-shape", place, f"`{place.route[-1]}` {what}", hint)
        return
    for index, inner in enumerate(data):
        yield from _value(source, kind, inner, place.at(index))


def _value(
    source: SourceText, kind: str, data: Data, place: Place
) -> Iterator[Written | Diagnostic]:
    model = KINDS[kind]
    try:
        yield Written(kind, model.model_validate(data), place)
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=True)
        details = [each for each in details if not _follows(each)]
        faults = _faults(source, kind, model, place, data, details)
        yield from islice(faults, MAX_FAULTS)
        if next(faults, None):
            more = f"and up to {len(details) - MAX_FAULTS:,} more faults in this {kind}"
            yield _error("wrong-value", place, more, "mend the others first, then check again")


def _follows(detail: ErrorDetails) -> bool:
    """Whether a list is short only because an entry of it was refused, which is told already."""
    given = detail["input"]
    return (
        detail["type"] == "too_short"
        and isinstance(given, list)
        and len(given) >= detail["ctx"]["min_length"]
    )


def _faults(
    source: SourceText,
    kind: str,
    model: type[Value],
    place: Place,
    data: Data,
    details: list[ErrorDetails],
) -> Iterator[Diagnostic]:
    """One diagnostic for each fault; a misspelt field is told once, not also as missing."""
    missing = {d["loc"] for d in details if d["type"] == "missing"}
    told: set[Route] = set()
    for detail in details:
        if detail["type"] != "extra_forbidden":
            continue
        route = detail["loc"]
        fields = _fields(_model_at(model, route[:-1]))
        absent = [f for f in fields if (*route[:-1], f) in missing]
        name = str(route[-1])
        owner = _owner(kind, data, route[:-1])
        glued = _GLUED.fullmatch(name)
        near = nearest(glued[1] if glued else name, absent, 0.5) or nearest(name, fields)
        hint = f"did you mean `{near[0]}`?" if near else f"its fields are {', '.join(fields)}"
        if spaced := _spaced(name):
            hint = spaced
        elif _cut_off(source, place.at(*route).route):
            near, hint = [], "if the comma belongs to the text, put the text in quotes"
        told |= {(*route[:-1], each) for each in near[:1]}
        message = f"`{_short(name)}` is not a field of {owner}"
        yield _error("unknown-field", place.at(*route), message, hint, source)
    for detail in details:
        if detail["type"] == "extra_forbidden" or detail["loc"] in told:
            continue
        yield _fault(source, kind, model, place, data, detail)


def _cut_off(source: SourceText, route: Route) -> bool:
    """Whether a name without a colon stands here: the rest of a text after its comma in { }."""
    at = source.key_position(route)
    name, behind = str(route[-1]), source.line(at.line)[at.column - 1 :]
    return behind.startswith(name) and not behind[len(name) :].lstrip().startswith(":")


def _fault(
    source: SourceText,
    kind: str,
    model: type[Value],
    place: Place,
    data: Data,
    detail: ErrorDetails,
) -> Diagnostic:
    route = detail["loc"]
    name = next((str(step) for step in reversed(route) if isinstance(step, str)), kind)
    if detail["type"] == "missing":
        owner = _owner(kind, data, route[:-1])
        about = _description(_model_at(model, route[:-1]), name)
        return _error(
            "missing-field",
            place.at(*route),
            f"{owner} has no `{name}`",
            f"add `{name}: …`. {about}",
        )
    if isinstance(route[-1] if route else None, int):
        name = f"entry {int(route[-1]) + 1} of {name}"
    if detail["type"] == "disordered":
        owner = _owner(kind, data, route)
        return _error("wrong-value", place.at(*route), f"{owner}: {detail['msg']}")
    if not route and isinstance(detail["input"], list):
        hint = f"write `{PLURALS[kind]}:` above a list"
        return _error(
            "wrong-shape", place, f"`{kind}` holds one {kind}, but a list stands here", hint
        )
    message, right = _wording(name, detail)
    written = detail["input"]
    if detail["type"] == "tuple_type" and isinstance(written, str) and _model_at(model, route):
        right = "write each entry below it behind a dash, with fields of its own"
    if detail["type"] == "model_type" and not right:
        right = _as_fields(_model_at(model, route))
    if written == "" and _commented(source, place.at(*route).route):
        right = "everything behind ` #` is a comment: put the text in quotes"
    about = _description(_model_at(model, route[:-1]), name)
    return _error("wrong-value", place.at(*route), message, right or about or None)


def _commented(source: SourceText, route: Route) -> bool:
    """Whether a comment stands where a value is missing."""
    at = source.position(route)
    return source.line(at.line)[at.column - 1 :].lstrip().startswith("#")


def _wording(name: str, detail: ErrorDetails) -> tuple[str, str | None]:
    """Message and hint for a value that a model refused."""
    given, limits = detail["input"], detail.get("ctx", {})
    match detail["type"]:
        case fault if given == "" or fault == "empty":
            return f"`{name}` is empty", "write its value behind the colon, or delete the line"
        case "literal_error":
            allowed = [
                word.strip("' ") for word in str(limits["expected"]).replace(" or ", ",").split(",")
            ]
            near = nearest(str(given), allowed)
            listed = ", ".join(allowed)
            hint = (
                f"did you mean `{near[0]}`? It is one of: {listed}" if near else f"one of: {listed}"
            )
            return f"`{name}` cannot be `{_short(given)}`", hint
        case "string_pattern_mismatch" if limits["pattern"] == ID_PATTERN:
            meant = identifier(str(given))
            hint = (
                "ids are lower-case letters and digits, in words joined by hyphens, as in "
                f"`{meant or 'm4-triads'}`"
            )
            return f"`{_short(given)}` is not an id", hint
        case "string_pattern_mismatch" if "\n" in str(given):
            return f"`{name}` must stand in one line", "join its lines, or shorten it"
        case "string_pattern_mismatch":
            return f"`{name}` cannot be `{_short(given)}`", None
        case "string_too_long":
            return f"`{name}` is longer than {limits['max_length']} characters", "shorten it"
        case "string_type":
            what = "a list stands" if isinstance(given, list) else "fields stand"
            return f"`{name}` must be text, but {what} here", _as_text(given)
        case "tuple_type":
            return f"`{name}` must be a list", _as_list(given)
        case "model_type" | "model_attributes_type" | "dict_type":
            message = f"`{name}` must have fields of its own, written as `field: value`"
            return message, _spaced(given)
        case "too_short":
            return f"`{name}` needs at least {limits['min_length']} entry", None
        case "greater_than_equal":
            return f"`{name}` must be at least {limits['ge']}", None
        case "less_than_equal":
            return f"`{name}` must be at most {limits['le']}", None
        case fault if fault in MENDERS and isinstance(given, str):
            meant = MENDERS[fault](given[:200])
            right = f"write `{meant}`" if meant and meant != given else None
            return f"`{name}` {detail['msg']}, not `{_short(given)}`", right
        case _:
            shown = f", not `{_short(given)}`" if isinstance(given, str) else ""
            return f"`{name}` {detail['msg']}{shown}", None


def _as_text(given: object) -> str:
    """How to write what YAML took for fields, where a colon made it so: `Listen: then speak`."""
    if isinstance(given, dict) and len(given) == 1:
        ((name, rest),) = given.items()
        if isinstance(rest, str) and rest and len(name) + len(rest) < 80 and '"' not in name + rest:
            return f'if it is text, put it in quotes: "{name}: {rest}"'
    return "if it is text, put it in quotes"


def _as_fields(model: type[Value] | None) -> str | None:
    """How to write a value that has fields, with those that it must have."""
    if model is None:
        return None
    fields = model.model_fields.items()
    needed = [f"{field_name(model, name)}: …" for name, info in fields if info.is_required()]
    return f"write it so: {{{', '.join(needed)}}}" if needed else None


def _as_list(given: object) -> str:
    """How to write what was meant as a list."""
    if isinstance(given, dict):
        return next(filter(None, map(_spaced, given)), "write each entry below it behind a dash")
    entries = items(given[:200]) if isinstance(given, str) else []
    if entries and all(identifier(each) == each for each in entries):
        return f"write it so: [{', '.join(entries)}]"
    if entries:
        mark = str(given).lstrip()[:1]
        instead = f": `- ` instead of `{mark} `" if mark in _BULLETS else ""
        return f"write each entry in a line of its own, behind a dash and a space{instead}"
    if isinstance(given, str) and identifier(given) == given:
        return f"write it so: [{given}]"
    return "write each entry below it behind a dash, or in [ ]"


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"


def _error(
    rule: str, place: Place, message: str, hint: str | None = None, source: SourceText | None = None
) -> Diagnostic:
    position = source.key_position(place.route) if source else None
    return Diagnostic(rule, Severity.ERROR, place, message, hint, position=position)


def _owner(kind: str, data: Data, route: Route) -> str:
    """The value that a field belongs to, as its author would call it: `activity m4-triads`."""
    inner: Any = data
    named = data.get("id") if isinstance(data, dict) else None
    one, where = kind, ""
    for step in route:
        try:
            inner = inner[step]
        except (KeyError, IndexError, TypeError):
            break  # the route ends in something that the author did not write
        where = step if isinstance(step, str) else where
        if isinstance(inner, dict) and "id" in inner:
            one, named, where = _ONE.get(where, one), inner["id"], ""
    whose = f"{one} `{_short(named)}`" if named else f"this {kind}"
    return f"`{where}` of {whose}" if where else whose


_ONE = {
    "activities": "activity",
    "objectives": "objective",
    "items": "item",
    "criteria": "criterion",
    "questions": "question",
    "scenarios": "scenario",
    "tasks": "task",
    "parts": "part",
    "facts": "fact",
    "aims": "aim",
}


def _fields(model: type[Value] | None) -> list[str]:
    return [field_name(model, name) for name in model.model_fields] if model else []


def _model_at(model: type[Value], route: Route) -> type[Value] | None:
    """The model that stands at the end of a route, found through the field types."""
    current: type[Value] | None = model
    for step in route:
        if isinstance(step, int) or current is None:
            continue
        names = {field_name(current, name): name for name in current.model_fields}
        current = (
            inner_model(current.model_fields[names[step]].annotation) if step in names else None
        )
    return current


def _description(model: type[Value] | None, name: str) -> str:
    if model:
        for own, info in model.model_fields.items():
            if field_name(model, own) == name:
                return info.description or ""
    return ""


def nearest(word: str, known: Collection[str], cutoff: float = 0.6) -> list[str]:
    """Up to three known words that look like the one that was written.

    >>> nearest("titel", ["title", "id", "goal"])
    ['title']
    """
    if len(word) > MAX_WORD:
        return []
    small = word.lower()
    within = list(islice((each for each in known if len(word) > 2 and small in each), 3))
    if within:
        return within
    if len(known) > 4 * AROUND:
        known = _around(small, known)
    return difflib.get_close_matches(small, known, n=3, cutoff=cutoff)


def _around(word: str, known: Collection[str]) -> list[str]:
    """The words that begin or end most like a word; comparing it with all would take too long."""
    found: dict[str, None] = {}
    for step in (1, -1):  # as they are read, and backwards
        ordered = sorted(each[::step] for each in known)
        at = bisect(ordered, word[::step])
        found |= dict.fromkeys(e[::step] for e in ordered[max(0, at - AROUND) : at + AROUND])
    return list(found)


def _or(words: list[str]) -> str:
    return " or ".join(f"`{word}`" for word in words)
