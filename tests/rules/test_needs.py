"""Corners of the rules about needs: scales, targets, duties, sources, and who stays silent."""

from __future__ import annotations

import pytest

from csstrain.diagnostic import Diagnostic
from csstrain.pipeline import compile_texts
from tests.curricula import PROGRAM, compile_text

OBJECTIVE = """\
module:
  id: m1
  title: Contact
  objectives: [{{id: o1, kind: terminal, verb: greet, behavior: a customer,
    domain: interpersonal, level: apply, ksas: [{{ksa: k1, level: {level}}}]}}]
  activities:
    - {{id: m1-show, method: demonstration, phase: demonstrate, objectives: [o1],
       minutes: {{min: 10, plan: 10, max: 10}}}}
    - {{id: m1-play, method: role-play, phase: practice, objectives: [o1],
       minutes: {{min: 10, plan: 10, max: 10}}}}
instrument: {{id: i1, title: Station, kind: role-play, kirkpatrick: 2,
  when: in-course, objectives: [o1]}}
"""


def findings(text: str, *rules: str) -> list[Diagnostic]:
    compiled = compile_text(example=text)
    assert compiled.curriculum, [d.message for d in compiled.diagnostics]
    return [d for d in compiled.diagnostics if d.rule in rules]


def names(text: str, *rules: str) -> list[str]:
    return [d.rule for d in findings(text, *rules)]


def ksa(fields: str) -> str:
    return f"ksas: [{{id: k1, statement: Greet a customer., classes: [skill], {fields}}}]\n"


@pytest.mark.parametrize(
    ("levels", "message"),
    [
        ("{level: 1, name: A, house: 4}", "which `house` does not have"),
        ("{level: 1, name: A, house: 3}, {level: 2, name: B, house: 2}", "less than a lower level"),
        # The middle level is joined to nothing, and what stands above counts all the same.
        (
            "{level: 1, name: A, house: 3}, {level: 2, name: B}, {level: 3, name: C, house: 1}",
            "level 3 of scale `s1` equals house level 1, less than a lower level does",
        ),
    ],
)
def test_a_crosswalk_says_where_it_goes_astray(levels: str, message: str) -> None:
    text = f"scale: {{id: s1, title: Desk, levels: [{levels}]}}\n"
    (fault,) = findings(text, "crosswalk-astray")
    assert message in fault.message


def test_two_levels_may_equal_one_of_the_house() -> None:
    text = (
        "scale: {id: s1, title: Desk, levels: [{level: 1, name: A, house: 2}, "
        "{level: 2, name: B, house: 2}]}\n"
    )
    assert names(text, "crosswalk-astray") == []


def test_the_house_scale_is_joined_to_nothing_else() -> None:
    own = PROGRAM.replace("name: Basic", "name: Basic, house: 1").replace(
        "name: Working", "name: Working, house: 3"
    )
    found = compile_texts({"content/program.yaml": own.encode()}).diagnostics
    (fault,) = [d for d in found if d.rule == "crosswalk-astray"]
    assert fault.message == (
        "level 2 of scale `house` equals house level 3, but this is the house scale"
    )
    assert fault.hint == "delete `house`"
    assert fault.place.route == ("scale", "levels", 1, "house")


@pytest.mark.parametrize(
    ("text", "route"),
    [
        (ksa("target_job: 7"), ("ksas", 0, "target_job")),
        (ksa("target_end_of_training: 5"), ("ksas", 0, "target_end_of_training")),
        (
            "scale: {id: s1, title: D, ceiling: 3, levels: [{level: 1, name: A}]}",
            ("scale", "ceiling"),
        ),
        (
            "scale: {id: s1, title: D, levels: [{level: 1, name: A, statements: [{text: Does.,\n"
            "  level: 2}]}]}",
            ("scale", "levels", 0, "statements", 0, "level"),
        ),
        (
            "source: {id: s, title: P, file: p.txt}\n"
            "competency: {id: c1, name: C, origin: s, definition: D., ksas: [],\n"
            "  target: {scale: house, level: 4}, behaviors: [{text: Does., level: 2}]}",
            ("competency", "target", "level"),
        ),
        (ksa("target_job: 2") + OBJECTIVE.format(level=4),
         ("module", "objectives", 0, "ksas", 0, "level")),
    ],
)  # fmt: skip
def test_a_level_off_its_scale_is_told_at_its_place_and_once(
    text: str, route: tuple[str | int, ...]
) -> None:
    related = ("level-off-scale", "target-above-ceiling", "taught-above-target")
    (fault,) = findings(text, *related)
    assert fault.rule == "level-off-scale"
    assert fault.place.route == route
    assert fault.hint
    assert "use one of its levels: 1 (" in fault.hint


def test_each_level_of_a_competency_is_held_against_its_scale() -> None:
    text = (
        "source: {id: s, title: P, file: p.txt}\n"
        "scale: {id: desk, title: Desk, levels: [{level: 1, name: Once, house: 1}]}\n"
        "competency: {id: c1, name: C, origin: s, definition: D.,\n"
        "  target: {scale: desk, level: 2},\n"
        "  behaviors: [{text: Greets.}, {text: Asks., level: 1}, {text: Closes., level: 3}]}\n"
    )
    told = findings(text, "level-off-scale")
    assert [(d.place.route[1:], d.message) for d in told] == [
        (
            ("target", "level"),
            "the target of `c1` is level 2, which scale `desk` (Desk) does not have",
        ),
        (
            ("behaviors", 2, "level"),
            "a behavior of `c1` is for level 3, which scale `desk` (Desk) does not have",
        ),
    ]
    assert {d.hint for d in told} == {"use one of its levels: 1 (Once)"}
    (behavior,) = findings(text.replace("scale: desk, level: 2", "scale: desk, level: 1"),
                           "level-off-scale")  # fmt: skip
    assert behavior.place.route[1] == "behaviors"


def test_scores_of_a_rubric_are_no_levels_of_a_scale() -> None:
    text = (
        "instrument: {id: i1, title: Station, kind: role-play, kirkpatrick: 2, when: in-course,\n"
        "  criteria: [{id: cr1, name: Greets, anchors: [{level: 9, text: Says the name.}]}]}\n"
    )
    assert names(text, "level-off-scale") == []


def test_a_target_above_the_ceiling_is_not_told_as_unreached_too() -> None:
    rules = ("target-above-ceiling", "target-not-reached")
    high = ksa("target_end_of_training: 3")
    assert names(high + OBJECTIVE.format(level=2), *rules) == ["target-above-ceiling"]
    assert names(high + OBJECTIVE.format(level=1), *rules) == list(rules)


def test_one_scale_without_crosswalk_is_one_finding_with_all_who_aim_at_it() -> None:
    text = (
        "source: {id: s, title: P, file: p.txt}\n"
        "scale: {id: s1, title: Desk, levels: [{level: 1, name: Always}]}\n"
        "competencies:\n"
        + "".join(
            f"  - {{id: c{n}, name: C, origin: s, definition: D.,\n"
            "     target: {scale: s1, level: 1}}\n"
            for n in range(3)
        )
    )
    (fault,) = findings(text, "target-without-crosswalk")
    assert len(fault.related) == 3
    said = text.replace(
        "levels: [{level: 1", "crosswalk: it counts something else, levels: [{level: 1"
    )
    assert names(said, "target-without-crosswalk") == []


def test_a_program_without_sources_is_told_once() -> None:
    text = "ksas:\n" + "".join(
        f"  - {{id: k{n}, statement: Skill {n}., classes: [skill]}}\n" for n in range(3)
    )
    (fault,) = findings(text, "ksa-without-source")
    assert fault.place.route == ("program",)


def test_a_task_whose_ksas_are_all_brought_along_is_not_trained() -> None:
    text = (
        "ksas: [{id: k1, statement: Read., classes: [ability], status: entry, screening: degree}]\n"
        "duty: {id: d1, name: Serve,\n"
        "  tasks: [{id: d1-1, text: Reads., status: trained, ksas: [k1]}]}\n"
    )
    (fault,) = findings(text, "trained-task-without-ksa")
    assert "`k1` is entry" in fault.message
    assert (
        names(text.replace("status: trained", "status: not-trained"), "trained-task-without-ksa")
        == []
    )


def test_an_untaught_ksa_of_an_instrument_is_told_there_and_not_at_the_target() -> None:
    text = ksa("target_end_of_training: 2") + OBJECTIVE.format(level=1)
    rules = ("ksa-tested-but-not-taught", "target-not-reached")
    assert names(text, *rules) == ["target-not-reached"]
    named = text.replace("objectives: [o1]}\n", "objectives: [o1], ksas: [k1]}\n")
    assert named.count("ksas: [k1]") == 1
    assert names(named, *rules) == ["ksa-tested-but-not-taught"]


@pytest.mark.parametrize(
    ("statement", "compound"),
    [
        ("Explains the policy and completes the form.", True),
        ("Drafts letters or prepares forms for students.", True),
        ("Explain the policy and complete the form.", True),
        ("Adapts words and pace to customers.", False),
        ("Knows state and federal rules.", False),
        ("Establishes needs by asking, listening and restating.", False),
        ("Checks forms and records of students.", False),
        ("Checks forms and records management rules.", False),
        ("Calculates sums, differences and percentages without error.", False),
        # The second verb has the form of the first word: whole, with an s, or in -ing.
        ("Greets customers and explains letters to students.", True),
        ("Greets customers and uses the forms of the office.", True),
        ("Applies rules and classifies forms of students.", True),
        ("Explaining rules and completing the form.", True),
        ("Explains the policy and completing the form.", False),
        ("Records of students and prepare forms for them.", False),
        ("Explaining rules and using the forms.", True),
        ("Registration rules and preparation requirements of the office.", False),
        ("Explains the policy, and completes", False),
    ],
)
def test_two_acts_are_compound_and_two_things_are_not(statement: str, compound: bool) -> None:
    text = f'ksas: [{{id: k1, statement: "{statement}", classes: [skill]}}]\n'
    assert bool(names(text, "compound-ksa")) is compound
