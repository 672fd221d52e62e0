"""A tiny project on disk that builds in seconds: two modules, with some findings to tell."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HOURS = "12"
Ended = subprocess.CompletedProcess[str]


def lay(folder: Path) -> Path:
    """Write the project into a folder."""
    import large_program

    for name, raw in large_program.files(modules=2).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    return folder


def command(*arguments: str) -> list[str]:
    """The command line of a build."""
    return [sys.executable, "-m", "csstrain", "build", "--hours", HOURS, *arguments]


def build(project: Path, *arguments: str, **environment: str) -> Ended:
    """Build a project in a process of its own."""
    return subprocess.run(
        command(*arguments),
        cwd=project,
        env={**os.environ, **environment},
        check=False,
        capture_output=True,
        text=True,
    )
