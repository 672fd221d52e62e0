"""The audit pack: the matrix, coverage, time against weight, findings, sources, versions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from csstrain.agenda import Agenda
from csstrain.coverage import Coverage, KsaCoverage, cover, held
from csstrain.curriculum import Curriculum
from csstrain.model import Competency, Ksa, Module
from csstrain.numbering import Numbering
from csstrain.render import Book, Compiled, Page, Section, output


@dataclass(frozen=True)
class KsaLine:
    """One KSA in the matrix: planned coverage, and coverage by the activities that are held."""

    ksa: Ksa
    planned: KsaCoverage
    now: KsaCoverage


@dataclass(frozen=True)
class WeightLine:
    """One competency: its share of the weight against its share of the time."""

    competency: Competency
    weight: float
    minutes: float
    share: float

    @property
    def ratio(self) -> float:
        """Time share over weight share; 1 is in proportion."""
        return self.share / self.weight if self.weight else 0.0


def lines(compiled: Compiled, now: Coverage) -> tuple[KsaLine, ...]:
    """All KSAs with both coverages."""
    return tuple(
        KsaLine(ksa, compiled.coverage.ksas[name], now.ksas[name])
        for name, ksa in compiled.curriculum.ksas.items()
    )


def minutes_of_ksas(curriculum: Curriculum, agenda: Agenda) -> Mapping[str, float]:
    """Minutes of the agenda by KSA: an activity's time is divided among the KSAs it serves."""
    minutes = dict.fromkeys(curriculum.ksas, 0.0)
    for name, given in agenda.given().items():
        served = {
            link.ksa
            for objective in curriculum.activities[name].objectives
            for link in curriculum.objectives[objective].ksas
        }
        for ksa in served:
            minutes[ksa] += given / len(served)
    return minutes


def time_against_weight(curriculum: Curriculum, agenda: Agenda) -> tuple[WeightLine, ...]:
    """Weighted competencies with their share of the weight and of the time spent on them.

    A KSA that several weighted competencies name shares its minutes among them equally.
    """
    weighted = [c for c in curriculum.competencies.values() if c.weight]
    owners = {k: sum(k in c.ksas for c in weighted) for k in curriculum.ksas}
    minutes = minutes_of_ksas(curriculum, agenda)
    spent = {c.id: sum(minutes[k] / owners[k] for k in c.ksas) for c in weighted}
    total = sum(spent.values()) or 1.0
    weight = float(sum((c.weight or Decimal(0) for c in weighted), Decimal(0))) or 1.0
    return tuple(
        WeightLine(c, float(c.weight or 0) / weight, spent[c.id], spent[c.id] / total)
        for c in weighted
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
        "weights": time_against_weight(curriculum, agenda),
        "chains": tuple(
            (module, tuple(chains(curriculum, module, happening)))
            for module in curriculum.modules.values()
        ),
    }
    names = (
        ("1", "Summary and versions", "audit-summary.html"),
        ("2", "Coverage of every KSA", "audit-coverage.html"),
        ("3", "From KSA to question", "audit-matrix.html"),
        ("4", "Competencies and weights", "audit-competencies.html"),
        ("5", "Findings and waivers", "audit-findings.html"),
        ("6", "The job: duties, tasks, profiles", "audit-job.html"),
        ("7", "Sources and where each part went", "audit-sources.html"),
    )
    return tuple(Section(label, title, template, values) for label, title, template in names)


@output
def audit(compiled: Compiled) -> Iterator[Page | Book]:
    """The audit folder."""
    made = sections(compiled)
    title = f"{compiled.curriculum.program.title}: audit pack"
    yield Page("audit/index.html", title, made)
    yield Book("audit/audit.pdf", title, made)
