"""Every PDF is PDF/UA-1: checked before it is laid out, validated after, joined without a loss."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any, cast

import pikepdf  # noqa: TID253 - what this test reads documents with
import pytest

from csstrain import outputs, pdf
from csstrain.agenda import CurvePoint
from csstrain.coverage import cover
from csstrain.paper import printed_links
from csstrain.pdf import PrintChapter, PrintDocument, PrintFault, render_pdf
from csstrain.pipeline import Compilation, plan_agenda
from csstrain.plan import plan
from csstrain.press import Press
from csstrain.render import Artifact, Book, Compiled, Format, Look, Section, render
from tests import binder_sample
from tests.accessible import broken_rules
from tests.curricula import compile_text

PDF: tuple[Format, ...] = ("pdf",)


def documents(made: tuple[Artifact, ...]) -> dict[str, bytes]:
    pdfs = (a for a in made if a.path.endswith(".pdf"))
    return {a.path: a.content for a in pdfs if isinstance(a.content, bytes)}


@pytest.fixture(scope="module")
def sample(sample_build: tuple[Artifact, ...]) -> dict[str, bytes]:
    return documents(sample_build)


@pytest.fixture(scope="module")
def shipped_binder(shipped: Compilation) -> bytes:
    """The binder of the shipped program, all of it."""
    assert outputs.__path__  # importing the package registers every output
    planned = plan_agenda(shipped)
    assert planned.curriculum
    assert planned.agenda
    assert planned.coverage
    compiled = Compiled(planned.curriculum, planned.agenda, planned.coverage)
    with Press(len(os.sched_getaffinity(0))) as press:
        made = render(compiled, PDF, press=press, only={"binder"})
    return documents(made)["trainer/binder.pdf"]


# ── after: the validator ─────────────────────────────────────────────────────────────


def test_every_document_of_the_sample_conforms(sample: dict[str, bytes]) -> None:
    assert len(sample) == 6
    assert [rule for content in sample.values() for rule in broken_rules(content)] == []


def test_the_shipped_binder_conforms(shipped_binder: bytes) -> None:
    assert broken_rules(shipped_binder) == []


def test_the_least_that_a_program_can_be_conforms() -> None:
    """Almost every table is empty, and the files of tables are as bare as they may be."""
    made = compile_text(
        all="""
        module:
          id: m1
          title: One
          objectives: [{id: o1-1, kind: terminal, verb: greet, behavior: a visitor,
                        domain: cognitive, level: apply}]
          activities:
            - {id: m1-a, title: Greet, method: lecture, phase: present,
               minutes: {min: 30, plan: 60, max: 120}, objectives: [o1-1], materials: [mat-a]}
        material: {id: mat-a, title: Sheet, kind: handout, reader: trainee, body: Greet.}
        """
    )
    assert made.curriculum is not None
    agenda = plan(made.curriculum, Decimal(4)).value
    assert agenda is not None
    compiled = Compiled(made.curriculum, agenda, cover(made.curriculum))
    for path, content in documents(render(compiled, PDF)).items():
        assert broken_rules(content) == [], path


AUTHORS = """# One

##### Deep

#

[](#m1-show) [**bold** words](#m1-show) [gone](#nowhere)

| | Head | |
|---|---|---|
| | a | |
| b | | c |

| Only | a head |
|---|---|

- one

  ## In a list
  1. deeper
"""


@pytest.mark.parametrize(
    "place", ["SHOWNgoal", "SHOWNtask", "CANARYpurpose", "CANARYsay", "CANARYanswers", "handout"]
)
def test_whatever_authors_write_conforms(place: str) -> None:
    """Headings that begin anywhere, empty ones, tables without corners, bodies or words."""
    text = '"' + AUTHORS.replace("\n", "\\n") + '"'
    content, handout = binder_sample.CONTENT, AUTHORS
    if place != "handout":
        content, handout = re.sub(rf"\b{place}\b", lambda _: text, content), binder_sample.HANDOUT
    with Press() as press:
        made = render(binder_sample.compiled(content, handout), PDF, press=press, only={"modules"})
    for path, each in documents(made).items():
        assert broken_rules(each) == [], path


# ── before: our own check ────────────────────────────────────────────────────────────

SVG = '<svg xmlns="http://www.w3.org/2000/svg" role="img" width="9" height="9">'
GOOD = "<!doctype html><html lang=en><head><title>T</title></head><body><h1>T</h1>"


def table(head: str, body: str) -> str:
    return f"{GOOD}<table><thead>{head}</thead><tbody>{body}</tbody></table>"


# A page, what our check says of it, and what the validator says of the PDF that would come of it:
# nothing where it cannot tell.
BROKEN: Mapping[str, tuple[str, str, str]] = {
    "no-title": ("<!doctype html><html lang=en><h1>T</h1>", "<title> is missing", ""),
    "empty-title": (GOOD.replace("<title>T<", "<title> <"), "<title> is missing or empty", ""),
    "bad-language": (
        GOOD.replace("lang=en", "lang='plain English'"),
        'lang="plain English", which is no language', "",
    ),
    "no-heading": (GOOD.replace("<h1>T</h1>", "<p>x"), "<h1> is missing", ""),
    "second-h1": (f"{GOOD}<h1>U</h1>", '<h1> "U" is a second <h1>', ""),
    "h2-first": (
        GOOD.replace("<h1>T</h1>", "<h2>U</h2>"), '<h2> "U" comes before any <h1>',
        "HEADING-NESTING",
    ),
    "skipped-level": (f"{GOOD}<h3 id=x>U</h3>", '<h3 id="x"> "U" skips a level', "HEADING-NESTING"),
    "empty-heading": (f"{GOOD}<h2> </h2>", "<h2> is empty", ""),
    "img-without-alt": (
        f'{GOOD}<img src="csstrain:/icons/eye.svg">',
        '<img src="csstrain:/icons/eye.svg"> has no alternate text', "FIGURE-ALTERNATIVE-TEXT",
    ),
    "svg-without-title": (
        f"{GOOD}{SVG}<path d='M0 0h9'/></svg>", "<svg> has no alternate text",
        "FIGURE-ALTERNATIVE-TEXT",
    ),
    "svg-with-label": (
        f"{GOOD}{SVG.replace('role', 'aria-label=x role')}<path d='M0 0h9'/></svg>",
        "<svg> has no alternate text", "FIGURE-ALTERNATIVE-TEXT",
    ),
    "empty-link": (f'{GOOD}<p id="x"><a href="#x"><b></b></a>', "is a link without words", ""),
    "empty-header": (
        table("<tr><th scope=col></th><th scope=col>b</th></tr>", "<tr><td>1</td><td>2</td></tr>"),
        "<th> is an empty header", "",
    ),
    "header-of-nothing": (
        table("<tr><th>a</th></tr>", "<tr><td>1</td></tr>"), "<th> \"a\" does not say what", "",
    ),
    "cell-without-header": (
        table("<tr><th scope=col>a</th><td></td></tr>", "<tr><td>1</td><td>2</td></tr>"),
        '<td> "2" of <table> "a 1 2" has no header', "TABLE-HEADERS-SCOPE",
    ),
    "short-row": (
        table("<tr><th scope=col>a</th><th scope=col>b</th></tr>", "<tr><td>1</td></tr>"),
        "fills 1 columns and the first row 2", "TABLE-COLUMN-ROWSPAN",
    ),
    "long-row": (
        table("<tr><th scope=col>a</th></tr>", "<tr><td colspan=2>1</td></tr>"),
        "fills 2 columns and the first row 1", "TABLE-ROW-COLUMNSPAN",
    ),
    "row-that-reaches-down": (
        table("<tr><th scope=col>a</th><th scope=col>b</th></tr>",
              "<tr><td rowspan=2>1</td><td>2</td></tr><tr><td>3</td><td>4</td></tr>"),
        "fills 3 columns and the first row 2", "TABLE-ROW-COLUMNSPAN",
    ),
    "wide-header": (
        table("<tr><th scope=colgroup colspan=2>a</th></tr>", "<tr><td>1</td><td>2</td></tr>"),
        '<td> "2" of <table> "a 1 2" has no header', "TABLE-HEADERS-SCOPE",
    ),
    "table-without-rows": (
        table("<tr><th scope=col>a</th><th scope=col>b</th></tr>", " "), "has no row", "TBODY-KIDS",
    ),
    "table-without-body": (
        f"{GOOD}<table><thead><tr><th scope=col>a</th></tr></thead></table>",
        "has no <tbody>", "TABLE-THEAD-TBODY",
    ),
    "loose-paragraph-in-list": (
        f"{GOOD}<ul><p>x</p><li>y</li></ul>", '<p> "x" stands right in <ul>', "L-KIDS",
    ),
    "loose-words-in-list": (f"{GOOD}<ol>x<li>y</li></ol>", '"x" stands loose in <ol>', "L-KIDS"),
    "box-in-definitions": (
        f"{GOOD}<dl><div><dt>x</dt><dd>y</dd></div></dl>", "<div> \"x y\" stands right in <dl>",
        "L-KIDS",
    ),
    "item-without-list": (f"{GOOD}<div><li>y</li></div>", '<li> "y" is in no list', "LI-PARENT"),
}  # fmt: skip
SILENT = {"img-without-alt"}  # WeasyPrint itself refuses this one, so nothing comes to validate


@pytest.mark.parametrize("name", BROKEN)
def test_our_check_finds_what_would_not_conform(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    html, said, broken = BROKEN[name]
    chapter = PrintChapter("M4", "Contact", html, "")
    icons = (("icons/eye.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>'),)
    document = PrintDocument("T", "en", (chapter,), icons)
    with pytest.raises(PrintFault) as caught:
        render_pdf(document)
    assert str(caught.value).startswith("chapter M4 (Contact): <") or '"' in str(caught.value)
    assert said in str(caught.value)
    assert ": " in str(caught.value).split(said)[1], "it does not say what to do"

    monkeypatch.setattr(pdf, "faults", lambda _: ())
    if name in SILENT:
        with pytest.raises(PrintFault, match="no required alt"):
            render_pdf(document)
    else:
        rules = broken_rules(render_pdf(document))
        assert any(broken in rule for rule in rules) if broken else rules == []


@pytest.mark.parametrize(
    "body",
    [
        "<h2>a</h2><h3>b</h3><h2>c</h2><!-- a comment -->",
        '<img alt="An eye" src="csstrain:/icons/eye.svg">',
        f"{SVG}<title>A line</title><path d='M0 0h9'/></svg>",
        f'<p id="x"><a href="#x">{SVG}<title>A line</title></svg></a></p>',
        "<ul><li>a<ol><li>b</li></ol></li><!-- so --></ul><dl><dt>a</dt><dd>b</dd></dl>",
        "<table><caption>c</caption><tbody><tr><th scope=row>a</th><td>1</td></tr></tbody></table>",
        "<table><thead><tr><th scope=col>a</th><th scope=col>b</th></tr></thead><tbody>"
        "<tr><th scope=rowgroup rowspan=2>1</th><td>2</td></tr><tr><td>4</td></tr></tbody></table>",
        "<table><tbody><tr><td>1</td></tr></tbody></table>",
    ],
)
def test_our_check_lets_pass_what_conforms(body: str) -> None:
    icons = (("icons/eye.svg", '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'),)
    made = render_pdf(PrintDocument("T", "en", (PrintChapter("1", "T", GOOD + body, ""),), icons))
    assert broken_rules(made) == []


# ── the joined document ──────────────────────────────────────────────────────────────


@pytest.fixture(params=["sample", "shipped"])
def binder(request: pytest.FixtureRequest) -> Iterator[pikepdf.Pdf]:
    if request.param == "sample":
        content = request.getfixturevalue("sample")["trainer/binder.pdf"]
    else:
        content = request.getfixturevalue("shipped_binder")
    with pikepdf.open(BytesIO(content)) as opened:
        yield opened


def label(page: Any) -> str:
    """The number that a page goes by."""
    return str(page.label)


def target(entry: pikepdf.OutlineItem) -> tuple[int, int]:
    """The page that an entry of the outline leads to."""
    place: Any = entry.destination
    return cast(tuple[int, int], place[0].objgen)


def walk(element: Any) -> Iterator[Any]:
    """The structure elements below one."""
    waiting = [element]
    while waiting:
        found = waiting.pop()
        yield found
        kids = found.get("/K", ())
        kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        waiting += [k for k in kids if isinstance(k, pikepdf.Dictionary) and "/S" in k]


def test_one_tree_holds_all_and_its_keys_are_unique_and_complete(binder: pikepdf.Pdf) -> None:
    root = binder.Root.StructTreeRoot
    assert [str(kid.S) for kid in root.K] == ["/Document"]
    pairs = list(root.ParentTree.Nums)
    keys = [int(key) for key in pairs[::2]]
    assert keys == sorted(set(keys))
    assert int(root.ParentTreeNextKey) > keys[-1]
    used: list[int] = []
    reachable = {element.objgen for element in walk(root.K[0])}
    kept = dict(zip(keys, pairs[1::2], strict=True))
    for page in binder.pages:
        if "/StructParents" not in page.obj:
            assert page.Contents.read_bytes() == b""  # a left-hand page that is left free
            continue
        used.append(int(page.obj.StructParents))
        for note in page.obj.get("/Annots", ()):
            used.append(int(note.StructParent))
            owner = kept[int(note.StructParent)]
            assert str(owner.S) == "/Link"
            assert owner.objgen in reachable
            references = [k for k in owner.K if isinstance(k, pikepdf.Dictionary) and "/Obj" in k]
            assert [each.Obj.objgen for each in references] == [note.objgen]
    assert sorted(used) == keys
    assert all(element.P.objgen for element in walk(root.K[0]))


def test_the_document_says_what_it_is(binder: pikepdf.Pdf) -> None:
    root = binder.Root
    assert str(root.Lang) == "en-US"
    assert root.MarkInfo.Marked
    assert root.ViewerPreferences.DisplayDocTitle
    title = str(binder.docinfo["/Title"])
    assert title.endswith(": trainer binder")
    with binder.open_metadata() as metadata:
        assert metadata["pdfuaid:part"] == "1"
        assert metadata["dc:title"] == title


def test_pages_are_labeled_and_listed_chapter_by_chapter(binder: pikepdf.Pdf) -> None:
    labels = [label(page) for page in binder.pages]
    assert len(set(labels)) == len(labels)
    firsts = [number for number, each in enumerate(labels) if each.endswith("-1")]
    pages = {page.obj.objgen: number for number, page in enumerate(binder.pages)}
    parts = [str(part.T) for part in binder.Root.StructTreeRoot.K[0].K]
    with binder.open_outline() as outline:
        assert [entry.title for entry in outline.root] == parts
        starts = [pages[target(entry)] for entry in outline.root]
        assert starts == firsts
        ends = [*firsts[1:], len(labels)]
        for entry, start, end in zip(outline.root, starts, ends, strict=True):
            for below in entry.children:
                assert start <= pages[target(below)] < end, below.title
        assert any(below.title == "Running it" for e in outline.root for below in e.children)


def test_its_objects_are_packed_and_its_id_is_made_of_them(sample: dict[str, bytes]) -> None:
    ids = []
    for content in sample.values():
        assert b"/ObjStm" in content
        assert b"/CreationDate" not in content
        with pikepdf.open(BytesIO(content)) as book:
            ids.append(bytes(book.trailer.ID[0]))
    assert len(set(ids)) == len(ids)


# ── links ────────────────────────────────────────────────────────────────────────────


def links(book: pikepdf.Pdf) -> Iterator[tuple[str, str, str]]:
    """Each link: the label of its page, where it leads, what a screen reader says of it."""
    for page in book.pages:
        for note in page.obj.get("/Annots", ()):
            assert "/A" not in note
            yield label(page), str(note.Dest), str(note.Contents)


def places(book: pikepdf.Pdf) -> dict[str, str]:
    """Each named place, with the label of its page."""
    labels = {page.obj.objgen: label(page) for page in book.pages}
    names = list(book.Root.Names.Dests.Names)
    assert [str(n) for n in names[::2]] == sorted(str(n) for n in names[::2])
    return {str(n): labels[d[0].objgen] for n, d in zip(names[::2], names[1::2], strict=True)}


def test_every_link_leads_to_a_page(binder: pikepdf.Pdf) -> None:
    known = places(binder)
    led = list(links(binder))
    assert led
    assert [link for link in led if link[1] not in known] == []


def test_agenda_guide_and_sheets_lead_to_each_other(sample: dict[str, bytes]) -> None:
    with pikepdf.open(BytesIO(sample["trainer/binder.pdf"])) as book:
        at, led = places(book), set(links(book))
    guide, clock, sheet = at["plan_m1-try"], at["clock_m1-try"], at["mat-handout"]
    assert (guide, clock.split("-")[0], sheet) == ("M1-1", "2", "S1-2")
    assert (clock, "plan_m1-try", "1.2: M1 Greeting") in led
    assert (guide, "clock_m1-try", "1.2: 2 Agenda") in led
    assert (guide, "mat-handout", "S1.1: S1 Sheets of module 1") in led
    assert (guide, "mat-script", "S1.2: M1 Greeting") in led
    assert at["mat-script"].startswith("M1-")
    assert ("0-2", "chapter_M1", "M1-1: M1 Greeting") in led


def test_every_activity_of_the_shipped_agenda_is_linked_both_ways(
    shipped: Compilation, shipped_binder: bytes
) -> None:
    agenda = plan_agenda(shipped).agenda
    assert agenda is not None
    held = {s.activity.id for day in agenda.days for s in day.sessions if s.activity}
    with pikepdf.open(BytesIO(shipped_binder)) as book:
        led = {(number[0], name) for number, name, _ in links(book)}
    for activity in held:
        assert ("2", f"plan_{activity}") in led
        assert ("M", f"clock_{activity}") in led


def test_by_itself_a_document_has_no_link_to_what_it_does_not_hold(
    sample: dict[str, bytes],
) -> None:
    with pikepdf.open(BytesIO(sample["trainer/agenda.pdf"])) as book:
        assert list(links(book)) == []
        kinds = {str(e.S) for e in walk(book.Root.StructTreeRoot.K[0])}
    assert "/Link" not in kinds
    with pikepdf.open(BytesIO(sample["trainer/modules/m1.pdf"])) as book:
        led = {name for _, name, _ in links(book)}
    assert "mat-handout" in led
    assert not any(name.startswith("clock_") for name in led)


def test_no_trace_of_a_link_that_leads_nowhere_is_left(sample: dict[str, bytes]) -> None:
    with pikepdf.open(BytesIO(sample["trainer/agenda.pdf"])) as book:
        texts = " ".join(repr(each) for each in book.objects)
    assert "clock_m1-try" in texts
    assert "plan_m1-try" not in texts
    assert "csstrain:/" not in texts


def test_the_same_place_in_two_chapters_belongs_to_each() -> None:
    body = '<p><a href="#x">here</a> <a href="#y">there</a></p><p id="x">x</p>'
    chapters = tuple(
        PrintChapter(label, f"Chapter {label}", GOOD + body + more, "")
        for label, more in (("1", ""), ("2", '<p id="y">y</p>'))
    )
    # Links as they are when no other chapter is led to: WeasyPrint complains of unknown places.
    for chapter in chapters[:1]:
        with pytest.raises(PrintFault, match="y"):
            render_pdf(PrintDocument("T", "en", (chapter,)))
    printed = tuple(replace(c, html=printed_links(c.html)) for c in chapters)
    with pikepdf.open(BytesIO(render_pdf(PrintDocument("T", "en", printed)))) as book:
        at = places(book)
        assert {(page, at[name]) for page, name, _ in links(book)} == {
            ("1-1", "1-1"), ("1-1", "2-1"), ("2-1", "2-1"),
        }  # fmt: skip


def test_a_chapter_is_the_same_whatever_stands_around_it() -> None:
    """What is cached of a chapter may be used in any document that holds it."""
    sample = binder_sample.compiled()
    curve = (CurvePoint(sample.agenda.hours, 1.0, 1.0, ()),)
    look = Look(sample, None), Look(replace(sample, curve=curve), None)
    section = Section("X", "Sheets", "sheets.html", {"sheets": (), "number": "9"})
    one, other = (each.document(Book("x.pdf", "X", (section,))).chapters for each in look)
    assert one == other
