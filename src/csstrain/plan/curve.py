"""The curve of hours: how much of what the job needs any hours cover, and what they are worth."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from decimal import Decimal

from csstrain.agenda import CurvePoint
from csstrain.plan.hours import Hours
from csstrain.plan.offer import Offer

POINTS = 14  # at most about so many points; with their table they stand on one page


def points(search: Hours) -> Iterator[CurvePoint]:
    """Points of the curve, at whole hours, from the smallest that work to those that lose nothing.

    They show the best choice for the hours, which agendas come near to (proof.gap).
    """
    least = min((minutes for minutes in search.least if minutes), default=None)
    if least is None:
        return
    first, last = -(-least // 60), -(-search.full // 60)
    step = max(1, -(-(last - first) // POINTS))
    whole = search.menus[0].choose(search.room(last * 60), full=False)
    for hours in dict.fromkeys((*range(first, last, step), last)):
        room = search.room(hours * 60)
        card = next((c for c in search.menus if c.lightest <= room.most), None)
        choice = card.choose(room, full=False, rough=True) if card and room.ways else None
        if choice and whole:
            share, lost = _covered(search.offer, choice.chosen)
            worth = min(1.0, choice.bound / whole.bound) if whole.bound else 1.0
            yield CurvePoint(Decimal(hours), share, worth, lost)


def _covered(offer: Offer, chosen: Collection[str]) -> tuple[float, tuple[str, ...]]:
    """The share of the need that is taught, practiced and assessed, and the KSAs that are not."""
    stages: dict[str, list[bool]] = {}
    for (ksa, _), able in offer.carriers.items():
        stages.setdefault(ksa, []).append(not able.isdisjoint(chosen))
    need = {ksa: offer.needs[ksa].product for ksa in stages}
    total = sum(need.values())
    held = sum(need[ksa] * sum(some) / len(some) for ksa, some in stages.items())
    lost = tuple(ksa for ksa, some in stages.items() if not all(some))
    return (held / total if total else 1.0), lost
