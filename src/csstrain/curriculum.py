"""The curriculum: everything the author wrote, resolved, indexed and frozen; answers questions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from csstrain.diagnostic import Place, Route
from csstrain.model import (
    Activity,
    Competency,
    Criterion,
    Duty,
    Entity,
    Instrument,
    Item,
    Ksa,
    Material,
    MethodMatrix,
    Module,
    Objective,
    Part,
    Profile,
    Program,
    Question,
    Scale,
    Source,
    V,
    VerbList,
    Waiver,
    WordList,
    texts,
    without_texts,
)
from csstrain.pictures import Picture

# They ask about reactions, work and results; none of them tests what a trainee has learned.
FORMS = (
    "reaction-form",
    "supervisor-form",
    "self-form",
    "retrospective-form",
    "mystery-shopper-form",
    "results-record",
)


@dataclass(frozen=True, eq=False)
class Curriculum:
    """One program with everything it refers to, by id.

    Mappings keep the order of the content, and modules stand in teaching order:
    each after all that it requires, ties broken by id. `citations` tells for each
    part of a source the entities that cite it, and where; `files` holds the text files
    below content/materials/ by their name there; `pictures` those that materials show, by id.
    """

    program: Program
    sources: Mapping[str, Source]
    profiles: Mapping[str, Profile]
    duties: Mapping[str, Duty]
    ksas: Mapping[str, Ksa]
    scales: Mapping[str, Scale]
    competencies: Mapping[str, Competency]
    modules: Mapping[str, Module]
    instruments: Mapping[str, Instrument]
    materials: Mapping[str, Material]
    waivers: tuple[tuple[Waiver, Place], ...]
    verbs: VerbList
    words: WordList
    methods: MethodMatrix
    entities: Mapping[str, Entity]
    citations: Mapping[str, tuple[tuple[str, Place], ...]]
    places: Mapping[str, Place]
    files: Mapping[str, str]
    pictures: Mapping[str, Picture] = field(default_factory=dict)

    def skeleton(self) -> Curriculum:
        """The same curriculum without a word: minutes, links, levels and order, and no texts.

        What is computed from it cannot depend on how anything is worded.
        """
        return Curriculum(
            program=without_texts(self.program),
            sources={},
            profiles={},
            duties=_without_texts(self.duties),
            ksas=_without_texts(self.ksas),
            scales=_without_texts(self.scales),
            competencies=_without_texts(self.competencies),
            modules=_without_texts(self.modules),
            instruments=_without_texts(self.instruments),
            materials={},
            waivers=(),
            verbs=without_texts(self.verbs),
            words=without_texts(self.words),
            methods=self.methods,
            entities={},
            citations={},
            places={},
            files={},
        )

    def structure(self) -> str:
        """All that a skeleton is, as one text: equal for skeletons that are equal."""
        every = (self.duties, self.ksas, self.scales, self.competencies, self.modules)
        models = (v for each in (*every, self.instruments) for v in each.values())
        single = (self.program, self.verbs, self.words, self.methods)
        return "\n".join(each.model_dump_json() for each in (*single, *models))

    def at(self, entity: str, *steps: str | int) -> Place:
        """The place of an entity, or of a value inside it."""
        return self.places[entity].at(*steps)

    def label(self, entity: str) -> str:
        """The words that a reader knows an entity by."""
        return self.entities[entity].label

    @cached_property
    def parts(self) -> Mapping[str, Part]:
        """All parts of all sources."""
        return MappingProxyType({p.id: p for s in self.sources.values() for p in s.parts})

    @cached_property
    def objectives(self) -> Mapping[str, Objective]:
        """All objectives, in teaching order."""
        return MappingProxyType({o.id: o for m in self.modules.values() for o in m.objectives})

    @cached_property
    def gates(self) -> Mapping[str, Objective]:
        """The objectives that decide about mastery, in teaching order."""
        return MappingProxyType({name: o for name, o in self.objectives.items() if o.gate})

    @cached_property
    def activities(self) -> Mapping[str, Activity]:
        """All activities, in teaching order."""
        return MappingProxyType({a.id: a for m in self.modules.values() for a in m.activities})

    @cached_property
    def items(self) -> Mapping[str, tuple[Item, Instrument]]:
        """All test items, each with its instrument."""
        return MappingProxyType(
            {i.id: (i, inst) for inst in self.instruments.values() for i in inst.items}
        )

    @cached_property
    def criteria(self) -> Mapping[str, tuple[Criterion, Instrument]]:
        """All rubric criteria, each with its instrument."""
        return MappingProxyType(
            {c.id: (c, inst) for inst in self.instruments.values() for c in inst.criteria}
        )

    @cached_property
    def questions(self) -> Mapping[str, tuple[Question, Instrument]]:
        """All questions of forms, each with its instrument."""
        return MappingProxyType(
            {q.id: (q, inst) for inst in self.instruments.values() for q in inst.questions}
        )

    @cached_property
    def prose(self) -> tuple[tuple[str, Route, str], ...]:
        """Every text that somebody in the training reads: its entity, the keys from there, itself.

        The program first, then modules in teaching order, instruments and materials; a Markdown
        file stands where its material names it.
        """
        read = (*self.modules.values(), *self.instruments.values(), *self.materials.values())
        # The name of a file is no text: what stands in the file is.
        found = [
            each
            for entity in (self.program, *read)
            for each in texts(entity)
            if each[1] != ("file",)
        ]
        for name, material in self.material_of_file.items():
            if name.lower().endswith(".md"):
                found.append((material, ("file",), self.files.get(name, "")))
        return tuple(found)

    @cached_property
    def material_of_file(self) -> Mapping[str, str]:
        """The first material that names each file below content/materials/."""
        first: dict[str, str] = {}
        for material in self.materials.values():
            if material.file:
                first.setdefault(material.file, material.id)
        return MappingProxyType(first)

    @cached_property
    def module_of(self) -> Mapping[str, Module]:
        """The module of each objective and each activity, by id."""
        return MappingProxyType(
            {
                each.id: module
                for module in self.modules.values()
                for each in (*module.objectives, *module.activities)
            }
        )

    @cached_property
    def objectives_of_ksa(self) -> Mapping[str, tuple[Objective, ...]]:
        """The objectives that serve each KSA."""
        found: dict[str, list[Objective]] = {ksa: [] for ksa in self.ksas}
        for objective in self.objectives.values():
            for link in objective.ksas:
                found[link.ksa].append(objective)
        return MappingProxyType({ksa: tuple(each) for ksa, each in found.items()})

    @cached_property
    def activities_of_objective(self) -> Mapping[str, tuple[Activity, ...]]:
        """The activities that serve each objective, in teaching order."""
        found: dict[str, list[Activity]] = {objective: [] for objective in self.objectives}
        for activity in self.activities.values():
            for objective in activity.objectives:
                found[objective].append(activity)
        return MappingProxyType({o: tuple(each) for o, each in found.items()})

    @cached_property
    def instruments_of_objective(self) -> Mapping[str, tuple[Instrument, ...]]:
        """The instruments that measure each objective, by their own list, items or criteria."""
        found: dict[str, list[Instrument]] = {objective: [] for objective in self.objectives}
        for instrument in self.instruments.values():
            for objective in measured(instrument):
                found[objective].append(instrument)
        return MappingProxyType({o: tuple(each) for o, each in found.items()})

    @cached_property
    def instruments_of_ksa(self) -> Mapping[str, tuple[Instrument, ...]]:
        """The instruments that name each KSA themselves, without an objective between."""
        found: dict[str, list[Instrument]] = {ksa: [] for ksa in self.ksas}
        for instrument in self.instruments.values():
            for ksa in instrument.ksas:
                found[ksa].append(instrument)
        return MappingProxyType({k: tuple(each) for k, each in found.items()})

    @cached_property
    def activities_of_instrument(self) -> Mapping[str, tuple[Activity, ...]]:
        """The activities that use each instrument, in teaching order."""
        found: dict[str, list[Activity]] = {instrument: [] for instrument in self.instruments}
        for activity in self.activities.values():
            for instrument in activity.assesses:
                found[instrument].append(activity)
        return MappingProxyType({i: tuple(each) for i, each in found.items()})

    @cached_property
    def questions_of_ksa(self) -> Mapping[str, tuple[tuple[Question, Instrument], ...]]:
        """The follow-up questions that name each KSA, each with its form."""
        found: dict[str, list[tuple[Question, Instrument]]] = {ksa: [] for ksa in self.ksas}
        for question, instrument in self.questions.values():
            for ksa in question.ksas:
                found[ksa].append((question, instrument))
        return MappingProxyType({k: tuple(each) for k, each in found.items()})


def certifies(instrument: Instrument) -> bool:
    """Whether it can show that training reached something: no baseline, no follow-up, no form."""
    return instrument.when not in ("baseline", "follow-up") and instrument.type not in FORMS


def decides(curriculum: Curriculum, activity: Activity) -> bool:
    """Whether one of the instruments of an activity is a gate."""
    return any(curriculum.instruments[name].gate for name in activity.assesses)


def practices(curriculum: Curriculum, activity: Activity) -> bool:
    """Whether trainees practice in it; a try that is only measured before training is none."""
    used = [curriculum.instruments[name] for name in activity.assesses]
    return activity.phase == "practice" and not (used and all(i.when == "baseline" for i in used))


def measured(instrument: Instrument) -> tuple[str, ...]:
    """The objectives that an instrument measures, each once, in the order they are named."""
    named = [*instrument.objectives]
    named += [i.objective for i in instrument.items if i.objective]
    named += [c.objective for c in instrument.criteria if c.objective]
    return tuple(dict.fromkeys(named))


def _without_texts(entities: Mapping[str, V]) -> Mapping[str, V]:
    return {name: without_texts(each) for name, each in entities.items()}
