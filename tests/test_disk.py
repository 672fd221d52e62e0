"""Reading and writing: nothing from outside is opened, and build/ is whole at every moment."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from csstrain import disk
from csstrain.load import load
from csstrain.render import Artifact
from csstrain.source import MAX_BYTES

PAGES = [Artifact("index.html", "<p>new</p>"), Artifact("trainer/binder.pdf", b"%PDF new")]
VERSIONS = {"csstrain": "0"}


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def build(root: Path, artifacts: list[Artifact]) -> Path:
    with disk.building(root):
        return disk.write(root, artifacts, {"content/a.yaml": b"a"}, VERSIONS)


@pytest.fixture
def built(tmp_path: Path) -> Path:
    build(tmp_path, [Artifact("index.html", "<p>old</p>"), Artifact("old/only.html", "x")])
    return tmp_path


def test_read_takes_content_only(tmp_path: Path) -> None:
    (tmp_path / "content" / "modules").mkdir(parents=True)
    (tmp_path / "content" / "a.yaml").write_text("a: b")
    (tmp_path / "content" / "modules" / "m.yml").write_text("a: b")
    (tmp_path / "content" / "notes.docx").write_text("x")
    (tmp_path / "other.yaml").write_text("x")
    assert list(disk.read(tmp_path)) == ["content/a.yaml", "content/modules/m.yml"]


def test_what_editors_leave_behind_is_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / "content" / ".git"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text("x")
    for name in (".a.yaml.swp", "._a.yaml", ".hidden.yaml", "a.yaml~", "#a.yaml#", "a.yaml.bak"):
        (tmp_path / "content" / name).write_text("x")
    (tmp_path / "content" / ".#a.yaml").symlink_to("somebody@somewhere.1234")
    (tmp_path / "content" / "A.YAML").write_text("a: b")
    assert list(disk.read(tmp_path)) == ["content/A.YAML"]


REFUSED: dict[str, tuple[Callable[[Path, Path], object], str]] = {
    "folder": (lambda c, o: (c / "f").symlink_to(o), "content/f is a link to a folder"),
    "inner folder": (
        lambda c, _: (c / "f").symlink_to(c / "in"),
        "content/f is a link to a folder",
    ),
    "dangling": (lambda c, _: (c / "a.yaml").symlink_to(c / "none.yaml"), "leads nowhere"),
    "outside": (lambda c, o: (c / "a.yaml").symlink_to(o / "b.yaml"), "leaves the project"),
    "as text": (lambda c, _: (c / "a.yaml.txt").write_text("x"), "rename it to content/a.yaml"),
    "as text too": (lambda c, _: (c / "A.YML.TXT").write_text("x"), "rename it to content/A.YML"),
    "steering": (lambda c, _: (c / "\x1b[2J.md").write_text("x"), "cannot be shown"),
    "two lines": (lambda c, _: (c / "a\n.yaml").write_text("x"), "cannot be shown"),
    "not utf-8": (lambda c, _: Path(os.fsdecode(bytes(c) + b"/\xff.yaml")).touch(), "be shown"),
    "a folder as file": (lambda c, _: (c / "a.yaml" / "b.md").mkdir(parents=True), ""),
}


@pytest.mark.parametrize("name", REFUSED)
def test_nothing_that_looks_like_content_is_passed_over(name: str, tmp_path: Path) -> None:
    content = tmp_path / "project" / "content"
    (content / "in").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (tmp_path / "outside" / "b.yaml").write_text("a: b")
    make, told = REFUSED[name]
    make(content, tmp_path / "outside")
    if not told:
        assert disk.read(tmp_path / "project") == {}
        return
    with pytest.raises(disk.UsageError, match=re.escape(told)):
        disk.read(tmp_path / "project")


def test_a_link_inside_the_project_may_stay(tmp_path: Path) -> None:
    (tmp_path / "content").mkdir()
    (tmp_path / "shared.yaml").write_text("a: b")
    (tmp_path / "content" / "a.yaml").symlink_to("../shared.yaml")
    assert disk.read(tmp_path) == {"content/a.yaml": b"a: b"}


def test_content_that_is_a_link_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "content").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(disk.UsageError, match="content is a link"):
        disk.read(tmp_path / "project")


def test_one_limit_for_the_size_of_a_file(tmp_path: Path) -> None:
    assert disk.MAX_FILE == MAX_BYTES
    (tmp_path / "content").mkdir()
    with (tmp_path / "content" / "a.yaml").open("wb") as file:
        file.truncate(5_000_000_000)  # takes no space
    (raw,) = disk.read(tmp_path).values()
    assert len(raw) == MAX_BYTES + 1
    found = load({"content/a.yaml": raw}).diagnostics
    assert [d.rule for d in found] == ["file-too-large"]


def test_all_files_together_have_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "content").mkdir()
    for number in range(4):
        (tmp_path / "content" / f"{number}.yaml").write_text("a: b")
    monkeypatch.setattr(disk, "MAX_TOTAL", 15)
    with pytest.raises(disk.UsageError, match="more than 15 bytes"):
        disk.read(tmp_path)
    monkeypatch.setattr(disk, "MAX_TOTAL", 16)
    monkeypatch.setattr(disk, "MAX_FILES", 3)
    with pytest.raises(disk.UsageError, match="more than 3 files"):
        disk.read(tmp_path)


def test_folders_may_be_deep(tmp_path: Path) -> None:
    folder = tmp_path / "content"
    folder.mkdir()
    for _ in range(1_200):
        folder = folder / "f"
        folder.mkdir()
    try:
        assert disk.read(tmp_path) == {}
    finally:
        # Python's own way to clear a folder goes one call deeper for each level, and gives up.
        while folder != tmp_path:
            folder.rmdir()
            folder = folder.parent


def test_no_content_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(disk.UsageError, match="--project"):
        disk.read(tmp_path)


def test_links_out_pipes_and_loops_are_refused(tmp_path: Path) -> None:
    content = tmp_path / "project" / "content"
    content.mkdir(parents=True)
    (tmp_path / "secret.yaml").write_text("secret")
    (content / "a.yaml").symlink_to(tmp_path / "secret.yaml")
    with pytest.raises(disk.UsageError, match="leaves the project"):
        disk.read(tmp_path / "project")
    (content / "a.yaml").unlink()
    os.mkfifo(content / "b.yaml")
    with pytest.raises(disk.UsageError, match="ordinary file"):
        disk.read(tmp_path / "project")
    (content / "b.yaml").unlink()
    (content / "c.yaml").symlink_to(content / "c.yaml")
    with pytest.raises(disk.UsageError):
        disk.read(tmp_path / "project")


def test_write_replaces_the_whole_folder(built: Path) -> None:
    build(built, PAGES)
    assert set(tree(built / "build")) == {"index.html", "trainer/binder.pdf", "manifest.json"}
    assert not list((built / ".csstrain").glob("staging*"))
    assert not (built / ".csstrain" / "aside").exists()


def test_manifest_names_every_file_with_its_sum(built: Path) -> None:
    folder = build(built, PAGES)
    manifest = json.loads((folder / "manifest.json").read_text())
    found = {n: hashlib.sha256(raw).hexdigest() for n, raw in tree(folder).items()}
    found.pop("manifest.json")
    assert manifest["files"] == found
    assert manifest["inputs"] == {"content/a.yaml": hashlib.sha256(b"a").hexdigest()}


def test_a_folder_that_is_not_ours_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "thesis.docx").write_text("years of work")
    with pytest.raises(disk.UsageError, match="not made by csstrain"):
        build(tmp_path, PAGES)
    assert (tmp_path / "build" / "thesis.docx").read_text() == "years of work"


@pytest.mark.parametrize("lookalike", ['["csstrain"]', '"csstrain"', "5", "{", "[" * 9999])
def test_a_manifest_of_another_tool_is_not_ours(tmp_path: Path, lookalike: str) -> None:
    (tmp_path / "build").mkdir()
    (tmp_path / "build" / "manifest.json").write_text(lookalike)
    with pytest.raises(disk.UsageError, match="not made by csstrain"):
        build(tmp_path, PAGES)
    assert (tmp_path / "build" / "manifest.json").read_text() == lookalike


def test_a_file_that_somebody_put_into_build_is_not_lost(built: Path) -> None:
    (built / "build" / "trainer-notes.txt").write_text("mine")
    with pytest.raises(disk.UsageError, match=r"trainer-notes\.txt is not from csstrain"):
        build(built, PAGES)
    assert (built / "build" / "trainer-notes.txt").read_text() == "mine"


def test_a_lock_that_is_a_link_leads_nowhere(built: Path) -> None:
    (built / "victim").write_text("precious")
    (built / ".csstrain" / "lock").unlink()
    (built / ".csstrain" / "lock").symlink_to(built / "victim")
    with pytest.raises(disk.EnvironmentFault):
        build(built, PAGES)
    assert (built / "victim").read_text() == "precious"


def test_a_link_in_place_of_build_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "build").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(disk.UsageError, match="move it away"):
        build(tmp_path, PAGES)


def test_without_an_atomic_exchange_two_renames_do(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "_swap", lambda *_: False)
    build(built, PAGES)
    assert tree(built / "build")["index.html"] == b"<p>new</p>"
    assert not (built / ".csstrain" / "aside").exists()


def test_a_build_killed_between_two_renames_is_completed(built: Path) -> None:
    old = tree(built / "build")
    (built / "build").rename(built / ".csstrain" / "aside")
    with disk.building(built):
        assert tree(built / "build") == old


@pytest.mark.parametrize("call", ["write", "fsync", "rename", "mkdir"])
def test_a_fault_at_any_call_leaves_old_or_new_whole(
    built: Path, call: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of the first calls of a kind fails once; afterwards build/ is one of the two."""
    reference = built / "reference"
    reference.mkdir()
    build(reference, PAGES)
    new, old = tree(reference / "build"), tree(built / "build")
    shutil.rmtree(reference)
    outcomes = set()
    for turn in range(12):
        with monkeypatch.context() as patch:
            _fail(patch, call, turn)
            outcomes.add(_attempt(built))
        now = tree(built / "build") if (built / "build").exists() else None
        if now is None:  # killed between two renames: the next command completes it
            with disk.building(built):
                now = tree(built / "build")
        assert now in (old, new)
        build(built, [Artifact("index.html", "<p>old</p>"), Artifact("old/only.html", "x")])
    assert "built" in outcomes
    assert len(outcomes) > 1
    assert all("No space left" in told for told in outcomes - {"built"})


def _attempt(root: Path) -> str:
    try:
        build(root, PAGES)
    except disk.EnvironmentFault as fault:
        return str(fault)
    return "built"


def _fail(patch: pytest.MonkeyPatch, call: str, turn: int) -> None:
    left = [turn]

    def failing(original: Callable[..., object]) -> Callable[..., object]:
        def wrapped(*arguments: object, **named: object) -> object:
            if left[0] == 0:
                left[0] -= 1
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), "build")
            left[0] -= 1
            return original(*arguments, **named)

        return wrapped

    match call:
        case "write":
            patch.setattr(disk, "_put", failing(disk._put))
        case "fsync":
            patch.setattr(os, "fsync", failing(os.fsync))
        case "rename":
            patch.setattr(disk, "_swap", lambda *_: False)
            patch.setattr(Path, "rename", failing(Path.rename))
        case _:
            patch.setattr(Path, "mkdir", failing(Path.mkdir))


def test_killed_while_writing_leaves_the_old_build(built: Path) -> None:
    old = tree(built / "build")
    script = textwrap.dedent(
        """
        import os, sys, signal
        from pathlib import Path
        from csstrain import disk
        from csstrain.render import Artifact
        root = Path(sys.argv[1])
        def pages():
            yield Artifact("index.html", "new")
            os.kill(os.getpid(), signal.SIGKILL)
            yield Artifact("never.html", "never")
        with disk.building(root):
            disk.write(root, pages(), {}, {"csstrain": "0"})
        """
    )
    ended = subprocess.run([sys.executable, "-c", script, str(built)], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert tree(built / "build") == old
    build(built, PAGES)
    assert not list((built / ".csstrain").glob("staging*"))


def test_two_builds_at_once_are_not_mixed(built: Path) -> None:
    with disk.building(built):
        script = (
            "import sys; from pathlib import Path; from csstrain import disk\n"
            "try:\n    with disk.building(Path(sys.argv[1])): pass\n"
            "except disk.EnvironmentFault as fault: print(fault)"
        )
        other = subprocess.run(
            [sys.executable, "-c", script, str(built)], check=True, capture_output=True, text=True
        )
    assert "another build" in other.stdout


def test_a_file_too_large_for_the_disk_is_one_line_and_the_old_build_stays(built: Path) -> None:
    old = tree(built / "build")
    script = textwrap.dedent(
        """
        import resource, signal, sys
        from pathlib import Path
        from csstrain import disk
        from csstrain.render import Artifact
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
        try:
            with disk.building(Path(sys.argv[1])):
                pages = [Artifact("big.bin", b"x" * 200_000)]
                disk.write(Path(sys.argv[1]), pages, {}, {"csstrain": "0"})
        except disk.EnvironmentFault as fault:
            print(fault)
        """
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, str(built)], check=True, capture_output=True, text=True
    )
    assert "File too large" in ended.stdout
    assert "the last build is whole" in ended.stdout
    assert tree(built / "build") == old
