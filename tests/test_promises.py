"""Limits that the shipped program sets itself and that no rule knows: follow-up, scenarios, forms.

How many questions a form may ask, unequal forms, a baseline that spends an item and gates asked in
one way only are found by rules. What stands here is stricter than these or counts what they do not.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import combinations

import pytest

from csstrain.curriculum import Curriculum
from csstrain.model import Item
from tests.handbook import Handbook
from tests.printed import Printed, figures, flat, part, says, tables, word
from tests.test_keys_of_cards import CARDS

FREQUENCY = ("Never", "Seldom", "About half the time", "Usually", "Always")
AREAS = {
    "fines": "fines", "fees": "fines", "financial aid": "aid", "aid": "aid", "advising": "advising",
    "advice": "advising",
}  # fmt: skip


# ── follow-up ────────────────────────────────────────────────────────────────────────


def asked(css: Curriculum, *forms: str) -> dict[str, set[int]]:
    """The waves in which these forms ask about each KSA."""
    waves: dict[str, set[int]] = {}
    for question in (q for form in forms for q in css.instruments[form].questions):
        for ksa in question.ksas:
            waves.setdefault(ksa, set()).update(question.waves)
    return waves


def test_supervisors_are_asked_about_every_trained_ksa_and_about_gates_twice(
    css: Curriculum,
) -> None:
    trained = {name for name, ksa in css.ksas.items() if ksa.status == "trained"}
    assert asked(css, "i-supervisor").keys() == trained
    gates = {
        link.ksa
        for o in css.objectives.values()
        if o.gate
        for link in o.ksas
        if link.ksa in trained
    }
    waves = asked(css, "i-supervisor", "i-mystery")  # observers at the desk, both
    assert {ksa for ksa in gates if len(waves[ksa]) < 2} == set()


def test_a_wave_asks_no_more_than_it_says(css: Curriculum, printed: Printed) -> None:
    form = css.instruments["i-supervisor"]
    count = Counter(wave for question in form.questions for wave in question.waves)
    assert sorted(count) == [30, 60, 90]
    assert count[30] <= 12
    assert max(count.values()) <= 15
    said = printed.entities["i-supervisor"]["instructions"]
    says(said, f"at most {max(count.values())} questions in each wave")


@pytest.mark.parametrize("form", ["i-supervisor", "i-self"])
def test_there_is_one_frequency_grid(css: Curriculum, form: str) -> None:
    grids = {tuple(q.options) for q in css.instruments[form].questions if q.type == "frequency"}
    assert len(grids) == 1
    ((*steps, not_observed),) = grids
    assert tuple(steps) == FREQUENCY
    assert not_observed in ("Not seen", "No occasion")


def test_each_frequency_of_the_self_form_stands_in_the_supervisors_form(css: Curriculum) -> None:
    """So that the two can be laid side by side: the same KSAs in the same waves."""
    forms = {
        name: {
            (tuple(q.ksas), tuple(q.waves))
            for q in css.instruments[name].questions
            if q.type == "frequency"
        }
        for name in ("i-supervisor", "i-self")
    }
    assert forms["i-self"] <= forms["i-supervisor"]


def test_an_aim_counts_behaviors_that_its_wave_asks_about(
    css: Curriculum, printed: Printed
) -> None:
    degree = printed.entities["aim-transfer-desk"]["degree"]
    wave = int(figures(degree)[0])
    asked_then = [
        q
        for q in css.instruments["i-supervisor"].questions
        if q.type == "frequency" and wave in q.waves
    ]
    says(degree, f"three of the {word(len(asked_then))}")


# ── the scenario bank ────────────────────────────────────────────────────────────────


def scenarios(printed: Printed) -> Counter[str]:
    """Scenarios that are played in practice, by area."""
    found: Counter[str] = Counter()
    areas = "|".join(sorted(AREAS, key=len, reverse=True))
    for name, entity in printed.entities.items():
        if re.fullmatch(r"mat-m\d-t\d-customer|mat-m\d-phone-cards", name):
            found.update(
                AREAS[a] for a in re.findall(rf"### (?:Card|Call) \w, ({areas})", entity["body"])
            )
    for activity in ("m5-pressure-1", "m5-pressure-2"):
        text = flat(printed.entities[activity]["setup"])
        found.update(AREAS[a] for a in re.findall(rf"\d \(({areas})", text))
    first_day = re.findall(rf"\*\*Card \d, ({areas})", printed.answers("m0-baseline"))
    found.update(AREAS[a] for a in first_day)
    return found


def test_the_bank_holds_24_scenarios_over_the_three_barriers(printed: Printed) -> None:
    bank = scenarios(printed)
    assert bank.total() >= 24
    assert set(bank) == {"fines", "aid", "advising"}
    assert min(bank.values()) >= 8
    assert len({card.name for card in CARDS}) == len(CARDS)


@pytest.mark.parametrize("round_", ["m4-t1", "m4-t2", "m6-t1", "m6-t2", "m5-p1", "m5-p2"])
def test_each_scenario_has_a_card_for_customer_specialist_and_observer(
    printed: Printed, round_: str
) -> None:
    third = "caller" if "p" in round_ else "observer"
    cards = [
        set(re.findall(r"^ *### ((?:Card|Set) \d)", printed.body(f"mat-{round_}-{who}"), re.M))
        for who in ("customer", "specialist", third)
    ]
    assert len(cards[0]) == 3
    assert cards[0] == cards[1] == cards[2]


# ── tests ────────────────────────────────────────────────────────────────────────────


def test_forms_a_and_b_have_one_blueprint(css: Curriculum) -> None:
    test = css.instruments["i-written"]
    forms = {
        form: Counter((i.objective, i.level) for i in test.items if i.form == form) for form in "AB"
    }
    assert forms["A"] == forms["B"] == {(c.objective, c.level): c.items for c in test.blueprint}


@pytest.mark.parametrize("name", ["i-pretest", "i-written", "i-state-check", "i-check-30"])
def test_keys_are_spread_over_the_positions_within_one(css: Curriculum, name: str) -> None:
    items = css.instruments[name].items
    for form in {item.form for item in items}:
        own = [item for item in items if item.form == form]
        keys = Counter(item.key for item in own)
        counts = [keys[option.id] for option in own[0].options]
        assert max(counts) - min(counts) <= 1, (form, keys)


def worded(options: list[str]) -> bool:
    """Whether options are told apart by words: amounts, days and single names are not."""
    figure = r"\$|Day \d|(?:Mon|Tues|Wednes|Thurs|Fri)day "
    return not all(re.match(figure, text) or " " not in text for text in options)


def picked(item: Item, end: Callable[[Iterable[int]], int]) -> Fraction:
    """The chance of the key for somebody who marks the shortest option, or the longest."""
    lengths = {option.id: len(flat(option.text)) for option in item.options}
    tied = [name for name, length in lengths.items() if length == end(lengths.values())]
    return Fraction(item.key in tied, len(tied))


LETTERED = (
    "i-pretest", "i-written", "i-service-check", "i-state-check", "i-authority-check", "i-check-30",
)  # fmt: skip


@pytest.mark.parametrize("name", LETTERED)
@pytest.mark.parametrize("end", [min, max], ids=["shortest", "longest"])
def test_the_length_of_an_option_does_not_tell_the_key(
    css: Curriculum, name: str, end: Callable[[Iterable[int]], int]
) -> None:
    items = [i for i in css.instruments[name].items if worded([flat(o.text) for o in i.options])]
    for form in {item.form for item in items}:
        own = [item for item in items if item.form == form]
        right = sum(picked(item, end) for item in own)
        assert right <= Fraction(45, 100) * len(own), f"form {form}: {right} of {len(own)}"


def test_no_two_tests_share_the_text_of_an_item(css: Curriculum) -> None:
    """Neither the pre-test nor the check at 30 days spends an item of a form."""
    texts = [
        (item.id, name, {flat(item.stem), " / ".join(sorted(flat(o.text) for o in item.options))})
        for name in ("i-pretest", "i-written", "i-check-30")
        for item in css.instruments[name].items
    ]
    for (one, here, own), (other, there, others) in combinations(texts, 2):
        assert here == there or not own & others, f"{one} and {other}"
    stems = [flat(item.stem) for item in css.instruments["i-written"].items]
    assert len(set(stems)) == len(stems)


def test_the_checks_ask_for_what_their_objectives_promise(css: Curriculum) -> None:
    """As many items as the degree counts, and in the minutes that the condition gives."""
    for name, objective in (("i-network-check", "o2-3"), ("i-state-check", "o2-5")):
        degree = css.objectives[objective].degree
        assert degree
        assert degree.out_of == len(css.instruments[name].items)
        condition = css.objectives[objective].condition or ""
        assert css.instruments[name].minutes in figures(part(condition, "open,"))
        assert degree.value is not None
        assert Decimal(degree.value) <= degree.out_of


# ── the final day ────────────────────────────────────────────────────────────────────


def test_the_call_sheet_brings_everybody_everywhere_once(css: Curriculum, printed: Printed) -> None:
    sheet, inside, coaching = tables(printed.body("mat-call-sheet"))
    trainees = css.program.cohort.trainees
    at_stations: Counter[tuple[str, int]] = Counter()
    for row in sheet.rows:
        for cell in row[3:6]:
            if match := re.match(r"[ABC] (\d+)–(\d+)", cell):
                kind = row[0].removesuffix(" II").removesuffix(" I")
                at_stations.update((kind, n) for n in range(int(match[1]), int(match[2]) + 1))
    kinds = {"Contact", "Three requests", "Complaint"}
    assert at_stations == {(kind, n): 1 for kind in kinds for n in range(1, trainees + 1)}
    for column in (3, 4, 5):  # each change: one group at the stations, one at each of the papers
        groups = [row[column][0] for row in sheet.rows if row[column]]
        assert Counter(groups) == {group: 6 if group == groups[0] else 1 for group in "ABC"}
    for papers in ("written test", "in-basket"):
        (row,) = (row for row in sheet.rows if papers in row[0])
        assert sorted(row[3:6]) == ["A", "B", "C"]
    for table, what in ((inside, ("first", "second", "third")), (coaching, ("A", "B", "C"))):
        for one in what:  # a Latin square: once in each place, once in each turn
            places = [(n, row.index(one)) for n, row in enumerate(table.rows)]
            assert len({place for _, place in places}) == len(table.rows) == 3
    said = flat(printed.entities["m10-coaching"]["setup"])
    coached, goals, look_back = coaching.rows[0][2:]
    says(said, f"Turn 1: {coached} coaching, {goals} goal desk, {look_back} look-back")


def test_trainees_are_told_of_the_final_day_what_the_instruments_say(
    css: Curriculum, printed: Printed
) -> None:
    parts, groups = tables(printed.body("mat-exam-briefing"))
    instruments = {
        "Written test": "i-written", "Station 1": "i-contact", "Station 2": "i-pressure",
        "Station 3": "i-complaint", "In-basket": "i-inbasket", "Coaching": "i-coaching",
    }  # fmt: skip
    for name, time, *_ in parts.rows:
        instrument = css.instruments[instruments[name.split(", ")[0]]]
        told = figures(instrument.instructions or "")[:2]
        if "of" in time:  # forty of forty-five minutes
            assert figures(time) == [told[0], instrument.minutes], name
        else:
            assert figures(time) == told, name
            assert sum(told) <= (instrument.minutes or 0)
    written = css.instruments["i-written"]
    says(parts.rows[0][2], f"{len(written.items) // 2} customer situations")
    sheet = tables(printed.body("mat-call-sheet"))[0]
    for group, *places in groups.rows:
        for place, row in zip(("written test", "in-basket"), sheet.rows[6:8], strict=True):
            assert row[3 + places.index(place)] == group[-1]
    station = css.instruments["i-contact"]
    assert station.cut
    mean, floor = figures(part(station.cut.method, "stations", ", none"))
    policy = printed.body("mat-policy")
    says(policy, f"at least {mean} of 4, each at least {floor}, no criterion at 1")
    for name in ("i-pressure", "i-complaint"):
        cut = css.instruments[name].cut
        assert cut
        assert figures(part(cut.method, "stations", ", none")) == [mean, floor]


def test_the_authority_matrix_says_the_limits_of_the_handbook(printed: Printed) -> None:
    book, matrix = Handbook(printed), tables(printed.body("mat-authority-matrix"))[0].by()
    waiver = next(row for name, row in matrix.items() if name.startswith("Waiver FW-1"))
    for cell, post in zip(waiver[1:4], ("CSS", "supervisor", "director"), strict=True):
        assert figures(cell)[0] == book.one("4.6", f"{post} up to $#")
        assert book.waived_by(figures(cell)[0]) == post
        assert book.waived_by(figures(cell)[0] + 1) != post
    assert figures(waiver[4])[0] == book.one("4.6", "director up to $#")
    levels = [figures(cell)[-1] for cell in matrix["Complaint"][1:4]]
    wanted = [
        book.one("8.1", f"{n} {post}, # days")
        for n, post in ((1, "CSS"), (2, "unit supervisor"), (3, "director"))
    ]
    assert levels == wanted
    assert book.one("8.1", "4 VPS, # days") in figures(matrix["Complaint"][4])
    assert figures(matrix["Form incomplete (1.3)"][1])[-1] == book.complete_by(0)
    corrected = next(row for name, row in matrix.items() if name.startswith("Wrong charge"))
    assert figures(corrected[4])[-1] == book.one("4.5", "posts it within # business")
    assert figures(next(n for n in matrix if n.startswith("Adding")))[0] == 11
