"""Module guides: a summary box, the clock at a glance, each activity to run, handouts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from csstrain.agenda import AgendaDay, LeftOut, RotationStop, Session
from csstrain.coverage import held
from csstrain.model import Activity, Ksa, Material, Module, Step
from csstrain.numbering import Numbering, Sheet, copies, first_use, given_instead, handed_out, uses
from csstrain.outputs import sheets as handouts
from csstrain.render import Book, Compiled, Link, Page, Section, output
from csstrain.sentences import instead_text


@dataclass(frozen=True)
class Row:
    """One line of the session table: a session on its day, with the sheets that it uses."""

    day: AgendaDay
    session: Session
    activity: Activity
    number: str
    planned: int
    given: int
    sheets: tuple[Sheet, ...]
    first: bool

    @property
    def short(self) -> bool:
        """Whether these hours give it less time than its author planned."""
        return self.given < self.planned


@dataclass(frozen=True)
class TimedStep:
    """A step of an activity with the clock at which it begins, where its minutes are known."""

    step: Step
    start: int | None = None
    minutes: int | None = None


@dataclass(frozen=True)
class Guide:
    """Everything that one module guide prints for the chosen hours."""

    module: Module
    number: str
    rows: tuple[Row, ...]
    before: tuple[Row, ...]
    ksas: tuple[Ksa, ...]
    sheets: tuple[Sheet, ...]
    elsewhere: tuple[Sheet, ...]
    left_out: tuple[LeftOut, ...]
    following: str | None = None

    @property
    def minutes(self) -> int:
        """Minutes of the module in the agenda."""
        return sum(row.session.minutes for row in self.rows)

    @property
    def days(self) -> int:
        """On how many days it is held."""
        return len({row.day.number for row in self.rows})

    @property
    def activities(self) -> tuple[Row, ...]:
        """Each activity that takes place, once."""
        return tuple(row for row in (*self.before, *self.rows) if row.first)

    def sessions(self, activity: Activity) -> tuple[Row, ...]:
        """The stretches of the agenda in which an activity is held."""
        return tuple(row for row in self.rows if row.activity is activity)

    def steps(self, row: Row) -> tuple[TimedStep, ...]:
        """The steps of an activity on the clock; pre-work and steps without minutes have none."""
        return timed_steps(
            row.activity.trainer, tuple(r.session for r in self.sessions(row.activity))
        )

    def rotation(self, activity: Activity) -> tuple[RotationStop, ...]:
        """The stops of an activity's stations, over all sessions in which it is held."""
        held_in = (row.session for row in self.rows if row.activity is activity)
        return tuple(stop for session in held_in for stop in session.rotation)


def timed_steps(steps: tuple[Step, ...], sessions: tuple[Session, ...]) -> tuple[TimedStep, ...]:
    """Steps one after the other over the sessions that hold them.

    Where they were planned longer than the sessions are, each gives way in proportion, so
    that the last one still ends on time.
    """
    given = sum(session.minutes for session in sessions)
    planned = sum(step.minutes or 0 for step in steps)
    minutes = [moment for session in sessions for moment in range(session.start, session.end)]
    made, passed = [], 0
    for step in steps:
        begins = _fitted(passed, planned, given)
        passed += step.minutes or 0
        lasts = _fitted(passed, planned, given) - begins
        known = step.minutes is not None and begins < len(minutes)
        made.append(
            TimedStep(step, minutes[begins], lasts)
            if known
            else TimedStep(step, None, step.minutes)
        )
    return tuple(made)


def _fitted(passed: int, planned: int, given: int) -> int:
    """Minutes since the beginning, pressed together where more are planned than given."""
    return passed if planned <= given else (2 * passed * given + planned) // (2 * planned)


def guides(compiled: Compiled) -> tuple[Guide, ...]:
    """A guide for each module that something of takes place, in teaching order."""
    every = [guide(compiled, module) for module in compiled.curriculum.modules.values()]
    shown = [each for each in every if each.rows or each.before or each.sheets]
    following = [*(each.module.title for each in shown[1:]), None]
    return tuple(replace(g, following=f) for g, f in zip(shown, following, strict=True))


def guide(compiled: Compiled, module: Module) -> Guide:
    """The guide of one module."""
    curriculum = compiled.curriculum
    numbers = Numbering(curriculum)
    used = [numbers.sheets[m] for m in handed_out(curriculum, compiled.agenda, module)]
    visible = [s for s in used if s.material.reader != "assessor"]
    first = first_use(curriculum, compiled.agenda)
    names = dict.fromkeys(link.ksa for o in module.objectives for link in o.ksas)
    return Guide(
        module=module,
        number=numbers.modules[module.id],
        rows=tuple(_rows(compiled, module, numbers)),
        before=tuple(_before(compiled, module, numbers)),
        ksas=tuple(curriculum.ksas[name] for name in names),
        sheets=tuple(s for s in visible if first[s.material.id] == module.id),
        elsewhere=tuple(s for s in visible if first[s.material.id] != module.id),
        left_out=tuple(o for o in compiled.agenda.left_out if o.module == module.id),
    )


def _rows(compiled: Compiled, module: Module, numbers: Numbering) -> Iterator[Row]:
    given = compiled.agenda.given()
    for day in compiled.agenda.days:
        for session in day.sessions:
            if session.activity and session.module == module.id:
                yield _row(numbers, given, day, session, session.activity)


def _before(compiled: Compiled, module: Module, numbers: Numbering) -> Iterator[Row]:
    """Pre-work has no clock: its session begins at nought and lasts as planned."""
    happening = held(compiled.curriculum, compiled.agenda)
    for activity in module.activities:
        if activity.delivery == "prework" and activity.id in happening:
            plan = activity.minutes.plan
            session = Session(0, plan, "activity", activity.label, module.id, activity)
            yield _row(numbers, {}, compiled.agenda.days[0], session, activity)


def _row(
    numbers: Numbering,
    given: Mapping[str, int],
    day: AgendaDay,
    session: Session,
    activity: Activity,
) -> Row:
    return Row(
        day=day,
        session=session,
        activity=activity,
        number=numbers.activities[activity.id],
        planned=activity.minutes.plan,
        given=given.get(activity.id, activity.minutes.plan),
        sheets=numbers.used_by(activity),
        first=session.part == 1,
    )


def sections(compiled: Compiled, each: Guide) -> tuple[Section, ...]:
    """The chapters of one module: its guide with the trainer's own sheets, then the handouts."""
    curriculum = compiled.curriculum
    values = {
        "guide": each,
        "module": each.module,
        "curriculum": curriculum,
        "numbers": Numbering(curriculum),
        "tab": Numbering(curriculum).tabs[each.module.id],
        "quantity": _quantities(compiled, each),
        "uses": uses(curriculum, compiled.agenda),
        "instead": given_instead(curriculum, compiled.agenda),
        "replaced_by": instead_text,
        "own": tuple(s for s in each.sheets if _own(compiled, s)),
    }
    guide_section = Section(f"M{each.number}", each.module.title, "module.html", values)
    return (guide_section, *handouts.section(compiled, each.module.id))


def _own(compiled: Compiled, sheet: Sheet) -> bool:
    """Whether a sheet is printed with the guide, because trainees do not get it."""
    return sheet.printed and not handouts.for_trainees(compiled, sheet.material.id)


def _quantities(compiled: Compiled, each: Guide) -> dict[str, int]:
    every = (*each.sheets, *each.elsewhere)
    return {s.material.id: needed(compiled, s.material) for s in every}


def needed(compiled: Compiled, material: Material) -> int:
    """How many copies of a material the cohort needs."""
    curriculum = compiled.curriculum
    users = tuple(a for a in curriculum.activities.values() if material.id in a.materials)
    return copies(curriculum, material, users)


@output
def module_guides(compiled: Compiled) -> Iterator[Page | Book]:
    """Each module by itself, as a page and as a document."""
    for each in guides(compiled):
        made = sections(compiled, each)
        title = f"Module {each.number}: {each.module.title}"
        yield Page(
            f"trainer/modules/{each.module.id}.html",
            each.module.title,
            made,
            rank=10,
            group="Modules",
            number=each.number,
            about=each.module.id,
            beside=Link(f"present/{each.module.id}.html", "In the room") if each.rows else None,
        )
        yield Book(f"trainer/modules/{each.module.id}.pdf", title, made)
