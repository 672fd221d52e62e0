"""Training value: what a minute of an activity is worth, and how it diminishes."""

from __future__ import annotations

from collections.abc import Mapping
from math import sqrt

from csstrain.curriculum import Curriculum
from csstrain.model import Activity, Ksa

FACTOR_FROM, FACTOR_TO = 0.5, 2.0  # no single factor may silence or drown the others
WITHOUT_KSA = 0.5  # welcome, close and the like serve no KSA, yet somebody wanted them


def ksa_needs(curriculum: Curriculum) -> dict[str, float]:
    """How much the job needs a minute spent on each KSA.

    need = (difficulty + importance + frequency) / 6 × (1 + required level) / 3 × weight,
    where weight is the KSA's share of the competency weights divided by the average share,
    held between 0.5 and 2; it is 1 where no weighted competency names the KSA.
    """
    weights = _weights(curriculum)
    return {k.id: _rating(k) * (1 + k.required) / 3 * weights.get(k.id, 1.0)
            for k in curriculum.ksas.values()}  # fmt: skip


def _rating(ksa: Ksa) -> float:
    return (ksa.difficulty + ksa.importance + ksa.frequency) / 6


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


def need(curriculum: Curriculum, needs: Mapping[str, float], activity: Activity) -> float:
    """The need that a minute of an activity serves: the mean over its KSAs."""
    served = sorted(ksas_of(curriculum, activity))
    return sum(needs[k] for k in served) / len(served) if served else WITHOUT_KSA


def value(per_minute: float, plan: int, minutes: int) -> float:
    """What an activity is worth when it gets so many minutes.

    At its plan it is worth need × plan. It grows with the square root of the minutes, so
    the first are worth most; beyond the plan they are worth half of that.

    >>> value(1.0, 40, 10), value(1.0, 40, 40), value(1.0, 40, 90)
    (20.0, 40.0, 50.0)
    """
    worth = sqrt(plan * minutes)
    return per_minute * (worth if minutes <= plan else plan + (worth - plan) / 2)
