"""No key, anchor, expected answer, script or trainer's note reaches a trainee.

Every text of the program holds a word of its own. What trainees may see is listed below, field by
field, with the reason; everything else is secret, also a field that is added tomorrow.
"""

from __future__ import annotations

import gzip
import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, get_args

import pikepdf  # noqa: TID253 - what this test plants in pages
import pytest

from csstrain.model import KINDS
from csstrain.pdf import PrintChapter, PrintDocument, render_pdf
from csstrain.pipeline import BuildOptions, Compilation, make_artifacts
from csstrain.press import Press
from csstrain.render import Artifact
from tests.planted import TIGHT, Planted, Slot, is_text, planned, plant, reachable
from tests.read_back import everything

HTML = BuildOptions(formats=("html",))
OWN = "stands on the sheet that trainees are handed"

MAY_SEE = {
    "Activity.title": "names what is on the agenda, and the task in the workbook",
    "Activity.trainees": "tells trainees what to do",
    "Degree.text": "the standard that they are held to",
    "Mastery.accommodation": "a right of theirs: they have to know it",
    "Mastery.appeal": "a right of theirs: they have to know it",
    "Mastery.attendance": "what is expected of them",
    "Mastery.decision": "how it is decided about them",
    "Mastery.panel": "who decides about them after a second miss",
    "Mastery.records": "what is kept about them, and for how long",
    "Mastery.retest": "a right of theirs: they have to know it",
    "Mastery.status_during": "what they are until it is decided",
    "Material.alt": "what a picture shows, for trainees who do not see it",
    "Material.body": OWN,
    "Material.file (contents)": OWN,
    "Material.title": OWN,
    "Module.goal": "what the module brings them to",
    "Module.learning_points": "what they take along",
    "Module.title": "names the chapter of the workbook",
    "Objective.behavior": "what they will be able to do",
    "Objective.condition": "what they are given when they are to show it",
    "Objective.verb": "what they will be able to do",
    "Program.organization": "tells who gives the training",
    "Program.title": "names the workbook",
    "Program.version": "tells one print of the workbook from another",
    "Term.meaning": "explains a word that they meet",
    "Term.term": "a word that they meet",
}

# What decides about a trainee is for assessors; trainers teach to the objective, not to the test.
GRADED = ("Anchor", "Criterion", "Item", "Option", "Scenario")

# Lists of words by which rules judge a text: no document shows them.
FOR_RULES = ("Article", "VerbGroup", "VerbList", "WordList")


def may_see(slot: Slot) -> bool:
    """Whether trainees may see a text; of the materials only those made for them, and no key."""
    if slot.model == "Material":
        theirs = slot.beside["reader"] == "trainee" and slot.beside["kind"] != "key"
        return theirs and slot.name in MAY_SEE
    return slot.name in MAY_SEE


@pytest.fixture(scope="module")
def program() -> Planted:
    return plant(lambda slot: f"A text {slot.word} it is")


@pytest.fixture(scope="module")
def built(program: Planted) -> Compilation:
    return planned(program)


@pytest.fixture(scope="module")
def folders(program: Planted, built: Compilation) -> Mapping[str, str]:
    """All that the files of each folder tell, when all is held and when hours are short."""
    tight = make_artifacts(planned(program, TIGHT), HTML)
    with Press(workers=2) as press:
        return told((*make_artifacts(built, press=press), *tight))


def told(artifacts: tuple[Artifact, ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for each in artifacts:
        folder = each.path.partition("/")[0]
        found[folder] = found.get(folder, "") + everything(each.path, each.content)
    return found


def names(slots: set[Slot]) -> list[str]:
    """The fields of some slots, each with what stands beside it, as a failure should tell it."""
    return sorted(f"{s.name} of {s.beside.get('id', s.number)}" for s in slots)


def seen(program: Planted, text: str) -> set[Slot]:
    return {slot for slot in program.texts if slot.word in text}


def test_the_program_holds_every_model(program: Planted) -> None:
    held = {slot.model for slot in program.texts}
    wanted = {
        model.__name__ for kind in KINDS.values() for model, texts in reachable(kind) if texts
    }
    assert sorted(wanted - held) == [], "add one to the skeleton in tests/planted.py"


def test_whatever_takes_words_is_planted() -> None:
    """A field that is no text, such as an id, refuses a sentence; so nothing hides in it."""
    for model in {model for kind in KINDS.values() for model, _ in reachable(kind)}:
        for name, info in model.model_fields.items():
            for marks in strings(info.annotation, tuple(info.metadata)):
                patterns = [each for mark in marks if (each := getattr(mark, "pattern", None))]
                closed = any(not re.search(each, "A text it is") for each in patterns)
                assert closed or is_text(*marks), f"{model.__name__}.{name}"


def strings(annotation: Any, marks: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    """What each string is marked with that an annotation such as `Many[Line] | None` holds."""
    if annotation is str:
        yield marks
    own = getattr(annotation, "__metadata__", ())
    for each in get_args(annotation)[: 1 if own else None]:
        yield from strings(each, (*marks, *own))


def test_trainees_see_what_they_may_and_nothing_else(
    program: Planted, folders: Mapping[str, str]
) -> None:
    found = seen(program, folders["trainee"])
    leaked = {slot for slot in found if not may_see(slot)}
    assert names(leaked) == [], "if trainees may see it, say why in MAY_SEE"
    assert MAY_SEE.keys() - {slot.name for slot in found} <= {"Program.organization"}


def test_what_decides_stays_with_assessors(program: Planted, folders: Mapping[str, str]) -> None:
    found = seen(program, folders["trainer"] + folders["index.html"])
    graded = {slot for slot in found if slot.model in GRADED}
    papers = {slot for slot in found if slot.beside.get("reader") == "assessor"}
    assert names(graded | papers) == []


def test_every_secret_is_told_to_those_it_is_for(
    program: Planted, folders: Mapping[str, str]
) -> None:
    """The same words are found where they belong, so not finding them says something."""
    others = "".join(text for folder, text in folders.items() if folder != "trainee")
    secret = {slot.name for slot in program.texts if not may_see(slot)}
    untold = secret - {slot.name for slot in seen(program, others)}
    assert {name for name in untold if name.partition(".")[0] not in FOR_RULES} == set()


def test_a_secret_in_the_wrong_field_is_caught(program: Planted, built: Compilation) -> None:
    """An answer that an author, or a mistake in a document, lets stand where trainees read."""
    assert built.curriculum
    module = built.curriculum.modules["m1"]
    answers = module.activities[1].answers
    leaking = module.model_copy(update={"goal": answers})
    modules = {**built.curriculum.modules, "m1": leaking}
    curriculum = replace(built.curriculum, modules=modules)
    made = make_artifacts(replace(built, curriculum=curriculum), HTML)
    leaked = {slot for slot in seen(program, told(made)["trainee"]) if not may_see(slot)}
    assert names(leaked) == ["Activity.answers of a-show"]


# ── where a secret could hide in a file ──────────────────────────────────────────────

WORD = "zqkeyx"


@pytest.mark.parametrize(
    "text",
    [
        f"<!-- {WORD} -->",
        f'<p data-note="{WORD}"></p>',
        f"<script>const index = ['{WORD.upper()}'];</script>",
        "<p>zq&shy;keyx</p>",
        "&#122;&#113;&#107;&#101;&#121;&#120;",
        '{"text": "\\u007a\\u0071\\u006b\\u0065\\u0079\\u0078"}',
        "%7Aq%6Beyx",
        "zq-\nkeyx",
    ],
)
def test_a_word_is_found_however_a_text_holds_it(text: str) -> None:
    assert WORD in everything("index.html", text)


def test_a_word_is_found_in_names_and_in_what_is_packed() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("inside.json", gzip.compress(WORD.encode()))
    assert WORD in everything("a.zip", out.getvalue())
    assert WORD in everything(f"sheets/{WORD}.css", "")


def test_a_word_is_found_wherever_a_pdf_holds_it() -> None:
    page = """<html lang="en"><head><title>A page</title></head><body>
    <h1>zqonex</h1><h2>zqtwox</h2><p>zqthr&shy;eex</p>
    <p style="color: white; font-size: 1px">zqfourx</p>
    <svg width="9" height="9" role="img"><title>zqfivex</title><rect width="9" height="9"/></svg>
    <p><a href="mailto:zqsixx">here</a></p></body></html>"""
    chapter = PrintChapter("1", "zqsevenx", page, "p { width: 3em; overflow-wrap: anywhere }")
    made = render_pdf(PrintDocument("zqeightx", "en", (chapter,)))
    with pikepdf.open(io.BytesIO(made)) as book:
        file = pikepdf.Dictionary(F="zqtenx.txt", EF={"/F": pikepdf.Stream(book, b"zqninex")})
        book.Root.AF = pikepdf.Array([file])
        book.pages[0].obj.Extra = pikepdf.Array([pikepdf.Name("/zqelevenx")])
        out = io.BytesIO()
        book.save(out)
    text = everything("a.pdf", out.getvalue())
    words = (
        "one",
        "two",
        "three",
        "four",
        "five",
        "six",
        "seven",
        "eight",
        "nine",
        "ten",
        "eleven",
    )
    assert [each for each in words if f"zq{each}x" not in text] == []
