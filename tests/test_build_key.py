"""The name of a build: another one for whatever the build is made of."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from csstrain.keys import build_key, made_by

FILES = {"content/a.yaml": b"a: b", "content/materials/b.md": b"b"}
PDF = ("html", "pdf")


def test_the_same_inputs_have_the_same_key() -> None:
    backwards = dict(reversed(FILES.items()))
    assert build_key(FILES, None, PDF, "40") == build_key(backwards, None, PDF, "40")


def test_content_options_and_templates_make_another_key(tmp_path: Path) -> None:
    templates = tmp_path / "templates"
    templates.mkdir()
    keys = [
        build_key(FILES, None, PDF, "40"),
        build_key({**FILES, "content/a.yaml": b"a: c"}, None, PDF, "40"),
        build_key({"content/c.yaml": b"a: b"}, None, PDF, "40"),
        build_key(FILES, None, PDF, "32"),
    ]
    assert build_key(FILES, templates, PDF, "40") == keys[0]
    for text in ("<p>own</p>", "<p>other</p>"):
        (templates / "cover.html").write_text(text)
        keys.append(build_key(FILES, templates, PDF, "40"))
    Path(os.fsdecode(os.fsencode(templates) + b"/\xff.html")).write_text("a name of no language")
    keys.append(build_key(FILES, templates, PDF, "40"))
    assert len(set(keys)) == len(keys)


def test_a_library_of_another_version_makes_another_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    made = {name: [made_by()] for name in ("tinycss2", "something")}
    for name, keys in made.items():  # one that pages are made with, at some remove, and another
        package = tmp_path / f"{name}-1.0.dist-info"
        package.mkdir()
        for version in ("1000.0", "1000.1"):
            (package / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n")
            keys.append(made_by.__wrapped__())
        shutil.rmtree(package)
    assert len(set(made["tinycss2"])) == 3
    assert len(set(made["something"])) == 1
