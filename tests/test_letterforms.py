"""Signs and paper: what the list of signs lets pass is printed, and what it leaves out is not."""

from __future__ import annotations

import logging
import sys
import unicodedata
from html import escape

import pytest

from csstrain.letterforms import printed
from csstrain.pdf import PrintChapter, PrintFault, draw

STYLE = """
html { font-family: "Atkinson Hyperlegible", "Signs"; }
.capital { text-transform: uppercase; }
"""
PAGE = '<!doctype html><html lang="en"><head><title>T</title></head><body><h1>T</h1>{}'


def page(signs: str) -> PrintChapter:
    """Every sign as it is, bold, slanted and as a capital; apart, so that none joins another."""
    apart = escape(" ".join(signs))
    looks = ("<p>{}</p>", "<p><b>{}</b></p>", "<p><i>{}</i></p>", '<p class="capital">{}</p>')
    return PrintChapter("1", "T", PAGE.format("".join(each.format(apart) for each in looks)), STYLE)


def test_every_sign_that_is_let_pass_is_printed() -> None:
    assert draw(page("".join(sorted(printed())))).startswith(b"%PDF")


def refused() -> list[str]:
    """Signs that people use, and one in so many of all others that are left out.

    Left aside are those that shaping takes apart or hides, which some text without a letterform
    for them may show all the same, and those that no reading of a text lets in.
    """
    other = [
        chr(code)
        for code in range(0x20, sys.maxunicode + 1)
        if unicodedata.category(chr(code))[0] in "LNPS" and not unicodedata.decomposition(chr(code))
    ]
    every = [*"✔✅❌⚠😀👍☎📞⃣Ԁאםعمकกあ北", *other[::59]]
    return [sign for sign in every if sign not in printed()]


def test_every_sign_that_is_refused_would_stop_a_build(caplog: pytest.LogCaptureFixture) -> None:
    signs = refused()
    with caplog.at_level(logging.WARNING, "weasyprint"), pytest.raises(PrintFault, match="notdef"):
        draw(page("".join(signs)))
    told = {record.args[1] for record in caplog.records if isinstance(record.args, tuple)}
    able = [s for s in signs if not told.intersection(map(ord, s + s.upper()))]
    assert able == []


def test_fonts_of_the_machine_lend_no_signs() -> None:
    # Most machines have a font with this check mark; the packaged ones have another.
    with pytest.raises(PrintFault, match=r"U\+2714"):
        draw(page("✔"))
