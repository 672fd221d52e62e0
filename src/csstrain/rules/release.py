"""Rules about versions and approvals: who answers for the program, and for which one."""

from __future__ import annotations

from collections.abc import Iterator

from csstrain.check import Finding, Review, rule
from csstrain.diagnostic import Severity


@rule(Severity.WARNING)
def program_without_history(review: Review) -> Iterator[Finding]:
    """The history does not tell what the current version changed, and when.

    Two binders with different rules for the same decision can be told apart by version and date
    only. Each version has its line in `history`; the one that `version` names must be among them.

    Source: DOE-HDBK-1078-94, history record.

    Flagged:

        program:
          id: program
          title: A program
          version: "2"  # <--
          history: [{version: "1", date: 2026-10-01, change: First draft.}]
          cohort: {trainees: 18}
          day:
            start: 08:30
            end: 17:30
            lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
            breaks: {minutes: 10, count: 3}
            opening: 15
            closing: 10
            slack: {min: 3, max: 10}

    Clean:

        program:
          id: program
          title: A program
          version: "2"
          history:
            - {version: "1", date: 2026-10-01, change: First draft.}
            - {version: "2", date: 2026-11-02, change: Two stations more.}
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
    if program.version not in [each.version for each in program.history]:
        yield Finding(
            program.id,
            f"the history of the program has no line for version {program.version}",
            f"add `{{version: {program.version}, date: …, change: …}}` to `history`",
            ("version",),
        )


@rule(Severity.WARNING)
def program_without_approvals(review: Review) -> Iterator[Finding]:
    """Nobody is named who must approve the program.

    A program that can end somebody's employment needs people who answer for it: for the content,
    for the policy of the decision, for the law. List their functions while it is a draft; names and
    dates follow. A released program is another rule's matter.

    Source: DOE-HDBK-1078-94, approvals on the cover of a lesson plan.

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

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          approvals: [{role: Director of Human Resources}]
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
    if program.status == "draft" and not program.approvals:
        yield Finding(
            program.id,
            "nobody is named who must approve the program",
            "add `approvals: [{role: …}]` with the functions that answer for it",
        )


@rule(Severity.ERROR)
def release_without_approval(review: Review) -> Iterator[Finding]:
    """The program is released, and not everybody who must approve it has done so.

    Results of a released program decide about people. Whoever appeals asks first who approved it,
    and when; so each approval has a name and a date before the status becomes `released`.

    Source: DOE-HDBK-1078-94, approvals on the cover of a lesson plan.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          status: released  # <--
          cohort: {trainees: 18}
          approvals: [{role: Director of Human Resources}]
          day:
            start: 08:30
            end: 17:30
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
          status: released
          cohort: {trainees: 18}
          approvals: [{role: Director of Human Resources, name: M. Okafor, date: 2026-11-20}]
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
    if program.status != "released":
        return
    waiting = [a.role for a in program.approvals if not (a.name and a.date)]
    if waiting or not program.approvals:
        missing = f"these have not approved it: {'; '.join(waiting)}"
        yield Finding(
            program.id,
            f"the program is released, but {missing if waiting else 'nobody has approved it'}",
            "add `name` and `date` to each approval, or set `status: draft`",
            ("status",),
        )
