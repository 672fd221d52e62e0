"""Training value: what the job needs of each KSA, what a minute is worth, and how it diminishes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from itertools import pairwise
from math import sqrt
from typing import NamedTuple

from csstrain.agenda import Need
from csstrain.curriculum import Curriculum
from csstrain.model import Activity, Ksa, MethodRow

FACTOR_FROM, FACTOR_TO = 0.5, 2.0  # no single factor may silence or drown the others
WITHOUT_KSA = 0.5  # welcome, close and the like serve no KSA, yet somebody wanted them
COVERED = 120  # minutes of a KSA's need that it is worth to bring it through a stage at all
MEASURING = ("assess", "debrief", "admin")  # phases whose method is no means of learning a class


def needs(curriculum: Curriculum, known: Collection[str] = ()) -> dict[str, Need]:
    """How much the job needs a minute spent on each KSA, with every factor.

    demand = (importance + frequency) / 4 and difficulty = difficulty / 2, from the ratings of 1
    to 3 (DIF analysis); gap = (1 + levels that training has to bring) / 2, and 0 for KSAs that
    the group has met (`known`); weight = the KSA's share of the competency weights over the
    average share, held between 0.5 and 2, and 1 where no weighted competency names it.
    """
    weights = _weights(curriculum)
    return {
        k.id: Need(
            ksa=k.id,
            demand=(k.importance + k.frequency) / 4,
            difficulty=k.difficulty / 2,
            gap=0.0 if k.id in known else min((1 + k.required) / 2, FACTOR_TO),
            weight=weights.get(k.id, 1.0),
        )
        for k in sorted(curriculum.ksas.values(), key=lambda k: k.id)
    }


def _weights(curriculum: Curriculum) -> dict[str, float]:
    """The competency weight that rests on each KSA, against the average, from 0.5 to 2."""
    shares: dict[str, float] = {}
    for competency in sorted(curriculum.competencies.values(), key=lambda c: c.id):
        for ksa in sorted(set(competency.ksas)):
            if competency.weight:
                share = float(competency.weight) / len(set(competency.ksas))
                shares[ksa] = shares.get(ksa, 0.0) + share
    average = sum(shares[k] for k in sorted(shares)) / len(shares) if shares else 1.0
    return {k: min(max(s / average, FACTOR_FROM), FACTOR_TO) for k, s in shares.items()}


def ksas_of(curriculum: Curriculum, activity: Activity) -> tuple[str, ...]:
    """The KSAs of all objectives that an activity serves, each once, in the order named."""
    named = [k.ksa for o in activity.objectives for k in curriculum.objectives[o].ksas]
    return tuple(dict.fromkeys(named))


def rates(curriculum: Curriculum, by_ksa: Mapping[str, Need]) -> dict[str, float]:
    """What a minute of each activity is worth: the mean, over its KSAs, of need × trainability.

    Trainability says how well the method serves the KSA's leading class: 0.5 + fitness / 3, with
    the fitness of 0 to 3 from the method matrix. It is 1 where the method measures or organizes
    and does not teach, and for classes that the matrix does not rate.
    """
    rows = {row.method: row for row in curriculum.methods.rows}
    found: dict[str, float] = {}
    for activity in curriculum.activities.values():
        served = sorted(ksas_of(curriculum, activity))
        row = None if activity.phase in MEASURING else rows.get(activity.method)
        worth = (by_ksa[k].product * _trainability(row, curriculum.ksas[k]) for k in served)
        found[activity.id] = sum(worth) / len(served) if served else WITHOUT_KSA
    return found


def _trainability(row: MethodRow | None, ksa: Ksa) -> float:
    """How well a method serves the leading class of a KSA, from 0.5 to 1.5."""
    fitness: int | None = getattr(row, ksa.classes[0], None)
    return 1.0 if fitness is None else 0.5 + fitness / 3


class Step(NamedTuple):
    """A stretch of minutes in which each minute is worth the same."""

    minutes: int
    slope: float


def value(per_minute: float, plan: int, minutes: int) -> float:
    """What an activity is worth when it gets so many minutes, at the ends of its steps.

    At its plan it is worth need × plan. It grows with the square root of the minutes, so
    the first are worth most; beyond the plan they are worth half of that.

    >>> value(1.0, 40, 10), value(1.0, 40, 40), value(1.0, 40, 90)
    (20.0, 40.0, 50.0)
    """
    worth = sqrt(plan * minutes)
    return per_minute * (worth if minutes <= plan else plan + (worth - plan) / 2)


def steps(per_minute: float, least: int, plan: int, most: int) -> tuple[Step, ...]:
    """How value grows from the least to the most minutes: straight steps, each flatter.

    They join the points of `value` at the least, halfway to the plan, at the plan, and at the
    most; so a choice of minutes is a linear program, and its optimum is exact.

    >>> [(s.minutes, round(s.slope, 2)) for s in steps(1.0, 20, 40, 90)]
    [(10, 0.64), (10, 0.54), (50, 0.2)]
    """
    points = sorted({least, (least + plan) // 2, plan, most})
    worth = [(point, value(per_minute, plan, point)) for point in points]
    return tuple(Step(b - a, (w - v) / (b - a)) for (a, v), (b, w) in pairwise(worth))
