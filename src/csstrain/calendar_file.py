"""A calendar to a file: the one file that writes iCalendar (RFC 5545)."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import icalendar

UTC = "UTC"
# Characters that RFC 5545 forbids in a text, and those at which some readers begin a new line.
_BREAKING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar; `start` and `end` are what a clock in the room shows.

    An entry that is not `busy` leaves the time free for other appointments.
    """

    uid: str
    start: dt.datetime
    end: dt.datetime
    title: str
    text: str = ""
    place: str = ""
    category: str | None = None
    busy: bool = True


def zone_named(name: str) -> ZoneInfo:
    """The time zone of an IANA name, such as `America/Chicago`; ValueError where there is none."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as fault:  # an unknown name, no file, a folder
        raise ValueError(f"there is no time zone {name!r}") from fault


def calendar(name: str, zone: str, stamp: dt.datetime, events: Sequence[Event]) -> bytes:
    """A calendar that can be imported, with the definition of its time zone unless that is UTC.

    `zone` is an IANA name: ValueError where there is none. `stamp`, in UTC, stands for the time
    at which the events were written down; the same events and stamp give the same bytes.
    """
    from icalendar import Calendar

    known = zone_named(zone)
    made = Calendar()
    made.add("PRODID", "-//csstrain//agenda//EN")
    made.add("VERSION", "2.0")
    made.add("CALSCALE", "GREGORIAN")
    made.add("METHOD", "PUBLISH")
    made.add("X-WR-CALNAME", one_line(name))
    if zone != UTC and events:
        made.add("X-WR-TIMEZONE", zone)
        first = min(each.start for each in events)
        last = max(each.end for each in events)
        made.add_component(_definition(known, first, last))
    for each in events:
        made.add_component(_event(each, known, stamp))
    return bytes(made.to_ical())


def _event(event: Event, zone: ZoneInfo, stamp: dt.datetime) -> icalendar.Event:
    from icalendar import Event as Component

    made = Component()
    made.add("UID", event.uid)
    made.add("DTSTAMP", stamp.replace(tzinfo=dt.UTC))
    made.add("SEQUENCE", 0)
    made.add("DTSTART", _timed(event.start, zone))
    made.add("DTEND", _timed(event.end, zone))
    made.add("SUMMARY", one_line(event.title))
    if event.text:
        made.add("DESCRIPTION", _plain(event.text))
    if event.place:
        made.add("LOCATION", one_line(event.place))
    if event.category:
        made.add("CATEGORIES", [one_line(event.category)])
    made.add("TRANSP", "OPAQUE" if event.busy else "TRANSPARENT")
    return made


def _timed(clock: dt.datetime, zone: ZoneInfo) -> dt.datetime:
    return clock.replace(tzinfo=dt.UTC if zone.key == UTC else zone)


def _plain(text: str) -> str:
    """A text without characters that could begin a line of the file."""
    return _BREAKING.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    r"""A text without line breaks and other control characters.

    >>> one_line("Greet,\r\nthen  listen\x0b")
    'Greet, then listen'
    """
    return " ".join(_plain(text).split())


# ── the definition of a time zone ────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Change:
    """A change of a zone's offset; `onset` is what the clocks show just before it."""

    onset: dt.datetime
    before: dt.timedelta
    after: dt.timedelta
    name: str
    summer: bool


def _definition(zone: ZoneInfo, first: dt.datetime, last: dt.datetime) -> icalendar.Timezone:
    """The zone's offsets from the year before `first` to the end of the year of `last`.

    Changes that come back every year become a rule, the one form that Outlook understands.
    """
    from icalendar import Timezone

    begin, end = dt.datetime(max(first.year - 1, 1), 1, 1), dt.datetime(last.year, 12, 31)
    changes = list(_changes(zone, begin, end))
    if not changes or changes[0].onset > first:
        changes.insert(0, _change(zone, begin, begin))
    made = Timezone()
    made.add("TZID", zone.key)
    for group in _repeated(changes):
        made.add_component(_observance(group))
    return made


def _changes(zone: ZoneInfo, begin: dt.datetime, end: dt.datetime) -> Iterator[_Change]:
    """All changes between two moments in UTC, to the minute."""
    day = begin
    while day < end:
        next_day = day + dt.timedelta(days=1)
        if _offset(zone, day) != _offset(zone, next_day):
            low, high = 0, 24 * 60
            while high - low > 1:
                middle = (low + high) // 2
                at = day + dt.timedelta(minutes=middle)
                low, high = (
                    (middle, high) if _offset(zone, at) == _offset(zone, day) else (low, middle)
                )
            yield _change(zone, day, day + dt.timedelta(minutes=high))
        day = next_day


def _change(zone: ZoneInfo, before: dt.datetime, at: dt.datetime) -> _Change:
    """The change at a moment in UTC, when another one before it is known."""
    local = at.replace(tzinfo=dt.UTC).astimezone(zone)
    was = _offset(zone, before)
    return _Change(at + was, was, _offset(zone, at), local.tzname() or zone.key, bool(local.dst()))


def _offset(zone: ZoneInfo, at: dt.datetime) -> dt.timedelta:
    offset = at.replace(tzinfo=dt.UTC).astimezone(zone).utcoffset()
    assert offset is not None
    return offset


def _repeated(changes: Sequence[_Change]) -> list[list[_Change]]:
    """Changes in groups: those in one group fall on the same weekday of the same month."""
    groups: dict[tuple[object, ...], list[_Change]] = defaultdict(list)
    for each in changes:
        alike = (each.before, each.after, each.name, each.summer, each.onset.month)
        groups[*alike, each.onset.weekday(), each.onset.time()].append(each)
    found = []
    for group in groups.values():
        found += [group] if _week(group) else [[each] for each in group]
    return found


def _week(group: Sequence[_Change]) -> int:
    """Which of its weekdays in the month a change always falls on, -1 for the last; else 0."""
    if all((each.onset + dt.timedelta(days=7)).month != each.onset.month for each in group):
        return -1
    weeks = {(each.onset.day + 6) // 7 for each in group}
    return weeks.pop() if len(weeks) == 1 else 0


def _observance(group: Sequence[_Change]) -> icalendar.Component:
    from icalendar import TimezoneDaylight, TimezoneStandard

    first = group[0]
    made = TimezoneDaylight() if first.summer else TimezoneStandard()
    made.add("DTSTART", first.onset)
    made.add("TZOFFSETFROM", first.before)
    made.add("TZOFFSETTO", first.after)
    made.add("TZNAME", first.name)
    if len(group) > 1:
        on = f"{_week(group)}{_WEEKDAYS[first.onset.weekday()]}"
        made.add("RRULE", {"FREQ": "YEARLY", "BYMONTH": first.onset.month, "BYDAY": on})
    return made
