"""Tables to a spreadsheet: the one file that writes Excel workbooks."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from csstrain.tables import SIGN, Cell, Column, Short, Table

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

# The same tables give the same bytes: a workbook that carried the time of day would not.
_CREATED = dt.datetime(2000, 1, 1)
_LONGEST = 32_000
_LONGEST_LIST = 255  # letters of all choices of a cell; longer ones are whole numbers in a row
_LONGEST_FOOT = 240  # letters, with room for the numbers of pages
_LINE, _HIGHEST = 15, 409  # points; Excel has no higher row

Look = Literal[
    "title", "note", "text", "check", "head", "number", "count", "mean", "clock", "date", "result",
    "input", "input clock", "input text", "input date",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula of ours and its result, which viewers show that do not calculate.

    `text` is made of addresses, numbers and words of ours, never of content.
    """

    text: str
    value: str | int | float


@dataclass(frozen=True, slots=True)
class Live:
    """A cell of a live sheet; a clock time is a share of the day, as spreadsheets count."""

    value: str | int | float | dt.date | Formula | None
    look: Look = "text"


@dataclass(frozen=True, slots=True)
class Mark:
    """Cells that look different while a formula of ours holds: what they say is in words too."""

    cells: str
    holds: str
    look: Literal["fault", "pause", "day"]


@dataclass(frozen=True, slots=True)
class Choice:
    """Cells that take nothing but one of a few values, and what to say of another."""

    cells: str
    values: tuple[str | int, ...]
    otherwise: str


@dataclass(frozen=True, slots=True)
class LiveSheet:
    """A sheet that calculates: rows of cells, of which the first `fixed` stay in view.

    `whole` are cells that take nothing but whole numbers from 0 on. A `locked` sheet lets nobody
    type but into cells that look like input; there is no password. `foot` stands on each page.
    """

    name: str
    widths: tuple[int, ...]
    rows: tuple[tuple[Live, ...], ...]
    fixed: int = 0
    whole: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    choices: tuple[Choice, ...] = ()
    locked: bool = False
    foot: str = ""


def workbook(title: str, tables: Sequence[Table | LiveSheet]) -> bytes:
    """An Excel workbook with a sheet for each table, and the notes on a last one.

    Headings stay in view and carry filters; numbers stay numbers. A cell that falls short has a
    symbol and a word in its number format, beside the color. Texts are never formulas or links.
    """
    from xlsxwriter import Workbook

    raw = io.BytesIO()
    book = Workbook(raw, {"in_memory": True})
    book.set_properties({"title": title, "created": _CREATED})
    looks = _looks(book)
    for table in tables:
        if isinstance(table, LiveSheet):
            _live_sheet(book, table, looks)
        else:
            _sheet(book, table, looks)
    noted = [table for table in tables if isinstance(table, Table) and table.note]
    if noted:
        columns = (Column("sheet", 16), Column("note", 100))
        rows = tuple((table.name, table.note) for table in noted)
        _sheet(book, Table("notes", "Notes", columns, rows), looks)
    book.close()
    return raw.getvalue()


def _looks(book: Workbook) -> dict[str, Any]:
    top = {"valign": "top"}
    fault = {"bold": True, "font_color": "#7a1420", "bg_color": "#fbe3e6"}
    gap = {**top, **fault}
    typed = {
        **top, "bg_color": "#fff5cc", "border": 1, "border_color": "#b59a3c", "locked": False,
    }  # fmt: skip
    return {
        "head": book.add_format(
            {"bold": True, "text_wrap": True, "bottom": 2, "bg_color": "#e6edf1", "valign": "top"}
        ),
        "text": book.add_format({**top, "text_wrap": True}),
        "number": book.add_format({**top, "num_format": "General"}),
        "percent": book.add_format({**top, "num_format": "0%"}),
        "short": book.add_format({**gap, "num_format": f'"{SIGN} "General" short"'}),
        "short percent": book.add_format({**gap, "num_format": f'"{SIGN} "0%" short"'}),
        "title": book.add_format({**top, "bold": True, "font_size": 14}),
        "check": book.add_format({**top, "indent": 1}),
        "count": book.add_format({**top, "num_format": "0", "align": "left"}),
        "mean": book.add_format({**top, "num_format": "0.00", "align": "left"}),
        "result": book.add_format({**top, "bold": True, "text_wrap": True}),
        "note": book.add_format({**top, "italic": True}),
        "clock": book.add_format({**top, "num_format": "hh:mm", "align": "center"}),
        "date": book.add_format({**top, "num_format": "yyyy-mm-dd", "align": "left"}),
        "input": book.add_format({**typed, "num_format": "0", "align": "center"}),
        "input clock": book.add_format({**typed, "num_format": "hh:mm", "align": "center"}),
        "input text": book.add_format({**typed, "num_format": "@", "text_wrap": True}),
        "input date": book.add_format({**typed, "num_format": "yyyy-mm-dd", "align": "left"}),
        "fault": book.add_format(fault),
        "pause": book.add_format({"italic": True, "bg_color": "#f0f0f0"}),
        "day": book.add_format({"top": 1}),
    }


def _sheet(book: Workbook, table: Table, looks: dict[str, Any]) -> None:
    sheet = _printable(book, table.name)
    sheet.freeze_panes(1, 1)
    sheet.repeat_rows(0)
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, column.width + 2)
        sheet.write_string(0, index, column.title, looks["head"])
    widths = [column.width + 2 for column in table.columns]
    for number, row in enumerate(table.rows, 1):
        _fit(sheet, number, zip(row, widths, strict=True))
        for index, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            _write(sheet, number, index, cell, column, looks)
    if table.columns:
        sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)


def _printable(book: Workbook, name: str) -> Any:
    """A new sheet that prints in landscape, as wide as the page."""
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", name)[:31])
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    return sheet


def _fit(sheet: Any, row: int, cells: Iterable[tuple[object, int]]) -> None:
    """Make a row as high as its longest text: not every program does so by itself."""
    lines = max((-(-len(v) // w) for v, w in cells if isinstance(v, str)), default=1)
    if lines > 1:
        sheet.set_row(row, min(_LINE * lines, _HIGHEST))


def _write(
    sheet: Any, row: int, index: int, cell: Cell, column: Column, looks: dict[str, Any]
) -> None:
    number = cell.value if isinstance(cell, Short) else cell
    if number is None:
        return
    if isinstance(number, str):
        sheet.write_string(row, index, number[:_LONGEST], looks["text"])
        return
    kind = "percent" if column.percent else "number"
    if isinstance(cell, Short):
        kind = "short percent" if column.percent else "short"
    value = float(number) if isinstance(number, Decimal) else number
    sheet.write_number(row, index, value, looks[kind])


# ── sheets that calculate ────────────────────────────────────────────────────────────


def _live_sheet(book: Workbook, live: LiveSheet, looks: dict[str, Any]) -> None:
    sheet = _printable(book, live.name)
    for index, width in enumerate(live.widths):
        sheet.set_column(index, index, width)
    if live.fixed:
        sheet.freeze_panes(live.fixed, 0)
        sheet.repeat_rows(live.fixed - 1)
    for number, row in enumerate(live.rows):
        wrapped = (cell.value if cell.look == "text" else None for cell in row)
        _fit(sheet, number, zip(wrapped, live.widths, strict=False))
        for index, cell in enumerate(row):
            _write_live(sheet, number, index, cell, looks[cell.look])
    for choice in live.choices:
        sheet.data_validation(choice.cells, _one_of(choice))
    if live.locked:
        sheet.protect("", {"format_columns": True, "format_rows": True})
    if live.foot:
        foot = live.foot
        while len(foot.replace("&", "&&")) > _LONGEST_FOOT:
            foot = foot[:-2].rstrip() + "…"
        sheet.set_footer("&L" + foot.replace("&", "&&") + "&R&P / &N")
    # Texts that look like numbers, such as 4.10, are meant as they are.
    sheet.ignore_errors({"number_stored_as_text": "A1:XFD1048576"})
    for cells in live.whole:
        sheet.data_validation(cells, _WHOLE)
    for mark in live.marks:
        wanted = {"type": "formula", "criteria": mark.holds, "format": looks[mark.look]}
        sheet.conditional_format(mark.cells, wanted)


def _one_of(choice: Choice) -> dict[str, object]:
    told = {"error_title": "One of these", "error_message": choice.otherwise}
    if len(",".join(map(str, choice.values))) > _LONGEST_LIST:
        first, last = choice.values[0], choice.values[-1]
        return {"validate": "integer", "criteria": "between", "minimum": first, "maximum": last,
                **told}  # fmt: skip
    return {"validate": "list", "source": list(choice.values), **told}


_WHOLE = {
    "validate": "integer",
    "criteria": ">=",
    "value": 0,
    "error_title": "Whole numbers",
    "error_message": "Whole numbers belong here: 0 or more.",
}


def _write_live(sheet: Any, row: int, index: int, cell: Live, look: Any) -> None:
    value = cell.value
    if isinstance(value, Formula):
        sheet.write_formula(row, index, value.text, look, value.value)
    elif isinstance(value, str):
        sheet.write_string(row, index, value[:_LONGEST], look)
    elif isinstance(value, dt.date):
        sheet.write_datetime(row, index, value, look)
    elif value is not None:
        sheet.write_number(row, index, value, look)
    elif cell.look.startswith("input"):
        sheet.write_blank(row, index, None, look)  # a place to type into
