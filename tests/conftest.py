"""Fixtures of all tests: the shipped content, read and compiled once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from csstrain import disk
from csstrain.pipeline import Compilation, compile_project

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def shipped_files() -> Mapping[str, bytes]:
    """The files of the shipped content."""
    return disk.read(ROOT)


@pytest.fixture(scope="session")
def shipped() -> Compilation:
    """The shipped content, compiled once."""
    return compile_project(ROOT)
