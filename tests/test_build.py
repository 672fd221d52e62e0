"""A build from end to end: every promised file, and the last build whole whatever goes wrong."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.curricula import ROOT
from tests.test_disk import tree

Ended = subprocess.CompletedProcess[str]


def build(project: Path, *arguments: str, **environment: str) -> Ended:
    return subprocess.run(
        [sys.executable, "-m", "csstrain", "build", *arguments],
        cwd=project,
        env={**os.environ, **environment},
        check=False,
        capture_output=True,
        text=True,
    )


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped project, built once as HTML."""
    project = tmp_path_factory.mktemp("project")
    shutil.copytree(ROOT / "content", project / "content")
    ended = build(project, "--format", "html")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == "build/index.html\n"
    return project


@pytest.fixture
def project(original: Path, tmp_path: Path) -> Path:
    copy = tmp_path / "copy"
    shutil.copytree(original, copy)
    return copy


def test_each_reader_has_a_folder(original: Path) -> None:
    files = set(tree(original / "build"))
    assert {"index.html", "manifest.json"} <= files
    for reader in ("trainer", "trainee", "assessor", "audit"):
        assert f"{reader}/index.html" in files
    assert {f"trainer/modules/m{n}.html" for n in range(11)} <= files
    assert "trainer/agenda.html" in files


def test_every_link_leads_somewhere_inside_its_folder(original: Path) -> None:
    for page in (original / "build").rglob("*.html"):
        reader = page.relative_to(original / "build").parts[0]
        text = page.read_text("utf-8")
        for address in re.findall(r'(?:href|src)="([^"]*)"', text):
            assert "://" not in address, page
            path, _, anchor = address.partition("#")
            if path.endswith(".pdf"):
                continue  # made when PDFs are asked for
            target = (page.parent / path).resolve() if path else page
            assert target.is_file(), f"{page}: {address}"
            if page.parent != original / "build":
                assert target.is_relative_to(original / "build" / reader)
            if anchor:
                assert f'id="{anchor}"' in target.read_text("utf-8"), f"{page}: {address}"


def test_manifest_is_true(original: Path) -> None:
    files = tree(original / "build")
    manifest = json.loads(files.pop("manifest.json"))
    assert manifest["files"] == {n: hashlib.sha256(raw).hexdigest() for n, raw in files.items()}
    assert manifest["inputs"] == {
        p.relative_to(original).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in (original / "content").rglob("*")
        if p.suffix in (".yaml", ".md", ".csv")
    }
    assert {"csstrain", "weasyprint", "pydantic"} <= set(manifest["versions"])


def test_the_same_bytes_wherever_and_however_it_is_built(project: Path) -> None:
    old = tree(project / "build")
    elsewhere = project.parent / "Ünder another näme"
    project.rename(elsewhere)
    for environment in (
        {"PYTHONHASHSEED": "1", "TZ": "Pacific/Kiritimati", "LC_ALL": "C"},
        {"PYTHONHASHSEED": "2", "TZ": "America/Adak", "HOME": "/"},
    ):
        assert build(elsewhere, "--format", "html", **environment).returncode == 0
        assert tree(elsewhere / "build") == old


def break_content(project: Path) -> None:
    (project / "content" / "ksas.yaml").write_text("ksas:\n\t- id: k01\n")


def break_link(project: Path) -> None:
    path = project / "content" / "modules" / "m4-contact.yaml"
    path.write_text(path.read_text("utf-8").replace("requires: [m1]", "requires: [m99]"), "utf-8")


def break_template(project: Path) -> None:
    (project / "templates").mkdir()
    (project / "templates" / "cover.html").write_text("{{ nothing.there }}")


def break_template_syntax(project: Path) -> None:
    (project / "templates").mkdir()
    (project / "templates" / "module.html").write_text("{% for x in %}")


@pytest.mark.parametrize(
    "fault", [break_content, break_link, break_template, break_template_syntax]
)
def test_a_build_that_fails_leaves_the_old_one_byte_for_byte(
    project: Path, fault: Callable[[Path], None]
) -> None:
    old = tree(project / "build")
    fault(project)
    ended = build(project, "--format", "html")
    assert ended.returncode == 1
    assert re.search(r"^error\[", ended.stderr, re.MULTILINE)
    assert "Traceback" not in ended.stderr
    assert tree(project / "build") == old


def test_hours_that_cannot_work_write_nothing(project: Path) -> None:
    old = tree(project / "build")
    ended = build(project, "--format", "html", "--hours", "8")
    assert ended.returncode == 1
    assert "infeasible-hours" in ended.stderr
    assert tree(project / "build") == old


def test_other_hours_replace_the_build(project: Path) -> None:
    assert build(project, "--format", "html", "--hours", "24").returncode == 0
    agenda = (project / "build" / "trainer" / "agenda.html").read_text("utf-8")
    assert "24" in agenda
    assert "Director of Student Services" in agenda


def test_a_project_may_change_a_page_and_only_that(project: Path) -> None:
    old = tree(project / "build")
    (project / "templates").mkdir()
    (project / "templates" / "door.html").write_text("<p>A door of our own</p>\n")
    assert build(project, "--format", "html").returncode == 0
    new = tree(project / "build")
    changed = {name for name in old if old[name] != new.get(name)}
    assert b"A door of our own" in new["index.html"]
    # The cover names the build, which is made of the templates as well.
    cover = {"trainer/index.html", "trainer/site/search-index.js"}
    assert changed <= {"index.html", "manifest.json"} | cover


def test_a_foreign_folder_in_place_of_build_is_status_2(project: Path) -> None:
    shutil.rmtree(project / "build")
    (project / "build").mkdir()
    (project / "build" / "notes.txt").write_text("mine")
    ended = build(project, "--format", "html")
    assert ended.returncode == 2
    assert (project / "build" / "notes.txt").read_text() == "mine"


def test_without_pango_html_works_and_pdf_says_both_ways_out(project: Path) -> None:
    # A module of that name which cannot be loaded, as on a machine without the library.
    stub = project / "stub"
    stub.mkdir()
    (stub / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')\n")
    path = f"{stub}{os.pathsep}{os.environ.get('PYTHONPATH', '')}"
    old = tree(project / "build")
    ended = build(project, PYTHONPATH=path)
    assert ended.returncode == 3
    assert "libpango-1.0-0" in ended.stderr
    assert "--format html" in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert tree(project / "build") == old
    assert build(project, "--format", "html", PYTHONPATH=path).returncode == 0


def test_nothing_is_written_but_build_and_our_own_folder(original: Path) -> None:
    assert {p.name for p in original.iterdir()} == {"content", "build", ".csstrain"}
