"""Corners of the rules about test items and whole tests."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from csstrain.diagnostic import Diagnostic
from csstrain.model import Item
from csstrain.pipeline import compile_texts
from csstrain.rules.blueprints import key_lead
from tests.curricula import PROGRAM, Files, compile_text


def found(rule: str, *items: dict[str, Any], **fields: Any) -> list[tuple[Any, ...]]:
    """Where a rule fires in an instrument with some items, by the keys inside its list of items."""
    instrument = {
        "id": "i1", "title": "Test", "kind": "check", "kirkpatrick": "2", "when": "in-course",
        **fields, "items": [{"id": f"q{n}", "key": "a", **item} for n, item in enumerate(items)],
    }  # fmt: skip
    return [d.place.route[2:] for d in told(rule, test=dump({"instrument": instrument}))]


def told(rule: str, **files: str) -> list[Diagnostic]:
    compiled = compile_text(**files)
    assert compiled.curriculum, [d.message for d in compiled.diagnostics]
    return [d for d in compiled.diagnostics if d.rule == rule]


def said(rule: str, *items: dict[str, Any], **fields: Any) -> list[tuple[Any, ...]]:
    """The messages of a rule about an instrument, with the messages of related places."""
    instrument = {
        "id": "i1", "title": "Test", "kind": "check", "kirkpatrick": "2", "when": "in-course",
        **fields, "items": [{"id": f"q{n}", "key": "a", **item} for n, item in enumerate(items)],
    }  # fmt: skip
    every = told(rule, test=dump({"instrument": instrument}))
    return [(d.message, *(r.message for r in d.related)) for d in every]


def dump(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False)


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
        ("What if a caller does not answer?", False),
        ("Which of these may not be told, and when?", True),
        ("How many at least cannot be told?", True),
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
        ("The grade is an", "F", False),
        ("The grade is a", "F on the record", False),
        ("The hold is placed by a", "A library", True),
        ("Hold LB is placed by a", "…", False),
        ("Hold LB is placed by a", "5", False),
        ("Hold LB is placed by a ... ...", "office", True),
        ("Hold LB is placed by a...:", "office", True),
        ("Hold LB is placed by a _... :", "office", True),
        ("Hold LB is placed by a ..._", "office", True),
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
        (("3 days", "2 days.", "2 Days", "1 day"), False),
        (("2 days", "3 days.", "1 Days"), True),
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
        (("1-5", "5-10", "11-15"), 1),
        (("1—5", "6—10", "10—15"), 2),
        (("1 up to 5", "6 up to 10", "10 up to 15"), 2),
        (("1 through 5", "2 through 3", "6 through 9"), 1),
        (("1 of 5", "2 of 5", "3 of 5"), None),
        (("5", "6"), None),
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


def test_what_is_said_of_a_letter_used_twice() -> None:
    item = {"stem": "Who?", "options": [*options("The library", "The Bursar"), *options("Parking")]}
    ((message,),) = said("duplicate-option", item)
    assert message == "two options of item `q0` have the letter a"


def test_numbers_with_other_signs_are_no_duplicates() -> None:
    item = {"stem": "How much?", "options": options("+5", "-5", "5%")}
    assert found("duplicate-option", item) == []


def test_the_widest_range_is_the_one_that_is_compared() -> None:
    item = {"stem": "When?", "options": options("1-9", "2-3", "4-5", "9-10", "11-12")}
    assert found("overlapping-ranges", item) == [(0, "options", n, "text") for n in (1, 2, 3)]
    plain = {"stem": "When?", "options": options("5", "6", "7")}
    assert len(said("overlapping-ranges", plain, {"stem": "Why?"}, item)) == 3
    assert said("overlapping-ranges", item)[2] == ("options a and d of item `q0` share 9",)


@pytest.mark.parametrize(
    ("rule", "texts", "message"),
    [
        ("duplicate-option", ("The  Bursar.", "the bursar"), "options a and b of item `q0` say"),
        ("too-few-options", ("One",), "item `q0` has only 1 option"),
        ("too-few-options", ("One", "Two"), "item `q0` has only 2 options"),
        ("too-few-options", ("One", "Two", "Three"), None),
        ("too-many-options", ("One", "Two", "Three", "Four", "Five"), None),
        ("too-many-options", ("1", "2", "3", "4", "5", "6"), "item `q0` has 6 options"),
        ("vague-frequency-in-option", ("It is rarely so", "Twice"), "option a of item `q0` says "
         "`rarely`"),
        ("all-of-the-above", ("One", "All of the above"), "option b of item `q0` says that all"),
        ("combined-options", ("One", "Two", "Both a and b"), "item `q0` combines others: Both a"),
        ("combined-options", ("One", "Two", "Only a"), None),
        ("combined-options", ("One", "Two", "a and b if signed"), None),
        ("absolute-in-option", ("Twice", "Never so"), "option b of item `q0` says `never`, and"),
        ("key-longest", ("Twenty characters !!", "Sixteen letters."), None),  # 25 percent longer
        ("key-longest", ("Twenty characters !!!", "Sixteen letters."), "31 percent longer"),
        ("key-longest", ("Twenty characters !!", "Fifteen letters"), "33 percent longer"),
        ("key-longest", ("Nineteen character", "Ten"), None),
        ("key-longest", ("A key that has nothing beside it",), None),
    ],
)  # fmt: skip
def test_what_is_said_about_options(rule: str, texts: tuple[str, ...], message: str | None) -> None:
    every = said(rule, {"stem": "Which?", "options": options(*texts)})
    assert len(every) == (message is not None)
    assert message is None or message in every[0][0]


def test_a_key_that_is_short_or_alone_has_no_lead() -> None:
    one = {"id": "q", "stem": "S?", "key": "a", "options": options("Twelve chars", "Two")}
    assert key_lead(Item.model_validate(one), 0, Decimal(12)) == 300
    assert key_lead(Item.model_validate(one), 0, Decimal(13)) == 0
    assert key_lead(Item.model_validate(one), 1, Decimal(1)) == -75
    alone = {**one, "options": options("Twelve chars")}
    assert key_lead(Item.model_validate(alone), 0, Decimal(1)) == 0


def test_what_is_graded_says_why_its_key_is_right() -> None:
    item = {"stem": "Which?", "options": options("One", "Two")}
    rule = "key-without-rationale"
    assert said(rule, item, {**item, "rationale": "R."}, {"stem": "Why?"}) == [
        ("item `q0` does not say why its key is right",)
    ]
    assert said(rule, item, when="baseline") == []


@pytest.mark.parametrize(
    ("stem", "message"),
    [
        ("Which?", "has 1 word only"),
        ("Which form is used for it?", None),
        ("Which form is used today?", "has 5 words only"),
        ("The form is used for it.", "asks no question"),
        ("The form is used for it by", None),
    ],
)
def test_what_is_said_about_a_stem(stem: str, message: str | None) -> None:
    every = said("unfocused-stem", {"stem": stem, "options": options("One", "Two")})
    expected = [] if message is None else [(f"the stem of item `q0` {message}",)]
    assert every == expected


def test_a_rare_and_long_word_of_the_stem_is_an_echo() -> None:
    rule = "stem-word-in-key"
    other = {"stem": "What now?"}

    def echo(word: str, count: int = 1, fill: int = 0) -> list[tuple[Any, ...]]:
        item = {"stem": f"What of the {word}?", "options": options(f"The {word}", "It")}
        rest = [{"stem": f"Where is the {word}?"}] * (count - 1)
        return said(rule, item, *rest, *[other] * fill)

    assert echo("forms")
    assert echo("form") == []
    assert echo("abc123") == []
    assert echo("would") == []
    # In a tenth and a fifth of all stems a word is rare; in more it is what the test is about.
    assert echo("forms", 2) == []
    assert echo("forms", 2, 8)
    assert echo("forms", 3, 7) == []
    (message,) = echo("forms")[0]
    assert message.startswith("`forms` stands in the stem of item `q0` and in its key")
    wrong = {"stem": "What of the forms?", "options": options("It", "The forms")}
    assert said(rule, wrong) == []
    written = {"stem": "What of the forms?", "key": "The forms"}
    assert said(rule, written) == []


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


def test_twins_and_tellers_are_named_both() -> None:
    stem = "Who releases hold LB after a student has paid?"
    assert said("duplicate-item", {"stem": stem}, {"stem": "Why?"}, {"stem": stem}) == [
        ("items `q0` and `q2` of form A of `i1` ask nearly the same", "`q0`")
    ]
    asked = {"stem": "Who decides?", "key": "the unit supervisor decides"}
    teller = {"stem": "The unit supervisor decides today. Which form is used?"}
    rule = "item-answers-another"
    assert said(rule, teller, asked) == [
        ("the stem of item `q0` says the answer to item `q1`", "key of `q1`")
    ]
    itself = {"stem": "The unit supervisor decides what?", "key": "the unit supervisor decides"}
    assert said(rule, itself) == []
    short = {"stem": "Who decides?", "key": "the supervisor decides"}
    assert said(rule, {"stem": "The supervisor decides."}, short) == []
    # Both keys stand at the end of one stem, the shorter in the longer.
    longer = {"stem": "Who?", "key": "today the unit supervisor decides"}
    end = {"stem": "Which form is used where today the unit supervisor decides"}
    assert [m for m, _ in said(rule, end, asked, longer)] == [
        "the stem of item `q0` says the answer to item `q1`",
        "the stem of item `q0` says the answer to item `q2`",
    ]


def test_a_baseline_item_is_told_with_its_graded_twin() -> None:
    def test(name: str, stem: str, when: str) -> str:
        item = {"id": f"{name}-q", "stem": stem, "key": "It"}
        return dump({"instrument": {
            "id": name, "title": "Test", "kind": "check", "kirkpatrick": "2", "when": when,
            "items": [item],
        }})  # fmt: skip

    stem = "Who releases hold LB after full payment?"
    rule = "baseline-spends-item"
    before, after = test("b", stem, "baseline"), test("g", stem, "in-course")
    (both,) = told(rule, a=before, b=after)
    assert both.message == "baseline item `b-q` asks what item `g-q` of `g` (Test) asks again"
    assert [r.message for r in both.related] == ["`g-q`"]
    assert both.place.route == ("instrument", "items", 0, "stem")
    assert told(rule, a=after, b=test("h", stem, "in-course")) == []
    assert told(rule, a=before, b=test("h", stem, "follow-up")) == []
    four = "Who releases hold LB after payment?"
    assert told(rule, a=test("b", four, "baseline"), b=test("g", four, "in-course")) == []


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
        ("aaaaaaaaaabbbbbcccccd", False),  # four options: 7.76 is below 7.815
        ("aaaaaaaaaabbbbbccccdd", False),
        ("aaaaaaaaaaabbbbbcccc", True),
    ],
)
def test_key_positions(keys: str, fires: bool) -> None:
    count = 4 if len(keys) > 15 else 3
    assert bool(found("key-positions-uneven", *run(keys, count))) is fires


def test_keys_are_counted_for_each_number_of_options_and_each_form() -> None:
    rule = "key-positions-uneven"
    three = run("b" * 15)
    expected = "form A of `i1` (Test) are spread unevenly: 0 in position 1, 15 in position 2, 0 in "
    ((message,),) = said(rule, *three, *run("ab" * 5, 2))
    assert expected in message
    assert said(rule, *run("b" * 8), *run("b" * 8, 2)) == []
    assert said(rule, *run("b" * 8), *[{**item, "form": "B"} for item in run("b" * 8)]) == []
    # With a letter given twice there may be more options than letters.
    seven = [{**i, "options": [*i["options"], options("x")[0]]} for i in run("a" * 35, 6)]
    assert len(said(rule, *seven)) == 1
    assert said(rule, *run("a" * 9, 1)) == []


@pytest.mark.parametrize(
    ("long", "short", "fires"),
    [(2, 3, False), (3, 2, True), (3, 1, False), (2, 2, False), (4, 6, False), (5, 6, True)],
)
def test_keys_that_are_often_the_longest(long: int, short: int, fires: bool) -> None:
    def items(*texts: str) -> dict[str, Any]:
        return {"stem": "Which?", "options": options(*texts)}

    lead = items("Twenty-three characters", "Twenty characters :-")  # 15 percent
    even = items("Twenty-two characters!", "Twenty characters :-")  # 10 percent
    brief = items("Nineteen characters", "Ten")
    rest = [even, brief, even, brief, even, brief][:short]
    every = said("keys-often-longest", *[lead] * long, *rest, {"stem": "Why?"})
    assert len(every) == fires
    if fires:
        assert every[0][0].startswith(f"in {long} of {long + short} items of `i1` (Test) the key")


def test_the_first_keys_that_are_longest_are_named() -> None:
    lead = {"stem": "Which?", "options": options("Twenty-three characters", "Twelve chars")}
    test = {"id": "i1", "title": "Test", "kind": "check", "kirkpatrick": "2", "when": "in-course",
            "items": [{"id": f"q{n}", "key": "a", **lead} for n in range(9)]}  # fmt: skip
    (one,) = told("keys-often-longest", test=dump({"instrument": test}))
    assert one.hint
    assert one.hint.endswith(": `q0`, `q1`, `q2`, `q3`, `q4`, `q5`, `q6`, `q7`")


def test_a_row_of_keys_is_told_once_and_written_answers_do_not_break_it() -> None:
    items = run("baaa")
    items[3:3] = [{"stem": "Why?", "key": "a"}]
    assert found("key-run-too-long", *items) == []
    assert found("key-run-too-long", *items, *run("aaa")) == [(5, "key")]
    assert said("key-run-too-long", *run("baaaaaa")) == [
        ("`q4` is item 4 in a row of form A of `i1` whose key is a", "`q1` begins the row")
    ]
    apart = [{**item, "form": form} for item, form in zip(run("aaaa"), "ABAB", strict=True)]
    assert said("key-run-too-long", *apart) == []
    first = [{"stem": "Why?", "key": "It"}, *run("aaaa")]
    assert [m[0].split("`")[1] for m in said("key-run-too-long", *first)] == ["q4"]


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
