"""Measures csstrain against yardsticks of the same run and machine, and prints the ratios.

Seconds differ between machines, ratios hardly, so the bars are ratios. Each pair is run in turns
and the best time of each side counts, which keeps other work on the machine out of it. This says
how fast csstrain is; it never fails because csstrain is slow.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BARE = (sys.executable, "-c", "pass")
CSSTRAIN = (str(Path(sys.executable).with_name("csstrain")),)

# What `check` cannot do without: start, import the two libraries, parse the same files.
PARSE = """
import sys
from pathlib import Path
import pydantic, yaml
from pydantic import BaseModel
for file in sorted(Path(sys.argv[1]).rglob("*.y*ml")):
    with file.open("rb") as text:
        yaml.load(text, Loader=yaml.CSafeLoader)
"""

# A line of plain words about what trainees do: the first that can be made longer.
TRAINEES = re.compile(r"^(\s+trainees: (?:[>|]-?\n\s+)?[A-Z][^'\":#\n]*)$", re.MULTILINE)


@dataclass(frozen=True)
class Ratio:
    """The best time of one command over that of its yardstick, in seconds, and its bar."""

    what: str
    seconds: float
    yardstick: str
    yardstick_seconds: float
    bar: float

    def __str__(self) -> str:
        """One line of the table."""
        ratio = self.seconds / self.yardstick_seconds
        return (
            f"{self.what:<34} {self.seconds:8.3f} s   {self.yardstick:<34} "
            f"{self.yardstick_seconds:8.3f} s   {ratio:6.3f}   "
            f"{'within' if ratio <= self.bar else 'OVER'} {self.bar:g}"
        )


def run(command: Sequence[str], worst: int = 0) -> float:
    """Seconds that a command takes; stops where its exit status is above the worst allowed."""
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - start
    if done.returncode > worst:
        said = f"{done.stdout}{done.stderr}"[-2000:]
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{said}")
    return seconds


def best(rounds: int, *steps: Callable[[], float]) -> list[float]:
    """The best time of each step, all of them run in turns."""
    return [
        min(times) for times in zip(*([s() for s in steps] for _ in range(rounds)), strict=True)
    ]


def starting(rounds: int) -> Iterator[Ratio]:
    """How fast csstrain starts."""
    bare, version = best(rounds, lambda: run(BARE), lambda: run([*CSSTRAIN, "--version"]))
    yield Ratio("csstrain --version", version, "python -c pass", bare, 8)


def checking(rounds: int) -> Iterator[Ratio]:
    """How fast the shipped content is checked."""
    parse = [sys.executable, "-c", PARSE, str(ROOT / "content")]
    check = [*CSSTRAIN, "check", "--project", str(ROOT)]
    parsed, checked = best(
        rounds, lambda: run(parse), lambda: run(check, worst=1)
    )  # findings are a result
    yield Ratio("csstrain check", checked, "import pydantic, yaml; parse", parsed, 3)


def building(rounds: int) -> Iterator[Ratio]:
    """How fast a build is: from nothing, with nothing changed, with a few words changed."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder)
        shutil.copytree(ROOT / "content", project / "content")
        build = [*CSSTRAIN, "build", "--project", folder]

        def cold() -> float:
            for made in ("build", ".csstrain"):
                shutil.rmtree(project / made, ignore_errors=True)
            return run(build)

        def edited() -> float:
            lengthen(project / "content")
            return run(build)

        first, unchanged, changed = best(rounds, cold, lambda: run(build), edited)
    yield Ratio("csstrain build, nothing changed", unchanged, "csstrain build, cold", first, 0.05)
    yield Ratio("csstrain build, one activity edited", changed, "csstrain build, cold", first, 0.25)


def lengthen(content: Path) -> None:
    """Add a word to what trainees do in some activity."""
    for file in sorted((content / "modules").glob("*.yaml")):
        text, count = TRAINEES.subn(r"\1 again", file.read_text("utf-8"), count=1)
        if count:
            file.write_text(text, "utf-8")
            return
    sys.exit(f"no activity below {content} says in plain words what trainees do")


PARTS = {"start": starting, "check": checking, "build": building}


def main() -> None:
    """Measure the parts that are asked for; all, unless some are named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--rounds", type=int, help="runs of each (default: 15, builds 1)")
    asked = parser.parse_args()
    for name in asked.parts or PARTS:
        if name not in PARTS:
            parser.error(f"there is no part {name}; choose of {', '.join(PARTS)}")
        for ratio in PARTS[name](asked.rounds or (1 if name == "build" else 15)):
            print(ratio, flush=True)


if __name__ == "__main__":
    main()
