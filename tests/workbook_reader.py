"""A workbook as tests read it: cells out of the file, and formulas calculated anew."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator
from copy import copy
from math import isnan
from typing import Any
from xml.etree import ElementTree

_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_TOKEN = re.compile(
    r"""(?P<text>"[^"]*") | (?P<number>\d+(?:\.\d+)?)
      | (?P<ref>(?:(?:[A-Za-z]+|'[^']+')!)?\$?[A-Z]+\$?\d+(?::\$?[A-Z]+\$?\d+)?)
      | (?P<name>[A-Z]+)(?=\() | (?P<sign><>|<=|>=|[-+*/&=<>(),])""",
    re.VERBOSE,
)

Value = str | int | float


class Book:
    """A workbook of which cells can be changed; everything else follows."""

    def __init__(self, raw: bytes, changes: dict[tuple[str, str], Value] | None = None) -> None:
        self._raw = raw
        self._changes = changes or {}
        self._done: dict[tuple[str, str], Value] = {}
        with zipfile.ZipFile(io.BytesIO(raw)) as archive:
            assert archive.testzip() is None
            self._parts = {
                name: ElementTree.fromstring(archive.read(name))  # noqa: S314 - made just now
                for name in archive.namelist()
                if name.endswith(".xml")
            }
        shared = self._parts["xl/sharedStrings.xml"].iter(f"{_NS}si")
        self._texts = ["".join(t.text or "" for t in si.iter(f"{_NS}t")) for si in shared]
        self._cells = {
            (sheet, cell.attrib["r"]): self._read(cell)
            for number, sheet in enumerate(self.names(), 1)
            for cell in self._sheet(number).iter(f"{_NS}c")
        }

    def names(self) -> list[str]:
        """The names of the sheets."""
        return [s.attrib["name"] for s in self._parts["xl/workbook.xml"].iter(f"{_NS}sheet")]

    def change(self, sheet: str, address: str, value: Value) -> Book:
        """The same workbook with another value in a cell that is typed."""
        assert self._cells[sheet, address][0] is None, "a formula stands there"
        return Book(self._raw, {**self._changes, (sheet, address): value})

    def filled(self, typed: dict[tuple[str, str], Value]) -> Book:
        """The same workbook with much typed into it, read once for many."""
        for at in typed:
            assert self._cells[at][0] is None, "a formula stands there"
        other = copy(self)
        other._changes, other._done = {**self._changes, **typed}, {}
        return other

    def formulas(self) -> list[tuple[str, str]]:
        """Sheet and address of every formula."""
        return [at for at, (formula, _) in self._cells.items() if formula is not None]

    def kept(self, sheet: str, address: str) -> Value:
        """The result that the file holds."""
        return self._cells[sheet, address][1]

    def value(self, sheet: str, address: str) -> Value:
        """The value of a cell, calculated; an empty cell is an empty text."""
        at = (sheet, address)
        if at in self._changes:
            return self._changes[at]
        if at not in self._done:
            formula, kept = self._cells.get(at, (None, _Blank()))
            self._done[at] = kept if formula is None else _Formula(self, sheet, formula).result()
        return self._done[at]

    def clock(self, address: str) -> str:
        """A clock time on the sheet Agenda."""
        minutes = round(float(self.value("Agenda", address)) * 1440)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    def table(self, sheet: str) -> dict[str, dict[str, Value]]:
        """The rows of a sheet by their first cell, each by the headings above it."""
        found: dict[str, dict[str, Value]] = {}
        headings: dict[str, str] = {}
        last = max(int(re.sub("[A-Z]", "", at)) for name, at in self._cells if name == sheet)
        for row in range(1, last + 1):
            cells = {letter: self.value(sheet, f"{letter}{row}") for letter in "ABCDEFGHI"}
            if cells["I"] == "Check":
                headings = {letter: str(text) for letter, text in cells.items()}
            elif headings and cells["A"] != "":
                found[_text(cells["A"])] = {headings[k]: v for k, v in cells.items() if headings[k]}
        return found

    def rules(self, sheet: str) -> list[tuple[str, str]]:
        """The cells and the condition of each conditional format, the first first."""
        root = self._sheet(self.names().index(sheet) + 1)
        found = []
        for each in root.iter(f"{_NS}conditionalFormatting"):
            for rule in each.iter(f"{_NS}cfRule"):
                formula = rule.find(f"{_NS}formula")
                assert formula is not None
                priority = int(rule.attrib["priority"])
                found.append((priority, each.attrib["sqref"], formula.text or ""))
        return [(cells, holds) for _, cells, holds in sorted(found)]

    def validation(self, sheet: str) -> dict[str, str]:
        """What is checked when somebody types into the first cells that are checked."""
        root = self._sheet(self.names().index(sheet) + 1)
        rule = next(root.iter(f"{_NS}dataValidation"))
        return {**rule.attrib, "formula1": rule.findtext(f"{_NS}formula1") or ""}

    def _sheet(self, number: int) -> ElementTree.Element:
        return self._parts[f"xl/worksheets/sheet{number}.xml"]

    def _read(self, cell: ElementTree.Element) -> tuple[str | None, Value]:
        text = cell.findtext(f"{_NS}v") or ""
        kind = cell.attrib.get("t", "n")
        value: Value = text or (_Blank() if kind == "n" else "")
        if kind == "s":
            value = self._texts[int(text)]
        elif kind == "n" and text:
            value = float(text)
        return cell.findtext(f"{_NS}f"), value


class _Formula:
    """A formula, read from left to right: comparisons, then &, then sums, then products."""

    def __init__(self, book: Book, sheet: str, text: str) -> None:
        self.book, self.sheet, self.text = book, sheet, text
        self.tokens = list(self._split())

    def _split(self) -> Iterator[tuple[str, str]]:
        at = 0
        while at < len(self.text):
            found = _TOKEN.match(self.text, at)
            assert found, f"not understood: {self.text[at:]}"
            yield str(found.lastgroup), found[0]
            at = found.end()
        yield "end", ""

    def result(self) -> Value:
        value = self._compared()
        assert self.tokens[0][0] == "end", self.text
        assert not _wrong(value), f"#VALUE! in {self.text}"
        return value  # type: ignore[no-any-return]  # a cell's formula never gives a range

    def _take(self, *signs: str) -> str | None:
        kind, text = self.tokens[0]
        if kind != "sign" or text not in signs:
            return None
        self.tokens.pop(0)
        return text

    def _compared(self) -> Any:
        left = self._joined()
        while sign := self._take("<>", "<=", ">=", "=", "<", ">"):
            left = _compare(sign, left, self._joined())
        return left

    def _joined(self) -> Any:
        left = self._sum()
        while self._take("&"):
            left = _text(left) + _text(self._sum())
        return left

    def _sum(self) -> Any:
        left = self._product()
        while sign := self._take("+", "-"):
            right = _number(self._product())
            left = _number(left) + (right if sign == "+" else -right)
        return left

    def _product(self) -> Any:
        left = self._one()
        while sign := self._take("*", "/"):
            right = _number(self._one())
            left = _number(left) * right if sign == "*" else _number(left) / right
        return left

    def _one(self) -> Any:
        if self._take("("):
            inside = self._compared()
            assert self._take(")")
            return inside
        kind, text = self.tokens.pop(0)
        if kind == "text":
            return text[1:-1]
        if kind == "number":
            return float(text)
        if kind == "ref":
            return self._cells(text)
        assert kind == "name", self.text
        return _CALLS[text](*self._arguments())

    def _arguments(self) -> list[Any]:
        assert self._take("(")
        found = [self._compared()]
        while self._take(","):
            found.append(self._compared())
        assert self._take(")")
        return found

    def _cells(self, ref: str) -> Any:
        sheet, _, cells = ref.rpartition("!")
        sheet = sheet.strip("'") or self.sheet
        first, _, last = cells.replace("$", "").partition(":")
        if not last:
            return self.book.value(sheet, first)
        (left, top), (right, bottom) = _place(first), _place(last)
        return [
            self.book.value(sheet, f"{_letters(column)}{row}")
            for row in range(top, bottom + 1)
            for column in range(left, right + 1)
        ]


def _place(address: str) -> tuple[int, int]:
    """Column and row of a cell, counted from 1."""
    letters = re.sub(r"\d", "", address)
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column, int(address.removeprefix(letters))


def _letters(column: int) -> str:
    found = ""
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


class _Blank(str):
    """What stands in an empty cell: a text to texts, and nought to numbers."""

    __slots__ = ()


# What Excel calls #VALUE!; whatever is made of it is that as well.
_ERROR = float("nan")


def _wrong(value: Any) -> bool:
    return isinstance(value, float) and isnan(value)


def _number(value: Any) -> float:
    if isinstance(value, _Blank):
        return 0.0
    return _ERROR if isinstance(value, str) else float(value)


def _numbers(cells: list[Any]) -> list[float]:
    """The numbers of a range, without its texts."""
    return [float(cell) for cell in cells if not isinstance(cell, str)]


def _compare(sign: str, left: Any, right: Any) -> Any:
    if _wrong(left) or _wrong(right):
        return _ERROR
    if isinstance(left, str) != isinstance(right, str):
        # A blank is what the other side wants; else a text is more than any number.
        if isinstance(left, _Blank):
            left = 0.0
        elif isinstance(right, _Blank):
            right = 0.0
        else:
            left, right = isinstance(left, str), isinstance(right, str)
    return _COMPARE[sign](left, right)


def _logic(join: Callable[[Any], bool]) -> Callable[..., Any]:
    return lambda *tests: _ERROR if any(map(_wrong, tests)) else join(tests)


def _text(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _fits(cell: Any, criterion: Any) -> bool:
    wanted = _text(criterion)
    if wanted.startswith(">="):
        return not isinstance(cell, str) and float(cell) >= float(wanted[2:])
    if wanted.startswith("<>"):
        return _text(cell) != wanted[2:]
    if wanted.endswith("*"):
        return _text(cell).startswith(wanted[:-1])
    return _text(cell) == wanted


def _sumifs(values: list[Any], *pairs: Any) -> float:
    tests = list(zip(pairs[::2], pairs[1::2], strict=True))
    return sum(
        _number(value)
        for row, value in enumerate(values)
        if all(_fits(cells[row], wanted) for cells, wanted in tests)
    )


_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
}
_CALLS: dict[str, Callable[..., Any]] = {
    "ABS": abs,
    "AND": _logic(all),
    "COUNT": lambda cells: float(len(_numbers(cells))),
    "COUNTIF": lambda cells, wanted: float(sum(_fits(cell, wanted) for cell in cells)),
    "IF": lambda test, yes, no: _ERROR if _wrong(test) else yes if test else no,
    "LEFT": lambda text, count: _text(text)[: int(count)],
    "MIN": lambda cells: min(_numbers(cells), default=0.0),
    "NOT": lambda test: _ERROR if _wrong(test) else not test,
    "OR": _logic(any),
    "ROUND": lambda number, places: float(round(number, int(places))),
    "SUM": lambda cells: sum(_numbers(cells)),
    "SUMIFS": _sumifs,
}
