"""Brute force, first part: the pieces that activities are held in, and what they are worth."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from itertools import pairwise
from math import ceil, sqrt
from typing import NamedTuple

from csstrain.coverage import cover
from csstrain.curriculum import Curriculum
from csstrain.model import Activity, Ksa


class Piece(NamedTuple):
    """A stretch of an activity: its least and most minutes, and what they are worth.

    `steps` are stretches of minutes beyond the least with what each minute in them is worth.
    """

    least: int
    most: int
    worth: float
    steps: tuple[tuple[int, float], ...]


def pieces_of(curriculum: Curriculum, activity: Activity, rate: float) -> tuple[Piece, ...]:
    """The activity as it is held; nothing where no run can hold it."""
    longest = curriculum.program.day.longest_run
    found = []
    for least, plan, most in _parts(curriculum, activity):
        if least > longest:
            return ()
        plan = min(max(plan, least), longest)
        most = min(max(most, plan), longest)
        ends = sorted({least, (least + plan) // 2, plan, most})
        worth = [_worth(rate, plan, end) for end in ends]
        steps = tuple(
            (b - a, (w - v) / (b - a))
            for (a, b), (v, w) in zip(pairwise(ends), pairwise(worth), strict=True)
        )
        found.append(Piece(least, most, worth[0], steps))
    return tuple(found)


def _worth(rate: float, plan: int, minutes: int) -> float:
    """The plan is worth its minutes; value grows with the root, and half as fast beyond it."""
    root = sqrt(plan * minutes)
    return rate * (root if minutes <= plan else (plan + root) / 2)


def _parts(curriculum: Curriculum, activity: Activity) -> list[tuple[int, int, int]]:
    """Least, planned and most minutes of each part; one part where a run can hold it all."""
    day, group = curriculum.program.day, activity.grouping
    turn, slot, changes = _turn(curriculum, activity), _slot(curriculum, activity), 0
    if activity.rotation:
        changes = max(activity.rotation.groups, len(activity.rotation.stations))
    floors = (
        (group.rounds if group else 0) * turn,
        sum(_one_by_one(curriculum, i) for i in activity.instruments) + changes * slot,
    )
    least = max(activity.minutes.min, *floors)
    most = max(activity.minutes.max, least)
    plan = max(activity.minutes.plan, least)
    if changes and least > day.longest_run:
        ahead = slot * (changes - 1)
        return [(slot, slot, slot)] * (changes - 1) + [(least - ahead, plan - ahead, most - ahead)]
    if group and group.rounds > 1 and most > day.longest_run:
        over = [_even(m - group.rounds * turn, group.rounds) for m in (least, plan, most)]
        return [(turn + a, turn + b, turn + c) for a, b, c in zip(*over, strict=True)]
    if least > day.longest_run and not group:
        count = ceil(least / max(day.longest_run - max(day.opening, day.closing), 1))
        lows = [max(30, low) for low in _even(least, count)]
        if sum(lows) > most:
            return [(least, plan, most)]  # parts would be too short: it fits into no run
        return list(zip(lows, _even(plan, count), _even(most, count), strict=True))
    return [(least, plan, most)]


def _even(total: int, count: int) -> list[int]:
    """A total in whole shares as equal as can be, the greater first."""
    return [ceil(Fraction(total - n, count)) for n in range(count)]


def _turn(curriculum: Curriculum, activity: Activity) -> int:
    """Minutes in which everybody in a group plays once."""
    group = activity.grouping
    if not group:
        return 0
    play = max((curriculum.objectives[o].play or 0 for o in activity.objectives), default=0)
    return (group.roles or group.size) * (group.prepare + play + group.feedback)


def _one_by_one(curriculum: Curriculum, name: str) -> int:
    """Minutes in which the whole cohort passes an instrument."""
    tool = curriculum.instruments[name]
    return (tool.minutes or 0) * ceil(curriculum.program.cohort.trainees / tool.at_once)


def _slot(curriculum: Curriculum, activity: Activity) -> int:
    """Minutes of one stop of a rotation, set by its slowest station."""
    if not activity.rotation:
        return 0
    group = ceil(curriculum.program.cohort.trainees / activity.rotation.groups)
    found = 0
    for station in activity.rotation.stations:
        tools = [curriculum.instruments[name] for name in station.instruments]
        laps = [len(tools), *(ceil(group / (station.circuits * t.at_once)) for t in tools)]
        found = max(found, max(laps) * max(t.minutes or 0 for t in tools))
    return found


# ── value ────────────────────────────────────────────────────────────────────────────


def needs(curriculum: Curriculum) -> dict[str, float]:
    """How much the job needs each KSA: ratings, levels to bring, weight of competencies."""
    shares: dict[str, float] = {}
    for competency in curriculum.competencies.values():
        for name in set(competency.ksas) if competency.weight else ():
            part = float(competency.weight or 0) / len(set(competency.ksas))
            shares[name] = shares.get(name, 0.0) + part
    average = sum(shares.values()) / len(shares) if shares else 1.0
    found = {}
    for ksa in curriculum.ksas.values():
        weight = min(max(shares[ksa.id] / average, 0.5), 2.0) if ksa.id in shares else 1.0
        gap = min((1 + ksa.required) / 2, 2.0)
        demand = (ksa.importance + ksa.frequency) / 4
        found[ksa.id] = demand * ksa.difficulty / 2 * gap * weight
    return found


def rate(curriculum: Curriculum, activity: Activity, needs: Mapping[str, float]) -> float:
    """What a planned minute is worth: need times how well the method serves, averaged."""
    served = {k.ksa for o in activity.objectives for k in curriculum.objectives[o].ksas}
    if not served:
        return 0.5
    worth = (needs[k] * _fitness(curriculum, activity, curriculum.ksas[k]) for k in served)
    return sum(worth) / len(served)


def _fitness(curriculum: Curriculum, activity: Activity, ksa: Ksa) -> float:
    """How well its method serves the leading class of a KSA, from 0.5 to 1.5."""
    if activity.phase not in ("assess", "debrief", "admin"):
        for row in curriculum.methods.rows:
            rated: int | None = getattr(row, ksa.classes[0], None)
            if row.method == activity.method and rated is not None:
                return 0.5 + rated / 3
    return 1.0


def carried(curriculum: Curriculum, held: Iterable[str]) -> frozenset[tuple[str, str]]:
    """The KSAs that some activities bring to the required level, each with the stage."""
    found = set()
    for ksa in cover(curriculum, frozenset(held)).ksas.values():
        stages = {"taught": ksa.taught, "practiced": ksa.practiced, "assessed": ksa.assessed}
        if not ksa.practice:
            del stages["practiced"]
        found |= {(ksa.ksa, s) for s, level in stages.items() if 0 < ksa.required <= level}
    return frozenset(found)
