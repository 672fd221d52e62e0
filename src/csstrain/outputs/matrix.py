"""The coverage of every KSA as a table on screen that can be filtered and sorted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from csstrain.coverage import KsaCoverage, cover, held
from csstrain.model import Ksa
from csstrain.numbering import Numbering
from csstrain.render import Compiled, Page, Section, output
from csstrain.trace import remark


@dataclass(frozen=True)
class Row:
    """One KSA: what is asked, what these hours reach, and what is said of it.

    `planned` is what the whole curriculum reaches, `now` what the activities that are held do.
    `weight` and `need` are None where the planner was asked for neither.
    """

    ksa: Ksa
    planned: KsaCoverage
    now: KsaCoverage
    remark: str
    modules: tuple[str, ...]
    weight: float | None
    need: float | None


def rows(compiled: Compiled) -> tuple[Row, ...]:
    """All KSAs in the order of the content."""
    curriculum = compiled.curriculum
    planned = compiled.coverage.ksas
    now = cover(curriculum, held(curriculum, compiled.agenda)).ksas
    needs = {need.ksa: need for need in compiled.agenda.needs}
    return tuple(
        Row(
            ksa=ksa,
            planned=planned[name],
            now=now[name],
            remark=remark(curriculum, now[name]),
            modules=tuple(
                module.id
                for module in curriculum.modules.values()
                if any(a.id in planned[name].activities for a in module.activities)
            ),
            weight=needs[name].weight if name in needs else None,
            need=needs[name].product if name in needs else None,
        )
        for name, ksa in curriculum.ksas.items()
    )


@output
def coverage_matrix(compiled: Compiled) -> Iterator[Page]:
    """The second chapter of the audit pack, as it is on screen."""
    made = rows(compiled)
    used = {module for row in made for module in row.modules}
    numbers = Numbering(compiled.curriculum)
    values = {
        "rows": made,
        "gaps": sum(bool(row.now.gaps) for row in made),
        "hours": compiled.agenda.hours,
        "statuses": sorted({row.ksa.status for row in made}),
        "modules": tuple(
            (m.id, numbers.modules[m.id], m.title)
            for m in compiled.curriculum.modules.values()
            if m.id in used
        ),
        "module_numbers": numbers.modules,
    }
    section = Section("2", "Coverage of every KSA", "coverage-matrix.html", values)
    yield Page(
        "audit/coverage.html", section.title, (section,), 1, number="2", scripts=("matrix.js",)
    )
