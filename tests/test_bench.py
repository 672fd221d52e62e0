"""What the planner is measured with: a large program, and a greedy choice as its yardstick."""

from __future__ import annotations

import pytest

from csstrain.pipeline import compile_texts
from csstrain.plan.hours import Hours
from csstrain.plan.offer import Offer
from csstrain.plan.terms import Terms


def test_the_large_program_is_in_order_and_a_third_too_long_for_its_hours() -> None:
    import large_program

    found = compile_texts(large_program.files())
    assert not found.failed
    assert found.curriculum is not None
    assert len(found.curriculum.modules) == 60
    assert len(found.curriculum.activities) == 600
    offer = Offer(found.curriculum)
    planned = sum(a.minutes.plan for a in found.curriculum.activities.values())
    room = Hours(offer, "paid").room(int(large_program.HOURS * 60))
    assert 0.64 < room.most / planned < 0.7
    assert not Terms(offer).impossible


def test_a_seed_gives_one_large_program_and_another_seed_another() -> None:
    import large_program

    assert large_program.files() == large_program.files()
    assert large_program.files(1) != large_program.files(2)


@pytest.fixture
def terms() -> Terms:
    """A smaller program of the same kind."""
    import large_program

    found = compile_texts(large_program.files(modules=8))
    assert found.curriculum is not None
    return Terms(Offer(found.curriculum))


def test_a_greedy_choice_comes_near_its_bound_and_never_beats_it(terms: Terms) -> None:
    import greedy

    least = sum(terms.offer.least(name) for name in terms.musts)
    most = sum(terms.offer.most(name) for name in terms.usable)
    for minutes in range(least + 120, most, (most - least) // 8):
        worth = greedy.greedy(terms, minutes)
        assert worth is not None
        bound = greedy.bound(terms, minutes)
        assert bound * 0.9 < worth <= bound * (1 + 1e-6)


def test_a_greedy_choice_of_minutes_without_end_takes_everything(terms: Terms) -> None:
    import greedy

    most = sum(terms.offer.most(name) for name in terms.usable)
    assert greedy.greedy(terms, most) == pytest.approx(greedy.bound(terms, most))


def test_minutes_that_do_not_hold_the_musts_have_no_greedy_choice(terms: Terms) -> None:
    import greedy

    least = sum(terms.offer.least(name) for name in terms.musts)
    assert greedy.greedy(terms, least - 1) is None
