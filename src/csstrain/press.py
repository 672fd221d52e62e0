"""The press: chapters laid out side by side, each within limits, and none of them twice."""

from __future__ import annotations

import ctypes
import gc
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from multiprocessing import connection, get_context
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

from csstrain.pdf import (
    Icons,
    PrintChapter,
    PrintDocument,
    PrintFault,
    chapter_key,
    join,
    joined_key,
    lay_out,
    made_with,
)

if TYPE_CHECKING:
    from multiprocessing.process import BaseProcess
    from types import TracebackType
    from typing import Self

Tell = Callable[[int, int, str], None]


class Memory(Protocol):
    """What was printed before, by a key that names exactly what it was made of."""

    def get(self, key: str) -> bytes | None:
        """What was kept under a key, or None."""

    def put(self, key: str, content: bytes) -> None:
        """Keep something under a key."""


@dataclass(frozen=True)
class Limits:
    """What one chapter may cost: bytes more than at the start, seconds of computing and waiting.

    The longest chapter of the shipped program takes about three seconds and 100 MB more; a table
    or a word that needs ten times as much would not be read by anybody.
    """

    memory: int = 1_000_000_000
    computing: int = 90
    waiting: int = 300


@dataclass
class _Job:
    """Something to print: what makes it, what it is called, how long it will be thought to take."""

    key: str
    name: str
    size: int
    make: Callable[..., bytes]
    arguments: tuple[object, ...]


@dataclass(frozen=True)
class _Wanted:
    """A document that was handed over: its key, and those of its chapters."""

    document: PrintDocument
    whole: str
    chapters: tuple[str, ...]


@dataclass
class _Worker:
    """A process, the pipe to it, and what it is at work on until when."""

    process: BaseProcess
    pipe: connection.Connection
    job: _Job | None = None
    until: float = 0.0


@dataclass
class Press:
    """Prints documents: `begin` hands them over, `go_on` may be called while they are made.

    To be used as a context: the processes are forked on entry, once WeasyPrint is loaded, and
    end with it. On entry nothing but this should have been loaded and no lock be held, since
    each process begins as a copy. `tell` hears how many of how many pieces are made and which
    is the next.
    """

    workers: int = 1
    memory: Memory | None = None
    tell: Tell | None = None
    limits: Limits = Limits()
    _team: list[_Worker] = field(default_factory=list)
    _waiting: list[_Job] = field(default_factory=list)
    _made: dict[str, bytes] = field(default_factory=dict)
    _wanted: list[_Wanted] = field(default_factory=list)
    _taken_on: set[str] = field(default_factory=set)  # keys of all that waited, is at work or made
    _fonts: tempfile.TemporaryDirectory[str] | None = None

    def __enter__(self) -> Self:
        made_with()  # loads WeasyPrint, once for all that are forked now
        # Each process unpacks fonts, and is ended before it could clear them away.
        self._fonts = tempfile.TemporaryDirectory(prefix="csstrain-", ignore_cleanup_errors=True)
        for _ in range(max(self.workers, 1)):
            self._team.append(self._hire())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for worker in self._team:
            worker.process.kill()
            worker.process.join()
            worker.pipe.close()
        self._team.clear()
        if self._fonts:
            self._fonts.cleanup()

    def _hire(self) -> _Worker:
        # Elsewhere than on Linux, system libraries do not bear being copied with a process.
        context: Any = get_context("fork" if sys.platform == "linux" else "spawn")
        ours, theirs = context.Pipe()
        assert self._fonts
        arguments = (theirs, self.limits, os.getpid(), self._fonts.name)
        process = context.Process(target=_work, args=arguments, daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours)

    # ── what is to be printed ────────────────────────────────────────────────────────

    def begin(self, documents: Sequence[PrintDocument]) -> None:
        """Hand documents over; a chapter that several of them hold is laid out once."""
        for document in documents:
            keys = tuple(chapter_key(chapter, document.icons) for chapter in document.chapters)
            whole = joined_key(document, keys)
            self._wanted.append(_Wanted(document, whole, keys))
            if self._remember(whole):
                continue
            for key, chapter in zip(keys, document.chapters, strict=True):
                if not self._remember(key):
                    self._add(_laying_out(key, chapter, document.icons))
        # The longest first, so that nobody is left alone with it at the end.
        self._waiting.sort(key=lambda job: -job.size)
        self.go_on()

    def _remember(self, key: str) -> bool:
        if key not in self._made and self.memory is not None:
            kept = self.memory.get(key)
            if kept is not None:
                self._made[key] = kept
        return key in self._made

    def _add(self, job: _Job) -> None:
        if job.key not in self._taken_on:
            self._taken_on.add(job.key)
            self._waiting.append(job)

    def _ready_to_join(self) -> None:
        """Documents of which every chapter is there become work themselves."""
        for each in self._wanted:
            if each.whole in self._made or each.whole in self._taken_on:
                continue
            if all(key in self._made for key in each.chapters):
                parts = [self._made[key] for key in each.chapters]
                size, title = sum(map(len, parts)), each.document.title
                self._add(_Job(each.whole, title, size, join, (each.document, parts)))

    # ── the work ─────────────────────────────────────────────────────────────────────

    def go_on(self, wait: float = 0.0) -> None:
        """Take what is made and give out what is next; raises PrintFault."""
        busy = {worker.pipe: worker for worker in self._team if worker.job}
        if busy:
            for pipe in connection.wait(list(busy), wait):
                self._take(busy[pipe])  # type: ignore[index]  # wait gives back what it was given
        for worker in self._team:
            if worker.job and monotonic() > worker.until:
                raise _too_long(worker.job, self.limits.waiting, "waiting")
        self._ready_to_join()
        for worker in self._team:
            if not worker.job and self._waiting:
                self._give(worker, self._waiting.pop(0))

    def finish(self) -> tuple[bytes, ...]:
        """The documents that were handed over, in their order; raises PrintFault."""
        self.go_on()
        while any(each.whole not in self._made for each in self._wanted):
            self.go_on(wait=1.0)
        found = tuple(self._made[each.whole] for each in self._wanted)
        self._wanted.clear()
        return found

    def print(self, documents: Sequence[PrintDocument]) -> tuple[bytes, ...]:
        """Documents as PDF/UA-1, in their order; raises PrintFault."""
        self.begin(documents)
        return self.finish()

    def _give(self, worker: _Worker, job: _Job) -> None:
        worker.job, worker.until = job, monotonic() + self.limits.waiting
        if self.tell:
            # Documents become work only once their chapters are there.
            every = self._taken_on | {w.whole for w in self._wanted if w.whole not in self._made}
            done = sum(key in self._made for key in self._taken_on)
            self.tell(done, len(every), job.name)
        try:
            worker.pipe.send((job.make, job.arguments))
        except BrokenPipeError:
            raise _died(job, None, self.limits) from None

    def _take(self, worker: _Worker) -> None:
        job = worker.job
        assert job is not None
        try:
            made: bytes | str = worker.pipe.recv()
        except (EOFError, ConnectionResetError):
            worker.process.join()
            raise _died(job, worker.process.exitcode, self.limits) from None
        if isinstance(made, str):
            raise PrintFault(made)
        worker.job = None
        self._made[job.key] = made
        if self.memory is not None:
            self.memory.put(job.key, made)


def _laying_out(key: str, chapter: PrintChapter, icons: Icons) -> _Job:
    name = f"{chapter.label} {chapter.title}"
    return _Job(key, name, len(chapter.html), lay_out, (chapter, icons))


def _died(job: _Job, status: int | None, limits: Limits) -> PrintFault:
    if status is not None and -status == getattr(signal, "SIGXCPU", None):
        return _too_long(job, limits.computing, "computing")
    return PrintFault(f"{job.name}: the process that prints it was ended from outside")


def _too_long(job: _Job, seconds: int, of: str) -> PrintFault:
    return PrintFault(
        f"{job.name}: it takes more than {seconds} seconds of {of}; "
        "look for a table or a text in it that is far longer than the others"
    )


# ── in a process of its own ──────────────────────────────────────────────────────────


def _work(pipe: connection.Connection, limits: Limits, giver: int, temporary: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that gives out work hears it
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _end_with(giver)
    tempfile.tempdir = temporary
    _limit_memory(limits.memory)
    # Whoever checks content lets its garbage lie for speed; pages leave far more of it behind.
    gc.freeze()
    gc.set_threshold(10_000, 10, 10)
    while True:
        try:
            make, arguments = pipe.recv()
        except (EOFError, ConnectionResetError):
            return
        _limit_computing(limits.computing)
        pipe.send(_outcome(make, arguments, limits))


_PR_SET_PDEATHSIG = 1


def _end_with(giver: int) -> None:
    """Let this process end with the one that gives it work, however that is ended.

    A forked process holds both ends of its pipe, so no end of the pipe would tell it.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != giver:  # it was ended before this one could ask
            os._exit(1)


def _outcome(make: Callable[..., bytes], arguments: tuple[Any, ...], limits: Limits) -> bytes | str:
    """What was made, or why it was not."""
    try:
        return make(*arguments)
    except PrintFault as fault:
        return str(fault)
    except OSError as fault:  # such as no space where fonts are unpacked
        return f"{arguments[0].title}: {fault.strerror or fault}"
    except MemoryError:
        return (
            f"{arguments[0].title}: it takes more than {limits.memory // 1_000_000} MB of memory; "
            "look for a table or a text in it that is far longer than the others"
        )


def _limit_memory(most: int) -> None:
    if os.name == "posix":
        import resource  # noqa: PLC0415 - only POSIX has it

        most += _address_space()
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _address_space() -> int:
    """Bytes that are set aside for this process already; 1 GB where the system does not say."""
    try:
        with open("/proc/self/statm", encoding="ascii") as file:
            return int(file.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 1_000_000_000


def _limit_computing(seconds: int) -> None:
    """Let this process compute so many seconds more before the system ends it."""
    if os.name == "posix":
        import resource  # noqa: PLC0415 - only POSIX has it

        used = resource.getrusage(resource.RUSAGE_SELF)
        until = int(used.ru_utime + used.ru_stime) + seconds + 1
        resource.setrlimit(resource.RLIMIT_CPU, (until, resource.RLIM_INFINITY))
