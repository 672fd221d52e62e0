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


def test_of_the_levels_of_objectives_only_those_off_the_scale_are_told() -> None:
    text = ksa("target_job: 3, target_end_of_training: 2")
    assert findings(text + OBJECTIVE.format(level=2), "level-off-scale") == []
    (fault,) = findings(text + OBJECTIVE.format(level=4), "level-off-scale")
    assert fault.message == (
        "`o1` brings `k1` to level 4, which scale `house` (House scale) does not have"
    )


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
    assert fault.hint
    assert fault.hint.startswith("add `source:` with the parts of the job description")


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


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("Explain and calculate fines.", 'joined by "and": the second begins with "calculate"'),
        ("Explain fines and calculate totals.", 'joined by "and"'),
        ("Explain fines as well as calculate totals.", 'joined by "as well as"'),
        ("Explain fines and calculate.", ""),
        ("Explain fines as well as.", ""),
        ("And calculate totals at the desk.", ""),
    ],
)
def test_a_second_act_may_begin_anywhere_behind_the_first_word(statement: str, said: str) -> None:
    text = f"ksas: [{{id: k1, statement: {statement}, classes: [skill]}}]\n"
    messages = [d.message for d in findings(text, "compound-ksa")]
    assert len(messages) == bool(said)
    assert all(said in message for message in messages)


# ── scales and KSAs ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("levels", "place"), [((1, 2, 3), None), ((1, 1), 1), ((2, 1), 1), ((1, 3, 2, 4), 2)]
)
def test_levels_rise(levels: tuple[int, ...], place: int | None) -> None:
    listed = ", ".join(f"{{level: {level}, name: L{n}}}" for n, level in enumerate(levels))
    every = findings(f"scale: {{id: s1, title: Desk, levels: [{listed}]}}\n", "levels-out-of-order")
    assert [d.place.route for d in every] == (
        [] if place is None else [("scale", "levels", place, "level")]
    )
    if place:
        assert every[0].message == (
            f"level {levels[place]} (L{place}) of scale `s1` stands after level "
            f"{levels[place - 1]} (L{place - 1})"
        )


def test_the_ceiling_of_training_is_named() -> None:
    (told,) = findings(ksa("target_end_of_training: 3, target_job: 3"), "target-above-ceiling")
    assert told.message.endswith(
        "is to reach level 3 in training, which alone certifies no more than 2 (Working)"
    )
    assert told.hint == "set `target_end_of_training: 2`, and keep 3 as `target_job`"
    assert [r.place.route for r in told.related] == [("scale", "ceiling")]
    assert names(ksa("target_end_of_training: 2"), "target-above-ceiling") == []
    without = PROGRAM.replace("  ceiling: 2\n", "")
    found = compile_texts(
        {"content/program.yaml": without.encode(),
         "content/k.yaml": ksa("target_end_of_training: 3").encode()}
    )  # fmt: skip
    assert "target-above-ceiling" not in {d.rule for d in found.diagnostics}


def test_a_level_without_a_crosswalk_is_told_for_each_scale_and_level() -> None:
    text = (
        "source: {id: s, title: P, file: p.txt}\n"
        "scale: {id: s1, title: Desk, levels: [{level: 1, name: A}, {level: 2, name: B},\n"
        "  {level: 3, name: C, house: 3}]}\n"
        "competencies:\n"
        + "".join(
            f"  - {{id: c{n}, name: C, origin: s, definition: D.{target}}}\n"
            for n, target in enumerate(
                [", target: {scale: house, level: 2}", ", target: {scale: s1, level: 9}", "",
                 ", target: {scale: s1, level: 3}", ", target: {scale: s1, level: 2}",
                 ", target: {scale: s1, level: 1}", ", target: {scale: s1, level: 2}"]
            )
        )
    )  # fmt: skip
    every = findings(text, "target-without-crosswalk")
    assert [d.place.route for d in every] == [("scale", "levels", 1), ("scale", "levels", 0)]
    assert [r.message for r in every[0].related] == ["target of `c4` (C)", "target of `c6` (C)"]
    assert "level 2 (B) of scale `s1` is a target" in every[0].message


def test_near_and_far_statements() -> None:
    def two(first: str, second: str) -> str:
        return "ksas:\n" + "".join(
            f"  - {{id: k{n}, statement: {text}, classes: [skill]}}\n"
            for n, text in enumerate((first, second))
        )

    rule = "near-duplicate-ksa"
    # Four of five words are 0.8 of them, four of six are not.
    (told,) = findings(two("Greets guests kindly outside.", "Greets guests kindly outside today."),
                       rule)  # fmt: skip
    assert told.place.route == ("ksas", 1, "statement")
    assert [r.message for r in told.related] == ["`k0`: Greets guests kindly outside."]
    assert told.message == (
        "`k1` says nearly the same as `k0`: Greets guests kindly outside today."
    )
    far = two("Greets guests kindly outside.", "Greets guests kindly outside today again.")
    assert findings(far, rule) == []


@pytest.mark.parametrize(
    ("fields", "rule", "fires"),
    [
        ("target_job: 1, target_end_of_training: 2", "target-above-job", True),
        ("target_job: 2, target_end_of_training: 2", "target-above-job", False),
        ("target_end_of_training: 2", "target-above-job", False),
        ("target_job: 2", "target-not-stated", True),
        ("target_job: 1", "target-not-stated", False),
        ("target_job: 2, target_end_of_training: 1", "target-not-stated", False),
        ("target_job: 2, status: exempt, reason: Known.", "target-not-stated", False),
        ("status: exempt", "untrained-without-reason", True),
        ("status: exempt, reason: none", "untrained-without-reason", False),
        ("status: trained", "untrained-without-reason", False),
        ("status: entry", "entry-without-screening", True),
        ("status: entry, screening: degree", "entry-without-screening", False),
        ("status: exempt", "entry-without-screening", False),
    ],
)
def test_status_and_targets_of_a_ksa(fields: str, rule: str, fires: bool) -> None:
    assert names(ksa(fields), rule) == [rule] * fires


def test_experience_is_brought_along() -> None:
    rule, trained = "experience-to-be-trained", ksa("status: trained")
    assert names(trained.replace("[skill]", "[experience]"), rule) == [rule]
    assert names(trained.replace("[skill]", "[skill, experience]"), rule) == []
    assert names(ksa("status: exempt").replace("[skill]", "[experience]"), rule) == []


# ── duties, sources, competencies ────────────────────────────────────────────────────

TASK = (
    "duty: {id: d1, name: Serve, tasks: [{id: t1, text: Greets., status: trained, ksas: [%s]}]}\n"
)
SOURCE = (
    "source: {id: s, title: P, file: p.txt, parts: [{id: p1, at: page 1}, {id: p2, at: page 2}]}\n"
)
COMPETENCY = "  - {id: c%s, name: Name, origin: s, definition: D.%s}\n"


def test_what_calls_for_a_ksa() -> None:
    rule = "orphan-ksa"
    assert names(ksa("status: trained"), rule) == []
    (told,) = findings(ksa("status: trained") + TASK % "", rule)
    assert told.message == "no competency and no duty calls for `k1` (Greet a customer)"
    assert names(ksa("status: trained") + TASK % "k1", rule) == []
    assert names(ksa("duties: [d1]") + TASK % "", rule) == []
    lone = SOURCE + "competencies:\n" + COMPETENCY
    assert names(ksa("status: trained") + lone % (1, ""), rule) == [rule]
    assert names(ksa("status: trained") + lone % (1, ", ksas: [k1]"), rule) == []


def test_what_a_trained_task_names() -> None:
    rule = "trained-task-without-ksa"
    two = (
        "ksas:\n  - {id: k1, statement: Read., classes: [ability], status: entry, screening: s}\n"
        "  - {id: k2, statement: Led., classes: [experience], status: exempt, reason: r}\n"
        "  - {id: k3, statement: Greet., classes: [skill]}\n"
    )
    (told,) = findings(two + TASK % "k1, k2", rule)
    assert told.message == (
        "task `t1` of `d1` (Serve) is said to be trained, and none of its KSAs is: `k1` is entry, "
        "`k2` is exempt"
    )
    assert [r.message for r in told.related] == ["`k1`: Read.", "`k2`: Led."]
    assert told.place.route == ("duty", "tasks", 0, "ksas")
    (bare,) = findings(two + TASK % "", rule)
    assert bare.message.endswith("it names no KSA")
    assert names(two + TASK % "k1, k3", rule) == []


def test_tasks_that_are_left_out_say_why() -> None:
    left = TASK.replace("trained,", "%s,") % ("not-trained", "")
    (told,) = findings(left, "untrained-without-reason")
    assert told.message == "task `t1` is not-trained without a reason"
    assert told.hint == "add `reason:`"
    assert names(TASK % "", "untrained-without-reason") == []
    assert names(left.replace("ksas: []", "reason: r"), "untrained-without-reason") == []


def test_parts_and_ksas_lead_to_each_other() -> None:
    both = ksa("cites: [p1]") + "ksa: {id: k2, statement: Close., classes: [skill]}\n" + SOURCE
    (part,) = findings(both, "uncited-part")
    assert part.message == "nothing in the program cites `p2` (page 2)"
    assert names(both.replace("at: page 2", "at: page 2, unused: r"), "uncited-part") == []
    (lone,) = findings(both, "ksa-without-source")
    assert lone.message == "`k2` (Close) cites no part of a source"
    assert names(ksa("cites: [p1]") + SOURCE, "ksa-without-source") == []
    assert names(SOURCE, "ksa-without-source") == []


@pytest.mark.parametrize(
    ("weights", "total"),
    [
        (("60", "40.5"), None),
        (("60", "40.6"), "100.6"),
        (("60", "39.5"), None),
        (("60", "39.4"), "99.4"),
        (("60",), "60"),
        ((), None),
    ],
)
def test_weights_add_up(weights: tuple[str, ...], total: str | None) -> None:
    text = SOURCE + "competencies:\n" + COMPETENCY % (9, "")
    text += "".join(COMPETENCY % (n, f", weight: {w}") for n, w in enumerate(weights))
    every = findings(text, "weights-off-total")
    assert [d.message for d in every] == (
        [f"the weights of the competencies from `s` add up to {total}, not 100"] if total else []
    )


def test_weights_are_those_of_one_source() -> None:
    text = SOURCE + "sources: [{id: t, title: T, file: t.txt}]\ncompetencies:\n"
    text += COMPETENCY % (1, ", weight: 100")
    text += COMPETENCY.replace("origin: s", "origin: t") % (2, ", weight: 50")
    (told,) = findings(text, "weights-off-total")
    assert "from `t` add up to 50" in told.message


def test_a_competency_that_training_does_not_serve_says_why() -> None:
    text = SOURCE + "ksas:\n" + "".join(
        f"  - {{id: k{n}, statement: Part {n}., classes: [ability], status: {status}}}\n"
        for n, status in enumerate(("entry, screening: s", "exempt, reason: r", "trained"))
    ) + "competencies:\n"  # fmt: skip
    none, some = "competency-without-ksa", "competency-without-trained-ksa"
    assert names(text + COMPETENCY % (1, ""), none, some) == [none]
    (told,) = findings(text + COMPETENCY % (1, ", ksas: [k0, k1]"), none, some)
    assert told.message == (
        "competency `c1` (Name) has no trained KSA: `k0` (entry), `k1` (exempt)"
    )
    assert [r.message for r in told.related] == ["Part 0.", "Part 1."]
    assert told.place.route[-1] == "ksas"
    assert names(text + COMPETENCY % (1, ", ksas: [k0, k2]"), none, some) == []
    for more in (", coverage_note: n", ", coverage_note: n, ksas: [k0]"):
        assert names(text + COMPETENCY % (1, more), none, some) == []


# ── versions and approvals ───────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "approvals", "rule", "message"),
    [
        ("draft", "[]", "program-without-approvals", "nobody is named"),
        ("draft", "[{role: Director}]", None, ""),
        ("released", "[]", "release-without-approval", "nobody has approved it"),
        ("released", "[{role: Director, name: A, date: 2027-01-01}]", None, ""),
        (
            "released",
            "[{role: Director, name: A}, {role: HR, date: 2027-01-01}, "
            "{role: Dean, name: B, date: 2027-01-01}]",
            "release-without-approval",
            "is released, but these have not approved it: Director; HR",
        ),
    ],
)
def test_who_approves(status: str, approvals: str, rule: str | None, message: str) -> None:
    own = PROGRAM[: PROGRAM.index("scale:\n  id")]
    own += f"  status: {status}\n  approvals: {approvals}\n"
    every = findings(own, "program-without-approvals", "release-without-approval")
    assert [d.rule for d in every] == ([rule] if rule else [])
    assert all(message in d.message for d in every)


def test_the_history_names_the_version() -> None:
    own = PROGRAM[: PROGRAM.index("scale:\n  id")]
    line = '{version: "%s", date: 2027-01-04, change: First draft.}'
    for versions, fires in ((("1",), 0), (("0", "1"), 0), (("0", "1.0"), 1)):
        history = ", ".join(line % version for version in versions)
        every = findings(f"{own}  history: [{history}]\n", "program-without-history")
        assert len(every) == fires
    (told,) = findings(own, "program-without-history")
    assert told.place.route == ("program", "version")
    assert told.hint == "add `{version: 1, date: …, change: …}` to `history`"
