"""Whatever goes wrong while it builds: build/ is the old one or the new one, and it says so.

Samples here; `scripts/faults` tries every call.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory, gettempdir

import pytest

from tests import npm
from tests.curricula import ROOT
from tests.test_disk import tree
from tests.tiny_project import build, command, lay
from tests.trouble import (
    AGAIN,
    ERRORS,
    FIRST,
    KILL,
    MOMENTS,
    TWO_RENAMES,
    Point,
    Scene,
    Stage,
    changes,
    pair,
    points,
    run,
    stale,
)

FULL = "No space left on device (free some space, then try again); the last build is whole\n"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Stage:
    """A tiny project that is built as pages."""
    return Stage(tmp_path_factory.mktemp("pages"))


def sample(every: list[Point], count: int) -> list[Point]:
    """One point of each kind, and more at random."""
    random = Random(7)  # noqa: S311 - chance, not secrecy
    kinds = {point.kind: point for point in random.sample(every, len(every))}
    return random.sample(list(kinds.values()), min(count, len(kinds)))


@pytest.mark.parametrize(("scene", "count"), [(AGAIN, 6), (FIRST, 2), (TWO_RENAMES, 2)])
def test_a_call_that_fails_or_is_the_last_leaves_old_or_new(
    stage: Stage, scene: Scene, count: int
) -> None:
    npm.command("strace", "strace")
    every = changes(stage.record(scene).calls)
    assert len(every) > 200
    faults = (*ERRORS, KILL)
    for number, point in enumerate(sample(every, count)):
        fault = faults[number % len(faults)]
        assert list(stage.suffer(scene, point, fault)) == [], (fault, point)


def test_a_signal_ends_the_build_and_all_its_processes(tmp_path: Path) -> None:
    npm.command("strace", "strace")
    stage = Stage(tmp_path, ("--only", "agenda"))
    every = list(points(stage.record(AGAIN, MOMENTS).calls))
    begun = next(n for n, point in enumerate(every) if "weasyprint" in point.line)
    for fault in ("SIGINT", "SIGTERM"):
        point = Random(1).choice(every[begun:])  # noqa: S311 - chance, not secrecy
        assert list(stage.suffer(AGAIN, point, fault, MOMENTS)) == [], (fault, point)
    # The worst, while others print: the first time that it waits for them.
    every = list(points(stage.record(FIRST, MOMENTS).calls))
    waiting = next(p for p in every if p.call == "poll" and p.line.endswith("POLLIN}])"))
    assert list(stage.suffer(FIRST, waiting, KILL, MOMENTS)) == []


def test_two_builds_at_once_are_one_of_the_two(stage: Stage) -> None:
    for _ in range(3):
        assert pair(stage)[1] == []


# ── disks ────────────────────────────────────────────────────────────────────────────


@contextmanager
def disk(place: Path, size: str) -> Iterator[Path]:
    """A small disk of its own, mounted at a place; skips where that is not allowed."""
    place.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("only an administrator may mount a disk")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def remount(place: Path, option: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{option}", str(place)], check=True)


def refused(stage: Stage, told: str) -> None:
    """The new wording is not built: one line says why, and the last build is there."""
    ran = stage.build()
    assert (ran.status, ran.out) == (3, "")
    assert re.fullmatch(f"csstrain: .*{re.escape(told)}", ran.said)
    assert tree(stage.folder / "build") == stage.old


def test_a_disk_too_small_keeps_the_last_build(tmp_path: Path) -> None:
    with disk(tmp_path / "small", "4m") as place:
        stage = Stage(place)
        stage.begin(AGAIN)
        used = shutil.disk_usage(place).used
        for room in (4, 16, 64, 256):
            remount(place, f"size={used // 1024 + room}k")
            refused(stage, FULL)
            assert not (place / ".csstrain" / "staging").exists()  # the room is free again
        remount(place, "ro")
        refused(stage, "copy the project to another one); the last build is whole\n")
        remount(place, "rw,size=4m")
        assert stage.build().status == 0
        assert tree(place / "build") == stage.new
        assert list(stale(place)) == []


def test_a_first_build_on_a_disk_too_small_leaves_nothing(tmp_path: Path) -> None:
    lay(tmp_path)
    for size in ("16k", "128k"):
        with disk(tmp_path / ".csstrain", size):
            ended = build(tmp_path, "--format", "html")
        assert (ended.returncode, ended.stderr) == (3, f"csstrain: {FULL}")
        assert not (tmp_path / "build").exists()


def test_a_full_memory_stops_nothing(stage: Stage) -> None:
    with disk(stage.folder / ".csstrain" / "cache", "4k"):
        stage.record(AGAIN)
    assert list(stale(stage.folder)) == []


def test_a_folder_that_one_may_not_write_is_one_line() -> None:
    with TemporaryDirectory() as name:
        project = lay(Path(name))
        project.chmod(0o555)
        try:
            ended = subprocess.run(
                command("--format", "html"),
                cwd=project,
                user=None if os.geteuid() else 65534,  # an administrator may write anywhere
                check=False,
                capture_output=True,
                text=True,
            )
        except PermissionError:
            pytest.skip("nobody else may start Python here")
        finally:
            project.chmod(0o755)
    told = ".csstrain: Permission denied (let your account write to this folder)"
    assert ended.stderr == f"csstrain: {told}; the last build is whole\n"
    assert ended.returncode == 3


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("build", "build is not a folder of ours: move it away, then build again"),
        (".csstrain", ".csstrain is no folder: delete it, and the next build makes a folder"),
        (
            ".csstrain/cache",
            ".csstrain/cache is no folder: delete it, and the next build makes a folder",
        ),
    ],
)
def test_a_file_in_the_place_of_a_folder_is_named(tmp_path: Path, name: str, told: str) -> None:
    lay(tmp_path)
    path = tmp_path / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("mine")
    ran = run(tmp_path, *command("--format", "html")[3:])
    assert (ran.status, ran.said) == (2, f"csstrain: {told}\n")
    assert path.read_text() == "mine"


# ── what it says, where nobody hears it ──────────────────────────────────────────────


def deaf(project: Path, redirection: str) -> int:
    """The status of a build of which some streams are closed or full."""
    line = f'exec "$@" {redirection}'
    return subprocess.run(
        ["sh", "-c", line, "sh", *command("--format", "html")],
        cwd=project,
        check=False,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ).returncode


@pytest.mark.parametrize(
    ("redirection", "status"),
    [(">&- 2>&- <&-", 0), (">/dev/full", 3), ("2>/dev/full", 3)],
)
def test_a_build_that_nobody_hears_is_whole(stage: Stage, redirection: str, status: int) -> None:
    stage.begin(AGAIN)
    assert deaf(stage.folder, redirection) == status
    assert tree(stage.folder / "build") == stage.new


# ── what it reaches ──────────────────────────────────────────────────────────────────


# What the system, Python and Fontconfig look up; files are written to the last two alone.
SYSTEM = ("/usr", "/lib", "/lib64", "/etc", "/sys", "/proc", "/dev", "/var/cache/fontconfig")
HOME = [str(Path.home() / name) for name in (".fontconfig", ".fonts", ".local/share/fonts")]
WRITTEN = (str(Path.home() / ".cache" / "fontconfig"), str(Path(gettempdir(), "csstrain-")))


def test_it_asks_no_network_starts_no_program_and_reads_no_other_files(tmp_path: Path) -> None:
    npm.command("strace", "strace")
    project, log = lay(tmp_path / "project"), tmp_path / "calls"
    trace = ["strace", "-f", "-y", "-o", str(log), "-e", "trace=%network,execve,open,openat,creat"]
    ended = subprocess.run(
        [*trace, *command("--only", "agenda")],
        cwd=project,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        check=False,
        capture_output=True,
    )
    assert ended.returncode == 0, ended.stderr
    calls = log.read_text("utf-8", "replace")
    assert "socketpair(AF_UNIX" in calls  # to its own processes
    assert not re.search(r"AF_INET|\b(connect|bind|sendto|sendmsg)\(", calls)
    started = re.findall(r'execve\("([^"]*)".* = 0$', calls, re.MULTILINE)
    assert {Path(name).name for name in started} <= {"python", Path(sys.executable).name}
    probe = rf"{re.escape(gettempdir())}/\w{{8}}"  # Python asks whether it may write there
    own = [*sys.path, sys.prefix, sys.base_prefix, str(ROOT / "templates"), str(project)]
    for flags, name in re.findall(r"(O_\S+)(?:, \d+)?\) += \d+<(/[^>]*)>", calls):
        mine = [*WRITTEN, str(project)]
        if not re.search("O_CREAT|O_WRONLY|O_RDWR", flags):
            mine += [*SYSTEM, *HOME, *filter(None, own)]
        assert name.startswith(tuple(mine)) or re.fullmatch(probe, name) or name == gettempdir()
    assert re.search(rf"O_CREAT.*<{re.escape(str(project))}/.csstrain/staging/", calls)


def test_no_other_command_asks_a_network(stage: Stage) -> None:
    npm.command("strace", "strace")
    calls = "%network execve"
    for form in ("table", "xlsx", "ics", "csv", "json", "html", "pdf"):
        day = ("--start", "2027-01-11", "--timezone", "America/Chicago") if form == "ics" else ()
        asked = ("agenda", "--hours", "12", "--format", form, *day)
        ran = run(stage.folder, *asked, calls=calls, follow=True)
        assert ran.status == 0, ran.said
        assert not re.search(r"AF_INET|execve\(|connect\(", "\n".join(ran.calls)), form
    ran = run(stage.folder, "check", calls=calls, follow=True)
    assert (ran.status, [c for c in ran.calls if "(" in c]) == (0, [])
