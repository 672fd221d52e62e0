"""Reasons in plain words: why hours cannot work, why something is left out, what would help."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from decimal import Decimal

from csstrain.agenda import Bounds, More, hours_text
from csstrain.model import Activity
from csstrain.plan.choose import Menu, Room, capacity, menu
from csstrain.plan.days import full_day
from csstrain.plan.hours import QUARTER, Found, Hours
from csstrain.plan.offer import RANK
from csstrain.plan.terms import Terms
from csstrain.wording import enumerated

LOOK = (1, 2, 4, 8, 16)  # quarter hours more that are looked at, one after the other
MANY = 300  # activities with which one look has to do
NAMED = 6  # activities named in one reason; more are counted

# ── left out, unused ─────────────────────────────────────────────────────────────────


def why_left_out(activity: Activity, hours: Decimal, found: Found) -> str:
    """Why an activity is not held."""
    terms, offer, held = found.terms, found.terms.offer, found.draft.chosen
    name = activity.id
    if name in offer.needless:
        known = {k.ksa for o in activity.objectives for k in offer.curriculum.objectives[o].ksas}
        return f"the group has {enumerated(sorted(known))} at entry"
    if name in offer.unusable:
        return f"no hours can hold it: {offer.unusable[name]}"
    for other, why in offer.clashes[name].items():
        if other in held:
            return f"{other} is held, and {why}"
    if name in terms.released:
        gates = enumerated(sorted(terms.deferred.intersection(activity.objectives)))
        return f"its gate {gates} is deferred"
    if terms.rank(name) == RANK["nice"] and not terms.firm <= held:
        return "nice to have, and not everything that should be held finds room"
    brought = terms.brings(name, held)
    least = sum(offer.least(each) for each in brought | {name})
    what = f"it needs {least} minutes"
    if brought:
        what += f" together with {_some(sorted(brought))}"
    spare = _spare(found)
    if least > spare:
        return f"{what}; {spare} are free once all that is worth more has its least"
    return f"{what}, which are worth more to what is held"


def _some(names: list[str]) -> str:
    more = len(names) - NAMED
    return enumerated(names) if more <= 1 else f"{', '.join(names[:NAMED])} and {more} more"


def _spare(found: Found) -> int:
    offer, made = found.terms.offer, found.draft
    least = sum(offer.least(name) for name in made.chosen)
    return capacity(made.calendar) - made.slack.least - least


def why_unused(search: Hours, hours: Decimal, unused: int) -> str:
    """Why some of the hours stay unused."""
    if search.room(int(hours * 60)).least > max(card.heaviest for card in search.menus):
        return f"{unused} minutes stay unused: the whole content fills no more"
    if not search.room(int(hours * 60)).ways:
        return f"{unused} minutes stay unused: with them no last day could be laid out"
    return (
        f"{unused} minutes stay unused: what fits into the hours does not make up runs that are "
        "full to the minute in an order that holds"
    )


def more(search: Hours, found: Found) -> More | None:
    """What more hours would buy first; None where nothing is left out that they could."""
    session = search.offer.session
    if all(name in found.draft.chosen for name in found.terms.usable):
        return None
    many = len(found.card.held) > MANY
    for quarters in LOOK[-1:] if many else LOOK:
        minutes = found.minutes + quarters * QUARTER
        choice = found.card.choose(search.room(minutes), full=False, rough=True)
        new = choice.chosen - found.draft.chosen if choice else frozenset()
        if choice and new and len(choice.chosen) > len(found.draft.chosen):
            return More(Decimal(minutes) / 60, tuple(a for n, a in session.items() if n in new))
    return None


# ── hours that do not work ───────────────────────────────────────────────────────────


def why_infeasible(search: Hours, hours: Decimal) -> tuple[str, ...]:
    """Why no agenda was found, with all permitted gates deferred: the first reason first."""
    card = search.menus[-1]
    if card.terms.impossible:
        return card.terms.impossible
    space = search.room(int(hours * 60))
    if not space.ways:
        return tuple(_no_days(search, hours))
    if card.lightest == sys.maxsize:
        return ("what must be held cannot be held together: one excludes what the other needs",)
    if card.lightest > space.most:
        return tuple(_too_much(card, space, hours))
    if card.heaviest < space.least:
        return (f"all activities together do not fill {hours_text(hours)}",)
    run = search.offer.curriculum.program.day.longest_run
    return (
        "what must be held would fit in sum, but not onto runs of at most "
        f"{run} minutes that are full, in the order that prerequisites demand",
    )


def _no_days(search: Hours, hours: Decimal) -> Iterator[str]:
    """Why the hours cannot be laid out as days, whatever they hold."""
    day = search.offer.curriculum.program.day
    minutes = full_day(day, search.basis)
    if hours * 60 >= minutes and not search.room(minutes).ways:
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


def _too_much(card: Menu, space: Room, hours: Decimal) -> Iterator[str]:
    """The minutes that must be held against those that there are."""
    offer, terms = card.terms.offer, card.terms
    way, slack = max(space.ways, key=lambda each: capacity(each[0]) - each[1].least)
    deferred = " even with gates deferred" if terms.deferred else ""
    breaks = sum(shape.breaks for shape in way) * way[0].day.breaks.minutes
    frame = sum(shape.opening + shape.day.closing for shape in way)
    yield (
        f"what must be held needs at least {card.lightest} minutes{deferred}, "
        f"and {hours_text(hours)} {'leaves' if hours == 1 else 'leave'} {space.most}"
    )
    paid = sum(shape.paid for shape in way)
    yield (
        f"the day allows: {paid} paid minutes less {breaks} for breaks, {frame} for opening and "
        f"closing and {slack.least} for slack"
    )
    modules: dict[str, int] = {}
    for name in offer.session:
        if name in terms.musts:
            module = offer.module_of(name)
            modules[module] = modules.get(module, 0) + offer.least(name)
    yield "least minutes by module: " + ", ".join(f"{m} {n}" for m, n in modules.items())


def relaxations(search: Hours, hours: Decimal, bounds: Bounds) -> Iterator[str]:
    """The cheapest ways to make hours work, in words."""
    least, alone = bounds.minimum_hours, bounds.minimum_hours_without_deferral
    if least is not None:
        deferring = ", with gates deferred" if least != alone else ""
        yield f"plan {hours_text(least)}{deferring}"
    card, space = search.menus[-1], search.room(int(hours * 60))
    lacking = card.lightest - space.most
    if card.terms.impossible or not space.ways or not 0 < lacking < sys.maxsize - space.most:
        return
    yield from _demoting(card, space)
    yield from _deferring(card, space)
    slack = max((slack.least for _, slack in space.ways), default=0)
    if slack >= lacking:
        yield f"set `slack: min` to 0: that frees {slack} minutes, and {lacking} are lacking"


def _demoting(card: Menu, space: Room) -> Iterator[str]:
    """The musts of which training loses least if they become shoulds."""
    terms = card.terms
    free = menu(Terms(terms.offer, terms.deferred, terms.musts))
    kept = free.keeping(terms.musts, space.most)
    gone = [n for n in terms.offer.session if n in terms.musts - kept]
    if gone and kept:
        minutes = sum(terms.offer.least(n) for n in gone)
        yield (
            f"make should of {_some(gone)}: of all that must be held training loses least by "
            f"these {minutes} minutes"
        )


def _deferring(card: Menu, space: Room) -> Iterator[str]:
    """Gates of which any one would be enough, if it could be deferred."""
    terms = card.terms
    for gate in terms.gates:
        without = menu(Terms(terms.offer, terms.deferred | {gate}))
        if without.lightest <= space.most:
            yield (
                f"let the mastery policy name who may approve deferring the gate {gate}: without "
                f"it {without.lightest} minutes must be held"
            )
