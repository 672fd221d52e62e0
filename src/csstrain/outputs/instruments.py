"""The assessor's pack: tests with keys, station scripts, rubrics, score sheets, forms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from csstrain.coverage import held
from csstrain.model import Activity, Instrument, Item, Material, Question, Scenario
from csstrain.numbering import TABS, Numbering, Sheet, instrument_labels, instruments_used
from csstrain.outputs import call_sheet
from csstrain.render import Book, Compiled, Page, Section, output

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


def _papers(compiled: Compiled) -> tuple[Sheet, ...]:
    """Materials for assessors only, with the numbers that activities know them by."""
    numbers = Numbering(compiled.curriculum)
    materials: list[Material] = [
        m for m in compiled.curriculum.materials.values() if m.reader == "assessor"
    ]
    sheets = [numbers.sheets[m.id] for m in materials if m.id in numbers.sheets]
    return tuple(sheet for sheet in sheets if sheet.printed)


def sections(compiled: Compiled) -> tuple[Section, ...]:
    """The chapters of the pack: a guide, call sheets, one for each instrument, then decisions."""
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
    return (
        Section("1", "Assessor's guide", "assessor-guide.html", shared),
        *call_sheet.sections(compiled),
        *(
            Section(
                labels[i.id],
                i.title,
                "instrument.html",
                {**shared, **_values(compiled, i), "tab": place % TABS},
            )
            for place, i in enumerate(chosen)
        ),
        Section("2", "Decision and remediation", "decision.html",
                {**shared, "gates": tuple(curriculum.gates.values()),
                 "papers": _papers(compiled)}),
    )  # fmt: skip


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


def pages(compiled: Compiled, made: tuple[Section, ...]) -> Iterator[Page]:
    """The chapters of the pack as pages."""
    names = {
        label: i for i, label in instrument_labels(compiled.curriculum, compiled.agenda).items()
    }
    guide, *rest, decision = made
    yield Page("assessor/index.html", "Assessor's pack", (guide,))
    for each in rest:
        name = names.get(each.label)
        if name is None:
            yield Page("assessor/call-sheets.html", each.title, (each,), rank=1)
        else:
            path = f"assessor/instruments/{name}.html"
            yield Page(path, each.title, (each,), 10, "Instruments", each.label, about=name)
    yield Page("assessor/decision.html", decision.title, (decision,), rank=20)


@output
def instruments(compiled: Compiled) -> Iterator[Page | Book]:
    """The assessor's folder."""
    made = sections(compiled)
    title = f"{compiled.curriculum.program.title}: instruments"
    yield from pages(compiled, made)
    yield Book("assessor/instruments.pdf", title, made)
