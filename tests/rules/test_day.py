"""Rules about the day: who and what is needed at once at the stations of a rotation."""

from __future__ import annotations

import pytest

from tests.curricula import PROGRAM, compile_text

GATE = ", cut: {method: Angoff, value: 3}, retest: {form: B, after: 3 days}"


def rotation(groups: int, stations: str, gate: str = "", **cohort: int) -> list[str]:
    """The rules that fire at a rotation of these stations, with these people."""
    people = ", ".join(f"{key}: {number}" for key, number in {"trainees": 18, **cohort}.items())
    program = PROGRAM.partition("scale:\n  id")[0]
    program = program.replace("{trainees: 18, coaches: 2}", f"{{{people}}}")
    text = f"""{program}
instruments:
  - {{id: live, title: Contact, kind: role-play, kirkpatrick: 2, when: end-of-course,
     minutes: 10{gate}}}
  - {{id: two, title: Complaint, kind: observation, kirkpatrick: 2, when: end-of-course,
     minutes: 10, raters: 2}}
  - {{id: paper, title: Test, kind: written-test, kirkpatrick: 2, when: end-of-course,
     minutes: 10, at_once: 18}}
module:
  id: m1
  title: Contact
  activities:
    - id: m1-turn
      method: test
      phase: assess
      minutes: {{min: 300, plan: 300, max: 300}}
      rotation:
        groups: {groups}
        stations:
{stations}"""
    found = compile_text(example=text)
    assert found.curriculum, [d.message for d in found.diagnostics]
    wanted = ("room-used-twice", "too-few-assessors", "too-few-role-players", "too-few-proctors")
    return [d.rule for d in found.diagnostics if d.rule in wanted]


def station(*instruments: str, circuits: int = 1, room: str = "") -> str:
    where = f", room: {room}" if room else ""
    named = ", ".join(instruments)
    return f"          - {{title: It, instruments: [{named}], circuits: {circuits}{where}}}\n"


def test_a_gate_needs_assessors_who_coached_nobody() -> None:
    live = station("live", circuits=3)
    assert rotation(1, live, coaches=2) == []
    assert rotation(1, live, GATE, coaches=2) == ["too-few-assessors", "too-few-role-players"]
    assert rotation(1, live, GATE, assessors=3, role_players=3) == []


def test_every_rater_of_every_circuit_is_needed_at_once() -> None:
    both = station("live", "two", circuits=2)
    assert rotation(1, both, GATE, assessors=6, role_players=2) == []
    assert rotation(1, both, GATE, assessors=5, role_players=2) == ["too-few-assessors"]


def test_with_fewer_groups_than_stations_only_some_run_at_once() -> None:
    three = station("two") + station("live") + station("two")
    assert rotation(2, three, GATE, assessors=4, role_players=1) == []
    assert rotation(2, three, GATE, assessors=3, role_players=1) == ["too-few-assessors"]
    assert rotation(3, three, GATE, assessors=4, role_players=1) == ["too-few-assessors"]


def test_papers_need_somebody_in_the_room() -> None:
    papers = station("live") + station("paper") + station("paper")
    assert rotation(3, papers, GATE, assessors=1, role_players=1) == ["too-few-proctors"]
    assert rotation(3, papers, GATE, assessors=1, role_players=1, coaches=1) == []


@pytest.mark.parametrize(
    ("groups", "rooms", "fires"),
    [
        (2, ("Room 5", "ROOM 5."), True),
        (2, ("Room 5", "Room 6"), False),
        (2, ("", ""), False),
        (1, ("Room 5", "Room 5"), False),
    ],
)
def test_a_room_holds_one_station_at_a_time(
    groups: int, rooms: tuple[str, str], fires: bool
) -> None:
    stations = "".join(station("paper", room=room) for room in rooms)
    assert rotation(groups, stations, coaches=3) == ["room-used-twice"] * fires
