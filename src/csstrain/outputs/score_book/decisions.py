"""The sheet of the decision: the parts of it for each trainee, and what is due next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from csstrain.outputs.score_book.formulas import (
    all_say,
    any_says,
    chain,
    column_letters,
    formula,
    join,
)
from csstrain.outputs.score_book.sheet import HEADINGS, Frame, Sheet, marks
from csstrain.scoring import Part, part_text
from csstrain.spreadsheet import Choice, Formula, Live, LiveSheet

SUMMARY = "Decisions"

_Kind = Literal[
    "number", "name", "asked", "signed", "mean", "result", "decision", "told", "by"
]  # what a column is


@dataclass(frozen=True)
class Decisions:
    """The sheet that gathers the parts of the decision, a row a trainee."""

    parts: tuple[Part, ...]
    sheets: dict[str, Sheet]
    deferred: frozenset[str]
    frame: Frame

    def _waits(self, part: Part) -> bool:
        return bool(part.gates) and self.deferred.issuperset(part.gates)

    @cached_property
    def _headings(self) -> dict[tuple[_Kind, int], tuple[str, int]]:
        """Heading and width of each column, by what it is and for which part."""
        made: dict[tuple[_Kind, int], tuple[str, int]] = {
            ("number", 0): ("No.", 5), ("name", 0): ("Name", 26),
        }  # fmt: skip
        for n, part in enumerate(self.parts):
            if part.only_where:
                made["asked", n] = (f"{part.title}: asked, where {part.only_where}", 16)
            if self._waits(part):
                made["signed", n] = (f"{part.title}: signed off on", 13)
            if part.least is not None:
                made["mean", n] = (f"{part.title}: mean", 10)
            made["result", n] = (part.title, 16)
        made["decision", 0] = ("Decision", 26)
        made["told", 0], made["by", 0] = ("Told on", 13), ("By", 18)
        return made

    def _at(self, kind: _Kind, part: int = 0) -> str:
        return column_letters(list(self._headings).index((kind, part)))

    def made(self) -> LiveSheet:
        """The sheet, with a row a trainee and a count of each decision below."""
        first, last = HEADINGS + 1, HEADINGS + self.frame.trainees
        rows = [
            (Live(SUMMARY, "title"),),
            (Live(self.frame.edition, "note"),),
            (Live("; ".join(map(part_text, self.parts)), "note"),),
            tuple(Live(title, "head") for title, _ in self._headings.values()),
            *(tuple(self._cells(n)) for n in range(1, self.frame.trainees + 1)),
            (),
            (Live("How many"), Live("Decision", "head")),
        ]
        column = self._at("decision")
        for decision in _DECISIONS:
            count = f'COUNTIF({column}{first}:{column}{last},"{decision}")'
            rows.append((Live(Formula(f"={count}", 0), "count"), Live(decision)))
        asked = (self._at(kind, n) for kind, n in self._headings if kind == "asked")
        choices = [Choice(f"{c}{first}:{c}{last}", ("yes", "no"), "yes or no") for c in asked]
        return LiveSheet(
            SUMMARY,
            tuple(width for _, width in self._headings.values()),
            tuple(rows),
            fixed=HEADINGS,
            marks=tuple(marks(f"A{first}:{column_letters(len(self._headings) - 1)}{last}")),
            choices=tuple(choices),
            locked=True,
            foot=self.frame.foot(SUMMARY),
        )

    def _cells(self, trainee: int) -> Iterator[Live]:
        row = HEADINGS + trainee
        yield Live(trainee, "count")
        yield Live(None, "input text")
        for n, part in enumerate(self.parts):
            if part.only_where:
                yield Live(None, "input text")
            if self._waits(part):
                yield Live(None, "input date")
            if part.least is not None:
                yield Live(formula(self._mean(part, trainee)), "mean")
            yield Live(formula(self._part(n, trainee, row)), "result")
        yield Live(formula(self._decision(trainee, row)), "result")
        yield Live(None, "input date")
        yield Live(None, "input text")

    def _of(self, part: Part, heading: str, trainee: int) -> tuple[str, ...]:
        return tuple(self.sheets[s.instrument.id].cell(heading, trainee) for s in part.scorings)

    def _retests(self, part: Part, trainee: int) -> tuple[str, ...]:
        return tuple(
            self.sheets[s.instrument.id].cell("Result", trainee, "Retest on the other form")
            for s in part.scorings
        )

    def _total(self, part: Part, trainee: int) -> str:
        scores = self._of(part, "Score so far", trainee)
        return "+".join(f"{w}*{score}" for w, score in zip(part.weights, scores, strict=True))

    def _mean(self, part: Part, trainee: int) -> str:
        results = self._of(part, "Result so far", trainee)
        common = part.weights[0] * part.scorings[0].entries * len(part.scorings)
        ready = join("AND", [any_says((r,), "floor met", "not yet") for r in results])
        return f'IF({ready},({self._total(part, trainee)})/{common},"")'

    def _part(self, number: int, trainee: int, row: int) -> str:
        """What a part says: all its instruments, and where they are scored together, their sum."""
        part = self.parts[number]
        results, retests = self._of(part, "Result so far", trainee), self._retests(part, trainee)
        pairs = zip(results, retests, strict=True)
        cases = [
            (all_say(results, ""), '""'),
            (any_says(results, "critical failure"), '"teach and test again"'),
            (any_says(results, "settle"), '"settle"'),
            (any_says(results, "same rater"), '"same rater"'),
            (join("OR", [f'AND({r}="not yet",{t}="")' for r, t in pairs]), '"retest due"'),
            (any_says(results, "not yet"), '"missed twice"'),
            (any_says(results, "", "open"), '"open"'),
        ]  # fmt: skip
        if part.least is not None:
            total = f"({self._total(part, trainee)})*{part.least.denominator}"
            cases += [
                (f"{total}>={part.least.numerator}", '"met"'),
                (all_say(retests, ""), '"retest due"'),
            ]
        text = chain(*cases, otherwise='"met"' if part.least is None else '"missed twice"')
        if self._waits(part):
            signed = f"{self._at('signed', number)}{row}"
            text = chain((f'{signed}<>""', '"met"'), (all_say(results, ""), '"deferred"'),
                          otherwise=text)  # fmt: skip
        if part.only_where:
            asked = f"{self._at('asked', number)}{row}"
            text = chain((f'{asked}="no"', '"not asked"'), otherwise=text)
        return text

    def _decision(self, trainee: int, row: int) -> str:
        said = tuple(f"{self._at('result', n)}{row}" for n, _ in enumerate(self.parts))
        retests = tuple(r for part in self.parts for r in self._retests(part, trainee))
        idle = [any_says((s,), "", "not asked", "deferred") for s in said]
        return chain(
            (join("AND", [*idle, any_says(said, "")]), '""'),
            (any_says(said, "missed twice"), '"referred to the panel"'),
            (any_says(said, "teach and test again"), '"teach and test again"'),
            (any_says(said, "retest due"), '"in remediation: retest due"'),
            (any_says(said, "settle", "same rater"), '"settle ratings"'),
            (any_says(said, "", "open"), '"open"'),
            (any_says(said, "deferred"), '"deferred: temporary until signed off"'),
            (join("OR", [f'{r}<>""' for r in retests]), '"mastered after retest"'),
            otherwise='"mastered"',
        )


_DECISIONS = (
    "mastered", "mastered after retest", "deferred: temporary until signed off",
    "in remediation: retest due", "teach and test again", "referred to the panel",
    "settle ratings", "open",
)  # fmt: skip
