"""Every figure in the keys of the data exercises, computed again from the data that trainees get.

The request log and the cases of improvement: counted, summed and ranked as trainees do it. The
keys that rest on rules, on cards and on the plan of a desk stand in the test_keys_of_….py beside;
that these tests can fail is shown in test_keys_notice.py.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

import pytest

from tests.printed import (
    Printed,
    Table,
    figures,
    flat,
    holds,
    names,
    number,
    part,
    percent,
    rounded,
    says,
    spelled,
    tables,
    whole,
    word,
)

Row = Mapping[str, str]


# ── the request log ──────────────────────────────────────────────────────────────────


class Pivot(NamedTuple):
    """One line of a table by cause, area or channel: what COUNTIF and SUMIF give."""

    contacts: int
    minutes: int
    harm: int
    harm_3: int


def pivot(rows: Iterable[Row], column: str, value: str | None = None) -> Pivot:
    """The rows with that value in that column, or all of them."""
    own = [row for row in rows if value is None or row[column] == value]
    harms = [int(row["harm"]) for row in own]
    return Pivot(len(own), sum(int(r["minutes"]) for r in own), sum(harms), harms.count(3))


def log(printed: Printed, *weeks: int) -> list[Row]:
    rows = printed.rows("request-log.csv")
    return [row for row in rows if not weeks or int(row["week"]) in weeks]


def causes(rows: Sequence[Row]) -> list[str]:
    """The causes as the exercise sorts them: by count, largest first, and Other last."""
    counts = Counter(row["cause"] for row in rows)
    return sorted(counts, key=lambda c: (c == "Other", -counts[c]))


def of_fv1(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if row["cause"] == "FV-1 incomplete"]


def missing(rows: Sequence[Row]) -> Counter[str]:
    """What the requests about FV-1 say was missing, found by reading them."""
    kinds = {"not signed": "signature", "no tax paper": "paper", "left blank": "field"}
    return Counter(
        kind
        for row in of_fv1(rows)
        for words, kind in kinds.items()
        if words in row["request"] or (kind == "signature" and "still not signed" in row["request"])
    )


def test_the_log_is_what_its_notes_say(printed: Printed) -> None:
    rows, notes = log(printed), printed.body("mat-m3-log-notes")
    assert len(rows) >= 60
    assert [row["id"] for row in rows] == [f"R{n:02}" for n in range(1, len(rows) + 1)]
    last, first_half = len(rows) + 1, len(log(printed, 1, 2)) + 1
    says(notes, f"rows 2 to {last} the contacts", f"weeks 1 and 2 are rows 2 to {first_half}")
    says(notes, f"R01 to {rows[-1]['id']}")
    assert [row["week"] for row in rows] == sorted(row["week"] for row in rows)
    (table,) = tables(notes)
    listed = [name for row in table.rows for name in row[0].split(", ")]
    letters = [letter for row in table.rows for letter in row[1].split(", ")]
    assert listed == list(rows[0])
    assert letters == [chr(ord("A") + n) for n in range(len(listed))]
    assert "title" in printed.entities["mat-request-log"]
    says(printed.entities["mat-request-log"]["title"], f"{len(rows)} contacts")


def test_the_formulas_of_the_aid_reach_the_whole_log(printed: Printed) -> None:
    rows, aid = log(printed), flat(printed.body("mat-m3-sheet-aid"))
    columns = {name: chr(ord("A") + n) for n, name in enumerate(rows[0])}
    ranges = {name: f"log!${c}$2:${c}${len(rows) + 1}" for name, c in columns.items()}
    says(aid, f"=COUNTIF({ranges['cause']},L2)")
    says(aid, f"=SUMIF({ranges['cause']},L2,{ranges['minutes']})")
    says(aid, f"copy column {columns['cause']}", f"the same with column {columns['harm']}")
    total = 2 + len(causes(rows))
    says(aid, f"=M2/M${total}", f"in M{total}")
    says(printed.done("m3-sheet", "rows 2 to"), f"rows 2 to {len(log(printed, 1, 2)) + 1}")


def test_the_tables_by_cause(printed: Printed) -> None:
    in_two, in_four = tables(printed.answers("m3-sheet"))
    check = tables(printed.entities["i-sheet-a"]["notes"])[0]
    for table, rows in (
        (in_two, log(printed, 1, 2)),
        (in_four, log(printed)),
        (check, log(printed)),
    ):
        every = pivot(rows, "cause")
        assert table.column("Cause") == [*_ordered(table, rows), "Total"]
        for cause, count, share, minutes, harm, *heavy in table.rows:
            line = every if cause == "Total" else pivot(rows, "cause", cause)
            assert list(whole([count, minutes, harm, *heavy])) == list(line)[: 3 + len(heavy)], (
                cause
            )
            places = 0 if cause == "Total" else 1
            assert number(share) == percent(line.contacts, every.contacts, places), cause


def _ordered(table: Table, rows: Sequence[Row]) -> list[str]:
    """The causes in the order of a table, if that is an order by count."""
    counts = Counter(row["cause"] for row in rows)
    listed = table.column("Cause")[:-1]
    assert sorted(listed) == sorted(counts)
    assert [counts[c] for c in listed] == sorted(counts.values(), reverse=True)
    assert listed[-1] == "Other"
    return listed


def test_what_the_trainer_says_about_the_log(printed: Printed) -> None:
    half, rows = log(printed, 1, 2), log(printed)
    every = pivot(half, "cause")
    build = printed.done("m3-sheet", "Coaches check totals first")
    holds(build, every.contacts, every.minutes, every.harm)
    by_cause = {cause: pivot(half, "cause", cause) for cause in causes(half)}
    most = max(by_cause, key=lambda c: by_cause[c].contacts)
    longest = max(by_cause, key=lambda c: by_cause[c].minutes)
    assert longest == max(by_cause, key=lambda c: by_cause[c].harm)
    assert (most, longest) == ("Meadowlark sign-in", "Transfer credit not posted")
    led = printed.expected("m3-sheet", "Which cause leads by count")
    holds(led, by_cause[most].contacts, by_cause[longest].minutes, by_cause[longest].harm)
    says(led, f"only {word(by_cause[longest].contacts)} times")
    recalled = printed.expected("m7-metrics", "which cause led by count")
    says(recalled, f"sign-in led the count with {by_cause[most].contacts}")

    by_area = {area: pivot(rows, "area", area).contacts for area in {r["area"] for r in rows}}
    areas = part(printed.answers("m3-sheet"), "By area:", "What was missing")
    for area, count in by_area.items():
        says(areas, f"{area} {count}")
    names(areas, *by_area.values(), len(of_fv1(rows)))
    hidden = part(areas, "hide in")
    fv1 = Counter(row["area"] for row in of_fv1(rows))
    holds(hidden, *fv1.values())
    says(hidden, *(f"{area} {count}" for area, count in fv1.items()))
    left = missing(rows)
    assert left.total() == len(of_fv1(rows))  # each line says one thing that was missing
    lacking = part(printed.answers("m3-sheet"), "What was missing in them:")
    says(lacking, f"return {left['signature']}, tax paper {left['paper']}")
    says(lacking, f"a field {left['field']}")
    holds(lacking, *left.values())


def test_the_channels(printed: Printed) -> None:
    rows = log(printed)
    text = printed.answers("m3-sheet-demo")
    by_channel = {
        name: pivot(rows, "channel", name) for name in Counter(r["channel"] for r in rows)
    }
    every = pivot(rows, "channel")
    for name, line in by_channel.items():
        says(text, f"{name} {line.contacts} ({line.minutes}")
    shares = [percent(line.contacts, every.contacts) for line in by_channel.values()]
    counts = [f for line in by_channel.values() for f in (line.contacts, line.minutes)]
    holds(text, *counts, every.contacts, every.minutes, *shares)
    without = printed.done("m3-sheet-demo", "email")
    holds(without, every.contacts - by_channel["e-mail"].contacts, every.contacts)


def test_the_counts_in_the_anchors_of_the_table(printed: Printed) -> None:
    rows = log(printed)
    every = pivot(rows, "cause")
    counts = sorted(Counter(r["cause"] for r in rows).values(), reverse=True)
    says(printed.anchor("i-sheet-counts", 1), f"({', '.join(map(str, counts))})")
    holds(printed.anchor("i-sheet-counts", 3), every.contacts)
    holds(printed.anchor("i-sheet-sums", 3), every.minutes, every.harm, 100)
    holds(printed.entities["i-sheet"]["double_rating"], every.contacts)
    good = part(printed.entities["i-sheet-a"]["notes"], "A good sentence:")
    first, second = (pivot(rows, "cause", c) for c in causes(rows)[:2])
    credit = pivot(rows, "cause", "Transfer credit not posted")
    shares = percent(first.contacts, every.contacts, 0), percent(first.minutes, every.minutes, 0)
    holds(good, *shares, second.minutes, credit.minutes)
    says(good, f"{word(credit.contacts)} contacts about transfer credit", "each cost a class")
    assert credit.contacts == credit.harm_3


def test_the_ranking_of_the_team_case(printed: Printed) -> None:
    first, second, rows = log(printed, 1, 2), log(printed, 3, 4), log(printed)
    half, whole_log = tables(printed.answers("m7-rank"))
    for table, parts in ((half, [first]), (whole_log, [second, rows])):
        for cause, *cells in table.rows:
            lines = [pivot(p, "cause", None if cause == "Total" else cause) for p in parts]
            wanted = [f for line in lines for f in (line.contacts, line.minutes, line.harm_3)]
            wanted += [lines[-1].harm] if len(cells) > len(wanted) else []
            assert list(whole(cells)) == wanted, cause
        assert sorted(table.column("Cause")) == sorted([*causes(rows), "Total"])

    text = printed.answers("m7-rank")
    thirds = part(text, "To check the thirds:", "**Key.**")
    said: list[int] = []
    for n in (30, 40, 50):
        ten, own = pivot(rows[n : n + 10], "cause"), pivot(of_fv1(rows[n : n + 10]), "cause")
        times = {1: "once", 2: "twice"}[own.harm_3]
        says(thirds, f"R{n + 1}–R{n + 10} {ten.minutes}")
        assert re.search(
            rf"\(FV-1 {own.contacts}\D*{own.minutes}\D*(3 )?{times}\)", flat(thirds)
        ), n
        said += [ten.minutes, own.contacts, own.minutes]
    holds(thirds, *said, 3)

    fv1, credit = (
        pivot(rows, "cause", c) for c in ("FV-1 incomplete", "Transfer credit not posted")
    )
    hold, sign_in = (pivot(rows, "cause", c) for c in ("Hold office unclear", "Meadowlark sign-in"))
    every = pivot(rows, "cause")
    assert [c for c in causes(rows) if pivot(rows, "cause", c).harm_3] == [
        "FV-1 incomplete", "Transfer credit not posted",
    ]  # fmt: skip
    key = part(text, "**Key.**")
    shares = percent(fv1.contacts, every.contacts), percent(fv1.minutes, every.minutes)
    each = Decimal(credit.minutes) / credit.contacts
    heavy = fv1.harm_3, every.harm_3, 3  # "no harm 3"
    others = hold.contacts, hold.minutes, sign_in.contacts, sign_in.minutes
    holds(key, *shares, each, *heavy, *others)
    few = word(credit.contacts)
    says(
        key,
        f"{few} contacts only, but all {few} lost a class",
        f"all {word(hold.contacts)} had asked",
    )
    assert credit.contacts == credit.harm_3
    assert sign_in.harm_3 == 0
    assert causes(rows)[1] == "Meadowlark sign-in"  # "second by number"


def test_what_the_trainer_says_about_the_ranking(printed: Printed) -> None:
    first, second, rows = log(printed, 1, 2), log(printed, 3, 4), log(printed)
    for lines, weeks in ((first, "weeks 1 and 2"), (second, "weeks 3 and 4")):
        every = pivot(lines, "cause")
        totals = printed.done("m7-rank", "adds up inside the team")
        says(totals, f"{weeks} {every.minutes} minutes, harm 3 {word(every.harm_3)} times")
    fell = printed.expected("m7-rank", "Which problem did the first two weeks")
    sign_in = [pivot(lines, "cause", "Meadowlark sign-in").contacts for lines in (first, second)]
    fv1 = [pivot(lines, "cause", "FV-1 incomplete").contacts for lines in (first, second)]
    assert figures(fell) == [sign_in[0], sign_in[1], fv1[0], fv1[1]]
    fines = [row for row in rows if row["area"] == "fines"]
    by_area, by_number = (
        printed.mistake("m7-rank", "area"),
        printed.mistake("m7-rank", "number alone"),
    )
    holds(by_area, len(fines))
    says(by_area, f"{word(len(of_fv1(fines)))} of the {len(fines)} came from")
    says(printed.mistake("m3-sheet", "area"), f"the {word(len(of_fv1(fines)))} late fees")
    holds(by_number, pivot(rows, "cause", "Meadowlark sign-in").minutes)


def test_the_causes_of_fv_1_in_the_log(printed: Printed) -> None:
    rows = log(printed)
    own, left = of_fv1(rows), missing(rows)
    said = printed.expected("m7-causes", "What does the log tell about the cause")
    holds(said, *(left[kind] for kind in ("signature", "paper", "field")))
    text = part(printed.answers("m7-causes"), "**Log:**", "**Rates:**")
    blank = Counter(
        word for word in ("household", "income") for r in own if f"{word} field" in r["request"]
    )
    assert blank.total() == left["field"]
    areas = Counter(row["area"] for row in own)
    weeks = Counter(row["week"] for row in own)
    says(
        text,
        f"{len(own)} lines on FV-1",
        f"return {left['signature']} (",
        f"paper {left['paper']},",
    )
    says(text, f"field {left['field']} (household {blank['household']}, income {blank['income']})")
    says(text, f"aid {areas['aid']}, fines {areas['fines']}, registration {areas['registration']}")
    says(text, f"By week {', '.join(str(weeks[w]) for w in '1234')}")
    share = percent(left["signature"], len(own))
    holds(text, len(own), *left.values(), share, *blank.values(), *areas.values(), *weeks.values())
    says(printed.done("m7-causes", "lines on FV-1"), f"the {len(own)} lines")
    says(printed.entities["m7-causes"]["if_short"], f"the {len(own)} lines")
    minutes = pivot(own, "cause").minutes
    cost = part(printed.answers("m7-choice"), "FV-1 now takes", "Decides at FIN")
    says(cost, f"{minutes} minutes in four weeks", f"{Decimal(minutes) / 4} a week")
    measure = part(printed.answers("m7-plan-practice"), "Measure: returned")
    says(measure, f"contacts about FV-1 from {len(own)}")


# ── the plan cases ───────────────────────────────────────────────────────────────────


class Problem(NamedTuple):
    """One line of a list of problems to be ranked."""

    name: str
    number: int
    each: int
    harmed: int

    @property
    def minutes(self) -> int:
        return self.number * self.each


def problems(table: Table, harmed: int = 3) -> list[Problem]:
    return [Problem(row[0], *whole([row[1], row[2], row[harmed]])) for row in table.rows if row[2]]


def place(every: Sequence[Problem], one: Problem, measure: Callable[[Problem], int]) -> int:
    """The place of a problem by one measure, 1 for the most."""
    return 1 + sum(measure(other) > measure(one) for other in every)


def worst(every: Sequence[Problem]) -> list[Problem]:
    """The problems of which no two others have both more harm and more staff minutes."""
    return [
        p
        for p in every
        if sum(o.harmed > p.harmed and o.minutes > p.minutes for o in every) < 3
        and place(every, p, lambda o: o.minutes) <= 3
    ]


def check_matrix(table: Table, *weights: int) -> dict[str, int]:
    """Each product and sum of a decision matrix; gives the sums under other weights, if any."""
    own = [int(number(name)) for name in table.head[1:-1]]
    assert sum(own) == 10
    sums = {}
    for way, *cells, total in table.rows:
        pairs = [figures(cell) for cell in cells]
        assert all(1 <= score <= 5 for score, _ in pairs)
        assert [product for _, product in pairs] == [
            s * w for (s, _), w in zip(pairs, own, strict=True)
        ], way
        assert number(total) == sum(product for _, product in pairs), way
        sums[way] = int(sum(s * w for (s, _), w in zip(pairs, weights or own, strict=True)))
    return sums


def moved(table: Table, source: str, target: str) -> list[int]:
    """The weights of a matrix with two points moved from one criterion to another."""
    weights = {flat(name): int(number(name)) for name in table.head[1:-1]}
    return [
        w - 2 * (source in name.lower()) + 2 * (target in name.lower())
        for name, w in weights.items()
    ]


def test_the_worked_example(printed: Printed) -> None:
    text = printed.body("mat-m7-worked")
    ranked, matrix, plan = tables(text)
    every = problems(ranked, harmed=4)
    for problem, row in zip(every, ranked.rows, strict=False):
        assert number(row[3]) == problem.minutes, problem.name
    sums = [
        sum(p.number for p in every),
        sum(p.minutes for p in every),
        sum(p.harmed for p in every),
    ]
    assert figures(" ".join(ranked.rows[-1])) == sums
    form, desk, transcript, _, residence, _ = every
    assert {place(every, form, lambda p: p.harmed), place(every, form, lambda p: p.minutes)} == {1}
    assert place(every, residence, lambda p: p.harmed) == 2
    assert place(every, residence, lambda p: p.minutes) == 2
    assert place(every, transcript, lambda p: p.minutes) == 3
    assert place(every, transcript, lambda p: p.number) == 2
    assert place(every, desk, lambda p: p.number) == 1

    forms = part(text, "- *Form:*", "- *Process:*")
    both, web, web_bad, web_rate, counter, counter_bad, counter_rate = figures(forms)
    assert both == web + counter
    assert form.number == web_bad + counter_bad
    assert web_rate == percent(web_bad, web, 0)
    assert counter_rate == percent(counter_bad, counter, 0)
    says(text, f"of the {form.number} came before", f"of the {form.number} asked said")
    root = part(text, "**Root cause:", "**3 Ways.")
    says(root, f"({web_bad} against {counter_bad} forms;", f"of {form.number} statements)")
    asked = int(part(text, "- *People:*", "asked said").split()[0])
    says(root, f"{asked} of {form.number} statements")
    says(text, f"unsigned web forms from {web_rate}% to")
    for row in plan.rows:  # Fridays are the fifth days of the weeks
        if "each Friday" in row[0]:
            assert all(day % 5 == 0 for day in figures(row[2])), row[2]

    said = printed.answers("m7-worked")
    assert figures(part(said, "Minutes", "With weights"))[: len(every)] == [
        p.minutes for p in every
    ]
    holds(part(said, "together", "With weights"), sums[1], sums[0], sums[2])
    best = check_matrix(matrix)
    assert max(best, key=lambda way: best[way]) == "A page"
    weights = moved(matrix, "cause", "authority")
    now = check_matrix(matrix, *weights)
    again = part(said, "With weights", "E does not remove")
    says(again, f"{', '.join(map(str, weights[:3]))} and {weights[3]} (")
    for letter in "AE":
        (way,) = (w for w in now if w.startswith(f"{letter} "))
        assert number(part(flat(again), f"{letter} ", ".").split("=")[1].split(",")[0]) == now[way]
    assert max(now, key=lambda way: now[way]) == "A page"
    scores = {row[0][0]: [figures(c)[0] for c in row[1:-1]] for row in matrix.rows}
    assert all(c <= a for a, c in zip(scores["A"], scores["C"], strict=True))  # "never beats A"
    says(printed.entities["m7-worked"]["if_long"], "it never beats A")
    products = [figures(c)[1] for c in matrix.rows[0][1:-1]]
    says(
        printed.done("m7-worked", "Compute row A"),
        f"{' + '.join(map(str, products))} = {best['A page']}",
    )
    says(
        printed.done("m7-worked", "Uncover step 2"),
        f"{web_bad} of {web} against {counter_bad} of {counter}",
    )
    first = printed.done("m7-worked", "Uncover step 1")
    holds(first, 1, form.number, form.each, desk.number)


def test_the_evidence_on_fv_1(printed: Printed) -> None:
    evidence = printed.body("mat-m7-evidence")
    pieces = {f"E{n}": part(evidence, f"**E{n}", f"**E{n + 1}") for n in range(1, 8)}
    all_forms, back, signature, paper, field = figures(part(pieces["E1"], "many.**", "| Attached"))
    (table,) = tables(pieces["E1"])
    (transcript, transcript_back), (copy, copy_back), (none, none_back) = (
        (number(row[1]), figures(row[2])[0]) for row in table.rows
    )
    assert all_forms == transcript + copy + none
    assert back == transcript_back + copy_back + none_back
    assert copy_back == signature + (field - transcript_back)
    assert figures(table.rows[1][2]) == [copy_back, signature, field - transcript_back]
    assert none_back == paper
    assert back == signature + paper + field
    looked, tray = figures(part(pieces["E4"], "looked through", "Of the"))[0], Decimal(0)
    tray, tray_back = figures(part(pieces["E4"], "Of the"))
    assert (looked + tray, tray_back + 1) == (all_forms, back)
    says(pieces["E4"], "1 of them went back")
    new, new_back, others, others_back = figures(part(pieces["E5"], "**"))
    assert (new + others, new_back + others_back) == (all_forms, back)
    before, before_back, after, after_back = figures(part(pieces["E6"], "Before:"))
    assert (before + after, before_back + after_back) == (all_forms, back)

    rates = part(printed.answers("m7-causes"), "**Rates:**", "**Root.**")
    pairs = [
        (back, all_forms), (transcript_back, transcript), (copy_back, copy), (Decimal(1), looked),
        (tray_back, tray), (new_back, new), (others_back, others), (before_back, before),
        (after_back, after),
    ]  # fmt: skip
    for some, every in pairs:
        says(rates, f"{some} of {every} ({percent(some, every)}%)")
    said = [f for some, every in pairs for f in (some, every, percent(some, every))]
    holds(rates, *said, none_back)
    root = part(printed.answers("m7-causes"), "**Root.**", "**Refuted:**")
    says(
        root,
        f"{signature} of the {back} returns",
        f"{percent(1, looked)} against {percent(tray_back, tray)}%",
    )
    asked, by_worksheet, *rest = spelled(pieces["E3"])
    assert asked == by_worksheet + sum(rest)
    says(root, f"{by_worksheet} of {asked};")
    gone = printed.expected("m7-causes", "Which suspicion had to go")
    assert figures(gone) == [percent(*p) for p in (pairs[5], pairs[6], pairs[7], pairs[8])]
    says(printed.mistake("m7-causes", "29 with 35"), f"{new_back} with {others_back}")
    says(printed.mistake("m7-causes", "Stops at"), f"{signature} of {copy} copies")

    text = printed.answers("m7-choice")
    (matrix,) = tables(text)
    sums = check_matrix(matrix)
    assert max(sums, key=lambda way: sums[way]) == "B look while there"
    weights = moved(matrix, "cause", "cost")
    other = check_matrix(matrix, *weights)
    test = part(text, "moved from cause to cost", "The choice hangs")
    says(test, f"({', '.join(map(str, weights))})", *(f"{way[0]} {s}" for way, s in other.items()))
    holds(test, *weights, *other.values())
    assert max(other, key=lambda way: other[way])[0] == "D"
    says(test, "so D wins")
    says(text, f"1 of {looked} against {tray_back} of {tray}")
    weekly = all_forms / 4
    cost = part(text, "Cost of B:", "FV-1 now takes")
    says(cost, f"{all_forms} forms in four weeks are {weekly} a week, {weekly} minutes")
    plan = printed.answers("m7-plan-practice")
    says(
        plan,
        f"from {back} of {all_forms} ({percent(back, all_forms, 0)}%)",
        f"{weekly} minutes a week",
    )


@pytest.mark.parametrize("form", ["a", "b"])
def test_the_plan_cases(printed: Printed, form: str) -> None:
    case = printed.entities[f"s-plan-{form}"]
    text, notes = case["candidate"], case["notes"]
    every = problems(tables(text)[0])
    rank = part(notes, "**Rank.**", "**Root cause.**")
    totals = [sum(p.number for p in every), sum(p.harmed for p in every)]
    minutes = [p.minutes for p in every]
    assert figures(rank)[: len(every) + 3] == [*minutes, sum(minutes), *totals]
    first, *others = worst(every)
    assert place(every, first, lambda p: p.harmed) == place(every, first, lambda p: p.minutes) == 1
    for problem in others:
        says(rank, f"({problem.number}; {problem.minutes}; {problem.harmed})")
    assert len(others) == 2
    trap = max(every, key=lambda p: p.number)
    assert trap.harmed == 0
    says(part(rank, "Typical mistake:"), f"because of its {trap.number}")
    root = part(notes, "**Root cause.**", "**Ways,**")
    evidence = part(text, "**Evidence", "**Limits.**")
    if form == "a":
        cited, lot_c, lot_f, elsewhere = figures(part(evidence, "Of the", "C and F became"))
        assert cited == first.number == lot_c + lot_f + elsewhere
        in_two = lot_c + lot_f
        old, _, old_cited, new, _, new_cited = figures(part(evidence, "day 1.", "cited there"))
        assert old_cited + new_cited == in_two
        says(root, f"{old_cited} of {old:,} ({percent(old_cited, old)}%)")
        says(root, f"{new_cited} of {new} ({percent(new_cited, new)}%)")
        asked, by_map = figures(part(evidence, "cited there.", "I parked"))
        says(root, f"{by_map} of {asked} went by it", f"{in_two} of {cited} in the two")
        recruits, both, rest = figures(part(evidence, "shifts the new ones wrote", "- A poster"))
        assert both == recruits + rest == in_two
        says(root, f"({recruits} and {rest})")
        weeks = figures(part(evidence, "weeks 1 to 4"))
        assert sum(weeks) == in_two
        says(part(notes, "**Plan.**"), f"now about {rounded(sum(weeks) / 4, 0)}")
        copies = figures(part(notes, "supervisor, day 21.", "."))[0]
        cents = int(figures(part(text, "a printed map costs", "cents"))[0])
        says(notes, f"{copies} maps at the counter: ${copies * cents / 100:.0f}")
        says(text, "decides, 2 business days")
        says(notes, "asked on day 21, sent day 23")
    else:
        person, video = figures(part(evidence, "there were", "Hold still"))
        person_on, video_on = figures(part(evidence, "next morning:", "- In person"))
        assert person_on + video_on == first.number
        says(root, f"{video_on} of {video} ({percent(video_on, video)}%)")
        says(root, f"{person_on} of {person} ({percent(person_on, person)}%)")
        days, _, hung, cases = figures(part(evidence, "- On", "after video"))
        assert cases == video_on
        says(root, f"{hung} of {cases} on the {days} days")
        held, meetings, newer, all_cases, older = figures(
            part(evidence, "first term", "- In week 3")
        )
        assert meetings == held * 2 == person + video
        assert all_cases == newer + older == first.number
        says(root, f"({newer} and {older})")
        weeks = figures(part(evidence, "weeks 1 to 4:", "- Four"))
        assert sum(weeks) == first.number
        says(part(notes, "**Plan.**"), f"now about {rounded(sum(weeks) / 4, 0)}")
        says(text, "3 business days")
        says(notes, "ordered day 21, there by day 24")


@pytest.mark.parametrize("form", ["a", "b"])
def test_the_ranking_of_the_in_basket(printed: Printed, form: str) -> None:
    case = printed.entities[f"s-inbasket-{form}"]
    every = problems(tables(case["candidate"])[0])
    notes = part(case["notes"], "**5**", "**6**")
    assert figures(notes)[: len(every)] == [p.minutes for p in every]
    most_harm = max(every, key=lambda p: p.harmed)
    assert place(every, most_harm, lambda p: p.minutes) <= 2
    time = {1: "most time", 2: "second in staff time"}[place(every, most_harm, lambda p: p.minutes)]
    says(notes, f"(most harm, {time})")
    trap = max(every, key=lambda p: p.number)
    says(notes, f'"{trap.name}" in the first three, because of its {trap.number} contacts')
    assert trap.harmed == 0
    three = worst(every)
    assert len(three) == 3
    long, hurt = sorted((p for p in three if p is not most_harm), key=lambda p: p.harmed)
    assert long.minutes > hurt.minutes
    assert long.number > hurt.number
    assert hurt.harmed > long.harmed


def test_the_rankings_of_the_pre_test(printed: Printed) -> None:
    tenth, eleventh = printed.entities["pretest-10"], printed.entities["pretest-11"]
    pairs = re.findall(r"(\d+) contacts of (\d+) minutes?", flat(tenth["stem"]))
    minutes = [int(a) * int(b) for a, b in pairs]
    assert minutes.index(max(minutes)) == "abc".index(tenth["key"])
    kept = re.findall(r"(\d+) students kept|nobody\s+kept", flat(tenth["stem"]))
    assert [bool(k) for k in kept] == [letter == tenth["key"] for letter in "abc"]
    says(tenth["rationale"], f"({max(minutes)} minutes against {minutes[0]} and {minutes[2]})")
    pairs = re.findall(
        r"(\d+) (?:contacts )?of (\d+) minutes?|(\d+) of (\d+)(?=;)", flat(eleventh["stem"])
    )
    products = [(int(a or c), int(b or d)) for a, b, c, d in pairs]
    minutes = [a * b for a, b in products]
    assert len(minutes) == 3
    assert minutes.index(max(minutes)) == "abc".index(eleventh["key"])
    for (a, b), m in zip(products, minutes, strict=True):
        says(eleventh["rationale"], f"{a} x {b} = {m}")
