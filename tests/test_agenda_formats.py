"""The agenda as CSV, Excel workbook and calendar: what other programs read out of the files."""

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
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar  # noqa: TID253 - the reader of what these tests write
import pytest
import vobject

from csstrain.agenda import (
    Agenda,
    AgendaDay,
    GateDeferred,
    LeftOut,
    RotationStop,
    Session,
    Shortened,
    hours_text,
)
from csstrain.calendar_file import Event, calendar
from csstrain.curriculum import Curriculum
from csstrain.model import clock_text
from csstrain.pipeline import Compilation, plan_agenda
from csstrain.show_agenda import FORMATS, as_ics
from csstrain.show_agenda.rows import as_csv
from csstrain.show_agenda.workbook import as_xlsx
from tests.curricula import ROOT, compile_text
from tests.npm import node, package
from tests.workbook_reader import Book

MADE = ("csv", "xlsx", "ics")
START = dt.date(2027, 3, 11)  # a Thursday; clocks in Chicago change on the Sunday after it
HOLIDAY = dt.date(2027, 3, 15)


@pytest.fixture(scope="module")
def css(shipped: Compilation) -> Compilation:
    """The shipped program in 40 hours, over a weekend, a change of clocks and a holiday."""
    assert shipped.curriculum
    program = shipped.curriculum.program.model_copy(update={"holidays": (HOLIDAY,)})
    curriculum = replace(shipped.curriculum, program=program)
    return plan_agenda(replace(shipped, curriculum=curriculum), Decimal(40), "paid", START)


HOSTILE = "=1+1; a, b\\\\n c: 'é😀' <b>BEGIN:VEVENT</b> " + "ünïcödé 漢字 " * 12 + "."
MODULE = f"""\
module:
  id: m1
  title: "+module; with, signs"
  room: |
    A room,
    with a second line; and more.
  objectives:
    - {{id: o1, kind: terminal, verb: conduct, behavior: "@SUM(A1) a talk", level: apply,
       domain: interpersonal}}
  activities:
    - id: a1
      title: "{HOSTILE}"
      method: lecture
      phase: present
      priority: must
      minutes: {{min: 20, plan: 30, max: 40}}
      objectives: [o1]
    - id: a2
      title: Stations
      method: role-play
      phase: practice
      minutes: {{min: 30, plan: 60, max: 60}}
      objectives: [o1]
      rotation:
        groups: 2
        stations:
          - {{title: Counter, instruments: [i1], room: "Room 4; left"}}
          - {{title: Desk, instruments: [i1]}}
    - id: a3
      title: -left out
      method: discussion
      phase: debrief
      priority: nice
      minutes: {{min: 10, plan: 10, max: 10}}
      instead: handout
"""
INSTRUMENT = """\
instrument: {id: i1, title: A talk, kind: role-play, kirkpatrick: 2, when: end-of-course,
  objectives: [o1], minutes: 10}
"""


@pytest.fixture(scope="module")
def hostile() -> Compilation:
    """Two days made by hand: texts that mean something to other programs, a part, a rotation."""
    found = compile_text(m1=MODULE, i1=INSTRUMENT)
    assert found.curriculum, found.diagnostics
    return replace(found, agenda=by_hand(found.curriculum))


def by_hand(curriculum: Curriculum) -> Agenda:
    """Two days, a lunch and a break, of which the second has a part of the first day's activity."""
    a1, a2, a3 = (curriculum.activities[name] for name in ("a1", "a2", "a3"))
    stops = (RotationStop("A", "Counter", 750, 780), RotationStop("B", "Desk", 750, 780))
    one = (
        Session(630, 690, "activity", a1.label, "m1", a1, 1, 2),
        Session(690, 750, "lunch", "Lunch"),
        Session(750, 810, "activity", a2.label, "m1", a2, rotation=stops, retrieval=True),
    )
    two = (
        Session(510, 525, "opening", "Opening", retrieval=True),
        Session(525, 555, "activity", a1.label, "m1", a1, 2, 2),
        Session(555, 565, "break", "Break"),
        Session(565, 580, "slack", "Slack"),
        Session(580, 590, "closing", "Closing"),
    )
    days = (AgendaDay(1, START, one), AgendaDay(2, START + dt.timedelta(days=1), two))
    return Agenda(
        "program", Decimal("3.5"), "paid", True, (), days, 25, 10,
        (Shortened(a2, "m1", 60),), (LeftOut(a3, "m1", ("k1",), "=no room"),),
        (GateDeferred("o1", "too few hours", "The Director", "2027-05-11"),),
    )  # fmt: skip


def agenda_of(planned: Compilation) -> Agenda:
    assert planned.agenda
    assert planned.agenda.days
    return planned.agenda


@pytest.mark.parametrize("form", MADE)
def test_the_same_agenda_gives_the_same_bytes(css: Compilation, form: str) -> None:
    made = FORMATS[form](css)
    assert isinstance(made, bytes)
    assert made
    assert made == FORMATS[form](css)


@pytest.mark.parametrize("form", MADE)
def test_no_agenda_gives_no_file(css: Compilation, form: str) -> None:
    none = replace(agenda_of(css), feasible=False, days=(), reasons=("no room",))
    assert not FORMATS[form](replace(css, agenda=none))
    assert not FORMATS[form](replace(css, agenda=None))


# ── csv ──────────────────────────────────────────────────────────────────────────────


def tables(planned: Compilation) -> dict[str, list[dict[str, str]]]:
    """The rows of each table of the CSV file."""
    text = as_csv(planned).decode()
    assert "\n" not in re.sub(r'"[^"]*"', "", text).replace("\r\n", "")
    found: dict[str, list[dict[str, str]]] = {}
    for row in csv.DictReader(io.StringIO(text, newline=""), strict=True):
        found.setdefault(row["table"], []).append(row)
    return found


def test_csv_has_a_row_for_each_session(css: Compilation) -> None:
    rows = tables(css)["sessions"]
    agenda = agenda_of(css)
    expected = [(day, session) for day in agenda.days for session in day.sessions]
    assert len(rows) == len(expected)
    for row, (day, session) in zip(rows, expected, strict=True):
        assert row["date"] == str(day.date)
        assert (row["start"], row["end"]) == (clock_text(session.start), clock_text(session.end))
        assert (row["day"], row["minutes"]) == (str(day.number), str(session.minutes))
        assert row["activity"] == (session.activity.id if session.activity else "")
    assert any(row["retrieval"] == "yes" for row in rows)
    visits = [stop for session in agenda.sessions() for stop in session.rotation]
    listed = [part for row in rows for part in row["stations"].split("; ") if part]
    assert len(listed) == len(visits) > 0


def test_csv_tells_what_the_hours_cost(css: Compilation) -> None:
    agenda, rows = agenda_of(css), tables(css)["cuts"]
    left = {row["activity"]: row for row in rows if row["cut"] == "left out"}
    short = {row["activity"]: row for row in rows if row["cut"] == "shortened"}
    assert set(left) == {each.activity.id for each in agenda.left_out}
    for each in agenda.left_out:
        row = left[each.activity.id]
        assert (row["planned"], row["given"]) == (str(each.activity.minutes.plan), "0")
        assert (row["instead"], row["why"]) == (each.activity.instead, each.why)
    assert {n: row["given"] for n, row in short.items()} == {
        each.activity.id: str(each.given) for each in agenda.shortened
    }
    sums = {row["title"]: row["minutes"] for row in tables(css)["sums"]}
    assert (sums["paid"], sums["contact"]) == (str(agenda.paid), str(agenda.contact))
    assert sums["phase practice"] == str(agenda.by_phase()["practice"])


def test_csv_names_a_deferred_gate_first(hostile: Compilation) -> None:
    first, *_ = tables(hostile)["cuts"]
    assert (first["cut"], first["objectives"]) == ("gate deferred", "o1")
    assert (first["approved by"], first["until"]) == ("The Director", "2027-05-11")


def test_no_cell_of_csv_is_a_formula(hostile: Compilation) -> None:
    rows = list(csv.reader(io.StringIO(as_csv(hostile).decode(), newline="")))
    cells = [cell for row in rows for cell in row]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert sum(cell.startswith("'") for cell in cells) == 4  # a1 twice, a3, and why


# ── xlsx ─────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def book(css: Compilation) -> Book:
    return Book(as_xlsx(css))


def rows_of(planned: Compilation) -> list[tuple[int, AgendaDay, Session]]:
    """The row of each session on the sheet Agenda."""
    sessions = [(day, s) for day in agenda_of(planned).days for s in day.sessions]
    return [(row, day, session) for row, (day, session) in enumerate(sessions, 5)]


def test_every_formula_carries_the_result_that_it_has(book: Book, hostile: Compilation) -> None:
    for each in (book, Book(as_xlsx(hostile))):
        formulas = each.formulas()
        assert len(formulas) > 40
        for sheet, address in formulas:
            kept, now = each.kept(sheet, address), each.value(sheet, address)
            assert now == (pytest.approx(kept) if isinstance(kept, float) else kept), address


def test_only_minutes_and_the_start_of_a_day_are_typed(css: Compilation, book: Book) -> None:
    formulas = {address for sheet, address in book.formulas() if sheet == "Agenda"}
    for row, day, session in rows_of(css):
        first = session is day.sessions[0]
        assert (f"C{row}" in formulas) is not first
        assert f"E{row}" in formulas
        assert f"D{row}" not in formulas
        assert book.clock(f"C{row}") == clock_text(session.start)
        assert book.clock(f"E{row}") == clock_text(session.end)
        assert book.value("Agenda", f"D{row}") == session.minutes


def test_a_changed_duration_moves_the_clock_of_its_day_alone(css: Compilation) -> None:
    rows = rows_of(css)
    at, day, session = next(
        (row, day, s) for row, day, s in rows if day.number == 2 and s.phase == "practice"
    )
    changed = Book(as_xlsx(css)).change("Agenda", f"D{at}", session.minutes + 7)
    for row, other, each in rows:
        moved = 7 if other is day and row > at else 0
        assert changed.clock(f"C{row}") == clock_text(each.start + moved)
    agenda, totals = agenda_of(css), changed.table("Totals")
    assert totals["2"]["Paid"] == day.paid + 7
    assert totals["2"]["Check"] == "✗ 7 minutes more than planned"
    assert totals["1"]["Check"] == "✓ as planned"
    assert totals["All days"]["Paid"] == agenda.paid + 7
    assert totals["All days"]["Contact"] == agenda.contact + 7
    assert totals["practice"]["Minutes"] == agenda.by_phase()["practice"] + 7
    assert session.module
    assert totals[session.module]["Difference"] == 7
    assert str(changed.value("Agenda", "A2")).startswith("✗ 7 minutes more than planned")


def test_a_day_that_begins_later_ends_later(css: Compilation) -> None:
    rows = rows_of(css)
    row, day, _ = rows[0]
    changed = Book(as_xlsx(css)).change("Agenda", f"C{row}", (day.start + 30) / 1440)
    for other, its_day, session in rows:
        moved = 30 if its_day is day else 0
        assert changed.clock(f"E{other}") == clock_text(session.end + moved)
    assert changed.table("Totals")["1"]["Check"] == "✓ as planned"


def test_checks_see_long_runs_late_lunches_and_too_few_minutes(css: Compilation) -> None:
    rows = rows_of(css)
    before = [(row, s) for row, day, s in rows if day.number == 1]
    lunch = next(row for row, s in before if s.kind == "lunch")
    first, session = before[0]
    changed = Book(as_xlsx(css)).change("Agenda", f"D{first}", session.minutes + 100)
    faults = {row: str(changed.value("Agenda", f"G{row}")) for row, _ in before}
    assert faults[lunch] == "✗ lunch outside its window"
    pause = next(row for row, s in before if s.kind in ("break", "lunch"))
    assert re.fullmatch(r"✗ 1\d\d min without a break", faults[pause - 1])
    assert "sessions with a fault" in str(changed.value("Agenda", "A2"))
    relaxed = changed.change("Totals", "E4", 300).change("Totals", "E6", 0.9)
    assert [f for row, _ in before if (f := relaxed.value("Agenda", f"G{row}"))] == []
    short = Book(as_xlsx(css)).change("Agenda", f"D{first}", 0)
    assert session.activity
    least = session.activity.minutes.min
    assert short.value("Agenda", f"G{first}") == f"✗ it needs at least {least} min"


def test_a_divided_activity_needs_its_least_minutes_in_all(hostile: Compilation) -> None:
    book = Book(as_xlsx(hostile))
    assert book.value("Agenda", "G5") == ""
    less = book.change("Agenda", "D5", 0)
    assert less.value("Agenda", "G5") == ""
    assert less.change("Agenda", "D9", 5).value("Agenda", "G5") == "✗ it needs at least 20 min"


def test_faults_are_marked_and_minutes_are_whole(css: Compilation, book: Book) -> None:
    last = rows_of(css)[-1][0]
    assert book.rules("Agenda")[0] == (f"A5:P{last}", 'LEFT($G5,1)="✗"')
    validation = book.validation("Agenda")
    assert validation["sqref"] == f"D5:D{last}"
    kind = (validation["type"], validation["operator"], validation["formula1"])
    assert kind == ("whole", "greaterThanOrEqual", "0")


def test_texts_of_the_content_are_texts_in_the_workbook(hostile: Compilation) -> None:
    book = Book(as_xlsx(hostile))
    assert str(book.value("Agenda", "K5")).startswith("=1+1; a, b")
    assert [a for s, a in book.formulas() if s == "Cuts" or a.startswith("K")] == []
    assert book.names() == ["Agenda", "Totals", "Cuts"]
    title = book.value("Agenda", "A1")
    assert title == f"A program: {hours_text(Decimal('3.5'))} (paid)"


# ── ics ──────────────────────────────────────────────────────────────────────────────

ZONES = (
    "UTC", "America/Chicago", "Europe/Berlin", "Asia/Kolkata", "Africa/Casablanca",
    "Australia/Lord_Howe",
)  # fmt: skip


def moments(planned: Compilation, zone: str) -> list[tuple[str, str]]:
    """Start and end of each session in UTC, by the zone's own rules."""
    found = []
    for day in agenda_of(planned).days:
        assert day.date
        midnight = dt.datetime.combine(day.date, dt.time())
        for s in day.sessions:
            local = [midnight + dt.timedelta(minutes=m) for m in (s.start, s.end)]
            utc = [each.replace(tzinfo=ZoneInfo(zone)).astimezone(dt.UTC) for each in local]
            found.append((f"{utc[0]:%Y-%m-%dT%H:%M}", f"{utc[1]:%Y-%m-%dT%H:%M}"))
    return found


def read_by_icalendar(raw: bytes) -> list[icalendar.Event]:
    read = icalendar.Calendar.from_ical(raw)
    assert read.errors == []
    assert read.to_ical() == raw
    return [each for each in read.walk("VEVENT") if isinstance(each, icalendar.Event)]


ICAL_JS = """\
import { readFileSync } from "node:fs";
const ICAL = (await import(process.argv[1])).default;
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, "utf-8")));
const events = calendar.getAllSubcomponents("vevent").map((each) => {
  const event = new ICAL.Event(each);
  const times = [event.startDate, event.endDate].map((time) =>
    time.convertToZone(ICAL.Timezone.utcTimezone).toString().slice(0, 16));
  return { times, uid: event.uid, summary: event.summary, description: event.description,
           location: event.location };
});
console.log(JSON.stringify(events));
"""


def read_by_ical_js(raw: bytes) -> list[dict[str, Any]]:
    """What ical.js, which Thunderbird reads calendars with, makes of a file."""
    library = package("ical.js") / "dist" / "ical.js"
    ran = subprocess.run(
        [node(), "--input-type=module", "-e", ICAL_JS, str(library)],
        input=raw, check=True, capture_output=True, env={"TZ": "Asia/Tokyo"},
    )  # fmt: skip
    found: list[dict[str, Any]] = json.loads(ran.stdout)
    return found


@pytest.mark.parametrize("zone", ZONES)
def test_three_readers_see_each_session_at_its_moment(css: Compilation, zone: str) -> None:
    raw = as_ics(css, zone)
    expected = moments(css, zone)
    read = read_by_ical_js(raw)
    assert [tuple(each["times"]) for each in read] == expected
    events = read_by_icalendar(raw)
    assert len({each.uid for each in events}) == len(events)
    starts = [
        each.start.astimezone(dt.UTC) for each in events if isinstance(each.start, dt.datetime)
    ]
    assert [f"{each:%Y-%m-%dT%H:%M}" for each in starts] == [start for start, _ in expected]
    checked = vobject.readOne(raw.decode())
    checked.validate(raiseException=True)
    seen = [each.dtstart.value.astimezone(dt.UTC) for each in checked.vevent_list]
    assert [f"{each:%Y-%m-%dT%H:%M}" for each in seen] == [start for start, _ in expected]


def test_days_skip_weekends_and_holidays_and_keep_the_clock_over_its_change(
    css: Compilation,
) -> None:
    events = read_by_icalendar(as_ics(css, "America/Chicago"))
    starts = [each.start for each in events if isinstance(each.start, dt.datetime)]
    assert sorted({each.day for each in starts}) == [11, 12, 16, 17, 18]
    first = {each.day: each for each in reversed(starts)}
    assert {f"{each:%H:%M}" for each in first.values()} == {"08:30"}
    assert [f"{first[day].astimezone(dt.UTC):%H:%M}" for day in (12, 16)] == ["14:30", "13:30"]


def test_a_zone_is_defined_by_rules_where_it_has_some() -> None:
    begin = dt.datetime(2027, 3, 11, 9)
    event = Event("a", begin, begin + dt.timedelta(hours=1), "One")

    def definition(zone: str) -> str:
        text = calendar("x", zone, begin, [event]).decode()
        return text.partition("BEGIN:VTIMEZONE")[2].partition("END:VTIMEZONE")[0]

    chicago = definition("America/Chicago")
    assert "DTSTART:20260308T020000\r\nRRULE:FREQ=YEARLY;BYDAY=2SU;BYMONTH=3\r\n" in chicago
    assert "RRULE:FREQ=YEARLY;BYDAY=1SU;BYMONTH=11\r\n" in chicago
    berlin = definition("Europe/Berlin")
    assert berlin.count("BYDAY=-1SU") == 2
    assert "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200" in berlin
    kolkata = definition("Asia/Kolkata")
    assert "DAYLIGHT" not in kolkata
    assert kolkata.count("BEGIN:STANDARD") == 1
    assert definition("UTC") == ""


def test_events_keep_their_ids_when_other_hours_move_them(hostile: Compilation) -> None:
    agenda = agenda_of(hostile)
    first, second = agenda.days
    later = tuple(replace(s, start=s.start + 25, end=s.end + 25) for s in first.sessions)
    moved = replace(agenda, days=(replace(first, sessions=later), second))
    before = read_by_icalendar(as_ics(hostile))
    after = read_by_icalendar(as_ics(replace(hostile, agenda=moved)))
    uids = [str(each["UID"]) for each in before]
    assert uids == [str(each["UID"]) for each in after]
    assert len(set(uids)) == len(uids)
    assert uids[0] == "program.2027-03-11.a1.1@csstrain"
    postponed = replace(second, date=START + dt.timedelta(days=8))
    other = replace(agenda, days=(replace(first, date=START + dt.timedelta(days=7)), postponed))
    cohort = read_by_icalendar(as_ics(replace(hostile, agenda=other)))
    assert not set(uids) & {str(each["UID"]) for each in cohort}


def test_pauses_leave_the_time_free(hostile: Compilation) -> None:
    events = read_by_icalendar(as_ics(hostile))
    free = [str(each["SUMMARY"]) for each in events if each["TRANSP"] == "TRANSPARENT"]
    assert free == ["Lunch", "Break"]


def test_an_event_says_what_its_trainer_needs(css: Compilation) -> None:
    events = {str(each["UID"]): each for each in read_by_icalendar(as_ics(css, "UTC"))}
    rotation = events["css.2027-03-11.m10-rotation.1@csstrain"]
    assert "six small rooms" in str(rotation["LOCATION"])
    assert "Stations: " in str(rotation["DESCRIPTION"])
    triads = events["css.2027-03-11.m4-triads-1.1@csstrain"]
    said = str(triads["DESCRIPTION"])
    for wanted in ("module m4: ", "Method: role-play (practice)", "- o4-1 ", "Materials:\n- S4."):
        assert wanted in said
    assert "LOCATION" not in triads
    assert triads.categories == ["role-play"]
    assert css.curriculum
    revised = css.curriculum.program.history[-1].date
    assert {each.DTSTAMP and each.DTSTAMP.date() for each in events.values()} == {revised}


def test_hostile_texts_arrive_whole_and_begin_nothing(hostile: Compilation) -> None:
    raw = as_ics(hostile, "Europe/Berlin")
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert hostile.curriculum
    wanted = f"{hostile.curriculum.activities['a1'].title} (1 of 2)"
    (first, *_), (other, *_) = read_by_icalendar(raw), read_by_ical_js(raw)
    assert str(first["SUMMARY"]) == other["summary"] == wanted
    assert "Room: A room, with a second line; and more." in other["description"].split("\n")
    assert str(vobject.readOne(raw.decode()).vevent_list[0].summary.value) == wanted
    assert read_by_ical_js(raw)[2]["location"] == "Counter: Room 4; left"


@pytest.mark.parametrize(
    "breaking", ["\n", "\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029", "\x00"]
)
def test_no_text_can_begin_an_event_of_its_own(breaking: str) -> None:
    injected = f"Talk{breaking}END:VEVENT{breaking}BEGIN:VEVENT{breaking}UID:evil"
    begin = dt.datetime(2027, 1, 11, 9)
    event = Event("a", begin, begin + dt.timedelta(hours=1), injected, injected, injected, injected)
    raw = calendar(injected, "UTC", begin, [event])
    read_by_icalendar(raw)
    assert [each["uid"] for each in read_by_ical_js(raw)] == ["a"]
    assert len(vobject.readOne(raw.decode()).vevent_list) == 1
    lines = re.split("[\n\r\x0b\x0c\x85\u2028\u2029]", raw.decode().replace("\r\n ", ""))
    assert lines.count("BEGIN:VEVENT") == 1


def test_a_calendar_needs_dates(hostile: Compilation) -> None:
    agenda = agenda_of(hostile)
    undated = replace(agenda, days=tuple(replace(day, date=None) for day in agenda.days))
    with pytest.raises(ValueError, match="first day"):
        as_ics(replace(hostile, agenda=undated))


# ── the command ──────────────────────────────────────────────────────────────────────


def run(*arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "csstrain", "agenda", *arguments],
        cwd=ROOT,
        check=False,
        capture_output=True,
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--format", "ics"), "--format ics needs --start"),
        (("--format", "ics", "--start", "2027-01-11", "--timezone", "Chicago"), "no time zone"),
        (("--format", "ics", "--start", "2027-01-11", "--timezone", "../x"), "no time zone"),
        (("--format", "csv", "--timezone", "America/Chicago"), "--format ics"),
    ],
)
def test_what_a_calendar_needs_is_told_in_a_line(arguments: tuple[str, ...], said: str) -> None:
    ended = run(*arguments)
    assert (ended.returncode, ended.stdout) == (2, b"")
    (line,) = ended.stderr.decode().splitlines()
    assert line.startswith("csstrain: ")
    assert said in line


def test_a_first_day_that_no_calendar_knows_is_refused() -> None:
    ended = run("--start", "9999-12-31")
    assert (ended.returncode, ended.stdout) == (2, b"")
    assert b"is not between 1970 and 2199" in ended.stderr


def test_hours_that_cannot_work_write_no_file(tmp_path: Path) -> None:
    made = tmp_path / "agenda.xlsx"
    ended = run("--hours", "8", "--format", "xlsx", "--output", str(made))
    assert (ended.returncode, ended.stdout) == (1, b"")
    assert not made.exists()
    assert b"infeasible-hours" in ended.stderr


def test_output_names_the_calendar_and_utc_is_said(tmp_path: Path) -> None:
    made = tmp_path / "agenda.ics"
    ended = run("--format", "ics", "--start", "2027-01-11", "--output", str(made))
    assert (ended.returncode, ended.stdout) == (0, b"")
    first, *_ = ended.stderr.decode().splitlines()
    assert first.startswith("csstrain: clock times count as UTC")
    assert b"DTSTART:20270111T083000Z" in made.read_bytes()


@pytest.mark.parametrize("form", ["xlsx", "ics"])
def test_no_file_is_written_to_a_terminal(form: str) -> None:
    pid, handle = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        wanted = ["agenda", "--format", form, "--start", "2027-01-11"]
        os.execv(sys.executable, [sys.executable, "-m", "csstrain", *wanted])  # noqa: S606
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
    assert "name its file with --output" in said.decode()
