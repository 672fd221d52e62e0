"""Files against models: every fault at the author's line, in our words, told once."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Collection

import pytest

from csstrain.load import AROUND, MAX_FAULTS, MAX_FILE_FAULTS, load, nearest
from csstrain.model import KINDS, PLURALS
from csstrain.report import short
from csstrain.schemas import content_schema
from tests.curricula import PROGRAM, Snapshot, compile_text


def _day(field: str) -> str:
    """The small program with one line of its day written otherwise."""
    name = field.split(":")[0]
    return re.sub(rf"^    {name}: .*$", f"    {field}", PROGRAM, flags=re.MULTILINE)


FAULTS: dict[str, str] = {
    "misspelt-field": "module:\n  id: m1\n  titel: Contact\n",
    "missing-field": "module:\n  id: m1\n",
    "unknown-field": "module:\n  id: m1\n  title: Contact\n  colour: red\n",
    "empty-field": "module:\n  id: m1\n  title:\n",
    "not-an-id": "module:\n  id: Module 1\n  title: Contact\n",
    "misspelt-choice": (
        "module:\n  id: m1\n  title: Contact\n  activities:\n"
        "    - {id: a1, method: rollplay, phase: practize, minutes: {min: 5, plan: 5, max: 5}}\n"
    ),
    "list-for-text": "module:\n  id: m1\n  title: [a, b]\n",
    "text-for-list": "module:\n  id: m1\n  title: Contact\n  activities: none\n",
    "text-for-fields": "module:\n  id: m1\n  title: Contact\n  objectives: [o1]\n",
    "not-a-number": (
        "module:\n  id: m1\n  title: Contact\n  activities:\n    - id: a1\n      method: lecture\n"
        "      phase: present\n      minutes: {min: ten, plan: 1_000, max: 010}\n"
    ),
    "out-of-range": "ksas:\n  - {id: k1, statement: Greet., classes: [skill], difficulty: 7}\n",
    "no-classes": "ksas:\n  - {id: k1, statement: Greet., classes: []}\n",
    "unknown-kind": "modul:\n  id: m1\n",
    "list-at-top": "- id: m1\n",
    "plural-without-list": "ksas:\n  id: k1\n",
    "bad-dates": "waivers:\n  - {rule: r, id: k1, reason: x, by: y, date: 2027-02-30}\n",
    "bad-flag": (
        "module:\n  id: m1\n  title: Contact\n  objectives:\n    - {id: o1, kind: terminal, "
        "gate: yes,\n       verb: greet, behavior: x, domain: cognitive, level: apply}\n"
    ),
    "range-out-of-order": (
        "module:\n  id: m1\n  title: Contact\n  activities:\n    - {id: a1, method: lecture, "
        "phase: present, minutes: {min: 9, plan: 5, max: 5}}\n"
    ),
    "range-from-nothing": (
        "module:\n  id: m1\n  title: Contact\n  activities:\n    - {id: a1, method: lecture, "
        "phase: present, minutes: {min: 0, plan: 0, max: 0}}\n"
    ),
    "day-out-of-order": _day("lunch: {minutes: 60, earliest: 13:00, latest: 11:30}"),
    "day-without-time": _day("end: 09:00"),
    "slack-out-of-order": _day("slack: {min: 10, max: 3}"),
    "day-out-of-range": _day("breaks: {minutes: 10, count: 13}\n    longest_run: 14"),
    "too-much-staff": PROGRAM.replace("coaches: 2", "coaches: 1001"),
    "rating-out-of-range": (
        "method-matrix:\n  id: mm\n  title: Ours\n  rows:\n    - {method: lecture, declarative: 4,"
        " procedural: 0, strategic: 0, skill: 0, attitude: 0}\n"
    ),
    "nothing-but-space": 'module:\n  id: m1\n  title: "  "\n  goal: ~\n  rationale: null\n',
    "refused-entry": "ksas:\n  - {id: k1, statement: Greet., classes: [skil]}\n",
    "comma-in-braces": "ksas:\n  - {id: k1, statement: Greet, then ask, classes: [skill]}\n",
    "wrong-field-of-objective": (
        "module:\n  id: m1\n  title: Contact\n  objectives:\n    - {id: o1, kind: terminal, "
        "verb: greet,\n       behavior: x, domain: cognitive, level: apply, color: red}\n"
    ),
    "glued-colon-alone": "module:m1\n",
    "glued-colon-in-braces": "module: {id:m1, title: Contact}\n",
    "glued-colons": "module:\n  id:m1\n  title:Contact\n",
    "dashes-without-space": (
        "module:\n  id: m1\n  title: Contact\n  learning_points:\n    -Greet first\n    -Ask then\n"
    ),
    "bullets": "module:\n  id: m1\n  title: Contact\n  requires:\n    • m2\n    • m3\n",
    "bullets-of-sentences": (
        "module:\n  id: m1\n  title: Contact\n  learning_points:\n    – Greet first.\n    – Ask.\n"
    ),
    "one-number-for-a-range": (
        "module:\n  id: m1\n  title: Contact\n  activities:\n"
        "    - {id: a1, method: lecture, phase: present, minutes: 30}\n"
    ),
    "list-in-one-text": "module:\n  id: m1\n  title: Contact\n  requires: m2, m3\n",
    "list-of-one": "module:\n  id: m1\n  title: Contact\n  requires: m2\n",
    "dash-at-a-field": "ksas:\n  -id: k1\n  statement: Greet.\n",
    "dash-at-an-inner-field": (
        "module:\n  id: m1\n  title: Contact\n  objectives:\n    -id: o1\n    verb: greet\n"
    ),
    "list-below-one": "module:\n  - id: m1\n    title: Contact\n",
    "kind-forgotten": "id: m1\ntitle: Contact\nobjectives: []\ngoal: Greet\n",
    "comment-for-value": "module:\n  id: m1\n  title: #1 in service\n",
    "colon-in-entry": (
        "module:\n  id: m1\n  title: Contact\n  learning_points:\n    - Listen: then speak\n"
    ),
    "text-below-field": "module:\n  id: m1\n  title:\n    Contact: an introduction\n",
    "two-lines-for-one": 'module:\n  id: m1\n  title: "Contact\n\n    and close"\n',
    "ids-in-other-forms": (
        "modules:\n  - {id: M1, title: A}\n  - {id: m_2, title: B}\n"
        "  - {id: Opening hours, title: C, requires: [M1]}\n  - {id: m1., title: D}\n"
        '  - {id: "\u00a0m5", title: E}\n'
    ),
    "minutes-with-units": (
        "module:\n  id: m1\n  title: Contact\n  activities:\n    - id: a1\n      method: lecture\n"
        "      phase: present\n      minutes: {min: 30 min, plan: 45.0, max: '1,000'}\n"
    ),
    "numbers-in-other-forms": (
        "competencies:\n"
        + "".join(
            f"  - {{id: c{n}, name: A, origin: s, definition: B, weight: '{text}'}}\n"
            for n, text in enumerate(("20%", "1,5", "½", "007", "1.10", "ten", "1e3", "+5"))
        )
    ),
    "flags-in-other-forms": (
        "ksas:\n"
        + "".join(
            f"  - {{id: k{n}, statement: Greet., classes: [skill], legal: {text}}}\n"
            for n, text in enumerate(("yes", "No", "on", "TRUE", "maybe"))
        )
    ),
    "dates-in-other-forms": (
        "waivers:\n"
        + "".join(
            f"  - {{rule: r, id: k1, reason: x, by: y, date: {text}}}\n"
            for text in ("11/21/2026", "2026-1-5", "21.11.2026", "3/4/2027", "Nov 21", "26-11-21")
        )
    ),
    "clock-in-other-forms": _day("start: 9.30").replace("end: 17:30", "end: 5:30 pm"),
    "hours-with-unit": PROGRAM.replace("scale: house", "scale: house\n  hours: 8 h", 1),
    "hours-in-fifths": PROGRAM.replace("scale: house", "scale: house\n  hours: 8.2", 1),
    "choice-in-other-forms": (
        "module:\n  id: m1\n  title: Contact\n  activities:\n    - {id: a1, method: Role Play, "
        "phase: PRACTICE, minutes: {min: 5, plan: 5, max: 5}}\n"
    ),
    "field-in-other-forms": (
        "module:\n  id: m1\n  title: Contact\n  learning-points: [A]\n  Goal: B\n  rational: C\n"
    ),
    "syntax-and-more": "module:\n  id:m1\n  titel: Day 1: Intro\n  requires: [M2]\n",
    "many-at-once": (
        "module:\n  id: m1\n  titel: x\n  goal: [a]\n"
        "  activities:\n    - {id: A1, method: lecture}\n"
    ),
}


@pytest.mark.parametrize("name", FAULTS)
def test_fault(name: str, snapshot: Snapshot) -> None:
    compiled = compile_text(m1=FAULTS[name])
    assert compiled.failed
    assert compiled.curriculum is None
    hints = "".join(f"hint: {d.hint}\n" for d in compiled.diagnostics)
    snapshot(f"fault-{name}", f"{FAULTS[name]}----\n{short(compiled)}{hints}")


def test_a_glued_colon_is_told_once() -> None:
    compiled = compile_text(m1=FAULTS["glued-colon-in-braces"])
    assert [d.rule for d in compiled.diagnostics] == ["unknown-field"]


def test_fields_without_a_kind_are_told_once() -> None:
    (found,) = load({"content/m1.yaml": FAULTS["kind-forgotten"].encode()}).diagnostics
    assert "`module:`" in (found.hint or "")


def test_a_warning_about_a_text_stops_nothing() -> None:
    compiled = compile_text(m1="module: {id: m1, title: Module #1\n  }\n")
    assert compiled.curriculum
    assert compiled.curriculum.modules["m1"].title == "Module"
    assert "text-lost-to-comment" in {d.rule for d in compiled.diagnostics}


def test_one_file_does_not_flood_the_report() -> None:
    text = "ksas:\n" + "  - {name: a}\n" * 5_000
    found = load({"content/k.yaml": text.encode()}).diagnostics
    assert len(found) == MAX_FILE_FAULTS + 1
    assert "reading stopped" in found[-1].message


def test_misspelt_field_is_told_once() -> None:
    compiled = compile_text(m1=FAULTS["misspelt-field"])
    assert [d.rule for d in compiled.diagnostics] == ["unknown-field"]
    assert compiled.diagnostics[0].hint == "did you mean `title`?"


def test_pydantic_never_speaks() -> None:
    for text in FAULTS.values():
        for diagnostic in compile_text(m1=text).diagnostics:
            words = f"{diagnostic.message} {diagnostic.hint}".lower()
            for jargon in ("input should", "pydantic", "tuple", "dict", "extra inputs", "instance"):
                assert jargon not in words


def test_each_kind_may_stand_alone_or_in_a_list() -> None:
    text = "material: {id: mat-1, title: Cards, kind: equipment, reader: trainee}\n"
    assert not compile_text(one=text).failed
    many = "materials:\n  - {id: mat-1, title: Cards, kind: equipment, reader: trainee}\n"
    assert not compile_text(many=many).failed
    assert len(set(PLURALS.values()) | set(KINDS)) == 2 * len(KINDS)


def test_every_file_is_reported_in_one_run() -> None:
    broken = {f"content/m{n}.yaml": b"module:\n  id: M\n" for n in range(5)}
    broken["content/tab.yaml"] = b"a:\n\t- b\n"
    found = load(broken).diagnostics
    assert {d.place.file for d in found} == set(broken)


def test_values_are_never_printed_raw() -> None:
    text = 'module:\n  id: m1\n  title: x\n  "\\n::error::owned": y\n'
    printed = short(compile_text(m1=text))
    assert not any(line.startswith("::") for line in printed.splitlines())


def test_a_near_miss_is_looked_for_among_few(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[int] = []
    original = difflib.get_close_matches

    def counted(word: str, known: Collection[str], n: int, cutoff: float) -> list[str]:
        compared.append(len(known))
        return original(word, known, n=n, cutoff=cutoff)

    monkeypatch.setattr(difflib, "get_close_matches", counted)
    names = [f"m{n}-{word}" for n in range(5_000) for word in ("greet", "listen", "close")]
    for name in ("m123-greet", "m4444-listen", "m1-close"):
        for typo in (f"n{name[1:]}", f"{name}x", name.replace("e", "ee"), f"{name[:-2]}{name[-1]}"):
            assert name in nearest(typo, names), typo
    assert nearest("x" * 5_000, names) == []
    assert max(compared) <= 4 * AROUND


def test_one_value_does_not_flood_the_report() -> None:
    entries = ", ".join(f"Wrong Id {n}" for n in range(50))
    text = f"module:\n  id: m1\n  title: x\n  requires: [{entries}]\n"
    found = load({"content/m1.yaml": text.encode()}).diagnostics
    assert len(found) == MAX_FAULTS + 1
    assert found[-1].message == "and up to 30 more faults in this module"


def test_an_ending_counts_in_capitals_too() -> None:
    loaded = load({"content/M1.YAML": b"module: {id: m1, title: Contact}\n"})
    assert loaded.value
    assert [each.kind for each in loaded.value.values] == ["module"]
    assert not loaded.value.files


@pytest.mark.parametrize(
    ("raw", "rule", "column"),
    [
        (b"# Cards\n\nCaf\xe9\n", "not-utf-8", 4),
        ("# Cards\n\na\u202eb\n".encode(), "hidden-character", 2),
    ],
)
def test_other_files_are_held_to_the_same_characters(raw: bytes, rule: str, column: int) -> None:
    found = load({"content/materials/cards.md": raw}).diagnostics
    assert [(d.rule, d.position) for d in found] == [(rule, (3, column))]


def test_other_files_are_read_as_text() -> None:
    loaded = load({"content/materials/cards.csv": "\ufeffname\r\nZoë\r\n".encode()})
    assert not loaded.diagnostics
    assert loaded.value
    assert loaded.value.files == {"content/materials/cards.csv": "name\r\nZoë\r\n"}


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("day,cause\nMon,fines\n", 0, ""),
        ('day,cause\n\nMon,"fines, waivers"\nTue,"two\nlines"\n', 0, ""),
        ("notes\nOne; two\n", 0, ""),
        ("", 0, ""),
        ("day,cause\nMon,fines, waivers\nTue,a,b,c\n", 2, "3 cells"),
        ('day,cause\nMon,"a\nb"\nTue\n', 4, "1 cell,"),
        ('day,cause\nMon,"fines\nTue,forms\n', 0, ""),
        ('day,cause,n\nMon,"fines,1\nTue,forms,2\n', 2, "2 cells"),
        ("day;cause\nMon;fines\n", 1, "semicolons"),
        ("day\tcause\nMon\tfines\n", 1, "Tabs"),
    ],
)
def test_rows_of_a_table_have_the_cells_of_its_head(text: str, line: int, word: str) -> None:
    found = load({"content/materials/log.csv": text.encode()}).diagnostics
    assert [(d.rule, d.position and d.position.line) for d in found] == (
        [("ragged-table", line)] if line else []
    )
    assert all(word in d.message and d.private for d in found)


def test_a_cell_without_end_is_no_crash() -> None:
    text = 'a,b\n"' + "x" * 140_000
    (told,) = load({"content/materials/log.csv": text.encode()}).diagnostics
    assert (told.rule, told.position) == ("file-too-large", (2, 1))


def test_schema_says_what_stands_in_the_file() -> None:
    known = json.loads(content_schema())["$defs"]
    assert known["WorkingDay"]["properties"]["start"]["type"] == "string"
    assert re.search(known["WorkingDay"]["properties"]["start"]["pattern"], "08:30")
    assert known["Waiver"]["properties"]["date"]["type"] == "string"
    forms = known["Activity"]["properties"]["instrument"]["anyOf"]
    one, many = (known[f["$ref"].split("/")[-1]] if "$ref" in f else f for f in forms)
    assert ("string" in one["type"], many["type"]) == (True, "array")
