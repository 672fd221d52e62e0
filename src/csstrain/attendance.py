"""Attendance: what each trainee takes part in, and what he or she may be excused from, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from csstrain.agenda import Agenda
from csstrain.coverage import held
from csstrain.curriculum import Curriculum
from csstrain.entry import Entry
from csstrain.model import Activity
from csstrain.wording import enumerated


@dataclass(frozen=True, slots=True)
class Part:
    """One activity of the agenda for one trainee: whether he or she may stay away, and why.

    `ksas` are the trained KSAs that it serves, and `shown` says whether all of them were shown
    at entry; `minutes` is what it takes in the days, or as pre-work where `prework` is set.
    """

    activity: Activity
    module: str
    minutes: int
    prework: bool
    ksas: tuple[str, ...]
    shown: bool
    excused: bool
    why: str


@dataclass(frozen=True, slots=True)
class Attendance:
    """One trainee and every activity that is held, in teaching order."""

    trainee: str
    parts: tuple[Part, ...]

    def minutes(self, *, excused: bool, prework: bool = False) -> int:
        """Minutes of activities that are attended, or excused, in the days or as pre-work."""
        return sum(p.minutes for p in self.parts if p.excused is excused and p.prework is prework)

    @property
    def excused(self) -> tuple[Part, ...]:
        """What the trainee may be excused from."""
        return tuple(part for part in self.parts if part.excused)


def attendance(curriculum: Curriculum, agenda: Agenda, entry: Entry) -> tuple[Attendance, ...]:
    """What each named trainee attends of an agenda.

    A trainee may be excused from teaching, practice, debriefs and checks of which each objective
    has a trained KSA and all of these were shown at entry, to the level that training must
    reach. Nobody is excused from what measures where everybody begins or how training ends, from
    what the law or a critical error rests on, from the practice of a gate, from groups that need
    a partner, or from the debrief of a practice that he or she takes part in.
    """
    held_here = held(curriculum, agenda)
    fixed = {
        name: _for_everybody(curriculum, activity)
        for name, activity in curriculum.activities.items()
        if name in held_here
    }
    given = agenda.given()
    same: dict[frozenset[str], tuple[Part, ...]] = {}  # most of a group bring the same
    people = []
    for trainee in entry.trainees:
        met = entry.met(curriculum, trainee)
        if met not in same:
            same[met] = tuple(_parts(curriculum, given, met, fixed))
        people.append(Attendance(trainee, same[met]))
    return tuple(people)


def _parts(
    curriculum: Curriculum, given: Mapping[str, int], met: frozenset[str], fixed: Mapping[str, str]
) -> Iterator[Part]:
    """Every activity that is held, for somebody who has met some KSAs at entry."""
    why_not = {name: _not_shown(curriculum, name, met) or why for name, why in fixed.items()}
    practiced = {
        objective
        for name, why in why_not.items()
        if why and curriculum.activities[name].phase == "practice"
        for objective in curriculum.activities[name].objectives
    }
    for name, why in why_not.items():
        activity = curriculum.activities[name]
        if not why and activity.phase == "debrief" and practiced & set(activity.objectives):
            why = "it looks back on practice that this trainee takes part in"
        ksas = _ksas(curriculum, activity)
        yield Part(
            activity=activity,
            module=curriculum.module_of[name].id,
            minutes=given.get(name, activity.minutes.plan),
            prework=name not in given,
            ksas=ksas,
            shown=bool(ksas) and met.issuperset(ksas),
            excused=not why,
            why=why or f"shown at entry: {enumerated(ksas)}",
        )


def _not_shown(curriculum: Curriculum, name: str, met: frozenset[str]) -> str:
    missing = [k for k in _ksas(curriculum, curriculum.activities[name]) if k not in met]
    return f"not shown at entry: {enumerated(missing)}" if missing else ""


def _ksas(curriculum: Curriculum, activity: Activity) -> tuple[str, ...]:
    """The trained KSAs that an activity serves, each once."""
    links = (link.ksa for o in activity.objectives for link in curriculum.objectives[o].ksas)
    return tuple(dict.fromkeys(k for k in links if curriculum.ksas[k].required))


def _for_everybody(curriculum: Curriculum, activity: Activity) -> str:
    """Why everybody takes part in an activity, whatever he or she brings along; "" where not."""
    objectives = [curriculum.objectives[name] for name in activity.objectives]
    ksas = [[k.ksa for k in o.ksas if curriculum.ksas[k.ksa].required] for o in objectives]
    instruments = [curriculum.instruments[name] for name in activity.assesses]
    gates = any(o.gate for o in objectives)
    if any(i.when == "baseline" for i in instruments):
        return "it measures where everybody begins"
    if activity.phase == "admin" or not ksas or not all(ksas):
        return "it is for everybody: nothing shown at entry stands for all of it"
    if curriculum.module_of[activity.id].final:
        return "the end of training is for everybody: final assessment, feedback, transfer"
    if any(i.when != "in-course" for i in instruments) or (gates and activity.phase == "assess"):
        return "it decides, or is compared, so everybody is measured by it"
    if any(o.critical for o in objectives) or any(
        curriculum.ksas[k].legal for o in ksas for k in o
    ):
        return "law or privacy rests on it"
    if activity.grouping or activity.rotation:
        return "the others of the group need a partner"
    if gates and activity.phase == "practice":
        return "a gate is practiced by everybody whom it binds"
    return ""
