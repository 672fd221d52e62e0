"""Corners of the rules about methods, practice, feedback and the conditions of a test."""

from __future__ import annotations

import pytest

from tests.curricula import PROGRAM, compile_text

KSA = "ksa: {id: k1, statement: Greet a customer., classes: [skill]}\n"


def fired(
    rule: str, activities: list[str], objectives: list[str] | None = None, **files: str
) -> list[str]:
    own = [
        "id: o1, kind: terminal, verb: greet, behavior: a customer, domain: interpersonal, "
        "level: apply, ksas: [{ksa: k1, level: 1}]"
    ]
    module = "module:\n  id: m1\n  title: Contact\n  objectives:\n"
    module += "".join(f"    - {{{each}}}\n" for each in objectives or own)
    if activities:
        module += "  activities:\n" + "".join(f"    - {{{each}}}\n" for each in activities)
    compiled = compile_text(**{"ksa": KSA, "module": module, **files})
    assert compiled.curriculum, [d.message for d in compiled.diagnostics]
    return [d.message for d in compiled.diagnostics if d.rule == rule]


def activity(name: str, method: str, phase: str, more: str = "") -> str:
    minutes = "minutes: {min: 10, plan: 10, max: 10}"
    return f"id: {name}, method: {method}, phase: {phase}, objectives: [o1], {minutes}{more}"


PLAY = activity("m1-play", "role-play", "practice")


@pytest.mark.parametrize(
    ("method", "level", "unfit"),
    [
        ("lecture", "apply", True),
        ("lecture", "understand", False),  # the facts under a skill may be told
        ("discussion", "apply", False),
        ("quiz", "apply", True),
    ],
)
def test_a_method_is_judged_by_what_it_is_to_teach(method: str, level: str, unfit: bool) -> None:
    one = (
        "id: o1, kind: terminal, verb: explain, behavior: a greeting, domain: cognitive, "
        f"level: {level}, ksas: [{{ksa: k1, level: 1}}]"
    )
    found = fired("method-unfit-for-class", [activity("m1-a", method, "present")], [one])
    assert bool(found) is unfit


def test_a_method_without_a_row_and_a_test_are_not_judged() -> None:
    matrix = (
        "method-matrix: {id: own, title: Own, rows: [{method: game, declarative: 0, "
        "procedural: 0, strategic: 0, skill: 0, attitude: 0}]}\n"
    )
    talk = [activity("m1-a", "lecture", "present"), activity("m1-b", "game", "assess")]
    assert not fired("method-unfit-for-class", talk, matrix=matrix)
    assert fired("method-unfit-for-class", [activity("m1-b", "game", "practice")], matrix=matrix)


@pytest.mark.parametrize(
    ("activities", "silent"),
    [
        ([PLAY], False),
        ([activity("m1-talk", "discussion", "debrief"), PLAY], False),
        ([PLAY, activity("m1-talk", "discussion", "debrief")], True),
        ([PLAY, activity("m1-next", "drill", "practice", ", event: give-feedback")], True),
        ([PLAY + ", grouping: {size: 3, rounds: 1, prepare: 0, feedback: 3}"], True),
        ([PLAY + ", grouping: {size: 3, rounds: 1, prepare: 3, feedback: 0}"], False),
        ([PLAY + ", debrief: {what: W?, so_what: S?, now_what: N?}"], True),
        ([activity("m1-play", "coaching", "practice")], True),
    ],
)
def test_feedback_comes_with_practice_or_after_it(activities: list[str], silent: bool) -> None:
    assert bool(fired("practice-without-feedback", activities)) is not silent


def test_a_module_of_facts_may_tell_more_than_it_lets_do() -> None:
    activities = [activity("m1-talk", "discussion", "present"), PLAY.replace("10", "5")]
    assert fired("low-practice-share", activities)
    facts = KSA.replace("skill", "declarative")
    assert not fired("low-practice-share", activities, ksa=facts)
    home = [activities[0] + ", delivery: prework", activities[1]]
    assert not fired("low-practice-share", home)


def test_thresholds_of_shares_and_staff_can_be_set() -> None:
    groups = [PLAY + ", grouping: {size: 3, rounds: 1, prepare: 2, feedback: 3}"]
    assert not fired("too-few-coaches", groups)
    own = "  thresholds: [{rule: too-few-coaches, name: most, value: 5, reason: newcomers}]\n"
    program = PROGRAM.replace("  scale: house\n", f"  scale: house\n{own}")
    (message,) = fired("too-few-coaches", groups, own=program[: program.index("\nscale:") + 1])
    assert message.startswith(
        "18 trainees practice in groups, and the cohort has 1 trainer and 2 coaches"
    )


def test_a_terminal_objective_is_practiced_itself() -> None:
    one = (
        "kind: terminal, verb: greet, behavior: a customer, domain: interpersonal, level: apply, "
        "ksas: [{ksa: k1, level: 1}]"
    )
    both = [f"id: o1, {one}", f"id: o2, {one}"]
    assert len(fired("objective-without-practice", [PLAY], both)) == 1
    # Nothing practices the skill at all: told at the KSA, once.
    assert not fired("objective-without-practice", [], both)
    gate = [both[0], both[1] + ", gate: true"]
    assert not fired("objective-without-practice", [PLAY], gate)


@pytest.mark.parametrize(
    ("instrument", "differs"),
    [
        ("kind: role-play, when: in-course, minutes: 9", True),
        ("kind: role-play, when: in-course, minutes: 12", False),
        ("kind: role-play, when: baseline, minutes: 9", False),
        ("kind: role-play, when: in-course, minutes: 10, book: closed", True),
        ("kind: product, when: in-course, minutes: 9", False),
    ],
)
def test_a_test_keeps_the_condition_of_its_objective(instrument: str, differs: bool) -> None:
    one = (
        "id: o1, kind: terminal, verb: greet, behavior: a customer, domain: interpersonal, "
        "level: apply, play: 10, book: open"
    )
    text = (
        f"instrument: {{id: i1, title: Station, kirkpatrick: 2, objectives: [o1], {instrument}}}\n"
    )
    assert bool(fired("test-condition-differs", [], [one], instrument=text)) is differs


@pytest.mark.parametrize(
    ("kinds", "silent"),
    [
        (["self-form"], False),
        (["check", "self-form"], False),
        (["self-form", "observation"], True),
        (["supervisor-form"], True),  # no evidence at all is told at the objective
    ],
)
def test_an_attitude_is_seen_by_somebody(kinds: list[str], silent: bool) -> None:
    instruments = "instruments:\n" + "".join(
        f"  - {{id: i{n}, title: T, kind: {kind}, kirkpatrick: 2, when: in-course, "
        "objectives: [o1]}\n"
        for n, kind in enumerate(kinds)
    )
    attitude = KSA.replace("skill", "attitude")
    found = fired("attitude-never-observed", [], ksa=attitude, instrument=instruments)
    assert bool(found) is not silent


def test_a_program_that_teaches_nothing_yet_needs_no_transfer_plan() -> None:
    for rule in ("program-without-transfer-plan", "program-without-supervisor-briefing"):
        assert fired(rule, [PLAY])
        assert not fired(rule, [])
