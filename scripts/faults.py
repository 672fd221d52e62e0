"""Lets everything go wrong that can while csstrain builds: every call refused, or its last one.

A tiny project is built over and over. For each call that changes something on the disk: no space,
an input/output error, no permission, killed; and at moments drawn at random: Ctrl-C, an order to
end, killed while processes print; and two builds at once. Each time build/ has to be the old
one or the new one, the status right, nothing left, and the next build sound. Needs strace.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.trouble import (  # noqa: E402 - what the tests hold is found beside them
    AGAIN,
    ERRORS,
    FIRST,
    KILL,
    MOMENTS,
    SCENES,
    Stage,
    changes,
    pair,
    points,
)

SIGNALS = ("SIGINT", "SIGTERM", KILL)
Found = tuple[str, list[str]]  # what was tried, and what was not as it should be


def sweep(folder: Path, random: Random, share: float) -> Iterator[Found]:
    """Each change refused for each reason, and the last thing done."""
    stage = Stage(folder / "sweep")
    for scene in SCENES:
        every = changes(stage.record(scene).calls)
        for point in every:
            for fault in (*ERRORS, KILL):
                if random.random() < share:
                    yield (
                        f"{fault}, {scene.name}",
                        [f"{point.line}: {each}" for each in stage.suffer(scene, point, fault)],
                    )


def signals(folder: Path, random: Random, share: float) -> Iterator[Found]:
    """Signals at any moment of a build with PDFs, of which the chapters are known or not."""
    stage = Stage(folder / "signals", ("--only", "agenda"))
    for scene, what in ((AGAIN, "chapters known"), (FIRST, "chapters to print")):
        every = list(points(stage.record(scene, MOMENTS).calls))
        for point in random.sample(every, max(1, round(50 * share))):
            for fault in SIGNALS:
                yield (
                    f"{fault}, {what}",
                    [
                        f"{point.line}: {each}"
                        for each in stage.suffer(scene, point, fault, MOMENTS)
                    ],
                )


def pairs(folder: Path, random: Random, share: float) -> Iterator[Found]:
    """Two builds at once."""
    stage = Stage(folder / "pairs")
    for _ in range(max(1, round(20 * share))):
        refused, wrong = pair(stage)
        yield f"two at once, {refused} refused", wrong


def main() -> None:
    """Try all, or a share; exit 1 if anything is not as it should be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--share", type=float, default=1.0, help="of all that there is to try")
    parser.add_argument("--seed", type=int, default=0, help="another number, another share")
    asked = parser.parse_args()
    random = Random(asked.seed)  # noqa: S311 - chance, not secrecy
    tried: Counter[str] = Counter()
    faults = 0
    with tempfile.TemporaryDirectory() as name:
        for part in (pairs, signals, sweep):
            for what, wrong in part(Path(name), random, asked.share):
                tried[what] += 1
                faults += bool(wrong)
                for each in wrong:
                    print(f"{what}: {each}", flush=True)
                print(f"\r{tried.total():,} tried", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    for what, count in tried.items():
        print(f"{count:,} {what}")
    print(f"{faults:,} of {tried.total():,} not as they should be")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
