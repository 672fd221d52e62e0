"""Call sheets and practice groups as data: a part of the agenda as JSON."""

from __future__ import annotations

from typing import Any

from csstrain.agenda import Agenda
from csstrain.curriculum import Curriculum
from csstrain.model import clock_text
from csstrain.staffing.calls import CallSheet, Sitting, call_sheets, practice_rounds


def sheets(curriculum: Curriculum, agenda: Agenda) -> list[dict[str, Any]]:
    """The call sheet of each rotation: groups, sittings and what is lacking."""
    return [_sheet(sheet) for sheet in call_sheets(curriculum, agenda)]


def _sheet(sheet: CallSheet) -> dict[str, Any]:
    return {
        "activity": sheet.activity.id,
        "gate": sheet.gate,
        "groups": {name: list(trainees) for name, trainees in sheet.groups},
        "sittings": [_sitting(each) for each in sheet.sittings],
        "conflicts": [{"kind": each.kind, "text": each.text} for each in sheet.conflicts],
    }


def _sitting(each: Sitting) -> dict[str, Any]:
    return {
        "day": each.day,
        "start": clock_text(each.start),
        "end": clock_text(each.end),
        "group": each.group,
        "station": each.place.title,
        "circuit": each.place.circuit,
        "instrument": each.place.instrument.id,
        "room": each.place.room,
        "trainees": list(each.trainees),
        "raters": list(each.raters),
        "role_player": each.player,
        "proctor": each.proctor,
        "second_ratings": [
            {"trainee": second.trainee, "rater": second.rater, "how": second.how}
            for second in each.seconds
        ],
    }


def practice(curriculum: Curriculum, agenda: Agenda) -> list[dict[str, Any]]:
    """Each round in small groups: who practices together, in which order, and who watches."""
    return [
        {
            "activity": each.activity.id,
            "round": each.number,
            "day": each.day,
            "start": clock_text(each.start),
            "end": clock_text(each.end),
            "groups": [
                {"trainees": list(group.trainees), "watched_by": group.watched_by}
                for group in each.groups
            ],
        }
        for each in practice_rounds(curriculum, agenda)
    ]
