"""The clock: minutes for every piece, slack at the ends of runs, and sessions with times."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import NamedTuple

from csstrain.agenda import AgendaDay, Session, SessionKind
from csstrain.curriculum import Curriculum
from csstrain.model import Activity
from csstrain.plan.days import Calendar, DayShape, SlackRange
from csstrain.plan.pieces import Piece, stops
from csstrain.plan.place import Slot
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

# What it costs to have slack elsewhere than at the end of a day, as a share of a minute's price.
AWKWARD: dict[str | None, float] = {None: 0.0, "lunch": 0.05, "break": 0.15}


def share_slack(slots: Sequence[Slot], calendar: Calendar, wanted: SlackRange) -> list[int]:
    """Minutes of slack at the end of each run, in all the least that is wanted.

    What no piece can use comes first. The rest goes, five by five, where the pieces lose the
    least value for it; of equals the last run of a day comes first, then one before lunch.
    """
    given = [max(0, s.usable - sum(p.most for p in s.pieces)) for s in slots]
    room = [s.usable - sum(p.least for p in s.pieces) for s in slots]
    total = max(wanted.least, sum(given))
    rounded = -(-total // STEP) * STEP
    total = rounded if rounded <= min(wanted.most, sum(room)) else total
    # A run that has pieces of odd lengths first gives what its pieces cannot use in fives.
    for step in (STEP, 1):
        while sum(given) < total:
            least = min(step, total - sum(given))
            able = [n for n, now in enumerate(given) if now + least <= room[n]]
            if not able:
                break
            best = min(able, key=lambda n: (_cost(slots[n], calendar, given[n], least), n))
            given[best] += least
    return given


def _cost(slot: Slot, calendar: Calendar, now: int, more: int) -> float:
    """What it costs a run to give so many more minutes to slack."""
    before, after = (worth(slot.pieces, slot.usable - now - less) for less in (0, more))
    price = max((p.steps[0].slope for p in slot.pieces if p.steps), default=0.0)
    pause = calendar[slot.day].pause_after(slot.run)
    # Little by little in many places helps nobody: each further five minutes weigh less.
    return before - after + more * price * (AWKWARD[pause] + 0.05 * (now == 0))


def worth(pieces: Sequence[Piece], minutes: int) -> float:
    """What pieces are worth that share so many minutes as is best."""
    total = sum(p.worth for p in pieces)
    left = minutes - sum(p.least for p in pieces)
    for step in sorted((s for p in pieces for s in p.steps), key=lambda s: -s.slope):
        total += min(left, step.minutes) * step.slope
        left -= min(left, step.minutes)
    return total


# ── minutes ──────────────────────────────────────────────────────────────────────────


def share_minutes(pieces: Sequence[Piece], minutes: int) -> list[int]:
    """Minutes for each piece of a run, together exactly `minutes`.

    From the least on, the next five minutes always go where they are worth most.
    """
    given = [p.least for p in pieces]
    for step in (STEP, 1):
        _lengthen(pieces, given, minutes, step)
    return given


def _lengthen(pieces: Sequence[Piece], given: list[int], minutes: int, step: int) -> None:
    """Add minutes while they fit, in steps that end on multiples of `step`."""
    while True:
        left = minutes - sum(given)
        able = [
            ((p.value(now) - p.value(now + more)) / more, index, more)
            for index, (p, now) in enumerate(zip(pieces, given, strict=True))
            if (more := step - now % step) <= left and now + more <= p.most
        ]
        if not able:
            return
        _, index, more = min(able)
        given[index] += more


def timed(slots: Sequence[Slot], calendar: Calendar, slack: SlackRange) -> dict[Piece, int]:
    """The minutes that each piece gets."""
    rests = share_slack(slots, calendar, slack)
    return {
        piece: minutes
        for slot, rest in zip(slots, rests, strict=True)
        for piece, minutes in zip(
            slot.pieces, share_minutes(slot.pieces, slot.usable - rest), strict=True
        )
    }


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
