"""Call sheets: who is where in each rotation, and who practices with whom in small groups."""

from __future__ import annotations

from csstrain.numbering import Numbering, instrument_labels
from csstrain.render import Compiled, Section
from csstrain.staffing.calls import call_sheets, practice_rounds, trainers


def sections(compiled: Compiled, practice: bool = False) -> tuple[Section, ...]:
    """The call sheets as one chapter, with the plan of practice groups where that is wanted.

    There is no chapter where the agenda has no rotation, nor groups to show.
    """
    curriculum, agenda = compiled.curriculum, compiled.agenda
    sheets = call_sheets(curriculum, agenda)
    rounds = practice_rounds(curriculum, agenda) if practice else ()
    if not sheets and not rounds:
        return ()
    values = {
        "sheets": sheets,
        "rounds": rounds,
        "watchers": trainers(curriculum.program.cohort),
        "numbers": Numbering(curriculum),
        "labels": instrument_labels(curriculum, agenda),
    }
    title = "Call sheets and practice groups" if rounds else "Call sheets"
    return (Section("C", title, "call-sheet.html", values),)
