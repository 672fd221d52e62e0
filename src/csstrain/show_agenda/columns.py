"""Text in columns: widths as a terminal counts them, texts cut to fit, sentences wrapped."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from csstrain.report import printable_line


def cells(text: str) -> int:
    """How many cells of a terminal a text takes: wide characters two, marks above them none.

    >>> cells("plan"), cells("研修"), cells("e\u0301")
    (4, 4, 1)
    """
    return len(text) if text.isascii() else sum(map(_cell, text))


def _cell(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def cut(text: str, width: int) -> str:
    """A text that takes at most so many cells; what is cut ends in an ellipsis.

    >>> cut("Welcome to all", 8), cut("研修計画", 5)
    ('Welcome…', '研修…')
    """
    if cells(text) <= width:
        return text
    kept = ""
    for letter in text:
        if cells(kept + letter) >= width:
            break
        kept += letter
    return f"{kept.rstrip()}…"


def fit(text: str, width: int) -> str:
    """A text cut or filled with spaces to exactly so many cells."""
    shown = cut(text, width)
    return shown + " " * (width - cells(shown))


def wrap(text: str, width: int, first: str = "", rest: str = "") -> Iterator[str]:
    """A text in lines of at most so many cells, with what its first and other lines begin with.

    A word that is longer than a line stands alone.

    >>> list(wrap("one two three", 11, "- ", "  "))
    ['- one two', '  three']
    """
    line, begun = first, False
    for word in text.split():
        if begun and cells(line) + 1 + cells(word) > width:
            yield printable_line(line)  # a word of an author's now begins it
            line, begun = rest, False
        line += f" {word}" if begun else word
        begun = True
    if begun:
        yield printable_line(line)
