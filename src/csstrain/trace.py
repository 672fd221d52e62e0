"""Traceability: the chain of one entity both ways, the matrix, and where each source part went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from csstrain.coverage import Coverage, KsaCoverage
from csstrain.curriculum import Curriculum, measured
from csstrain.model import (
    Activity,
    Competency,
    Criterion,
    Duty,
    Entity,
    Instrument,
    Item,
    Ksa,
    Module,
    Objective,
    Part,
    Question,
    Source,
    Task,
)

# Where an entity stands in a chain that does not come by it; 0 for any other kind.
DEPTHS = {
    "duty": 1, "task": 1, "competency": 1, "module": 3, "activity": 4, "instrument": 4, "item": 4,
    "criterion": 4, "scenario": 4, "material": 4, "question": 5, "aim": 5,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Step:
    """One entity of a chain, and how far it stands along the way from the job to evaluation.

    `depth` rises from the job to evaluation: 0 sources, 1 duties and competencies, 2 KSAs,
    3 objectives, 4 activities and instruments, 5 questions of follow-up forms.
    """

    depth: int
    kind: str
    id: str
    label: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """One part of a source and what the program made of it."""

    source: str
    part: str
    at: str
    lines: str
    used_by: tuple[str, ...]
    unused: str


def sources(curriculum: Curriculum) -> tuple[Use, ...]:
    """Each part of each source document, with the entities that answer it.

    An activity is named with its module and its planned minutes, so that one can see
    where and for how long a topic is taught.
    """
    return tuple(
        Use(
            source.file,
            part.id,
            part.at,
            part.lines or "",
            tuple(
                dict.fromkeys(
                    _used_by(curriculum, name) for name, _ in curriculum.citations[part.id]
                )
            ),
            part.unused or "",
        )
        for source in curriculum.sources.values()
        for part in source.parts
    )


def _used_by(curriculum: Curriculum, name: str) -> str:
    activity = curriculum.activities.get(name)
    if activity is None:
        return f"{curriculum.entities[name].kind} {name}"
    module = curriculum.module_of[name]
    objectives = f" for {', '.join(activity.objectives)}" if activity.objectives else ""
    return f"activity {name} in {module.id}, {activity.minutes.plan} min{objectives}"


def matrix(curriculum: Curriculum, coverage: Coverage) -> tuple[KsaCoverage, ...]:
    """One row for each KSA, in the order of the content."""
    return tuple(coverage.ksas[name] for name in curriculum.ksas)


def remark(curriculum: Curriculum, row: KsaCoverage) -> str:
    """What a reader must know about one row of the matrix: a symbol, a word, the reason.

    A KSA falls short, is tested above what is taught, is taught above what training and job
    ask for, reaches its target, or is not trained here, with the reason.
    """
    ksa = curriculum.ksas[row.ksa]
    if not row.required:
        why = ksa.screening if row.status == "entry" else ksa.reason
        return f"– {row.status}: {' '.join((why or 'no reason given').split())}"
    said = [f"✗ short: {', '.join(row.gaps)}"] if row.gaps else ["✓ reached"]
    if row.assessed > max(row.taught, row.practiced):
        said.append("✗ tested but not taught")
    if row.taught > row.job:
        said.append(f"▲ taught to {row.taught}, above need")
    return "; ".join(said)


def chain(curriculum: Curriculum, name: str) -> tuple[Step, ...]:
    """The entity, everything that it rests on and everything that follows from it, job first.

    Raises KeyError for an id that the content does not have.
    """
    entity = curriculum.entities[name]
    objectives = _objectives(curriculum, entity)
    ksas = _ksas(curriculum, entity, objectives)
    asking: dict[str, list[Competency]] = {}
    for competency in curriculum.competencies.values():
        for each in dict.fromkeys(competency.ksas):
            asking.setdefault(each, []).append(competency)
    steps = [step for ksa in ksas for step in _job(curriculum, ksa, asking.get(ksa.id, ()))]
    steps += [step for objective in objectives for step in _training(curriculum, objective)]
    for ksa in ksas:
        steps += [
            Step(5, "question", q.id, q.label, _days(q.waves) + f" in {form.id}")
            for q, form in curriculum.questions_of_ksa[ksa.id]
        ]
        steps += [_instrument(each) for each in curriculum.instruments_of_ksa[ksa.id]]
    if name not in {step.id for step in steps}:
        steps.append(Step(DEPTHS.get(entity.kind, 0), entity.kind, name, entity.label))
    return tuple(sorted(dict.fromkeys(steps), key=lambda step: step.depth))


def _objectives(curriculum: Curriculum, entity: Entity) -> list[Objective]:
    """The objectives that an entity stands for."""
    match entity:
        case Objective():
            return [entity]
        case Module():
            return list(entity.objectives)
        case Activity():
            return [curriculum.objectives[o] for o in entity.objectives]
        case Instrument() if measured(entity):
            return [curriculum.objectives[o] for o in measured(entity)]
        case Item() | Criterion():
            return [curriculum.objectives[entity.objective]] if entity.objective else []
        case Source():
            found = [o for part in entity.parts for o in _objectives(curriculum, part)]
        case Part():
            citing = [curriculum.entities[n] for n, _ in curriculum.citations[entity.id]]
            found = [o for each in citing for o in _objectives(curriculum, each)]
        case _:
            named = _named(curriculum, entity)
            found = [o for k in named for o in curriculum.objectives_of_ksa[k]]
    return list({o.id: o for o in found}.values())


def _ksas(curriculum: Curriculum, entity: Entity, objectives: list[Objective]) -> list[Ksa]:
    """The KSAs that an entity is about: its own, or those of its objectives."""
    linked = [link.ksa for objective in objectives for link in objective.ksas]
    about = set(_named(curriculum, entity) or linked)
    return [ksa for name, ksa in curriculum.ksas.items() if name in about]


def _named(curriculum: Curriculum, entity: Entity) -> list[str]:
    """The KSAs that an entity is about without an objective between; none for most kinds."""
    match entity:
        case Ksa():
            return [entity.id]
        case Competency() | Question() | Task():
            return list(entity.ksas)
        case Duty():
            calling = [ksa.id for ksa in curriculum.ksas.values() if entity.id in ksa.duties]
            return calling + [ksa for task in entity.tasks for ksa in task.ksas]
        case Instrument():
            tested = [curriculum.objectives[o] for o in measured(entity)]
            asked = [ksa for question in entity.questions for ksa in question.ksas]
            return [*entity.ksas, *asked, *(link.ksa for o in tested for link in o.ksas)]
    return []


def _job(curriculum: Curriculum, ksa: Ksa, asking: Iterable[Competency]) -> list[Step]:
    """What a KSA rests on: source parts, duties, competencies."""
    steps = [Step(0, "part", p, curriculum.label(p)) for p in ksa.cites]
    steps += [Step(1, "duty", d, curriculum.label(d)) for d in ksa.duties]
    steps += [
        Step(1, "competency", c.id, c.name, f"weight {c.weight}" if c.weight else "")
        for c in asking
    ]
    target = f"{ksa.status}, target {ksa.required}" if ksa.required else ksa.status
    return [*steps, Step(2, "ksa", ksa.id, ksa.label, target)]


def _training(curriculum: Curriculum, objective: Objective) -> list[Step]:
    """What follows from an objective: the activities that serve it, what measures it."""
    served = ", ".join(f"{link.ksa} to level {link.level}" for link in objective.ksas)
    gate = "gate, " if objective.gate else ""
    steps = [Step(3, "objective", objective.id, objective.label, gate + f"serves {served}")]
    for activity in curriculum.activities_of_objective[objective.id]:
        module = curriculum.module_of[activity.id].id
        note = f"{activity.phase}, {activity.minutes.plan} min in {module}"
        steps.append(Step(4, "activity", activity.id, activity.label, note))
    measuring = curriculum.instruments_of_objective[objective.id]
    return steps + [_instrument(each) for each in measuring]


def _instrument(instrument: Instrument) -> Step:
    note = f"{instrument.type}, {instrument.when}"
    return Step(4, "instrument", instrument.id, instrument.title, note)


def _days(waves: tuple[int, ...]) -> str:
    return "day " + "/".join(str(wave) for wave in waves)
