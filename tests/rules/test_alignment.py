"""Corners of the rules about alignment and coverage: what is taught, practiced, tested, asked."""

from __future__ import annotations

import pytest

from csstrain.diagnostic import Diagnostic
from tests.curricula import PROGRAM, compile_text

KSAS = """\
ksas:
  - {id: k1, statement: Greet a customer., classes: [skill], target_end_of_training: 2}
  - {id: k2, statement: Name the fees., classes: [declarative], target_job: 2}
  - {id: k3, statement: Read., classes: [ability], status: entry, screening: degree}
"""


def objective(name: str, *ksas: str, more: str = "") -> str:
    links = ", ".join(f"{{ksa: {k}, level: {level}}}" for k, level in (x.split(":") for x in ksas))
    linked = f", ksas: [{links}]" if ksas else ""
    return (
        f"id: {name}, kind: terminal, verb: greet, behavior: them, domain: interpersonal, "
        f"level: apply{linked}{more}"
    )


def activity(name: str, phase: str, objectives: str = "o1", more: str = "") -> str:
    return (
        f"id: {name}, method: drill, phase: {phase}, objectives: [{objectives}], "
        f"minutes: {{min: 9, plan: 9, max: 9}}{more}"
    )


def instrument(name: str, kind: str = "role-play", more: str = "objectives: [o1]",
               when: str = "in-course") -> str:  # fmt: skip
    return f"id: {name}, title: Title, kind: {kind}, kirkpatrick: 2, when: {when}, {more}"


def found(
    rule: str,
    objectives: list[str],
    activities: list[str],
    instruments: list[str],
    ksas: str = KSAS,
    **files: str,
) -> list[Diagnostic]:
    module = "module:\n  id: m1\n  title: Contact\n"
    for kind, every in (("objectives", objectives), ("activities", activities)):
        if every:
            module += f"  {kind}:\n" + "".join(f"    - {{{each}}}\n" for each in every)
    tests = "instruments:\n" + "".join(f"  - {{{each}}}\n" for each in instruments)
    parts = {"k": ksas, "m": module, "i": tests if instruments else "", **files}
    compiled = compile_text(**{name: text for name, text in parts.items() if text})
    assert compiled.curriculum, [d.message for d in compiled.diagnostics]
    return [d for d in compiled.diagnostics if d.rule == rule]


# ── alignment ────────────────────────────────────────────────────────────────────────

SHOW, PLAY = activity("a-show", "present"), activity("a-play", "practice")


@pytest.mark.parametrize(
    ("kind", "when", "measured"),
    [
        ("role-play", "in-course", True),
        ("role-play", "end-of-course", True),
        ("role-play", "daily", True),
        ("role-play", "baseline", False),
        ("role-play", "follow-up", False),
        ("self-form", "in-course", False),
    ],
)
def test_what_certifies_an_objective(kind: str, when: str, measured: bool) -> None:
    test = instrument("i1", kind, when=when)
    every = found("objective-without-instrument", [objective("o1")], [], [test])
    assert bool(every) is not measured


def test_a_test_names_objectives_or_ksas_somewhere() -> None:
    rule = "instrument-without-objective"
    bare = instrument("i1", more="minutes: 5")
    (told,) = found(rule, [], [], [bare])
    assert told.message == "instrument `i1` (Title) measures no objective"
    for more in ("ksas: [k1]", "criteria: [{id: c1, name: C, objective: o1}]"):
        assert found(rule, [objective("o1")], [], [instrument("i1", more=more)]) == []
    assert found(rule, [], [], [instrument("i1", "reaction-form", "minutes: 5")]) == []


def test_items_and_criteria_name_their_objective() -> None:
    more = "items: [{id: q1, stem: S?, key: k}], criteria: [{id: c1, name: C}]"
    every = found("item-without-objective", [], [], [instrument("i1", more=more)])
    assert [d.message for d in every] == [
        "item `q1` of `i1` belongs to no objective",
        "criterion `c1` of `i1` belongs to no objective",
    ]
    assert [d.hint for d in every] == [
        "add `objective: …` to it, or take the item out",
        "add `objective: …` to it, or take the criterion out",
    ]


TEST = activity("a-test", "assess", "", ", instrument: i1")


@pytest.mark.parametrize(
    ("activities", "fault"),
    [
        ([SHOW, TEST], None),
        ([PLAY, TEST], None),
        ([activity("a-show", "demonstrate"), TEST], None),
        ([TEST, PLAY], "before `a-play` teaches it"),
        ([TEST, SHOW, PLAY], "before `a-show` teaches it"),
        ([TEST, activity("a-show", "present", more=", delivery: prework")], None),
        ([activity("a-talk", "debrief"), TEST], "and `o1` is never taught"),
        ([TEST], "and `o1` is never taught"),
    ],
)
def test_a_test_comes_after_what_it_tests(activities: list[str], fault: str | None) -> None:
    rule = "instrument-before-instruction"
    every = found(rule, [objective("o1")], activities, [instrument("i1")])
    assert [d.message.removeprefix("`a-test` uses `i1`, which measures `o1`, ") for d in every] == (
        [fault] if fault else []
    )
    if fault:
        other = "`o1`" if "never" in fault else f"{fault.split()[1]} comes later"
        assert [r.message for r in every[0].related] == [other]
        assert every[0].hint == (
            "let an activity that presents, demonstrates or practices it name `o1`, or do not "
            "test it"
            if "never" in fault
            else "move it behind, or let its module require the module that teaches it"
        )
    for excused in (instrument("i1", when="baseline"), instrument("i1", "self-form")):
        assert found(rule, [objective("o1")], activities, [excused]) == []


def test_an_untaught_gate_is_told_by_its_own_rules() -> None:
    gate = [objective("o1", more=", gate: true")]
    assert found("instrument-before-instruction", gate, [TEST], [instrument("i1")]) == []
    assert len(found("instrument-before-instruction", gate, [TEST, SHOW], [instrument("i1")])) == 1
    for rule, does in (("gate-without-practice", PLAY), ("gate-without-instruction", SHOW)):
        (told,) = found(rule, gate, [TEST], [instrument("i1")])
        assert told.place.route[-1] == "gate"
        assert found(rule, gate, [does], []) == []
        assert found(rule, [objective("o1")], [], []) == []
    assert found("gate-without-practice", gate, [SHOW], [])
    assert found("gate-without-instruction", gate, [PLAY], [])


def test_skills_that_are_practiced_elsewhere_are_named() -> None:
    ksas = KSAS.replace("[declarative]", "[skill]")
    both = [objective("o1", "k1:2", "k2:1"), objective("o2", "k1:2", "k3:1", "k2:1")]
    (told,) = found("objective-without-practice", both, [PLAY], [], ksas)
    assert told.message == (
        "objective `o2` (greet them) rests on skills (`k1`, `k2`), and no activity practices it"
    )
    assert [r.message for r in told.related] == [
        "`k1` is practiced elsewhere",
        "`k2` is practiced elsewhere",
    ]
    knowing = [both[0], both[1].replace("level: apply", "level: understand")]
    assert found("objective-without-practice", knowing, [PLAY], [], ksas) == []
    enabling = [both[0], both[1].replace("terminal", "enabling")]
    assert found("objective-without-practice", enabling, [PLAY], [], ksas) == []


def test_an_attitude_in_words_is_told_with_its_instruments() -> None:
    rule, attitude = "attitude-never-observed", KSAS.replace("[skill]", "[attitude]")
    form = instrument(
        "f", "self-form", "questions: [{id: q1, text: How?, type: rating, ksas: [k1]}]"
    )
    both = [form, instrument("i1", "check", "ksas: [k1]"), instrument("i2", "check", "ksas: [k2]")]
    (told,) = found(rule, [], [], both, attitude)
    assert told.message.endswith("only by what trainees say or write: `i1`, `f`")
    assert [r.message for r in told.related] == ["`i1` is a check", "`f` is a self-form"]
    later = [*both, instrument("i3", "observation", "ksas: [k1]", "follow-up")]
    assert len(found(rule, [], [], later, attitude)) == 1
    seen = [*both, instrument("i3", "observation", "ksas: [k1]")]
    assert found(rule, [], [], seen, attitude) == []
    assert found(rule, [], [], [], attitude) == []
    entry = attitude.replace("target_end_of_training: 2", "status: entry, screening: degree")
    assert found(rule, [], [], both, entry) == []


def test_each_difference_of_conditions_is_told() -> None:
    rule, live = "test-condition-differs", [objective("o1", more=", play: 10, book: open")]
    both = instrument("i1", more="objectives: [o1], minutes: 9, book: closed")
    book, minutes = found(rule, live, [], [both])
    assert book.message == "`i1` (Title) is closed book, but `o1` is open book"
    assert minutes.message == "`i1` (Title) gives 9 minutes, but `o1` is a performance of 10"
    assert (book.place.route[-1], minutes.place.route[-1]) == ("book", "minutes")
    assert minutes.hint
    assert minutes.hint.startswith("set `minutes` so that")
    ten = instrument("i1", "observation", "objectives: [o1], minutes: 10")
    assert found(rule, live, [], [ten]) == []
    assert len(found(rule, live, [], [ten.replace("minutes: 10", "minutes: 9")])) == 1
    closed = [objective("o1", more=", book: closed")]
    assert found(rule, closed, [], [instrument("i1", more="objectives: [o1], book: closed")]) == []
    assert found(rule, [objective("o1")], [], [both]) == []


# ── coverage ─────────────────────────────────────────────────────────────────────────


def test_the_level_that_an_objective_should_name() -> None:
    every = found("ksa-without-objective", [], [], [])
    assert [d.hint.partition("`")[2].partition("`")[0] for d in every if d.hint] == [
        "{ksa: k1, level: 2}", "{ksa: k2, level: 1}", "{ksa: k3, level: 1}",
    ]  # fmt: skip


def test_objectives_of_an_unpracticed_skill_are_named() -> None:
    rule, two = "skill-without-practice", [objective("o1", "k1:2"), objective("o2", "k1:1")]
    (told,) = found(rule, two, [SHOW], [])
    assert told.hint
    assert told.hint.endswith("name one of its objectives: `o1`, `o2`")
    assert [r.message for r in told.related] == ["`o1`: greet them", "`o2`: greet them"]
    assert found(rule, two, [PLAY], []) == []
    assert found(rule, [], [], []) == []
    assert found(rule, [objective("o1", "k2:1", "k3:1")], [SHOW], []) == []


def test_papers_about_a_skill_are_named() -> None:
    rule, one = "skill-tested-only-in-writing", [objective("o1", "k1:2", "k2:1")]
    papers = [instrument("i1", "check"), instrument("i2", "written-test")]
    (told,) = found(rule, one, [], papers)
    assert told.message.endswith("is a skill, tested only in writing: `i1`, `i2`")
    assert [r.message for r in told.related] == ["`i1` is a check", "`i2` is a written-test"]
    assert found(rule, one, [], [*papers, instrument("i3")]) == []
    assert found(rule, one, [], []) == []
    assert len(found(rule, one, [], [*papers, instrument("i3", when="baseline")])) == 1


def test_only_trained_ksas_are_followed_up() -> None:
    every = found("ksa-without-follow-up", [], [], [])
    assert [d.place.route for d in every] == [("ksas", 0), ("ksas", 1)]


@pytest.mark.parametrize(
    ("level", "activities", "instruments", "short"),
    [
        (2, [SHOW, PLAY], ["role-play"], None),
        (1, [SHOW, PLAY], ["role-play"], "taught to 1 and practiced to 1 and assessed to 1"),
        (2, [PLAY], ["role-play"], "taught to 0"),
        (2, [SHOW], ["role-play"], None),  # not practiced at all
        (2, [SHOW, PLAY], [], None),  # not measured at all
        (2, [SHOW, PLAY], ["check"], None),  # tested only in writing
        (1, [SHOW, PLAY], ["check"], "taught to 1 and practiced to 1"),
    ],
)
def test_a_target_is_reached_at_each_stage(
    level: int, activities: list[str], instruments: list[str], short: str | None
) -> None:
    tests = [instrument(f"i{n}", kind) for n, kind in enumerate(instruments)]
    every = found("target-not-reached", [objective("o1", f"k1:{level}")], activities, tests)
    about = [d.message.partition("has target 2, but is ")[2] for d in every]
    assert about == ([short] if short else [])


def test_practice_is_not_asked_of_knowledge() -> None:
    knowledge = KSAS.replace("target_job: 2", "target_end_of_training: 2")
    two = [objective("o1", "k2:2"), objective("o2", "k2:1")]
    practice = activity("a-play", "practice", "o2")
    assert found("target-not-reached", two, [SHOW, practice], [instrument("i1")], knowledge) == []


@pytest.mark.parametrize(
    ("links", "phase", "asked"),
    [
        (["k1:2"], "present", None),
        (["k1:3"], "present", 2),
        (["k2:2"], "present", None),  # the job asks for it
        (["k2:3"], "demonstrate", 2),
        (["k2:3"], "practice", None),
        (["k3:3"], "present", None),
        (["k2:4"], "present", None),  # told by level-off-scale
    ],
)
def test_no_more_is_taught_than_is_asked_for(
    links: list[str], phase: str, asked: int | None
) -> None:
    every = found("taught-above-target", [objective("o1", *links)], [activity("a1", phase)], [])
    assert [d.hint and d.hint.partition("`")[2].partition("`")[0] for d in every] == (
        [f"level: {asked}"] if asked else []
    )
    if asked:
        assert every[0].place.route[-3:] == ("ksas", 0, "level")
        assert f"to level 3, and neither training nor the job asks for more than {asked}" in (
            every[0].message
        )
        assert [r.message for r in every[0].related] == [f"`{links[0][:2]}`"]


def test_without_a_house_scale_every_level_counts() -> None:
    own = PROGRAM.partition("scale:\n  id")[0].replace("  scale: house\n", "")
    every = found("taught-above-target", [objective("o1", "k1:9")], [SHOW], [], program=own)
    assert len(every) == 1


@pytest.mark.parametrize(
    ("level", "activities", "fault"),
    [
        (2, [SHOW], None),
        (2, [PLAY], None),
        (1, [SHOW], "at level 2, and it is taught and practiced to 1 only"),
        (2, [], "at level 2, and it is never taught"),
    ],
)
def test_a_ksa_is_taught_before_it_is_tested(
    level: int, activities: list[str], fault: str | None
) -> None:
    rule, one = "ksa-tested-but-not-taught", [objective("o1", f"k1:{level}", "k2:2")]
    every = found(rule, one, activities, [instrument("i1", more="ksas: [k3, k1]")])
    assert [d.message.partition("(Greet a customer) ")[2] for d in every] == (
        [fault] if fault else []
    )
    if fault:
        assert every[0].place.route[-2:] == ("ksas", 1)
        assert [r.message for r in every[0].related] == ["`o1`: greet them"]
    before = instrument("i1", more="ksas: [k1]", when="baseline")
    assert found(rule, one, activities, [before]) == []
    # Without an objective another rule tells it.
    assert found(rule, [objective("o1")], activities, [instrument("i1", more="ksas: [k1]")]) == []
