"""What trainees bring along: a table of the levels that they showed at entry, read and judged."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from types import MappingProxyType
from typing import NamedTuple

from csstrain.cells import Cell, Row, cells
from csstrain.coverage import KNOWLEDGE, ceiling
from csstrain.curriculum import Curriculum
from csstrain.diagnostic import Diagnostic, Outcome, Place, Position, Related, Severity
from csstrain.load import MAX_FILE_FAULTS, nearest
from csstrain.model import Ksa
from csstrain.source import decode
from csstrain.wording import enumerated

NEEDED = ("trainee", "ksa", "level", "evidence")
COLUMNS = (*NEEDED, "date", "by")  # the last two are for those who keep the table
MAX_LABEL = 200
MAX_SUGGESTIONS = 20  # looking for near misses is slow

_SEEN = frozenset(("declarative", "procedural", "strategic", "skill", "ability"))
# Which classes of KSA each kind of evidence can show. An attitude is behavior that nobody asks
# for, so a performance that is asked for shows none; a self-report alone shows nothing.
EVIDENCE: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "work-sample": _SEEN,
        "simulation": _SEEN,
        "observation": _SEEN | {"attitude"},
        "record": frozenset(("experience",)),
        "credential": frozenset(("declarative", "procedural", "ability")),
        "written-test": frozenset(("declarative", "procedural")),
        "self-report": frozenset(),
    }
)
_ON_THE_JOB = ("observation", "record")
_CLASS_WORDS = {
    "declarative": "knowledge of facts",
    "procedural": "knowledge of how and when",
    "strategic": "knowledge of how to plan and revise",
    "skill": "a skill",
    "ability": "an ability",
    "attitude": "an attitude",
    "experience": "experience",
}
_NO_TABLES = {
    b"PK\x03\x04": "a workbook or another packed file",
    b"\xd0\xcf\x11\xe0": "a workbook of an old kind",
    b"%PDF": "a PDF",
}
_AS_CSV = "in a spreadsheet: Save As, `CSV UTF-8`"
_WHOLE = re.compile(r"0|[1-9][0-9]{0,2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """The levels that trainees showed at entry, by trainee and KSA, on the house scale.

    `trainees` are all who were named, those who showed nothing too, ordered by name; `group`
    holds the KSAs that somebody vouches for, for the whole group.
    """

    levels: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    trainees: tuple[str, ...] = ()
    group: frozenset[str] = frozenset()

    def met(self, curriculum: Curriculum, trainee: str) -> frozenset[str]:
        """The trained KSAs of which a trainee showed the level that training must reach."""
        shown = self.levels.get(trainee, {})
        return self.group | {
            name for name, level in shown.items() if 0 < curriculum.ksas[name].required <= level
        }

    def known(self, curriculum: Curriculum) -> frozenset[str]:
        """The trained KSAs that the whole group has met.

        Whoever is not named has shown nothing: a table of fewer trainees than the cohort makes
        nothing known to all.
        """
        if not self.trainees or len(self.trainees) < curriculum.program.cohort.trainees:
            return self.group
        return frozenset.intersection(*(self.met(curriculum, each) for each in self.trainees))


def given(curriculum: Curriculum, names: Iterable[str]) -> frozenset[str]:
    """The KSAs of some ids, for each of which somebody vouches that the whole group has met it.

    Raises ValueError for an id that is no KSA, with a near miss, or that is not trained here.
    """
    found = frozenset(names)
    for name in sorted(found):
        ksa = curriculum.ksas.get(name)
        if ksa is None:
            near = _near(name, curriculum.ksas)
            meant = f"; did you mean {near}?" if near else ""
            raise ValueError(f"there is no KSA `{name}`{meant}")
        if not ksa.required:
            raise ValueError(f"`{name}` ({ksa.short}) {_untrained(ksa)}: leave it out")
    return found


class _Claim(NamedTuple):
    """One row: somebody showed a level of a KSA, by some evidence."""

    trainee: Cell
    ksa: Cell
    level: Cell
    evidence: Cell

    @property
    def id(self) -> str:
        """The id of its KSA; spreadsheets like to begin a cell with a capital letter."""
        return self.ksa.text.lower()

    @property
    def kind(self) -> str:
        """The kind that its evidence begins with, in front of a colon."""
        return "-".join(self.evidence.text.partition(":")[0].lower().split())

    @property
    def bare(self) -> bool:
        """Whether it names a trainee and nothing that he or she showed."""
        return not (self.ksa.text or self.level.text or self.evidence.text)


def read(curriculum: Curriculum, file: str, raw: bytes) -> Outcome[Entry]:
    """What a CSV table says that trainees showed at entry, and all that is wrong with it.

    Each row holds a trainee, a KSA, a level of the house scale and its evidence; `file` is the
    name that findings show. An error leaves no value, so that no agenda rests on a row that does
    not count. The order of the rows does not matter.
    """
    text, fault = _text(file, raw)
    if fault:
        return Outcome(None, (fault,))
    rows, broken = cells(text)
    if broken:
        message = "a quote opens in this cell that does not close at its end"
        hint = 'close it, and write a quote inside a quoted text twice: `""`'
        return Outcome(None, (_fault("unreadable-table", file, broken, message, hint),))
    columns, faults = _columns(curriculum, file, rows)
    if faults:
        return Outcome(None, tuple(faults))
    shifted = {
        index: fault for index, row in enumerate(rows) if (fault := _shifted(file, rows, row))
    }
    claims = [_claim(columns, row) for n, row in enumerate(rows) if n and n not in shifted]
    found = chain(
        shifted.values(),
        _written_otherwise(file, claims),
        () if shifted else _cohort(curriculum, file, claims),
        _ids(curriculum, file, claims),
        _doubles(curriculum, file, claims),
        (fault for claim in claims for fault in _row(curriculum, file, claim)),
    )
    refused: Outcome[Entry] = Outcome(None, tuple(_limited(file, found)))
    return refused if refused.failed else refused._replace(value=_entry(curriculum, claims))


def _entry(curriculum: Curriculum, claims: list[_Claim]) -> Entry:
    """The value of rows without errors."""
    levels: dict[str, dict[str, int]] = {claim.trainee.text: {} for claim in claims}
    for claim in claims:
        if not claim.bare and _trained(curriculum, claim):
            most = _most(curriculum, claim)
            levels[claim.trainee.text][claim.id] = min(int(claim.level.text), most)
    return Entry(MappingProxyType(levels), tuple(sorted(levels, key=_in_order)))


def _in_order(trainee: str) -> tuple[str, str]:
    """What sorts `T2` before `T10`."""
    return re.sub("[0-9]+", lambda digits: digits[0].zfill(12), trainee.casefold()), trainee


# ── the file ─────────────────────────────────────────────────────────────────────────


def _text(file: str, raw: bytes) -> tuple[str, Diagnostic | None]:
    """The text of the file, or the first thing that keeps it from being one."""
    start = Position(1, 1)
    for begin, what in _NO_TABLES.items():
        if raw.startswith(begin):
            message = f"this is {what}, not a CSV table"
            return "", _fault("unreadable-table", file, start, message, _AS_CSV)
    text, faults = decode(file, raw)
    if b"\0" in raw and text:
        message = "this file is no text, so it is no CSV table"
        return "", _fault("unreadable-table", file, start, message, _AS_CSV)
    if faults:
        # The hints of content speak of an editor and of dividing files.
        by_name = {"not-utf-8": _AS_CSV, "file-too-large": "keep only the columns and rows needed"}
        first = faults[0]
        hint = by_name.get(first.rule, first.hint)
        return "", replace(first, hint=hint, private=True)
    if not text.strip(" \r\n\t,;\u00a0"):
        return "", _fault("empty-file", file, start, "the table is empty", _first_line())
    return text, None


def _first_line() -> str:
    return f"begin with the line `{','.join(NEEDED)}`, then a row for each trainee and KSA"


def _columns(
    curriculum: Curriculum, file: str, rows: tuple[Row, ...]
) -> tuple[dict[str, int], list[Diagnostic]]:
    """Where each column stands, and what is wrong with the first row."""
    if not rows:  # nothing but quoted space
        return {}, [_fault("empty-file", file, Position(1, 1), "the table is empty", _first_line())]
    named = [(cell, cell.text.lower(), index) for index, cell in enumerate(rows[0])]
    if wide := next((cell for cell, name, _ in named if name in curriculum.ksas), None):
        message = "this table has a column for each KSA, which leaves no place for evidence"
        return {}, [_fault("unreadable-table", file, wide.at, message, _first_line())]
    if not any(name in COLUMNS for _, name, _ in named):
        message = f"the first row names none of the columns {', '.join(NEEDED)}"
        return {}, [_fault("missing-field", file, rows[0][0].at, message, _first_line())]
    where: dict[str, int] = {}
    found: list[Diagnostic] = []
    filled = {index for row in rows[1:] for index, cell in enumerate(row) if cell.text}
    missing = [name for name in NEEDED if all(name != each for _, each, _ in named)]
    for cell, name, index in named:
        if name in where:
            message = f"the column `{name}` stands in the table twice"
            hint = "delete one of the two, or give it no heading and no cells"
            found.append(_fault("duplicate-key", file, cell.at, message, hint))
        elif name in COLUMNS:
            where[name] = index
        elif (name or index in filled) and len(found) < MAX_SUGGESTIONS:
            near = nearest(name, missing) or nearest(name, COLUMNS)
            missing = [each for each in missing if each not in near[:1]]
            found.append(_fault("unknown-field", file, cell.at, *_no_column(name, near)))
    if missing:
        message = f"the table has no column {enumerated(f'`{name}`' for name in missing)}"
        found.append(_fault("missing-field", file, rows[0][0].at, message, _first_line()))
    if not found and len(rows) == 1:
        message = "the table names no trainee"
        found.append(_fault("empty-file", file, rows[0][0].at, message, _first_line()))
    return where, found


def _no_column(name: str, near: list[str]) -> tuple[str, str]:
    if not name:
        return "a column with cells has no heading", "give it one, or delete its cells"
    # The heading is not repeated: some tables have a column for each trainee.
    hint = f"did you mean `{near[0]}`?" if near else f"the columns are {', '.join(COLUMNS)}"
    return "this heading is not one of the table's columns", hint


def _claim(columns: Mapping[str, int], row: Row) -> _Claim:
    """A row by its columns; a cell that is not there is an empty one."""
    empty = Cell("", row[-1].at)
    return _Claim(*(row[columns[n]] if columns[n] < len(row) else empty for n in NEEDED))


def _shifted(file: str, rows: tuple[Row, ...], row: Row) -> Diagnostic | None:
    """What is wrong with a row that is longer than the first: no cell of it can be trusted."""
    width = len(rows[0])
    more = next((cell for cell in row[width:] if cell.text), None)
    if more is None:
        return None
    message = f"this row has {len(row)} cells, and the first row has {width}"
    hint = "put a text that holds a comma in double quotes"
    return _fault("unreadable-table", file, more.at, message, hint)


# ── rows beside each other ───────────────────────────────────────────────────────────


def _written_otherwise(file: str, claims: list[_Claim]) -> Iterator[Diagnostic]:
    first: dict[str, Cell] = {}
    told: set[str] = set()
    for claim in claims:
        cell = claim.trainee
        known = first.setdefault(cell.text.casefold(), cell)
        if cell.text != known.text and cell.text not in told:
            told.add(cell.text)
            message = "this trainee is written in other capital letters before"
            hint = "write each trainee in one way; if they are two people, tell them apart"
            related = (Related(Place(file), "the first row of the other", known.at),)
            yield _fault("trainee-written-otherwise", file, cell.at, message, hint, related)


def _cohort(curriculum: Curriculum, file: str, claims: list[_Claim]) -> Iterator[Diagnostic]:
    people = {claim.trainee.text.casefold() for claim in claims} - {""}
    cohort, named = curriculum.program.cohort.trainees, len(people)
    if named and named != cohort:
        message = f"the table names {_count(named, 'trainee')}, and the cohort has {cohort}"
        hint = f"the hours are planned for {cohort}: correct the table, or `cohort` in the program"
        if named < cohort:
            hint = (
                "nothing in it counts as known to the whole group: give each of the others a row, "
                "with no more than a name if nothing was shown, or correct `cohort` in the program"
            )
        yield _fault("entry-of-another-cohort", file, Position(1, 1), message, hint, mild=True)


def _ids(curriculum: Curriculum, file: str, claims: list[_Claim]) -> Iterator[Diagnostic]:
    """Ids that are no KSAs, and KSAs that are not trained: each once, at its first row."""
    first: dict[str, list[Cell]] = {}
    for claim in claims:
        if claim.id and not _trained(curriculum, claim):
            first.setdefault(claim.id, []).append(claim.ksa)
    suggested = 0
    for name, places in first.items():
        ksa, at = curriculum.ksas.get(name), places[0].at
        rows = f" ({len(places)} rows)" if len(places) > 1 else ""
        if ksa:
            message = f"`{name}` ({ksa.short}) {_untrained(ksa)}, so this changes nothing{rows}"
            hint = "delete it here; nobody is taught it, whatever they bring along"
            yield _fault("entry-without-effect", file, at, message, hint, mild=True)
            continue
        suggested += 1
        near = _near(name, curriculum.ksas) if suggested <= MAX_SUGGESTIONS else ""
        yield _fault("unknown-id", file, at, *_no_ksa(curriculum, name, near, rows))


def _no_ksa(curriculum: Curriculum, name: str, near: str, rows: str) -> tuple[str, str]:
    other = curriculum.entities.get(name)
    if other:
        return f"`{name}` is a {other.kind}, but a KSA belongs here{rows}", "name a KSA by its id"
    # What looks like no id may be a trainee who slipped into this column: it is not repeated.
    shown = f" `{name[:40]}`" if re.search("[0-9]", name) else " of the name in this cell"
    hint = f"did you mean {near}?" if near else "`csstrain trace` lists the KSAs with their ids"
    return f"there is no KSA{shown}{rows}", hint


def _doubles(curriculum: Curriculum, file: str, claims: list[_Claim]) -> Iterator[Diagnostic]:
    first: dict[tuple[str, str], _Claim] = {}
    for claim in claims:
        if not claim.id or not claim.trainee.text or not _trained(curriculum, claim):
            continue
        before = first.setdefault((claim.trainee.text.casefold(), claim.id), claim)
        if before is claim:
            continue
        same = before.level.text == claim.level.text
        message = f"this trainee stands in the table with `{claim.id}` twice" + (
            "" if same else ", at two levels"
        )
        hint = "keep the row with the better evidence" if same else "keep the row that holds"
        related = (Related(Place(file), "the first of the two", before.ksa.at),)
        yield _fault("doubled-entry", file, claim.ksa.at, message, hint, related)


# ── one row ──────────────────────────────────────────────────────────────────────────


def _row(curriculum: Curriculum, file: str, claim: _Claim) -> Iterator[Diagnostic]:
    if not claim.trainee.text:
        message = "this row names no trainee"
        hint = "name the trainee in each row; of merged cells only the first keeps its text"
        yield _fault("missing-field", file, claim.trainee.at, message, hint)
    elif len(claim.trainee.text) > MAX_LABEL:
        message = f"the name of this trainee has more than {MAX_LABEL} characters"
        yield _fault("wrong-value", file, claim.trainee.at, message, "shorten it")
    if claim.bare:
        return
    if not claim.ksa.text:
        message, hint = "this row names no KSA", "name it by its id, or delete the row"
        yield _fault("missing-field", file, claim.ksa.at, message, hint)
    elif ksa := _trained(curriculum, claim):
        yield from _level(curriculum, file, claim, ksa)
        yield from _evidence(file, claim, ksa)


def _level(curriculum: Curriculum, file: str, claim: _Claim, ksa: Ksa) -> Iterator[Diagnostic]:
    cell, scale = claim.level, curriculum.scales.get(curriculum.program.scale or "")
    levels = [each.level for each in scale.levels] if scale else list(range(1, 10))
    span = f"{levels[0]} to {levels[-1]}"
    if not cell.text:
        message = f"this row gives no level for `{ksa.id}` ({ksa.short})"
        hint = f"write a level of the house scale, {span}, or delete the row"
        yield _fault("missing-field", file, cell.at, message, hint)
    elif not _WHOLE.fullmatch(cell.text):
        # Only what resembles a number is repeated: a name may have slipped into this column.
        number = re.fullmatch("[-+0-9.,/ ]{1,12}", cell.text, re.ASCII)
        written = f", not `{cell.text}`" if number else ""
        message = f"`level` must be a whole number such as 2{written}"
        hint = f"write a level of the house scale, {span}, without a point or a unit"
        yield _fault("wrong-value", file, cell.at, message, hint)
    elif int(cell.text) not in levels:
        message = f"level {cell.text} does not stand on the house scale, which has {span}"
        hint = "write the level of the house scale that the evidence showed"
        if cell.text == "0":
            hint = "leave out what was not shown, and all but the trainee if nothing was"
        yield _fault("entry-off-scale", file, cell.at, message, hint)
    elif claim.kind in EVIDENCE and int(cell.text) > (most := _most(curriculum, claim)):
        message = f"{_a(claim.kind)} shows `{ksa.id}` to level {most} at most: it counts as {most}"
        hint = f"only observation on the job shows more; write {most}, or name that evidence"
        yield _fault("entry-above-ceiling", file, cell.at, message, hint, mild=True)


def _most(curriculum: Curriculum, claim: _Claim) -> int:
    """The highest level that a kind of evidence shows: off the job no more than training can."""
    return 9 if claim.kind in _ON_THE_JOB else ceiling(curriculum)


def _evidence(file: str, claim: _Claim, ksa: Ksa) -> Iterator[Diagnostic]:
    at, kind, kinds = claim.evidence.at, claim.kind, f"the kinds are {', '.join(EVIDENCE)}"
    fit = [each for each in EVIDENCE if shows(each, ksa)]
    if not claim.evidence.text:
        message = f"this row gives no evidence for `{ksa.id}` ({ksa.short})"
        hint = f"say what showed it: {_or(fit)}; without evidence, delete the row"
        yield _fault("missing-field", file, at, message, hint)
    elif kind not in EVIDENCE:
        near = nearest(kind, EVIDENCE)
        message = f"the evidence for `{ksa.id}` does not begin with its kind"
        meant = f"did you mean `{near[0]}`? Else " if near else ""
        hint = f"{meant}{kinds}; details follow a colon"
        yield _fault("wrong-value", file, at, message, hint)
    elif kind not in fit:
        message = f"{_a(kind)} does not show `{ksa.id}` ({ksa.short}), "
        message += f"which is {_CLASS_WORDS[_asks(kind, ksa)]}"
        if kind == "self-report":
            message = f"a self-report alone does not show `{ksa.id}` ({ksa.short})"
        hint = f"{_or(fit)} can show it; without that, delete the row: the trainee attends"
        yield _fault("unfit-evidence", file, at, message, hint)


def shows(kind: str, ksa: Ksa) -> bool:
    """Whether a kind of evidence can show a KSA.

    It must be able to show the leading class. What rests on writing, as credentials mostly do,
    must show every other class too that is no knowledge: somebody who can tell how a thing is
    done may not be able to do it.
    """
    return _asks(kind, ksa) in EVIDENCE[kind]


def _asks(kind: str, ksa: Ksa) -> str:
    """The class of a KSA that decides whether a kind of evidence can show it."""
    if kind in ("written-test", "credential"):
        return next((each for each in ksa.classes if each not in KNOWLEDGE), ksa.classes[0])
    return ksa.classes[0]


# ── words ────────────────────────────────────────────────────────────────────────────


def _trained(curriculum: Curriculum, claim: _Claim) -> Ksa | None:
    """The KSA of a row, where it is one that is trained here."""
    ksa = curriculum.ksas.get(claim.id)
    return ksa if ksa and ksa.required else None


def _untrained(ksa: Ksa) -> str:
    if ksa.status == "exempt":
        return "is exempt from training"
    return "is required at entry and not trained here"


def _near(name: str, ksas: Mapping[str, Ksa]) -> str:
    """The KSAs that may have been meant, each with its words."""
    return " or ".join(f"`{each}` ({ksas[each].short})" for each in nearest(name, ksas))


def _or(kinds: Collection[str]) -> str:
    return " or ".join(", ".join(kinds).rsplit(", ", 1))


def _a(kind: str) -> str:
    """A kind of evidence as one says it."""
    return f"{'an' if kind[0] == 'o' else 'a'} {kind.replace('-', ' ')}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"


def _limited(file: str, found: Iterator[Diagnostic]) -> Iterator[Diagnostic]:
    """The findings, up to so many that nobody reads on."""
    yield from islice(found, MAX_FILE_FAULTS)
    if more := next(found, None):
        at = more.position or Position(1, 1)
        message = f"more than {MAX_FILE_FAULTS} faults stand in this table; the others are not told"
        yield _fault("wrong-value", file, at, message, "mend these first, then try again")


def _fault(
    rule: str,
    file: str,
    at: Position,
    message: str,
    hint: str,
    related: tuple[Related, ...] = (),
    *,
    mild: bool = False,
) -> Diagnostic:
    # Findings end up in logs that many read: they name rows and KSAs and never a trainee.
    severity = Severity.WARNING if mild else Severity.ERROR
    return Diagnostic(rule, severity, Place(file), message, hint, related, at, private=True)
