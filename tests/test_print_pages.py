"""Pages on paper: where they begin, what stands at their edges, how steps stand on the clock."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from typing import cast

import pypdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csstrain import outputs
from csstrain.agenda import Session
from csstrain.model import Step
from csstrain.numbering import Cards, Numbering, cards
from csstrain.outputs.audit import heat
from csstrain.outputs.binder import checklist, due
from csstrain.outputs.module_guides import guides, timed_steps
from csstrain.pipeline import Compilation
from csstrain.render import OUTPUTS, Book, Compiled, book_alone
from tests import binder_sample

assert outputs.__path__  # importing the package registers every output


@pytest.fixture(scope="module")
def sample() -> Compiled:
    """The program that documents are tried on."""
    return binder_sample.compiled()


def book(compiled: Compiled, output: str) -> pypdf.PdfReader:
    """The one printed document of an output."""
    [made] = [b for b in OUTPUTS[output](compiled) if isinstance(b, Book)]
    return pypdf.PdfReader(BytesIO(book_alone(compiled, made)))


@pytest.fixture(scope="module")
def pack(sample: Compiled) -> list[tuple[str, str]]:
    """The pages of the assessor's pack: the number of each and its words."""
    reader = book(sample, "instruments")
    words = [page.extract_text() for page in reader.pages]
    return list(zip(reader.page_labels, words, strict=True))


@pytest.mark.parametrize(
    "paper",
    ["form A\n", "Key to form A", "Candidate's brief", "Script, form|script, form", "Score sheet",
     "Decision form\n", "Remediation plan\n", "30 days after"],
)  # fmt: skip
def test_what_is_handed_out_or_kept_secret_begins_on_a_sheet_of_its_own(
    pack: list[tuple[str, str]], paper: str
) -> None:
    found = [label for label, words in pack if re.search(paper, words)]
    assert found
    for label in found:
        first = int(label.rpartition("-")[2])
        assert first % 2 == 1, label


def test_a_page_left_free_says_so(pack: list[tuple[str, str]]) -> None:
    free = [label for label, words in pack if "left free on purpose" in words]
    assert free
    assert all(int(label.rpartition("-")[2]) % 2 == 0 for label in free)


def test_a_draft_is_marked_on_every_page_and_in_no_words(sample: Compiled) -> None:
    plain, draft = book(sample, "workbook"), book(replace(sample, draft=True), "workbook")
    pale = b"0.901961 0.913725 0.921569 RG"
    for before, after in zip(plain.pages, draft.pages, strict=True):
        if not drawing(before):  # a back that is left free
            continue
        assert pale in drawing(after)
        assert pale not in drawing(before)
        assert after.extract_text() == before.extract_text()


def drawing(page: pypdf.PageObject) -> bytes:
    """All that is drawn on a page, with the pictures that it uses."""
    content = page.get_contents()
    assert content is not None
    resources = cast("pypdf.generic.DictionaryObject", page["/Resources"])
    forms = cast("pypdf.generic.DictionaryObject", resources.get("/XObject", {})).values()
    pictures = (cast("pypdf.generic.StreamObject", each.get_object()).get_data() for each in forms)
    return b"\n".join([content.get_data(), *pictures])


@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595, 842))])
def test_pages_have_the_size_of_their_paper(sample: Compiled, paper: str, size: object) -> None:
    made = book(replace(sample, paper=paper), "agenda")  # type: ignore[arg-type]
    assert {(round(p.mediabox.width), round(p.mediabox.height)) for p in made.pages} == {size}


# ── the clock of a guide ─────────────────────────────────────────────────────────────


def starts(minutes: list[int | None], *sessions: tuple[int, int]) -> list[int | None]:
    """When steps of so many minutes begin in sessions from one minute of the day to another."""
    steps = tuple(Step.model_validate({"do": "it"} | _minutes(each)) for each in minutes)
    held = tuple(Session(start, end, "activity", "A") for start, end in sessions)
    return [step.start for step in timed_steps(steps, held)]


def _minutes(number: int | None) -> dict[str, str]:
    return {} if number is None else {"minutes": str(number)}


def test_steps_follow_each_other_from_the_start_of_the_session() -> None:
    assert starts([2, 6, 4], (540, 560)) == [540, 542, 548]


def test_steps_without_minutes_have_no_clock() -> None:
    assert starts([2, None, 4], (540, 560)) == [540, None, 542]


def test_steps_go_on_after_a_break() -> None:
    assert starts([30, 30, 30], (540, 585), (600, 645)) == [540, 570, 615]


def test_steps_give_way_in_proportion_where_time_is_short() -> None:
    assert starts([10, 20, 10], (540, 560)) == [540, 545, 555]
    assert starts([1, 1, 1], (540, 541)) == [540, 540, None]


def test_before_the_course_there_is_no_clock() -> None:
    assert starts([10, 20]) == [None, None]


@given(st.lists(st.integers(1, 60), min_size=1, max_size=8), st.integers(1, 200))
def test_steps_stay_in_their_order_and_in_their_session(minutes: list[int], held: int) -> None:
    begins = [b for b in starts([*minutes], (540, 540 + held)) if b is not None]
    assert begins == sorted(begins)
    assert begins[0] == 540
    assert begins[-1] < 540 + held


# ── cards, checklist, heat map ───────────────────────────────────────────────────────


def test_cards_are_parted_by_rules_or_by_their_headings() -> None:
    by_rules = cards("Cut.\n\n---\n\n### A\n\none\n\n#### more\n\n---\n\n### B\n\ntwo\n")
    assert by_rules == Cards("Cut.", ("### A\n\none\n\n#### more", "### B\n\ntwo"))
    by_headings = cards("Cut.\n\n### A\n\none\n\n#### more\n\n### B\n\ntwo\n")
    assert by_headings == by_rules
    assert cards("one text") == Cards("", ("one text",))
    assert cards("### A\n\none") == Cards("", ("### A\n\none",))
    assert cards("Heading\n---\n\ntext") == Cards("", ("Heading\n---\n\ntext",))


@pytest.mark.parametrize(
    ("line", "days"),
    [
        ("Thirty days before: rooms.", 30),
        ("Two weeks before, rooms.", 30),
        ("Five days before: rooms.", 7),
        ("One day before: rooms.", 1),
        ("On the day: rooms.", 0),
        ("Rooms two days before.", None),
        ("Some days before: rooms.", None),
    ],
)
def test_what_is_due_stands_under_a_date_that_is_early_enough(line: str, days: int | None) -> None:
    assert due(line)[0] == days


def test_the_checklist_holds_every_line_of_every_module(sample: Compiled) -> None:
    every = guides(sample)
    lines = sum(len(guide.module.preparation) for guide in every)
    assert lines
    assert sum(len(date.tasks) for date in checklist(every)) == lines


def test_the_heat_map_adds_up_to_the_coverage_of_the_hours(shipped: Compilation) -> None:
    assert shipped.curriculum is not None
    assert shipped.coverage is not None
    happening = frozenset(shipped.curriculum.activities)
    for ksa, cells in heat(shipped.curriculum, happening):
        whole = shipped.coverage.ksas[ksa.id]
        for letter, level in (("T", whole.taught), ("P", whole.practiced), ("A", whole.assessed)):
            assert any(letter in cell.letters for cell in cells) == bool(level), ksa.id
        assert max(cell.level for cell in cells) == max(
            whole.taught, whole.practiced, whole.assessed
        )


def test_tabs_of_modules_stand_below_each_other(sample: Compiled) -> None:
    assert list(Numbering(sample.curriculum).tabs.values()) == [
        n % 12 for n in range(len(sample.curriculum.modules))
    ]
