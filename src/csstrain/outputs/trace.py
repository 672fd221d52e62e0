"""The trace on screen: for each KSA, objective, activity and instrument what it serves and why."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from csstrain.agenda import Agenda
from csstrain.coverage import cover, held
from csstrain.curriculum import Curriculum, measured
from csstrain.marks import mark
from csstrain.model import clock_text
from csstrain.numbering import Numbering, instrument_labels
from csstrain.outputs.module_guides import guides
from csstrain.outputs.sheets import handouts
from csstrain.outputs.workbook import TraineeModule, view
from csstrain.render import Compiled, Link, Page, Section, output
from csstrain.trace import remark


@dataclass(frozen=True)
class Ref:
    """Something that an entry names: its id where it has an entry of its own, and its words."""

    shown: str
    words: str
    id: str = ""
    note: str = ""


@dataclass(frozen=True)
class Traced:
    """One entity with what it serves and what serves it, each under a word of its own."""

    id: str
    shown: str
    title: str
    note: str
    serves: tuple[tuple[str, tuple[Ref, ...]], ...]
    served: tuple[tuple[str, tuple[Ref, ...]], ...]
    places: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Kind:
    """All entities of one kind."""

    title: str
    entries: tuple[Traced, ...]


class Trace:
    """The trace of a program at its hours; each reader's page adds where things can be read."""

    def __init__(self, compiled: Compiled) -> None:
        self._curriculum: Curriculum = compiled.curriculum
        self._coverage = compiled.coverage
        self._now = cover(compiled.curriculum, held(compiled.curriculum, compiled.agenda))
        self._numbers = Numbering(compiled.curriculum).activities
        self._labels = instrument_labels(compiled.curriculum, compiled.agenda)
        self._times = times(compiled.agenda)

    def kinds(self, places: dict[str, tuple[Link, ...]]) -> tuple[Kind, ...]:
        """The four kinds in the order of the chain, from the job to its measures."""
        every = self._curriculum
        return (
            Kind("KSAs", tuple(self._ksa(name, places) for name in every.ksas)),
            Kind("Objectives", tuple(self._objective(name, places) for name in every.objectives)),
            Kind("Activities", tuple(self._activity(name, places) for name in every.activities)),
            Kind(
                "Instruments", tuple(self._instrument(name, places) for name in every.instruments)
            ),
        )

    def _ksa(self, name: str, places: dict[str, tuple[Link, ...]]) -> Traced:
        every, found = self._curriculum, self._coverage.ksas[name]
        ksa = every.ksas[name]
        named = [each.id for each in every.instruments_of_ksa[name]]
        asking = [c for c in every.competencies.values() if name in c.ksas]
        said = remark(every, self._now.ksas[name]).removeprefix("– ")
        questions = (
            Ref(q.id, form.title, form.id, "day " + "/".join(map(str, q.waves)) if q.waves else "")
            for q, form in every.questions_of_ksa[name]
        )
        return Traced(
            name,
            name,
            ksa.short,
            f"{ksa.status}, target {ksa.required}. In these hours: {said}"
            if ksa.required
            else said,
            _some(
                ("Duties", [Ref("", every.label(d)) for d in ksa.duties]),
                ("Competencies", [Ref("", c.name) for c in asking]),
            ),
            _some(
                ("Objectives", self._objectives(found.objectives)),
                ("Activities", self._activities(found.activities)),
                ("Instruments", self._instruments(dict.fromkeys([*found.instruments, *named]))),
                ("Questions on the job", tuple(questions)),
            ),
            places.get(name, ()),
        )

    def _objective(self, name: str, places: dict[str, tuple[Link, ...]]) -> Traced:
        every = self._curriculum
        objective = every.objectives[name]
        flags = [objective.type, *(w for w in ("gate", "critical") if getattr(objective, w))]
        ksas = [
            Ref(link.ksa, every.ksas[link.ksa].short, link.ksa, f"to level {link.level}")
            for link in objective.ksas
        ]
        serving = [a.id for a in every.activities_of_objective[name]]
        measuring = [i.id for i in every.instruments_of_objective[name]]
        below = [o.id for o in every.objectives.values() if o.parent == name]
        return Traced(
            name,
            name,
            objective.label,
            f"{', '.join(flags)}; {every.module_of[name].title}",
            _some(
                ("KSAs", ksas),
                ("Objective", self._objectives([objective.parent] if objective.parent else [])),
            ),
            _some(
                ("Objectives", self._objectives(below)),
                ("Activities", self._activities(serving)),
                ("Instruments", self._instruments(measuring)),
            ),
            places.get(name, ()),
        )

    def _activity(self, name: str, places: dict[str, tuple[Link, ...]]) -> Traced:
        every = self._curriculum
        activity = every.activities[name]
        ksas = dict.fromkeys(
            link.ksa for o in activity.objectives for link in every.objectives[o].ksas
        )
        when = self._times.get(name) or (
            "before the course" if activity.delivery == "prework" else "not held at these hours"
        )
        return Traced(
            name,
            self._numbers[name],
            activity.label,
            f"{name}; {activity.phase}, {mark(activity.method).word}; {when}",
            _some(
                ("Objectives", self._objectives(activity.objectives)),
                ("KSAs", [Ref(k, every.ksas[k].short, k) for k in ksas]),
            ),
            _some(("Instruments", self._instruments(dict.fromkeys(activity.assesses)))),
            places.get(name, ()),
        )

    def _instrument(self, name: str, places: dict[str, tuple[Link, ...]]) -> Traced:
        every = self._curriculum
        instrument = every.instruments[name]
        asked = [k for question in instrument.questions for k in question.ksas]
        ksas = dict.fromkeys([*instrument.ksas, *asked])
        using = [a.id for a in every.activities_of_instrument[name]]
        kind = instrument.type.replace("-", " ")
        return Traced(
            name,
            self._labels.get(name, name),
            instrument.title,
            f"{name}; {kind}; {instrument.when.replace('-', ' ')}",
            _some(
                ("Objectives", self._objectives(measured(instrument))),
                ("KSAs", [Ref(k, every.ksas[k].short, k) for k in ksas]),
            ),
            _some(("Used in", self._activities(using))),
            places.get(name, ()),
        )

    def _objectives(self, names: Sequence[str]) -> tuple[Ref, ...]:
        return tuple(Ref(n, self._curriculum.label(n), n) for n in names)

    def _activities(self, names: Sequence[str]) -> tuple[Ref, ...]:
        known = self._curriculum.activities
        return tuple(
            Ref(
                self._numbers[n],
                known[n].label,
                n,
                "" if n in self._times or known[n].delivery == "prework" else "not held",
            )
            for n in names
        )

    def _instruments(self, names: Iterable[str]) -> tuple[Ref, ...]:
        known = self._curriculum.instruments
        return tuple(Ref(self._labels.get(n, n), known[n].title, n) for n in names)


def _some(*named: tuple[str, Sequence[Ref]]) -> tuple[tuple[str, tuple[Ref, ...]], ...]:
    return tuple((word, tuple(refs)) for word, refs in named if refs)


def times(agenda: Agenda) -> dict[str, str]:
    """When each activity begins, for those that are held."""
    found: dict[str, str] = {}
    for day in agenda.days:
        for session in day.sessions:
            if session.activity:
                when = f"day {day.number}, {clock_text(session.start)}"
                found.setdefault(session.activity.id, when)
    return found


def for_trainers(compiled: Compiled) -> dict[str, tuple[Link, ...]]:
    """Where a trainer reads about objectives and activities."""
    found: dict[str, tuple[Link, ...]] = {}
    for each in guides(compiled):
        page = f"modules/{each.module.id}.html"
        for objective in each.module.objectives:
            found[objective.id] = (Link(f"{page}#{objective.id}", f"Module {each.number}"),)
        for row in each.activities:
            name = row.activity.id
            if row in each.before:
                found[name] = (Link(f"{page}#{name}", "Module guide"),)
            else:
                room = Link(f"present/{each.module.id}.html#{name}", "In the room")
                found[name] = (Link(f"{page}#plan_{name}", "Session plan"), room)
    return found


def for_assessors(compiled: Compiled) -> dict[str, tuple[Link, ...]]:
    """Where an assessor reads about instruments."""
    used = instrument_labels(compiled.curriculum, compiled.agenda)
    return {name: (Link(f"instruments/{name}.html", "Instrument"),) for name in used}


def for_auditors(compiled: Compiled) -> dict[str, tuple[Link, ...]]:
    """Where an auditor reads about KSAs."""
    return {name: (Link(f"coverage.html#{name}", "Coverage"),) for name in compiled.curriculum.ksas}


def for_trainees(compiled: Compiled) -> tuple[Kind, ...]:
    """Objectives and activities as trainees may see them, and the sheets they use.

    Made of the workbook's own view, so it can hold nothing that the workbook does not.
    """
    return _trainee_kinds(view(compiled), compiled)


def _trainee_kinds(modules: tuple[TraineeModule, ...], compiled: Compiled) -> tuple[Kind, ...]:
    serving = compiled.curriculum.activities
    objectives, activities, sheets = [], [], []
    titles = {o.id: f"{o.verb} {o.behavior}" for m in modules for o in m.objectives}
    shown = {a.id: a for m in modules for a in m.activities}
    papers = {sheet.number: sheet.id for m in modules for sheet in handouts(compiled, m.id)}
    for module in modules:
        page = f"modules/{module.id}.html"
        for o in module.objectives:
            found = [a for a in shown.values() if o.id in serving[a.id].objectives]
            refs = [Ref(a.number, a.title, a.id, a.when) for a in found]
            place = (Link(f"{page}#{o.id}", f"Module {module.number}"),)
            objectives.append(
                Traced(o.id, o.id, titles[o.id], "", (), _some(("Activities", refs)), place)
            )
        for a in module.activities:
            served = [Ref(n, titles[n], n) for n in serving[a.id].objectives if n in titles]
            used = [Ref(number, "", papers.get(number, "")) for number in a.sheets]
            where = (Link(f"{page}#{a.id}", f"Module {module.number}"),)
            activities.append(
                Traced(a.id, a.number, a.title, a.when, _some(("Objectives", served)),
                       _some(("Sheets", used)), where)
            )  # fmt: skip
        for sheet in handouts(compiled, module.id):
            using = [a for a in shown.values() if sheet.number in a.sheets]
            refs = [Ref(a.number, a.title, a.id) for a in using]
            there = (Link(f"{page}#{sheet.id}", f"Module {module.number}"),)
            sheets.append(
                Traced(sheet.id, sheet.number, sheet.title, sheet.kind.replace("-", " "),
                       _some(("Activities", refs)), (), there)
            )  # fmt: skip
    kinds = (("Objectives", objectives), ("Activities", activities), ("Sheets", sheets))
    return tuple(Kind(title, tuple(found)) for title, found in kinds if found)


@output
def trace(compiled: Compiled) -> Iterator[Page]:
    """The trace, once for each reader, with as much as that reader may see."""
    made = Trace(compiled)
    readers = {
        "trainer": for_trainers(compiled),
        "assessor": for_assessors(compiled),
        "audit": for_auditors(compiled),
    }
    for reader, places in readers.items():
        yield _page(reader, "What serves what", made.kinds(places))
    yield _page("trainee", "Objectives and tasks", for_trainees(compiled))


def _page(reader: str, title: str, kinds: tuple[Kind, ...]) -> Page:
    section = Section("T", title, "trace.html", {"kinds": kinds, "trainee": reader == "trainee"})
    return Page(f"{reader}/trace.html", title, (section,), rank=31, answers=True)
