"""No figure of a key comes from nowhere: its case, a rule it cites or a computation gives it.

The other tests of keys look for the figures that they compute. This one goes the other way: it
takes every figure that a key says and asks where it is from, so that none is wrong beside others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from tests.handbook import Handbook
from tests.printed import Printed, figures, flat, part
from tests.test_keys_of_rules import SECTION, SUM, cited

# What stands open beside any case, and is cited by section instead.
BOOKS = {
    "mat-handbook", "mat-privacy-summary", "mat-state-federal-summary", "mat-office-directory",
    "mat-authority-matrix", "mat-practice-calendar",
}  # fmt: skip
# Keys of counted data and of plans: every figure of theirs is computed in test_keys.py and
# test_keys_of_desks.py.
COUNTED = (
    "m7-",
    "m3-sheet",
    "i-sheet",
    "m8-coverage",
    "m8-data",
    "s-plan",
    "s-coverage",
    "s-report",
)
# Figures that a key works out without writing the sum; the tests of that key compute them.
WORKED_OUT = {
    "i-correspondence-a": "22 24 26 27", "i-letters-a": "18 22 25 26 31", "i-reconcile-a": "275",
    "i-records-a": "9001104 9001107 9001114 25 28", "m1-barriers": "60",
    "m10-second-run": "20 400 435",
    "m2-correspondence": "18", "m2-handbook": "38", "m2-jigsaw": "13 30",
    "m2-lookup": "21 27 32 38 800 835", "m2-reconcile": "0 11.25 23 295 375 900 2440 2740",
    "m2-reconcile-demo": "0", "m3-lab": "15 23 24 275", "m3-letters": "13 16 23 24",
    "m4-listening": "16 32", "m5-explain": "20", "m5-model": "34", "m6-model": "80",
    "m8-hiring": "41.7", "m8-ojt": "12.5", "m9-desk": "7 620 655", "m9-desk-2": "31 225",
    "mat-m4-t2-observer": "400 435", "mat-m5-p1-caller": "20 460 495", "mat-m5-p2-caller": "22 60",
    "s-complaint-a": "21", "s-complaint-b": "26", "s-contact-a": "55 65", "s-contact-b": "85",
    "s-inbasket-a": "23 644 696 360 190 160", "s-inbasket-b": "39 793 572 297 110 114",
    "s-ojt-a": "25 28 20300128",
}  # fmt: skip
# Figures of rules that a key gives without their section, and of no rule at all.
UNCITED = {
    "m2-network": "15",  # of an appeal on BU-7
    "m2-network-map": "10",  # the last day of RG-2
    "m5-plain": "35",  # of a payment plan
    "m6-records": "10 11",  # the last day of RG-2, the first of RG-5
    "i-letters-a": "7",  # the week of the second late fee
    "s-mystery-a": "6 10",  # the days of RG-2
    "m9-debrief": "6",  # the number of an event
    "m4-model": "46",  # a number called in a line
    "s-pressure-a": "30", "s-pressure-b": "30",  # seconds that a form takes
}  # fmt: skip
# Places of a key in a list, and modules, are no figures of a case.
PLACES = re.compile(r"\(\d\)|\bmodules? \d+(?: and \d+)?|(?:^|[.;] )\d (?=[A-Z])")


def keys(printed: Printed) -> Iterator[tuple[str, str, str]]:
    """Each key that rests on rules: the entity, what the key says, and what its case says."""
    for name, entity in printed.entities.items():
        if name.startswith(COUNTED):
            continue
        case = case_of(printed, entity)
        if isinstance(entity.get("answers"), str):
            yield name, entity["answers"], case
        for step in entity.get("trainer", ()):
            if "expect" in step:
                yield name, step["expect"], f"{case} {entity.get('answers', '')}"
        if "candidate" in entity:
            yield name, entity["notes"], f"{case} {entity['candidate']} {entity['script']}"
        if re.fullmatch(r"mat-m\d-[tp]\d-(observer|caller)", name):
            others = (
                printed.body(name.rsplit("-", 1)[0] + who) for who in ("-specialist", "-customer")
            )
            yield name, entity["body"], " ".join(others)


def case_of(printed: Printed, entity: dict[str, Any]) -> str:
    """The sheets of an activity, and what the trainer says and does in it."""
    sheets = [printed.entities[m] for m in entity.get("materials", ()) if m not in BOOKS]
    steps = [
        step.get(kind, "") for step in entity.get("trainer", ()) for kind in ("do", "say", "ask")
    ]
    bodies = [printed.body(sheet["id"]) for sheet in sheets if "body" in sheet or "file" in sheet]
    return " ".join([entity.get("title", ""), *(s["title"] for s in sheets), *bodies, *steps])


def test_no_figure_of_a_key_comes_from_nowhere(printed: Printed) -> None:
    book, asked = Handbook(printed), 0
    offices = part(printed.body("mat-handbook"), "## 2 Offices", "**2.1**")
    open_to_all = {*figures(offices), *figures(printed.body("mat-office-directory"))}
    for name, key, case in keys(printed):
        text = flat(key)
        rules = cited(f"{printed.entities[name].get('title', '')} {text}", book)
        source = {*figures(case), *(f for s in rules for f in figures(book.sections[s]))}
        source |= {f for expression in SUM.findall(text) for f in figures(" ".join(expression[:2]))}
        source |= {
            Decimal(f) for f in f"{WORKED_OUT.get(name, '')} {UNCITED.get(name, '')}".split()
        }
        said = figures(PLACES.sub(" ", SECTION.sub(" ", text)))
        nowhere = set(said) - source - open_to_all
        assert not nowhere, f"{name}: {', '.join(map(str, sorted(nowhere)))} in: {text}"
        asked += len(said)
    assert asked > 1000


def test_every_section_that_a_key_cites_is_there(printed: Printed) -> None:
    book = Handbook(printed)
    for name, key, _ in keys(printed):
        for reference in re.findall(r"\(((?:\d{1,2}\.\d(?: [a-c])?|[FSP]\d+|,| )+)\)", flat(key)):
            for section in re.findall(r"\d+\.\d|[FS]\d", reference):
                assert section in book.sections, f"{name} cites {section}"


def test_what_is_said_to_be_worked_out_stands_in_its_key(printed: Printed) -> None:
    """So that the two lists above hold nothing that is not needed."""
    said: dict[str, set[Decimal]] = {}
    for name, key, _ in keys(printed):
        said.setdefault(name, set()).update(figures(key))
    for listed in (WORKED_OUT, UNCITED):
        for name, worked in listed.items():
            assert {Decimal(f) for f in worked.split()} <= said[name], name
