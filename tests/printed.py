"""What the shipped content says, read without csstrain: entities, tables, rows, figures in texts.

A key is tested against the very pages that trainees work from, so nothing here knows a figure.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, cached_property
from io import StringIO
from typing import Any

import yaml

from tests.curricula import Files

# BaseLoader leaves every scalar as it is written: 10:00 is a time and 007 a name.
Loader: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
# A clock time, a part of a name (FW-1, R01, o4-1) and a decimal behind a digit are no figures.
FIGURE = re.compile(r"(?<![\w.,:])(?<![A-Za-z]-)(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?(?!\d|[.:]\d)")
CLOCK = re.compile(r"\b\d{1,2}:\d\d\b")


class Printed:
    """The content as its readers meet it."""

    def __init__(self, files: Files) -> None:
        self.files = files

    def changed(self, file: str, change: str) -> Printed:
        """The same content with one place changed, such as `at most ${40→45}`: a slip to notice."""
        before, old, new, after = re.split(r"\{(.*)→(.*)\}", change)
        text = self.files[f"content/{file}"].decode()
        found = re.search("".join(f"({_wrapped(words)})" for words in (before, old, after)), text)
        assert found, f"{file} does not hold {before}{old}{after} any more: choose another place"
        text = text[: found.start(2)] + new + text[found.end(2) :]
        return Printed({**self.files, f"content/{file}": text.encode()})

    @cached_property
    def entities(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, raw in self.files.items():
            if name.endswith(".yaml"):
                found.update(_entities(raw))
        return found

    @cached_property
    def texts(self) -> list[str]:
        """Every text of the content, whatever it is for, each once and on one line."""
        files = (self.files[name].decode() for name in self.files if name.endswith(".md"))
        return [flat(t) for t in dict.fromkeys([*_texts(list(self.entities.values())), *files])]

    def file(self, name: str) -> str:
        return self.files[f"content/{name}"].decode()

    def rows(self, name: str) -> list[dict[str, str]]:
        return list(csv.DictReader(StringIO(self.file(f"materials/{name}"))))

    def body(self, material: str) -> str:
        """What a material prints, from its body or its file."""
        entity = self.entities[material]
        return str(entity["body"] if "body" in entity else self.file(f"materials/{entity['file']}"))

    def answers(self, activity: str) -> str:
        return str(self.entities[activity]["answers"])

    def expected(self, activity: str, question: str) -> str:
        """The expected answer to the question of a trainer that holds these words."""
        (found,) = (
            s for s in self.entities[activity]["trainer"] if question in flat(s.get("ask", ""))
        )
        return str(found["expect"])

    def mistake(self, activity: str, words: str) -> str:
        """The common error that holds these words, with the response to it."""
        (found,) = (m for m in self.entities[activity]["mistakes"] if words in flat(m["error"]))
        return f"{found['error']} {found['response']}"

    def anchor(self, criterion: str, level: int) -> str:
        """What a criterion describes at one level."""
        anchors = self.entities[criterion]["anchors"]
        return str(next(a["text"] for a in anchors if int(a["level"]) == level))

    def done(self, activity: str, words: str) -> str:
        """The step of a trainer that holds these words."""
        steps = (
            s.get(kind, "") for s in self.entities[activity]["trainer"] for kind in ("do", "say")
        )
        (found,) = (str(step) for step in steps if words in flat(step))
        return found


@cache
def _entities(raw: bytes) -> dict[str, Any]:
    found: dict[str, Any] = {}
    waiting: list[Any] = [yaml.load(raw, Loader)]  # noqa: S506 (it makes nothing but texts)
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if len(value.get("id", "")) > 1:  # the options of an item are a, b, c in every item
                found[value["id"]] = value
            waiting += value.values()
        elif isinstance(value, list):
            waiting += value
    return found


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    else:
        inside = value.values() if isinstance(value, dict) else value
        for each in inside if isinstance(inside, Iterable) else ():
            yield from _texts(each)


# ── texts ────────────────────────────────────────────────────────────────────────────


def flat(text: str) -> str:
    """A text on one line, without the signs of bold print."""
    return " ".join(text.replace("**", "").split())


def found(pattern: str, text: str) -> list[str]:
    """The groups of a pattern that stands in a text just once or first."""
    match = re.search(pattern, flat(text))
    assert match, f"no {pattern!r} in: {flat(text)[:300]}"
    return list(match.groups())


def told(text: str, words: str) -> list[Decimal]:
    """The numbers that stand for each # where a text holds these words."""
    pattern = _wrapped(words).replace(r"\#", r"(\d[\d,]*(?:\.\d+)?)")
    found = re.search(pattern, flat(text))
    assert found, f"no {words!r} in: {flat(text)[:400]}"
    return [Decimal(n.replace(",", "")) for n in found.groups()]


def part(text: str, start: str, end: str = "") -> str:
    """What stands between two places of a text; to its end without a second."""
    rest = _behind(text, start)
    return rest[: len(rest) - len(_behind(rest, end, whole=True))] if end else rest


def _behind(text: str, words: str, whole: bool = False) -> str:
    """The text behind some words (or from them on), wherever its lines break."""
    found = re.search(_wrapped(words), text)
    assert found, f"no {words!r} in: {flat(text)[:300]}"
    return text[found.start() if whole else found.end() :]


def _wrapped(words: str) -> str:
    """A pattern for words, wherever their line breaks."""
    return re.sub(r"(\\?\s)+", r"\\s+", re.escape(words))


def numbered(text: str, start: str = r"(?:- \*\*[A-Z])?(\d+)(?:\.\s|\.?\*\*)") -> dict[int, str]:
    """The points of a list by their numbers: `1. …`, `- **J1.** …` or what else they start with."""
    pieces = re.split(rf"^\s*{start}", text, flags=re.M)
    return {int(n): flat(words) for n, words in zip(pieces[1::2], pieces[2::2], strict=True)}


def number(text: str) -> Decimal:
    """The only figure of a text, such as a cell with an amount."""
    (found,) = figures(text)
    return found


def figures(text: str) -> list[Decimal]:
    """All figures of a text in their order; clock times, form codes and ids are none."""
    plain = CLOCK.sub(" ", flat(text))
    return [Decimal(whole.replace(",", "") + decimals) for whole, decimals in FIGURE.findall(plain)]


def holds(text: str, *computed: Decimal | int | str) -> None:
    """A key says just these figures, each at least once, and no other."""
    wanted = {Decimal(str(c)) for c in computed}
    said = set(figures(text))
    assert said == wanted, (
        f"says {_told(said - wanted)}, lacks {_told(wanted - said)}: {flat(text)}"
    )


def names(text: str, *computed: Decimal | int | str) -> None:
    """A key says at least these figures; others in it are those of its case."""
    lacking = {Decimal(str(c)) for c in computed} - set(figures(text))
    assert not lacking, f"lacks {_told(lacking)}: {flat(text)}"


def says(text: str, *words: str) -> None:
    """A key holds these words, most of them with a computed figure in the middle."""
    for each in words:
        assert each in flat(text), f"no {each!r} in: {flat(text)}"


def _told(values: set[Decimal]) -> str:
    return ", ".join(str(v) for v in sorted(values)) or "nothing"


# ── tables ───────────────────────────────────────────────────────────────────────────


class Table:
    """A Markdown table: its head, and its rows as cells without the signs of bold print."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.head, self.rows = _cells(lines[0]), [_cells(line) for line in lines[2:]]

    def by(self, column: int = 0) -> dict[str, list[str]]:
        return {row[column]: row for row in self.rows}

    def column(self, name: str) -> list[str]:
        return [row[self.head.index(name)] for row in self.rows]


def tables(text: str) -> list[Table]:
    """The Markdown tables of a text, in their order."""
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        if line.strip().startswith("|"):
            found[-1].append(line.strip())
        elif found[-1]:
            found.append([])
    return [Table(lines) for lines in found if lines]


def _cells(line: str) -> list[str]:
    return [flat(cell) for cell in line.strip("|").split("|")]


# ── arithmetic as trainees do it ─────────────────────────────────────────────────────


def rounded(value: Decimal | float, places: int) -> Decimal:
    """Half up, as people and spreadsheets round; with just so many places."""
    return Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def percent(some: Decimal | int, every: Decimal | int, places: int = 1) -> Decimal:
    return rounded(Decimal(some) * 100 / Decimal(every), places)


WORDS = [
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen",
]  # fmt: skip


def word(count: int) -> str:
    """A small number as texts write it."""
    return WORDS[count]


def spelled(text: str) -> list[int]:
    """The numbers that a text writes as words, in their order."""
    return [WORDS.index(w) for w in re.findall(r"[a-z]+", flat(text).lower()) if w in WORDS[1:]]


def money(amount: Decimal | int) -> str:
    return f"{Decimal(amount):,.2f}"


def whole(cells: Sequence[str]) -> Iterator[int]:
    """Cells of a table as whole numbers."""
    return (int(number(cell)) for cell in cells)
