"""The score book: what it adds up is what the content says, for every score and every boundary."""

from __future__ import annotations

import random
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from io import BytesIO
from itertools import product
from typing import Any

import pytest

from csstrain.agenda import GateDeferred
from csstrain.model import Instrument
from csstrain.outputs.instruments import instruments
from csstrain.outputs.score_book import score_book
from csstrain.pipeline import Compilation, plan_agenda
from csstrain.render import Artifact, Compiled, Page, page_alone
from tests import binder_sample
from tests.workbook_reader import Book, Value

FIRST, AGAIN, RETEST = "First sitting", "Again after a critical failure", "Retest on the other form"
ONE, TWO, THREE = "first rating", "second rating", "settled, where the two differ"


def book_of(compiled: Compiled) -> bytes:
    (made,) = score_book(compiled)
    assert isinstance(made, Artifact)
    assert isinstance(made.content, bytes)
    return made.content


@pytest.fixture(scope="module")
def css(shipped: Compilation) -> Compiled:
    """The shipped program at 40 hours."""
    planned = plan_agenda(shipped)
    assert planned.curriculum
    assert planned.agenda
    assert planned.coverage
    return Compiled(planned.curriculum, planned.agenda, planned.coverage)


@pytest.fixture(scope="module")
def empty(css: Compiled) -> Reader:
    return Reader(book_of(css))


class Reader:
    """The book as a person finds things in it: by the words of bands and headings."""

    def __init__(self, raw: bytes) -> None:
        self.raw, self.book = raw, Book(raw)
        self.sheets = {
            re.sub(r"^\S+ ", "", str(self.book.value(name, "A1"))): name
            for name in self.book.names()
        }
        self._columns: dict[str, dict[str, str]] = {}
        self._bands: dict[str, dict[str, int]] = {}
        for name in self.book.names():
            row = {}
            for number in range(80):
                letter = (chr(64 + number // 26) if number > 25 else "") + chr(65 + number % 26)
                row[str(self.book.value(name, f"{letter}4"))] = letter
            self._columns[name] = row
            firsts = ((str(self.book.value(name, f"A{n}")), n) for n in range(5, 200))
            self._bands[name] = {text: n for text, n in firsts if ": " in text}

    def columns(self, sheet: str) -> Mapping[str, str]:
        return self._columns[sheet]

    def bands(self, sheet: str) -> Mapping[str, int]:
        return self._bands[sheet]

    def at(self, title: str, heading: str, trainee: int, band: str = "") -> tuple[str, str]:
        sheet = self.sheets.get(title, title)
        row = self._bands[sheet][band] if band else 4
        return sheet, f"{self._columns[sheet][heading]}{row + trainee}"


# ── an independent reckoning ─────────────────────────────────────────────────────────


@dataclass
class Rated:
    """One rating: levels or items, criteria that failed at once, whose it is, on which form."""

    entries: list[int]
    fails: list[int] = field(default_factory=list)
    form: str = "A"
    rater: str = ""


Sittings = dict[tuple[str, str], Rated]  # by sitting and rating


def levels_of(instrument: Instrument, rng: random.Random) -> list[int]:
    return [rng.choice((2, 3, 3, 3, 4)) if rng.random() > 0.04 else 1 for _ in instrument.criteria]


def judged(instrument: Instrument, rated: Rated, joint: bool) -> tuple[str, Fraction]:
    """Result and score of one whole rating, from the words of the content."""
    if instrument.items:
        right = sum(rated.entries[:16])
        return ("met" if right >= 13 else "not yet"), Fraction(right)
    mean = Fraction(sum(rated.entries), len(rated.entries))
    if rated.fails:
        return "critical failure", mean
    enough = mean >= (Fraction(5, 2) if joint else 3) and min(rated.entries) >= 2
    good = "floor met" if joint else "met"
    return (good if enough else "not yet"), mean


def of_sitting(
    instrument: Instrument, every: Sittings, sitting: str, joint: bool
) -> tuple[str, Fraction | None]:
    one, two, three = (every.get((sitting, rating)) for rating in (ONE, TWO, THREE))
    if three:
        return judged(instrument, three, joint)
    if one is None:
        return "", None
    if two:
        if one.rater and one.rater == two.rater:
            return "same rater", None
        if (one.entries, one.fails, one.form) != (two.entries, two.fails, two.form):
            return "settle", None
    return judged(instrument, one, joint)


def so_far(instrument: Instrument, every: Sittings, joint: bool) -> tuple[str, Fraction | None]:
    last = of_sitting(instrument, every, FIRST, joint)
    again = of_sitting(instrument, every, AGAIN, joint)
    retest = of_sitting(instrument, every, RETEST, joint)
    if last[0] == "critical failure" and again[0]:
        last = ("not yet" if again[0] == "critical failure" else again[0], again[1])
    if retest[0]:
        last = ("not yet" if retest[0] == "critical failure" else retest[0], retest[1])
    return last


def of_part(instruments: list[Instrument], scores: Mapping[str, Sittings], mean: int | None) -> str:
    """The result of a part: of one instrument, or of several scored together."""
    joint = mean is not None
    found = [so_far(i, scores[i.id], joint) for i in instruments]
    retests = [of_sitting(i, scores[i.id], RETEST, joint)[0] for i in instruments]
    said = [result for result, _ in found]
    if not any(said):
        return ""
    for first in ("critical failure", "settle", "same rater"):
        if first in said:
            return {"critical failure": "teach and test again"}.get(first, first)
    missed = [retest for result, retest in zip(said, retests, strict=True) if result == "not yet"]
    if missed:
        return "missed twice" if all(missed) else "retest due"
    if "" in said:
        return "open"
    means = [score for _, score in found if score is not None]
    if mean is not None and sum(means) < mean * len(means):
        return "missed twice" if any(retests) else "retest due"
    return "met"


def decision(said: list[str], retested: bool) -> str:
    rules = (
        ("missed twice", "referred to the panel"),
        ("teach and test again", "teach and test again"),
        ("retest due", "in remediation: retest due"),
        ("settle", "settle ratings"),
        ("same rater", "settle ratings"),
    )
    if not any(s for s in said if s not in ("not asked", "deferred")):
        return ""
    for word, decided in rules:
        if word in said:
            return decided
    if "" in said or "open" in said:
        return "open"
    if "deferred" in said:
        return "deferred: temporary until signed off"
    return "mastered after retest" if retested else "mastered"


# ── scores of a whole cohort, and what the book makes of them ────────────────────────

PARTS = {
    "Written test": (["i-written"], None),
    "Final stations": (["i-contact", "i-pressure", "i-complaint"], 3),
    "Coaching": (["i-coaching"], None),
}
ASKED = "Coaching: asked, where the post supervises staff"


def a_rating(instrument: Instrument, rng: random.Random) -> Rated:
    form, rater = rng.choice("AB"), rng.choice(("", "R1", "R2", "R3"))
    if instrument.items:
        right = rng.randint(10, 16)  # of the items that count, close to 13
        entries = [1] * right + [0] * (16 - right)
        rng.shuffle(entries)
        return Rated([*entries, *(rng.randint(0, 1) for _ in range(6))], [], form, rater)
    critical = [n for n, c in enumerate(instrument.criteria) if c.critical]
    fails = [n for n in critical if rng.random() < 0.03]
    return Rated(levels_of(instrument, rng), fails, form, rater)


def some_sittings(instrument: Instrument, rng: random.Random) -> Sittings:
    made: Sittings = {}
    if rng.random() < 0.04:
        return made
    sittings = [FIRST, *([AGAIN] if instrument.criteria and rng.random() < 0.2 else []),
                *([RETEST] if rng.random() < 0.25 else [])]  # fmt: skip
    for sitting in sittings:
        made[sitting, ONE] = one = a_rating(instrument, rng)
        if rng.random() < 0.3:
            other = a_rating(instrument, rng)
            same = replace(one, rater=other.rater)
            made[sitting, TWO] = same if rng.random() < 0.7 else other
            if rng.random() < 0.3:
                made[sitting, THREE] = a_rating(instrument, rng)
    return made


def typed(
    reader: Reader, instrument: Instrument, trainee: int, every: Sittings
) -> Iterator[tuple[tuple[str, str], Value]]:
    heads = [c.name for c in instrument.criteria] or [str(n + 1) for n in range(22)]
    for (sitting, rating), rated in every.items():
        band = f"{sitting}: {rating}"

        def at(heading: str, band: str = band) -> tuple[str, str]:
            return reader.at(instrument.title, heading, trainee, band)

        yield at("Form"), rated.form
        if rated.rater:
            yield at("Rater"), rated.rater
        for head, entry in zip(heads, rated.entries, strict=True):
            yield at(head), entry
        for n in rated.fails:
            yield at(f"Critical failure: {heads[n]}"), "yes"


@pytest.mark.parametrize("seed", range(6))
def test_a_cohort_is_decided_as_the_content_says(css: Compiled, empty: Reader, seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - the same scores each time
    instruments = css.curriculum.instruments
    everybody = range(1, css.curriculum.program.cohort.trainees + 1)
    names = [name for each, _ in PARTS.values() for name in each]
    scores = {t: {n: some_sittings(instruments[n], rng) for n in names} for t in everybody}
    asked = {t: rng.choice(("", "yes", "no")) for t in everybody}
    changes = {
        at: value
        for t in everybody
        for name in names
        for at, value in typed(empty, instruments[name], t, scores[t][name])
    }
    changes |= {empty.at("Decisions", ASKED, t): word for t, word in asked.items() if word}
    book = empty.book.filled(changes)
    seen = set()
    for t in everybody:
        said = []
        for part, (each, mean) in PARTS.items():
            found = of_part([instruments[name] for name in each], scores[t], mean)
            if part == "Coaching" and asked[t] == "no":
                found = "not asked"
            said.append(found)
            assert book.value(*empty.at("Decisions", part, t)) == found, (t, part, scores[t])
        retested = any((RETEST, rating) in scores[t][n] for n in names for rating in (ONE, THREE))
        decided = decision(said, retested)
        assert book.value(*empty.at("Decisions", "Decision", t)) == decided, (t, said)
        seen |= {decided, *said}
    assert {"met", "retest due", "missed twice"} <= seen


# ── boundaries, one by one ───────────────────────────────────────────────────────────


def entered(reader: Reader, instrument: Instrument, rated: Rated) -> Book:
    changes = dict(typed(reader, instrument, 1, {(FIRST, ONE): rated}))
    return reader.book.filled(changes)


@pytest.mark.parametrize(("right", "result"), [(12, "not yet"), (13, "met"), (16, "met")])
@pytest.mark.parametrize("form", "AB")
def test_the_written_test_counts_sixteen_items(
    css: Compiled, empty: Reader, right: int, result: str, form: str
) -> None:
    """Items 17 to 22 are about release of records: missed, they are taught again."""
    written = css.curriculum.instruments["i-written"]
    for rest, again in (([1] * 6, 0), ([0] * 6, 6)):
        rated = Rated([1] * right + [0] * (16 - right) + rest, [], form)
        book = entered(empty, written, rated)
        band = f"{FIRST}: {ONE}"
        assert book.value(*empty.at(written.title, "This rating", 1, band)) == result
        assert book.value(*empty.at(written.title, "Right", 1, band)) == right
        assert book.value(*empty.at(written.title, "To teach again", 1, band)) == again


def test_every_mean_of_a_station_is_compared_exactly(css: Compiled, empty: Reader) -> None:
    """All sums that five criteria can have, around the cut and the floor."""
    band = f"{FIRST}: {ONE}"
    for name, cut, good in (("i-coaching", 3, "met"), ("i-pressure", 2.5, "floor met")):
        instrument = css.curriculum.instruments[name]
        for levels in {tuple(sorted(levels)) for levels in product((1, 2, 3, 4), repeat=5)}:
            book = entered(empty, instrument, Rated(list(levels)))
            wanted = good if sum(levels) >= cut * 5 and min(levels) > 1 else "not yet"
            found = book.value(*empty.at(instrument.title, "This rating", 1, band))
            assert found == wanted, (name, levels)


def test_stations_together_pass_at_three_and_not_a_hair_below(css: Compiled, empty: Reader) -> None:
    """Sixths and fifths add up to no finite decimal: 17/6 + 3.2 + 2.9 is a little too low."""
    stations = [css.curriculum.instruments[name] for name in PARTS["Final stations"][0]]
    for sums in product(range(15, 25), range(13, 21), range(13, 21)):
        if abs(Fraction(sums[0], 6) + Fraction(sums[1] + sums[2], 5) - 9) > Fraction(1, 5):
            continue
        changes: dict[tuple[str, str], Value] = {}
        for station, total in zip(stations, sums, strict=True):
            count = len(station.criteria)
            levels = [2 + (total - 2 * count + n) // count for n in range(count)]
            assert sum(levels) == total
            changes |= dict(typed(empty, station, 1, {(FIRST, ONE): Rated(levels)}))
        enough = Fraction(sums[0], 6) + Fraction(sums[1], 5) + Fraction(sums[2], 5) >= 9
        found = empty.book.filled(changes).value(*empty.at("Decisions", "Final stations", 1))
        assert found == ("met" if enough else "retest due"), sums


def test_criteria_at_the_highest_levels_are_counted_where_the_cut_does(
    css: Compiled, empty: Reader
) -> None:
    desk = css.curriculum.instruments["i-desk"]
    for high, result in ((4, "not yet"), (5, "met")):
        book = entered(empty, desk, Rated([3] * high + [2] * (7 - high)))
        assert book.value(*empty.at(desk.title, "Result", 1, f"{FIRST}: {ONE}")) == result


def test_a_rating_is_open_until_it_is_whole(css: Compiled, empty: Reader) -> None:
    contact = css.curriculum.instruments["i-contact"]
    whole = dict(typed(empty, contact, 1, {(FIRST, ONE): Rated([3] * 6)}))
    says = empty.at(contact.title, "This rating", 1, f"{FIRST}: {ONE}")
    assert empty.book.filled(whole).value(*says) == "floor met"
    for left_out in whole:
        some = {at: value for at, value in whole.items() if at != left_out}
        assert empty.book.filled(some).value(*says) == "open"


# ── the book as a file ───────────────────────────────────────────────────────────────


def test_an_empty_book_says_nothing_of_anybody(empty: Reader) -> None:
    for sheet, address in empty.book.formulas():
        value = empty.book.value(sheet, address)
        assert value == empty.book.kept(sheet, address)
        assert value in ("", 0)


def test_the_same_program_gives_the_same_bytes(css: Compiled, empty: Reader) -> None:
    assert book_of(css) == empty.raw


def sheet_parts(raw: bytes) -> Iterator[tuple[str, str]]:
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        names = [name for name in archive.namelist() if "worksheets/sheet" in name]
        yield from ((name, archive.read(name).decode()) for name in names)


def test_every_sheet_prints_well_and_is_locked_without_a_password(empty: Reader) -> None:
    for name, text in sheet_parts(empty.raw):
        assert 'orientation="landscape"' in text, name
        assert 'fitToHeight="0"' in text, name
        assert "<sheetProtection" in text, name
        assert "password" not in text
        assert "version 0.1, draft" in re.sub(r"<[^>]+>", " ", text), name  # at the foot
    with zipfile.ZipFile(BytesIO(empty.raw)) as archive:
        titles = archive.read("xl/workbook.xml").decode().count("_xlnm.Print_Titles")
    assert titles == len(empty.book.names()) - 1


def test_what_is_typed_is_unlocked_and_what_is_calculated_is_not(
    css: Compiled, empty: Reader
) -> None:
    with zipfile.ZipFile(BytesIO(empty.raw)) as archive:
        styles = archive.read("xl/styles.xml").decode()
    formats = styles.split("<cellXfs", 1)[1].split("</cellXfs")[0].split("<xf ")[1:]
    free = {str(n) for n, each in enumerate(formats) if 'protection locked="0"' in each}
    unlocked = set()
    for name, (_, text) in zip(empty.book.names(), sheet_parts(empty.raw), strict=True):
        for address, style, rest in re.findall(r'<c r="(\w+)" s="(\d+)"(.*?)(?=<c |</row>)', text):
            if style in free:
                assert rest == "/>", (name, address)  # nothing stands in it yet
                unlocked.add((name, address))
    for name in PARTS["Final stations"][0]:
        station = css.curriculum.instruments[name]
        rated = Rated([3] * len(station.criteria), [n for n, c in enumerate(station.criteria)
                                                    if c.critical], "B", "R1")  # fmt: skip
        every = {(sitting, rating): rated for sitting in (FIRST, RETEST) for rating in (ONE, THREE)}
        assert {at for at, _ in typed(empty, station, 18, every)} <= unlocked
    assert not unlocked & set(empty.book.formulas())


def test_levels_and_forms_are_chosen_from_lists(css: Compiled, empty: Reader) -> None:
    contact = empty.sheets[css.curriculum.instruments["i-contact"].title]
    number = empty.book.names().index(contact) + 1
    text = next(t for name, t in sheet_parts(empty.raw) if name.endswith(f"/sheet{number}.xml"))
    lists = re.findall(r"<dataValidation .*?</dataValidation>", text)
    assert len(lists) == 3 * 9  # for each sitting and rating
    assert {re.sub(r".*<formula1>(.*?)</formula1>.*", r"\1", each) for each in lists} == {
        '"1,2,3,4"', '"yes"', '"A,B"',
    }  # fmt: skip


def test_the_first_sheet_says_what_passes_and_that_a_draft_decides_nothing(empty: Reader) -> None:
    text = "\n".join(str(empty.book.value("Read me", f"B{n}")) for n in range(1, 60))
    assert "Not for employment decisions" in text
    assert "Passes with 13 of 16 items. Items 1 to 16 count" in text
    assert "Its floor is a mean of 2.5: a sum of 15 of 24. No criterion below 2." in text
    assert "Passes with 5 of 7 criteria at level 3 or more." in text


def test_papers_ask_for_the_mean_and_the_floor_that_the_policy_asks_for(css: Compiled) -> None:
    """A score sheet on paper decides as the book does: a floor by itself, a mean together."""
    pages = {page.path: page for page in instruments(css) if isinstance(page, Page)}
    sheet, form, alone = (
        re.sub(
            r"\s+", " ", re.sub(r"<[^>]+>", " ", page_alone(css, pages[f"assessor/{name}.html"]))
        )
        for name in ("instruments/i-contact", "decision", "instruments/i-coaching")
    )
    assert "Floor of this station mean 2.5, sum 15" in sheet
    assert "the mean of their three means is at least 3.0" in sheet
    assert "Passes with mean 3.0, sum 15" in alone
    assert "scored together" not in alone
    assert form.count("Mean of the three together At least 3.0") == 1
    assert form.count("Its floor is a mean of 2.5") == 3


def test_papers_for_assessors_are_in_the_order_of_their_numbers(css: Compiled) -> None:
    [papers] = [
        page for page in instruments(css) if isinstance(page, Page) and "papers" in page.path
    ]
    places = [
        tuple(map(int, number.split(".")))
        for number in re.findall(r"<th[^>]*>S([0-9.]+)</th>", page_alone(css, papers))
    ]
    assert len(places) > 9
    assert places == sorted(places)


def test_no_name_of_anybody_and_no_key_is_filled_in(css: Compiled, empty: Reader) -> None:
    with zipfile.ZipFile(BytesIO(empty.raw)) as archive:
        text = archive.read("xl/sharedStrings.xml").decode()
    for item in css.curriculum.instruments["i-written"].items:
        assert item.stem[:40] not in text
    assert "Rater</t>" in text


def test_a_deferred_gate_waits_for_its_date(css: Compiled) -> None:
    late = GateDeferred("o8-2", "no time", "Director of Student Services", "60 days")
    waiting = replace(css, agenda=replace(css.agenda, gates_deferred=(late,)))
    reader = Reader(book_of(waiting))
    changes: dict[tuple[str, str], Any] = {}
    for part in ("Written test", "Final stations"):
        for name in PARTS[part][0]:
            instrument = css.curriculum.instruments[name]
            entries = [3] * len(instrument.criteria) or [1] * 22
            changes |= dict(typed(reader, instrument, 1, {(FIRST, ONE): Rated(entries)}))
    said = reader.at("Decisions", "Coaching", 1), reader.at("Decisions", "Decision", 1)
    book = reader.book.filled(changes)
    assert [book.value(*at) for at in said] == ["deferred", "deferred: temporary until signed off"]
    assert [book.value("Decisions", f"{a[0]}6") for _, a in said] == ["deferred", ""]
    book = book.filled({reader.at("Decisions", "Coaching: signed off on", 1): 46000})
    assert [book.value(*at) for at in said] == ["met", "mastered"]


def test_without_parts_each_gate_is_one(sample_build: tuple[Artifact, ...]) -> None:
    made = {a.path: a.content for a in sample_build}
    content = made["assessor/score-book.xlsx"]
    assert isinstance(content, bytes)
    book = Book(content)
    assert book.names() == ["Read me", "Decisions", "I1 Written test"]
    assert book.value("Decisions", "C4") == "greet SHOWNbehavior"


def test_shares_are_compared_without_a_fraction() -> None:
    """80 of 100 for items of which there are 5: 4 pass, 3 do not."""
    content = binder_sample.CONTENT.replace(
        "cut: {method: Angoff, value: 1, provisional: true}",
        "cut: {method: Angoff, value: 80, out_of: 100}",
    )
    items = "".join(
        f"      - {{id: q9-{n}, stem: Why?, key: Because, rationale: It is so.}}\n"
        for n in range(4)
    )
    content = content.replace("      - {id: q2, form: B, stem: Why?, key: CANARYwritten CANARYkey, "
                              "rationale: CANARYreason}\n", items)  # fmt: skip
    reader = Reader(book_of(binder_sample.compiled(content)))
    for right, result in ((3, "not yet"), (4, "met")):
        typed_in: dict[tuple[str, str], Value] = {}
        for n in range(5):
            typed_in[reader.at("Written test", str(n + 1), 1, f"{FIRST}: {ONE}")] = int(n < right)
        book = reader.book.filled(typed_in)
        found = book.value(*reader.at("Written test", "This rating", 1, f"{FIRST}: {ONE}"))
        assert found == result


def test_headings_of_the_content_are_not_taken_for_those_of_the_book() -> None:
    """A criterion may be called Lowest, two gates alike, and points go beyond what a list holds."""
    content = binder_sample.CONTENT.replace("CANARYcriterion", "Lowest").replace(
        "    scenarios:\n      - id: s1",
        "    cut: {method: judges, value: 3, out_of: 4, lowest: 2}\n"
        "    retest: {form: B, after: a week}\n    scenarios:\n      - id: s1",
    )
    content = content.replace("value: 1, provisional: true}", "value: 60, out_of: 90}")
    reader = Reader(book_of(binder_sample.compiled(content)))
    station = f"{FIRST}: {ONE}"
    at = reader.at("Station", "This rating", 1, station)
    for level, result, part in ((1, "not yet", "retest due"), (3, "met", "open")):
        book = reader.book.filled({(at[0], "D6"): level})
        assert book.value(*at) == result
        assert book.value("Decisions", "C5") == part  # the test is still to come
    points: dict[tuple[str, str], Value] = {reader.at("Written test", "1", 1, station): 60}
    book = reader.book.filled(points | {reader.at("Written test", "Form", 1, station): "A"})
    assert book.value(*reader.at("Written test", "This rating", 1, station)) == "met"
