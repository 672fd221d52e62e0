"""Authors' Markdown and CSV to safe HTML: no raw HTML, no images, links only inside the page."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_ANCHOR = re.compile(r"#[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_ALIGNED = re.compile(r"text-align:(left|right|center)")
_LINK = re.compile(r'<a href="#([^"]*)">(.*?)</a>', re.DOTALL)


@lru_cache(maxsize=8192)  # the same text stands on a page and in a book
def markdown(text: str, under: int = 2) -> str:
    """HTML of an author's text; its headings begin one level below `under` and never skip one.

    >>> markdown("# Steps\\n\\n<b>x</b>", under=2)
    '<h3>Steps</h3>\\n<p>&lt;b&gt;x&lt;/b&gt;</p>\\n'
    """
    parser = _parser()
    tokens = parser.parse(text)
    _nest_headings(tokens, under)
    _tidy_tables(tokens)
    return str(parser.renderer.render(tokens, parser.options, {}))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # a tenth of a second that `check` need not spend

    parser = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False})
    parser.disable("image")
    # The library asks for an override of this method; it has no option for it.
    setattr(parser, "validateLink", _allowed)  # noqa: B010 - a plain assignment fails type checks
    return parser


def _allowed(address: str) -> bool:
    return _ANCHOR.fullmatch(address) is not None


def _nest_headings(tokens: Sequence[Token], under: int) -> None:
    """Shift headings so that the highest stands one below `under`, and close gaps between them."""
    written = [int(t.tag[1]) for t in tokens if t.type == "heading_open"]
    if not written:
        return
    shift = under + 1 - min(written)
    last = under
    for token in tokens:
        if token.type == "heading_open":
            last = min(int(token.tag[1]) + shift, last + 1, 6)
            token.tag = f"h{last}"
        elif token.type == "heading_close":
            token.tag = f"h{last}"


def _tidy_tables(tokens: Sequence[Token]) -> None:
    """Classes instead of style attributes; header cells say that they head a column."""
    for number, token in enumerate(tokens):
        if token.type not in ("th_open", "td_open"):
            continue
        found = _ALIGNED.match(str(token.attrs.pop("style", "")))
        if found:
            token.attrs["class"] = found[1]
        if token.type == "th_open" and tokens[number + 1].content.strip():
            token.attrs["scope"] = "col"
        elif token.type == "th_open":
            # An empty header names nothing, so on screen it is a plain cell.
            token.tag = tokens[number + 2].tag = "td"
            token.attrs = {"class": "corner"}


def printed_corners(html: str) -> str:
    """The page with empty header cells as PDF wants them: a header, though it says nothing."""
    return html.replace('<td class="corner"></td>', '<th scope="col"></th>')


def known_links(html: str) -> str:
    """The page with links to places that it does not hold turned into plain words."""
    places = set(re.findall(r'\bid="([^"]*)"', html))
    return _LINK.sub(lambda m: m[0] if m[1] in places else m[2], html)


def table_rows(text: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a CSV file, each as long as the longest.

    >>> table_rows("a,b\\n1\\n")
    (('a', 'b'), ('1', ''))
    """
    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    width = max((len(row) for row in rows), default=0)
    return tuple(tuple(row + [""] * (width - len(row))) for row in rows)
