"""The commands: options in, text out, exit status."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from csstrain import __version__

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Compile a curriculum: check it, plan its hours, print the trainer binder.",
)


class CheckFormat(StrEnum):
    """How findings are printed."""

    HUMAN = "human"
    SHORT = "short"
    JSON = "json"
    GITHUB = "github"


Project = Annotated[
    Path, typer.Option("--project", help="The folder that holds content/.", show_default=False)
]


@app.callback()
def common(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True)
    ] = False,
) -> None:
    """Options of all commands."""
    if version:
        sys.stdout.write(f"csstrain {__version__}\n")
        raise typer.Exit


@app.command()
def check(
    project: Project = Path(),
    form: Annotated[CheckFormat, typer.Option("--format", help="How to print.")] = CheckFormat.HUMAN,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail too.")] = False,
) -> None:
    """Validate the content and run every rule; the gate for CI."""
    from csstrain import pipeline, report

    compiled = pipeline.compile_project(project)
    sys.stdout.write(report.FORMATS[form](compiled))
    raise typer.Exit(report.status(compiled.diagnostics, strict))


def main() -> None:
    """Run the command line."""
    app()
