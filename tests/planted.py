"""A small whole program in which every text of every model is planted, found by walking the models.

The skeleton below holds what refers, counts and chooses, and no text. `plant` fills in each text
that a model has, so a field that is added to a model tomorrow is planted tomorrow; a model that
no kind of the skeleton holds is missed by `tests/test_planted.py`.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, get_args, get_origin

from pydantic import BeforeValidator

from csstrain.model import KINDS, PLURALS, Value, field_name, inner_model
from csstrain.pipeline import Compilation, compile_texts, plan_agenda
from csstrain.source import parse
from tests.curricula import PICTURE

SKELETON = """
program:
  id: program
  status: draft
  approvals: [{}, {date: 2027-01-04}]
  history: [{date: 2027-01-04}]
  entry: [{ksas: [k3], cites: [p1]}]
  cohort: {trainees: 6, trainers: 1, coaches: 1, assessors: 4, role_players: 2, cites: [p1]}
  scale: house
  day:
    start: 08:30
    end: 17:30
    lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
    breaks: {minutes: 10, count: 3}
    opening: 15
    closing: 10
    slack: {min: 3, max: 10}
  hours: 8
  aims:
    - {id: aim-1, kind: reaction, instruments: [i-daily]}
    - {id: aim-2, kind: learning, instruments: [i-test, i-station]}
    - {id: aim-3, kind: transfer, instruments: [i-boss]}
    - {id: aim-4, kind: results}
  mastery:
    deferrals: [{objective: o2-1, within_days: 30}]
    parts: [{instruments: [i-station]}, {instruments: [i-test, i-paper], mean: 3, floor: 2}]
    cites: [p1]
  answers: [{cites: [p1]}]
  glossary: [{}]
  thresholds: [{rule: time-off-weight, name: least, value: 0.4}]
source:
  id: src
  parts: [{id: p1}, {id: p2}, {id: p3}]
profile: {id: prof, source: src, facts: [{id: fact-1, cites: [p1]}]}
duty:
  id: d1
  weight: 60
  cites: [p1]
  tasks:
    - {id: t1, status: trained, ksas: [k1, k2], cites: [p1]}
    - {id: t2, status: not-applicable}
    - {id: t3, status: not-trained}
ksas:
  - {id: k1, classes: [skill], target_end_of_training: 2, duties: [d1], importance: 3, cites: [p1]}
  - {id: k2, classes: [declarative], duties: [d1], cites: [p1]}
  - {id: k3, classes: [declarative], status: entry, duties: [d1], cites: [p1]}
  - {id: k4, classes: [experience], status: exempt, duties: [d1], cites: [p1]}
scales:
  - id: house
    ceiling: 2
    levels: [{level: 1}, {level: 2}, {level: 3}]
  - id: other
    levels: [{level: 1, house: 1, statements: [{level: 1}], cites: [p1]}, {level: 2, house: 2}]
    questions: [{cites: [p1]}]
competencies:
  - id: c1
    origin: src
    weight: 60
    target: {scale: other, level: 2}
    behaviors: [{level: 1, cites: [p1]}]
    duties: [d1]
    ksas: [k1]
    questions: [{cites: [p1]}]
  - {id: c2, origin: src, weight: 40, behaviors: [{}], duties: [d1], ksas: [k2, k3, k4]}
modules:
  - id: m1
    materials: [mat-form]
    cites: [p1]
    objectives:
      - id: o1-1
        kind: terminal
        degree: {metric: mean, value: 3, out_of: 4}
        domain: interpersonal
        level: apply
        play: 5
        gate: true
        critical: true
        ksas: [{ksa: k1, level: 2}, {ksa: k3, level: 1}, {ksa: k4, level: 1}]
      - id: o1-2
        kind: enabling
        parent: o1-1
        degree: {metric: time, value: 3}
        domain: cognitive
        level: understand
        ksas: [{ksa: k2, level: 1}]
    activities:
      - id: a-read
        method: reading
        phase: present
        delivery: prework
        minutes: {min: 10, plan: 15, max: 20}
        priority: must
        objectives: [o1-2]
        trainer: [{}]
        materials: [mat-before]
      - id: a-show
        method: demonstration
        phase: demonstrate
        event: guide
        minutes: {min: 15, plan: 30, max: 40}
        priority: must
        objectives: [o1-1, o1-2]
        trainer: [{minutes: 5}, {}]
        materials:
          [mat-handout, mat-table, mat-script, mat-figures, mat-key, mat-thing, mat-picture]
        debrief: {}
        mistakes: [{}]
      - id: a-try
        method: role-play
        phase: practice
        minutes: {min: 60, plan: 90, max: 120}
        priority: must
        grouping: {size: 3, rounds: 1, prepare: 1, feedback: 4}
        objectives: [o1-1]
        trainer: [{}]
        materials: [mat-handout, mat-card, mat-rater]
        debrief: {}
        mistakes: [{}]
      - id: a-talk
        method: discussion
        phase: practice
        priority: nice
        minutes: {min: 300, plan: 300, max: 300}
        objectives: [o1-2]
        instead: handout
        materials: [mat-instead]
  - id: m2
    requires: [m1]
    objectives:
      - id: o2-1
        kind: terminal
        degree: {metric: mean, value: 3, out_of: 4}
        domain: interpersonal
        level: apply
        play: 5
        gate: true
        ksas: [{ksa: k1, level: 2}]
    activities:
      - id: b-show
        method: lecture
        phase: present
        minutes: {min: 20, plan: 30, max: 40}
        objectives: [o2-1]
      - id: b-try
        method: simulation
        phase: practice
        minutes: {min: 60, plan: 60, max: 60}
        grouping: {size: 2, rounds: 1, prepare: 1, feedback: 4}
        objectives: [o2-1]
  - id: m3
    requires: [m1]
    final: true
    activities:
      - id: z-test
        method: test
        phase: assess
        priority: must
        minutes: {min: 20, plan: 20, max: 30}
        objectives: [o1-2]
        instrument: [i-test]
      - id: z-turn
        method: test
        phase: assess
        priority: must
        minutes: {min: 40, plan: 60, max: 120}
        objectives: [o1-1, o2-1]
        rotation:
          groups: 2
          stations:
            - {instruments: [i-station], circuits: 2}
            - {instruments: [i-paper]}
instruments:
  - id: i-test
    kind: written-test
    kirkpatrick: 2
    when: end-of-course
    minutes: 20
    at_once: 6
    book: closed
    objectives: [o1-2]
    blueprint: [{objective: o1-2, level: understand, items: 1}]
    items:
      - {id: q1, options: [{id: a}, {id: b}, {id: c}], key: b, objective: o1-2, level: understand}
      - {id: q2, objective: o1-2, critical: true}
      - {id: q3, form: B, options: [{id: a}, {id: b}, {id: c}], key: c, objective: o1-2}
      - {id: q4, form: B, objective: o1-2}
    cut: {value: 1, out_of: 2, date: 2027-01-04, provisional: true}
    retest: {}
    cites: [p1]
  - id: i-station
    kind: role-play
    kirkpatrick: 2
    when: end-of-course
    minutes: 10
    at_once: 1
    objectives: [o1-1, o2-1]
    raters: 1
    calibration: {metric: percent, value: 80}
    criteria:
      - {id: crit-1, objective: o1-1, anchors: [{level: 1}, {level: 2}, {level: 3}, {level: 4}]}
      - {id: crit-2, objective: o1-1, anchors: [{level: 1}, {level: 2}, {level: 3}, {level: 4}]}
      - {id: crit-3, objective: o2-1, anchors: [{level: 1}, {level: 2}, {level: 3}, {level: 4}]}
    scenarios: [{id: s1}, {id: s2, form: B}]
    cut: {value: 3, out_of: 4, provisional: true}
    retest: {}
  - id: i-paper
    kind: in-basket
    kirkpatrick: 2
    when: end-of-course
    minutes: 10
    at_once: 3
    objectives: [o1-1]
    criteria: [{id: crit-4, objective: o1-1, anchors: [{level: 1}, {level: 2}, {level: 3}]}]
    scenarios: [{id: s3}]
  - id: i-boss
    kind: supervisor-form
    kirkpatrick: 3
    when: follow-up
    questions:
      - {id: f1, type: frequency, waves: [30, 60], ksas: [k1]}
      - {id: f2, type: incident, waves: [90], ksas: [k2]}
      - {id: f3, type: choice, waves: [90], ksas: [k1]}
  - id: i-daily
    kind: reaction-form
    kirkpatrick: 1
    when: daily
    questions: [{id: f4, type: rating}, {id: f5, type: open}]
materials:
  - {id: mat-before, kind: pre-reading, reader: trainee}
  - {id: mat-handout, kind: handout, reader: trainee, file: handout.md, cites: [p1]}
  - {id: mat-table, kind: data, reader: trainee, file: table.csv}
  - {id: mat-card, kind: role-card, reader: trainee, per: group}
  - {id: mat-form, kind: worksheet, reader: trainee}
  - {id: mat-instead, kind: handout, reader: trainee}
  - {id: mat-picture, kind: picture, reader: trainee, file: desk.png}
  - {id: mat-thing, kind: equipment, reader: trainer, per: room}
  - {id: mat-script, kind: dialogue, shows: both, reader: trainer}
  - {id: mat-figures, kind: data, reader: trainer, file: figures.csv}
  - {id: mat-rater, kind: form, reader: assessor, file: rater.md}
  - {id: mat-key, kind: key, reader: trainee}
waiver: {rule: module-without-event, id: m2, date: 2027-01-04}
verb-list:
  id: verbs
  groups: [{domain: interpersonal, level: apply}, {domain: cognitive, level: understand}]
word-list: {id: words, articles: [{}]}
method-matrix:
  id: methods
  rows:
    - {method: reading, declarative: 3, procedural: 1, strategic: 1, skill: 0, attitude: 1}
    - {method: demonstration, declarative: 1, procedural: 3, strategic: 1, skill: 3, attitude: 1}
    - {method: role-play, declarative: 0, procedural: 2, strategic: 2, skill: 3, attitude: 3}
    - {method: simulation, declarative: 1, procedural: 3, strategic: 3, skill: 3, attitude: 2}
    - {method: discussion, declarative: 2, procedural: 2, strategic: 2, skill: 1, attitude: 3}
    - {method: lecture, declarative: 3, procedural: 1, strategic: 1, skill: 0, attitude: 1}
    - {method: test, declarative: 1, procedural: 1, strategic: 1, skill: 1, attitude: 0}
"""

# A word of its own for each text: letters only, so that no escaping, no case folding and no search
# index takes it apart; all of one length, so that none is a part of another.
_LETTERS = "bcdfghklmnprstvw"


def word(number: int) -> str:
    """The word that only one text holds.

    >>> word(0), word(20)
    ('zqbbbx', 'zqbcgx')
    """
    digits = (number // 256, number // 16 % 16, number % 16)
    return "zq" + "".join(_LETTERS[digit] for digit in digits) + "x"


@dataclass(frozen=True)
class Slot:
    """One place for a text: the model and its field, what stands beside it, and its own word.

    `contents` is not the name of a file but the text in it.
    """

    model: str
    field: str
    beside: Mapping[str, Any]
    number: int
    one_line: bool
    contents: bool = False

    @property
    def name(self) -> str:
        return f"{self.model}.{self.field}" + (" (contents)" if self.contents else "")

    @property
    def word(self) -> str:
        return word(self.number)


@dataclass(frozen=True)
class Planted:
    """The files of the program, and every text in them by its slot."""

    files: Mapping[str, bytes]
    texts: Mapping[Slot, str]

    def with_text(self, wanted: str) -> Slot:
        """The slot whose word stands in a text."""
        return next(slot for slot in self.texts if slot.word in wanted)


Text = Callable[[Slot], str]


def plant(text: Text) -> Planted:
    """The program with a text in every slot: `text` makes it, and it must hold the slot's word."""
    _, read = parse("skeleton.yaml", SKELETON.encode())
    assert isinstance(read.value, dict), read.diagnostics
    singular = {plural: kind for kind, plural in PLURALS.items()}
    planted = _Planting(text)
    for kind, held in read.value.items():
        model = KINDS[singular.get(kind, kind)]
        for value in held if isinstance(held, list) else [held]:
            planted.fill(model, value)
    whole = json.dumps(read.value, ensure_ascii=False, indent=1)
    return Planted({"content/program.yaml": whole.encode(), **planted.files}, planted.texts)


class _Planting:
    """Fills data with texts, model by model."""

    def __init__(self, text: Text) -> None:
        self._text = text
        self.texts: dict[Slot, str] = {}
        self.files: dict[str, bytes] = {}

    def fill(self, model: type[Value], data: Any) -> None:
        given = dict(data)
        for name, info in model.model_fields.items():
            field = field_name(model, name)
            if inner := inner_model(info.annotation):
                held = data.get(field, [])
                for value in held if isinstance(held, list) else [held]:
                    self.fill(inner, value)
            elif is_text(info.annotation, *info.metadata) and field not in data:
                if (model.__name__, field) in (("Material", "body"), ("Material", "file")):
                    continue
                if field == "alt" and data["kind"] != "picture":
                    continue  # nothing else has words for those who do not see it
                line = _one_line(info.annotation, *info.metadata)
                many = _holds_many(info.annotation)
                made = [self._new(model, field, given, line) for _ in range(1 + many)]
                data[field] = made if many else made[0]
        if model.__name__ == "Material":
            self._material(model, data, given)

    def _material(self, model: type[Value], data: dict[str, Any], given: dict[str, Any]) -> None:
        """A material's text is its body, or it stands in a file."""
        if "file" not in data:
            data["body"] = self._new(model, "body", given, False)
            return
        path = f"content/materials/{data['file']}"
        if path.endswith(".png"):
            self.files[path] = PICTURE
            return
        if path.endswith(".csv"):
            out = io.StringIO()
            rows = [[self._new(model, "file", given, True, True) for _ in "ab"] for _ in "ab"]
            csv.writer(out).writerows(rows)
            self.files[path] = out.getvalue().encode()
        else:
            self.files[path] = self._new(model, "file", given, False, True).encode()

    def _new(
        self, model: type[Value], field: str, given: dict[str, Any], line: bool,
        contents: bool = False,
    ) -> str:  # fmt: skip
        slot = Slot(model.__name__, field, _Beside(given), len(self.texts), line, contents)
        made = self._text(slot)
        assert slot.word in made
        self.texts[slot] = made
        return made


class _Beside(dict[str, Any]):
    """What stands beside a text; two slots are the same by their number."""

    def __hash__(self) -> int:  # type: ignore[override]
        return 0


def is_text(*parts: Any) -> bool:
    """Whether an annotation such as `Many[Line] | None` takes a line or a text somewhere."""
    return any(
        (isinstance(part, BeforeValidator) and getattr(part.func, "__name__", "") == "_filled")
        or is_text(*get_args(part))
        for part in parts
    )


def _one_line(*parts: Any) -> bool:
    return any(
        getattr(part, "pattern", None) == r"^[^\n]*$" or _one_line(*get_args(part))
        for part in parts
    )


def _holds_many(annotation: Any) -> bool:
    return get_origin(annotation) is tuple or any(map(_holds_many, get_args(annotation)))


# The hours at which everything but one activity is held, two of them shorter than planned, and
# those at which a gate is deferred as well.
MOST, TIGHT = Decimal(6), Decimal(4)
START = dt.date(2027, 3, 11)


def planned(planted: Planted, hours: Decimal = MOST) -> Compilation:
    """The program checked and planned.

    As a program it leaves much to be desired: what the rules say stands in no way of a plan.
    """
    checked = compile_texts(planted.files)
    assert checked.curriculum, [d.message for d in checked.diagnostics]
    made = plan_agenda(replace(checked, diagnostics=(), waived=()), hours, start=START)
    assert made.agenda, made.diagnostics
    assert made.agenda.feasible
    return replace(
        made,
        diagnostics=checked.diagnostics + made.diagnostics,
        waived=checked.waived + made.waived,
    )


def reachable(model: type[Value]) -> list[tuple[type[Value], bool]]:
    """A model and all models inside it, each with whether it has a text of its own."""
    found = [(model, any(is_text(f.annotation, *f.metadata) for f in model.model_fields.values()))]
    for info in model.model_fields.values():
        if inner := inner_model(info.annotation):
            found += reachable(inner)
    return found
