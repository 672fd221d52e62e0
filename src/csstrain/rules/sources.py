"""Rules about sources and status: nothing is lost, nothing is assumed in silence."""

from __future__ import annotations

from collections.abc import Iterator

from csstrain.check import Finding, Review, rule
from csstrain.diagnostic import Severity


@rule(Severity.WARNING)
def uncited_part(review: Review) -> Iterator[Finding]:
    """A part of a source document has no place in the program.

    Somebody who wrote or approved the source will look for it. Cite the part where the program
    answers it, or say on the part why it is left out.

    Flagged:

        source:
          id: case
          title: The case
          file: case.txt
          parts: [{id: case-duty-1, at: "Duties, first"}]  # <--

    Clean:

        source:
          id: case
          title: The case
          file: case.txt
          parts: [{id: case-duty-1, at: "Duties, first", unused: a page heading}]
    """
    for part in review.curriculum.parts.values():
        if not review.curriculum.citations[part.id] and not part.unused:
            yield Finding(
                part.id,
                f"nothing in the program cites `{part.id}` ({part.at})",
                f"add `{part.id}` to the `cites` of what answers it, or say `unused:` why not",
            )


@rule(Severity.WARNING)
def entry_without_screening(review: Review) -> Iterator[Finding]:
    """A KSA is required at entry, and nothing says what shows it.

    An assumption about trainees is unproven until evidence is named: a degree, a work sample, a
    screening test.

    Flagged:

        ksas:
          - {id: k1, statement: Read policy text., classes: [ability], status: entry}  # <--

    Clean:

        ksas:
          - {id: k1, statement: Read policy text., classes: [ability], status: entry,
             screening: a college degree}
    """
    for ksa in review.curriculum.ksas.values():
        if ksa.status == "entry" and not ksa.screening:
            yield Finding(
                ksa.id,
                f"`{ksa.id}` is required at entry, but nothing says what shows it",
                "add `screening:` with the evidence, such as a degree or a work sample",
            )


@rule(Severity.WARNING)
def untrained_without_reason(review: Review) -> Iterator[Finding]:
    """A KSA or a task of the job is left out of training without a reason.

    What is left out on purpose and what was forgotten look the same to everyone but its author.

    Flagged:

        duty:
          id: d1
          name: Hiring
          tasks: [{id: d1-1, text: Interview applicants., status: not-trained}]  # <--

    Clean:

        duty:
          id: d1
          name: Hiring
          tasks: [{id: d1-1, text: Interview applicants., status: not-trained,
            reason: the personnel office trains it}]
    """
    for ksa in review.curriculum.ksas.values():
        if ksa.status == "exempt" and not ksa.reason:
            yield _unreasoned(ksa.id, f"`{ksa.id}` is exempt from training without a reason")
    for duty in review.curriculum.duties.values():
        for task in duty.tasks:
            if task.status != "trained" and not task.reason:
                yield _unreasoned(task.id, f"task `{task.id}` is {task.status} without a reason")


def _unreasoned(name: str, message: str) -> Finding:
    return Finding(name, message, "add `reason:`")
