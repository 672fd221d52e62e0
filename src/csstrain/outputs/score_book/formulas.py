"""Formulas of a workbook, put together from cells, words and conditions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from csstrain.spreadsheet import Formula


def column_letters(number: int) -> str:
    """The letters of a column, counted from 0.

    >>> column_letters(0), column_letters(25), column_letters(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def any_says(cells: Iterable[str], *words: str) -> str:
    """Whether any of some cells says one of some words."""
    return join("OR", [f'{cell}="{word}"' for word in words for cell in cells])


def all_say(cells: Iterable[str], word: str) -> str:
    """Whether all of some cells say a word."""
    return join("AND", [f'{cell}="{word}"' for cell in cells])


def join(how: Literal["AND", "OR"], tests: list[str]) -> str:
    """Whether all or any of some conditions hold."""
    return f"{how}({','.join(tests)})" if tests[1:] else tests[0]


def chain(*cases: tuple[str, str], otherwise: str) -> str:
    """The result of the first condition that holds."""
    made = otherwise
    for condition, result in reversed(cases):
        made = f"IF({condition},{result},{made})"
    return made


def formula(text: str) -> Formula:
    """A cell that calculates; nobody has entered anything yet, so it shows nothing."""
    return Formula(f"={text}", "")
