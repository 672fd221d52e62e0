"""Cells: the text of a CSV table as rows of cells, each with its line and column."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from csstrain.diagnostic import Position

MARKS = ",;\t"  # what parts columns: European spreadsheets write semicolons, a clipboard has Tabs


class Cell(NamedTuple):
    """A cell without the space around it, and where it stands."""

    text: str
    at: Position


Row = tuple[Cell, ...]


def cells(text: str) -> tuple[tuple[Row, ...], Position | None]:
    """The rows of a table that are not empty, and the first quote that breaks it, if one does.

    Quotes follow RFC 4180. Reading stops at a cell that opens with a quote and does not end with
    one: what stands behind it could belong to any column. The standard library's reader would
    tell neither where a cell stands nor that a quote is never closed.

    >>> rows, _ = cells('trainee;level\\r\\n"T; 1"; 2\\r\\n;\\r\\n')
    >>> [[cell.text for cell in row] for row in rows]
    [['trainee', 'level'], ['T; 1', '2']]
    >>> rows[1][1].at
    Position(line=2, column=9)
    """
    text = re.sub(r"\r\n?", "\n", text)
    pattern = _pattern(_mark(text))
    rows: list[Row] = []
    row: list[Cell] = []
    offset, line, start = 0, 1, 0
    while offset < len(text):
        found = pattern.match(text, offset)
        if not found:
            opened = text.index('"', offset)
            return tuple(rows), Position(line, opened - start + 1)
        at = Position(line, found.start("cell") - start + 1)
        row.append(Cell(_plain(found["quoted"], found["cell"]), at))
        offset = found.end()
        line += found[0].count("\n")
        if "\n" in found[0]:
            start = text.rindex("\n", 0, offset) + 1
        if found["end"] in ("\n", "") or offset == len(text):
            if any(cell.text for cell in row):
                rows.append(tuple(row))
            row = []
    return tuple(rows), None


def _mark(text: str) -> str:
    """What parts the columns: the sign that the first line has most of."""
    first = text.lstrip().split("\n", 1)[0]
    return max(MARKS, key=first.count)


@cache
def _pattern(mark: str) -> re.Pattern[str]:
    """One cell and what ends it; possessive, so that no table makes it look twice."""
    return re.compile(
        rf'[ \u00a0]*+(?P<cell>"(?P<quoted>(?:[^"]|"")*+)"[ \u00a0]*+|[^"\n{mark}][^\n{mark}]*+|)'
        rf"(?P<end>[\n{mark}]|\Z)"
    )


def _plain(quoted: str | None, cell: str) -> str:
    """A cell as one line in composed characters, so that what looks the same is the same."""
    text = cell if quoted is None else quoted.replace('""', '"')
    return unicodedata.normalize("NFC", " ".join(text.split()))
