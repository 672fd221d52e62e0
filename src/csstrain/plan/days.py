"""Days and runs: which stretches of work the hours give, before anything is taught in them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Literal

from csstrain.agenda import Basis
from csstrain.model import WorkingDay

NO_LUNCH_UP_TO = 300  # paid minutes that a day may have without a meal
SHORT_RUN = 15  # a shorter stretch between two pauses is not worth sitting down for
SCRAP = 30  # minutes beside opening and closing below which a day of its own makes no sense
STEP = 5  # minutes between the run lengths that are tried
FEW_DAYS = 2  # full days up to which every place of lunch is tried in each
CHOICES = 9  # run lengths tried at each pause, those nearest to even spacing


@dataclass(frozen=True)
class DayShape:
    """One day as runs of work between breaks and lunch; all figures in minutes.

    `content` is what its runs hold together: paid minutes less breaks. Lunch follows the run
    numbered `lunch_after`, counted from 1; 0 means a day without lunch.
    """

    day: WorkingDay
    content: int
    runs: int
    lunch_after: int
    opening: int

    @property
    def breaks(self) -> int:
        """How many breaks the day has."""
        return self.runs - 1 - (self.lunch_after > 0)

    @property
    def paid(self) -> int:
        """Paid minutes of the day: work and breaks, without lunch."""
        return self.content + self.breaks * self.day.breaks.minutes

    @property
    def usable(self) -> int:
        """Minutes for activities and slack: content less opening and closing."""
        return self.content - self.opening - self.day.closing

    def overhead(self, run: int) -> int:
        """Minutes of opening and closing in one run, counted from 0."""
        opening = self.opening if run == 0 else 0
        closing = self.day.closing if run == self.runs - 1 else 0
        return opening + closing

    def usable_of(self, run: int, length: int) -> int:
        """Minutes for activities and slack in one run, counted from 0, of this length."""
        return length - self.overhead(run)

    def pause_after(self, run: int) -> Literal["break", "lunch"] | None:
        """What follows a run, counted from 0; nothing follows the last."""
        if run == self.runs - 1:
            return None
        return "lunch" if run + 1 == self.lunch_after else "break"

    def starts(self, run: int, end: int) -> tuple[int, ...]:
        """Where a run may begin that ends after `end` minutes of content, in such minutes.

        Only where all earlier runs stay possible and lunch in its window; those nearest to even
        spacing come first.
        """
        low, high = self.windows[run]
        first = max(low, end - self.day.longest_run)
        last = min(high, end - self.least_length(run))
        even = self.content * run // self.runs
        starts = {n for n in range(first, last + 1) if n % STEP == 0}
        if first <= last:
            starts |= {first, last}
        return tuple(sorted(starts, key=lambda n: (abs(n - even), n))[:CHOICES])

    @cached_property
    def windows(self) -> tuple[tuple[int, int], ...]:
        """The earliest and latest minute of content at each run's beginning, and at the end.

        Empty windows, which end before they begin, mean that the day cannot be laid out.
        """
        ends = [(0, 0)]
        for run in range(self.runs):
            low, high = ends[-1]
            low, high = low + self.least_length(run), high + self.day.longest_run
            if run + 1 == self.lunch_after:
                first, last = self._lunch_window()
                low, high = max(low, first), min(high, last)
            ends.append((low, high))
        low, high = max(ends[-1][0], self.content), min(ends[-1][1], self.content)
        found = [(low, high)]
        for run in reversed(range(self.runs)):
            first, last = ends[run]
            low = max(first, low - self.day.longest_run)
            high = min(last, high - self.least_length(run))
            found.append((low, high))
        return tuple(reversed(found))

    def least_length(self, run: int) -> int:
        """The shortest length that a run may have."""
        return max(min(SHORT_RUN, self.content // self.runs), self.overhead(run), 1)

    def _lunch_window(self) -> tuple[int, int]:
        """The minutes of content after which lunch may begin."""
        away = self.day.start + (self.lunch_after - 1) * self.day.breaks.minutes
        return self.day.lunch.earliest - away, self.day.lunch.latest - away

    def possible(self) -> bool:
        """Whether runs of permitted length can make up the day."""
        if self.content < self.runs or self.usable < 0:
            return False
        return all(low <= high for low, high in self.windows)

    @property
    def fixed(self) -> bool:
        """Whether every run has but one length that it can have."""
        return all(low == high for low, high in self.windows)

    def lunch_miss(self) -> int:
        """How far evenly spaced runs would put lunch from the middle of its window."""
        if not self.lunch_after:
            return 0
        first, last = self._lunch_window()
        return abs(self.content * self.lunch_after // self.runs * 2 - first - last)


Calendar = tuple[DayShape, ...]


@dataclass(frozen=True, slots=True)
class SlackRange:
    """The least and most minutes of slack in the whole agenda."""

    least: int
    most: int


def needs_lunch(day: WorkingDay, paid: int) -> bool:
    """Whether a day of so many paid minutes has a lunch.

    It has none if it ends by the latest lunch time and holds at most 300 paid minutes, if
    the program has no lunch at all, or if the day begins after the latest lunch time.
    """
    if not day.lunch.minutes or day.start > day.lunch.latest:
        return False
    return paid > NO_LUNCH_UP_TO or day.start + paid > day.lunch.latest


def full_day(day: WorkingDay, basis: Basis) -> int:
    """What a full day adds to the hours, in minutes of the basis."""
    breaks = day.breaks.count * day.breaks.minutes if basis == "contact" else 0
    return day.paid - breaks


def calendars(day: WorkingDay, basis: Basis, minutes: int) -> tuple[Calendar, ...]:
    """The ways to lay out so many minutes, in the basis: full days, then a shorter one.

    They differ in the number of breaks of the last day, the fewest first, and in the run
    that lunch follows. In long programs full days have lunch nearest to the middle of its window,
    and the last day at most one break more than it needs. There is none where the working day
    cannot be laid out, or where the last day would hold less than half an hour between opening
    and closing.
    """
    if full_day(day, basis) <= 0:
        return ()
    whole, rest = divmod(minutes, full_day(day, basis))
    if whole and 0 < rest < day.opening + day.closing + SCRAP:
        return ()
    every = None if whole <= FEW_DAYS else 1
    full = [
        tuple(_shapes(day, day.paid, day.breaks.count, opening))[:every]
        for opening in (0, day.opening)[: min(whole, 2)]
    ]
    full += full[1:] * (whole - 2)
    if rest:
        opening = day.opening if whole else 0
        full.append(tuple(_last_days(day, basis, rest, opening, not every)))
    return tuple(product(*full)) if full else ()


def _last_days(
    day: WorkingDay, basis: Basis, rest: int, opening: int, every: bool
) -> Iterator[DayShape]:
    """The shapes of a shorter day, the one with the fewest breaks first."""
    most = max(day.breaks.count, -(-rest // day.longest_run))
    made = 0
    for count in range(most + 1):
        paid = rest + (count * day.breaks.minutes if basis == "contact" else 0)
        found = list(_shapes(day, paid, count, opening)) if paid < day.paid else []
        yield from found
        made += bool(found)
        if made == 2 and not every:  # one break more than needed may help the pieces to fit
            return


def _shapes(day: WorkingDay, paid: int, breaks: int, opening: int) -> Iterator[DayShape]:
    """The shapes of a day with so many breaks, lunch nearest to its window's middle first."""
    content = paid - breaks * day.breaks.minutes
    lunch = needs_lunch(day, paid)
    places = range(1, breaks + 2) if lunch else (0,)
    shapes = [DayShape(day, content, breaks + 1 + lunch, after, opening) for after in places]
    yield from sorted((s for s in shapes if s.possible()), key=DayShape.lunch_miss)


def dates(start: dt.date, holidays: Collection[dt.date]) -> Iterator[dt.date]:
    """Working days from `start` on: Monday to Friday, holidays skipped."""
    day = start
    while True:
        if day.weekday() < 5 and day not in holidays:
            yield day
        day += dt.timedelta(days=1)
