"""Agendas as text and files: one function for each format."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from csstrain.pipeline import Compilation
from csstrain.show_agenda.data import as_json
from csstrain.show_agenda.events import as_ics
from csstrain.show_agenda.page import as_html, as_pdf
from csstrain.show_agenda.rows import as_csv
from csstrain.show_agenda.table import WIDTH, as_table
from csstrain.show_agenda.what_if import WHAT_IF
from csstrain.show_agenda.workbook import as_xlsx

__all__ = ["FORMATS", "WHAT_IF", "WIDTH", "as_html", "as_ics", "as_pdf", "as_table"]

FORMATS: Mapping[str, Callable[[Compilation], str | bytes]] = {
    "table": as_table,
    "json": as_json,
    "csv": as_csv,
    "html": as_html,
    "pdf": as_pdf,
    "xlsx": as_xlsx,
    "ics": as_ics,
}
