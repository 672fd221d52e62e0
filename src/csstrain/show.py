"""The agenda as text for the terminal and as JSON."""

from __future__ import annotations

import json
from typing import Any

from csstrain.agenda import Agenda, AgendaDay, Session
from csstrain.curriculum import Curriculum
from csstrain.model import clock_text
from csstrain.report import printable

# ── agenda ───────────────────────────────────────────────────────────────────────────


def agenda_table(curriculum: Curriculum, agenda: Agenda) -> str:
    """The agenda as a table, one day a block, with what was left out and why."""
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


def agenda_json(curriculum: Curriculum, agenda: Agenda) -> str:
    """Version 1 of the agenda as JSON."""
    given = agenda.given()
    value = {
        "version": 1,
        "program": agenda.program,
        "hours": _number(agenda.hours),
        "basis": agenda.basis,
        "feasible": agenda.feasible,
        "reasons": list(agenda.reasons),
        "minutes": {
            "paid": agenda.paid,
            "contact": agenda.contact,
            "breaks": agenda.total("break"),
            "lunch": agenda.total("lunch"),
            "slack": agenda.total("slack"),
            "prework": agenda.prework,
            "unused": agenda.unused,
            "by_phase": agenda.by_phase(),
        },
        "days": [_day_json(day) for day in agenda.days],
        "modules": {
            module.id: {
                "title": module.title,
                "requires": list(module.requires),
                "minutes": sum(given.get(a.id, 0) for a in module.activities),
            }
            for module in curriculum.modules.values()
        },
        "shortened": [
            {"activity": s.activity.id, "planned": s.activity.minutes.plan, "given": s.given}
            for s in agenda.shortened
        ],
        "left_out": [
            {
                "activity": left.activity.id,
                "module": left.module,
                "minutes": left.activity.minutes.plan,
                "priority": left.activity.priority,
                "instead": left.activity.instead,
                "ksas": list(left.ksas),
                "why": left.why,
            }
            for left in agenda.left_out
        ],
        "gates_deferred": [
            {"objective": g.objective, "why": g.why, "approved_by": g.approved_by, "until": g.until}
            for g in agenda.gates_deferred
        ],
        "proof": {
            "value": agenda.proof.value,
            "bound": agenda.proof.bound,
            "gap": agenda.proof.gap,
        },
        "bounds": {
            "minimum_hours": _number(agenda.bounds.minimum_hours),
            "minimum_hours_without_deferral": _number(agenda.bounds.minimum_hours_without_deferral),
            "full_hours": _number(agenda.bounds.full_hours),
        },
    }
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def _number(hours: Any) -> int | float | None:
    """Quarter hours are exact as floats; whole ones are printed as whole numbers."""
    if hours is None:
        return None
    return int(hours) if hours == int(hours) else float(hours)


def _day_json(day: AgendaDay) -> dict[str, Any]:
    return {
        "day": day.number,
        "date": day.date.isoformat() if day.date else None,
        "start": clock_text(day.start),
        "end": clock_text(day.end),
        "sessions": [_session_json(session) for session in day.sessions],
    }


def _session_json(session: Session) -> dict[str, Any]:
    activity = session.activity
    minutes = activity.minutes if activity else None
    return {
        "start": clock_text(session.start),
        "end": clock_text(session.end),
        "minutes": session.minutes,
        "kind": session.kind,
        "module": session.module,
        "activity": activity.id if activity else None,
        "title": session.title,
        "method": activity.method if activity else None,
        "phase": session.phase,
        "retrieval": session.retrieval,
        "priority": activity.priority if activity else None,
        "part": session.part,
        "parts": session.parts,
        "range": {"min": minutes.min, "plan": minutes.plan, "max": minutes.max}
        if minutes
        else None,
        "objectives": list(activity.objectives) if activity else [],
        "rotation": [
            {
                "group": stop.group,
                "station": stop.station,
                "start": clock_text(stop.start),
                "end": clock_text(stop.end),
            }
            for stop in session.rotation
        ],
    }
