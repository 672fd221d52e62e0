"""Everything that a file can tell whoever opens it, whatever kind of file it is."""

from __future__ import annotations

import gzip
import html
import io
import re
import subprocess
import zipfile
from collections.abc import Iterator
from urllib.parse import unquote

import pikepdf  # noqa: TID253 - what tests read pages with


def everything(name: str, content: str | bytes) -> str:
    """The name and all that can be read in a file: text, markup, metadata, what is packed in it.

    Letters and digits alone are left, small and without a break, so that a word is found however
    it is escaped, hyphenated or broken over lines.
    """
    return "|".join(_bare(each) for each in (name, *_texts(content)))


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _texts(content: str | bytes) -> Iterator[str]:
    raw = content.encode() if isinstance(content, str) else content
    if raw.startswith(b"%PDF"):
        yield from _pdf(raw)
    elif raw.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            for name in packed.namelist():
                yield name
                yield from _texts(packed.read(name))
    elif raw.startswith(b"\x1f\x8b"):
        yield from _texts(gzip.decompress(raw))
    elif raw.startswith((b"\x00\x01\x00\x00", b"OTTO")):
        yield from (raw.decode("latin-1"), raw.decode("utf-16-be", "ignore"))  # a font, not packed
    elif raw.startswith(b"\x89PNG"):
        yield raw.decode("latin-1")  # what a picture tells beside its pixels is not packed
    else:
        # A file that is neither text nor packed as above is a kind that nobody has vouched for.
        text = raw.decode("utf-8")
        escaped = re.sub(r"\\u([0-9a-fA-F]{4})", lambda found: chr(int(found[1], 16)), text)
        yield from {text, html.unescape(text), unquote(text), escaped}


def _pdf(raw: bytes) -> Iterator[str]:
    """What is seen on the pages, and every name, string and stream of every object.

    That holds titles, outlines, metadata, the structure tree with its alternative texts,
    attachments and actions.
    """
    yield page_text(raw)
    with pikepdf.open(io.BytesIO(raw)) as book:
        yield from _strings(book.trailer)
        for each in book.objects:
            yield from _strings(each)


def _strings(each: object) -> Iterator[str]:
    if isinstance(each, pikepdf.Stream):
        # Pictures and fonts come as they are: what they are packed with shows no words.
        try:
            raw = each.read_bytes()
        except pikepdf.PdfError:
            raw = each.read_raw_bytes()
        yield from (raw.decode("latin-1"), raw.decode("utf-16-be", "ignore"))
    if isinstance(each, pikepdf.String):
        yield from (str(each), bytes(each).decode("latin-1"))
    elif isinstance(each, pikepdf.Name):
        yield str(each)
    elif isinstance(each, pikepdf.Dictionary | pikepdf.Stream):
        for key, value in each.items():
            yield key
            if not _elsewhere(value):
                yield from _strings(value)
    elif isinstance(each, pikepdf.Array):
        for value in each:
            if not _elsewhere(value):
                yield from _strings(value)


def _elsewhere(value: object) -> bool:
    """Whether an object stands by itself, so that it comes along anyway."""
    return isinstance(value, pikepdf.Object) and value.is_indirect


def page_text(raw: bytes) -> str:
    """What is seen on the pages of a PDF, cell by cell."""
    command = ["pdftotext", "-raw", "-enc", "UTF-8", "-", "-"]
    return subprocess.run(command, input=raw, capture_output=True, check=True).stdout.decode()
