"""Gaps: every hole in the trace, why it is one, and the YAML that mends it where it belongs."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal

from csstrain.coverage import STAGES, TEACHING, Coverage, KsaCoverage, ceiling
from csstrain.curriculum import Curriculum, certifies
from csstrain.diagnostic import Place
from csstrain.model import Competency, Ksa, Objective, Task

Data = Mapping[str, Any]

# So many candidates a reader can weigh; the rest is not offered.
_CANDIDATES = 12
_PLAIN = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9 .'’/()-]*[A-Za-z0-9.)])?")


@dataclass(frozen=True, slots=True)
class Mend:
    """What would close a gap: data to add to a list, to set in a mapping, or for a new file.

    `place` is the list or the mapping; where `how` is `create`, the file that does not exist yet.
    `note` tells the author what is left to decide in it.
    """

    how: Literal["append", "set", "create"]
    place: Place
    value: Data
    note: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """One hole: the entity that it is at, what is missing, why, and what would mend it."""

    kind: str
    id: str
    label: str
    missing: str
    why: str
    mend: Mend


def gaps(curriculum: Curriculum, coverage: Coverage) -> tuple[Gap, ...]:
    """Every hole between the job, the objectives, the training and its follow-up, each once.

    What only follows from another hole is not told: a KSA without objective is not said to be
    untaught as well, nor a competency to be short where one of its KSAs is.
    """
    return tuple(_all(curriculum, coverage))


def _all(curriculum: Curriculum, coverage: Coverage) -> Iterator[Gap]:
    yield from _job_holes(curriculum, coverage)
    rows = coverage.ksas.values()
    bare = [curriculum.ksas[row.ksa] for row in rows if not row.objectives]
    if bare and not curriculum.modules:
        yield _no_module(curriculum, bare)
    else:
        modules = _modules_by_duty(curriculum)
        yield from (_no_objective(curriculum, ksa, modules) for ksa in bare)
    measured: set[str] = set()
    for row in rows:
        if row.objectives and row.required:
            yield from _short(curriculum, row, measured)
    for objective in curriculum.objectives.values():
        if not objective.ksas:
            yield _no_ksa(curriculum, objective)
        used = curriculum.instruments_of_objective[objective.id]
        if objective.id not in measured and not any(map(certifies, used)):
            yield _no_instrument(curriculum, objective)
    yield from _unasked(curriculum, [r for r in rows if "followed up" in r.gaps])


# ── the job: sources, duties, competencies ───────────────────────────────────────────


def _job_holes(curriculum: Curriculum, coverage: Coverage) -> Iterator[Gap]:
    trained: dict[str, list[str]] = {}
    for ksa in curriculum.ksas.values():
        for name in ksa.duties if ksa.status == "trained" else ():
            trained.setdefault(name, []).append(ksa.id)
    for name, covered in coverage.competencies.items():
        competency = curriculum.competencies[name]
        if not covered.trained and not competency.coverage_note:
            yield _hollow(curriculum, competency, trained)
    called = {ksa for each in curriculum.competencies.values() for ksa in each.ksas}
    for duty in curriculum.duties.values():
        for task in duty.tasks:
            called.update(task.ksas)
            if task.status == "trained" and not any(_trained(curriculum, k) for k in task.ksas):
                yield _bare_task(curriculum, task, duty.id, trained.get(duty.id, []))
    if not curriculum.duties and not curriculum.competencies:
        return
    for ksa in curriculum.ksas.values():
        if not ksa.duties and ksa.id not in called:
            yield _orphan(curriculum, ksa)


def _hollow(
    curriculum: Curriculum, competency: Competency, trained: Mapping[str, list[str]]
) -> Gap:
    near = list(dict.fromkeys(k for duty in competency.duties for k in trained.get(duty, ())))
    why = "it names no trained KSA, and no `coverage_note` says why"
    value: Data = {"ksas": [*competency.ksas, *near[:_CANDIDATES]]}
    note = "keep the KSAs that make it up; these share a duty with it"
    if not near:
        value = {"coverage_note": "Not trained here."}
        note = "say why it is not trained, or name its KSAs in `ksas` instead"
    mend = Mend("set", curriculum.at(competency.id), value, note)
    return Gap("competency", competency.id, competency.name, "trained KSAs", why, mend)


def _bare_task(curriculum: Curriculum, task: Task, duty: str, near: list[str]) -> Gap:
    value: Data = {"ksas": [*task.ksas, *near[:_CANDIDATES]]}
    note = f"keep the KSAs that the task calls for; these name the duty `{duty}`"
    if not near:
        value = {"status": "not-trained", "reason": "Learned on the job."}
        note = "say why it is not trained, or name its KSAs in `ksas` instead"
    why = "it is said to be trained, and no trained KSA belongs to it"
    mend = Mend("set", curriculum.at(task.id), value, note)
    return Gap("task", task.id, task.text, "KSAs", why, mend)


def _orphan(curriculum: Curriculum, ksa: Ksa) -> Gap:
    why = "no duty, task or competency calls for it"
    place = curriculum.at(ksa.id)
    if curriculum.duties:
        duties = list(curriculum.duties)[:_CANDIDATES]
        mend = Mend("set", place, {"duties": duties}, "keep the duties that call for it")
    else:
        first = next(iter(curriculum.competencies.values()))
        value = {"ksas": [*first.ksas, ksa.id]}
        note = "or in another competency that calls for it"
        mend = Mend("set", curriculum.at(first.id), value, note)
    return Gap("ksa", ksa.id, ksa.short, "a duty", why, mend)


# ── objectives ───────────────────────────────────────────────────────────────────────


def _no_module(curriculum: Curriculum, ksas: list[Ksa]) -> Gap:
    name = _fresh(curriculum, "m1")
    module = {
        "id": name,
        "title": curriculum.program.title[:60],
        "objectives": [_objective(curriculum, ksa) for ksa in ksas],
    }
    place = Place(f"content/modules/{name}.yaml")
    mend = Mend("create", place, {"module": module}, _REWORD)
    listed = ", ".join(ksa.id for ksa in ksas[:_CANDIDATES])
    program = curriculum.program
    why = f"there is no module, so nothing serves {listed}"
    return Gap("program", program.id, program.title, "objectives", why, mend)


_REWORD = "a draft: reword verb, behavior, condition and degree"


def _no_objective(curriculum: Curriculum, ksa: Ksa, modules: Mapping[str, str]) -> Gap:
    near = (modules[duty] for duty in ksa.duties if duty in modules)
    module = next(near, next(iter(curriculum.modules)))
    draft = _objective(curriculum, ksa)
    mend = _append(curriculum, module, "objectives", draft, _REWORD)
    return Gap("ksa", ksa.id, ksa.short, "an objective", "no objective names it", mend)


def _objective(curriculum: Curriculum, ksa: Ksa) -> Data:
    domain, level = {
        "declarative": ("cognitive", "understand"),
        "attitude": ("affective", "value"),
    }.get(ksa.classes[0], ("cognitive", "apply"))
    verbs = [
        verb
        for group in curriculum.verbs.groups
        if group.domain == domain and group.level == level
        for verb in group.verbs
        if " " not in verb
    ]
    return {
        "id": _fresh(curriculum, f"o-{ksa.id}"),
        "kind": "terminal",
        "verb": verbs[0] if verbs else "show",
        "behavior": ksa.statement.strip().rstrip("."),
        "condition": "in a simulation of the work",
        "degree": {"text": "every step of the checklist", "metric": "checklist", "value": 1},
        "domain": domain,
        "level": level,
        "ksas": [{"ksa": ksa.id, "level": min(max(ksa.required, 1), ceiling(curriculum))}],
    }


def _modules_by_duty(curriculum: Curriculum) -> Mapping[str, str]:
    """For each duty the module whose objectives serve most of its KSAs."""
    scores: dict[str, Counter[str]] = {}
    for module in curriculum.modules.values():
        for objective in module.objectives:
            for link in objective.ksas:
                for duty in curriculum.ksas[link.ksa].duties:
                    scores.setdefault(duty, Counter())[module.id] += 1
    return {duty: score.most_common(1)[0][0] for duty, score in scores.items()}


def _no_ksa(curriculum: Curriculum, objective: Objective) -> Gap:
    module = curriculum.module_of[objective.id]
    near = [link.ksa for each in module.objectives for link in each.ksas]
    served = curriculum.objectives_of_ksa
    free = islice((ksa for ksa in curriculum.ksas if not served[ksa]), _CANDIDATES)
    candidates = list(dict.fromkeys([*near, *free] or curriculum.ksas))[:_CANDIDATES]
    most = ceiling(curriculum)
    links = [
        {"ksa": k, "level": min(max(curriculum.ksas[k].required, 1), most)} for k in candidates
    ]
    mend = Mend(
        "set",
        curriculum.at(objective.id),
        {"ksas": links},
        "keep the KSAs that it serves; delete the objective if it serves none",
    )
    return Gap("objective", objective.id, objective.label, "a KSA", "it serves no KSA", mend)


# ── training and assessment ──────────────────────────────────────────────────────────


def _short(curriculum: Curriculum, row: KsaCoverage, measured: set[str]) -> Iterator[Gap]:
    ksa = curriculum.ksas[row.ksa]
    target = min(row.required, ceiling(curriculum))
    if target < row.required:
        why = f"training alone certifies level {target}, and {row.required} is promised"
        value = {"target_end_of_training": target}
        mend = Mend("set", curriculum.at(ksa.id), value, "the job's level stays in `target_job`")
        yield Gap("ksa", ksa.id, ksa.short, "a target within the ceiling", why, mend)
    reached = dict(zip(STAGES, row.levels, strict=True))
    stages = [stage for stage in row.gaps if stage != "followed up"]
    short = [stage for stage in stages if reached[stage] < target]
    if not short:
        return
    links = {
        o: max(link.level for link in curriculum.objectives[o].ksas if link.ksa == ksa.id)
        for o in row.objectives
    }
    best = max(links, key=lambda name: links[name])
    if links[best] < target:
        yield _low_link(curriculum, ksa, best, target, short)
        return
    enough = [name for name, level in links.items() if level >= target]
    for stage in short:
        if stage == "assessed":
            measured.update(enough[:1])
            yield _untested(curriculum, ksa, enough, target)
        else:
            yield _unserved(curriculum, ksa, enough, stage, target)


def _low_link(
    curriculum: Curriculum, ksa: Ksa, objective: str, target: int, short: list[str]
) -> Gap:
    links = curriculum.objectives[objective].ksas
    index = next(i for i, link in enumerate(links) if link.ksa == ksa.id)
    why = (
        f"`{objective}` brings it to {links[index].level} of {target}, and nothing brings it higher"
    )
    place = curriculum.at(objective, "ksas", index)
    note = "activities and instruments of the objective must be up to it"
    mend = Mend("set", place, {"level": target}, note)
    return Gap("ksa", ksa.id, ksa.short, ", ".join(short), why, mend)


def _unserved(
    curriculum: Curriculum, ksa: Ksa, objectives: list[str], stage: str, target: int
) -> Gap:
    phases = TEACHING if stage == "taught" else ("practice",)
    phase = phases[-1]
    method = "role-play" if ksa.classes[0] in ("skill", "attitude") else "case-study"
    activity = {
        "id": _fresh(curriculum, f"a-{ksa.id}-{phase}"),
        "title": f"{ksa.short}: {'shown' if stage == 'taught' else 'done'}"[:60],
        "method": "demonstration" if stage == "taught" else method,
        "phase": phase,
        "minutes": {"min": 15, "plan": 20, "max": 30},
        "objectives": objectives[:1],
    }
    listed = ", ".join(f"`{o}`" for o in objectives)
    why = f"no activity with phase {' or '.join(phases)} serves {listed} (level {target})"
    module = curriculum.module_of[objectives[0]].id
    note = "choose method and minutes, and its place among the activities"
    mend = _append(curriculum, module, "activities", activity, note)
    return Gap("ksa", ksa.id, ksa.short, stage, why, mend)


def _untested(curriculum: Curriculum, ksa: Ksa, objectives: list[str], target: int) -> Gap:
    used = {
        i.id: i for o in objectives for i in curriculum.instruments_of_objective[o] if certifies(i)
    }
    live = ksa.classes[0] in ("skill", "attitude")
    listed = ", ".join(f"`{o}`" for o in objectives)
    why = f"no instrument measures {listed} (level {target})"
    if used:
        forms = ", ".join(f"`{name}`" for name in used)
        why = f"only writing shows it ({forms}), which carries it to level 1 of {target}"
    mend = _instrument(curriculum, f"i-{ksa.id}", ksa.short, objectives[0], live)
    return Gap("ksa", ksa.id, ksa.short, "assessed", why, mend)


def _no_instrument(curriculum: Curriculum, objective: Objective) -> Gap:
    live = objective.domain != "cognitive"
    label = objective.label
    mend = _instrument(curriculum, f"i-{objective.id}", label, objective.id, live)
    why = "no instrument measures it"
    return Gap("objective", objective.id, label, "assessed", why, mend)


def _instrument(curriculum: Curriculum, wish: str, title: str, objective: str, live: bool) -> Mend:
    name = _fresh(curriculum, wish)
    value = {
        "id": name,
        "title": title[:80],
        "kind": "observation" if live else "check",
        "kirkpatrick": 2,
        "when": "in-course",
        "minutes": 10,
        "objectives": [objective],
    }
    note = "add its items or criteria, and an activity with `phase: assess` that uses it"
    place = Place(f"content/instruments/{name}.yaml")
    return Mend("create", place, {"instrument": value}, note)


# ── follow-up ────────────────────────────────────────────────────────────────────────


def _unasked(curriculum: Curriculum, rows: list[KsaCoverage]) -> Iterator[Gap]:
    if not rows:
        return
    ksas = [curriculum.ksas[row.ksa] for row in rows]
    forms = (i for i in curriculum.instruments.values() if i.type == "supervisor-form")
    form = next(forms, None)
    if form is None:
        yield _no_form(curriculum, ksas)
        return
    waves = sorted({wave for question in form.questions for wave in question.waves}) or [30]
    for ksa in ksas:
        question = _question(curriculum, ksa, waves[0])
        mend = _append(curriculum, form.id, "questions", question, "choose the wave and reword")
        why = f"no supervisor question in any wave names it; `{form.id}` is the form"
        yield Gap("ksa", ksa.id, ksa.short, "followed up", why, mend)


def _no_form(curriculum: Curriculum, ksas: list[Ksa]) -> Gap:
    name = _fresh(curriculum, "i-supervisor")
    form = {
        "id": name,
        "title": "Supervisor form",
        "kind": "supervisor-form",
        "kirkpatrick": 3,
        "when": "follow-up",
        "questions": [_question(curriculum, ksa, 30) for ksa in ksas],
    }
    place = Place(f"content/instruments/{name}.yaml")
    mend = Mend("create", place, {"instrument": form}, "reword, and divide over 30, 60 and 90 days")
    listed = ", ".join(ksa.id for ksa in ksas[:_CANDIDATES])
    program = curriculum.program
    why = f"there is no supervisor form, so nobody is asked about {listed}"
    return Gap("program", program.id, program.title, "followed up", why, mend)


def _question(curriculum: Curriculum, ksa: Ksa, wave: int) -> Data:
    return {
        "id": _fresh(curriculum, f"q-{ksa.id}"),
        "text": f"How often did you see this in the work: {ksa.statement.strip()}",
        "type": "frequency",
        "waves": [wave],
        "ksas": [ksa.id],
    }


# ── what they share ──────────────────────────────────────────────────────────────────


def _append(curriculum: Curriculum, entity: str, field: str, item: Data, note: str) -> Mend:
    """An item for a list of an entity; the list itself where the entity has none."""
    if getattr(curriculum.entities[entity], field):
        return Mend("append", curriculum.at(entity, field), item, note)
    return Mend("set", curriculum.at(entity), {field: [item]}, note)


def _fresh(curriculum: Curriculum, wish: str) -> str:
    """An id that nothing has yet."""
    wish = wish[:58].rstrip("-")
    number, name = 2, wish
    while name in curriculum.entities:
        number, name = number + 1, f"{wish}-{number}"
    return name


def _trained(curriculum: Curriculum, ksa: str) -> bool:
    return curriculum.ksas[ksa].status == "trained"


def yaml_lines(value: Any, indent: int = 0) -> Iterator[str]:
    """Plain data as the lines of a block that an author can paste.

    >>> print(*yaml_lines({"id": "o1", "ksas": [{"ksa": "k1", "level": 2}]}), sep=chr(10))
    id: o1
    ksas:
      - ksa: k1
        level: 2
    """
    pad = " " * indent
    if isinstance(value, Mapping):
        for key, each in value.items():
            if isinstance(each, Mapping) or (
                isinstance(each, list) and any(isinstance(e, Mapping) for e in each)
            ):
                yield f"{pad}{key}:"
                yield from yaml_lines(each, indent + 2)
            else:
                yield f"{pad}{key}: {_scalar(each)}"
    else:
        for each in value:
            first, *rest = yaml_lines(each, indent + 2)
            yield f"{pad}- {first.lstrip()}"
            yield from rest


def _scalar(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_scalar(each) for each in value)}]"
    text = str(value)
    # Whatever is more than words stands in double quotes, in which JSON and YAML agree.
    return text if _PLAIN.fullmatch(text) else json.dumps(text, ensure_ascii=False)
