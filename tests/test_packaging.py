"""What is declared, locked and packed: dependencies, lock files, scripts, the wheel."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from zipfile import ZipFile

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCKS = ("requirements.lock", "requirements-dev.lock")
SCRIPTS = sorted(f for f in (ROOT / "scripts").iterdir() if f.is_file() and not f.suffix)


def requirements(lines: list[str]) -> dict[str, Requirement]:
    return {canonicalize_name(r.name): r for r in map(Requirement, lines)}


def locked(lock: str) -> dict[str, str]:
    pinned = re.findall(r"^([a-z0-9-]+)==([^ ]+)", (ROOT / lock).read_text("utf-8"), re.MULTILINE)
    return dict(pinned)


def imported() -> Iterator[str]:
    """The top-level modules that the package imports or, such as fonts, names in a string."""
    for file in sorted((ROOT / "src").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and not node.level:
                yield (node.module or "").partition(".")[0]
            elif isinstance(node, ast.Constant) and str(node.value).startswith("fontpkg_"):
                yield str(node.value)


def test_dependencies_are_what_is_imported() -> None:
    ours = {*sys.stdlib_module_names, "csstrain"}
    owners = packages_distributions()
    used = {canonicalize_name(owners[name][0]) for name in set(imported()) - ours}
    # pydantic names the one pydantic-core that fits it.
    assert used - {"pydantic-core"} == set(requirements(PROJECT["dependencies"]))


@pytest.mark.parametrize(
    ("lock", "declared"),
    [
        (LOCKS[0], PROJECT["dependencies"]),
        (LOCKS[1], PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]),
    ],
)
def test_locks_hold_what_is_declared(lock: str, declared: list[str]) -> None:
    pinned = locked(lock)
    for name, requirement in requirements(declared).items():
        assert name in pinned, f"{lock} lacks {name}: run scripts/lock"
        assert requirement.specifier.contains(pinned[name]), f"run scripts/lock for {name}"


def test_development_lock_holds_the_other() -> None:
    assert locked(LOCKS[0]).items() <= locked(LOCKS[1]).items()


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_are_hashed_and_name_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text("utf-8")
    assert "://" not in text
    entries = re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]
    # A package may be there twice, in another version for older Pythons.
    assert {entry.partition("==")[0] for entry in entries} == locked(lock).keys()
    assert all("--hash=sha256:" in entry for entry in entries)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda s: s.name)
def test_scripts_are_plain_shell(script: Path) -> None:
    subprocess.run(["sh", "-n", str(script)], check=True)
    if script.name != "setup":  # which the others read
        assert script.read_text("utf-8").startswith("#!/bin/sh\n")
        assert script.stat().st_mode & 0o111


def test_wheel_carries_templates_and_data(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    inside = set(ZipFile(wheel).namelist())
    packed = {"csstrain/py.typed"}
    for folder, target in (("templates", Path("csstrain")), ("src/csstrain", Path())):
        top = ROOT / folder
        packed |= {
            (target / file.relative_to(top.parent)).as_posix()
            for file in top.rglob("*")
            if file.is_file() and "__pycache__" not in file.parts
        }
    assert packed <= inside
