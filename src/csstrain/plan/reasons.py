"""Reasons in plain words: why hours cannot work, why something is left out or unused."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from csstrain.agenda import Bounds, hours_text
from csstrain.model import Activity
from csstrain.plan.choose import Need, Room, capacity, room
from csstrain.plan.days import full_day
from csstrain.plan.hours import Found, Hours
from csstrain.wording import enumerated

# ── left out, unused ─────────────────────────────────────────────────────────────────


def why_left_out(activity: Activity, hours: Decimal, found: Found) -> str:
    """Why an activity is not held."""
    need, offer = found.need, found.need.offer
    name = activity.id
    if name in offer.unusable:
        return f"no hours can hold it: {offer.unusable[name]}"
    for other, why in offer.clashes[name].items():
        if other in found.draft.chosen:
            return f"{other} is held, and {why}"
    group = {name} | need.companions(name, set(found.draft.chosen))
    least = sum(offer.least(each) for each in group)
    what = f"its {least} minutes"
    if len(group) > 1:
        what = (
            f"the {least} minutes that it needs together with {enumerated(sorted(group - {name}))}"
        )
    if name in need.released:
        gates = enumerated(sorted(need.deferred.intersection(activity.objectives)))
        return f"{hours_text(hours)} have no room for {what}, and its gate {gates} is deferred"
    spare = _spare(found)
    if need.rank(name) == 2 and _should_waits(found):
        return f"nice to have, and {hours_text(hours)} do not even hold everything that should be"
    if least > spare:
        return (
            f"{hours_text(hours)} have no room for {what}: {spare} are left once everything that "
            "is more important, or worth more for its time, has its least"
        )
    return f"{what} would fit in sum, but no way was found to place them in runs that are full"


def _spare(found: Found) -> int:
    offer, made = found.need.offer, found.draft
    least = sum(offer.least(name) for name in made.chosen)
    return capacity(made.calendar) - made.slack.least - least


def _should_waits(found: Found) -> bool:
    need = found.need
    return any(n not in found.draft.chosen and need.rank(n) < 2 for n in need.ranked)


def why_unused(search: Hours, hours: Decimal, unused: int) -> str:
    """Why some of the hours stay unused."""
    if hours * 60 > search.full:
        return f"{unused} minutes stay unused: the whole content fills no more"
    if not room(search.needs[0], search.basis, int(hours * 60)).ways:
        return f"{unused} minutes stay unused: with them no last day could be laid out"
    return (
        f"{unused} minutes stay unused: what fits into the hours does not make up runs that are "
        "full to the minute in an order that holds"
    )


# ── hours that do not work ───────────────────────────────────────────────────────────


def why_infeasible(search: Hours, hours: Decimal, bounds: Bounds) -> tuple[str, ...]:
    """Why no agenda was found, with all permitted gates deferred: the first reason first."""
    need = search.needs[-1]
    if need.impossible:
        return need.impossible
    space = room(need, search.basis, int(hours * 60))
    if not space.ways:
        return tuple(_no_days(search, hours))
    if not space.holds(need.required):
        return tuple(_too_much(need, space, hours))
    if not space.filled(search.everything):
        return (f"all activities together do not fill {hours_text(hours)}",)
    run = need.offer.curriculum.program.day.longest_run
    return (
        "what must be held would fit in sum, but not onto runs of at most "
        f"{run} minutes that are full, in the order that prerequisites demand",
    )


def _no_days(search: Hours, hours: Decimal) -> Iterator[str]:
    """Why the hours cannot be laid out as days, whatever they hold."""
    day = search.offer.curriculum.program.day
    minutes = full_day(day, search.basis)
    if hours * 60 >= minutes and not room(search.needs[0], search.basis, minutes).ways:
        yield (
            f"a full day of {day.paid} paid minutes with {day.breaks.count} breaks and lunch "
            f"cannot be laid out in runs of at most {day.longest_run} minutes"
        )
    else:
        rest = int(hours * 60) % minutes if minutes > 0 else 0
        yield (
            f"the last day would have {rest} minutes, which cannot be laid out with opening, "
            "closing, and lunch in its window"
        )


def _too_much(need: Need, space: Room, hours: Decimal) -> Iterator[str]:
    """The minutes that must be held against those that there are."""
    offer = need.offer
    way, slack = max(space.ways, key=lambda each: capacity(each[0]) - each[1].least)
    least = {name: offer.least(name) for name in offer.session if name in need.required}
    deferred = " even with gates deferred" if need.deferred else ""
    breaks = sum(shape.breaks for shape in way) * way[0].day.breaks.minutes
    frame = sum(shape.opening + shape.day.closing for shape in way)
    yield (
        f"what must be held needs at least {sum(least.values())} minutes{deferred}, "
        f"and {hours_text(hours)} leave {capacity(way) - slack.least}"
    )
    paid = sum(shape.paid for shape in way)
    yield (
        f"the day allows: {paid} paid minutes less {breaks} for breaks, {frame} for opening and "
        f"closing and {slack.least} for slack"
    )
    modules: dict[str, int] = {}
    for name, minutes in least.items():
        module = offer.module_of(name)
        modules[module] = modules.get(module, 0) + minutes
    yield "least minutes by module: " + ", ".join(f"{m} {n}" for m, n in modules.items())
