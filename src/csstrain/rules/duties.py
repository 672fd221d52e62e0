"""Rules about duties: what the job does calls for KSAs, and every KSA is called for."""

from __future__ import annotations

from collections.abc import Iterator

from csstrain.check import Finding, Review, rule
from csstrain.diagnostic import Related, Severity


@rule(Severity.ADVICE)
def orphan_ksa(review: Review) -> Iterator[Finding]:
    """No competency and no duty calls for a KSA.

    It may be a habit of earlier courses, or a duty that nobody wrote down: in the first case
    trainees lose time, in the second HR loses the ground on which it tests them. A KSA is called
    for in the `ksas` of a competency or of a task, or by its own `duties`. Content without any
    competency or duty is not asked.

    Source: two-way trace from job task to training; content validity, 29 CFR 1607.14.

    Flagged:

        duty: {id: d1, name: Serve customers}
        ksas:
          - {id: k1, statement: Greet a customer., classes: [skill], duties: [d1]}
          - {id: k2, statement: Close a contact., classes: [skill]}  # <--

    Clean:

        duty: {id: d1, name: Serve customers}
        ksas: [{id: k1, statement: Greet a customer., classes: [skill], duties: [d1]}]
    """
    curriculum = review.curriculum
    if not curriculum.competencies and not curriculum.duties:
        return
    called = {ksa for each in curriculum.competencies.values() for ksa in each.ksas}
    for duty in curriculum.duties.values():
        called |= {ksa for task in duty.tasks for ksa in task.ksas}
    for ksa in curriculum.ksas.values():
        if not ksa.duties and ksa.id not in called:
            yield Finding(
                ksa.id,
                f"no competency and no duty calls for `{ksa.id}` ({ksa.short})",
                "add `duties: […]` here, or name it in the `ksas` of a task or a competency",
            )


@rule(Severity.WARNING)
def trained_task_without_ksa(review: Review) -> Iterator[Finding]:
    """A task of the job is said to be trained, and no trained KSA belongs to it.

    The claim cannot be followed: no objective, practice or test can be found for the task, and a
    supervisor who relies on it sends trainees to work that they never met. Name the KSAs that the
    task calls for, or say with `status` and `reason` that it is not trained.

    Source: the trace from job task to terminal objective, DOE-HDBK-1200-97.

    Flagged:

        duty:
          id: d1
          name: Hiring
          tasks: [{id: d1-1, text: Interviews applicants., status: trained}]  # <--

    Clean:

        ksas: [{id: k1, statement: Asks open questions., classes: [skill]}]
        duty:
          id: d1
          name: Hiring
          tasks: [{id: d1-1, text: Interviews applicants., status: trained, ksas: [k1]}]
    """
    curriculum = review.curriculum
    for duty in curriculum.duties.values():
        for task in duty.tasks:
            named = [curriculum.ksas[k] for k in task.ksas]
            if task.status != "trained" or any(k.status == "trained" for k in named):
                continue
            listed = ", ".join(f"`{k.id}` is {k.status}" for k in named)
            yield Finding(
                task.id,
                f"task `{task.id}` of `{duty.id}` ({duty.name}) is said to be trained, and "
                + (f"none of its KSAs is: {listed}" if named else "it names no KSA"),
                "add the trained KSAs that it calls for to `ksas`, or set `status: not-trained` "
                "with the reason",
                ("ksas",),
                tuple(Related(curriculum.at(k.id), f"`{k.id}`: {k.statement}") for k in named),
            )
