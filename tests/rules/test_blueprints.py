"""Corners of the rules about whole tests: how many items, of what, in which form."""

from __future__ import annotations

import pytest

from csstrain.diagnostic import Diagnostic
from tests.curricula import compile_text

MODULE = """\
module:
  id: m1
  title: Contact
  objectives:
    - {id: o1, kind: terminal, verb: state, behavior: the hours, domain: cognitive, level: remember}
    - {id: o2, kind: terminal, verb: state, behavior: the fees, domain: cognitive, level: remember}
    - {id: g1, kind: terminal, verb: state, behavior: the rules, domain: cognitive, level: remember,
       gate: true}
    - {id: c1, kind: terminal, verb: apply, behavior: the law, domain: cognitive, level: apply,
       critical: true}
"""


def paper(name: str, *items: str, more: str = "", when: str = "in-course") -> str:
    """A written test with items such as `objective: o1`."""
    lines = "".join(
        f"    - {{id: {name}-{n}, stem: S?, key: k, {item}}}\n" for n, item in enumerate(items)
    )
    head = f"instrument:\n  id: {name}\n  title: Test\n  kind: written-test\n  kirkpatrick: 2\n"
    return head + f"  when: {when}\n{more}" + (f"  items:\n{lines}" if items else "")


def found(rule: str, *tests: str, module: str = MODULE) -> list[Diagnostic]:
    files = {f"t{n}": text for n, text in enumerate(tests)}
    compiled = compile_text(module=module, **files)
    assert compiled.curriculum, [d.message for d in compiled.diagnostics]
    return [d for d in compiled.diagnostics if d.rule == rule]


O1, B1 = "objective: o1", "objective: o1, form: B"
DECIDES = "  cut: {method: Angoff, value: 1}\n  retest: {form: B, after: a week}\n"


@pytest.mark.parametrize(
    ("tests", "count"),
    [
        ([paper("t", O1, O1)], "2 items of a form measure objective"),
        ([paper("t", O1)], "1 item of a form measures objective"),
        ([paper("t", O1, O1, O1)], None),
        ([paper("t", O1, O1, O1, B1)], "1 item of a form measures objective"),
        ([paper("t", O1), paper("u", O1, O1)], None),
        ([paper("t", O1), paper("u", O1)], "2 items of a form measure objective"),
        ([paper("t", O1), paper("u", O1, O1, when="baseline")], "1 item of a form measures"),
        # A performance shows it too, or nothing at all asks about it.
        ([paper("t", O1), paper("u", more="  objectives: [o1]\n")], None),
        ([paper("t", O1), paper("u", "objective: o2", more="  objectives: [o1]\n")], None),
        ([paper("t", "objective: g1")], None),
    ],
)
def test_items_of_an_objective_are_counted_over_all_tests(
    tests: list[str], count: str | None
) -> None:
    every = [d for d in found("too-few-items", *tests) if "`o1`" in d.message]
    assert len(every) == (count is not None)
    if count:
        assert every[0].message.startswith(f"only {count}")
        assert every[0].place.route[-1] == "items"
        assert [r.message for r in every[0].related] == ["`o1`"]


def test_what_is_missing_of_a_gate_test_is_counted() -> None:
    gate = paper("t", *["objective: g1"] * 14, more=DECIDES)
    (short,) = found("gate-test-too-short", gate)
    assert "has 14 items that may be missed; a decision about a job needs 15" in short.message
    assert short.hint
    assert short.hint.startswith("write 1 more")
    practice = gate.replace("g1", "o1")
    assert found("gate-test-too-short", practice) == []
    assert found("gate-test-without-blueprint", practice) == []
    assert found("gate-test-too-short", gate.replace("  retest: {form: B, after: a week}\n", "")
                 ) == []  # fmt: skip


def test_a_critical_set_is_asked_for_where_it_decides() -> None:
    (small,) = found("critical-set-too-small", paper("t", "critical: true", O1, more=DECIDES))
    assert "has only 1 item in which no error is allowed" in small.message
    assert found("critical-set-too-small", paper("t", "critical: true")) == []
    before = paper("t", "critical: true", more=DECIDES, when="baseline")
    assert found("critical-set-too-small", before) == []
    assert found("critical-set-too-small", paper("t", O1, more=DECIDES)) == []


def test_a_critical_set_has_a_retest_somewhere() -> None:
    rule, critical = "critical-set-without-retest", "objective: c1, critical: true"
    one, two = paper("t", critical), paper("u", critical)
    (both,) = found(rule, one, two)
    assert both.hint == "add `retest` to `t` or `u`"
    assert [r.message for r in both.related] == ["`t` (Test)", "`u` (Test)"]
    assert both.place.route[-1] == "critical"
    again = paper("u", critical, more="  retest: {form: B, after: a week}\n")
    assert found(rule, one, again) == []
    assert found(rule, paper("t", "objective: c1"), paper("u", "critical: true")) == []
    assert found(rule, paper("t", critical, when="baseline")) == []
    assert found(rule, paper("t", "objective: o1, critical: true")) == []
    gate = MODULE.replace("critical: true", "critical: true, gate: true")
    assert found(rule, one, module=gate) == []


def blueprint(*cells: str) -> str:
    return "  blueprint: [" + ", ".join(f"{{{cell}}}" for cell in cells) + "]\n"


@pytest.mark.parametrize(
    ("cells", "items", "messages"),
    [
        (
            ["objective: o1, items: 2"],
            [],
            ["plans 2 items for `o1` in each form, but form A has 0"],
        ),
        (
            ["objective: o1, items: 1"],
            [O1, O1, B1, B1, B1],
            ["plans 1 item for `o1` in each form, but form A has 2, form B has 3"],
        ),
        (["objective: o1, items: 1"], [O1, O1, B1], ["for `o1` in each form, but form A has 2"]),
        (
            ["objective: o1, level: apply, items: 1"],
            [],
            ["for `o1` at level apply in each form, but form A has 0"],
        ),
        # Two cells of the same objective are one, told where the first stands.
        (
            ["objective: o2, items: 1", "objective: o1, items: 1", "objective: o1, items: 2"],
            ["objective: o2", O1],
            ["plans 3 items for `o1` in each form, but form A has 1"],
        ),
        # What has no cell of its own counts for the cell without a level.
        (
            ["objective: o1, items: 2", "objective: o1, level: apply, items: 1"],
            [O1, f"{O1}, level: remember", f"{O1}, level: apply"],
            [],
        ),
        (
            ["objective: o1, level: apply, items: 1"],
            [f"{O1}, level: apply", f"{O1}, level: remember", "objective: o2", "critical: true"],
            [
                "plans no item for `o1` at level remember, and `t-1` is one",
                "plans no item for `o2`, and `t-2` is one",
            ],
        ),
    ],
)
def test_a_test_is_held_to_its_blueprint(
    cells: list[str], items: list[str], messages: list[str]
) -> None:
    every = found("blueprint-off", paper("t", *items, more=blueprint(*cells)))
    for each, message in zip(every, messages, strict=True):
        assert message in each.message
        if "plans no item" in message:
            assert each.place.route[-1] == "objective"
            assert each.hint == "take the item out, or add a cell for it to the blueprint"
        else:
            assert each.place.route[-3:] == ("blueprint", int("3 items" in message), "items")


def test_forms_that_differ_are_all_counted() -> None:
    rule = "unequal-forms"
    apply = "level: apply"
    three = paper("t", f"{O1}, {apply}", f"{O1}, {apply}", f"{B1}, {apply}", "form: C")
    first, second = found(rule, three)
    assert first.message.endswith(
        "differ for `o1` at level apply: 2 items in form A, 1 item in form B, 0 items in form C"
    )
    assert second.message.endswith("differ: 0 items in form A, 0 items in form B, 1 item in form C")
    assert found(rule, paper("t", O1, O1)) == []
    assert found(rule, paper("t", O1, O1, B1, more=blueprint("objective: o1, items: 1"))) == []
    (bare,) = found(rule, paper("t", O1, O1, B1))
    assert bare.message.endswith("differ for `o1`: 2 items in form A, 1 item in form B")


def test_items_and_scenes_each_have_a_second_form() -> None:
    scene = "{{id: s{1}, form: {0}, title: T, candidate: C., script: S.}}"
    one = scene.format("B", 1)
    two = f"{scene.format('A', 2)}, {one}"
    item = "objective: g1"
    rule = "gate-without-second-form"
    every = found(rule, paper("t", item, more=f"{DECIDES}  scenarios: [{one}]\n"))
    assert [d.place.route[-1] for d in every] == ["items", "scenarios"]
    assert "all its items are of form A" in every[0].message
    assert "all its scenarios are of form B" in every[1].message
    both = paper("t", item, f"{item}, form: B", more=f"{DECIDES}  scenarios: [{two}]\n")
    assert found(rule, both) == []
    assert found(rule, paper("t", O1, more=DECIDES)) == []


def test_two_options_are_told_once_and_in_gates_as_such() -> None:
    options = ", options: [{id: a, text: Yes}, {id: b, text: No}]"
    three = options.replace("}]", "}, {id: c, text: Perhaps}]")
    gate = paper("t", f"objective: g1{options}", f"objective: g1{three}", "objective: g1",
                more=DECIDES).replace("key: k", "key: a")  # fmt: skip
    (told,) = found("true-false-in-gate", gate)
    assert told.message.startswith("item `t-0` of gate test `t` has two options")
    assert found("too-few-options", gate) == []
    practice = gate.replace("g1", "o1")
    assert found("true-false-in-gate", practice) == []
    assert len(found("too-few-options", practice)) == 1
