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
