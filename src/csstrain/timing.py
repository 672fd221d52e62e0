"""How long practice and assessment must take for this cohort: floors computed, not guessed."""

from __future__ import annotations

from csstrain.curriculum import Curriculum
from csstrain.model import Activity, Station


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
