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

    Source: training selection rests on job analysis, 29 CFR 1607.14.

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
    screening test. Without it trainers meet people who cannot follow, and HR cannot say why.

    Source: the first question of the case, which lets degrees stand for the basic abilities.

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

    What is left out on purpose and what was forgotten look the same to everyone but its author,
    above all to the supervisor who has to fill the hole.

    Source: holes that are justified in the trace, judgment of the authors.

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


@rule(Severity.WARNING)
def ksa_without_source(review: Review) -> Iterator[Finding]:
    """A KSA cites no part of a source document.

    Nobody can say why trainees are held to it. When a test decides about an employment, what it
    asks must lead back to an analysis of the job; cite the duty or qualification that it comes
    from. Where a program keeps no source documents at all, that is told once, at the program.

    Source: content validity rests on job analysis, 29 CFR 1607.14.

    Flagged:

        source: {id: s, title: The case, file: case.txt, parts: [{id: s-1, at: line 1}]}
        ksas:
          - {id: k1, statement: Greet a customer., classes: [skill], cites: [s-1]}
          - {id: k2, statement: Close a contact., classes: [skill]}  # <--

    Clean:

        source: {id: s, title: The case, file: case.txt, parts: [{id: s-1, at: line 1}]}
        ksas: [{id: k1, statement: Greet a customer., classes: [skill], cites: [s-1]}]
    """
    curriculum = review.curriculum
    uncited = [ksa for ksa in curriculum.ksas.values() if not ksa.cites]
    if uncited and not curriculum.parts:
        yield Finding(
            curriculum.program.id,
            "the program names no source document with parts, so no KSA leads back to the job",
            "add `source:` with the parts of the job description, and `cites:` to each KSA",
        )
        return
    for ksa in uncited:
        yield Finding(
            ksa.id,
            f"`{ksa.id}` ({ksa.short}) cites no part of a source",
            "add `cites: […]` with the duty or qualification that it comes from",
        )


def _unreasoned(name: str, message: str) -> Finding:
    return Finding(name, message, "add `reason:`")
