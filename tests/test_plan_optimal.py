"""The planner against brute force: on tiny curricula it claims nothing that is not so."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

from tests.optimality import verdict
from tests.tiny_curricula import tiny

DRAWN = 300  # curricula in a test run; scripts/prove draws many more


def test_on_tiny_curricula_the_planner_claims_nothing_that_is_not_so() -> None:
    found = [(number, verdict(tiny(0, number))) for number in range(DRAWN)]
    wrong = [(number, each) for number, v in found for each in v.disagreements]
    assert wrong == []
    met = Counter(
        feasible=sum(v.agenda.feasible for _, v in found),
        unused=sum(v.agenda.unused > 0 for _, v in found),
        deferred=sum(bool(v.agenda.gates_deferred) for _, v in found),
        days=sum(len(v.agenda.days) > 1 for _, v in found),
    )
    assert all(met.values()), met


def test_the_draw_is_the_same_for_the_same_numbers() -> None:
    assert tiny(1, 2) == tiny(1, 2)
    assert tiny(1, 2) != tiny(2, 2)
    assert tiny(1, 2).hours % Decimal("0.25") == 0
