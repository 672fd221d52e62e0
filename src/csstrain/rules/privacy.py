"""Rules about privacy: nothing in the content may belong to a real person."""

from __future__ import annotations

import re
from collections.abc import Iterator

from csstrain.check import Finding, Review, rule
from csstrain.curriculum import Curriculum
from csstrain.diagnostic import Severity

# Nine digits close together: what has none needs no closer look, and few texts have.
_DIGITS = re.compile(r"[0-9](?:[ ().-]{0,2}[0-9]){8}")
_SECURITY = re.compile(r"(?<![\d-])(\d{3})-(\d{2})-(\d{4})(?![\d-])", re.ASCII)
_CARD = re.compile(r"(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-])", re.ASCII)
_MAIL = re.compile(r"(?<=\w)@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)")
_PHONE = re.compile(
    r"(?<![\d-])(?:\(([2-9]\d\d)\) ?|([2-9]\d\d)[ .-])([2-9]\d\d)[ .-](\d{4})(?![\d-])", re.ASCII
)
_ABROAD = re.compile(r"(?<![\d+])\+(?!1[ .(-])\d{1,3}[ .(-][\d ().-]{6,20}\d", re.ASCII)
# Domains that stand in nobody's mailbox (RFC 2606 and 6761).
_NOBODY = re.compile(r"(.*\.)?(example|test|invalid|localhost|example\.(com|net|org|edu))")
# Numbers of companies and offices, which belong to no person.
_TOLL_FREE = ("800", "833", "844", "855", "866", "877", "888")


@rule(Severity.WARNING)
def student_data_suspected(review: Review) -> Iterator[Finding]:
    """A text holds what looks like data of a real person.

    A case that was copied from a real record shows that record to every trainee, which is what the
    training forbids them (FERPA); a number made up at random may be somebody's. The message names
    the kind of data and the line, never the value, and no report quotes the line, so that the value
    does not reach a terminal or a log. Looked for are US social security
    numbers that can exist, numbers of payment cards whose check digit fits, e-mail addresses
    outside the domains kept for examples, and telephone numbers other than 555-0100 to 555-0199
    and toll-free ones, in every text of modules, instruments and materials and in text files.
    Names, addresses and student numbers cannot be told from invented ones.

    Source: FERPA as universities state it, such as Clarkson College; RFC 2606 for domains.

    Flagged:

        material:
          id: mat-case  # <--
          title: A case
          kind: case
          reader: trainee
          body: |
            Ms. Reyes calls.
            Her number is 212-555-7841.

    Clean:

        material:
          id: mat-case
          title: A case
          kind: case
          reader: trainee
          body: |
            Ms. Reyes calls.
            Her number is 212-555-0141, her address reyes@tallgrass.example.
    """
    for owner, where, text in _texts(review.curriculum):
        if "@" not in text and not _DIGITS.search(text):
            continue
        for kind, advice, start in _suspects(text):
            line = text.count("\n", 0, start) + 1
            yield Finding(
                owner,
                f"line {line} of {where} in `{owner}` holds what looks like {kind}",
                advice,
                private=True,
            )


def _texts(curriculum: Curriculum) -> Iterator[tuple[str, str, str]]:
    """Entity, name of the text in words, and text: what is written, then what files hold."""
    for owner, route, text in curriculum.prose:
        if route != ("file",):
            yield owner, f"`{' '.join(str(step) for step in route)}`", text
    for name, owner in curriculum.material_of_file.items():
        yield owner, f"content/materials/{name}", curriculum.files.get(name, "")


def _suspects(text: str) -> Iterator[tuple[str, str, int]]:
    """Kind of data, what to do, and where it begins; each kind once a text."""
    mails = _MAIL.finditer(text) if "@" in text else ()
    mail = next((m for m in mails if not _NOBODY.fullmatch(m[1].lower())), None)
    if mail:
        advice = (
            "end an invented address in `.example`, and give real ones as the name of an office"
        )
        yield "a real e-mail address", advice, mail.start()
    found = next((m for m in _SECURITY.finditer(text) if _can_exist(*m.groups())), None)
    if found:
        advice = "take it out, or write one that cannot exist, such as 000-12-3456"
        yield "a social security number", advice, found.start()
    card = next((m for m in _CARD.finditer(text) if _checks(m[0])), None)
    if card:
        yield "the number of a payment card", "take it out; no case needs one", card.start()
    phones = (m for m in _PHONE.finditer(text) if not _invented(m))
    phone = next(phones, None) or _ABROAD.search(text)
    if phone:
        advice = "use a number from 555-0100 to 555-0199, or an extension"
        yield "a real telephone number", advice, phone.start()


def _can_exist(area: str, group: str, serial: str) -> bool:
    return area not in ("000", "666") and area < "900" and group != "00" and serial != "0000"


def _checks(number: str) -> bool:
    """Whether the check digit fits (Luhn) a number that a card company gives out."""
    digits = [int(each) for each in number if each.isdigit()]
    doubled = [d * 2 - 9 if d > 4 else d * 2 for d in digits[-2::-2]]
    return digits[0] in (2, 3, 4, 5, 6) and (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _invented(phone: re.Match[str]) -> bool:
    area, exchange, last = phone[1] or phone[2], phone[3], phone[4]
    return area in _TOLL_FREE or (exchange == "555" and last.startswith("01"))
