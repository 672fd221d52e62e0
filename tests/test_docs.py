"""Documentation that is generated or that names things: current, complete, runnable."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib

from csstrain import pages, schemas
from csstrain.check import RULES
from csstrain.cli import app
from csstrain.model import KINDS, Value
from tests.curricula import ROOT


def test_generated_pages_are_current() -> None:
    ended = subprocess.run(
        [sys.executable, "scripts/docs.py", "--check"],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
    )
    assert ended.stdout == ""
    assert ended.returncode == 0


def emitted() -> set[str]:
    """Every rule name that the source hands to a diagnostic, read from the syntax tree."""
    makers = {"Diagnostic", "_fault", "_error", "_add", "_stop"}
    found: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            called = node.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            first = node.args[0]
            text = first.value if isinstance(first, ast.Constant) else None
            if name in makers and re.fullmatch(r"[a-z]+(-[a-z0-9]+)+", str(text)):
                found.add(str(text))
    return found


def test_every_name_has_a_page_and_every_page_an_emitter() -> None:
    assert emitted() == set(pages.FAULTS)
    assert not set(pages.FAULTS) & set(RULES)
    assert all(pages.page(name) for name in pages.names())


def test_rules_named_in_prose_exist() -> None:
    for name in ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"):
        text = (ROOT / name).read_text("utf-8")
        for rule in re.findall(r"csstrain explain ([a-z-]+)", text):
            assert rule in pages.names() or f"def {rule.replace('-', '_')}" in text


def test_words_that_look_like_rules_are_rules() -> None:
    """Pages, messages and content name no rule that is not there."""
    folders = (("src", "*.py"), ("templates", "*.html"), ("content", "*.yaml"))
    files = [path for folder, name in folders for path in (ROOT / folder).rglob(name)]
    for path in files:
        text = path.read_text("utf-8")
        for name in re.findall(r"`([a-z]+(?:-[a-z]+)*-(?:without|too|only|not)-[a-z-]+)`", text):
            assert name in pages.names(), f"{path.name} names {name}"


def test_the_picture_of_imports_shows_the_layers_that_are_held() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    part = text.split("## Who may import whom", 1)[1].split("\n## ", 1)[0]
    drawn = [
        [[name.strip() for name in layer.split("·")] for layer in picture.split("→")]
        for picture in re.findall(r"```\n(.*?)```", part, re.DOTALL)
    ]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    held = [
        [[name.strip() for name in layer.split("|")] for layer in contract["layers"]]
        for contract in contracts
        if contract["type"] == "layers"
    ]
    assert drawn == held


def test_every_command_stands_in_the_readme() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    for command in app.registered_commands:
        assert command.callback
        assert f"csstrain {command.callback.__name__}" in text


def test_every_field_is_described() -> None:
    todo: list[type[Value]] = list(KINDS.values())
    for model in Value.__subclasses__():
        todo += [model, *model.__subclasses__()]
    for model in todo:
        assert model.__doc__, model
        for name, info in model.model_fields.items():
            assert info.description, f"{model.__name__}.{name}"


def test_schema_names_every_kind() -> None:
    text = schemas.content_schema()
    assert '"$schema": "https://json-schema.org/draft/2020-12/schema"' in text
    for kind in KINDS:
        assert f'"{kind}"' in text


def test_every_file_opens_with_what_it_is_for() -> None:
    for folder in ("src", "tests", "scripts"):
        for path in (ROOT / folder).rglob("*.py"):
            page = ast.get_docstring(ast.parse(path.read_text("utf-8")))
            assert page, path
            assert page.split("\n")[0].endswith((".", "?")), path
