"""The score book: a workbook that adds up every score, says what passes, and what is due."""

from __future__ import annotations

from collections.abc import Iterator

from csstrain.numbering import instrument_labels
from csstrain.outputs.instruments import scorings
from csstrain.outputs.score_book.decisions import Decisions
from csstrain.outputs.score_book.sheet import Frame, Sheet
from csstrain.render import Artifact, Compiled, output
from csstrain.scoring import parts, rule_text, settled
from csstrain.spreadsheet import Live, LiveSheet, workbook

# What the sheets say, and what it means; the words of formulas below are these.
_STATES = (
    ("open", "Something is still missing: a level, an item, or the form."),
    ("met", "The cut score is reached, and no criterion is below its lowest level."),
    ("floor met", "The station is high enough to be scored together with the others."),
    ("not yet", "The score is below the cut, or a criterion is too low."),
    ("critical failure", "It is balanced by no score. Teach it again, then enter it once more in "
     "the rows below: only a second one is a miss."),
    ("same", "Two raters gave the same levels: they count."),
    ("settle", "Two raters differ. They talk, and enter what they agree on as settled: it counts."),
    ("same rater", "Both ratings are by one person. The second has to be somebody else's."),
    ("retest due", "One retest, on the other form, of the part that was missed."),
    ("missed twice", "The retest was missed too: the panel decides."),
    ("deferred", "These hours do not hold the gate. Enter the date on which it was signed off."),
    ("not asked", "The post does not ask for this part."),
)  # fmt: skip


def _guide(compiled: Compiled, sheets: list[Sheet], frame: Frame) -> LiveSheet:
    """The first sheet: how to use the book, what it holds, what its words mean."""
    draft = compiled.curriculum.program.status == "draft"
    steps = (
        "Confidential, for assessors. Keep it where papers of the decision are kept.",
        *(("Not for employment decisions: the program is a draft.",) if draft else ()),
        "Trainees are numbered as on the call sheets. Names stand on the sheet Decisions alone; "
        "type them there once the list is final.",
        "Type into yellow cells only. All others are locked, without a password.",
        "Enter each rating in its own row: first, second, and, where the two differ, what both "
        "settle on. Nobody averages ratings, and nobody overwrites one.",
        "A rating is open until every cell of it is filled, its form included. Leave a cell for a "
        "critical failure empty where there was none; one yes is balanced by no score.",
        "Scores are compared with the cut as whole numbers; no mean is rounded to pass.",
        "Print a sheet as it is: landscape, a page wide, headings on each page.",
    )
    rows: list[tuple[Live, ...]] = [
        (Live(f"{compiled.curriculum.program.title}: score book", "title"),),
        (Live(frame.edition, "note"),),
        (),
        *((Live(n, "count"), Live(step)) for n, step in enumerate(steps, 1)),
        (),
        tuple(Live(h, "head") for h in ("Sheet", "Instrument, and what passes", "Decides")),
        *(
            (Live(s.label), Live(f"{s.scoring.instrument.title}. {rule_text(s.scoring, s.joined)}"),
             Live("gate" if s.scoring.instrument.gate else "no"))
            for s in sheets
        ),
        (),
        tuple(Live(heading, "head") for heading in ("", "What the words mean", "")),
        *((Live(""), Live(f"{word}: {meaning}")) for word, meaning in _STATES),
    ]  # fmt: skip
    return LiveSheet("Read me", (8, 110, 10), tuple(rows), locked=True, foot=frame.foot("Read me"))


@output
def score_book(compiled: Compiled) -> Iterator[Artifact]:
    """The score book, for assessors; there is none where no instrument has a cut score."""
    curriculum = compiled.curriculum
    program = curriculum.program
    scored = scorings(compiled)
    if not scored:
        return
    decided = parts(curriculum, scored)
    joined = {s.instrument.id for part in decided if part.least is not None for s in part.scorings}
    labels = instrument_labels(curriculum, compiled.agenda)
    frame = Frame(
        program.cohort.trainees, f"{program.title}, version {program.version}, {program.status}"
    )
    sheets = [
        Sheet(labels.get(s.instrument.id, "OJT"), s, frame, s.instrument.id in joined)
        for s in settled(scored, decided)
    ]
    sheets.sort(key=lambda sheet: not sheet.scoring.instrument.gate)
    deferred = frozenset(each.objective for each in compiled.agenda.gates_deferred)
    by_id = {sheet.scoring.instrument.id: sheet for sheet in sheets}
    live = [_guide(compiled, sheets, frame)]
    if decided:
        live.append(Decisions(decided, by_id, deferred, frame).made())
    live += [sheet.made() for sheet in sheets]
    yield Artifact("assessor/score-book.xlsx", workbook(f"{program.title}: score book", live))
