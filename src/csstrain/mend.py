"""What an author probably meant by a value that a model refused, ready to type."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Mapping

# The grammars of numbers are ASCII; a grouped number such as 1,000 is not a decimal one.
_GROUPED = re.compile(r"[0-9]{1,3}([,. '’_\u00a0\u202f][0-9]{3})+")
_AMOUNT = re.compile(
    r"([+-]?[0-9][0-9.,'’_ \u00a0\u202f]*|[+-]?[.,][0-9]+)\s*([^\W\d_]+\.?|%|[°$€£])?"
)
_BULLET = re.compile("[-*+\u00b7\u2013\u2014\u2022\u2023\u2043\u25aa\u25cf\u25e6]")


def flag(given: str) -> str | None:
    """True or false, as it was probably meant.

    >>> flag("Yes")
    'true'
    """
    word = given.strip().lower()
    if word in ("true", "yes", "y", "on", "1", "x"):
        return "true"
    return "false" if word in ("false", "no", "n", "off", "0") else None


def number(given: str) -> str | None:
    """A number without its unit, its leading zeros or its decimal comma.

    >>> [number(text) for text in ("20%", "1,5", "007", "½", "8 h", "ten")]
    ['20', '1.5', '7', '0.5', '8', None]
    """
    text = given.strip()
    if len(text) == 1 and not text.isascii():
        value = unicodedata.numeric(text, None)
        return None if value is None or value * 1000 % 1 else f"{value:g}"
    found = _AMOUNT.fullmatch(text)
    if not found:
        return None
    bare = found[1].strip().lstrip("+")
    if _GROUPED.fullmatch(bare) and not bare.startswith("0"):
        bare = re.sub("[^0-9]", "", bare)
    bare = bare.replace(",", ".")
    whole, _, part = bare.partition(".")
    sign = "-" if whole.startswith("-") else ""
    whole = whole.lstrip("-").replace("_", "").lstrip("0") or "0"
    if not whole.isdigit() or len(whole) > 12 or (part and not part.isdigit()) or len(part) > 6:
        return None
    return f"{sign}{whole}.{part}" if part else sign + whole


def whole_number(given: str) -> str | None:
    """A whole number, where a number without a fraction was meant.

    >>> [whole_number(text) for text in ("30 min", "45.0", "1,000", "1.5")]
    ['30', '45', '1000', None]
    """
    value = number(given)
    if value is None:
        return None
    whole, _, part = value.partition(".")
    return None if part.strip("0") or whole.startswith("-") else whole


def clock(given: str) -> str | None:
    """A time of day in the 24-hour form.

    >>> [clock(text) for text in ("9.30", "1:30 pm", "8h30", "10 a.m.", "08:30:00", "later")]
    ['09:30', '13:30', '08:30', '10:00', '08:30', None]
    """
    text = given.strip().lower().replace("\u00a0", " ").replace("\u202f", " ")
    found = re.fullmatch(
        r"([0-9]{1,2})(?:\s*[:.h\uff1a]\s*([0-9]{2})?(?::00)?)?\s*(a\.?m\.?|p\.?m\.?|h)?",
        text,
        re.ASCII,
    )
    if not found or not (found[2] or found[3] or "h" in text):
        return None
    hour, minute, half = int(found[1]), int(found[2] or 0), (found[3] or "")[:1]
    if half in ("a", "p"):
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "p" else 0)
    return f"{hour:02d}:{minute:02d}" if hour < 24 and minute < 60 else None


def date(given: str) -> str | None:
    """A date with the year first; None where day and month could be either.

    >>> [date(text) for text in ("11/21/2026", "2026-1-5", "21.11.2026", "3/4/2027")]
    ['2026-11-21', '2026-01-05', '2026-11-21', None]
    """
    found = re.fullmatch(r"([0-9]{1,4})([-./ ])([0-9]{1,2})\2([0-9]{1,4})", given.strip(), re.ASCII)
    if not found:
        return None
    first, middle, last = int(found[1]), int(found[3]), int(found[4])
    if len(found[1]) == 4:
        orders = [(first, middle, last)]
    elif len(found[4]) == 4 and found[2] == ".":  # with dots the day stands first
        orders = [(last, middle, first)]
    else:
        orders = [(last, first, middle), (last, middle, first)] if len(found[4]) == 4 else []
    dates = {each for each in map(_iso, orders) if each}
    return dates.pop() if len(dates) == 1 else None


def _iso(parts: tuple[int, int, int]) -> str | None:
    try:
        return dt.date(*parts).isoformat()
    except ValueError:
        return None


def identifier(given: str) -> str | None:
    """An id in small letters and hyphens.

    >>> [identifier(text) for text in ("M1", "m4_triads", "Opening hours", "Café", "…")]
    ['m1', 'm4-triads', 'opening-hours', 'cafe', None]
    """
    plain = unicodedata.normalize("NFKD", given[:200]).encode("ascii", "ignore").decode().lower()
    words = re.findall("[a-z0-9]+", plain)
    name = "-".join(words)
    return name if 0 < len(name) <= 64 else None


def items(given: str) -> list[str]:
    """The entries of a list that was written as one text; none where it reads as one text.

    >>> items("-k1 -k2"), items("• m1 • m2"), items("k1, k2"), items("one text")
    (['k1', 'k2'], ['m1', 'm2'], ['k1', 'k2'], [])
    """
    text = given.strip()
    if bullet := _BULLET.match(text):
        parts = re.split(rf"(?:^|\s){re.escape(bullet[0])}\s*", text)
        return [part.strip() for part in parts if part.strip()]
    if re.fullmatch(r"[\w-]+(\s*[,;]\s*[\w-]+)+", text):
        return re.split(r"\s*[,;]\s*", text)
    return []


# What each grammar of the model, by the name of its fault, takes a text for.
MENDERS: Mapping[str, Callable[[str], str | None]] = {
    "whole_number": whole_number,
    "number": number,
    "hours": number,
    "clock": clock,
    "date": date,
    "flag": flag,
}
