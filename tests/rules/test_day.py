"""Rules about the day: its shape, and who is needed at once at the stations of a rotation."""

from __future__ import annotations

import pytest

from csstrain.diagnostic import Diagnostic
from tests.curricula import PROGRAM, compile_text

GATE = ", cut: {method: Angoff, value: 3}, retest: {form: B, after: 3 days}"


def findings(groups: int, stations: str, gate: str = "", **cohort: int) -> list[Diagnostic]:
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
    return list(found.diagnostics)


def rotation(groups: int, stations: str, gate: str = "", **cohort: int) -> list[str]:
    """The rules that fire at a rotation of these stations, with these people."""
    wanted = ("room-used-twice", "too-few-assessors", "too-few-role-players", "too-few-proctors")
    return [d.rule for d in findings(groups, stations, gate, **cohort) if d.rule in wanted]


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


def told(rule: str, groups: int, stations: str, gate: str = "", **cohort: int) -> Diagnostic:
    (one,) = [d for d in findings(groups, stations, gate, **cohort) if d.rule == rule]
    return one


def test_who_is_missing_is_counted_and_named() -> None:
    live = station("live", "two", circuits=2)
    rater = told("too-few-assessors", 1, live, GATE, assessors=5, coaches=9, role_players=1)
    assert rater.message == (
        "the stations of `m1-turn` (m1-turn) need 6 raters at once, and the cohort has 5"
    )
    assert rater.hint
    assert rater.hint.startswith("raise `assessors` in the program's cohort to 6, or")
    assert [r.message for r in rater.related] == ["the people of the cohort"]
    assert rater.related[0].place.route == ("program", "cohort")
    player = told("too-few-role-players", 1, live, GATE, assessors=6, role_players=1)
    assert "need 2 role players at once, and the cohort has 1" in player.message
    assert player.hint
    assert player.hint.startswith("raise `role_players` in the program's cohort to 2, or")
    assert rater.place.route[-1] == player.place.route[-1] == "rotation"


def test_where_nothing_decides_trainers_and_coaches_rate_too() -> None:
    live = station("live", circuits=4)
    assert rotation(1, live, assessors=1, coaches=2) == []
    rater = told("too-few-assessors", 1, live, coaches=2)
    assert "need 4 raters at once, and the cohort has 3" in rater.message
    assert rater.hint
    assert "raise assessors, trainers and coaches together in the program's" in rater.hint


def test_who_rates_looks_after_no_paper() -> None:
    both = station("live", circuits=2) + station("paper", "paper-2", circuits=1)
    both = both.replace(", paper-2", "")
    # Three people in all, two of whom rate.
    assert rotation(2, both, coaches=2) == []
    proctor = told("too-few-proctors", 2, both, coaches=1)
    assert proctor.message.endswith("need 1 person to look after them at once, and 0 are free")
    # With more raters missing than there are people, nobody is free either.
    none = told("too-few-proctors", 2, both.replace("circuits: 2", "circuits: 9"), coaches=1)
    assert none.message.endswith("0 are free")
    papers = station("paper", circuits=2) + station("paper", circuits=3)
    assert rotation(2, papers, coaches=4) == []
    assert "need 5 people" in told("too-few-proctors", 2, papers, coaches=3).message
    # In a gate assessors rate, so trainers and coaches are free.
    gate = both + station("live")
    assert rotation(3, gate, GATE, assessors=3, role_players=3) == []


def test_a_shared_room_is_told_with_the_first_station_in_it() -> None:
    room = told(
        "room-used-twice", 3, station("paper", room="A") + station("paper", room="Room 5")
        + station("paper", room="room 5"), coaches=3,
    )  # fmt: skip
    assert room.message.endswith("are in the same room, room 5, at the same time")
    assert room.place.route[-3:] == ("stations", 2, "room")
    assert room.related[0].place.route[-3:] == ("stations", 1, "room")
    assert room.related[0].message == "`It` is there too"


# ── the shape of a day ───────────────────────────────────────────────────────────────

DAY = """\
program:
  id: program
  title: A program
  version: "1"
  cohort: {{trainees: 18}}
  day:
    start: {start}
    end: {end}
    lunch: {{minutes: {lunch}, earliest: 11:30, latest: {latest}}}
    breaks: {{minutes: 10, count: 3}}
    longest_run: {run}
    opening: {opening}
    closing: {closing}
    slack: {{min: {least}, max: {most}}}
"""
USUAL = {
    "start": "08:30", "end": "17:30", "lunch": 60, "latest": "13:00", "run": 90,
    "opening": 15, "closing": 10, "least": 3, "most": 10,
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "rule", "message", "hint", "place"),
    [
        ({}, None, "", "", ""),
        ({"run": 91}, "run-too-long", "91 minutes without a break", "`longest_run: 90`",
         "longest_run"),
        ({"lunch": 45, "end": "17:15"}, None, "", "", ""),
        ({"lunch": 44, "end": "17:14"}, "short-lunch", "a day of 8 hours has 44 minutes",
         "at least 45 minutes", "minutes"),
        ({"lunch": 0, "end": "13:30"}, None, "", "", ""),
        ({"lunch": 0, "end": "13:31"}, "short-lunch", "5 hours 1 minute has 0 minutes", "", ""),
        ({"latest": "13:30"}, None, "", "", ""),
        ({"latest": "13:31"}, "late-lunch", "as late as 13:31, 5 hours 1 minute after",
         "`latest: 13:30` or earlier", "latest"),
        ({"lunch": 0, "latest": "14:30", "end": "13:30"}, None, "", "", ""),
        ({"least": 2.9}, "slack-out-of-range", "as little as 2.9 percent", "`min: 3`", "min"),
        ({"most": 10.1}, "slack-out-of-range", "as much as 10.1 percent", "`max: 10`", "max"),
        ({"end": "17:31"}, "day-too-long", "8 hours 1 minute of paid", "end it at 17:30", "end"),
        ({"opening": 0}, "day-without-opening", "no opening", "`opening: 15`", "opening"),
        ({"closing": 0}, "day-without-closing", "no closing", "`closing: 10`", "closing"),
    ],
)  # fmt: skip
def test_the_shape_of_a_day(
    change: dict[str, object], rule: str | None, message: str, hint: str, place: str
) -> None:
    compiled = compile_text(p=DAY.format(**{**USUAL, **change}))
    assert compiled.curriculum, [d.message for d in compiled.diagnostics]
    shape = [
        d for d in compiled.diagnostics
        if d.place.route[1:2] == ("day",) and d.place.route[0] == "program"
    ]  # fmt: skip
    assert [d.rule for d in shape] == ([rule] if rule else [])
    for each in shape:
        assert message in each.message
        assert hint in (each.hint or "")
        assert not place or each.place.route[-1] == place


def test_both_ends_of_slack_are_told() -> None:
    compiled = compile_text(p=DAY.format(**{**USUAL, "least": 0, "most": 20}))
    slack = [d for d in compiled.diagnostics if d.rule == "slack-out-of-range"]
    assert [(d.place.route[-1], d.message, d.hint) for d in slack] == [
        (
            "min",
            "the agenda may have as little as 0 percent of slack",
            "set `min: 3` or more, so that one late session does not move all others",
        ),
        (
            "max",
            "the agenda may have as much as 20 percent of slack",
            "set `max: 10` or less; time in hand is time not taught",
        ),
    ]


@pytest.mark.parametrize(
    ("delivery", "when", "fires"),
    [("session", "in-course", True), ("session", "daily", False), ("prework", "in-course", False)],
)
def test_trainees_are_asked_each_day(delivery: str, when: str, fires: bool) -> None:
    text = (
        "module: {id: m1, title: M, activities: [{id: a1, method: reading, phase: present, "
        f"delivery: {delivery}, minutes: {{min: 5, plan: 5, max: 5}}}}]}}\n"
        f"instrument: {{id: i1, title: T, kind: reaction-form, kirkpatrick: 1, when: {when}}}\n"
    )
    rules = [d.rule for d in compile_text(m=text).diagnostics]
    assert ("program-without-daily-evaluation" in rules) is fires
