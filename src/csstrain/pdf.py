"""HTML to PDF: chapters rendered one by one by WeasyPrint, joined into tagged documents."""

from __future__ import annotations

import atexit
import ctypes.util
import hashlib
import logging
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import resources
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple
from xml.sax.saxutils import escape

from csstrain import conform, links
from csstrain.conform import faults
from csstrain.links import Places
from csstrain.pictures import Picture

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from pikepdf import Dictionary, Object, Page, Pdf

# The families are packages, so that pages break alike on every machine. The first is set
# everywhere; the second lends it signs that it lacks, such as arrows.
FONTS = {
    "regular.ttf": ("fontpkg_atkinson_hyperlegible", "AtkinsonHyperlegible-Regular.ttf"),
    "bold.ttf": ("fontpkg_atkinson_hyperlegible", "AtkinsonHyperlegible-Bold.ttf"),
    "italic.ttf": ("fontpkg_atkinson_hyperlegible", "AtkinsonHyperlegible-Italic.ttf"),
    "bold-italic.ttf": ("fontpkg_atkinson_hyperlegible", "AtkinsonHyperlegible-BoldItalic.ttf"),
    "signs.ttf": ("fontpkg_inter", "Inter[opsz,wght].ttf"),
}
BASE = "csstrain:/"
_FACES = """
@font-face { font-family: "Atkinson Hyperlegible"; src: url("csstrain:/fonts/regular.ttf"); }
@font-face { font-family: "Atkinson Hyperlegible"; src: url("csstrain:/fonts/bold.ttf");
  font-weight: 700; }
@font-face { font-family: "Atkinson Hyperlegible"; src: url("csstrain:/fonts/italic.ttf");
  font-style: italic; }
@font-face { font-family: "Atkinson Hyperlegible"; src: url("csstrain:/fonts/bold-italic.ttf");
  font-style: italic; font-weight: 700; }
@font-face { font-family: "Signs"; src: url("csstrain:/fonts/signs.ttf"); }
"""
# A configuration that knows no fonts, so that those of a machine lend pages no signs: what prints
# on one prints on all, and `letterforms.py` can tell at check what none of them prints.
_NO_FONTS = Path(__file__).parent / "data" / "fonts.conf"

Icons = tuple[tuple[str, str], ...]
Pictures = tuple[tuple[str, Picture], ...]


@dataclass(frozen=True)
class PrintChapter:
    """One chapter as a whole HTML page with its style sheet; pages are numbered label-1, …

    `pictures` are those that it shows, by the names of their files below `pictures/`.
    """

    label: str
    title: str
    html: str
    style: str
    pictures: Pictures = ()


@dataclass(frozen=True)
class PrintDocument:
    """A document to print: its chapters in order, and its icons, each with its text."""

    title: str
    language: str
    chapters: tuple[PrintChapter, ...]
    icons: Icons = ()


class PrintFault(Exception):
    """A page that cannot be printed as it stands; says what WeasyPrint complained about."""


def pango_missing() -> str | None:
    """Why PDFs cannot be made on this machine and what to install; None where they can.

    Loads WeasyPrint's libraries, so call it once, before any work.
    """
    try:
        with _loader_alone():
            import weasyprint  # noqa: F401 - heavy, and the very thing to find out
    except (ImportError, OSError) as fault:
        why = str(fault).splitlines()[0] if str(fault) else type(fault).__name__
        return (
            f"the library that prints PDFs cannot be loaded ({why}). Install Pango (on Debian and "
            "Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)"
        )
    return None


@contextmanager
def _loader_alone() -> Iterator[None]:
    """Let libraries be found by the names under which Linux loads them, and in no other way.

    WeasyPrint tries the names of other systems first; at each, Python would start ldconfig, a
    compiler and a linker to look for it.
    """
    search = ctypes.util.find_library
    if sys.platform == "linux":
        ctypes.util.find_library = lambda name: None
    try:
        yield
    finally:
        ctypes.util.find_library = search


def render_pdf(document: PrintDocument) -> bytes:
    """One document as PDF/UA-1, made here and now; the same document gives the same bytes."""
    return join(document, [lay_out(each, document.icons) for each in document.chapters])


# ── what a page is made of ───────────────────────────────────────────────────────────

# All that has a say in what a page looks like, and in how its file is written.
_LIBRARIES = (
    "weasyprint", "pydyf", "tinycss2", "cssselect2", "tinyhtml5", "fonttools", "Pyphen", "Pillow",
    "pikepdf",
)  # fmt: skip


# Libraries of the system that break lines and draw letters: how Linux and macOS name each, and
# the function that tells its version.
_SYSTEM = (
    ("libpango-1.0.so.0", "libpango-1.0.0.dylib", "pango_version_string"),
    ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "hb_version_string"),
)


def system_versions() -> tuple[str, ...]:
    """The versions of the system's libraries that shape pages, without loading WeasyPrint."""
    return tuple(_system_version(*each) for each in _SYSTEM)


def _system_version(linux: str, mac: str, function: str) -> str:
    name = mac if sys.platform == "darwin" else linux
    try:
        tell = getattr(ctypes.CDLL(name), function)
    except (OSError, AttributeError):
        return f"{name} unknown"
    tell.restype = ctypes.c_char_p
    return f"{name} {tell().decode()}"


@cache
def made_with() -> str:
    """A digest of what all pages are made with: libraries, fonts and our own code.

    Loads WeasyPrint.
    """
    from importlib.metadata import version  # noqa: PLC0415 - slow, and only printing asks

    with _loader_alone():
        import weasyprint  # noqa: F401 - whoever lays out pages next has it at hand

    parts = [f"{name} {version(name)}" for name in _LIBRARIES]
    parts += system_versions()
    parts += [hashlib.sha256(_font(name)).hexdigest() for name in FONTS]
    ours = (__file__, conform.__file__, links.__file__)
    parts += [Path(file).read_text("utf-8") for file in ours]
    return _digest(*parts)


def chapter_key(chapter: PrintChapter, icons: Icons) -> str:
    """The name of a laid-out chapter: a digest of exactly what it is made of."""
    drawn = "\0".join(f"{name}\0{text}" for name, text in icons)
    shown = "\0".join(f"{n}\0{hashlib.sha256(p.raw).hexdigest()}" for n, p in chapter.pictures)
    return _digest("chapter", made_with(), chapter.html, chapter.style, drawn, shown)


def joined_key(document: PrintDocument, chapters: Sequence[str]) -> str:
    """The name of a joined document, from the names of its chapters."""
    heads = [f"{chapter.label}\0{chapter.title}" for chapter in document.chapters]
    return _digest("document", made_with(), document.title, document.language, *heads, *chapters)


# ── one chapter ──────────────────────────────────────────────────────────────────────


class _Complaints(logging.Handler):
    """Collects what WeasyPrint logs, so that nothing is left out of a page in silence."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


def lay_out(chapter: PrintChapter, icons: Icons = ()) -> bytes:
    """One chapter as a tagged PDF that can be joined to others. Raises PrintFault."""
    return _mended(draw(chapter, icons), _digest(chapter.html, chapter.style)[:12])


def draw(chapter: PrintChapter, icons: Icons = ()) -> bytes:
    """One chapter as WeasyPrint writes it; anything that it warns about is a fault."""
    import weasyprint
    from weasyprint.urls import FatalURLFetchingError

    complaints = _Complaints()
    logger = logging.getLogger("weasyprint")
    logger.addHandler(complaints)
    fetcher = _fetcher(icons, chapter.pictures)
    try:
        # fontTools stamps the time on fonts that it cuts down; this is the one way to stop it.
        with _environment("SOURCE_DATE_EPOCH", "0"):
            style, fonts = _style(chapter.style, icons)
            page = weasyprint.HTML(string=chapter.html, base_url=BASE, url_fetcher=fetcher)
            _demand_conforming(chapter, page.etree_element)
            made = page.write_pdf(
                stylesheets=[style],
                font_config=fonts,
                pdf_variant="pdf/ua-1",
                pdf_identifier=_digest(chapter.html, chapter.style).encode(),
            )
    except FatalURLFetchingError as fault:
        raise PrintFault(f"chapter {chapter.label} ({chapter.title}): {fault}") from fault
    finally:
        logger.removeHandler(complaints)
    if complaints.lines:
        raise PrintFault(f"chapter {chapter.label} ({chapter.title}): {complaints.lines[0]}")
    return bytes(made)


_TOLD = 5  # faults of a chapter that are told at once


def _demand_conforming(chapter: PrintChapter, page: Element) -> None:
    found = list(faults(page))
    if found:
        told = "; ".join(found[:_TOLD])
        more = f"; and {len(found) - _TOLD} more" if found[_TOLD:] else ""
        raise PrintFault(f"chapter {chapter.label} ({chapter.title}): {told}{more}")


def _digest(*texts: str) -> str:
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:32]


@contextmanager
def _environment(name: str, value: str) -> Iterator[None]:
    """A variable of the environment, set for a while: some libraries listen to nothing else."""
    before = os.environ.get(name)
    os.environ[name] = value
    try:
        yield
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


@cache
def _style(text: str, icons: Icons) -> tuple[Any, Any]:
    """A parsed style sheet and its fonts, once for all chapters that a process lays out."""
    import weasyprint
    from weasyprint.text.fonts import FontConfiguration

    # Fonts lie in a temporary folder, which can be removed only while the interpreter is whole.
    atexit.register(_style.cache_clear)
    with _environment("FONTCONFIG_FILE", str(_NO_FONTS)):
        fonts = FontConfiguration()
    style = weasyprint.CSS(
        string=_FACES + text, base_url=BASE, url_fetcher=_fetcher(icons), font_config=fonts
    )
    return style, fonts


def _fetcher(icons: Icons, pictures: Pictures = ()) -> Any:
    from weasyprint.urls import (
        FatalURLFetchingError,
        URLFetcher,
        URLFetcherResponse,
    )

    class OwnFiles(URLFetcher):
        """Serves our fonts, icons and pictures by name; every other address stops the page."""

        def fetch(self, url: str, headers: Any = None) -> Any:
            name = url.removeprefix(BASE)
            if url.startswith(BASE) and name.removeprefix("fonts/") in FONTS:
                return URLFetcherResponse(url, _font(name.removeprefix("fonts/")))
            for icon, text in icons:
                if url == BASE + icon:
                    return URLFetcherResponse(url, text, {"Content-Type": "image/svg+xml"})
            for name, picture in pictures:
                if url == f"{BASE}pictures/{name}":
                    kind = {"Content-Type": picture.media_type}
                    return URLFetcherResponse(url, picture.raw, kind)
            raise FatalURLFetchingError(f"a page asks for {url!r}, which is not ours")

    return OwnFiles()


@cache
def _font(name: str) -> bytes:
    package, file = FONTS[name]
    return (resources.files(package) / "files" / file).read_bytes()


# ── joining chapters ─────────────────────────────────────────────────────────────────


def join(document: PrintDocument, chapters: Sequence[bytes]) -> bytes:
    """Chapters one after the other as one tagged document with labels, outline and title."""
    import pikepdf

    whole = pikepdf.new()
    tree, places, outline = _Tree(whole), Places(whole), []
    starts: list[int] = []
    labels: list[Object | int] = []
    for chapter, content in zip(document.chapters, chapters, strict=True):
        start = len(whole.pages)
        starts.append(start)
        labels += [start, _label(chapter.label)]
        with pikepdf.open(BytesIO(content)) as part:
            names = _names(part)
            for page in part.pages:
                whole.pages.append(page)
            tree.add(part, chapter, start)
            places.add(names, chapter.label, chapter.title, start)
            outline.append(Entry(chapter.title, start, tuple(_headings(part, start))))
        if len(whole.pages) % 2 and chapter is not document.chapters[-1]:
            # The next chapter begins on a right-hand page, so that each can be taken out alone.
            whole.add_blank_page(page_size=_size(whole.pages[-1]))
    for number, (start, end) in enumerate(pairwise([*starts, len(whole.pages)])):
        for page in whole.pages[start:end]:
            places.settle(number, page, tree)
    tree.finish()
    places.finish()
    whole.Root.PageLabels = pikepdf.Dictionary(Nums=pikepdf.Array(labels))
    whole.Root.PageMode = pikepdf.Name.UseOutlines
    _describe(whole, document)
    _outline(whole, outline)
    out = BytesIO()
    whole.save(
        out,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
    )
    return out.getvalue()


def _size(page: Page) -> tuple[float, float]:
    left, bottom, right, top = (float(each) for each in page.mediabox)
    return right - left, top - bottom


def _names(part: Pdf) -> Object | None:
    """The named places of a chapter, taken off it: they do not come along with its pages."""
    if "/Names" not in part.Root or "/Dests" not in part.Root.Names:
        return None
    names = part.make_indirect(part.Root.Names.Dests)
    del part.Root["/Names"]
    return names


def _label(label: str) -> Object:
    import pikepdf

    return pikepdf.Dictionary(S=pikepdf.Name.D, P=pikepdf.String(f"{label}-"))


def _describe(whole: Pdf, document: PrintDocument) -> None:
    """Title, language and the mark of PDF/UA; no dates, so that equal content is equal bytes."""
    import pikepdf

    whole.Root.Lang = pikepdf.String(document.language)
    whole.Root.MarkInfo = pikepdf.Dictionary(Marked=True)
    whole.Root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    whole.docinfo["/Title"] = pikepdf.String(document.title)
    whole.docinfo["/Producer"] = pikepdf.String("csstrain")
    metadata = whole.make_stream(_XMP.format(title=escape(document.title)).encode())
    metadata.Type = pikepdf.Name.Metadata
    metadata.Subtype = pikepdf.Name.XML
    whole.Root.Metadata = whole.make_indirect(metadata)


_XMP = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF
 xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/"
 pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdf="http://ns.adobe.com/pdf/1.3/"
 pdf:Producer="csstrain"/>
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt>
<rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title></rdf:Description>
</rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""


class Entry(NamedTuple):
    """One line of an outline: its words, its page counted from 0, the lines below it."""

    title: str
    page: int
    below: tuple[Entry, ...] = ()


def _headings(part: Pdf, start: int) -> Iterator[Entry]:
    """The second-level headings of a chapter, from its own outline."""
    pages = {page.obj.objgen: number for number, page in enumerate(part.pages, start)}
    with part.open_outline() as outline:
        for top in outline.root:
            for item in top.children or ():
                target: Any = item.destination
                yield Entry(item.title, pages[target[0].objgen])


def _outline(whole: Pdf, entries: Sequence[Entry]) -> None:
    from pikepdf import OutlineItem

    with whole.open_outline() as outline:
        for entry in entries:
            item = OutlineItem(entry.title, entry.page, "Fit")
            item.is_closed = True
            item.children.extend(OutlineItem(b.title, b.page, "Fit") for b in entry.below)
            outline.root.append(item)


class _Tree:
    """The one structure tree of a joined document, grown chapter by chapter."""

    def __init__(self, whole: Pdf) -> None:
        from pikepdf import Array, Dictionary, Name

        self._whole = whole
        self._root = whole.make_indirect(Dictionary(Type=Name.StructTreeRoot))
        self._document = whole.make_indirect(
            Dictionary(Type=Name.StructElem, S=Name.Document, P=self._root, K=Array())
        )
        self._root.K = Array([self._document])
        self._numbers: dict[int, Object] = {}
        self._next = 0

    def add(self, part: Pdf, chapter: PrintChapter, start: int) -> None:
        """Take over a chapter whose pages are already there, from page `start`."""
        tree = self._whole.copy_foreign(part.Root.StructTreeRoot)
        top = tree.K[0]
        top.S = _name("Part")
        top.T = chapter.title
        top.P = self._document
        self._document.K.append(top)
        self._take_numbers(tree.ParentTree.Nums)
        for page in self._whole.pages[start:]:
            self._shift(page.obj)
        self._next = self._highest + 1

    def _take_numbers(self, numbers: Any) -> None:
        pairs = list(numbers)
        self._highest = self._next
        for key, value in zip(pairs[::2], pairs[1::2], strict=True):
            self._highest = self._next + int(key)
            self._numbers[self._highest] = value

    def _shift(self, page: Dictionary) -> None:
        if "/StructParents" in page:
            page.StructParents = int(page.StructParents) + self._next
        for note in page.get("/Annots", ()):
            if "/StructParent" in note:
                note.StructParent = int(note.StructParent) + self._next

    def is_link(self, key: int) -> bool:
        """Whether an annotation stands at a link, or at something inside of one."""
        return str(self._numbers[key].S) == "/Link"

    def make_plain(self, key: int) -> None:
        """Make plain words of a link whose annotation is gone."""
        from pikepdf import Array, Name

        link: Any = self._numbers.pop(key)
        if Name.Link == link.S:
            link.S = Name.Span
        link.K = Array([kid for kid in link.K if not _refers(kid)])

    def finish(self) -> None:
        """Hang the finished tree into the document."""
        from pikepdf import Array, Dictionary

        numbers = Array([each for pair in sorted(self._numbers.items()) for each in pair])
        self._root.ParentTree = self._whole.make_indirect(Dictionary(Nums=numbers))
        self._root.ParentTreeNextKey = self._next
        self._whole.Root.StructTreeRoot = self._root


def _refers(kid: Any) -> bool:
    """Whether a kid of a structure element is the reference to an annotation."""
    return not isinstance(kid, int) and "/Type" in kid and str(kid.Type) == "/OBJR"


def _name(word: str) -> Object:
    from pikepdf import Name

    return Name("/" + word)


def _mended(raw: bytes, prefix: str) -> bytes:
    """A chapter without what WeasyPrint leaves amiss in its structure tree.

    Header cells are named by object numbers, which repeat from chapter to chapter, so that they
    get a `prefix`; what stands in a list item beside its label must be inside the item's body.
    """
    import pikepdf

    with pikepdf.open(BytesIO(raw)) as part:
        _mend(part, part.Root.StructTreeRoot.K[0], prefix)
        out = BytesIO()
        part.save(out, deterministic_id=True)
    return out.getvalue()


def _mend(whole: Pdf, top: Any, prefix: str) -> None:
    from pikepdf import Array, Dictionary, Name, String

    waiting = [top]
    while waiting:
        element = waiting.pop()
        if "/ID" in element:
            element.ID = String(prefix + str(element.ID))
        attributes = element.get("/A")
        if isinstance(attributes, Dictionary) and "/Headers" in attributes:
            attributes.Headers = Array([String(prefix + str(h)) for h in attributes.Headers])
        if element.S == Name.LI:
            _fill_body(whole, element)
        kids = element.get("/K")
        if isinstance(kids, Array):
            waiting += [k for k in kids if isinstance(k, Dictionary) and "/S" in k]


def _fill_body(whole: Pdf, item: Any) -> None:
    """Put everything in a list item but its label into one body."""
    from pikepdf import Array, Dictionary, Name

    kids = list(item.K)
    loose = [k for k in kids if k.S not in (Name.Lbl, Name.LBody)]
    if not loose:
        return
    body = next((k for k in kids if str(k.S) == "/LBody"), None)
    if body is None:
        body = whole.make_indirect(Dictionary(Type=Name.StructElem, S=Name.LBody, P=item, K=[]))
    for kid in loose:
        kid.P = body
    body.K = Array([*body.K, *loose])
    item.K = Array([*(k for k in kids if str(k.S) == "/Lbl"), body])
