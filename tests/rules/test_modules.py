"""Corners of the rules about what trainers and trainees are given: modules, activities, texts."""

from __future__ import annotations

import pytest

from csstrain.diagnostic import Diagnostic
from csstrain.pipeline import compile_texts
from tests.curricula import PROGRAM


def found(rule: str, text: str, **files: str) -> list[Diagnostic]:
    """What a rule finds in a text; other files are materials such as `sheet="…"`."""
    every = {f"content/materials/{name}.md": body.encode() for name, body in files.items()}
    compiled = compile_texts(
        {"content/program.yaml": PROGRAM.encode(), "content/text.yaml": text.encode(), **every}
    )
    assert compiled.curriculum, [d.message for d in compiled.diagnostics]
    return [d for d in compiled.diagnostics if d.rule == rule]


def module(*activities: str, more: str = "") -> str:
    listed = "".join(
        f"    - {{id: a{n}, minutes: {{min: 5, plan: 5, max: 5}}, {each}"
        f"{'' if 'method' in each else ', method: drill'}}}\n"
        for n, each in enumerate(activities)
    )
    head = f"module:\n  id: m1\n  title: Contact\n{more}"
    return head + (f"  activities:\n{listed}" if activities else "")


OBJECTIVES = "  objectives:\n" + "".join(
    f"    - {{id: o{n}, kind: terminal, verb: greet, behavior: all, domain: interpersonal,\n"
    "       level: apply}\n"
    for n in (1, 2)
)


@pytest.mark.parametrize(
    ("activity", "fires"),
    [
        ("phase: practice", True),
        ("phase: practice, objectives: [o1]", False),
        ("phase: admin", False),
        ("phase: debrief", False),
        ("phase: present, event: gain-attention", False),
        ("phase: present, event: recall", True),
        ("phase: assess, instrument: i1", False),
        ("phase: assess, instrument: i2", False),
        ("phase: assess, instrument: i3", True),
        ("phase: assess, instrument: [i3, i1]", False),
    ],
)
def test_an_activity_serves_an_objective(activity: str, fires: bool) -> None:
    tests = "instruments:\n" + "".join(
        f"  - {{id: i{n}, title: T, kind: {kind}, kirkpatrick: 2, when: in-course{more}}}\n"
        for n, (kind, more) in enumerate(
            [("check", ""), ("check", ", objectives: [o1]"), ("self-form", ""), ("check", "")]
        )
    )
    rule = "activity-without-objective"
    every = found(rule, module(activity, more=OBJECTIVES) + tests)
    assert [d.hint for d in every] == (
        ["add `objectives: […]` with one such as `o1`, `o2`, or take it out"] * fires
    )
    if "instrument" not in activity and "[o1]" not in activity:
        alone = found(rule, module(activity))
        assert [d.hint for d in alone] == ["add `objectives: […]`, or take it out"] * fires


@pytest.mark.parametrize(
    ("activity", "message"),
    [
        ("phase: practice", "nothing says what the trainer does in `a0` (a0)"),
        ("phase: practice, trainer: [{do: It.}]", None),
        ("phase: practice, trainees: They do.", "nothing says what the trainer does"),
        ("phase: present, delivery: prework", "nothing says what trainees do in `a0` (a0)"),
        ("phase: present, delivery: prework, trainees: They do.", None),
        ("phase: present, delivery: prework, trainer: [{do: It.}]", None),
    ],
)
def test_an_activity_says_who_does_what(activity: str, message: str | None) -> None:
    every = found("activity-without-instructions", module(activity))
    assert len(every) == (message is not None)
    if message:
        assert every[0].message.startswith(message)
        told = "`trainees: …`" if "trainees do" in message else "`trainer: [{do: …}, {say: …}, "
        assert (every[0].hint or "").startswith(f"add {told}")


GROUP = "grouping: {size: 3, rounds: 1, prepare: 2, feedback: %s}"
HEARD = f"phase: practice, {GROUP % 1}"


@pytest.mark.parametrize(
    ("activities", "fires"),
    [
        ([HEARD], ["a0"]),
        ([f"phase: practice, {GROUP % 0}"], []),
        (["phase: practice"], []),
        (["phase: practice, event: give-feedback"], ["a0"]),
        (["phase: practice, method: coaching"], ["a0"]),
        (["phase: present, method: coaching"], []),
        ([f"{HEARD}, delivery: prework"], []),
        ([f"{HEARD}, debrief: {{what: W?, so_what: S?, now_what: N?}}"], []),
        ([HEARD, "phase: debrief"], []),
        (["phase: debrief", HEARD], ["a1"]),
        ([HEARD, "phase: debrief", HEARD, "phase: present"], ["a2"]),
    ],
)
def test_practice_is_looked_back_upon(activities: list[str], fires: list[str]) -> None:
    every = found("practice-without-debrief", module(*activities))
    assert [d.message.split("`")[1] for d in every] == fires


def test_what_a_module_says_of_itself() -> None:
    live, home = module("phase: admin"), module("phase: present, delivery: prework")
    for rule, field in (
        ("module-without-goal", "  goal: They greet.\n"),
        ("module-without-rationale", "  rationale: They learn by doing.\n"),
        ("module-without-preparation", "  preparation: [Print it.]\n"),
        ("module-without-room", "  room: Six corners.\n"),
    ):
        (told,) = found(rule, live)
        assert told.message.startswith("module `m1` (Contact) ")
        assert found(rule, module("phase: admin", more=field)) == []
        in_a_room = rule.endswith(("preparation", "room"))
        assert bool(found(rule, home)) is not in_a_room
        assert bool(found(rule, module())) is not in_a_room


def test_every_module_but_the_last_leads_over() -> None:
    rule = "module-without-transition"
    three = "modules:\n" + "".join(f"  - {{id: m{n}, title: M{n}}}\n" for n in (1, 2, 3))
    assert [d.message.split("`")[1] for d in found(rule, three)] == ["m1", "m2"]
    assert found(rule, module()) == []


def material(name: str, more: str, kind: str = "handout", reader: str = "trainee") -> str:
    return f"  - {{id: {name}, title: Sheet, kind: {kind}, reader: {reader}, {more}}}\n"


def test_a_material_belongs_to_a_module_or_an_activity() -> None:
    both = "materials:\n" + material("x", "body: B.") + material("y", "body: B.")
    both += material("z", "body: B.")
    text = module("phase: admin, materials: [y]", more="  materials: [x]\n")
    (told,) = found("unused-material", text + both)
    assert told.message == "no module and no activity uses `z` (Sheet)"


SIX = "The office opens at eight today"
FIVE = "The office opens at nine"


def paper(*items: str, criteria: str = "") -> str:
    listed = "".join(f"    - {{id: q{n}, stem: S?, {each}}}\n" for n, each in enumerate(items))
    head = "instrument:\n  id: i1\n  title: T\n  kind: check\n  kirkpatrick: 2\n  when: in-course\n"
    return head + f"  items:\n{listed}" + criteria


OPTIONS = f"key: a, options: [{{id: a, text: {SIX}}}, {{id: b, text: No}}]"


@pytest.mark.parametrize(
    ("items", "body", "messages"),
    [
        ([f"key: {SIX}"], f"Note. {SIX}!", ["the key of item `q0`"]),
        ([f"key: {FIVE}"], FIVE, []),
        ([OPTIONS], SIX, []),
        ([f"{OPTIONS}, rationale: {SIX}"], SIX, ["the rationale of item `q0`"]),
        ([f"{OPTIONS}, rationale: {FIVE}"], FIVE, []),
        ([f"key: k, rationale: {SIX} and tomorrow"], SIX, []),
        ([f"key: k, rationale: {SIX} and tomorrow"], f"{SIX} and tomorrow", ["the rationale"]),
        # The same beginning, and another end.
        (
            [f"key: {SIX}", f"key: {SIX} and tomorrow"],
            f"{SIX} and tomorrow, {SIX}.",
            ["the key of item `q0`", "the key of item `q1`"],
        ),
        ([f"key: {SIX}", f"key: {SIX}"], SIX, ["the key of item `q0`"]),
        ([f"key: {SIX}, rationale: {SIX}"], SIX, ["the rationale of item `q0`"]),
        ([f"key: {SIX}"], "The office opens at eight", []),
    ],
)
def test_what_trainees_must_not_read(items: list[str], body: str, messages: list[str]) -> None:
    rule = "key-in-trainee-material"
    text = paper(*items) + "materials:\n" + material("x", f'body: "{body}"')
    every = found(rule, text)
    assert [
        d.message.removeprefix("`x` (Sheet) holds ").partition(" word for")[0][: len(m)]
        for d, m in zip(every, messages, strict=True)
    ] == messages
    for each in every:
        assert each.place.route[-1] == "body"
        assert [r.message for r in each.related] == ["it stands here"]
    for reader in ("trainer", "assessor"):
        assert found(rule, text.replace("reader: trainee", f"reader: {reader}")) == []


def test_where_an_answer_stands_is_told() -> None:
    anchors = f"[{{level: 1, text: None.}}, {{level: 2, text: {SIX}}}]"
    criteria = f"  criteria: [{{id: c1, name: C, anchors: {anchors}}}]\n"
    text = paper("key: k", criteria=criteria) + "materials:\n" + material("x", f"body: {SIX}")
    (told,) = found("key-in-trainee-material", text)
    assert "holds the anchor for 2 of criterion `c1` word for word" in told.message
    assert told.related[0].place.route[-3:] == ("anchors", 1, "text")


def test_a_key_is_told_as_a_whole_and_the_next_sheet_after_it() -> None:
    text = paper(f"key: {SIX}") + "materials:\n" + material("x", f"body: {SIX}", "key")
    text += material("z", f"body: {SIX}", "key", "trainer") + material("y", f"body: {SIX}")
    first, second = found("key-in-trainee-material", text)
    assert first.message == "`x` (Sheet) is a key, and trainees may see it"
    assert (first.place.route[-1], second.place.route[-1]) == ("reader", "body")
    assert second.message.startswith("`y` (Sheet) holds the key of item `q0`")


# ── texts ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("![A map](map.png)", 1),
        ("One.\nTwo ![a](b).", 2),
        ('One.\n<img src="a">', 2),
        ("Write `![a](b)` or `<img>`.", None),
        ("`<img>` and\nthen ![a](b)", 2),
        ("Wow! [A link](map.html)", None),
        ("One.\n<img>\n![a](b)", 2),
    ],
)
def test_an_image_is_told_with_its_line(body: str, line: int | None) -> None:
    every = found("image-not-shown", "materials:\n" + material("x", "file: x.md"), x=body)
    expected = [f"line {line} of this text of `x` holds an image, which no document shows"]
    assert [d.message for d in every] == (expected if line else [])
    assert all(d.place.route[-1] == "file" for d in every)


def test_a_heading_too_deep_says_which_would_do() -> None:
    body = "# A\n\n#### B\n"
    (told,) = found("skipped-heading-level", "materials:\n" + material("x", "file: x.md"), x=body)
    assert told.message == "line 3 of this text of `x` is a heading of level 4 below one of level 1"
    assert told.hint
    assert told.hint.startswith("begin it with `##`, or")


def test_an_acronym_is_told_where_it_is_met_first() -> None:
    text = "materials:\n" + material("x", "body: Ask the DOS.") + material("y", "body: DOS or PTO.")
    every = found("undefined-acronym", text)
    assert [(d.message.split("`")[1], d.place.route[:2]) for d in every] == [
        ("DOS", ("materials", 0)), ("PTO", ("materials", 1)),
    ]  # fmt: skip
    assert every[0].hint
    assert "`{term: DOS, meaning: …}`" in every[0].hint
    # A word that the content has in small letters too is said loudly, if it has three letters.
    loud = "materials:\n" + material("x", "body: Do it NOW and GO. We go now.")
    assert [d.message.split("`")[1] for d in found("undefined-acronym", loud)] == ["GO"]
    both = (
        "materials:\n" + material("x", "body: Do it NOW or ask DOS.") + material("y", "body: now")
    )
    assert [d.message.split("`")[1] for d in found("undefined-acronym", both)] == ["DOS"]
