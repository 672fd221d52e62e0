"""No key, anchor, expected answer, script or trainer's note reaches a trainee."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import pikepdf  # noqa: TID253 - what this test reads pages with
import pypdf
import pytest

from csstrain import outputs
from csstrain.render import Artifact, render
from tests import binder_sample
from tests.binder_sample import SECRETS, SHOWN


@pytest.fixture(scope="module")
def made() -> tuple[Artifact, ...]:
    assert outputs.__path__  # importing the package registers every output
    return render(binder_sample.compiled(), only=["binder", "instruments", "workbook"])


def everything(content: str | bytes) -> str:
    """All text of a file: pages, metadata, bookmarks, attachments, and every string inside."""
    if isinstance(content, str):
        return content
    found = list(_strings(content))
    reader = pypdf.PdfReader(BytesIO(content))
    found += [page.extract_text() for page in reader.pages]
    return "\n".join(found)


def _strings(content: bytes) -> Iterator[str]:
    with pikepdf.open(BytesIO(content)) as book:
        assert "/EmbeddedFiles" not in book.Root.get("/Names", {})
        for each in book.objects:
            yield str(each) if isinstance(each, pikepdf.String) else repr(each)
            if isinstance(each, pikepdf.Stream) and each.get("/Type") == "/Metadata":
                yield each.read_bytes().decode()


def folder(artifacts: tuple[Artifact, ...], name: str) -> str:
    return "\n".join(everything(a.content) for a in artifacts if a.path.startswith(name))


def test_no_trainee_file_holds_a_secret(made: tuple[Artifact, ...]) -> None:
    text = folder(made, "trainee/")
    assert [word for word in SECRETS if word in text] == []
    assert [word for word in SHOWN if word not in text] == []


def test_every_secret_stands_in_the_sample(made: tuple[Artifact, ...]) -> None:
    assert [word for word in SECRETS if word not in binder_sample.CONTENT] == []


def test_graded_instruments_stay_out_of_the_binder(made: tuple[Artifact, ...]) -> None:
    text = folder(made, "trainer/")
    graded = (
        "CANARYkey", "CANARYrationale", "CANARYstem", "CANARYoption", "CANARYanchor",
        "CANARYscript", "CANARYraternotes", "CANARYassessormat",
    )  # fmt: skip
    assert [word for word in graded if word in text] == []
    assert "CANARYanswers" in text
    assert "CANARYexpect" in text


def test_assessors_get_what_they_need(made: tuple[Artifact, ...]) -> None:
    text = folder(made, "assessor/")
    wanted = (
        "CANARYkey", "CANARYrationale", "CANARYstem", "CANARYoption", "CANARYanchor",
        "CANARYcritical", "CANARYscript", "CANARYcandidate", "CANARYraternotes",
        "CANARYquestion", "CANARYassessormat",
    )  # fmt: skip
    assert [word for word in wanted if word not in text] == []
