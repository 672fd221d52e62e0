"""Measures csstrain against yardsticks of the same run and machine, and prints the ratios.

Seconds differ between machines, ratios hardly, so the bars are ratios. Each pair is run in turns
and the best time of each side counts, which keeps other work on the machine out of it. Agendas are
measured beside a proven bound of their value and beside a greedy choice. This says how fast and
how good csstrain is; it never fails because csstrain is slow.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from pathlib import Path

import greedy
import large_program
import peers

from csstrain.curriculum import Curriculum
from csstrain.pipeline import Compilation, compile_project, compile_texts
from csstrain.plan import plan
from csstrain.plan.hours import Hours
from csstrain.plan.offer import Offer
from csstrain.plan.terms import Terms

ROOT = Path(__file__).resolve().parent.parent
BARE = (sys.executable, "-c", "pass")
CSSTRAIN = (str(Path(sys.executable).with_name("csstrain")),)
PEERS = ROOT / ".venv" / "peers"  # where the other tools are installed
TYPST = "typst==0.15.2"
# A user's machine keeps the compiled modules; a developer's may be told not to.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}

# What the planner is held to: how far below a proven bound it may stay, and in how many seconds.
SHIPPED_GAP, SHIPPED_SECONDS, SHIPPED_HOURS = 0.003, 2.0, 80
LARGE_GAP, LARGE_SECONDS = 0.01, 10.0

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
    """The best figure of one command over that of its yardstick, and the bar of their ratio."""

    what: str
    figure: float
    yardstick: str
    yardstick_figure: float
    bar: float | None = None
    unit: str = "s"

    def __str__(self) -> str:
        """One line of the table."""
        ratio = self.figure / self.yardstick_figure
        verdict = ""
        if self.bar is not None:
            verdict = f"   {'within' if ratio <= self.bar else 'OVER'} {self.bar:g}"
        return (
            f"{self.what:<34} {self.figure:8.3f} {self.unit:<2}  {self.yardstick:<34} "
            f"{self.yardstick_figure:8.3f} {self.unit:<2}  {ratio:6.3f}{verdict}"
        )


@dataclass(frozen=True)
class Planned:
    """One plan: what it took, how far it can be from the best, how far a greedy choice is.

    Seconds are those of the processor, for the planner is one thread. Gaps are shares of a bound:
    an agenda's of its own, a greedy choice's, which nobody has placed, of the best choice that
    nobody has placed. `greedy` is None where such a choice breaks what all have to keep.
    """

    hours: Decimal
    seconds: float
    gap: float
    greedy: float | None
    most_seconds: float
    most_gap: float

    @property
    def within(self) -> bool:
        """Whether both bars are kept."""
        return self.seconds <= self.most_seconds and self.gap <= self.most_gap

    def __str__(self) -> str:
        """One line of the table."""
        other = "breaks the terms" if self.greedy is None else f"{self.greedy:6.2%} below its own"
        verdict = "" if self.within else "   OVER"
        return (
            f"plan of {self.hours:>3} hours {self.seconds:8.3f} s   "
            f"at most {self.gap:6.2%} below the bound   greedy choice {other}{verdict}"
        )


@dataclass(frozen=True)
class Cost:
    """What one run of a command took: seconds, and megabytes at its peak."""

    seconds: float
    megabytes: float


def run(command: Sequence[str], worst: int = 0, folder: Path = ROOT) -> float:
    """Seconds that a command takes; stops where its exit status is above the worst allowed."""
    return cost(command, worst, folder).seconds


def cost(command: Sequence[str], worst: int = 0, folder: Path = ROOT) -> Cost:
    """Seconds and memory that a command takes, its children included."""
    with tempfile.TemporaryFile() as said:
        start = time.perf_counter()
        child = subprocess.Popen(
            command, stdout=said, stderr=said, cwd=folder, env=ENVIRONMENT, stdin=subprocess.DEVNULL
        )
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - start
        child.returncode = os.waitstatus_to_exitcode(status)
        if child.returncode > worst or child.returncode < 0:
            said.seek(0)
            text = said.read()[-2000:].decode("utf-8", "replace")
            sys.exit(f"{' '.join(command)} ended with {child.returncode}:\n{text}")
    return Cost(seconds, usage.ru_maxrss / 1024)


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
        most = 0.0

        def cold() -> float:
            nonlocal most
            for made in ("build", ".csstrain"):
                shutil.rmtree(project / made, ignore_errors=True)
            spent = cost(build)
            most = max(most, spent.megabytes)
            return spent.seconds

        def edited() -> float:
            lengthen(project / "content")
            return run(build)

        single, first, unchanged, changed = best(
            rounds, lambda: _single(project), cold, lambda: run(build), edited
        )
        typst = _typst(project)
    yield Ratio("csstrain build, cold", first, "its chapters in one WeasyPrint", single, 0.75)
    yield Ratio("csstrain build, nothing changed", unchanged, "csstrain build, cold", first, 0.05)
    yield Ratio("csstrain build, one activity edited", changed, "csstrain build, cold", first, 0.25)
    yield Ratio("the largest process of a build", most, "what it may have", 400, 1, "MB")
    yield Ratio("csstrain build, cold", first, "the same words through Typst", typst)


# Seconds that WeasyPrint needs for every chapter of a build, one after the other, once each.
SINGLE = """
import sys, time
from pathlib import Path
from csstrain import outputs, pdf, pipeline, render
from csstrain.locate import located
found = pipeline.plan_agenda(pipeline.compile_project(Path(sys.argv[1])))
compiled = render.Compiled(
    found.curriculum, found.agenda, found.coverage,
    findings=located(found.content.sources, found.diagnostics), waived=found.waived,
    versions=pipeline.versions(), curve=pipeline.hours_curve(found),
)
look = render.Look(compiled, None)
made = [each for make in render.OUTPUTS.values() for each in make(compiled)]
documents = [look.document(each) for each in made if isinstance(each, render.Book)]
chapters = {(c.html, c.style): (c, d.icons) for d in documents for c in d.chapters}
if len(sys.argv) > 2:
    Path(sys.argv[2]).write_text("\\0".join(c.html for c, _ in chapters.values()), "utf-8")
else:
    pdf.made_with()
    start = time.perf_counter()
    for chapter, icons in chapters.values():
        pdf.draw(chapter, icons)
    print(time.perf_counter() - start)
"""


def _single(project: Path) -> float:
    """Seconds of WeasyPrint alone: loading it and making its input are not counted."""
    made = subprocess.run(
        [sys.executable, "-c", SINGLE, str(project)], check=True, capture_output=True, text=True
    )
    return float(made.stdout)


def _typst(project: Path) -> float:
    """Seconds that Typst needs for the same words, set plainly: the limit to admire."""
    stamp = PEERS / "typst"
    if not stamp.exists():
        if not (PEERS / "bin" / "python").exists():
            venv.create(PEERS, with_pip=True)
        run([str(PEERS / "bin" / "python"), "-m", "pip", "install", "--quiet", TYPST])
        stamp.touch()
    pages, source, out = project / "pages", project / "words.typ", project / "words.pdf"
    subprocess.run([sys.executable, "-c", SINGLE, str(project), str(pages)], check=True)
    words = html.unescape(
        re.sub(r"<(style|title)>.*?</\\1>|<[^>]*>", "\n", pages.read_text("utf-8"))
    )
    lines = (json.dumps(" ".join(line.split()), ensure_ascii=False) for line in words.splitlines())
    head = '#set document(title: "Words")\n'  # what PDF/UA wants of it as well
    source.write_text(head + "".join(f"#par({line})\n" for line in lines if line != '""'), "utf-8")
    code = (
        "import sys, typst; typst.compile(sys.argv[1], output=sys.argv[2], pdf_standards=['ua-1'])"
    )
    return run([str(PEERS / "bin" / "python"), "-c", code, str(source), str(out)])


def lengthen(content: Path) -> None:
    """Add a word to what trainees do in some activity."""
    for file in sorted((content / "modules").glob("*.yaml")):
        text, count = TRAINEES.subn(r"\1 again", file.read_text("utf-8"), count=1)
        if count:
            file.write_text(text, "utf-8")
            return
    sys.exit(f"no activity below {content} says in plain words what trainees do")


def scaling(rounds: int) -> Iterator[Ratio]:
    """How fast `check` is on large graphs, beside the tools that trace requirements."""
    _install_peers()
    seconds: dict[int, float] = {}
    for count in (1_000, 10_000):
        items = peers.graph(count)
        with tempfile.TemporaryDirectory() as folder:
            own = Path(folder, "csstrain")
            peers.write(peers.csstrain(items), own)
            mine = [cost([*CSSTRAIN, "check"], folder=own)]
            others: dict[str, Cost] = {}
            for name, peer in peers.PEERS.items():
                place = Path(folder, name)
                peers.write(peer.files(items), place)
                for kind, command in {"": peer.usual, ", lean": peer.lean}.items():
                    runs = []
                    for _ in range(rounds):
                        mine.append(cost([*CSSTRAIN, "check"], folder=own))
                        runs.append(_peer(command, place))
                    others[name + kind] = cheapest(runs)
        best_of_mine = cheapest(mine)
        seconds[count] = best_of_mine.seconds
        for name, other in others.items():
            yardstick = f"{name} ({other.megabytes:.0f} MB)"
            yield Ratio(f"check, {count:,} items", seconds[count], yardstick, other.seconds)
        usual = [other for name, other in others.items() if name in peers.PEERS]
        fastest = min(other.seconds for other in usual)
        least = min(other.megabytes for other in usual)
        what = f"check, {count:,} items"
        yield Ratio(what, seconds[count], "the fastest of them, as used", fastest, 0.05)
        yield Ratio(what, best_of_mine.megabytes, "the one with the least", least, 1, "MB")
    start = _start()
    more, few = seconds[10_000] - start, seconds[1_000] - start
    yield Ratio("10,000 items, start not counted", more, "ten times 1,000", 10 * few, 1.2)


def _start() -> float:
    """Seconds of a check that has next to nothing to read."""
    with tempfile.TemporaryDirectory() as folder:
        peers.write(peers.csstrain(peers.graph(4)), Path(folder))
        return best(5, lambda: run([*CSSTRAIN, "check"], folder=Path(folder)))[0]


def _peer(command: Sequence[str], folder: Path) -> Cost:
    """A run from nothing: what an earlier one left is taken away."""
    for made in ("out", "output"):
        shutil.rmtree(folder / made, ignore_errors=True)
    (folder / ".git").mkdir(exist_ok=True)  # one of them wants to stand in a repository
    return cost([str(PEERS / "bin" / command[0]), *command[1:]], worst=1, folder=folder)


def cheapest(runs: Sequence[Cost]) -> Cost:
    """The best time of some runs and their least memory."""
    return Cost(min(r.seconds for r in runs), min(r.megabytes for r in runs))


def _install_peers() -> None:
    """The other tools, in an environment of their own, once."""
    wanted = [peer.package for peer in peers.PEERS.values()]
    stamp = PEERS / "installed"
    if stamp.exists() and stamp.read_text("utf-8").split() == wanted:
        return
    venv.create(PEERS, with_pip=True, clear=True)
    run([str(PEERS / "bin" / "python"), "-m", "pip", "install", "--quiet", *wanted])
    stamp.write_text("\n".join(wanted), "utf-8")


def planning(rounds: int) -> Iterator[Planned | str]:
    """How fast and how near to a proven bound agendas are: the shipped program, a large one."""
    shipped = _curriculum(compile_project(ROOT))
    least = plan(shipped).value
    assert least is not None
    assert least.bounds.minimum_hours is not None
    made = []
    for hours in range(ceil(least.bounds.minimum_hours), SHIPPED_HOURS + 1):
        made.append(_planned(shipped, Decimal(hours), rounds, SHIPPED_SECONDS, SHIPPED_GAP))
        yield made[-1]
    slowest = max(made, key=lambda each: each.seconds)
    farthest = max(made, key=lambda each: each.gap)
    yield (
        f"{sum(each.within for each in made)} of {len(made)} within {SHIPPED_GAP:.1%} "
        f"and {SHIPPED_SECONDS:g} s; the slowest {slowest.seconds:.3f} s at {slowest.hours} hours, "
        f"the farthest {farthest.gap:.2%} at {farthest.hours} hours"
    )
    large = _curriculum(compile_texts(large_program.files()))
    yield f"{len(large.modules)} modules, {len(large.activities)} activities:"
    yield _planned(large, large_program.HOURS, rounds, LARGE_SECONDS, LARGE_GAP)


def _curriculum(compiled: Compilation) -> Curriculum:
    if compiled.curriculum is None or compiled.failed:
        sys.exit("\n".join(d.message for d in compiled.diagnostics))
    return compiled.curriculum


def _planned(
    curriculum: Curriculum, hours: Decimal, rounds: int, most_seconds: float, most_gap: float
) -> Planned:
    """Plan from nothing, so many times, and compare."""
    times = []
    for _ in range(rounds):
        start = time.process_time()
        agenda = plan(curriculum, hours).value
        times.append(time.process_time() - start)
    if agenda is None or agenda.proof.gap is None:
        sys.exit(f"{hours} hours have no agenda")
    search = Hours(Offer(curriculum), agenda.basis)
    terms = Terms(search.offer, frozenset(each.objective for each in agenda.gates_deferred))
    minutes = search.room(int(hours * 60)).most
    worth = greedy.greedy(terms, minutes)
    # The solver's sums may differ from the choice's in their last digits.
    below = None if worth is None else max(0.0, 1 - worth / greedy.bound(terms, minutes))
    return Planned(hours, min(times), agenda.proof.gap, below, most_seconds, most_gap)


ROUNDS = {"start": 15, "check": 15, "scale": 2, "build": 1, "planner": 1}
PARTS: Mapping[str, Callable[[int], Iterator[object]]] = {
    "start": starting,
    "check": checking,
    "scale": scaling,
    "build": building,
    "planner": planning,
}


def main() -> None:
    """Measure the parts that are asked for; all, unless some are named."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument(
        "--rounds", type=int, help="runs of each (default: 15; scale 2, build and planner 1)"
    )
    asked = parser.parse_args()
    for name in asked.parts or PARTS:
        if name not in PARTS:
            parser.error(f"there is no part {name}; choose of {', '.join(PARTS)}")
        for line in PARTS[name](asked.rounds or ROUNDS[name]):
            print(line, flush=True)


if __name__ == "__main__":
    main()
