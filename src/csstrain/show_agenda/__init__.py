"""Agendas as text and files: one function for each format."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from csstrain.pipeline import Compilation
from csstrain.show_agenda.data import as_json
from csstrain.show_agenda.table import as_table

__all__ = ["FORMATS"]

FORMATS: Mapping[str, Callable[[Compilation], str | bytes]] = {
    "table": as_table,
    "json": as_json,
}
