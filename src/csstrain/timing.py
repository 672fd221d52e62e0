"""Time computed, not guessed: floors for this cohort, and time against weight in an agenda."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from csstrain.agenda import Agenda
from csstrain.curriculum import Curriculum
from csstrain.model import Activity, Competency, Station


def practice_floor(curriculum: Curriculum, activity: Activity) -> int:
    """The least minutes in which each group member plays each role; 0 without a grouping.

    Rounds × roles × (prepare + play + feedback), where play is the longest live
    performance among the objectives that the activity serves.
    """
    if not activity.grouping:
        return 0
    return activity.grouping.rounds * turn_minutes(curriculum, activity)


def turn_minutes(curriculum: Curriculum, activity: Activity) -> int:
    """Minutes of one round of a grouping: every role once."""
    grouping = activity.grouping
    if not grouping:
        return 0
    play = max((curriculum.objectives[o].play or 0 for o in activity.objectives), default=0)
    return (grouping.roles or grouping.size) * (grouping.prepare + play + grouping.feedback)


def assessment_floor(curriculum: Curriculum, activity: Activity) -> int:
    """The least minutes in which the whole cohort goes through the activity's instruments.

    Instruments named one after the other take turns: each needs its minutes for every
    batch of trainees that fits at once. A rotation needs a slot for each change of groups.
    """
    trainees = curriculum.program.cohort.trainees
    single = 0
    for name in activity.instruments:
        instrument = curriculum.instruments[name]
        single += (instrument.minutes or 0) * -(-trainees // instrument.at_once)
    return single + changes(activity) * slot_minutes(curriculum, activity)


def changes(activity: Activity) -> int:
    """How many slots a rotation needs until every group has been at every station."""
    if not activity.rotation:
        return 0
    return max(activity.rotation.groups, len(activity.rotation.stations))


def slot_minutes(curriculum: Curriculum, activity: Activity) -> int:
    """Minutes that one group spends at a station of a rotation, set by the slowest station."""
    if not activity.rotation:
        return 0
    group = -(-curriculum.program.cohort.trainees // activity.rotation.groups)
    return max(_station_minutes(curriculum, s, group) for s in activity.rotation.stations)


def _station_minutes(curriculum: Curriculum, station: Station, group: int) -> int:
    circuit = [curriculum.instruments[name] for name in station.instruments]
    # Everybody visits each instrument of the circuit, and each takes the group batch by batch;
    # all change places together, so the slowest instrument sets the pace.
    batches = max(-(-group // (station.circuits * each.at_once)) for each in circuit)
    return max(len(circuit), batches) * max(each.minutes or 0 for each in circuit)


def least_minutes(curriculum: Curriculum, activity: Activity) -> int:
    """The least minutes that the activity can honestly be given: its own minimum or a floor."""
    return max(
        activity.minutes.min,
        practice_floor(curriculum, activity),
        assessment_floor(curriculum, activity),
    )


@dataclass(frozen=True)
class WeightLine:
    """One competency: its share of the weight against its share of the time, both 0 to 1."""

    competency: Competency
    weight: float
    minutes: float
    share: float

    @property
    def ratio(self) -> float:
        """Time share over weight share; 1 is in proportion."""
        return self.share / self.weight if self.weight else 0.0


def minutes_of_ksas(curriculum: Curriculum, agenda: Agenda) -> Mapping[str, float]:
    """Minutes of the agenda by KSA: an activity's time is divided among the KSAs it serves.

    Modules that hold the final assessment are left out: their time shows what was learned.
    """
    minutes = dict.fromkeys(curriculum.ksas, 0.0)
    for name, given in agenda.given().items():
        if curriculum.module_of[name].final:
            continue
        served = {
            link.ksa
            for objective in curriculum.activities[name].objectives
            for link in curriculum.objectives[objective].ksas
        }
        for ksa in served:
            minutes[ksa] += given / len(served)
    return minutes


def time_against_weight(curriculum: Curriculum, agenda: Agenda) -> tuple[WeightLine, ...]:
    """Weighted competencies with their share of the weight and of the time spent on them.

    Competencies are compared with those of the same source only. A KSA that several of them
    name shares its minutes among them equally.
    """
    minutes = minutes_of_ksas(curriculum, agenda)
    sources: dict[str, list[Competency]] = {}
    for competency in curriculum.competencies.values():
        if competency.weight:
            sources.setdefault(competency.origin, []).append(competency)
    return tuple(
        line for competencies in sources.values() for line in _shares(competencies, minutes)
    )


def _shares(competencies: list[Competency], minutes: Mapping[str, float]) -> list[WeightLine]:
    owners: dict[str, int] = {}
    for competency in competencies:
        for ksa in set(competency.ksas):
            owners[ksa] = owners.get(ksa, 0) + 1
    spent = [sum(minutes[k] / owners[k] for k in sorted(set(c.ksas))) for c in competencies]
    time = sum(spent) or 1.0
    weight = float(sum(c.weight or 0 for c in competencies)) or 1.0
    return [
        WeightLine(each, float(each.weight or 0) / weight, own, own / time)
        for each, own in zip(competencies, spent, strict=True)
    ]
