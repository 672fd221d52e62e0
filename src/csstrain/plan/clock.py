"""The clock: minutes for every piece, slack at the ends of runs, and sessions with times."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from math import sqrt
from typing import NamedTuple

from csstrain.agenda import AgendaDay, Session, SessionKind
from csstrain.curriculum import Curriculum
from csstrain.model import Activity
from csstrain.plan.days import Calendar, DayShape
from csstrain.plan.pieces import Piece, stops
from csstrain.plan.place import SlackRange, Slot
from csstrain.timing import slot_minutes

STEP = 5  # minutes are given in fives where the sums allow it
TITLES: dict[SessionKind, str] = {
    "opening": "Opening: recap and retrieval quiz",
    "break": "Break",
    "lunch": "Lunch",
    "slack": "Slack: time in hand",
    "closing": "Closing: review of the day and outlook",
}


# ── slack ────────────────────────────────────────────────────────────────────────────


def share_slack(slots: Sequence[Slot], calendar: Calendar, wanted: SlackRange) -> list[int]:
    """Minutes of slack at the end of each run, in all the least that is wanted.

    What no piece can use comes first. The rest goes to few places: the last run of each day
    takes the day's share if its pieces keep their planned minutes, then runs before lunch and
    others; only then do pieces give up planned minutes, where most can be had at once.
    """
    given = [max(0, s.usable - sum(p.most for p in s.pieces)) for s in slots]
    room = [s.usable - sum(p.least for p in s.pieces) for s in slots]
    easy = [s.usable - sum(_in_fives(p.plan, p) for p in s.pieces) for s in slots]
    even = [s.usable - sum(_in_fives(p.least, p) for p in s.pieces) for s in slots]
    total = max(wanted.least, sum(given))
    rounded = -(-total // STEP) * STEP
    total = rounded if rounded <= min(wanted.most, sum(room)) else total
    share = -(-total // (len(calendar) * STEP)) * STEP
    places = _best_places(slots, calendar)
    widest = sorted(places, key=lambda index: -min(even[index], 2 * share))
    for order, limits, most in ((places, easy, share), (widest, even, 2 * share)):
        for index in order:
            free = min(most, limits[index]) // STEP * STEP - given[index]
            given[index] += max(0, min(free, total - sum(given)))
    for index in widest:
        given[index] += max(0, min(room[index] - given[index], total - sum(given)))
    return given


def _in_fives(minutes: int, piece: Piece) -> int:
    """Minutes rounded up to a multiple of five where the piece may have so many."""
    rounded = -(-minutes // STEP) * STEP
    return rounded if rounded <= piece.most else minutes


def _best_places(slots: Sequence[Slot], calendar: Calendar) -> list[int]:
    """Runs in the order in which slack suits them: the day's last, before lunch, others."""

    def suits(index: int) -> tuple[int, int]:
        pause = calendar[slots[index].day].pause_after(slots[index].run)
        return ({None: 0, "lunch": 1, "break": 2}[pause], index)

    return sorted(range(len(slots)), key=suits)


# ── minutes ──────────────────────────────────────────────────────────────────────────


def share_minutes(pieces: Sequence[Piece], minutes: int) -> list[int]:
    """Minutes for each piece of a run, together exactly `minutes`.

    From the least up to the plan, then from the plan to the most; the next five minutes
    always go where they are worth most.
    """
    given = [p.least for p in pieces]
    for limit in ([p.plan for p in pieces], [p.most for p in pieces]):
        for step in (STEP, 1):
            _lengthen(pieces, given, limit, minutes, step)
    return given


def _lengthen(
    pieces: Sequence[Piece], given: list[int], limit: Sequence[int], minutes: int, step: int
) -> None:
    """Add minutes up to a limit while they fit, in steps that end on multiples of `step`."""
    while True:
        left = minutes - sum(given)
        able = [
            (-_gain(p, now), index, more)
            for index, (p, now, top) in enumerate(zip(pieces, given, limit, strict=True))
            if (more := step - now % step) <= left and now + more <= top
        ]
        if not able:
            return
        _, index, more = min(able)
        given[index] += more


def _gain(piece: Piece, minutes: int) -> float:
    """What one more minute is worth: the slope of the value at so many minutes."""
    return piece.value * sqrt(piece.plan / max(minutes, 1))


# ── sessions ─────────────────────────────────────────────────────────────────────────


class _Stretch(NamedTuple):
    """A session before its time, and its place among the parts of its activity, are known."""

    kind: SessionKind
    minutes: int
    activity: Activity | None = None
    changes: int = 0


def days(
    curriculum: Curriculum,
    calendar: Calendar,
    slots: Sequence[Slot],
    slack: SlackRange,
    on: Iterable[dt.date | None],
) -> tuple[AgendaDay, ...]:
    """The agenda's days with every session at its time."""
    rests = share_slack(slots, calendar, slack)
    stretches = []
    for number, shape in enumerate(calendar):
        runs = [(s, rest) for s, rest in zip(slots, rests, strict=True) if s.day == number]
        stretches.append(list(_day(shape, runs)))
    held = Counter(s.activity.id for day in stretches for s in day if s.activity)
    timed = _Timing(curriculum, held)
    return tuple(
        AgendaDay(number, date, tuple(timed.sessions(shape.day.start, day)))
        for (number, shape), date, day in zip(enumerate(calendar, 1), on, stretches, strict=False)
    )


def _day(shape: DayShape, runs: Sequence[tuple[Slot, int]]) -> Iterator[_Stretch]:
    """What a day holds, in order."""
    if shape.opening:
        yield _Stretch("opening", shape.opening)
    for slot, rest in runs:
        yield from _activities(slot.pieces, share_minutes(slot.pieces, slot.usable - rest))
        if rest:
            yield _Stretch("slack", rest)
        pause = shape.pause_after(slot.run)
        if pause == "lunch":
            yield _Stretch("lunch", shape.day.lunch.minutes)
        elif pause and shape.day.breaks.minutes:
            yield _Stretch("break", shape.day.breaks.minutes)
    if shape.day.closing:
        yield _Stretch("closing", shape.day.closing)


def _activities(pieces: Sequence[Piece], minutes: Sequence[int]) -> Iterator[_Stretch]:
    """Pieces as sessions; those of one activity that touch become one."""
    pairs = zip(pieces, minutes, strict=True)
    for _, group in groupby(pairs, key=lambda pair: pair[0].activity.id):
        held = list(group)
        total = sum(length for _, length in held)
        changes = sum(piece.changes for piece, _ in held)
        yield _Stretch("activity", total, held[0][0].activity, changes)


class _Timing:
    """Gives sessions their times; remembers how much of each divided activity is over."""

    def __init__(self, curriculum: Curriculum, held: Mapping[str, int]) -> None:
        self.curriculum, self.held = curriculum, held
        self.parts: Counter[str] = Counter()
        self.changes: Counter[str] = Counter()

    def sessions(self, start: int, day: Iterable[_Stretch]) -> Iterator[Session]:
        """The sessions of a day, each where the one before it ends."""
        for each in day:
            end = start + each.minutes
            if each.activity:
                yield self._activity(each.activity, start, end, each.changes)
            else:
                retrieval = each.kind == "opening"
                yield Session(start, end, each.kind, TITLES[each.kind], retrieval=retrieval)
            start = end

    def _activity(self, activity: Activity, start: int, end: int, changes: int) -> Session:
        name = activity.id
        slot = slot_minutes(self.curriculum, activity)
        rotation = stops(activity, self.changes[name], changes, slot, start)
        self.parts[name] += 1
        self.changes[name] += changes
        return Session(
            start, end, "activity", activity.label,
            module=self.curriculum.module_of[name].id,
            activity=activity,
            part=self.parts[name],
            parts=self.held[name],
            retrieval=activity.retrieval,
            rotation=rotation,
        )  # fmt: skip
