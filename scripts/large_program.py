"""A large program to plan: 60 modules and 600 activities, drawn from a seed, for thirty days.

The days hold about two thirds of what it plans, so the planner has to choose among hundreds of
activities and to order modules that wait for each other. Everything that bears on a plan is
there: gates with groupings and a rotation, a pre-test, retrieval, tests, priorities of all three
kinds, and KSAs whose need and weight differ.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from random import Random

SEED = 2027
HOURS = Decimal(240)  # thirty days of eight hours
MODULES = 60
ACTIVITIES = 10  # in a module
GATES = 12
COMPETENCIES = 20
STATIONS = 3
LEAST = 10  # minutes that any activity takes
TRIAD = 54  # minutes in which each of three plays each role: prepare 2, play 10, feedback 6

# The activities of a module: what it is for, methods, least and most planned minutes, how many of
# ten are must and how many are should, and the first or second objective, or both. The rest is
# nice. Minutes are such that thirty days hold about two thirds of the sum.
PARTS = (
    ("present", ("lecture", "discussion", "reading"), (10, 30), (7, 3), (0,)),
    ("demonstrate", ("demonstration", "behavior-modeling"), (10, 30), (5, 5), (0,)),
    ("practice", ("drill", "case-study", "lab", "role-play"), (30, 70), (6, 4), (0,)),
    ("present", ("lecture", "demonstration", "discussion"), (10, 30), (3, 7), (1,)),
    ("practice", ("drill", "case-study", "lab"), (20, 60), (3, 7), (1,)),
    ("practice", ("discussion", "case-study"), (15, 40), (1, 7), (0, 1)),
    ("practice", ("simulation", "project", "in-basket"), (30, 90), (0, 3), (0, 1)),
    ("debrief", ("discussion", "reflection"), (10, 25), (2, 6), (0,)),
    ("practice", ("drill", "discussion"), (10, 25), (1, 8), (0,)),  # retrieval
    ("assess", ("test",), (10, 30), (4, 5), (0, 1)),
)
RETRIEVAL = 8  # its place among the parts
EVENTS = ("gain-attention", "state-objective", "recall", "present-content", "guide")
VERBS = ("process", "schedule", "prepare", "route", "calculate", "reconcile")
CUT = (
    " cut: {method: Placeholder until the judges meet, value: 3, provisional: true},"
    " retest: {form: The other form, after: Ten working days and practice of what was missed},"
)

PROGRAM = """\
program:
  id: program
  title: A year's intake
  version: "1"
  audience: trainees
  history: [{version: "1", date: 2027-01-11, change: First version.}]
  approvals: [{role: Director, name: A. Person, date: 2027-01-11}]
  hours: 240
  cohort: {trainees: 18, coaches: 2, assessors: 6, role_players: 6}
  scale: house
  day:
    start: 08:30
    end: 17:30
    lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
    breaks: {minutes: 10, count: 3}
    opening: 15
    closing: 10
    slack: {min: 3, max: 10}
  mastery:
    decision: Every gate is passed.
    status_during: Temporary until the decision.
    retest: One retest on another form.
    panel: Three people who did not train.
    appeal: In writing within ten days.
    accommodation: As agreed beforehand.
    attendance: What is missed is made up for.
    records: Kept for three years.
scale:
  id: house
  title: House scale
  ceiling: 2
  levels: [{level: 1, name: Basic}, {level: 2, name: Working}, {level: 3, name: Extensive}]
sources:
  - {id: analysis, title: Job analysis, file: analysis.txt}
"""


def files(seed: int = SEED, modules: int = MODULES) -> dict[str, bytes]:
    """The content of the program by file name: the same for the same seed.

    With fewer modules it is a smaller program of the same kind; there are at least two.
    """
    drawn = _Draw(Random(seed), modules)  # noqa: S311 - chance, not secrecy
    texts = {f"content/modules/m{n}.yaml": drawn.module(n) for n in range(modules)}
    texts |= {
        "content/program.yaml": PROGRAM,
        "content/ksas.yaml": drawn.ksas(),
        "content/competencies.yaml": drawn.competencies(),
        "content/instruments.yaml": drawn.instruments(),
    }
    return {name: text.encode() for name, text in texts.items()}


@dataclass
class _Draw:
    """The program in the making; each module serves three KSAs with two objectives."""

    random: Random
    modules: int

    @property
    def final(self) -> int:
        """The number of the module with the final assessments."""
        return self.modules - 1

    @property
    def gates(self) -> tuple[int, ...]:
        """Modules whose first objective is a gate, spread over the program."""
        count = min(GATES, self.final)
        return tuple(self.final * n // count for n in range(count))

    def ksas(self) -> str:
        """Three KSAs for each module, with the ratings from which their need follows."""
        classes = ("procedural", "skill", "declarative", "attitude")
        return "ksas:\n" + "".join(
            f"  - {{id: k{n}, statement: Skill in cases of series {n}.,"
            f" classes: [{self.random.choice(classes)}],"
            f" importance: {self._rating()}, difficulty: {self._rating()},"
            f" frequency: {self._rating()}, target_end_of_training: {1 + n % 2}}}\n"
            for n in range(3 * self.modules)
        )

    def _rating(self) -> int:
        return self.random.randint(1, 3)

    def competencies(self) -> str:
        """Competencies whose weights differ, each made up of some KSAs."""
        rest = [self.random.randint(1, 8) for _ in range(COMPETENCIES - 1)]
        weights = (100 - sum(rest), *rest)
        made_of = [range(n, 3 * self.modules, COMPETENCIES) for n in range(COMPETENCIES)]
        return "competencies:\n" + "".join(
            f"  - {{id: c{n}, name: Competency {n}, origin: analysis,"
            f" definition: Work of kind {n}., weight: {weight},"
            f" ksas: [{', '.join(f'k{k}' for k in ksas)}]}}\n"
            for n, (weight, ksas) in enumerate(zip(weights, made_of, strict=True))
            if ksas
        )

    # ── how it is measured ───────────────────────────────────────────────────────────

    def instruments(self) -> str:
        """A pre-test, a check for each module, stations for the gates, a final test, forms."""
        every = [f"o{n}-{part}" for n in range(self.final) for part in (1, 2)]
        lines = [_instrument("pretest", "pre-test", "baseline", 15, every)]
        lines += [
            _instrument(f"check-{n}", "work-sample", "in-course", 10, [f"o{n}-1", f"o{n}-2"])
            for n in range(self.modules)
        ]
        for station in range(STATIONS):
            played = [f"o{n}-1" for n in self.gates[station::STATIONS]]
            if played:
                lines.append(
                    _instrument(f"station-{station}", "role-play", "end-of-course", 10, played, 1)
                )
        lines.append(_instrument("final-test", "written-test", "end-of-course", 60, every))
        lines += list(self._forms())
        return "instruments:\n" + "".join(lines)

    def _forms(self) -> Iterator[str]:
        """Questions to supervisors, one for each KSA."""
        for form, first in enumerate(range(0, 3 * self.modules, 10)):
            yield (
                f"  - id: form-{form}\n    title: Supervisor form {form}\n"
                "    kind: supervisor-form\n    kirkpatrick: 3\n    when: follow-up\n"
                "    confidentiality: Seen by the trainee and the training office.\n"
                "    questions:\n"
                f"      - {{id: open-{form}, text: What else did you see?, type: open,"
                " waves: [30, 60, 90]}\n"
            ) + "".join(
                f"      - {{id: q{ksa}, text: How often were cases of series {ksa} handled?,"
                f" type: frequency, waves: [30, 60, 90], ksas: [k{ksa}]}}\n"
                for ksa in range(first, min(first + 10, 3 * self.modules))
            )

    # ── modules ──────────────────────────────────────────────────────────────────────

    def module(self, number: int) -> str:
        """A module with what it requires; the last one requires all and is final."""
        required = sorted(self._required(number))
        held = self._finals() if number == self.final else self._activities(number)
        final = "  final: true\n" if number == self.final else ""
        return (
            f"module:\n  id: m{number}\n  title: Module {number}\n"
            f"  goal: Trainees handle the cases of module {number} as they come to the desk.\n"
            "  rationale: Shown first, then tried, since the steps must come in order.\n"
            "  preparation: [Lay out the records.]\n  room: Tables in a U.\n"
            f"  transition: Say what comes next.\n{final}"
            f"  requires: [{', '.join(f'm{n}' for n in required)}]\n"
            f"  objectives:\n{self._objectives(number)}"
            f"  activities:\n{''.join(held)}"
        )

    def _required(self, number: int) -> set[int]:
        """All modules for the last one; none, one or two of the ten before for the others."""
        if number == self.final:
            return set(range(number))
        before = range(max(0, number - 10), number)
        return set(self.random.sample(before, min(len(before), self.random.randint(0, 2))))

    def _objectives(self, number: int) -> str:
        """A terminal objective, which may be a gate, and an enabling one."""
        gate = "      gate: true\n      play: 10\n" if number in self.gates else ""
        first, second = 3 * number, 3 * number + 2
        return "".join(
            f"    - id: o{number}-{part}\n      kind: {kind}\n{more}"
            f"      verb: {self.random.choice(VERBS)}\n"
            f"      behavior: the cases of module {number}, part {part}\n"
            "      condition: given the records of the office\n"
            "      degree: {text: four of five without an error, metric: count, value: 4}\n"
            "      domain: cognitive\n      level: apply\n"
            f"      ksas: [{', '.join(f'{{ksa: k{k}, level: {1 + k % 2}}}' for k in served)}]\n"
            for part, kind, more, served in (
                (1, "terminal", gate, (first, first + 1)),
                (2, f"enabling\n      parent: o{number}-1", "", (second,)),
            )
        )

    def _activities(self, number: int) -> Iterator[str]:
        """The ten activities of a module; the first one also has the welcome and the pre-test."""
        parts = list(enumerate(PARTS))
        if number == 0:
            yield _activity("welcome", "briefing", "admin", (10, 15, 20), "must")
            yield _activity(
                "pretest-held",
                "test",
                "assess",
                (15, 20, 25),
                "must",
                more=("instrument: pretest",),
            )
            del parts[6:8]
        for place, (phase, methods, (low, high), shares, which) in parts:
            plan = self.random.randrange(low, high + 1, 5)
            least = max(LEAST, plan * self.random.choice((7, 8, 9)) // 50 * 5)
            most = plan * self.random.choice((12, 13, 15, 18)) // 50 * 5
            priority = self._priority(shares)
            more = [f"event: {EVENTS[place % len(EVENTS)]}"] if phase == "present" else []
            if place == RETRIEVAL:
                more.append("retrieval: true")
            if phase == "assess":
                more.append(f"instrument: check-{number}")
            if place == 2 and number in self.gates:
                more.append("grouping: {size: 3, rounds: 1, prepare: 2, feedback: 6}")
                least, plan, priority = TRIAD, max(plan, TRIAD), "must"
            served = [f"o{number}-{1 + each}" for each in which]
            minutes = (least, plan, max(plan, most))
            name, method = f"a{number}-{place}", self.random.choice(methods)
            yield _activity(name, method, phase, minutes, priority, served, more)

    def _priority(self, shares: tuple[int, int]) -> str:
        drawn = self.random.randrange(10)
        return "must" if drawn < shares[0] else "should" if drawn < sum(shares) else "nice"

    def _finals(self) -> Iterator[str]:
        """The last module: a rehearsal, stations, the final test, feedback, farewell."""
        own, number = [f"o{self.final}-1", f"o{self.final}-2"], self.final
        gates = [f"o{n}-1" for n in self.gates]
        stations = ", ".join(
            f"{{title: Station {n}, instruments: [station-{n}]}}"
            for n in range(min(STATIONS, len(gates)))
        )
        rotation = f"rotation: {{groups: 6, stations: [{stations}]}}"
        yield _activity("show-all", "demonstration", "demonstrate", (10, 20, 30), "must", own)
        yield _activity("try-all", "case-study", "practice", (30, 40, 60), "must", own)
        yield _activity("rehearsal", "simulation", "practice", (30, 60, 80), "should", own)
        yield _activity("recall-all", "drill", "practice", (15, 20, 30), "should", gates)
        yield _activity(
            "check-all",
            "test",
            "assess",
            (10, 15, 20),
            "should",
            own,
            [f"instrument: check-{number}"],
        )
        yield _activity(
            "stations", "simulation", "assess", (180, 180, 190), "must", gates, [rotation]
        )
        yield _activity(
            "test", "test", "assess", (60, 60, 70), "must", gates, ["instrument: final-test"]
        )
        yield _activity(
            "feedback", "coaching", "debrief", (20, 30, 45), "must", gates, ["event: give-feedback"]
        )
        yield _activity("plan", "reflection", "practice", (15, 20, 30), "nice", own)
        yield _activity("farewell", "briefing", "admin", (10, 10, 15), "must")


def _instrument(
    name: str, kind: str, when: str, minutes: int, objectives: list[str], at_once: int = 18
) -> str:
    final = CUT if when == "end-of-course" else ""
    return (
        f"  - {{id: {name}, title: Instrument {name}, kind: {kind}, kirkpatrick: 2,"
        f" when: {when}, minutes: {minutes}, at_once: {at_once},{final}"
        f" objectives: [{', '.join(objectives)}]}}\n"
    )


def _activity(
    name: str,
    method: str,
    phase: str,
    minutes: tuple[int, int, int],
    priority: str,
    objectives: list[str] | tuple[str, ...] = (),
    more: list[str] | tuple[str, ...] = (),
) -> str:
    least, plan, most = minutes
    fields = [
        f"method: {method}",
        f"phase: {phase}",
        f"minutes: {{min: {least}, plan: {plan}, max: {most}}}",
        f"priority: {priority}",
        f"objectives: [{', '.join(objectives)}]",
        "trainer: [{do: Go on step by step.}]",
        *more,
    ]
    if phase in ("practice", "debrief"):
        fields.append("debrief: {what: What failed?, so_what: Why?, now_what: What next?}")
    return f"    - id: {name}\n      title: Work on {name}\n" + "".join(
        f"      {field}\n" for field in fields
    )
