"""Documents: what authors write shows as itself, templates are strict, pages are whole."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path

import pikepdf  # noqa: TID253 - what this test reads pages with
import pypdf
import pytest

from csstrain import outputs
from csstrain.agenda import Session
from csstrain.markup import markdown
from csstrain.pdf import PrintChapter, PrintDocument, PrintFault, render_pdf
from csstrain.press import Press
from csstrain.render import (
    OUTPUTS,
    Artifact,
    Format,
    render,
)
from csstrain.templating import TemplateFault, built_in_templates
from tests import binder_sample

HTML: tuple[Format, ...] = ("html",)


@pytest.fixture(scope="module")
def made(sample_build: tuple[Artifact, ...]) -> tuple[Artifact, ...]:
    return sample_build


def html(artifacts: tuple[Artifact, ...]) -> dict[str, str]:
    return {a.path: str(a.content) for a in artifacts if a.path.endswith(".html")}


def pdf(artifacts: tuple[Artifact, ...], path: str) -> bytes:
    content = next(a.content for a in artifacts if a.path == path)
    assert isinstance(content, bytes)
    return content


def test_every_file_of_the_contract_is_made(made: tuple[Artifact, ...]) -> None:
    assert outputs.__path__
    assert set(OUTPUTS) >= {"agenda", "audit", "binder", "instruments", "workbook"}
    shared = {"style.css", "dark.css", "page.js", "search.js", "search-index.js"}
    found = {a.path for a in made if not a.path.endswith((".svg", ".ttf"))}
    for folder in ("trainer", "trainee", "assessor", "audit"):
        assert {f"{folder}/site/{name}" for name in shared} <= found
        found -= {f"{folder}/site/{name}" for name in shared}
    assert found == {
        "index.html",
        "site/style.css",
        "site/dark.css",
        "site/page.js",
        "trainer/index.html",
        "trainer/program.html",
        "trainer/agenda.html",
        "trainer/call-sheets.html",
        "trainer/preparation.html",
        "trainer/modules/m1.html",
        "trainer/present/m1.html",
        "trainer/sign-in.html",
        "trainer/trace.html",
        "trainer/site/present.js",
        "trainer/binder.pdf",
        "trainer/agenda.pdf",
        "trainer/modules/m1.pdf",
        "trainee/index.html",
        "trainee/modules/m1.html",
        "trainee/log.html",
        "trainee/trace.html",
        "trainee/workbook.pdf",
        "assessor/index.html",
        "assessor/instruments/i-test.html",
        "assessor/instruments/i-station.html",
        "assessor/instruments/i-boss.html",
        "assessor/decision.html",
        "assessor/papers.html",
        "assessor/trace.html",
        "assessor/instruments.pdf",
        "assessor/score-book.xlsx",
        "audit/index.html",
        "audit/coverage.html",
        "audit/matrix.html",
        "audit/competencies.html",
        "audit/findings.html",
        "audit/job.html",
        "audit/sources.html",
        "audit/trace.html",
        "audit/site/matrix.js",
        "audit/audit.pdf",
    }


def test_each_folder_holds_the_style_and_icons_that_its_pages_name(
    made: tuple[Artifact, ...],
) -> None:
    paths = {a.path for a in made}
    for path, text in html(made).items():
        for target in re.findall(r'(?:href|src)="([^"#]+)"', text):
            folder = Path(path).parent
            parts: list[str] = []
            for part in (folder / target).parts:
                parts = parts[:-1] if part == ".." else [*parts, part]
            assert "/".join(parts) in paths, (path, target)
            assert path == "index.html" or parts[0] == path.split("/")[0]


def test_pages_keep_a_strict_content_security_policy(made: tuple[Artifact, ...]) -> None:
    for text in html(made).values():
        assert not re.search(r"<[^>]+\sstyle=", text)
        assert "<style" not in text
        scripts = re.findall(r"<script[^>]*>.*?</script>", text, re.DOTALL)
        assert all(re.fullmatch(r'<script src="[a-z./-]+"( defer)?></script>', s) for s in scripts)
        assert not re.search(r"<[^>]+\son[a-z]+=", text)
        policy = re.findall(r'Content-Security-Policy" content="([^"]+)"', text)
        assert len(policy) == 1
        assert policy[0].startswith("default-src 'none'; ")
        assert "unsafe" not in policy[0]
        assert not re.search(r'(?:href|src)="[a-z]+:', text)


def test_pages_have_language_one_title_and_nested_headings(made: tuple[Artifact, ...]) -> None:
    for path, text in html(made).items():
        assert '<html lang="en-US">' in text
        assert len(re.findall(r"<title>[^<]+</title>\s*<link", text)) == 1
        levels = [int(n) for n in re.findall(r"<h([1-6])", text)]
        assert levels[0] == 1, path
        assert all(after - before <= 1 for before, after in pairwise(levels))


def test_ids_are_unique_on_every_page(made: tuple[Artifact, ...]) -> None:
    for path, text in html(made).items():
        found = re.findall(r'\sid="([^"]*)"', text)
        assert len(found) == len(set(found)), path


def test_pages_lead_to_what_is_printed_where_it_is(made: tuple[Artifact, ...]) -> None:
    pages = html(made)
    assert '<a href="binder.pdf">' in pages["trainer/index.html"]
    assert '<a href="../modules/m1.pdf">' in pages["trainer/modules/m1.html"]
    assert '<a href="workbook.pdf">' in pages["trainee/index.html"]
    alone = html(render(binder_sample.compiled(), HTML))
    assert not any(".pdf" in page for page in alone.values())


def test_a_project_overrides_templates_file_by_file(tmp_path: Path) -> None:
    (tmp_path / "door.html").write_text("<h1>Our own door: {{ program.title }}</h1>")
    pages = html(render(binder_sample.compiled(), HTML, tmp_path))
    assert "Our own door: A program" in pages["index.html"]
    assert "Assessor" in pages["assessor/index.html"]


def test_a_template_that_names_something_unknown_fails(tmp_path: Path) -> None:
    (tmp_path / "door.html").write_text("<p>{{ program.titel }}</p>")
    with pytest.raises(TemplateFault, match=r"door\.html.*titel") as caught:
        render(binder_sample.compiled(), HTML, tmp_path)
    assert (caught.value.template, caught.value.line) == ("door.html", 1)


def test_a_broken_template_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "door.html").write_text("<p>\n{% if %}</p>")
    with pytest.raises(TemplateFault, match=r"template door\.html: line 2") as caught:
        render(binder_sample.compiled(), HTML, tmp_path)
    assert (caught.value.template, caught.value.line) == ("door.html", 2)


def test_a_fault_in_an_included_template_is_placed_there(tmp_path: Path) -> None:
    (tmp_path / "part.html").write_text("<p>\n{{ program.titel }}</p>")
    (tmp_path / "door.html").write_text('{% include "part.html" %}')
    with pytest.raises(TemplateFault) as caught:
        render(binder_sample.compiled(), HTML, tmp_path)
    assert (caught.value.template, caught.value.line) == ("part.html", 2)


def test_a_link_out_of_the_templates_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret")
    own = tmp_path / "templates"
    own.mkdir()
    (own / "door.html").symlink_to(tmp_path / "secret")
    with pytest.raises(TemplateFault, match="leads out"):
        render(binder_sample.compiled(), HTML, own)


@pytest.mark.parametrize("name", ["door.html", "screen.css"])
def test_a_template_that_is_not_utf8_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes("<p>café</p>".encode("latin-1"))
    with pytest.raises(TemplateFault, match=f"template {name}: it is not saved as UTF-8"):
        render(binder_sample.compiled(), HTML, tmp_path)


def test_templates_calculate_nothing_unsafe() -> None:
    for path in built_in_templates().glob("*.html"):
        text = path.read_text("utf-8")
        assert "|safe" not in text.replace(" ", ""), path.name
        assert "autoescape" not in text, path.name
        assert not re.search(r"\sstyle=", text), path.name


def test_only_chosen_hours_are_printed(made: tuple[Artifact, ...]) -> None:
    page = html(made)["trainer/modules/m1.html"]
    assert "Something nice" in page  # named as left out
    assert "LEFTOUTtask" not in "".join(html(made).values())


def test_ids_in_the_prose_of_trainers_are_printed_as_numbers() -> None:
    content = binder_sample.CONTENT.replace("CANARYpurpose", "as in m1-try of module m1, by i-test")
    content = content.replace("SHOWNtask", "after m1-try")
    pages = html(render(binder_sample.compiled(content), HTML))
    plain = {path: re.sub(r"</?a\b[^>]*>", "", text) for path, text in pages.items()}
    assert "as in 1.2 of module 1, by I1" in plain["trainer/modules/m1.html"]
    assert 'id="m1-try"' in pages["trainer/modules/m1.html"]
    assert "after m1-try" in plain["trainee/modules/m1.html"]


def test_sheets_for_assessors_are_not_named_in_the_agenda(made: tuple[Artifact, ...]) -> None:
    rater = "S1.5"
    assert rater in html(made)["assessor/papers.html"]
    assert rater not in html(made)["trainer/agenda.html"]


def test_days_begin_with_the_learning_points_of_the_day_before() -> None:
    sample = binder_sample.compiled()
    first = sample.agenda.days[0]
    opening = Session(510, 525, "opening", "Open")
    two = replace(sample.agenda, days=(first, replace(first, number=2, sessions=(opening,))))
    page = html(render(replace(sample, agenda=two), HTML, only=["agenda"]))["trainer/agenda.html"]
    day = page[page.index("Day 2</th>") :]
    assert re.search(r"1 Greeting</p>\s*<ul[^>]*><li>SHOWNpoint", day)


def test_markdown_links_stay_inside_the_page() -> None:
    handout = "# H\n\n[here](#m1-show) [gone](#nowhere) [out](https://example.org) ![i](x.png)"
    page = html(render(binder_sample.compiled(handout=handout), HTML))
    guide = page["trainer/modules/m1.html"]
    assert '<a href="#m1-show">here</a>' in guide
    assert "gone" in guide
    assert "#nowhere" not in guide
    assert "[out](https://example.org)" in guide
    assert "<img" not in guide


def test_empty_columns_of_worksheets_leave_room_to_write() -> None:
    made = markdown("| | Mine | Right |\n|---|---|--:|\n| a | | 1 |\n| b | | 2 |")
    assert '<td class="corner"></td>\n<th scope="col" class="room-1">Mine</th>' in made
    assert made.count('<td class="write"></td>') == 2
    assert '<td class="right">1</td>' in made


def test_headings_of_authors_nest_without_a_gap() -> None:
    made = markdown("### a\n\n###### b\n\n# c", under=3)
    assert re.findall(r"<(h\d)>", made) == ["h4", "h5", "h4"]


# ── PDF ──────────────────────────────────────────────────────────────────────────────


def chapter(body: str, label: str = "2", title: str = "T") -> PrintChapter:
    page = f"<!doctype html><html lang=en><title>{title}</title><body><h1>{title}</h1>{body}"
    return PrintChapter(label, title, page, "")


def test_binder_has_text_labels_outline_title_and_the_mark_of_ua(
    made: tuple[Artifact, ...],
) -> None:
    content = pdf(made, "trainer/binder.pdf")
    reader = pypdf.PdfReader(BytesIO(content))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert "SHOWNbehavior" in text
    assert reader.page_labels[0] == "0-1"
    assert "M1-1" in reader.page_labels
    assert "M1-1" in text
    with pikepdf.open(BytesIO(content)) as book:
        assert str(book.docinfo["/Title"]) == "A program: trainer binder"
        assert str(book.Root.Lang) == "en-US"
        assert book.Root.ViewerPreferences.DisplayDocTitle
        assert book.Root.MarkInfo.Marked
        assert b'pdfuaid:part="1"' in book.Root.Metadata.read_bytes()
        with book.open_outline() as outline:
            titles = [item.title for item in outline.root]
        assert titles[0] == "Cover and contents"
        assert "Greeting" in titles
        assert "/CreationDate" not in book.docinfo


def test_structure_of_joined_chapters_points_at_its_own_pages(made: tuple[Artifact, ...]) -> None:
    with pikepdf.open(BytesIO(pdf(made, "trainer/binder.pdf"))) as book:
        pages = {page.obj.objgen: number for number, page in enumerate(book.pages)}
        parts = book.Root.StructTreeRoot.K[0].K
        seen = []
        for part in parts:
            waiting, found = [part], set()
            while waiting:
                element = waiting.pop()
                if "/Pg" in element:
                    found.add(pages[element.Pg.objgen])
                kids = element.get("/K")
                if isinstance(kids, pikepdf.Array):
                    waiting += [k for k in kids if isinstance(k, pikepdf.Dictionary) and "/S" in k]
            seen.append(sorted(found))
        blank = [n for n, page in enumerate(book.pages) if "/StructParents" not in page.obj]
        assert sorted([n for each in seen for n in each] + blank) == list(range(len(book.pages)))
        assert all(pages[0] % 2 == 0 for pages in seen)  # each begins on a right-hand page
        assert all(n % 2 and not book.pages[n].Contents.read_bytes() for n in blank)
        numbers = list(book.Root.StructTreeRoot.ParentTree.Nums)[::2]
        assert [int(n) for n in numbers] == sorted({int(n) for n in numbers})
        printed = [page.obj for n, page in enumerate(book.pages) if n not in blank]
        keys = [int(page.StructParents) for page in printed]
        assert keys == sorted(set(keys) & {int(n) for n in numbers})


def test_same_input_same_bytes(made: tuple[Artifact, ...]) -> None:
    with Press(workers=2) as press:
        again = render(binder_sample.compiled(), press=press, only=["agenda", "workbook"])
    before = {a.path: a.content for a in made}
    assert {a.path for a in again if a.path.endswith(".pdf")} == {
        "trainer/agenda.pdf",
        "trainee/workbook.pdf",
    }
    # Pages name the documents beside them, so they are the same where those are.
    assert all(before[a.path] == a.content for a in again if a.path.endswith(".pdf"))
    some = render(binder_sample.compiled(), HTML)
    assert all(
        a.content == b.content
        for a, b in zip(some, render(binder_sample.compiled(), HTML), strict=True)
    )


@pytest.mark.parametrize(
    "body",
    [
        '<img alt="x" src="file:///etc/passwd">',
        '<img alt="x" src="https://example.org/x.png">',
        '<img alt="x" src="data:image/png;base64,AAAA">',
        '<link rel="stylesheet" href="x.css">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<a rel="attachment" href="file:///etc/passwd">x</a>',
        "<p style=\"background: url('http://127.0.0.1/x')\">x</p>",
        '<object data="file:///etc/passwd"></object>',
        "<style>@import url('file:///etc/passwd');</style>",
    ],
)
def test_pages_get_only_our_own_files(body: str) -> None:
    with pytest.raises(PrintFault, match="not ours"):
        render_pdf(PrintDocument("T", "en", (chapter(body),)))


@pytest.mark.parametrize(
    "body", ["<p style='colour: red'>x</p>", "<svg xmlns='http://www.w3.org/2000/svg'><x", ""]
)
def test_any_warning_fails_the_page(body: str) -> None:
    broken = PrintChapter("2", "T", f"<html><title></title><body>{body}", "p { colour: red }")
    with pytest.raises(PrintFault, match="chapter 2"):
        render_pdf(PrintDocument("T", "en", (broken,)))
