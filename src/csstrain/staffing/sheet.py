"""A call sheet as a value: places, sittings, second ratings, and the views that people print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from csstrain.model import Activity, Instrument

WIDEST = 6  # places side by side in one table of a call sheet


def span(numbers: Iterable[int]) -> str:
    """Numbers in rising order, neighbors drawn together.

    >>> span([3, 1, 2, 5, 7, 8])
    '1–3, 5, 7, 8'
    """
    runs: list[list[int]] = []
    for each in sorted(numbers):
        if runs and each == runs[-1][-1] + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return ", ".join(f"{r[0]}–{r[-1]}" if len(r) > 2 else ", ".join(map(str, r)) for r in runs)


@dataclass(frozen=True, slots=True)
class Place:
    """One instrument in one circuit of a station.

    `station`, `circuit`, and `number` among the places of its station, count from 1; `where` is
    what the author says about the room, and `alone` whether the station has no other place.
    """

    station: int
    number: int
    title: str
    circuit: int
    where: str
    alone: bool
    instrument: Instrument = field(compare=False)  # large, and told by the rest

    @property
    def room(self) -> str:
        """The room, by a number where the station has several."""
        return self.where if self.alone else f"{self.where}, no. {self.number}"


@dataclass(frozen=True, slots=True)
class Second:
    """The second rating of one trainee: by whom, and from what.

    `rater` is None where nobody is left who may rate.
    """

    trainee: int
    rater: str | None
    how: Literal["in the room", "from the recording", "from the paper"]


@dataclass(frozen=True, slots=True)
class Sitting:
    """Trainees at one place from `start` to `end`, in minutes after midnight, and who serves.

    `change` counts from 1. The first of `raters` gives the first rating. Without a `player`
    a fellow trainee plays.
    """

    day: int
    change: int
    start: int
    end: int
    group: str
    place: Place
    trainees: tuple[int, ...]
    raters: tuple[str, ...] = ()
    player: str | None = None
    proctor: str | None = None
    seconds: tuple[Second, ...] = ()

    @property
    def who(self) -> str:
        """The numbers of its trainees."""
        return span(self.trainees)


Lack = Literal["rater", "coached", "player", "proctor", "second", "room"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something that the people and rooms of the cohort do not allow, in words."""

    kind: Lack
    text: str


@dataclass(frozen=True, slots=True)
class Board:
    """Places side by side, with what happens at each of them in each slot.

    They are those of one station, or of all stations that have only one place (`alone`).
    Each row holds a sitting for each place, or None where nobody is there. `raters`, `players`
    and `proctors` hold for each place those who serve there all the time, or nothing where they
    change.
    """

    title: str
    alone: bool
    places: tuple[Place, ...]
    raters: tuple[str, ...]
    players: tuple[str, ...]
    proctors: tuple[str, ...]
    rows: tuple[tuple[Sitting | None, ...], ...]


@dataclass(frozen=True, slots=True)
class Duty:
    """What somebody does at a place during a change; times in minutes after midnight."""

    day: int
    change: int
    start: int
    end: int
    does: Literal["rates", "rates second", "plays", "looks after"]
    place: Place
    group: str
    trainees: tuple[int, ...]

    @property
    def who(self) -> str:
        """The numbers of the trainees."""
        return span(self.trainees)


@dataclass(frozen=True, slots=True)
class Person:
    """The own call sheet of one person: where to be when, and what to rate afterwards."""

    name: str
    duties: tuple[Duty, ...]
    afterwards: tuple[tuple[Sitting, Second], ...]

    @property
    def posts(self) -> tuple[tuple[Duty, ...], ...]:
        """The duties by what is done and where."""
        found: dict[tuple[str, Place], list[Duty]] = {}
        for duty in self.duties:
            found.setdefault((duty.does, duty.place), []).append(duty)
        return tuple(tuple(each) for each in found.values())


@dataclass(frozen=True, slots=True)
class CallSheet:
    """A rotation with everybody's place: groups by letter, sittings in order, what is lacking."""

    activity: Activity
    gate: bool
    groups: tuple[tuple[str, tuple[int, ...]], ...]
    sittings: tuple[Sitting, ...]
    conflicts: tuple[Conflict, ...]
    crew: tuple[str, ...] = ()

    @property
    def boards(self) -> tuple[Board, ...]:
        """The tables of the sheet, station by station."""
        places = sorted({s.place for s in self.sittings}, key=place_order)
        stations: dict[int, list[Place]] = {}
        for place in places:
            stations.setdefault(0 if place.alone else place.station, []).append(place)
        return tuple(
            self._board(some[n : n + WIDEST])
            for some in stations.values()
            for n in range(0, len(some), WIDEST)
        )

    def _board(self, places: Sequence[Place]) -> Board:
        here: dict[Place, list[Sitting]] = {place: [] for place in places}
        rows: dict[tuple[int, int, int], dict[Place, Sitting]] = {}
        for sitting in self.sittings:
            if sitting.place in here:
                here[sitting.place].append(sitting)
                rows.setdefault((sitting.day, sitting.start, sitting.end), {})[sitting.place] = (
                    sitting
                )
        return Board(
            ", ".join(dict.fromkeys(p.title for p in places)),
            places[0].alone,
            tuple(places),
            tuple(_steady(", ".join(s.raters) for s in here[p]) for p in places),
            tuple(_steady(s.player or "" for s in here[p]) for p in places),
            tuple(_steady(s.proctor or "" for s in here[p]) for p in places),
            tuple(tuple(rows[time].get(p) for p in places) for time in sorted(rows)),
        )

    @property
    def times(self) -> tuple[tuple[int, int, int], ...]:
        """Each day on which it takes place, with the first start and the last end."""
        return tuple(
            (day, min(s.start for s in here), max(s.end for s in here))
            for day in self.days
            for here in [[s for s in self.sittings if s.day == day]]
        )

    @property
    def days(self) -> tuple[int, ...]:
        """The numbers of the days on which it takes place."""
        return tuple(sorted({each.day for each in self.sittings}))

    @property
    def people(self) -> tuple[Person, ...]:
        """Everybody who has something to do, with the own call sheet."""
        every = (Person(name, *self._duties(name)) for name in self.crew)
        return tuple(each for each in every if each.duties or each.afterwards)

    @property
    def free(self) -> tuple[str, ...]:
        """People of the cohort who have no place on the sheet."""
        busy = {each.name for each in self.people}
        return tuple(name for name in self.crew if name not in busy)

    def _duties(self, name: str) -> tuple[tuple[Duty, ...], tuple[tuple[Sitting, Second], ...]]:
        duties: list[Duty] = []
        afterwards: list[tuple[Sitting, Second]] = []
        for sitting in self.sittings:
            for each in _tasks(name, sitting):
                _join(duties, each)
            afterwards += (
                (sitting, second)
                for second in sitting.seconds
                if second.rater == name and second.how != "in the room"
            )
        return tuple(duties), tuple(afterwards)

    @property
    def ways(self) -> tuple[tuple[int, tuple[Sitting, ...]], ...]:
        """The way of each trainee through the places."""
        found: dict[int, list[Sitting]] = {t: [] for _, group in self.groups for t in group}
        for sitting in self.sittings:
            for trainee in sitting.trainees:
                found[trainee].append(sitting)
        return tuple((trainee, tuple(way)) for trainee, way in found.items())

    @property
    def second_ratings(self) -> tuple[tuple[Sitting, Second], ...]:
        """All second ratings that are set, beside those of instruments with two raters."""
        return tuple((s, second) for s in self.sittings for second in s.seconds)


def place_order(place: Place) -> tuple[int, int]:
    """The order of places in a rotation: station by station, circuit by circuit."""
    return place.station, place.number


def _steady(names: Iterable[str]) -> str:
    """The name that is the same everywhere, or nothing."""
    found = set(names)
    return found.pop() if len(found) == 1 else ""


def _tasks(name: str, sitting: Sitting) -> Iterator[Duty]:
    when = (sitting.day, sitting.change, sitting.start, sitting.end)
    where = (sitting.place, sitting.group)
    if name in sitting.raters:
        first = name == sitting.raters[0]
        yield Duty(*when, "rates" if first else "rates second", *where, sitting.trainees)
    if name == sitting.player:
        yield Duty(*when, "plays", *where, sitting.trainees)
    if name == sitting.proctor:
        yield Duty(*when, "looks after", *where, sitting.trainees)
    again = tuple(s.trainee for s in sitting.seconds if s.rater == name and s.how == "in the room")
    if again:
        yield Duty(*when, "rates second", *where, again)


def _join(duties: list[Duty], each: Duty) -> None:
    """Add a duty, or lengthen the last one where it goes on at the same place."""
    last = duties[-1] if duties else None
    if last and (last.change, last.does, last.place) == (each.change, each.does, each.place):
        together = last.trainees + each.trainees
        duties[-1] = replace(last, end=each.end, trainees=together)
    else:
        duties.append(each)
