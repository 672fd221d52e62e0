"""What texts and files hold that readers cannot use: corners of the rules about them."""

from __future__ import annotations

from csstrain.pipeline import compile_texts
from tests.curricula import PROGRAM, compile_text

HANDOUT = "material: {{id: mat-1, title: Desk, kind: handout, reader: trainee, body: {}}}"


def told(rule: str, body: str) -> list[str]:
    compiled = compile_text(m=HANDOUT.format(body))
    return [d.message for d in compiled.diagnostics if d.rule == rule]


def test_a_file_that_no_material_names_is_told_at_the_program() -> None:
    files = {"content/program.yaml": PROGRAM.encode(), "content/materials/extra.md": b"Text.\n"}
    (found,) = [d for d in compile_texts(files).diagnostics if d.rule == "unused-material"]
    assert "`extra.md`" in found.message
    assert found.place.file == "content/program.yaml"
    named = b"material: {id: mat-1, title: T, kind: handout, reader: trainee, file: extra.md}\n"
    with_material = compile_texts({**files, "content/m.yaml": named})
    assert not any("extra.md" in d.message for d in with_material.diagnostics)


def test_a_placeholder_in_capitals_is_found_and_one_in_code_is_not() -> None:
    assert told("placeholder-left", "The fee is TBD.") == ["a text of `mat-1` still says `tbd`"]
    assert told("placeholder-left", "Write `TODO` beside what waits.") == []
    assert told("placeholder-left", "Her todos are done.") == []


def test_html_in_a_block_of_code_is_meant_to_be_seen() -> None:
    block = '"Type:\\n\\n```\\n<br>\\n```\\n"'
    assert told("html-not-rendered", block) == []
    assert len(told("html-not-rendered", '"Type <br> here."')) == 1


def test_signs_that_no_page_shows_are_told_once_and_the_first_by_name() -> None:
    assert told("sign-without-letterform", '"One ✓\\n\\ntwo 😀 and 😀, 北 京 市"') == [
        "line 3 of this text of `mat-1` holds `😀` (U+1F600 GRINNING FACE), "
        "`北` (U+5317 CJK UNIFIED IDEOGRAPH-5317), `京` (U+4EAC CJK UNIFIED IDEOGRAPH-4EAC) "
        "and 1 more, which no printed page can show"
    ]


def test_signs_are_looked_for_wherever_words_are_printed() -> None:
    files = {
        "program.yaml": PROGRAM,
        "k.yaml": "ksa: {id: k1, statement: Skill in smiling 😀, classes: [skill]}",
        "m.yaml": "materials:\n"
        "  - {id: mat-1, title: T, kind: data, reader: trainee, file: t.csv}\n"
        "  - {id: mat-2, title: T, kind: handout, reader: trainee, file: t.md}\n",
        "materials/t.csv": "name,sign\nAda,🖊\n",
        "materials/t.md": "Ask.\n\nThen 📞.\n",
        "w.yaml": "waiver: {rule: untaught-ksa, id: k1, reason: ☕, by: Ada, date: 2027-01-11}",
    }
    compiled = compile_texts({f"content/{n}": text.encode() for n, text in files.items()})
    found = [d for d in compiled.diagnostics if d.rule == "sign-without-letterform"]
    assert sorted((d.place.file, d.place.route, d.message.split(" (U+")[0]) for d in found) == [
        ("content/k.yaml", ("ksa",), "a waiver for `k1` holds `☕`"),
        ("content/k.yaml", ("ksa", "statement"), "line 1 of this text of `k1` holds `😀`"),
        ("content/m.yaml", ("materials", 0, "file"), "line 2 of this text of `mat-1` holds `🖊`"),
        ("content/m.yaml", ("materials", 1, "file"), "line 3 of this text of `mat-2` holds `📞`"),
    ]


def test_names_joiners_and_signs_that_print_are_let_pass() -> None:
    names = "Dvořák, Şahin, Wałęsa, Nguyễn, Nguye\u0302\u0303n, Ωραία, Хрущёв, O’Neill, Ðuro"
    signs = "a\u200cb ✓\ufe0e 1\u00a0000\u202f€ → ½ ★ □"
    assert told("sign-without-letterform", f'"{names}; {signs}"') == []
