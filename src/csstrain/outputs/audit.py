"""The audit pack: proof, coverage, matrix, time against weight and need, findings, sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from csstrain.agenda import Need
from csstrain.coverage import Coverage, KsaCoverage, cover, held
from csstrain.curriculum import Curriculum
from csstrain.model import Ksa, Module
from csstrain.numbering import Numbering
from csstrain.outputs.agenda import weight_bounds
from csstrain.outputs.curve import curve, percent
from csstrain.plan.value import COVERED
from csstrain.render import Book, Compiled, Page, Section, output
from csstrain.sentences import bounds_text, percent_text, proof_text
from csstrain.timing import minutes_of_ksas


@dataclass(frozen=True)
class KsaLine:
    """One KSA in the matrix: planned coverage, and coverage by the activities that are held."""

    ksa: Ksa
    planned: KsaCoverage
    now: KsaCoverage


def lines(compiled: Compiled, now: Coverage) -> tuple[KsaLine, ...]:
    """All KSAs with both coverages."""
    return tuple(
        KsaLine(ksa, compiled.coverage.ksas[name], now.ksas[name])
        for name, ksa in compiled.curriculum.ksas.items()
    )


@dataclass(frozen=True)
class HeatCell:
    """What one module does for one KSA: the first letters of its stages, and the level reached."""

    letters: str
    level: int

    @property
    def shade(self) -> int:
        """How dark it is drawn: the number of stages, from 0 to 3."""
        return len(self.letters)


Heat = tuple[tuple[Ksa, tuple[HeatCell, ...]], ...]


def heat(curriculum: Curriculum, happening: frozenset[str]) -> Heat:
    """Each trained KSA with what each module does for it at these hours."""
    parts = [
        cover(curriculum, happening & {a.id for a in module.activities}).ksas
        for module in curriculum.modules.values()
    ]
    return tuple(
        (ksa, tuple(_heat_cell(part[name]) for part in parts))
        for name, ksa in curriculum.ksas.items()
        if ksa.status == "trained"
    )


def _heat_cell(part: KsaCoverage) -> HeatCell:
    stages = {"T": part.taught, "P": part.practiced, "A": part.assessed}
    return HeatCell("".join(s for s, level in stages.items() if level), max(stages.values()))


@dataclass(frozen=True)
class NeedLine:
    """One KSA: how much the job needs of it, factor by factor, and the minutes that it gets.

    `wanted` and `given` are its shares of all need and of all minutes, from 0 to 1.
    """

    ksa: Ksa
    need: Need
    minutes: float
    wanted: float
    given: float


def needs(compiled: Compiled) -> tuple[NeedLine, ...]:
    """All KSAs with their need and their minutes in the agenda, the greatest need first."""
    minutes = minutes_of_ksas(compiled.curriculum, compiled.agenda)
    all_need = sum(each.product for each in compiled.agenda.needs) or 1.0
    all_minutes = sum(minutes.values()) or 1.0
    return tuple(
        NeedLine(
            ksa=compiled.curriculum.ksas[need.ksa],
            need=need,
            minutes=minutes[need.ksa],
            wanted=need.product / all_need,
            given=minutes[need.ksa] / all_minutes,
        )
        for need in sorted(compiled.agenda.needs, key=lambda n: (-n.product, n.ksa))
    )


def chains(curriculum: Curriculum, module: Module, happening: frozenset[str]) -> Iterator[object]:
    """Each objective of a module with what serves, measures and follows it up."""
    for objective in module.objectives:
        yield {
            "objective": objective,
            "activities": tuple(
                (a, a.id in happening) for a in curriculum.activities_of_objective[objective.id]
            ),
            "instruments": curriculum.instruments_of_objective[objective.id],
            "questions": tuple(
                dict.fromkeys(
                    question.id
                    for link in objective.ksas
                    for question, _ in curriculum.questions_of_ksa[link.ksa]
                )
            ),
        }


def sections(compiled: Compiled) -> tuple[Section, ...]:
    """The chapters of the audit pack."""
    curriculum, agenda = compiled.curriculum, compiled.agenda
    happening = held(curriculum, agenda)
    now = cover(curriculum, happening)
    values = {
        "compiled": compiled,
        "curriculum": curriculum,
        "program": curriculum.program,
        "agenda": agenda,
        "numbers": Numbering(curriculum),
        "lines": lines(compiled, now),
        "now": now,
        "heat": heat(curriculum, happening),
        "weights": compiled.weights,
        "needs": needs(compiled),
        "proof": proof_text(agenda.proof),
        "gap": percent_text(agenda.proof.gap or 0.0),
        "covered": COVERED,
        "hours_that_work": bounds_text(agenda),
        "curve": curve(compiled.curve, agenda),
        "percent": percent,
        "bounds": weight_bounds(curriculum),
        "chains": tuple(
            (module, tuple(chains(curriculum, module, happening)))
            for module in curriculum.modules.values()
        ),
    }
    names = (
        ("1", "Summary and versions", "audit-summary.html"),
        ("2", "Coverage of every KSA", "audit-coverage.html"),
        ("3", "From KSA to question", "audit-matrix.html"),
        ("4", "Competencies, weights and needs", "audit-competencies.html"),
        ("5", "Findings and waivers", "audit-findings.html"),
        ("6", "The job: duties, tasks, profiles", "audit-job.html"),
        ("7", "Sources and where each part went", "audit-sources.html"),
    )
    return tuple(
        Section(label, title, template, {**values, "tab": place})
        for place, (label, title, template) in enumerate(names)
    )


# The pages of the chapters, in their order.
NAMES = ("index", "coverage", "matrix", "competencies", "findings", "job", "sources")


@output
def audit(compiled: Compiled) -> Iterator[Page | Book]:
    """The audit folder."""
    made = sections(compiled)
    title = f"{compiled.curriculum.program.title}: audit pack"
    for rank, (name, section) in enumerate(zip(NAMES, made, strict=True)):
        if rank == 0:
            yield Page("audit/index.html", "Audit pack", (section,))
        elif name != "coverage":  # on screen that chapter is a table that can be searched
            yield Page(f"audit/{name}.html", section.title, (section,), rank, number=section.label)
    yield Book("audit/audit.pdf", title, made)
