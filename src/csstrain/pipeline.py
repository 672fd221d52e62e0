"""The whole story on one screen: read, load, resolve, cover, check, plan, render, write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path

from csstrain import disk, rules
from csstrain.agenda import Agenda, Basis
from csstrain.check import Review, Stage, Waived, check
from csstrain.coverage import Coverage, cover
from csstrain.curriculum import Curriculum
from csstrain.diagnostic import Diagnostic, Severity
from csstrain.load import Content, load
from csstrain.resolve import resolve

__all__ = ["Compilation", "compile_project", "compile_texts", "plan_agenda", "rules"]


@dataclass(frozen=True)
class Compilation:
    """What the stages made of one project, and all that they noticed.

    `curriculum` and `coverage` are None where the files or links are broken; `agenda` is
    None until one is planned. `content` holds the texts that messages quote.
    """

    content: Content
    curriculum: Curriculum | None = None
    coverage: Coverage | None = None
    agenda: Agenda | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    waived: tuple[Waived, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether an error was found."""
        return any(d.severity is Severity.ERROR for d in self.diagnostics)


def compile_project(root: Path) -> Compilation:
    """Read, load, resolve and check the project in a folder.

    Raises disk.UsageError where the folder holds no content that can be read.
    """
    return compile_texts(disk.read(root))


def compile_texts(files: Mapping[str, bytes]) -> Compilation:
    """Load, resolve and check content that is given by file name; touches no project.

    A stage does not run on what an earlier one found broken, so one mistake is told once.
    """
    loaded = load(files)
    content = loaded.value or Content(())
    if loaded.failed:
        return Compilation(content, diagnostics=loaded.diagnostics)
    defaults = load(disk.builtin()).value or Content(())
    resolved = resolve(content, defaults)
    curriculum = resolved.value
    if resolved.failed or curriculum is None:
        return Compilation(content, diagnostics=loaded.diagnostics + resolved.diagnostics)
    coverage = cover(curriculum)
    found = Compilation(content, curriculum, coverage, diagnostics=loaded.diagnostics)
    return _checked(found, "content")


def plan_agenda(
    compiled: Compilation,
    hours: Decimal | None = None,
    basis: Basis | None = None,
    start: date | None = None,
) -> Compilation:
    """Plan the hours of a compiled project and run the rules about the agenda.

    `hours` in quarters and `basis` default to the program's; `start` dates the days.
    A project with errors is given back as it is.
    """
    from csstrain.plan import plan  # the planner is not needed to check

    if compiled.failed or compiled.curriculum is None:
        return compiled
    planned = plan(compiled.curriculum, hours, basis=basis, start=start)
    found = replace(
        compiled,
        agenda=planned.value,
        diagnostics=compiled.diagnostics + planned.diagnostics,
    )
    return _checked(found, "agenda") if planned.value and planned.value.feasible else found


def _checked(found: Compilation, stage: Stage) -> Compilation:
    if found.curriculum is None or found.coverage is None:
        return found
    checked = check(Review(found.curriculum, found.coverage, found.agenda), stage)
    return replace(
        found,
        diagnostics=found.diagnostics + checked.diagnostics,
        waived=found.waived + checked.waived,
    )
