"""Holds the planner against brute force: every agenda of many tiny curricula, drawn at random.

What the planner says of each must be so: whether its hours work, how many it fills, what its
agenda is worth, how far that can be from the best, and which are the smallest hours. Whatever is
not so is printed, and `--only` shows one curriculum again with its text.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.optimality import Verdict, verdict  # noqa: E402 - the tests' laws are found beside it
from tests.tiny_curricula import tiny  # noqa: E402


def traits(found: Verdict) -> Iterator[str]:
    """What to count a curriculum by."""
    agenda, best = found.agenda, found.best
    yield "curricula"
    if agenda.bounds.minimum_hours is not None:
        yield "with hours that work"
    if agenda.bounds.minimum_proven:
        yield "with a proven minimum"
    if not agenda.feasible:
        return
    yield "feasible"
    if agenda.unused:
        yield "feasible with minutes unused"
    if agenda.gates_deferred:
        yield "feasible with gates deferred"
    if len(agenda.days) > 1:
        yield "feasible over several days"
    if best and agenda.proof.value >= best.value - 1e-6:
        yield "feasible and the best that there is"
    if best and agenda.proof.value < best.value * 0.997:
        yield "feasible and more than 0.3 % below the best"


def prove(count: int, seed: int) -> tuple[Counter[str], Counter[str]]:
    """Hold so many curricula against brute force; counts them, and what is not so."""
    met: Counter[str] = Counter()
    wrong: Counter[str] = Counter()
    for number in range(count):
        found = verdict(tiny(seed, number))
        met.update(traits(found))
        for each in found.disagreements:
            wrong[each.claim] += 1
            print(f"curriculum {number}: {each.claim}: {each.words}", flush=True)
        if number % 100 == 99:
            print(f"\r{number + 1:,} of {count:,}", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return met, wrong


def show(number: int, seed: int) -> Counter[str]:
    """Print one curriculum and what is not so of it."""
    drawn = tiny(seed, number)
    print(drawn.text + f"# {drawn.hours} {drawn.basis} hours")
    found = verdict(drawn)
    print(f"# brute force: {found.best}\n# planner: {found.agenda.proof}, {found.agenda.bounds}")
    for each in found.disagreements:
        print(f"# {each.claim}: {each.words}")
    return Counter(each.claim for each in found.disagreements)


def main() -> None:
    """Prove, or show one curriculum; exit 1 if anything is not so."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("count", nargs="?", type=int, default=10_000, help="default: 10,000")
    parser.add_argument("--seed", type=int, default=0, help="another number, other curricula")
    parser.add_argument("--only", type=int, metavar="NUMBER", help="show this one, with its text")
    asked = parser.parse_args()
    if asked.only is not None:
        wrong = show(asked.only, asked.seed)
    else:
        met, wrong = prove(asked.count, asked.seed)
        for what, count in met.items():
            print(f"{count:,} {what}")
        print(f"{sum(wrong.values()):,} disagreements")
        for claim, count in sorted(wrong.items()):
            print(f"    {count:,} {claim}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
