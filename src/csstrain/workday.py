"""The working day as somebody changes it for one plan: more days or fewer, other clock times."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from csstrain.agenda import Basis, hours_text
from csstrain.curriculum import Curriculum
from csstrain.model import WorkingDay, clock_text
from csstrain.plan.days import needs_lunch

STEP = 5  # minutes to which the length of a day is rounded up


def with_day(
    curriculum: Curriculum,
    hours: Decimal,
    basis: Basis,
    *,
    days: int | None = None,
    start: int | None = None,
    end: int | None = None,
) -> Curriculum:
    """The curriculum with another working day, for one plan.

    `start` and `end` are minutes after midnight; a day that only begins at another time keeps
    its length. `days` spreads the hours evenly over so many days, each within the working day;
    the last may be a little shorter. Raises ValueError, in plain words, where that cannot be.
    """
    day = _moved(curriculum.program.day, start, end)
    if days is not None:
        day = _spread(day, hours, basis, days)
    program = curriculum.program.model_copy(update={"day": day})
    return replace(curriculum, program=program)


def _moved(day: WorkingDay, start: int | None, end: int | None) -> WorkingDay:
    first = day.start if start is None else start
    last = day.end + first - day.start if end is None else end
    moved = day.model_copy(update={"start": first, "end": last})
    if last > 24 * 60:
        raise ValueError(f"a day that begins at {clock_text(first)} would end after midnight")
    if moved.paid <= 0:
        raise ValueError(
            f"a day from {clock_text(first)} to {clock_text(last)} leaves no time beside lunch"
        )
    return moved


def _spread(day: WorkingDay, hours: Decimal, basis: Basis, days: int) -> WorkingDay:
    """A day that holds its part of the hours, with the breaks that it then needs."""
    each = -(-int(hours * 60) // days)
    each = -(-each // STEP) * STEP
    for count in range(each + 1):
        paid = each + (count * day.breaks.minutes if basis == "contact" else 0)
        lunch = needs_lunch(day, paid)
        content = paid - count * day.breaks.minutes
        if content <= (count + 1 + lunch) * day.longest_run:
            break
    if paid > day.paid:
        raise ValueError(
            f"{hours_text(hours)} on {days} {'day' if days == 1 else 'days'} are {paid} paid "
            f"minutes a day, and a day from {clock_text(day.start)} to {clock_text(day.end)} "
            f"has {day.paid}: give more days, or a later --day-end"
        )
    unpaid = day.lunch.minutes if lunch else 0
    breaks = day.breaks.model_copy(update={"count": count})
    meal = day.lunch.model_copy(update={"minutes": unpaid})
    return day.model_copy(
        update={"end": day.start + paid + unpaid, "breaks": breaks, "lunch": meal}
    )
