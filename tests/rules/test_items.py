"""Corners of the rules about test items and whole tests."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from csstrain.pipeline import compile_texts
from tests.curricula import PROGRAM, Files, compile_text


def found(rule: str, *items: dict[str, Any], **fields: Any) -> list[tuple[Any, ...]]:
    """Where a rule fires in an instrument with some items, by the keys inside its list of items."""
    instrument = {
        "id": "i1", "title": "Test", "kind": "check", "kirkpatrick": "2", "when": "in-course",
        **fields, "items": [{"id": f"q{n}", "key": "a", **item} for n, item in enumerate(items)],
    }  # fmt: skip
    compiled = compile_text(test=dump({"instrument": instrument}))
    assert compiled.curriculum, [d.message for d in compiled.diagnostics]
    return [d.place.route[2:] for d in compiled.diagnostics if d.rule == rule]


def dump(data: Any) -> str:
    return yaml.safe_dump(data, default_style='"', allow_unicode=True)


def options(*texts: str) -> list[dict[str, str]]:
    return [{"id": letter, "text": text} for letter, text in zip("abcdef", texts, strict=False)]


# ── one item ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("stem", "fires"),
    [
        ("Which of these may you not tell?", True),
        ("Which of these may you NOT tell?", False),
        ("Which of these may you **not** tell?", False),
        ("Which of these may you _not_ tell?", False),
        ("WHICH OF THESE MAY YOU NOT TELL?", True),
        ("Which of these isn't protected? Mark one.", True),
        ("All are protected, except", True),
        ("The day of the event does not count. Which is the last day?", False),
        ("What do you do when a caller does not answer?", False),
        ("If a caller does not answer, what do you do?", False),
        ("When may you not add a class?", True),
        ("How many items does a form need at least?", False),
        ('A father asks, "Why not?" What do you say?', False),
    ],
)
def test_negative_stem(stem: str, fires: bool) -> None:
    assert found("negative-stem", {"stem": stem}) == ([(0, "stem")] if fires else [])


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("All of the above.", "all-of-the-above"),
        ("All of the above are right", "all-of-the-above"),
        ("All of these forms, signed", None),
        ("None of the above", "none-of-the-above"),
        ("None of these", "none-of-the-above"),
        ("A and B", "combined-options"),
        ("Both a and b.", "combined-options"),
        ("a, b or c", "combined-options"),
        ("A, as B has signed", None),
        ("A form", None),
    ],
)
def test_options_about_options(text: str, rule: str | None) -> None:
    item = {"stem": "Which?", "options": options("This", "That", text)}
    for name in ("all-of-the-above", "none-of-the-above", "combined-options"):
        expected = [(0, "options", 2, "text")] if name == rule else []
        assert found(name, item) == expected


def test_all_of_the_above_is_told_once() -> None:
    item = {"stem": "Which?", "options": options("This", "That", "All of the above")}
    assert found("absolute-in-option", item) == []


def test_an_absolute_word_in_the_key_too_gives_nothing_away() -> None:
    item = {"stem": "Which?", "options": options("Always first", "Never at all", "Once")}
    assert found("absolute-in-option", item) == []
    item["key"] = "c"
    assert found("absolute-in-option", item) == [
        (0, "options", 0, "text"),
        (0, "options", 1, "text"),
    ]


@pytest.mark.parametrize(
    ("stem", "text", "fires"),
    [
        ("Hold LB is placed by an", "library", True),
        ("Hold LB is placed by an", "office", False),
        ("Hold LB is placed by a…", "office", True),
        ("Hold LB is placed by a ___", "library", False),
        ("It is closed within an", "hour", False),
        ("It is closed within a", "hour", True),
        ("The money goes to a", "university", False),
        ("The money goes to an", "university", True),
        ("It is asked for with an", "FA-4", False),
        ("It is asked for with an", "élan", False),
        ("Who places hold LB, and on an", "office?", False),
        ("Who places a hold for an office?", "The library", False),
    ],
)
def test_grammar_cue(stem: str, text: str, fires: bool) -> None:
    item = {"stem": stem, "options": options(text)}
    assert bool(found("grammar-cue", item)) is fires


@pytest.mark.parametrize(
    ("texts", "fires"),
    [
        (("$15", "$1,200", "$300"), True),
        (("$15", "$300", "$1,200"), False),
        (("Day 31", "Day 26", "Day 21"), False),
        (("08:00", "16:30", "09:00"), True),
        (("Tuesday at 16:00", "Wednesday at 08:00", "Thursday at 17:00"), False),
        (("3 days", "1 week", "2 months"), False),
        (("The dean", "The chair", "The adviser"), False),
    ],
)
def test_options_unordered(texts: tuple[str, ...], fires: bool) -> None:
    item = {"stem": "How much?", "options": options(*texts)}
    assert found("options-unordered", item) == ([(0, "options")] if fires else [])


@pytest.mark.parametrize(
    ("texts", "place"),
    [
        (("1–5", "5–10", "11–15"), 1),
        (("Days 1 to 20", "Days 21 to 30", "Days 3 to 4"), 2),
        (("1-5", "6-10", "11-15"), None),
        (("4 classes of 3 credits", "3 classes of 4 credits", "2 classes of 2 credits"), None),
    ],
)
def test_overlapping_ranges(texts: tuple[str, ...], place: int | None) -> None:
    item = {"stem": "When?", "options": options(*texts)}
    expected = [] if place is None else [(0, "options", place, "text")]
    assert found("overlapping-ranges", item) == expected


def test_a_letter_used_twice_is_reported_at_the_letter() -> None:
    item = {"stem": "Who?", "options": [*options("The library", "The Bursar"), *options("Parking")]}
    assert found("duplicate-option", item) == [(0, "options", 2, "id")]


def test_numbers_with_other_signs_are_no_duplicates() -> None:
    item = {"stem": "How much?", "options": options("+5", "-5", "5%")}
    assert found("duplicate-option", item) == []


def test_an_echo_that_another_option_has_too_is_no_cue() -> None:
    stem = "Forms, holds and directions were counted. Which takes most time?"
    assert found("stem-word-in-key", {"stem": stem, "options": options("Forms", "Holds")}) == []
    assert found("stem-word-in-key", {"stem": stem, "options": options("Forms", "Calls")}) == [
        (0, "options", 0, "text")
    ]


@pytest.mark.parametrize(
    ("item", "fires"),
    [
        ({"stem": "A student has paid everything at the counter today.", "options": options("x")},
         True),
        ({"stem": "A student has paid all of it, so the hold is released within",
          "options": options("x")}, False),
        ({"stem": "Write the rule that decides about this account."}, False),
        ({"stem": "Which form?"}, True),
    ],
)  # fmt: skip
def test_unfocused_stem(item: dict[str, Any], fires: bool) -> None:
    assert found("unfocused-stem", item) == ([(0, "stem")] if fires else [])


# ── items beside each other ──────────────────────────────────────────────────────────


def test_items_of_two_forms_may_ask_the_same() -> None:
    stem = "Who releases hold LB after a student has paid?"
    twins = ({"stem": stem}, {"stem": stem})
    assert found("duplicate-item", *twins) == [(1, "stem")]
    apart = ({"stem": stem, "form": "A"}, {"stem": stem, "form": "B"})
    assert found("duplicate-item", *apart) == []


def test_the_same_question_about_other_options_is_no_duplicate() -> None:
    stem = "Which of these is protected?"
    one = {"stem": stem, "options": options("A grade average", "A degree", "A program")}
    other = {"stem": stem, "options": options("An address", "An award", "Attendance")}
    assert found("duplicate-item", one, other) == []


def test_a_stem_with_the_key_of_another_item() -> None:
    asked = {"stem": "Who decides?", "options": options("The unit supervisor decides", "Nobody")}
    teller = {"stem": "The unit supervisor decides today. Which form is used?"}
    assert found("item-answers-another", asked, teller) == [(1, "stem")]
    assert found("item-answers-another", asked, {**teller, "form": "B"}) == []


# ── whole tests ──────────────────────────────────────────────────────────────────────


def run(keys: str, count: int = 3) -> list[dict[str, Any]]:
    texts = ("One", "Two", "Three", "Four", "Five", "Six")[:count]
    return [{"stem": "Which?", "key": key, "options": options(*texts)} for key in keys]


@pytest.mark.parametrize(
    ("keys", "fires"),
    [
        ("abcabcabcabcabc", False),
        ("aabaacaabaacaab", True),  # 10, 3 and 2 of 15: 7.6 is above 5.991
        ("abcabcaabcabaac", False),  # 7, 4 and 4: 1.2
        ("aabaacaabaac", False),  # too few to tell
    ],
)
def test_key_positions(keys: str, fires: bool) -> None:
    assert bool(found("key-positions-uneven", *run(keys))) is fires


def test_a_row_of_keys_is_told_once_and_written_answers_do_not_break_it() -> None:
    items = run("baaa")
    items[3:3] = [{"stem": "Why?", "key": "a"}]
    assert found("key-run-too-long", *items) == []
    assert found("key-run-too-long", *items, *run("aaa")) == [(5, "key")]


def test_a_key_that_is_no_option_is_told_once() -> None:
    item = {"stem": "Which of these?", "key": "d", "options": options("Always", "Often", "Twice")}
    assert found("key-not-an-option", item) == [(0, "key")]
    assert found("absolute-in-option", item) == []


def gate(items: list[dict[str, Any]], **fields: Any) -> Files:
    """A program with one gate objective and one written test about it."""
    objective = {
        "id": "o1", "kind": "terminal", "gate": "true", "verb": "state", "behavior": "the hours",
        "domain": "cognitive", "level": "remember",
    }  # fmt: skip
    instrument = {
        "id": "i1", "title": "Test", "kind": "written-test", "kirkpatrick": "2",
        "when": "end-of-course", "cut": {"method": "Angoff", "value": "12"},
        "retest": {"form": "B", "after": "two days"}, **fields,
        "items": [
            {"id": f"q{n}", "stem": "When?", "key": "at eight", "objective": "o1", **item}
            for n, item in enumerate(items)
        ],
    }  # fmt: skip
    module = {"id": "m1", "title": "Contact", "objectives": [objective]}
    text = dump({"module": module, "instrument": instrument})
    return {"content/program.yaml": PROGRAM.encode(), "content/test.yaml": text.encode()}


def fired(files: Files) -> set[str]:
    compiled = compile_texts(dict(files))
    assert compiled.curriculum, [d.message for d in compiled.diagnostics]
    return {d.rule for d in compiled.diagnostics}


LENGTH = {"gate-test-too-short", "critical-set-too-small"}


@pytest.mark.parametrize(
    ("items", "expected"),
    [
        ([{}] * 15, set()),
        ([{}] * 14, {"gate-test-too-short"}),
        ([{}] * 15 + [{"critical": "true"}] * 6, set()),
        ([{}] * 15 + [{"critical": "true"}] * 5, {"critical-set-too-small"}),
        ([{}] * 14 + [{"critical": "true"}] * 6, {"gate-test-too-short"}),
        ([{}] * 15 + [{"form": "B"}] * 14, {"gate-test-too-short"}),
    ],
)
def test_length_of_a_gate_test(items: list[dict[str, Any]], expected: set[str]) -> None:
    assert fired(gate(items)) & LENGTH == expected


def test_a_test_before_training_decides_nothing() -> None:
    assert not fired(gate([{}] * 3, when="baseline")) & {*LENGTH, "gate-without-second-form"}


def test_forms_of_a_gate() -> None:
    one: list[dict[str, Any]] = [{}] * 15
    assert "gate-without-second-form" in fired(gate(one))
    assert "gate-without-second-form" not in fired(gate([*one, *[{"form": "B"}] * 15]))


def cells(*planned: tuple[str, str, int]) -> list[dict[str, str]]:
    return [{"objective": o, "level": level, "items": str(n)} for o, level, n in planned]


@pytest.mark.parametrize(
    ("count", "fires"), [(8, False), (10, False), (12, False), (7, True), (13, True)]
)
def test_a_blueprint_may_be_off_by_a_fifth(count: int, fires: bool) -> None:
    files = gate([{"level": "remember"}] * count, blueprint=cells(("o1", "remember", 10)))
    assert ("blueprint-off" in fired(files)) is fires


def test_an_item_that_no_cell_plans() -> None:
    items = [{"level": "remember"}] * 10 + [{"level": "apply"}]
    compiled = compile_texts(dict(gate(items, blueprint=cells(("o1", "remember", 10)))))
    (off,) = [d for d in compiled.diagnostics if d.rule == "blueprint-off"]
    assert off.place.route[-3:] == ("items", 10, "objective")


def test_forms_are_compared_where_no_blueprint_is() -> None:
    items: list[dict[str, Any]] = [{}] * 15 + [{"form": "B"}] * 11
    assert {"unequal-forms", "gate-test-without-blueprint"} <= fired(gate(items))
    assert "unequal-forms" not in fired(gate([{}] * 15 + [{"form": "B"}] * 12))
