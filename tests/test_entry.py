"""What trainees bring along: every row counts or is told why not, and nobody stays away wrongly."""

from __future__ import annotations

import csv
import io
import json
import random
import subprocess
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csstrain import entry, pages
from csstrain.agenda import Agenda, AgendaDay, LeftOut, Session
from csstrain.attendance import Attendance, attendance
from csstrain.cells import cells
from csstrain.curriculum import Curriculum
from csstrain.diagnostic import Outcome
from csstrain.entry import EVIDENCE, Entry, shows
from csstrain.load import MAX_FILE_FAULTS, Content
from csstrain.pipeline import Compilation
from csstrain.report import human
from csstrain.show_agenda import FORMATS
from csstrain.show_agenda.attendance import as_data, as_lines, attendance_table
from tests.curricula import PROGRAM, ROOT, Snapshot, compile_text

KSAS = """\
ksas:
  - {id: k1, name: Greeting, statement: Greets., classes: [skill], target_end_of_training: 2}
  - {id: k2, name: Hours, statement: Knows the hours., classes: [declarative]}
  - {id: k3, name: Courtesy, statement: Is courteous., classes: [attitude, skill]}
  - {id: k4, name: Reading, statement: Reads., classes: [ability], status: entry, screening: A.}
  - {id: k5, name: Years, statement: Has led., classes: [experience], status: exempt, reason: No.}
  - {id: k6, name: Planning, statement: Plans., classes: [strategic, skill]}
  - {id: k7, name: Steps, statement: Knows the steps., classes: [procedural, attitude]}
  - {id: k8, name: Privacy, statement: Knows privacy law., classes: [declarative], legal: true}
"""


def _activity(name: str, phase: str, objectives: str, more: str = "") -> str:
    return (
        f"    - {{id: {name}, method: discussion, phase: {phase}, objectives: [{objectives}],"
        f" minutes: {{min: 10, plan: 10, max: 10}}{more}}}\n"
    )


def _objective(name: str, ksas: str, more: str = "") -> str:
    links = ", ".join(f"{{ksa: {ksa}, level: 1}}" for ksa in ksas.split())
    return (
        f"    - {{id: {name}, kind: terminal, verb: greet, behavior: all, domain: cognitive,"
        f" level: apply, ksas: [{links}]{more}}}\n"
    )


MODULES = (
    "modules:\n  - id: m1\n    title: Contact\n    objectives:\n"
    + _objective("o-greet", "k1")
    + _objective("o-both", "k1 k2 k4")
    + _objective("o-gate", "k1", ", gate: true")
    + _objective("o-critical", "k1", ", critical: true")
    + _objective("o-law", "k8")
    + _objective("o-none", "k4 k5")
    + "    activities:\n"
    + _activity("welcome", "admin", "")
    + _activity("reading", "present", "o-greet", ", delivery: prework")
    + _activity("talk", "present", "o-greet")
    + _activity("talk-both", "present", "o-both")
    + _activity("talk-none", "present", "o-greet, o-none")
    + _activity("talk-gate", "present", "o-gate")
    + _activity("talk-critical", "present", "o-critical")
    + _activity("talk-law", "present", "o-law")
    + _activity("first-try", "practice", "o-greet", ", instrument: i-first")
    + _activity("drill", "practice", "o-both")
    + _activity("drill-debrief", "debrief", "o-both")
    + _activity(
        "pairs", "practice", "o-greet", ", grouping: {size: 2, rounds: 1, prepare: 1, feedback: 1}"
    )
    + _activity("pairs-debrief", "debrief", "o-greet")
    + _activity("practice-gate", "practice", "o-gate")
    + _activity("check", "assess", "o-greet", ", instrument: i-check")
    + _activity("check-gate", "assess", "o-gate", ", instrument: i-check")
    + "  - id: m2\n    title: End\n    final: true\n    activities:\n"
    + _activity("end", "assess", "o-greet", ", instrument: i-end")
    + _activity("transfer", "practice", "o-greet")
)
INSTRUMENTS = "instruments:\n" + "".join(
    f"  - {{id: {name}, title: Seen, kind: observation, kirkpatrick: 2, when: {when},"
    " objectives: [o-greet]}\n"
    for name, when in (
        ("i-first", "baseline"),
        ("i-check", "in-course"),
        ("i-end", "end-of-course"),
    )
)


@pytest.fixture(scope="module")
def small() -> Compilation:
    """A program for two trainees, with one activity for each reason to attend."""
    program = PROGRAM[: PROGRAM.index("scale:\n")].replace("trainees: 18", "trainees: 2")
    return compile_text(group=program, ksas=KSAS, modules=MODULES, instruments=INSTRUMENTS)


def curriculum_of(compiled: Compilation) -> Curriculum:
    assert compiled.curriculum, compiled.diagnostics
    return compiled.curriculum


def whole(curriculum: Curriculum) -> Agenda:
    """An agenda that holds every activity of a curriculum, one after the other."""
    sessions, clock = [], 480
    for activity in curriculum.activities.values():
        if activity.delivery == "session":
            end = clock + activity.minutes.plan
            module = curriculum.module_of[activity.id].id
            sessions.append(Session(clock, end, "activity", activity.label, module, activity))
            clock = end
    days = (AgendaDay(1, None, tuple(sessions)),)
    return Agenda("program", Decimal(40), "paid", True, days=days)


def told(outcome: Outcome[Entry]) -> str:
    """What a person reads about a table."""
    return human(Compilation(Content(()), diagnostics=outcome.diagnostics))


def of(outcome: Outcome[Entry]) -> list[str]:
    return [diagnostic.rule for diagnostic in outcome.diagnostics]


HEAD = "trainee,ksa,level,evidence\n"
OTHER = "Ada Moss\n"  # the second of the cohort

TABLES: dict[str, str | bytes] = {
    "unknown-ksa": f"{HEAD}Zoë Quill,k11,2,observation\nAda Moss,k11,2,observation\n",
    "ksa-of-another-kind": f"{HEAD}Zoë Quill,m1,2,observation\n{OTHER}",
    "name-for-ksa": f"{HEAD}Quill,Zoë,2,observation\n{OTHER}",
    "ksa-not-trained": (
        f"{HEAD}Zoë Quill,k4,2,credential: degree\nZoë Quill,k5,1,record\n"
        "Ada Moss,k4,1,observation\n"
    ),
    "doubled": (
        f"{HEAD}Zoë Quill,k1,2,observation\nAda Moss,k1,2,observation\n"
        "Zoë Quill,k1,2,work-sample\n"
    ),
    "doubled-at-two-levels": (
        f"{HEAD}Zoë Quill,k1,2,observation\nZoë Quill,K1,1,observation\n{OTHER}"
    ),
    "trainee-in-other-capitals": (
        f"{HEAD}Zoë Quill,k1,2,observation\nzoë quill,k2,1,observation\n{OTHER}"
    ),
    "fewer-than-the-cohort": f"{HEAD}Zoë Quill,k1,2,observation\n",
    "more-than-the-cohort": f"{HEAD}Zoë Quill,k1,2,observation\n{OTHER}Ann Reed\n",
    "level-off-scale": f"{HEAD}Zoë Quill,k1,5,observation\nAda Moss,k1,0,observation\n",
    "level-above-ceiling": f"{HEAD}Zoë Quill,k1,3,simulation\nAda Moss,k1,3,observation\n",
    "level-not-whole": (
        f"{HEAD}Zoë Quill,k1,2.0,observation\nZoë Quill,k2,Zoë,observation\n"
        "Ada Moss,k1,02,observation\nAda Moss,k2,２,observation\n"
    ),
    "missing-columns": "trainee,ksa\nZoë Quill,k1\n",
    "misspelt-column": "Trainee,KSA,Level,Evidnce\nZoë Quill,k1,2,observation\n",
    "unknown-column": "trainee,ksa,level,evidence,desk\nZoë Quill,k1,2,observation,A\n",
    "doubled-column": "trainee,ksa,level,evidence,Level\nZoë Quill,k1,2,observation,2\n",
    "column-without-heading": "trainee,ksa,level,evidence,\nZoë Quill,k1,2,observation,x\n",
    "one-column-for-each-ksa": "trainee,k1,k2\nZoë Quill,2,1\n",
    "one-column-for-each-trainee": "ksa,Zoë Quill,Ada Moss\nk1,2,1\n",
    "no-heading": "Zoë Quill,k1,2,observation\n",
    "missing-cells": (
        f"{HEAD},k1,2,observation\nZoë Quill,,2,observation\nZoë Quill,k1,,observation\n"
        "Ada Moss,k1,2\n"
    ),
    "heading-alone": HEAD,
    "empty": b"",
    "nothing-but-marks": b"\xef\xbb\xbf;;;\r\n;;;\r\n\r\n",
    "unfit-evidence": (
        f"{HEAD}Zoë Quill,k1,2,written-test: 19 of 20\nZoë Quill,k3,1,simulation\n"
        "Zoë Quill,k6,1,Written Test\nZoë Quill,k7,1,written test: form A\n"
        "Ada Moss,k1,2,self-report\nAda Moss,k2,1,Self-report: says so\nAda Moss,k3,1,credential\n"
    ),
    "evidence-without-kind": (
        f"{HEAD}Zoë Quill,k1,2,worksample: a letter\nAda Moss,k1,2,Ms. Reed saw it\n"
    ),
    "too-many-cells": f"{HEAD}Quill, Zoë,k1,2,observation\n{OTHER}",
    "quote-left-open": f'{HEAD}"Zoë Quill,k1,2,observation\n{OTHER}',
    "quote-inside": f'{HEAD}"Zoë" Quill,k1,2,observation\n{OTHER}',
    "utf-16": f"{HEAD}Zoë Quill,k1,2,observation\n".encode("utf-16"),
    "windows-1252": f"{HEAD}Zoë Quill,k1,2,observation\n".encode("cp1252"),
    "workbook": b"PK\x03\x04\x14\x00\x06\x00\x08\x00",
    "pdf": b"%PDF-1.7\n",
    "no-text": b"trainee,ksa\nZo\x00e Quill,k1,2,observation, at the desk of the office\n",
    "hidden-character": f"{HEAD}Zoë\u202e Quill,k1,2,observation\n{OTHER}",
    "long-name": f"{HEAD}{'Zoë Quill' * 30},k1,2,observation\n{OTHER}",
    "too-large": HEAD.encode() + b"x" * 2_000_000,
}  # fmt: skip


@pytest.mark.parametrize("name", TABLES)
def test_each_mistake_is_told_once_in_plain_words(
    small: Compilation, snapshot: Snapshot, name: str
) -> None:
    table = TABLES[name]
    raw = table.encode() if isinstance(table, str) else table
    outcome = entry.read(curriculum_of(small), "group.csv", raw)
    shown = table if isinstance(table, str) else repr(raw[:60]) + "\n"
    snapshot(f"entry-{name}", f"{shown[:400]}----\n{told(outcome)}")
    assert outcome.diagnostics
    assert (outcome.value is None) == outcome.failed
    for diagnostic in outcome.diagnostics:
        assert diagnostic.hint
        assert diagnostic.severity is pages.severity(diagnostic.rule)
    assert not any(
        name in told(outcome) for name in ("Zoë", "zoë", "Quill", "quill", "Moss", "Reed")
    )


def test_what_spreadsheets_write_is_read() -> None:
    plain = [["trainee", "ksa", "level", "evidence"], ["T1", "k1", "2", "work-sample: a, b"]]
    for text in (
        '\ufefftrainee,ksa,level,evidence\r\nT1,k1,2,"work-sample: a, b"\r\n',
        "trainee;ksa;level;evidence\r\nT1;k1;2;work-sample: a, b\r\n;;;\r\n\r\n",
        "trainee\tksa\tlevel\tevidence\rT1\tk1\t2\twork-sample: a, b\r",
        '\n"trainee" , ksa,level,evidence\n T1\u00a0, k1 ,2,"work-sample:\n a, b"\n\n\n',
    ):
        rows, broken = cells(text.removeprefix("\ufeff"))
        assert broken is None
        assert [[cell.text for cell in row] for row in rows] == plain


def test_a_cell_knows_its_line_and_column() -> None:
    text = 'a;b\r\n"x\r\ny";  z\r\n;"p""q";\r\n'
    rows, _ = cells(text)
    assert [(c.text, *c.at) for row in rows for c in row if c.text] == [
        ("a", 1, 1), ("b", 1, 3), ("x y", 2, 1), ("z", 3, 6), ('p"q', 4, 2),
    ]  # fmt: skip


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_forms_of_one_table_mean_the_same(small: Compilation, mark: str, ending: str) -> None:
    lines = ["Evidence,LEVEL,Ksa,by,trainee", "Work sample,2,K1,Ms. Reed,T 1", ",,,,T2 ", ",,,,"]
    text = ending.join(line.replace(",", mark) for line in lines)
    for raw in (text.encode(), b"\xef\xbb\xbf" + text.encode() + ending.encode() * 3):
        outcome = entry.read(curriculum_of(small), "group.csv", raw)
        assert outcome == Outcome(Entry({"T 1": {"k1": 2}, "T2": {}}, ("T 1", "T2")))


def test_evidence_must_show_the_leading_class(small: Compilation) -> None:
    """Training design 1.3 and correction 18: nobody tests out of a skill in writing."""
    ksas = curriculum_of(small).ksas
    fit = {name: {kind for kind in EVIDENCE if shows(kind, ksas[name])} for name in ksas}
    seen = {"work-sample", "simulation", "observation"}
    assert fit == {
        "k1": seen,
        "k2": {*seen, "credential", "written-test"},
        "k3": {"observation"},
        "k4": {*seen, "credential"},
        "k5": {"record"},
        "k6": seen,
        "k7": seen,
        "k8": {*seen, "credential", "written-test"},
    }


def test_no_skill_of_the_shipped_content_is_tested_out_in_writing(shipped: Compilation) -> None:
    for ksa in curriculum_of(shipped).ksas.values():
        if {"skill", "attitude", "ability", "experience"} & set(ksa.classes):
            assert not shows("written-test", ksa)
        assert not shows("self-report", ksa)


def test_the_table_in_the_readme_can_be_read(shipped: Compilation) -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    table = text.partition("```csv\n")[2].partition("```")[0]
    outcome = entry.read(curriculum_of(shipped), "group.csv", table.encode())
    assert of(outcome) == ["entry-of-another-cohort"]
    assert outcome.value
    assert outcome.value.levels == {
        "Trainee 1": {"k05": 2, "k13": 2},
        "Trainee 2": {"k28": 2},
        "Trainee 3": {},
    }


def read(compiled: Compilation, text: str) -> Entry:
    outcome = entry.read(curriculum_of(compiled), "group.csv", text.encode())
    assert outcome.value, told(outcome)
    return outcome.value


def test_the_group_knows_what_every_trainee_shows(small: Compilation) -> None:
    curriculum = curriculum_of(small)
    both = read(small, f"{HEAD}A,k1,2,observation\nA,k2,1,written-test\nB,k1,3,observation\n")
    assert both.known(curriculum) == {"k1"}
    assert both.met(curriculum, "A") == {"k1", "k2"}
    assert both.levels["B"] == {"k1": 3}
    below = read(small, f"{HEAD}A,k1,2,observation\nB,k1,1,observation\n")
    assert below.known(curriculum) == frozenset()
    one = read(small, f"{HEAD}A,k1,2,observation\n")
    assert one.known(curriculum) == frozenset()
    nobody = read(small, f"{HEAD}A,k1,2,observation\nB\n")
    assert nobody.known(curriculum) == frozenset()


def test_a_level_above_the_ceiling_counts_up_to_it(small: Compilation) -> None:
    both = read(small, f"{HEAD}A,k1,3,simulation\nB,k1,3,observation\n")
    assert both.levels == {"A": {"k1": 2}, "B": {"k1": 3}}


def test_the_group_that_somebody_vouches_for_is_added(small: Compilation) -> None:
    curriculum = curriculum_of(small)
    group = entry.given(curriculum, ["k2", "k1", "k2"])
    assert Entry(group=group).known(curriculum) == {"k1", "k2"}
    table = replace(read(small, f"{HEAD}A,k3,1,observation\nB\n"), group=group)
    assert table.known(curriculum) == {"k1", "k2"}
    assert table.met(curriculum, "A") == {"k1", "k2", "k3"}
    for name, why in (
        ("k11", "did you mean `k1` \\(Greeting\\)"),
        ("k4", "required at entry"),
        ("k5", "exempt"),
        ("m1", "no KSA `m1`"),
    ):
        with pytest.raises(ValueError, match=why):
            entry.given(curriculum, [name])


def test_many_faults_are_not_all_told(small: Compilation) -> None:
    rows = "".join(f"T{n},k1,x,observation\n" for n in range(MAX_FILE_FAULTS + 50))
    outcome = entry.read(curriculum_of(small), "group.csv", f"{HEAD}{rows}".encode())
    assert len(outcome.diagnostics) == MAX_FILE_FAULTS + 1
    assert "the others are not told" in outcome.diagnostics[-1].message


# ── who attends what ─────────────────────────────────────────────────────────────────


def test_each_activity_has_its_reason(small: Compilation) -> None:
    curriculum = curriculum_of(small)
    brought = read(small, f"{HEAD}A,k1,2,observation\nA,k8,1,credential\nB,k2,1,observation\n")
    one, other = attendance(curriculum, whole(curriculum), brought)
    why = {part.activity.id: part.why for part in one.parts}
    assert {part.activity.id for part in one.excused} == {"reading", "talk", "talk-gate", "check"}
    assert why["talk"] == "shown at entry: k1"
    assert why["welcome"] == why["talk-none"]
    assert why["welcome"].startswith("it is for everybody")
    assert why["talk-both"] == why["drill"] == why["drill-debrief"] == "not shown at entry: k2"
    assert why["talk-critical"] == why["talk-law"] == "law or privacy rests on it"
    assert why["first-try"] == "it measures where everybody begins"
    assert why["pairs"] == "the others of the group need a partner"
    assert why["pairs-debrief"] == "it looks back on practice that this trainee takes part in"
    assert why["practice-gate"] == "a gate is practiced by everybody whom it binds"
    assert why["check-gate"].startswith("it decides")
    assert why["end"] == why["transfer"]
    assert why["end"].startswith("the end of training is for everybody")
    assert one.minutes(excused=True) == 30
    assert one.minutes(excused=True, prework=True) == 10
    assert one.minutes(excused=False) + 30 == 10 * (len(one.parts) - 1)
    assert other.excused == ()


def test_a_debrief_is_left_out_with_all_of_its_practice(small: Compilation) -> None:
    curriculum = curriculum_of(small)
    agenda = whole(curriculum)
    brought = read(small, f"{HEAD}A,k1,2,observation\nA,k2,1,observation\nB\n")
    excused = {p.activity.id for p in attendance(curriculum, agenda, brought)[0].excused}
    assert {"drill", "drill-debrief"} <= excused
    assert "pairs-debrief" not in excused


def test_what_is_not_held_is_not_attended(small: Compilation) -> None:
    curriculum = curriculum_of(small)
    agenda = whole(curriculum)
    day = agenda.days[0]
    kept = tuple(s for s in day.sessions if s.activity and s.activity.id not in ("talk", "drill"))
    cut = tuple(
        LeftOut(replaced, "m1", (), "cut")
        for name in ("talk", "drill")
        for replaced in [curriculum.activities[name]]
    )
    agenda = replace(agenda, days=(replace(day, sessions=kept),), left_out=cut)
    brought = read(small, f"{HEAD}A,k1,2,observation\nB\n")
    attended = {p.activity.id for p in attendance(curriculum, agenda, brought)[0].parts}
    assert attended == set(curriculum.activities) - {"talk", "drill"}


def planned(compiled: Compilation, brought: Entry | None) -> Compilation:
    return replace(compiled, agenda=whole(curriculum_of(compiled)), entry=brought)


def test_a_person_reads_who_may_stay_away(small: Compilation, snapshot: Snapshot) -> None:
    text = f"{HEAD}T10,k1,2,observation\nT2,k1,2,work-sample\nT1,k2,1,written-test\n"
    shown = "\n".join(as_lines(planned(small, read(small, text)), 80))
    snapshot("entry-attendance", f"{text}----\n{shown}\n")
    assert shown.index("T2") < shown.index("T10")


def test_nothing_is_said_where_nobody_is_named(small: Compilation) -> None:
    for brought in (None, Entry(group=frozenset(("k1",)))):
        made = planned(small, brought)
        assert list(as_lines(made, 80)) == []
        assert as_data(made) == []
        assert attendance_table(made) is None


def test_formats_say_the_same(small: Compilation) -> None:
    made = planned(small, read(small, f"{HEAD}=T1,k1,2,observation\nT2,k2,1,observation\n"))
    value = json.loads(str(FORMATS["json"](made)))["attendance"]
    text = FORMATS["csv"](made)
    assert isinstance(text, bytes)
    read_back = csv.DictReader(io.StringIO(text.decode("utf-8-sig"), newline=""))
    rows = [row for row in read_back if row["table"] == "attendance"]
    assert {row["trainee"] for row in rows} == {"'=T1", "T2"}  # never a formula
    for each in value:
        own = [row for row in rows if row["trainee"].lstrip("'") == each["trainee"]]
        assert [row["activity"] for row in own] == [a["activity"] for a in each["activities"]]
        assert [row["attends"] == "yes" for row in own] == [
            a["attends"] for a in each["activities"]
        ]
        stays = [r for r in own if r["attends"] == "excused" and r["when"] == "agenda"]
        assert sum(int(row["minutes"]) for row in stays) == each["minutes"]["excused"]


def test_no_document_of_a_build_names_a_trainee(shipped: Compilation) -> None:
    """Outputs are made from a value that has no place for what trainees bring along."""
    from csstrain.render import Compiled

    assert "entry" not in Compiled.__dataclass_fields__


# ── laws ─────────────────────────────────────────────────────────────────────────────

LEVELS = st.dictionaries(st.integers(0, 30), st.integers(1, 4), max_size=31)


def shown_by(curriculum: Curriculum, levels: dict[int, int]) -> Entry:
    names = list(curriculum.ksas)
    return Entry({"T": {names[n]: level for n, level in levels.items()}}, ("T",))


def only(curriculum: Curriculum, brought: Entry) -> Attendance:
    return attendance(curriculum, whole(curriculum), brought)[0]


@settings(max_examples=60, deadline=None)
@given(LEVELS, LEVELS)
def test_whoever_brings_more_attends_no_more(
    shipped: Compilation, some: dict[int, int], more: dict[int, int]
) -> None:
    curriculum = curriculum_of(shipped)
    both = {n: max(some.get(n, 0), more.get(n, 0)) for n in some.keys() | more.keys()}
    less, all_of_it = (only(curriculum, shown_by(curriculum, each)) for each in (some, both))
    stays = {part.activity.id for part in less.excused}
    assert stays <= {part.activity.id for part in all_of_it.excused}
    for part in all_of_it.excused:
        assert {k for k in part.ksas if curriculum.ksas[k].required} <= shown_by(
            curriculum, both
        ).met(curriculum, "T")


WORDS = st.sampled_from(
    ["", "T1", "T2", "t1", "k1", "k2", "k99", "0", "2", "7", "2.0", "observation", "simulation",
     "written-test: x", "\"", "\"a", "a\"\"", " ", "\n", "\r", ",", ";", "\t", "trainee", "level",
     "\u00a0", "é", "\x00",
     "=1", "evidence", "ksa", "9" * 5000]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=60), st.sampled_from([HEAD, "", "ksa;level;evidence;trainee\n"]))
def test_any_table_gives_findings_or_an_entry(
    small: Compilation, words: list[str], head: str
) -> None:
    outcome = entry.read(curriculum_of(small), "x.csv", (head + "".join(words)).encode())
    assert (outcome.value is None) == outcome.failed
    assert told(outcome)
    if outcome.value:
        attendance(curriculum_of(small), whole(curriculum_of(small)), outcome.value)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", HEAD.encode(), b"\xff\xfe", b"\xef\xbb\xbf"]))
def test_any_bytes_give_findings_or_an_entry(small: Compilation, raw: bytes, head: bytes) -> None:
    outcome = entry.read(curriculum_of(small), "x.csv", head + raw)
    assert (outcome.value is None) == outcome.failed
    assert told(outcome)


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["T1", "T2", "T10", ""]),
            st.sampled_from(["k1", "k2", "k4", "k99", ""]),
            st.sampled_from(["1", "2", "3", "9", ""]),
            st.sampled_from(["observation", "simulation", "written-test", ""]),
        ),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_rows_changes_nothing(
    small: Compilation, rows: list[tuple[str, ...]], chance: random.Random
) -> None:
    def of_lines(lines: list[str]) -> tuple[Entry | None, list[str]]:
        text = HEAD + "\n".join(lines)
        outcome = entry.read(curriculum_of(small), "x.csv", text.encode())
        return outcome.value, sorted(d.rule for d in outcome.diagnostics)

    lines = [",".join(row) for row in rows]
    mixed = chance.sample(lines, len(lines))
    assert of_lines(lines) == of_lines(mixed)


# ── the command ──────────────────────────────────────────────────────────────────────


def agenda(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "csstrain", "agenda", *arguments],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


def test_no_agenda_rests_on_a_table_with_errors(tmp_path: Path) -> None:
    table = tmp_path / "group.csv"
    table.write_text(f"{HEAD}Zoë,k13,2,written-test\nAda,k99,2,observation\n", "utf-8")
    ended = agenda("--entry", str(table))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert f"--> {table}:2:11\n" in ended.stderr
    assert f"--> {table}:3:5\n" in ended.stderr
    assert "Zoë" not in ended.stderr


def test_wrong_usage_is_said_in_one_line(tmp_path: Path) -> None:
    for arguments, words in (
        (["--known", "k05,k5"], "--known: there is no KSA `k5`; did you mean"),
        (["--known", "k01"], "required at entry"),
        (["--entry", str(tmp_path / "none.csv")], "there is no file"),
        (["--entry", str(tmp_path)], "is not an ordinary file"),
    ):
        ended = agenda(*arguments)
        assert ended.returncode == 2
        assert words in ended.stderr
        assert ended.stderr.count("\n") == 1


def test_the_command_says_who_attends_what(tmp_path: Path) -> None:
    table = tmp_path / "group.csv"
    rows = "".join(f"T{n},k05,2,work-sample: a letter\n" for n in range(1, 19))
    table.write_text(f"{HEAD}{rows}T7,k06,2,work-sample: a table\n", "utf-8")
    ended = agenda("--entry", str(table), "--format", "json")
    assert ended.returncode == 0, ended.stderr
    people = {each["trainee"]: each for each in json.loads(ended.stdout)["attendance"]}
    assert list(people) == [f"T{n}" for n in range(1, 19)]
    assert people["T7"]["minutes"]["attended"] < people["T1"]["minutes"]["attended"]
