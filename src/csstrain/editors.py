"""The schema where an editor finds it, and the settings that use it beside a user's own."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from csstrain import disk, schemas
from csstrain.disk import UsageError

SCHEMA = ".vscode/csstrain.schema.json"
SETTINGS = ".vscode/settings.json"
EXTENSIONS = ".vscode/extensions.json"
EXTENSION = "redhat.vscode-yaml"
_TASTE = "yaml.disableDefaultProperties"  # where a user wants it otherwise, that is fine


class Laid(NamedTuple):
    """One file for an editor: where it lies, and what its user must add to it by hand, if so."""

    path: Path
    add: str | None = None


def project_names(root: Path) -> schemas.Names | None:
    """The ids of the project in a folder; None where there is no `content/`."""
    return schemas.names(disk.read(root)) if disk.has_content(root) else None


def lay(output: Path, schema: str, project: Path) -> Iterator[Laid]:
    """Write the schema to a file, or for the editor that opens a folder.

    A name that ends in `.json` is a file. Anything else is the folder that VS Code opens: its
    `.vscode/` gets the schema and the settings that use it. Settings that a user has stay; where
    ours cannot be joined to them, the file is left as it is. Raises disk.UsageError.
    """
    if output.suffix == ".json" and not output.is_dir():
        disk.save(output, schema)
        yield Laid(output)
        return
    if not output.is_dir():
        raise UsageError(f"{output} is neither a folder nor the name of a .json file")
    if (output / ".vscode").is_symlink():
        raise UsageError(f"{output / '.vscode'} is a link: make it a folder")
    ours = {SETTINGS: _settings(output, project), EXTENSIONS: {"recommendations": [EXTENSION]}}
    texts = {name: joined(disk.text(output / name), wanted) for name, wanted in ours.items()}
    disk.save(output / SCHEMA, schema)
    yield Laid(output / SCHEMA)
    for name, text in texts.items():
        if text is None:
            yield Laid(output / name, _printed(ours[name]))
        else:
            disk.save(output / name, text)
            yield Laid(output / name)


def _settings(folder: Path, project: Path) -> dict[str, Any]:
    inside = project.resolve()
    if not inside.is_relative_to(folder.resolve()):
        raise UsageError(f"{project} does not lie in {folder}: name the folder that VS Code opens")
    content = (inside.relative_to(folder.resolve()) / "content").as_posix()
    return {
        "yaml.schemas": {f"./{SCHEMA}": [f"{content}/**/*.yaml", f"{content}/**/*.yml"]},
        "yaml.yamlVersion": "1.2",
        # A new entity is not filled with what holds anyway.
        _TASTE: True,
    }


def joined(written: str | None, ours: dict[str, Any]) -> str | None:
    """Settings with ours among them, every other one kept; None where that cannot be done.

    >>> print(joined('{"a": [1]}', {"a": [2], "b": "x"}))
    {
      "a": [
        1,
        2
      ],
      "b": "x"
    }
    <BLANKLINE>
    >>> joined('{"a": 1} // a remark', {"a": 1})
    """
    if written is None or not written.strip():
        return _printed(ours)
    try:
        theirs = json.loads(written, object_pairs_hook=_object)
        both = _join(theirs, {k: v for k, v in ours.items() if k != _TASTE or k not in theirs})
        if both == theirs:
            return written
        text = _printed(both, _indent(written))
        text.encode()
    except (ValueError, RecursionError):  # remarks, repeated keys, half a character, a conflict
        return None
    return text


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key stands twice")
    return found


def _join(theirs: Any, ours: Any) -> Any:
    if isinstance(theirs, dict) and isinstance(ours, dict):
        added = {
            name: _join(theirs[name], ours[name]) if name in theirs else ours[name] for name in ours
        }
        return theirs | added
    if isinstance(theirs, list) and isinstance(ours, list):
        return theirs + [each for each in ours if each not in theirs]
    if theirs != ours:
        raise ValueError("something else is set")
    return theirs


def _indent(written: str) -> str:
    found = re.search(r'^([ \t]+)"', written, re.MULTILINE)
    return found[1] if found else "  "


def _printed(settings: Any, indent: str = "  ") -> str:
    return json.dumps(settings, indent=indent, ensure_ascii=False) + "\n"
