"""What users copy or call in their CI: the ready workflow and the pre-commit hook."""

from __future__ import annotations

import re
import shlex
import tomllib
from typing import Any

import yaml

from csstrain.cli import app
from csstrain.report import FORMATS
from tests.curricula import ROOT

WORKFLOW = ROOT / "docs" / "ci" / "github-workflow.yml"
HOOKS = ROOT / ".pre-commit-hooks.yaml"


def workflow() -> dict[Any, Any]:
    value = yaml.safe_load(WORKFLOW.read_text("utf-8"))
    assert isinstance(value, dict)
    return value


def steps() -> list[dict[str, Any]]:
    return [step for job in workflow()["jobs"].values() for step in job["steps"]]


def test_the_workflow_may_only_read() -> None:
    assert workflow()["permissions"] == {"contents": "read"}
    assert not any("permissions" in job for job in workflow()["jobs"].values())
    assert "secrets" not in WORKFLOW.read_text("utf-8")
    events = workflow()[True]  # YAML 1.1 reads `on` so
    assert set(events) == {"pull_request", "push"}


def test_actions_are_pinned_to_commits_that_say_their_version() -> None:
    named = [step["uses"] for step in steps() if "uses" in step]
    pinned = re.findall(
        r"uses: (\S+@[0-9a-f]{40}) # v\d+\.\d+\.\d+$", WORKFLOW.read_text("utf-8"), re.MULTILINE
    )
    assert named == pinned
    (checkout,) = [step for step in steps() if step.get("uses", "").startswith("actions/checkout@")]
    assert checkout["with"]["persist-credentials"] is False


def test_nothing_from_a_pull_request_reaches_a_shell() -> None:
    assert not any("${{" in step.get("run", "") for step in steps())


def test_the_workflow_runs_what_there_is() -> None:
    (command,) = [step["run"] for step in steps() if step.get("run", "").startswith("csstrain ")]
    tool, name, option, form = shlex.split(command)
    assert (tool, name, option) == ("csstrain", "check", "--format")
    assert form in FORMATS
    locks = re.findall(r"-r (\S+)", WORKFLOW.read_text("utf-8"))
    assert locks
    assert all((ROOT / lock).exists() for lock in locks)


def test_the_hook_calls_a_command_that_there_is() -> None:
    (hook,) = yaml.safe_load(HOOKS.read_text("utf-8"))
    assert hook["id"] == "csstrain-check"
    assert hook["language"] == "python"
    assert hook["pass_filenames"] is False
    tool, command = shlex.split(hook["entry"])
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["scripts"]
    assert tool in scripts
    assert command in {c.callback.__name__ for c in app.registered_commands if c.callback}
    for name in ("content/ksas.yaml", "training/content/modules/m1.yaml"):
        assert re.search(hook["files"], name)
    assert not re.search(hook["files"], "docs/content.md")


def test_the_readme_says_where_both_are() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    assert "docs/ci/github-workflow.yml" in text
    assert "id: csstrain-check" in text
