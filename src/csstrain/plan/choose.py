"""Choosing: which activities run, musts and gates first, then what is worth most for its time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from math import ceil, floor

from csstrain.agenda import Basis
from csstrain.curriculum import measured, practices
from csstrain.model import Activity, WorkingDay
from csstrain.plan.chains import chains
from csstrain.plan.days import Calendar, calendars
from csstrain.plan.offer import RANK, TEACHING, Offer
from csstrain.plan.place import FEW_WIDTHS, WIDTHS, SlackRange, Slot, place

ROOM_TRIES = 8  # other first choices tried when the musts alone cannot fill the hours
SERVICES = ("teach", "practice", "assess")  # what every gate needs
REFILLS = 8  # activities tried once more after others had to go


@dataclass(frozen=True)
class Need:
    """What must be held whatever it costs, given the gates that are deferred."""

    offer: Offer
    deferred: frozenset[str]

    @cached_property
    def released(self) -> frozenset[str]:
        """Musts that serve deferred gates and no other gate: they may go like a should."""
        gates = {o.id for o in self.offer.curriculum.objectives.values() if o.gate}
        return frozenset(
            a.id
            for a in self.offer.session.values()
            if a.priority == "must"
            and gates.intersection(a.objectives)
            and gates.intersection(a.objectives) <= self.deferred
        )

    def rank(self, activity: str) -> int:
        """0 for must, 1 for should, 2 for nice; a released must counts as a should."""
        priority = self.offer.session[activity].priority
        return 1 if activity in self.released else RANK[priority]

    @cached_property
    def impossible(self) -> tuple[str, ...]:
        """Why no hours at all can work: what must be held cannot be, alone or together."""
        unusable, clashes = self.offer.unusable, self.offer.clashes
        musts = [n for n in self.offer.session if self.rank(n) == 0 and n in unusable]
        pairs = [
            f"{one} and {two} must both be held, but as for {one}, {why}"
            for one in sorted(self.required)
            for two, why in clashes[one].items()
            if two in self.required and one < two
        ]
        gates = (self._unserved(gate, kind) for gate in self._gates() for kind in SERVICES)
        return (
            *(f"{name} must be held, but {unusable[name]}" for name in musts),
            *pairs,
            *filter(None, gates),
        )

    def _gates(self) -> Iterator[str]:
        """The gates that stay."""
        for objective in self.offer.curriculum.objectives.values():
            if objective.gate and objective.id not in self.deferred:
                yield objective.id

    def _unserved(self, gate: str, kind: str) -> str | None:
        """Why a gate is not taught, practiced or assessed, though something is there to do it."""
        able = [a.id for a in self._serving(gate, kind)]
        if not able or self.required.intersection(able):
            return None
        clash = next((c for n in able for c in self.offer.clashes[n].values()), "")
        return f"the gate {gate} needs {able[0]}, but {self.offer.unusable.get(able[0], clash)}"

    @cached_property
    def required(self) -> frozenset[str]:
        """Musts, what each gate needs to be taught, practiced and assessed, and what these need."""
        chosen: set[str] = set()
        for name in self.offer.session:
            if self.rank(name) == 0 and name not in self.offer.unusable:
                chosen.add(name)
        for gate in self._gates():
            for kind in SERVICES:
                self._ensure(gate, kind, chosen)
        for name in sorted(chosen):
            chosen |= self.companions(name, chosen, RANK["must"])
        return frozenset(chosen)

    def _ensure(self, objective: str, kind: str, chosen: set[str]) -> None:
        held = [a.id for a in self._serving(objective, kind)]
        able = self._able(objective, kind, chosen)
        if able and not chosen.intersection(held):
            chosen.add(self._best(able))

    def fits_with(self, name: str, held: Collection[str]) -> bool:
        """Whether an activity can be held beside others, whatever the hours."""
        clashes = self.offer.clashes[name]
        return name not in self.offer.unusable and not any(other in clashes for other in held)

    def compatible(self, chosen: Collection[str]) -> bool:
        """Whether no two of these exclude each other, and no pre-test lacks the first."""
        first = self.offer.pretest
        later = any(a.id in chosen for a in self.offer.pretests)
        if first and later and first.id not in chosen:
            return False
        return all(self.fits_with(name, chosen) for name in chosen)

    def _able(self, objective: str, kind: str, held: Collection[str]) -> list[str]:
        """Activities that may teach, practice or assess an objective beside what is held."""
        return [a.id for a in self._serving(objective, kind) if self.fits_with(a.id, held)]

    def _serving(self, objective: str, kind: str) -> Iterator[Activity]:
        """Activities that teach, practice or assess an objective."""
        for activity in self.offer.session.values():
            if kind == "assess":
                if objective in self._measures(activity):
                    yield activity
            elif objective in activity.objectives:
                teaches = kind == "teach" and activity.phase in TEACHING
                if teaches or (kind == "practice" and practices(self.offer.curriculum, activity)):
                    yield activity

    def _measures(self, activity: Activity) -> set[str]:
        instruments = self.offer.curriculum.instruments
        named = {o for name in activity.assesses for o in measured(instruments[name])}
        return named | set(activity.objectives if activity.phase == "assess" else ())

    def companions(self, name: str, chosen: set[str], rank: int = RANK["should"]) -> set[str]:
        """What an activity brings along, so that nothing is practiced that was not taught.

        Practice brings teaching of its objectives, assessment brings practice, and teaching
        brings some practice, each where nothing chosen does it yet and the content has it, at
        most as dispensable as `rank`. A final assessment brings feedback that follows it; a
        pre-test brings the first one.
        """
        found = {name}
        queue = [name]
        while queue:
            for each in self._needs(queue.pop(), chosen | found, rank):
                if each not in chosen | found:
                    found.add(each)
                    queue.append(each)
        return found - {name}

    def _needs(self, name: str, held: set[str], rank: int) -> Iterator[str]:
        """What an activity needs beside it that is not held yet."""
        activity = self.offer.session[name]
        if activity in self.offer.pretests and self.offer.pretest:
            yield self.offer.pretest.id
        elif not activity.retrieval:
            yield from self._before(activity, held, rank)
        if activity.phase in TEACHING:
            yield from self._practice(activity, held, rank)
        if name in self.offer.finals:
            finals = tuple(f for f in self.offer.finals if f in held)
            follow = [a for a in self.offer.feedback_after(finals) if self.fits_with(a.id, held)]
            if follow and not held.intersection(a.id for a in follow):
                yield follow[0].id

    def _before(self, activity: Activity, held: set[str], rank: int) -> Iterator[str]:
        """Teaching for what is practiced, practice for what is assessed or debriefed."""
        kind = {"practice": "teach", "assess": "practice", "debrief": "practice"}.get(
            activity.phase
        )
        measured = activity.phase == "assess"
        objectives = self._measures(activity) if measured else activity.objectives
        for objective in sorted(objectives) if kind else ():
            able = self._able(objective, kind or "", held)
            early = [a for a in able if not self._late(a, activity.id) and self.rank(a) <= rank]
            if early and not held.intersection(able):
                yield self._best(early)

    def _practice(self, activity: Activity, held: set[str], rank: int) -> Iterator[str]:
        """Practice of at least one of the objectives that are taught."""
        able = [name for o in activity.objectives for name in self._able(o, "practice", held)]
        after = [a for a in able if not self._late(activity.id, a) and self.rank(a) <= rank]
        if after and not held.intersection(able):
            yield self._best(after)

    def _best(self, names: list[str]) -> str:
        return min(names, key=lambda a: (self.rank(a), -self._density({a}), a))

    def _late(self, one: str, other: str) -> bool:
        return self.offer.must_precede(self.offer.session[other], self.offer.session[one])

    def _density(self, names: Iterable[str]) -> float:
        """Value for each minute, at the least minutes."""
        each = sorted(names)
        minutes = sum(self.offer.least(n) for n in each)
        return sum(self.offer.worth(n) for n in each) / minutes

    @cached_property
    def ranked(self) -> tuple[str, ...]:
        """Everything that may go, in the order in which it is worth keeping.

        Shoulds before nice ones, what a KSA would be lost without before the rest, then by
        value for each minute, companions included.
        """
        free = self.offer.session.keys() - self.required - self.offer.unusable.keys()
        held = set(self.required)
        worth = {n: self._density({n} | self.companions(n, held)) for n in free}
        return tuple(
            sorted(free, key=lambda n: (self.rank(n), n not in self.first_cover, -worth[n], n))
        )

    @cached_property
    def first_cover(self) -> frozenset[str]:
        """Shoulds without which some KSA would not be taught, practiced or assessed at all."""
        held = set(self.required)
        first: set[str] = set()
        for ksa in sorted(self.offer.curriculum.ksas.values(), key=lambda k: k.id):
            serving = [
                objective.id
                for objective in self.offer.curriculum.objectives_of_ksa[ksa.id]
                if any(k.ksa == ksa.id and k.level >= ksa.required > 0 for k in objective.ksas)
            ]
            for kind in SERVICES:
                able = [a for o in serving for a in self._able(o, kind, held)]
                wanted = [a for a in able if self.rank(a) <= RANK["should"]]
                if wanted and not held.intersection(able):
                    best = self._best(wanted)
                    group = {best} | self.companions(best, held)
                    held |= group
                    first |= group
        return frozenset(first)


@dataclass(frozen=True, slots=True)
class Draft:
    """Activities with the runs that they were placed on."""

    calendar: Calendar
    slack: SlackRange
    slots: tuple[Slot, ...]
    chosen: frozenset[str]


def slack_range(day: WorkingDay, calendar: Calendar) -> SlackRange:
    """The least and most minutes of slack for a calendar, from its share of paid time.

    Both are whole minutes; where none lies within the share, the next above it will do.
    """
    paid = sum(shape.paid for shape in calendar)
    least = ceil(paid * day.slack.min / 100)
    return SlackRange(least, max(least, floor(paid * day.slack.max / 100)))


@dataclass(frozen=True)
class Room:
    """The ways to lay out the hours, and whether a choice of activities could fill one.

    With `spaced`, activities that retrieve earlier content may come later than their module.
    """

    need: Need
    ways: tuple[tuple[Calendar, SlackRange], ...]
    spaced: bool = False
    _placed: dict[frozenset[str], Draft | None] = field(default_factory=dict)

    def holds(self, chosen: Iterable[str]) -> bool:
        """Whether the least minutes of all fit, so far as sums can tell."""
        least = self.least(chosen)
        return any(least + slack.least <= capacity(way) for way, slack in self.ways)

    def least(self, chosen: Iterable[str]) -> int:
        """The least minutes of all."""
        return sum(self.need.offer.least(n) for n in chosen)

    def tight(self, chosen: Iterable[str]) -> bool:
        """Whether the planned minutes of all are more than the hours hold."""
        plan = sum(p.plan for n in chosen for p in self.need.offer.pieces[n])
        return all(plan + slack.least > capacity(way) for way, slack in self.ways)

    def filled(self, chosen: Iterable[str]) -> bool:
        """Whether the most minutes of all fill the hours, so far as sums can tell."""
        most = sum(self.need.offer.most(n) for n in chosen)
        return any(most + slack.most >= capacity(way) for way, slack in self.ways)

    def place(self, chosen: frozenset[str]) -> Draft | None:
        """The choice on the first calendar that takes it; each choice is tried once."""
        if chosen not in self._placed:
            self._placed[chosen] = self._place(chosen)
        return self._placed[chosen]

    def _place(self, chosen: frozenset[str]) -> Draft | None:
        if not (self.holds(chosen) and self.filled(chosen)):
            return None
        work = chains(self.need.offer, chosen, self.spaced)
        for way, slack in self.ways:
            slots = place(work, way, slack, FEW_WIDTHS if self.spaced else WIDTHS)
            if slots is not None:
                return Draft(way, slack, slots, chosen)
        return None


def room(need: Need, basis: Basis, minutes: int) -> Room:
    """The ways to lay out so many minutes of the basis."""
    day = need.offer.curriculum.program.day
    return Room(need, tuple((way, slack_range(day, way)) for way in calendars(day, basis, minutes)))


def capacity(calendar: Calendar) -> int:
    """Minutes for activities and slack in all days."""
    return sum(shape.usable for shape in calendar)


def draft(space: Room) -> Draft | None:
    """The best choice that could be placed, or None where none could.

    Everything required is held. Shoulds are added while their least minutes fit, those worth
    most for each minute first; nice ones only when no should is left out, or when the hours
    could not be filled otherwise. If the choice cannot be placed, what was added last goes,
    until it can; then what was left out is tried once more. Retrieval stays in the listed
    order of its module where it can.
    """
    if not space.holds(space.need.required):
        return None
    found = _draft(space)
    if found or not space.need.required & space.need.offer.retrieval:
        return found
    return _draft(Room(space.need, space.ways, spaced=True))


def _draft(space: Room) -> Draft | None:
    need = space.need
    if space.tight(need.required) and not space.place(need.required):
        return None  # more activities would only make it tighter
    order = need.ranked
    found = _descend(space, order)
    if found or space.filled(need.required):
        return found
    for first in order[:ROOM_TRIES]:
        found = _descend(space, (first, *(name for name in order if name != first)))
        if found:
            return found
    return None


def _descend(space: Room, order: tuple[str, ...]) -> Draft | None:
    """Add in this order what fits; drop from the end until it can be placed; refill.

    The more is dropped, the easier it is to place the rest, so the last group that can stay is
    found by doubling what is dropped and then halving the difference.
    """
    groups = list(_grow(space, order, space.need.required))
    keep, failed, step = len(groups), len(groups) + 1, 1
    found = space.place(space.need.required.union(*groups))
    while not found and keep:
        failed, keep, step = keep, max(0, keep - step), step * 2
        found = space.place(space.need.required.union(*groups[:keep]))
    while found and failed - keep > 1:
        middle = (keep + failed) // 2
        more = space.place(space.need.required.union(*groups[:middle]))
        found, keep, failed = (more, middle, failed) if more else (found, keep, middle)
    if not found or keep == len(groups):
        return found
    return _refill(space, order, found, space.least(space.need.required.union(*groups[:failed])))


def _grow(space: Room, order: tuple[str, ...], chosen: frozenset[str]) -> Iterator[frozenset[str]]:
    """Activities with their companions, as long as their least minutes fit."""
    for name in order:
        if name in chosen or not _may_come(space, order, name, chosen):
            continue
        group = frozenset({name} | space.need.companions(name, set(chosen)))
        if space.need.compatible(chosen | group) and space.holds(chosen | group):
            chosen |= group
            yield group


def _may_come(space: Room, order: tuple[str, ...], name: str, chosen: frozenset[str]) -> bool:
    """Whether nothing more important is left out, or the hours need it to be filled."""
    rank = space.need.rank
    if rank(name) < RANK["nice"] or not space.filled(chosen):
        return True
    return all(other in chosen for other in order if rank(other) < RANK["nice"])


def _refill(space: Room, order: tuple[str, ...], found: Draft, too_much: int) -> Draft:
    """Add what was left out, best first, as long as it is less than what could not be placed."""
    tries = 0
    for name in order:
        if (
            tries == REFILLS
            or name in found.chosen
            or not _may_come(space, order, name, found.chosen)
        ):
            continue
        group = {name} | space.need.companions(name, set(found.chosen))
        allowed = space.need.compatible(found.chosen | group)
        if allowed and space.least(found.chosen | group) < too_much:
            found = space.place(found.chosen | group) or found
            tries += 1
    return found
