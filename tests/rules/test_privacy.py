"""Data of real persons: found in texts and files, and never repeated in a message."""

from __future__ import annotations

import pytest

from csstrain.pipeline import compile_texts
from csstrain.report import FORMATS, View
from tests.curricula import PROGRAM

REAL = (
    "123-45-6789",
    "2221 0000 0000 0009",
    "3782 822463 10005",
    "6011 1111 1111 1117",
    "4111 1111 1111 1111",
    "5500-0000-0000-0004",
    "reyes@mail.com",
    "212-555-7843",
    "(212) 944-0155",
    "+44 20 7946 0958",
)
INVENTED = (
    "000-45-6789", "666-45-6789", "900-45-6789", "123-00-6789", "123-45-0000",
    "8111 1111 1111 1117",
    "4111 1111 1111 1112", "9001105", "T48213",
    "reyes@tallgrass.example", "reyes@example.org", "a@b.test",
    "212-555-0141", "(212) 555-0199", "1-800-433-3243", "800-433-3243",
    "(888) 433-3243", "ext. 5100",
    "2027-01-11", "100-200-3000", "$1,600 in 4 parts of 400",
)  # fmt: skip


def found(text: str, file: str = "") -> list[tuple[str, str]]:
    body = "file: case.csv" if file else f'body: "{text}"'
    material = f"material:\n  id: mat-1\n  title: Case\n  kind: case\n  reader: trainee\n  {body}\n"
    files = {"content/program.yaml": PROGRAM.encode(), "content/m.yaml": material.encode()}
    if file:
        files["content/materials/case.csv"] = file.encode()
    compiled = compile_texts(files)
    assert compiled.curriculum, [d.message for d in compiled.diagnostics]
    told = [d for d in compiled.diagnostics if d.rule == "student-data-suspected"]
    return [(d.message, d.hint or "") for d in told]


@pytest.mark.parametrize("value", REAL)
def test_what_may_be_real_is_told_and_not_repeated(value: str) -> None:
    ((message, hint),) = found(f"Note: {value}.")
    assert value not in message + hint
    ((message, _),) = found("", f"name,note\nReyes,{value}\n")
    assert "line 2 of content/materials/case.csv" in message
    assert value not in message


@pytest.mark.parametrize("value", INVENTED)
def test_what_is_invented_is_not_told(value: str) -> None:
    assert found(f"Note: {value}.") == []


@pytest.mark.parametrize("value", REAL)
def test_no_line_with_the_value_is_printed(value: str) -> None:
    text = (
        f"material:\n  id: m\n  title: Case\n  kind: case\n  reader: trainee\n  body: '{value}'\n"
    )
    files = {"content/program.yaml": PROGRAM.encode(), "content/m.yaml": text.encode()}
    compiled = compile_texts(files)
    assert "student-data-suspected" in {d.rule for d in compiled.diagnostics}
    assert [name for name, form in FORMATS.items() if value in form(compiled, View())] == []


def test_the_line_and_the_kind_are_told() -> None:
    ((message, hint),) = found("", "name,note\nReyes,none\nReyes,212-555-7843\n")
    assert message == (
        "line 3 of content/materials/case.csv in `mat-1` holds what looks like a real telephone "
        "number"
    )
    assert "555-0100 to 555-0199" in hint
    (one, other) = found("Her number is 123-45-6789, her address ann@mail.com.")
    assert "`body` in `mat-1` holds what looks like a real e-mail address" in one[0]
    assert "a social security number" in other[0]
    ((card, advice),) = found("Paid with 4111 1111 1111 1111.")
    assert "the number of a payment card" in card
    assert (one[1], other[1], advice) == (
        "end an invented address in `.example`, and give real ones as the name of an office",
        "take it out, or write one that cannot exist, such as 000-12-3456",
        "take it out; no case needs one",
    )


def test_each_kind_is_told_once_a_text() -> None:
    assert len(found("212-555-7841 and 212-555-7842 and reyes@mail.com")) == 2


@pytest.mark.parametrize("text", ["1" * 131_000, "+44 " + "(" * 131_000, "a@" * 65_000])
def test_no_text_takes_long_to_read(text: str) -> None:
    assert len(found("", text)) <= 1
