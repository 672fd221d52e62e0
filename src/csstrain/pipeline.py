"""The whole story in one place: read, load, resolve, cover, check, plan, render, write."""

from __future__ import annotations

import gc
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from csstrain.keys import build_key, digest, made_by
from csstrain.load import Content, load
from csstrain.locate import located
from csstrain.resolve import resolve

if TYPE_CHECKING:
    from csstrain.entry import Entry
    from csstrain.press import Press
    from csstrain.render import Artifact, Format, Paper

__all__ = [
    "BuildOptions",
    "Built",
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
    "XlsxWriter",
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


def hours_curve(compiled: Compilation, memory: disk.Cache | None = None) -> tuple[CurvePoint, ...]:
    """What other hours than those of the agenda would give at best; empty without an agenda.

    It is computed from what remains of the curriculum without its words, and so remembered
    over every change of words.
    """
    from csstrain.plan import curve  # the planner is not needed to check

    if compiled.curriculum is None or compiled.agenda is None:
        return ()
    bones, basis, known = (
        compiled.curriculum.skeleton(),
        compiled.agenda.basis,
        compiled.agenda.known,
    )
    key = digest("curve", made_by(), basis, *known, bones.structure()) if memory else ""
    if memory and (kept := memory.get(key)):
        return tuple(CurvePoint(Decimal(hours), *rest) for hours, *rest in json.loads(kept))
    points = curve(bones, basis=basis, known=known)
    if memory:
        rows = [(f"{p.hours:f}", p.coverage, p.value, p.lost) for p in points]
        memory.put(key, json.dumps(rows).encode())
    return points


@dataclass(frozen=True)
class BuildOptions:
    """What a build is asked for.

    `hours` in quarters and `basis` default to the program's. `only` names the documents that
    are printed, by default all (render.chosen); pages for the screen are always whole.
    `draft` puts a mark across every page.
    """

    hours: Decimal | None = None
    basis: Basis | None = None
    formats: tuple[Format, ...] = ("html", "pdf")
    paper: Paper = "letter"
    draft: bool = False
    only: tuple[str, ...] = ()


def make_artifacts(
    compiled: Compilation,
    options: BuildOptions | None = None,
    templates: Path | None = None,
    press: Press | None = None,
    memory: disk.Cache | None = None,
    key: str = "",
) -> tuple[Artifact, ...]:
    """Every file of a build, from a compilation that has a feasible agenda.

    PDFs are made by `press`, and none without one; `memory` keeps what takes long; the cover
    names the build by the first digits of its `key`.
    Raises templating.TemplateFault, render.UnknownDocument and pdf.PrintFault.
    """
    from csstrain import outputs, render  # Jinja is not needed to check

    options = options or BuildOptions()
    if compiled.curriculum is None or compiled.agenda is None or compiled.coverage is None:
        raise ValueError("only a compiled project with an agenda can be rendered")
    book = render.Compiled(
        curriculum=compiled.curriculum,
        agenda=compiled.agenda,
        coverage=compiled.coverage,
        findings=located(compiled.content.sources, compiled.diagnostics),
        waived=compiled.waived,
        versions=versions(),
        paper=options.paper,
        curve=hours_curve(compiled, memory),
        build=key[:12],
        draft=options.draft,
    )
    assert outputs.__path__  # importing the package registers every output
    return render.render(book, options.formats, templates, press, options.only)


def versions() -> dict[str, str]:
    """The versions of csstrain and of the libraries that shape its output."""
    from importlib.metadata import version  # reads mail headers: slow, and only a build says it

    return {name: version(name) for name in LIBRARIES}


@dataclass(frozen=True)
class Built:
    """How a build ended: what was noticed, in the caller's words, and whether an error was.

    `fresh` is False where build/ was already made of the same inputs, and nothing was loaded.
    """

    told: str
    failed: bool = False
    fresh: bool = True


def build_project(
    root: Path,
    options: BuildOptions | None = None,
    say: Callable[[Compilation], str] = lambda found: "",
    tell: Callable[[int, int, str], None] | None = None,
) -> Built:
    """Check, plan, render and write the project in a folder to its build/.

    A project with errors, or hours that cannot work, writes nothing; the last build stays.
    Inputs that build/ is already made of are recognized by their bytes, before anything is
    loaded; what was noticed then is told again. `say` puts findings into words, `tell` hears
    of progress: so many of so many pieces are printed, and which is next; none before printing.
    Raises disk.UsageError and disk.EnvironmentFault.
    """
    options = options or BuildOptions()
    files, own, memory = disk.read(root), disk.templates(root), disk.Cache(root)
    key = build_key(files, own, options.formats, repr(options))
    with disk.building(root):
        told = memory.get(key) if disk.unchanged(root, key) else None
    if told is not None:
        return Built(told.decode(), fresh=False)
    with _press(options, memory, tell) as press, disk.building(root):
        if tell:
            tell(0, 0, "checking the content and planning the hours")
        found = plan_agenda(compile_texts(files), options.hours, options.basis)
        if found.failed or found.agenda is None or not found.agenda.feasible:
            return Built(say(found), failed=True)
        found, artifacts = _artifacts(found, options, own, press, memory, key)
        if found.failed:
            return Built(say(found), failed=True)
        disk.write(root, artifacts, files, versions(), key)
        built = Built(say(found))
        memory.put(key, built.told.encode())
        memory.tidy()
    return built


@contextmanager
def _press(
    options: BuildOptions, memory: disk.Cache, tell: Callable[[int, int, str], None] | None
) -> Iterator[Press | None]:
    """A press with a process for each processor, where anything is to be printed."""
    if "pdf" not in options.formats:
        yield None
        return
    from csstrain.pdf import pango_missing
    from csstrain.press import Press

    if missing := pango_missing():
        raise disk.EnvironmentFault(
            f"{missing}, or build without PDFs: csstrain build --format html"
        )
    with Press(_processors(), memory, tell) as press:
        yield press


def _processors() -> int:
    """How many processors this process may use."""
    allowed = getattr(os, "sched_getaffinity", None)  # macOS does not tell
    return len(allowed(0)) if allowed else os.cpu_count() or 1


def _artifacts(
    found: Compilation,
    options: BuildOptions,
    templates: Path | None,
    press: Press | None,
    memory: disk.Cache,
    key: str,
) -> tuple[Compilation, tuple[Artifact, ...]]:
    """The files of a build; none, and a finding more, where a template cannot be used."""
    from csstrain.pdf import PrintFault
    from csstrain.render import UnknownDocument
    from csstrain.templating import TemplateFault

    try:
        return found, make_artifacts(found, options, templates, press, memory, key)
    except TemplateFault as fault:
        finding = _template_fault(fault.template, fault.line, str(fault))
        return replace(found, diagnostics=(*found.diagnostics, finding)), ()
    except UnknownDocument as fault:
        raise disk.UsageError(str(fault)) from fault
    except PrintFault as fault:
        raise disk.EnvironmentFault(f"a page cannot be printed: {fault}") from fault


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
