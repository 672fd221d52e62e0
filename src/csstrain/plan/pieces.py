"""Pieces: the stretches that an activity is held in, none longer than a run."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from csstrain.agenda import RotationStop
from csstrain.curriculum import Curriculum
from csstrain.model import Activity, WorkingDay
from csstrain.plan.value import Step, steps, value
from csstrain.timing import changes, least_minutes, slot_minutes, turn_minutes

LEAST_PART = 30  # minutes of a part of a long activity that has no rounds to divide it by


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """A stretch of an activity that is never interrupted; all figures in minutes.

    There is one object for each piece, and it stands for itself: no two are equal.

    Most activities are one piece. Pieces of one activity that follow each other without a
    pause are held as one session. `part` tells the pieces of one activity apart, `worth` is
    what its least minutes are worth, and `steps` how that grows with more.
    """

    activity: Activity
    least: int
    plan: int
    most: int
    worth: float = 0.0
    steps: tuple[Step, ...] = ()
    changes: int = 0
    part: int = 0

    def value(self, minutes: int) -> float:
        """What it is worth when it gets so many minutes, between its least and its most."""
        worth, left = self.worth, minutes - self.least
        for step in self.steps:
            worth += min(left, step.minutes) * step.slope
            left -= min(left, step.minutes)
        return worth


def most_minutes(curriculum: Curriculum, activity: Activity) -> int:
    """The most minutes that the activity is given: its own, or its floor if that is more."""
    return max(activity.minutes.max, least_minutes(curriculum, activity))


def pieces(curriculum: Curriculum, activity: Activity, rate: float) -> tuple[Piece, ...]:
    """The activity as pieces in order; none where it fits into no run, however divided.

    What fits into a run stays whole. Longer rotations are divided between their changes,
    longer groupings between their rounds, anything else that must be longer into equal
    parts of at least 30 minutes. `rate` is what a minute of its plan is worth.
    """
    day = curriculum.program.day
    least, most = max(1, least_minutes(curriculum, activity)), most_minutes(curriculum, activity)
    plan = min(max(activity.minutes.plan, least), most)
    if activity.rotation and least > day.longest_run:
        parts = _by_changes(curriculum, activity, (least, plan, most))
    elif activity.grouping and activity.grouping.rounds > 1 and most > day.longest_run:
        parts = _by_rounds(curriculum, activity, (least, plan, most))
    elif least > day.longest_run and not activity.grouping:
        parts = _by_length(day, (least, plan, most))
    else:
        parts = [(least, plan, most)]
    turns = changes(activity)
    share = turns if len(parts) == 1 else 1 if activity.rotation else 0
    capped = [(a, min(b, day.longest_run), min(c, day.longest_run)) for a, b, c in parts]
    if any(low > high for low, _, high in capped) or not capped:
        return ()
    return tuple(
        Piece(
            activity, low, aim, high, value(rate, aim, low), steps(rate, low, aim, high), share, n
        )
        for n, (low, aim, high) in enumerate((a, max(a, b), c) for a, b, c in capped)
    )


_Minutes = tuple[int, int, int]


def _by_changes(curriculum: Curriculum, activity: Activity, total: _Minutes) -> list[_Minutes]:
    """One part for each change of groups; what is not slots stands in the last part."""
    slot, turns = slot_minutes(curriculum, activity), changes(activity)
    before = slot * (turns - 1)
    last = (total[0] - before, total[1] - before, total[2] - before)
    return [(slot, slot, slot)] * (turns - 1) + [last]


def _by_rounds(curriculum: Curriculum, activity: Activity, total: _Minutes) -> list[_Minutes]:
    """One part for each round of a grouping, with what is left over shared out evenly."""
    rounds = activity.grouping.rounds if activity.grouping else 1
    turn = turn_minutes(curriculum, activity)
    shares = [_shares(minutes - rounds * turn, rounds) for minutes in total]
    return [(turn + a, turn + b, turn + c) for a, b, c in zip(*shares, strict=True)]


def _by_length(day: WorkingDay, total: _Minutes) -> list[_Minutes]:
    """Equal parts that leave room for opening and closing beside them."""
    longest = max(day.longest_run - max(day.opening, day.closing), 1)
    count = -(-total[0] // longest)
    least = [max(LEAST_PART, share) for share in _shares(total[0], count)]
    if sum(least) > total[2]:
        return []
    plan, most = _shares(total[1], count), _shares(total[2], count)
    return [(a, max(a, b), max(a, c)) for a, b, c in zip(least, plan, most, strict=True)]


def _shares(total: int, count: int) -> list[int]:
    """A total in equal whole parts, the larger ones first."""
    return [total // count + (part < total % count) for part in range(count)]


def stops(
    activity: Activity, first: int, count: int, slot: int, start: int
) -> tuple[RotationStop, ...]:
    """Where each group stands during `count` changes from the `first` on, as a Latin square.

    At every change group A goes to the next station, group B to the one after that, and so
    on round: no two groups meet, and after all changes each group has been everywhere.
    """
    return tuple(_stops(activity, first, count, slot, start))


def _stops(
    activity: Activity, first: int, count: int, slot: int, start: int
) -> Iterator[RotationStop]:
    if not activity.rotation:
        return
    stations = activity.rotation.stations
    for change in range(first, first + count):
        begin = start + (change - first) * slot
        for group in range(activity.rotation.groups):
            station = (group + change) % changes(activity)
            if station < len(stations):
                name = group_name(group)
                yield RotationStop(name, stations[station].title, begin, begin + slot)


def group_name(index: int) -> str:
    """The letter of a group, counted from 0; AA follows Z.

    >>> group_name(0), group_name(25), group_name(26)
    ('A', 'Z', 'AA')
    """
    name = ""
    index += 1
    while index:
        index, letter = divmod(index - 1, 26)
        name = chr(ord("A") + letter) + name
    return name
