"""What the planner claims of a tiny curriculum, held against everything that there is."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from csstrain.agenda import Agenda
from csstrain.plan import plan
from tests.agenda_checker import violations
from tests.brute_force import Best, BruteForce
from tests.tiny_curricula import Tiny

SAME = 1e-6  # values nearer than this are the same
PRINTED = 5e-5  # what rounding to four places may add to a printed value
ROUNDED = 2e-4  # what rounding up may add to a printed gap


class Disagreement(NamedTuple):
    """A claim that is not so: which one, and the numbers."""

    claim: str
    words: str


class Verdict(NamedTuple):
    """What was found on one tiny curriculum."""

    agenda: Agenda
    best: Best | None
    disagreements: tuple[Disagreement, ...]


def verdict(tiny: Tiny) -> Verdict:
    """Plan a tiny curriculum, and hold the agenda and its bounds against the brute force."""
    curriculum = tiny.curriculum()
    agenda = plan(curriculum, tiny.hours, basis=tiny.basis).value
    assert agenda is not None
    force = BruteForce(curriculum, tiny.basis)
    best = force.best(int(tiny.hours * 60))
    found = [Disagreement("a hard condition", words) for words in violations(curriculum, agenda)]
    found += _feasible(agenda, best, force)
    found += _worth(agenda, force)
    found += _smallest(agenda, force)
    return Verdict(agenda, best, tuple(found))


def _deferred(agenda: Agenda) -> tuple[str, ...]:
    return tuple(gate.objective for gate in agenda.gates_deferred)


def _minutes(agenda: Agenda) -> int:
    return int(agenda.hours * 60) - agenda.unused


def _feasible(agenda: Agenda, best: Best | None, force: BruteForce) -> Iterator[Disagreement]:
    """The same gates are deferred, and as many minutes filled, as can be."""
    if not agenda.feasible:
        if best:
            yield Disagreement("infeasible", f"{best.minutes} minutes work with {best.deferred}")
        return
    deferred, minutes = _deferred(agenda), _minutes(agenda)
    if not force.works(deferred, minutes):
        yield Disagreement("feasible", f"nothing fills {minutes} minutes with {deferred}")
    elif best and deferred != best.deferred:
        yield Disagreement("deferred", f"{deferred}, yet {best.deferred} is enough")
    elif best and minutes != best.minutes:
        yield Disagreement("unused", f"{minutes} minutes, yet {best.minutes} can be filled")


def _worth(agenda: Agenda, force: BruteForce) -> Iterator[Disagreement]:
    """The agenda is worth no more than can be, and nothing is worth more than the bound."""
    proof, minutes = agenda.proof, _minutes(agenda)
    if not agenda.feasible or not force.works(_deferred(agenda), minutes):
        return
    most = force.value(_deferred(agenda), minutes)
    if proof.value > most + PRINTED + SAME:
        yield Disagreement("value", f"{proof.value} is printed, {most} is all that there is")
    if proof.bound is None or proof.gap is None:
        yield Disagreement("bound", "none is printed")
        return
    if most > proof.bound + SAME:
        yield Disagreement("bound", f"{proof.bound} is printed, yet {most} can be had")
    gap = (proof.bound - proof.value) / proof.bound
    if not gap - SAME <= proof.gap <= gap + ROUNDED:
        yield Disagreement("gap", f"{proof.gap} is printed for {gap}")


def _smallest(agenda: Agenda, force: BruteForce) -> Iterator[Disagreement]:
    """No hours below the printed minimum work, and the minimum does."""
    bounds, least = agenda.bounds, force.smallest()
    smallest = None if least is None else Decimal(least) / 60
    if bounds.minimum_hours != smallest:
        proven = "proven" if bounds.minimum_proven else "not proven"
        words = f"{bounds.minimum_hours} is printed, {smallest} is right"
        yield Disagreement(f"minimum, {proven}", words)
    alone = bounds.minimum_hours_without_deferral
    if alone is not None and not force.works((), int(alone * 60)):
        yield Disagreement("minimum without deferral", f"{alone} hours do not work")
