"""Call sheets: who is where at each change of a rotation, and which people that takes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from csstrain.agenda import Agenda, RotationStop
from csstrain.curriculum import Curriculum, decides, measured
from csstrain.model import Activity, Instrument, Rotation, Station
from csstrain.staffing.crew import Crew, Pools, crews
from csstrain.staffing.needs import Call, Needs, call, seats
from csstrain.staffing.partners import (
    PracticeGroup,
    PracticeRound,
    evenly,
    lead_trainers,
    numbered,
    practice_rounds,
    trainers,
)
from csstrain.staffing.second_ratings import with_seconds
from csstrain.staffing.sheet import CallSheet, Conflict, Place, Sitting, place_order, span
from csstrain.wording import words

__all__ = [
    "Call",
    "CallSheet",
    "Needs",
    "PracticeGroup",
    "PracticeRound",
    "Sitting",
    "call",
    "call_sheets",
    "practice_rounds",
    "span",
    "trainers",
]

Stops = Sequence[tuple[int, RotationStop]]  # each with the number of its day


def call_sheets(curriculum: Curriculum, agenda: Agenda) -> tuple[CallSheet, ...]:
    """A call sheet for each rotation of the agenda, in order, over all sessions that it has.

    Trainees are numbered from 1 and divided into groups as evenly as can be. Gates are rated by
    the assessors of the cohort, who are none of its trainers and coaches; so nobody decides about
    somebody whom he or she coached. Elsewhere trainers and coaches help where assessors are too
    few, at places where they meet nobody whom they coached in the modules that the instrument
    measures, wherever there is a way to seat all so. What cannot be is in `conflicts`.
    """
    stops: dict[str, list[tuple[int, RotationStop]]] = {}
    for day in agenda.days:
        for session in day.sessions:
            if session.activity and session.activity.rotation and session.rotation:
                found = stops.setdefault(session.activity.id, [])
                found += ((day.number, stop) for stop in session.rotation)
    rounds: tuple[PracticeRound, ...] = ()
    if any(_trainers_rate(curriculum, curriculum.activities[name]) for name in stops):
        rounds = practice_rounds(curriculum, agenda)
    return tuple(
        _sheet(curriculum, curriculum.activities[name], each, rounds)
        for name, each in stops.items()
    )


def _trainers_rate(curriculum: Curriculum, activity: Activity) -> bool:
    """Whether trainers or coaches may have to rate: no gate, and assessors are too few.

    A second rating needs one rater more than a first one.
    """
    needed = call(curriculum, activity)
    if needed is None or needed.gate:
        return False
    return curriculum.program.cohort.assessors <= needed.assessors


def _sheet(
    curriculum: Curriculum, activity: Activity, stops: Stops, rounds: Sequence[PracticeRound]
) -> CallSheet:
    assert activity.rotation is not None  # nothing else has stops
    first = min((day, stop.start) for day, stop in stops)
    earlier = [each for each in rounds if (each.day, each.start) < first]
    pools = _pools(curriculum, activity, earlier)
    plan = _Layout(curriculum, activity.rotation, stops)
    memory = Crew()
    conflicts = list(_shared_rooms(activity.rotation))
    unfair: dict[str, set[int]] = {}
    staffed: list[Sitting] = []
    for change in plan.changes():
        for part, crew in crews(change, pools, memory):
            memory = crew.after(memory)
            conflicts += crew.conflicts
            staffed += (_served(sitting, crew) for sitting in part)
            for person, trainees in crew.unfair.items():
                unfair.setdefault(person, set()).update(trainees)
    conflicts += (_coaches(person, trainees) for person, trainees in sorted(unfair.items()))
    sittings, lacking = with_seconds(staffed, pools)
    order = sorted(sittings, key=lambda s: (s.day, s.start, place_order(s.place)))
    everybody = (*pools.assessors, *pools.players, *pools.proctors)
    groups = tuple(plan.groups.items())
    return CallSheet(activity, pools.gate, groups, tuple(order), (*conflicts, *lacking), everybody)


def _pools(curriculum: Curriculum, activity: Activity, rounds: Sequence[PracticeRound]) -> Pools:
    cohort = curriculum.program.cohort
    return Pools(
        gate=decides(curriculum, activity),
        assessors=numbered("Assessor", cohort.assessors),
        trainers=trainers(cohort),
        proctors=numbered("Coach", cohort.coaches) + lead_trainers(cohort),
        players=numbered("Role player", cohort.role_players),
        coached=_coached(curriculum, activity, rounds),
    )


def _coached(
    curriculum: Curriculum, activity: Activity, rounds: Sequence[PracticeRound]
) -> Mapping[tuple[str, str], frozenset[int]]:
    """Whom each person coached in the modules that an instrument measures, or in the own one."""
    found: dict[tuple[str, str], frozenset[int]] = {}
    for name in dict.fromkeys(activity.assesses):
        objectives = measured(curriculum.instruments[name])
        modules = {curriculum.module_of[each].id for each in (*objectives, activity.id)}
        for held in rounds:
            for group in held.groups if held.module in modules else ():
                key = (name, group.watched_by)
                found[key] = found.get(key, frozenset()).union(group.trainees)
    return found


def _coaches(person: str, trainees: set[int]) -> Conflict:
    noun = "trainee" if len(trainees) == 1 else "trainees"
    return Conflict("coached", f"{person} rates {noun} {span(trainees)}, whom he or she coached")


def _served(sitting: Sitting, crew: Crew) -> Sitting:
    place = sitting.place
    taken = ((place, seat) for seat in range(seats(place.instrument)))
    return replace(
        sitting,
        raters=tuple(crew.raters[seat] for seat in taken if seat in crew.raters),
        player=crew.players.get(place),
        proctor=crew.proctors.get(place),
    )


def _shared_rooms(rotation: Rotation) -> Iterator[Conflict]:
    first: dict[tuple[str, ...], Station] = {}
    for station in rotation.stations if rotation.groups > 1 else ():
        other = first.setdefault(words(station.room or station.title), station)
        if other is not station:
            text = f"{other.title} and {station.title} are in the same room at once"
            yield Conflict("room", text)


class _Layout:
    """Where each trainee is at each change: groups, places and slots, nobody serving yet."""

    def __init__(self, curriculum: Curriculum, rotation: Rotation, stops: Stops) -> None:
        self._instruments = curriculum.instruments
        self._rotation = rotation
        self._stops = stops
        sizes = evenly(curriculum.program.cohort.trainees, rotation.groups)
        names = sorted({s.group for _, s in stops}, key=lambda name: (len(name), name))
        firsts = [sum(sizes[:number]) for number in range(len(names))]
        self.groups = {
            name: tuple(range(first + 1, first + size + 1))
            for name, first, size in zip(names, firsts, sizes, strict=False)
        }
        self._largest = sizes[0]

    def changes(self) -> Iterator[list[Sitting]]:
        """The sittings of each change that somebody takes part in."""
        order: dict[tuple[int, int], list[RotationStop]] = {}
        for day, stop in sorted(self._stops, key=lambda each: (each[0], each[1].start)):
            order.setdefault((day, stop.start), []).append(stop)
        for change, ((day, _), stops) in enumerate(order.items()):
            found = [
                sitting
                for stop in stops
                for sitting in self._sittings(day, change, stop, self._station(stop, change))
            ]
            if found:
                yield found

    def _station(self, stop: RotationStop, change: int) -> int:
        """The number of the station: at each change every group moves on by one."""
        stations = self._rotation.stations
        turns = max(self._rotation.groups, len(stations))
        number = (list(self.groups).index(stop.group) + change) % turns
        titled = [n for n, station in enumerate(stations) if station.title == stop.station]
        return number if number in titled else titled[0]

    def _sittings(self, day: int, change: int, stop: RotationStop, index: int) -> Iterator[Sitting]:
        """The slots of one group at one station.

        A circuit's trainees stand in a row of blocks. In each slot the row moves on by one: block
        0 begins at the first instrument, block 1 at the second, and each passes all of them.
        """
        station = self._rotation.stations[index]
        used = [self._instruments[name] for name in station.instruments]
        slots = self._slots(station, used)
        minutes = max(each.minutes or 0 for each in used)
        circuits = _divided(self.groups[stop.group], min(station.circuits, self._largest))
        for circuit, inside in enumerate(circuits, 1):
            blocks = _divided(inside, slots)
            for slot in range(slots):
                start = stop.start + slot * minutes
                for turn, instrument in enumerate(used):
                    block = blocks[(turn - slot) % slots]
                    if block:
                        place = self._place(index, circuit, turn, instrument)
                        yield Sitting(
                            day, change + 1, start, start + minutes, stop.group, place, block
                        )

    def _slots(self, station: Station, used: Sequence[Instrument]) -> int:
        """Slots in which the largest group passes the circuit."""
        inside = -(-self._largest // station.circuits)
        return max(len(used), *(-(-inside // each.at_once) for each in used))

    def _place(self, index: int, circuit: int, turn: int, instrument: Instrument) -> Place:
        station = self._rotation.stations[index]
        number = (circuit - 1) * len(station.instruments) + turn + 1
        alone = min(station.circuits, self._largest) * len(station.instruments) == 1
        room = station.room or station.title
        return Place(index + 1, number, station.title, circuit, room, alone, instrument)


def _divided(trainees: Sequence[int], parts: int) -> tuple[tuple[int, ...], ...]:
    """Trainees in parts as even as can be, the order kept."""
    found, first = [], 0
    for size in evenly(len(trainees), parts):
        found.append(tuple(trainees[first : first + size]))
        first += size
    return tuple(found)
