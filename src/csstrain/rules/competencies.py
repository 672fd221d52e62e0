"""Rules about competencies: weights that add up, and KSAs that carry each."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from csstrain.check import Finding, Review, rule
from csstrain.diagnostic import Related, Severity


@rule(Severity.WARNING, tolerance="0.5")
def weights_off_total(review: Review) -> Iterator[Finding]:
    """The weights of a source's competencies do not add up to 100 percent.

    A weight that was mistyped or left out shifts the share of every other, and with it the hours
    that trainees get. Printed weights are rounded, so a small difference is accepted: `tolerance`,
    in percent points (0.5 by default); coverage divides each weight by what they really add up to.

    Source: the competency profile of the case, whose printed weights add up to 100.1.

    Flagged:

        source: {id: s, title: Profile, file: profile.txt}  # <--
        competencies:
          - {id: c1, name: Contact, origin: s, definition: Serves customers., weight: 60}
          - {id: c2, name: Records, origin: s, definition: Keeps records., weight: 45}

    Clean:

        source: {id: s, title: Profile, file: profile.txt}
        competencies:
          - {id: c1, name: Contact, origin: s, definition: Serves customers., weight: 60.1}
          - {id: c2, name: Records, origin: s, definition: Keeps records., weight: 40}
    """
    totals: dict[str, Decimal] = {}
    for competency in review.curriculum.competencies.values():
        if competency.weight is not None:
            origin = competency.origin
            totals[origin] = totals.get(origin, Decimal(0)) + competency.weight
    for origin, total in totals.items():
        if abs(total - 100) > review.number["tolerance"]:
            yield Finding(
                origin,
                f"the weights of the competencies from `{origin}` add up to {total:f}, not 100",
                "compare each `weight` with the source",
            )


@rule(Severity.WARNING)
def competency_without_ksa(review: Review) -> Iterator[Finding]:
    """A competency is made up of no KSA.

    The job profile asks for it, and nothing that is taught or tested belongs to it: whoever
    compares the profile with the training finds a hole. Where that is on purpose, `coverage_note`
    says why, to HR as well as to the trainee.

    Source: two-way trace from competency to training; judgment of the authors.

    Flagged:

        source: {id: s, title: Profile, file: profile.txt}
        competency: {id: c1, name: Contact, origin: s, definition: Serves customers.}  # <--

    Clean:

        source: {id: s, title: Profile, file: profile.txt}
        competency: {id: c1, name: Contact, origin: s, definition: Serves customers.,
          coverage_note: the desk of this unit meets no customers}
    """
    for competency in review.curriculum.competencies.values():
        if not competency.ksas and not competency.coverage_note:
            yield Finding(
                competency.id,
                f"no KSA belongs to competency `{competency.id}` ({competency.name})",
                "add `ksas: […]` with those that make it up, or `coverage_note:` with the reason",
            )


@rule(Severity.WARNING)
def competency_without_trained_ksa(review: Review) -> Iterator[Finding]:
    """A competency has KSAs, and this program trains none of them.

    Everything in it is required at entry or exempt, so its weight buys no training. That may be
    right, but a supervisor who reads the profile expects it to be taught. `coverage_note` says why
    it is not. A competency without any KSA has a rule of its own.

    Source: two-way trace from competency to training; judgment of the authors.

    Flagged:

        source: {id: s, title: Profile, file: profile.txt}
        ksas: [{id: k1, statement: Reads policy text., classes: [ability], status: entry}]
        competency: {id: c1, name: Reading, origin: s, definition: Reads well., ksas: [k1]}  # <--

    Clean:

        source: {id: s, title: Profile, file: profile.txt}
        ksas: [{id: k1, statement: Reads policy text., classes: [ability], status: entry}]
        competency: {id: c1, name: Reading, origin: s, definition: Reads well., ksas: [k1],
          coverage_note: a college degree shows it at entry}
    """
    curriculum = review.curriculum
    for name, covered in review.coverage.competencies.items():
        competency = curriculum.competencies[name]
        if covered.ksas and not covered.trained and not competency.coverage_note:
            listed = ", ".join(f"`{k}` ({curriculum.ksas[k].status})" for k in covered.ksas)
            yield Finding(
                name,
                f"competency `{name}` ({competency.name}) has no trained KSA: {listed}",
                "add a trained KSA to `ksas`, or `coverage_note:` with the reason",
                ("ksas",),
                tuple(Related(curriculum.at(k), curriculum.label(k)) for k in covered.ksas),
            )
