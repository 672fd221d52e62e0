"""The one file that touches the disk: reads content, stages and exchanges build/."""

from __future__ import annotations

import os
import stat
from importlib import resources
from pathlib import Path

CONTENT_SUFFIXES = (".yaml", ".yml", ".md", ".csv")
MAX_FILE = 4_000_000
MAX_FILES = 20_000


class UsageError(Exception):
    """The command was called where or how it cannot work; exit status 2."""


class EnvironmentFault(Exception):
    """The machine does not let the tool do its work; exit status 3."""


def read(root: Path) -> dict[str, bytes]:
    """The content files of a project by their names, such as `content/ksas.yaml`.

    Raises UsageError without a `content/` folder or where a file may not be read: links
    that leave the project, pipes and devices are refused, so that content from a stranger
    cannot make the tool open something else.
    """
    folder = root / "content"
    if not folder.is_dir():
        raise UsageError(
            f"there is no folder `content` in {root.resolve()}; "
            "go to the project's folder, or name it with --project"
        )
    inside = root.resolve()
    files: dict[str, bytes] = {}
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() not in CONTENT_SUFFIXES or path.is_dir():
            continue
        name = path.relative_to(root).as_posix()
        files[name] = _file(path, name, inside)
        if len(files) > MAX_FILES:
            raise UsageError(f"content/ holds more than {MAX_FILES:,} files")
    return files


def _file(path: Path, name: str, inside: Path) -> bytes:
    if not path.resolve().is_relative_to(inside):
        raise UsageError(f"{name} is a link that leaves the project: copy the file instead")
    try:
        about = path.stat()
    except OSError as fault:
        raise UsageError(f"{name} cannot be read: {fault.strerror}") from fault
    if not stat.S_ISREG(about.st_mode):
        raise UsageError(f"{name} is not an ordinary file: delete it")
    if about.st_size > MAX_FILE:
        raise UsageError(f"{name} is larger than {MAX_FILE:,} bytes: divide it")
    try:
        return path.read_bytes()
    except OSError as fault:
        raise UsageError(f"{name} cannot be read: {fault.strerror}") from fault


def builtin() -> dict[str, bytes]:
    """The built-in verb list, word list and method matrix, which content may replace."""
    folder = resources.files("csstrain") / "data"
    return {
        f"csstrain/data/{entry.name}": entry.read_bytes()
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml")
    }
