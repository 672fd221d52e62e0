"""Every figure in the keys that rest on the handbook: amounts, limits, last days, names of files.

Mail, records, letters, look-up cases, role cards, stations and test items. Each figure is
computed from the rule as it is printed and from the facts of the case, then looked for in the key.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from tests.handbook import Handbook
from tests.printed import (
    Printed,
    Table,
    figures,
    flat,
    found,
    money,
    names,
    number,
    numbered,
    part,
    percent,
    rounded,
    says,
    spelled,
    tables,
    word,
)


def day_of(words: str, text: str) -> int:
    """The whole number that stands for # where a text holds these words."""
    return int(found(re.escape(words).replace(r"\#", r"(\d+)"), text)[0])


# ── sums that a text works out ───────────────────────────────────────────────────────

AMOUNT = r"(?:day )?\$?\d[\d,]*(?:\.\d+)?"
SUM = re.compile(rf"(?<![\d/–-])({AMOUNT}(?: (?:\+|-|x|/) {AMOUNT})+) = ({AMOUNT})(%?)(?![\d/])")
SHARE = re.compile(
    r"(?<![\d,/])(\d[\d,]*)(?:/| of (?:the )?)(\d[\d,]*)(?: = | \(| is )(\d+(?:\.\d+)?)%"
)


def worked_out(expression: str) -> Decimal:
    """Left to right, with products before sums, as the texts write them."""
    total, term, sign, joined = Decimal(0), Decimal(0), 1, "+"
    for piece in expression.split():
        if piece in "+-x/":
            if piece in "+-":
                total, sign = total + sign * term, 1 if piece == "+" else -1
            joined = piece
        elif piece != "day":
            value = Decimal(piece.strip("$").replace(",", ""))
            term = {"x": term * value, "/": term / value if value else term}.get(joined, value)
    return total + sign * term


def test_sums_that_texts_work_out_are_right(printed: Printed) -> None:
    checked = 0
    for text in printed.texts:
        for expression, result, sign in SUM.findall(text):
            said = Decimal(result.replace("day ", "").strip("$").replace(",", ""))
            exact = worked_out(expression) * (100 if sign else 1)
            places = -int(said.as_tuple().exponent)
            assert said == rounded(exact, places), f"{expression} is {exact}, not {result}"
            checked += 1
    assert checked > 35


def test_shares_that_texts_work_out_are_right(printed: Printed) -> None:
    checked = 0
    for text in printed.texts:
        for some, every, said in SHARE.findall(text):
            places = len(said.partition(".")[2])
            share = percent(Decimal(some.replace(",", "")), Decimal(every.replace(",", "")), places)
            assert Decimal(said) == share, f"{some} of {every} is {share}%, not {said}%"
            checked += 1
    assert checked > 30


def test_every_office_is_named_with_its_own_extension(printed: Printed) -> None:
    """Wherever four figures stand behind a code or a name, they are those of the directory."""
    directory: dict[str, set[str]] = {}
    for office, extension, *_ in tables(printed.body("mat-office-directory"))[0].rows:
        code, _, name = office.partition(" ")
        for each in (office, name, code) if extension.isdigit() else ():
            directory.setdefault(each, set()).add(extension)  # REG has two
    del directory[""]
    names_ = "|".join(sorted(map(re.escape, directory), key=len, reverse=True))
    pattern = re.compile(rf"\b({names_})(?: at|,)? (?:ext\. |extension )?(\d{{4}})\b(?! \d)")
    checked = 0
    for text in printed.texts:
        for name, extension in pattern.findall(text):
            assert extension in directory[name], f"{name} is {directory[name]}, not {extension}"
            checked += 1
    assert checked > 20


# ── looking up ───────────────────────────────────────────────────────────────────────


def test_the_counting_of_days(printed: Printed) -> None:
    book = Handbook(printed)
    board = printed.done("m2-handbook", "Count days on the board")
    cited, within, last = (int(f) for f in figures(board)[:3])
    assert book.appeal("PK-3", cited) == last == cited + within
    notice, _, decision, _ = (int(f) for f in figures(part(board, "two more:")))
    said = printed.expected("m2-handbook", "Which last days")
    says(said, f"Day {book.appeal('BU-7', notice)} and day {book.appeal('AB-1', decision)}")
    aid = printed.body("mat-practice-calendar")
    says(aid, f"4 + 10 = day {book.appeal('PK-3', 4)}")
    shown = printed.expected("m2-handbook", "what can we do for this customer")
    says(
        shown,
        "released by 08:00 on day 8",
        "self-service adding ended on day 5",
        "by day 10, 17:00",
    )
    says(shown, f"held charges up to ${book.one('3.6', 'held charges of at most $#')}")
    case = printed.done("m2-handbook", "Situation two")
    notice = day_of("notice of day #", case)
    last = book.appeal("LB-2", notice)
    says(
        printed.expected("m2-handbook", "Who decides, and by when"),
        f"day {last} at 17:00",
        "$25 for a CSS",
    )
    assert book.waived_by(40) == "supervisor"
    says(printed.answers("m2-handbook"), f"supervisor, FW-1, day {last} at 17:00")


def test_the_look_up_drill(printed: Printed) -> None:
    book = Handbook(printed)
    asked = numbered(printed.body("mat-m2-situations"))
    key = numbered(printed.answers("m2-lookup"))
    late = int(found(r"came back (\d+) calendar days overdue", asked[1])[0])
    last = book.appeal("LB-2", day_of("notice of the charge is of day #", asked[1]))
    says(key[1], f"{late} x 0.25 = ${book.loan(late):.2f}", f"day {last} (12 + 20), 17:00")
    assert book.waived_by(book.loan(late)) == "CSS"
    today, cited = day_of("Day #.", asked[2]), day_of("written on day #", asked[2])
    assert today - cited == book.days("4.2", "Paid within # business days")
    says(key[2], f"${book.citation('wrong zone', today - cited)} ", f"day {today}, 17:00")
    says(key[3], "self-service adding ends with day 5")
    says(key[4], "day 10, 17:00")
    last = book.appeal("FA-6", day_of("notice is of day #", asked[5]))
    says(key[5], f"day {last}, 17:00")
    week = int(book.says("5.2", "Weeks #–#: form RG-3")[1])
    says(key[6], f"end of week {week} (day {book.week_ends(week)}), 17:00", "nothing after week 6")
    assert book.back(100, day_of("Week #.", asked[6])) == 0
    assert book.back(100, 6) > 0
    late = int(found(r"(\d+) hours late", asked[7])[0])
    last = book.appeal("LB-2", day_of("notice of the charge is of day #", asked[7]))
    says(key[7], f"{late} x $2 = ${2 * late}, capped at ${book.hourly(late)}", f"day {last}, 17:00")
    says(key[7], "from $25 hold LB")
    assert book.held("LB", book.hourly(late))
    bill = figures(part(asked[8], "holds", "tuition"))[0]
    says(
        key[8],
        f"35 + {bill / 4:.0f} (a quarter of {bill:,}) = ${book.plan(bill):.0f}",
        "day 10, 17:00",
    )
    says(key[9], f"day {book.appeal('AB-1', day_of('decision of day #', asked[9]))}, 17:00")
    months = book.one("S1", "for the # months before day 1")
    says(key[10], f"{months} months are needed", "day 5 of that term")
    assert day_of("for the # months", asked[10]) < months
    level = book.one("8.1", "2 unit supervisor, # days")
    says(key[11], f"supervisor {level} business days")
    says(key[12], f"day {book.appeal('S5', day_of('notice of day #', asked[12]))}, 17:00")
    says(printed.answers("m2-reading"), "$10: it costs $15 instead of $25")
    assert book.citation("wrong zone", 5) == 15


def test_the_jigsaw_cases(printed: Printed) -> None:
    book = Handbook(printed)
    case = numbered(printed.body("mat-m2-jigsaw-cases"))
    key = numbered(printed.answers("m2-jigsaw"))
    assert book.held("LB", figures(part(case[1], "charges of", "and a hold"))[0])
    says(key[1], "LB from $25", "Deadline day 10, 17:00")
    says(
        key[2],
        f"would run until day {book.appeal('PK-3', day_of('citation of day #', case[2]))}",
    )
    says(key[3], "until the end of week 6", "Deadline day 10, 17:00")
    week = day_of("Week #, Tuesday", case[4])
    says(
        key[4],
        f"{book.back(100, week):.0f}% in weeks 5 and 6",
        f"end of week 6 (day {book.week_ends(6)}), 17:00",
    )
    notice = day_of("notice of day #", case[5])
    says(
        key[5],
        f"{notice} + 15 = day {book.appeal('BU-7', notice)}, 17:00",
        "$75 is above a CSS's $25",
    )
    assert book.waived_by(book.late_registration) == "supervisor"
    says(key[6], f"Deadline day {book.complete_by(day_of('Day #, at', case[6]))}, 17:00")


def test_the_state_and_federal_search(printed: Printed) -> None:
    book, key = Handbook(printed), numbered(printed.answers("m2-state-search"))
    after, notice = book.says(
        "S5", "# calendar days after it was due, and only after a written notice #"
    )
    says(
        key[2],
        f"{after} calendar days after it was due, and a written notice {notice}",
        "within 15 business",
    )
    learning, share = book.says(
        "F6", "within # calendar days of learning of it, and returns its share within #"
    )
    says(
        key[4], f"within {learning} calendar days of learning of it (share returned within {share})"
    )
    says(key[5], f"within {book.one('S4', 'is paid within # calendar')} calendar days")


# ── rules that are said again ────────────────────────────────────────────────────────

# What a text says of a rule, and what the handbook says. Texts of any kind: keys, cards, job aids.
SAID_AGAIN: dict[str, Callable[[Handbook], list[int]]] = {
    r"BU-7,? within (\d+) business": lambda b: [b.appeal("BU-7", 0)],
    r"PK-3 (?:to Parking )?within (\d+)": lambda b: [b.appeal("PK-3", 0)],
    r"LB-2 within (\d+)": lambda b: [b.appeal("LB-2", 0)],
    r"FA-6 within (\d+)": lambda b: [b.appeal("FA-6", 0)],
    r"AB-1 within (\d+)": lambda b: [b.appeal("AB-1", 0)],
    r"[Dd]ays (\d+) to (\d+)(?::| take| by|,| \(5\.1\)| need)? (?:form )?RG-2": lambda b: b.adding,
    r"RG-2[^.;:()]{0,40} days (\d+) to (\d+)": lambda b: b.adding,
    r"[Ff]rom day (\d+)(?: on)?[^.;]{0,50}RG-5": lambda b: [b.adding[1] + 1],
    r"RG-5 from day (\d+)": lambda b: [b.adding[1] + 1],
    r"weeks (\d+), (\d+) and (\d+)": lambda b: [
        int(n) for n in b.says("4.4", "in weeks #, # and #")
    ],
    r"BL hold until the end of week (\d+)": lambda b: [
        b.days("6.5", "BL hold until the end of week #")
    ],
    r"(?:FA-4|BU-4),? (?:by|brought in by) day (\d+)": lambda b: [b.days("6.5", "FA-4 by day #")],
    r"[Pp]lan BU-4 (?:only )?by day (\d+)": lambda b: [b.days("4.4", "of the bill, by day #")],
    r"complete within (\d+) business": lambda b: [b.complete_by(0)],
    r"released within (\d+) hours": lambda b: [b.days("3.5", "counter: within # hours")],
    r"level 2 within (\d+)": lambda b: [b.days("8.1", "2 unit supervisor, # days")],
    r"reminder after (\d+) business": lambda b: [b.reminded(0)],
    r"shredded (?:after )?(\d+) calendar": lambda b: [b.days("10.3", "shredded after # calendar")],
    r"\$(\d+) late payment fee": lambda b: [int(b.late_payment)],
    r"\$(\d+) late registration fee": lambda b: [int(b.late_registration)],
    r"[Ff]irst registration (?:of the term )?after day (\d+)": lambda b: [
        b.days("4.3", "after day #")
    ],
    r"[Ff]ewer than (\d+) credits": lambda b: [b.days("5.6", "fewer than # credits")],
    r"(\d+)% of attempted": lambda b: [b.days("6.3", "#% of attempted")],
    r"(\d+) calendar days of the notice": lambda b: [
        b.days("6.2", "within # calendar days of the")
    ],
    r"weeks (\d+) (?:to|–) ?(\d+)(?: a student needs)? (?:with )?(?:form )?RG-3": lambda b: [
        int(n) for n in b.says("5.2", "Weeks #–#: form RG-3")
    ],
    r"(?:end of|at the end of) day (\d+) fix": lambda b: [b.days("6.4", "at the end of day # fix")],
}


@pytest.mark.parametrize("pattern", SAID_AGAIN)
def test_a_rule_is_said_again_as_it_is(printed: Printed, pattern: str) -> None:
    wanted, rules = SAID_AGAIN[pattern](Handbook(printed)), flat(printed.body("mat-handbook"))
    heard = 0
    for text in printed.texts:
        for match in re.finditer(pattern, text) if text != rules else ():
            assert [int(n) for n in match.groups()] == wanted, text[max(0, match.start() - 60) :][
                :160
            ]
            heard += 1
    assert heard, "nothing says this rule again in these words"


def test_hours_are_said_again_as_they_are(printed: Printed) -> None:
    hours = re.findall(r"\d\d:\d\d", Handbook(printed).offices["ADV"][3])[2:]
    opening = re.compile(r"drop-in(?: from)? (\d\d:\d\d)(?:–| to )(\d\d:\d\d)")
    heard = [list(m) for text in printed.texts for m in opening.findall(text)]
    assert len(heard) > 5
    assert all(h == hours for h in heard), heard


# ── mail, records, files, letters ────────────────────────────────────────────────────


def check_mail(table: Table, day: int, book: Handbook) -> dict[str, list[str]]:
    for row in table.rows:
        assert number(row[3]) == book.answered(row[1][0], day), row
    return table.by()


def test_the_mail_of_day_13(printed: Printed) -> None:
    book, mail = Handbook(printed), printed.body("mat-m2-mail")
    day = day_of("arrives on day #", mail)
    key = check_mail(tables(printed.answers("m2-correspondence"))[0], day, book)
    due = {
        "3": day_of("30th calendar day is tomorrow, day #", mail),
        "5": book.appeal("PK-3", day_of("citation written on day #", mail)),
    }
    for piece, last in due.items():
        assert last <= book.answered("B", day)  # a deadline within 2 business days
        assert key[piece][1] == "A"
    said = printed.expected("m2-correspondence", "Which two pieces hide a deadline")
    says(said, f"due on day {due['3']}", f"last day {due['5']}")
    says(key["5"][2], f"last day of appeal is {due['5']}")
    waiver = day_of("citation of day #)", part(mail, "**Piece 8**"))
    says(key["8"][2], f"before day {book.appeal('PK-3', waiver)}", "$20")
    assert book.waived_by(book.citation("expired meter")) == "CSS"
    says(key["2"][2], f"by 08:00 on day {day + 1}")
    assert book.held("LB", figures(part(mail, "library fine,", ", and my"))[0])
    first = printed.answers("m2-correspondence-demo")
    says(
        first,
        f"day {book.answered('B', day)}; CSS signs",
        f"day {book.answered('C', day)}; CSS signs",
    )
    says(printed.done("m2-correspondence-demo", "Piece X"), f"by day {book.answered('B', day)}")
    says(printed.done("m2-correspondence-demo", "Piece Y"), f"C, day {book.answered('C', day)}")
    says(printed.mistake("m2-correspondence", "Keeps the cash"), f"until day {key['2'][3]}")


def test_the_mail_that_is_scored(printed: Printed) -> None:
    book, case = Handbook(printed), printed.entities["i-correspondence-a"]
    day = day_of("today, day #", printed.entities["i-correspondence"]["instructions"])
    assert book.written(day).startswith("Tuesday")
    key = check_mail(tables(case["notes"])[0], day, book)
    fee = day_of("late payment fee, notice of day #", case["candidate"])
    says(key["3"][2], f"in time until day {book.appeal('BU-7', fee)}", "$50 is above $25")
    assert book.waived_by(book.late_payment) == "supervisor"
    aid = day_of("notice of suspension is of day #", case["candidate"])
    last = book.appeal("FA-6", aid)
    says(key["6"][2], f"{aid} + 15 = day {last}")
    assert key["6"][1].startswith("A")
    assert day < last <= book.answered("B", day)
    says(case["notes"], "Pieces of class A: 1, 4 and 6")
    assert [n for n, row in key.items() if row[1].startswith("A")] == ["1", "4", "6"]


def records(printed: Printed) -> dict[str, dict[str, str]]:
    return {row["name"]: row for row in printed.rows("m3-practice-records.csv")}


def tickets(printed: Printed, requests: dict[int, str], key: Table) -> Iterator[list[str]]:
    """The tickets that a key has for requests; student, channel, address are those of the case."""
    by_id = {r["student_id"]: r for r in records(printed).values()}
    assert len(requests) == len(key.rows)
    for row in key.rows:
        request, record = requests[int(row[0])], by_id[row[1]]
        first, last = record["name"].split()
        assert last in request or first.lower() in request.lower(), (row[0], record["name"])
        assert row[2] in request.lower(), row
        change = re.search(r"(\d+ [\w ]+?) (?:changed )?to (\d+ [\w ]+)", row[4])
        assert change is None or (change[1] == record["address"] and change[2] in request), row
        yield row


def test_the_records_lab(printed: Printed) -> None:
    book, text = Handbook(printed), printed.body("mat-m3-requests")
    today = day_of("It is day #", text)
    says(text, f"day {today}, {book.written(today)} 2030")
    (key,) = tables(printed.answers("m3-lab"))
    due = {"3": book.reminded(today), "4": book.complete_by(today), "6": today + 1}
    for row in tickets(printed, numbered(text, r"- \*\*L(\d), (?=\w)"), key):
        assert row[6] == f"{book.dates[due.get(row[0], today)]:%-d %b}", row
    said = printed.answers("m3-lab")
    says(said, f"L3 is day {today} + 3 = day {due['3']}", f"L4 is day {today} + 2 = day {due['4']}")
    students = records(printed)
    library, parking = (students[n]["holds"].split() for n in ("Camila Duarte", "Yusuf Demir"))
    assert (library[0], parking[0]) == ("LB", "PK")
    assert book.held("LB", Decimal(library[1]))
    assert book.held("PK", Decimal(parking[1]))
    says(said, f"library ${library[1]} told", f"held charge ${Decimal(parking[1]):.0f}")
    assert Decimal(parking[1]) <= book.one("3.6", "held charges of at most $#")
    assert today <= book.days("3.6", "granted no later than day #")


def test_the_records_that_are_scored(printed: Printed) -> None:
    book, case = Handbook(printed), printed.entities["i-records-a"]
    today = day_of("It is day #", case["candidate"])
    says(case["candidate"], f"day {today}, {book.written(today)} 2030")
    (key,) = tables(case["notes"])
    due = {"3": book.reminded(today), "4": book.complete_by(today)}
    for row in tickets(printed, numbered(case["candidate"]), key):
        day = due.get(row[0], today)
        counted = f" ({today} + {day - today} = day {day})" if row[0] in due else ""
        assert row[6] == f"{book.dates[day]:%-d %b}{counted}", row
    fields = len(key.rows) * 9  # the nine fields of a ticket (handbook 3.2)
    says(printed.anchor("i-records-complete", 3), f"All {fields} fields")
    says(printed.anchor("i-records-complete", 2), f"{fields - 1} of the {fields} fields")
    days = sorted((book.dates[d].day for d in due.values()), reverse=True)
    says(printed.anchor("i-records-next", 3), f"{days[0]} and {days[1]} January")
    for words, date in tables(printed.body("mat-m3-system-notes"))[0].rows:
        assert date == f"{book.written(day_of('day #', words))} 2030"


OFFICES = {
    "library": "LIB", "parking": "PAT", "Parking": "PAT", "Bursar": "BUR", "Financial Aid": "FIN",
    "Registrar": "REG", "help desk": "SAH",
}  # fmt: skip


def filed(paper: str, book: Handbook) -> str | None:
    """The line of the key for a paper to file, or nothing for what is not filed."""
    ticket = re.search(r"ticket (T\d+)", paper)
    if ticket is None or "no form calls for" in paper:
        return None
    form = re.match(r"([A-Z]{2})-(\d)", paper)
    code = form[1] + form[2] if form else "LET"
    (office,) = {code for words, code in OFFICES.items() if words in paper.split("stamped")[0]} or {
        "BUR"
    }
    day, month = found(r"stamped (\d+) (January|February)", paper)
    date = f"2030{'01' if month == 'January' else '02'}{int(day):02}"
    earlier = re.search(rf"{ticket[1]}_\d{{8}}_v(\d)", paper)
    version = int(earlier[1]) + 1 if earlier else 1
    simple, long, letters = book.says(
        "10.3", "Tickets # years; waivers, appeals and complaints #; general letters #"
    )
    decided = code in ("FW1", "PK3", "LB2", "BU7", "FA6", "AB1", "CR1")
    years = long if decided else letters if code == "LET" else simple
    return (
        f"{office}_{code}_{ticket[1]}_{date}_v{version}, {office}, {years} year{'s' * (years > 1)}"
    )


@pytest.mark.parametrize(
    ("papers", "key"), [("mat-m3-files-slips", "m3-files"), ("i-files-a", "i-files-a")]
)
def test_the_papers_to_file(printed: Printed, papers: str, key: str) -> None:
    book = Handbook(printed)
    entity = printed.entities[papers]
    slips = numbered(entity.get("body") or entity["candidate"])
    said = numbered(printed.entities[key].get("answers") or printed.entities[key]["notes"])
    assert list(slips) == list(said)
    for n, paper in slips.items():
        line = filed(paper, book)
        if line is None:
            assert not re.search(r"_v\d", said[n]), n
        else:
            says(said[n], line)
            assert ("v1 stays" in said[n]) == ("_v2" in line), n


def test_the_practice_letters(printed: Printed) -> None:
    book, key = Handbook(printed), printed.answers("m3-letters")
    case = printed.body("mat-m3-letter-cases")
    today = day_of("It is day #", case)
    says(case, f"day {today}, {book.written(today)} 2030")
    cited, paid = day_of("citation of day #", case), day_of("payment of $15 on day #", case)
    early = cited + book.days("4.2", "Paid within # business days")
    late = cited + book.days("4.2", "Unpaid after # business days")
    appeal = book.appeal("PK-3", cited)
    due = book.citation("wrong zone", paid - cited)
    more = book.citation("wrong zone", None, late + 1 - cited) - due
    facts = part(key, "**Case A, facts", "**Model.**")
    says(
        facts, f"day {cited} + 5 = day {early}, {book.written(early)}",
        f"paid on day {paid}, {book.written(paid)}; so ${due:.2f} is due and ${due - 15:.2f} is",
        f"day {late}, {book.written(late)}, it grows by ${more:.2f}",
        f"day {appeal}, {book.written(appeal)}, 17:00",
    )  # fmt: skip
    assert not book.held("PK", due - 15)
    model = part(key, "**Model.**", "**Case B")
    says(model, f"written on {book.written(cited)}", f"was {book.written(early)}")
    says(
        model, f"by {book.written(late)}, 17:00", f"by {book.written(appeal)}, 17:00", "Pay $10.00"
    )
    says(key, f"SAH_LET_T50131_{book.stamp(today)}_v1")
    sample = printed.body("mat-m3-letter-samples")
    says(sample, f"ends today, {book.written(8)}", f"The last day is {book.written(10)}")


def test_the_letters_that_are_scored(printed: Printed) -> None:
    book, case = Handbook(printed), printed.entities["i-letters-a"]
    key = case["notes"]
    today = day_of("It is day #", case["candidate"])
    says(case["candidate"], f"day {today}, {book.written(today)} 2030")
    bill = figures(part(case["candidate"], "my bill of", "by the due"))[0]
    fee = book.late_payment
    says(key, f"{money(bill)} + {money(fee)} = {money(bill + fee)}", f"day 10, {book.written(10)}")
    second = book.week_ends(6) + 1
    says(key, f"{book.written(second)} (day {second})", f"pay by {book.written(second - 1)}")
    appeal = book.appeal("BU-7", day_of("fee of day #", case["candidate"]))
    says(key, f"day {appeal}, {book.written(appeal)}, 17:00")
    says(key, f"SAH_LET_T50151_{book.stamp(today)}_v1")
    names(printed.anchor("i-letters-facts", 3), bill + fee)
    says(printed.anchor("i-letters-facts", 3), book.short(second))
    says(printed.anchor("i-letters-facts", 4), book.short(appeal))
    says(printed.entities["s-contact-a"]["candidate"], "day 4")


def test_the_merge_data(printed: Printed) -> None:
    book, students = Handbook(printed), records(printed)
    today = day_of("It is day #", printed.body("mat-m3-letter-cases"))
    by_date = {book.written(day): day for day in book.dates}
    practice = printed.rows("m3-merge-practice.csv")
    graded = printed.rows("m3-merge-graded.csv")
    for row in [*practice, *graded]:
        assert students[f"{row['FirstName']} {row['LastName']}"]["address"] == row["Address"]
    assert {row["LastDay"] for row in practice} <= by_date.keys()
    assert all("AD" in students[f"{r['FirstName']} {r['LastName']}"]["holds"] for r in graded)
    returned = [by_date[row["LastDay"]] - (book.complete_by(0)) for row in practice]
    assert all(today - 1 <= day <= today for day in returned), "came back today or the day before"
    check = day_of("It is day #", printed.entities["i-letters-a"]["candidate"])
    for row in graded:
        day, hour = row["AdviserTime"].split(" at ")
        assert by_date[day] > check
        assert "09:00" <= hour <= "17:00"
    says(printed.body("mat-m3-letter-cases"), f"Data file: {', '.join(practice[0])}")
    says(printed.entities["i-letters-a"]["candidate"], ", ".join(graded[0]))
    assert len(practice) == len(graded) == 4  # "one letter to four students"
    code, _, place, _, extension = book.offices["ADV"]
    says(printed.entities["i-letters-a"]["candidate"], f"{place}, extension {extension}")
    assert code == "ADV"


# ── how far a specialist may go, chains, accounts to be restated ──


def test_the_ten_requests_go_as_far_as_the_limits_say(printed: Printed) -> None:
    book = Handbook(printed)
    asked = tables(printed.body("mat-m6-authority-sheet"))[0].by()
    key = tables(printed.answers("m6-authority"))[0].by()
    assert asked.keys() == key.keys()
    meter, equipment, space, second = (figures(asked[n][1])[0] for n in ("1", "2", "4", "8"))
    assert (meter, book.waived_by(meter)) == (book.citation("expired meter"), "CSS")
    assert book.waived_by(equipment) == "supervisor"
    assert equipment <= book.hourly(24)
    assert space == book.citation("accessible space without placard")
    assert book.waived_by(second) == "CSS"  # but for the waiver of five weeks ago
    assert [key[n][1][0] for n in ("1", "2", "4", "8")] == ["R", "E", "F", "E"]
    limit, days = book.one("4.6", "CSS up to $#"), spelled(asked["1"][1])[0]
    assert days <= book.appeal("PK-3", 0)
    says(key["1"][1], f"up to {limit}")
    says(key["2"][1], f"above {limit}")
    says(key["4"][1], f"within {book.appeal('PK-3', 0)} business days")
    says(key["5"][1], f"within {book.days('4.5', 'posts it within # business')} business days")
    assert figures(asked["5"][1])[0] == book.late_registration
    says(key["7"][1], f"within {book.appeal('FA-6', 0)} business days")


def test_a_barrier_walk_uses_seven_cards_and_leaves_the_false_one(printed: Printed) -> None:
    sets = [sorted(table.by()) for table in tables(printed.body("mat-barrier-cards"))]
    chains = re.findall(
        r"((?:[A-H], ){6}[A-H])\. False: ([A-H])", flat(printed.answers("m1-barriers"))
    )
    assert [sorted([*chain.split(", "), false]) for chain, false in chains] == sets


def test_an_account_to_be_restated_holds_ten_facts(printed: Printed) -> None:
    read = printed.body("mat-m4-listening-accounts")
    accounts = [
        part(read, f"### Account {n}", f"### Account {n + 1}" if n < 3 else "") for n in (1, 2, 3)
    ]
    scored = printed.entities["sc-m4-listening"]["script"]
    for account in (*accounts, scored):
        assert re.findall(r"\[(\d+)\]", account) == [str(n) for n in range(1, 11)]
    cut = printed.entities["i-listening-check"]["cut"]
    needed, facts = figures(cut["method"].split(":")[1])
    assert int(cut["value"]) - needed == int(cut["out_of"]) - facts == 3  # feeling and two needs


# ── test items ───────────────────────────────────────────────────────────────────────


def numbers_of(book: Handbook, item: str, stem: str) -> str:
    """What the right option of an item with figures says, computed from its stem."""
    f = figures(stem)
    d = [int(n) for n in re.findall(r"day (\d+)", stem)]
    week = [int(n) for n in re.findall(r"week (\d+)", stem)]
    match item:
        case (
            "written-a01"
        ):  # complete within two business days of the return: the first date counts
            assert book.complete_by(d[0]) >= d[1]
            return f"Day {d[0]}"
        case "written-a02":
            book.says("3.5", "Paid online or elsewhere: by 08:00 on the next business day")
            return "Wednesday at 08:00"
        case "written-a03":
            assert f[1] <= book.one("3.6", "held charges of at most $#")
            assert d[0] <= book.one("3.6", "granted no later than day #")
            return "Prepare HR-2 for the supervisor of library circulation"
        case "written-a04":
            lost, fine, price, processing = f
            assert fine == book.loan(45)
            assert processing == book.processing
            within = book.one("4.1", "returned within # calendar days")
            return f"${fine + processing + (0 if lost <= within else price)}"
        case "written-a05":
            early = spelled_days(stem)
            zone, space = (
                book.citation(kind, early)
                for kind in ("wrong zone", "accessible space without placard")
            )
            return f"${zone + space}"
        case "written-a09":
            assert book.waived_by(f[0]) == "supervisor"
            return "The supervisor of your unit"
        case "written-a10":
            return f"Day {book.appeal('PK-3', d[0])}"
        case "written-a12":
            return f"${book.back(f[-1], week[1]):.0f}"
        case "written-a14":
            assert f[1] > book.one("6.2", "within # calendar days of the notice")
            assert f[0] <= book.one("6.2", "by the end of week #")
            return "The State grant is lost, federal aid is possible"
        case "written-a15":
            assert f[1] >= book.one("S1", "for the # months before day 1")
            return f"Return it, and say that day {book.complete_by(d[0])} is still in time"
        case "written-b01":
            assert book.complete_by(d[0]) < d[-1]
            return f"Day {d[-1]}"
        case "written-b02":
            assert book.held("PK", f[0])
            return "Monday at 08:00"
        case "written-b03":
            most = book.one("3.6", "held charges of at most $#")
            assert f[1] > most
            return f'"HR-2 ends at ${most}; what is left is paying, or an appeal in time."'
        case "written-b04":
            return f"${book.hourly(int(f[0])) + book.loan(int(f[1])):.0f}"
        case "written-b05":
            permit = book.citation("No permit", None, int(f[0]))
            return f"${permit + book.citation('expired meter', int(f[1]))}"
        case "written-b07":
            assert f[0] * 100 / f[1] < book.one("6.3", "#% of attempted credits completed")
            assert f[2] >= book.one("6.3", "Grade average #")
            return "No form is needed, as aid goes on for one term"
        case "written-b10":
            return f"Day {book.appeal('BU-7', d[0])}"
        case "written-b12":
            return f"${book.back(f[-1], week[1]):.0f}"
        case "written-b11":
            more, average, load = f[-3], f[-2], f[-1]
            assert load + more > book.one("5.5", "More than #: form RG-4")
            assert average >= book.one("5.5", "grade average of # or more")
            assert book.adding[0] <= d[0] <= book.adding[1]
            return "Form RG-4, signed by the adviser"
        case "written-b14":
            assert f[1] > book.one("6.2", "within # calendar days of the notice")
            assert week[0] > book.one("6.2", "by the end of week #")
            return "The State grant and federal aid are both lost"
        case "check-30-1":
            return f"${book.hourly(int(f[0]))}"
        case "check-30-2":
            most = book.one("5.5", "More than #: form RG-4")
            average = book.one("5.5", "grade average of # or more")
            assert f[1] > most
            assert f[0] < average
            return f"That RG-4 asks for an average of {average}"
        case "check-30-3":
            assert book.held("PK", f[0] + f[1], citations=2)
            return f"Hold PK blocks it, as ${f[0] + f[1]} is unpaid"
        case "pretest-01":  # day 1 is a Monday, and so is the tenth business day after it
            assert book.dates[1 + 10].weekday() == 0
            return "Monday two weeks later"
        case "pretest-02":
            clerk, manager, charge = f
            assert clerk < charge <= manager
            return "A manager"
        case "pretest-03":  # signed in week 2
            return f"${f[3] * f[-1] / 100:.0f}"
        case "it-m6-authority-1":
            assert book.waived_by(f[0]) == "CSS"
            assert f[0] == book.citation("wrong zone")
            return "Waive it myself on form FW-1."
        case "it-m6-authority-3":
            assert book.waived_by(f[0]) == "supervisor"
            return "Prepare FW-1 for the supervisor's decision."
        case _:
            raise KeyError(item)


def spelled_days(stem: str) -> int:
    """Business days ago, as a stem spells them."""
    return next(n for n in range(1, 13) if f"{word(n)} business days ago" in flat(stem).lower())


COMPUTED = [
    *(f"written-a{n:02}" for n in (1, 2, 3, 4, 5, 9, 10, 12, 14, 15)),
    *(f"written-b{n:02}" for n in (1, 2, 3, 4, 5, 7, 10, 11, 12, 14)),
    "check-30-1", "check-30-2", "check-30-3", "pretest-01", "pretest-02", "pretest-03",
    "it-m6-authority-1", "it-m6-authority-3",
]  # fmt: skip


@pytest.mark.parametrize("name", COMPUTED)
def test_one_option_of_an_item_is_right_and_it_is_the_key(printed: Printed, name: str) -> None:
    item = printed.entities[name]
    right = numbers_of(Handbook(printed), name, flat(item["stem"]))
    assert [o["id"] for o in item["options"] if flat(o["text"]) == right] == [item["key"]]


def test_a_rationale_comes_to_its_key(printed: Printed) -> None:
    """A key that is a figure is worked out in the rationale, or is one of the case."""
    for name in COMPUTED:
        item = printed.entities[name]
        key = next(o["text"] for o in item["options"] if o["id"] == item["key"])
        if re.fullmatch(r"\$[\d,]+|Day \d+", key):
            said = figures(f"{item['rationale']} {item['stem']}")
            assert number(key) in said, name


def worked_out_in_words(printed: Printed) -> dict[str, set[Decimal]]:
    """What a rationale works out without a sum; each figure is looked for in it."""
    book = Handbook(printed)
    a15 = printed.entities["written-a15"]["stem"]
    stems = {name: figures(printed.entities[name]["stem"]) for name in COMPUTED}
    tried, done = stems["written-b07"][1], stems["written-b07"][0]
    products = re.findall(r"(\d+) contacts of (\d+)", flat(printed.entities["pretest-10"]["stem"]))
    return {
        "written-b11": {stems["written-b11"][-1] + stems["written-b11"][-3]},
        "written-a15": {
            Decimal(book.complete_by(day_of("day #", a15)) + 1)
        },  # too late for option a
        "written-b01": {stems["written-b01"][0] + 1},  # the first business day after the return
        "written-b05": {book.citation("No permit", None, int(stems["written-b05"][0]))},
        "written-b07": {percent(done, tried, 0)},
        "pretest-03": {stems["pretest-03"][2] + 1},  # the first week in which nothing comes back
        "pretest-10": {Decimal(int(a) * int(b)) for a, b in products},
    }


SECTION = re.compile(r"(?<![\d.,$])(?:\d{1,2}\.\d|[FS]\d)(?![\d%])")


def cited(text: str, book: Handbook) -> set[str]:
    """The sections of handbook and summary that a text names."""
    return {section for section in SECTION.findall(flat(text)) if section in book.sections}


def items(printed: Printed) -> Iterator[dict[str, Any]]:
    yield from (e for e in printed.entities.values() if "stem" in e and "rationale" in e)


def test_a_rationale_takes_its_figures_from_its_case_and_the_rules_that_it_cites(
    printed: Printed,
) -> None:
    """Or works them out in a sum (which has a test of its own), or gives them as its key."""
    book, told_so, in_words = Handbook(printed), 0, worked_out_in_words(printed)
    extensions = {number(row[4]) for row in book.offices.values()}
    for item in items(printed):
        why = flat(item["rationale"])
        rules = cited(why, book)
        assert all(s in book.sections for s in re.findall(r"(?<=andbook )\d+\.\d+", why)), item[
            "id"
        ]
        source = " ".join([item["stem"], item["key"], *(book.sections[s] for s in rules)])
        source += " ".join(o["text"] for o in item.get("options", []))
        worked = [f for expression in SUM.findall(why) for f in figures(" ".join(expression))]
        own = in_words.get(item["id"], set())
        known = {*figures(source), *worked, *own, *extensions}
        said = figures(SECTION.sub("", why))
        assert set(said) <= known, f"{item['id']}: {set(said) - known} comes from nowhere"
        assert own <= set(said), item["id"]
        told_so += len(said)
    assert told_so > 60


def test_cut_scores_are_the_share_that_they_say(printed: Printed) -> None:
    written = printed.entities["i-written"]
    share = int(found(r"\((\d+)% rounded up", written["cut"]["method"])[0])
    own = [i for i in written["items"] if i["form"] == "A" and i["objective"] == "o2-1"]
    cut, out_of = int(written["cut"]["value"]), int(written["cut"]["out_of"])
    assert (out_of, cut) == (len(own), -(-share * len(own) // 100))
    say = written["instructions"]
    says(say, f"Items 1 to {out_of} ask", f"{cut} right answers pass")
    says(say, f"{len(written['items']) // 2} customer situations")
    service = printed.entities["i-service-check"]["cut"]
    scenes, of_scenes, chains, of_chains = figures(service["method"].split(":")[1].split(", ")[1])
    assert int(service["value"]) == scenes + chains
    assert int(service["out_of"]) == of_scenes + of_chains
    stations = [
        printed.entities[f"i-{s}"] for s in ("contact", "pressure", "complaint", "coaching")
    ]
    assert {(s["cut"]["value"], s["cut"]["out_of"]) for s in stations} == {("3", "4")}
    mean, floor = figures(
        part(stations[0]["cut"]["method"], "mean of the three stations", ", none")
    )
    assert mean == int(stations[0]["cut"]["value"])
    policy = printed.entities["css"]["mastery"]["decision"]
    says(policy, f"at least {mean} of 4", f"is {floor}")
    says(
        printed.body("mat-policy-page") if "mat-policy-page" in printed.entities else policy,
        f"{mean}",
    )
