"""The commands: options in, text out, exit status."""

from __future__ import annotations

import os
import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from functools import partial
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from csstrain import __version__
from csstrain.diagnostic import Severity

if TYPE_CHECKING:
    from csstrain import show_trace
    from csstrain.entry import Entry
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
    SARIF = "sarif"
    JUNIT = "junit"


class AgendaFormat(StrEnum):
    """How an agenda is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    HTML = "html"
    PDF = "pdf"
    XLSX = "xlsx"
    ICS = "ics"


class TraceFormat(StrEnum):
    """How a trace is printed."""

    TABLE = "table"
    JSON = "json"
    CSV = "csv"
    XLSX = "xlsx"
    HTML = "html"


class BuildFormat(StrEnum):
    """What a build writes."""

    ALL = "all"
    HTML = "html"
    PDF = "pdf"


class PaperSize(StrEnum):
    """The size of printed pages."""

    LETTER = "letter"
    A4 = "a4"


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


def _clock(text: str) -> int:
    from csstrain.model import clock_minutes

    try:
        return clock_minutes(text)
    except ValueError as fault:
        raise typer.BadParameter(f"{text!r} is not a time of day such as 08:30") from fault


def _first_day(text: str) -> date:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError as fault:
        raise typer.BadParameter(f"{text!r} is not a date such as 2027-01-11") from fault
    if not 1970 <= day.year < 2200:  # spreadsheets and calendars know no others well
        raise typer.BadParameter(f"{text} is not between 1970 and 2199")
    return day


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

DayStart = Annotated[
    int | None,
    typer.Option(
        "--day-start", parser=_clock, metavar="HH:MM", help="When a day begins, for this plan."
    ),
]
DayEnd = Annotated[
    int | None,
    typer.Option(
        "--day-end", parser=_clock, metavar="HH:MM", help="When a day ends, for this plan."
    ),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", metavar="FILE", help="Write a file instead of printing."),
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
    strict: Annotated[
        bool, typer.Option("--strict", help="Let warnings fail too, where they are shown.")
    ] = False,
    rules: Annotated[
        list[str] | None,
        typer.Option("--rule", metavar="NAME", help="Show what this rule finds; may be repeated."),
    ] = None,
    severity: Annotated[
        Severity,
        typer.Option("--severity", help="The least severity shown; what is hidden never fails."),
    ] = Severity.ADVICE,
) -> None:
    """Validate the content and run every rule; the gate for CI."""
    from csstrain import pipeline, report

    _know(rules or ())
    compiled = pipeline.compile_project(project)
    view = report.View(tuple(rules or ()), severity, strict, _folder(project))
    text = report.FORMATS[form](compiled, view)
    _out(_painted(text) if form is CheckFormat.HUMAN else text)
    if form is CheckFormat.GITHUB:
        _add_to_job(report.step_summary(compiled, view))
    raise typer.Exit(report.status(view.diagnostics(compiled), strict))


def _know(rules: Iterable[str]) -> None:
    """Refuse a rule that `check` does not run: finding nothing, it would look clean."""
    from csstrain import pages
    from csstrain.check import RULES
    from csstrain.disk import UsageError

    for name in rules:
        if name not in pages.names():
            raise UsageError(_no_rule(name))
        if name in RULES and RULES[name].stage == "agenda":
            raise UsageError(f"`{name}` looks at the hours: `csstrain agenda` runs it")


def _no_rule(name: str) -> str:
    from csstrain import pages
    from csstrain.load import nearest

    near = " or ".join(f"`{n}`" for n in nearest(name, pages.names()))
    return f"there is no rule `{name}`" + (f"; did you mean {near}?" if near else "")


def _folder(project: Path) -> str:
    """Where a project lies below the top of a repository, as annotations and SARIF name files."""
    top = Path(os.environ.get("GITHUB_WORKSPACE") or ".").resolve()
    inside = project.resolve()
    if inside == top or not inside.is_relative_to(top):
        return ""
    return f"{inside.relative_to(top).as_posix()}/"


def _add_to_job(text: str) -> None:
    """To the summary page of a GitHub job, where one runs."""
    if page := os.environ.get("GITHUB_STEP_SUMMARY"):
        with open(page, "a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(text)


@app.command()
def agenda(
    project: Project = Path(),
    hours: Hours = None,
    basis: Basis = None,
    start: Annotated[
        date | None,
        typer.Option(
            "--start", parser=_first_day, metavar="DATE", help="The first day, such as 2027-01-11."
        ),
    ] = None,
    what_if: Annotated[
        str | None,
        typer.Option(
            "--what-if", metavar="N,N", help="Compare several numbers of hours, such as 24,32,40."
        ),
    ] = None,
    days: Annotated[
        int | None,
        typer.Option("--days", min=1, max=400, help="Spread the hours evenly over so many days."),
    ] = None,
    day_start: DayStart = None,
    day_end: DayEnd = None,
    known: Annotated[
        str | None,
        typer.Option(
            "--known", metavar="KSA,KSA", help="KSAs that you vouch for: the whole group has them."
        ),
    ] = None,
    entry: Annotated[
        Path | None,
        typer.Option(
            "--entry", metavar="FILE", help="A CSV table of the levels that trainees bring along."
        ),
    ] = None,
    timezone: Annotated[
        str | None,
        typer.Option(
            "--timezone", metavar="ZONE", help="The zone of an ics file, such as America/Chicago."
        ),
    ] = None,
    form: Annotated[
        AgendaFormat, typer.Option("--format", help="How to print.")
    ] = AgendaFormat.TABLE,
    output: Output = None,
) -> None:
    """Plan the schedule for a number of hours, and say what they lose."""
    from csstrain import pipeline, report, show_agenda

    _calendar_needs(form, start, timezone)
    if form in (AgendaFormat.XLSX, AgendaFormat.ICS, AgendaFormat.PDF):
        _need_file(form, output)
    if form is AgendaFormat.PDF:
        _need_pango("make a page instead: csstrain agenda --format html")
    compiled, brought = _brought(pipeline.compile_project(project), known, entry)
    if what_if is not None:
        _compare(compiled, what_if, hours, basis, form, output, brought, (days, day_start, day_end))
    compiled = _with_day(compiled, hours, basis, (days, day_start, day_end))
    planned = pipeline.plan_agenda(compiled, hours, basis.value if basis else None, start, brought)
    if planned.agenda:
        own: dict[AgendaFormat, Callable[[Compilation], str | bytes]] = {
            AgendaFormat.ICS: partial(show_agenda.as_ics, zone=timezone or "UTC"),
        }
        if form in (AgendaFormat.HTML, AgendaFormat.PDF):
            page = show_agenda.as_html if form is AgendaFormat.HTML else show_agenda.as_pdf
            own[form] = partial(page, curve=pipeline.hours_curve(planned))
        if form is AgendaFormat.TABLE and output is None and sys.stdout.isatty():
            width = get_terminal_size((show_agenda.WIDTH, 24)).columns
            own[form] = partial(show_agenda.as_table, width=width, colors=_colored(True))
        made = own.get(form, show_agenda.FORMATS[form])(planned)
        if made:  # a file of hours that cannot work would hold nothing
            _print(made, output)
    _complain(planned)
    raise typer.Exit(report.status(planned.diagnostics))


def _with_day(
    compiled: Compilation,
    hours: Decimal | None,
    basis: HoursBasis | None,
    day: tuple[int | None, int | None, int | None],
) -> Compilation:
    """The project with another working day for this plan: number of days, start and end."""
    from dataclasses import replace

    from csstrain.disk import UsageError
    from csstrain.workday import with_day

    curriculum = compiled.curriculum
    if compiled.failed or curriculum is None or day == (None, None, None):
        return compiled
    program = curriculum.program
    days, start, end = day
    try:
        changed = with_day(
            curriculum,
            program.hours if hours is None else hours,
            basis.value if basis else program.basis,
            days=days,
            start=start,
            end=end,
        )
    except ValueError as fault:
        raise UsageError(str(fault)) from fault
    return replace(compiled, curriculum=changed)


def _compare(
    compiled: Compilation,
    what_if: str,
    hours: Decimal | None,
    basis: HoursBasis | None,
    form: AgendaFormat,
    output: Path | None,
    brought: Entry | None,
    day: tuple[int | None, int | None, int | None],
) -> NoReturn:
    """Print several numbers of hours side by side; status 1 only where none of them works."""
    from csstrain import pipeline, report, show_agenda
    from csstrain.disk import UsageError

    if hours is not None:
        raise UsageError("--what-if names the hours itself: leave out --hours")
    if form not in show_agenda.WHAT_IF:
        raise UsageError(f"--what-if prints {', '.join(show_agenda.WHAT_IF)}, not {form}")
    if day[0] is not None:
        raise UsageError("--days goes with one number of hours, not with --what-if")
    wanted = tuple(dict.fromkeys(_hours(each.strip()) for each in what_if.split(",")))
    compiled = _with_day(compiled, None, basis, day)
    agendas = pipeline.compare_hours(compiled, wanted, basis.value if basis else None, brought)
    if agendas and compiled.curriculum and compiled.coverage:
        show = show_agenda.WHAT_IF[form]
        _print(show(compiled.curriculum, compiled.coverage, agendas), output)
    _complain(compiled)
    works = any(agenda.feasible for agenda in agendas)
    raise typer.Exit(report.status(compiled.diagnostics) or int(not works))


def _brought(
    compiled: Compilation, known: str | None, table: Path | None
) -> tuple[Compilation, Entry | None]:
    """What trainees bring along; what is wrong with its table joins the findings."""
    from dataclasses import replace

    from csstrain import disk, entry

    if compiled.failed or compiled.curriculum is None or (known is None and table is None):
        return compiled, None
    names = filter(None, (name.strip() for name in (known or "").split(",")))
    try:
        group = entry.given(compiled.curriculum, names)
    except ValueError as fault:
        raise disk.UsageError(f"--known: {fault}") from fault
    if table is None:
        return compiled, entry.Entry(group=group)
    read = entry.read(compiled.curriculum, str(table), disk.given(table))
    found = replace(compiled, diagnostics=compiled.diagnostics + read.diagnostics)
    return found, read.value and replace(read.value, group=group)


def _calendar_needs(form: AgendaFormat, start: date | None, timezone: str | None) -> None:
    """Refuse a calendar without dates, and a time zone that nobody knows or nothing uses."""
    from csstrain import calendar_file
    from csstrain.disk import UsageError

    if form is not AgendaFormat.ICS:
        if timezone is not None:
            raise UsageError("--timezone goes with --format ics")
        return
    if start is None:
        raise UsageError("--format ics needs --start, the first day, such as --start 2027-01-11")
    if timezone is None:
        _note("clock times count as UTC: name the room's zone, such as --timezone America/Chicago")
        return
    try:
        calendar_file.zone_named(timezone)
    except ValueError as fault:
        raise UsageError(f"--timezone: {fault}") from fault


def _need_file(form: StrEnum, output: Path | None) -> None:
    """Refuse to print on a terminal what only a program can read."""
    from csstrain.disk import UsageError

    if output is None and sys.stdout.isatty():
        raise UsageError(f"{form} is no text to read: name its file with --output, or pipe it on")


@app.command()
def build(
    project: Project = Path(),
    hours: Hours = None,
    basis: Basis = None,
    form: Annotated[
        BuildFormat, typer.Option("--format", help="HTML alone needs no Pango.")
    ] = BuildFormat.ALL,
    paper: Annotated[
        PaperSize, typer.Option("--paper", help="The size of printed pages.")
    ] = PaperSize.LETTER,
    draft: Annotated[
        bool, typer.Option("--draft", help="Put the word DRAFT across every page.")
    ] = False,
    only: Annotated[
        str,
        typer.Option(
            "--only",
            metavar="NAMES",
            help="Print these documents alone, such as agenda,modules/m4; pages are all made.",
        ),
    ] = "",
) -> None:
    """Check, plan and print: binder, workbook, instruments and audit pack, in build/."""
    from csstrain import pipeline
    from csstrain.disk import UsageError
    from csstrain.render import Format

    formats: dict[BuildFormat, tuple[Format, ...]] = {
        BuildFormat.ALL: ("html", "pdf"),
        BuildFormat.HTML: ("html",),
        BuildFormat.PDF: ("pdf",),
    }
    wanted = formats[form]
    names = tuple(name.strip() for name in only.split(",") if name.strip())
    if names and "pdf" not in wanted:
        raise UsageError("--only names printed documents: leave out --format html")
    options = pipeline.BuildOptions(
        hours, basis.value if basis else None, wanted, paper.value, draft, names
    )
    with _progress() as tell:
        built = pipeline.build_project(project, options, _findings, tell)
    if built.told:
        sys.stderr.write(_painted(built.told, sys.stderr.isatty()))
    if built.failed:
        raise typer.Exit(1)
    if not built.fresh:
        _note("nothing has changed since the last build")
    whole = "pdf" in wanted and not names
    _out(f"{project / 'build' / ('trainer/binder.pdf' if whole else 'index.html')}\n")


def _findings(compiled: Compilation) -> str:
    """Findings in words, for stderr; nothing where there are none."""
    from csstrain import report

    return report.human(compiled) if compiled.diagnostics else ""


@contextmanager
def _progress() -> Iterator[Callable[[int, int, str], None] | None]:
    """One line on a terminal that says what is at work, gone at the end; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return

    def tell(done: int, every: int, name: str) -> None:
        from csstrain.report import printable

        width = get_terminal_size().columns - 1
        line = (f"printing {done} of {every}: " if every else "") + printable(name)
        line = line[:width]
        sys.stderr.write(f"\r{line:<{width}}")
        sys.stderr.flush()

    try:
        yield tell
    finally:
        sys.stderr.write("\r" + " " * (get_terminal_size().columns - 1) + "\r")


def _need_pango(or_else: str) -> None:
    from csstrain.disk import EnvironmentFault
    from csstrain.pdf import pango_missing

    if missing := pango_missing():
        raise EnvironmentFault(f"{missing}, or {or_else}")


@app.command()
def trace(
    name: Annotated[
        str | None,
        typer.Argument(metavar="ID", help="A KSA, competency, objective or other id."),
    ] = None,
    project: Project = Path(),
    gaps: Annotated[
        bool,
        typer.Option("--gaps", help="Only the holes, each with the YAML that would mend it."),
    ] = False,
    sources: Annotated[
        bool, typer.Option("--sources", help="Each part of each source, and where it went.")
    ] = False,
    form: Annotated[
        TraceFormat, typer.Option("--format", help="How to print.")
    ] = TraceFormat.TABLE,
    output: Output = None,
) -> None:
    """Print the chain of one id both ways; without an id the matrix of KSAs and competencies."""
    from csstrain import disk, pipeline, show_trace

    if sources and (gaps or name is not None):
        raise disk.UsageError("--sources shows every source: give it without an id and --gaps")
    if form is TraceFormat.XLSX and output is None and sys.stdout.isatty():
        raise disk.UsageError("a workbook is no text: name its file with --output, or pipe it on")
    compiled = pipeline.compile_project(project)
    if compiled.curriculum is None or compiled.coverage is None:
        _complain(compiled)
        raise typer.Exit(1)
    written = show_trace.FORMATS[form](_trace_view(compiled, name, gaps, sources))
    _print(written, output)


def _trace_view(
    compiled: Compilation, name: str | None, gaps: bool, sources: bool
) -> show_trace.View:
    """What `trace` shows: sources, gaps, a chain or the matrix."""
    from csstrain import gaps as holes
    from csstrain import show_trace
    from csstrain import trace as tracing
    from csstrain.disk import UsageError
    from csstrain.load import nearest

    curriculum, coverage = compiled.curriculum, compiled.coverage
    assert curriculum is not None
    assert coverage is not None
    if name is not None and name not in curriculum.entities:
        near = " or ".join(f"`{n}`" for n in nearest(name, curriculum.entities))
        raise UsageError(f"there is no id `{name}`" + (f"; did you mean {near}?" if near else ""))
    if sources:
        return show_trace.sources_view(curriculum, tracing.sources(curriculum))
    if gaps:
        found = holes.gaps(curriculum, coverage)
        if name is not None:
            on_chain = {step.id for step in tracing.chain(curriculum, name)}
            found = tuple(gap for gap in found if gap.id in on_chain)
        return show_trace.gaps_view(curriculum, found, compiled.content.sources)
    if name is not None:
        return show_trace.chain_view(curriculum, name, tracing.chain(curriculum, name))
    return show_trace.matrix_view(curriculum, coverage)


@app.command()
def explain(
    name: Annotated[str | None, typer.Argument(metavar="RULE", help="The rule's name.")] = None,
) -> None:
    """Print the page of one rule; without a name the list of all."""
    from csstrain import pages
    from csstrain.disk import UsageError

    if name is None:
        _out(pages.listing())
    elif (page := pages.page(name)) is not None:
        _out(page)
    else:
        raise UsageError(_no_rule(name))


@app.command()
def schema(
    project: Project = Path(),
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            metavar="PLACE",
            help="A .json file, or the folder that VS Code opens: its .vscode/ gets the schema"
            " and the settings that use it, beside your own.",
        ),
    ] = None,
) -> None:
    """Print the JSON Schema of content files with this project's ids, for editors."""
    from csstrain import editors, schemas

    names = editors.project_names(project)
    if names is None:
        _note(f"there is no content/ in {project}: the schema takes any id")
    elif names.unread and not names.known["any"]:
        _note(f"none of {len(names.unread)} files can be read: csstrain check says why")
        raise typer.Exit(1)
    elif names.unread:
        _note(f"the ids of {', '.join(names.unread)} are missing: csstrain check says why")
    text = schemas.content_schema(names.known if names else None)
    if output is None:
        _out(text)
        return
    for laid in editors.lay(output, text, project):
        if laid.add is None:
            _out(f"{laid.path}\n")
        else:
            _note(f"{laid.path} is left as it is: it holds more than plain JSON, or sets")
            _note(f"something else. Add this by hand:\n{laid.add}")


def _note(text: str) -> None:
    sys.stderr.write(f"csstrain: {text}\n")


def _out(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()  # a closed pipe or a full disk shows here, not after the exit status is set


def _print(made: str | bytes, output: Path | None) -> None:
    """What a command made: to the file that is named, else to stdout."""
    from csstrain import disk

    if output is not None:
        disk.save(output, made)
    elif isinstance(made, bytes):
        _out_bytes(made)
    else:
        _out(made)


def _out_bytes(raw: bytes) -> None:
    sys.stdout.buffer.write(raw)
    sys.stdout.flush()


def _complain(compiled: Compilation) -> None:
    """Findings beside the data: on stderr, so that what is piped stays clean."""
    sys.stderr.write(_painted(_findings(compiled), sys.stderr.isatty()))


_PAINT = {"error": "31", "warning": "33", "advice": "36"}


def _colored(terminal: bool) -> bool:
    """Whether colors are wanted on what is a terminal or is not."""
    return terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _painted(text: str, terminal: bool | None = None) -> str:
    """Severities in color on a terminal that wants it; the words stay what they are."""
    if not _colored(sys.stdout.isatty() if terminal is None else terminal):
        return text

    def paint(found: re.Match[str]) -> str:
        return f"\x1b[1;{_PAINT[found[1]]}m{found[0]}\x1b[0m"

    return re.sub(r"^(error|warning|advice)\[[a-z0-9-]+\]", paint, text, flags=re.MULTILINE)


def _stop(message: str, status: int) -> NoReturn:
    from csstrain.report import printable  # so late, as a command may stop before it needs it

    try:
        sys.stderr.write(f"csstrain: {printable(message)}\n")
    except OSError:
        # Where nothing can be said, the status does. The interpreter would try to say it again.
        sys.stderr = None
    raise SystemExit(status)


def _open_streams() -> None:
    """Streams that take every character, even where a caller closed one."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - for the whole run
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 - the same
    for stream in (sys.stdout, sys.stderr):
        # A narrow locale must not turn an arrow into a crash.
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # real streams


def _plain_arguments() -> None:
    """Refuse arguments that could steer the terminal from a message that quotes them."""
    from csstrain.disk import UsageError

    for argument in sys.argv[1:]:
        # A folder's name may be in an encoding of its own; Python keeps such bytes as surrogates.
        if not argument.encode("utf-8", "ignore").decode().replace("\u00a0", " ").isprintable():
            raise UsageError(f"an argument has characters that cannot be shown: {argument}")


def _end(number: int, frame: object) -> NoReturn:
    """An order to end is followed as Ctrl-C is: nothing half made stays."""
    raise SystemExit(128 + number)


def main() -> None:
    """Run the command line; every way out is an exit status and at most one line of ours."""
    from csstrain.disk import EnvironmentFault, UsageError, refused

    signal.signal(signal.SIGTERM, _end)
    try:
        _open_streams()
        _plain_arguments()
        app()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except UsageError as fault:
        _stop(str(fault), 2)
    except EnvironmentFault as fault:
        _stop(str(fault), 3)
    except OSError as fault:
        _stop(f"{'' if fault.filename else 'output: '}{refused(fault)}", 3)
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
