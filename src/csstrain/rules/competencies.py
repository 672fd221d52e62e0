"""Rules about competencies: weights that add up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from csstrain.check import Finding, Review, rule
from csstrain.diagnostic import Severity


@rule(Severity.WARNING, tolerance="0.5")
def weights_off_total(review: Review) -> Iterator[Finding]:
    """The weights of a source's competencies do not add up to 100 percent.

    A weight that was mistyped or left out shifts the share of every other. Printed weights are
    rounded, so a small difference is accepted: `tolerance`, in percent points.

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
