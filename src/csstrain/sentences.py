"""Sentences about an agenda: what is proven, which hours work, what more of them would buy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import ROUND_CEILING, Decimal
from types import MappingProxyType

from csstrain.agenda import Agenda, Proof, hours_text
from csstrain.model import Activity

_INSTEAD = {
    "handout": "a handout",
    "prework": "pre-work",
    "job-aid": "a job aid",
    "ojt": "on-the-job training with sign-off",
    "none": "nothing",
}


def instead_text(activity: Activity) -> str:
    """What replaces an activity when it is cut."""
    return _INSTEAD[activity.instead]


def percent_text(share: float) -> str:
    """A share in percent, rounded up to a tenth so that it promises too little, never too much.

    >>> percent_text(0.00081), percent_text(0.012), percent_text(0.0)
    ('0.1', '1.2', '0')
    """
    # The digits as they are printed: 0.003 has a tail in binary that would round up once more.
    rounded = (Decimal(repr(share)) * 100).quantize(Decimal("0.1"), ROUND_CEILING)
    return f"{rounded.normalize():f}"


def proof_text(proof: Proof) -> str:
    """How far the agenda can be from the best one; empty where no bound was computed.

    >>> proof_text(Proof(1345.6, 1346.8, 0.0009))
    'At most 0.1 % more training value is possible in these hours; that is proven.'
    """
    if proof.gap is None:
        return ""
    if proof.gap <= 0:
        return "No agenda of these hours can hold more training value; that is proven."
    percent = percent_text(proof.gap)
    return f"At most {percent} % more training value is possible in these hours; that is proven."


def bounds_text(agenda: Agenda) -> str:
    """The smallest hours that work, with and without deferring gates, and those that lose nothing.

    A minimum that is not proven is said to be found.
    """
    return " ".join(_bounds(agenda))


def _bounds(agenda: Agenda) -> Iterator[str]:
    bounds = agenda.bounds
    least, alone = bounds.minimum_hours, bounds.minimum_hours_without_deferral
    if least is None:
        yield "No number of hours works."
    else:
        how = "proven" if bounds.minimum_proven else "found; that fewer cannot work is not proven"
        yield f"Smallest hours that work: {_plain(least)} ({how})."
        if alone is None:
            yield "No number of hours holds every gate."
        elif alone != least:
            yield f"Every gate is held from {hours_text(alone)} on."
    if bounds.full_hours:
        yield f"Everything at its planned length adds up to {hours_text(bounds.full_hours)}."


def _plain(hours: Decimal) -> str:
    return hours_text(hours).partition(" ")[0]


def more_text(agenda: Agenda, numbers: Mapping[str, str] = MappingProxyType({})) -> str:
    """What more hours would buy first; empty where nothing is left to buy.

    Documents that number their activities name each by its number too.
    """
    if agenda.more is None or not agenda.more.activities:
        return ""
    titles = "; ".join(f"{numbers.get(a.id, '')} {a.label}".strip() for a in agenda.more.activities)
    return f"{hours_text(agenda.more.hours)} would bring in first: {titles}."


def sentence(words: str) -> str:
    """Words as a sentence of its own: a capital in front, a full stop behind.

    >>> sentence("nice to have"), sentence("24 hours hold it.")
    ('Nice to have.', '24 hours hold it.')
    """
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "!", "?")) else ".")
