"""Brute force itself: on cases that a reader can add up, and against every minute of every run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import combinations, permutations, product
from math import ceil, floor, sqrt

import pytest

from csstrain.agenda import Basis
from csstrain.curriculum import Curriculum
from csstrain.model import WorkingDay
from tests.brute_force import Best, BruteForce, Choice
from tests.brute_pieces import Piece
from tests.curricula import compile_text
from tests.tiny_curricula import tiny

DAY = """\
program:
  id: program
  title: A program
  version: "1"
  cohort: {trainees: 4}
  day:
    start: 09:00
    end: 11:00
    lunch: {minutes: 0, earliest: 12:00, latest: 13:00}
    breaks: {minutes: 10, count: 1}
    longest_run: 60
    opening: 5
    closing: 5
    slack: {min: 0, max: 10}
"""


def small(activities: str, day: str = DAY) -> Curriculum:
    """A module with these activities, in days of two runs of up to an hour."""
    found = compile_text(
        program=day, m1=f"module:\n  id: m1\n  title: It\n  activities:\n{activities}"
    )
    assert found.curriculum is not None
    return found.curriculum


def best(made: Curriculum, minutes: int, basis: Basis = "paid") -> Best | None:
    return BruteForce(made, basis).best(minutes)


ONE = "    - {id: a, method: drill, phase: practice, minutes: {min: 20, plan: 40, max: 50}}\n"
TWO = ONE + "    - {id: b, method: drill, phase: practice, minutes: {min: 20, plan: 40, max: 50}}\n"


# ── brute force, on cases that a reader can add up ───────────────────────────────────


def test_one_activity_at_its_plan_is_worth_half_of_each_minute() -> None:
    assert best(small(ONE), 45) == Best((), 45, 20.0)


def test_slack_takes_what_an_activity_cannot_use_up_to_its_share() -> None:
    # 60 paid minutes, 5 of closing, at most 6 of slack: the activity has 50 and 5 are slack.
    most = best(small(ONE), 60)
    assert most is not None
    assert most.minutes == 60
    assert most.value == pytest.approx((40 + sqrt(40 * 50)) / 4)
    # 75 would need 20 minutes of slack, or a break with nothing after it.
    assert best(small(ONE), 75) == most


def test_the_smallest_hours_hold_the_least_minutes_and_the_closing() -> None:
    assert BruteForce(small(ONE), "paid").smallest() == 30
    assert BruteForce(small(TWO.replace("{id", "{priority: must, id")), "paid").smallest() == 45


def test_a_break_counts_in_paid_hours_and_not_in_contact_hours() -> None:
    musts = small(TWO.replace("{id", "{priority: must, id"))
    paid, contact = best(musts, 90), best(musts, 90, "contact")
    assert paid is not None
    assert contact is not None
    # Both run for up to 85 minutes in sum, or 75 where ten of the minutes are a break.
    assert paid.value == pytest.approx(worth(75))
    assert contact.value == pytest.approx(worth(85))


def worth(minutes: int) -> float:
    """The value of both activities for these minutes, each along its straight steps."""
    half, over = sqrt(40 * 30), (40 + sqrt(40 * 50)) / 2
    if minutes <= 80:
        return 0.5 * (40 + half + (40 - half) * (minutes - 70) / 10)
    return 0.5 * (80 + (over - 40) * (minutes - 80) / 10)


# ── brute force, against every minute of every run ───────────────────────────────────

Shape = tuple[int, int, int, int, int]  # paid, content, runs, lunch after, opening


def test_no_way_to_share_the_minutes_is_better_than_what_brute_force_finds() -> None:
    tried = works = 0
    for number in range(40):
        drawn = tiny(7, number)
        force = BruteForce(drawn.curriculum(), drawn.basis)
        day, found = force.curriculum.program.day, force.best(int(drawn.hours * 60))
        minutes = min(int(drawn.hours * 60), 120) if found is None else found.minutes
        if day.paid > 120 or any(len(c.pieces) > 4 for c in force.choices(())):
            continue
        values = [
            choice.covered + value
            for choice, days in product(force.choices(()), layouts(day, drawn.basis, minutes))
            for order in orders(choice)
            if (value := minute_by_minute(day, days, [choice.pieces[n] for n in order])) is not None
        ]
        tried, works = tried + 1, works + bool(values)
        assert force.works((), minutes) == bool(values), number
        assert force.value((), minutes) == pytest.approx(max(values, default=-1.0)), number
    assert tried > works > 5


def layouts(day: WorkingDay, basis: Basis, minutes: int) -> Iterator[tuple[Shape, ...]]:
    """Days of runs whose lengths are still open."""
    pause = day.breaks.minutes if basis == "contact" else 0
    whole, rest = divmod(minutes, day.paid - day.breaks.count * pause)
    opening = [0] + [day.opening] * whole
    days = [list(shapes(day, day.paid, day.breaks.count, opening[n])) for n in range(whole)]
    if rest:
        tried = range(max(day.breaks.count, ceil(rest / day.longest_run)) + 1)
        short = [(n, rest + n * pause) for n in tried if rest + n * pause < day.paid]
        days.append([s for n, paid in short for s in shapes(day, paid, n, opening[whole])])
    if not (whole and 0 < rest < day.opening + day.closing + 30):
        yield from product(*days)


def shapes(day: WorkingDay, paid: int, breaks: int, opening: int) -> Iterator[Shape]:
    content = paid - breaks * day.breaks.minutes
    meal = day.lunch.minutes > 0 and day.start <= day.lunch.latest < day.start + paid
    runs = breaks + 1 + meal
    for after in range(1, runs) if meal else (0,):
        if content >= runs:
            yield paid, content, runs, after, opening


def orders(choice: Choice) -> set[tuple[int, ...]]:
    """Every order of the pieces of which each beginning may lie behind."""
    return {
        order
        for order in permutations(range(len(choice.pieces)))
        for ideals in choice.ideals
        if all(sum(1 << n for n in order[:end]) in ideals for end in range(len(order) + 1))
    }


def minute_by_minute(
    day: WorkingDay, days: Sequence[Shape], pieces: Sequence[Piece]
) -> float | None:
    """The most that pieces in this order are worth: every cut, run length and minute is tried."""
    paid = sum(shape[0] for shape in days)
    least = ceil(paid * Fraction(day.slack.min) / 100)
    most = max(least, floor(paid * Fraction(day.slack.max) / 100))
    runs = [(shape, run) for shape in days for run in range(shape[2])]
    found = []
    for cut in combinations(range(1, len(pieces)), len(runs) - 1):
        ways = {(0, 0): 0.0}  # minutes of the day and minutes of slack so far: their value
        for (shape, run), low, high in zip(runs, (0, *cut), (*cut, len(pieces)), strict=True):
            ways = further(day, shape, run, given(pieces[low:high], day.longest_run), ways)
        found += [value for (_, slack), value in ways.items() if least <= slack <= most]
    return max(found, default=None)


def given(pieces: Sequence[Piece], longest: int) -> dict[int, float]:
    """What pieces are worth at most, for every sum of their minutes."""
    sums = {0: 0.0}
    for piece in pieces:
        value, values = piece.worth, {piece.least: piece.worth}
        for minutes, slope in piece.steps:
            for _ in range(minutes):
                value += slope
                values[len(values) + piece.least] = value
        more: dict[int, float] = {}
        for (one, worth_), (two, value) in product(sums.items(), values.items()):
            if one + two <= longest:
                more[one + two] = max(more.get(one + two, 0.0), worth_ + value)
        sums = more
    return sums


def further(
    day: WorkingDay,
    shape: Shape,
    run: int,
    sums: dict[int, float],
    ways: dict[tuple[int, int], float],
) -> dict[tuple[int, int], float]:
    """All ways to lay out one more run."""
    _, content, runs, after, opening = shape
    taken = opening * (run == 0) + day.closing * (run == runs - 1)
    found: dict[tuple[int, int], float] = {}
    for (used, slack), value in ways.items():
        for length in range(max(min(15, content // runs), taken, 1), day.longest_run + 1):
            end = used + length
            noon = day.start + end + run * day.breaks.minutes
            if run + 1 == after and not day.lunch.earliest <= noon <= day.lunch.latest:
                continue
            if end > content or (run == runs - 1 and end != content):
                continue
            for minutes, more in sums.items():
                if (rest := length - taken - minutes) >= 0:
                    key = (end if run < runs - 1 else 0, slack + rest)
                    found[key] = max(found.get(key, 0.0), value + more)
    return found
