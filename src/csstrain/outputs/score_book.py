"""The score book: a workbook that adds up every score, says what passes, and what is due."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Literal

from csstrain.numbering import instrument_labels, instruments_used
from csstrain.outputs.instruments import score_letters
from csstrain.render import Artifact, Compiled, output
from csstrain.scoring import Part, Scoring, parts, scoring, settled
from csstrain.spreadsheet import Choice, Formula, Live, LiveSheet, Mark, workbook

Sitting = Literal["First sitting", "Again after a critical failure", "Retest on the other form"]
Rating = Literal["first rating", "second rating", "settled, where the two differ"]
_RATINGS: tuple[Rating, ...] = ("first rating", "second rating", "settled, where the two differ")
_HEADINGS = 4  # the row of the headings; all above it stays in view
_FAULTS = ("not yet", "critical failure", "settle", "same rater", "missed twice", "retest due",
           "teach and test again")  # fmt: skip
SUMMARY = "Decisions"

# What the sheets say, and what it means; the words of formulas below are these.
_STATES = (
    ("open", "Something is still missing: a level, an item, or the form."),
    ("met", "The cut score is reached, and no criterion is below its lowest level."),
    ("floor met", "The station is high enough to be scored together with the others."),
    ("not yet", "The score is below the cut, or a criterion is too low."),
    ("critical failure", "The performance was stopped. Teach it again, then enter it once more in "
     "the rows below: only a second one is a miss."),
    ("same", "Two raters gave the same levels: they count."),
    ("settle", "Two raters differ. They talk, and enter what they agree on as settled: it counts."),
    ("same rater", "Both ratings are by one person. The second has to be somebody else's."),
    ("retest due", "One retest, on the other form, of the part that was missed."),
    ("missed twice", "The retest was missed too: the panel decides."),
    ("deferred", "These hours do not hold the gate. Enter the date on which it was signed off."),
    ("not asked", "The post does not ask for this part."),
)  # fmt: skip


@dataclass(frozen=True)
class _Frame:
    """What every sheet is made for: how many trainees, under which heading."""

    trainees: int
    edition: str

    def foot(self, name: str) -> str:
        """What stands at the foot of each page."""
        return f"{name}. {self.edition}"


def _column(number: int) -> str:
    """The letters of a column, counted from 0.

    >>> _column(0), _column(25), _column(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _any(cells: Iterable[str], *words: str) -> str:
    """Whether any of some cells says one of some words."""
    return _join("OR", [f'{cell}="{word}"' for word in words for cell in cells])


def _all(cells: Iterable[str], word: str) -> str:
    """Whether all of some cells say a word."""
    return _join("AND", [f'{cell}="{word}"' for cell in cells])


def _join(how: Literal["AND", "OR"], tests: list[str]) -> str:
    return f"{how}({','.join(tests)})" if tests[1:] else tests[0]


def _chain(*cases: tuple[str, str], otherwise: str) -> str:
    """The result of the first condition that holds."""
    made = otherwise
    for condition, result in reversed(cases):
        made = f"IF({condition},{result},{made})"
    return made


def _formula(text: str) -> Formula:
    return Formula(f"={text}", "")  # nobody has entered anything yet, so nothing is the result


@dataclass(frozen=True)
class _Sheet:
    """The sheet of one instrument: blocks of rows, one for each sitting and rating."""

    label: str
    scoring: Scoring
    frame: _Frame
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
        return _column(len(backwards) - 1 - backwards.index(heading))

    @property
    def _entries(self) -> tuple[str, ...]:
        return tuple(_column(3 + n) for n in range(self.scoring.entries))

    @property
    def _fails(self) -> tuple[str, ...]:
        return tuple(_column(3 + self.scoring.entries + n) for n in range(len(self._critical)))

    @property
    def _score(self) -> str:
        return _column(3 + self.scoring.entries + len(self._critical))

    # ── rows ─────────────────────────────────────────────────────────────────────────

    def row(self, trainee: int, sitting: Sitting, rating: Rating = "first rating") -> int:
        """The row of a trainee, both counted from 1."""
        block = self.sittings.index(sitting) * len(_RATINGS) + _RATINGS.index(rating)
        return _HEADINGS + block * (self.frame.trainees + 1) + 1 + trainee

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
        last = f"{_column(len(self._headings) - 1)}{len(rows)}"
        return LiveSheet(
            self.name,
            tuple(width for _, width in self._headings),
            tuple(rows),
            fixed=_HEADINGS,
            marks=tuple(_marks(f"A{_HEADINGS + 1}:{last}")),
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
        yield Live(_formula(self._score_text(row)), "count")
        if s.mean:
            score = f"{self._score}{row}"
            yield Live(_formula(f'IF({score}="","",{score}/{s.entries})'), "mean")
        if s.levels:
            cells = self._span(row)
            yield Live(_formula(f'IF(COUNT({cells})=0,"",MIN({cells}))'), "count")
        if self._followed_up:
            yield Live(_formula(self._again_text(row)), "count")
        yield Live(_formula(self._rating_text(row)), "result")
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
        return _chain(*cases, otherwise='"not yet"')

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
        yield Live(_formula(_chain(*cases, otherwise='"settle"')), "result")
        alone = f'OR({both}="",{both}="same")'
        for column, otherwise in ((score, '""'), (says, both)):
            text = _chain(
                (f'{both}="settled"', f"{column}{three}"), (alone, f"{column}{one}"),
                otherwise=otherwise,
            )  # fmt: skip
            yield Live(_formula(text), "count" if column == score else "result")
        if sitting == "First sitting" and self.sittings[1:]:
            yield Live(_formula(self._so_far("Counts", trainee)), "count")
            yield Live(_formula(self._so_far("Result", trainee)), "result")

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
        return _chain(*cases, otherwise=f"{column}{first}")


def _marks(cells: str) -> Iterator[Mark]:
    """Cells with words that ask for something look so."""
    corner = cells.partition(":")[0]
    holds = ",".join(f'{corner}="{word}"' for word in _FAULTS)
    yield Mark(cells, f"=OR({holds})", "fault")


def rule_text(each: Scoring, joined: bool = False) -> str:
    """What passes, in words."""
    least = -(-each.least.numerator // each.least.denominator)  # the first whole number that passes
    if each.entry != "level":
        unit = "points" if each.entry == "points" else "items"
        text = f"Passes with {least} of {each.possible} {unit}."
        if any(len(form.counted) < each.entries for form in each.forms):
            counted = each.forms[0].counted
            text += f" Items {counted[0] + 1} to {counted[-1] + 1} count; others are taught again."
    elif each.high is not None:
        text = f"Passes with {least} of {each.possible} criteria at level {each.high} or more."
    else:
        mean = float(each.least / each.entries)
        what = "Its floor is" if joined else "Passes with"
        text = f"{what} a mean of {mean:g}: a sum of {least} of {each.possible}."
    if each.lowest is not None:
        text += f" No criterion below {each.lowest}."
    cut = each.instrument.cut
    if cut is not None and cut.provisional:
        text += " Provisional: no decision about employment may rest on it."
    return text


# ── the decisions ────────────────────────────────────────────────────────────────────


_Kind = Literal[
    "number", "name", "asked", "signed", "mean", "result", "decision", "told", "by"
]  # what a column is


@dataclass(frozen=True)
class _Decisions:
    """The sheet that gathers the parts of the decision, a row a trainee."""

    parts: tuple[Part, ...]
    sheets: dict[str, _Sheet]
    deferred: frozenset[str]
    frame: _Frame

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
        return _column(list(self._headings).index((kind, part)))

    def made(self) -> LiveSheet:
        """The sheet, with a row a trainee and a count of each decision below."""
        first, last = _HEADINGS + 1, _HEADINGS + self.frame.trainees
        rows = [
            (Live("Decisions", "title"),),
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
            fixed=_HEADINGS,
            marks=tuple(_marks(f"A{first}:{_column(len(self._headings) - 1)}{last}")),
            choices=tuple(choices),
            locked=True,
            foot=self.frame.foot("Decisions"),
        )

    def _cells(self, trainee: int) -> Iterator[Live]:
        row = _HEADINGS + trainee
        yield Live(trainee, "count")
        yield Live(None, "input text")
        for n, part in enumerate(self.parts):
            if part.only_where:
                yield Live(None, "input text")
            if self._waits(part):
                yield Live(None, "input date")
            if part.least is not None:
                yield Live(_formula(self._mean(part, trainee)), "mean")
            yield Live(_formula(self._part(n, trainee, row)), "result")
        yield Live(_formula(self._decision(trainee, row)), "result")
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
        ready = _join("AND", [_any((r,), "floor met", "not yet") for r in results])
        return f'IF({ready},({self._total(part, trainee)})/{common},"")'

    def _part(self, number: int, trainee: int, row: int) -> str:
        """What a part says: all its instruments, and where they are scored together, their sum."""
        part = self.parts[number]
        results, retests = self._of(part, "Result so far", trainee), self._retests(part, trainee)
        pairs = zip(results, retests, strict=True)
        cases = [
            (_all(results, ""), '""'),
            (_any(results, "critical failure"), '"teach and test again"'),
            (_any(results, "settle"), '"settle"'),
            (_any(results, "same rater"), '"same rater"'),
            (_join("OR", [f'AND({r}="not yet",{t}="")' for r, t in pairs]), '"retest due"'),
            (_any(results, "not yet"), '"missed twice"'),
            (_any(results, "", "open"), '"open"'),
        ]  # fmt: skip
        if part.least is not None:
            total = f"({self._total(part, trainee)})*{part.least.denominator}"
            cases += [
                (f"{total}>={part.least.numerator}", '"met"'),
                (_all(retests, ""), '"retest due"'),
            ]
        text = _chain(*cases, otherwise='"met"' if part.least is None else '"missed twice"')
        if self._waits(part):
            signed = f"{self._at('signed', number)}{row}"
            text = _chain((f'{signed}<>""', '"met"'), (_all(results, ""), '"deferred"'),
                          otherwise=text)  # fmt: skip
        if part.only_where:
            asked = f"{self._at('asked', number)}{row}"
            text = _chain((f'{asked}="no"', '"not asked"'), otherwise=text)
        return text

    def _decision(self, trainee: int, row: int) -> str:
        said = tuple(f"{self._at('result', n)}{row}" for n, _ in enumerate(self.parts))
        retests = tuple(r for part in self.parts for r in self._retests(part, trainee))
        idle = [_any((s,), "", "not asked", "deferred") for s in said]
        return _chain(
            (_join("AND", [*idle, _any(said, "")]), '""'),
            (_any(said, "missed twice"), '"referred to the panel"'),
            (_any(said, "teach and test again"), '"teach and test again"'),
            (_any(said, "retest due"), '"in remediation: retest due"'),
            (_any(said, "settle", "same rater"), '"settle ratings"'),
            (_any(said, "", "open"), '"open"'),
            (_any(said, "deferred"), '"deferred: temporary until signed off"'),
            (_join("OR", [f'{r}<>""' for r in retests]), '"mastered after retest"'),
            otherwise='"mastered"',
        )


_DECISIONS = (
    "mastered", "mastered after retest", "deferred: temporary until signed off",
    "in remediation: retest due", "teach and test again", "referred to the panel",
    "settle ratings", "open",
)  # fmt: skip


def part_text(part: Part) -> str:
    """A part of the decision in words."""
    text = part.title
    if part.least is not None:
        common = part.weights[0] * part.scorings[0].entries * len(part.scorings)
        text += f": a mean of {float(part.least / common):g} over {len(part.scorings)} together"
    return text + (f", where {part.only_where}" if part.only_where else "")


# ── the book ─────────────────────────────────────────────────────────────────────────


def _guide(compiled: Compiled, sheets: list[_Sheet], frame: _Frame) -> LiveSheet:
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


def _scorings(compiled: Compiled) -> tuple[Scoring, ...]:
    """How each instrument with a cut score is scored.

    A gate that waits is scored on the job, by the instrument that would have decided here.
    """
    curriculum, agenda = compiled.curriculum, compiled.agenda
    waiting = (i for each in agenda.gates_deferred
               for i in curriculum.instruments_of_objective[each.objective] if i.gate)  # fmt: skip
    chosen = dict.fromkeys(i.id for i in (*instruments_used(curriculum, agenda), *waiting))
    found = (scoring(curriculum, curriculum.instruments[name]) for name in chosen)
    return tuple(each for each in found if each)


@output
def score_book(compiled: Compiled) -> Iterator[Artifact]:
    """The score book, for assessors; there is none where no instrument has a cut score."""
    curriculum = compiled.curriculum
    program = curriculum.program
    scorings = _scorings(compiled)
    if not scorings:
        return
    decided = parts(curriculum, scorings)
    joined = {s.instrument.id for part in decided if part.least is not None for s in part.scorings}
    labels = instrument_labels(curriculum, compiled.agenda)
    frame = _Frame(
        program.cohort.trainees, f"{program.title}, version {program.version}, {program.status}"
    )
    sheets = [
        _Sheet(labels.get(s.instrument.id, "OJT"), s, frame, s.instrument.id in joined)
        for s in settled(scorings, decided)
    ]
    sheets.sort(key=lambda sheet: not sheet.scoring.instrument.gate)
    deferred = frozenset(each.objective for each in compiled.agenda.gates_deferred)
    by_id = {sheet.scoring.instrument.id: sheet for sheet in sheets}
    live = [_guide(compiled, sheets, frame)]
    if decided:
        live.append(_Decisions(decided, by_id, deferred, frame).made())
    live += [sheet.made() for sheet in sheets]
    yield Artifact("assessor/score-book.xlsx", workbook(f"{program.title}: score book", live))
