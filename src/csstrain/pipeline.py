"""The whole story on one screen: read, load, resolve, cover, check, plan, render, write."""

from __future__ import annotations

import gc
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from csstrain import disk, rules
from csstrain.agenda import Agenda, Basis, CurvePoint
from csstrain.check import Review, Stage, Waived, check
from csstrain.coverage import Coverage, cover
from csstrain.curriculum import Curriculum
from csstrain.diagnostic import Diagnostic, Place, Position, Severity
from csstrain.load import Content, load
from csstrain.locate import located
from csstrain.resolve import resolve

if TYPE_CHECKING:
    from csstrain.entry import Entry
    from csstrain.render import Artifact, Format

__all__ = [
    "Compilation",
    "build_project",
    "compare_hours",
    "compile_project",
    "compile_texts",
    "hours_curve",
    "make_artifacts",
    "plan_agenda",
    "rules",
]

LIBRARIES = (
    "csstrain",
    "weasyprint",
    "pydantic",
    "PyYAML",
    "Jinja2",
    "markdown-it-py",
    "pikepdf",
    "highspy",
)


@dataclass(frozen=True)
class Compilation:
    """What the stages made of one project, and all that they noticed.

    `curriculum` and `coverage` are None where the files or links are broken; `agenda` is
    None until one is planned. `content` holds the texts that messages quote; `entry` is what
    trainees bring along, where the hours were planned for that.
    """

    content: Content
    curriculum: Curriculum | None = None
    coverage: Coverage | None = None
    agenda: Agenda | None = None
    diagnostics: tuple[Diagnostic, ...] = ()
    waived: tuple[Waived, ...] = ()
    entry: Entry | None = None

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
    with _growing():
        return _compiled(files)


@contextmanager
def _growing() -> Iterator[None]:
    """Look for no garbage meanwhile: everything that is made here stays.

    Looking through a tree of a million values again and again would cost more than parsing it.
    """
    looked = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if looked:
            gc.enable()


def _compiled(files: Mapping[str, bytes]) -> Compilation:
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
    entry: Entry | None = None,
) -> Compilation:
    """Plan the hours of a compiled project and run the rules about the agenda.

    `hours` in quarters and `basis` default to the program's; `start` dates the days; `entry` is
    what trainees bring along (`csstrain.entry.read`).
    A project with errors is given back as it is.
    """
    from csstrain.plan import plan  # the planner is not needed to check

    if compiled.failed or compiled.curriculum is None:
        return compiled
    known = entry.known(compiled.curriculum) if entry else ()
    planned = plan(compiled.curriculum, hours, basis=basis, start=start, known=known)
    found = replace(
        compiled,
        agenda=planned.value,
        diagnostics=compiled.diagnostics + planned.diagnostics,
        entry=entry,
    )
    return _checked(found, "agenda") if planned.value and planned.value.feasible else found


def compare_hours(
    compiled: Compilation,
    hours: Sequence[Decimal],
    basis: Basis | None = None,
    entry: Entry | None = None,
) -> tuple[Agenda, ...]:
    """The agendas for several numbers of hours; none for a project with errors."""
    from csstrain.plan import what_if  # the planner is not needed to check

    if compiled.failed or compiled.curriculum is None:
        return ()
    known = entry.known(compiled.curriculum) if entry else ()
    planned = what_if(compiled.curriculum, hours, basis=basis, known=known)
    return tuple(each.value for each in planned if each.value)


def hours_curve(compiled: Compilation) -> tuple[CurvePoint, ...]:
    """What other hours than those of the agenda would give at best; empty without an agenda."""
    from csstrain.plan import curve  # the planner is not needed to check

    if compiled.curriculum is None or compiled.agenda is None:
        return ()
    return curve(compiled.curriculum, basis=compiled.agenda.basis, known=compiled.agenda.known)


def make_artifacts(
    compiled: Compilation,
    formats: Collection[Format] = ("html", "pdf"),
    templates: Path | None = None,
) -> tuple[Artifact, ...]:
    """Every file of a build, from a compilation that has a feasible agenda.

    Raises render.TemplateFault for a template that cannot be used.
    """
    from csstrain import outputs, render  # Jinja is not needed to check

    if compiled.curriculum is None or compiled.agenda is None or compiled.coverage is None:
        raise ValueError("only a compiled project with an agenda can be rendered")
    book = render.Compiled(
        curriculum=compiled.curriculum,
        agenda=compiled.agenda,
        coverage=compiled.coverage,
        findings=located(compiled.content.sources, compiled.diagnostics),
        waived=compiled.waived,
        versions=versions(),
        curve=hours_curve(compiled),
    )
    assert outputs.__path__  # importing the package registers every output
    return render.render(book, formats, templates, workers=len(os.sched_getaffinity(0)))


def versions() -> dict[str, str]:
    """The versions of csstrain and of the libraries that shape its output."""
    from importlib.metadata import version  # reads mail headers: slow, and only a build says it

    return {name: version(name) for name in LIBRARIES}


def build_project(
    root: Path,
    hours: Decimal | None = None,
    basis: Basis | None = None,
    formats: Collection[Format] = ("html", "pdf"),
) -> Compilation:
    """Check, plan, render and write the project in a folder to its build/.

    A project with errors, or hours that cannot work, writes nothing; the last build stays.
    Raises disk.UsageError and disk.EnvironmentFault.
    """
    files = disk.read(root)
    found = plan_agenda(compile_texts(files), hours, basis)
    if found.failed or found.agenda is None or not found.agenda.feasible:
        return found
    from csstrain.pdf import PrintFault
    from csstrain.render import TemplateFault

    with disk.building(root):
        try:
            artifacts = make_artifacts(found, formats, disk.templates(root))
        except TemplateFault as fault:
            return replace(
                found,
                diagnostics=(
                    *found.diagnostics,
                    _template_fault(fault.template, fault.line, str(fault)),
                ),
            )
        except PrintFault as fault:
            raise disk.EnvironmentFault(f"a page cannot be printed: {fault}") from fault
        disk.write(root, artifacts, files, versions())
    return found


def _template_fault(template: str, line: int | None, why: str) -> Diagnostic:
    return Diagnostic(
        "template-fault",
        Severity.ERROR,
        Place(f"templates/{template}"),
        why,
        "compare it with the built-in template of the same name, or delete it",
        position=Position(line or 1, 1),
    )


def _checked(found: Compilation, stage: Stage) -> Compilation:
    if found.curriculum is None or found.coverage is None:
        return found
    checked = check(Review(found.curriculum, found.coverage, found.agenda), stage)
    return replace(
        found,
        diagnostics=found.diagnostics + checked.diagnostics,
        waived=found.waived + checked.waived,
    )
