"""The agenda as text for the terminal, one day a block."""

from __future__ import annotations

from csstrain.agenda import Agenda, AgendaDay, Session
from csstrain.curriculum import Curriculum
from csstrain.model import clock_text
from csstrain.pipeline import Compilation
from csstrain.report import printable


def as_table(planned: Compilation) -> str:
    """The agenda as a table, one day a block, with what was left out and why."""
    curriculum, agenda = planned.curriculum, planned.agenda
    if curriculum is None or agenda is None:
        return ""
    if not agenda.feasible:
        return "".join(f"{printable(reason)}\n" for reason in agenda.reasons)
    lines = [_headline(agenda), *_deferred(curriculum, agenda)]
    for day in agenda.days:
        lines += ["", *_day(day)]
    lines += ["", *_minutes(agenda), *_shortened(agenda), *_left_out(agenda)]
    return "\n".join(lines) + "\n"


def _headline(agenda: Agenda) -> str:
    return f"{agenda.program}: {agenda.hours:f} {agenda.basis} hours over {len(agenda.days)} days"


def _deferred(curriculum: Curriculum, agenda: Agenda) -> list[str]:
    return [
        f"gate deferred: {g.objective} ({printable(curriculum.label(g.objective))}), "
        f"{printable(g.why)}; approved by {printable(g.approved_by)}, signed off until {g.until}"
        for g in agenda.gates_deferred
    ]


def _day(day: AgendaDay) -> list[str]:
    date = f", {day.date.isoformat()}" if day.date else ""
    head = f"Day {day.number}{date}, {clock_text(day.start)}–{clock_text(day.end)}"
    return [head, *(_row(session) for session in day.sessions)]


def _row(session: Session) -> str:
    clock = f"{clock_text(session.start)}–{clock_text(session.end)}"
    activity = session.activity
    module = session.module or ""
    what = f"{activity.method}, {activity.phase}" if activity else ""
    part = f" ({session.part} of {session.parts})" if session.parts > 1 else ""
    objectives = " ".join(activity.objectives) if activity else ""
    title = printable(session.title) + part
    return (
        f"  {clock}  {session.minutes:>3}  {module:<4} {title:<52} {what:<28} {objectives}".rstrip()
    )


def _minutes(agenda: Agenda) -> list[str]:
    phases = ", ".join(f"{phase} {minutes}" for phase, minutes in agenda.by_phase().items())
    return [
        f"minutes: {agenda.paid} paid, {agenda.contact} contact, {agenda.total('break')} breaks, "
        f"{agenda.total('slack')} slack, {agenda.prework} pre-work, {agenda.unused} unused",
        f"by phase: {phases}",
        _bounds(agenda),
    ]


def _bounds(agenda: Agenda) -> str:
    least, whole = agenda.bounds.minimum_hours, agenda.bounds.minimum_hours_without_deferral
    text = f"smallest hours that work: {least:f}" if least is not None else "no hours work"
    if whole is not None and whole != least:
        text += f" ({whole:f} without deferring a gate)"
    return f"{text}; nothing is lost from {agenda.bounds.full_hours:f} hours"


def _shortened(agenda: Agenda) -> list[str]:
    if not agenda.shortened:
        return []
    head = ["", "shortened (planned → given):"]
    return head + [
        f"  {s.activity.id:<22} {s.activity.minutes.plan:>3} → {s.given:<3} "
        f"{printable(s.activity.label)}"
        for s in agenda.shortened
    ]


def _left_out(agenda: Agenda) -> list[str]:
    if not agenda.left_out:
        return []
    head = ["", "left out:"]
    return head + [
        f"  {left.activity.id:<22} {left.activity.minutes.plan:>3} min, {left.activity.priority}, "
        f"instead: {left.activity.instead}. {printable(left.why)}"
        for left in agenda.left_out
    ]
