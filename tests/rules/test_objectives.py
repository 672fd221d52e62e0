"""Corners of the rules about objectives, their verbs and their levels."""

from __future__ import annotations

import pytest

from csstrain.diagnostic import Diagnostic
from tests.curricula import compile_text


def found(rule: str, *objectives: str, rest: str = "") -> list[Diagnostic]:
    lines = "".join(f"    - {{{each}}}\n" for each in objectives)
    listed = f"  objectives:\n{lines}" if objectives else ""
    compiled = compile_text(module=f"module:\n  id: m1\n  title: Contact\n{listed}{rest}")
    assert compiled.curriculum, [d.message for d in compiled.diagnostics]
    return [d for d in compiled.diagnostics if d.rule == rule]


def fired(rule: str, objective: str, rest: str = "") -> list[str]:
    return [d.message for d in found(rule, objective, rest=rest)]


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


def test_a_second_act_is_told_where_it_stands() -> None:
    (verb,) = found("more-than-one-verb", objective("identify and explain"))
    assert verb.place.route[-1] == "verb"
    assert verb.message.endswith("more than one act: `identify and explain`")
    (behavior,) = found("more-than-one-verb", objective("explain", "fines and calculate fees"))
    assert behavior.place.route[-1] == "behavior"
    assert behavior.message.endswith("more than one act: `explain` and `calculate`")
    assert fired("more-than-one-verb", objective("explain", "the rule and then")) == []
    assert fired("more-than-one-verb", objective("explain", "the rule and decide on the fee"))


def test_verbs_that_would_show_it_are_named() -> None:
    people = objective("understand").replace("cognitive", "interpersonal")
    (told,) = found("unmeasurable-verb", people)
    assert told.hint == (
        "use a verb that shows it, such as answer, coach, conduct, confirm, de-escalate"
    )
    (told,) = found("unmeasurable-verb", objective("understand", level="remember"))
    assert told.hint == "use a verb that shows it, such as define, label, list, locate, match"
    assert told.place.route[-1] == "verb"
    (told,) = found("unmeasurable-verb", objective("understand", level="value"))
    assert told.hint is None


def test_what_happens_in_the_head_shows_somehow() -> None:
    rule = "covert-verb-without-indicator"
    (told,) = found(rule, objective("identify"))
    assert told.place.route[-1] == "verb"
    assert fired(rule, objective("identify", more=", indicator: marks it")) == []
    assert fired(rule, objective("explain")) == []


def test_enabling_objectives_lead_up_to_a_task() -> None:
    rule, step = "enabling-without-parent", objective("explain").replace("terminal", "enabling")
    (alone,) = found(rule, step)
    assert alone.hint == "add `parent:` with the terminal objective that it enables"
    tasks = [objective("apply").replace("o1", f"o{n}") for n in (2, 3)]
    (told,) = found(rule, step, *tasks)
    assert told.hint == "add `parent:` with one such as `o2`, `o3`"
    assert found(rule, f"{step}, parent: o2", *tasks) == []
    second = step.replace("o1", "o4")
    (chained,) = found(rule, f"{step}, parent: o4", *tasks, f"{second}, parent: o2")
    assert "`o1`" in chained.message


def test_those_without_audience_are_told_once() -> None:
    every = [objective("explain").replace("o1", f"o{n}") for n in range(5)]
    (told,) = found("objective-without-audience", every[0] + ", audience: clerks", *every[1:])
    assert told.message == "neither the program nor `o1`, `o2`, `o3` and 1 more says who will do it"
    assert [r.message for r in told.related] == [f"`o{n}` says no audience" for n in (1, 2, 3)]
    assert found("objective-without-audience", every[0] + ", audience: clerks") == []


def test_condition_and_degree_are_each_told() -> None:
    both = objective(
        "explain",
        more=', condition: "as needed", degree: {text: "done well", metric: count, value: 8}',
    )
    every = found("vague-degree", both)
    assert [d.place.route[3:] for d in every] == [("condition",), ("degree", "text")]
    assert "the degree of `o1` (explain the fines) says `well`" in every[1].message
    assert "the condition of `o1` (explain the fines) says `as needed`" in every[0].message


@pytest.mark.parametrize(
    ("count", "minutes", "message"),
    [
        (5, 75, None),
        (5, 74, "5 objectives and 74 planned minutes"),
        (6, 600, "6 objectives and 600 planned minutes"),
        (1, 14, "1 objective and 14 planned minutes"),
        (1, 15, None),
        (5, 0, None),
        (6, 0, "6 objectives and 0 planned minutes"),
    ],
)
def test_objectives_need_minutes(count: int, minutes: int, message: str | None) -> None:
    every = [objective("explain").replace("o1", f"o{n}") for n in range(count)]
    talks = "".join(
        f"    - {{id: a{n}, method: lecture, phase: present, delivery: {way},\n"
        f"       minutes: {{min: 1, plan: {part}, max: 999}}}}\n"
        for n, (way, part) in enumerate([("session", minutes - 5), ("prework", 5)])
    )
    rest = f"  activities:\n{talks}" if minutes else ""
    assert [d.message.partition(" has ")[2].partition(";")[0] for d in found(
        "too-many-objectives", *every, rest=rest
    )] == ([message] if message else [])  # fmt: skip


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


def test_where_a_verb_belongs_is_said() -> None:
    (told,) = found("verb-off-level", objective("summarize", level="evaluate"))
    assert told.message == (
        "`summarize` is no verb for cognitive evaluate; the verb list has it at cognitive "
        "understand, cognitive apply, cognitive analyze"
    )
    assert told.hint == (
        "declare the level that is meant, or use a verb such as appraise, assess, critique, "
        "decide, defend"
    )
    assert told.place.route[-1] == "level"
    (told,) = found("verb-off-level", objective("greet kindly"))
    assert told.message.endswith("the verb list has it at interpersonal at any level")
    people = objective("recite").replace("cognitive", "interpersonal")
    (told,) = found("verb-off-level", people)
    assert told.hint
    assert told.hint.endswith("a verb such as answer, coach, conduct, confirm, de-escalate")
    assert found("verb-off-level", objective("greet").replace("cognitive", "interpersonal")) == []


def test_verbs_that_the_list_knows_are_named() -> None:
    (told,) = found("verb-off-list", objective("juggle", level="remember"))
    assert told.hint == (
        "use one such as define, label, list, locate, match, or add it to a `verb-list` of your own"
    )
    assert told.place.route[-1] == "verb"
    people = objective("juggle").replace("cognitive", "interpersonal")
    (told,) = found("verb-off-list", people)
    assert told.hint
    assert told.hint.startswith("use one such as answer, coach, conduct, confirm, de-escalate, or")
    own = (
        "verb-list: {id: own, language: en, "
        "groups: [{domain: cognitive, level: create, verbs: [design]}]}\n"
    )
    (told,) = found("verb-off-list", objective("juggle"), rest=own)
    assert told.hint == "add it to a `verb-list` of your own"
    (told,) = found("verb-off-level", objective("design"), rest=own)
    assert told.hint == "declare the level that is meant"


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


LINK = ", ksas: [{ksa: k1, level: 1}]"


@pytest.mark.parametrize(
    ("lead", "domain", "level", "fits"),
    [
        ("procedural", "cognitive", "apply", True),
        ("procedural", "psychomotor", "imitate", True),
        ("procedural", "affective", "value", False),
        ("strategic", "cognitive", "analyze", True),
        ("attitude", "affective", "receive", False),
        ("attitude", "affective", "respond", True),
        ("attitude", "interpersonal", "understand", False),
        ("attitude", "cognitive", "create", False),
        ("declarative", "psychomotor", "imitate", False),
        # A level that its domain does not have is told by its own rule.
        ("attitude", "cognitive", "imitate", True),
    ],
)
def test_what_fits_what_a_ksa_is(lead: str, domain: str, level: str, fits: bool) -> None:
    ksa = f"ksa: {{id: k1, statement: Fines., classes: [{lead}]}}\n"
    spoken = objective("explain", level=level, more=LINK).replace("cognitive", domain)
    every = found("domain-unfit-for-class", spoken, rest=ksa)
    assert len(every) == (not fits)
    if not fits:
        assert every[0].place.route[-1] == "classes"
        assert every[0].related[0].message == f"`o1` (explain the fines) asks for {domain} {level}"
    known = ksa.replace("}", ", status: entry, screening: a degree}")
    assert found("domain-unfit-for-class", spoken, rest=known) == []


def test_one_fitting_objective_is_enough_and_none_is_another_rules_matter() -> None:
    ksa = "ksa: {id: k1, statement: Fines., classes: [skill]}\n"
    low = objective("explain", level="understand", more=LINK)
    high = objective("apply", more=LINK).replace("o1", "o2")
    warm = low.replace("cognitive", "affective").replace("understand", "value")
    assert found("skill-only-remembered", low, high, rest=ksa) == []
    assert found("domain-unfit-for-class", warm, high, rest=ksa) == []
    assert found("domain-unfit-for-class", warm, rest=ksa)[0].hint == (
        "let an objective ask for it: cognitive from apply up or interpersonal from apply up or "
        "psychomotor from imitate up"
    )
    twice = low.replace("o1", "o3").replace("understand", "remember")
    (told,) = found("skill-only-remembered", low, twice, rest=ksa)
    assert len(told.related) == 2
    mixed = low.replace("cognitive", "interpersonal").replace("o1", "o4")
    assert found("skill-only-remembered", low, mixed, rest=ksa) == []
    entry = ksa.replace("}", ", status: entry, screening: a degree}")
    assert found("skill-only-remembered", low, rest=entry) == []
    for rule in ("domain-unfit-for-class", "skill-only-remembered"):
        assert found(rule, objective("explain"), rest=ksa) == []


def test_a_level_of_another_domain_names_the_right_ones() -> None:
    (told,) = found("level-of-another-domain", objective("explain", level="imitate"))
    assert told.message == (
        "objective `o1` (explain the fines) is cognitive, and `imitate` is no cognitive level"
    )
    assert told.hint == (
        "choose one of remember, understand, apply, analyze, evaluate, create, or the domain that "
        "was meant"
    )


def test_a_module_may_serve_the_task_of_another() -> None:
    enabling = objective("explain").replace("terminal", "enabling")
    rest = (
        "  activities: [{id: a1, method: lecture, phase: present, objectives: [o2],\n"
        "    minutes: {min: 5, plan: 5, max: 5}}]\n"
        "modules: [{id: m2, title: Task, objectives: [{id: o2, kind: KIND, verb: apply,\n"
        "  behavior: it, domain: cognitive, level: apply}]}]\n"
    )
    rule = "module-without-terminal-objective"
    assert found(rule, enabling, rest=rest.replace("KIND", "terminal")) == []
    (told,) = found(rule, enabling, rest=rest.replace("KIND", "enabling"))
    assert told.message.startswith("module `m1` (Contact) teaches")


def test_a_module_that_only_opens_needs_no_terminal_objective() -> None:
    enabling = objective("explain").replace("terminal", "enabling")
    assert not fired("module-without-terminal-objective", enabling)
    talk = (
        "  activities: [{id: m1-talk, method: briefing, phase: admin, "
        "minutes: {min: 5, plan: 5, max: 5}}]\n"
    )
    assert not fired("module-without-terminal-objective", enabling, talk)
    for phase in ("present", "demonstrate", "practice"):
        assert fired("module-without-terminal-objective", enabling, talk.replace("admin", phase))


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
        ("items: [{id: q1, stem: A?, key: a, objective: o1, level: apply}]", False),
        (
            "items: [{id: q1, stem: A?, key: a, objective: o1, level: remember}, "
            "{id: q2, stem: B?, key: b, objective: o1, level: understand}, "
            "{id: q3, stem: C?, key: c, level: create}]",
            True,
        ),
        (
            "items: [{id: q1, stem: A?, key: a, objective: o1, level: remember}, "
            "{id: q2, stem: B?, key: b, objective: o1}]",
            False,
        ),
    ],
)
def test_items_are_compared_where_they_are_all_there_is(instrument: str, below: bool) -> None:
    test = (
        "instrument: {id: i1, title: Test, kind: check, kirkpatrick: 2, when: in-course, "
        f"{instrument}}}\n"
    )
    assert bool(fired("assessed-below-level", objective("calculate"), test)) is below
    warm = objective("choose", level="value").replace("cognitive", "affective")
    assert fired("assessed-below-level", warm, test) == []
    assert fired("assessed-below-level", objective("calculate", level="imitate"), test) == []
    people = objective("conduct").replace("cognitive", "interpersonal")
    assert bool(fired("assessed-below-level", people, test)) is below


def test_the_highest_item_and_all_tests_are_named() -> None:
    def test(name: str, level: str, when: str = "in-course") -> str:
        return (
            f"  - {{id: {name}, title: Test, kind: check, kirkpatrick: 2, when: {when}, items: "
            f"[{{id: q-{name}, stem: A?, key: a, objective: o1, level: {level}}}]}}\n"
        )

    both = "instruments:\n" + test("i1", "remember") + test("i2", "understand")
    (told,) = found("assessed-below-level", objective("calculate"), rest=both)
    assert told.message.endswith("promises apply, and its test items ask for understand at most")
    assert [r.message for r in told.related] == ["`i1` (Test)", "`i2` (Test)"]
    assert told.place.route[-1] == "level"
    later = both + test("i3", "apply", "follow-up")
    assert len(found("assessed-below-level", objective("calculate"), rest=later)) == 1
    third = both + test("i3", "apply")
    assert found("assessed-below-level", objective("calculate"), rest=third) == []
    watched = both + (
        "  - {id: i4, title: Station, kind: role-play, kirkpatrick: 2, when: in-course, "
        "criteria: [{id: c4, name: Sums, objective: o1}]}\n"
    )
    assert found("assessed-below-level", objective("calculate"), rest=watched) == []
    open_end = both + (
        "  - {id: i4, title: Station, kind: role-play, kirkpatrick: 2, when: in-course, "
        "objectives: [o1]}\n"
    )
    assert found("assessed-below-level", objective("calculate"), rest=open_end) == []
