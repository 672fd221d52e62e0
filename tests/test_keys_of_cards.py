"""Every figure in the keys of what is played: role cards, desk events, stations, lessons.

The facts are read from the card of the specialist, the rules from the handbook; the key stands on
the observer's card, in the answers of the activity or in the notes of the station.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

import pytest

from tests.handbook import Handbook
from tests.printed import WORDS, Printed, part, percent, says, spelled, told, word

Passage = tuple[
    str, str, str
]  # an entity, the words behind which it begins, those before which it ends


class Card(NamedTuple):
    """A case, the facts that it gives (each # is a number), and what its key says about them."""

    name: str
    case: Passage
    facts: tuple[str, ...]
    key: Passage
    right: Callable[
        ..., list[str | bool]
    ]  # words of the key; and what has to hold for them to be right


def of(entity: str, start: str = "", end: str = "") -> Passage:
    return entity, start, end


def triad(material: str, n: int) -> tuple[Passage, Passage]:
    """A card of triads: as the specialist has it, and as the observer has it."""
    start, end = f"### Card {n},", f"### Card {n + 1}" if n % 3 else ""
    return of(f"{material}-specialist", start, end), of(f"{material}-observer", start, end)


def requests(n: int, whose: str = "specialist") -> tuple[Passage, Passage]:
    """A set of three requests: as the specialist (or the customer) has it, and as the caller."""
    start, end = f"### Set {n}", f"### Set {n + 1}" if n % 3 else ""
    sheets = f"mat-m5-p{1 if n < 4 else 2}"
    return of(f"{sheets}-{whose}", start, end), of(f"{sheets}-caller", start, end)


def passage(printed: Printed, where: Passage) -> str:
    entity, start, end = where
    fields = ("title", "body", "answers", "candidate", "script", "notes")
    own = printed.entities[entity]
    return part("\n".join(str(own[f]) for f in fields if f in own), start, end)


def day_after(book: Handbook, day: Decimal, calendar_days: Decimal) -> int:
    """The day number that lies so many calendar days after another."""
    wanted = book.dates[int(day)].toordinal() + int(calendar_days)
    return next(d for d, date in book.dates.items() if date.toordinal() == wanted)


CARDS = [
    # ── contacts (module 4)
    Card(
        "a payment that came back",
        triad("mat-m4-t1", 1)[0],
        ("term bill #, due", "Returned payment #, notice", "Open: #."),
        triad("mat-m4-t1", 1)[1],
        lambda b, bill, charge, due: [
            charge == b.one("4.3", "Returned payment: $#"),
            due == bill + charge,
            f"{bill:.0f} and the charge of {charge:.0f} (4.3), together {due:.0f} dollars",
            f"Unpaid on day 11: {b.late_payment} more",
            f"BU-7 within {b.appeal('BU-7', 0)} business days",
        ],
    ),
    Card(
        "selected for verification",
        triad("mat-m4-t1", 2)[0],
        ("(day #), 10:00", "sent # calendar days ago", "is Tuesday of week 2 (day #)"),
        triad("mat-m4-t1", 2)[1],
        lambda b, today, ago, due: [
            due == day_after(b, today, b.one("6.2", "within # calendar days") - ago),
            f"day {due} (6.2)",
            f"Review: {b.one('6.2', 'Review takes # business')} business days",
            "FA-4 by day 10",
        ],
    ),
    Card(
        "a door that was shut",
        triad("mat-m4-t2", 4)[0],
        ("(day #), 14:50", "25.00, # business days ago", "received # business days ago"),
        triad("mat-m4-t2", 4)[1],
        lambda b, today, cited, appealed: [
            cited - appealed <= b.appeal("PK-3", 0),
            appealed == b.one("4.7", "Decision in # business") - 1,
            f"within {appealed + 1} business days, so by tomorrow",
            f"AB-1 within {b.appeal('AB-1', 0)} business days",
        ],
    ),
    Card(
        "aid that was stopped",
        triad("mat-m4-t2", 5)[0],
        ("(day #), 13:20", "notice sent # business days ago", "week 3 (day #)", "Term bill #, due"),
        triad("mat-m4-t2", 5)[1],
        lambda b, today, ago, due, bill: [
            due == b.appeal("FA-6", int(today - ago)),
            f"day {due}, with three things",
            f"a quarter ({bill / 4:.0f}) and {b.plan(0):.0f}, so {b.plan(bill):.0f} dollars",
        ],
    ),
    Card(
        "aid that was stopped, as the trainer has it",
        triad("mat-m4-t2", 5)[0],
        ("week 3 (day #)", "Term bill #, due"),
        of("m4-triads-2"),
        lambda b, due, bill: [f"FA-6 by day {due}", f"payment plan {b.plan(bill):.0f} dollars"],
    ),
    Card(
        "a class to be dropped",
        triad("mat-m4-t2", 6)[0],
        ("# credits, no aid", "General Chemistry # credits"),
        triad("mat-m4-t2", 6)[1],
        lambda b, load, less: [
            load - less < b.one("5.5", "Full time is # credits"),
            f"below {b.one('5.7', 'below # credits')} credits yes ({load - less})",
            b.back(100, 3) * 2 == b.back(100, 2),
            "half of the tuition back instead of all",
        ],
    ),
    Card(
        "a camera that came back late",  # due on Monday at six, back on Tuesday at ten
        of("mat-m4-listening-accounts", "Account 1", "Account 2"),
        (),
        of("m4-listening"),
        lambda b: [
            f"the {b.hourly(24 - 18 + 10)} dollars taken away",
            f"{24 - 18 + 10} hours at {b.hourly(1)} dollars, more than a CSS may waive",
            b.waived_by(b.hourly(16)) != "CSS",
        ],
    ),
    # ── rules under pressure (module 5)
    Card(
        "a payment plan",
        requests(1)[0],
        ("term bill #, due",),
        requests(1)[1],
        lambda b, bill: [
            f"a quarter ({bill / 4:.0f}) by tomorrow, together {b.plan(bill):.0f};",
            f"{bill / 4:.0f} each in weeks",
        ],
    ),
    Card(
        "one class more",
        requests(3)[0],
        ("# credits registered, grade average #, no", "Film History, # credits", "charges #. No"),
        requests(3)[1],
        lambda b, load, average, more, charges: [
            average >= b.one("5.5", "grade average of # or more"),
            f"{load + more} credits are more than {b.one('5.5', 'More than #: form RG-4')}",
            "3.00 or more, which is met",
            f"LB from {b.one('3.4', 'LB: unpaid library charges of $#')} dollars",
            f"own {charges:.0f} dollars",
        ],
    ),
    Card(
        "an appeal",
        requests(4)[0],
        ("(day #), 14:30", "issued # business days ago"),
        requests(4)[1],
        lambda b, today, ago: [
            b.appeal("PK-3", int(today - ago)) == today + 1,
            f"within {b.appeal('PK-3', 0)} business days of the citation, so until tomorrow, 17:00",
            f"decision in {b.one('4.7', 'Decision in # business')} business days",
            f"then AB-1 within {b.appeal('AB-1', 0)}",
        ],
    ),
    Card(
        "progress, credits to be dropped",
        requests(5)[0],
        ("# credits now",),
        requests(5)[1],
        lambda b, load: [
            f"average {b.one('6.3', 'Grade average #')}, {b.one('6.3', '#% of attempted')}%",
            f"{load - 2 * 3} credits remain",  # two classes of 3 credits
            f"BU-7 within {b.appeal('BU-7', 0)} business days",
        ],
    ),
    Card(
        "progress, credits completed",
        requests(5, "customer")[0],
        ("attempted # credits so far and completed #",),
        requests(5)[1],
        lambda b, tried, done: [
            percent(done, tried) < b.one("6.3", "#% of attempted"),
            f"{done} of {tried} is {percent(done, tried, 0)}%",
        ],
    ),
    Card(
        "a fee of late registration",
        requests(5)[0],
        ("75.00, notice day #; first registration on day #",),
        requests(5)[1],
        lambda b, notice, registered: [
            registered > b.one("4.3", "First registration of the term after day #"),
            f"of the notice (4.7), so until day {b.appeal('BU-7', int(notice))}",
        ],
    ),
    Card(
        "leaving all classes",
        requests(6)[0],
        ("of week # (day",),
        requests(6)[1],
        lambda b, week: [
            week < b.one("6.6", "before the end of week #"),
            f"(week {week}), tuition back {b.back(100, int(week)):.0f}% in weeks 5 and 6",
        ],
    ),
    Card(
        "thinking aloud",
        of("mat-m5-model-scripts"),
        ("(LB) of # dollars", "I only have # until"),
        of("m5-model"),
        lambda b, owed, has: [
            b.held("LB", owed - has),
            f"Paying {has} of {owed} dollars leaves {owed - has}, still a hold (from 25 on, 3.4)",
        ],
    ),
    Card(
        "what a waiver is",
        of("mat-m5-explain-cards", "### Card A", "### Card B"),
        ("fine of # dollars", "a #-dollar citation"),
        of("m5-explain", "**Card A**", "**Card B**"),
        lambda b, fine, citation: [
            f"CSS to {b.one('4.6', 'CSS up to $#')}",
            f"supervisor to {b.one('4.6', 'supervisor up to $#')}",
            f"director to {b.one('4.6', 'director up to $#')}",
            citation == b.citation("No permit"),
            f"the {fine} dollars yes, reason (c); the {citation} dollars has no reason",
        ],
    ),
    Card(
        "what verification is",
        of("mat-m5-explain-cards", "### Card B", "### Card C"),
        ("The notice is # days",),
        of("m5-explain", "**Card B**", "**Card C**"),
        lambda b, old: [f"so {b.one('6.2', 'within # calendar days') - old} are left"],
    ),
    Card(
        "how many credits",
        of("mat-m5-explain-cards", "### Card C"),
        ("has # credits, an average of #, is",),
        of("m5-explain", "**Card C**"),
        lambda b, has, average: [
            has < b.one("5.6", "fewer than # credits"),
            average >= b.one("5.5", "grade average of # or more"),
            f"(met with {average})",
            f"because of {has};",
        ],
    ),
    # ── complaints (module 6)
    Card(
        "a first meter",
        triad("mat-m6-t1", 1)[0],
        ("expired meter, #, day",),
        triad("mat-m6-t1", 1)[1],
        lambda b, charge: [
            charge == b.citation("expired meter"),
            b.waived_by(charge) == "CSS",
            f"{charge:.0f} is not above {b.one('4.6', 'CSS up to $#')}",
            f"{b.appeal('PK-3', 0)} business days",
        ],
    ),
    Card(
        "a check that went astray",
        triad("mat-m6-t1", 2)[0],
        ("(day #), 14:05", "aid paid day #; balance"),
        triad("mat-m6-t1", 2)[1],
        lambda b, today, paid: [
            b.days("6.4", "within # calendar days") == WORDS.index("fourteen"),
            f"Fourteen calendar days from day {paid}",
            day_after(b, paid, b.one("6.4", "within # calendar days")) == 16 < today,
            "ended on Monday of week 4",  # day 16
        ],
    ),
    Card(
        "a stolen tablet",
        triad("mat-m6-t2", 4)[0],
        ("late charge #, replacement price #, processing #;",),
        triad("mat-m6-t2", 4)[1],
        lambda b, late, price, processing: [
            late == b.hourly(24),
            processing == b.processing,
            price <= b.one("4.6", "director up to $#"),
            f"{price:.0f} replacement price, the director",
            f"{late:.0f} late charge, the {b.waived_by(late)}",
            f"{processing:.0f} processing, a {b.waived_by(processing)}",
            f"LB-2 within {b.appeal('LB-2', 0)} business days",
        ],
    ),
    Card(
        "two citations for no permit",
        of("mat-m6-model-scripts"),
        ("# dollars each, hold PK", "day #, 13:40"),
        of("m6-model"),
        lambda b, each, today: [
            each == b.citation("No permit"),
            f"{2 * each} dollars is under {b.one('3.6', 'at most $#')}",
            f"day {today} is before day {b.one('3.6', 'no later than day #')}",
        ],
    ),
    # ── the desk (module 9)
    Card(
        "a fine and a seat",
        of("mat-desk-events", "### Event 1,", "### Event 2,"),
        ("one charge, #, notice",),
        of("m9-desk", "**1 Nwosu", "**2 Halvorsen"),
        lambda b, fine: [
            b.waived_by(fine) != "CSS",
            f"No waiver here: {fine:.0f} dollars are above",
        ],
    ),
    Card(
        "a plan that was denied",
        of("mat-desk-events", "### Event 3,", "### Event 4,"),
        ("Term bill #, tuition", "up to # dollars"),
        of("m9-desk", "**3 Rahmani", "**4 Tray"),
        lambda b, bill, has: [
            b.plan(bill) <= has,
            f"{b.plan(0):.0f} dollars and a quarter, {bill / 4:.0f}, so {b.plan(bill):.0f} today",
            f"weeks {', '.join(map(str, b.says('4.4', 'in weeks #, # and #')[:2]))} and 11",
        ],
    ),
    Card(
        "a wrong class",
        of("mat-desk-events"),
        ("first set (day #)", "# credits, among them Math 205 (#)"),
        of("m9-desk", "**5 Fonseca", "**6 Bursar"),
        lambda b, today, load, less: [
            f"fall to {load - less} credits",
            f"within {b.one('8.1', '2 unit supervisor, # days')} business days, "
            f"so by day {today + b.one('8.1', '2 unit supervisor, # days')}",
        ],
    ),
    Card(
        "a class to leave",
        of("mat-desk-events-2", "### Event 1:", "### Event 2:"),
        ("# credits. Portuguese 2: # credits, tuition #. Aid",),
        of("m9-desk-2", "**1 Bellini", "**2 Newspaper"),
        lambda b, load, less, tuition: [
            f"a quarter of the tuition, {b.back(tuition, 6):.0f} dollars",
            f"{load - less} credits and a visa",
        ],
    ),
    Card(
        "a late fee in spite of a plan",
        of("mat-desk-events-2"),
        ("second set (day #)", "fee #, posted day"),
        of("m9-desk-2", "**3 Whitaker", "**4 Tray"),
        lambda b, today, fee: [
            fee == b.late_payment,
            f"by day {today + b.one('4.5', 'posts it within # business')} (4.5)",
        ],
    ),
    Card(
        "tickets that wait",
        of("mat-desk-events-2", "### Event 6:"),
        ("10 business days: #.", "Of these #, waiting for the student: #.", "answer from us: #."),
        of("m9-desk-2", "**6 Ticket"),
        lambda b, old, again, theirs, ours: [
            old == again == theirs + ours,
            f"{word(int(ours)).capitalize()} of the {old} wait for the desk",
        ],
    ),
    # ── a second run and the final stations (module 10)
    Card(
        "a check to an old address",
        of("mat-second-run-cards", "### Card 1", "### Card 2"),
        ("refunded by check # calendar days ago",),
        of("m10-second-run", "**Card 1", "**Card 2"),
        lambda b, ago: [
            f"{ago} of {b.one('6.4', 'within # calendar days')} calendar days are over"
        ],
    ),
    Card(
        "a bill of tomorrow",
        of("mat-second-run-cards", "### Card 2", "### Card 3"),
        ("term bill #, tuition",),
        of("m10-second-run", "**Card 2", "**Card 3"),
        lambda b, bill: [
            f"a quarter of {bill:,.0f} is {bill / 4:.0f}, with the fee {b.plan(bill):.0f}",
            f"at 14:20, so released by {14 + b.days('3.5', 'counter: within # hours')}:20",
        ],
    ),
    Card(
        "a camera in the book drop",
        of("mat-second-run-cards", "### Card 3"),
        ("Equipment charge # (# an hour, at most #), notice day",),
        of("m10-second-run", "**Card 3"),
        lambda b, charge, each, most: [
            (each, charge) == (b.hourly(1), b.hourly(7 + 48 + 8)),  # Friday 17:00 to Monday 08:00
            charge == most,
            b.waived_by(charge) == "supervisor",
            f"{charge:.0f} is above {b.one('4.6', 'CSS up to $#')}",
            f"LB-2 within {b.appeal('LB-2', 0)} business days",
        ],
    ),
    Card(
        "station 1, form A",
        of("s-contact-a"),
        ("no permit #, six", "wrong zone #, three"),
        of("s-contact-a", "Two holds are found"),
        lambda b, permit, zone: [
            f"no permit {b.citation('No permit', 6)} (no reduction",
            f"wrong zone {zone:.0f} less 10 = {b.citation('wrong zone', 3)}",
            f"{b.citation('No permit', 6) + b.citation('wrong zone', 3)} in all today",
            f"A sum of {permit + zone:.0f},",
            b.held("PK", permit + zone, citations=2),
        ],
    ),
    Card(
        "station 1, form B",
        of("s-contact-b"),
        ("declared lost # calendar", "overdue fine #, processing #, replacement price #."),
        of("s-contact-b", "Two holds are found"),
        lambda b, ago, fine, processing, price: [
            ago <= b.one("4.1", "returned within # calendar days"),
            (fine, processing) == (b.loan(45), b.processing),
            f"the {price} is removed; {fine + processing} is left",
            f"two charges of {fine:.0f} and {processing:.0f}",
            f"A sum of {fine + processing + price:.0f},",
            b.held("LB", fine + processing),
            not b.held("LB", fine),  # "one waived would take the rest under the limit"
            not b.held("LB", processing),
        ],
    ),
    Card(
        "station 2, form A",
        of("s-pressure-a"),
        ("is # credits, tuition # dollars", "the record shows # credits"),
        of("s-pressure-a", "**Order.**"),
        lambda b, less, tuition, load: [
            f"100% back, {b.back(tuition, 2):.0f}; weeks 3–4 {b.back(100, 3):.0f}%",
            f"weeks 5–6 {b.back(100, 5):.0f}%",
            f"{load - less} credits is under {b.one('5.7', 'below # credits')}",
        ],
    ),
    Card(
        "station 3, form A",
        of("s-complaint-a"),
        ("registration fee #, notice sent on day #;",),
        of("s-complaint-a", "**Issue, neutral:**"),
        lambda b, fee, notice: [
            fee == b.late_registration,
            b.waived_by(fee) == "supervisor",
            f"{fee:.0f} is above 25 and not above {b.one('4.6', 'supervisor up to $#')}",
            f"by day {b.appeal('BU-7', int(notice))}",
        ],
    ),
    Card(
        "station 3, form B",
        of("s-complaint-b"),
        ("late payment fee #, notice sent on day #;",),
        of("s-complaint-b", "**Issue, neutral:**"),
        lambda b, fee, notice: [
            fee == b.late_payment,
            b.waived_by(fee) == "supervisor",
            f"{fee:.0f} is above 25 and not above {b.one('4.6', 'supervisor up to $#')}",
            f"by day {b.appeal('BU-7', int(notice))}",
        ],
    ),
    Card(
        "in-basket, form A",
        of("s-inbasket-a"),
        ("is Tuesday, day #", "late registration fee on day #"),
        of("s-inbasket-a", "**3** Class", "**4** Sealed"),
        lambda b, today, notice: [
            b.appeal("BU-7", int(notice)) == today + 1,
            f"BU-7 is day {today + 1}, tomorrow 17:00 (4.7: {notice} + {b.appeal('BU-7', 0)})",
        ],
    ),
    Card(
        "in-basket, form B",
        of("s-inbasket-b"),
        ("is Wednesday, day #", "lost-item charge on day #"),
        of("s-inbasket-b", "**3** Class", "**4** Wrong"),
        lambda b, today, notice: [
            b.appeal("LB-2", int(notice)) == today + 1,
            f"LB-2 is day {today + 1}, tomorrow 17:00 (4.7: {notice} + {b.appeal('LB-2', 0)})",
        ],
    ),
    # ── lessons, the barrier walk, the first day
    Card(
        "a lesson on the last day",
        of("s-ojt-a"),
        ("after a citation of day #.", "stamped # January", "corrected page of # January"),
        of("s-ojt-a", "No traps beyond that."),
        lambda b, cited, first, second: [
            f"{cited} + {b.appeal('PK-3', 0)} = day {b.appeal('PK-3', int(cited))}, 17:00",
            f"citation of day 15 ends on day {b.appeal('PK-3', 15)}",
            f"BUR_FW1_T51200_203001{first:02}_v1",
            f"v2 with 203001{second:02}",
        ],
    ),
    Card(
        "a lesson on fines",
        of("mat-m8-ojt-tasks"),
        ("with # calendar days overdue", "New case:* # days overdue"),
        of("m8-ojt"),
        lambda b, days, more: [
            f"{days} x $0.25 = ${b.loan(int(days)):.2f}",
            f"{more} days would be ${more * b.loan(1):.2f}, so ${b.loan(int(more)):.2f}",
        ],
    ),
    Card(
        "three envelopes",
        of("mat-trace-sheet"),
        ("citations of # dollars", "day #, at 16:40"),
        of("m1-barriers", "**Trace sheet.**"),
        lambda b, each, today: [
            each == b.citation("expired meter"),
            f"Three unpaid citations ({3 * each} dollars) – hold PK",
            b.held("PK", 3 * each, citations=3),
            f"on day {today} – she pays online, so the hold falls by 08:00 on day {today + 1}",
        ],
    ),
    Card(
        "a citation on the first day",
        of("mat-baseline-notes", "case 1", "case 2"),
        ("wrong zone, # dollars", "at 17:00: # dollars less"),
        of("m0-baseline", "**Card 1", "**Card 2"),
        lambda b, full, less: [
            (full, full - less) == (b.citation("wrong zone"), b.citation("wrong zone", 4)),
            f"wrong zone, {full} dollars, {less} less by tomorrow",
        ],
    ),
]


@pytest.mark.parametrize("card", CARDS, ids=lambda card: card.name)
def test_the_keys_of_cards_and_stations(printed: Printed, card: Card) -> None:
    check(printed, card)


def check(printed: Printed, card: Card) -> None:
    facts = [n for words in card.facts for n in told(passage(printed, card.case), words)]
    for right in card.right(Handbook(printed), *facts):
        if isinstance(right, str):
            says(passage(printed, card.key), right)
        else:
            assert right, f"the rules do not lead from {', '.join(map(str, facts))} to the key"


def test_the_plans_that_came_back_are_counted_in_the_key(printed: Printed) -> None:
    call = passage(printed, of("mat-desk-events", "### Event 6, minute", "You can talk"))
    plans, incomplete, again, unsigned, unpaid = spelled(call)
    assert incomplete == again == unsigned + unpaid
    key = passage(printed, of("m9-desk", "**6 Bursar"))
    says(key, f"notes {plans} and {incomplete}", f"the {word(incomplete)} are offered help")
