"""The sheet of one instrument: what each rating says, and what counts of a sitting."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Literal

from csstrain.outputs.instruments import score_letters
from csstrain.outputs.score_book.formulas import chain, column_letters, formula
from csstrain.scoring import Scoring, rule_text
from csstrain.spreadsheet import Choice, Live, LiveSheet, Mark

Sitting = Literal["First sitting", "Again after a critical failure", "Retest on the other form"]
Rating = Literal["first rating", "second rating", "settled, where the two differ"]
_RATINGS: tuple[Rating, ...] = ("first rating", "second rating", "settled, where the two differ")
HEADINGS = 4  # the row of the headings; all above it stays in view
_FAULTS = ("not yet", "critical failure", "settle", "same rater", "missed twice", "retest due",
           "teach and test again")  # fmt: skip


@dataclass(frozen=True)
class Frame:
    """What every sheet is made for: how many trainees, under which heading."""

    trainees: int
    edition: str

    def foot(self, name: str) -> str:
        """What stands at the foot of each page."""
        return f"{name}. {self.edition}"


@dataclass(frozen=True)
class Sheet:
    """The sheet of one instrument: blocks of rows, one for each sitting and rating."""

    label: str
    scoring: Scoring
    frame: Frame
    joined: bool

    @property
    def title(self) -> str:
        """Label and title of the instrument."""
        return f"{self.label} {self.scoring.instrument.title}"

    @cached_property
    def name(self) -> str:
        """The name of the sheet: as many whole words as Excel allows, and none of its signs."""
        words = "".join(c if c.isalnum() or c in " ,.-" else " " for c in self.title).split()
        name = words[0]
        for word in words[1:]:
            if len(name) + 1 + len(word) > 31:
                break
            name += " " + word
        return name.rstrip(" ,.-")

    @property
    def letters(self) -> tuple[str, ...]:
        """The forms of the instrument."""
        return score_letters(self.scoring.instrument)

    @cached_property
    def sittings(self) -> tuple[Sitting, ...]:
        """How often it may be sat."""
        if not self.scoring.instrument.gate:
            return ("First sitting",)
        if self._critical:
            return ("First sitting", "Again after a critical failure", "Retest on the other form")
        return ("First sitting", "Retest on the other form")

    @cached_property
    def _critical(self) -> tuple[str, ...]:
        """The names of the criteria that fail at once."""
        return tuple(c.name for c in self.scoring.instrument.criteria if c.critical)

    # ── columns ──────────────────────────────────────────────────────────────────────

    @cached_property
    def _headings(self) -> tuple[tuple[str, int], ...]:
        """The heading and width of each column."""
        s = self.scoring
        entries = [(c.name, 12) for c in s.instrument.criteria] or [
            (str(n), 5) for n in range(1, s.entries + 1)
        ]
        score = {"item": "Right", "points": "Points", "level": "Sum"}[s.entry]
        if s.high is not None:
            score = f"Criteria at {s.high} or more"
        computed = [(score, 9)]
        if s.mean:
            computed.append(("Mean", 7))
        if s.levels:
            computed.append(("Lowest", 8))
        if self._followed_up:
            computed.append(("To teach again", 9))
        computed.append(("This rating", 11))
        computed += [("Both ratings", 11), ("Counts", 9), ("Result", 12)]
        if len(self.sittings) > 1:
            computed += [("Score so far", 9), ("Result so far", 12)]
        return (
            ("No.", 5), ("Form", 6), ("Rater", 14), *entries,
            *((f"Critical failure: {name}", 12) for name in self._critical), *computed,
        )  # fmt: skip

    def _at(self, heading: str) -> str:
        """The column of a heading of ours, the last of that name: criteria have any name."""
        backwards = [title for title, _ in reversed(self._headings)]
        return column_letters(len(backwards) - 1 - backwards.index(heading))

    @property
    def _entries(self) -> tuple[str, ...]:
        return tuple(column_letters(3 + n) for n in range(self.scoring.entries))

    @property
    def _fails(self) -> tuple[str, ...]:
        return tuple(
            column_letters(3 + self.scoring.entries + n) for n in range(len(self._critical))
        )

    @property
    def _score(self) -> str:
        return column_letters(3 + self.scoring.entries + len(self._critical))

    # ── rows ─────────────────────────────────────────────────────────────────────────

    def row(self, trainee: int, sitting: Sitting, rating: Rating = "first rating") -> int:
        """The row of a trainee, both counted from 1."""
        block = self.sittings.index(sitting) * len(_RATINGS) + _RATINGS.index(rating)
        return HEADINGS + block * (self.frame.trainees + 1) + 1 + trainee

    def cell(self, heading: str, trainee: int, sitting: Sitting = "First sitting") -> str:
        """A cell as other sheets name it."""
        return f"'{self.name}'!{self._at(heading)}{self.row(trainee, sitting)}"

    def made(self) -> LiveSheet:
        """The sheet with everything to type into and everything that follows."""
        rows = [
            (Live(self.title, "title"),),
            (Live(self.frame.edition, "note"),),
            (Live(rule_text(self.scoring, self.joined), "note"),),
            tuple(Live(title, "head") for title, _ in self._headings),
        ]
        inputs: list[tuple[int, int]] = []
        for sitting in self.sittings:
            for rating in _RATINGS:
                first = self.row(1, sitting, rating)
                inputs.append((first, first + self.frame.trainees - 1))
                band = Live(f"{sitting}: {rating}", "head")
                rows.append((band, *(Live(None, "head") for _ in self._headings[1:])))
                rows += [
                    tuple(self._cells(trainee, sitting, rating))
                    for trainee in range(1, self.frame.trainees + 1)
                ]
        last = f"{column_letters(len(self._headings) - 1)}{len(rows)}"
        return LiveSheet(
            self.name,
            tuple(width for _, width in self._headings),
            tuple(rows),
            fixed=HEADINGS,
            marks=tuple(marks(f"A{HEADINGS + 1}:{last}")),
            choices=tuple(self._choices(inputs)),
            locked=True,
            foot=self.frame.foot(self.title),
        )

    def _choices(self, blocks: list[tuple[int, int]]) -> Iterator[Choice]:
        s = self.scoring
        entry: tuple[tuple[str | int, ...], str] = {
            "item": ((1, 0), "1 for a right answer, 0 for a wrong or missing one."),
            "points": (tuple(range(s.possible + 1)), f"Whole points from 0 to {s.possible}."),
            "level": (s.levels, "A level of the rubric; between two, the lower one."),
        }[s.entry]
        for first, last in blocks:
            yield Choice(f"{self._entries[0]}{first}:{self._entries[-1]}{last}", *entry)
            if self._fails:
                cells = f"{self._fails[0]}{first}:{self._fails[-1]}{last}"
                yield Choice(cells, ("yes",), "yes, or nothing where there was none.")
            if self.letters[1:]:
                yield Choice(f"B{first}:B{last}", self.letters, "The letter of the form.")

    def _cells(self, trainee: int, sitting: Sitting, rating: Rating) -> Iterator[Live]:
        s, row = self.scoring, self.row(trainee, sitting, rating)
        yield Live(trainee, "count")
        yield Live(None, "input text") if self.letters[1:] else Live(self.letters[0])
        yield Live(None, "input text")
        for _ in (*self._entries, *self._fails):
            yield Live(None, "input")
        yield Live(formula(self._score_text(row)), "count")
        if s.mean:
            score = f"{self._score}{row}"
            yield Live(formula(f'IF({score}="","",{score}/{s.entries})'), "mean")
        if s.levels:
            cells = self._span(row)
            yield Live(formula(f'IF(COUNT({cells})=0,"",MIN({cells}))'), "count")
        if self._followed_up:
            yield Live(formula(self._again_text(row)), "count")
        yield Live(formula(self._rating_text(row)), "result")
        if rating == "first rating":
            yield from self._result(trainee, sitting)

    def _span(self, row: int) -> str:
        return f"{self._entries[0]}{row}:{self._entries[-1]}{row}"

    def _by_form(self, row: int, text: Callable[[int], str]) -> str:
        """A text for each form by its place; one where all are the same."""
        texts = [text(n) for n in range(len(self.scoring.forms) or 1)]
        made = texts[-1]
        for form, each in zip(reversed(self.scoring.forms[:-1]), reversed(texts[:-1]), strict=True):
            if each != made:
                made = f'IF(B{row}="{form.letter}",{each},{made})'
        return made

    def _sum(self, row: int, places: tuple[int, ...]) -> str:
        """The sum of some entries, written as runs of neighbors."""
        runs = [
            [place for _, place in run]
            for _, run in groupby(enumerate(places), key=lambda pair: pair[1] - pair[0])
        ]
        return "+".join(
            f"SUM({self._entries[run[0]]}{row}:{self._entries[run[-1]]}{row})" for run in runs
        )

    def _score_text(self, row: int) -> str:
        s, cells = self.scoring, self._span(row)
        if s.high is not None:
            score = f'COUNTIF({cells},">={s.high}")'
        elif s.forms:
            score = self._by_form(row, lambda form: self._sum(row, s.forms[form].counted))
        else:
            score = f"SUM({cells})"
        return f'IF(COUNT({cells})=0,"",{score})'

    @property
    def _followed_up(self) -> bool:
        return any(form.followed_up for form in self.scoring.forms)

    def _again_text(self, row: int) -> str:
        """How many items were missed that are taught and asked again, whatever the score is."""

        def missed(form: int) -> str:
            places = self.scoring.forms[form].followed_up
            return "+".join(f"COUNTIF({self._entries[n]}{row}:{self._entries[n]}{row},0)"
                            for n in places) or "0"  # fmt: skip

        return f'IF(COUNT({self._span(row)})=0,"",{self._by_form(row, missed)})'

    def _rating_text(self, row: int) -> str:
        """What one rating says by itself."""
        s, cells, score = self.scoring, self._span(row), f"{self._score}{row}"
        wanted = [f"{score}*{s.least.denominator}>={s.least.numerator}"]
        if s.lowest is not None:
            wanted.append(f"{self._at('Lowest')}{row}>={s.lowest}")
        fails = f"{self._fails[0]}{row}:{self._fails[-1]}{row}" if self._fails else ""
        entered = f"COUNT({cells})=0"
        missing = f'OR(COUNT({cells})<{self._expected(row)},B{row}="")'
        good = "floor met" if self.joined else "met"
        cases = [(f'AND({entered},COUNTIF({fails},"yes")=0)' if fails else entered, '""')]
        if fails:
            cases.append((f'COUNTIF({fails},"yes")>0', '"critical failure"'))
        cases += [(missing, '"open"'), (f"AND({','.join(wanted)})", f'"{good}"')]
        return chain(*cases, otherwise='"not yet"')

    def _expected(self, row: int) -> str:
        """How many entries make a rating whole."""
        if not self.scoring.forms:
            return str(self.scoring.entries)
        items = self.scoring.instrument.items
        counts = [sum(i.form == form.letter for i in items) for form in self.scoring.forms]
        return self._by_form(row, lambda form: str(counts[form]))

    def _result(self, trainee: int, sitting: Sitting) -> Iterator[Live]:
        """What two ratings say together, and what counts so far."""
        one, two, three = (self.row(trainee, sitting, rating) for rating in _RATINGS)
        says, score = self._at("This rating"), self._score
        both = f"{self._at('Both ratings')}{one}"
        cases = (
            (f'AND({says}{three}<>"",{says}{three}<>"open")', '"settled"'),
            (f'{says}{two}=""', '""'),
            (f'{says}{two}="open"', '"open"'),
            (f'AND(C{one}<>"",C{one}=C{two})', '"same rater"'),
            (f"{self._key(one)}={self._key(two)}", '"same"'),
        )
        yield Live(formula(chain(*cases, otherwise='"settle"')), "result")
        alone = f'OR({both}="",{both}="same")'
        for column, otherwise in ((score, '""'), (says, both)):
            text = chain(
                (f'{both}="settled"', f"{column}{three}"), (alone, f"{column}{one}"),
                otherwise=otherwise,
            )  # fmt: skip
            yield Live(formula(text), "count" if column == score else "result")
        if sitting == "First sitting" and self.sittings[1:]:
            yield Live(formula(self._so_far("Counts", trainee)), "count")
            yield Live(formula(self._so_far("Result", trainee)), "result")

    def _key(self, row: int) -> str:
        """Form and entries as one text, to compare two ratings."""
        return '&"|"&'.join(f"{c}{row}" for c in ("B", *self._entries, *self._fails))

    def _so_far(self, heading: str, trainee: int) -> str:
        """Score or result of the last sitting; a critical failure is a miss once repeated."""
        column, result = self._at(heading), self._at("Result")
        first = self.row(trainee, "First sitting")

        def shown(row: int) -> str:
            if heading == "Counts":
                return f"{column}{row}"
            return f'IF({column}{row}="critical failure","not yet",{column}{row})'

        retest = self.row(trainee, "Retest on the other form")
        cases = [(f'{result}{retest}<>""', shown(retest))]
        if self._critical:
            again = self.row(trainee, "Again after a critical failure")
            stopped = f'AND({result}{first}="critical failure",{result}{again}<>"")'
            cases.append((stopped, shown(again)))
        return chain(*cases, otherwise=f"{column}{first}")


def marks(cells: str) -> Iterator[Mark]:
    """Cells with words that ask for something look so."""
    corner = cells.partition(":")[0]
    holds = ",".join(f'{corner}="{word}"' for word in _FAULTS)
    yield Mark(cells, f"=OR({holds})", "fault")
