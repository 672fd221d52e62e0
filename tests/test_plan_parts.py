"""The planner's parts, each against a plain search that looks at everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import product
from types import SimpleNamespace
from typing import Any, cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from csstrain.model import Breaks, Lunch, Slack, WorkingDay
from csstrain.plan.chains import Chains
from csstrain.plan.clock import share_minutes, share_slack, worth
from csstrain.plan.days import Calendar, DayShape, SlackRange, calendars
from csstrain.plan.exact import place_exactly
from csstrain.plan.pieces import Piece
from csstrain.plan.place import Slot
from csstrain.plan.solver import Program, Row
from csstrain.plan.tail import latest_start
from csstrain.plan.value import steps, value

plain = settings(
    max_examples=60, derandomize=True, deadline=None, database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip


def working_day(breaks: int, run: int, opening: int = 0, closing: int = 0) -> WorkingDay:
    """A short day without lunch."""
    return WorkingDay.model_construct(
        start=480, end=480 + 240, lunch=Lunch.model_construct(minutes=0, earliest=720, latest=720),
        breaks=Breaks.model_construct(minutes=5, count=breaks), longest_run=run,
        opening=opening, closing=closing,
        slack=Slack.model_construct(min=Decimal(0), max=Decimal(100)),
    )  # fmt: skip


def piece(least: int, plan: int = 0, most: int = 0, rate: float = 1.0, name: str = "a") -> Piece:
    plan = max(plan, least)
    most = max(most, plan)
    activity = cast(Any, SimpleNamespace(id=name))
    grown = steps(rate, least, plan, most)
    return Piece(activity, least, plan, most, value(rate, plan, least), grown)


# ── the solver ───────────────────────────────────────────────────────────────────────


@plain
@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(1, 20)), min_size=1, max_size=8),
    st.integers(0, 40),
)
def test_a_knapsack_is_packed_as_well_as_by_trying_every_choice(
    things: list[tuple[int, int]], room: int
) -> None:
    program = Program()
    held = [program.add(float(worth), 0.0, 1.0, whole=True) for worth, _ in things]
    size = {at: float(size) for at, (_, size) in zip(held, things, strict=True)}
    found = program.best([Row(size, high=float(room))])
    best = max(
        sum(w for take, (w, _) in zip(some, things, strict=True) if take)
        for some in product((0, 1), repeat=len(things))
        if sum(s for take, (_, s) in zip(some, things, strict=True) if take) <= room
    )
    assert found is not None
    taken = sum(w for at, (w, _) in zip(held, things, strict=True) if found.values[at] > 0.5)
    assert taken == best
    assert best <= found.bound + 1e-6


def test_what_cannot_hold_has_no_solution_and_nothing_is_printed(capfd: Any) -> None:
    program = Program()
    one = program.add(1.0, 0.0, 1.0, whole=True)
    assert program.best([Row({one: 1.0}, low=2.0)]) is None
    assert program.best([Row({one: 1.0}, high=1.0)]) is not None
    assert capfd.readouterr() == ("", "")


# ── the tail ─────────────────────────────────────────────────────────────────────────


def layouts(calendar: Calendar) -> Iterator[list[int]]:
    """Every way to give the runs of a calendar their lengths, as minutes that can be used."""
    every = []
    for shape in calendar:
        ways = []
        longest = shape.day.longest_run
        for lengths in product(range(1, longest + 1), repeat=shape.runs):
            if sum(lengths) == shape.content and all(
                length >= shape.least_length(run) for run, length in enumerate(lengths)
            ):
                ways.append([shape.usable_of(run, each) for run, each in enumerate(lengths)])
        every.append(ways)
    for chosen in product(*every):
        yield [usable for day in chosen for usable in day]


def most_before(runs: Sequence[int], pieces: Sequence[int], wander: int) -> int | None:
    """The most minutes beside some pieces that stand in this order in the last runs."""
    best: int | None = None

    def back(run: int, left: int, gone: int) -> None:
        nonlocal best
        if run < 0:
            return
        if sum(pieces[:left]) <= runs[run]:  # the rest shares this run with what comes before
            here = sum(runs[:run]) + runs[run] - sum(pieces[:left]) + gone
            best = here if best is None else max(best, here)
        for first in range(left + (wander == 0 or runs[run] < wander) * -1, -1, -1):
            free = runs[run] - sum(pieces[first:left])
            if free < 0 or (first == left and free < wander):
                continue
            back(run - 1, first, gone + (free if wander and free >= wander else 0))

    back(len(runs) - 1, len(pieces), 0)
    return best


@plain
@given(
    st.lists(st.integers(3, 14), min_size=1, max_size=4),
    st.integers(20, 50),
    st.integers(0, 2),
    st.sampled_from((0, 0, 8, 12)),
    st.sampled_from((0, 2)),
)
def test_the_latest_start_of_a_tail_is_that_of_trying_every_layout(
    least: list[int], content: int, breaks: int, wander: int, closing: int
) -> None:
    day = working_day(breaks, 22, closing=closing)
    shape = DayShape(day, content, breaks + 1, 0, 0)
    if not shape.possible():
        return
    calendar = (shape,)
    pieces = [piece(each) for each in least]
    found = [most_before(runs, least, wander) for runs in layouts(calendar)]
    every = [each for each in found if each is not None]
    latest, best = latest_start(pieces, [calendar], wander), max(every, default=None)
    if not wander or shape.fixed:
        assert latest == best
    elif best is not None:  # with others in runs of open lengths it is a bound
        assert latest is not None
        assert latest >= best


# ── placing exactly ──────────────────────────────────────────────────────────────────


def can_be_filled(runs: Sequence[int], held: Sequence[tuple[int, int]], slack: SlackRange) -> bool:
    """Whether pieces, in this order, fill runs with slack within its bounds."""
    if not runs:
        return not held and slack.least <= 0 <= slack.most
    for count in range(1, len(held) + 1):
        least = sum(low for low, _ in held[:count])
        most = sum(high for _, high in held[:count])
        for idle in range(max(0, runs[0] - most), runs[0] - least + 1):
            rest = SlackRange(max(0, slack.least - idle), slack.most - idle)
            if rest.most >= 0 and can_be_filled(runs[1:], held[count:], rest):
                return True
    return False


@plain
@given(
    st.lists(st.tuples(st.integers(4, 16), st.integers(0, 9)), min_size=1, max_size=5),
    st.integers(18, 60),
    st.integers(0, 2),
    st.integers(0, 4),
    st.integers(0, 8),
)
def test_exact_placing_finds_a_way_where_and_only_where_there_is_one(
    sizes: list[tuple[int, int]], content: int, breaks: int, least: int, more: int
) -> None:
    day = working_day(breaks, 24)
    shape = DayShape(day, content, breaks + 1, 0, 0)
    if not shape.possible():
        return
    slack = SlackRange(least, least + more)
    pieces = tuple(piece(low, low + extra, name=f"a{n}") for n, (low, extra) in enumerate(sizes))
    # Two chains that wait for nothing but their own order.
    half = len(pieces) // 2
    chains = tuple(c for c in (pieces[:half], pieces[half:]) if c)
    work = Chains(("m1", "m2")[: len(chains)], chains, tuple(((),) * len(c) for c in chains))
    found = place_exactly(work, (shape,), slack)
    assert found.complete
    possible = any(
        can_be_filled(runs, [(p.least, p.most) for p in order], slack)
        for order in merges(pieces[:half], pieces[half:])
        for runs in layouts((shape,))
    )
    assert (found.slots is not None) == possible
    if found.slots is not None:
        assert_filled(found.slots, shape, chains, slack)


def merges(one: tuple[Piece, ...], two: tuple[Piece, ...]) -> Iterator[tuple[Piece, ...]]:
    """Every order of two sequences that keeps that of each."""
    if not one or not two:
        yield one + two
        return
    yield from ((one[0], *rest) for rest in merges(one[1:], two))
    yield from ((two[0], *rest) for rest in merges(one, two[1:]))


def assert_filled(
    slots: Sequence[Slot], shape: DayShape, chains: tuple[tuple[Piece, ...], ...], slack: SlackRange
) -> None:
    held = [p for slot in slots for p in slot.pieces]
    for chain in chains:
        assert [p for p in held if p in chain] == list(chain)
    assert sum(slot.length for slot in slots) == shape.content
    assert all(slot.length <= shape.day.longest_run for slot in slots)
    idle = [max(0, s.usable - sum(p.most for p in s.pieces)) for s in slots]
    room = [s.usable - sum(p.least for p in s.pieces) for s in slots]
    assert all(each >= 0 for each in room)
    assert sum(idle) <= slack.most
    assert sum(room) >= slack.least


# ── the clock ────────────────────────────────────────────────────────────────────────


@plain
@given(
    st.lists(
        st.tuples(st.integers(5, 20), st.integers(0, 15), st.integers(0, 15), st.integers(1, 4)),
        min_size=1,
        max_size=3,
    ),
    st.integers(0, 60),
)
def test_minutes_are_shared_exactly_and_nearly_as_well_as_can_be(
    sizes: list[tuple[int, int, int, int]], more: int
) -> None:
    pieces = [piece(low, low + a, low + a + b, float(rate)) for low, a, b, rate in sizes]
    minutes = min(sum(p.least for p in pieces) + more, sum(p.most for p in pieces))
    given_ = share_minutes(pieces, minutes)
    assert sum(given_) == minutes
    assert all(p.least <= each <= p.most for p, each in zip(pieces, given_, strict=True))
    # Steps of five lose a little against steps of one; no sharing beats the concave optimum.
    got = sum(p.value(each) for p, each in zip(pieces, given_, strict=True))
    best = max(
        sum(p.value(each) for p, each in zip(pieces, some, strict=True))
        for some in product(*(range(p.least, p.most + 1) for p in pieces))
        if sum(some) == minutes
    )
    assert abs(best - worth(pieces, minutes)) < 1e-6
    assert best - 5 * max(rate for *_, rate in sizes) <= got <= best + 1e-6


def test_slack_stands_where_it_costs_least() -> None:
    shape = DayShape(working_day(1, 60), 100, 2, 0, 0)
    dear, cheap = piece(30, 50, 50, rate=4.0), piece(30, 50, 50, rate=0.5)
    slots = (Slot(0, 0, 50, 50, (dear,)), Slot(0, 1, 50, 50, (cheap,)))
    assert share_slack(slots, (shape,), SlackRange(10, 20)) == [0, 10]
    slots = (Slot(0, 0, 50, 50, (cheap,)), Slot(0, 1, 50, 50, (dear,)))
    assert share_slack(slots, (shape,), SlackRange(10, 20)) == [10, 0]


def test_full_days_come_first_and_the_last_is_shorter() -> None:
    day = working_day(1, 130)
    found = calendars(day, "paid", 240 + 120)
    assert [[shape.paid for shape in way] for way in found] == [[240, 120]] * len(found)
    assert found
