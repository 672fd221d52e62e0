"""Rules about listening: how long trainees are talked to, and when."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from csstrain.agenda import Session
from csstrain.check import Finding, Review, rule
from csstrain.diagnostic import Related, Severity
from csstrain.model import clock_text

LISTENING = ("lecture", "briefing")


@rule(Severity.ADVICE, stage="agenda", most=20, warned=30)
def long_lecture(review: Review) -> Iterator[Finding]:
    """Trainees listen for longer than they follow.

    Talk that goes on is heard and not kept; the evidence for an exact limit is weak, so this only
    advises. `most` (20, in minutes) is the longest stretch of lecture and briefing with nothing
    between them; from `warned` (30, in minutes) on `overlong-lecture` tells it instead. A question
    that everybody answers, a task in pairs or a break ends a stretch.

    Source: Pike's 90/20/8 rule; Bradbury 2016 on how little supports a fixed limit.

    Flagged:

        module:
          id: m1
          title: Rules
          activities:
            - {id: m1-rules, method: lecture, phase: present,  # <--
               minutes: {min: 25, plan: 25, max: 25}}
            - {id: m1-drill, method: drill, phase: practice, minutes: {min: 5, plan: 9, max: 9}}

    Clean:

        module:
          id: m1
          title: Rules
          activities:
            - {id: m1-rules, method: lecture, phase: present, minutes: {min: 15, plan: 15, max: 15}}
            - {id: m1-pairs, method: drill, phase: practice, minutes: {min: 5, plan: 9, max: 9}}
            - {id: m1-fees, method: lecture, phase: present, minutes: {min: 10, plan: 10, max: 10}}
    """
    for stretch in _lectures(review):
        minutes = sum(session.minutes for session in stretch)
        if review.number["most"] < minutes <= review.number["warned"]:
            yield _listening(review, stretch, minutes, review.number["most"])


@rule(Severity.WARNING, stage="agenda", most=30)
def overlong_lecture(review: Review) -> Iterator[Finding]:
    """Trainees listen so long that most of it is lost.

    Half an hour of talk without anything to do costs the attention that the next exercise needs.
    `most` (30, in minutes) is the longest stretch of lecture and briefing with nothing between
    them. Cut it into parts with a task between, or move facts to a handout or to pre-work.

    Source: Pike's 90/20/8 rule; Bradbury 2016 on how little supports a fixed limit.

    Flagged:

        module:
          id: m1
          title: Rules
          activities:
            - {id: m1-rules, method: lecture, phase: present,  # <--
               minutes: {min: 20, plan: 20, max: 20}}
            - {id: m1-fees, method: lecture, phase: present, minutes: {min: 15, plan: 15, max: 15}}
            - {id: m1-drill, method: drill, phase: practice, minutes: {min: 5, plan: 15, max: 15}}

    Clean:

        module:
          id: m1
          title: Rules
          activities:
            - {id: m1-rules, method: lecture, phase: present, minutes: {min: 20, plan: 20, max: 20}}
            - {id: m1-pairs, method: drill, phase: practice, minutes: {min: 5, plan: 15, max: 15}}
            - {id: m1-fees, method: lecture, phase: present, minutes: {min: 15, plan: 15, max: 15}}
    """
    for stretch in _lectures(review):
        minutes = sum(session.minutes for session in stretch)
        if minutes > review.number["most"]:
            yield _listening(review, stretch, minutes, review.number["most"])


@rule(Severity.ADVICE, stage="agenda", minutes=45)
def lecture_after_lunch(review: Review) -> Iterator[Finding]:
    """A lecture begins soon after lunch.

    After the meal people are at their slowest; whoever must listen then, dozes. Practice, talk in
    small groups and lab work keep them awake. `minutes` (45) is the time after lunch that is kept
    free of lectures and briefings.

    Source: trainers' practice on the hour after lunch.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          hours: 2
          cohort: {trainees: 6}
          day: {start: 10:30, end: 13:30, lunch: {minutes: 60, earliest: 11:30, latest: 11:30},
            breaks: {minutes: 10, count: 0}, opening: 0, closing: 0, slack: {min: 0, max: 10}}
        module:
          id: m1
          title: Rules
          activities:
            - {id: m1-drill, method: drill, phase: practice, minutes: {min: 60, plan: 60, max: 60}}
            - {id: m1-rules, method: lecture, phase: present,  # <--
               minutes: {min: 15, plan: 15, max: 15}}
            - {id: m1-pairs, method: drill, phase: practice, minutes: {min: 45, plan: 45, max: 45}}

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          hours: 2
          cohort: {trainees: 6}
          day: {start: 10:30, end: 13:30, lunch: {minutes: 60, earliest: 11:30, latest: 11:30},
            breaks: {minutes: 10, count: 0}, opening: 0, closing: 0, slack: {min: 0, max: 10}}
        module:
          id: m1
          title: Rules
          activities:
            - {id: m1-drill, method: drill, phase: practice, minutes: {min: 60, plan: 60, max: 60}}
            - {id: m1-pairs, method: drill, phase: practice, minutes: {min: 45, plan: 45, max: 45}}
            - {id: m1-rules, method: lecture, phase: present, minutes: {min: 15, plan: 15, max: 15}}
    """
    kept = review.number["minutes"]
    for day in review.agenda.days if review.agenda else ():
        lunches = [s.end for s in day.sessions if s.kind == "lunch"]
        for session in day.sessions:
            activity = session.activity
            if (
                activity
                and activity.method in LISTENING
                and any(0 <= session.start - end < kept for end in lunches)
            ):
                yield Finding(
                    activity.id,
                    f"on day {day.number} `{activity.id}` ({activity.label}) has trainees listen "
                    f"at {clock_text(session.start)}, soon after lunch",
                    "let an exercise come first, or teach it by discussion or demonstration",
                    ("method",),
                )


def _lectures(review: Review) -> Iterator[list[Session]]:
    """Sessions of talk that follow each other with nothing between."""
    for day in review.agenda.days if review.agenda else ():
        stretch: list[Session] = []
        for session in day.sessions:
            if session.activity and session.activity.method in LISTENING:
                stretch.append(session)
            elif stretch:
                yield stretch
                stretch = []
        if stretch:
            yield stretch


def _listening(review: Review, stretch: list[Session], minutes: int, most: Decimal) -> Finding:
    names = [s.activity.id for s in stretch if s.activity]
    others = dict.fromkeys(names[1:])
    also = f" with {', '.join(f'`{n}`' for n in others)}" if others else ""
    return Finding(
        names[0],
        f"from {clock_text(stretch[0].start)} trainees listen for {minutes} minutes to "
        f"`{names[0]}` ({review.curriculum.label(names[0])}){also}",
        f"put something to do into it after at most {most:f} minutes, or move facts to a handout",
        ("method",),
        tuple(Related(review.curriculum.at(n), f"`{n}` follows at once") for n in others),
    )
