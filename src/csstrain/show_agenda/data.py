"""The agenda as JSON, version 1."""

from __future__ import annotations

from typing import Any

from csstrain.agenda import AgendaDay, Session
from csstrain.model import clock_text
from csstrain.pipeline import Compilation
from csstrain.report import dumped
from csstrain.show_agenda import attendance, calls


def as_json(planned: Compilation) -> str:
    """Version 1 of the agenda as JSON."""
    curriculum, agenda = planned.curriculum, planned.agenda
    if curriculum is None or agenda is None:
        return ""
    given = agenda.given()
    value = {
        "version": 1,
        "program": agenda.program,
        "hours": number(agenda.hours),
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
            "minimum_hours": number(agenda.bounds.minimum_hours),
            "minimum_hours_without_deferral": number(agenda.bounds.minimum_hours_without_deferral),
            "minimum_proven": agenda.bounds.minimum_proven,
            "full_hours": number(agenda.bounds.full_hours),
        },
        "relaxations": list(agenda.relaxations),
        "more": {
            "hours": number(agenda.more.hours),
            "activities": [a.id for a in agenda.more.activities],
        }
        if agenda.more
        else None,
        "known": list(agenda.known),
        "needs": [
            {
                "ksa": need.ksa,
                "need": round(need.product, 4),
                "demand": need.demand,
                "difficulty": need.difficulty,
                "gap": need.gap,
                "weight": round(need.weight, 4),
            }
            for need in agenda.needs
        ],
        "attendance": attendance.as_data(planned),
        "call_sheets": calls.sheets(curriculum, agenda),
        "practice_groups": calls.practice(curriculum, agenda),
    }
    return dumped(value)


def number(hours: Any) -> int | float | None:
    """Hours for JSON: quarters are exact as floats; whole ones are printed as whole numbers."""
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
