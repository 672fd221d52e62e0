"""The agenda as people see it: on a terminal, on a page, on paper, hours side by side."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pikepdf  # noqa: TID253 - what this test reads pages with
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csstrain.agenda import (
    Agenda,
    AgendaDay,
    Bounds,
    CurvePoint,
    GateDeferred,
    LeftOut,
    More,
    Proof,
    Session,
    Shortened,
)
from csstrain.coverage import cover, lost
from csstrain.curriculum import Curriculum
from csstrain.load import Content
from csstrain.outputs import agenda as document
from csstrain.outputs.curve import curve
from csstrain.pipeline import Compilation
from csstrain.render import Compiled, Format, render
from csstrain.show_agenda import WHAT_IF, as_html, as_pdf, as_table
from csstrain.show_agenda.columns import cells
from csstrain.show_agenda.what_if import what_if
from tests import binder_sample
from tests.accessible import broken_rules
from tests.curricula import ROOT, Snapshot

HOSTILE = "\x1b[31mred\x1b[0m <script>x</script> =1+1 研修"
HTML: tuple[Format, ...] = ("html",)
POINTS = (
    CurvePoint(Decimal(4), 0.62, 0.41, ("k1",)),
    CurvePoint(Decimal(8), 0.9996, 0.8, ()),
    CurvePoint(Decimal("12.5"), 1.0, 1.0, ()),
)


def laid(curriculum: Curriculum, names: str, hours: str = "4") -> Agenda:
    """An agenda of one day that holds some activities one after the other, each as planned."""
    clock, sessions = 510, []
    for name in names.split():
        activity = curriculum.activities[name]
        end = clock + activity.minutes.plan
        home = curriculum.module_of[name].id
        sessions.append(Session(clock, end, "activity", activity.label, home, activity))
        clock = end
    sessions.append(Session(clock, clock + 10, "closing", "Closing"))
    left = tuple(
        LeftOut(a, curriculum.module_of[a.id].id, ("k1",), "no room is left")
        for a in curriculum.activities.values()
        if a.id not in names.split()
    )
    day = AgendaDay(1, None, tuple(sessions))
    return Agenda("program", Decimal(hours), "paid", True, days=(day,), left_out=left)


def full() -> Agenda:
    """The sample's agenda with everything that an agenda can tell."""
    made = binder_sample.curriculum()
    plain = binder_sample.agenda(made)
    show, attempt, *_ = made.modules["m1"].activities
    return replace(
        plain,
        gates_deferred=(GateDeferred("o1-1", "no room", "the dean", "30 days after the last day"),),
        shortened=(Shortened(show, "m1", 10), Shortened(attempt, "m1", 30)),
        proof=Proof(100.0, 100.3, 0.0021),
        bounds=Bounds(Decimal("3.5"), Decimal(5), Decimal(6), minimum_proven=True),
        more=More(Decimal(5), (plain.left_out[0].activity,)),
    )


def planned(agenda: Agenda, curriculum: Curriculum | None = None) -> Compilation:
    made = curriculum or binder_sample.curriculum()
    return Compilation(Content(()), made, cover(made), agenda)


def infeasible() -> Agenda:
    return Agenda(
        "program",
        Decimal(1),
        "paid",
        False,
        reasons=("what must be held needs 90 minutes, and one hour leaves 35",),
        bounds=Bounds(Decimal("3.5"), None, Decimal(6)),
        relaxations=("defer the gate `o1-1`, which saves 45 minutes",),
    )


# ── the terminal ─────────────────────────────────────────────────────────────────────


def test_the_table_tells_everything_that_an_agenda_knows(snapshot: Snapshot) -> None:
    snapshot("agenda-table", as_table(planned(full())))


def test_gates_deferred_stand_above_the_days() -> None:
    text = as_table(planned(full()))
    assert text.index("the dean") < text.index("Day 1")


def test_hours_that_cannot_work_say_what_would(snapshot: Snapshot) -> None:
    snapshot("agenda-table-infeasible", as_table(planned(infeasible())))


@pytest.mark.parametrize("width", [60, 72, 100, 160])
def test_lines_fit_the_terminal(width: int, shipped: Compilation) -> None:
    assert shipped.curriculum is not None
    names = " ".join(list(shipped.curriculum.activities)[:30])
    text = as_table(replace(shipped, agenda=laid(shipped.curriculum, names)), width)
    assert max(map(cells, text.splitlines())) <= width


def test_colors_change_no_word() -> None:
    plain, colored = as_table(planned(full())), as_table(planned(full()), colors=True)
    assert "\x1b[36mdemonstration" in colored
    stripped = re.sub(r"\x1b\[[0-9]*m", "", colored)
    assert [line.rstrip() for line in stripped.splitlines()] == plain.splitlines()


def test_columns_line_up_behind_wide_characters_and_none_steers_the_terminal() -> None:
    made = full()
    sessions = list(made.days[0].sessions)
    sessions[0] = replace(sessions[0], title=HOSTILE)
    sessions[2] = replace(sessions[2], title="研修" * 60)
    day = replace(made.days[0], sessions=tuple(sessions))
    text = as_table(planned(replace(made, days=(day,))))
    assert "\x1b" not in text
    rows = [r for r in text.splitlines() if r.endswith("o1-1") and "–" in r[:10]]
    assert len(rows) == 3
    assert len({cells(row) for row in rows}) == 1
    assert "…" in rows[1]


def test_a_part_of_an_activity_is_counted_even_where_its_title_is_cut() -> None:
    made = full()
    first = replace(made.days[0].sessions[0], title="long " * 40, part=2, parts=3)
    day = replace(made.days[0], sessions=(first,))
    assert "… (2 of 3)  demonstration" in as_table(planned(replace(made, days=(day,))))


def test_objectives_that_find_no_room_are_counted(shipped: Compilation) -> None:
    assert shipped.curriculum is not None
    agenda = laid(shipped.curriculum, "m10-rotation m10-feedback")
    names = agenda.sessions()[0].activity.objectives  # type: ignore[union-attr]  # it has one
    text = as_table(replace(shipped, agenda=agenda))
    found = re.search(r"  (o[0-9 o-]+) \+([0-9]+)$", text, re.MULTILINE)
    assert found
    shown = found[1].split()
    assert (*shown, *names[len(shown) :]) == names
    assert int(found[2]) == len(names) - len(shown) > 0


@pytest.mark.parametrize(("environment", "colored"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_a_terminal_gets_its_own_width_and_colors_if_it_wants_them(
    environment: dict[str, str], colored: bool
) -> None:
    text = on_terminal({"COLUMNS": "70", "TERM": "xterm", **environment})
    assert ("\x1b[" in text) is colored
    lines = [re.sub(r"\x1b\[[0-9]*m", "", line) for line in text.splitlines()]
    assert 60 < max(map(cells, lines)) <= 70


def on_terminal(environment: dict[str, str]) -> str:
    """What `agenda` prints on stdout where that is a terminal."""
    own, theirs = pty.openpty()
    command = [sys.executable, "-m", "csstrain", "agenda", "--hours", "24"]
    inherited = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
        env=inherited | environment,
    ):
        os.close(theirs)
        return b"".join(read_all(own)).decode()


def read_all(terminal: int) -> Iterator[bytes]:
    while True:
        try:
            some = os.read(terminal, 65536)
        except OSError:  # so Linux says that the other end is closed
            break
        yield some
    os.close(terminal)


# ── the page ─────────────────────────────────────────────────────────────────────────


def test_the_page_needs_no_other_file() -> None:
    text = as_html(planned(full()), POINTS)
    assert not re.search(r"<(link|script|img|iframe|object)\b", text)
    assert set(re.findall(r'(?:href|src)="([^"]*)"', text)) <= {"#main", "#part-1", "#part-2"}
    assert {u.partition(",")[0] for u in re.findall(r'url\("([^"]*)"\)', text)} == {
        "data:image/svg+xml"
    }
    assert not re.search(r"<[^>]+\s(style|on[a-z]+)=", text)
    ids = re.findall(r'\sid="([^"]*)"', text)
    assert len(ids) == len(set(ids))


def test_text_of_authors_stays_text_on_the_page() -> None:
    made = full()
    hostile = replace(made.left_out[0], why=HOSTILE.replace("\x1b", ""))
    text = as_html(planned(replace(made, left_out=(hostile,))))
    assert "&lt;script&gt;" in text
    assert "<script" not in text


def test_the_page_of_hours_that_cannot_work_says_what_would() -> None:
    text = as_html(planned(infeasible()))
    assert "1 paid hour cannot work" in text
    assert "which saves 45 minutes" in text
    assert "Detailed agenda" not in text


def test_the_page_says_what_is_proven_and_what_is_lost() -> None:
    made = binder_sample.curriculum()
    text = as_html(planned(replace(full(), days=laid(made, "m1-show").days)))
    assert "At most 0.3 % more training value is possible" in text
    assert "1 KSA falls short" in text
    assert "k1 Skill in greeting (not practiced or assessed)" in text


def test_replacements_are_told_in_words() -> None:
    made = full()
    cut = made.left_out[0]
    ojt = cut.activity.model_copy(update={"instead": "ojt"})
    text = as_html(planned(replace(made, left_out=(replace(cut, activity=ojt),))))
    assert "on-the-job training with sign-off" in text


def test_time_against_weight_is_flagged_in_words_and_is_one_with_the_audit_pack(
    shipped: Compilation,
) -> None:
    assert shipped.curriculum is not None
    assert shipped.coverage is not None
    agenda = laid(shipped.curriculum, "m1-standards m4-triads-1 m6-triads-1")
    compiled = Compiled(shipped.curriculum, agenda, shipped.coverage)
    pages = {a.path: str(a.content) for a in render(compiled, HTML, only={"agenda", "audit"})}
    tables = [
        re.search(r'<table class="small-table weights">.*?</table>', pages[path], re.DOTALL)
        for path in ("trainer/agenda.html", "audit/competencies.html")
    ]
    assert tables[0]
    assert tables[1]
    assert tables[0][0] == tables[1][0]
    assert '<span class="flag">low</span>' in tables[0][0]
    assert '<span class="flag">high</span>' in tables[0][0]
    text = as_table(replace(shipped, agenda=agenda))
    flagged = [w for w in compiled.weights if not 0.6 <= w.ratio <= 1.67]
    shown = re.findall(r"^ +([0-9.]+)  (low|high)", text, re.MULTILINE)
    assert [ratio for ratio, _ in shown] == [f"{w.ratio:.2f}" for w in flagged]


# ── the week to scale ────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("days", [1, 3, 5, 7, 10])
def test_the_picture_of_a_week_holds_every_session_to_scale(days: int) -> None:
    sample = binder_sample.compiled()
    first = sample.agenda.days[0]
    dated = tuple(
        replace(first, number=n + 1, date=dt.date(2027, 1, 4) + dt.timedelta(n))
        for n in range(days)
    )
    made = document.weeks(replace(sample, agenda=replace(sample.agenda, days=dated)))
    assert [len(week.days) for week in made] == [5] * (days // 5) + [days % 5] * (days % 5 > 0)
    for week in made:
        assert all(head.date for head in week.days)
        assert len(week.cells) == len(week.days) * len(first.sessions)
        column: dict[float, list[tuple[float, float]]] = {}
        for cell in week.cells:
            assert cell.x + cell.width <= week.width
            assert cell.y + cell.height <= week.height
            assert cell.lines
            assert cell.y < cell.first + (len(cell.lines) - 1) * 8.2 <= cell.y + cell.height
            column.setdefault(cell.x, []).append((cell.y, cell.height))
        for boxes in column.values():
            assert all(y + h < below for (y, h), (below, _) in pairwise(boxes))


def test_a_long_title_is_cut_in_its_cell() -> None:
    sample = binder_sample.compiled()
    long = Session(510, 520, "slack", "time in hand " * 20)
    day = replace(sample.agenda.days[0], sessions=(long,))
    week = document.weeks(replace(sample, agenda=replace(sample.agenda, days=(day,))))[0]
    assert week.cells[0].lines[-1].endswith("…")


# ── the curve of hours ───────────────────────────────────────────────────────────────


def test_the_curve_marks_the_hours_that_readers_look_for() -> None:
    made = curve(POINTS, full())
    assert made is not None
    assert [mark.words for mark in made.marks] == [
        "planned: 4 hours",
        "smallest that work: 3.5 hours",
        "all as planned adds up to: 6 hours",
    ]
    assert len({mark.y for mark in made.marks}) == 3
    assert made.coverage != made.value
    assert made.title.startswith("Weighted coverage rises from 62 percent at 4 hours to 100")


def test_there_is_no_curve_without_points() -> None:
    assert curve((), full()) is None
    assert "What other hours would give" not in as_html(planned(full()))


shares = st.floats(0, 1)
hours = st.integers(1, 4000).map(lambda n: Decimal(n) / 4)
points = st.builds(CurvePoint, hours=hours, coverage=shares, value=shares, lost=st.just(()))


@given(st.lists(points, min_size=1, max_size=20), hours, hours, hours)
def test_every_curve_stays_in_its_frame(
    some: list[CurvePoint], now: Decimal, least: Decimal, all_of_it: Decimal
) -> None:
    agenda = replace(infeasible(), hours=now, bounds=Bounds(least, least, all_of_it))
    made = curve(some, agenda)
    assert made is not None
    for x, y in (*made.coverage_dots, *made.value_dots):
        assert made.left <= x <= made.right
        assert made.top <= y <= made.bottom
    assert all(made.left <= mark.x <= made.right for mark in made.marks)
    assert 2 <= len(made.hours) <= 12
    across = [x for x, _ in made.coverage_dots]
    assert across == sorted(across)


def test_numbers_below_the_curve_are_those_of_the_curve() -> None:
    text = as_html(planned(full()), POINTS)
    table = text[text.index("KSAs that fall short</th>") :]
    cells_of = re.findall(r'<td class="num">([0-9.]+)</td>', table[: table.index("</table>")])
    assert cells_of == ["62.0", "41.0", "99.9", "80.0", "100.0", "100.0"]
    assert "planned</span>" in table


# ── paper ────────────────────────────────────────────────────────────────────────────


def test_the_printed_agenda_describes_its_pictures() -> None:
    content = as_pdf(planned(full()), POINTS)
    assert broken_rules(content) == []
    with pikepdf.open(io.BytesIO(content)) as book:
        texts = [str(element.Alt) for element in elements(book.Root.StructTreeRoot)]
    assert any(text.startswith("Day 1 drawn to scale") for text in texts)
    assert any(text.startswith("Weighted coverage rises from 62 percent") for text in texts)


def elements(root: Any) -> Iterator[Any]:
    """The elements of a structure tree that have words for what they show."""
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if "/Alt" in element:
            yield element
        kids = element.get("/K")
        kids = list(kids) if isinstance(kids, pikepdf.Array) else [kids]
        waiting += [kid for kid in kids if isinstance(kid, pikepdf.Dictionary) and "/K" in kid]


def test_hours_that_cannot_work_make_a_document_too() -> None:
    content = as_pdf(planned(infeasible()))
    assert broken_rules(content) == []
    with pikepdf.open(io.BytesIO(content)) as book:
        assert len(book.pages) == 1


# ── hours side by side ───────────────────────────────────────────────────────────────


def three() -> tuple[Curriculum, tuple[Agenda, ...]]:
    made = binder_sample.curriculum()
    some = replace(laid(made, "m1-show m1-extra", "4"), proof=Proof(50.0, 50.5, 0.01))
    every = replace(laid(made, "m1-show m1-try m1-test", "8"), proof=Proof(80.0))
    return made, (every, infeasible(), some)


def test_what_other_hours_give_and_what_each_step_buys(snapshot: Snapshot) -> None:
    made, agendas = three()
    text = WHAT_IF["table"](made, cover(made), agendas)
    assert isinstance(text, str)
    snapshot("agenda-what-if", text)


def test_steps_tell_what_comes_what_goes_and_what_is_reached() -> None:
    made, agendas = three()
    compared = what_if(made, cover(made), agendas)
    assert [each.agenda.hours for each in compared.hours] == [1, 4, 8]
    assert [each.share for each in compared.hours] == [None, 0.625, 1.0]
    assert [each.lost for each in compared.hours] == [(), ("k1",), ()]
    (step,) = compared.steps
    assert (step.before, step.after) == (Decimal(4), Decimal(8))
    assert step.buys == ("m1-try", "m1-test")
    assert step.gives_up == ("m1-extra",)
    assert step.reaches == ("k1",)


def test_what_if_as_data() -> None:
    made, agendas = three()
    value = json.loads(WHAT_IF["json"](made, cover(made), agendas))
    assert [(h["hours"], h["feasible"], h["ksas_lost"]) for h in value["what_if"]] == [
        (1.0, False, []),
        (4.0, True, ["k1"]),
        (8.0, True, []),
    ]
    raw = WHAT_IF["csv"](made, cover(made), agendas)
    assert isinstance(raw, bytes)
    rows = list(csv.DictReader(io.StringIO(raw.decode())))
    assert [row["buys"] for row in rows] == ["", "", "m1-try m1-test"]
    assert [row["gap %"] for row in rows] == ["", "1", ""]


def test_a_ksa_is_lost_by_stages() -> None:
    made = binder_sample.curriculum()
    assert lost(made, cover(made), laid(made, "m1-show")) == {"k1": ("practiced", "assessed")}
    assert lost(made, cover(made), laid(made, "m1-show m1-try m1-test")) == {}
