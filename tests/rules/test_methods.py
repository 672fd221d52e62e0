"""Corners of the rules about methods, practice, feedback and the conditions of a test."""

from __future__ import annotations

import pytest

from csstrain.diagnostic import Diagnostic
from tests.curricula import PROGRAM, compile_text

KSA = "ksa: {id: k1, statement: Greet a customer., classes: [skill]}\n"


def found(
    rule: str, activities: list[str], objectives: list[str] | None = None, **files: str
) -> list[Diagnostic]:
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
    return [d for d in compiled.diagnostics if d.rule == rule]


def fired(
    rule: str, activities: list[str], objectives: list[str] | None = None, **files: str
) -> list[str]:
    return [d.message for d in found(rule, activities, objectives, **files)]


def activity(name: str, method: str, phase: str, more: str = "") -> str:
    minutes = "minutes: {min: 10, plan: 10, max: 10}"
    return f"id: {name}, method: {method}, phase: {phase}, objectives: [o1], {minutes}{more}"


PLAY = activity("m1-play", "role-play", "practice")


@pytest.mark.parametrize(
    ("method", "level", "unfit"),
    [
        ("lecture", "apply", True),
        ("lecture", "understand", False),  # the facts under a skill may be told
        ("lecture", "remember", False),
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


@pytest.mark.parametrize("order", ["o1, o2", "o2, o1"])
def test_a_method_that_fits_one_of_its_ksas_will_do(order: str) -> None:
    ksas = (
        "ksas: [{id: k1, statement: Greet a customer., classes: [skill]},\n"
        "  {id: k2, statement: Know the fees., classes: [declarative]}]\n"
    )
    objectives = [
        f"id: o{n}, kind: terminal, verb: explain, behavior: a greeting, domain: cognitive, "
        f"level: apply, ksas: [{{ksa: k{n}, level: 1}}]"
        for n in (1, 2)
    ]
    talk = activity("m1-a", "lecture", "present").replace("[o1]", f"[{order}]")
    assert fired("method-unfit-for-class", [talk], objectives, ksa=ksas) == []


def test_a_method_without_a_row_and_a_test_are_not_judged() -> None:
    matrix = (
        "method-matrix: {id: own, title: Own, rows: [{method: game, declarative: 0, "
        "procedural: 0, strategic: 0, skill: 0, attitude: 0}]}\n"
    )
    talk = [activity("m1-a", "lecture", "present"), activity("m1-b", "game", "assess")]
    assert not fired("method-unfit-for-class", talk, matrix=matrix)
    assert fired("method-unfit-for-class", [activity("m1-b", "game", "practice")], matrix=matrix)


def test_methods_that_would_fit_are_named() -> None:
    rows = "{method: %s, declarative: %d, procedural: 3, strategic: 0, skill: %d, attitude: 3}"
    ratings = [("lecture", 0, 0), ("quiz", 2, 2), ("drill", 3, 1), ("game", 1, 3),
               ("case-study", 2, 3), ("lab", 2, 2), ("simulation", 3, 2),
               ("project", 3, 3)]  # fmt: skip
    listed = ", ".join(rows % each for each in ratings)
    matrix = f"method-matrix: {{id: own, title: Own, rows: [{listed}]}}\n"
    both = [
        "id: o1, kind: terminal, verb: explain, behavior: a greeting, domain: cognitive, "
        "level: understand, ksas: [{ksa: k1, level: 1}, {ksa: k2, level: 1}]"
    ]
    ksas = KSA + "ksas: [{id: k2, statement: Counting., classes: [ability]}]\n"
    talk = [activity("m1-a", "lecture", "present")]
    (unfit,) = found("method-unfit-for-class", talk, both, matrix=matrix, ksa=ksas)
    assert unfit.message == (
        "`m1-a` (m1-a) is to teach skill and declarative, and the method matrix gives lecture no "
        "value for that"
    )
    assert unfit.hint == (
        "use a method that serves skill and declarative, such as quiz, case-study, lab, simulation"
    )
    alone = f"method-matrix: {{id: own, title: Own, rows: [{rows % ratings[0]}]}}\n"
    (unfit,) = found("method-unfit-for-class", talk, both, matrix=alone, ksa=ksas)
    assert unfit.hint == "use another method, or let it serve another objective"


def timed(name: str, method: str, phase: str, minutes: int, more: str = "") -> str:
    return activity(name, method, phase, more).replace("10", str(minutes))


@pytest.mark.parametrize(
    ("minutes", "fires"), [((50, 50), False), ((51, 49), True), ((0, 50), False), ((50, 0), True)]
)
def test_half_of_the_instruction_is_practice(minutes: tuple[int, int], fires: bool) -> None:
    told, done = minutes
    every = [timed("m1-a", "discussion", "present", told)] * bool(told)
    every += [timed("m1-b", "drill", "practice", done)] * bool(done)
    every += [timed("m1-c", "test", "assess", 500), timed("m1-d", "reading", "admin", 500)]
    found = fired("low-practice-share", every)
    assert len(found) == fires
    if fires:
        assert f"is about skills, and {done} % of its instruction is practice" in found[0] or (
            "and 0 % of its instruction" in found[0]
        )


@pytest.mark.parametrize(
    ("classes", "fires"),
    [
        (("skill", "skill", "declarative"), True),
        (("skill", "declarative"), False),
        (("skill", "declarative", "declarative"), False),
    ],
)
def test_most_ksas_of_a_module_about_skills_are_skills(
    classes: tuple[str, ...], fires: bool
) -> None:
    ksas = "".join(
        f"  - {{id: k{n}, statement: Part {n}., classes: [{each}]}}\n"
        for n, each in enumerate(classes)
    )
    links = ", ".join(f"{{ksa: k{n}, level: 1}}" for n in range(len(classes)))
    one = [
        "id: o1, kind: terminal, verb: greet, behavior: a customer, domain: interpersonal, "
        f"level: apply, ksas: [{links}, {{ksa: k9, level: 1}}]"
    ]
    entry = "  - {id: k9, statement: Read., classes: [skill], status: entry, screening: degree}\n"
    talk = [activity("m1-a", "discussion", "present")]
    assert bool(fired("low-practice-share", talk, one, ksa=f"ksas:\n{ksas}{entry}")) is fires


def test_a_third_of_the_instruction_may_be_talk() -> None:
    rule = "high-lecture-share"
    play = timed("m1-p", "role-play", "practice", 67)
    third = [timed("m1-a", "lecture", "present", 20), timed("m1-b", "briefing", "present", 13)]
    assert fired(rule, [*third, play]) == []
    home = timed("m1-h", "lecture", "present", 90, ", delivery: prework")
    test = timed("m1-t", "briefing", "assess", 90)
    assert fired(rule, [*third, play, home, test]) == []
    more = [timed("m1-c", "lecture", "demonstrate", 21), timed("m1-d", "lecture", "debrief", 5)]
    (told,) = found(rule, [*third, *more, play])
    assert told.message == "lectures and briefings take 47 % of the instruction"
    assert [r.message for r in told.related] == [
        "`m1-c` (m1-c): 21 minutes", "`m1-a` (m1-a): 20 minutes", "`m1-b` (m1-b): 13 minutes",
    ]  # fmt: skip


def cohort(people: str, more: str = "") -> str:
    program = PROGRAM[: PROGRAM.index("\nscale:") + 1]
    return program.replace("{trainees: 18, coaches: 2}", f"{{{people}}}") + more


@pytest.mark.parametrize(
    ("people", "message", "hint"),
    [
        ("trainees: 20, coaches: 1", None, None),
        ("trainees: 21, coaches: 1", "1 trainer and 1 coach", "set `coaches: 2` or more"),
        ("trainees: 31, trainers: 3", "3 trainers and 0 coaches", "set `coaches: 1` or more"),
        ("trainees: 10", None, None),
    ],
)
def test_ten_trainees_have_somebody_to_watch_them(
    people: str, message: str | None, hint: str | None
) -> None:
    group = ", grouping: {size: 3, rounds: 1, prepare: 2, feedback: 3}"
    every = found("too-few-coaches", [PLAY + group], own=cohort(people))
    assert [(d.message.partition("cohort has ")[2], d.hint) for d in every] == (
        [] if message is None else [(message, hint)]
    )
    assert found("too-few-coaches", [PLAY], own=cohort(people)) == []
    talk = activity("m1-a", "discussion", "present", group)
    assert found("too-few-coaches", [talk], own=cohort(people)) == []
    none = "  thresholds: [{rule: too-few-coaches, name: most, value: 0, reason: A test.}]\n"
    (all_of_them,) = found("too-few-coaches", [PLAY + group], own=cohort(people, none))
    assert all_of_them.hint is None


def test_the_first_groups_are_named() -> None:
    group = ", grouping: {size: 3, rounds: 1, prepare: 2, feedback: 3}"
    every = [activity(f"m1-{n}", "drill", "practice", group) for n in range(4)]
    (told,) = found("too-few-coaches", every, own=cohort("trainees: 99"))
    assert [r.message for r in told.related] == [f"`m1-{n}` (m1-{n}): 10 minutes" for n in range(3)]


EVENTS = (
    "gain-attention", "state-objective", "recall", "present-content", "guide",
    "elicit-performance", "give-feedback", "assess", "retain-and-transfer",
)  # fmt: skip
SHOW = activity("m1-a", "discussion", "present")
DEBRIEF = ", debrief: {what: W?, so_what: S?, now_what: N?}"


@pytest.mark.parametrize(
    ("more", "events"),
    [
        (SHOW, "present-content"),
        (SHOW + ", event: state-objective", "present-content state-objective"),
        (activity("m1-a", "demonstration", "demonstrate"), "guide"),
        (SHOW + ", mistakes: [{error: Looks away., response: Look up.}]",
         "present-content guide"),
        (SHOW + ", retrieval: true", "present-content recall"),
        (SHOW + ", instrument: i1", "present-content assess"),
        (SHOW + DEBRIEF, "present-content give-feedback retain-and-transfer"),
        (SHOW + ", grouping: {size: 2, rounds: 1, prepare: 0, feedback: 1}",
         "present-content give-feedback"),
        (activity("m1-a", "coaching", "present"), "present-content give-feedback"),
    ],
)  # fmt: skip
def test_what_an_activity_says_of_events(more: str, events: str) -> None:
    test = "instrument: {id: i1, title: T, kind: check, kirkpatrick: 2, when: in-course}\n"
    (told,) = found("module-without-event", [more], instrument=test)
    absent = [event for event in EVENTS if event not in events.split()]
    assert told.message == (
        "module `m1` (Contact) teaches, and no activity says "
        + ", ".join(f"`{event}`" for event in absent)
    )
    assert told.hint
    assert told.hint.startswith(f"add `event: {absent[0]}`")


def test_a_module_with_every_event_or_without_teaching_is_left_alone() -> None:
    rule = "module-without-event"
    every = [
        activity(f"m1-{n}", "drill", "practice", f", event: {e}") for n, e in enumerate(EVENTS)
    ]
    assert found(rule, every) == []
    assert found(rule, [SHOW, *every]) == []
    assert len(found(rule, [SHOW, *every[:-1]])) == 1
    assert found(rule, every[:3]) == []


MODEL = activity("m1-show", "behavior-modeling", "demonstrate")


@pytest.mark.parametrize(
    ("shows", "message"),
    [
        ("bad", None),
        ("both", None),
        ("good", "`mat-1` shows good"),
        ("", "`mat-1` does not say what it shows"),
    ],
)
@pytest.mark.parametrize("user", ["activity", "module"])
def test_a_model_goes_badly_once(shows: str, message: str | None, user: str) -> None:
    scene = "{id: mat-1, title: Scene, kind: dialogue, reader: trainer, body: B.%s}"
    sheet = "{id: mat-2, title: Sheet, kind: handout, reader: trainee, body: B.}"
    materials = f"materials: [{scene % (f', shows: {shows}' if shows else '')}, {sheet}]\n"
    used = "materials: [mat-2, mat-1]"
    activities = [PLAY, MODEL + (f", {used}" if user == "activity" else "")]
    module = "module:\n  id: m1\n  title: Contact\n"
    module += f"  {used}\n" * (user == "module")
    module += "  activities:\n" + "".join(
        f"    - {{{each.replace('objectives: [o1], ', '')}}}\n" for each in activities
    )
    compiled = compile_text(module=module, materials=materials)
    assert compiled.curriculum, [d.message for d in compiled.diagnostics]
    every = [d for d in compiled.diagnostics if d.rule == "modeling-without-bad-model"]
    assert [[r.message for r in d.related] for d in every] == ([[message]] if message else [])


def test_rules_of_a_model_are_written_out() -> None:
    (told,) = found("modeling-without-learning-points", [PLAY, MODEL])
    assert [r.message for r in told.related] == ["`m1-show` (m1-show): 10 minutes"]
    assert found("modeling-without-learning-points", [PLAY]) == []


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
        ([PLAY + ", event: give-feedback"], True),
        ([PLAY, activity("m1-talk", "discussion", "present", ", event: give-feedback")], True),
        ([PLAY, activity("m1-talk", "discussion", "debrief").replace("[o1]", "[]")], False),
        ([activity("m1-talk", "discussion", "present")], True),
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
        (told,) = found(rule, [PLAY])
        assert told.place.route == ("program",)
        assert fired(rule, [activity("m1-a", "discussion", "present")])
        assert fired(rule, [activity("m1-a", "discussion", "assess")]) == []
        assert not fired(rule, [])
        plan = "material: {id: mat-1, title: P, kind: %s, reader: trainee, body: B.}\n"
        kinds = [kind for kind in ("transfer-plan", "briefing", "handout")
                 if not fired(rule, [PLAY], material=plan % kind)]  # fmt: skip
        assert kinds == ["briefing" if "briefing" in rule else "transfer-plan"]
