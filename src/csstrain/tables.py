"""Tables as values, and as CSV: rows that every format shows, with numbers that fall short."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

SIGN = "✗"
# What a spreadsheet takes for the beginning of a formula, full-width forms included.
_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


@dataclass(frozen=True, slots=True)
class Short:
    """A number that falls short of what is required: shown with a symbol and a word."""

    value: int | float


Cell = str | int | float | Decimal | Short | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, its width in characters, and how its cells are shown.

    A `percent` column holds shares from 0 to 1; an `aside` is left out on a terminal.
    """

    title: str
    width: int = 10
    percent: bool = False
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its short name, its title, columns, rows, and a note on how to read it."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""


def shown(cell: Cell, column: Column) -> str:
    """A cell as a reader sees it on a page.

    >>> shown(Short(1), Column("taught")), shown(0.5, Column("share", percent=True))
    ('✗ 1 short', '50 %')
    """
    if isinstance(cell, Short):
        return f"{SIGN} {shown(cell.value, column)} short"
    if cell is None:
        return "–"
    if column.percent and not isinstance(cell, str):
        return f"{_rounded(cell * 100, 1)} %"
    return str(cell)


def csv_text(tables: Sequence[Table]) -> str:
    """Tables as one CSV file (RFC 4180): one heading, and a first column that names the table.

    A text that a spreadsheet would take for a formula gets an apostrophe in front; shares are
    numbers from 0 to 1, and what falls short stands as a plain number beside the words about it.
    """
    text = io.StringIO()
    out = csv.writer(text, lineterminator="\r\n")
    titles = list(dict.fromkeys(c.title for table in tables for c in table.columns))
    several = len(tables) > 1
    out.writerow(["table", *titles] if several else titles)
    for table in tables:
        where = {c.title: index for index, c in enumerate(table.columns)}
        for row in table.rows:
            cells = [_plain(row[where[t]]) if t in where else "" for t in titles]
            out.writerow([table.name, *cells] if several else cells)
    return text.getvalue()


def _plain(cell: Cell) -> str:
    if isinstance(cell, Short):
        return _plain(cell.value)
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return _rounded(cell, 6)


def _rounded(number: int | float | Decimal, places: int) -> str:
    """A number without zeros at its end."""
    text = f"{number:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def text_table(table: Table) -> str:
    """A table for a terminal: columns side by side, long texts cut."""
    kept = [i for i, column in enumerate(table.columns) if not column.aside]
    rows = [tuple(column.title for column in table.columns), *texts(table)]
    widths = [min(table.columns[i].width, max(len(row[i]) for row in rows)) for i in kept]
    lines = [
        "  ".join(_cut(row[i], width) for i, width in zip(kept, widths, strict=True)).rstrip()
        for row in rows
    ]
    return "\n".join(lines) + "\n"


def texts(table: Table) -> Iterator[tuple[str, ...]]:
    """The rows of a table as a reader sees them."""
    for row in table.rows:
        yield tuple(shown(c, column) for c, column in zip(row, table.columns, strict=True))


def _cut(text: str, width: int) -> str:
    text = " ".join(text.split())
    return (text if len(text) <= width else text[: width - 1] + "…").ljust(width)
