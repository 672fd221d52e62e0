"""Call sheets and practice groups: everybody once everywhere, and nobody rates whom he coached."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, permutations
from math import ceil

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from csstrain.agenda import Agenda, AgendaDay, RotationStop, Session
from csstrain.check import RULES, Review
from csstrain.coverage import cover
from csstrain.curriculum import Curriculum
from csstrain.outputs import call_sheet
from csstrain.pipeline import Compilation, plan_agenda
from csstrain.render import Compiled, Page, page_alone
from csstrain.show_agenda.data import as_json
from csstrain.staffing.calls import CallSheet, Sitting, call, call_sheets, practice_rounds
from csstrain.staffing.crew import matched
from csstrain.staffing.partners import new_partners
from tests.curricula import compile_text

# ── a small world: practice on the first day, a rotation on the second ───────────────


@dataclass(frozen=True)
class Tool:
    """An instrument of a random rotation."""

    kind: str
    minutes: int
    at_once: int
    raters: int
    double: bool


@dataclass(frozen=True)
class World:
    """Everything that a random call sheet is made from; each station lists tools by number."""

    trainees: int
    staff: tuple[int, int, int, int]  # trainers, coaches, assessors, role players
    groups: int
    stations: tuple[tuple[tuple[int, ...], int], ...]
    tools: tuple[Tool, ...]
    gate: bool
    rounds: int = 0
    size: int = 3

    def curriculum(self) -> Curriculum:
        trainers, coaches, assessors, players = self.staff
        gate = ", cut: {method: Angoff, value: 3}, retest: {form: B, after: 3 days}"
        tools = "".join(
            f"  - {{id: i{n}, title: Tool {n}, kind: {t.kind}, kirkpatrick: 2, when: in-course,"
            f" minutes: {t.minutes}, at_once: {t.at_once}, raters: {t.raters}, objectives: [o1]"
            f"{', double_rating: One in five.' if t.double else ''}{gate if self.gate else ''}}}\n"
            for n, t in enumerate(self.tools)
        )
        stations = ", ".join(
            f"{{title: Station {n}, circuits: {circuits},"
            f" instruments: [{', '.join(f'i{t}' for t in used)}]}}"
            for n, (used, circuits) in enumerate(self.stations)
        )
        practice = "".join(
            f"    - {{id: a{n}, method: role-play, phase: practice, objectives: [o1],"
            f" minutes: {{min: 5, plan: 60, max: 60}},"
            f" grouping: {{size: {self.size}, rounds: 1, prepare: 1, feedback: 1}}}}\n"
            for n in range(self.rounds)
        )
        text = f"""\
program:
  id: program
  title: A program
  version: "1"
  cohort: {{trainees: {self.trainees}, trainers: {trainers}, coaches: {coaches},
    assessors: {assessors}, role_players: {players}}}
  day: {{start: 08:00, end: 18:00, lunch: {{minutes: 0, earliest: 11:30, latest: 13:00}},
    breaks: {{minutes: 10, count: 0}}, opening: 0, closing: 0, slack: {{min: 0, max: 10}}}}
instruments:
{tools}module:
  id: m1
  title: Contact
  objectives: [{{id: o1, kind: terminal, verb: greet, behavior: a customer,
    domain: interpersonal, level: apply}}]
  activities:
{practice}    - {{id: turn, method: test, phase: assess, minutes: {{min: 5, plan: 60, max: 900}},
        rotation: {{groups: {self.groups}, stations: [{stations}]}}}}
"""
        compiled = compile_text(world=text)
        assert compiled.curriculum, [d.message for d in compiled.diagnostics]
        return compiled.curriculum

    @property
    def slot(self) -> int:
        group = ceil(self.trainees / self.groups)
        return max(self.laps(n, group) * self.pace(n) for n in range(len(self.stations)))

    def laps(self, station: int, group: int) -> int:
        used, circuits = self.stations[station]
        return max(len(used), *(ceil(group / (circuits * self.tools[t].at_once)) for t in used))

    def pace(self, station: int) -> int:
        return max(self.tools[t].minutes for t in self.stations[station][0])

    def agenda(self, curriculum: Curriculum) -> Agenda:
        """Practice on day 1; the rotation from day 2 on, in two sessions on two days if it can."""
        held = [
            Session(480 + 60 * n, 540 + 60 * n, "activity", f"a{n}", "m1",
                    curriculum.activities[f"a{n}"])
            for n in range(self.rounds)
        ]  # fmt: skip
        turns = max(self.groups, len(self.stations))
        halves = [range(turns // 2), range(turns // 2, turns)]
        days = [AgendaDay(1, None, tuple(held) or (Session(480, 490, "slack", "Slack"),))]
        for number, half in enumerate(filter(None, halves), 2):
            days.append(AgendaDay(number, None, (self._turn(curriculum, half, turns),)))
        return Agenda("program", Decimal(8), "paid", True, days=tuple(days))

    def _turn(self, curriculum: Curriculum, changes: range, turns: int) -> Session:
        stops = []
        for place, change in enumerate(changes):
            for group in range(self.groups):
                station = (group + change) % turns
                if station < len(self.stations):
                    start = 480 + place * self.slot
                    name = "ABCDEF"[group]
                    stops.append(RotationStop(name, f"Station {station}", start, start + self.slot))
        end = 480 + len(changes) * self.slot
        activity = curriculum.activities["turn"]
        return Session(480, end, "activity", "turn", "m1", activity, rotation=tuple(stops))


TOOLS = st.builds(
    Tool,
    kind=st.sampled_from(("role-play", "observation", "check", "in-basket")),
    minutes=st.sampled_from((5, 10, 15, 40)),
    at_once=st.sampled_from((1, 1, 1, 2, 3, 40)),
    raters=st.sampled_from((1, 1, 2)),
    double=st.booleans(),
)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    tools = tuple(draw(st.lists(TOOLS, min_size=1, max_size=4)))
    numbers = st.integers(0, len(tools) - 1)
    circuit = st.lists(numbers, min_size=1, max_size=3, unique=True).map(tuple)
    station = st.tuples(circuit, st.integers(1, 4))
    people = st.sampled_from((0, 1, 2, 3, 6, 20))
    return World(
        trainees=draw(st.integers(2, 40)),
        staff=(draw(st.integers(1, 2)), draw(st.integers(0, 4)), draw(people), draw(people)),
        groups=draw(st.integers(1, 6)),
        stations=tuple(draw(st.lists(station, min_size=1, max_size=5))),
        tools=tools,
        gate=draw(st.booleans()),
        rounds=draw(st.integers(0, 3)),
        size=draw(st.integers(2, 4)),
    )


# ── an independent checker ───────────────────────────────────────────────────────────


@dataclass
class Checker:
    """Looks at a call sheet with the plainest code, sharing none with what made it."""

    world: World
    sheet: CallSheet
    agenda: Agenda
    coached: dict[str, set[int]]

    def problems(self) -> list[str]:
        return [
            *self.visits(), *self.places(), *self.bookings(), *self.people(), *self.fairness(),
            *self.seconds(),
        ]  # fmt: skip

    def lacks(self, kind: str) -> int:
        return sum(each.kind == kind for each in self.sheet.conflicts)

    def tool(self, sitting: Sitting) -> Tool:
        return self.world.tools[int(sitting.place.instrument.id[1:])]

    def watched(self, sitting: Sitting) -> bool:
        return self.tool(sitting).kind in ("role-play", "observation")

    def visits(self) -> Iterator[str]:
        seen = Counter(
            (trainee, s.place.title, s.place.instrument.id)
            for s in self.sheet.sittings
            for trainee in s.trainees
        )
        wanted = {
            (trainee, f"Station {n}", f"i{tool}")
            for trainee in range(1, self.world.trainees + 1)
            for n, (used, _) in enumerate(self.world.stations)
            for tool in used
        }
        if set(seen) != wanted or any(count != 1 for count in seen.values()):
            yield "not everybody is everywhere exactly once"
        sizes = [len(group) for _, group in self.sheet.groups]
        listed = [trainee for _, group in self.sheet.groups for trainee in group]
        if listed != list(range(1, self.world.trainees + 1)) or max(sizes) - min(sizes) > 1:
            yield "the groups are not even or not in order"

    def places(self) -> Iterator[str]:
        stops = {
            (day.number, stop.start, stop.group): stop
            for day in self.agenda.days
            for session in day.sessions
            for stop in session.rotation
        }
        groups = dict(self.sheet.groups)
        for s in self.sheet.sittings:
            inside = [
                stop
                for (day, _, group), stop in stops.items()
                if day == s.day and group == s.group and stop.start <= s.start
                and s.end <= stop.end and stop.station == s.place.title
            ]  # fmt: skip
            if not inside:
                yield f"{s} lies in no stop of its group"
            if not set(s.trainees) <= set(groups[s.group]):
                yield f"{s} has trainees of another group"
            if len(s.trainees) > self.tool(s).at_once:
                yield f"{s} holds too many"
            if s.end - s.start != self.world.pace(int(s.place.title.split()[1])):
                yield f"{s} has the wrong length"

    def bookings(self) -> Iterator[str]:
        """Nobody and no room is in two places at once."""
        busy: dict[str, list[Sitting]] = {}
        for s in self.sheet.sittings:
            people = [*s.raters, s.player, s.proctor]
            people += [each.rater for each in s.seconds if each.how == "in the room"]
            names = {name for name in people if name}
            named = [name for name in (*s.raters, s.player, s.proctor) if name]
            if len(named) != len(set(named)):
                yield f"{s} has one person twice"
            for name in (*names, *(f"trainee {t}" for t in s.trainees), f"room {s.place.room}"):
                busy.setdefault(name, []).append(s)
        for name, sittings in busy.items():
            for one, two in combinations(sittings, 2):
                if one.day == two.day and one.start < two.end and two.start < one.end:
                    yield f"{name} is in two places"

    def people(self) -> Iterator[str]:
        trainers, coaches, assessors, players = self.world.staff
        leads = {"Lead trainer"} if trainers == 1 else {"Lead trainer 1", "Lead trainer 2"}
        trained = leads | {f"Coach {n + 1}" for n in range(coaches)}
        able = {f"Assessor {n + 1}" for n in range(assessors)}
        raters = able if self.world.gate else able | trained
        for s in self.sheet.sittings:
            if not set(s.raters) | {x.rater for x in s.seconds if x.rater} <= raters:
                yield f"{s} is rated by somebody who may not"
            if s.proctor and s.proctor not in (trained if self.world.gate else trained | able):
                yield f"{s} is looked after by a stranger"
            if s.player and s.player not in {f"Role player {n + 1}" for n in range(players)}:
                yield f"{s} is played by a stranger"
            seats = self.tool(s).raters if self.watched(s) else 0
            if len(s.raters) > seats or (len(s.raters) < seats and not self.lacks("rater")):
                yield f"{s} has {len(s.raters)} raters of {seats}"
            if not self.watched(s) and not s.proctor and not self.lacks("proctor"):
                yield f"nobody looks after {s}"
            played = self.tool(s).kind == "role-play"
            if played and self.world.gate and not s.player and not self.lacks("player"):
                yield f"nobody plays in {s}"
            if s.proctor and self.watched(s):
                yield f"{s} needs no proctor"

    def fairness(self) -> Iterator[str]:
        told = any(each.kind == "coached" for each in self.sheet.conflicts)
        unfair = [
            s for s in self.sheet.sittings for name in s.raters
            if self.coached.get(name, set()) & set(s.trainees)
        ]  # fmt: skip
        if bool(unfair) != told:
            yield f"unfair ratings: {len(unfair)}, told: {told}"
        if unfair and self.world.gate:
            yield "a coach rates at a gate"
        for s in self.sheet.sittings:
            for second in s.seconds:
                if second.rater in s.raters:
                    yield f"{second.rater} rates twice"
                if second.trainee in self.coached.get(second.rater or "", set()):
                    yield f"{second.rater} coached {second.trainee}"

    def seconds(self) -> Iterator[str]:
        for number, tool in enumerate(self.world.tools):
            own = [s for s in self.sheet.sittings if s.place.instrument.id == f"i{number}"]
            chosen = [(s, second) for s in own for second in s.seconds]
            if any(second.trainee not in s.trainees for s, second in chosen):
                yield "a second rating of somebody who is not there"
            performances = sum(len(s.trainees) for s in own)
            two = tool.raters > 1
            if two and tool.kind in ("role-play", "observation"):
                wanted = 0
            elif two:
                wanted = performances
            else:
                wanted = ceil(performances / 5) if tool.double else 0
            if len(chosen) != wanted:
                yield f"{len(chosen)} second ratings of i{number}, not {wanted}"
            nobody = [second for _, second in chosen if second.rater is None]
            if nobody and not self.lacks("second"):
                yield "a second rating without anybody, and not told"
            groups = Counter({name: 0 for name, group in self.sheet.groups if group})
            groups.update(s.group for s, _ in chosen)
            if not two and max(groups.values()) - min(groups.values()) > 1:
                yield f"second ratings of i{number} are not spread over the groups: {groups}"


def watched_by(curriculum: Curriculum, agenda: Agenda) -> dict[str, set[int]]:
    found: dict[str, set[int]] = {}
    for each in practice_rounds(curriculum, agenda):
        for group in each.groups:
            found.setdefault(group.watched_by, set()).update(group.trainees)
    return found


def checker(world: World) -> tuple[Checker, Curriculum]:
    curriculum = world.curriculum()
    agenda = world.agenda(curriculum)
    (sheet,) = call_sheets(curriculum, agenda)
    return Checker(world, sheet, agenda, watched_by(curriculum, agenda)), curriculum


LAWS = settings(
    max_examples=100, deadline=None, derandomize=True, database=None,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip


@LAWS
@given(worlds())
def test_a_random_call_sheet_breaks_nothing(world: World) -> None:
    check, _ = checker(world)
    for conflict in check.sheet.conflicts:
        event(conflict.kind)
    assert check.problems() == []


@LAWS
@given(worlds())
def test_sheet_and_rules_count_the_same_people(world: World) -> None:
    check, curriculum = checker(world)
    needed = call(curriculum, curriculum.activities["turn"])
    assert needed
    changes: dict[int, dict[object, Sitting]] = {}
    for s in check.sheet.sittings:
        changes.setdefault(s.change, {})[s.place] = s
    raters, players, papers = (0, 0, 0)
    for places in changes.values():
        here = places.values()
        raters = max(raters, sum(check.tool(s).raters for s in here if check.watched(s)))
        players = max(players, sum(check.tool(s).kind == "role-play" for s in here))
        papers = max(papers, sum(not check.watched(s) for s in here))
    assert (raters, players) == (needed.assessors, needed.players)
    assert papers == max(each.proctors for each in needed.changes)
    coverage = compile_text().coverage
    assert coverage
    for rule, kind in (("too-few-assessors", "rater"), ("too-few-proctors", "proctor")):
        found = list(RULES[rule].run(Review(curriculum, coverage)))
        assert bool(found) == bool(check.lacks(kind)), rule
    found = list(RULES["too-few-role-players"].run(Review(curriculum, coverage)))
    assert bool(found) == bool(check.lacks("player"))


# ── nobody rates whom he or she coached ──────────────────────────────────────────────


@st.composite
def tight(draw: st.DrawFn) -> World:
    """No gate, few assessors, slots of one length: trainers and coaches have to rate."""
    tools = tuple(Tool("observation", 10, 1, 1, False) for _ in range(draw(st.integers(1, 3))))
    return World(
        trainees=draw(st.integers(3, 9)),
        staff=(1, draw(st.integers(1, 3)), draw(st.integers(0, 1)), 0),
        groups=draw(st.integers(1, 2)),
        stations=((tuple(range(len(tools))), draw(st.integers(1, 2))),),
        tools=tools,
        gate=False,
        rounds=draw(st.integers(1, 2)),
        size=draw(st.integers(2, 3)),
    )


def clean(sittings: list[Sitting], names: list[str], coached: dict[str, set[int]]) -> bool:
    """Whether some way to give each place a person of its own lets nobody meet the coached."""
    places = sorted({s.place for s in sittings}, key=lambda p: p.number)
    return any(
        not any(
            coached.get(people[places.index(s.place)], set()) & set(s.trainees) for s in sittings
        )
        for people in permutations(names, len(places))
    )


@settings(LAWS, max_examples=150)
@given(tight())
def test_a_coach_rates_the_own_trainee_only_where_nothing_else_is_possible(world: World) -> None:
    check, _ = checker(world)
    assert check.problems() == []
    names = ["Lead trainer", *(f"Coach {n + 1}" for n in range(world.staff[1]))]
    names += [f"Assessor {n + 1}" for n in range(world.staff[2])]
    parts: dict[tuple[int, int], list[Sitting]] = {}
    changes: dict[int, list[Sitting]] = {}
    for s in check.sheet.sittings:
        parts.setdefault((s.day, s.start), []).append(s)
        changes.setdefault(s.change, []).append(s)
    possible = all(
        clean(here, names, check.coached)
        or all(clean(part, names, check.coached) for part in parts.values()
               if part[0].change == change)
        for change, here in changes.items()
    )  # fmt: skip
    told = bool(check.lacks("coached"))
    event(f"possible: {possible}, told: {told}")
    if not check.lacks("rater"):
        assert told != possible


def test_people_exchange_places_where_only_that_is_fair() -> None:
    """The lead trainer watched trainees 1 and 3, the coach 2 and 4; at each bell they cross."""
    tools = (Tool("observation", 10, 1, 1, False),) * 2
    world = World(4, (1, 1, 0, 0), 1, (((0, 1), 1),), tools, False, rounds=1, size=2)
    check, _ = checker(world)
    assert check.coached == {"Lead trainer": {1, 3}, "Coach 1": {2, 4}}
    assert check.sheet.conflicts == ()
    first = [s for s in check.sheet.sittings if s.place.number == 1]
    assert [(s.trainees, s.raters) for s in first] == [
        ((1,), ("Coach 1",)),
        ((4,), ("Lead trainer",)),
        ((3,), ("Coach 1",)),
        ((2,), ("Lead trainer",)),
    ]


def test_matching_seats_as_many_as_can_be() -> None:
    assert matched([[0], [0, 1], [1, 2]], 3) == {0: 0, 1: 1, 2: 2}
    assert matched([[0, 1], [0], [1]], 3) == {0: 1, 1: 0}
    assert matched([[0], [1]], 1) == {0: 0}
    assert matched([], 2) == {}


# ── practice groups ──────────────────────────────────────────────────────────────────


def repeats(rounds: tuple[tuple[tuple[int, ...], ...], ...]) -> list[int]:
    seen: set[tuple[int, int]] = set()
    found = []
    for groups in rounds:
        pairs = {pair for group in groups for pair in combinations(sorted(group), 2)}
        found.append(len(pairs & seen))
        seen |= pairs
    return found


@pytest.mark.parametrize(
    ("trainees", "size", "rounds"), [(6, 2, 5), (9, 3, 4), (10, 3, 4), (18, 3, 7), (24, 3, 8)]
)
def test_partners_are_new_for_as_long_as_numbers_allow(
    trainees: int, size: int, rounds: int
) -> None:
    assert repeats(new_partners(trainees, [size] * rounds)) == [0] * rounds


def test_partners_who_meet_again_do_so_as_seldom_as_can_be() -> None:
    """14 rounds of triads are 252 meetings of 153 pairs: 54 pairs meet once, 99 twice."""
    rounds = new_partners(18, [3] * 14)
    meetings = Counter(
        pair for groups in rounds for group in groups for pair in combinations(group, 2)
    )
    assert Counter(meetings.values()) == {1: 54, 2: 99}
    assert repeats(rounds)[:7] == [0] * 7


@settings(LAWS, max_examples=25)
@given(st.integers(1, 40), st.lists(st.integers(1, 6), max_size=6))
def test_every_trainee_is_in_one_group_of_each_round(trainees: int, sizes: list[int]) -> None:
    rounds = new_partners(trainees, sizes)
    assert len(rounds) == len(sizes)
    for size, groups in zip(sizes, rounds, strict=True):
        assert sorted(t for group in groups for t in group) == list(range(1, trainees + 1))
        assert len(groups) == ceil(trainees / size)
        assert max(map(len, groups)) - min(map(len, groups)) <= 1
    assert rounds == new_partners(trainees, sizes)


def test_each_member_takes_each_part_once_and_people_watch_others_than_before() -> None:
    world = World(18, (1, 2, 6, 6), 3, (((0,), 6),), (Tool("role-play", 15, 1, 1, True),), True,
                  rounds=2)  # fmt: skip
    curriculum = world.curriculum()
    first, second = practice_rounds(curriculum, world.agenda(curriculum))
    for group in (*first.groups, *second.groups):
        for part in range(3):
            assert sorted(turn[part] or 0 for turn in group.turns) == sorted(group.trainees)
    for person in ("Lead trainer", "Coach 1", "Coach 2"):
        assert len(first.watched(person)) == len(second.watched(person)) == 2
        before = {t for group in first.watched(person) for t in group.trainees}
        after = {t for group in second.watched(person) for t in group.trainees}
        assert len(before & after) <= 2
    assert (first.again, second.again) == (0, 0)


def test_a_part_that_nobody_is_left_for_is_named() -> None:
    world = World(4, (1, 0, 1, 1), 1, (((0,), 1),), (Tool("check", 10, 40, 1, False),), False,
                  rounds=1)  # fmt: skip
    curriculum = world.curriculum()
    (held,) = practice_rounds(curriculum, world.agenda(curriculum))
    assert [group.trainees for group in held.groups] == [(1, 3), (2, 4)]
    assert held.groups[0].turns == ((1, 3, None), (3, None, 1), (None, 1, 3))


# ── the shipped content ──────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def planned(shipped: Compilation) -> Compilation:
    return plan_agenda(shipped)


def test_the_final_rotation_is_staffed_from_the_cohort(planned: Compilation) -> None:
    assert planned.curriculum
    assert planned.agenda
    final, coaching = call_sheets(planned.curriculum, planned.agenda)
    assert final.conflicts == coaching.conflicts == ()
    assert dict(final.groups)["A"] == (1, 2, 3, 4, 5, 6)
    first = [s for s in final.sittings if s.group == "A" and s.change == 1]
    told = [(s.place.instrument.id, s.place.circuit, s.who, *s.raters, s.player) for s in first]
    assert told[:7] == [
        ("i-contact", 1, "1", "Assessor 1", "Role player 1"),
        ("i-pressure", 1, "2", "Assessor 2", "Role player 2"),
        ("i-complaint", 1, "3", "Assessor 3", "Role player 3"),
        ("i-contact", 2, "4", "Assessor 4", "Role player 4"),
        ("i-pressure", 2, "5", "Assessor 5", "Role player 5"),
        ("i-complaint", 2, "6", "Assessor 6", "Role player 6"),
        ("i-contact", 1, "3", "Assessor 1", "Role player 1"),
    ]
    assert {s.proctor for s in final.sittings if s.place.alone} == {"Coach 1", "Coach 2"}
    assert final.free == ("Lead trainer",)
    rooms = {s.place.room for s in coaching.sittings}
    assert rooms == {f"six small rooms, no. {n}" for n in range(1, 7)}


def test_second_ratings_are_shared_out_evenly(planned: Compilation) -> None:
    assert planned.curriculum
    assert planned.agenda
    final, _ = call_sheets(planned.curriculum, planned.agenda)
    load = Counter(second.rater for _, second in final.second_ratings)
    assert max(load.values()) - min(load.values()) <= 1
    assert len(load) == 6
    first = Counter((s.place, s.raters) for s, _ in final.second_ratings if s.raters)
    assert set(first.values()) == {2}
    assert {second.how for _, second in final.second_ratings} == {
        "from the recording", "from the paper",
    }  # fmt: skip


def test_json_holds_call_sheets_and_practice_groups(planned: Compilation) -> None:
    told = json.loads(as_json(planned))
    final = told["call_sheets"][0]
    assert final["activity"] == "m10-rotation"
    assert list(final["groups"]) == ["A", "B", "C"]
    visits = Counter(t for s in final["sittings"] for t in s["trainees"])
    assert visits == dict.fromkeys(range(1, 19), 5)
    assert len(told["practice_groups"][0]["groups"]) == 6


# ── pages ────────────────────────────────────────────────────────────────────────────


def test_the_page_for_waiting_trainees_names_no_staff(planned: Compilation) -> None:
    html = page(planned, practice=True)
    start = html.index("Where each trainee goes in")
    waiting = html[start : html.index("</div>", start)]
    assert "I" in waiting
    for name in ("Assessor", "Role player", "Coach ", "Lead trainer"):
        assert name in html
        assert name not in waiting


def test_assessors_get_no_practice_groups(planned: Compilation) -> None:
    assert "Practice groups" in page(planned, practice=True)
    assert "Practice groups" not in page(planned, practice=False)


def test_what_is_lacking_stands_on_the_sheet() -> None:
    world = World(6, (1, 0, 0, 0), 1, (((0,), 2),), (Tool("role-play", 10, 1, 1, True),), False)
    curriculum = world.curriculum()
    agenda = world.agenda(curriculum)
    (sheet,) = call_sheets(curriculum, agenda)
    assert [each.text for each in sheet.conflicts if each.kind == "rater"] == [
        "in change 1 nobody is left to rate at Tool 0 (Station 0, no. 2)"
    ]
    assert {each.kind for each in sheet.conflicts} == {"rater", "second"}


def test_titles_of_authors_show_as_themselves() -> None:
    world = World(6, (1, 1, 2, 2), 1, (((0,), 2),), (Tool("role-play", 10, 1, 1, True),), True,
                  rounds=1)  # fmt: skip
    curriculum = world.curriculum()
    turn = curriculum.activities["turn"]
    assert turn.rotation
    hostile = turn.rotation.stations[0].model_copy(update={"room": "<b>1</b> {{ 7*7 }}"})
    rotation = turn.rotation.model_copy(update={"stations": (hostile,)})
    module = curriculum.modules["m1"]
    changed = turn.model_copy(update={"rotation": rotation})
    activities = (*module.activities[:-1], changed)
    changed_module = module.model_copy(update={"activities": activities})
    made = replace(curriculum, modules={"m1": changed_module})
    html = shown(Compiled(made, world.agenda(made), cover(made)), practice=True)
    assert "&lt;b&gt;1&lt;/b&gt; {{ 7*7 }}, no. 2" in html
    assert "<b>1</b> {{" not in html


def page(planned: Compilation, practice: bool) -> str:
    assert planned.curriculum
    assert planned.agenda
    assert planned.coverage
    return shown(Compiled(planned.curriculum, planned.agenda, planned.coverage), practice)


def shown(compiled: Compiled, practice: bool) -> str:
    made = call_sheet.sections(compiled, practice)
    return page_alone(compiled, Page("trainer/x.html", "Calls", made))
