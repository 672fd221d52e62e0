"""Chains, matrix and sources: one can go from the job to the follow-up question and back."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from csstrain import trace
from csstrain.gaps import Gap, Mend, gaps
from csstrain.pipeline import Compilation, compile_texts
from csstrain.show_trace import (
    FORMATS,
    View,
    as_csv,
    as_html,
    as_json,
    as_text,
    as_xlsx,
    block,
    chain_view,
    gaps_view,
    matrix_view,
    sources_view,
    where,
)
from csstrain.source import parse
from tests.curricula import ROOT, compile_text


def test_a_chain_reaches_from_source_to_question(shipped: Compilation) -> None:
    curriculum = shipped.curriculum
    assert curriculum
    for ksa in curriculum.ksas.values():
        kinds = {step.kind for step in trace.chain(curriculum, ksa.id)}
        expected = {"part", "ksa", "objective"}
        if ksa.required:
            expected |= {"activity", "instrument", "question"}
        assert expected <= kinds, ksa.id


def test_chains_go_both_ways(shipped: Compilation) -> None:
    curriculum = shipped.curriculum
    assert curriculum
    for name in ("o6-1", "m6-triads-1", "i-complaint", "ctk-c08", "case-qual-k24", "m6"):
        assert "k24" in {step.id for step in trace.chain(curriculum, name)}
    reached = {step.id for step in trace.chain(curriculum, "k24")}
    assert {"o6-1", "m6-triads-1", "i-complaint", "ctk-c08", "case-qual-k24"} <= reached


def test_every_entity_has_a_chain(shipped: Compilation) -> None:
    curriculum = shipped.curriculum
    assert curriculum
    for name in curriculum.entities:
        steps = trace.chain(curriculum, name)
        assert steps == tuple(sorted(steps, key=lambda s: s.depth))
        assert name in {step.id for step in steps}
        assert f"→ {'  ' * next(s.depth for s in steps if s.id == name)}" in as_text(
            chain_view(curriculum, name, steps)
        )


def views(compiled: Compilation) -> dict[str, View]:
    """One view of each kind."""
    curriculum, coverage = compiled.curriculum, compiled.coverage
    assert curriculum
    assert coverage
    name = next(iter(curriculum.ksas))
    return {
        "matrix": matrix_view(curriculum, coverage),
        "gaps": gaps_view(curriculum, gaps(curriculum, coverage), compiled.content.sources),
        "chain": chain_view(curriculum, name, trace.chain(curriculum, name)),
        "sources": sources_view(curriculum, trace.sources(curriculum)),
    }


def test_matrix_has_a_row_for_each_ksa_and_each_competency(shipped: Compilation) -> None:
    assert shipped.curriculum
    view = views(shipped)["matrix"]
    lines = as_text(view).splitlines()
    ksas = [line for line in lines if re.match(r"k\d\d ", line)]
    assert len(ksas) == 31
    assert len([line for line in lines if line.startswith("ctk-c")]) == 21
    value = json.loads(as_json(view))
    assert [row["ksa"] for row in value["matrix"]] == list(shipped.curriculum.ksas)
    assert [row["competency"] for row in value["competencies"]] == list(
        shipped.curriculum.competencies
    )
    (ctk,) = [row for row in value["totals"] if row["origin"] == "ctk"]
    assert (ctk["weight"], ctk["assessed"]) == (100.1, 1)


def test_the_matrix_says_why_something_is_not_trained(shipped: Compilation) -> None:
    text = as_text(views(shipped)["matrix"])
    assert "– entry: College degree on file" in text
    assert "– exempt: Time in a supervisory post" in text


def test_the_shipped_content_has_no_gaps(shipped: Compilation) -> None:
    assert as_text(views(shipped)["gaps"]) == "0 gaps\n"


def test_sources_say_where_each_part_went(shipped: Compilation) -> None:
    assert shipped.curriculum
    uses = trace.sources(shipped.curriculum)
    view = views(shipped)["sources"]
    assert "NOWHERE" not in as_text(view)
    step = next(u for u in uses if u.part == "unit-step-1")
    assert any(used.startswith("activity m6-steps in m6, 15 min for o6-") for used in step.used_by)
    assert len(json.loads(as_json(view))["sources"]) == len(shipped.curriculum.parts)


def test_duties_sources_and_forms_lead_to_what_they_ask_for(shipped: Compilation) -> None:
    curriculum = shipped.curriculum
    assert curriculum
    duty = curriculum.ksas["k24"].duties[0]
    source = next(
        s.id for s in curriculum.sources.values() if "case-qual-k24" in {p.id for p in s.parts}
    )
    for name in (duty, source, "i-supervisor"):
        assert {"k24", "o6-1"} <= {step.id for step in trace.chain(curriculum, name)}
    mystery = trace.chain(curriculum, "k13")
    assert "i-mystery" in {step.id for step in mystery}
    program = curriculum.program.id
    assert [step.id for step in trace.chain(curriculum, program)] == [program]


# ── gaps ─────────────────────────────────────────────────────────────────────────────

HOLES = """\
program:
  id: program
  title: A program
  version: "1"
  cohort: {trainees: 18}
  scale: house
  day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
    breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
source: {id: s, title: Profile, file: p.txt}
duty:
  id: d1
  name: Serve
  tasks:
    - id: d1-1
      text: Serves people.
      status: trained
competency:
  id: c1
  name: Contact
  origin: s
  definition: Serves customers.
  duties: [d1]
ksas:
  - id: k1
    statement: "Greet a customer: at once #1."
    classes: [skill]
    duties: [d1]
    target_end_of_training: 3
  - id: k2
    statement: Close a contact.
    classes: [attitude]
  - {id: k3, statement: State the rules., classes: [declarative], duties: [d1]}
  - id: k4
    statement: Calm a customer.
    classes: [skill]
    duties: [d1]
    target_end_of_training: 2
"""
MODULE = """\
module:
  id: m1
  title: Contact
  objectives:
    - id: o1
      kind: terminal
      verb: greet
      behavior: a customer
      domain: interpersonal
      level: apply
      ksas:
        - ksa: k1
          level: 2
        - ksa: k4
          level: 1
    - id: o3
      kind: terminal
      verb: state
      behavior: rules
      domain: cognitive
      level: remember
      ksas: [{ksa: k3, level: 1}]
    - id: o5
      kind: terminal
      verb: calm
      behavior: someone
      domain: interpersonal
      level: apply
  activities:
    - id: m1-talk
      method: lecture
      phase: present
      objectives: [o3]
      minutes: {min: 10, plan: 10, max: 10}
instruments:
  - id: i-sup
    title: Form
    kind: supervisor-form
    kirkpatrick: 3
    when: follow-up
    questions:
      - id: q1
        text: How often?
        type: frequency
        waves: [60]
        ksas: [k3]
  - {id: i-test, title: Test, kind: written-test, kirkpatrick: 2, when: in-course, objectives: [o1]}
"""


def found(compiled: Compilation) -> tuple[Gap, ...]:
    assert compiled.curriculum, [d.message for d in compiled.diagnostics]
    assert compiled.coverage
    return gaps(compiled.curriculum, compiled.coverage)


def told(holes: tuple[Gap, ...]) -> list[tuple[str, str]]:
    return [(gap.id, gap.missing) for gap in holes]


def test_every_hole_is_told_once_and_what_follows_from_it_is_not() -> None:
    assert told(found(compile_text(all=HOLES + MODULE))) == [
        ("c1", "trained KSAs"),
        ("d1-1", "KSAs"),
        ("k2", "a duty"),
        ("k2", "an objective"),
        ("k1", "a target within the ceiling"),
        ("k1", "taught"),
        ("k1", "practiced"),
        ("k1", "assessed"),
        ("k3", "assessed"),
        ("k4", "taught, practiced, assessed"),
        ("o5", "a KSA"),
        ("o5", "assessed"),
        ("k1", "followed up"),
        ("k2", "followed up"),
        ("k4", "followed up"),
    ]


def test_without_module_and_form_one_new_file_each_mends_it() -> None:
    holes = found(compile_text(all=HOLES))
    assert told(holes)[-2:] == [("program", "objectives"), ("program", "followed up")]
    assert [gap.mend.how for gap in holes[-2:]] == ["create", "create"]


def mended(texts: dict[str, Any], mend: Mend) -> None:
    """Do to plain data what a gap says."""
    if mend.how == "create":
        assert mend.place.file not in texts
        texts[mend.place.file] = dict(mend.value)
        return
    at = texts[mend.place.file]
    for step in mend.place.route:
        at = at[step]
    if mend.how == "append":
        at.append(dict(mend.value))
    else:
        at.update(mend.value)


def data(name: str, text: bytes) -> Any:
    return parse(name, text)[1].value


@pytest.mark.parametrize("start", [HOLES + MODULE, HOLES])
def test_mends_close_every_gap(start: str) -> None:
    texts = {name: data(name, raw) for name, raw in sample(start).items()}
    holes = found(compile_texts({n: json.dumps(v).encode() for n, v in texts.items()}))
    for _ in range(60):
        if not holes:
            return
        mended(texts, holes[0].mend)
        left = found(compile_texts({n: json.dumps(v).encode() for n, v in texts.items()}))
        assert told(holes)[0] not in told(left)
        holes = left
    raise AssertionError(told(holes))


def sample(start: str) -> dict[str, bytes]:
    scale = (
        "scale: {id: house, title: House, ceiling: 2, levels: [{level: 1, name: A}, "
        "{level: 2, name: B}, {level: 3, name: C}]}\n"
    )
    return {"content/all.yaml": (start + scale).encode()}


def test_blocks_can_be_pasted_where_they_say() -> None:
    files = sample(HOLES + MODULE)
    compiled = compile_texts(files)
    for gap in found(compiled):
        mend, place = gap.mend, gap.mend.place
        text, value = block(mend, compiled.content.sources), json_texts(mend.value)
        if mend.how == "create":
            assert data(place.file, text.encode()) == value
            continue
        meant = at(data(place.file, files[place.file]), place.route)
        source = compiled.content.sources[place.file]
        lines = source.text.splitlines(keepends=True)
        said = where(mend, compiled.content.sources)
        number = int(said.rpartition(" ")[2])
        if mend.how == "append":
            assert f", above line {number}" in said
            lines.insert(number - 1, text)
            expected: Any = [value, *meant]
        elif set(value) & set(meant):
            assert f"{place.file}, line {number}" in said
            lines[number - 1] = text
            expected = {**meant, **value}
        else:
            assert f", below line {number}" in said
            lines.insert(number, text)
            expected = {**meant, **value}
        assert at(data(place.file, "".join(lines).encode()), place.route) == expected, gap


def at(value: Any, route: tuple[str | int, ...]) -> Any:
    for step in route:
        value = value[step]
    return value


def json_texts(value: Any) -> Any:
    """Plain data with its numbers as the text that a file holds."""
    if isinstance(value, dict):
        return {key: json_texts(each) for key, each in value.items()}
    if isinstance(value, list):
        return [json_texts(each) for each in value]
    return str(value)


# ── formats ──────────────────────────────────────────────────────────────────────────

HOSTILE = "=HYPERLINK(1) <script>alert('&')</script>"
HOSTILE_KSAS = f"""\
ksas:
  - {{id: k1, name: "{HOSTILE}", statement: "+1\\nsecond, \\"quoted\\" line", classes: [skill]}}
  - {{id: k2, name: "@SUM(A1)", statement: Close., classes: [skill]}}
"""


@pytest.fixture(scope="module")
def hostile() -> Compilation:
    return compile_text(ksas=HOSTILE_KSAS)


@pytest.mark.parametrize("kind", ["matrix", "gaps", "chain", "sources"])
@pytest.mark.parametrize("form", sorted(FORMATS))
def test_every_trace_has_every_format_and_the_same_bytes_again(
    shipped: Compilation, hostile: Compilation, kind: str, form: str
) -> None:
    for compiled in (shipped, hostile):
        view = views(compiled)[kind]
        made = FORMATS[form](view)
        assert made
        assert made == FORMATS[form](views(compiled)[kind])


def test_csv_is_one_table_and_no_cell_is_a_formula(hostile: Compilation) -> None:
    for view in views(hostile).values():
        text = as_csv(view).decode()
        assert "\n" not in re.sub(r'"[^"]*"', "", text).replace("\r\n", "")
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
        assert len({len(row) for row in rows}) == 1
        assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    (_, first, *_) = csv.reader(io.StringIO(as_csv(views(hostile)["matrix"]).decode(), newline=""))
    assert first[2] == f"'{HOSTILE}"


def test_csv_numbers_are_plain(shipped: Compilation) -> None:
    rows = list(csv.DictReader(io.StringIO(as_csv(views(shipped)["matrix"]).decode(), newline="")))
    k16 = next(row for row in rows if row["KSA"] == "k16")
    assert (k16["table"], k16["need"], k16["assessed"]) == ("KSAs", "2", "2")
    ctk = next(row for row in rows if row["competency"] == "ctk-c01")
    assert ctk["share"] == "0.073926"


SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def sheets(raw: bytes) -> tuple[list[str], dict[str, ElementTree.Element], list[str]]:
    """The names of a workbook's sheets, all its parts, and its shared texts."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        assert archive.testzip() is None
        parts = {
            name: ElementTree.fromstring(archive.read(name))  # noqa: S314 - made just now
            for name in archive.namelist()
            if name.endswith(".xml")
        }
    names = [s.attrib["name"] for s in parts["xl/workbook.xml"].iter(f"{SHEET}sheet")]
    texts = [
        "".join(t.text or "" for t in si.iter(f"{SHEET}t"))
        for si in parts["xl/sharedStrings.xml"].iter(f"{SHEET}si")
    ]
    return names, parts, texts


def test_the_workbook_has_fixed_headings_filters_and_marked_gaps(hostile: Compilation) -> None:
    names, parts, texts = sheets(as_xlsx(views(hostile)["matrix"]))
    assert names == ["KSAs", "competencies", "totals", "notes"]
    sheet = parts["xl/worksheets/sheet1.xml"]
    pane = next(sheet.iter(f"{SHEET}pane"))
    assert pane.attrib["state"] == "frozen"
    assert pane.attrib["ySplit"] == "1"
    assert next(sheet.iter(f"{SHEET}autoFilter")).attrib["ref"] == "A1:N3"
    assert not list(sheet.iter(f"{SHEET}f"))
    assert HOSTILE in texts
    formats = [f.attrib["formatCode"] for f in parts["xl/styles.xml"].iter(f"{SHEET}numFmt")]
    assert '"✗ "General" short"' in formats
    taught = next(c for c in sheet.iter(f"{SHEET}c") if c.attrib["r"] == "F2")
    value = taught.find(f"{SHEET}v")
    assert value is not None
    assert value.text == "0"
    assert taught.attrib.get("t", "n") == "n"


class Page(HTMLParser):
    """What a page is made of: its tags with their attributes, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.said = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.said += data


@pytest.mark.parametrize("kind", ["matrix", "gaps", "chain", "sources"])
def test_the_page_stands_alone_and_can_be_read_aloud(hostile: Compilation, kind: str) -> None:
    text = as_html(views(hostile)[kind]).decode()
    page = Page(text)
    names = [tag for tag, _ in page.tags]
    assert not {"script", "link", "img", "iframe", "object", "base"} & set(names)
    assert "url(" not in text
    assert "@import" not in text
    assert all(str(a.get("href", "#")).startswith("#") for _, a in page.tags)
    assert not any(key.startswith("on") for _, attrs in page.tags for key in attrs)
    assert dict(page.tags)["html"]["lang"] == "en-US"
    assert names.count("h1") == names.count("title") == names.count("main") == 1
    for tag, attributes in page.tags:
        if tag == "th":
            assert attributes["scope"] in ("col", "row")
        if attributes.get("role") == "region":
            assert attributes["tabindex"] == "0"
            assert any(a.get("id") == attributes["aria-labelledby"] for _, a in page.tags)
    if kind == "matrix":
        assert "✗ 0 short" in page.said
        assert HOSTILE in page.said


def test_a_terminal_gets_nothing_that_steers_it() -> None:
    # The loader refuses control characters; should one come through all the same, it is shown.
    view = View("t", (), {}, "a\x1b[2Jb\nc\u202ed")
    assert as_text(view) == "a\\x1b[2Jb\nc\\u202ed\n"


# ── the command ──────────────────────────────────────────────────────────────────────


def run(*arguments: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "csstrain", "trace", *arguments],
        cwd=cwd,
        check=False,
        capture_output=True,
    )


def test_output_writes_what_would_be_printed(tmp_path: Path) -> None:
    for form in FORMATS:
        path = tmp_path / f"matrix.{form}"
        ended = run("k16", "--format", form, "--output", str(path))
        assert (ended.returncode, ended.stdout, ended.stderr) == (0, b"", b"")
        assert path.read_bytes() == run("k16", "--format", form).stdout
    assert [p.name for p in tmp_path.iterdir() if p.name.startswith(".")] == []


@pytest.mark.parametrize(
    "arguments", [("--sources", "k16"), ("--sources", "--gaps"), ("k99", "--gaps")]
)
def test_what_does_not_go_together_is_status_2(arguments: tuple[str, ...]) -> None:
    ended = run(*arguments)
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert len(ended.stderr.decode().strip().splitlines()) == 1


def test_a_workbook_is_not_written_to_a_terminal() -> None:
    pid, handle = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.execv(  # noqa: S606
            sys.executable, [sys.executable, "-m", "csstrain", "trace", "--format", "xlsx"]
        )
    said = b""
    while True:
        try:
            piece = os.read(handle, 4096)
        except OSError:
            break
        if not piece:
            break
        said += piece
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(handle)
    assert status == 2
    assert said.decode().strip().startswith("csstrain: ")
    assert "--output" in said.decode()


def test_gaps_of_one_id_are_those_on_its_chain(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    for name, raw in sample(HOLES + MODULE).items():
        (tmp_path / name).write_bytes(raw)
    ended = run("k3", "--gaps", cwd=tmp_path)
    assert ended.returncode == 0
    heads = [line for line in ended.stdout.decode().splitlines() if line.startswith("✗")]
    assert heads == ["✗ ksa k3 (State the rules): assessed"]


def test_broken_content_is_status_1_and_no_trace(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "all.yaml").write_text("ksa: {id: k1}\n")
    ended = run("--format", "csv", cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert b"error[" in ended.stderr
