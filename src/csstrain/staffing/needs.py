"""Who is needed at once at the stations of a rotation: what rules ask and call sheets fill."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from csstrain.curriculum import Curriculum, decides
from csstrain.model import Activity, Instrument, Station
from csstrain.staffing.partners import evenly

# Instruments that somebody must watch while it happens, and those that need a role player.
WATCHED = ("role-play", "observation")
PLAYED = ("role-play",)


@dataclass(frozen=True, slots=True)
class Needs:
    """People who are needed at the same time."""

    assessors: int
    players: int
    proctors: int


@dataclass(frozen=True, slots=True)
class Call:
    """Who is needed at the stations of a rotation; `gate` if any of its instruments decides.

    `changes` holds what the changes need, each case once.
    """

    activity: Activity
    gate: bool
    changes: tuple[Needs, ...]

    @property
    def assessors(self) -> int:
        """The most raters at once."""
        return max((each.assessors for each in self.changes), default=0)

    @property
    def players(self) -> int:
        """The most role players at once."""
        return max((each.players for each in self.changes), default=0)


def call(curriculum: Curriculum, activity: Activity) -> Call | None:
    """Who is needed at once at the stations of an activity; None without a rotation.

    Nobody is needed at a circuit for which a group has no trainee left.
    """
    rotation = activity.rotation
    if rotation is None:
        return None
    turns = max(rotation.groups, len(rotation.stations))
    sizes = evenly(curriculum.program.cohort.trainees, rotation.groups)
    known: dict[tuple[int, int], Needs] = {}
    found: dict[Needs, None] = {}
    for change in range(turns):
        together = []
        for index, station in enumerate(rotation.stations):
            group = (index - change) % turns
            if group < rotation.groups:
                key = (index, sizes[group])
                if key not in known:
                    known[key] = _needs(curriculum, station, sizes[group])
                together.append(known[key])
        found[_sum(together)] = None
    return Call(activity, decides(curriculum, activity), tuple(found))


def _needs(curriculum: Curriculum, station: Station, group: int) -> Needs:
    """Raters, role players and proctors of a station with the circuits that a group fills."""
    used = [curriculum.instruments[name] for name in station.instruments]
    circuits = min(station.circuits, group)
    return Needs(
        circuits * sum(seats(each) for each in used),
        circuits * sum(each.type in PLAYED for each in used),
        circuits * sum(each.type not in WATCHED for each in used),
    )


def _sum(needs: Iterable[Needs]) -> Needs:
    each = list(needs)
    return Needs(
        sum(n.assessors for n in each), sum(n.players for n in each), sum(n.proctors for n in each)
    )


def seats(instrument: Instrument) -> int:
    """How many raters sit at an instrument."""
    return (instrument.raters or 1) if instrument.type in WATCHED else 0
