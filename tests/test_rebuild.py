"""Building again: what has not changed is recognized, and what has is all that is printed."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.test_disk import tree
from tests.tiny_project import build, lay

NOTHING = "nothing has changed since the last build"
WORDS = "trainer: [{do: Go on step by step.}]"


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny project, built once with all its PDFs."""
    project = lay(tmp_path_factory.mktemp("tiny"))
    ended = build(project)
    assert ended.returncode == 0, ended.stderr
    assert NOTHING not in ended.stderr
    (project.parent / "told").write_text(ended.stderr)
    return project


@pytest.fixture
def project(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "copy"))


def cached(project: Path) -> set[str]:
    return {p.name for p in (project / ".csstrain" / "cache").iterdir()}


def edit(project: Path) -> None:
    """Change the words of one activity."""
    path = project / "content" / "modules" / "m1.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace(WORDS, WORDS.replace("step by step", "slowly"), 1), "utf-8")


def test_unchanged_inputs_load_nothing_and_tell_the_findings_again(
    original: Path, project: Path
) -> None:
    before = tree(project)
    # Were anything loaded, these would be in the way.
    stub = project.parent / "stub"
    stub.mkdir()
    for name in ("weasyprint", "jinja2", "highspy", "pikepdf"):
        (stub / f"{name}.py").write_text("raise ImportError\n")
    path = f"{stub}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    ended = build(project, PYTHONPATH=path)
    told = (original.parent / "told").read_text()
    assert "warning[" in told
    assert ended.stderr == f"{told}csstrain: {NOTHING}\n"
    assert (ended.returncode, ended.stdout) == (0, "build/trainer/binder.pdf\n")
    assert tree(project) == before


def damage(project: Path) -> None:
    (project / "build" / "audit" / "index.html").write_text("changed by hand")


def lose(project: Path) -> None:
    (project / "build" / "trainer" / "binder.pdf").unlink()


def forget(project: Path) -> None:
    shutil.rmtree(project / ".csstrain")


def spoil(project: Path) -> None:
    for path in (project / ".csstrain" / "cache").iterdir():
        path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize("harm", [damage, lose, forget, spoil])
def test_a_build_that_is_not_whole_is_made_again(
    original: Path, project: Path, harm: object
) -> None:
    assert callable(harm)
    harm(project)
    arguments = () if harm in (damage, lose) else ("--only", "agenda")
    ended = build(project, *arguments)
    assert ended.returncode == 0
    assert NOTHING not in ended.stderr
    if not arguments:
        assert tree(project / "build") == tree(original / "build")
    else:
        agenda = "trainer/agenda.pdf"
        assert tree(project / "build")[agenda] == tree(original / "build")[agenda]


def test_the_words_of_one_activity_print_its_chapter_alone(project: Path) -> None:
    before, old = cached(project), tree(project / "build")
    edit(project)
    assert build(project).returncode == 0
    new = tree(project / "build")
    changed = {name for name in new if name.endswith(".pdf") and new[name] != old[name]}
    assert changed == {"trainer/binder.pdf", "trainer/modules/m1.pdf"}
    # The chapter, the cover, two documents, and what was told.
    assert len(cached(project) - before) == 5


@pytest.fixture
def elsewhere() -> Iterator[Path]:
    """A folder of another name, on a disk that lists files in the order they were made, if any."""
    memory = "/dev/shm"  # noqa: S108 - what is made in it has a name that nobody knows
    with TemporaryDirectory(dir=memory if os.access(memory, os.W_OK) else None) as name:
        folder = Path(name, "Ünder another näme")
        folder.mkdir()
        yield folder


def copy(project: Path, elsewhere: Path) -> None:
    """Copy the content, the last file first."""
    for path in sorted((project / "content").rglob("*.yaml"), reverse=True):
        place = elsewhere / path.relative_to(project)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(path.read_bytes())


OTHER = {"PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati", "LC_ALL": "C", "HOME": "/"}


def test_from_the_memory_or_afresh_the_bytes_are_the_same(project: Path, elsewhere: Path) -> None:
    edit(project)
    assert build(project).returncode == 0
    copy(project, elsewhere)
    every = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(every)})
    mask = os.umask(0o077)
    try:
        ended = build(elsewhere, **OTHER)
    finally:
        os.umask(mask)
        os.sched_setaffinity(0, every)
    assert ended.returncode == 0, ended.stderr
    assert tree(elsewhere / "build") == tree(project / "build")


# Every form of an agenda, in one process.
AGENDAS = """
import sys
from csstrain.cli import main
for form in ("table", "json", "csv", "html", "pdf", "xlsx", "ics"):
    day = ["--start", "2027-01-11"] + ["--timezone", "America/Chicago"] * (form == "ics")
    asked = ["--hours", "12", "--format", form, "--output", f"agenda.{form}", *day]
    sys.argv = ["csstrain", "agenda", *asked]
    try:
        main()
    except SystemExit as ended:
        assert not ended.code
"""


def without_network() -> list[str]:
    """What a command begins with, so that it runs as another user without any network."""
    alone = ["unshare", "--map-root-user", "--net"]
    works = shutil.which(alone[0]) and subprocess.run([*alone, "true"], check=False).returncode == 0
    return alone if works else []


def test_agendas_are_the_same_bytes_wherever_they_are_made(project: Path, elsewhere: Path) -> None:
    copy(project, elsewhere)
    here = [sys.executable, "-c", AGENDAS]
    for folder, line, changed in (
        (project, here, {}),
        (elsewhere, [*without_network(), *here], OTHER),
    ):
        subprocess.run(
            line, cwd=folder, env={**os.environ, **changed}, check=True, capture_output=True
        )
    made = {path.name: path.read_bytes() for path in project.glob("agenda.*")}
    assert len(made) == 7
    assert {path.name: path.read_bytes() for path in elsewhere.glob("agenda.*")} == made


def test_each_option_makes_another_build(project: Path) -> None:
    whole = tree(project / "build")
    assert build(project, "--only", "agenda,modules/m0").returncode == 0
    some = tree(project / "build")
    assert {n for n in some if n.endswith(".pdf")} == {
        "trainer/agenda.pdf",
        "trainer/modules/m0.pdf",
    }
    pages = {n for n in whole if n.endswith(".html")}
    assert {n for n in some if n.endswith(".html")} == pages
    import pikepdf

    ended = build(project, "--only", "agenda", "--paper", "a4", "--draft")
    assert ended.returncode == 0
    assert ended.stdout == "build/index.html\n"
    with pikepdf.open(project / "build" / "trainer" / "agenda.pdf") as pdf:
        box = [round(float(edge)) for edge in pdf.pages[0].mediabox]
    assert box == [0, 0, 595, 842]


def test_a_document_that_there_is_not_is_named_with_those_there_are(project: Path) -> None:
    old = tree(project / "build")
    ended = build(project, "--only", "agenda,modules/m7")
    assert ended.returncode == 2
    assert "no document `modules/m7`; there are agenda, audit, binder" in ended.stderr
    assert tree(project / "build") == old
    ended = build(project, "--only", "agenda", "--format", "html")
    assert (ended.returncode, tree(project / "build")) == (2, old)
