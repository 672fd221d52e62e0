"""Writes the generated pages in docs/, the file tree in ARCHITECTURE.md, and which signs print.

With --check it writes nothing and says which of them are not current.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import subprocess
import sys
import textwrap
import typing
import unicodedata
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from pydantic import BaseModel

from csstrain import pages, pdf, rules
from csstrain.check import RULES, Rule
from csstrain.model import KINDS, PLURALS, Entity, Value, field_name

ROOT = Path(__file__).resolve().parent.parent
COMMANDS = ("check", "agenda", "build", "trace", "explain", "schema")


def rules_page() -> str:
    """One section for each rule, by subject, from its docstring; then the faults of the stages."""
    assert rules.__path__
    subjects: dict[str, list[Rule]] = {}
    for _, rule in sorted(RULES.items()):
        subjects.setdefault(rule.run.__module__, []).append(rule)
    lines = [
        "# Rules",
        "",
        "Generated from the rules' own docstrings by `scripts/docs`. An error stops the build; a",
        "warning or a piece of advice can be waived in the content, with reason, name and date.",
        "`csstrain explain RULE` prints the same page.",
        "",
        f"There are {len(RULES)} rules, and {len(pages.FAULTS)} faults of files and links.",
        "",
    ]
    for module, some in sorted(subjects.items()):
        links = ", ".join(f"[{rule.name}](#{rule.name})" for rule in some)
        lines += [f"- {_subject(module)}: {links}"]
    for module, some in sorted(subjects.items()):
        lines += ["", f"## {_subject(module)}"]
        for rule in some:
            stage = "" if rule.stage == "content" else ", of the agenda"
            lines += ["", f"### {rule.name}", "", f"*{rule.severity}{stage}*", ""]
            lines += _page_lines(rule.page)
            if rule.thresholds:
                listed = (f"`{name}` {value:f}" for name, value in rule.thresholds.items())
                lines += ["", f"Thresholds: {', '.join(listed)}."]
    lines += ["", "## Faults of files and links", ""]
    for name, text in pages.FAULTS.items():
        lines += [f"### {name}", "", f"*{pages.severity(name)}*", "", text, ""]
    return "\n".join(lines).rstrip() + "\n"


def _subject(module: str) -> str:
    """What the rules of a file are about, from its docstring."""
    title = (sys.modules[module].__doc__ or "").partition(":")[0]
    title = title.removeprefix("Rules about ").removeprefix("the ")
    return title[:1].upper() + title[1:]


def _page_lines(page: str) -> Iterator[str]:
    for line in page.splitlines():
        # An example is indented code already; only its heading needs to stand out.
        yield f"**{line}**" if line in ("Flagged:", "Clean:") else line


def content_page() -> str:
    """Every kind of content with its fields, from the models' descriptions."""
    lines = [
        "# Content",
        "",
        "Generated from the models by `scripts/docs`. A file below `content/` is a mapping from a",
        "kind to what it holds: the singular holds one, the plural a list.",
        "",
    ]
    seen: set[type[BaseModel]] = set()
    for kind, model in KINDS.items():
        lines += [f"## {kind}, {PLURALS[kind]}", "", *_model_lines(model, seen)]
    return "\n".join(lines).rstrip() + "\n"


def _model_lines(model: type[BaseModel], seen: set[type[BaseModel]]) -> list[str]:
    seen.add(model)
    lines = [(model.__doc__ or "").strip(), "", "| field | | |", "|---|---|---|"]
    inner: list[type[BaseModel]] = []
    for name, info in model.model_fields.items():
        need = "required" if info.is_required() else ""
        lines.append(f"| `{field_name(model, name)}` | {need} | {_about(info)} |")
        inner += [m for m in _models(info.annotation) if m not in seen and m not in inner]
    lines.append("")
    for each in inner:
        if each not in seen:
            title = each.kind if issubclass(each, Entity) else _spaced(each.__name__)
            lines += [f"### {title}", "", *_model_lines(each, seen)]
    return lines


def _about(info: typing.Any) -> str:
    words = [info.description or ""]
    choices = _choices(info.annotation)
    if choices:
        words.append("One of: " + ", ".join(f"`{c}`" for c in choices) + ".")
    if not info.is_required() and info.default not in (None, (), False):
        words.append(f"Default: `{info.default}`.")
    return " ".join(words)


def _choices(annotation: typing.Any) -> list[str]:
    if typing.get_origin(annotation) is typing.Literal:
        return list(typing.get_args(annotation))
    return [c for part in typing.get_args(annotation) for c in _choices(part)]


def _models(annotation: typing.Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, Value):
        return [annotation]
    return [m for part in typing.get_args(annotation) for m in _models(part)]


def _spaced(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def cli_page() -> str:
    """The help of every command."""
    lines = ["# Commands", "", "Generated from `csstrain --help` by `scripts/docs`.", ""]
    lines += ["```", _help(), "```", ""]
    for command in COMMANDS:
        lines += [f"## csstrain {command}", "", "```", _help(command), "```", ""]
    return "\n".join(lines).rstrip() + "\n"


def _help(*command: str) -> str:
    environment = {**os.environ, "COLUMNS": "96", "NO_COLOR": "1", "TERM": "dumb"}
    made = subprocess.run(
        [sys.executable, "-m", "csstrain", *command, "--help"],
        check=True,
        capture_output=True,
        text=True,
        env=environment,
    )
    return made.stdout.replace("python -m csstrain", "csstrain").strip()


def architecture_page() -> str:
    """ARCHITECTURE.md with its file tree made anew from the first line of each file."""
    text = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    head, rest = text.split("<!-- tree -->\n", 1)
    _, tail = rest.split("<!-- end of tree -->", 1)
    return f"{head}<!-- tree -->\n{_tree()}<!-- end of tree -->{tail}"


def _tree() -> str:
    rows: list[tuple[str, str]] = []
    package = ROOT / "src" / "csstrain"
    for path in sorted(package.rglob("*.py"), key=lambda p: (len(p.relative_to(package).parts), p)):
        name = path.relative_to(package.parent).as_posix()
        rows.append((name, _first_line(path)))
    width = max(len(name) for name, _ in rows)
    return "```\n" + "".join(f"{name:<{width}}  {text}\n" for name, text in rows) + "```\n"


def _first_line(path: Path) -> str:
    page = ast.get_docstring(ast.parse(path.read_text("utf-8"))) or ""
    return page.split("\n")[0]


# They show nothing, and need no letterform: a tab, ends of lines, joiners, variants of signs.
_SILENT = {*b"\t\n\r", 0x200C, 0x200D, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}


def letterforms() -> str:
    """The signs that the fonts of printed pages can show, as ranges of code points."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - slow, and this page alone asks

    known: set[int] = set()
    for package, file in pdf.FONTS.values():
        known.update(TTFont(str(resources.files(package) / "files" / file)).getBestCmap())
    # What a private sign looks like is for each font to say, so on screen it is another one.
    known = {code for code in known if unicodedata.category(chr(code)) not in ("Cc", "Co")}
    # Some headings are set in capitals.
    able = {code for code in known if known.issuperset(map(ord, chr(code).upper()))}
    ranges: list[list[int]] = []
    for code in sorted(able | _SILENT):
        if ranges and code == ranges[-1][1] + 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    written = (f"{a:X}" if a == b else f"{a:X}-{b:X}" for a, b in ranges)
    head = "The signs that printed pages can show, as code points; written by scripts/docs."
    return f"{head}\n{textwrap.fill(' '.join(written), 100, break_on_hyphens=False)}\n"


GENERATED = {
    "src/csstrain/data/letterforms.txt": letterforms,
    "docs/rules.md": rules_page,
    "docs/content.md": content_page,
    "docs/cli.md": cli_page,
    "ARCHITECTURE.md": architecture_page,
}


def main() -> int:
    """Write the pages, or say which are not current."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--check", action="store_true", help="write nothing")
    check = options.parse_args().check
    stale = []
    for name, make in GENERATED.items():
        path = ROOT / name
        text = make()
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(name)
            if not check:
                path.write_text(text, "utf-8")
    for name in stale:
        print(f"{name} {'is not current: run scripts/docs' if check else 'written'}")
    return int(check and bool(stale))


if __name__ == "__main__":
    raise SystemExit(main())
