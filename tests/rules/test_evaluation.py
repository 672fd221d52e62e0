"""Corners of the rules about evaluation."""

from __future__ import annotations

import pytest

from csstrain.diagnostic import Diagnostic
from tests.curricula import compile_text

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
    return [d for d in compile_text(**files).diagnostics if d.rule == rule]


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
        ("How often did they greet Ann and listen?", "frequency", True),
    ],
)
def test_two_things_in_one_question(text: str, type: str, fires: bool) -> None:
    assert bool(found("double-barreled-question", i=form(asked(text, type)))) is fires


def test_the_way_out_is_asked_of_observers_only() -> None:
    scale = asked("How often did they greet?", more=", options: [Never, Always]")
    rule = "question-without-not-observed"
    assert len(found(rule, i=form(scale))) == 1
    assert len(found(rule, i=form(scale, kind="mystery-shopper-form"))) == 1
    assert found(rule, i=form(scale, kind="self-form")) == []
    assert found(rule, i=form(asked("How often did they greet?"))) == []


def test_each_wave_has_room_for_an_open_answer() -> None:
    closed = asked("Who greets?", more=", waves: [30, 60, 90]")
    opened = asked("What helps?", "support", ", waves: [60]")
    (advice,) = found("form-without-open-question", i=form(closed, opened))
    assert advice.message.endswith("has no open question 30 and 90 days after training")
    always = asked("What helps?", "support")
    assert found("form-without-open-question", i=form(closed, always)) == []
    boxed = asked("What helps?", "support", ", options: [Time, Tools]")
    assert len(found("form-without-open-question", i=form(boxed))) == 1


def test_the_longest_form_grows_after_the_first_month() -> None:
    def many(wave: int, count: int) -> str:
        return form(*[asked("Who greets?", more=f", waves: [{wave}]")] * count)

    assert found("form-too-long", i=many(30, 12)) == []
    assert len(found("form-too-long", i=many(30, 13))) == 1
    assert found("form-too-long", i=many(60, 15)) == []
    assert len(found("form-too-long", i=many(60, 16))) == 1


def test_a_gate_ksa_may_be_seen_by_a_visitor_too() -> None:
    habit = form(asked("Who greets?", more=", waves: [30], ksas: [k1]"))
    visit = form(
        asked("Was I greeted?", "choice", ", ksas: [k1]"), kind="mystery-shopper-form", name="g"
    )
    rule = "gate-ksa-asked-once"
    (warning,) = found(rule, k=KSAS, m=GATE, i=habit)
    assert warning.place.route == ("ksas", 0)
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


def test_a_small_curriculum_without_instruments_is_left_alone() -> None:
    for rule in ("kirkpatrick-level-without-instrument", "learning-never-checked-again"):
        assert found(rule, k=KSAS) == []
