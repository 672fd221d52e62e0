"""Authors' Markdown and CSV to safe HTML: no raw HTML, pictures by id, links to our own places."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from html import escape, unescape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

_ANCHOR = re.compile(r"#?[a-z0-9]+(-[a-z0-9]+)*", re.ASCII)
_ALIGNED = re.compile(r"text-align:(left|right|center)")
_PICTURE = re.compile(r'<img class="picture" src="([a-z0-9-]*)">')
LINK = re.compile(r'<a href="#([^"]*)">(.*?)</a>', re.DOTALL)
ID = re.compile(r'\sid="([^"]*)"')
_TAG = re.compile(r"<[^>]*>")
_HEADING = re.compile(r"<(/?)h([1-6])\b")


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
    _place_by_id(tokens)
    return str(parser.renderer.render(tokens, parser.options, {}))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # a tenth of a second that `check` need not spend

    parser = MarkdownIt("js-default", {"html": False, "linkify": False, "typographer": False})
    # The library asks for an override of this method; it has no option for it.
    setattr(parser, "validateLink", _allowed)  # noqa: B010 - a plain assignment fails type checks
    return parser


def _allowed(address: str) -> bool:
    return _ANCHOR.fullmatch(address) is not None


def _place_by_id(tokens: Sequence[Token]) -> None:
    """Links lead to places in the page; pictures wait by their id for their file and words."""
    for token in (each for block in tokens for each in block.children or ()):
        if token.type == "link_open":
            token.attrs = {"href": "#" + str(token.attrs["href"]).removeprefix("#")}
        elif token.type == "image":
            token.type, token.tag, token.nesting = "picture", "img", 0
            token.attrs = {"class": "picture", "src": str(token.attrs["src"]).removeprefix("#")}
            token.children = None


def with_pictures(html: str, show: Callable[[str], tuple[str, str] | None]) -> str:
    """The page with its pictures: `show` gives the address and the words of each by its id.

    Where it gives none, what the author wrote stays.
    """

    def placed(found: re.Match[str]) -> str:
        shown = show(found[1])
        if shown is None:
            return f"![]({found[1]})"
        address, words = shown
        return f'<img class="picture" src="{escape(address)}" alt="{escape(words)}">'

    return _PICTURE.sub(placed, html)


def _nest_headings(tokens: Sequence[Token], under: int) -> None:
    """Shift headings so that the highest stands one below `under`, and close gaps between them."""
    written = [int(t.tag[1]) for t in tokens if t.type == "heading_open"]
    if not written:
        return
    shift = under + 1 - min(written)
    last = under
    for number, token in enumerate(tokens):
        if token.type == "heading_open":
            if not tokens[number + 1].content:
                # A heading without words heads nothing.
                token.tag = tokens[number + 2].tag = "p"
                tokens[number + 2].type = "paragraph_close"
                continue
            last = min(int(token.tag[1]) + shift, last + 1, 6)
            token.tag = f"h{last}"
        elif token.type == "heading_close":
            token.tag = f"h{last}"


def _tidy_tables(tokens: Sequence[Token]) -> None:
    """Classes instead of style attributes; header cells say that they head a column."""
    table: list[list[tuple[Token, bool]]] = []
    for number, token in enumerate(tokens):
        if token.type == "table_open":
            table = []
        elif token.type == "tr_open":
            table.append([])
        elif token.type in ("th_open", "td_open"):
            empty = not tokens[number + 1].content.strip()
            _tidy_cell(token, tokens[number + 2], empty)
            table[-1].append((token, empty))
        elif token.type == "table_close":
            _leave_room(table)


def _tidy_cell(cell: Token, close: Token, empty: bool) -> None:
    found = _ALIGNED.match(str(cell.attrs.pop("style", "")))
    if cell.type == "th_open" and empty:
        # An empty header names nothing, so on screen it is a plain cell.
        cell.tag = close.tag = "td"
        cell.attrs = {"class": "corner"}
        return
    if found:
        cell.attrs["class"] = found[1]
    if cell.type == "th_open":
        cell.attrs["scope"] = "col"


def _leave_room(table: Sequence[Sequence[tuple[Token, bool]]]) -> None:
    """Columns of a worksheet that stand empty get width, and their cells height, to write in."""
    head, *body = table
    wide = [
        cell
        for place, (cell, empty) in enumerate(head)
        if body and not empty and 2 * sum(row[place][1] for row in body) > len(body)
    ]
    for cell in wide:
        cell.attrJoin("class", f"room-{min(len(wide), 4)}")
    if wide:
        for row in body:
            for cell, empty in row:
                if empty:
                    cell.attrJoin("class", "write")


def in_order(html: str) -> str:
    """The page with headings of authors where the headings around them leave no gap.

    >>> in_order("<h1>a</h1><h4>b</h4><h5>c</h5><h2>d</h2>")
    '<h1>a</h1><h2>b</h2><h3>c</h3><h2>d</h2>'
    """
    open_levels: list[tuple[int, int]] = []  # as written, as printed

    def level(found: re.Match[str]) -> str:
        written = int(found[2])
        if not found[1]:
            while open_levels and open_levels[-1][0] >= written:
                open_levels.pop()
            above = open_levels[-1][1] if open_levels else 0
            open_levels.append((written, min(written, above + 1)))
        return f"<{found[1]}h{open_levels[-1][1] if open_levels else written}"

    return _HEADING.sub(level, html)


def anchors(html: str) -> tuple[str, ...]:
    """Every place of a page that a link can lead to, in order.

    >>> anchors('<p id="a">x</p><tr class="y" id="b">')
    ('a', 'b')
    """
    return tuple(ID.findall(html))


def known_links(html: str) -> str:
    """The page with links to places that it does not hold turned into plain words."""
    places = set(anchors(html))
    return LINK.sub(lambda m: m[0] if m[1] in places and said(m) else m[2], html)


def said(link: re.Match[str]) -> str:
    """The words of a link, without tags."""
    return " ".join(unescape(_TAG.sub("", link[2])).split())


def with_names(html: str, names: Mapping[str, str]) -> str:
    """The page with whole-word ids in its words, not in its tags, replaced by their names.

    >>> with_names('<p id="m4">module m4, m4-talk, m4.yaml</p>', {"m4": "module 4"})
    '<p id="m4">module 4, m4-talk, m4.yaml</p>'
    """

    def name(found: re.Match[str]) -> str:
        before, known = found[1] or "", found[2]
        if not known:
            return found[0]
        return before + escape(names[known].removeprefix("module ") if before else names[known])

    return _words(tuple(names)).sub(name, html)


@cache
def _words(ids: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = "|".join(map(re.escape, sorted(ids, key=len, reverse=True))) or r"(?!)"
    return re.compile(rf"<[^>]*>|(\b[Mm]odules? )?(?<![\w./-])({longest_first})(?![\w/-]|\.\w)")


def table_rows(text: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a CSV file, each as long as the longest.

    >>> table_rows("a,b\\n1\\n")
    (('a', 'b'), ('1', ''))
    """
    rows = [row for row in csv.reader(io.StringIO(text)) if row]
    width = max((len(row) for row in rows), default=0)
    return tuple(tuple(row + [""] * (width - len(row))) for row in rows)
