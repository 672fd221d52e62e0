"""A file as a tree of plain values, so that two files can be held against each other.

Texts in it are folded: white space that no reader sees differ is one space.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from urllib.parse import unquote
from xml.etree import ElementTree

import icalendar  # noqa: TID253 - the reader of what these tests write
import tinyhtml5

# What a spreadsheet takes for the beginning of a formula.
FORMULA = tuple("=+-@\t\r＝＋－＠")
_LITERAL = re.compile(r'"(?:[^"\\]|\\.)*"')

Mask = Callable[[str], str]


def fold(text: str) -> str:
    """A text with single spaces."""
    return " ".join(text.split())


def shape(name: str, content: str | bytes, mask: Mask) -> object:
    """All that stands in a file, each text as `mask` gives it back."""
    raw = content.encode() if isinstance(content, str) else content
    reader = _READERS.get(name.rpartition(".")[2])
    # A kind of file that has no reader here has to be the same whatever authors write.
    return reader(raw, mask) if reader else raw


def _html(raw: bytes, mask: Mask) -> object:
    return list(
        _events(
            tinyhtml5.parse(raw, namespace_html_elements=False, override_encoding="utf-8"), mask
        )
    )


def _events(element: ElementTree.Element, mask: Mask) -> Iterator[object]:
    # The picture of a week cuts words to fit; that all of them stand there is seen in the table.
    cut = str(element.tag).endswith("svg") and element.get("class") == "week"
    # The tag of a comment is no text.
    yield (str(element.tag), _attributes(element, mask))
    if element.tag == "script":
        yield _script((element.text or "").encode(), mask)
    elif text := mask(element.text or ""):
        yield text
    for inner in element:
        if not (cut and str(inner.tag).endswith("text")):
            yield from _events(inner, mask)
        else:
            assert (len(inner), sorted(inner.attrib)) in ((0, each) for each in _DRAWN)
        if text := mask(inner.tail or ""):
            yield text
    yield ("end", str(element.tag))


def _attributes(element: ElementTree.Element, mask: Mask) -> list[tuple[str, str]]:
    """Names and values; of ids, which may be made from headings, that they are plain words."""
    found = []
    for name, value in sorted(element.attrib.items()):
        if name in _IDS:
            assert re.fullmatch(r"[\w.:-]+( [\w.:-]+)*", value), value
            found.append((name, "an id"))
        elif name == "href":
            address, mark, place = unquote(value).partition("#")
            assert re.fullmatch(r"[\w.:-]*", place), value
            found.append((name, mask(address) + mark))
        else:
            found.append((name, mask(value)))
    return found


_IDS = {"id", "for", "headers", "aria-labelledby", "aria-describedby", "aria-controls"}
_DRAWN = (
    ["fill", "font-size", "x", "y"],
    ["fill", "font-size", "font-weight", "text-anchor", "x", "y"],
    ["fill", "font-size", "text-anchor", "x", "y"],
)


def _script(raw: bytes, mask: Mask) -> object:
    """A script that holds data: its texts, and what stands around them.

    Ids may be made from headings here too.
    """
    text = raw.decode()
    literals = (json.loads(found) for found in _LITERAL.findall(text))
    texts = ["an id" if re.fullmatch("[a-z0-9-]+", each) else mask(each) for each in literals]
    return (_LITERAL.sub('""', text), texts)


def _json(raw: bytes, mask: Mask) -> object:
    return _masked(json.loads(raw), mask)


def _masked(value: object, mask: Mask) -> object:
    if isinstance(value, dict):
        return {mask(key): _masked(inner, mask) for key, inner in value.items()}
    if isinstance(value, list):
        return [_masked(inner, mask) for inner in value]
    return mask(value) if isinstance(value, str) else value


def _csv(raw: bytes, mask: Mask) -> object:
    rows = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))
    cells = [cell for row in rows for cell in row]
    risky = [c for c in cells if c.startswith(FORMULA) and not re.fullmatch(r"-?[\d.]+", c)]
    assert risky == []
    return [[mask(_unguarded(cell)) for cell in row] for row in rows]


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(FORMULA) else cell


def _xlsx(raw: bytes, mask: Mask) -> object:
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    tree = {name: ElementTree.fromstring(part) for name, part in parts.items()}  # noqa: S314 - ours
    sheets = [e.attrib["name"] for e in tree["xl/workbook.xml"].iter() if e.tag.endswith("}sheet")]

    def numbered(text: str) -> str:
        """Names of sheets may be made from titles, of letters, digits and spaces."""
        for number, name in enumerate(sheets):
            for each in (f"'{name}'!", f"{name}!"):
                text = text.replace(each, f"sheet {number}!")
        return mask(text)

    def listed(text: str) -> str:
        return f"sheet {sheets.index(text)}" if text in sheets else numbered(text)

    assert [name for name in sheets if not re.fullmatch(r"[\w .-]{1,31}", name)] == []
    lists = ("xl/workbook.xml", "docProps/app.xml")
    return {
        name: list(_elements(root, listed if name in lists else numbered))
        for name, root in tree.items()
    }


def _elements(element: ElementTree.Element, mask: Mask) -> Iterator[object]:
    """An element of XML; white space that a text must keep is marked, and that says nothing."""
    listed = ((k, v) for k, v in element.attrib.items() if not k.endswith("space"))
    yield (element.tag, sorted((name, mask(value)) for name, value in listed))
    if element.tag.endswith("oddFooter"):
        # Cut to what a footer holds, and a single & in it would be a code.
        assert re.fullmatch("&L([^&]|&&)*&R&P / &N", element.text or ""), element.text
    else:
        yield mask(element.text or "")
    for inner in element:
        yield from _elements(inner, mask)
        yield mask(inner.tail or "")
    yield ("end", element.tag)


def _xml(raw: bytes, mask: Mask) -> object:
    return list(_elements(ElementTree.fromstring(raw), mask))  # noqa: S314 - made just now


def _ics(raw: bytes, mask: Mask) -> object:
    book = icalendar.Calendar.from_ical(raw.decode())
    return [
        (part.name, [(k, mask(_value(v))) for k, v in part.property_items(recursive=False)])
        for part in book.walk()
    ]


def _value(value: object) -> str:
    if isinstance(value, str):
        return str(value)
    made = value.to_ical() if hasattr(value, "to_ical") else value
    return made.decode() if isinstance(made, bytes) else str(made)


_READERS: dict[str, Callable[[bytes, Mask], object]] = {
    "html": _html, "json": _json, "csv": _csv, "xlsx": _xlsx, "ics": _ics,
    "js": _script, "xml": _xml, "sarif": _json,
}  # fmt: skip
