"""Pictures: what is taken for one, where it is shown, and who does not get to see it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from io import BytesIO

import pytest

from csstrain import outputs
from csstrain.load import load
from csstrain.pictures import MAX_PIXELS, UnusablePicture, look
from csstrain.press import Press
from csstrain.render import render
from tests import binder_sample
from tests.curricula import PICTURE, compile_text

SHOWS = "HANDOUT\n\n![](mat-map)\n"
MATERIAL = """  - id: mat-map
    title: Map
    kind: picture
    reader: trainee
    file: map.png
    alt: Two "houses" & a <gate>.
"""


def image(kind: str, width: int = 3, height: int = 2, **more: object) -> bytes:
    from PIL import Image

    out = BytesIO()
    Image.new("RGB", (width, height), (31, 78, 107)).save(out, kind, **more)
    return out.getvalue()


def moving() -> bytes:
    from PIL import Image

    out = BytesIO()
    first, second = (Image.new("RGB", (3, 2), (shade, 0, 0)) for shade in (1, 2))
    first.save(out, "PNG", save_all=True, append_images=[second])
    return out.getvalue()


def test_png_and_jpeg_are_pictures() -> None:
    assert [(p.kind, p.width, p.height) for p in (look(image("PNG")), look(image("JPEG")))] == [
        ("png", 3, 2),
        ("jpeg", 3, 2),
    ]


REFUSED: Mapping[str, tuple[bytes, str]] = {
    "gif": (image("GIF"), "neither PNG nor JPEG"),
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "neither PNG nor JPEG"),
    "pdf": (b"%PDF-1.7", "neither PNG nor JPEG"),
    "nothing": (b"", "neither PNG nor JPEG"),
    "cut short": (image("PNG", 90, 90)[:80], "damaged or was cut short"),
    "cut JPEG": (image("JPEG", 900, 900)[:-400], "damaged or was cut short"),
    "too large": (image("PNG", MAX_PIXELS // 1000 + 1, 1000), "more than 20,000,000 pixels"),
    "a bomb": (image("PNG", 20_000, 20_000), "more than 20,000,000 pixels"),
    "moving": (moving(), "it moves"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_picture_is_refused(name: str) -> None:
    raw, why = REFUSED[name]
    with pytest.raises(UnusablePicture, match=why):
        look(raw)
    (fault,) = load({"content/materials/map.png": raw}).diagnostics
    assert (fault.rule, fault.place.file) == ("unusable-picture", "content/materials/map.png")


@pytest.mark.parametrize(
    ("material", "rule"),
    [
        ("{kind: picture, file: desk.png}", "missing-field"),
        ("{kind: handout, file: desk.png, alt: A desk.}", "wrong-value"),
        ("{kind: picture, body: A desk., alt: A desk.}", "wrong-value"),
        ("{kind: picture, file: none.png, alt: A desk.}", "missing-file"),
    ],
)
def test_a_picture_needs_its_file_and_its_words(material: str, rule: str) -> None:
    text = material.replace("{", "material: {id: mat-desk, title: Desk, reader: trainee, ")
    more = "materials: [{id: m, title: m, kind: picture, reader: trainee, file: desk.png, alt: m}]"
    assert rule in {d.rule for d in compile_text(a=text, b=more).diagnostics}


@pytest.fixture(scope="module")
def made() -> Mapping[str, str | bytes]:
    """The sample with a picture in its handout."""
    content = binder_sample.CONTENT.rstrip("\n") + "\n" + MATERIAL
    files = {"content/materials/map.png": PICTURE}
    compiled = binder_sample.compiled(content, SHOWS, files)
    assert outputs.__path__  # importing the package registers every output
    with Press() as press:
        return {a.path: a.content for a in render(compiled, press=press)}


def test_a_picture_is_shown_with_its_words_and_handed_over_with_its_folder(
    made: Mapping[str, str | bytes],
) -> None:
    shown = [path for path, text in made.items() if 'class="picture"' in str(text)]
    assert shown
    for path in shown:
        found = re.search(r'<img class="picture" src="([^"]*)" alt="([^"]*)">', str(made[path]))
        assert found, path
        assert found[2] == "Two &quot;houses&quot; &amp; a &lt;gate&gt;."
        reader, *deeper = path.split("/")
        assert found[1] == "../" * (len(deeper) - 1) + "pictures/mat-map.png"
        assert made[f"{reader}/pictures/mat-map.png"] == PICTURE


def test_a_picture_is_printed_with_its_words(made: Mapping[str, str | bytes]) -> None:
    import pikepdf

    for path in ("trainer/binder.pdf", "trainee/workbook.pdf"):
        raw = made[path]
        assert isinstance(raw, bytes)
        with pikepdf.open(BytesIO(raw)) as pdf:
            images = [i for page in pdf.pages for i in page.get_images().values()]
            words = [str(o.Alt) for o in pdf.objects if _figure(o)]
        assert {(int(i.Width), int(i.Height)) for i in images} == {(2, 1)}
        assert words.count('Two "houses" & a <gate>.') == 1


def _figure(each: object) -> bool:
    import pikepdf

    return isinstance(each, pikepdf.Dictionary) and str(each.get("/S")) == "/Figure"


def test_trainees_do_not_get_a_picture_for_others() -> None:
    # A rule stops such content; were it to come this far, its code would be shown instead.
    content = (
        binder_sample.CONTENT.rstrip("\n")
        + "\n"
        + MATERIAL.replace("reader: trainee", "reader: trainer")
    )
    compiled = binder_sample.compiled(content, SHOWS, {"content/materials/map.png": PICTURE})
    made = [each for each in render(compiled) if each.path.startswith("trainee/")]
    assert made
    assert not [a.path for a in made if "pictures" in a.path]
    assert all("houses" not in str(a.content) for a in made)


def test_an_unknown_picture_stays_what_the_author_wrote() -> None:
    made = {a.path: str(a.content) for a in render(binder_sample.compiled(handout="![](no-such)"))}
    assert any("![](no-such)" in text for path, text in made.items() if path.endswith(".html"))
