"""How each training method is marked on paper and screen: a word, an icon and an ink."""

from __future__ import annotations

from typing import NamedTuple, get_args

from csstrain.model import Method


class Mark(NamedTuple):
    """The mark of a method: the word is always printed, so that no meaning rests on color alone."""

    method: str
    word: str
    icon: str
    ink: str


# Each icon is a file in templates/icons; an ink is a class in the style sheets.
_ICONS: dict[str, tuple[str, tuple[Method, ...]]] = {
    "speech": ("blue", ("lecture", "briefing")),
    "book": ("blue", ("reading", "e-learning", "job-aid")),
    "eye": ("teal", ("demonstration", "behavior-modeling")),
    "talk": ("ochre", ("discussion", "reflection")),
    "folder": ("ochre", ("case-study", "in-basket", "project")),
    "people": ("rust", ("role-play", "simulation", "game")),
    "hand": ("green", ("lab", "drill", "ojt")),
    "pair": ("green", ("coaching", "mentoring")),
    "check": ("plum", ("quiz", "test")),
}
_WORDS = {"ojt": "on-the-job training", "e-learning": "e-learning", "in-basket": "in-basket"}
_WORDS |= {"role-play": "role play", "job-aid": "job aid"}


def mark(method: str) -> Mark:
    """The mark of a method.

    >>> mark("role-play").word, mark("role-play").icon
    ('role play', 'people')
    """
    for icon, (ink, methods) in _ICONS.items():
        if method in methods:
            return Mark(method, _WORDS.get(method, method.replace("-", " ")), icon, ink)
    raise KeyError(method)


def marks() -> tuple[Mark, ...]:
    """The marks of all methods, those of one icon together."""
    every = [mark(method) for method in get_args(Method)]
    order = list(_ICONS)
    return tuple(sorted(every, key=lambda each: (order.index(each.icon), each.word)))
