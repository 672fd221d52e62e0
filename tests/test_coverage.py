"""Coverage: against a second computation on random curricula, and laws that hold for every one."""

from __future__ import annotations

import copy
import json
import random
from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from csstrain import disk
from csstrain.coverage import STAGES, Coverage, cover
from csstrain.load import load
from csstrain.pipeline import Compilation, compile_texts
from csstrain.resolve import resolve
from csstrain.wording import words
from tests.curricula import compile_text

World = dict[str, Any]
CEILING = 2

# ── random curricula ─────────────────────────────────────────────────────────────────

KSAS = ("k1", "k2", "k3", "k4")
OBJECTIVES = ("o1", "o2", "o3")
CLASSES = ("declarative", "procedural", "skill", "attitude", "ability")
STATEMENTS = {"k1": "Greets callers", "k2": "Files letters", "k3": "Quotes rules", "k4": "Rents"}


def some(names: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(names), unique=True, max_size=3)


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """A small program as plain data, with every kind of link that coverage follows."""
    level = st.integers(1, 3)
    ksas = [
        {
            "id": name,
            "statement": STATEMENTS[name],
            "classes": draw(st.lists(st.sampled_from(CLASSES), unique=True, min_size=1)),
            "status": draw(st.sampled_from(["trained", "trained", "trained", "entry", "exempt"])),
            "target_job": draw(level),
            "target_end_of_training": draw(level),
        }
        for name in KSAS
    ]
    objectives = [
        {
            "id": name,
            "kind": "terminal",
            "verb": "explain",
            "behavior": f"rule {name}",
            "domain": "cognitive",
            "level": "apply",
            "ksas": [{"ksa": k, "level": draw(level)} for k in draw(some(KSAS))],
        }
        for name in OBJECTIVES
    ]
    activities = [
        {
            "id": f"a{number}",
            "method": "lecture",
            "phase": draw(st.sampled_from(["present", "demonstrate", "practice", "debrief"])),
            "minutes": {"min": 10, "plan": 10, "max": 10},
            "objectives": draw(some(OBJECTIVES)),
        }
        for number in range(3)
    ]
    kinds = ["written-test", "check", "role-play", "product", "pre-test", "self-form"]
    instruments: list[World] = [
        {
            "id": f"i{number}",
            "title": f"Instrument {number}",
            "kind": draw(st.sampled_from(kinds)),
            "kirkpatrick": 2,
            "when": draw(st.sampled_from(["baseline", "in-course", "end-of-course", "follow-up"])),
            "objectives": draw(some(OBJECTIVES)),
            "ksas": draw(some(KSAS)),
            "items": [
                {"id": f"t{number}", "stem": "Why?", "key": "Because.", "objective": o}
                for o in draw(some(OBJECTIVES))[:1]
            ],
        }
        for number in range(2)
    ]
    instruments.append(
        {
            "id": "form",
            "title": "Form",
            "kind": draw(st.sampled_from(["supervisor-form", "supervisor-form", "self-form"])),
            "kirkpatrick": 3,
            "when": "follow-up",
            "questions": [
                {
                    "id": f"q{number}",
                    "text": f"How often, case {number}?",
                    "type": "frequency",
                    "waves": draw(st.lists(st.sampled_from([30, 60, 90]), unique=True)),
                    "ksas": draw(some(KSAS)),
                }
                for number in range(2)
            ],
        }
    )
    competencies = [
        {
            "id": f"c{number}",
            "name": f"Competency {number}",
            "origin": draw(st.sampled_from(["s1", "s2"])),
            "definition": "Does it.",
            "ksas": draw(some(KSAS)),
            **(
                {"weight": draw(st.sampled_from(["7.4", "33.3", "50"]))}
                if draw(st.booleans())
                else {}
            ),
        }
        for number in range(3)
    ]
    return {
        "program": {
            "id": "program",
            "title": "A program",
            "version": "1",
            "cohort": {"trainees": 6},
            "scale": "house",
            "day": {
                "start": "08:30",
                "end": "17:30",
                "lunch": {"minutes": 60, "earliest": "11:30", "latest": "13:00"},
                "breaks": {"minutes": 10, "count": 3},
                "opening": 15,
                "closing": 10,
                "slack": {"min": 3, "max": 10},
            },
        },
        "scale": {
            "id": "house",
            "title": "House",
            "ceiling": CEILING,
            "levels": [{"level": n, "name": f"Level {n}"} for n in (1, 2, 3)],
        },
        "sources": [{"id": s, "title": s, "file": f"{s}.txt"} for s in ("s1", "s2")],
        "ksas": ksas,
        "competencies": competencies,
        "module": {
            "id": "m1",
            "title": "Contact",
            "objectives": objectives,
            "activities": activities,
        },
        "instruments": instruments,
    }  # fmt: skip


def covered(world: World) -> Coverage:
    content = load({"content/all.yaml": json.dumps(world).encode()}).value
    defaults = load(disk.builtin()).value
    assert content
    assert defaults
    curriculum = resolve(content, defaults).value
    assert curriculum
    return cover(curriculum)


RANDOM = settings(
    deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


# ── the second computation ───────────────────────────────────────────────────────────


def required(ksa: World) -> int:
    return int(ksa["target_end_of_training"]) if ksa["status"] == "trained" else 0


def reached(world: World, ksa: World) -> dict[str, int]:
    """The level of each stage, from the plain data alone and in the plainest way."""
    levels = dict.fromkeys(STAGES, 0)

    def reach(stage: str, level: int) -> None:
        levels[stage] = max(levels[stage], level)

    soft = ksa["classes"][0] in ("skill", "attitude")
    for instrument in world["instruments"]:
        for question in instrument.get("questions", ()):
            follows = instrument["kind"] == "supervisor-form" and question["waves"]
            if follows and ksa["id"] in question["ksas"]:
                reach("followed up", max(ksa["target_job"], required(ksa)))
        if instrument["kind"].endswith("-form") or instrument["when"] in ("baseline", "follow-up"):
            continue
        most = (
            1 if soft and instrument["kind"] in ("written-test", "check", "pre-test") else CEILING
        )
        if ksa["id"] in instrument["ksas"]:
            reach("assessed", min(required(ksa), most))
        for objective in world["module"]["objectives"]:
            tested = [*instrument["objectives"], *(i["objective"] for i in instrument["items"])]
            for link in objective["ksas"]:
                if objective["id"] in tested and link["ksa"] == ksa["id"]:
                    reach("assessed", min(link["level"], most))
    for activity in world["module"]["activities"]:
        for objective in world["module"]["objectives"]:
            for link in objective["ksas"]:
                if objective["id"] in activity["objectives"] and link["ksa"] == ksa["id"]:
                    if activity["phase"] in ("present", "demonstrate"):
                        reach("taught", link["level"])
                    if activity["phase"] == "practice":
                        reach("practiced", min(link["level"], CEILING))
    return levels


def asked(ksa: World, stage: str) -> bool:
    return stage != "practiced" or not {"declarative", "procedural"} >= set(ksa["classes"])


@RANDOM
@given(worlds())
def test_levels_are_those_of_the_second_computation(world: World) -> None:
    coverage = covered(world)
    for ksa in world["ksas"]:
        row = coverage.ksas[ksa["id"]]
        levels = reached(world, ksa)
        assert dict(zip(STAGES, row.levels, strict=True)) == levels
        assert row.required == required(ksa)
        short = [s for s in STAGES if levels[s] < row.required and asked(ksa, s)]
        assert list(row.gaps) == short


@RANDOM
@given(worlds())
def test_competencies_and_totals_are_those_of_the_second_computation(world: World) -> None:
    coverage = covered(world)
    ksas = {k["id"]: k for k in world["ksas"]}
    levels = {k["id"]: reached(world, k) for k in world["ksas"]}
    shares: dict[str, dict[str, Fraction]] = {}
    for competency in world["competencies"]:
        row = coverage.competencies[competency["id"]]
        trained = [k for k in competency["ksas"] if required(ksas[k])]
        need = max((required(ksas[k]) for k in trained), default=0)
        assert row.required == need
        shares[competency["id"]] = {}
        for stage, level in zip(STAGES, row.levels, strict=True):
            parts = [k for k in trained if asked(ksas[k], stage)]
            # The highest level up to which no part lacks what it promises.
            highest = max(
                high
                for high in range(need + 1)
                if all(levels[k][stage] >= min(high, required(ksas[k])) for k in parts)
            )
            assert level == highest
            good = sum(k not in parts or levels[k][stage] >= required(ksas[k]) for k in trained)
            shares[competency["id"]][stage] = (
                Fraction(good, len(trained)) if trained else Fraction(0)
            )
        given = (row.taught, row.practiced, row.assessed, row.followed_up)
        assert given == tuple(float(each) for each in shares[competency["id"]].values())
        assert row.trained == tuple(trained)
        own = [c for c in world["competencies"] if c["origin"] == competency["origin"]]
        whole = sum(Fraction(c.get("weight", "0")) for c in own)
        expected = Fraction(competency.get("weight", "0")) / whole if whole else None
        assert row.share == (None if expected is None else pytest.approx(float(expected)))
    for origin, total in coverage.origins.items():
        members = [c for c in world["competencies"] if c["origin"] == origin]
        assert (total.origin, total.competencies) == (origin, tuple(c["id"] for c in members))
        weights = {c["id"]: Fraction(c.get("weight", "0")) for c in members}
        if not any(weights.values()):
            weights = {c["id"]: Fraction(1) for c in members}
        numbers = (total.taught, total.practiced, total.assessed, total.followed_up)
        for stage, number in zip(STAGES, numbers, strict=True):
            whole = sum(weights[c["id"]] * shares[c["id"]][stage] for c in members)
            assert number == float(whole / sum(weights.values()))


# ── laws ─────────────────────────────────────────────────────────────────────────────


def links(world: World) -> Iterator[list[Any]]:
    """Every list of links that coverage follows."""
    for objective in world["module"]["objectives"]:
        yield objective["ksas"]
    for activity in world["module"]["activities"]:
        yield activity["objectives"]
    for instrument in world["instruments"]:
        yield instrument.get("objectives", [])
        yield instrument.get("ksas", [])
        yield instrument.get("items", [])
        for question in instrument.get("questions", ()):
            yield question["ksas"]
            yield question["waves"]


def numbers(coverage: Coverage) -> list[float]:
    """Every number that says how much is covered."""
    rows = coverage.ksas.values()
    competencies = coverage.competencies.values()
    shares = [(c.taught, c.practiced, c.assessed, c.followed_up) for c in competencies]
    totals = coverage.origins.values()
    shares += [(t.taught, t.practiced, t.assessed, t.followed_up) for t in totals]
    return [
        *chain.from_iterable(row.levels for row in rows),
        *(len(row.followed_up) for row in rows),
        *chain.from_iterable(c.levels for c in competencies),
        *chain.from_iterable(shares),
        *coverage.count().values(),
    ]


@settings(RANDOM, max_examples=15)
@given(worlds())
def test_no_link_that_goes_raises_a_number(world: World) -> None:
    before = numbers(covered(world))
    for number, each in enumerate(links(world)):
        for index in range(len(each)):
            less = copy.deepcopy(world)
            del list(links(less))[number][index]
            after = numbers(covered(less))
            assert all(a <= b for a, b in zip(after, before, strict=True))


def shuffled(value: Any, chance: random.Random, within: str = "") -> Any:
    """The same content in another order, where order means nothing."""
    if isinstance(value, dict):
        pairs = [(key, shuffled(each, chance, key)) for key, each in value.items()]
        chance.shuffle(pairs)
        return dict(pairs)
    if isinstance(value, list):
        entries = [shuffled(each, chance) for each in value]
        if within in ("ksas", "objectives", "competencies", "sources"):
            chance.shuffle(entries)
        return entries
    return value


def compiled(world: World, files: int = 1) -> Compilation:
    parts: list[World] = [{} for _ in range(files)]
    for number, (kind, each) in enumerate(world.items()):
        parts[number % files][kind] = each
    names = random.Random(files).sample(range(100), files)  # noqa: S311 - no secret
    pairs = zip(names, parts, strict=True)
    return compile_texts({f"content/f{n}.yaml": json.dumps(p).encode() for n, p in pairs if p})


def told(compilation: Compilation) -> Counter[tuple[str, tuple[str, ...]]]:
    """All findings, whatever order they name things in."""
    return Counter((d.rule, tuple(sorted(words(d.message)))) for d in compilation.diagnostics)


@settings(RANDOM, max_examples=25)
@given(worlds(), st.integers(0, 1000))
def test_order_changes_no_level_and_no_finding(world: World, seed: int) -> None:
    one = compiled(world)
    chance = random.Random(seed)  # noqa: S311 - no secret
    other = compiled(shuffled(world, chance), files=3)
    assert one.coverage
    assert other.coverage
    for name, row in one.coverage.ksas.items():
        assert other.coverage.ksas[name].levels == row.levels
        assert other.coverage.ksas[name].gaps == row.gaps
    for name, competency in one.coverage.competencies.items():
        after = other.coverage.competencies[name]
        assert (after.levels, after.share, after.job) == (
            competency.levels, competency.share, competency.job,
        )  # fmt: skip
    for name, total in one.coverage.origins.items():
        again = other.coverage.origins[name]
        assert (again.taught, again.practiced, again.assessed, again.followed_up) == (
            total.taught, total.practiced, total.assessed, total.followed_up,
        )  # fmt: skip
    assert told(one) == told(other)


# ── decisions ────────────────────────────────────────────────────────────────────────

PROFILE = """\
source: {id: s, title: Profile, file: profile.txt}
scale:
  id: ctk
  title: Five levels
  levels:
    - {level: 4, name: Four, house: 2}
    - {level: 5, name: Five}
ksas:
  - {id: k1, statement: Greet others., classes: [skill], target_end_of_training: 2, target_job: 3}
  - {id: k2, statement: Write names., classes: [skill], target_end_of_training: 1}
  - {id: k3, statement: Read rules., classes: [ability], status: entry}
"""


@pytest.mark.parametrize(
    ("target", "job"),
    [
        ("{scale: ctk, level: 4}", 2),
        ("{scale: ctk, level: 5}", None),
        ("{scale: house, level: 3}", 3),
        ("{scale: ctk, level: 9}", None),  # a level that the scale does not have
    ],
)
def test_the_target_of_a_job_is_joined_by_the_crosswalk_only(target: str, job: int | None) -> None:
    competency = (
        "competency: {id: c1, name: Contact, origin: s, definition: Serves customers., "
        f"ksas: [k1, k2, k3], target: {target}}}\n"
    )
    coverage = compile_text(all=PROFILE + competency).coverage
    assert coverage
    covered = coverage.competencies["c1"]
    assert covered.job == job
    assert covered.required == 2
    assert covered.trained == ("k1", "k2")


def test_what_is_counted() -> None:
    coverage = compile_text(all=PROFILE).coverage
    assert coverage
    assert coverage.count() == {
        "ksas": 3, "with_objective": 0, "trained": 2, "entry": 1, "exempt": 0,
        "with_practice": 0, "with_assessment": 0, "with_follow_up": 0,
    }  # fmt: skip
    served = """
module:
  id: m1
  title: Contact
  objectives: [{id: o1, kind: terminal, verb: greet, behavior: all, domain: interpersonal,
    level: apply, ksas: [{ksa: k1, level: 1}, {ksa: k3, level: 1}]}]
  activities: [{id: a1, method: drill, phase: practice, objectives: [o1],
    minutes: {min: 5, plan: 5, max: 5}}]
instrument: {id: i1, title: T, kind: role-play, kirkpatrick: 2, when: in-course, ksas: [k1, k2]}
"""
    coverage = compile_text(all=PROFILE + served).coverage
    assert coverage
    assert coverage.count() == {
        "ksas": 3, "with_objective": 2, "trained": 2, "entry": 1, "exempt": 0,
        "with_practice": 1, "with_assessment": 2, "with_follow_up": 0,
    }  # fmt: skip


def test_follow_up_shows_what_the_job_needs() -> None:
    form = (
        "instrument: {id: i1, title: Form, kind: supervisor-form, kirkpatrick: 3, when: follow-up, "
        "questions: [{id: q1, text: How often?, type: frequency, waves: [60, 30], ksas: [k1]}]}\n"
    )
    coverage = compile_text(all=PROFILE + form).coverage
    assert coverage
    assert coverage.ksas["k1"].followed_up == (30, 60)
    assert coverage.ksas["k1"].followed_level == 3
    assert coverage.ksas["k2"].followed_level == 0


def test_weights_count_by_their_own_sum(shipped: Compilation) -> None:
    assert shipped.coverage
    total = shipped.coverage.origins["ctk"]
    assert f"{total.weight}" == "100.1"
    parts = [c for c in shipped.coverage.competencies.values() if c.origin == "ctk"]
    assert sum(c.share or 0 for c in parts) == pytest.approx(1)
    assert (total.taught, total.practiced, total.assessed, total.followed_up) == (1, 1, 1, 1)


def test_a_competency_without_trained_ksas_counts_as_not_covered() -> None:
    two = (
        "competencies:\n"
        "  - {id: c1, name: One, origin: s, definition: D., weight: 30, ksas: [k3]}\n"
        "  - {id: c2, name: Two, origin: s, definition: D., weight: 70, ksas: [k2]}\n"
        "instrument: {id: i1, title: Form, kind: supervisor-form, kirkpatrick: 3, when: follow-up, "
        "questions: [{id: q1, text: How often?, type: frequency, waves: [30], ksas: [k2]}]}\n"
    )
    coverage = compile_text(all=PROFILE + two).coverage
    assert coverage
    assert coverage.origins["s"].untrained == ("c1",)
    assert coverage.origins["s"].followed_up == pytest.approx(0.7)
