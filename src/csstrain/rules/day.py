"""Rules about the shape of the day: runs, lunch, slack, length, opening, closing, evaluation."""

from __future__ import annotations

from collections.abc import Iterator

from csstrain.check import Finding, Review, rule
from csstrain.diagnostic import Severity
from csstrain.model import clock_text


@rule(Severity.WARNING, most=90)
def run_too_long(review: Review) -> Iterator[Finding]:
    """The day lets trainees work longer without a break than they can.

    Attention and hands tire before people say so, and what is practiced tired is practiced badly.
    `most` (90, in minutes) is the longest stretch without a break; the planner holds every run
    within `longest_run`, so this rule looks at what the program allows. Eight paid hours with two
    breaks and a lunch cannot do without runs of nearly two hours: three breaks can.

    Source: Pike, 90 minutes and a break; published rules of thumb vary.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day:
            start: 08:30
            end: 17:30
            lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
            breaks: {minutes: 10, count: 2}
            longest_run: 120  # <--
            opening: 15
            closing: 10
            slack: {min: 3, max: 10}

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day:
            start: 08:30
            end: 17:30
            lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
            breaks: {minutes: 10, count: 3}
            longest_run: 90
            opening: 15
            closing: 10
            slack: {min: 3, max: 10}
    """
    program, most = review.curriculum.program, review.number["most"]
    if program.day.longest_run > most:
        yield Finding(
            program.id,
            f"the day allows {program.day.longest_run} minutes without a break",
            f"set `longest_run: {most:f}` or less, and plan as many breaks as that needs",
            ("day", "longest_run"),
        )


@rule(Severity.WARNING, least=45, hours=5)
def short_lunch(review: Review) -> Iterator[Finding]:
    """The meal of a long day is too short to eat and rest.

    A cohort needs the first minutes to get out and the last to come back; a cafeteria takes the
    rest. Trainees who have not eaten do not learn in the afternoon. `least` (45, in minutes) is the
    shortest meal; days of up to `hours` (5, paid hours) may do without one. What the law of the
    place asks stands above both.

    Source: judgment of the authors.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day:
            start: 08:30
            end: 17:30
            lunch: {minutes: 30, earliest: 11:30, latest: 13:00}  # <--
            breaks: {minutes: 10, count: 3}
            opening: 15
            closing: 10
            slack: {min: 3, max: 10}

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day:
            start: 08:30
            end: 17:30
            lunch: {minutes: 45, earliest: 11:30, latest: 13:00}
            breaks: {minutes: 10, count: 3}
            opening: 15
            closing: 10
            slack: {min: 3, max: 10}
    """
    program, least = review.curriculum.program, review.number["least"]
    day = program.day
    if day.paid > 60 * review.number["hours"] and day.lunch.minutes < least:
        yield Finding(
            program.id,
            f"a day of {as_hours(day.paid)} has {day.lunch.minutes} minutes for lunch",
            f"give lunch at least {least:f} minutes and let the day end as much later",
            ("day", "lunch", "minutes"),
        )


@rule(Severity.WARNING, hours=5)
def late_lunch(review: Review) -> Iterator[Finding]:
    """Lunch may begin too long after the day did.

    The planner may put the meal anywhere in its window, so the latest start counts. Hungry trainees
    rush the last exercise of the morning, and some cannot wait for reasons of health. `hours` (5)
    is the longest time from the start of the day to the meal. A day without a meal is another
    rule's matter.

    Source: judgment of the authors.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day:
            start: 08:30
            end: 17:30
            lunch: {minutes: 60, earliest: 12:00, latest: 14:30}  # <--
            breaks: {minutes: 10, count: 3}
            opening: 15
            closing: 10
            slack: {min: 3, max: 10}

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day:
            start: 08:30
            end: 17:30
            lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
            breaks: {minutes: 10, count: 3}
            opening: 15
            closing: 10
            slack: {min: 3, max: 10}
    """
    program, hours = review.curriculum.program, review.number["hours"]
    day = program.day
    if day.lunch.minutes and day.lunch.latest - day.start > 60 * hours:
        yield Finding(
            program.id,
            f"lunch may begin as late as {clock_text(day.lunch.latest)}, "
            f"{as_hours(day.lunch.latest - day.start)} after the day began",
            f"set `latest: {clock_text(day.start + int(60 * hours))}` or earlier",
            ("day", "lunch", "latest"),
        )


@rule(Severity.ADVICE, least=3, most=10)
def slack_out_of_range(review: Review) -> Iterator[Finding]:
    """The program holds back too little time for what takes longer, or too much.

    Without slack the first question of the first morning makes every later session late, and the
    trainer cuts what stands last: feedback and transfer. Too much of it is training that trainees
    are paid for and do not get. `least` and `most` (3 and 10, in percent of paid time) bound what
    `slack` may allow.

    Source: judgment of the authors.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day:
            start: 08:30
            end: 17:30
            lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
            breaks: {minutes: 10, count: 3}
            opening: 15
            closing: 10
            slack: {min: 0, max: 10}  # <--

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day:
            start: 08:30
            end: 17:30
            lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
            breaks: {minutes: 10, count: 3}
            opening: 15
            closing: 10
            slack: {min: 3, max: 10}
    """
    program = review.curriculum.program
    slack, least, most = program.day.slack, review.number["least"], review.number["most"]
    if slack.min < least:
        yield Finding(
            program.id,
            f"the agenda may have as little as {slack.min:f} percent of slack",
            f"set `min: {least:f}` or more, so that one late session does not move all others",
            ("day", "slack", "min"),
        )
    if slack.max > most:
        yield Finding(
            program.id,
            f"the agenda may have as much as {slack.max:f} percent of slack",
            f"set `max: {most:f}` or less; time in hand is time not taught",
            ("day", "slack", "max"),
        )


@rule(Severity.WARNING, most=8)
def day_too_long(review: Review) -> Iterator[Finding]:
    """A training day has more paid hours than people can use.

    Learning something new all day is harder than a day of known work; after eight hours trainees
    sit and no longer learn, trainers improvise, and overtime rules begin. `most` (8, in hours)
    is the longest paid day: presence less the unpaid meal.

    Source: judgment of the authors.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day:
            start: 08:30
            end: 18:30  # <--
            lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
            breaks: {minutes: 10, count: 3}
            opening: 15
            closing: 10
            slack: {min: 3, max: 10}

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day:
            start: 08:30
            end: 17:30
            lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
            breaks: {minutes: 10, count: 3}
            opening: 15
            closing: 10
            slack: {min: 3, max: 10}
    """
    program, most = review.curriculum.program, review.number["most"]
    if program.day.paid > 60 * most:
        yield Finding(
            program.id,
            f"a day has {as_hours(program.day.paid)} of paid time",
            f"end it at {clock_text(program.day.end - (program.day.paid - int(60 * most)))} or "
            "start later, and plan another day",
            ("day", "end"),
        )


@rule(Severity.ADVICE)
def day_without_opening(review: Review) -> Iterator[Finding]:
    """The days of the program have no opening.

    A quarter of an hour of recall each morning is the cheapest way to keep what was learned the day
    before, and the only place for questions that came up overnight. The first day needs none.

    Source: spaced retrieval, Latimier 2021; judgment of the authors.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day:
            start: 08:30
            end: 17:30
            lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
            breaks: {minutes: 10, count: 3}
            opening: 0  # <--
            closing: 10
            slack: {min: 3, max: 10}

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day:
            start: 08:30
            end: 17:30
            lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
            breaks: {minutes: 10, count: 3}
            opening: 15
            closing: 10
            slack: {min: 3, max: 10}
    """
    program = review.curriculum.program
    if not program.day.opening:
        yield Finding(
            program.id,
            "the days have no opening, so nothing of the day before is recalled",
            "set `opening: 15`",
            ("day", "opening"),
        )


@rule(Severity.ADVICE)
def day_without_closing(review: Review) -> Iterator[Finding]:
    """The days of the program have no closing.

    At the end of a day trainees say what they take along, fill in the daily form and hear what
    comes next; the trainer learns what to mend before tomorrow. Without a place in the clock all of
    that happens on the way out, or not at all.

    Source: judgment of the authors.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day:
            start: 08:30
            end: 17:30
            lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
            breaks: {minutes: 10, count: 3}
            opening: 15
            closing: 0  # <--
            slack: {min: 3, max: 10}

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day:
            start: 08:30
            end: 17:30
            lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
            breaks: {minutes: 10, count: 3}
            opening: 15
            closing: 10
            slack: {min: 3, max: 10}
    """
    program = review.curriculum.program
    if not program.day.closing:
        yield Finding(
            program.id,
            "the days have no closing, so nobody looks back or fills in the daily form",
            "set `closing: 10`",
            ("day", "closing"),
        )


@rule(Severity.ADVICE)
def program_without_daily_evaluation(review: Review) -> Iterator[Finding]:
    """Nothing asks trainees at the end of a day what helped and what did not.

    A form on the last day comes too late for this cohort: what was unclear on Monday is mended on
    Tuesday or never. An instrument with `when: daily` does it in five minutes; it asks for what the
    trainer can decide by, not for applause. A program that trains nobody live needs none.

    Source: judgment of the authors; Kirkpatrick level 1.

    Flagged:

        program:
          id: program  # <--
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day:
            start: 08:30
            end: 17:30
            lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
            breaks: {minutes: 10, count: 3}
            opening: 15
            closing: 10
            slack: {min: 3, max: 10}
        module: {id: m1, title: Contact, activities: [{id: m1-play, method: role-play,
          phase: practice, minutes: {min: 10, plan: 10, max: 10}}]}

    Clean:

        module: {id: m1, title: Contact, activities: [{id: m1-play, method: role-play,
          phase: practice, minutes: {min: 10, plan: 10, max: 10}}]}
        instrument: {id: i1, title: Today, kind: reaction-form, kirkpatrick: 1, when: daily}
    """
    curriculum = review.curriculum
    live = any(a.delivery == "session" for a in curriculum.activities.values())
    if live and not any(i.when == "daily" for i in curriculum.instruments.values()):
        yield Finding(
            curriculum.program.id,
            "no instrument asks trainees at the end of each day",
            "add an instrument with `kind: reaction-form` and `when: daily`",
        )


def as_hours(minutes: int) -> str:
    """Minutes as hours and minutes.

    >>> as_hours(480), as_hours(495), as_hours(61)
    ('8 hours', '8 hours 15 minutes', '1 hour 1 minute')
    """
    parts = zip(divmod(minutes, 60), ("hour", "minute"), strict=True)
    return " ".join(f"{number} {unit}{'s' * (number != 1)}" for number, unit in parts if number)
