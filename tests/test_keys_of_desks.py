"""Every figure in the keys about a desk: its measures, two weeks of a team, coverage plans.

Two weeks and plans are not compared with a list of answers: the data are cut as trainees cut them,
and every plan that the rules allow is found by trying all.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, Decimal
from typing import NamedTuple

import pytest

from tests.printed import (
    Printed,
    figures,
    flat,
    holds,
    number,
    numbered,
    part,
    percent,
    rounded,
    says,
    spelled,
    tables,
    told,
    word,
)

# ── measures of a desk, two weeks of a team ──────────────────────────────────────────


def test_the_five_measures(printed: Printed) -> None:
    aid = tables(printed.body("mat-m7-metrics-aid"))[0].by()
    cells = {name: row[2] for name, row in aid.items()}
    _, answered, every, rate = figures(cells["Service level"])
    assert rate == percent(answered, every, 0)
    ready, scheduled, rate = figures(cells["Schedule adherence"])
    assert rate == percent(ready, scheduled, 0)
    adherence = rate
    talk, wrap, base, rate = figures(cells["Occupancy"])
    assert (base, rate) == (ready, percent(talk + wrap, ready, 0))
    minutes, contacts, each = figures(cells["Wrap-up time"])
    assert (minutes, contacts, each) == (wrap, every, wrap / every)
    good, cards, content = figures(cells["Satisfaction"])
    assert content == percent(good, cards, 0)
    says(aid["Service level"][3], f"how long the other {100 - percent(answered, every, 0)}% waited")
    worked = printed.done("m7-metrics", "Turn the aid over")
    holds(worked, answered, every, percent(answered, every, 0), adherence, rate, each, content)
    answer = printed.answers("m7-metrics")
    assert figures(answer) == [talk, wrap, ready, talk + wrap, ready, percent(talk + wrap, ready)]


def two_weeks(printed: Printed, **wanted: str) -> Counter[str]:
    """The columns of the two weeks of a team added up, of the rows with these values."""
    total: Counter[str] = Counter()
    for row in printed.rows("m8-two-weeks.csv"):
        if all(row[column] in values.split() for column, values in wanted.items()):
            total.update(
                {name: int(n) for name, n in row.items() if n.isdigit() and name != "week"}
            )
    return total


class Measure(NamedTuple):
    """A measure of the desk as its notes define it, with the standard of the desk."""

    some: str
    every: str
    standard: Decimal
    most: bool = False  # the standard is the most that is allowed, not the least

    def of(self, total: Mapping[str, int]) -> Decimal:
        return Decimal(total[self.some]) / Decimal(total[self.every])

    def outside(self, total: Mapping[str, int], scale: int = 100) -> bool:
        rate = self.of(total) * scale
        return rate > self.standard if self.most else rate < self.standard


def measures(printed: Printed) -> dict[str, Measure]:
    standards = tables(printed.body("mat-m8-data-notes"))[1].by()

    def least(name: str) -> Decimal:
        return figures(standards[name][1])[0]

    return {
        "service": Measure("in_10_min", "contacts", least("Service level, for each weekday")),
        "adherence": Measure("ready", "scheduled", least("Schedule adherence")),
        "wrap-up": Measure("wrap_up", "contacts", least("Wrap-up time"), most=True),
        "tickets": Measure(
            "tickets_incomplete", "contacts", least("Incomplete tickets"), most=True
        ),
        "calls": Measure("callbacks_kept", "callbacks_due", least("Promised calls kept")),
        "cards": Measure("cards_4_or_5", "cards", least("Satisfaction")),
    }


DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri")


def test_the_two_weeks_hold_the_five_variances_and_no_other(printed: Printed) -> None:
    """Cut by week, by person, by person and week, by weekday, as the notes teach it."""
    know = measures(printed)
    people = sorted({row["person"] for row in printed.rows("m8-two-weeks.csv")})
    assert len(printed.rows("m8-two-weeks.csv")) == len(people) * len(DAYS) * 2
    cuts: dict[str, Counter[str]] = {day: two_weeks(printed, day=day) for day in DAYS}
    cuts |= {person: two_weeks(printed, person=person) for person in people}
    cuts |= {f"week {w}": two_weeks(printed, week=w) for w in "12"}
    cuts |= {f"{p} {w}": two_weeks(printed, person=p, week=w) for p in people for w in "12"}
    found = {
        (name, cut)
        for name, measure in know.items()
        for cut, total in cuts.items()
        if measure.outside(total, 1 if name == "wrap-up" else 100)
    }
    variances = {
        ("service", "Wed"),
        ("adherence", "Bruno"), ("adherence", "Bruno 1"), ("adherence", "Bruno 2"),
        ("wrap-up", "Deborah"), ("wrap-up", "Deborah 1"), ("wrap-up", "Deborah 2"),
        ("tickets", "Chen"), ("tickets", "Chen 2"), ("tickets", "Emeka"), ("tickets", "Emeka 2"),
        ("calls", "Aaliyah"), ("calls", "Aaliyah 2"),
    }  # fmt: skip
    follows = {("adherence", "Mon"), ("adherence", "Fri")}  # because of Bruno alone
    follows |= {
        ("service", cut) for cut in cuts if cut.split()[0] in people
    }  # because of Wednesday
    follows |= {(m, cut) for m in ("tickets", "calls") for cut in (*DAYS, "week 2")}  # of the three
    follows |= {("service", "week 1"), ("service", "week 2")}
    hints = {("calls", "Emeka 2"), ("cards", "Aaliyah 2")}
    assert variances <= found
    assert hints <= found
    assert found <= variances | follows | hints
    # What follows from a variance is gone when the rows of that variance are left out.
    late = two_weeks(printed, person="Chen Emeka", week="2")
    calls = two_weeks(printed, person="Aaliyah", week="2")
    assert not know["tickets"].outside(two_weeks(printed) - late)
    assert not know["calls"].outside(two_weeks(printed) - calls)
    without_bruno = " ".join(p for p in people if p != "Bruno")
    for day in DAYS:
        late = two_weeks(printed, person="Chen Emeka", week="2", day=day)
        assert not know["tickets"].outside(two_weeks(printed, day=day) - late), day
        calls = two_weeks(printed, person="Aaliyah", week="2", day=day)
        assert not know["calls"].outside(two_weeks(printed, day=day) - calls), day
        assert not know["adherence"].outside(two_weeks(printed, person=without_bruno, day=day)), day
    for person in people:
        assert not know["service"].outside(two_weeks(printed, person=person, day="Mon Tue Thu Fri"))


def test_the_key_of_the_two_weeks(printed: Printed) -> None:
    text = printed.answers("m8-data")
    points = numbered(part(text, "**Five variances.**", "**Follow from these"))
    know = measures(printed)

    def rate(name: str, places: int = 1, **cut: str) -> str:
        total = two_weeks(printed, **cut)
        measure = know[name]
        some, every = total[measure.some], total[measure.every]
        value = (
            rounded(Decimal(some) / every, 1) if name == "wrap-up" else percent(some, every, places)
        )
        sign = "" if name == "wrap-up" else "%"
        return f"{some:,}/{every:,} = {value}{sign}"

    wednesday = [two_weeks(printed, day="Wed", week=w) for w in "12"]
    parts = " and ".join(f"{w['in_10_min']}/{w['contacts']}" for w in wednesday)
    rest = "Mon Tue Thu Fri"
    says(
        points[1],
        rate("service", day="Wed"),
        f"({parts})",
        f"other days {rate('service', day=rest)}",
    )
    says(points[2], rate("adherence", person="Bruno", day="Mon Fri"))
    says(points[2], f"Tuesday to Thursday {rate('adherence', person='Bruno', day='Tue Wed Thu')}")
    says(points[2], f"in all {rate('adherence', person='Bruno')}")
    others = "Aaliyah Bruno Chen Emeka"
    says(points[3], f"{rate('wrap-up', person='Deborah')} minutes")
    says(points[3], f"the others {rate('wrap-up', person=others)}")
    deborah = two_weeks(printed, person="Deborah")
    share = percent(deborah["tickets_incomplete"], deborah["contacts"])
    says(points[3], f"Tickets {share}%", f"cards {deborah['cards_4_or_5']} of {deborah['cards']}")
    both = "Chen Emeka"
    each = " and ".join(rate("tickets", person=p, week="2").split(" = ")[0] for p in both.split())
    says(points[4], rate("tickets", person=both, week="2"), f"({each})")
    says(points[4], f"week 1 {rate('tickets', person=both, week='1')}")
    says(points[4], f"others in week 2 {rate('tickets', person='Aaliyah Bruno Deborah', week='2')}")
    low = percent(2, 321)
    says(printed.mistake("m8-data", "Training for everybody"), f"it is {low}%")
    calls = [two_weeks(printed, person="Aaliyah", week=w) for w in "12"]
    says(points[5], rate("calls", person="Aaliyah", week="2"))
    says(points[5], f"week 1 {calls[0]['callbacks_kept']}/{calls[0]['callbacks_due']}")

    follow = part(text, "**Follow from these five:**", "**No variances:**")
    people = ["Aaliyah", "Bruno", "Chen", "Deborah", "Emeka"]
    service = [know["service"].of(two_weeks(printed, person=p)) * 100 for p in people]
    ends = rounded(min(service), 1), rounded(max(service), 1)
    days = [
        percent(t["ready"], t["scheduled"])
        for t in (two_weeks(printed, day=d) for d in ("Mon", "Fri"))
    ]
    assert figures(follow) == [*ends, *days]

    none = part(text, "**No variances:**", "The whole team:")
    team = two_weeks(printed)
    busy = percent(team["talk"] + team["wrap_up"], team["ready"])
    says(none, f"occupancy {busy}% in all")
    low, high = figures(part(none, "between", "%"))
    for person in people:
        total = two_weeks(printed, person=person)
        assert low <= Decimal(total["talk"] + total["wrap_up"]) * 100 / total["ready"] <= high
    good, cards = team["cards_4_or_5"], team["cards"]
    says(none, f"cards {good} of {cards} = {percent(good, cards)}%")
    says(none, rate("calls", person="Emeka", week="2"))
    hers = two_weeks(printed, person="Aaliyah", week="2")
    some, every = hers["cards_4_or_5"], hers["cards"]
    says(none, f"{some} of {every} = {percent(some, every)}%")
    assert every < 20  # "below 20 cards only a hint"
    whole_team = part(text, "The whole team:")
    says(
        whole_team,
        *(rate(name) for name in ("service", "adherence", "wrap-up", "tickets", "calls")),
    )

    demo = printed.done("m8-data-demo", "Board,")
    monday = two_weeks(printed, day="Mon")
    holds(
        demo, team["in_10_min"], team["contacts"], percent(team["in_10_min"], team["contacts"]),
        know["service"].standard, monday["in_10_min"], monday["contacts"],
        percent(monday["in_10_min"], monday["contacts"]),
    )  # fmt: skip
    said = printed.answers("m8-data-demo").replace(" / ", "/")
    says(said, rate("service"), f"Monday {rate('service', day='Mon')}")


def test_the_report_on_two_weeks(printed: Printed) -> None:
    case = printed.entities["s-report-a"]
    text, notes = case["candidate"], case["notes"]
    people_table, days_table = tables(text)
    scheduled = figures(part(text, "scheduled for", "minutes"))[0]
    service, within, adherence, wrap, forms, kept = figures(
        part(text, "**Standards.**", "*All figures")
    )
    assert within == 10
    columns = ("contacts", "ready", "wrap", "forms", "bad", "due", "kept")
    people = {
        row[0]: [
            dict(zip(columns, (figures(c)[week] for c in row[1:]), strict=True)) for week in (0, 1)
        ]
        for row in people_table.rows
    }
    daily = {
        name: (number(days_table.rows[0][n]), number(days_table.rows[1][n]))
        for n, name in enumerate(days_table.head[1:], 1)
    }
    assert sum(c for c, _ in daily.values()) == sum(
        w["contacts"] for p in people.values() for w in p
    )

    outside = {
        f"service {day}" for day, (every, some) in daily.items() if some * 100 < service * every
    }
    for name, weeks in people.items():
        for n, week in enumerate(weeks, 1):
            if week["ready"] * 100 < adherence * scheduled:
                outside.add(f"adherence {name} {n}")
            if week["wrap"] > wrap * week["contacts"]:
                outside.add(f"wrap {name} {n}")
            if week["bad"] * 100 > forms * week["forms"]:
                outside.add(f"forms {name} {n}")
            if week["kept"] * 100 < kept * week["due"]:
                outside.add(f"calls {name} {n}")
    assert outside == {
        "service Mon", "adherence Nadia 2", "wrap Ping 1", "wrap Ping 2", "forms Lucia 2",
        "forms Otis 2", "calls Magnus 2",
    }  # fmt: skip

    five = part(notes, "**Five variances.**", "**Training need:**")
    every, some = daily["Mon"]
    rest = (
        sum(s for d, (_, s) in daily.items() if d != "Mon"),
        sum(e for d, (e, _) in daily.items() if d != "Mon"),
    )
    says(five, f"Monday {some}/{every} = {percent(some, every)}%")
    says(five, f"other days {rest[0]}/{rest[1]} = {percent(*rest)}%")
    nadia = people["Nadia"][1]["ready"]
    says(five, f"{nadia:,}/{scheduled:,} = {percent(nadia, scheduled)}%")
    minutes, contacts = (sum(w[c] for w in people["Ping"]) for c in ("wrap", "contacts"))
    says(five, f"{minutes:,}/{contacts} = {rounded(minutes / contacts, 1)} minutes")
    others = [w for name, weeks in people.items() if name != "Ping" for w in weeks]
    mean = rounded(sum(w["wrap"] for w in others) / sum(w["contacts"] for w in others), 1)
    says(five, f"the others {mean}.")
    for n, words in ((1, "in week 2"), (0, "week 1")):
        bad, taken = (sum(people[p][n][c] for p in ("Lucia", "Otis")) for c in ("bad", "forms"))
        says(five, f"{words} {bad}/{taken} = {percent(bad, taken)}%")
    each = [percent(people[p][1]["bad"], people[p][1]["forms"]) for p in ("Lucia", "Otis")]
    says(five, f"({each[0]} and {each[1]}%)")
    magnus = people["Magnus"][1]
    says(five, f"{magnus['kept']}/{magnus['due']} = {percent(magnus['kept'], magnus['due'])}%")
    inside = part(notes, "Inside the standards:")
    for name in ("Lucia", "Otis"):
        week = people[name][1]
        says(inside, f"{name} {week['kept']}/{week['due']} = {percent(week['kept'], week['due'])}%")
    for name in ("Magnus", "Nadia"):
        most = max(percent(w["bad"], w["forms"]) for w in people[name])
        says(inside, f"{name} {most}")


# ── coverage plans ───────────────────────────────────────────────────────────────────


class Person(NamedTuple):
    """One of the staff: half-hours of the shift, and those away that are no break."""

    shift: range
    away: frozenset[int] = frozenset()


def half(clock: str) -> int:
    """A clock time as a number of half-hours since midnight."""
    hours, _, minutes = clock.partition(":")
    return 2 * int(hours) + (minutes == "30")


def hours(text: str) -> range:
    """Half-hours of a shift such as 09–17, or of a time such as 14:00–15:00."""
    start, end = re.split("–| to ", text)
    return range(half(start), half(end))


class Desk(NamedTuple):
    """A day at a counter: people needed in each half-hour, staff, and who may not both be away."""

    need: Mapping[int, int]
    staff: Mapping[str, Person]
    special: frozenset[str]
    window: range  # half-hours in which a break may start

    def present(self, slot: int, breaks: Mapping[str, int] | None = None) -> set[str]:
        return {
            name
            for name, p in self.staff.items()
            if slot in p.shift and slot not in p.away and (breaks or {}).get(name) != slot
        }

    def spare(self, slot: int) -> int:
        return len(self.present(slot)) - self.need[slot]

    def starts(self, name: str) -> list[int]:
        """Where the break of somebody may start by the rules, whoever else is there."""
        p = self.staff[name]
        return [s for s in p.shift[2:-2] if s in self.window and s not in p.away]

    def good(self, breaks: Mapping[str, int], calls: Mapping[str, range] | None = None) -> bool:
        """Whether enough people are there in every half-hour, one of the special among them."""
        for slot, need in self.need.items():
            there = self.present(slot, breaks)
            there -= {name for name, away in (calls or {}).items() if slot in away}
            if len(there) < need or not there & self.special:
                return False
        return True

    def plans(self) -> Iterator[dict[str, int]]:
        for starts in itertools.product(*(self.starts(name) for name in self.staff)):
            plan = dict(zip(self.staff, starts, strict=True))
            if self.good(plan):
                yield plan

    def callers(self, window: range, after: Mapping[str, int]) -> dict[int, set[str]]:
        """Who may take the unbroken hour of calls, by its first half-hour."""
        found: dict[int, set[str]] = {}
        for start in window[:-1]:
            for name, p in self.staff.items():
                away = range(start, start + 2)
                if set(away) <= set(p.shift) and self.good(after, {name: away}):
                    found.setdefault(start, set()).add(name)
        return found


def need(contacts: Decimal | int, minutes: Decimal | int) -> int:
    """People for an hour by the coverage aid: 48 of 60 minutes are for contacts, rounded up."""
    return int((Decimal(contacts) * minutes / 48).to_integral_value(ROUND_CEILING))


def desk(text: str, special: str, minutes: int | None = None) -> Desk:
    """The desk of a case as it is printed."""
    by_hour, staff_table = tables(text)[:2]
    each = Decimal(minutes or number(part(text, "takes **", "minutes")))
    slots = {}
    for name, contacts in zip(by_hour.head[1:], by_hour.rows[0][1:], strict=True):
        for slot in hours(name):
            slots[slot] = need(number(contacts), each)
    staff = {}
    for name, shift, note in staff_table.rows:
        away = re.search(r"(\d\d:\d\d)–(\d\d:\d\d)", note)
        staff[name] = Person(hours(shift), frozenset(hours(away[0])) if away else frozenset())
    starts = re.search(r"starts between (\d\d:\d\d) and (\d\d:\d\d)", flat(text))
    assert starts
    able = frozenset(row[0] for row in staff_table.rows if special in row[2])
    says(
        text,
        f"{' or '.join(name for name in staff if name in able)} is at the counter at all times",
    )
    return Desk(slots, staff, able, range(half(starts[1]), half(starts[2]) + 1))


def needs(text: str) -> list[tuple[int, Decimal, int]]:
    """The steps of a key such as 12 → 1.50 → 2."""
    return [
        (int(a), Decimal(b), int(c))
        for a, b, c in re.findall(r"(\d+) → (\d+\.\d+) → (\d+)", flat(text))
    ]


def clock(slot: int) -> str:
    return f"{slot // 2:02}:{'30' if slot % 2 else '00'}"


def check_steps(case: str, key: str) -> None:
    contacts = [number(c) for c in tables(case)[0].rows[0][1:]]
    each = number(part(case, "takes **", "minutes"))
    steps = needs(key)
    assert steps == [(int(c), rounded(c * each / 48, 2), need(c, each)) for c in contacts]
    says(key, f"contacts x {each} / 48")


def test_the_coverage_case(printed: Printed) -> None:
    case, key = printed.body("mat-m8-coverage-case"), printed.answers("m8-coverage")
    check_steps(case, part(key, "**Need**", "**Present:**"))
    day = desk(case, "may decide")
    starts = [slot for slot in day.need if slot % 2 == 0]
    spare = part(key, "**To spare:**", "No lunch")
    assert figures(spare) == [min(day.spare(s), day.spare(s + 1)) for s in starts]
    assert all(day.spare(s) == day.spare(s + 1) for s in starts)
    there = flat(part(key, "**Present:**", "**To spare:**"))
    counts = {clock(s): word(len(day.present(s))) for s in day.need}
    said = (
        f"9 {counts['09:00']}; 10 {counts['10:00']}; 11, 12, 13 {counts['11:00']}; "
        f"14:00 and 14:30 {counts['14:00']} (Pavel away); 15 {counts['15:00']}; "
        f"16 {counts['16:00']}."
    )
    says(there, said)
    plans = list(day.plans())
    lunches = part(key, "No lunch from", "**Calls:**")
    says(lunches, f"{len(plans)} plans are right")
    assert {plan[name] for plan in plans for name in plan}.isdisjoint(hours("13:00 to 14:00"))
    used = {name: sorted({clock(plan[name]) for plan in plans}) for name in day.staff}
    usual = ["11:00", "11:30", "12:00", "12:30"]
    assert used == {
        "Noor": [*usual, "14:00"], "Pavel": usual, "Imani": usual, "Sunita": [*usual, "14:00"],
        "Kai": ["12:00", "12:30", "14:00"],
    }  # fmt: skip
    says(
        lunches, "Noor 11:00 to 12:30 or 14:00; Pavel and Imani 11:00 to 12:30; Sunita 11:00 to "
        "12:30 or 14:00; Kai 12:00, 12:30 or 14:00",
    )  # fmt: skip
    most = {
        clock(s): max(list(p.values()).count(s) for p in plans)
        for s in set().union(*(p.values() for p in plans))
    }
    assert most == {"11:00": 2, "11:30": 2, "12:00": 1, "12:30": 1, "14:00": 1}
    says(lunches, "At most two at 11:00 and at 11:30, one at 12:00, 12:30 and 14:00")
    example = named(part(lunches, "Example:"))
    assert example in plans

    after = {name: -1 for name in day.staff}
    callers = day.callers(hours("15:00 to 17:00"), after)
    assert callers == {
        30: {"Pavel", "Kai", "Sunita"}, 31: {"Pavel", "Kai"}, 32: {"Pavel", "Kai"},
    }  # fmt: skip
    says(key, "so Pavel or Kai 15–16, 15:30–16:30 or 16–17, or Sunita 15–16")

    late = part(case, "**Then, at 10:40 on the day:**")
    says(late, "Kai", "he comes at 13:00")
    kai = Person(range(half("13:00"), day.staff["Kai"].shift.stop))
    repaired = day._replace(staff={**day.staff, "Kai": kai})
    change = part(key, "**Kai comes at 13:00:**")
    spared = {clock(s): repaired.spare(s) for s in day.need if 22 <= s < 30}
    assert spared == {
        "11:00": 1, "11:30": 1, "12:00": 0, "12:30": 0, "13:00": 0, "13:30": 0, "14:00": 1,
        "14:30": 1,
    }  # fmt: skip
    says(change, "to spare 1 at 11:00 and 11:30, 0 from 12:00 to 14:00, 1 at 14:00 and 14:30")
    assert list(repaired.plans()) == []
    fitting = {s for name in day.staff for s in repaired.starts(name) if repaired.spare(s) > 0}
    assert sorted(map(clock, fitting)) == ["11:00", "11:30", "14:00"]
    says(change, "Three lunches fit within the rule (11:00, 11:30, 14:00); two do not")
    agreed = named(part(change, "With consent:", "calls"))
    assert all(slot in repaired.staff[n].shift[2:-2] for n, slot in agreed.items())
    assert set(agreed) == set(day.staff)
    assert repaired.good(agreed, {"Pavel": hours("15:00 to 16:00")})
    says(change, "calls Pavel 15–16")

    slower = desk(case, "may decide", minutes=7)
    longer = printed.entities["m8-coverage"]["if_long"]
    says(longer, f"the need becomes {', '.join(str(slower.need[s]) for s in starts)}")
    room = [clock(s) for s in slower.window if slower.spare(s) > 0]
    assert all(slower.spare(s) <= 1 for s in slower.window)
    says(longer, f"only {', '.join(room[:-1])} and {room[-1]} have one person to spare")


def named(text: str) -> dict[str, int]:
    """A plan in words such as `Noor and Pavel 11:00, Imani 11:30`."""
    found: dict[str, int] = {}
    for people, slot in re.findall(r"([A-Z][\w-]+(?: and [A-Z][\w-]+)?) (\d\d:\d\d)", flat(text)):
        found |= {name: half(slot) for name in people.split(" and ")}
    return found


def test_the_coverage_plan_that_is_scored(printed: Printed) -> None:
    case = printed.entities["s-coverage-a"]
    text, key = case["candidate"], case["notes"]
    check_steps(text, part(key, "**Need:**", "**Present:**"))
    day = desk(text, "signs releases")
    starts = [slot for slot in day.need if slot % 2 == 0]
    anchor = ", ".join(str(day.need[s]) for s in starts)
    says(printed.anchor("c-coverage-need", 3), f"({anchor})")
    full = [c for c, exact, people in needs(key) if exact == people]
    says(
        printed.anchor("c-coverage-need", 4),
        f"the hour of {full[0]} contacts noted as exactly full",
    )
    assert len(full) == 1
    there = {clock(s): len(day.present(s)) for s in day.need}
    words = {t: word(n) for t, n in there.items()}
    says(
        key, f"09 {words['09:00']}; 10 {words['10:00']}; 11:00 {words['11:00']} (Leila away); "
        f"11:30 {words['11:30']}; 12 to 14 {words['12:00']}; 14 and 15 {words['14:00']}; "
        f"16 {words['16:00']}",
    )  # fmt: skip
    assert {there[clock(s)] for s in range(24, 28)} == {5}
    assert {there[clock(s)] for s in range(28, 32)} == {4}
    spare = {clock(s): day.spare(s) for s in day.need}
    says(key, "To spare: 1, 1, 0 at 11:00, 1 at 11:30, 1 in each half-hour from 12:00 to 14:00, "
         "0 from 14:00 to 15:00, 1 from 15:00 on")  # fmt: skip
    zero = {"11:00", "14:00", "14:30"}
    assert spare == {t: 0 if t in zero else 1 for t in spare}
    plans = list(day.plans())
    says(key, f"{len(plans)} plans are right")
    used = {name: [clock(s) for s in sorted({p[name] for p in plans})] for name in day.staff}
    assert used["Thandi"] == ["11:30", "12:00", "12:30"]
    assert used["Oskar"] == ["13:00", "13:30"]
    says(key, "Thandi at 11:30, 12:00 or 12:30", "Oskar at 13:00 or 13:30")
    assert all(len(set(p.values())) == 5 for p in plans)  # one person each
    assert named(part(key, "Example:", "Calls:")) in plans
    callers = day.callers(hours("15:00 to 17:00"), {name: -1 for name in day.staff})
    late = {"Leila", "Marco", "Oskar"}
    assert callers == {30: {*late, "Yuki"}, 31: late, 32: late}
    says(key, "15–16 (Leila, Marco, Yuki or Oskar), 15:30–16:30 or 16–17 (Leila, Marco or Oskar)")


def basket(candidate: str) -> Desk:
    """The desk of tomorrow as the in-basket prints it: people needed, staff, who is away."""
    text = flat(part(candidate, "**Document 6."))
    slots = {}
    for between, people in re.findall(r"(\d\d–\d\d) (one|two|three|four|five)", text):
        for slot in hours(between):
            slots[slot] = spelled(people)[0]
    shifts = re.findall(r"([A-Z][\w-]+) (\d\d–\d\d)", part(text, "Present:"))
    staff = {name: Person(hours(shift)) for name, shift in shifts}
    ((gone, when),) = re.findall(r"(\w+) is away (\d\d–\d\d)", text)
    staff[gone] = staff[gone]._replace(away=frozenset(hours(when)))
    ((one, other),) = re.findall(r"Only (\w+) and (\w+) may", text)
    window = range(min(slots), max(slots) + 1)
    return Desk(slots, staff, frozenset((one, other)), window)


@pytest.mark.parametrize("form", ["a", "b"])
def test_the_plan_for_tomorrow_in_the_basket(printed: Printed, form: str) -> None:
    case = printed.entities[f"s-inbasket-{form}"]
    key = part(case["notes"], "**6**")
    day = basket(case["candidate"])
    slots, staff = day.need, day.staff
    there = [len(day.present(s)) for s in slots if s % 2 == 0]
    said = figures(part(key, "Present:", "So no break").replace("–", " "))
    assert said == there
    plans = list(day.plans())
    assert plans
    assert named(part(key, "Example:")) in plans
    used = {name: sorted({p[name] for p in plans}) for name in staff}
    free = {s for name in staff for s in day.starts(name) if day.spare(s) > 0}
    assert sorted(map(clock, free)) == [clock(s) for s in range(20, 26)]  # six half-hours, 10 to 13
    says(key, "Six half-hours for five breaks")
    assert all(len(set(p.values())) == 5 for p in plans)  # one at a time
    assert all(s in free for times in used.values() for s in times)
    for sentence in flat(part(key, "five breaks.", "Example:")).split("; "):
        people, first, last = re.findall(
            r"^([\w-]+(?: and [\w-]+)?) (\d\d:\d\d) (?:to|or) (\d\d:\d\d)", sentence
        )[0]
        for name in people.split(" and "):
            assert [clock(used[name][0]), clock(used[name][-1])] == [first, last], name
    (other,) = (name for name in day.special if not staff[name].away)
    says(key, f"{other} works 13–14")


def test_the_coverage_demonstration(printed: Printed) -> None:
    said = printed.done("m8-coverage-demo", "Board, contacts")
    contacts, each = (
        figures(part(said, "contacts", "in three"))[:3],
        figures(part(said, "hours,", "minutes"))[0],
    )
    work = [c * each for c in contacts]
    people = [need(c, each) for c in contacts]
    shares = [rounded(w / 48, 2) for w in work]
    assert figures(part(said, "Compute aloud")) == [*work, 48, *shares, *people]
    answers = printed.answers("m8-coverage-demo")
    for c, w, s, p in zip(contacts, work, shares, people, strict=True):
        assert re.search(rf"{c} x {each} = {w}, (/ 48 = )?{s}, {p}\b", flat(answers))
    spare = printed.done("m8-coverage-demo", "to spare")
    there = spelled(part(spare, "With", "present"))
    assert figures(spare) == [Decimal(t - p) for t, p in zip(there, people, strict=True)]
    wrong = printed.mistake("m8-coverage-demo", "Rounds")
    holds(wrong, shares[0], work[0], percent(work[0], 60, 0))
    longer = printed.entities["m8-coverage-demo"]["if_long"]
    slow = figures(longer)[0]
    assert figures(longer) == [
        slow,
        *(c * slow for c in contacts),
        *(need(c, slow) for c in contacts),
    ]
    aid = part(printed.body("mat-m8-coverage-aid"), "printer.)", "people.")
    contact, minutes, product, again, divisor, share, result = figures(aid)
    assert product == again == contact * minutes
    assert share == rounded(product / divisor, 2)
    assert result == need(contact, minutes)
    says(printed.body("mat-m8-coverage-aid"), "at 80% occupancy 48 are for")


def test_the_candidate_who_counted_calls(printed: Printed) -> None:
    (before, after) = told(printed.body("mat-m8-hiring-cards"), "fell from # to # a week")
    fewer = percent(before - after, before)
    says(printed.answers("m8-hiring"), f"{before} calls down to {after} a week ({fewer}% fewer)")
