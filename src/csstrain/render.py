"""Compiled training to files: outputs, the templates that give them their looks, artifacts."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from traceback import extract_tb
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol
from urllib.parse import quote

from csstrain.agenda import Agenda, CurvePoint
from csstrain.coverage import Coverage
from csstrain.curriculum import Curriculum
from csstrain.diagnostic import Diagnostic, Place
from csstrain.marks import mark
from csstrain.markup import (
    for_print,
    in_order,
    known_links,
    markdown,
    with_names,
    with_pictures,
    with_references,
)
from csstrain.model import Waiver, clock_text
from csstrain.numbering import printed_names, reference_places
from csstrain.pictures import Picture
from csstrain.timing import WeightLine, time_against_weight

if TYPE_CHECKING:
    from jinja2 import Environment, TemplateError

    from csstrain.pdf import PrintDocument
    from csstrain.press import Press

Format = Literal["html", "pdf"]
FORMATS: tuple[Format, ...] = ("html", "pdf")
Paper = Literal["letter", "a4"]


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
    """One entry of a page's navigation: an address relative to the reader's folder."""

    href: str
    title: str


@dataclass(frozen=True)
class Page:
    """A screen page made of sections; `depth` counts the folders below its reader's folder."""

    path: str
    title: str
    sections: tuple[Section, ...]
    links: tuple[Link, ...] = ()
    depth: int = 0


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


class TemplateFault(Exception):
    """A template that cannot be used: its name, the line where that is known, and why."""

    def __init__(self, template: str, line: int | None, why: str) -> None:
        place = f"line {line}: " if line else ""
        super().__init__(f"template {template}: {place}{why}")
        self.template = template
        self.line = line


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
    for page in every if "html" in formats else ():
        if isinstance(page, Page):
            made.append(look.page(page))
            if press:
                press.go_on()  # chapters are laid out meanwhile
    if "html" in formats:
        made += look.furniture({_reader(a.path) for a in made})
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
        self._used: set[tuple[str, str]] = set()  # pictures on pages so far, by reader
        self._places = reference_places(compiled.curriculum)

    def page(self, page: Page) -> Artifact:
        """A screen page as a file."""
        return Artifact(page.path, self._screen(page, ""))

    def alone(self, page: Page) -> str:
        """A screen page with its style and icons inside."""
        return self._screen(page, icons_inside(self._text("screen.css"), self._text))

    def _screen(self, page: Page, style: str) -> str:
        parts = [self._section(section) for section in page.sections]
        up = "../" * page.depth
        html = self._fill("screen.html", page=page, parts=parts, up=up, style=style)
        shown = self._pictures_of(_reader(page.path))

        def show(name: str) -> tuple[str, str] | None:
            picture = shown.get(name)
            if picture is None:
                return None
            if not style:
                self._used.add((_reader(page.path), name))
            alone = f"data:{picture.media_type};base64,{b64encode(picture.raw).decode()}"
            address = alone if style else f"{up}pictures/{name}.{picture.suffix}"
            return address, self._curriculum.materials[name].alt or ""

        return with_pictures(known_links(html), show)

    def _pictures_of(self, reader: str) -> Mapping[str, Picture]:
        """The pictures that a reader may see: trainees those that are made for them alone."""
        pictures, materials = self._curriculum.pictures, self._curriculum.materials
        if reader != "trainee":
            return pictures
        return {n: p for n, p in pictures.items() if materials[n].reader == "trainee"}

    def document(self, book: Book) -> PrintDocument:
        """A printed document as the HTML of its chapters, each a page range of its own."""
        from csstrain.pdf import PrintChapter, PrintDocument  # noqa: PLC0415 - not for HTML

        style = self._text("print.css") + self._text(f"paper-{self._shared['paper']}.css")
        icons = tuple((name, self._text(name)) for name in icon_names())
        chapters = []
        for section in book.sections:
            body = with_references(self._section(section), self._places)
            page = for_print(self._fill("print.html", section=section, body=body))
            html, pictures = self._printed(page, _reader(book.path))
            chapters.append(PrintChapter(section.label, section.title, html, style, pictures))
        return PrintDocument(book.title, self._language, tuple(chapters), icons)

    def _printed(self, html: str, reader: str) -> tuple[str, tuple[tuple[str, Picture], ...]]:
        """A printed page with its pictures, and the files that it shows."""
        shown, used = self._pictures_of(reader), dict[str, Picture]()

        def show(name: str) -> tuple[str, str] | None:
            if name not in shown:
                return None
            file = f"{name}.{shown[name].suffix}"
            used[file] = shown[name]
            return f"csstrain:/pictures/{file}", self._curriculum.materials[name].alt or ""

        return with_pictures(html, show), tuple(used.items())

    def furniture(self, folders: Collection[str]) -> Iterator[Artifact]:
        """Styles, icons and pictures, once for each folder: each can be handed over alone."""
        for folder, name in sorted(self._used):
            picture = self._curriculum.pictures[name]
            yield Artifact(f"{folder}/pictures/{name}.{picture.suffix}", picture.raw)
        for folder in sorted(folders):
            yield Artifact(f"{folder}/style.css".lstrip("/"), self._text("screen.css"))
            for name in icon_names() if folder else ():
                yield Artifact(f"{folder}/{name}", self._text(name))

    def _section(self, section: Section) -> str:
        html = in_order(self._fill(section.template, section=section, **section.values))
        # What trainees get has no numbering among its values, and no ids in its prose.
        return with_names(html, self._names) if "numbers" in section.values else html

    def _fill(self, template: str, **values: object) -> str:
        from jinja2 import TemplateError
        from markupsafe import Markup  # noqa: PLC0415

        # Filled-in sections are finished HTML of our own templates, escaped when they were made;
        # a style sheet is ours too.
        for name in ("body", "parts", "style"):
            if name in values:
                made: Any = values[name]
                values[name] = Markup(made) if isinstance(made, str) else [Markup(m) for m in made]  # noqa: S704
        try:
            return self._environment.get_template(template).render(**self._shared, **values)
        except TemplateError as fault:
            raise TemplateFault(*_where(fault, template), str(fault)) from fault

    def _text(self, name: str) -> str:
        loader = self._environment.loader
        assert loader is not None  # environment() always sets it
        return loader.get_source(self._environment, name)[0]


def icons_inside(style: str, read: Callable[[str], str]) -> str:
    """A style sheet with its icons as data, so that a page which holds it needs no other file.

    >>> icons_inside('a { background: url("icons/eye.svg"); }', lambda name: "<svg/>")
    'a { background: url("data:image/svg+xml,%3Csvg/%3E"); }'
    """
    for name in icon_names():
        if name in style:
            data = "data:image/svg+xml," + quote(read(name), safe="/:=' ")
            style = style.replace(f'url("{name}")', f'url("{data}")')
    return style


def _where(fault: TemplateError, template: str) -> tuple[str, int | None]:
    """The template, perhaps one that `template` includes, and the line where it went wrong."""
    from jinja2 import TemplateSyntaxError

    if isinstance(fault, TemplateSyntaxError):
        return fault.name or template, fault.lineno
    # Jinja puts templates in the place of the code that it made of them.
    frames = [f for f in extract_tb(fault.__traceback__) if f.filename.endswith(".html")]
    return (Path(frames[-1].filename).name, frames[-1].lineno) if frames else (template, None)


def environment(templates: Path | None = None) -> Environment:
    """The Jinja environment: everything escaped, nothing undefined, the project's files first."""
    from jinja2 import ChoiceLoader, Environment, StrictUndefined
    from markupsafe import Markup  # noqa: PLC0415

    folders = [built_in_templates()] if templates is None else [templates, built_in_templates()]
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        loader=ChoiceLoader([_folder_loader(folder) for folder in folders]),
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    # Markdown comes back as HTML in which every character of the author's is escaped.
    made.filters["md"] = lambda text, under=3: Markup(markdown(text, under))  # noqa: S704
    made.filters["clock"] = clock_text
    made.filters["length_text"] = length_text
    made.filters["number"] = number_text
    made.globals["mark"] = mark
    return made


def length_text(minutes: int) -> str:
    """Minutes as people say them.

    >>> length_text(95), length_text(60), length_text(20)
    ('1 h 35 min', '1 h', '20 min')
    """
    hours, rest = divmod(minutes, 60)
    return (
        " ".join(
            word for word in (f"{hours} h" if hours else "", f"{rest} min" if rest else "") if word
        )
        or "0 min"
    )


def number_text(number: Decimal) -> str:
    """A number without zeros at the end.

    >>> number_text(Decimal("7.40")), number_text(Decimal("40"))
    ('7.4', '40')
    """
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _folder_loader(folder: Path) -> Any:
    from jinja2 import FileSystemLoader

    class Folder(FileSystemLoader):
        """Templates of one folder; a link that leads out of it is not followed."""

        def get_source(self, environment: Environment, template: str) -> Any:
            source = super().get_source(environment, template)
            if not Path(source[1]).resolve().is_relative_to(folder.resolve()):
                raise TemplateFault(template, None, "a link that leads out of its folder")
            return source

    return Folder(folder, encoding="utf-8")


@cache
def built_in_templates() -> Path:
    """The folder of our own templates: inside an installed package, or at the top of a checkout."""
    package = Path(__file__).parent
    inside = package / "templates"
    return inside if inside.is_dir() else package.parents[1] / "templates"


@cache
def icon_names() -> tuple[str, ...]:
    """The names of all icons, as templates name them."""
    return tuple(sorted(f"icons/{p.name}" for p in (built_in_templates() / "icons").glob("*.svg")))
