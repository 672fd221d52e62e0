"""Rules about the stations of a rotation: rooms, people needed at once, and who rates whom."""

from __future__ import annotations

from collections.abc import Iterator

from csstrain.check import Finding, Review, rule
from csstrain.curriculum import Curriculum
from csstrain.diagnostic import Related, Severity
from csstrain.staffing.needs import Call, call
from csstrain.wording import words


@rule(Severity.ERROR)
def room_used_twice(review: Review) -> Iterator[Finding]:
    """Two stations of a rotation stand in the same room at the same time.

    The groups of a rotation are at different stations at once. In one room one group hears the
    cases that it will meet next, and nobody can be rated fairly. Names of rooms are compared by
    their words; a station without `room` is not judged, nor is a rotation of one group, which
    takes the stations one after the other.

    Source: judgment of the authors.

    Flagged:

        instruments:
          - {id: i1, title: Contact, kind: role-play, kirkpatrick: 2, when: in-course, minutes: 10}
          - {id: i2, title: Test, kind: check, kirkpatrick: 2, when: in-course, minutes: 10}
        module:
          id: m1
          title: Contact
          activities:
            - id: m1-turn
              method: test
              phase: assess
              minutes: {min: 120, plan: 120, max: 120}
              rotation:
                groups: 2
                stations:
                  - {title: Contact, instruments: [i1], room: Room 5}
                  - {title: Test, instruments: [i2], room: room 5}  # <--

    Clean:

        instruments:
          - {id: i1, title: Contact, kind: role-play, kirkpatrick: 2, when: in-course, minutes: 10}
          - {id: i2, title: Test, kind: check, kirkpatrick: 2, when: in-course, minutes: 10}
        module:
          id: m1
          title: Contact
          activities:
            - id: m1-turn
              method: test
              phase: assess
              minutes: {min: 120, plan: 120, max: 120}
              rotation:
                groups: 2
                stations:
                  - {title: Contact, instruments: [i1], room: Room 5}
                  - {title: Test, instruments: [i2], room: Room 6}
    """
    curriculum = review.curriculum
    for activity in curriculum.activities.values():
        if activity.rotation is None or activity.rotation.groups == 1:
            continue
        first: dict[tuple[str, ...], int] = {}
        for index, station in enumerate(activity.rotation.stations):
            room = words(station.room or "")
            other = first.setdefault(room, index)
            if room and other != index:
                title = activity.rotation.stations[other].title
                place = curriculum.at(activity.id, "rotation", "stations", other, "room")
                yield Finding(
                    activity.id,
                    f"the stations `{title}` and `{station.title}` of `{activity.id}` "
                    f"({activity.label}) are in the same room, {station.room}, at the same time",
                    "give one of them another `room`",
                    ("rotation", "stations", index, "room"),
                    (Related(place, f"`{title}` is there too"),),
                )


@rule(Severity.ERROR)
def too_few_assessors(review: Review) -> Iterator[Finding]:
    """The stations of a rotation need more raters at once than there are.

    A performance that nobody rates cannot decide about anybody's job, and a rater who runs between
    two rooms saw half of each. Each circuit of a station needs the `raters` of each of its role
    plays and observations at the same time (one where the instrument gives no number); tests and
    papers are scored afterwards. Where an instrument of the rotation is a gate, only `assessors`
    of the cohort count, because nobody scores trainees whom he or she coached; elsewhere trainers
    and coaches count too. Second ratings come from recordings or from a second rater who is
    counted by `raters: 2`.

    Source: judgment of the authors.

    Flagged:

        instruments:
          - {id: i1, title: Contact, kind: role-play, kirkpatrick: 2, when: in-course, minutes: 10}
        module:
          id: m1
          title: Contact
          activities:
            - id: m1-turn
              method: test
              phase: assess
              minutes: {min: 90, plan: 90, max: 90}
              rotation: {groups: 1, stations: [  # <--
                {title: Contact, instruments: [i1], circuits: 4}]}

    Clean:

        instruments:
          - {id: i1, title: Contact, kind: role-play, kirkpatrick: 2, when: in-course, minutes: 10}
        module:
          id: m1
          title: Contact
          activities:
            - id: m1-turn
              method: test
              phase: assess
              minutes: {min: 90, plan: 90, max: 90}
              rotation: {groups: 1, stations: [
                {title: Contact, instruments: [i1], circuits: 3}]}
    """
    cohort = review.curriculum.program.cohort
    for each in _calls(review.curriculum):
        able = cohort.assessors if each.gate else _staff(review.curriculum)
        if each.assessors > able:
            who = "`assessors`" if each.gate else "assessors, trainers and coaches together"
            yield Finding(
                each.activity.id,
                f"the stations of `{each.activity.id}` ({each.activity.label}) need "
                f"{_people(each.assessors, 'rater')} at once, and the cohort has {able}",
                f"raise {who} in the program's cohort to {each.assessors}, or plan fewer circuits "
                "and more changes",
                ("rotation",),
                (_cohort(review.curriculum),),
            )


@rule(Severity.WARNING)
def too_few_role_players(review: Review) -> Iterator[Finding]:
    """The stations of a rotation that decides need more role players at once than there are.

    Each circuit of a station needs a role player for each of its role plays. A trainee who plays
    the customer for another knows the case before his or her turn, and an assessor who plays cannot
    watch; so where an instrument is a gate, role players must be people of their own. In practice
    trainees play for each other, so other rotations are not judged.

    Source: judgment of the authors.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18, assessors: 3, role_players: 2}
          day:
            start: 08:30
            end: 17:30
            lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
            breaks: {minutes: 10, count: 3}
            opening: 15
            closing: 10
            slack: {min: 3, max: 10}
        instruments:
          - {id: i1, title: Contact, kind: role-play, kirkpatrick: 2, when: end-of-course,
             minutes: 10, cut: {method: Angoff, value: 3}, retest: {form: B, after: 3 days}}
        module:
          id: m1
          title: Contact
          activities:
            - id: m1-turn
              method: test
              phase: assess
              minutes: {min: 90, plan: 90, max: 90}
              rotation: {groups: 1, stations: [  # <--
                {title: Contact, instruments: [i1], circuits: 3}]}

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18, assessors: 3, role_players: 3}
          day:
            start: 08:30
            end: 17:30
            lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
            breaks: {minutes: 10, count: 3}
            opening: 15
            closing: 10
            slack: {min: 3, max: 10}
        instruments:
          - {id: i1, title: Contact, kind: role-play, kirkpatrick: 2, when: end-of-course,
             minutes: 10, cut: {method: Angoff, value: 3}, retest: {form: B, after: 3 days}}
        module:
          id: m1
          title: Contact
          activities:
            - id: m1-turn
              method: test
              phase: assess
              minutes: {min: 90, plan: 90, max: 90}
              rotation: {groups: 1, stations: [
                {title: Contact, instruments: [i1], circuits: 3}]}
    """
    able = review.curriculum.program.cohort.role_players
    for each in _calls(review.curriculum):
        if each.gate and each.players > able:
            yield Finding(
                each.activity.id,
                f"the stations of `{each.activity.id}` ({each.activity.label}) need "
                f"{_people(each.players, 'role player')} at once, and the cohort has {able}",
                f"raise `role_players` in the program's cohort to {each.players}, or plan fewer "
                "circuits and more changes",
                ("rotation",),
                (_cohort(review.curriculum),),
            )


@rule(Severity.WARNING)
def too_few_proctors(review: Review) -> Iterator[Finding]:
    """The written stations of a rotation have nobody to look after them.

    Each circuit of a test, an in-basket or another paper needs one person in the room, who starts
    it, answers what may be answered and sees that all is fair. Trainers and coaches do that while
    assessors rate; where the rotation is no gate, those of them who rate are not counted twice.

    Source: judgment of the authors.

    Flagged:

        instruments:
          - {id: i1, title: Test, kind: check, kirkpatrick: 2, when: in-course, minutes: 10}
        module:
          id: m1
          title: Contact
          activities:
            - id: m1-turn
              method: test
              phase: assess
              minutes: {min: 90, plan: 90, max: 90}
              rotation: {groups: 1, stations: [  # <--
                {title: Test, instruments: [i1], circuits: 4}]}

    Clean:

        instruments:
          - {id: i1, title: Test, kind: check, kirkpatrick: 2, when: in-course, minutes: 10}
        module:
          id: m1
          title: Contact
          activities:
            - id: m1-turn
              method: test
              phase: assess
              minutes: {min: 90, plan: 90, max: 90}
              rotation: {groups: 1, stations: [
                {title: Test, instruments: [i1], circuits: 3}]}
    """
    for each in _calls(review.curriculum):
        able, needed = max(_looking_after(review.curriculum, each), key=lambda n: n[1] - n[0])
        if needed > able:
            yield Finding(
                each.activity.id,
                f"the written stations of `{each.activity.id}` ({each.activity.label}) need "
                f"{'1 person' if needed == 1 else f'{needed} people'} to look after "
                f"them at once, and {able} {'is' if able == 1 else 'are'} free",
                "raise `coaches` in the program's cohort, or let fewer stations run at once",
                ("rotation",),
                (_cohort(review.curriculum),),
            )


@rule(Severity.WARNING, stage="agenda")
def coach_rates_own_trainee(review: Review) -> Iterator[Finding]:
    """Somebody rates trainees at a station whom he or she coached.

    Whoever has coached a trainee hopes and forgives, and the trainee knows it; a rating by that
    person says less. Assessors are people of their own, so a gate never has this finding. Where a
    rotation decides nothing and has too few assessors, lead trainers and coaches rate too: each is
    placed where he or she watched none of the trainees practice in small groups, earlier in the
    agenda, in the modules that the instrument measures or in the module of the rotation. The rule
    speaks where the call sheet has no such place for everybody who must rate.

    Source: judgment of the authors.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          hours: 4
          cohort: {trainees: 6, trainers: 1, coaches: 1, assessors: 0}
          day: {start: 08:30, end: 10:30, lunch: {minutes: 0, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 0}, longest_run: 120, opening: 0, closing: 0,
            slack: {min: 0, max: 10}}
        instrument: {id: i1, title: Contact, kind: role-play, kirkpatrick: 2, when: in-course,
          minutes: 30, objectives: [o1]}
        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: greet, behavior: a customer, play: 10,
               domain: interpersonal, level: apply}
          activities:
            - {id: m1-pairs, method: role-play, phase: practice, objectives: [o1],
               grouping: {size: 2, rounds: 3, prepare: 1, feedback: 4},
               minutes: {min: 120, plan: 120, max: 120}}
            - id: m1-turn
              method: test
              phase: assess
              objectives: [o1]
              minutes: {min: 120, plan: 120, max: 120}
              rotation: {groups: 1, stations: [  # <--
                {title: Contact, instruments: [i1], circuits: 2}]}

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          hours: 4
          cohort: {trainees: 6, trainers: 1, coaches: 1, assessors: 2}
          day: {start: 08:30, end: 10:30, lunch: {minutes: 0, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 0}, longest_run: 120, opening: 0, closing: 0,
            slack: {min: 0, max: 10}}
        instrument: {id: i1, title: Contact, kind: role-play, kirkpatrick: 2, when: in-course,
          minutes: 30, objectives: [o1]}
        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: greet, behavior: a customer, play: 10,
               domain: interpersonal, level: apply}
          activities:
            - {id: m1-pairs, method: role-play, phase: practice, objectives: [o1],
               grouping: {size: 2, rounds: 3, prepare: 1, feedback: 4},
               minutes: {min: 120, plan: 120, max: 120}}
            - id: m1-turn
              method: test
              phase: assess
              objectives: [o1]
              minutes: {min: 120, plan: 120, max: 120}
              rotation: {groups: 1, stations: [
                {title: Contact, instruments: [i1], circuits: 2}]}
    """
    from csstrain.staffing.calls import call_sheets

    if review.agenda is None:
        return
    for sheet in call_sheets(review.curriculum, review.agenda):
        found = [each.text for each in sheet.conflicts if each.kind == "coached"]
        if found:
            name = sheet.activity.id
            yield Finding(
                name,
                f"at the stations of `{name}` ({sheet.activity.label}) {'; '.join(found)}",
                "raise `assessors` in the program's cohort, or plan fewer circuits",
                ("rotation",),
                (_cohort(review.curriculum),),
            )


def _looking_after(curriculum: Curriculum, each: Call) -> Iterator[tuple[int, int]]:
    """For each change, how many people are free to look after papers, and how many must."""
    cohort = curriculum.program.cohort
    for needs in each.changes:
        able = cohort.trainers + cohort.coaches
        if not each.gate:
            able = max(0, _staff(curriculum) - needs.assessors)
        yield able, needs.proctors


def _calls(curriculum: Curriculum) -> Iterator[Call]:
    found = (call(curriculum, activity) for activity in curriculum.activities.values())
    return (each for each in found if each)


def _people(number: int, who: str) -> str:
    return f"{number} {who}{'s' * (number != 1)}"


def _staff(curriculum: Curriculum) -> int:
    cohort = curriculum.program.cohort
    return cohort.assessors + cohort.trainers + cohort.coaches


def _cohort(curriculum: Curriculum) -> Related:
    return Related(curriculum.at(curriculum.program.id, "cohort"), "the people of the cohort")
