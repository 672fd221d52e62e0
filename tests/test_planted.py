"""What authors write shows as itself, in every field and in every file that is made.

The same program is made twice: with hostile texts, and with harmless ones of the same length. If
every hostile text shows as itself and does nothing, the one becomes the other when the texts are
exchanged: no element, no attribute, no formula, no link more, and no character less.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from html import unescape
from pathlib import Path
from typing import Any

import pikepdf  # noqa: TID253 - what this test reads pages with
import pytest

from csstrain import render, show_trace, templating
from csstrain.diagnostic import Diagnostic, Severity
from csstrain.gaps import gaps
from csstrain.load import load
from csstrain.locate import located
from csstrain.markup import markdown
from csstrain.pipeline import BuildOptions, Compilation, compare_hours, make_artifacts
from csstrain.press import Press
from csstrain.render import OUTPUTS, Book, Compiled
from csstrain.report import FORMATS as REPORTS
from csstrain.report import View, printable, step_summary
from csstrain.show_agenda import FORMATS as AGENDAS
from csstrain.show_agenda import WHAT_IF
from csstrain.show_trace import FORMATS as TRACES
from csstrain.show_trace import View as Trace
from csstrain.show_trace import chain_view, gaps_view, matrix_view, sources_view
from csstrain.templating import built_in_templates
from csstrain.trace import chain, sources
from tests.hostile import naughty_strings
from tests.planted import MOST, TIGHT, Planted, Slot, planned, plant, word
from tests.read_back import page_text
from tests.shapes import fold, shape

HTML = BuildOptions(formats=("html",))
PDF = BuildOptions(formats=("pdf",))

# How a text may begin, for programs that look at that.
FIRST = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "::error::x",
    "##[error]x",
    "![x](file:///etc/passwd)",
    "[x]: javascript:alert(1)",
    '<x-canary a="\'">',
    "W" * 60,
    "שלום مرحبا",
    "e\u0301a\u0308 👩\u200d💻 😀 日本語 ﷽",
    "&lt;b&gt; &#60;i&#62; &amp;amp;",
)
# What is more than text to a page, a template, a link or a shell.
REST = (
    "<script>alert(1)</script>",
    "</title></style></main><!-- <![CDATA[x]]> -->",
    "<img src=x onerror=alert(1)> <link rel=attachment href=file:///etc/passwd>",
    "\"' onmouseover=\"alert(1) <a href='javascript:alert(1)'>x</a>",
    "{{7*7}} {% raw %} {# gone #} ${7+42} <%= 7 %>",
    "[y](javascript:alert(1)) [y](file:///etc/passwd) <http://a.example>",
    "C:\\new\\table $HOME %0A::error::x ##vso[x]y",
)
NAUGHTY = 1  # turns in which each string of the public list stands in some field
LONG = max(map(len, FIRST)) + 1 + max(map(len, REST))

# Shapes that Markdown gives a text; a harmless one of the same shape gives the same elements.
SHAPES = (
    "{}", "# {}", "- {}", "> {}", "1. {}", "**{}**", "| {} |\n|---|\n| {} |", "[{}](#nowhere)",
    "[{}](#mat-handout)", "A line\n{}\nand another", "## {}\n\n{}",
)  # fmt: skip

Make = Callable[[Slot], str]
Look = Callable[[str], tuple[str, ...]]


def shaped(make: Make) -> Callable[[Slot], str]:
    """A text for each slot, in one of the shapes where it may have lines."""

    def text(slot: Slot) -> str:
        shape = "{}" if slot.one_line else SHAPES[slot.number % len(SHAPES)]
        return shape.replace("{}", f"{make(slot)} {slot.word}")

    return text


def plain(_: Slot) -> str:
    return "N" + "n" * (LONG - 1)


def hostile(turn: int) -> Make:
    """Over the turns, each field meets every ending with one beginning after the other."""

    def make(slot: Slot) -> str:
        first = FIRST[(slot.number + turn) % len(FIRST)]
        if not slot.one_line:  # a tab in front means something else to Markdown
            first = first.lstrip()
        return f"{first} {REST[turn]}".ljust(LONG, "W")

    return make


def naughty(turn: int) -> Make:
    """The public list, spread over the fields of one line: those that content may hold at all."""
    lines = [slot.number for slot in plant(shaped(plain)).texts if slot.one_line]
    packed = naughty_texts()
    assert NAUGHTY * len(lines) >= len(packed)
    places = {number: place for place, number in enumerate(lines, turn * len(lines))}

    def make(slot: Slot) -> str:
        return packed[places[slot.number] % len(packed)] if slot.one_line else plain(slot)

    return make


@cache
def naughty_texts() -> tuple[str, ...]:
    """The strings of the public list that content may hold, as many in a text as it has room."""
    made = [""]
    for text in filter(accepted, (each.strip() for each in naughty_strings())):
        if len(made[-1]) + 1 + len(text) > LONG:
            made.append("")
        made[-1] += text + " "
    return tuple(each.ljust(LONG, "W") for each in made)


def accepted(text: str) -> bool:
    """Whether content may hold a text, as one line of reasonable length."""
    return 0 < len(text) < LONG and "\n" not in text and not refusals(text)


def refusals(text: str) -> tuple[Diagnostic, ...]:
    """What checking says of the smallest file that holds a text."""
    value = json.dumps(text, ensure_ascii=False)
    whole = f"module: {{id: m1, title: {value}}}\n".encode("utf-8", "surrogatepass")
    loaded = load({"content/x.yaml": whole})
    return loaded.diagnostics


@dataclass(frozen=True)
class Exchange:
    """Puts the harmless text of a slot where its hostile one stands, whole and unchanged.

    For each word: all that the hostile text may look like, and the harmless one.
    """

    units: Mapping[str, tuple[tuple[str, ...], str]]

    def __call__(self, text: str) -> str:
        for found in dict.fromkeys(WORD.findall(text)):
            looks, good = self.units[found]
            for look in looks:
                text = text.replace(look, good)
            text = fold(text)
            for look in looks:
                for mark in "(`" if look[:1].isspace() else "":  # behind it one blank is left
                    text = text.replace(f"{mark} {fold(look)}", f"{mark}{good}")
                text = text.replace(fold(look), good)
        return fold(text)


def looks(unit: str) -> tuple[str, ...]:
    """A text in a document: letters may be large or small there; Markdown reads an entity."""
    capital = unit[:1].upper() + unit[1:]
    return (unit, capital, unit.lower(), unescape(unit))


def looks_in_reports(unit: str) -> tuple[str, ...]:
    """A text in a finding: what steers a terminal, a log or a link there is made visible."""
    seen = tuple(printable(each) for each in (unit, unit.lower()))
    apart = tuple(each.replace("](", "] (") for each in seen)
    return seen + apart + looks(unit)


WORD = re.compile(f"{word(0)[:2]}[a-z]{{3}}x")


def exchange(bad: Make, planted: Planted, look: Look = looks) -> Exchange:
    units = {s.word: (look(f"{bad(s)} {s.word}"), f"{plain(s)} {s.word}") for s in planted.texts}
    return Exchange(units)


@pytest.fixture(scope="module", autouse=True)
def templates_compiled_once() -> Iterator[None]:
    """Compiling the same templates for each of many builds would take most of the time here."""
    with pytest.MonkeyPatch.context() as patch:
        once = cache(templating.environment)
        patch.setattr(render, "environment", once)
        patch.setattr(show_trace, "environment", once)
        yield


@pytest.fixture(scope="module")
def harmless() -> Compilation:
    return planned(plant(shaped(plain)))


def same_findings(made: Compilation, found: Compilation, mask: Exchange) -> Compilation:
    """What was made, with what rules found elsewhere, said with the harmless texts."""
    said = tuple(said_with(each, mask) for each in found.diagnostics)
    (waiver,) = {each.waiver for each in made.waived}
    waived = tuple(
        each._replace(waiver=waiver, diagnostic=said_with(each.diagnostic, mask))
        for each in found.waived
    )
    return replace(made, diagnostics=said, waived=waived)


def said_with(found: Diagnostic, mask: Exchange) -> Diagnostic:
    hint = found.hint and mask(found.hint)
    related = tuple(replace(each, message=mask(each.message)) for each in found.related)
    return replace(found, message=mask(found.message), hint=hint, related=related)


def files(made: Compilation) -> Iterator[tuple[str, str | bytes]]:
    """Every file that can be made of a planned program, but for PDFs."""
    curriculum, coverage = made.curriculum, made.coverage
    assert curriculum
    assert coverage
    yield from make_artifacts(made, HTML)
    for name in sorted(AGENDAS.keys() - {"table", "pdf"}):
        yield f"agenda.{name}", AGENDAS[name](made)
    for name, view in views(made).items():
        for form in sorted(TRACES.keys() - {"table"}):
            yield f"{name}.{form}", TRACES[form](view)
    yield "report.json", REPORTS["json"](made, View())
    yield "report.sarif", REPORTS["sarif"](made, View())
    yield "report.xml", REPORTS["junit"](made, View())


def views(made: Compilation) -> dict[str, Trace]:
    curriculum, coverage = made.curriculum, made.coverage
    assert curriculum
    assert coverage
    return {
        "matrix": matrix_view(curriculum, coverage),
        "gaps": gaps_view(curriculum, gaps(curriculum, coverage), made.content.sources),
        "chain": chain_view(curriculum, "k1", chain(curriculum, "k1")),
        "sources": sources_view(curriculum, sources(curriculum)),
    }


@pytest.mark.parametrize("turn", range(0, len(REST), 2))
def test_hostile_texts_show_as_themselves(turn: int, harmless: Compilation) -> None:
    compare(hostile(turn), harmless)


@pytest.mark.parametrize("turn", range(NAUGHTY))
def test_naughty_strings_show_as_themselves(turn: int, harmless: Compilation) -> None:
    compare(naughty(turn), harmless)


def test_hostile_texts_show_as_themselves_where_hours_are_short() -> None:
    compare(hostile(0), planned(plant(shaped(plain)), TIGHT), TIGHT)


def compare(bad: Make, harmless: Compilation, hours: Decimal = MOST) -> None:
    program = plant(shaped(bad))
    mask, spoken = exchange(bad, program), exchange(bad, program, looks_in_reports)
    made = planned(program, hours)
    expected = dict(files(same_findings(harmless, made, mask)))
    found = dict(files(made))
    assert found.keys() == expected.keys()
    for name, content in found.items():
        ours = shape(name, content, spoken if name.startswith("report.") else mask)
        theirs = harmless_shape(name, expected[name])
        assert ours == theirs, f"{name}: {difference(ours, theirs)}"


@cache
def harmless_shape(name: str, content: str | bytes) -> object:
    return shape(name, content, fold)


def difference(one: Any, other: Any, way: str = "") -> str:
    """Where two trees part, in words that a failure can show."""
    if type(one) is type(other) and isinstance(one, dict) and one.keys() == other.keys():
        name = next(key for key in one if one[key] != other[key])
        return difference(one[name], other[name], f"{way}/{name}")
    if type(one) is type(other) and isinstance(one, list | tuple) and one and other:
        pairs = enumerate(zip(one, other, strict=False))
        n = next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)) - 1)
        return difference(one[n], other[n], f"{way}/{n}")
    return f"at {way}: {one!r} instead of {other!r}"


@pytest.mark.parametrize(
    ("template", "before", "after"),
    [
        ("workbook-module.html", "{{ module.title }}", "{{ module.title | safe }}"),
        ("audit-sources.html", "{{ s.title }}", "{{ s.title | striptags }}"),
        ("parts.html", "{{ o.verb }}", "{{ o.verb[1:] }}"),
    ],
)
def test_a_template_that_lets_something_through_is_caught(
    template: str, before: str, after: str, harmless: Compilation, tmp_path: Path
) -> None:
    own = (built_in_templates() / template).read_text("utf-8")
    assert before in own
    (tmp_path / template).write_text(own.replace(before, after), "utf-8")
    bad = hostile(0)
    program = plant(shaped(bad))
    mask = exchange(bad, program)
    made = planned(program)
    pages = make_artifacts(made, HTML, tmp_path)
    wanted = dict(make_artifacts(same_findings(harmless, made, mask), HTML, tmp_path))
    assert any(shape(a.path, a.content, mask) != shape(a.path, wanted[a.path], fold) for a in pages)


# ── what content may not hold ────────────────────────────────────────────────────────

HIDDEN = [*range(9), *range(11, 32), *range(127, 160), 0xAD, *range(0x200B, 0x2010), 0x2028, 0x2029,
          *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF, 0xE0041]  # fmt: skip
JOINERS = (0x200C, 0x200D)  # letters of some scripts and of pictures are made with them


@pytest.mark.parametrize("written", ["{}", "\\U{:08x}"])
def test_a_hidden_character_is_refused_in_one_error(written: str) -> None:
    for code in HIDDEN:
        sign = chr(code) if written == "{}" else written.format(code)
        whole = f'module: {{id: m1, title: "a{sign}b"}}\n'.encode("utf-8", "surrogatepass")
        said = load({"content/x.yaml": whole}).diagnostics
        if code in JOINERS or sign == "\r":  # which ends a line, as a line feed does
            assert said == ()
        else:
            assert [d.rule for d in said] == ["hidden-character"], hex(code)


def test_a_naughty_string_is_taken_as_it_is_or_refused_in_one_error() -> None:
    for text in naughty_strings():
        said = refusals(text)
        # What is nothing but hidden characters is an empty text besides.
        assert len(said) <= 1 + (not re.sub(r"[\W\u200b]", "", text)), text
        assert all(d.severity is Severity.ERROR for d in said), text


# ── text for people and machines that read line by line ──────────────────────────────


@pytest.mark.parametrize("turn", range(0, len(REST), 2))
def test_nothing_that_is_printed_steers_a_terminal_or_a_log(turn: int) -> None:
    made = planned(plant(shaped(hostile(turn))))
    for name, text in prints(made):
        assert not RAW.search(text), name
        found = [line for line in text.split("\n") if commands(line)]
        assert all(name == "github" and OURS.match(line) for line in found), (name, found)
    lines = REPORTS["github"](made, View()).split("\n")
    assert sum(map(commands, lines)) == sum(map(bool, map(OURS.match, lines))) > 5


RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
OURS = re.compile(r"::(error|warning|notice) file=content/[\w.-]+,line=\d+,col=\d+,title=[a-z-]+::")


def commands(line: str) -> bool:
    """Whether a runner of workflows takes a line for a command, in either of its two forms."""
    return bool(re.match(r"\s*::[^ :]+( [^:]*)?::", line) or re.search(r"##\w*\[[^]]*\]", line))


def prints(made: Compilation) -> Iterator[tuple[str, str]]:
    """Everything that a command may write to a terminal or a log."""
    for name in ("human", "short", "github", "json", "sarif", "junit"):
        yield name, REPORTS[name](made, View())
    yield "summary", step_summary(made, View())
    yield "agenda", str(AGENDAS["table"](made))
    yield "agenda as data", str(AGENDAS["json"](made))
    several = compare_hours(replace(made, diagnostics=()), [TIGHT, MOST])
    assert made.curriculum
    assert made.coverage
    for name in ("table", "json"):
        yield f"hours as {name}", str(WHAT_IF[name](made.curriculum, made.coverage, several))
    for name, view in views(made).items():
        yield name, str(TRACES["table"](view))
        yield f"{name} as data", str(TRACES["json"](view))


# ── Markdown ─────────────────────────────────────────────────────────────────────────


def test_markdown_makes_nothing_but_its_own_elements() -> None:
    """Of no string of the public list becomes more than text, lists, tables and inner links."""
    known = {"p", "em", "strong", "s", "code", "pre", "ul", "ol", "li", "blockquote", "br", "hr",
             "table", "thead", "tbody", "tr", "th", "td", "a",
             "h3", "h4", "h5", "h6"}  # fmt: skip
    for text in (*naughty_strings(), *FIRST, *REST):
        for each in shape_of_body(markdown(text)):
            if isinstance(each, tuple) and each[0] != "end":
                assert each[0] in known, text
                assert {name for name, _ in each[1]} <= {"class", "scope", "start"}, text
                assert "<" not in str(each), text


def shape_of_body(text: str) -> list[Any]:
    made: Any = shape("x.html", f"<!doctype html><body>{text}</body>".encode(), fold)
    return list(made[made.index(("body", [])) + 1 : -2])


# ── paper ────────────────────────────────────────────────────────────────────────────


def on_paper(slot: Slot) -> str:
    """Short, so that few texts fall on two pages."""
    texts = [first for first in FIRST if first.isascii() and len(first) < 40]
    return (
        f"{texts[slot.number % len(texts)].strip()} </main> {{{{7*7}}}} <a rel=attachment href=x>"
    )


@pytest.fixture(scope="module")
def paper() -> Planted:
    return plant(shaped(on_paper))


def test_hostile_texts_show_as_themselves_in_print(paper: Planted, harmless: Compilation) -> None:
    """The pages that books are laid out from hold nothing but what our templates put there."""
    made = planned(paper)
    mask = exchange(on_paper, paper)
    wanted = dict(chapters(same_findings(harmless, made, mask)))
    for name, html in chapters(made):
        ours, theirs = shape(name, html, mask), harmless_shape(name, wanted[name])
        assert ours == theirs, f"{name}: {difference(ours, theirs)}"


def chapters(made: Compilation) -> Iterator[tuple[str, str]]:
    """Every chapter of every book, before it is laid out."""
    assert made.curriculum
    assert made.agenda
    assert made.coverage
    found = located(made.content.sources, made.diagnostics)
    compiled = Compiled(made.curriculum, made.agenda, made.coverage, found, made.waived)
    look = render.Look(compiled, None)
    books = [each for name in sorted(OUTPUTS) for each in OUTPUTS[name](compiled)]
    for book in books:
        if isinstance(book, Book):
            for chapter in look.document(book).chapters:
                yield f"{book.path}/{chapter.label}.html", chapter.html


def test_hostile_texts_show_as_themselves_on_paper(paper: Planted) -> None:
    mask = exchange(on_paper, paper)
    with Press(workers=2) as press:
        made = make_artifacts(planned(paper), PDF, press=press)
    books = [a for a in made if a.path.endswith(".pdf")]
    assert len(books) > 5
    for path, content in books:
        assert isinstance(content, bytes)
        assert paper_trouble(content) == [], path
        text = "".join(page_text(content).split())
        shown = [mask.units[slot.word][0] for slot in paper.texts if slot.word in text]
        assert len(shown) > 20
        torn = [each[0] for each in shown if not any("".join(e.split()) in text for e in each)]
        assert torn == [], path


def paper_trouble(raw: bytes) -> list[str]:
    """What a book could do beside showing pages: anything but links between its own pages."""
    with pikepdf.open(io.BytesIO(raw)) as book:
        whole = [each for each in book.objects if isinstance(each, pikepdf.Dictionary)]
        acts = [str(each.keys()) for each in whole if ACTS & set(each.keys())]
        links = [each.keys() for each in whole if each.get("/Subtype") == "/Link"]
        return acts + [str(each) for each in links if "/Dest" not in each or "/A" in each]


ACTS = {"/AA", "/AF", "/EF", "/JS", "/OpenAction", "/URI", "/EmbeddedFiles", "/JavaScript"}
