"""Planning: the best agenda found for the hours, or why there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import repeat

from csstrain.agenda import (
    Agenda,
    AgendaDay,
    Basis,
    Bounds,
    GateDeferred,
    LeftOut,
    Proof,
    Shortened,
    hours_text,
)
from csstrain.curriculum import Curriculum
from csstrain.diagnostic import Diagnostic, Outcome, Severity
from csstrain.plan.clock import days
from csstrain.plan.days import dates
from csstrain.plan.hours import QUARTER, Found, Hours
from csstrain.plan.offer import Offer
from csstrain.plan.reasons import why_infeasible, why_left_out, why_unused
from csstrain.plan.value import ksas_of, value


def plan(
    curriculum: Curriculum,
    hours: Decimal | None = None,
    *,
    basis: Basis | None = None,
    start: dt.date | None = None,
) -> Outcome[Agenda]:
    """Plan the hours: choose activities, place them on days, give them minutes and times.

    `hours`, in quarters, and `basis` default to the program's; `start` dates the days, on
    working days that are no holidays. The same input gives the same agenda.

    Three steps, each bounded by counts and not by time. *Choose*: musts and what gates need;
    then, while the least minutes fit, shoulds by value for each minute, then nice ones
    (plan.choose). *Place*: a beam search lays the chosen pieces run after run onto the days,
    in any order that prerequisites allow; what cannot be placed loses its least valuable
    activity and is tried again (plan.place). *Time*: inside each run slack is set aside and
    minutes go, five by five, where they are worth most, first up to each plan, then beyond
    (plan.clock). A run costs at most width × run lengths × fillings steps, so the work grows
    with the runs and with the choices that fail.

    Gates are deferred only where the hours allow no agenda otherwise, the fewest that do.
    Hours are filled exactly where a way is found. Where none is (the content is too short,
    full runs cannot be made of what must be held, or a last day would hold less than half an
    hour of work), the nearest smaller number that can be filled is planned, and the rest is
    unused and said. So hours that work still work when there are more of them, and the
    smallest are found by planning every quarter hour from below until one works.
    """
    hours = curriculum.program.hours if hours is None else hours
    if hours <= 0 or hours * 60 % QUARTER:
        raise ValueError(f"hours must be positive quarters, not {hours}")
    search = Hours(Offer(curriculum), basis or curriculum.program.basis)
    found = search.best(int(hours * 60))
    if not found:
        return _infeasible(search, hours)
    return _feasible(search, hours, found, start)


# ── hours that work ──────────────────────────────────────────────────────────────────


def _feasible(
    search: Hours, hours: Decimal, found: Found, start: dt.date | None
) -> Outcome[Agenda]:
    curriculum, made = search.offer.curriculum, found.draft
    on = dates(start, curriculum.program.holidays) if start else repeat(None)
    planned = days(curriculum, made.calendar, made.slots, made.slack, on)
    left = tuple(_left_out(search.offer, hours, found))
    unused = int(hours * 60) - found.minutes
    agenda = Agenda(
        program=curriculum.program.id,
        hours=hours,
        basis=search.basis,
        feasible=True,
        reasons=(why_unused(search, hours, unused),) if unused else (),
        days=planned,
        prework=_prework(curriculum, left),
        unused=unused,
        left_out=left,
        gates_deferred=tuple(_deferred(curriculum, hours, found, planned)),
        bounds=search.bounds(),
    )
    given = agenda.given()
    agenda = replace(
        agenda,
        shortened=tuple(_shortened(curriculum, given)),
        proof=Proof(_value(search.offer, given)),
    )
    return Outcome(agenda)


def _left_out(offer: Offer, hours: Decimal, found: Found) -> Iterator[LeftOut]:
    for activity in offer.session.values():
        if activity.id not in found.draft.chosen:
            ksas = ksas_of(offer.curriculum, activity)
            why = why_left_out(activity, hours, found)
            yield LeftOut(activity, offer.module_of(activity.id), ksas, why)


def _shortened(curriculum: Curriculum, given: dict[str, int]) -> Iterator[Shortened]:
    for name, activity in curriculum.activities.items():
        if name in given and given[name] < activity.minutes.plan:
            yield Shortened(activity, curriculum.module_of[name].id, given[name])


def _prework(curriculum: Curriculum, left: tuple[LeftOut, ...]) -> int:
    """Paid minutes beside the hours: pre-work, and what becomes pre-work when it is cut."""
    planned = [a for a in curriculum.activities.values() if a.delivery == "prework"]
    instead = [each.activity for each in left if each.activity.instead == "prework"]
    return sum(a.minutes.plan for a in (*planned, *instead))


def _value(offer: Offer, given: dict[str, int]) -> float:
    """The value of an agenda: the sum over its activities (plan.value)."""
    worth = (
        value(offer.needs[name], max(1, offer.session[name].minutes.plan), minutes)
        for name, minutes in given.items()
    )
    return round(sum(worth), 4)


def _deferred(
    curriculum: Curriculum, hours: Decimal, found: Found, planned: tuple[AgendaDay, ...]
) -> Iterator[GateDeferred]:
    """The gates that are moved to the job, each with its approver and the last date."""
    mastery = curriculum.program.mastery
    for each in mastery.deferrals if mastery else ():
        if each.objective in found.need.deferred:
            last = planned[-1].date
            until = f"{each.within_days} days after the last day"
            if last:
                until = (last + dt.timedelta(days=each.within_days)).isoformat()
            why = f"{hours_text(hours)} cannot hold it. {each.why}"
            yield GateDeferred(each.objective, why, each.approved_by, until)


# ── hours that do not work ───────────────────────────────────────────────────────────


def _infeasible(search: Hours, hours: Decimal) -> Outcome[Agenda]:
    curriculum = search.offer.curriculum
    bounds = search.bounds()
    agenda = Agenda(
        program=curriculum.program.id,
        hours=hours,
        basis=search.basis,
        feasible=False,
        reasons=why_infeasible(search, hours, bounds),
        prework=_prework(curriculum, ()),
        bounds=bounds,
    )
    finding = Diagnostic(
        "infeasible-hours",
        Severity.ERROR,
        curriculum.at(curriculum.program.id, "hours"),
        f"{hours_text(hours)} cannot work: {agenda.reasons[0]}",
        _ways_out(bounds),
    )
    return Outcome(agenda, (finding,))


def _ways_out(bounds: Bounds) -> str:
    """What to plan instead."""
    least, alone = bounds.minimum_hours, bounds.minimum_hours_without_deferral
    if least is None:
        return "no number of hours works; change the activities named in the reasons"
    said = f"the smallest number that works is {hours_text(least)}"
    if least != alone:
        said += ", with gates deferred"
        said += f"; {hours_text(alone)} hold every gate" if alone else ""
    return said
