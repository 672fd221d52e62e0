"""Several numbers of hours side by side: what each holds and loses, and what each step buys."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from csstrain.agenda import Agenda, hours_text
from csstrain.coverage import Coverage, lost
from csstrain.curriculum import Curriculum
from csstrain.report import dumped, printable
from csstrain.sentences import percent_text, sentence
from csstrain.show_agenda.columns import wrap
from csstrain.show_agenda.data import number
from csstrain.tables import Column, Table, csv_text, text_table

_WIDTH = 100
_NOTE = (
    "Held and left out: activities. Value: in percent of the largest among these hours; gap: how "
    "many percent more are possible at most. Slack: minutes held back."
)


@dataclass(frozen=True, slots=True)
class Hours:
    """One number of hours: its agenda, the ids of the KSAs that fall short, its share of value.

    `share` is its value over the largest among the agendas, 0 to 1; None where hours cannot work.
    """

    agenda: Agenda
    lost: tuple[str, ...]
    share: float | None


@dataclass(frozen=True, slots=True)
class Step:
    """From one number of hours to the next that works: ids of what comes, goes and is reached."""

    before: Decimal
    after: Decimal
    buys: tuple[str, ...]
    gives_up: tuple[str, ...]
    reaches: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WhatIf:
    """All hours that were asked for, in order, and the steps between those that work."""

    curriculum: Curriculum
    hours: tuple[Hours, ...]
    steps: tuple[Step, ...]


def what_if(curriculum: Curriculum, coverage: Coverage, agendas: Sequence[Agenda]) -> WhatIf:
    """Agendas of one program for several hours, compared."""
    ordered = sorted(agendas, key=lambda a: a.hours)
    most = max((a.proof.value for a in ordered if a.feasible), default=0.0)
    every = tuple(
        Hours(
            agenda,
            tuple(lost(curriculum, coverage, agenda)) if agenda.feasible else (),
            (agenda.proof.value / most if most else 1.0) if agenda.feasible else None,
        )
        for agenda in ordered
    )
    working = [each for each in every if each.agenda.feasible]
    return WhatIf(curriculum, every, tuple(_step(a, b) for a, b in pairwise(working)))


def _step(before: Hours, after: Hours) -> Step:
    had, has = before.agenda.given(), after.agenda.given()
    return Step(
        before=before.agenda.hours,
        after=after.agenda.hours,
        buys=tuple(name for name in has if name not in had),
        gives_up=tuple(name for name in had if name not in has),
        reaches=tuple(k for k in before.lost if k not in after.lost),
    )


# ── formats ──────────────────────────────────────────────────────────────────────────


def what_if_text(
    curriculum: Curriculum, coverage: Coverage, agendas: Sequence[Agenda], width: int = _WIDTH
) -> str:
    """What each number of hours holds and loses, as a table; below it what each step buys."""
    compared = what_if(curriculum, coverage, agendas)
    table = _table(compared)
    lines = [printable(line) for line in text_table(table).splitlines()]
    lines += ["", *wrap(table.note, width)]
    for each in compared.hours:
        lines += _why_not(each.agenda, width)
    for step in compared.steps:
        lines += ["", *_bought(curriculum, step, width)]
    return "\n".join(line.rstrip() for line in lines) + "\n"


def what_if_csv(curriculum: Curriculum, coverage: Coverage, agendas: Sequence[Agenda]) -> bytes:
    """The same table as CSV, with the ids of what each step buys."""
    compared = what_if(curriculum, coverage, agendas)
    bought = {step.after: step for step in compared.steps}
    plain = _table(compared)
    columns = (*plain.columns, Column("buys"), Column("gives up"))
    rows = tuple(
        (*row, *_ids(bought.get(each.agenda.hours)))
        for row, each in zip(plain.rows, compared.hours, strict=True)
    )
    return csv_text([Table(plain.name, plain.title, columns, rows)]).encode()


def what_if_json(curriculum: Curriculum, coverage: Coverage, agendas: Sequence[Agenda]) -> str:
    """The same as JSON, version 1; hours and shares are numbers, activities and KSAs ids."""
    compared = what_if(curriculum, coverage, agendas)
    bought = {step.after: step for step in compared.steps}
    value = {
        "version": 1,
        "program": curriculum.program.id,
        "what_if": [
            {
                "hours": number(each.agenda.hours),
                "basis": each.agenda.basis,
                "feasible": each.agenda.feasible,
                "reasons": list(each.agenda.reasons),
                "days": len(each.agenda.days),
                "held": len(each.agenda.given()),
                "left_out": [cut.activity.id for cut in each.agenda.left_out],
                "ksas_lost": list(each.lost),
                "gates_deferred": [gate.objective for gate in each.agenda.gates_deferred],
                "value": each.agenda.proof.value if each.agenda.feasible else None,
                "share": None if each.share is None else round(each.share, 6),
                "gap": each.agenda.proof.gap,
                "slack": each.agenda.total("slack"),
                "unused": each.agenda.unused,
                "buys": list(bought[h].buys) if (h := each.agenda.hours) in bought else [],
                "gives_up": list(bought[h].gives_up) if h in bought else [],
            }
            for each in compared.hours
        ],
    }
    return dumped(value)


WHAT_IF: Mapping[str, Callable[[Curriculum, Coverage, Sequence[Agenda]], str | bytes]] = {
    "table": what_if_text,
    "json": what_if_json,
    "csv": what_if_csv,
}


def _table(compared: WhatIf) -> Table:
    columns = (
        Column("hours", 7),
        Column("work", 4),
        Column("days", 4),
        Column("held", 5),
        Column("left out", 8),
        Column("value %", 7),
        Column("gap %", 5),
        Column("slack", 6),
        Column("gates deferred", 40),
        Column("KSAs lost", 400),
    )
    rows = tuple(map(_row, compared.hours))
    return Table("hours", "What other hours give", columns, rows, _NOTE)


def _row(each: Hours) -> tuple[str | int | Decimal | None, ...]:
    agenda = each.agenda
    if not agenda.feasible:
        return (agenda.hours, "no", *(None,) * 6, "", "")
    gap = agenda.proof.gap
    return (
        agenda.hours,
        "yes",
        len(agenda.days),
        len(agenda.given()),
        len(agenda.left_out),
        None if each.share is None else Decimal(round(each.share * 1000)) / 10,
        None if gap is None else Decimal(percent_text(gap)),
        agenda.total("slack"),
        " ".join(gate.objective for gate in agenda.gates_deferred),
        " ".join(each.lost),
    )


def _ids(step: Step | None) -> tuple[str, str]:
    return (" ".join(step.buys), " ".join(step.gives_up)) if step else ("", "")


def _why_not(agenda: Agenda, width: int) -> Iterator[str]:
    if not agenda.feasible:
        why = "; ".join(agenda.reasons) or "the planner finds no agenda"
        yield ""
        told = sentence(f"{hours_text(agenda.hours)} cannot work: {why}")
        yield from wrap(printable(told), width, "", "  ")


def _bought(curriculum: Curriculum, step: Step, width: int) -> Iterator[str]:
    number = hours_text(step.before).partition(" ")[0]
    yield f"{hours_text(step.after)} instead of {number} buy"
    if not (step.buys or step.gives_up or step.reaches):
        yield "  no other activity: the same ones get more minutes"
    if step.reaches:
        named = "; ".join(f"{k} {curriculum.ksas[k].short}" for k in step.reaches)
        yield from wrap(f"KSAs to their level: {printable(named)}", width, "  ", "    ")
    yield from _by_module(curriculum, step.buys, width)
    if step.gives_up:
        yield "  and give up"
        yield from _by_module(curriculum, step.gives_up, width)


def _by_module(curriculum: Curriculum, names: tuple[str, ...], width: int) -> Iterator[str]:
    titles: dict[str, list[str]] = {module: [] for module in curriculum.modules}
    for name in names:
        titles[curriculum.module_of[name].id].append(curriculum.activities[name].label)
    for module, listed in titles.items():
        if listed:
            yield from wrap(f"{module}: {printable('; '.join(listed))}", width, "  ", "    ")
