"""Curricula for tests: content written in the test itself, joined to a small program."""

from __future__ import annotations

import base64
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path

from csstrain.pipeline import Compilation, compile_texts

ROOT = Path(__file__).resolve().parent.parent
Snapshot = Callable[[str, str], None]
Files = Mapping[str, bytes]

PROGRAM = """\
program:
  id: program
  title: A program
  version: "1"
  cohort: {trainees: 18, coaches: 2}
  scale: house
  day:
    start: 08:30
    end: 17:30
    lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
    breaks: {minutes: 10, count: 3}
    opening: 15
    closing: 10
    slack: {min: 3, max: 10}
scale:
  id: house
  title: House scale
  ceiling: 2
  levels: [{level: 1, name: Basic}, {level: 2, name: Working}, {level: 3, name: Extensive}]
"""

# What a program in order says of itself; kept apart, so that texts that tests print stay short.
PAPERS = """\
  approvals: [{role: Director of Training}]
  history: [{version: "1", date: 2027-01-04, change: First draft.}]
"""


# A picture of two pixels, for content that shows `desk.png`.
PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABCAIAAAB7QOjdAAAAD0lEQVR4nGOU98tmYGAAAAP6ANp8jJ84AAAAAElFTkSu"
    "QmCC"
)


def compile_text(**files: str) -> Compilation:
    """Compile a program with one file for each argument: `ksas="..."` is content/ksas.yaml.

    A text that brings a program of its own replaces the small one.
    """
    own = any(text.lstrip().startswith("program:") for text in files.values())
    scale = PROGRAM.index("scale:\n")
    base = PROGRAM[scale:] if own else PROGRAM[:scale] + PAPERS + PROGRAM[scale:]
    texts = {f"content/{name}.yaml": textwrap.dedent(text).encode() for name, text in files.items()}
    if any("file: desk.png" in text for text in files.values()):
        texts["content/materials/desk.png"] = PICTURE
    return compile_texts({"content/program.yaml": base.encode(), **texts})
