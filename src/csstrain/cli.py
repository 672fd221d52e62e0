"""The commands: options in, text out, exit status."""

from __future__ import annotations

import os
import re
import sys
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from csstrain import __version__

if TYPE_CHECKING:
    from csstrain.pipeline import Compilation

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Compile a curriculum: check it, plan its hours, print the trainer binder.",
)


class CheckFormat(StrEnum):
    """How findings are printed."""

    HUMAN = "human"
    SHORT = "short"
    JSON = "json"
    GITHUB = "github"


class AgendaFormat(StrEnum):
    """How an agenda is printed."""

    TABLE = "table"
    JSON = "json"


class TraceFormat(StrEnum):
    """How a trace is printed."""

    TABLE = "table"
    JSON = "json"


class BuildFormat(StrEnum):
    """What a build writes."""

    ALL = "all"
    HTML = "html"
    PDF = "pdf"


class HoursBasis(StrEnum):
    """What an hour is: paid time with breaks, or contact time without."""

    PAID = "paid"
    CONTACT = "contact"


def _hours(text: str) -> Decimal:
    from csstrain.model import quarter_hours

    try:
        return quarter_hours(text)
    except ValueError as fault:
        raise typer.BadParameter(
            f"{text!r} is not a number of hours in quarters, such as 40 or 37.5"
        ) from fault


Project = Annotated[
    Path, typer.Option("--project", help="The folder that holds content/.", show_default=False)
]
Hours = Annotated[
    Decimal | None,
    typer.Option(
        "--hours", parser=_hours, metavar="N", help="Hours in quarters; by default the program's."
    ),
]
Basis = Annotated[
    HoursBasis | None,
    typer.Option("--basis", help="What an hour is; by default the program's.", show_default=False),
]


def _version(wanted: bool) -> None:
    if wanted:
        _out(f"csstrain {__version__}\n")
        raise typer.Exit


@app.callback()
def common(
    _: Annotated[
        bool,
        typer.Option("--version", help="Print the version.", is_eager=True, callback=_version),
    ] = False,
) -> None:
    """Compile a curriculum: check it, plan its hours, print the trainer binder."""


@app.command()
def check(
    project: Project = Path(),
    form: Annotated[
        CheckFormat, typer.Option("--format", help="How to print.")
    ] = CheckFormat.HUMAN,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail too.")] = False,
) -> None:
    """Validate the content and run every rule; the gate for CI."""
    from csstrain import pipeline, report

    compiled = pipeline.compile_project(project)
    text = report.FORMATS[form](compiled)
    _out(_painted(text) if form is CheckFormat.HUMAN else text)
    raise typer.Exit(report.status(compiled.diagnostics, strict))


@app.command()
def agenda(
    project: Project = Path(),
    hours: Hours = None,
    basis: Basis = None,
    start: Annotated[
        datetime | None,
        typer.Option("--start", formats=["%Y-%m-%d"], help="The first day, such as 2027-01-11."),
    ] = None,
    form: Annotated[
        AgendaFormat, typer.Option("--format", help="How to print.")
    ] = AgendaFormat.TABLE,
) -> None:
    """Plan the schedule for a number of hours, and say what they lose."""
    from csstrain import pipeline, report, show

    compiled = pipeline.compile_project(project)
    first = start.date() if start else None
    planned = pipeline.plan_agenda(compiled, hours, basis.value if basis else None, first)
    if planned.curriculum and planned.agenda:
        show_it = show.agenda_json if form is AgendaFormat.JSON else show.agenda_table
        _out(show_it(planned.curriculum, planned.agenda))
    _complain(planned)
    raise typer.Exit(report.status(planned.diagnostics))


@app.command()
def build(
    project: Project = Path(),
    hours: Hours = None,
    basis: Basis = None,
    form: Annotated[
        BuildFormat, typer.Option("--format", help="HTML alone needs no Pango.")
    ] = BuildFormat.ALL,
) -> None:
    """Check, plan and print: binder, workbook, instruments and audit pack, in build/."""
    from csstrain import pipeline, report
    from csstrain.render import Format

    formats: dict[BuildFormat, tuple[Format, ...]] = {
        BuildFormat.ALL: ("html", "pdf"),
        BuildFormat.HTML: ("html",),
        BuildFormat.PDF: ("pdf",),
    }
    wanted = formats[form]
    if "pdf" in wanted:
        _need_pango()
    _progress("compiling and printing …")
    built = pipeline.build_project(project, hours, basis.value if basis else None, wanted)
    _complain(built)
    status = report.status(built.diagnostics)
    if status == 0:
        made = "trainer/binder.pdf" if "pdf" in wanted else "index.html"
        _out(f"{project / 'build' / made}\n")
    raise typer.Exit(status)


def _need_pango() -> None:
    from csstrain.disk import EnvironmentFault
    from csstrain.pdf import pango_missing

    if missing := pango_missing():
        raise EnvironmentFault(
            f"the library that prints PDFs cannot be loaded ({missing}). Install Pango "
            "(on Debian and Ubuntu: apt-get install libpango-1.0-0 libpangoft2-1.0-0 "
            "libharfbuzz-subset0), or build without PDFs: csstrain build --format html"
        )


@app.command()
def trace(
    name: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="A KSA, competency, objective or other id."),
    ] = None,
    project: Project = Path(),
    sources: Annotated[
        bool, typer.Option("--sources", help="Each part of each source, and where it went.")
    ] = False,
    form: Annotated[
        TraceFormat, typer.Option("--format", help="How to print.")
    ] = TraceFormat.TABLE,
) -> None:
    """Print the chain of one id both ways; without an id the matrix of all KSAs."""
    from csstrain import pipeline, show
    from csstrain import trace as tracing
    from csstrain.disk import UsageError
    from csstrain.load import nearest

    compiled = pipeline.compile_project(project)
    curriculum, coverage = compiled.curriculum, compiled.coverage
    if curriculum is None or coverage is None:
        _complain(compiled)
        raise typer.Exit(1)
    as_json = form is TraceFormat.JSON
    if sources:
        uses = tracing.sources(curriculum)
        _out(show.trace_json(uses=uses) if as_json else show.sources_text(uses))
    elif name is None:
        _out(
            show.matrix_json(curriculum, coverage)
            if as_json
            else show.matrix_text(curriculum, coverage)
        )
    elif name in curriculum.entities:
        steps = tracing.chain(curriculum, name)
        _out(show.trace_json(steps) if as_json else show.chain_text(name, steps))
    else:
        near = " or ".join(f"`{n}`" for n in nearest(name, curriculum.entities))
        raise UsageError(f"there is no id `{name}`" + (f"; did you mean {near}?" if near else ""))


@app.command()
def explain(
    name: Annotated[str | None, typer.Argument(metavar="RULE", help="The rule's name.")] = None,
) -> None:
    """Print the page of one rule; without a name the list of all."""
    from csstrain import pages
    from csstrain.disk import UsageError
    from csstrain.load import nearest

    if name is None:
        _out(pages.listing())
    elif (page := pages.page(name)) is not None:
        _out(page)
    else:
        near = " or ".join(f"`{n}`" for n in nearest(name, pages.names()))
        raise UsageError(f"there is no rule `{name}`" + (f"; did you mean {near}?" if near else ""))


@app.command()
def schema() -> None:
    """Print the JSON Schema of content files, for editors."""
    from csstrain import schemas

    _out(schemas.content_schema())


def _out(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()  # a closed pipe or a full disk shows here, not after the exit status is set


def _complain(compiled: Compilation) -> None:
    """Findings beside the data: on stderr, so that what is piped stays clean."""
    from csstrain import report

    if compiled.diagnostics:
        sys.stderr.write(_painted(report.human(compiled), sys.stderr.isatty()))


def _progress(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"{text}\n")


_PAINT = {"error": "31", "warning": "33", "advice": "36"}


def _painted(text: str, terminal: bool | None = None) -> str:
    """Severities in color on a terminal that wants it; the words stay what they are."""
    shown = sys.stdout.isatty() if terminal is None else terminal
    if not shown or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb":
        return text

    def paint(found: re.Match[str]) -> str:
        return f"\x1b[1;{_PAINT[found[1]]}m{found[0]}\x1b[0m"

    return re.sub(r"^(error|warning|advice)\[[a-z-]+\]", paint, text, flags=re.MULTILINE)


def _stop(message: str, status: int) -> NoReturn:
    sys.stderr.write(f"csstrain: {message}\n")
    raise SystemExit(status)


def _open_streams() -> None:
    """Streams that take every character, even where a caller closed one."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for the whole run
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - the same
    for stream in (sys.stdout, sys.stderr):
        # A narrow locale must not turn an arrow into a crash.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # real streams


def main() -> None:
    """Run the command line; every way out is an exit status and at most one line of ours."""
    from csstrain.disk import EnvironmentFault, UsageError

    try:
        _open_streams()
        app()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except UsageError as fault:
        _stop(str(fault), 2)
    except EnvironmentFault as fault:
        _stop(str(fault), 3)
    except OSError as fault:
        _stop(f"{fault.filename or 'output'}: {fault.strerror or fault}", 3)
    except Exception as bug:  # the last resort: an author sees one line, never a traceback
        if os.environ.get("CSSTRAIN_DEBUG"):
            raise
        notes = "; ".join(getattr(bug, "__notes__", ()))
        where = f" ({notes})" if notes else ""
        _stop(
            f"internal error{where}: {type(bug).__name__}. Please report it with the output of "
            "the same command after `export CSSTRAIN_DEBUG=1`",
            3,
        )
