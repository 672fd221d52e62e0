"""Corners of the rules about evaluation."""

from __future__ import annotations

import pytest

from csstrain.diagnostic import Diagnostic
from tests.curricula import PROGRAM, compile_text

KSAS = """\
ksas:
  - {id: k1, statement: Greet a customer., classes: [skill]}
  - {id: k2, statement: Close a contact., classes: [skill]}
  - {id: k3, statement: Read a form., classes: [ability], status: entry, screening: a degree}
"""
GATE = """\
module:
  id: m1
  title: Contact
  objectives:
    - {id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
       domain: interpersonal, level: apply, ksas: [{ksa: k1, level: 1}, {ksa: k3, level: 1}]}
"""


def found(rule: str, **files: str) -> list[Diagnostic]:
    compiled = compile_text(**files)
    assert compiled.curriculum, [d.message for d in compiled.diagnostics]
    return [d for d in compiled.diagnostics if d.rule == rule]


def form(
    *questions: str, kind: str = "supervisor-form", when: str = "follow-up", name: str = "f"
) -> str:
    return (
        f"instrument:\n  id: {name}\n  title: Form\n  kind: {kind}\n  kirkpatrick: 3\n"
        f"  when: {when}\n  questions:\n"
        + "".join(f"    - {{id: {name}-{n}, {text}}}\n" for n, text in enumerate(questions))
    )


def asked(text: str, type: str = "frequency", more: str = "") -> str:
    return f'text: "{text}", type: {type}{more}'


@pytest.mark.parametrize(
    ("waves", "fault"),
    [
        ("30, 60, 90", None),
        ("7, 30, 60, 180", None),
        ("30, 90", "fewer than 3 times"),
        ("45, 60, 90", "for the first time after more than 30 days"),
        ("10, 20, 30", "for the last time before 90 days"),
        ("60", "fewer than 3 times, for the first time after more than 30 days and for the last "
         "time before 90 days"),
    ],
)  # fmt: skip
def test_waves(waves: str, fault: str | None) -> None:
    text = form(asked("Who greets?", more=f", waves: [{waves}]"))
    assert [d.message.split(": ")[1] for d in found("too-few-follow-up-waves", i=text)] == (
        [fault] if fault else []
    )


def test_waves_count_over_all_supervisor_forms_and_no_others() -> None:
    early = form(asked("Who greets?", more=", waves: [30, 60]"))
    late = form(asked("Who greets?", more=", waves: [90]"), name="g")
    assert found("too-few-follow-up-waves", i=early, j=late) == []
    myself = late.replace("supervisor-form", "self-form")
    assert len(found("too-few-follow-up-waves", i=early, j=myself)) == 1


def test_a_ksa_without_baseline_is_told_at_the_first_form_only() -> None:
    one = form(asked("Who greets?", more=", ksas: [k1, k3]"))
    two = form(asked("Who greets?", more=", ksas: [k1, k2]"), kind="self-form", name="g")
    messages = [d.message for d in found("follow-up-without-baseline", k=KSAS, i=one, j=two)]
    assert [m.split(": ")[1] for m in messages] == ["`k1`", "`k2`"]


def test_an_objective_of_the_baseline_covers_its_ksas() -> None:
    after = form(asked("Who greets?", more=", ksas: [k1]"))
    pretest = (
        "instrument: {id: p, title: Pre-test, kind: role-play, kirkpatrick: 2, when: baseline, "
        "objectives: [o1]}\n"
    )
    assert found("follow-up-without-baseline", k=KSAS, m=GATE, i=after, p=pretest) == []


@pytest.mark.parametrize(
    ("text", "type", "fires"),
    [
        ("How often did they greet and listen?", "frequency", True),
        ("How often did they greet as well as listen?", "rating", True),
        ("How often did they greet? How often did they listen?", "frequency", True),
        ("How often did they call Parking and Transit?", "frequency", False),
        ("How often was the handbook at hand?", "frequency", False),
        ("How often did they handle the demand?", "frequency", False),
        ("What did they say and do?", "incident", False),
        ("How often were the terms and conditions explained?", "frequency", False),
        ("How often did they go back and forth and lose the form?", "frequency", True),
        ("How often did they greet Ann and listen?", "frequency", True),
        ("How often did they greet and/or listen?", "quality", True),
        ("How independent are they? How sure?", "independence", True),
        ("What did they say and do?", "choice", True),
        ("What did they say and do?", "open", False),
        ("How sure are they?", "rating", False),
    ],
)
def test_two_things_in_one_question(text: str, type: str, fires: bool) -> None:
    assert bool(found("double-barreled-question", i=form(asked(text, type)))) is fires


def test_what_joins_two_questions_is_named() -> None:
    (joined,) = found("double-barreled-question", i=form(asked("How often did they ask and sit?")))
    assert joined.message.endswith('takes one answer and asks about two things, joined by "and"')
    (twice,) = found("double-barreled-question", i=form(asked("How often? Why?")))
    assert twice.message.endswith("takes one answer and asks about two things")
    assert twice.place.route[-1] == "text"


def test_a_question_that_leads_is_told_with_its_words() -> None:
    (told,) = found("leading-question", i=form(asked("Surely they greet?"), asked("Who greets?")))
    assert told.message == 'question `f-0` of `f` leads to an answer: "surely"'
    assert told.place.route[-1] == "text"


def test_the_way_out_is_asked_of_observers_only() -> None:
    scale = asked("How often did they greet?", more=", options: [Never, Always]")
    rule = "question-without-not-observed"
    assert len(found(rule, i=form(scale))) == 1
    assert len(found(rule, i=form(scale, kind="mystery-shopper-form"))) == 1
    assert found(rule, i=form(scale, kind="self-form")) == []
    assert found(rule, i=form(asked("How often did they greet?"))) == []
    seen = scale.replace("Always", "Not observed here")
    assert found(rule, i=form(seen)) == []
    for type, asks in (("quality", 1), ("independence", 1), ("evidence", 1), ("choice", 0)):
        assert len(found(rule, i=form(scale.replace("frequency", type)))) == asks
    (told,) = found(rule, i=form(scale))
    assert told.hint == "add Not seen to its `options`"
    assert told.place.route[-1] == "options"
    silent = "word-list: {id: own, language: en}\n"
    (bare,) = found(rule, i=form(scale), w=silent)
    assert bare.hint is None


def test_each_wave_has_room_for_an_open_answer() -> None:
    closed = asked("Who greets?", more=", waves: [30, 60, 90]")
    opened = asked("What helps?", "support", ", waves: [60]")
    (advice,) = found("form-without-open-question", i=form(closed, opened))
    assert advice.message.endswith("has no open question 30 and 90 days after training")
    always = asked("What helps?", "support")
    assert found("form-without-open-question", i=form(closed, always)) == []
    boxed = asked("What helps?", "support", ", options: [Time, Tools]")
    assert len(found("form-without-open-question", i=form(boxed))) == 1
    (once,) = found("form-without-open-question", i=form(asked("Who greets?")))
    assert once.message.endswith("has no open question")
    for type in ("open", "incident", "support"):
        assert found("form-without-open-question", i=form(asked("What?", type))) == []
    record = form(asked("Calls?", "evidence"), kind="results-record")
    assert found("form-without-open-question", i=record) == []
    empty = form(asked("Calls?")).partition("  questions:")[0]
    assert found("form-without-open-question", i=empty) == []


def test_the_longest_form_grows_after_the_first_month() -> None:
    def many(wave: int, count: int) -> str:
        return form(*[asked("Who greets?", more=f", waves: [{wave}]")] * count)

    assert found("form-too-long", i=many(30, 12)) == []
    assert len(found("form-too-long", i=many(30, 13))) == 1
    assert found("form-too-long", i=many(60, 15)) == []
    (told,) = found("form-too-long", i=many(60, 16))
    assert told.message.endswith("asks 16 questions 60 days after training")
    assert told.hint
    assert told.hint.startswith("ask at most 15;")
    # What has no wave is asked in each of them.
    always = form(*[asked("Who greets?", more=", waves: [30, 90]")] * 12, asked("What else?"))
    assert [d.message.split()[-4] for d in found("form-too-long", i=always)] == ["30"]
    records = many(30, 13).replace("supervisor-form", "results-record")
    assert found("form-too-long", i=records) == []


def test_a_gate_ksa_may_be_seen_by_a_visitor_too() -> None:
    habit = form(asked("Who greets?", more=", waves: [30], ksas: [k1]"))
    visit = form(
        asked("Was I greeted?", "choice", ", ksas: [k1]"), kind="mystery-shopper-form", name="g"
    )
    rule = "gate-ksa-asked-once"
    (warning,) = found(rule, k=KSAS, m=GATE, i=habit)
    assert warning.place.route == ("ksas", 0)
    assert warning.message.endswith("all questions about it on the job ask for frequency")
    assert [r.message for r in warning.related] == ["`f-0` of `f`"]
    mine = visit.replace("mystery-shopper-form", "self-form")
    assert len(found(rule, k=KSAS, m=GATE, i=habit, j=mine)) == 1
    assert found(rule, k=KSAS, m=GATE.replace("gate: true, ", ""), i=habit) == []
    assert found(rule, k=KSAS, m=GATE, i=habit, j=visit) == []
    # Nobody who supervises is asked: ksa-without-follow-up tells that.
    assert found(rule, k=KSAS, m=GATE, j=visit) == []
    assert found(rule, k=KSAS, m=GATE, i=habit.replace("k1", "k3")) == []


def test_a_look_back_covers_habits_but_not_knowledge() -> None:
    knowledge = KSAS.replace("k2, statement: Close a contact., classes: [skill]",
                             "k2, statement: The rules., classes: [declarative]")  # fmt: skip
    text = form(asked("How sure were you?", "rating", ", ksas: [k1, k2]"),
                kind="retrospective-form", when="end-of-course")  # fmt: skip
    (warning,) = found("retrospective-form-for-knowledge", k=knowledge, i=text)
    assert warning.place.route == ("instrument", "questions", 0, "ksas", 1)
    named = text.replace("  questions:", "  ksas: [k1, k2]\n  questions:")
    every = found("retrospective-form-for-knowledge", k=knowledge, i=named)
    assert [d.place.route[1:] for d in every] == [
        ("ksas", 1), ("questions", 0, "ksas", 1),
    ]  # fmt: skip
    assert "look back on `k2` (The rules), which is knowledge" in every[0].message
    other = named.replace("retrospective-form", "self-form")
    assert found("retrospective-form-for-knowledge", k=knowledge, i=other) == []


def test_all_later_supervisor_forms_are_related() -> None:
    one = form(asked("Who greets?", more=", waves: [30]"))
    (told,) = found(
        "too-few-follow-up-waves", i=one, j=form(asked("Who?", more=", waves: [60]"), name="g")
    )
    assert told.message.startswith("supervisors are asked 30 and 60 days after training: fewer")
    assert [r.message.split()[0] for r in told.related] == ["`g`"]
    assert told.place.route[-1] == "questions"
    assert found("too-few-follow-up-waves", i=form(asked("Who greets?"))) == []


def test_what_has_a_baseline_and_what_needs_none() -> None:
    rule = "follow-up-without-baseline"
    after = form(asked("Who greets?", more=", ksas: [k1]"))
    (told,) = found(rule, k=KSAS, i=after)
    assert told.place.route[-1] == "questions"
    for before in (
        form(asked("Who greets?", more=", ksas: [k1]"), when="baseline", name="g"),
        form(asked("How sure?", more=", ksas: [k1]"), kind="retrospective-form", name="g",
             when="end-of-course"),
    ):  # fmt: skip
        assert found(rule, k=KSAS, i=after, j=before) == []
    assert found(rule, k=KSAS, i=after.replace("kirkpatrick: 3", "kirkpatrick: 4")) == []
    assert found(rule, k=KSAS, i=after.replace("follow-up", "end-of-course")) == []
    itself = after.partition("  questions:")[0] + "  ksas: [k1]\n"
    (told,) = found(rule, k=KSAS, i=itself)
    assert told.place.route[-1] == "ksas"
    later = form(asked("Who greets?", more=", ksas: [k1]"), name="g", when="in-course")
    assert len(found(rule, k=KSAS, i=after, j=later)) == 1


def test_the_last_tests_are_named_where_none_follows() -> None:
    def tests(*kinds: tuple[str, str]) -> str:
        return "instruments:\n" + "".join(
            f"  - {{id: i{n}, title: T, kind: {kind}, kirkpatrick: 2, when: {when}}}\n"
            for n, (kind, when) in enumerate(kinds)
        )

    rule = "learning-never-checked-again"
    last, form = ("check", "end-of-course"), ("self-form", "end-of-course")
    (told,) = found(rule, i=tests(last, ("check", "in-course"), form))
    assert [r.message for r in told.related] == ["`i0` (T) is the last test"]
    assert found(rule, i=tests(last, ("check", "follow-up"))) == []
    assert found(rule, i=tests(("check", "in-course"), form)) == []
    job = tests(last, ("observation", "follow-up")).replace(
        "observation, kirkpatrick: 2", "observation, kirkpatrick: 3"
    )
    assert len(found(rule, i=job)) == 1


def test_levels_without_an_instrument_are_named() -> None:
    rule = "kirkpatrick-level-without-instrument"
    (told,) = found(rule, i=form(asked("Who greets?")))
    assert told.message.endswith("at level 1 (reaction), 2 (learning) and 4 (results)")
    forms = {
        name: form(asked("Who?"), name=name).replace("kirkpatrick: 3", f"kirkpatrick: {level}")
        for name, level in (("f", 1), ("g", 2), ("h", 3), ("j", 4))
    }
    assert found(rule, **forms) == []


def test_people_hear_what_answers_are_for() -> None:
    rule = "form-without-confidentiality"
    (told,) = found(rule, i=form(asked("Who greets?")))
    assert told.hint
    assert told.hint.startswith("add `confidentiality`")
    said = form(asked("Who greets?")).replace("  questions:", "  confidentiality: C.\n  questions:")
    assert found(rule, i=said) == []
    assert found(rule, i=form(asked("Calls?"), kind="results-record")) == []
    assert found(rule, i=form(asked("Calls?"), kind="check")) == []


PROGRAM_ALONE = PROGRAM[: PROGRAM.index("scale:\n  id")]


def aims(*every: str) -> str:
    return PROGRAM_ALONE + "  aims:\n" + "".join(
        f"    - {{id: a{n}, text: They greet., degree: d, indicator: i, {each}}}\n"
        for n, each in enumerate(every)
    )  # fmt: skip


def test_aims_have_four_kinds() -> None:
    rule = "aim-kind-missing"
    (told,) = found(rule, k=KSAS, m=GATE, p=aims("kind: learning"))
    assert told.message.endswith("no aim of the kind reaction, transfer and results")
    four = aims("kind: learning", "kind: reaction", "kind: transfer", "kind: results")
    assert found(rule, k=KSAS, m=GATE, p=four) == []
    assert found(rule, p=aims("kind: learning")) == []


@pytest.mark.parametrize(
    ("kind", "level"), [("reaction", 1), ("learning", 2), ("transfer", 3), ("results", 4)]
)
def test_an_aim_is_measured_at_its_level(kind: str, level: int) -> None:
    rule = "aim-without-instrument"
    every = {
        f"i{n}": form(asked("Who?"), name=f"i{n}").replace("kirkpatrick: 3", f"kirkpatrick: {n}")
        for n in (1, 2, 3, 4)
    }
    others = [n for n in (1, 2, 3, 4) if n != level]
    named = ", ".join(f"i{n}" for n in others)
    (told,) = found(rule, p=aims(f"kind: {kind}, instruments: [{named}]"), **every)
    assert told.message == f"aim `a0` (They greet) names no instrument of evaluation level {level}"
    assert told.hint == f"add to `instruments` one with `kirkpatrick: {level}`"
    assert [r.message for r in told.related] == [f"`i{n}` has level {n}" for n in others]
    all_of_them = aims(f"kind: {kind}, instruments: [{named}, i{level}]")
    assert found(rule, p=all_of_them, **every) == []
    second = aims(f"kind: {kind}, instruments: [i{level}]", f"kind: {kind}")
    assert [d.message.split("`")[1] for d in found(rule, p=second, **every)] == ["a1"]
    (bare,) = found(rule, p=aims(f"kind: {kind}"))
    assert bare.message == "aim `a0` (They greet) names no instrument that measures it"


def test_a_small_curriculum_without_instruments_is_left_alone() -> None:
    for rule in ("kirkpatrick-level-without-instrument", "learning-never-checked-again"):
        assert found(rule, k=KSAS) == []
