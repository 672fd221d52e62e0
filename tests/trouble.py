"""The command in trouble: each of its calls to the system refused, or the last it ever makes.

A run is a fork of a process that has loaded csstrain and done nothing yet. So it costs only its
own work, and strace, which attaches before the first line of it, counts the command's own calls
and none of Python's start.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import connection, get_context
from pathlib import Path
from typing import NamedTuple

from tests.tiny_project import HOURS, lay

LIMIT = 300.0  # seconds after which something hangs

FORKS = get_context("forkserver")
LOADED = """
    csstrain.cli csstrain.pipeline csstrain.outputs csstrain.plan csstrain.press csstrain.report
    csstrain.show_agenda highspy jinja2 markdown_it
"""
FORKS.set_forkserver_preload(LOADED.split())

# Calls that change what is on the disk; `openat` where it is for writing.
CHANGES = """
    openat write pwrite64 ftruncate fsync fdatasync flock mkdir mkdirat rename renameat renameat2
    unlink unlinkat rmdir utimensat link symlink chmod fchmod
"""
# Moments at which a signal may come: also while it reads, waits, computes or forks.
MOMENTS = CHANGES + "read poll clone wait4 mmap munmap brk close newfstatat getdents64"

PR_SET_PTRACER, ANYBODY = 0x59616D61, -1


@dataclass(frozen=True)
class Ran:
    """How a run ended: its status, negative for a signal; what it said; its calls; what stayed."""

    status: int
    out: str
    said: str
    calls: tuple[str, ...]
    lock_free: bool
    all_gone: bool
    left: tuple[str, ...]  # in the temporary folder


def run(
    project: Path,
    *arguments: str,
    calls: str = "",
    inject: Sequence[str] = (),
    follow: bool = False,
) -> Ran:
    """Run the command in a project's folder, its calls recorded and some of them tampered with.

    `follow` records those of its processes and threads too; `inject` is what
    `strace -e inject=` takes, such as `write:error=ENOSPC:when=3`.
    """
    theirs, ours = FORKS.Pipe()
    gone, living = FORKS.Pipe(duplex=False)
    with tempfile.TemporaryDirectory() as place:
        command = FORKS.Process(target=_play, args=(theirs, living, project, arguments, place))
        command.start()
        theirs.close()
        living.close()
        ours.recv()
        watcher = _watch(command.pid, Path(place), calls, inject, follow) if calls else None
        ours.send("go")
        command.join(LIMIT)
        if command.exitcode is None:
            command.kill()
            raise TimeoutError(f"the command hangs: {arguments} {inject}")
        free = _lock_is_free(project)
        # Every process that descends from the command holds the other end.
        all_gone = gone.poll(LIMIT)
        gone.close()
        if watcher:
            watcher.communicate(timeout=LIMIT)
        left = tuple(p.name for p in Path(place).iterdir() if p.is_dir())
        read = {
            p.name: p.read_text("utf-8", "replace") for p in Path(place).iterdir() if p.is_file()
        }
        status = command.exitcode
        command.close()
    log = tuple(read.get("calls", "").splitlines())
    return Ran(status, read["out"], read["said"], log, free, all_gone, left)


def _play(
    gate: connection.Connection,
    living: connection.Connection,
    project: Path,
    arguments: tuple[str, ...],
    place: str,
) -> None:
    """The command, in a process of its own, once somebody says go."""
    import ctypes

    from csstrain import __main__

    # Where only a parent may look into a process, strace is none.
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ctypes.c_ulong(ANYBODY), 0, 0, 0)
    for name, number in (("out", 1), ("said", 2)):
        os.dup2(os.open(Path(place, name), os.O_WRONLY | os.O_CREAT), number)
    os.chdir(project)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # started in the background or not
    sys.argv = ["csstrain", *arguments]
    gate.send("ready")
    gate.recv()
    __main__.main()
    living.close()  # until here it was open


def _watch(
    process: int | None, place: Path, calls: str, inject: Sequence[str], follow: bool
) -> subprocess.Popen[bytes]:
    # Not every system has each of them.
    known = ",".join(f"?{call}" for call in calls.split())
    command = ["strace", "-y", "-o", str(place / "calls"), "-e", f"trace={known}"]
    if follow:
        command.append("-f")
    for each in inject:
        command += ["-e", f"inject={each}"]
    watcher = subprocess.Popen([*command, "-p", str(process)], stderr=subprocess.PIPE)
    assert watcher.stderr
    told = watcher.stderr.readline()
    assert b"attached" in told, told
    return watcher


def _lock_is_free(project: Path) -> bool:
    path = project / ".csstrain" / "lock"
    if not path.exists():
        return True
    with path.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
    return True


# ── points ───────────────────────────────────────────────────────────────────────────


class Point(NamedTuple):
    """One call of a run: its name, which of that name it is, and the whole line."""

    call: str
    number: int
    line: str

    @property
    def kind(self) -> str:
        """What it does where: staging, the memory, the lock, the exchange, clearing away."""
        found = re.search(r"\.csstrain(?:/(cache|staging|aside|lock))?", self.line)
        return f"{self.call} {(found and found[1]) or 'elsewhere'}"


def points(calls: Sequence[str]) -> Iterator[Point]:
    """Every call of a run, counted by its name as strace counts."""
    numbers: dict[str, int] = {}
    for line in calls:
        if found := re.match(r"(\w+)\(", line):
            numbers[found[1]] = numbers.get(found[1], 0) + 1
            yield Point(found[1], numbers[found[1]], line)


def changes(calls: Sequence[str]) -> list[Point]:
    """The calls that change something below .csstrain/ or build/."""
    ours = re.compile(r'["/<](?:\.csstrain|build)["/>]')
    other = re.compile(r"write\([12]<|openat\((?!.*O_(WRONLY|RDWR))")  # what it says or only reads
    return [p for p in points(calls) if ours.search(p.line) and not other.match(p.line)]


# ── a project that is built again and again ──────────────────────────────────────────

ERRORS = ("ENOSPC", "EIO", "EACCES")
KILL = "SIGKILL"
WORDS = "trainer: [{do: Go on step by step.}]"
BUSY = "csstrain: another build of this project is running; wait for it\n"
Tree = dict[str, bytes]


def tree(folder: Path) -> Tree | None:
    """All files below a folder; None where there is none."""
    if not folder.exists():
        return None
    found = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


class Scene(NamedTuple):
    """What a build begins with: nothing at all or the last build, and what never works here."""

    name: str
    first: bool = False
    never: tuple[str, ...] = ()


AGAIN = Scene("over the last build")
FIRST = Scene("for the first time", first=True)
TWO_RENAMES = Scene("where folders cannot be exchanged", never=("renameat2:error=ENOSYS",))
SCENES = (AGAIN, FIRST, TWO_RENAMES)


@dataclass
class Stage:
    """A tiny project with two wordings that follow each other, and the builds of both."""

    folder: Path
    arguments: tuple[str, ...] = ("--format", "html")
    turn: int = 0
    builds: list[Tree] = field(default_factory=list)

    def __post_init__(self) -> None:
        lay(self.folder)
        for _ in range(2):
            self.begin(AGAIN)
            ran = self.build()
            assert ran.status == 0, ran.said
            made = tree(self.folder / "build")
            assert made
            self.builds.append(made)
        assert self.builds[0] != self.builds[1]

    @property
    def new(self) -> Tree:
        """What the present wording makes."""
        return self.builds[1 - self.turn % 2]

    @property
    def old(self) -> Tree:
        """What the other wording made."""
        return self.builds[self.turn % 2]

    def begin(self, scene: Scene) -> None:
        """Take the other wording, over what the last one left."""
        self.turn += 1
        self.write()
        if scene.first:
            for made in ("build", ".csstrain"):
                shutil.rmtree(self.folder / made, ignore_errors=True)

    def write(self) -> None:
        """Write down the present wording."""
        words = (WORDS, WORDS.replace("step by step", "slowly"))
        path = self.folder / "content" / "modules" / "m1.yaml"
        text = path.read_text("utf-8")
        path.write_text(text.replace(words[self.turn % 2], words[1 - self.turn % 2]), "utf-8")

    def build(self, calls: str = "", inject: Sequence[str] = ()) -> Ran:
        """Build as a person would, with nothing in the way but what is said here."""
        arguments = ("build", "--hours", HOURS, *self.arguments)
        return run(self.folder, *arguments, calls=calls, inject=inject)

    def record(self, scene: Scene, calls: str = CHANGES) -> Ran:
        """A run to which nothing happens."""
        self.begin(scene)
        ran = self.build(calls, scene.never)
        assert ran.status == 0, ran.said
        assert tree(self.folder / "build") == self.new
        return ran

    def suffer(self, scene: Scene, point: Point, fault: str, calls: str = CHANGES) -> Iterator[str]:
        """Let one fault happen, then build again; says all that is not as it should be."""
        self.begin(scene)
        how = f"signal={fault}" if fault.startswith("SIG") else f"error={fault}"
        inject = f"{point.call}:{how}:when={point.number}"
        ran = self.build(calls, [*scene.never, inject])
        yield from _ended(ran, fault)
        yield from self._whole(scene, ran)
        again = self.build()
        if again.status != 0 or tree(self.folder / "build") != self.new:
            yield f"the next build ends with {again.status}: {again.said[-200:]}"
        yield from (f"{left} stays" for left in stale(self.folder))

    def _whole(self, scene: Scene, ran: Ran) -> Iterator[str]:
        old = None if scene.first else self.old
        made = tree(self.folder / "build")
        if made is None and old is not None and ran.status < 0 and scene.never:
            # Killed between two renames: the next command makes the second.
            made = tree(self.folder / ".csstrain" / "aside")
        if made not in (old, self.new) or (ran.status == 0 and made != self.new):
            yield "build/ is neither the old nor the new one"


def _ended(ran: Ran, fault: str) -> Iterator[str]:
    """How it may end: refused with status 3 and one line, or unharmed; by a signal, as it asks."""
    if "Traceback" in ran.said or "Exception ignored" in ran.said:
        yield f"it says {ran.said[-2000:]}"
    if not ran.lock_free:
        yield "the lock is held"
    if not ran.all_gone:
        yield "a process is left"
    if ran.left and fault != KILL:
        yield f"{ran.left} are left"
    if fault.startswith("SIG"):
        number = signal.Signals[fault]
        if not any(re.match(rf"--- {fault} |\+\+\+ killed by {fault}", c) for c in ran.calls):
            yield f"{fault} did not happen"
        if ran.status not in (-number, 128 + number):
            yield f"it ends with {ran.status}"
        return
    if not any("(INJECTED)" in line and fault in line for line in ran.calls):
        yield "the fault did not happen"
    own = re.findall(r"^csstrain: .*\n", ran.said, re.MULTILINE)
    if ran.status not in (0, 3):
        yield f"it ends with {ran.status}: {ran.said[-200:]}"
    if own != ([ran.said] if ran.status else []):
        yield f"it says {ran.said}"


def stale(project: Path) -> Iterator[str]:
    """What was begun and never finished."""
    for path in sorted((project / ".csstrain").iterdir()):
        if path.name not in ("lock", "cache"):
            yield path.name
    for path in sorted((project / ".csstrain" / "cache").iterdir()):
        if path.name.startswith("."):
            yield path.name


def pair(stage: Stage) -> tuple[int, list[str]]:
    """Two builds of a project at once, for other hours: how many were refused, what is wrong."""
    stage.begin(AGAIN)
    hours = (HOURS, f"{HOURS}.5")

    def build(wanted: str) -> Ran:
        return run(stage.folder, "build", "--hours", wanted, *stage.arguments)

    with ThreadPoolExecutor(2) as both:
        rans = list(both.map(build, hours))
    made = tree(stage.folder / "build")
    refused, wrong = 0, []
    could = []
    for wanted, ran in zip(hours, rans, strict=True):
        if ran.status == 3 and ran.said == BUSY:
            refused += 1
        elif ran.status == 0:
            alone = build(wanted)
            could.append(tree(stage.folder / "build"))
            if alone.status != 0:
                wrong.append(f"alone it ends with {alone.status}: {alone.said}")
        else:
            wrong.append(f"it ends with {ran.status}: {ran.said}")
    if made not in could:
        wrong.append("build/ is neither of the two")
    return refused, [*wrong, *(f"{left} stays" for left in stale(stage.folder))]
