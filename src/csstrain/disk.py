"""The one file that touches the disk: reads content, stages and exchanges build/."""

from __future__ import annotations

import ctypes
import errno
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from csstrain import pictures

if TYPE_CHECKING:
    from csstrain.render import Artifact


CONTENT_SUFFIXES = (".yaml", ".yml", ".md", ".csv", *pictures.SUFFIXES)
MAX_FILE = 2_000_000  # as much as `source` reads; what is larger is its finding
MAX_FILES = 20_000
MAX_TOTAL = 100_000_000


class UsageError(Exception):
    """The command was called where or how it cannot work; exit status 2."""


class EnvironmentFault(Exception):
    """The machine does not let the tool do its work; exit status 3."""


def read(root: Path) -> dict[str, bytes]:
    """The content files of a project by their names, such as `content/ksas.yaml`.

    Names that begin with a dot are passed over, as editors, systems and version control
    leave them behind; so are endings that are not ours, such as `.docx` or `.yaml~`.
    Raises UsageError without a `content/` folder or where a file may not be read: links
    that leave the project or lead to a folder, pipes and devices are refused, so that
    content from a stranger cannot make the tool open something else, and nothing that an
    author takes for content is passed over in silence.
    """
    folder = root / "content"
    if not folder.is_dir():
        raise UsageError(
            f"there is no folder `content` in {root.resolve()}; "
            "go to the project's folder, or name it with --project"
        )
    inside = os.path.realpath(root)
    _stay(str(folder), "content", inside)
    files: dict[str, bytes] = {}
    total = 0
    for path, name in sorted(_entries(str(folder), "content")):
        files[name] = _file(path, name, inside)
        total += len(files[name])
        if len(files) > MAX_FILES:
            raise UsageError(f"content/ holds more than {MAX_FILES:,} files")
        if total > MAX_TOTAL:
            raise UsageError(f"content/ holds more than {MAX_TOTAL:,} bytes")
    return files


def _entries(folder: str, name: str) -> Iterator[tuple[str, str]]:
    """Every content file below a folder: its path, and its name inside the project."""
    folders = [(folder, name)]
    while folders:
        folder, name = folders.pop()
        try:
            with os.scandir(folder) as listing:
                entries = [entry for entry in listing if not entry.name.startswith(".")]
        except OSError as fault:
            raise UsageError(f"{name} cannot be read: {fault.strerror}") from fault
        for entry in entries:
            inner = f"{name}/{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                folders.append((entry.path, inner))
            elif entry.is_symlink() and Path(entry.path).is_dir():
                raise UsageError(f"{inner} is a link to a folder: copy the folder instead")
            elif _is_content(entry.name, inner):
                yield entry.path, inner


def _is_content(own: str, name: str) -> bool:
    """Whether a file is content by its ending; raises UsageError for one that was meant to be."""
    base, _, ending = own.lower().rpartition(".")
    if ending == "txt" and base.endswith((".yaml", ".yml")):
        raise UsageError(f"{name} ends in .txt: rename it to {name[:-4]}")
    if f".{ending}" not in CONTENT_SUFFIXES:
        return False
    if not own.isprintable():
        raise UsageError(f"{name} has a character in its name that cannot be shown: rename it")
    return True


def _file(path: str, name: str, inside: str) -> bytes:
    """The bytes of a file, at most one more than is read of it."""
    if os.path.islink(path):  # folders on the way are none
        _stay(path, name, inside)
    try:
        # A pipe must not make us wait until somebody writes.
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(handle, "rb") as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise UsageError(f"{name} is not an ordinary file: delete it")
            return file.read(MAX_FILE + 1)
    except FileNotFoundError as fault:
        raise UsageError(f"{name} is a link that leads nowhere: delete it") from fault
    except OSError as fault:
        raise UsageError(f"{name} cannot be read: {fault.strerror}") from fault


def _stay(path: str, name: str, inside: str) -> None:
    # realpath, unlike Path.resolve, does not stop at links that lead round in a circle.
    if not Path(os.path.realpath(path)).is_relative_to(inside):
        raise UsageError(f"{name} is a link that leaves the project: copy it instead")


def has_content(root: Path) -> bool:
    """Whether a folder holds a project."""
    return (root / "content").is_dir()


def folder_files(folder: Path | None) -> dict[str, bytes]:
    """All files below a folder by their names there, sorted; none where there is no folder."""
    if folder is None:
        return {}
    found = sorted(p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in found}


def own_files() -> dict[str, bytes]:
    """The code and the data of csstrain itself, by their names in the package."""
    files = folder_files(Path(__file__).parent)
    return {n: raw for n, raw in files.items() if not n.endswith(".pyc")}


def builtin() -> dict[str, bytes]:
    """The built-in verb list, word list and method matrix, which content may replace."""
    folder = resources.files("csstrain") / "data"
    return {
        f"csstrain/data/{entry.name}": entry.read_bytes()
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml")
    }


def text(path: Path) -> str | None:
    """The text of a file that a user may have; None where there is none.

    Raises UsageError where it is no ordinary file of text.
    """
    if not path.exists() and not path.is_symlink():
        return None
    _ordinary(path)
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as fault:
        raise UsageError(f"{path} is not saved as UTF-8") from fault


def given(path: Path) -> bytes:
    """The bytes of a file that a user names, at most one more than is read of any file.

    Raises UsageError where there is none, or it is no ordinary file.
    """
    if not path.exists() and not path.is_symlink():
        raise UsageError(f"there is no file {path}")
    _ordinary(path)
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE + 1)
    except OSError as fault:
        raise UsageError(f"{path} cannot be read: {fault.strerror}") from fault


def save(path: Path, content: str | bytes) -> None:
    """Write one file that a user asked for, whole or not at all; its folder is made."""
    raw = content.encode() if isinstance(content, str) else content
    if path.exists() or path.is_symlink():
        _ordinary(path)
        if path.read_bytes() == raw:
            return
    new = path.with_name(f".{path.name}.new")
    try:
        path.parent.mkdir(exist_ok=True)
        new.unlink(missing_ok=True)
        try:
            _put(new, raw)
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
    except FileNotFoundError as fault:
        raise UsageError(f"there is no folder {path.parent}: make it first") from fault
    except OSError as fault:  # whose file has a name that nobody asked for
        raise OSError(fault.errno, fault.strerror, str(path)) from fault


def _ordinary(path: Path) -> None:
    if path.is_symlink():
        raise UsageError(f"{path} is a link: name the file itself")
    if not path.is_file():
        raise UsageError(f"{path} is not an ordinary file")


# ── what was made before ─────────────────────────────────────────────────────────────

MAX_CACHE = 256_000_000


class Cache:
    """What takes long to make, below .csstrain/cache/, under a key that names what it is made of.

    It saves time and nothing else: what cannot be kept is made again, what was damaged is not
    taken, and the folder may be deleted at any time.
    """

    def __init__(self, root: Path) -> None:
        self._folder = root / ".csstrain" / "cache"

    def get(self, key: str) -> bytes | None:
        """What was kept under a key; None where nothing whole is there."""
        path = self._folder / key
        try:
            kept = path.read_bytes()
        except OSError:
            return None
        content = kept[_DIGEST:]
        if hashlib.sha256(content).digest() != kept[:_DIGEST]:
            return None
        with suppress(OSError):
            os.utime(path)  # what was used last goes last
        return content

    def put(self, key: str, content: bytes) -> None:
        """Keep something under a key, in one step."""
        new = self._folder / f".{key}.new"
        with suppress(OSError):
            self._folder.mkdir(exist_ok=True)
            try:
                new.write_bytes(hashlib.sha256(content).digest() + content)
                new.replace(self._folder / key)
            finally:  # on a full disk, half of something would be in the way
                new.unlink(missing_ok=True)

    def tidy(self, most: int = MAX_CACHE) -> None:
        """Delete what was begun and never finished, and the oldest beyond so many bytes."""
        with suppress(OSError):
            kept = [(p.stat(), p) for p in self._folder.iterdir() if p.is_file()]
            for info, path in sorted(kept, key=lambda each: -each[0].st_mtime_ns):
                most -= info.st_size
                if most < 0 or path.name.startswith("."):
                    path.unlink()


_DIGEST = hashlib.sha256().digest_size


# ── writing ──────────────────────────────────────────────────────────────────────────
#
# A build is staged below .csstrain/, flushed, and only then exchanged with build/. At every
# moment build/ is the old build or the new one; a build that dies leaves at most a staging
# folder behind, which the next one clears away.

_MARK = "manifest.json"


def templates(root: Path) -> Path | None:
    """The project's own templates, where it has any."""
    folder = root / "templates"
    return folder if folder.is_dir() else None


@contextmanager
def building(root: Path) -> Iterator[None]:
    """Hold the project's lock while a build runs, and mend what a killed one left.

    Raises UsageError where build/ is not ours to replace, EnvironmentFault where another
    build runs or the folder cannot be written.
    """
    work = root / ".csstrain"
    try:
        for each in (work, work / "cache"):
            if each.is_symlink() or (each.exists() and not each.is_dir()):
                name = each.relative_to(root).as_posix()
                what = "a link" if each.is_symlink() else "no folder"
                raise UsageError(f"{name} is {what}: delete it, and the next build makes a folder")
        work.mkdir(exist_ok=True)
        # A link in its place must not lead us to some other file.
        flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        lock = os.open(work / "lock", flags, 0o644)
        try:
            _lock(lock)
            _recover(root)
            _ours(root / "build")
            yield
        finally:
            os.close(lock)
    except OSError as fault:
        raise EnvironmentFault(f"{refused(fault)}; the last build is whole") from fault


def _lock(handle: int) -> None:
    import fcntl  # noqa: PLC0415 - only POSIX has it

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as fault:
        raise EnvironmentFault("another build of this project is running; wait for it") from fault


def _recover(root: Path) -> None:
    """Complete what a build that was killed began, and clear its staging away."""
    build, aside = root / "build", root / ".csstrain" / "aside"
    if aside.is_dir() and not aside.is_symlink() and not build.exists():
        aside.rename(build)
    work = root / ".csstrain"
    for stale in (aside, *work.glob("staging*"), *(work / "cache").glob(".*.new")):
        if stale.is_dir() and not stale.is_symlink():
            shutil.rmtree(stale)
        else:
            stale.unlink(missing_ok=True)


def _ours(build: Path) -> None:
    if build.is_symlink() or (build.exists() and not build.is_dir()):
        raise UsageError("build is not a folder of ours: move it away, then build again")
    if not build.is_dir() or not any(build.iterdir()):
        return
    made = _manifest(build)
    if made is None:
        raise UsageError(
            "the folder build/ was not made by csstrain, so it is not replaced: "
            "move it away, then build again"
        )
    ours = {*made.files, _MARK}
    found = (p.relative_to(build).as_posix() for p in sorted(build.rglob("*")) if not p.is_dir())
    for name in found:
        if name not in ours and not Path(name).name.startswith("."):  # what viewers leave behind
            raise UsageError(f"build/{name} is not from csstrain and would be lost: move it away")


class _Manifest(NamedTuple):
    """What a build says of itself: what it is made of, and the digest of each of its files."""

    key: str
    files: Mapping[str, str]


def _manifest(build: Path) -> _Manifest | None:
    """The manifest of a build; None where it is not ours."""
    try:
        made = json.loads((build / _MARK).read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(made, dict) or not isinstance(made.get("csstrain"), str):
        return None
    files = made.get("files")
    return _Manifest(str(made.get("build", "")), files) if isinstance(files, dict) else None


def unchanged(root: Path, key: str) -> bool:
    """Whether build/ is whole, and made of exactly what `key` names."""
    build = root / "build"
    made = _manifest(build) if not build.is_symlink() else None
    if made is None or made.key != key:
        return False
    try:
        found = {p.relative_to(build).as_posix(): _sum(p) for p in build.rglob("*") if p.is_file()}
    except OSError:
        return False  # then it is made anew, and what is amiss is told on the way
    return {name: found.get(name) for name in made.files} == made.files


def _sum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def write(
    root: Path,
    artifacts: Iterable[Artifact],
    inputs: Mapping[str, bytes],
    versions: Mapping[str, str],
    key: str = "",
) -> Path:
    """Stage all artifacts with their manifest, then exchange them with build/; the new folder.

    `key` names all that the build is made of (see `unchanged`).
    To be called while `building` holds the lock.
    """
    staging = root / ".csstrain" / "staging"
    staging.mkdir()
    try:
        _stage(staging, artifacts, inputs, versions, key)
        _exchange(root, staging, root / "build")
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)  # on a full disk it would be in the way
        raise
    return root / "build"


def _stage(
    staging: Path,
    artifacts: Iterable[Artifact],
    inputs: Mapping[str, bytes],
    versions: Mapping[str, str],
    key: str,
) -> None:
    """Write all artifacts and the manifest into a folder, and see them to the disk."""
    sums: dict[str, str] = {}
    for artifact in artifacts:
        content = artifact.content
        raw = content.encode() if isinstance(content, str) else content
        sums[artifact.path] = hashlib.sha256(raw).hexdigest()
        _put(staging / artifact.path, raw)
    manifest = {
        "csstrain": versions.get("csstrain", ""),
        "build": key,
        "versions": dict(sorted(versions.items())),
        "inputs": {name: hashlib.sha256(raw).hexdigest() for name, raw in sorted(inputs.items())},
        "files": dict(sorted(sums.items())),
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
    _put(staging / _MARK, text.encode())
    for folder in sorted({staging, *(p for p in staging.rglob("*") if p.is_dir())}):
        _flush(folder)


def _put(path: Path, raw: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _exchange(root: Path, staging: Path, build: Path) -> None:
    if not build.exists():
        staging.rename(build)
    elif _swap(staging, build):
        shutil.rmtree(staging)
    else:
        # Two renames: a build killed between them is completed by the next command.
        aside = root / ".csstrain" / "aside"
        build.rename(aside)
        try:
            staging.rename(build)
        except OSError:
            aside.rename(build)
            raise
        shutil.rmtree(aside)
    _flush(root)


_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


def _swap(one: Path, other: Path) -> bool:
    """Exchange two folders in one step; False where the system cannot."""
    renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if renameat2 is None:
        return False
    paths = os.fsencode(one), os.fsencode(other)
    if renameat2(_AT_FDCWD, paths[0], _AT_FDCWD, paths[1], _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP):
        return False
    raise OSError(number, os.strerror(number), str(other))


_ADVICE = {
    errno.ENOSPC: "free some space, then try again",
    errno.EDQUOT: "free some space, then try again",
    errno.EACCES: "let your account write to this folder",
    errno.EPERM: "let your account write to this folder",
    errno.EROFS: "the disk is read-only: copy the project to another one",
}


def refused(fault: OSError) -> str:
    """What the system refused, and what to do, in one line."""
    advice = _ADVICE.get(fault.errno or 0)
    name = f"{fault.filename}: " if fault.filename else ""
    return f"{name}{fault.strerror or fault}" + (f" ({advice})" if advice else "")
