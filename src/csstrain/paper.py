"""A page as it is printed: numbers that lead to what they name, tables and links as PDF wants."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import quote

from csstrain.markup import LINK, anchors, said

_TABLE = re.compile(r"<table\b(?:(?!<table\b|</table>).)*</table>", re.DOTALL)
_NUMBER = re.compile(
    r"<(h[1-6]|svg|title|a)\b.*?</\1>"  # these hold no references, or are one already
    r'|<span class="no">(?P<activity>[0-9]+\.[0-9]+)</span>|<[^>]*>|\b(?P<sheet>S[0-9]+\.[0-9]+)\b',
    re.DOTALL,
)

# Where links of printed chapters lead until the chapters are joined: a place, and the link's words.
PLACES = "csstrain:/to/"


def with_references(html: str, places: Mapping[str, str]) -> str:
    """The page with its numbers of activities and sheets as links to where they stand.

    A sheet's number leads to the sheet; an activity's leads from its module's guide to the clock,
    and from everywhere else to the guide.

    >>> with_references('<p>Sheet S1.2, <span class="no">1.2</span></p>', {"S1.2": "a", "1.2": "b"})
    '<p>Sheet <a href="#a">S1.2</a>, <a href="#plan_b"><span class="no">1.2</span></a></p>'
    """
    here = set(anchors(html))

    def refer(found: re.Match[str]) -> str:
        place = places.get(found["activity"] or found["sheet"] or "")
        if place is None:
            return found[0]
        if found["activity"]:
            place = f"clock_{place}" if f"plan_{place}" in here else f"plan_{place}"
        return f'<a href="#{place}">{found[0]}</a>'

    return _NUMBER.sub(refer, html)


def for_print(html: str) -> str:
    """A page as PDF/UA wants it: see what each of these does."""
    return printed_corners(filled_tables(printed_links(html)))


def printed_corners(html: str) -> str:
    """The page with empty header cells as PDF wants them: a header, though it says nothing."""
    return html.replace('<td class="corner"></td>', '<th class="corner" scope="col"></th>')


def filled_tables(html: str) -> str:
    """The page with an empty row in each table that has none: a table needs rows to be one.

    >>> filled_tables('<table><thead><tr><th>a</th></tr></thead><tbody>\\n</tbody></table>')
    '<table><thead><tr><th>a</th></tr></thead><tbody><tr><td></td></tr></tbody></table>'
    """
    return _TABLE.sub(_filled, html)


def _filled(table: re.Match[str]) -> str:
    head, found, rest = table[0].partition("</thead>")
    if not found or "<tr" in rest:
        return table[0]
    cells = re.findall(r"<t[hd]\b[^>]*>", head[head.rindex("<tr") :])
    spans = [re.search(r'colspan="(\d+)"', cell) for cell in cells]
    width = sum(int(span[1]) if span else 1 for span in spans)
    return f"{head}</thead><tbody><tr>{'<td></td>' * width}</tr></tbody></table>"


def printed_links(html: str) -> str:
    """The page with its links as joining chapters finds them: place and words in the address.

    >>> printed_links('<p><a href="#m4-talk"><b>4.2</b></a></p>')
    '<p><a href="csstrain:/to/m4-talk?4.2"><b>4.2</b></a></p>'
    """

    def link(found: re.Match[str]) -> str:
        words = said(found)
        return words and f'<a href="{PLACES}{quote(found[1])}?{quote(words)}">{found[2]}</a>'

    return LINK.sub(link, html)
