"""Every figure that defends a result: specifications, agreement, calibration, cut scores."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest

from tests.handbook import Handbook
from tests.printed import (
    Printed,
    Table,
    figures,
    flat,
    number,
    part,
    rounded,
    says,
    tables,
    told,
    whole,
)
from tests.test_keys_of_desks import Desk, basket, named
from tests.test_keys_of_rules import cited


def mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values)


def variance(values: Sequence[Decimal]) -> Decimal:
    """Divided by n, as VAR.P does."""
    return mean([(value - mean(values)) ** 2 for value in values])


# ── the written test ─────────────────────────────────────────────────────────────────


def form(printed: Printed, letter: str) -> list[dict[str, Any]]:
    return [item for item in printed.entities["i-written"]["items"] if item["form"] == letter]


@pytest.mark.parametrize("letter", ["A", "B"])
def test_the_specifications_count_what_the_form_holds(printed: Printed, letter: str) -> None:
    items, book = form(printed, letter), Handbook(printed)
    situations, requests = tables(printed.body("mat-specifications"))[:2]
    counted: Counter[str] = Counter()
    for area, rules, apply, analyze, number_of, places in situations.rows[:-1]:
        own = [items[int(place) - 1] for place in figures(places)]
        levels = Counter(item["level"] for item in own)
        said = {"apply": apply, "analyze": analyze}
        assert {level: int(n) for level, n in said.items() if n.isdigit()} == levels, area
        assert int(number_of) == len(own)
        counted.update(levels)
        for item in own:
            assert any(_in(section, rules) for section in cited(item["rationale"], book)), item[
                "id"
            ]
    total = situations.rows[-1]
    assert [int(n) for n in total[2:5]] == [counted["apply"], counted["analyze"], counted.total()]
    for area, rules, place in requests.rows:
        item = items[int(place) - 1]
        assert any(_in(section, rules) for section in cited(item["rationale"], book)), area
    keys = Counter(item["key"] for item in items)
    told_keys = ", ".join(f"{keys[k]} {k}" for k in "abc")
    says(printed.body("mat-specifications"), f"form {letter} {told_keys}")


def _in(section: str, rules: str) -> bool:
    """Whether a section stands in a list such as `3.4–3.6, 5, S1`."""
    for rule in rules.split(", "):
        first, _, last = rule.partition("–")
        if section == rule or section.split(".")[0] == rule:
            return True
        if last and Decimal(first) <= Decimal(section if section[0].isdigit() else 0) <= Decimal(
            last
        ):
            return True
    return False


def test_the_barriers_carry_most_of_the_test(printed: Printed) -> None:
    text = printed.body("mat-specifications")
    rows = tables(text)[0].by()
    fines = sum(int(row[4]) for name, row in rows.items() if name.startswith(("Holds", "Fines")))
    aid, classes = int(rows["Financial aid"][4]), int(rows["Registration and advising"][4])
    says(text, f"carry {fines + aid + classes} of the {rows['All'][4]} items")
    says(text, f"fines with holds {fines}, aid {aid}, registration {classes}")


def passes(knows: float, cut: int, items: int) -> float:
    """How often somebody passes who knows such a share of the situations (a binomial sum)."""
    return sum(
        math.comb(items, n) * knows**n * (1 - knows) ** (items - n) for n in range(cut, items + 1)
    )


def test_how_often_chance_decides(printed: Printed) -> None:
    cut = printed.entities["i-written"]["cut"]
    value, items = int(cut["value"]), int(cut["out_of"])
    text = part(printed.body("mat-specifications"), "**How often chance decides.**", "**Final")
    weak, strong, middle = (passes(p, value, items) for p in (0.6, 0.9, 0.8))
    says(
        text, f"knows 60% of such situations reaches {value} of {items} in {weak * 100:.0f} of 100"
    )
    says(text, f"knows 90% misses it in {(1 - strong) * 100:.0f} of 100")
    assert (1 - strong) ** 2 * 100 < 1
    says(text, "with the retest in fewer than 1")
    says(text, f"({middle * 100:.0f} of 100 pass)")


# ── agreement and calibration ────────────────────────────────────────────────────────


def test_weighted_kappa_by_hand(printed: Printed) -> None:
    text = printed.body("mat-rater-guide")
    example = next(t for t in tables(text) if "Example" in t.head).by()
    n, equal, apart, more = (
        number(row[1])
        for name, row in example.items()
        if name.startswith(("Ratings compared", "Equal", "One level", "Two or more"))
    )
    squares = number(example["Sum of squared differences (D)"][1])
    assert n == equal + apart + more
    assert squares == apart
    own_mean, own = figures(example["Mean and variance of your ratings"][1])
    other_mean, other = figures(example["Mean and variance of the reference"][1])
    below = own + other + (own_mean - other_mean) ** 2
    kappa = 1 - squares / n / below
    assert number(example["Weighted kappa"][1]) == rounded(kappa, 2)
    gap = rounded((own_mean - other_mean) ** 2, 2)
    says(text, f"{squares / n} / ({own} + {other} + {gap}) = {rounded(1 - kappa, 2)}")
    says(text, f"so {rounded(kappa, 2)}")
    minutes = next(t for t in tables(text) if t.head[0] == "Minutes")
    assert sum(figures(" ".join(row[0] for row in minutes.rows))) == 120  # "two hours"
    reference = summaries(printed)["Contact"]
    assert [n, other_mean, other] == [number(cell) for cell in reference[1:4]]
    calibration = printed.entities["i-contact"]["calibration"]
    says(text, f"weighted kappa at least {Decimal(calibration['value']):.2f}")


def ratings(printed: Printed) -> Iterator[tuple[str, Table]]:
    """The tables of reference ratings, each with the name of its first performance."""
    for table in tables(printed.body("mat-calibration-ratings")):
        if table.head[0] == "Criterion":
            yield table.head[1], table


def summaries(printed: Printed) -> dict[str, list[str]]:
    return tables(printed.body("mat-calibration-ratings"))[-1].by()


def test_the_reference_ratings_have_the_means_that_they_say(printed: Printed) -> None:
    stations = {"C1": "Contact", "P1": "Three requests", "K1": "Complaint", "G1": "Coaching"}
    instruments = {"C1": "contact", "P1": "pressure", "K1": "complaint", "G1": "coaching"}
    together: list[Decimal] = []
    for name, table in ratings(printed):
        *rows, last = table.rows
        assert len(rows) == len(printed.entities[f"i-{instruments[name]}"]["criteria"])
        levels = [[number(row[column]) for row in rows] for column in (1, 3)]
        for column, own in zip((1, 3), levels, strict=True):
            assert number(last[column]) == rounded(mean(own), 2)
            assert "as one is at 1" not in last[column + 1] or min(own) == 1
            assert "under the floor" not in last[column + 1] or mean(own) < Decimal("2.5")
        every = [*levels[0], *levels[1]]
        together += every if name != "G1" else []
        said = [number(cell) for cell in summaries(printed)[stations[name]][1:4]]
        assert said == [len(every), rounded(mean(every), 2), rounded(variance(every), 2)], name
    said = [number(cell) for cell in summaries(printed)["First three stations together"][1:4]]
    assert said == [len(together), rounded(mean(together), 2), rounded(variance(together), 2)]


# ── cut scores ───────────────────────────────────────────────────────────────────────


def test_the_worksheet_of_the_judges(printed: Printed) -> None:
    text, cut = printed.body("mat-angoff"), printed.entities["i-written"]["cut"]
    says(text, f"{cut['value']} of {cut['out_of']} is a placeholder")
    sheet = next(t for t in tables(text) if any("Item 1" in row for row in t.rows))
    places = sorted(int(n) for row in sheet.rows for n in re.findall(r"Item (\d+)", " ".join(row)))
    assert places == list(range(1, int(cut["out_of"]) + 1))
    example = part(text, "*Invented example,", "| | Form A")
    sums = figures(part(example, "sums", "; cuts"))
    cuts = [rounded(s / 100, 2) for s in sums]
    assert figures(part(example, "; cuts", "; mean")) == cuts
    middle = mean(cuts)
    deviation = (variance(cuts) * len(cuts) / (len(cuts) - 1)).sqrt()
    said = figures(part(example, "; mean"))
    assert said == [rounded(middle, 2), rounded(deviation, 2), rounded(middle, 0)]


def test_the_worksheet_of_the_stations(printed: Printed) -> None:
    text = printed.body("mat-borderline")
    cut = printed.entities["i-contact"]["cut"]
    wanted, floor = figures(part(cut["method"], "stations", ", none"))
    says(text, f"a mean of {wanted} with a floor of {floor} is a placeholder")
    example = part(text, "*Invented example,", "| | Contact")
    marks, means = (
        figures(part(example, "marks", "; means")),
        figures(part(example, "; means", "Slope")),
    )
    assert len(marks) == len(means) == 6
    products = [(m - mean(marks)) * (v - mean(means)) for m, v in zip(marks, means, strict=True)]
    slope = mean(products) / variance(marks)
    intercept = mean(means) - slope * mean(marks)
    at_border = intercept + 2 * slope
    told_so = told(example, "Slope #, intercept #; at mark 2 the line stands at #")
    assert told_so == [rounded(v, 2) for v in (slope, intercept, at_border)]
    says(example, f"border would be {rounded(at_border, 1)}")


# ── worked examples ──────────────────────────────────────────────────────────────────


def short(day: Desk, breaks: dict[str, int]) -> int:
    """Half-hours in which too few people are there."""
    return sum(len(day.present(slot, breaks)) < people for slot, people in day.need.items())


def test_the_worked_examples_of_the_basket(printed: Printed) -> None:
    examples = tables(printed.body("mat-examples-inbasket"))
    ranking, peaks = examples[2].by(), examples[3].by()
    day = basket(printed.entities["s-inbasket-a"]["candidate"])
    one = named(part(peaks["1"][1], "", "."))
    one |= {name: 22 for name in ("Amina", "Ben")} | {name: 23 for name in ("Dolores", "Eun-ji")}
    assert short(day, {**one, "Chidi": 26}) == 3
    says(peaks["1"][2], "three half-hours short")
    good = named(peaks["3"][1])
    assert short(day, good) == 0
    assert day.good(good)
    assert short(day, {**good, "Chidi": 26}) == 1
    says(peaks["2"][2], "two at the counter instead of three, one half-hour")
    short_names = {
        "Hold still on after payment": "Holds", "FV-1 returned incomplete": "FV-1",
        "PR-1 signed by the wrong person": "PR-1",
    }  # fmt: skip
    problems = tables(printed.entities["s-inbasket-a"]["candidate"])[0].by()
    for name, words in short_names.items():
        contacts, each, harmed = whole(problems[name][1:4])
        says(ranking["4"][1], f"{words} {contacts}, {harmed}, {contacts * each}")


def test_the_worked_examples_of_plan_and_report(printed: Printed) -> None:
    rows = tables(printed.body("mat-examples-plan"))[0].by()
    short_names = {
        "Wrong-zone citation": "Wrong zone", "Permit has not come by mail": "Permit mail",
        "Way to the counter, hours": "Way", "Hold PK still on after payment": "Hold PK",
    }  # fmt: skip
    problems = tables(printed.entities["s-plan-a"]["candidate"])[0].by()
    ranking = flat(" ".join(rows["Ranking"][3:])).replace(" harmed", "").replace(" min.", "")
    for name, words in short_names.items():
        contacts, each, harmed = whole(problems[name][1:4])
        says(ranking, f"{words} {contacts} / {harmed} / {contacts * each}")
    weights = figures(part(rows["Choice"][3], "", "; sums"))
    assert sum(weights[:-1]) == weights[-1] == 10
    people = tables(printed.entities["s-report-a"]["candidate"])[0].by()
    promised, kept = (sum(figures(cell)) for cell in people["Lucia"][6:8])
    says(printed.body("mat-examples-team"), f"Lucia kept {kept} of {promised} calls")
