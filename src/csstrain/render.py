"""Compiled training to files: outputs, the templates that give them their looks, artifacts."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from hashlib import sha256
from importlib import resources
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from csstrain.agenda import Agenda, CurvePoint
from csstrain.coverage import Coverage
from csstrain.curriculum import Curriculum
from csstrain.diagnostic import Diagnostic, Place
from csstrain.markup import anchors, in_order, known_links, with_names, with_pictures
from csstrain.model import Waiver
from csstrain.numbering import numbered, printed_names
from csstrain.paper import for_print, with_references
from csstrain.pictures import Picture
from csstrain.site import (
    Entry,
    Group,
    Outline,
    Passage,
    grouped,
    outline,
    search_index,
    with_links,
)
from csstrain.templating import environment, fill, icon_names, icons_inside, source
from csstrain.timing import WeightLine, time_against_weight

if TYPE_CHECKING:
    from csstrain.pdf import PrintDocument
    from csstrain.press import Press

Format = Literal["html", "pdf"]
FORMATS: tuple[Format, ...] = ("html", "pdf")
Paper = Literal["letter", "a4"]

SITE = "site"  # where in a reader's folder the things lie that its pages need
_LETTERS = ("regular.ttf", "bold.ttf", "italic.ttf")


class Located(Protocol):
    """A diagnostic with the line and column that its place has in the text."""

    @property
    def diagnostic(self) -> Diagnostic:
        """What was noticed."""

    @property
    def line(self) -> int:
        """The line, counted from 1."""


class SetAside(Protocol):
    """A finding that a waiver set aside."""

    @property
    def diagnostic(self) -> Diagnostic:
        """What was noticed."""

    @property
    def waiver(self) -> Waiver:
        """Who set it aside, when and why."""

    @property
    def place(self) -> Place:
        """Where the waiver stands."""


@dataclass(frozen=True)
class Compiled:
    """Everything that documents are made from: the one argument of every output.

    `findings` holds the warnings and advice that remain, `waived` those set aside;
    `versions` the names and versions of csstrain and the libraries that shape its pages.
    `curve` says what other hours would give; it may be empty. `build` names the inputs and
    options in a few digits, for the cover; `draft` asks for a mark across every page.
    """

    curriculum: Curriculum
    agenda: Agenda
    coverage: Coverage
    findings: tuple[Located, ...] = ()
    waived: tuple[SetAside, ...] = ()
    versions: Mapping[str, str] = field(default_factory=dict)
    paper: Paper = "letter"
    curve: tuple[CurvePoint, ...] = ()
    build: str = ""
    draft: bool = False

    @cached_property
    def weights(self) -> tuple[WeightLine, ...]:
        """Time against weight, competency by competency."""
        return time_against_weight(self.curriculum, self.agenda)


class Artifact(NamedTuple):
    """A file that does not exist yet; `path` is relative to the build folder."""

    path: str
    content: str | bytes


@dataclass(frozen=True)
class Section:
    """A chapter of a document: on paper it begins a page of its own, on screen a section.

    Pages are numbered within it, as in 2-7, where 2 is its label. `values` are all
    that its template sees, so a section for trainees cannot show what it was not given.
    """

    label: str
    title: str
    template: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class Link:
    """A link into a reader's folder: an address inside it, and what stands there."""

    inside: str
    title: str


@dataclass(frozen=True)
class Page:
    """A screen page made of sections, and where it stands in its reader's folder.

    Pages stand in the order of their ranks, those of one group together under its name;
    `number` is what navigation shows before the title. `about` is the entity that the whole
    page is about, and `beside` leads to another page about it. Ids on other pages lead to the
    page that `answers`, where it has them.
    `layout` is `read`, or `room` for what a trainer has before him or her while teaching.
    """

    path: str
    title: str
    sections: tuple[Section, ...]
    rank: int = 0
    group: str = ""
    number: str = ""
    about: str = ""
    answers: bool = False
    layout: Literal["read", "room"] = "read"
    beside: Link | None = None
    scripts: tuple[str, ...] = ()

    @property
    def inside(self) -> str:
        """Its path inside its reader's folder."""
        return self.path.partition("/")[2] or self.path

    @property
    def entry(self) -> Entry:
        """How navigation and search name it."""
        return Entry(self.inside, self.title, self.number)


@dataclass(frozen=True)
class Folder:
    """What every page of a reader's folder shows of the whole: its name, its pages, its prints."""

    title: str
    groups: tuple[Group, ...]
    read: tuple[Page, ...]
    printed: tuple[str, ...]

    def around(self, page: Page) -> tuple[Page | None, Page | None]:
        """The pages before and after one, among those that are read one after the other."""
        if page not in self.read:
            return None, None
        place = self.read.index(page)
        after = self.read[place + 1 : place + 2]
        return (self.read[place - 1] if place else None), (after[0] if after else None)


@dataclass(frozen=True)
class Book:
    """A printed document made of chapters."""

    path: str
    title: str
    sections: tuple[Section, ...]


Output = Callable[[Compiled], Iterator[Artifact | Page | Book]]
OUTPUTS: dict[str, Output] = {}


def output(make: Output) -> Output:
    """Make a function an output: it yields the pages, books and files of one document."""
    OUTPUTS[make.__name__] = make
    return make


def render(
    compiled: Compiled,
    formats: Collection[Format] = FORMATS,
    templates: Path | None = None,
    press: Press | None = None,
    only: Collection[str] = (),
) -> tuple[Artifact, ...]:
    """All files of a build, in the order of their paths.

    `templates` is a folder whose files stand in for built-in templates of the same name. PDFs
    are made by `press`, and none without one; `only` names those that are wanted (see
    `chosen`). HTML needs no Pango.
    Raises TemplateFault, pdf.PrintFault, and UnknownDocument for a name in `only`.
    """
    look = Look(compiled, templates)
    every = [each for name in sorted(OUTPUTS) for each in OUTPUTS[name](compiled)]
    books = chosen([each for each in every if isinstance(each, Book)], only)
    if press:
        press.begin([look.document(book) for book in books])
    made = [each for each in every if isinstance(each, Artifact)]
    pages = [each for each in every if isinstance(each, Page)] if "html" in formats else []
    beside = [a.path for a in made] + [book.path for book in books if press]
    for folder in sorted({_reader(page.path) for page in pages}):
        own = [page for page in pages if _reader(page.path) == folder]
        made += look.folder(folder, own, [p for p in beside if _reader(p) == folder])
        if press:
            press.go_on()  # chapters are laid out meanwhile
    if press:
        printed = press.finish()
        made += [Artifact(book.path, pdf) for book, pdf in zip(books, printed, strict=True)]
    return tuple(sorted(made))


class UnknownDocument(Exception):
    """A name that no document of a build has; says which there are."""


def chosen(books: Sequence[Book], only: Collection[str]) -> tuple[Book, ...]:
    """The documents of these names; all where none is named.

    A document is named by its path in build/ without the ending, with or without the reader's
    folder (`trainer/agenda`, `agenda`, `modules/m4`); a folder stands for all that is in it.
    """
    wanted: set[str] = set()
    for name in only:
        found = {book.path for book in books if name in _names(book.path)}
        if not found:
            known = sorted({book.path.partition("/")[2].removesuffix(".pdf") for book in books})
            raise UnknownDocument(f"there is no document `{name}`; there are {', '.join(known)}")
        wanted |= found
    return tuple(book for book in books if not only or book.path in wanted)


def _names(path: str) -> Iterator[str]:
    """All that a document may be called by: its path, shorter by ending, reader, own name."""
    parts = path.removesuffix(".pdf").split("/")
    for start in (0, 1):
        for end in range(start + 1, len(parts) + 1):
            yield "/".join(parts[start:end])


def book_alone(compiled: Compiled, book: Book) -> bytes:
    """A printed document by itself. Raises pdf.PrintFault."""
    from csstrain.pdf import render_pdf  # noqa: PLC0415 - not needed for HTML

    return render_pdf(Look(compiled, None).document(book))


def page_alone(compiled: Compiled, page: Page) -> str:
    """A screen page that needs no other file: its style and its icons stand in it."""
    return Look(compiled, None).alone(page)


def _reader(path: str) -> str:
    """The reader's folder that a file is in; nothing for a file beside the folders."""
    return path.partition("/")[0] if "/" in path else ""


def _inside(picture: Picture) -> str:
    """The address of a picture that stands in the page itself."""
    return f"data:{picture.media_type};base64,{b64encode(picture.raw).decode()}"


def _sought(page: Page, outlines: Mapping[str, Outline]) -> Iterator[Passage]:
    """What search finds on a page: in what guides hold as well, the headings are enough."""
    for passage in outlines[page.path].passages:
        yield passage if page.layout == "read" else passage._replace(words="")


class Look:
    """The templates and styles of one build: sections to pages and to printed documents."""

    def __init__(self, compiled: Compiled, templates: Path | None) -> None:
        self._environment = environment(templates)
        program = compiled.curriculum.program
        self._shared = {
            "program_title": program.title,
            "version": program.version,
            "status": program.status,
            "organization": program.organization,
            "language": program.language,
            "paper": compiled.paper,
            "draft": compiled.draft,
        }
        self._language = program.language
        self._names = printed_names(compiled.curriculum, compiled.agenda)
        self._curriculum = compiled.curriculum
        self._numbered = numbered(compiled.curriculum, compiled.agenda)

    def folder(self, name: str, pages: Sequence[Page], printed: Sequence[str]) -> list[Artifact]:
        """A reader's folder: its pages, what they need, and an index of the words on them.

        Links and index are made of these pages alone, so they cannot tell what another reader
        has. `printed` are the paths of the documents to print that lie beside them.
        """
        ordered = sorted(pages, key=lambda page: page.rank)
        outlines = self._outlines(ordered)
        folder = Folder(
            title=ordered[0].title,
            groups=grouped((page.group, page.entry) for page in ordered),
            read=tuple(page for page in ordered if page.layout == "read"),
            printed=tuple(sorted(path.partition("/")[2] for path in printed)),
        )
        made: list[Artifact] = []
        shown: dict[str, Picture] = {}
        for page in ordered:
            html = self._screen(page, outlines[page.path], folder if name else None)
            at = "../" * page.inside.count("/") + "pictures"
            html, used = self._with_pictures(html, name, at)
            made.append(Artifact(page.path, html))
            shown |= used
        at = f"{name}/pictures".lstrip("/")
        made += [Artifact(f"{at}/{file}", picture.raw) for file, picture in shown.items()]
        if name:
            index = search_index((page.entry, _sought(page, outlines)) for page in ordered)
            made.append(Artifact(f"{name}/{SITE}/search-index.js", index))
        return made + self._furniture(name, {script for page in ordered for script in page.scripts})

    def _outlines(self, pages: Sequence[Page]) -> dict[str, Outline]:
        """The text of each page by its path, with links among the pages and anchors."""
        written = {page.path: [self._raw(section) for section in page.sections] for page in pages}
        words, numbers = self._addresses(pages, written)
        return {
            page.path: outline(
                self._joined(
                    page, [with_links(w, page.inside, words, numbers) for w in written[page.path]]
                )
            )
            for page in pages
        }

    def _screen(self, page: Page, made: Outline, folder: Folder | None) -> str:
        return self._fill(
            "screen.html",
            page=page,
            folder=folder,
            up="../" * page.inside.count("/"),
            around=folder.around(page) if folder else (None, None),
            body=made.html,
            headings=made.headings,
        )

    def alone(self, page: Page) -> str:
        """A screen page that needs no other file: its style and its icons stand in it."""
        dark = self._text("screen-dark.css")
        style = self._text("screen.css") + "@media (prefers-color-scheme: dark) {\n" + dark + "}\n"
        style = icons_inside(style, self._text)
        body = self._joined(page, [self._raw(section) for section in page.sections])
        body, _ = self._with_pictures(body, _reader(page.path), "")
        return self._fill("alone.html", page=page, style=style, style_hash=_hash(style), body=body)

    def _addresses(
        self, pages: Sequence[Page], written: Mapping[str, Sequence[str]]
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Where ids and numbers of sheets lead in a folder, and where those of activities do."""
        answers: dict[str, str] = {}
        places: dict[str, str] = {}
        for page in pages:
            if page.about:
                places[page.about] = page.inside
            for anchor in (a for html in written[page.path] for a in anchors(html)):
                found = answers if page.answers else places
                found.setdefault(anchor, f"{page.inside}#{anchor}")
        words, numbers = dict(answers), dict[str, str]()
        for number, name in self._numbered.items():
            # The row of an activity's plan is where it is looked for; not each has notes.
            address = next(
                (d[n] for d, n in ((places, f"plan_{name}"), (places, name), (answers, name))
                 if n in d), None
            )  # fmt: skip
            if address is not None:
                (words if number[0].isalpha() else numbers)[number] = address
        return words, numbers

    def _joined(self, page: Page, written: Sequence[str]) -> str:
        """The sections of a page one after the other, with names in the place of ids."""
        named = [
            self._with_names(section, html)
            for section, html in zip(page.sections, written, strict=True)
        ]
        return known_links(self._fill("page-parts.html", parts=named))

    def _pictures_of(self, reader: str) -> Mapping[str, Picture]:
        """The pictures that a reader may see: trainees those that are made for them alone."""
        pictures, materials = self._curriculum.pictures, self._curriculum.materials
        if reader != "trainee":
            return pictures
        return {n: p for n, p in pictures.items() if materials[n].reader == "trainee"}

    def _with_pictures(self, html: str, reader: str, at: str) -> tuple[str, dict[str, Picture]]:
        """A page with its pictures and those that it shows by file.

        They lie `at` a folder; where that is empty, they stand in the page itself.
        """
        shown, used = self._pictures_of(reader), dict[str, Picture]()

        def show(name: str) -> tuple[str, str] | None:
            if name not in shown:
                return None
            file = f"{name}.{shown[name].suffix}"
            used[file] = shown[name]
            address = f"{at}/{file}" if at else _inside(shown[name])
            return address, self._curriculum.materials[name].alt or ""

        return with_pictures(html, show), used

    def document(self, book: Book) -> PrintDocument:
        """A printed document as the HTML of its chapters, each a page range of its own."""
        from csstrain.pdf import PrintChapter, PrintDocument  # noqa: PLC0415 - not for HTML

        style = self._text("print.css") + self._text(f"paper-{self._shared['paper']}.css")
        icons = tuple((name, self._text(name)) for name in icon_names())
        chapters = []
        for section in book.sections:
            body = with_references(self._with_names(section, self._raw(section)), self._numbered)
            page = for_print(self._fill("print.html", section=section, body=body))
            html, used = self._with_pictures(page, _reader(book.path), "csstrain:/pictures")
            pictures = tuple(used.items())
            chapters.append(PrintChapter(section.label, section.title, html, style, pictures))
        return PrintDocument(book.title, self._language, tuple(chapters), icons)

    def _furniture(self, folder: str, scripts: Collection[str]) -> list[Artifact]:
        """Styles, scripts, letters and icons, so that the folder can be handed over alone."""
        at = f"{folder}/{SITE}".lstrip("/")
        style = self._text("screen-fonts.css") + self._text("screen.css")
        made = [
            Artifact(f"{at}/style.css", style),
            Artifact(f"{at}/dark.css", self._text("screen-dark.css")),
            Artifact(f"{at}/page.js", self._text("page.js")),
            *(Artifact(f"{at}/fonts/{name}", letters) for name, letters in _letters().items()),
        ]
        if folder:
            named = ("search.js", *sorted(scripts))
            made += [Artifact(f"{at}/{name}", self._text(name)) for name in named]
            made += [Artifact(f"{at}/{name}", self._text(name)) for name in icon_names()]
        return made

    def _raw(self, section: Section) -> str:
        """A section as it is written: with ids where authors wrote ids."""
        return in_order(self._fill(section.template, section=section, **section.values))

    def _with_names(self, section: Section, html: str) -> str:
        # What trainees get has no numbering among its values, and no ids in its prose.
        return with_names(html, self._names) if "numbers" in section.values else html

    def _fill(self, template: str, **values: object) -> str:
        return fill(self._environment, template, {**self._shared, **values})

    def _text(self, name: str) -> str:
        return source(self._environment, name)


@cache
def _letters() -> Mapping[str, bytes]:
    """The typeface of all pages, the same that paper has; browsers slant the bold one."""
    from csstrain.pdf import FONTS  # noqa: PLC0415 - only a build of pages needs it

    files = {name: FONTS[name] for name in _LETTERS}
    return MappingProxyType(
        {
            name: (resources.files(p) / "files" / file).read_bytes()
            for name, (p, file) in files.items()
        }
    )


def _hash(text: str) -> str:
    """A text as a content security policy names it."""
    return "sha256-" + b64encode(sha256(text.encode()).digest()).decode()
