"""The trainee workbook, made only from a view that holds what trainees may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from csstrain.coverage import held
from csstrain.model import Mastery, Objective
from csstrain.numbering import Numbering
from csstrain.outputs import sheets
from csstrain.outputs.sheets import for_trainees, handouts
from csstrain.render import Book, Compiled, Page, Section, output

# Secrecy rests on these types: a field that is not here cannot reach a trainee's page, whatever
# a template says. Keys, anchors, expected answers, mistakes, trainer's steps, scripts and
# rater's notes have no field.


@dataclass(frozen=True)
class TraineeObjective:
    """An objective as trainees are told it."""

    id: str
    verb: str
    behavior: str
    condition: str | None
    degree: str | None
    terminal: bool
    gate: bool
    critical: bool


@dataclass(frozen=True)
class TraineeActivity:
    """What trainees do in one activity."""

    id: str
    number: str
    title: str
    method: str
    phase: str
    minutes: int
    when: str
    task: str | None
    sheets: tuple[str, ...]


@dataclass(frozen=True)
class TraineeModule:
    """One module of the workbook."""

    id: str
    number: str
    title: str
    goal: str | None
    objectives: tuple[TraineeObjective, ...]
    learning_points: tuple[str, ...]
    activities: tuple[TraineeActivity, ...]


@dataclass(frozen=True)
class TraineeSession:
    """One line of the agenda overview; `number` and `phase` where it is an activity."""

    start: int
    end: int
    title: str
    kind: str
    number: str | None
    phase: str | None


@dataclass(frozen=True)
class TraineeDay:
    """One day of the agenda overview."""

    title: str
    sessions: tuple[TraineeSession, ...]


@dataclass(frozen=True)
class TraineePolicy:
    """The mastery policy in the words meant for trainees."""

    decision: str
    status_during: str
    retest: str
    panel: str
    appeal: str
    accommodation: str
    attendance: str
    records: str


def view(compiled: Compiled) -> tuple[TraineeModule, ...]:
    """The modules as trainees may see them, for the chosen hours."""
    every = (_module(compiled, name) for name in compiled.curriculum.modules)
    return tuple(m for m in every if m.activities or handouts(compiled, m.id))


def _module(compiled: Compiled, name: str) -> TraineeModule:
    curriculum = compiled.curriculum
    module = curriculum.modules[name]
    numbers = Numbering(curriculum)
    return TraineeModule(
        id=module.id,
        number=numbers.modules[name],
        title=module.title,
        goal=module.goal,
        objectives=tuple(_objective(o) for o in module.objectives),
        learning_points=module.learning_points,
        activities=tuple(_activities(compiled, name, numbers)),
    )


def _objective(objective: Objective) -> TraineeObjective:
    return TraineeObjective(
        id=objective.id,
        verb=objective.verb,
        behavior=objective.behavior,
        condition=objective.condition,
        degree=objective.degree.text if objective.degree else None,
        terminal=objective.type == "terminal",
        gate=objective.gate,
        critical=objective.critical,
    )


def _activities(compiled: Compiled, name: str, numbers: Numbering) -> Iterator[TraineeActivity]:
    curriculum, given = compiled.curriculum, compiled.agenda.given()
    happening = held(curriculum, compiled.agenda)
    days = {s.activity.id: d.number for d in compiled.agenda.days[::-1]
            for s in d.sessions if s.activity}  # fmt: skip
    for activity in curriculum.modules[name].activities:
        if activity.id in happening:
            yield TraineeActivity(
                id=activity.id,
                number=numbers.activities[activity.id],
                title=activity.label,
                method=activity.method,
                phase=activity.phase,
                minutes=given.get(activity.id, activity.minutes.plan),
                when=f"Day {days[activity.id]}" if activity.id in days else "Before the course",
                task=activity.trainees,
                sheets=tuple(
                    numbers.sheets[m].number
                    for m in activity.materials
                    if for_trainees(compiled, m)
                ),
            )


def days(compiled: Compiled) -> tuple[TraineeDay, ...]:
    """The agenda as trainees see it: clock, number and title."""
    numbers = Numbering(compiled.curriculum).activities
    return tuple(
        TraineeDay(
            f"Day {day.number}" + (f", {day.date.isoformat()}" if day.date else ""),
            tuple(
                TraineeSession(
                    s.start,
                    s.end,
                    s.title,
                    s.kind,
                    numbers[s.activity.id] if s.activity else None,
                    s.phase,
                )
                for s in day.sessions
            ),
        )
        for day in compiled.agenda.days
    )


def _policy(mastery: Mastery | None) -> TraineePolicy | None:
    if not mastery:
        return None
    return TraineePolicy(
        mastery.decision, mastery.status_during, mastery.retest, mastery.panel, mastery.appeal,
        mastery.accommodation, mastery.attendance, mastery.records,
    )  # fmt: skip


def sections(compiled: Compiled) -> tuple[Section, ...]:
    """The chapters of the workbook."""
    modules = view(compiled)
    program = compiled.curriculum.program
    head = {
        "policy": _policy(program.mastery),
        "days": days(compiled),
        "modules": modules,
        "audience": program.audience,
        "glossary": program.glossary,
    }
    tabs = Numbering(compiled.curriculum).tabs
    chapters = [
        section
        for module in modules
        for section in (
            Section(
                f"M{module.number}",
                module.title,
                "workbook-module.html",
                {"module": module, "tab": tabs[module.id]},
            ),
            *sheets.section(compiled, module.id),
        )
    ]
    return (
        Section("1", "Welcome", "workbook-welcome.html", head),
        *chapters,
        Section("2", "Learning log and transfer plan", "workbook-log.html", {"modules": modules}),
    )


def pages(modules: tuple[TraineeModule, ...], made: tuple[Section, ...]) -> Iterator[Page]:
    """The chapters of the workbook as pages, a module's sheets below what is done in it."""
    welcome, *chapters, log = made
    yield Page("trainee/index.html", "Trainee workbook", (welcome,))
    for each in modules:
        own = tuple(s for s in chapters if s.label in (f"M{each.number}", f"S{each.number}"))
        path = f"trainee/modules/{each.id}.html"
        yield Page(path, each.title, own, 10, "Modules", each.number, about=each.id)
    yield Page("trainee/log.html", log.title, (log,), rank=20)


@output
def workbook(compiled: Compiled) -> Iterator[Page | Book]:
    """The trainee's folder."""
    made = sections(compiled)
    title = f"{compiled.curriculum.program.title}: workbook"
    yield from pages(view(compiled), made)
    yield Book("trainee/workbook.pdf", title, made)
