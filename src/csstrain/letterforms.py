"""Letterforms: which signs printed pages can show, and what to write instead of the others."""

from __future__ import annotations

import unicodedata
from functools import cache
from importlib import resources

# What people mean by signs that no packaged font has.
_MEANT = {
    sign: meant
    for signs, meant in (
        ("✅✔☑🗸", "✓"),
        ("❌❎✖✘☒🗙", "✗"),
        ("➔➙➜➝➞➡➤", "→"),
        ("⬅", "←"),
        ("▸", "•"),
        ("☐❏❑◻", "□"),
        ("❗❕", "!"),
        ("❓❔", "?"),
        ("⭐🌟", "★"),
        ("─━", "–"),
    )
    for sign in signs
}


def unprintable(text: str) -> tuple[str, ...]:
    """The signs of a text that printed pages cannot show, each once, as they are met.

    >>> unprintable("Smile 😀, Łukasz 😀 王!")
    ('😀', '王')
    """
    if text.isascii() or not set(text) - printed():
        return ()
    return tuple(dict.fromkeys(sign for sign in text if sign not in printed()))


@cache
def printed() -> frozenset[str]:
    """Every sign that printed pages can show, from the ranges that `scripts/docs` wrote."""
    lines = (
        (resources.files("csstrain") / "data" / "letterforms.txt").read_text("utf-8").split("\n")
    )
    ranges = (part.partition("-") for line in lines[1:] for part in line.split())
    return frozenset(
        chr(code)
        for first, _, last in ranges
        for code in range(int(first, 16), int(last or first, 16) + 1)
    )


def named(sign: str) -> str:
    """A sign as a message shows it: itself where that can be seen, and its name in Unicode.

    >>> named("😀"), named("\\u20e3"), named("\\uf0b7")
    ('`😀` (U+1F600 GRINNING FACE)', '`◌⃣` (U+20E3 COMBINING ENCLOSING KEYCAP)', 'U+F0B7')
    """
    code = f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".rstrip()
    if not sign.isprintable():
        return code
    return f"`{'◌' if unicodedata.combining(sign) or _is(sign, 'M') else ''}{sign}` ({code})"


def instead(sign: str) -> str:
    """What to write for a sign that cannot be printed.

    >>> instead("✔"), instead("ﬁ"), instead("😀")
    ('write `✓`', 'write `fi`', 'say it in words')
    """
    meant = _MEANT.get(sign) or unicodedata.normalize("NFKC", sign)
    if meant.strip() and not unprintable(meant):
        return f"write `{meant}`"
    if _is(sign, "L"):
        return "write it in Latin letters, as a passport does"
    if _is(sign, "M"):
        return "write the letter with its mark as one sign, or without the mark"
    return "say it in words"


def _is(sign: str, kind: str) -> bool:
    """Whether a sign is a letter (L), a mark on one (M) …"""
    return unicodedata.category(sign).startswith(kind)
