"""Planning: the best agenda that the hours allow, proven and explained, or why there is none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import repeat
from math import ceil, floor

from csstrain.agenda import (
    Agenda,
    AgendaDay,
    Basis,
    Bounds,
    CurvePoint,
    GateDeferred,
    LeftOut,
    Proof,
    Shortened,
    hours_text,
)
from csstrain.curriculum import Curriculum
from csstrain.diagnostic import Diagnostic, Outcome, Severity
from csstrain.plan.clock import days
from csstrain.plan.curve import points
from csstrain.plan.days import dates
from csstrain.plan.hours import QUARTER, Found, Hours
from csstrain.plan.offer import Offer
from csstrain.plan.reasons import more, relaxations, why_infeasible, why_left_out, why_unused
from csstrain.plan.value import ksas_of

__all__ = ["curve", "plan", "what_if"]


def plan(
    curriculum: Curriculum,
    hours: Decimal | None = None,
    *,
    basis: Basis | None = None,
    start: dt.date | None = None,
    known: Collection[str] = (),
) -> Outcome[Agenda]:
    """Plan the hours: choose activities, place them on days, give them minutes and times.

    `hours`, in quarters, and `basis` default to the program's; `start` dates the days, on
    working days that are no holidays; `known` are KSAs that the whole group has met, so that
    nothing is held for their sake. The same input gives the same agenda.

    Three steps, each bounded by counts and not by time. *Choose* (plan.choose): a linear program
    picks the activities whose minutes are worth most in sum; what it is worth bounds every
    agenda of these hours. *Place* (plan.place): a beam search lays the chosen pieces run by run
    onto the days, from the last to the first, in any order that prerequisites allow, so that
    little value and much comfort is left; where a choice cannot be placed the next one is, and
    small programs are searched without leaving anything out (plan.exact). *Time* (plan.clock):
    slack is set aside where it costs least, and in each run the next five minutes go where they
    are worth most.

    Gates are deferred only where the hours allow no agenda otherwise, the fewest that do.
    Hours are filled exactly where a way is found. Where none is (the content is too short,
    full runs cannot be made of what must be held, or a last day would hold less than half an
    hour of work), the nearest smaller number that can be filled is planned, and the rest is
    unused and said. So hours that work still work when there are more of them, and the
    smallest are found by planning every quarter hour from below until one works.
    """
    return what_if(curriculum, (hours,), basis=basis, start=start, known=known)[0]


def what_if(
    curriculum: Curriculum,
    hours: Sequence[Decimal | None],
    *,
    basis: Basis | None = None,
    start: dt.date | None = None,
    known: Collection[str] = (),
) -> tuple[Outcome[Agenda], ...]:
    """The plans for several numbers of hours, each as `plan` makes it."""
    wanted = [curriculum.program.hours if each is None else each for each in hours]
    for each in wanted:
        if each <= 0 or each * 60 % QUARTER:
            raise ValueError(f"hours must be positive quarters, not {each}")
    search = Hours(Offer(curriculum, frozenset(known)), basis or curriculum.program.basis)
    return tuple(_planned(search, each, start) for each in wanted)


def curve(
    curriculum: Curriculum, *, basis: Basis | None = None, known: Collection[str] = ()
) -> tuple[CurvePoint, ...]:
    """What any hours give at best, from the smallest that work to those that lose nothing."""
    offer = Offer(curriculum, frozenset(known))
    return tuple(points(Hours(offer, basis or curriculum.program.basis)))


def _planned(search: Hours, hours: Decimal, start: dt.date | None) -> Outcome[Agenda]:
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
        proof=_proof(made.worth, search.bound(found, int(hours * 60))),
        bounds=search.bounds(),
        more=more(search, found),
        needs=tuple(search.offer.needs.values()),
        known=tuple(sorted(search.offer.known)),
    )
    shortened = tuple(_shortened(curriculum, agenda.given()))
    return Outcome(replace(agenda, shortened=shortened))


def _proof(value: float, bound: float) -> Proof:
    """The value, the bound, and how far one can be from the other, rounded up."""
    value, bound = floor(value * 10_000) / 10_000, ceil(max(value, bound) * 10_000) / 10_000
    gap = ceil((bound - value) / bound * 10_000 - 1e-9) / 10_000 if bound else 0.0
    return Proof(value, bound, gap)


def _left_out(offer: Offer, hours: Decimal, found: Found) -> Iterator[LeftOut]:
    for activity in offer.curriculum.activities.values():
        if activity.delivery == "session" and activity.id not in found.draft.chosen:
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


def _deferred(
    curriculum: Curriculum, hours: Decimal, found: Found, planned: tuple[AgendaDay, ...]
) -> Iterator[GateDeferred]:
    """The gates that are moved to the job, each with its approver and the last date."""
    mastery = curriculum.program.mastery
    for each in mastery.deferrals if mastery else ():
        if each.objective in found.terms.deferred:
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
        reasons=why_infeasible(search, hours),
        prework=_prework(curriculum, ()),
        bounds=bounds,
        relaxations=tuple(relaxations(search, hours, bounds)),
        needs=tuple(search.offer.needs.values()),
        known=tuple(sorted(search.offer.known)),
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
