"""Tiny curricula at random: small enough to try everything, odd enough to try every rule."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from random import Random

from csstrain import disk
from csstrain.agenda import Basis
from csstrain.curriculum import Curriculum
from csstrain.load import Content, load
from csstrain.model import clock_text
from csstrain.resolve import resolve

MASTERY = (
    "decision", "status_during", "retest", "panel", "appeal", "accommodation", "attendance",
    "records",
)  # fmt: skip
PHASES = ("present", "demonstrate", "practice", "practice", "debrief", "assess", "admin")
CLASSES = ("skill", "skill", "declarative", "attitude")
EXTRAS = ("", "", "", "", "retrieval", "retrieval", "prework", "tool", "group", "group", "feedback")


@dataclass(frozen=True)
class Tiny:
    """A tiny program as YAML, and the hours that it is asked to fit into."""

    text: str
    hours: Decimal
    basis: Basis

    def curriculum(self) -> Curriculum:
        """The program, compiled."""
        loaded = load({"content/tiny.yaml": self.text.encode()})
        assert loaded.value is not None
        assert not loaded.failed, loaded.diagnostics
        resolved = resolve(loaded.value, _defaults())
        assert resolved.value is not None, resolved.diagnostics
        return resolved.value


@cache
def _defaults() -> Content:
    loaded = load(disk.builtin()).value
    assert loaded is not None
    return loaded


def tiny(seed: int, number: int) -> Tiny:
    """The tiny program of a number: two modules and six activities at most, in short days."""
    return _Draw(Random(f"{seed}/{number}")).world()  # noqa: S311 - chance, not secrecy


class _Draw:
    """One program in the making; draws each part when it is written."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.modules = random.choice((1, 2, 2))
        self.objectives = [f"o{n}" for n in range(random.choice((1, 2, 2, 3)))]
        self.gates = [o for o in self.objectives if self.chance(3)]
        self.tools = [f"i{n}" for n in range(random.choice((0, 1, 2, 2, 3)))]
        self.planned = 0

    def chance(self, of: int) -> bool:
        """True once in so many times."""
        return self.random.randrange(of) == 0

    def world(self) -> Tiny:
        """The program and its hours, near to what its activities need."""
        parts = (self.program(), self.ksas(), self.instruments(), self.listed_modules())
        near = max(1, self.planned * self.random.choice((20, 40, 60, 80, 100, 120)) // 1500)
        quarters = min(24, max(1, near + self.random.randint(-1, 2)))
        basis: Basis = "paid" if self.chance(2) else "contact"
        return Tiny("".join(parts), Decimal(quarters) / 4, basis)

    # ── program and days ─────────────────────────────────────────────────────────────

    def program(self) -> str:
        """The program with its policy for gates."""
        deferred = [o for o in self.gates if self.chance(2)]
        lines = [
            f"      - {{objective: {o}, approved_by: Director, within_days: 60, why: It may wait.}}"
            for o in deferred
        ]
        policy = [f"    {field}: as agreed" for field in MASTERY]
        mastery = ["  mastery:", *policy, *(["    deferrals:", *lines] if lines else [])]
        return "\n".join((
            "program:",
            "  id: program",
            "  title: A program",
            "  version: '1'",
            f"  cohort: {{trainees: {self.random.randint(2, 6)}}}",
            *self.day(),
            *mastery,
            "",
        ))  # fmt: skip

    def day(self) -> list[str]:
        """A working day of up to four hours that its runs can make up, as a rule."""
        pick = self.random.choice
        paid, start = (
            pick((45, 60, 70, 75, 90, 105, 120, 150, 180, 240)),
            pick((510, 600, 660, 690, 780)),
        )
        lunch, breaks, pause = pick((0, 30, 45)), pick((0, 1, 1, 2, 3)), pick((5, 10))
        least = paid // (breaks + 1 + bool(lunch))
        longest = max(15, pick((least, least + 7, least + 20, 40, 60, 90)))
        earliest = pick((660, 690, 720))
        latest, end = earliest + pick((0, 20, 90)), start + paid + lunch
        slack = pick((0, 0, 3, 5))
        return [
            "  day:",
            f"    start: {clock_text(start)}",
            f"    end: {clock_text(end)}",
            f"    lunch: {{minutes: {lunch}, earliest: {clock_text(earliest)},"
            f" latest: {clock_text(latest)}}}",
            f"    breaks: {{minutes: {pause}, count: {breaks}}}",
            f"    longest_run: {longest}",
            f"    opening: {pick((0, 0, 5, 10))}",
            f"    closing: {pick((0, 0, 5))}",
            f"    slack: {{min: {slack}, max: {slack + pick((2, 5, 12, 20))}}}",
        ]

    # ── what is needed, and how it is measured ───────────────────────────────────────

    def ksas(self) -> str:
        """Two KSAs, and at times competencies that weigh them."""
        found = "ksas:\n" + "".join(
            f"  - {{id: k{n}, statement: Skill in it., classes: [{self.random.choice(CLASSES)}],"
            f" importance: {self.random.randint(1, 3)}, difficulty: {self.random.randint(1, 3)},"
            f" target_end_of_training: {self.random.randint(1, 2)}}}\n"
            for n in range(2)
        )
        if self.chance(3):
            found += "sources:\n  - {id: source, title: A source, file: source.txt}\n"
            found += "competencies:\n" + "".join(
                f"  - {{id: c{n}, name: It, origin: source, definition: It.,"
                f" weight: {self.random.randint(1, 9)}, ksas: [k{self.random.randrange(2)}]}}\n"
                for n in range(2)
            )
        return found

    def instruments(self) -> str:
        """Pre-tests, checks and performances, some of them final."""
        lines = [
            f"  - {{id: {name}, title: It,"
            f" kind: {self.random.choice(('pre-test', 'check', 'role-play', 'role-play'))},"
            f" when: {self.random.choice(('baseline', 'in-course', 'end-of-course'))},"
            f" kirkpatrick: {self.random.choice((1, 2, 2, 2))},"
            f" minutes: {self.random.choice((3, 5, 8))}, at_once: {self.random.choice((1, 3, 6))},"
            f" objectives: [{', '.join(self.some(self.objectives, 1))}]}}\n"
            for name in self.tools
        ]
        return "instruments:\n" + "".join(lines) if lines else ""

    def some(self, names: list[str], least: int) -> list[str]:
        """One or two of some names, or none."""
        count = min(len(names), self.random.randint(least, 2))
        return self.random.sample(names, count)

    # ── modules and activities ───────────────────────────────────────────────────────

    def listed_modules(self) -> str:
        """All modules; the second may require the first, and hold the final assessment."""
        count = self.random.choice((2, 3, 4, 5, 6, 6))
        split = self.random.randint(0, count) if self.modules == 2 else count
        return "modules:\n" + "".join(
            self.module(number, range(split) if number == 0 else range(split, count))
            for number in range(self.modules)
        )

    def module(self, number: int, held: range) -> str:
        """One module; objectives are shared out among the modules."""
        own = [o for n, o in enumerate(self.objectives) if n % self.modules == number]
        fields = [f"  - id: m{number}\n    title: A module\n"]
        if number and self.chance(2):
            fields.append("    requires: [m0]\n")
        if self.chance(4):
            fields.append("    final: true\n")
        fields += ["    objectives:\n"] if own else []
        fields += [self.objective(o) for o in own]
        fields += ["    activities:\n"] if held else []
        return "".join(fields) + "".join(self.activity(f"a{n}") for n in held)

    def objective(self, name: str) -> str:
        """An objective that serves a KSA, performed live or not."""
        play = f" play: {self.random.randint(1, 4)}," if self.chance(2) else ""
        return (
            f"      - {{id: {name}, kind: terminal, verb: do, behavior: it, domain: cognitive,"
            f" level: apply,{play} gate: {str(name in self.gates).lower()},"
            f" ksas: [{{ksa: k{self.random.randrange(2)}, level: {self.random.randint(1, 2)}}}]}}\n"
        )

    def activity(self, name: str) -> str:
        """An activity; what it does besides depends on its phase and on chance."""
        pick = self.random.choice
        phase, low = pick(PHASES), pick((1, 5, 8, 10, 15, 17, 20, 30, 45, 70))
        plan = low + pick((0, 5, 10, 13, 30))
        high = plan + pick((0, 10, 20, 60))
        self.planned += plan
        method = pick(("lecture", "drill", "role-play"))
        return (
            f"      - {{id: {name}, method: {method}, phase: {phase},"
            f" minutes: {{min: {low}, plan: {plan}, max: {high}}},"
            f" priority: {pick(('must', 'should', 'should', 'nice'))},"
            f" objectives: [{', '.join(self.some(self.objectives, 0))}],"
            f" instead: {pick(('none', 'none', 'prework'))}{self.more(phase)}}}\n"
        )

    def more(self, phase: str) -> str:
        """One more field, or none."""
        kind = self.random.choice(EXTRAS)
        if phase == "assess":
            kind = self.random.choice(("tool", "tool", "turn", ""))
        fields = {
            "retrieval": "retrieval: true",
            "prework": "delivery: prework",
            "feedback": "event: give-feedback",
            "group": f"grouping: {{size: {self.random.randint(2, 3)},"
            f" rounds: {self.random.randint(1, 3)}, prepare: 1, feedback: 3}}",
        }
        if kind in ("tool", "turn") and self.tools:
            tool = self.random.choice(self.tools)
            stations = [
                f"{{title: Station {n}, instruments: [{self.random.choice(self.tools)}]}}"
                for n in range(self.random.randint(1, 2))
            ]
            fields["tool"] = f"instrument: {tool}"
            groups = self.random.randint(1, 3)
            fields["turn"] = f"rotation: {{groups: {groups}, stations: [{', '.join(stations)}]}}"
        return f", {fields[kind]}" if kind in fields else ""
