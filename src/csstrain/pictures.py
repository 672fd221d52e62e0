"""Pictures that authors bring along: what each is, and whether it can be shown at all."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field
from io import BytesIO

SUFFIXES = (".png", ".jpg", ".jpeg")
MAX_PIXELS = 20_000_000  # a page of this paper shows no more than about eight million


@dataclass(frozen=True)
class Picture:
    """A picture that can be shown: its bytes as they were given, its kind, its size in pixels."""

    raw: bytes = field(repr=False)
    kind: str
    width: int
    height: int

    @property
    def suffix(self) -> str:
        """The ending of a file that holds it."""
        return "jpg" if self.kind == "jpeg" else self.kind

    @property
    def media_type(self) -> str:
        """What browsers call its kind."""
        return f"image/{self.kind}"


class UnusablePicture(Exception):
    """A file that is no picture, or none that can be shown; says why."""


def look(raw: bytes) -> Picture:
    """A picture, read to its last pixel. Raises UnusablePicture."""
    from PIL import Image, ImageFile, UnidentifiedImageError  # noqa: PLC0415 - most have none

    lenient = ImageFile.LOAD_TRUNCATED_IMAGES  # which WeasyPrint turns on for everybody
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our bound is below
            image = Image.open(BytesIO(raw), formats=("PNG", "JPEG"))
        if image.width * image.height > MAX_PIXELS:
            raise UnusablePicture(f"it has more than {MAX_PIXELS:,} pixels")
        image.load()
    except UnidentifiedImageError as fault:
        raise UnusablePicture("it is neither PNG nor JPEG, whatever its name says") from fault
    except Image.DecompressionBombError as fault:
        raise UnusablePicture(f"it has more than {MAX_PIXELS:,} pixels") from fault
    except (OSError, SyntaxError, ValueError) as fault:  # what it raises for what was cut short
        raise UnusablePicture("it is damaged or was cut short") from fault
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = lenient
    if image.format not in ("PNG", "JPEG") or getattr(image, "n_frames", 1) != 1:
        raise UnusablePicture("it moves, and paper does not")
    return Picture(raw, image.format.lower(), image.width, image.height)
