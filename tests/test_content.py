"""The shipped program: nothing of its sources lost, clean, and every rule bites on it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
import yaml

from csstrain.coverage import cover, lost
from csstrain.curriculum import Curriculum, measured
from csstrain.diagnostic import Severity
from csstrain.locate import located
from csstrain.pipeline import Compilation, compile_texts
from csstrain.plan import what_if
from csstrain.source import parse
from tests.curricula import Files

BEHAVIORS = [9, 13, 6, 10, 6, 5, 7, 6, 8, 6, 10, 8, 6, 6, 4, 11, 6, 5, 10, 9, 6]
WEIGHTS = [
    "7.4", "6.5", "7.4", "6.5", "4.1", "2.4", "3.3", "4.1", "2.4", "4.1", "7.4", "4.8", "2.4",
    "6.5", "4.1", "4.1", "6.5", "2.4", "6.5", "2.4", "4.8",
]  # fmt: skip


@pytest.fixture(scope="module")
def curriculum(shipped: Compilation) -> Curriculum:
    assert shipped.curriculum, [d.message for d in shipped.diagnostics]
    return shipped.curriculum


def test_no_error_and_no_warning(shipped: Compilation) -> None:
    left = [d for d in shipped.diagnostics if d.severity is not Severity.ADVICE]
    assert [f"{d.place.file}: {d.rule}: {d.message}" for d in left] == []


def test_every_ksa_is_covered(shipped: Compilation) -> None:
    assert shipped.coverage
    assert shipped.coverage.count() == {
        "ksas": 31, "with_objective": 31, "trained": 26, "entry": 4, "exempt": 1,
        "with_practice": 26, "with_assessment": 26, "with_follow_up": 26,
    }  # fmt: skip
    assert {n: k.gaps for n, k in shipped.coverage.ksas.items() if k.gaps} == {}


# ── the sources ──────────────────────────────────────────────────────────────────────


def test_every_part_of_every_source_has_a_place(curriculum: Curriculum) -> None:
    lost = [p.id for p in curriculum.parts.values() if not curriculum.citations[p.id]]
    assert [name for name in lost if not curriculum.parts[name].unused] == []


def test_the_five_documents_are_named(curriculum: Curriculum) -> None:
    assert {s.id: s.file for s in curriculum.sources.values()} == {
        "case": "000_2f6e30d4ef012154.txt",
        "ctk": "001_d738a5b5ce4a01b7.txt",
        "csp": "002_ea604379b5e322be.txt",
        "scale": "003_bb2dabc89627673c.txt",
        "unit": "004_5a434984aaeb8906.txt",
    }


def test_the_case(curriculum: Curriculum) -> None:
    assert list(curriculum.ksas) == [f"k{n:02d}" for n in range(1, 32)]
    for name, ksa in curriculum.ksas.items():
        assert f"case-qual-{name}" in ksa.cites
    status = Counter(k.status for k in curriculum.ksas.values())
    assert status == {"trained": 26, "entry": 4, "exempt": 1}
    assert curriculum.ksas["k12"].status == "exempt"
    assert curriculum.program.cohort.trainees == 25 - 7
    assert [a.cites[0] for a in curriculum.program.answers] == [
        f"case-question-{n}" for n in range(1, 5)
    ]
    duties = [p for p in curriculum.parts if p.startswith("case-duty-")]
    tasks = {p for d in curriculum.duties.values() for t in d.tasks for p in t.cites}
    assert set(duties) <= tasks


def test_the_toolkit_profile(curriculum: Curriculum) -> None:
    competencies = [curriculum.competencies[f"ctk-c{n:02d}"] for n in range(1, 22)]
    assert [len(c.behaviors) for c in competencies] == BEHAVIORS
    assert sum(BEHAVIORS) == 157
    assert [c.weight for c in competencies] == [Decimal(w) for w in WEIGHTS]
    assert sum(Decimal(w) for w in WEIGHTS) == Decimal("100.1")
    targets = Counter(c.target.scale for c in competencies if c.target and c.target.level == 5)
    assert targets == {"ctk-expert": 19, "ctk-always": 2}
    always = {c.name for c in competencies if c.target and c.target.scale == "ctk-always"}
    assert always == {"Customer Focus", "Teamwork"}
    groups = {d: curriculum.duties[d].weight for d in ("ctk-a", "ctk-b", "ctk-c")}
    assert groups == {"ctk-a": 100, "ctk-b": 60, "ctk-c": 20}
    linked = {
        c.id: sum((groups[d] or Decimal(0) for d in c.duties), Decimal(0)) for c in competencies
    }
    # The weights are proportional to the linked task groups, but for rounding.
    for competency in competencies:
        assert competency.weight is not None
        assert abs(
            linked[competency.id] * 100 / sum(linked.values()) - competency.weight
        ) < Decimal("0.2")
    characteristics = [f for f in curriculum.profiles["ctk-profile"].facts if _cites(f, "charact")]
    assert len(characteristics) == 16


def _cites(value: Any, word: str) -> bool:
    return any(word in part for part in value.cites)


def test_the_client_service_profile(curriculum: Curriculum) -> None:
    for n in range(1, 9):
        competency = curriculum.competencies[f"csp-c{n}"]
        assert f"csp-{n}" in competency.cites
        assert [p for b in competency.behaviors for p in b.cites] == [f"csp-behavior-{n}"]


def test_the_proficiency_scale(curriculum: Curriculum) -> None:
    scale = curriculum.scales[curriculum.program.scale or ""]
    assert [len(level.statements) for level in scale.levels] == [4, 5, 6, 6]
    assert len(scale.questions) == 4
    assert scale.ceiling == 2


def test_the_unit_is_taught_with_objective_and_minutes(curriculum: Curriculum) -> None:
    for part in curriculum.sources["unit"].parts:
        if part.unused:
            continue
        teaching = [
            curriculum.activities[name]
            for name, _ in curriculum.citations[part.id]
            if name in curriculum.activities
        ]
        assert teaching, f"no activity teaches {part.id}"
        assert all(a.minutes.plan > 0 for a in teaching)
        assert any(a.objectives for a in teaching), f"{part.id} serves no objective"


# ── the program ──────────────────────────────────────────────────────────────────────


def test_modules_and_gates(curriculum: Curriculum) -> None:
    assert list(curriculum.modules) == [f"m{n}" for n in range(11)]
    gates = [o.id for o in curriculum.objectives.values() if o.gate]
    assert gates == ["o2-1", "o4-1", "o5-2", "o6-1", "o8-2"]
    assert [o.id for o in curriculum.objectives.values() if o.critical] == ["o2-2"]
    for module in curriculum.modules.values():
        assert module.goal
        assert module.rationale
        assert any(o.type == "terminal" for o in module.objectives)
        decks = [m for m in module.materials if curriculum.materials[m].type == "slide"]
        assert len(decks) == 1, module.id


def test_every_activity_can_be_taught(curriculum: Curriculum) -> None:
    for activity in curriculum.activities.values():
        assert activity.title, activity.id
        assert activity.trainer, activity.id
        assert activity.trainees, activity.id
        told = ("purpose", "setup", "debrief", "answers", "mistakes", "if_short", "if_long")
        assert [field for field in told if not getattr(activity, field)] == [], activity.id
        assert any(step.say for step in activity.trainer), activity.id
        minutes = activity.minutes
        assert 0 < minutes.min <= minutes.plan <= minutes.max, activity.id


def test_tests_have_two_parallel_forms_with_balanced_keys(curriculum: Curriculum) -> None:
    items = curriculum.instruments["i-written"].items
    for form in "AB":
        own = [i for i in items if i.form == form]
        assert Counter(i.objective for i in own) == {"o2-1": 16, "o2-2": 6}
        keys = Counter(i.key for i in own)
        assert max(keys.values()) - min(keys.values()) <= 2
        assert all(len(i.options) == 3 and i.rationale for i in own)


def test_waivers_are_few_and_reasoned(shipped: Compilation) -> None:
    assert len(shipped.waived) <= 5
    assert all(len(w.waiver.reason.split()) >= 8 for w in shipped.waived)


def test_the_minutes_told_are_those_planned(curriculum: Curriculum) -> None:
    lengths = (Decimal(24), Decimal(40), Decimal(80))
    agendas = [o.value for o in what_if(curriculum, lengths) if o.value and o.value.feasible]
    assert len(agendas) == len(lengths)
    details = curriculum.program.answers[1].details or ""
    rows = [[c.strip(" *") for c in r.split("|")[1:5]] for r in details.splitlines() if "|" in r]
    told = {name: [int(c.replace(",", "")) for c in cells] for name, *cells in rows[2:]}
    for number, module in enumerate(curriculum.modules.values()):
        name = next(n for n in told if n.split()[0] == str(number))
        own = [sum(a.given().get(x.id, 0) for x in module.activities) for a in agendas]
        assert told[name] == own, module.id
    assert told["Breaks"] == [a.total("break") for a in agendas]
    assert told["Time in hand"] == [a.total("slack") for a in agendas]
    assert told["Paid minutes"] == [a.paid for a in agendas]
    columns = zip(*(told[n] for n in told if n[0].isdigit()), strict=True)
    assert told["All modules"] == [sum(column) for column in columns]
    missed = lost(curriculum, cover(curriculum), agendas[0])
    assert {k for k in curriculum.ksas if f"({k})" in details} == set(missed)
    assert not lost(curriculum, cover(curriculum), agendas[1])
    least = agendas[0].bounds
    assert f"takes {least.minimum_hours} hours" in " ".join(details.split())
    assert f"coaching as well takes {least.minimum_hours_without_deferral}" in details


# ── every rule bites on it ───────────────────────────────────────────────────────────


def without(files: Files, gone: str) -> dict[str, bytes]:
    """The content without an entity and without every reference to it."""
    changed: dict[str, bytes] = {}
    for name, raw in files.items():
        if not name.endswith(".yaml") or gone.encode() not in raw:
            changed[name] = raw
            continue
        data = _scrub(parse(name, raw)[1].value, gone)
        changed[name] = yaml.safe_dump(
            data, allow_unicode=True, sort_keys=False, default_style='"', width=9999
        ).encode()
    return changed


GONE = object()


def _scrub(value: Any, gone: str) -> Any:
    if isinstance(value, str):
        return GONE if value == gone else value
    if isinstance(value, list):
        return [kept for each in value if (kept := _scrub(each, gone)) is not GONE]
    if value.get("id") == gone or value.get("ksa") == gone or value.get("objective") == gone:
        return GONE
    return {k: kept for k, each in value.items() if (kept := _scrub(each, gone)) is not GONE}


def lines(compiled: Compilation, rule: str) -> Mapping[str, tuple[str, int]]:
    """Where a rule fires, by the id of the entity at that place."""
    curriculum = compiled.curriculum
    assert curriculum, [d.message for d in compiled.diagnostics]
    named = {place: name for name, place in curriculum.places.items()}
    return {
        named[e.diagnostic.place]: (e.file, e.line)
        for e in located(compiled.content.sources, compiled.diagnostics)
        if e.diagnostic.rule == rule and e.diagnostic.place in named
    }


def line_of(files: Files, name: str) -> tuple[str, int]:
    """The file and line in which an entity begins, found by looking, not by csstrain."""
    for file, raw in files.items():
        for number, line in enumerate(raw.decode().splitlines(), 1):
            words = line.replace('"', "").strip().removeprefix("- ").lstrip("{ ")
            if file.endswith(".yaml") and words.split(",")[0].strip(" }") == f"id: {name}":
                return file, number
    raise AssertionError(f"no entity {name}")


def test_without_an_objective_its_ksas_have_none(shipped_files: Files) -> None:
    changed = without(shipped_files, "o3-3")
    assert lines(compile_texts(changed), "ksa-without-objective") == {
        "k06": line_of(changed, "k06")
    }


def test_without_an_instrument_its_objectives_have_none(
    shipped_files: Files, curriculum: Curriculum
) -> None:
    for name in ("i-sheet", "i-complaint", "i-plan"):
        only = {
            objective
            for objective in measured(curriculum.instruments[name])
            if len(
                [i for i in curriculum.instruments_of_objective[objective] if i.when != "baseline"]
            )
            == 1
        }
        assert only
        changed = without(shipped_files, name)
        fired = lines(compile_texts(changed), "objective-without-instrument")
        assert fired == {o: line_of(changed, o) for o in only}


def test_without_its_practice_a_skill_is_only_told(shipped_files: Files) -> None:
    changed = without(shipped_files, "m3-sheet")
    assert lines(compile_texts(changed), "skill-without-practice") == {
        "k06": line_of(changed, "k06")
    }


def test_without_its_questions_a_ksa_is_not_followed_up(
    shipped_files: Files, curriculum: Curriculum
) -> None:
    for ksa in ("k06", "k20"):
        changed = dict(shipped_files)
        for question, form in curriculum.questions_of_ksa[ksa]:
            if form.type == "supervisor-form":
                changed = without(changed, question.id)
        found = lines(compile_texts(changed), "ksa-without-follow-up")
        assert ksa in found
        assert found[ksa] == line_of(changed, ksa)


def test_without_performances_a_skill_is_tested_only_in_writing(shipped_files: Files) -> None:
    text = shipped_files["content/instruments/final.yaml"].decode()
    assert "kind: role-play" in text
    changed = dict(shipped_files)
    changed["content/instruments/final.yaml"] = text.replace(
        "kind: role-play", "kind: written-test"
    ).encode()
    fired = lines(compile_texts(changed), "skill-tested-only-in-writing")
    assert {"k25", "k26"} <= set(fired)
    assert fired == {ksa: line_of(changed, ksa) for ksa in fired}


def test_without_its_retest_a_gate_is_reported(shipped_files: Files) -> None:
    name = "content/instruments/final.yaml"
    data: Any = parse(name, shipped_files[name])[1].value
    for instrument in data["instruments"]:
        if instrument["id"] == "i-contact":
            del instrument["retest"]
    changed = {**shipped_files, name: yaml.safe_dump(data, allow_unicode=True).encode()}
    compiled = compile_texts(changed)
    (found,) = [d for d in compiled.diagnostics if d.rule == "gate-without-retest"]
    assert "`o4-1`" in found.message


def test_a_shorter_assessment_is_reported_at_its_minutes(shipped_files: Files) -> None:
    name = "content/modules/m10-final.yaml"
    text = shipped_files[name].decode()
    assert "min: 135" in text
    changed = {**shipped_files, name: text.replace("min: 135", "min: 120").encode()}
    compiled = compile_texts(changed)
    (found,) = [
        e
        for e in located(compiled.content.sources, compiled.diagnostics)
        if e.diagnostic.rule == "assessment-too-short"
    ]
    assert "min: 120" in found.quoted
    assert found.quoted[found.column - 1 :].startswith("120")
