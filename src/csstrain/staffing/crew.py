"""Who serves at which place: people keep their places, and nobody rates whom he or she coached."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from csstrain.staffing.needs import PLAYED, WATCHED, seats
from csstrain.staffing.sheet import Conflict, Lack, Place, Sitting, place_order

T = TypeVar("T", bound=Hashable)
Seat = tuple[Place, int]  # the first seat at a place is that of the first rater
Places = Mapping[Place, Sequence[Sitting]]


@dataclass(frozen=True, slots=True)
class Pools:
    """The people who can serve, each kind in the order in which they are asked.

    `coached` holds, by instrument and person, the trainees whom the person coached in what the
    instrument measures.
    """

    gate: bool
    assessors: tuple[str, ...]
    trainers: tuple[str, ...]
    proctors: tuple[str, ...]
    players: tuple[str, ...]
    coached: Mapping[tuple[str, str], frozenset[int]]

    def coached_in(self, person: str, sitting: Sitting) -> frozenset[int]:
        """The trainees of a sitting whom somebody coached in what is measured there."""
        found = self.coached.get((sitting.place.instrument.id, person), frozenset())
        return found.intersection(sitting.trainees)


@dataclass(slots=True)
class Crew:
    """Who serves at which place for a while, what is lacking, and who rates whom unfairly."""

    raters: dict[Seat, str] = field(default_factory=dict)
    players: dict[Place, str] = field(default_factory=dict)
    proctors: dict[Place, str] = field(default_factory=dict)
    conflicts: list[Conflict] = field(default_factory=list)
    unfair: dict[str, set[int]] = field(default_factory=dict)

    def after(self, last: Crew) -> Crew:
        """Who served last at each place, now and before."""
        return Crew(
            {**last.raters, **self.raters},
            {**last.players, **self.players},
            {**last.proctors, **self.proctors},
        )


def crews(
    change: Sequence[Sitting], pools: Pools, last: Crew
) -> Iterator[tuple[Sequence[Sitting], Crew]]:
    """Who serves during a change; those who served at a place before stay there.

    Only where somebody would rate a trainee whom he or she coached, and an exchange helps, do
    people exchange places inside the change: at the bells that ring for all places at once. Where
    people are lacking anyway, nobody moves, so that the same people are lacking as rules count.
    """
    whole = _crew(change, pools, last)
    if not whole.unfair or whole.conflicts:
        yield change, whole
        return
    parts = []
    for part in _between_bells(change):
        crew = _crew(part, pools, last)
        last = crew.after(last)
        parts.append((part, crew))
    if sum(_weight(each) for _, each in parts) < _weight(whole):
        yield from parts
    else:
        yield change, whole


def _weight(crew: Crew) -> int:
    return sum(map(len, crew.unfair.values()))


def _between_bells(sittings: Sequence[Sitting]) -> Iterator[list[Sitting]]:
    """The sittings of a change, divided where all places change at the same time."""
    part: list[Sitting] = []
    end = 0
    for sitting in sorted(sittings, key=lambda each: each.start):
        if part and sitting.start >= end:
            yield part
            part = []
        part.append(sitting)
        end = max(end, sitting.end)
    yield part


def _crew(sittings: Sequence[Sitting], pools: Pools, last: Crew) -> Crew:
    """People for all places of some sittings; those who served there last are asked first."""
    places: dict[Place, list[Sitting]] = {}
    for sitting in sorted(sittings, key=lambda each: place_order(each.place)):
        places.setdefault(sitting.place, []).append(sitting)
    crew = Crew()
    _seat_raters(crew, places, pools, last)
    played = [place for place in places if place.instrument.type in PLAYED]
    _fill(crew.players, played, pools.players, last.players)
    rating = set(crew.raters.values())
    able = pools.proctors if pools.gate else pools.proctors + pools.assessors
    papers = [place for place in places if place.instrument.type not in WATCHED]
    _fill(crew.proctors, papers, [p for p in able if p not in rating], last.proctors)
    crew.conflicts += _lacks(sittings[0].change, places, crew, pools.gate)
    return crew


def _seat_raters(crew: Crew, places: Places, pools: Pools, last: Crew) -> None:
    every = [(place, n) for place in places for n in range(seats(place.instrument))]
    crew.raters.update(_fair_help(every, places, pools, last))
    left = [seat for seat in every if seat not in crew.raters]
    _fill(crew.raters, left, pools.assessors, last.raters)
    if not pools.gate:
        _unfair_help(crew, [seat for seat in left if seat not in crew.raters], places, pools)


def _fair_help(
    every: Sequence[Seat], places: Places, pools: Pools, last: Crew
) -> Iterator[tuple[Seat, str]]:
    """Trainers and coaches for as many seats as assessors leave, at places where that is fair."""
    lacking = len(every) - len(pools.assessors)
    if pools.gate or lacking <= 0:
        return
    wishes = [_fair(person, every, places, pools, last) for person in pools.trainers]
    for seat, person in matched(wishes, lacking).items():
        yield every[seat], pools.trainers[person]


def _fair(
    person: str, every: Sequence[Seat], places: Places, pools: Pools, last: Crew
) -> list[int]:
    """The numbers of the seats at which somebody meets nobody whom he or she coached."""
    free = {p for p, here in places.items() if not any(pools.coached_in(person, s) for s in here)}
    found = [number for number, (place, _) in enumerate(every) if place in free]
    return sorted(found, key=lambda number: last.raters.get(every[number]) != person)


def matched(wishes: Sequence[Sequence[int]], enough: int) -> dict[int, int]:
    """A seat of its own for as many people as can be, or for `enough` of them.

    `wishes` holds for each person the seats that would do; the answer gives the person of each
    seat taken. Where a seat is taken its holder looks for another one (augmenting paths), so
    there is no way to seat more.

    >>> matched([[0, 1], [0]], 2)
    {0: 1, 1: 0}
    """
    holder: dict[int, int] = {}
    held: dict[int, int] = {}
    for person in range(len(wishes)):
        if len(holder) >= enough:
            break
        seat, asked = _path(wishes, person, holder)
        while seat is not None:
            who = asked[seat]
            before = held.get(who)
            holder[seat], held[who] = who, seat
            seat = before
    return dict(sorted(holder.items()))


def _path(
    wishes: Sequence[Sequence[int]], person: int, holder: Mapping[int, int]
) -> tuple[int | None, dict[int, int]]:
    """A free seat that can be reached, if there is one, and who asked for each on the way."""
    asked: dict[int, int] = {}
    queue = [person]
    for each in queue:
        for seat in wishes[each]:
            if seat in asked:
                continue
            asked[seat] = each
            if seat not in holder:
                return seat, asked
            queue.append(holder[seat])
    return None, asked


def _fill(
    crew: dict[T, str], places: Sequence[T], people: Sequence[str], last: Mapping[T, str]
) -> None:
    """Somebody for each place: who was there last, else the next who is free."""
    free = dict.fromkeys(people)
    for place in places:
        person = last.get(place)
        if person in free:
            crew[place] = person
            del free[person]
    rest = iter(free)
    for place in places:
        if place not in crew and (person := next(rest, None)):
            crew[place] = person


def _unfair_help(crew: Crew, left: Sequence[Seat], places: Places, pools: Pools) -> None:
    """Trainers and coaches for seats that can be filled with nobody who did not coach there."""
    rating = set(crew.raters.values())
    free = [person for person in pools.trainers if person not in rating]
    for seat in left[: len(free)]:
        here = places[seat[0]]
        known = {p: set().union(*(pools.coached_in(p, s) for s in here)) for p in free}
        person = min(known, key=lambda each: len(known[each]))
        free.remove(person)
        crew.raters[seat] = person
        if known[person]:
            crew.unfair[person] = known[person]


def _lacks(change: int, places: Places, crew: Crew, gate: bool) -> Iterator[Conflict]:
    for place in places:
        kind = place.instrument.type
        if any((place, n) not in crew.raters for n in range(seats(place.instrument))):
            yield _lack("rater", change, "rate", place)
        if gate and kind in PLAYED and place not in crew.players:
            yield _lack("player", change, "play the part", place)
        if kind not in WATCHED and place not in crew.proctors:
            yield _lack("proctor", change, "look after the room", place)


def _lack(kind: Lack, change: int, task: str, place: Place) -> Conflict:
    where = f"{place.instrument.title} ({place.room})"
    return Conflict(kind, f"in change {change} nobody is left to {task} at {where}")
