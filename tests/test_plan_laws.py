"""Laws of the planner, on small random curricula: nothing hard is broken, the bounds are honest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from csstrain import disk
from csstrain.agenda import Agenda, Basis
from csstrain.curriculum import Curriculum
from csstrain.load import load
from csstrain.plan import plan
from csstrain.resolve import resolve
from tests.agenda_checker import violations

MASTERY = (
    "decision", "status_during", "retest", "panel", "appeal", "accommodation", "attendance",
    "records",
)  # fmt: skip
BASES: tuple[Basis, ...] = ("paid", "contact")
PHASES = ("present", "demonstrate", "practice", "practice", "debrief", "assess", "admin")
QUARTER = Decimal("0.25")


# ── random curricula ─────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class World:
    """A small program as YAML, in pieces that can be put into any order."""

    program: str
    modules: tuple[str, ...]
    instruments: tuple[str, ...]
    ksas: tuple[str, ...]
    basis: Basis
    hours: Decimal


@st.composite
def days(draw: st.DrawFn) -> str:
    start = draw(st.sampled_from((480, 510, 555, 780)))
    lunch = draw(st.sampled_from((0, 30, 45, 60)))
    paid = draw(st.sampled_from((120, 180, 240, 300, 345, 420, 450, 480)))
    earliest = draw(st.sampled_from((660, 690, 720)))
    latest = earliest + draw(st.sampled_from((0, 30, 90)))
    least = draw(st.integers(0, 5))
    most = least + draw(st.integers(0, 12))
    end = start + paid + lunch
    return f"""\
  day:
    start: {start // 60:02d}:{start % 60:02d}
    end: {end // 60:02d}:{end % 60:02d}
    lunch: {{minutes: {lunch}, earliest: {earliest // 60}:{earliest % 60:02d},
            latest: {latest // 60}:{latest % 60:02d}}}
    breaks: {{minutes: {draw(st.sampled_from((5, 7, 10, 15)))}, count: {draw(st.integers(0, 4))}}}
    longest_run: {draw(st.sampled_from((50, 75, 90, 90, 120, 133)))}
    opening: {draw(st.sampled_from((0, 5, 15)))}
    closing: {draw(st.sampled_from((0, 5, 10)))}
    slack: {{min: {least}, max: {most}}}
"""


@st.composite
def activities(draw: st.DrawFn, name: str, objectives: list[str], tools: list[str]) -> str:
    phase = draw(st.sampled_from(PHASES))
    low = draw(st.sampled_from((5, 8, 10, 15, 20, 30, 45, 84)))
    plan_minutes = low + draw(st.sampled_from((0, 5, 10, 36)))
    high = plan_minutes + draw(st.sampled_from((0, 5, 20, 60)))
    served = draw(st.lists(st.sampled_from(objectives), max_size=2, unique=True))
    fields = [
        f"id: {name}",
        "method: drill",
        f"phase: {phase}",
        f"minutes: {{min: {low}, plan: {plan_minutes}, max: {high}}}",
        f"priority: {draw(st.sampled_from(('must', 'should', 'should', 'nice')))}",
        f"objectives: [{', '.join(served)}]",
        f"instead: {draw(st.sampled_from(('none', 'prework', 'ojt')))}",
    ]
    extra = draw(st.sampled_from(("", "", "", "retrieval", "prework", "tool", "turn", "group")))
    if phase == "assess" and tools:
        extra = draw(st.sampled_from(("tool", "tool", "turn", "")))
    if extra == "retrieval":
        fields.append("retrieval: true")
    if extra == "prework":
        fields.append("delivery: prework")
    if extra == "tool" and tools:
        fields.append(f"instrument: {draw(st.sampled_from(tools))}")
    if extra == "turn" and tools:
        stations = [
            f"{{title: Station {n}, instruments: [{draw(st.sampled_from(tools))}], circuits: 2}}"
            for n in range(draw(st.integers(1, 3)))
        ]
        groups = draw(st.integers(1, 3))
        fields.append(f"rotation: {{groups: {groups}, stations: [{', '.join(stations)}]}}")
    if extra == "group":
        rounds = draw(st.integers(1, 3))
        fields.append(f"grouping: {{size: 3, rounds: {rounds}, prepare: 2, feedback: 4}}")
    return f"      - {{{', '.join(fields)}}}\n"


@st.composite
def worlds(draw: st.DrawFn) -> World:
    count = draw(st.integers(1, 3))
    objectives = {m: [f"o{m}-{n}" for n in range(draw(st.integers(1, 2)))] for m in range(count)}
    every = [o for names in objectives.values() for o in names]
    gates = {o for o in every if draw(st.integers(0, 3)) == 0}
    tools = [f"i{n}" for n in range(draw(st.integers(0, 3)))]
    instruments = tuple(draw(instrument(name, every)) for name in tools)
    modules = tuple(draw(module(m, objectives[m], every, gates, tools)) for m in range(count))
    deferrable = sorted(o for o in gates if draw(st.booleans()))[:2]
    lines = [
        f"      - {{objective: {o}, approved_by: Director, within_days: 60, why: It may wait.}}\n"
        for o in deferrable
    ]
    policy = "".join(f"    {field}: as agreed\n" for field in MASTERY)
    deferrals = "    deferrals:\n" + "".join(lines) if lines else ""
    program = (
        "program:\n  id: program\n  title: A program\n  version: '1'\n"
        f"  cohort: {{trainees: {draw(st.integers(2, 9))}}}\n  holidays: [2027-01-12]\n"
        f"{draw(days())}  mastery:\n{policy}{deferrals}"
    )
    ksas = tuple(
        f"  - {{id: k{n}, statement: Skill in it., classes: [skill],"
        f" importance: {draw(st.integers(1, 3))}, target_end_of_training: 2}}\n"
        for n in range(3)
    )
    basis = draw(st.sampled_from(BASES))
    hours = QUARTER * draw(st.integers(1, 48))
    return World(program, modules, instruments, ksas, basis, hours)


@st.composite
def instrument(draw: st.DrawFn, name: str, objectives: list[str]) -> str:
    kind = draw(st.sampled_from(("pre-test", "check", "role-play", "role-play")))
    when = draw(st.sampled_from(("in-course", "end-of-course")))
    measured = draw(st.lists(st.sampled_from(objectives), min_size=1, max_size=2, unique=True))
    return (
        f"  - {{id: {name}, title: It, kind: {kind}, kirkpatrick: {draw(st.integers(1, 2))},"
        f" when: {when}, minutes: {draw(st.sampled_from((4, 10, 15)))},"
        f" at_once: {draw(st.sampled_from((1, 3, 9)))}, objectives: [{', '.join(measured)}]}}\n"
    )


@st.composite
def module(
    draw: st.DrawFn,
    number: int,
    own: list[str],
    every: list[str],
    gates: set[str],
    tools: list[str],
) -> str:
    requires = [f"m{n}" for n in range(number) if draw(st.integers(0, 2)) == 0]
    listed = "".join(
        f"      - {{id: {o}, kind: terminal, verb: do, behavior: it, domain: cognitive,"
        f" level: apply, play: {draw(st.integers(2, 8))}, gate: {str(o in gates).lower()},"
        f" ksas: [{{ksa: k{draw(st.integers(0, 2))}, level: 2}}]}}\n"
        for o in own
    )
    held = "".join(
        draw(activities(f"m{number}-a{n}", [*own, every[0]], tools))
        for n in range(draw(st.integers(1, 5)))
    )
    return (
        f"  - id: m{number}\n    title: A module\n    requires: [{', '.join(requires)}]\n"
        f"    objectives:\n{listed}    activities:\n{held}"
    )


DEFAULTS = load(disk.builtin()).value


def curriculum(world: World, backwards: bool = False) -> Curriculum:
    """The world as a curriculum; `backwards` turns the order of files and entities around."""
    turn = -1 if backwards else 1
    files = {"program": world.program}
    for kind in ("modules", "instruments", "ksas"):
        listed = getattr(world, kind)[::turn]
        if listed:
            files[kind] = f"{kind}:\n" + "".join(listed)
    texts = {f"content/{n}.yaml": t.encode() for n, t in list(files.items())[::turn]}
    loaded = load(texts)
    assert loaded.value is not None
    assert not loaded.failed, loaded.diagnostics
    assert DEFAULTS is not None
    resolved = resolve(loaded.value, DEFAULTS)
    assert resolved.value is not None, resolved.diagnostics
    return resolved.value


def planned(made: Curriculum, hours: Decimal, basis: Basis) -> Agenda:
    agenda = plan(made, hours, basis=basis).value
    assert agenda is not None
    return agenda


law = settings(
    max_examples=100,
    derandomize=True,
    deadline=None,
    database=None,
    # A world that breaks a law is small enough to read; making it smaller takes minutes.
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


few = settings(law, max_examples=40)  # laws that plan several times for each world


# ── the laws ─────────────────────────────────────────────────────────────────────────


@law
@given(worlds())
def test_no_agenda_breaks_a_hard_condition(world: World) -> None:
    made = curriculum(world)
    agenda = planned(made, world.hours, world.basis)
    event(f"feasible: {agenda.feasible}, deferred: {len(agenda.gates_deferred)}")
    event(f"unused: {agenda.unused > 0}, left out: {len(agenda.left_out) > 0}")
    assert violations(made, agenda) == []


@few
@given(worlds())
def test_the_smallest_hours_work_and_none_below_does(world: World) -> None:
    made = curriculum(world)
    bounds = planned(made, world.hours, world.basis).bounds
    least, alone = bounds.minimum_hours, bounds.minimum_hours_without_deferral
    event(f"some hours work: {least is not None}, deferral helps: {least != alone}")
    if least is None:
        assert alone is None
        assert not planned(made, world.hours, world.basis).feasible
        return
    agenda = planned(made, least, world.basis)
    assert agenda.feasible
    assert agenda.unused == 0
    assert violations(made, agenda) == []
    for less in {least - QUARTER, least - 4 * QUARTER, least // 2}:
        assert less <= 0 or less % QUARTER or not planned(made, less, world.basis).feasible
    if alone is not None:
        assert alone >= least
        assert not planned(made, alone, world.basis).gates_deferred
        assert alone == least or planned(made, alone - QUARTER, world.basis).gates_deferred


@settings(law, max_examples=12)  # hours far beyond the content are filled with slack, or not
@given(worlds())
def test_more_hours_never_stop_working_and_use_no_more_than_there_is(world: World) -> None:
    made = curriculum(world)
    agenda = planned(made, world.hours, world.basis)
    more = planned(made, world.hours + 3 * QUARTER, world.basis)
    assert more.feasible or not agenda.feasible
    assert more.bounds == agenda.bounds
    beyond, further = (planned(made, Decimal(hours), world.basis) for hours in (60, 65))
    if beyond.feasible:
        assert violations(made, beyond) == []
        assert further.unused == beyond.unused + 300
        assert further.proof == beyond.proof


@few
@given(worlds())
def test_the_same_content_gives_the_same_agenda_in_whatever_order_it_is_written(
    world: World,
) -> None:
    start = date(2027, 1, 8)
    agenda = plan(curriculum(world), world.hours, basis=world.basis, start=start)
    again = plan(curriculum(world), world.hours, basis=world.basis, start=start)
    turned = plan(curriculum(world, True), world.hours, basis=world.basis, start=start)
    assert agenda.value == again.value
    assert agenda.value == turned.value
    made = curriculum(world)
    assert agenda.value is not None
    assert violations(made, agenda.value) == []
    assert replace(agenda.value) == agenda.value
