"""Second ratings: which performances two people rate, and who is the second of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal

from csstrain.model import Instrument
from csstrain.staffing.crew import Pools
from csstrain.staffing.needs import WATCHED
from csstrain.staffing.sheet import Conflict, Second, Sitting

# One performance in so many is rated twice where an instrument speaks of second ratings.
SECOND_EVERY = 5


def with_seconds(sittings: Sequence[Sitting], pools: Pools) -> tuple[list[Sitting], list[Conflict]]:
    """The sittings with their second ratings, and a conflict for each that nobody can give.

    Of each instrument with `double_rating` a fifth of the performances is chosen, rounded up and
    spread over groups, first raters and trainees; of a paper with two raters, every one. Where
    two raters watch anyway, nothing is added. Who is free in that change rates in the room,
    another assessor else from the recording; papers are scored afterwards.
    """
    desk = _Desk(sittings, pools)
    made = list(sittings)
    lacking: list[Conflict] = []
    for number, trainee in _chosen(sittings):
        second = desk.second(made[number], trainee)
        made[number] = replace(made[number], seconds=(*made[number].seconds, second))
        if second.rater is None:
            title = made[number].place.instrument.title
            text = f"nobody is left to rate trainee {trainee} a second time at {title}"
            lacking.append(Conflict("second", text))
    return made, lacking


def _chosen(sittings: Sequence[Sitting]) -> Iterator[tuple[int, int]]:
    """The performances that are rated twice: the number of the sitting, and the trainee."""
    instruments: dict[str, list[tuple[int, int]]] = {}
    for number, sitting in enumerate(sittings):
        own = instruments.setdefault(sitting.place.instrument.id, [])
        own += ((number, trainee) for trainee in sitting.trainees)
    often: dict[int, int] = {}
    groups: dict[str, int] = {}
    for performances in instruments.values():
        count = _count(sittings[performances[0][0]].place.instrument, len(performances))
        for number, trainee in _spread(sittings, performances, count, often, groups):
            often[trainee] = often.get(trainee, 0) + 1
            yield number, trainee


def _count(instrument: Instrument, performances: int) -> int:
    if (instrument.raters or 1) >= 2:
        return 0 if instrument.type in WATCHED else performances
    return -(-performances // SECOND_EVERY) if instrument.double_rating else 0


def _spread(
    sittings: Sequence[Sitting],
    performances: Sequence[tuple[int, int]],
    count: int,
    often: dict[int, int],
    groups: dict[str, int],
) -> Iterator[tuple[int, int]]:
    """So many performances of one instrument, in turn from each group and each first rater.

    `often` counts how often each trainee was chosen, `groups` each group, for any instrument.
    """
    piles: dict[tuple[str, tuple[str, ...]], list[tuple[int, int]]] = {}
    for each in reversed(sorted(performances, key=lambda one: often.get(one[1], 0))):
        sitting = sittings[each[0]]
        piles.setdefault((sitting.group, sitting.raters), []).append(each)
    own: dict[object, int] = {}

    def use(pile: tuple[str, tuple[str, ...]]) -> tuple[int, int, int]:
        return own.get(pile[0], 0), own.get(pile[1], 0), groups.get(pile[0], 0)

    for _ in range(count):
        pile = min((each for each, left in piles.items() if left), key=use)
        for part in pile:
            own[part] = own.get(part, 0) + 1
        groups[pile[0]] = groups.get(pile[0], 0) + 1
        yield piles[pile].pop()


class _Desk:
    """Deals second ratings out: to who is free in the room, else to who has fewest so far."""

    def __init__(self, sittings: Sequence[Sitting], pools: Pools) -> None:
        self._pools = pools
        self._load: dict[str, int] = {}
        # Whoever has a place in a change keeps it until the change is over.
        self._placed = {
            (name, each.change)
            for each in sittings
            for name in (*each.raters, each.proctor)
            if name
        }
        self._watching: dict[str, list[Sitting]] = {}

    def second(self, sitting: Sitting, trainee: int) -> Second:
        """The second rating of a performance; trainers and coaches only where no assessor can."""
        pools = self._pools
        for able in (pools.assessors, () if pools.gate else pools.trainers):
            fair = [name for name in able if self._fair(name, sitting, trainee)]
            if fair:
                return self._dealt(fair, sitting, trainee)
        return Second(trainee, None, _afterwards(sitting))

    def _fair(self, name: str, sitting: Sitting, trainee: int) -> bool:
        coached = trainee in self._pools.coached_in(name, sitting)
        return name not in sitting.raters and not coached

    def _dealt(self, fair: Sequence[str], sitting: Sitting, trainee: int) -> Second:
        paper = sitting.place.instrument.type not in WATCHED
        here = [] if paper else [name for name in fair if self._free(name, sitting)]
        rater = min(here or fair, key=lambda name: self._load.get(name, 0))
        self._load[rater] = self._load.get(rater, 0) + 1
        if not here:
            return Second(trainee, rater, _afterwards(sitting))
        self._watching.setdefault(rater, []).append(sitting)
        return Second(trainee, rater, "in the room")

    def _free(self, name: str, sitting: Sitting) -> bool:
        if (name, sitting.change) in self._placed:
            return False
        return not any(
            (other.day, other.change) == (sitting.day, sitting.change)
            and other.start < sitting.end
            and sitting.start < other.end
            and (other.place, other.start) != (sitting.place, sitting.start)
            for other in self._watching.get(name, ())
        )


def _afterwards(sitting: Sitting) -> Literal["from the recording", "from the paper"]:
    watched = sitting.place.instrument.type in WATCHED
    return "from the recording" if watched else "from the paper"
