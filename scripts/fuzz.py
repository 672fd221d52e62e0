"""Feeds broken content to csstrain: many mutants in this process, some through the command.

Every one must end in findings or success. The first that does not is written to a folder, and
its name printed, so that it can become a test.
"""

from __future__ import annotations

import argparse
import itertools
import subprocess
import sys
import tempfile
import traceback
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from csstrain import disk  # noqa: E402 - the tests' own mutations are found beside it
from tests.curricula import PROGRAM, Files  # noqa: E402
from tests.hostile import mutants, naughty_strings, samples, survive  # noqa: E402


def keep(files: Files) -> Path:
    """Write a project that csstrain did not survive to a new folder."""
    folder = Path(tempfile.mkdtemp(prefix="csstrain-mutant-"))
    for name, raw in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(raw)
    return folder


def in_this_process(seeds: Sequence[Files], count: int, seed: int) -> Counter[str]:
    """Check so many mutants; counts how far each came."""
    met: Counter[str] = Counter()
    for files in itertools.islice(mutants(seeds, naughty_strings(), seed), count):
        try:
            compiled = survive(files)
        except Exception:
            traceback.print_exc()
            sys.exit(f"did not survive: {keep(files)}")
        met["reached the rules" if compiled.curriculum else "stopped at files or links"] += 1
    return met


def through_the_command(seeds: Sequence[Files], count: int, seed: int) -> Counter[str]:
    """Check so many mutants, each in a process of its own."""
    met: Counter[str] = Counter()
    for files in itertools.islice(mutants(seeds, naughty_strings(), seed), count):
        with tempfile.TemporaryDirectory() as name:
            for file, raw in files.items():
                path = Path(name, file)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(raw)
            done = subprocess.run(
                [sys.executable, "-m", "csstrain", "check"],
                cwd=name,
                capture_output=True,
                check=False,
            )
        if done.returncode not in (0, 1) or done.stderr:
            sys.exit(f"exit {done.returncode}: {done.stderr.decode()[-500:]}\n{keep(files)}")
        met[f"exit {done.returncode}"] += 1
    return met


def main() -> None:
    """Run both kinds, from small projects and from the shipped files."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("count", nargs="?", type=int, default=100_000, help="default: 100,000")
    parser.add_argument("--seed", type=int, default=0, help="another number, other mutants")
    asked = parser.parse_args()
    tiny = {"content/program.yaml": PROGRAM.encode()}
    shipped = [
        {**tiny, name: raw} for name, raw in disk.read(ROOT).items() if name.endswith(".yaml")
    ]
    large = asked.count // 20  # a shipped file takes some twenty times as long as a small project
    small = samples()
    for what, feed, seeds, count in (
        ("small projects", in_this_process, small, asked.count - large),
        ("shipped files", in_this_process, shipped, large),
        ("the command", through_the_command, small, max(asked.count // 300, 1)),
    ):
        met = feed(seeds, count, asked.seed)
        print(f"{what}: " + ", ".join(f"{n:,} {how}" for how, n in sorted(met.items())), flush=True)


if __name__ == "__main__":
    main()
