"""Texts as words: phrases found in them, and texts that say nearly the same."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from fractions import Fraction
from functools import cache, lru_cache
from math import ceil

_WORD = re.compile(r"[^\W_]+(?:['’/-][^\W_]+)*")
# So many texts may share a rare word before it stops telling them apart; keeps `alike` linear.
_CROWD = 30


@lru_cache(maxsize=1 << 12)  # several rules look at the same texts
def words(text: str) -> tuple[str, ...]:
    """The words of a text in small letters, without punctuation.

    >>> words("Don't wait: greet first!")
    ("don't", 'wait', 'greet', 'first')
    """
    return tuple(_WORD.findall(text.lower().replace("’", "'")))


def holds(text: str, phrases: Iterable[str]) -> str | None:
    """Which of some phrases a text holds first, as whole words that stand together; or None.

    >>> holds("All of the above.", ["none of the above", "all of the above"])
    'all of the above'
    >>> holds("He handles the callers.", ["all"]) is None
    True
    """
    found = _pattern(tuple(phrases)).search(text.lower().replace("’", "'"))
    return " ".join(words(found[0])) if found else None


def without(text: str, phrases: Iterable[str]) -> str:
    """The words of a text, without those that stand in one of some phrases.

    >>> without("Not only the terms and conditions", ["terms and conditions"])
    ' not only the … '
    """
    spaced = f" {' '.join(words(text))} "
    for phrase in phrases:
        spaced = spaced.replace(f" {' '.join(words(phrase))} ", " … ")
    return spaced


@cache
def _pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """What finds any of some phrases as whole words; made once for each list."""
    each = (r"[\W_]+".join(map(re.escape, words(phrase))) for phrase in phrases)
    listed = "|".join(sorted((e for e in each if e), key=len, reverse=True)) or r"(?!)"
    return re.compile(rf"(?<![^\W_])(?<![^\W_]['/-])(?:{listed})(?![^\W_])(?!['/-][^\W_])")


def enumerated(parts: Iterable[object], most: int = 12) -> str:
    """Parts as one says them aloud; beyond so many they are counted.

    >>> enumerated([30, 60, 90])
    '30, 60 and 90'
    >>> enumerated("abcdef", most=3)
    'a, b, c and 3 more'
    """
    named = [str(part) for part in parts]
    if len(named) > most:
        named[most:] = [f"{len(named) - most} more"]
    return " and ".join(filter(None, (", ".join(named[:-1]), *named[-1:])))


def alike(
    texts: Mapping[str, str], least: Fraction, common: Collection[str] = ()
) -> Iterator[tuple[str, str]]:
    """Pairs of keys whose texts share at least a share of all their words, each pair once.

    The earlier key stands first, and a text is told with the first that it resembles only.
    `common` words do not count. Two texts can only be alike when they share one of their
    rarest words, so each is compared with those texts alone, not with every other.

    >>> pairs = {"a": "Greet people at the desk", "b": "Greet all", "c": "At the desk greet people"}
    >>> list(alike(pairs, Fraction(4, 5)))
    [('a', 'c')]
    """
    sets = {key: frozenset(words(text)).difference(common) for key, text in texts.items()}
    count: dict[str, int] = defaultdict(int)
    for each in sets.values():
        for word in each:
            count[word] += 1
    first: dict[frozenset[str], str] = {}
    found: dict[str, list[str]] = defaultdict(list)
    for key, own in sets.items():
        if not own:
            continue
        if own in first:
            yield first[own], key
            continue
        first[own] = key
        rarest = sorted(own, key=lambda word: (count[word], word))
        # Those that share `least` of their words must meet in one of these.
        rarest = rarest[: len(own) - ceil(len(own) * least) + 1]
        near = dict.fromkeys(other for word in rarest for other in found[word])
        twin = next((o for o in near if _alike(own, sets[o], least)), None)
        if twin is not None:
            yield twin, key
        for word in rarest:
            if len(found[word]) < _CROWD:
                found[word].append(key)


def _alike(one: frozenset[str], other: frozenset[str], least: Fraction) -> bool:
    shared = len(one & other)
    every = len(one) + len(other) - shared
    return shared * least.denominator >= every * least.numerator
