"""The assessor's pack: tests with keys, station scripts, rubrics, score sheets, forms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from csstrain.coverage import held
from csstrain.model import Activity, Instrument, Item, Objective, Question, Scenario
from csstrain.numbering import TABS, Numbering, Sheet, instrument_labels, instruments_used
from csstrain.outputs import call_sheet
from csstrain.render import Book, Compiled, Page, Section, output
from csstrain.scoring import Part, Scoring, cut_text, parts, rule_text, scoring, settled

# What stands over the columns of a question's grid, by its type.
ANSWERS: dict[str, tuple[str, ...]] = {
    "frequency": ("Never", "Rarely", "Sometimes", "Usually", "Always", "Not seen"),
    "quality": ("1", "2", "3", "4", "Not seen"),
    "independence": ("With help", "Partly alone", "Alone", "Shows others", "Not seen"),
    "opportunity": ("Not yet", "Once or twice", "Weekly", "Daily"),
    "rating": ("1", "2", "3", "4", "5"),
    "support": ("No", "Partly", "Yes"),
}


@dataclass(frozen=True)
class Grid:
    """Questions of a form that are answered in the same columns."""

    type: str
    columns: tuple[str, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Wave:
    """One issue of a form: the questions asked so many days after training, or at once.

    Questions with few short answers share a grid; the others stand below, each with its answers.
    """

    days: int | None
    grids: tuple[Grid, ...]
    others: tuple[Question, ...]


@dataclass(frozen=True)
class TestForm:
    """One form of a test: its letter and its items in order."""

    __test__ = False  # not a test of ours

    letter: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Decided:
    """An instrument on the decision form: the gates that it decides, and what passes."""

    instrument: Instrument
    gates: tuple[Objective, ...]
    rule: str


@dataclass(frozen=True)
class DecisionPart:
    """A part of the decision form: its instruments, and the mean that they have to reach together.

    `least_mean` is empty where each is passed by itself.
    """

    title: str
    only_where: str | None
    lines: tuple[Decided, ...]
    least_mean: str = ""


def waves(instrument: Instrument) -> tuple[Wave, ...]:
    """The issues of a form, in the order of their days."""
    days = sorted({day for q in instrument.questions for day in q.waves})
    if not days:
        return (_wave(None, instrument.questions),)
    return tuple(_wave(day, [q for q in instrument.questions if day in q.waves]) for day in days)


def _wave(days: int | None, questions: Sequence[Question]) -> Wave:
    grouped: dict[tuple[str, tuple[str, ...]], list[Question]] = {}
    others: list[Question] = []
    for question in questions:
        columns = question.options or ANSWERS.get(question.type, ())
        if columns and _fit(columns):
            grouped.setdefault((question.type, columns), []).append(question)
        else:
            others.append(question)
    grids = tuple(Grid(t, columns, tuple(qs)) for (t, columns), qs in grouped.items())
    return Wave(days, grids, tuple(others))


def _fit(columns: tuple[str, ...]) -> bool:
    """Whether answers are few and short enough to stand over the columns of a grid."""
    return len(columns) <= 7 and max(map(len, columns)) <= 24 and len("".join(columns)) <= 70


def forms(instrument: Instrument) -> tuple[TestForm, ...]:
    """The forms of a test by letter."""
    letters = sorted({item.form for item in instrument.items})
    return tuple(
        TestForm(letter, tuple(i for i in instrument.items if i.form == letter))
        for letter in letters
    )


def scenarios(instrument: Instrument) -> tuple[Scenario, ...]:
    """The versions of a simulation by letter."""
    return tuple(sorted(instrument.scenarios, key=lambda s: s.form))


def score_letters(instrument: Instrument) -> tuple[str, ...]:
    """The form letters that need a score sheet of their own."""
    letters = {s.form for s in instrument.scenarios} | {i.form for i in instrument.items}
    return tuple(sorted(letters)) or ("A",)


def _users(compiled: Compiled, instrument: Instrument) -> tuple[Activity, ...]:
    happening = held(compiled.curriculum, compiled.agenda)
    users = compiled.curriculum.activities_of_instrument[instrument.id]
    return tuple(a for a in users if a.id in happening)


def scorings(compiled: Compiled) -> tuple[Scoring, ...]:
    """How each instrument with a cut score is scored.

    A gate that waits is scored on the job, by the instrument that would have decided here.
    """
    curriculum, agenda = compiled.curriculum, compiled.agenda
    waiting = (i for each in agenda.gates_deferred
               for i in curriculum.instruments_of_objective[each.objective] if i.gate)  # fmt: skip
    chosen = dict.fromkeys(i.id for i in (*instruments_used(curriculum, agenda), *waiting))
    found = (scoring(curriculum, curriculum.instruments[name]) for name in chosen)
    return tuple(each for each in found if each)


def decision_parts(compiled: Compiled) -> tuple[DecisionPart, ...]:
    """The rows of the decision form; a gate whose instrument has no cut score is a part too."""
    curriculum = compiled.curriculum
    gates = {o.id: o for o in curriculum.objectives.values() if o.gate}
    deciding = {
        gate: [i for i in curriculum.instruments_of_objective[gate] if i.gate] for gate in gates
    }
    made = []
    for part in parts(curriculum, scorings(compiled)):
        lines = tuple(
            Decided(
                s.instrument,
                tuple(gates[g] for g in part.gates if s.instrument in deciding[g]),
                cut_text(s, part.least is not None),
            )
            for s in part.scorings
        )
        made.append(DecisionPart(part.title, part.only_where, lines, part.least_mean))
    known = {gate.id for part in made for line in part.lines for gate in line.gates}
    for gate in (each for each in gates if each not in known):
        lines = tuple(Decided(i, (gates[gate],), "") for i in deciding[gate])
        made.append(DecisionPart(curriculum.label(gate), None, lines))
    return tuple(made)


def _papers(compiled: Compiled) -> tuple[Sheet, ...]:
    """Materials for assessors only, in the order of the numbers that activities know them by."""
    sheets = Numbering(compiled.curriculum).sheets.values()
    return tuple(s for s in sheets if s.material.reader == "assessor" and s.printed)


def sections(compiled: Compiled) -> tuple[Section, ...]:
    """The chapters: a guide, call sheets, one for each instrument, decisions, then papers."""
    curriculum = compiled.curriculum
    chosen = instruments_used(curriculum, compiled.agenda)
    labels = instrument_labels(curriculum, compiled.agenda)
    shared = {
        "curriculum": curriculum,
        "program": curriculum.program,
        "numbers": Numbering(curriculum),
        "instruments": chosen,
        "labels": labels,
    }
    scored = scorings(compiled)
    decided = parts(curriculum, scored)
    used = {s.instrument.id: s for s in settled(scored, decided)}
    joined = {s.instrument.id: part for part in decided if part.least for s in part.scorings}
    papers = _papers(compiled)
    return (
        Section("1", "Assessor's guide", "assessor-guide.html", shared),
        *call_sheet.sections(compiled),
        *(
            Section(
                labels[i.id],
                i.title,
                "instrument.html",
                {
                    **shared,
                    **_values(compiled, i),
                    **_passing(used.get(i.id), joined.get(i.id)),
                    "tab": place % TABS,
                },
            )
            for place, i in enumerate(chosen)
        ),
        Section("2", "Decision and remediation", "decision.html",
                {**shared, "parts_decided": decision_parts(compiled)}),
        *([Section("3", "Papers for assessors", "papers.html", {**shared, "papers": papers})]
          if papers else ()),
    )  # fmt: skip


def _passing(scored: Scoring | None, joined: Part | None) -> dict[str, object]:
    """How an instrument is scored and what passes; `joined` is the part that it decides in."""
    return {
        "scored": scored,
        "passes": rule_text(scored, joined is not None) if scored else "",
        "joined": joined,
    }


def _values(compiled: Compiled, instrument: Instrument) -> dict[str, object]:
    return {
        "instrument": instrument,
        "forms": forms(instrument),
        "scenarios": scenarios(instrument),
        "letters": score_letters(instrument),
        "waves": waves(instrument) if instrument.questions else (),
        "users": _users(compiled, instrument),
        "trainees": compiled.curriculum.program.cohort.trainees,
    }


# Chapters that are about no instrument: the name of the page on screen, and its rank.
_PAGES = {
    "assessor-guide.html": ("index", 0),
    "call-sheet.html": ("call-sheets", 1),
    "decision.html": ("decision", 20),
    "papers.html": ("papers", 21),
}


def pages(compiled: Compiled, made: tuple[Section, ...]) -> Iterator[Page]:
    """The chapters of the pack as pages."""
    names = {
        label: i for i, label in instrument_labels(compiled.curriculum, compiled.agenda).items()
    }
    for each in made:
        if each.template in _PAGES:
            name, rank = _PAGES[each.template]
            title = each.title if rank else "Assessor's pack"
            yield Page(f"assessor/{name}.html", title, (each,), rank=rank)
        else:
            name = names[each.label]
            path = f"assessor/instruments/{name}.html"
            yield Page(path, each.title, (each,), 10, "Instruments", each.label, about=name)


@output
def instruments(compiled: Compiled) -> Iterator[Page | Book]:
    """The assessor's folder."""
    made = sections(compiled)
    title = f"{compiled.curriculum.program.title}: instruments"
    yield from pages(compiled, made)
    yield Book("assessor/instruments.pdf", title, made)
