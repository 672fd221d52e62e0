"""What a page needs for an accessible PDF, checked before it is laid out.

WeasyPrint writes a file that says it is PDF/UA and is not, without a word, where a page lacks a
title, an alternate text or a level of headings. Each fault here names the element and its cure.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", re.ASCII)
_HEADING = re.compile(r"h[1-6]", re.ASCII)
_SVG = "{http://www.w3.org/2000/svg}"
# What may stand right inside a list, by the kind of list.
_INSIDE = {"ul": ("li",), "ol": ("li",), "dl": ("dt", "dd")}
_SCOPES = ("col", "row", "colgroup", "rowgroup")
_SHOWN = 40


def faults(page: Element) -> Iterator[str]:
    """Everything that would keep a page, as WeasyPrint reads it, from being PDF/UA-1."""
    headings: list[Element] = []
    yield from _head(page)
    waiting = [page]
    while waiting:
        element = waiting.pop()
        kids = _kids(element)
        tag = str(element.tag)
        if tag == f"{_SVG}svg":
            yield from _picture(element)
            continue
        if _HEADING.fullmatch(tag):
            headings.append(element)
        elif tag in _ELEMENTS:
            yield from _ELEMENTS[tag](element)
        if tag not in ("ul", "ol"):
            yield from (f"{_named(k)} is in no list: put it into <ul> or <ol>"
                        for k in kids if k.tag == "li")  # fmt: skip
        waiting += reversed(kids)
    yield from _headings(headings)


def _head(page: Element) -> Iterator[str]:
    language = page.get("lang", "")
    if not _LANGUAGE.fullmatch(language):
        said = f'says lang="{language}", which is no language' if language else "has no language"
        yield f'<html> {said}: write one such as lang="en-US"'
    if not (page.findtext("head/title") or "").strip():
        yield "<title> is missing or empty: say what the page is about"


def _headings(found: list[Element]) -> Iterator[str]:
    if not found:
        yield "<h1> is missing: begin the page with the heading of the chapter"
        return
    if found[0].tag != "h1":
        yield f"{_named(found[0])} comes before any <h1>: begin with the heading of the chapter"
    for before, heading in pairwise(found):
        if heading.tag == "h1":
            yield f"{_named(heading)} is a second <h1>: a chapter has one; make it an <h2>"
        elif _level(heading) > _level(before) + 1:
            yield (
                f"{_named(heading)} skips a level after {_named(before)}: "
                f"make it an <h{_level(before) + 1}>"
            )
    for heading in found:
        if not _words(heading):
            yield f"{_named(heading)} is empty: give it words, or leave it out"


def _level(heading: Element) -> int:
    return int(str(heading.tag)[1])


def _picture(svg: Element) -> Iterator[str]:
    if not (svg.findtext(f"{_SVG}title") or "").strip():
        yield f"{_named(svg)} has no alternate text: begin it with <title> and what it shows"


def _image(img: Element) -> Iterator[str]:
    if not img.get("alt", "").strip():
        yield (
            f'{_named(img)} has no alternate text: add alt="…" with what it shows, or draw it '
            "as a background in the style sheet where it only decorates"
        )


def _link(a: Element) -> Iterator[str]:
    named = _words(a) or any(kid.get("alt") or kid.tag == f"{_SVG}title" for kid in a.iter())
    if "href" in a.attrib and not named:
        yield f"{_named(a)} is a link without words: say where it leads"


def _list(listed: Element) -> Iterator[str]:
    allowed = _INSIDE[str(listed.tag)]
    listing = " or ".join(f"<{tag}>" for tag in allowed)
    loose = [listed.text, *(kid.tail for kid in listed)]
    for text in loose:
        if text and text.strip():
            yield f'"{_short(text)}" stands loose in {_named(listed)}: put it into {listing}'
    for kid in _kids(listed):
        if kid.tag not in allowed:
            yield f"{_named(kid)} stands right in {_named(listed)}: put it into {listing}"


def _table(table: Element) -> Iterator[str]:
    groups = [part for part in table if part.tag in ("thead", "tbody", "tfoot")]
    for group in groups:
        if group.find("tr") is None:
            yield f"<{group.tag}> of {_named(table)} has no row: leave the table out if it is empty"
    rows = [row for group in groups for row in group.iterfind("tr")]
    if "tbody" not in [group.tag for group in groups]:
        yield f"{_named(table)} has no <tbody>: put its rows into one"
    for row in rows:
        for cell in row.iterfind("th"):
            yield from _header(cell)
    yield from _grid(table, rows)


def _header(cell: Element) -> Iterator[str]:
    # An author's empty corner is a header in print (see paper.printed_corners).
    if not _words(cell) and cell.get("class") != "corner":
        yield f"{_named(cell)} is an empty header: say what it heads, or make it a <td>"
    if cell.get("scope") not in _SCOPES:
        yield f'{_named(cell)} does not say what it heads: add scope="col" or scope="row"'


def _grid(table: Element, rows: list[Element]) -> Iterator[str]:
    """Rows that are shorter or longer than the first, and cells that nothing heads."""
    columns: set[int] = set()
    hanging: Counter[int] = Counter()  # column -> rows that a cell from above still reaches into
    headed = any(row.find("th") is not None for row in rows)
    widths: list[int] = []
    for row in rows:
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        in_row = any(cell.get("scope") in ("row", "rowgroup") for cell in cells)
        place, reaches = 0, Counter[int]()
        for cell in cells:
            while hanging[place]:
                place += 1
            covered = range(place, place + int(cell.get("colspan", 1)))
            for column in covered:
                reaches[column] = int(cell.get("rowspan", 1)) - 1
            if cell.get("scope") in ("col", "colgroup"):
                columns.add(place)  # WeasyPrint lets a wide header head its first column alone
            elif headed and _words(cell) and not in_row and not columns & set(covered):
                yield f"{_named(cell)} of {_named(table)} has no header: give its row or column one"
            place = covered.stop
        while hanging[place]:
            place += 1
        widths.append(place)
        hanging = reaches + Counter({column: left - 1 for column, left in hanging.items()})
    for row, width in zip(rows, widths, strict=True):
        if width != widths[0]:
            yield (
                f"{_named(row)} of {_named(table)} fills {width} columns and the first row "
                f"{widths[0]}: give every row as many"
            )


_ELEMENTS = {
    "a": _link, "img": _image, "table": _table, "ul": _list, "ol": _list, "dl": _list,
}  # fmt: skip


def _kids(element: Element) -> list[Element]:
    return [kid for kid in element if not callable(kid.tag)]  # the tag of a comment is a function


def _words(element: Element) -> str:
    return " ".join(" ".join(element.itertext()).split())


def _named(element: Element) -> str:
    """An element as one finds it again: its tag, what tells it apart, its first words."""
    tag = str(element.tag).removeprefix(_SVG)
    marks = "".join(f' {k}="{element.attrib[k]}"' for k in ("id", "class", "src", "href")
                    if k in element.attrib)  # fmt: skip
    words = _short(_words(element))
    return f"<{tag}{marks}>" + (f' "{words}"' if words else "")


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1].rstrip() + "…"
