"""JSON Schema of content files, with the ids of a project, so that editors complete and check.

A schema sees what an editor's YAML 1.2 reader sees: `45` is a number, `10:00` and `no` are text.
The loader sees what stands in the file. What one of them takes, the other takes as well, but for
spelling that is lost once a value is read (`0x2D`, `45.0`), for rules between two fields (`min` no
more than `max`), and for a text that is nothing but `true` or `false`, which editors want quoted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BeforeValidator, WithJsonSchema
from pydantic.fields import FieldInfo

from csstrain.model import (
    ID_PATTERN,
    KINDS,
    PLURALS,
    Activity,
    Criterion,
    Degree,
    Entity,
    Instrument,
    Item,
    Ksa,
    Module,
    Objective,
    Question,
    Ref,
    Value,
    field_name,
    inner_model,
)
from csstrain.report import dumped
from csstrain.source import Data, parse

DIALECT = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]
Known = Mapping[str, Mapping[str, str]]  # for each kind its ids, each with words in Markdown

_TYPES = (Union, UnionType)
_ONE_A_FILE = ("module", "instrument")
_WORDS = {"ksa": "KSA", "any": "entity"}
_INITIALS = "aeio"
_SHOWN = 160


def content_schema(known: Known | None = None) -> str:
    """The schema of one content file: a mapping from kinds to what they hold.

    `known` are the ids that references may name (see `names`); without it any id will do.
    """
    properties: Schema = {}
    for kind, model in KINDS.items():
        about = _first_line(model)
        properties[kind] = {**_own(model), "markdownDescription": about}
        properties[PLURALS[kind]] = {**_list(model), "markdownDescription": f"A list. {about}"}
    kinds = ", ".join(f"`{kind}`" for kind in KINDS)
    whole = {
        "$schema": DIALECT,
        "title": "csstrain content",
        "type": "object",
        "errorMessage": f"A file holds kinds of content: {kinds}, or the plural of one.",
        "additionalProperties": False,
        "properties": properties,
        "$defs": dict(sorted(_definitions(known))),
    }
    return dumped(whole, indent=1)


def _definitions(known: Known | None) -> Iterator[tuple[str, Schema]]:
    """Every model that content is made of, and the ids of each kind that something refers to."""
    models: dict[str, type[Value]] = {}
    todo = list(KINDS.values())
    while todo:
        model = todo.pop()
        if model.__name__ not in models:
            models[model.__name__] = model
            todo += filter(None, (inner_model(f.annotation) for f in model.model_fields.values()))
    defined = {name: _model(model) for name, model in models.items()}
    yield from defined.items()
    for kind in set(re.findall(r"#/\$defs/([a-z-]+)-id", json.dumps(defined))):
        yield f"{kind}-id", _ids(kind, known)


# ── models ───────────────────────────────────────────────────────────────────────────


def _model(model: type[Value]) -> Schema:
    """A model: its fields, and a sentence for each that is missing."""
    fields = {field_name(model, name): info for name, info in model.model_fields.items()}
    word = _word(model)
    missing = [
        {
            "required": [name],
            "errorMessage": f"This {word} has no `{name}`: add it. {info.description}",
        }
        for name, info in fields.items()
        if info.is_required()
    ]
    schema: Schema = {
        "title": word,
        "markdownDescription": _first_line(model),
        "type": "object",
        "errorMessage": f"This does not belong here. The fields of {_a(word)}, each written as "
        f"`field: value`, are {', '.join(fields)}.",
        "additionalProperties": False,
        "properties": {name: _field(info) for name, info in fields.items()},
    }
    if missing:
        schema["allOf"] = missing
    if model in (KINDS[kind] for kind in _ONE_A_FILE):
        schema["defaultSnippets"] = _snippet(model)
    return schema


def _field(info: FieldInfo) -> Schema:
    about = [info.description or ""]
    schema = _shape(info.annotation, info.metadata)
    if not info.is_required() and info.default not in (None, ()):
        schema["default"] = _plain(info.default)
        about.append(f"Default: `{json.dumps(schema['default']).strip(chr(34))}`.")
    return schema | {"markdownDescription": " ".join(about)}


def _plain(value: object) -> object:
    """A default as it would stand in the file."""
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else float(value)
    return value


def _shape(annotation: Any, marks: Iterable[Any] = ()) -> Schema:
    """What the loader takes for an annotation such as `Many[KsaRef] | None`."""
    marks = list(marks)
    while get_origin(annotation) in _TYPES or get_origin(annotation) is Annotated:
        if get_origin(annotation) is Annotated:
            annotation, *outer = get_args(annotation)
            for mark in outer:
                marks += mark.metadata if isinstance(mark, FieldInfo) else [mark]
        else:
            (annotation,) = (part for part in get_args(annotation) if part is not type(None))
    if get_origin(annotation) is tuple:
        entry = get_args(annotation)[0]
        one = _shape(entry)
        listed = _list(entry) if entry in _SNIPPETS else _array(one)
        least = _mark(marks, "min_length")
        several = listed | ({"minItems": least} if least else {})
        # A list that is prepared before it is read may also be a single value.
        prepared = any(isinstance(mark, BeforeValidator) for mark in marks)
        return {"anyOf": [one, several]} if prepared else several
    if get_origin(annotation) is Literal:
        return _choice(get_args(annotation))
    if isinstance(annotation, type) and issubclass(annotation, Value):
        return _own(annotation)
    for mark in marks:
        if isinstance(mark, Ref):
            return {"$ref": f"#/$defs/{mark.kind}-id"}
        if isinstance(mark, WithJsonSchema):
            return dict(mark.json_schema or {})
    return _SCALARS[annotation](marks)


def _own(model: type[Value]) -> Schema:
    return {"$ref": f"#/$defs/{model.__name__}"}


def _list(model: type[Value]) -> Schema:
    """A list of values; a new one is offered there or, by kinds of one a file, in each of them."""
    schema = _array(_own(model))
    offered = [] if model in (KINDS[kind] for kind in _ONE_A_FILE) else _snippet(model)
    return schema | ({"defaultSnippets": offered} if offered else {})


def _array(one: Schema) -> Schema:
    return {
        "type": "array",
        "items": one,
        "errorMessage": "A list belongs here: each entry below it behind a dash, or all in [ ].",
    }


def _mark(marks: Iterable[Any], name: str) -> Any:
    """What the marks of an annotation say under a name such as `ge`, if they do."""
    found = (getattr(mark, name, None) for mark in marks)
    return next((value for value in found if value is not None), None)


def _word(model: type[Value]) -> str:
    """What people call a value of this model: KSA, working day."""
    if issubclass(model, Entity):
        return _WORDS.get(model.kind, model.kind.replace("-", " "))
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", model.__name__).lower()


def _a(word: str) -> str:
    return f"{'an' if word[0] in _INITIALS else 'a'} {word}"


def _first_line(model: type[Value]) -> str:
    return (model.__doc__ or "").strip().split("\n")[0]


# ── scalars ──────────────────────────────────────────────────────────────────────────

_DECIMALS = r"(\.[0-9]{1,6})?"
_MOST = 10**12 - 1


def _choice(words: tuple[str, ...]) -> Schema:
    return {
        "type": "string",
        "enum": list(words),
        "errorMessage": f"One of these belongs here: {', '.join(words)}.",
    }


def _whole(marks: list[Any]) -> Schema:
    least, most = _mark(marks, "ge") or 0, _mark(marks, "le") or _MOST
    wanted = "0 or more" if most == _MOST else f"from {least} to {most:,}"
    return {
        "type": ["integer", "string"],
        "minimum": least,
        "maximum": most,
        "pattern": f"^({_digits(least, most)})$",
        "errorMessage": f"A whole number {wanted} belongs here.",
    }


def _number(marks: list[Any]) -> Schema:
    least, most = _mark(marks, "ge"), _mark(marks, "le")
    if least is None:
        pattern, wanted = rf"-?(0|[1-9][0-9]{{0,11}}){_DECIMALS}", "such as 7.4"
        least, most = -_MOST - 1, _MOST + 1
        limits = {"exclusiveMinimum": least, "exclusiveMaximum": most}
    else:
        pattern = rf"({_digits(least, most - 1)}){_DECIMALS}|{most}(\.0{{1,6}})?"
        wanted = f"from {least} to {most:,}"
        limits = {"minimum": least, "maximum": most}
    return {
        "type": ["number", "string"],
        **limits,
        "pattern": f"^({pattern})$",
        "errorMessage": f"A number {wanted} belongs here.",
    }


def _digits(least: int, most: int) -> str:
    """A pattern for the whole numbers of a range, written without leading zeros.

    >>> _digits(15, 120)
    '1[5-9]|[2-9][0-9]|1[0-1][0-9]|120'
    """
    blocks: list[tuple[str, int, int, int]] = []  # what stands before, first and last digit, rest
    while least <= most:
        free = 0
        while least and least % 10 ** (free + 1) == 0 and least + 10 ** (free + 1) - 1 <= most:
            free += 1
        before, digit = divmod(least // 10**free, 10)
        head = str(before) if before else ""
        if blocks and (blocks[-1][0], blocks[-1][2], blocks[-1][3]) == (head, digit - 1, free):
            blocks[-1] = (head, blocks[-1][1], digit, free)
        else:
            blocks.append((head, digit, digit, free))
        least += 10**free
    return "|".join(
        head
        + (f"[{first}-{last}]" if first < last else str(first))
        + ("" if not free else "[0-9]" if free == 1 else f"[0-9]{{{free}}}")
        for head, first, last, free in blocks
    )


def _flag(marks: list[Any]) -> Schema:
    return {
        "type": ["boolean", "string"],
        "pattern": "^(true|false)$",
        "errorMessage": "`true` or `false` belongs here.",
    }


def _text(marks: list[Any]) -> Schema:
    pattern = _mark(marks, "pattern")
    most = _mark(marks, "max_length")
    limit = {"maxLength": most} if most else {}
    if any(isinstance(mark, BeforeValidator) for mark in marks):  # a text that must not be blank
        single = r"(?![\s\S]*\n)" if pattern else ""
        return {
            "type": ["string", "number"],
            "minLength": 1,
            **limit,
            "pattern": rf"^(?!\s*(~|[Nn][Uu][Ll][Ll])?\s*$){single}",
            "errorMessage": f"{'One line of text' if pattern else 'A text'} belongs here. "
            "Put it in quotes if it begins with a sign such as [ or holds a colon and a space.",
        }
    if limit:
        return {"type": ["string", "integer"], "minimum": 0, **_AN_ID, **limit}
    return {"type": "string", "pattern": pattern, "errorMessage": _FORMS[pattern]}


_FORMS = {
    "^[a-f]$": "A letter from a to f belongs here.",
    "^[A-Z]$": "A capital letter such as A belongs here.",
    "^[a-z]{2}(-[A-Z]{2})?$": "A language such as en-US belongs here.",
}

_AN_ID: Schema = {
    "pattern": ID_PATTERN,
    "errorMessage": "An id belongs here: lower-case letters and digits, in words joined by "
    "hyphens, as in m4-triads.",
}

_SCALARS: Mapping[type, Callable[[list[Any]], Schema]] = {
    str: _text,
    int: _whole,
    Decimal: _number,
    bool: _flag,
}


# ── the ids of a project ─────────────────────────────────────────────────────────────


def _ids(kind: str, known: Known | None) -> Schema:
    """The ids that a reference to a kind may name."""
    word = _WORDS.get(kind, kind)
    if known is None:
        return {
            "title": f"id of {_a(word)}",
            "type": ["string", "integer"],
            "minimum": 0,
            **_AN_ID,
            "maxLength": 64,
        }
    values: list[Any] = []
    about: list[str] = []
    for name, words in sorted(known.get(kind, {}).items()):
        seen: list[Any] = [name, int(name)] if name.isdecimal() else [name]
        values += seen  # an editor takes 007 without quotes for a number
        about += [words] * len(seen)
    return {
        "title": f"id of {_a(word)}",
        "enum": values,
        "markdownEnumDescriptions": about,
        "errorMessage": f"There is no {word} with this id. Choose one from the list (Ctrl+Space); "
        f"if the {word} is new, write the schema again: csstrain schema --output .",
    }


class Names(NamedTuple):
    """The ids of a project: of each kind, with words in Markdown; and the files that hide some."""

    known: Known
    unread: tuple[str, ...]


def names(files: Mapping[str, bytes]) -> Names:
    """The ids of all content that can be read.

    A field that is wrong or missing hides nothing: an editor is needed most when things are
    broken. Of a file whose YAML cannot be read, nothing is known.
    """
    known: dict[str, dict[str, str]] = {"any": {}}
    unread: list[str] = []
    for name in sorted(files):
        if not name.lower().endswith((".yaml", ".yml")):
            continue
        data = parse(name, files[name])[1].value
        if not isinstance(data, dict):
            unread.append(name)
        for model, fields in _entities(data):
            words = _words(model, fields)
            for kind in (model.kind, "any"):
                known.setdefault(kind, {}).setdefault(str(fields["id"]), words)
    return Names(known, tuple(unread))


def _entities(data: Data | None) -> Iterator[tuple[type[Entity], dict[str, Data]]]:
    if isinstance(data, dict):
        for kind, model in KINDS.items():
            yield from _inside(model, data.get(kind))
            yield from _inside(model, data.get(PLURALS[kind]))


def _inside(
    model: type[Value], data: Data | None
) -> Iterator[tuple[type[Entity], dict[str, Data]]]:
    """Everything with an id in what was written for a model, itself first."""
    if isinstance(data, list):
        for each in data:
            yield from _inside(model, each)
    elif isinstance(data, dict):
        if issubclass(model, Entity) and isinstance(data.get("id"), str) and data["id"]:
            yield model, data
        for name, info in model.model_fields.items():
            if inner := inner_model(info.annotation):
                yield from _inside(inner, data.get(field_name(model, name)))


def _words(model: type[Entity], fields: dict[str, Data]) -> str:
    """What an entity is, in a line of Markdown: `**skill** Greets a customer by name.`"""
    written = {name: fields.get(field_name(model, name)) for name in model.model_fields}
    kept = {name: value for name, value in written.items() if isinstance(value, str)}
    try:
        label = model.model_construct(None, **kept).label
    except AttributeError:  # the field that it is known by is missing
        label = ""
    lead = next((fields[name] for name in ("classes", "kind", "method") if name in fields), "")
    while isinstance(lead, list):
        lead = lead[0] if lead else ""
    line = " ".join((label or "").split())
    line = line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
    return f"**{lead or _word(model)}** {line}".strip()


# ── snippets ─────────────────────────────────────────────────────────────────────────
#
# What an author writes most, ready to fill: `${1:k32}` is where the cursor stops first, with
# the words that stand there until something better is written.


def _snippet(model: type[Value]) -> list[Schema]:
    body = _SNIPPETS.get(model)
    if not body:
        return []
    about = f"{_first_line(model)} Fill it in; the Tab key leads from place to place."
    return [{"label": f"new {_word(model)}", "description": about, "body": body}]


def _pick(number: int, model: type[Value], name: str) -> str:
    """A place where one of a field's values is picked."""
    field = model.model_fields[name]
    listed = get_args(field.annotation)
    values = get_args(listed[0]) if get_origin(listed[0]) is Literal else listed
    return f"${{{number}|{','.join(values)}|}}"


_SNIPPETS: Mapping[type[Value], Schema] = {
    Ksa: {
        "id": "${1:k32}",
        "statement": "${2:What the person knows or can do, one thing only.}",
        "name": "${3:Two to five words}",
        "classes": [_pick(4, Ksa, "classes")],
        "difficulty": "${5|2,1,3|}",
        "importance": "${6|2,1,3|}",
        "frequency": "${7|2,1,3|}",
        "target_job": "${8|2,1,3|}",
        "target_end_of_training": "${9|1,2|}",
    },
    Module: {
        "id": "${1:m11}",
        "title": "${2:What it is called}",
        "goal": "${3:What it brings the trainee to.}",
        "rationale": "${4:Why these methods, for these KSAs.}",
    },
    Objective: {
        "id": "${1:o11-1}",
        "kind": _pick(2, Objective, "type"),
        "ksas": [{"ksa": "${3:k32}", "level": "${4|1,2|}"}],
        "verb": "${5:conduct}",
        "behavior": "${6:what follows the verb}",
        "condition": "${7:what is given, with which limits}",
        "degree": {
            "text": "${8:the standard in words}",
            "metric": _pick(9, Degree, "metric"),
            "value": "${10:3}",
        },
        "domain": _pick(11, Objective, "domain"),
        "level": _pick(12, Objective, "level"),
    },
    Activity: {
        "id": "${1:m11-practice}",
        "title": "${2:What it is called in the agenda}",
        "method": _pick(3, Activity, "method"),
        "phase": _pick(4, Activity, "phase"),
        "minutes": {"min": "${5:15}", "plan": "${6:20}", "max": "${7:30}"},
        "objectives": ["${8:o11-1}"],
        "trainer": [{"do": "${9:What the trainer does.}"}],
        "trainees": "${10:What trainees do.}",
    },
    Instrument: {
        "id": "${1:i-new}",
        "title": "${2:What it is called}",
        "kind": _pick(3, Instrument, "type"),
        "kirkpatrick": "${4|2,1,3,4|}",
        "when": _pick(5, Instrument, "when"),
        "objectives": ["${6:o11-1}"],
    },
    Item: {
        "id": "${1:new-1}",
        "stem": "${2:The question?}",
        "options": [
            {"id": "a", "text": "${3:An answer.}"},
            {"id": "b", "text": "${4:An answer.}"},
            {"id": "c", "text": "${5:An answer.}"},
        ],
        "key": "${6|a,b,c|}",
        "rationale": "${7:Why the key is right, with the reference.}",
        "objective": "${8:o11-1}",
        "level": _pick(9, Item, "level"),
    },
    Criterion: {
        "id": "${1:new-greeting}",
        "name": "${2:What is scored}",
        "objective": "${3:o11-1}",
        "anchors": [
            {"level": number, "text": f"${{{number + 3}:What the rater sees or hears.}}"}
            for number in range(1, 5)
        ],
    },
    Question: {
        "id": "${1:new-q1}",
        "text": "${2:The question?}",
        "type": _pick(3, Question, "type"),
        "waves": ["${4|30,60,90|}"],
        "ksas": ["${5:k32}"],
    },
}
