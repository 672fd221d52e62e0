"""Tables to a spreadsheet: the one file that writes Excel workbooks."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from csstrain.tables import SIGN, Cell, Column, Short, Table

if TYPE_CHECKING:
    from xlsxwriter.workbook import Workbook

# The same tables give the same bytes: a workbook that carried the time of day would not.
_CREATED = dt.datetime(2000, 1, 1)
_LONGEST = 32_000


def workbook(title: str, tables: Sequence[Table]) -> bytes:
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
        _sheet(book, table, looks)
    if any(table.note for table in tables):
        columns = (Column("sheet", 16), Column("note", 100))
        rows = tuple((table.name, table.note) for table in tables if table.note)
        _sheet(book, Table("notes", "Notes", columns, rows), looks)
    book.close()
    return raw.getvalue()


def _looks(book: Workbook) -> dict[str, Any]:
    top = {"valign": "top"}
    gap = {**top, "bold": True, "font_color": "#7a1420", "bg_color": "#fbe3e6"}
    return {
        "head": book.add_format(
            {"bold": True, "text_wrap": True, "bottom": 2, "bg_color": "#e6edf1", "valign": "top"}
        ),
        "text": book.add_format({**top, "text_wrap": True}),
        "number": book.add_format({**top, "num_format": "General"}),
        "percent": book.add_format({**top, "num_format": "0%"}),
        "short": book.add_format({**gap, "num_format": f'"{SIGN} "General" short"'}),
        "short percent": book.add_format({**gap, "num_format": f'"{SIGN} "0%" short"'}),
    }


def _sheet(book: Workbook, table: Table, looks: dict[str, Any]) -> None:
    sheet = book.add_worksheet(re.sub(r"[\[\]:*?/\\]", " ", table.name)[:31])
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.repeat_rows(0)
    sheet.fit_to_pages(1, 0)
    for index, column in enumerate(table.columns):
        sheet.set_column(index, index, column.width + 2)
        sheet.write_string(0, index, column.title, looks["head"])
    for number, row in enumerate(table.rows, 1):
        for index, (cell, column) in enumerate(zip(row, table.columns, strict=True)):
            _write(sheet, number, index, cell, column, looks)
    if table.columns:
        sheet.autofilter(0, 0, max(len(table.rows), 1), len(table.columns) - 1)


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
