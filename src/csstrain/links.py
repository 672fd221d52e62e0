"""Links of a joined document: from chapter to chapter, or plain words where nothing is led to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote

from csstrain.paper import PLACES

if TYPE_CHECKING:
    from pikepdf import Object, Page, Pdf


class Tags(Protocol):
    """What the structure tree has for annotations, by their keys."""

    def is_link(self, key: int) -> bool:
        """Whether it is a link, or something inside of one."""

    def make_plain(self, key: int) -> None:
        """Make plain words of it: its annotation is gone."""


class Places:
    """The named places of a joined document: chapters, and what stands in them.

    A chapter is laid out by itself and may be years older than its neighbors, so it knows none
    of their places; its links name what they want, and find it here.
    """

    def __init__(self, whole: Pdf) -> None:
        self._whole = whole
        self._found: dict[str, Object] = {}
        self._titles: dict[str, str] = {}
        self._own: list[dict[str, str]] = []

    def add(self, names: Object | None, label: str, title: str, start: int) -> None:
        """Take over the names of a chapter whose pages are already there, from page `start`.

        A name that an earlier chapter has too stays this chapter's own, under another name.
        """
        from pikepdf import Array, Name

        number, said_of_it = len(self._own), f"{label} {title}"
        own: dict[str, str] = {}
        self._own.append(own)
        pairs: list[Any] = list(self._whole.copy_foreign(names).Names) if names is not None else []
        for said, place in zip(map(str, pairs[::2]), pairs[1::2], strict=True):
            own[said] = f"{said}~{number}" if said in self._found else said
            self._add(own[said], place, said_of_it)
        top = Array([self._whole.pages[start].obj, Name.Fit])
        self._add(f"chapter_{label}", top, said_of_it)

    def _add(self, name: str, place: Object, title: str) -> None:
        self._found[name] = place
        self._titles[name] = title

    def settle(self, number: int, page: Page, tags: Tags) -> None:
        """Let the links on a page of a chapter lead where they want to.

        A link to what the document does not hold is taken away; so is the second one that
        WeasyPrint makes of an element inside a link.
        """
        kept: list[Object] = []
        for note in page.obj.get("/Annots", ()):
            wanted = _wanted(note)
            if wanted is None:
                kept.append(note)
                continue
            place, words = wanted
            name = self._own[number].get(place, place)
            key = int(note.StructParent)
            if name not in self._found or not tags.is_link(key):
                tags.make_plain(key)
                continue
            if "/A" in note:
                del note["/A"]
            note.Dest = name.encode()
            # What a screen reader says of the link: its words, and the chapter that it leads to.
            note.Contents = ": ".join(filter(None, (words, self._titles[name])))
            kept.append(note)
        if kept:
            page.obj.Annots = kept
        elif "/Annots" in page.obj:
            del page.obj["/Annots"]

    def finish(self) -> None:
        """Hang the places into the document, in the order that readers search them."""
        from pikepdf import Array, Dictionary, String

        pairs: list[Object] = []
        for name in sorted(self._found, key=str.encode):
            pairs += [String(name), self._found[name]]
        if pairs:
            self._whole.Root.Names = Dictionary(Dests=Dictionary(Names=Array(pairs)))


def _wanted(note: Any) -> tuple[str, str] | None:
    """The place that a link wants and the words that it has; None for what is no such link."""
    if "/Dest" in note:
        return str(note.Dest), ""
    address = str(note.A.URI) if "/A" in note and "/URI" in note.A else ""
    if not address.startswith(PLACES):
        return None
    place, _, words = address.removeprefix(PLACES).partition("?")
    return unquote(place), unquote(words)
