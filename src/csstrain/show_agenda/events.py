"""The agenda as a calendar: one event a session, for Outlook and the like."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from csstrain.agenda import Agenda, AgendaDay, Session
from csstrain.calendar_file import UTC, Event, calendar, one_line
from csstrain.curriculum import Curriculum
from csstrain.numbering import Numbering
from csstrain.pipeline import Compilation
from csstrain.show_agenda.rows import stations

_PAUSES = ("break", "lunch")


def as_ics(planned: Compilation, zone: str = UTC) -> bytes:
    """The agenda as an iCalendar file, times in a zone of an IANA name such as `America/Chicago`.

    It is empty where the hours allow no agenda. Raises ValueError where the days have no dates,
    or where there is no such zone. Pauses leave the time free; everything else is busy.
    """
    curriculum, agenda = planned.curriculum, planned.agenda
    if curriculum is None or agenda is None or not agenda.days:
        return b""
    events = tuple(_events(curriculum, agenda))
    title = curriculum.program.title
    return calendar(title, zone, _stamp(curriculum, agenda), events)


def _stamp(curriculum: Curriculum, agenda: Agenda) -> dt.datetime:
    """When the events count as written: at the last revision of the program.

    The time of day would make every file differ from the last; a revision makes events newer
    exactly when the content is. Without a history the first day of training stands for it.
    """
    revised = [each.date for each in curriculum.program.history]
    return dt.datetime.combine(max(revised, default=_date(agenda.days[0])), dt.time())


def _date(day: AgendaDay) -> dt.date:
    if day.date is None:
        raise ValueError("a calendar needs the date of the first day")
    return day.date


def _events(curriculum: Curriculum, agenda: Agenda) -> Iterator[Event]:
    numbers = Numbering(curriculum)
    # The first date tells cohorts apart. Within one, an activity keeps its id wherever other
    # hours put it, so that a calendar moves it instead of showing it twice.
    cohort = f"{agenda.program}.{_date(agenda.days[0]).isoformat()}"
    for day in agenda.days:
        midnight = dt.datetime.combine(_date(day), dt.time())
        seen: Counter[str] = Counter()
        for session in day.sessions:
            seen[session.kind] += 1
            own = (
                f"{session.activity.id}.{session.part}"
                if session.activity
                else f"day{day.number}.{session.kind}.{seen[session.kind]}"
            )
            yield Event(
                uid=f"{cohort}.{own}@csstrain",
                start=midnight + dt.timedelta(minutes=session.start),
                end=midnight + dt.timedelta(minutes=session.end),
                title=_title(session),
                text="\n".join(_lines(curriculum, numbers, session)),
                place="; ".join(_rooms(session)),
                category=session.activity.method if session.activity else None,
                busy=session.kind not in _PAUSES,
            )


def _title(session: Session) -> str:
    part = f" ({session.part} of {session.parts})" if session.parts > 1 else ""
    return session.title + part


def _lines(curriculum: Curriculum, numbers: Numbering, session: Session) -> Iterator[str]:
    """What a trainer wants to see beside the title, line by line."""
    activity = session.activity
    if activity is None:
        return
    module = curriculum.module_of[activity.id]
    yield f"Activity {numbers.activities[activity.id]} of module {module.id}: {module.title}"
    yield f"Method: {activity.method} ({activity.phase})"
    if activity.objectives:
        yield "Objectives:"
        for name in activity.objectives:
            yield f"- {name} {one_line(curriculum.label(name))}"
    if sheets := numbers.used_by(activity):
        yield "Materials:"
        for sheet in sheets:
            yield f"- {sheet.number} {one_line(sheet.material.title)}"
    if held := stations(session):
        yield f"Stations: {held}"
    if module.room:
        yield f"Room: {one_line(module.room)}"


def _rooms(session: Session) -> Iterator[str]:
    """Where the stations are. The room of a module is how it is set up, not where it is."""
    rotation = session.activity.rotation if session.activity else None
    at = {stop.station for stop in session.rotation}
    for station in rotation.stations if rotation else ():
        if station.room and station.title in at:
            yield f"{station.title}: {station.room}"
