"""A folder of pages as a site: headings with anchors, ids that lead to their places, its index."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import unescape
from itertools import groupby
from typing import NamedTuple

from csstrain.markup import ID, anchors

_SPLIT = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]*)")
_NUMBER = '<span class="no">'
# A word that may be an id or the number of a sheet: it has a digit or a hyphen in it.
_WORD = re.compile(r"(?<![\w./-])(?=[A-Za-z]+[-0-9])[A-Za-z0-9]+(?:[.-][A-Za-z0-9]+)*")

# Where no link is made of a word: it is one already, it heads something, or it is a picture.
_NO_LINKS = frozenset(
    ("a", "h1", "h2", "h3", "h4", "h5", "h6", "svg", "button", "summary", "label", "option")
)
# Tags that stand inside a word or a sentence; any other one ends a word.
_INLINE = frozenset(("a", "abbr", "b", "code", "em", "i", "small", "span", "strong", "sub", "sup"))
_SEARCHED = ("h1", "h2", "h3")


class Heading(NamedTuple):
    """A heading of a page: its rank from 1, the anchor that leads to it, its words."""

    rank: int
    anchor: str
    words: str


class Passage(NamedTuple):
    """What a search finds: an anchor, the heading over it, and the words below."""

    anchor: str
    title: str
    words: str


class Outline(NamedTuple):
    """A page with an anchor at every heading, its headings, and the passages they head."""

    html: str
    headings: tuple[Heading, ...]
    passages: tuple[Passage, ...]


def outline(html: str) -> Outline:
    """The page in passages: one from each heading to the next, one for each row with an id.

    >>> made = outline('<h1>Codes</h1><p>Ask first.</p><table><tr id="k1"><th>k1</th></table>')
    >>> made.html[:25], made.passages[1]
    ('<h1 id="codes">Codes</h1>', Passage(anchor='k1', title='k1', words='k1'))
    """
    return _Outliner(html).read()


@dataclass
class _Passage:
    """A passage that is still being read."""

    anchor: str
    title: str = ""
    words: list[str] = field(default_factory=list)

    def plain(self) -> str:
        return " ".join(unescape("".join(self.words)).split())


class _Outliner:
    """Goes through a page once, from the first tag to the last."""

    def __init__(self, html: str) -> None:
        self._tokens = _SPLIT.split(html)
        self._taken = set(anchors(html))
        self._headings: list[Heading] = []
        self._now = _Passage("")
        self._around: _Passage | None = None  # what goes on after a row that is its own passage
        self._passages = [self._now]

    def read(self) -> Outline:
        """Read all of it."""
        carrier, hidden = "", 0
        for place, token in enumerate(self._tokens):
            if place % 2 == 0:
                if token and not hidden:
                    self._now.words.append(token)
                    carrier = carrier if token.isspace() else ""
                continue
            found = _NAME.match(token)
            name = found[1] if found else ""
            closing = token.startswith("</")
            if name in ("svg", "script"):
                hidden += -1 if closing else 1
            elif not hidden:
                self._tag(place, name, closing, carrier)
            if not closing:
                has = ID.search(token) if ' id="' in token else None
                carrier = has[1] if has else ""
        passages = [Passage(p.anchor, p.title, p.plain()) for p in self._passages]
        kept = tuple(p for p in passages if p.title or p.words)
        return Outline("".join(self._tokens), tuple(self._headings), kept)

    def _tag(self, place: int, name: str, closing: bool, carrier: str) -> None:
        if name in _SEARCHED:
            if closing:
                self._close_heading(int(name[1]))
            else:
                self._open_heading(place, carrier)
        elif name == "tr" and not closing:
            self._open_row(place)
        elif name == "tr":
            self._close_row()
        elif name == "th" and closing and self._around and not self._now.title:
            self._now.title = self._now.plain()
        if name not in _INLINE:
            self._now.words.append(" ")

    def _open_heading(self, place: int, carrier: str) -> None:
        """Begin a passage; a heading that opens something with an id is found by that."""
        self._close_row()
        has = ID.search(self._tokens[place])
        self._now = _Passage(has[1] if has else carrier)
        self._passages.append(self._now)
        self._opened = place

    def _close_heading(self, rank: int) -> None:
        now = self._now
        now.title = now.plain()
        now.words.clear()
        if not now.anchor:
            now.anchor = self._free(now.title)
            self._tokens[self._opened] = f'{self._tokens[self._opened][:-1]} id="{now.anchor}">'
        self._headings.append(Heading(rank, now.anchor, now.title))

    def _open_row(self, place: int) -> None:
        self._close_row()
        has = ID.search(self._tokens[place])
        if has:
            self._around = self._now
            self._now = _Passage(has[1])
            self._passages.append(self._now)

    def _close_row(self) -> None:
        if self._around:
            self._now, self._around = self._around, None

    def _free(self, title: str) -> str:
        """An anchor made of a heading's words that no other place of the page has."""
        base = re.sub(r"[^a-z0-9]+", "-", title.lower())[:48].strip("-") or "part"
        anchor, count = base, 1
        while anchor in self._taken:
            count += 1
            anchor = f"{base}-{count}"
        self._taken.add(anchor)
        return anchor


def with_links(html: str, here: str, words: Mapping[str, str], numbers: Mapping[str, str]) -> str:
    """The page with links to the places of what it names.

    `words` are ids and numbers of sheets wherever they stand in the text; `numbers` those of
    activities, which are links only where a template marks them as such. Both tell the address
    of the place inside the folder; `here` is the page's own path there.

    >>> with_links('<p>k05, <b class="k05">x</b></p>', "a/b.html", {"k05": "trace.html#k05"}, {})
    '<p><a class="ref" href="../trace.html#k05">k05</a>, <b class="k05">x</b></p>'
    """
    up = "../" * here.count("/")
    own = here + "#"

    def link(word: str, address: str) -> str:
        target = address[len(here) :] if address.startswith(own) else up + address
        # An id of a few letters stays in one line.
        kind = "ref id" if "-" in word and len(word) < 7 else "ref"
        return f'<a class="{kind}" href="{target}">{word}</a>'

    def word(found: re.Match[str]) -> str:
        return link(found[0], words[found[0]]) if found[0] in words else found[0]

    tokens = _SPLIT.split(html)
    closed = 0  # how many elements are open in which nothing becomes a link
    for place, token in enumerate(tokens):
        if place % 2:
            found = _NAME.match(token)
            if found and found[1] in _NO_LINKS:
                closed += -1 if token.startswith("</") else 1
        elif token and not closed and not token.isspace():
            if tokens[place - 1] == _NUMBER and token in numbers:
                tokens[place] = link(token, numbers[token])
            else:
                tokens[place] = _WORD.sub(word, token)
    return "".join(tokens)


class Entry(NamedTuple):
    """One page in the navigation of its folder."""

    path: str
    title: str
    number: str


class Group(NamedTuple):
    """Pages that stand together in the navigation; a page that stands alone has no name over it."""

    name: str
    entries: tuple[Entry, ...]


def grouped(entries: Iterable[tuple[str, Entry]]) -> tuple[Group, ...]:
    """Entries with the names of their groups, in order, as groups.

    >>> a, b, c = (Entry(f"{x}.html", x, "") for x in "abc")
    >>> [(g.name, len(g.entries)) for g in grouped([("", a), ("M", b), ("M", c)])]
    [('', 1), ('M', 2)]
    """
    runs = groupby(entries, key=lambda each: each[0])
    return tuple(Group(name, tuple(entry for _, entry in run)) for name, run in runs)


def search_index(pages: Iterable[tuple[Entry, Iterable[Passage]]]) -> str:
    """What the search of a folder reads, as a script that assigns it: pages, and their passages.

    It holds the words of the pages that it is given and nothing else.
    """
    heads, passages = [], []
    for number, (entry, found) in enumerate(pages):
        heads.append([entry.path, f"{entry.number} {entry.title}".strip()])
        passages += [[number, p.anchor, p.title, p.words] for p in found]
    data = {"pages": heads, "passages": passages}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return "window.csstrainIndex=" + text.replace("<", "\\u003c") + ";\n"
