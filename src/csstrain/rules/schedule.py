"""Rules about the days of an agenda: what stands where in them, and how much."""

from __future__ import annotations

from collections.abc import Iterator

from csstrain.agenda import Agenda, Session
from csstrain.check import Finding, Review, rule
from csstrain.coverage import TEACHING
from csstrain.curriculum import Curriculum, certifies, decides, practices
from csstrain.diagnostic import Severity
from csstrain.model import Activity
from csstrain.rules.day import as_hours


@rule(Severity.WARNING, stage="agenda")
def new_content_last(review: Review) -> Iterator[Finding]:
    """Something new is taught when there is no time left to practice it.

    What is first met in the last half-day, or after the final assessment has begun, is practiced
    nowhere and assessed by nothing that comes before it. The last half-day is what follows the
    last lunch, or all of a last day without one; an agenda of one day has no other half and is not
    judged by it. Content is new where an activity presents or demonstrates an objective that no
    earlier activity served, and the objective serves no KSA that an earlier one brought in: goals
    for each desk, written at the end from what the week taught, are not new.

    Source: judgment of the authors.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          hours: 3
          cohort: {trainees: 6}
          day: {start: 08:30, end: 10:30, lunch: {minutes: 0, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 0}, longest_run: 120, opening: 0, closing: 0,
            slack: {min: 0, max: 10}}
        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: greet, behavior: a customer,
               domain: interpersonal, level: apply}
            - {id: o2, kind: terminal, verb: close, behavior: a contact,
               domain: interpersonal, level: apply}
          activities:
            - {id: m1-greet, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 120, plan: 120, max: 120}}
            - {id: m1-close, method: demonstration, phase: demonstrate, objectives: [o2],  # <--
               minutes: {min: 60, plan: 60, max: 60}}

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          hours: 3
          cohort: {trainees: 6}
          day: {start: 08:30, end: 10:30, lunch: {minutes: 0, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 0}, longest_run: 120, opening: 0, closing: 0,
            slack: {min: 0, max: 10}}
        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: greet, behavior: a customer,
               domain: interpersonal, level: apply}
          activities:
            - {id: m1-greet, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 120, plan: 120, max: 120}}
            - {id: m1-again, method: demonstration, phase: demonstrate, objectives: [o1],
               minutes: {min: 60, plan: 60, max: 60}}
    """
    agenda, curriculum = review.agenda, review.curriculum
    if agenda is None:
        return
    late = _last_half_day(agenda)
    final = False
    met: set[str] = set()
    for day in agenda.days:
        for session in day.sessions:
            activity = session.activity
            if activity is None:
                continue
            last = late is not None and (day.number, session.start) >= late
            new = [o for o in activity.objectives if _is_new(curriculum, o, met)]
            if (last or final) and new and activity.phase in TEACHING:
                named = ", ".join(f"`{o}` ({curriculum.label(o)})" for o in new)
                when = "after the final assessment" if final else "in the last half-day"
                yield Finding(
                    activity.id,
                    f"`{activity.id}` ({activity.label}) teaches {named} for the first time {when}",
                    "let its module come earlier, or leave it out and learn it on the job",
                )
            final = final or _is_final(curriculum, activity)
            met |= {*activity.objectives, *_ksas(curriculum, activity.objectives)}


@rule(Severity.WARNING, stage="agenda")
def final_without_feedback(review: Review) -> Iterator[Finding]:
    """The agenda ends with the final assessment, and nobody hears what was seen.

    A result without the reasons for it teaches nothing and is the first thing that is appealed.
    After the last final assessment there must be a session that gives feedback: phase `debrief`,
    or event `give-feedback`. The planner puts one there where the content has one. Where final
    instruments are gates, only those count: what decides must be explained.

    Source: Gagné's events of instruction, give feedback.

    Flagged:

        instrument: {id: i1, title: Station, kind: role-play, kirkpatrick: 2, when: end-of-course,
          minutes: 15, at_once: 18}
        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-final, method: test, phase: assess, instrument: i1,  # <--
               minutes: {min: 15, plan: 19, max: 19}}

    Clean:

        instrument: {id: i1, title: Station, kind: role-play, kirkpatrick: 2, when: end-of-course,
          minutes: 15, at_once: 18}
        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-final, method: test, phase: assess, instrument: i1,
               minutes: {min: 15, plan: 15, max: 15}}
            - {id: m1-seen, method: coaching, phase: debrief, minutes: {min: 18, plan: 18, max: 18}}
    """
    shown = [s.activity for s in review.agenda.sessions() if s.activity] if review.agenda else []
    finals = [a for a in shown if _is_final(review.curriculum, a)]
    deciding = {a.id for a in finals if decides(review.curriculum, a)} or {a.id for a in finals}
    final: Activity | None = None
    for activity in shown:
        if activity.id in deciding:
            final = activity
        elif activity.phase == "debrief" or activity.event == "give-feedback":
            final = None
    if final:
        yield Finding(
            final.id,
            f"nothing gives feedback after `{final.id}` ({final.label}), the last final assessment",
            "add an activity with `phase: debrief` after it in its module",
        )


@rule(Severity.ADVICE, stage="agenda")
def day_without_retrieval(review: Review) -> Iterator[Finding]:
    """A day goes by on which trainees recall nothing from memory.

    To fetch something from memory keeps it better than to hear it again, and a few minutes a day
    are enough. The opening of a day counts, every activity with `retrieval: true`, and a quiz,
    which is recall by nature.

    Source: spaced retrieval, Latimier 2021.

    Flagged:

        program:
          id: program  # <--
          title: A program
          version: "1"
          hours: 1
          cohort: {trainees: 6}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 0, max: 10}}
        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-play, method: role-play, phase: practice,
               minutes: {min: 45, plan: 50, max: 50}}

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          hours: 1
          cohort: {trainees: 6}
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 0, max: 10}}
        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-play, method: role-play, phase: practice, retrieval: true,
               minutes: {min: 45, plan: 50, max: 50}}
    """
    for day in review.agenda.days if review.agenda else ():
        if not any(_recalls(session) for session in day.sessions):
            yield Finding(
                review.curriculum.program.id,
                f"on day {day.number} nothing is recalled from memory",
                "set `retrieval: true` on an activity that begins with recall, add a short quiz, "
                "or give the day an opening",
            )


@rule(Severity.ADVICE, stage="agenda", least=2)
def gate_practiced_on_one_day(review: Review) -> Iterator[Finding]:
    """A gate is practiced on too few days.

    What is practiced on one day looks learned in the evening and is half gone the next week; a
    gate decides about a job, so its skill needs a night between two rounds. `least` (2, in days)
    is how many days must hold practice of it. A whole complex task may gain more from one long
    block; say so in a waiver. An agenda of fewer days is not judged, nor is a gate that is
    deferred to the job.

    Source: Cepeda 2006 on spacing; Donovan and Radosevich 1999 on how it fades with complexity.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          hours: 4
          cohort: {trainees: 6}
          day: {start: 08:30, end: 10:30, lunch: {minutes: 0, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 0}, longest_run: 120, opening: 0, closing: 0,
            slack: {min: 0, max: 10}}
        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: greet, behavior: a customer, gate: true,  # <--
               domain: interpersonal, level: apply}
          activities:
            - {id: m1-rules, method: drill, phase: practice,
               minutes: {min: 120, plan: 120, max: 120}}
            - {id: m1-play, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 120, plan: 120, max: 120}}

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          hours: 4
          cohort: {trainees: 6}
          day: {start: 08:30, end: 10:30, lunch: {minutes: 0, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 0}, longest_run: 120, opening: 0, closing: 0,
            slack: {min: 0, max: 10}}
        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: greet, behavior: a customer, gate: true,
               domain: interpersonal, level: apply}
          activities:
            - {id: m1-play, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 120, plan: 120, max: 120}}
            - {id: m1-again, method: role-play, phase: practice, objectives: [o1],
               minutes: {min: 120, plan: 120, max: 120}}
    """
    agenda, least = review.agenda, review.number["least"]
    if agenda is None or len(agenda.days) < least:
        return
    days: dict[str, dict[int, None]] = {}
    for day in agenda.days:
        for session in day.sessions:
            if session.activity and practices(review.curriculum, session.activity):
                for objective in session.activity.objectives:
                    days.setdefault(objective, {})[day.number] = None
    for name, on in days.items():
        if review.curriculum.objectives[name].gate and len(on) < least:
            listed = " and ".join(str(number) for number in on)
            yield Finding(
                name,
                f"the gate `{name}` ({review.curriculum.label(name)}) is practiced on day {listed} "
                "only",
                f"spread its practice over {least:f} days: divide it into two activities with "
                "another module between, or let a later one come back to it",
            )


@rule(Severity.WARNING, stage="agenda", most=7)
def too_many_module_hours(review: Review) -> Iterator[Finding]:
    """A day of the agenda holds more teaching than people can use.

    Opening, closing, breaks and slack are what makes a day bearable; the rest is the time of
    modules. `most` (7, in hours) is the most of it in a day. A paid day that is too long as a
    whole is told by `day-too-long`.

    Source: judgment of the authors.

    Flagged:

        program:
          id: program  # <--
          title: A program
          version: "1"
          hours: 8
          cohort: {trainees: 6}
          day: {start: 08:00, end: 17:00, lunch: {minutes: 60, earliest: 12:00, latest: 12:00},
            breaks: {minutes: 10, count: 0}, longest_run: 240, opening: 15, closing: 0,
            slack: {min: 0, max: 10}}
        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-play, method: role-play, phase: practice,
               minutes: {min: 240, plan: 240, max: 240}}
            - {id: m1-more, method: role-play, phase: practice,
               minutes: {min: 240, plan: 240, max: 240}}

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          hours: 7
          cohort: {trainees: 6}
          day: {start: 08:00, end: 17:00, lunch: {minutes: 60, earliest: 12:00, latest: 12:00},
            breaks: {minutes: 10, count: 0}, longest_run: 240, opening: 15, closing: 0,
            slack: {min: 0, max: 10}}
        module:
          id: m1
          title: Contact
          activities:
            - {id: m1-play, method: role-play, phase: practice,
               minutes: {min: 240, plan: 240, max: 240}}
            - {id: m1-more, method: role-play, phase: practice,
               minutes: {min: 180, plan: 180, max: 180}}
    """
    most = review.number["most"]
    for day in review.agenda.days if review.agenda else ():
        minutes = sum(session.minutes for session in day.sessions if session.activity)
        if minutes > 60 * most:
            yield Finding(
                review.curriculum.program.id,
                f"day {day.number} holds {as_hours(minutes)} of modules",
                f"plan at most {most:f} hours of modules a day: more slack, a longer opening, or "
                "one day more",
            )


def _last_half_day(agenda: Agenda) -> tuple[int, int] | None:
    """Day and minute at which the last half-day begins; None where there is but one day."""
    if len(agenda.days) < 2:
        return None
    last = agenda.days[-1]
    lunches = [session.end for session in last.sessions if session.kind == "lunch"]
    return last.number, max(lunches, default=last.start)


def _is_new(curriculum: Curriculum, objective: str, met: set[str]) -> bool:
    return objective not in met and met.isdisjoint(_ksas(curriculum, (objective,)))


def _ksas(curriculum: Curriculum, objectives: tuple[str, ...]) -> set[str]:
    return {link.ksa for o in objectives for link in curriculum.objectives[o].ksas}


def _is_final(curriculum: Curriculum, activity: Activity) -> bool:
    """Whether it holds an instrument that shows, at the end, what training reached."""
    used = [curriculum.instruments[name] for name in activity.assesses]
    return any(i.when == "end-of-course" and i.kirkpatrick == 2 and certifies(i) for i in used)


def _recalls(session: Session) -> bool:
    return session.retrieval or (session.activity is not None and session.activity.method == "quiz")
