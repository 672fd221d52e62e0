"""Rules about test items: each asks one clear question, and none answers or spends another."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from fractions import Fraction

from csstrain.check import Finding, Review, rule
from csstrain.curriculum import certifies
from csstrain.diagnostic import Related, Severity
from csstrain.model import Item
from csstrain.rules.blueprints import forms, key_position
from csstrain.wording import alike, holds, without, words

_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)\]*_]*\s+")
_EMPHASIZED = re.compile(r"(\*\*|__|\*|_)(?=\S)(.{1,80}?)(?<=\S)\1", re.DOTALL)
_BLANK = " \n_:…"
_LETTERS = re.compile(r"[^\W\d_]{2,}")


@rule(Severity.WARNING)
def negative_stem(review: Review) -> Iterator[Finding]:
    """A test item asks for what is not so, and the word is easily overlooked.

    Trainees who know the rule then mark the true answer and lose the point to a missed word; those
    who read English as a second language lose more. Ask for what is so, or make the word stand out
    in CAPITALS or **bold**. The rule reads the last question of the stem and looks for the
    `negations` of the word list. What stands in a clause that one of its `clauses` opens, such as
    if or when, tells the case and does not count, nor do the phrases of its list `harmless`.

    Source: item-writing flaws and testwise cues, ExamEval; Penn State, multiple-choice items.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - {id: q1, key: the grades, stem: Which of these may you not tell the caller?}  # <--

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - {id: q1, key: the grades, stem: Which of these may you NOT tell the caller?}
            - {id: q2, key: the policy, stem: What may you tell if a release is not on file?}
    """
    known = review.curriculum.words
    for item, _ in review.curriculum.items.values():
        asked = _EMPHASIZED.sub(" … ", _question(item.stem))
        if not asked.isupper():
            asked = _LETTERS.sub(lambda word: "…" if word[0].isupper() else word[0], asked)
        asked = without(_main_clause(asked, known.clauses), known.harmless)
        found = holds(asked, known.negations)
        if found:
            yield Finding(
                item.id,
                f"item `{item.id}` asks with `{found}`, which is easily overlooked",
                f"ask for what is so, or write it as **{found.upper()}**",
                ("stem",),
            )


def _question(stem: str) -> str:
    """The last sentence of a stem that asks, or its last sentence."""
    sentences = _SENTENCE_END.split(stem.strip())
    return next((s for s in reversed(sentences) if "?" in s), sentences[-1])


def _main_clause(question: str, openers: Collection[str]) -> str:
    """A question without the clauses that certain words open, such as if and when."""
    parts = question.split(",")
    kept = []
    for number, part in enumerate(parts):
        said = words(part)
        # At the very end of a question a first word such as when asks, and opens no clause.
        first = 0 if number < len(parts) - 1 else 1
        cut = next((n for n, w in enumerate(said) if w in openers and n >= first), len(said))
        kept.append(" ".join(said[:cut]))
    return " … ".join(kept)


@rule(Severity.WARNING, share="0.8")
def duplicate_item(review: Review) -> Iterator[Finding]:
    """Two items of a form ask the same.

    The second measures nothing new, counts the same gap of a trainee twice, and may give away the
    first. Items of one form are told where stem and options together share at least `share` of
    their words (default 0.8, as a part of 1); words of the list `common` do not count.

    Source: item-writing flaws and testwise cues, ExamEval.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - {id: q1, key: the library, stem: Who releases hold LB after a student has paid?}
            - {id: q2, key: LIB, stem: "After a student has paid, who releases hold LB?"}  # <--

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - {id: q1, key: the library, stem: Who releases hold LB after a student has paid?}
            - {id: q2, key: by 08:00, stem: By when is hold LB released after an online payment?}
    """
    curriculum = review.curriculum
    share = Fraction(review.number["share"])
    for instrument in curriculum.instruments.values():
        for form, items in forms(instrument).items():
            texts = {i.id: " ".join((i.stem, *(o.text for o in i.options))) for i in items}
            for first, second in alike(texts, share, curriculum.words.common):
                yield Finding(
                    second,
                    f"items `{first}` and `{second}` of form {form} of `{instrument.id}` ask "
                    "nearly the same",
                    "let one of them ask about another case or another rule",
                    ("stem",),
                    (Related(curriculum.at(first, "stem"), f"`{first}`"),),
                )


@rule(Severity.WARNING, least=3)
def item_answers_another(review: Review) -> Iterator[Finding]:
    """The stem of a test item says the answer to another item of the form.

    Who reads the whole test finds a point without knowing the rule. The rule looks for the key of
    each item, word for word, in the stems of the other items of its form. Keys count that have at
    least `least` words (default 3) which are not in the list `common`.

    Source: item-writing flaws and testwise cues, ExamEval.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - {id: q1, stem: Who answers a subpoena?, key: the REG records officer}
            - {id: q2, key: the same day,
               stem: When do you call the REG records officer about a subpoena?}  # <--

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - {id: q1, stem: Who answers a subpoena?, key: the REG records officer}
            - {id: q2, stem: When do you pass a subpoena on?, key: the same day}
    """
    common = frozenset(review.curriculum.words.common)
    for instrument in review.curriculum.instruments.values():
        for items in forms(instrument).values():
            keys: dict[tuple[str, ...], Item] = {}
            for item in items:
                key = key_position(item)
                said = words(item.key if key is None else item.options[key].text)
                if len([w for w in said if w not in common]) >= review.number["least"]:
                    keys.setdefault(said, item)
            yield from _given_away(review, items, keys)


def _given_away(
    review: Review, items: list[Item], keys: dict[tuple[str, ...], Item]
) -> Iterator[Finding]:
    lengths = sorted({len(said) for said in keys})
    for item in items:
        stem = words(item.stem)
        # Cutting a stem into pieces as long as the keys finds them all without comparing pairs.
        pieces = dict.fromkeys(
            stem[start : start + length]
            for length in lengths
            for start in range(len(stem) - length + 1)
        )
        for other in (keys[piece] for piece in pieces if piece in keys):
            if other.id != item.id:
                yield Finding(
                    item.id,
                    f"the stem of item `{item.id}` says the answer to item `{other.id}`",
                    "say it in another way, or put one of the two on another form",
                    ("stem",),
                    (Related(review.curriculum.at(other.id, "key"), f"key of `{other.id}`"),),
                )


@rule(Severity.WARNING, share="0.8", least=5)
def baseline_spends_item(review: Review) -> Iterator[Finding]:
    """A test before training uses an item of a graded test.

    Trainees meet the question twice, so at the end it measures memory of the first morning, and a
    form that a retest needs is used up. Baseline and graded items are told where the stems share
    at least `share` of their words (default 0.8, as a part of 1); words of the list `common` do
    not count, nor do stems with fewer than `least` other words (default 5).

    Source: judgment of the authors.

    Flagged:

        instruments:
          - id: i1
            title: Test
            kind: check
            kirkpatrick: 2
            when: in-course
            items: [{id: q1, key: 225, stem: A form comes in week 5. How much money comes back?}]
          - id: i2
            title: Pre-test
            kind: pre-test
            kirkpatrick: 2
            when: baseline
            items:
              - {id: q2, key: 225, stem: A form comes in week 5. How much money comes back?}  # <--

    Clean:

        instruments:
          - id: i1
            title: Test
            kind: check
            kirkpatrick: 2
            when: in-course
            items: [{id: q1, key: 225, stem: A form comes in week 5. How much money comes back?}]
          - id: i2
            title: Pre-test
            kind: pre-test
            kirkpatrick: 2
            when: baseline
            items: [{id: q2, key: yes, stem: The house rule says 40 percent. Is 200 of 500 right?}]
    """
    curriculum = review.curriculum
    common = curriculum.words.common
    graded: dict[str, str] = {}
    before: dict[str, str] = {}
    for item, instrument in curriculum.items.values():
        if len(set(words(item.stem)).difference(common)) >= review.number["least"]:
            if certifies(instrument):
                graded[item.id] = item.stem
            elif instrument.when == "baseline":
                before[item.id] = item.stem
    for first, second in alike(graded | before, Fraction(review.number["share"]), common):
        if first in graded and second in before:
            test = curriculum.items[first][1]
            yield Finding(
                second,
                f"baseline item `{second}` asks what item `{first}` of `{test.id}` "
                f"({test.title}) asks again",
                "write another case on the same rule for the baseline",
                ("stem",),
                (Related(curriculum.at(first, "stem"), f"`{first}`"),),
            )


@rule(Severity.ADVICE, least=6)
def unfocused_stem(review: Review) -> Iterator[Finding]:
    """The stem of a test item asks nothing, or too little to be answered without the options.

    Then the options do the asking, each in another direction, and the trainee must guess what the
    author had in mind. A good item can be answered with its options covered. The stem needs
    `least` words (default 6) and, where there are options, a question mark or an open end that an
    option completes. What a written answer must hold may be asked for in any form.

    Source: NBME item-writing guide.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: Holds.  # <--
              key: a
              options: [{id: a, text: Block registration}, {id: b, text: Block transcripts}]

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: What does a hold keep a student from doing?
              key: a
              options: [{id: a, text: Registering}, {id: b, text: Ordering a transcript}]
    """
    for item, _ in review.curriculum.items.values():
        count = len(words(item.stem))
        asks = not item.options or "?" in item.stem or bool(open_end(item.stem))
        if asks and count >= review.number["least"]:
            continue
        few = "1 word" if count == 1 else f"{count} words"
        what = f"has {few} only" if asks else "asks no question"
        yield Finding(
            item.id,
            f"the stem of item `{item.id}` {what}",
            "ask one whole question that can be answered with the options covered",
            ("stem",),
        )


def open_end(stem: str) -> str:
    """The last word of a stem that an option completes; empty for a whole sentence."""
    end = stem.removesuffix("...").rstrip(_BLANK).removesuffix("...").rstrip(_BLANK)
    return words(end[-100:])[-1] if end[-1:].isalnum() else ""


@rule(Severity.WARNING)
def key_without_rationale(review: Review) -> Iterator[Finding]:
    """An item of a graded test does not say why its key is right.

    When a trainee asks or appeals, trainer and HR need the reason and the section of the rule at
    hand, and whoever brings the test up to date must find what rests on it. Items with options in
    instruments that count after training has begun need a `rationale`; a written answer's key
    explains itself.

    Source: judgment of the authors.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - {id: q1, stem: When?, key: a,  # <--
               options: [{id: a, text: At eight.}, {id: b, text: At nine.}]}

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - {id: q1, stem: When?, key: a, rationale: "Handbook 2, office hours.",
               options: [{id: a, text: At eight.}, {id: b, text: At nine.}]}
    """
    for item, instrument in review.curriculum.items.values():
        if item.options and not item.rationale and certifies(instrument):
            yield Finding(
                item.id,
                f"item `{item.id}` does not say why its key is right",
                "add `rationale:` with the reason and the section that it rests on",
                ("key",),
            )
