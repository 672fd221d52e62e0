"""Rules about the binder: acronyms, headings, and keys that reach trainees."""

from __future__ import annotations

import pytest

from csstrain.pipeline import compile_texts
from tests.curricula import PROGRAM, compile_text

MATERIAL = "material:\n  id: mat-1\n  title: Sheet\n  kind: handout\n  reader: trainee\n"


def fired(rule: str, body: str, program: str = PROGRAM) -> list[str]:
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    text = f"{program}\n{MATERIAL}  body: |\n{lines}"
    found = compile_text(example=text if program is not PROGRAM else text[len(program) :])
    assert found.curriculum, [d.message for d in found.diagnostics]
    return [d.message for d in found.diagnostics if d.rule == rule]


@pytest.mark.parametrize(
    "body",
    [
        "Free Application for Federal Student Aid (FAFSA). The FAFSA is free.",
        "FAFSA (Free Application for Federal Student Aid). The FAFSA is free.",
        "Read the FAQ (frequently\nasked questions) first.",
        "The form RG-2, the class HIS 101, the hold `LB`, part IV, the PDF.",
        "Take NOTE of this, and leave a note.",
        "DO NOT write here.",
        "Prairie Hall",
    ],
)
def test_what_is_no_acronym_or_explained_is_not_told(body: str) -> None:
    assert fired("undefined-acronym", body) == []


def test_brackets_behind_an_acronym_explain_only_what_they_spell() -> None:
    (message,) = fired("undefined-acronym", "Ask the DOS (see the map of the campus).")
    assert "`DOS`" in message


def test_an_acronym_is_told_once() -> None:
    (message,) = fired("undefined-acronym", "Ask the DOS. The DOS knows; the DOS helps.")
    assert "`DOS`" in message


@pytest.mark.parametrize(
    ("body", "fires"),
    [
        ("Greet<br/>first.", True),
        ('A <SPAN lang="en">word</SPAN>', True),
        ("one\n\n</p>", True),
        ("Write `<b>` so.", False),
        ("Fill in <name> and <form number>; 3 < 4 > 2.", False),
        ("<https://example.edu>", False),
    ],
)
def test_tags_that_would_be_printed_are_told(body: str, fires: bool) -> None:
    assert bool(fired("html-not-rendered", body)) is fires
    assert all(f"line {body.count(chr(10)) + 1} " in m for m in fired("html-not-rendered", body))


def test_a_glossary_explains() -> None:
    own = PROGRAM.partition("scale:\n  id")[0]
    own += "  glossary: [{term: DOS, meaning: the Dean of Students}]\n"
    assert fired("undefined-acronym", "Ask the DOS.", own) == []


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("# A\n## B\n### C\n# D", None),
        ("### A\n### B", None),
        ("# A\n### B", 2),
        ("# A\n```\n### code\n```\n## B", None),
        ("# A\n#### B\n## C", 2),
        ("#hash\n### A", None),
    ],
)
def test_headings_go_down_one_level_at_a_time(body: str, line: int | None) -> None:
    found = fired("skipped-heading-level", body)
    assert len(found) == (line is not None)
    assert all(f"line {line} " in message for message in found)


TEST = """
module:
  id: m1
  title: Contact
  objectives: [{id: o1, kind: terminal, verb: state, behavior: the hours, domain: cognitive,
    level: remember}]
instrument:
  id: i1
  title: Station
  kind: role-play
  kirkpatrick: 2
  when: in-course
  criteria:
    - {id: c1, name: Greets, objective: o1, anchors: [
       {level: 1, text: "Looks at the screen, and speaks first after a minute."},
       {level: 2, text: "Looks up and says good morning at once."}]}
"""


@pytest.mark.parametrize(
    ("reader", "text", "fires"),
    [
        ("trainee", "Looks up AND says\nGood Morning at once, please.", True),
        ("trainee", "Looks up and says good day at once.", False),
        ("trainer", "Looks up and says good morning at once.", False),
    ],
)
def test_an_anchor_in_a_file_for_trainees_is_found(reader: str, text: str, fires: bool) -> None:
    material = (
        f"material: {{id: mat-1, title: Sheet, kind: handout, reader: {reader}, file: sheet.md}}\n"
    )
    compiled = compile_texts(
        {
            "content/program.yaml": PROGRAM.encode(),
            "content/test.yaml": TEST.encode(),
            "content/sheet.yaml": material.encode(),
            "content/materials/sheet.md": text.encode(),
        }
    )
    found = [d for d in compiled.diagnostics if d.rule == "key-in-trainee-material"]
    assert len(found) == fires
    assert all(d.place.route[-1] == "file" and "anchor for 2" in d.message for d in found)


def test_punctuation_does_not_hide_an_anchor() -> None:
    (message,) = [
        d.message
        for d in compile_text(
            test=TEST,
            sheet=f"{MATERIAL}  body: 'Watch: looks up, and says: “good morning” at once.'\n",
        ).diagnostics
        if d.rule == "key-in-trainee-material"
    ]
    assert "`c1`" in message
