"""The YAML reader: what an author sees is what it means, and everything else is refused."""

from __future__ import annotations

import random
import time
import tracemalloc
from collections.abc import Callable

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from csstrain.slips import lines_of
from csstrain.source import (
    MAX_AGAIN,
    MAX_DEPTH,
    MAX_FAULTS,
    MAX_FIELDS,
    Data,
    SourceText,
    _Reader,
    parse,
)
from tests.curricula import Files, Snapshot

MISTAKES: dict[str, bytes] = {
    "tab": b"module:\n\t- id: m1\n",
    "colon-in-title": b"title: Day 1: Introduction\n",
    "typographic-quotes": "title: “Day 1: Intro”\n".encode(),
    "apostrophe": b"title: 'Don't lift'\nid: m1\n",
    "no-space-after-colon": b"id:m1\ntitle: Contact\n",
    "no-break-space": "module:\n\u00a0\u00a0id: m1\n".encode(),
    "unclosed-quote": b'title: "Contact\nid: m1\n',
    "unclosed-bracket": b"requires: [m1, m2\ntitle: Contact\n",
    "repeated-key": b"id: m1\ntitle: One\nid: m2\n",
    "at-sign": b"owner: @anna\n",
    "percent": b"share: %20\n",
    "star": b"note: *important\n",
    "exclamation": b"note: !Important x\n",
    "ampersand": b"note: &c\n",
    "windows-1252": b"title: Caf\xe9\n",
    "utf-16": "title: Contact".encode("utf-16"),
    "second-document": b"id: m1\n---\nid: m2\n",
    "merge": b"a: {<<: {b: c}}\n",
    "directive": b"%YAML 1.1\n---\nid: m1\n",
    "hidden": "title: a\u202eb\n".encode(),
    "escape": b'title: "\\e[2J"\n',
    "indentation": b"module:\n  id: m1\n title: Contact\n",
    "too-deep": b"module:\n  id: m1\n   title: Contact\n",
    "item-too-shallow": b"ksas:\n  - id: k1\n   statement: Greet.\n",
    "list-beside-fields": b"id: m1\n- title\n",
    "greater": b"note: > 5 people\n",
    "pipe": b"note: | divides\n",
    "bracket": b"note: [optional] reading\n",
    "brace": b"note: {name} greets\n",
    "lone-star": b"note: * important\n",
    "starred-text": b"note: *important thing*\n",
    "dash": b"note: - none\n",
    "only-dashes": b"---\n",
    "soft-hyphen": "title: Con\u00adtact\n".encode(),
    "zero-width": "title: Con\u200btact\n".encode(),
    "tags": "title: Contact\U000e0041\n".encode(),
    "empty": b"",
    "only-a-comment": b"# nothing\n",
    "list-as-key": b"? [a]\n: b\n",
    "double-braces": b"title: {{name}}\nid: m1\n",
    "repeated-kind": b"ksas:\n  - {id: k1}\nksas:\n  - {id: k2}\n",
    "tab-after-spaces": b"module:\n  id: m1\n  \ttitle: Contact\n",
    "tabs-everywhere": b"module:\n\tid: m1\n\ttitle: Contact\n",
    "colon-at-the-end": b"title: Do this:\nid: m1\n",
    "colon-in-braces": b"module: {id: m1, title: Day 1: Intro}\n",
    "fields-in-one-line": b"id: m1 title: Contact\n",
    "fields-without-a-comma": b"module: {id: m1 title: Contact}\n",
    "quotes-inside-quotes": b'title: "The "right" way"\nid: m1\n',
    "quotes-around-a-part": b'title: "Right" and wrong\nid: m1\n',
    "apostrophe-in-brackets": b"requires: ['m1', 'Don't']\n",
    "unclosed-quote-above-another": b'title: "Contact\ngoal: "Greet"\nid: m1\n',
    "unclosed-apostrophe": b"title: 'tis\nid: m1\n",
    "backslash": b'file: "C:\\Users"\n',
    "comment-inside-a-text": b"goal: Lift # carefully\n  and slowly\nid: m1\n",
    "comment-inside-braces": b"module: {title: Lift # carefully, id: m1}\nksas: []\n",
    "dash-without-space": b"requires:\n-m1\n-m2\n",
    "second-dash-without-space": b"requires:\n  - m1\n  -m2\n",
    "dash-at-a-field": b"ksas:\n  -id: k1\n   name: Greet\n",
    "space-before-colon": b"title :Contact\nid: m1\n",
    "wide-colon": "title\uff1aContact\nid: m1\n".encode(),
    "no-colon": b"id: m1\ntitle Contact\ngoal: Greet\n",
    "no-break-space-behind-colon": "title:\u00a0Contact\n".encode(),
    "no-break-space-behind-dash": "requires:\n  -\u00a0m1\n".encode(),
    "bold-text": b"note: **important** thing\n",
    "entity": b"title: &amp; more\n",
    "percent-at-line-start": b"id: m1\n%c: d\n",
    "backtick": b"note: `id` is a name\n",
    "question-mark": b"note: ? really\n",
    "wrong-bracket": b"requires: [m1, m2}\nid: m3\n",
    "bracket-too-many": b"requires: [m1]]\nid: m3\n",
    "item-too-far-out": b"ksas:\n  - id: k1\n - id: k2\n",
    "item-too-far-in": b"ksas:\n - id: k1\n  - id: k2\n",
    "field-beside-list": b"- id: m1\ntitle: Contact\n",
    "utf-16-without-mark": "title: Contact".encode("utf-16-le"),
    "utf-32": "title: Contact".encode("utf-32"),
    "mark-inside": "id: m1\n\ufefftitle: Contact\n".encode(),
    "not-a-character": "title: Con\uffff\n".encode(),
    "windows-1252-with-more": b"title: Caf\xe9\nroom: \x93A\x94\ngoal: @home\n",
    "two-encodings": "\ufefftitle: Zo\u00eb\n".encode() + b"goal: \xc3\xa9 and \xe9: x\n",
    "old-mac": b"id: m1\rtitle: Day 1: Intro\r",
    "windows-lines": b"id: m1\r\ntitle: Day 1: Intro\r\n",
    "many-in-one-file": (
        b"module:\n  id:m1\n  title: Day 1: Intro\n\tgoal: x\n  room: @home\n"
        b"   rationale: 'Don't'\n  transition: Next\n  room: B\n"
    ),
    "first-line-too-far-in": b"  module:\n    id: m1\nksas: []\n",
    "first-line-without-colon": b"Module one\n\n- id: m1\n",
    "comma-too-many": b"requires: [m1, , m2]\n",
    "dash-alone": b"ksas:\n  -\n  id: k1\n",
    "exclamation-and-percent": b"note: !20%more\n",
    "directive-with-more": b"%YAML 1{1\n---\nid: m1\n",
    "merge-conflict": (
        b"module:\n  id: m1\n<<<<<<< HEAD\n  title: Contact\n=======\n  title: Contacts\n"
        b">>>>>>> theirs\n  goal: @home\n"
    ),
    "list-left-of-its-name": b"module:\n  requires:\n- m1\n  id: m2\n",
    "list-between-two": b"scale:\n  levels:\n    - level: 1\n      - level: 2\n",
    "bracket-left-open-before-another": b"ksas: [{ksa: k1, level: 2, {ksa: k2, level: 2}]\n",
    "text-behind-number-sign": b"title: Module #1\nroom: Lift # carefully\nnote: Language C #\n",
}
# What may be read although it is told.
READABLE = {"text-behind-number-sign"}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake(name: str, snapshot: Snapshot) -> None:
    raw = MISTAKES[name]
    _, outcome = parse("content/m1.yaml", raw)
    assert outcome.failed == (name not in READABLE)
    told = [
        f"{d.place.file}:{d.position.line}:{d.position.column}: "
        f"{d.severity}[{d.rule}]: {d.message}\n  hint: {d.hint}\n"
        for d in outcome.diagnostics
        if d.position
    ]
    assert told
    question = raw.decode("utf-8", "backslashreplace").replace("\r", "\\r")
    snapshot(f"mistake-{name}", f"{question}\n----\n{''.join(told)}")


REMARKS = [
    "id: m1 # the first",
    "id: m1  # The first module",
    "title: Customer contact  # short for now",
    "minutes: 45 # was 60",
    "minutes: 45\t#was 60",
    'title: "Room" # B',
    "title: 'Room #1'",
    "title: Room#1",
    "- {id: m1, title: Contact}  # <--",
    "requires: [m1, m2] # in order",
    "body: |  # a note\n  A text # with a sign #1",
    "# a line of its own #1\nid: m1",
    "ksas: # all of them\n  - k1",
    "title: >-\n  Room #1",
]


@pytest.mark.parametrize("text", REMARKS)
def test_an_ordinary_comment_is_no_lost_text(text: str) -> None:
    _, outcome = parse("a.yaml", f"{text}\n".encode())
    assert outcome.diagnostics == ()


def test_mended_lines_are_what_the_hints_say() -> None:
    """Where a hint shows the line as it should read, that line mends the file."""
    shown = 0
    for name, raw in MISTAKES.items():
        source, outcome = parse("a.yaml", raw)
        fault = outcome.diagnostics[0]
        so, _, line = (fault.hint or "").split("; if ")[0].partition("write it so: ")
        if so or not line or len(outcome.diagnostics) > 1 or not fault.position:
            continue
        lines = lines_of(source.text)
        old = lines[fault.position.line - 1]
        lines[fault.position.line - 1] = old[: len(old) - len(old.lstrip())] + line
        assert not parse("a.yaml", "\n".join(lines).encode())[1].failed, name
        shown += 1
    assert shown > 15


def test_what_stands_behind_a_slip_keeps_its_line() -> None:
    raw = b"module:\n  id:m1\n  title: Day 1: Intro\n  rooms: a\n"
    source, outcome = parse("a.yaml", raw)
    assert outcome.value == {"module": {"id": "m1", "title": "Day 1: Intro", "rooms": "a"}}
    assert source.key_position(("module", "rooms")) == (4, 3)
    assert source.line(3) == "  title: Day 1: Intro"


def test_a_guess_is_not_taken_at_its_word() -> None:
    for text in ("module:\n\tid: m1\n", "id: m1 title: x\n", "a: b\n c: d\n", "a: b\nc\nd: e\n"):
        assert parse("a.yaml", text.encode())[1].value is None


def test_ends_of_lines_and_a_mark_at_the_start_do_not_matter() -> None:
    for end in ("\n", "\r\n", "\r"):
        raw = f"\ufeffid: m1{end}title: Contact{end}".encode()
        source, outcome = parse("a.yaml", raw)
        assert outcome.value == {"id": "m1", "title": "Contact"}
        assert source.position(("title",)) == (2, 8)
        assert source.line(2) == "title: Contact"


def test_no_break_spaces_may_stand_inside_a_text() -> None:
    for text in ("10\u00a0minutes", "\u00a0", "\u00a0ten", "ten\u00a0"):
        assert parse("a.yaml", f"t: [{text}]\n".encode())[1].value == {"t": [text]}
        assert parse("a.yaml", f"t:\n  - {text}\n".encode())[1].value == {"t": [text]}


# What stands in the file, and what it means. Quoted and unquoted mean the same.
SCALARS = [
    "10:00", "9:30", "no", "NO", "off", "yes", "on", "true", "null", "~", "1.10", "007", "012",
    "08", "0o12", "0x1F", "1_000", "1e3", ".inf", ".nan", "2027-01-11", "2027-13-45", "190:20:30",
    "+1", "-0", "1,5", "k1", "n", "y", "Ja", "é", "日本", "1.0.0", "5 - Expert", "<", "=",
]  # fmt: skip


@pytest.mark.parametrize("text", SCALARS)
def test_scalar_means_what_it_says(text: str) -> None:
    for written in (text, f'"{text}"', f"'{text}'"):
        _, outcome = parse("a.yaml", f"v: {written}\n".encode())
        assert outcome.value == {"v": text}


def test_joiners_of_scripts_and_emoji_may_stay() -> None:
    text = "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645 \U0001f469\u200d\U0001f3eb"
    assert parse("a.yaml", f"v: {text}\n".encode())[1].value == {"v": text}


def test_lines_of_a_long_text_are_quick_to_ask_for() -> None:
    source = SourceText("a.yaml", "a: b\n" * 100_000)
    begin = time.process_time()
    assert all(source.line(number) == "a: b" for number in range(1, 2_000))
    assert (source.line(0), source.line(100_001)) == ("", "")
    assert time.process_time() - begin < 2


BOMBS = {
    "aliases": b"a: &a [x,x,x,x,x,x,x,x,x]\n"
    + b"".join(
        f"{c}: &{c} [{','.join(['*' + p] * 9)}]\n".encode()
        for p, c in zip("abcdefgh", "bcdefghi", strict=True)
    ),
    "merges": b"a: &a {x: 1}\n"
    + b"".join(
        f"{c}: &{c} {{<<: [{','.join(['*' + p] * 9)}]}}\n".encode()
        for p, c in zip("abcdef", "bcdefg", strict=True)
    ),
    "flow": b"[" * 100_000,
    "closed-flow": b"[" * 100_000 + b"]" * 100_000,
    "block": b"- " * 100_000,
    "question": b"? " * 100_000,
    "mapping": b"{a: " * 50_000,
    "many-values": b"a: [" + b"x," * 300_000 + b"x]\n",
    "long-text": b"a: " + b"x" * 150_000,
    "large-file": b"#" * 3_000_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_refused_cheaply(name: str) -> None:
    tracemalloc.start()
    begin = time.process_time()
    _, outcome = parse("a.yaml", BOMBS[name])
    spent = time.process_time() - begin
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert outcome.failed
    # Far above what it takes, far below what the bomb would cost.
    assert spent < 10
    assert peak < 200_000_000


def test_reading_again_has_a_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []

    def counted(original: Callable[[_Reader], Data | None]) -> Callable[[_Reader], Data | None]:
        def reading(reader: _Reader) -> Data | None:
            read.append(len(reader.text))
            return original(reader)

        return reading

    monkeypatch.setattr(_Reader, "read", counted(_Reader.read))
    for size in (10, 1_000, 30_000, 150_000):
        read.clear()
        text = "".join(f"k{n}: Day 1: Intro\n" for n in range(size))
        _, outcome = parse("a.yaml", text.encode()[:1_900_000])
        assert outcome.failed
        assert len(outcome.diagnostics) <= MAX_FAULTS
        assert sum(read) <= MAX_AGAIN + 2 * max(read)


def test_fields_of_one_mapping_have_a_limit() -> None:
    text = "".join(f"k{n}: a\n" for n in range(MAX_FIELDS + 1))
    assert [d.rule for d in parse("a.yaml", text.encode())[1].diagnostics] == ["file-too-large"]
    assert not parse("a.yaml", text[: text.rindex("k")].encode())[1].failed


def test_depth_has_a_limit() -> None:
    fits = "[" * MAX_DEPTH + "]" * MAX_DEPTH
    assert not parse("a.yaml", f"a: {fits[1:-1]}\n".encode())[1].failed
    assert parse("a.yaml", f"a: {'[' * 41 + ']' * 41}\n".encode())[1].failed


names = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
texts = st.text(
    st.characters(min_codepoint=32, max_codepoint=0x24F, exclude_categories=["Cc", "Cf"]),
    max_size=20,
)
data = st.recursive(
    texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(names, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(names, data, min_size=1, max_size=4))
def test_parse_undoes_dump(value: dict[str, Data]) -> None:
    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, _: object) -> bool:
            return True

    raw = yaml.dump(value, allow_unicode=True, Dumper=Plain, default_style=None)
    _, outcome = parse("a.yaml", raw.encode())
    assert outcome.value == value


@given(st.dictionaries(names, data, min_size=1, max_size=4))
def test_every_position_points_at_its_value(value: dict[str, Data]) -> None:
    raw = yaml.safe_dump(value, allow_unicode=True, default_style='"', width=10_000)
    if "*id" in raw:
        return  # the dumper shares equal values, which content may not
    source, outcome = parse("a.yaml", raw.encode())
    assert outcome.value == value

    def visit(inner: Data, route: tuple[str | int, ...]) -> None:
        if isinstance(inner, str):
            at = source.position(route)
            rest = source.line(at.line)[at.column - 1 :]
            assert rest.startswith('"')
        elif isinstance(inner, dict):
            for key, each in inner.items():
                at = source.key_position((*route, key))
                assert source.line(at.line)[at.column - 1 :].startswith(f'"{key}"')
                visit(each, (*route, key))
        else:
            for index, each in enumerate(inner):
                visit(each, (*route, index))

    visit(value, ())


def test_doubling_any_key_is_refused_with_both_lines(shipped_files: Files) -> None:
    raw = shipped_files["content/program.yaml"]
    lines = raw.decode().splitlines()
    keys = [n for n, line in enumerate(lines) if line.startswith("  ") and line[2:3].isalpha()]
    for number in keys:
        key = lines[number].split(":")[0]
        doubled = "\n".join([*lines, f"{key}: again", ""])
        _, outcome = parse("content/program.yaml", doubled.encode())
        faults = [d for d in outcome.diagnostics if d.rule == "duplicate-key"]
        assert [d.position.line for d in faults if d.position] == [len(lines) + 1]
        assert f"line {number + 1} " in faults[0].message
        assert [r.position and r.position.line for r in faults[0].related] == [number + 1]


def test_mutated_content_never_crashes_the_reader(shipped_files: Files) -> None:
    chance = random.Random(7)  # noqa: S311 - the same mutations at every run
    samples = [raw[:4_000] for name, raw in sorted(shipped_files.items()) if name.endswith("yaml")]
    for _ in range(3_000):
        raw = bytearray(chance.choice(samples))
        for _ in range(chance.randint(1, 6)):
            where = chance.randrange(len(raw))
            match chance.randrange(3):
                case 0:
                    raw[where] = chance.randrange(256)
                case 1:
                    del raw[where : where + chance.randint(1, 9)]
                case _:
                    raw[where:where] = chance.choice(
                        [b"\t", b": ", b"- ", b"{", b"]", b"'", b'"', b"&a ", b"*a", b"!!x ", b"\n"]
                    )
            if not raw:
                break
        source, outcome = parse("a.yaml", bytes(raw))
        assert outcome.failed or outcome.value is not None
        for diagnostic in outcome.diagnostics:
            assert diagnostic.position
            assert 1 <= diagnostic.position.line <= source.text.count("\n") + 2
