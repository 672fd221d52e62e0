"""Corners of the rules about objectives, their verbs and their levels."""

from __future__ import annotations

import pytest

from tests.curricula import compile_text


def fired(rule: str, objective: str, rest: str = "") -> list[str]:
    module = f"module:\n  id: m1\n  title: Contact\n  objectives:\n    - {{{objective}}}\n"
    compiled = compile_text(module=module + rest)
    assert compiled.curriculum, [d.message for d in compiled.diagnostics]
    return [d.message for d in compiled.diagnostics if d.rule == rule]


def objective(verb: str, behavior: str = "the fines", level: str = "apply", more: str = "") -> str:
    return (
        f'id: o1, kind: terminal, verb: "{verb}", behavior: "{behavior}", '
        f"domain: cognitive, level: {level}{more}"
    )


@pytest.mark.parametrize(
    ("verb", "behavior", "several"),
    [
        ("explain", "the fines and calculate what is owed", True),
        ("explain", "the fines, and calculate refunds", True),
        ("explain", "and apply the rule", True),
        ("explain", "the rule as well as the way to it and state the day", True),
        ("explain", "the rule as well as calculate the fine", True),
        ("identify and explain", "the rule", True),
        ("identify/explain", "the rule", True),
        ("greet, name", "the customer", True),
        # Nouns and adjectives that look like verbs.
        ("explain", "the name and state of the student", False),
        ("explain", "the cause and process of a hold", False),
        ("write", "an accurate and complete record", False),
        ("design", "a plan and schedule for the desk", False),
        # Verbs that describe, side by side.
        ("coach", "a clerk who is to plan and prepare the shift", False),
        ("explain", "what staff write or file", False),
        # Near to the word that joins, and no act.
        ("conduct", "a contact from greeting to close, and its record", False),
        ("give examples of", "good and bad service", False),
    ],
)
def test_two_acts_are_told_from_two_nouns(verb: str, behavior: str, several: bool) -> None:
    assert bool(fired("more-than-one-verb", objective(verb, behavior))) is several


@pytest.mark.parametrize(
    ("text", "vague"),
    [
        ("answers politely and well", True),
        ("8 of 10 handled as appropriate", True),
        ("all dates as well as all amounts", False),
        ("at least 8 of 10 right", False),
        ("a well-formed file name", False),
    ],
)
def test_vague_words_count_as_whole_words(text: str, vague: bool) -> None:
    degree = f', degree: {{text: "{text}", metric: count, value: 8}}'
    assert bool(fired("vague-degree", objective("explain", more=degree))) is vague


def test_a_vague_condition_is_found_too() -> None:
    condition = ', condition: "with aids as needed"'
    (message,) = fired("vague-degree", objective("explain", more=condition))
    assert message.startswith("the condition of `o1`")


@pytest.mark.parametrize(
    ("verb", "behavior", "told"),
    [
        ("be shown", "the form", True),
        ("will be shown", "the form", True),
        ("be", "taught the form", True),
        ("Be Informed", "of the form", True),
        ("explain", "what customers must be told", False),
    ],
)
def test_teaching_counts_where_the_objective_begins(verb: str, behavior: str, told: bool) -> None:
    spoken = objective(verb, behavior)
    assert bool(fired("objective-tells-teaching", spoken)) is told
    if told:
        assert not fired("verb-off-list", spoken)


@pytest.mark.parametrize(
    ("verb", "behavior", "unseen"),
    [
        ("be aware of", "the rules", True),
        ("be", "aware of the rules", True),
        ("demonstrate", "an understanding of the rules", True),
        ("demonstrate", "a refund", False),
    ],
)
def test_phrases_that_nobody_can_observe(verb: str, behavior: str, unseen: bool) -> None:
    spoken = objective(verb, behavior)
    assert bool(fired("unmeasurable-verb", spoken)) is unseen
    assert not fired("verb-off-list", spoken)
    assert not fired("verb-off-level", spoken)


@pytest.mark.parametrize(
    ("verb", "level", "rule"),
    [
        ("recite", "apply", "verb-off-level"),
        ("give examples of", "understand", None),
        ("Explain", "understand", None),
        ("juggle", "apply", "verb-off-list"),
        ("identify", "apply", None),  # happens in the head: told by its own rule
        ("recite", "value", "level-of-another-domain"),
    ],
)
def test_one_rule_tells_of_verb_and_level(verb: str, level: str, rule: str | None) -> None:
    rules = ("verb-off-level", "verb-off-list", "level-of-another-domain")
    found = [each for each in rules if fired(each, objective(verb, level=level))]
    assert found == ([rule] if rule else [])


def test_a_project_may_replace_the_verbs() -> None:
    verbs = (
        "verb-list: {id: own, language: en, "
        "groups: [{domain: cognitive, level: apply, verbs: [juggle]}]}\n"
    )
    assert not fired("verb-off-list", objective("juggle"), verbs)
    assert fired("verb-off-list", objective("calculate"), verbs)


@pytest.mark.parametrize(
    ("lead", "level", "rule"),
    [
        ("skill", "understand", "skill-only-remembered"),
        ("skill", "apply", None),
        ("attitude", "remember", "domain-unfit-for-class"),
        ("procedural", "understand", "domain-unfit-for-class"),
        ("strategic", "apply", "domain-unfit-for-class"),
        ("declarative", "create", None),
        ("ability", "remember", None),
    ],
)
def test_what_a_ksa_is_and_what_is_asked(lead: str, level: str, rule: str | None) -> None:
    ksa = f"ksa: {{id: k1, statement: Fines., classes: [{lead}]}}\n"
    spoken = objective("explain", level=level, more=", ksas: [{ksa: k1, level: 1}]")
    rules = ("domain-unfit-for-class", "skill-only-remembered")
    assert [r for r in rules if fired(r, spoken, ksa)] == ([rule] if rule else [])


def test_a_module_that_only_opens_needs_no_terminal_objective() -> None:
    enabling = objective("explain").replace("terminal", "enabling")
    assert not fired("module-without-terminal-objective", enabling)
    talk = (
        "  activities: [{id: m1-talk, method: briefing, phase: admin, "
        "minutes: {min: 5, plan: 5, max: 5}}]\n"
    )
    assert not fired("module-without-terminal-objective", enabling, talk)
    assert fired("module-without-terminal-objective", enabling, talk.replace("admin", "present"))


@pytest.mark.parametrize(
    ("instrument", "below"),
    [
        ("items: [{id: q1, stem: A?, key: a, objective: o1, level: remember}]", True),
        ("items: [{id: q1, stem: A?, key: a, objective: o1}]", False),
        (
            "items: [{id: q1, stem: A?, key: a, objective: o1, level: remember}, "
            "{id: q2, stem: B?, key: b, objective: o1, level: analyze}]",
            False,
        ),
        (
            "items: [{id: q1, stem: A?, key: a, objective: o1, level: remember}], "
            "criteria: [{id: c1, name: Care, objective: o1}]",
            False,
        ),
        ("objectives: [o1]", False),
    ],
)
def test_items_are_compared_where_they_are_all_there_is(instrument: str, below: bool) -> None:
    test = (
        "instrument: {id: i1, title: Test, kind: check, kirkpatrick: 2, when: in-course, "
        f"{instrument}}}\n"
    )
    assert bool(fired("assessed-below-level", objective("calculate"), test)) is below
