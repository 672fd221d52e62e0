"""A working day that is changed for one plan."""

from __future__ import annotations

from decimal import Decimal

import pytest

from csstrain.curriculum import Curriculum
from csstrain.model import clock_text
from csstrain.plan import plan
from csstrain.workday import with_day
from tests.agenda_checker import violations


def test_a_day_that_begins_later_ends_later(css: Curriculum) -> None:
    day = with_day(css, Decimal(40), "paid", start=9 * 60).program.day
    assert (clock_text(day.start), clock_text(day.end), day.paid) == ("09:00", "18:00", 480)


def test_hours_are_spread_over_more_days_with_the_breaks_that_each_then_needs(
    css: Curriculum,
) -> None:
    changed = with_day(css, Decimal(40), "paid", days=6)
    day = changed.program.day
    assert (day.paid, day.breaks.count) == (400, 3)
    agenda = plan(changed, Decimal(40)).value
    assert agenda is not None
    assert violations(changed, agenda) == []
    assert len(agenda.days) == 6


def test_contact_hours_are_spread_without_their_breaks(css: Curriculum) -> None:
    day = with_day(css, Decimal("37.5"), "contact", days=6).program.day
    assert day.paid - day.breaks.count * day.breaks.minutes == 375


def test_a_short_day_has_no_lunch(css: Curriculum) -> None:
    day = with_day(css, Decimal(40), "paid", days=12).program.day
    assert (day.paid, day.lunch.minutes, clock_text(day.end)) == (200, 0, "11:50")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"days": 3}, "40 hours on 3 days are 800 paid minutes a day, .* has 480: give more days"),
        ({"start": 20 * 60}, "a day that begins at 20:00 would end after midnight"),
        ({"end": 9 * 60}, "a day from 08:30 to 09:00 leaves no time beside lunch"),
    ],
)
def test_what_cannot_be_is_said_in_plain_words(
    css: Curriculum, change: dict[str, int], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        with_day(
            css, Decimal(40), "paid",
            days=change.get("days"), start=change.get("start"), end=change.get("end"),
        )  # fmt: skip
