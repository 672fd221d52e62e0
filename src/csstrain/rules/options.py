"""Rules about options: one key, plausible others, and nothing that gives the key away."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal

from csstrain.check import Finding, Review, rule
from csstrain.diagnostic import Severity
from csstrain.model import Article, Item, WordList
from csstrain.rules.blueprints import gate_tests, key_lead, key_position
from csstrain.rules.items import open_end
from csstrain.wording import holds, words

_NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?")


@rule(Severity.ERROR)
def key_not_an_option(review: Review) -> Iterator[Finding]:
    """The key of a test item is none of its options.

    Whoever scores by the key then marks every answer wrong, and a right answer may cost a job.

    Source: item-writing flaws and testwise cues, ExamEval.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - {id: q1, stem: When?, key: c,  # <--
               options: [{id: a, text: At eight.}, {id: b, text: At nine.}]}

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - {id: q1, stem: When?, key: a,
               options: [{id: a, text: At eight.}, {id: b, text: At nine.}]}
    """
    for item, _ in review.curriculum.items.values():
        if item.options and key_position(item) is None:
            yield Finding(
                item.id,
                f"the key of item `{item.id}` is `{item.key}`, but its options are "
                + ", ".join(option.id for option in item.options),
                "give the letter of the right option as `key`",
                ("key",),
            )


@rule(Severity.WARNING)
def all_of_the_above(review: Review) -> Iterator[Finding]:
    """An option says that all of the others are right.

    Trainees who know two right options need not know the third, and those who see one wrong
    option rule this one out: the item measures cleverness with tests. An option counts where it
    says one of the phrases of the word list (`everything`) and nothing else, or opens with a
    phrase of four or more words.

    Source: item-writing flaws and testwise cues, ExamEval.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: What belongs on the form?
              key: c
              options:
                - {id: a, text: The date}
                - {id: b, text: The signature}
                - {id: c, text: All of the above}  # <--

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: What belongs on the form?
              key: b
              options:
                - {id: a, text: The photograph}
                - {id: b, text: The signature}
                - {id: c, text: The grade average}
    """
    for item, place in _saying(review, review.curriculum.words.everything):
        yield Finding(
            item.id,
            f"option {item.options[place].id} of item `{item.id}` says that all others are right",
            "ask for the one best answer, or ask about each point in an item of its own",
            ("options", place, "text"),
        )


@rule(Severity.WARNING)
def none_of_the_above(review: Review) -> Iterator[Finding]:
    """An option says that none of the others is right.

    Who picks it shows what is wrong and not what is right: at the desk nobody is helped by that.
    An option counts where it says one of the phrases of the word list (`nothing`) and nothing
    else, or opens with a phrase of four or more words.

    Source: item-writing flaws and testwise cues, ExamEval.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: Which form lifts the hold?
              key: a
              options:
                - {id: a, text: HR-2}
                - {id: b, text: CO-1}
                - {id: c, text: None of the above}  # <--

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: Which form lifts the hold?
              key: a
              options:
                - {id: a, text: HR-2}
                - {id: b, text: CO-1}
                - {id: c, text: "None, only payment lifts it"}
    """
    for item, place in _saying(review, review.curriculum.words.nothing):
        yield Finding(
            item.id,
            f"option {item.options[place].id} of item `{item.id}` says that no other is right",
            "write a wrong answer that trainees do give, or leave the option out",
            ("options", place, "text"),
        )


def _saying(review: Review, phrases: Iterable[str]) -> Iterator[tuple[Item, int]]:
    """Options that say no more than one of some phrases."""
    known = [words(phrase) for phrase in phrases]
    for item, _ in review.curriculum.items.values():
        for place, option in enumerate(item.options):
            said = words(option.text)
            if any(said == p or (len(p) >= 4 and said[: len(p)] == p) for p in known):
                yield item, place


@rule(Severity.WARNING)
def combined_options(review: Review) -> Iterator[Finding]:
    """An option of a test item is made of other options, such as A and B.

    Knowing one part is enough to find or to rule out the rest, so the item tells less than it
    seems to. An option counts where it names at least two letters of the item and otherwise only
    words of the lists `conjunctions`, `absolutes` and `common`.

    Source: item-writing flaws and testwise cues, ExamEval.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: What proves identity at the counter?
              key: a
              options:
                - {id: a, text: Photo ID}
                - {id: b, text: A familiar face}
                - {id: c, text: Both A and B}  # <--

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: What proves identity at the counter?
              key: a
              options:
                - {id: a, text: Photo ID}
                - {id: b, text: A familiar face}
                - {id: c, text: A date of birth}
    """
    known = review.curriculum.words
    filling = {*known.common, *known.conjunctions, *known.absolutes}
    for item, _ in review.curriculum.items.values():
        letters = {option.id for option in item.options}
        for place, option in enumerate(item.options):
            said = set(words(option.text))
            if len(said & letters) > 1 and said - letters <= filling:
                yield Finding(
                    item.id,
                    f"option {option.id} of item `{item.id}` combines others: {option.text}",
                    "let each option say one thing, and ask for the one best answer",
                    ("options", place, "text"),
                )


@rule(Severity.ADVICE, most=25, characters=20)
def key_longest(review: Review) -> Iterator[Finding]:
    """The key of a test item is much longer than every other option.

    Trainees who do not know the rule pick the most careful wording and are right. The key may be
    `most` percent longer than the longest other option (default 25); keys of fewer than
    `characters` characters (default 20) are left out, as nobody sees a difference there.

    Source: item-writing flaws and testwise cues, ExamEval.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: A record shows that the fee is wrong. What do you do?
              key: b
              options:
                - {id: a, text: Waive it on form FW-1}
                - {id: b, text: Send form CO-1 with the record to the office}  # <--
                - {id: c, text: Let it be appealed}

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: A record shows that the fee is wrong. What do you do?
              key: b
              options:
                - {id: a, text: Waive it on form FW-1}
                - {id: b, text: Send CO-1 with the record}
                - {id: c, text: Hand out BU-7 for an appeal}
    """
    for item, key in _choices(review):
        lead = key_lead(item, key, review.number["characters"])
        if lead > review.number["most"]:
            yield Finding(
                item.id,
                f"the key of item `{item.id}` is {int(lead)} percent longer than any other option",
                "shorten it, or word the other options as carefully",
                ("options", key, "text"),
            )


@rule(Severity.ADVICE)
def absolute_in_option(review: Review) -> Iterator[Finding]:
    """A wrong option holds a word such as always or never, and the key does not.

    Hardly anything in the work of an office is without exception, and trainees know it: they strike
    out the option for its wording without knowing the rule. The words stand in the word list
    (`absolutes`). Where the key holds one too, nothing is given away; options such as all of the
    above have rules of their own.

    Source: item-writing flaws and testwise cues, ExamEval.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: Who decides about a waiver of 30 dollars?
              key: a
              options:
                - {id: a, text: The supervisor}
                - {id: b, text: Always the director}  # <--
                - {id: c, text: The specialist}

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: Who decides about a waiver of 30 dollars?
              key: a
              options:
                - {id: a, text: The supervisor}
                - {id: b, text: The director}
                - {id: c, text: The specialist}
    """
    known = review.curriculum.words
    absolutes = known.absolutes
    about_others = {
        (item.id, place) for item, place in _saying(review, (*known.everything, *known.nothing))
    }
    for item, key in _choices(review):
        if holds(item.options[key].text, absolutes):
            continue
        for place, option in enumerate(item.options):
            found = holds(option.text, absolutes)
            if found and (item.id, place) not in about_others:
                yield Finding(
                    item.id,
                    f"option {option.id} of item `{item.id}` says `{found}`, and the key says "
                    "nothing of the kind",
                    "take the word out, or use one like it in the key",
                    ("options", place, "text"),
                )


@rule(Severity.ADVICE)
def vague_frequency_in_option(review: Review) -> Iterator[Finding]:
    """An option says how often with a word that everybody understands differently.

    For one reader often is daily, for another twice a month: the trainee cannot decide whether the
    option is right, and an appeal against the item would succeed. The words stand in the word list
    (`frequencies`).

    Source: item-writing flaws and testwise cues, ExamEval.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: When is a waiting ticket closed?
              key: a
              options:
                - {id: a, text: "Usually after ten days"}  # <--
                - {id: b, text: After three days}
                - {id: c, text: After thirty days}

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: When is a waiting ticket closed?
              key: a
              options:
                - {id: a, text: After ten business days}
                - {id: b, text: After three business days}
                - {id: c, text: After thirty calendar days}
    """
    frequencies = review.curriculum.words.frequencies
    for item, _ in review.curriculum.items.values():
        for place, option in enumerate(item.options):
            found = holds(option.text, frequencies)
            if found:
                yield Finding(
                    item.id,
                    f"option {option.id} of item `{item.id}` says `{found}`, which has no number",
                    "say how often, or leave the word out",
                    ("options", place, "text"),
                )


@rule(Severity.ADVICE, letters=5, most=20)
def stem_word_in_key(review: Review) -> Iterator[Finding]:
    """A telling word of the question stands in the right option and in no other.

    The echo leads to the key without any knowledge. A word counts if it has at least `letters`
    letters (default 5), is none of the list `common`, and is rare: it stands in the stems of at
    most `most` percent of the items of the instrument (default 20), or in no stem but this one.
    Where another option echoes such a word too, nothing is given away.

    Source: item-writing flaws and testwise cues, ExamEval.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: A returned camera has a broken lens. Who is told?
              key: b
              options:
                - {id: a, text: The supervisor}
                - {id: b, text: The camera desk}  # <--
                - {id: c, text: The Bursar}

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: A returned camera has a broken lens. Who is told?
              key: b
              options:
                - {id: a, text: The supervisor}
                - {id: b, text: The equipment desk}
                - {id: c, text: The Bursar}
    """
    common = frozenset(review.curriculum.words.common)
    letters = review.number["letters"]
    for instrument in review.curriculum.instruments.values():
        stems = {item.id: frozenset(words(item.stem)) for item in instrument.items}
        count = Counter(word for stem in stems.values() for word in stem)
        most = max(Decimal(1), review.number["most"] * len(stems) / 100)
        rare = {w for w in count if w.isalpha() and len(w) >= letters and count[w] <= most}
        rare -= common
        for item in instrument.items:
            own = stems[item.id] & rare
            echoes = [[w for w in words(option.text) if w in own] for option in item.options]
            key = key_position(item)
            # Only one option echoes the stem, and it is the right one.
            if key is not None and echoes[key] and sum(map(bool, echoes)) == 1:
                yield Finding(
                    item.id,
                    f"`{echoes[key][0]}` stands in the stem of item `{item.id}` and in its key, "
                    "but in no other option",
                    "say it in other words in the key, or use the word in another option too",
                    ("options", key, "text"),
                )


@rule(Severity.WARNING)
def grammar_cue(review: Review) -> Iterator[Finding]:
    """A stem ends in a or an, and an option does not fit it.

    Trainees rule the option out by grammar alone. The rule looks at stems that an option
    completes; which article goes with which beginning stands in the word list (`articles`), so
    that languages without such a change stay silent. Options that begin with a number or with
    capital letters, such as an FA-4, are left out, since they are spoken by the letter.

    Source: item-writing flaws and testwise cues, ExamEval.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: The office that visits a student at every level of a complaint is an
              key: a
              options:
                - {id: a, text: ombuds}
                - {id: b, text: dean}  # <--
                - {id: c, text: adviser}

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: Which office may a customer visit at every level of a complaint?
              key: a
              options:
                - {id: a, text: The ombuds}
                - {id: b, text: The dean}
                - {id: c, text: An adviser}
    """
    articles = {article.word: article for article in review.curriculum.words.articles}
    known = "".join(article.letters for article in articles.values())
    for item, _ in review.curriculum.items.values():
        article = articles.get(open_end(item.stem))
        for place, option in enumerate(item.options):
            if article and not _fits(article, option.text, known, articles):
                yield Finding(
                    item.id,
                    f"the stem of item `{item.id}` ends in `{article.word}`, which does not fit "
                    f"option {option.id}, `{option.text}`",
                    "ask a whole question, or begin each option with its own article",
                    ("options", place, "text"),
                )


def _fits(article: Article, text: str, known: str, articles: Collection[str]) -> bool:
    """Whether a text may follow an article; True where only the ear could tell."""
    spoken = re.match(r"\W*([^\W_]+)", text)
    if not spoken or not spoken[1].isalpha():
        return True
    first = spoken[1].lower()
    # Capitals are spoken by the letter, as in FA or a grade F; `A` at a beginning is an article.
    if spoken[1].isupper() and first not in articles:
        return True
    if first in article.before or first[0] not in known:
        return True
    return first[0] in article.letters and first not in article.never


@rule(Severity.ADVICE)
def options_unordered(review: Review) -> Iterator[Finding]:
    """The numbers or dates of the options do not stand in order.

    Readers look for order, and without it they misread or lose time that the test does not mean
    to measure. The rule looks at items whose options differ in their numbers only; rising and
    falling order are both fine.

    Source: Penn State, multiple-choice items.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: Which is the last day for form BU-7?
              key: b
              options:
                - {id: a, text: Day 22}  # <--
                - {id: b, text: Day 27}
                - {id: c, text: Day 17}

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: Which is the last day for form BU-7?
              key: c
              options:
                - {id: a, text: Day 17}
                - {id: b, text: Day 22}
                - {id: c, text: Day 27}
    """
    for item, _ in review.curriculum.items.values():
        numbers = _numbers(item)
        if numbers not in (sorted(numbers), sorted(numbers, reverse=True)):
            yield Finding(
                item.id,
                f"the numbers in the options of item `{item.id}` stand in no order",
                "put the options in rising order, and move the key's letter along",
                ("options",),
            )


@rule(Severity.ADVICE)
def overlapping_ranges(review: Review) -> Iterator[Finding]:
    """Two options of a test item are ranges that share a number.

    The shared number makes both right, or shows that both are wrong; the trainee cannot tell
    which, and the item is lost on appeal. Ranges are two numbers with a dash or a word of the list
    `ranges` between them.

    Source: Penn State, multiple-choice items.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: On which days does form RG-2 add a class?
              key: b
              options:
                - {id: a, text: Days 1 to 6}
                - {id: b, text: Days 6 to 10}  # <--
                - {id: c, text: Days 11 to 15}

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: On which days does form RG-2 add a class?
              key: b
              options:
                - {id: a, text: Days 1 to 5}
                - {id: b, text: Days 6 to 10}
                - {id: c, text: Days 11 to 15}
    """
    known = review.curriculum.words
    for item, _ in review.curriculum.items.values():
        numbers = _numbers(item)
        if not numbers or not _is_range(item.options[0].text, known):
            continue
        places = sorted(range(len(numbers)), key=lambda place: numbers[place])
        widest = places[0]
        for place in places[1:]:
            if numbers[place][0] <= numbers[widest][1]:
                yield Finding(
                    item.id,
                    f"options {item.options[widest].id} and {item.options[place].id} of item "
                    f"`{item.id}` share {numbers[place][0]:f}",
                    "let each range begin after the one before it has ended",
                    ("options", place, "text"),
                )
            widest = max(widest, place, key=lambda each: numbers[each][1])


def _numbers(item: Item) -> list[tuple[Decimal, ...]]:
    """The numbers of each option, where all options say the same but for them; else none."""
    texts = [option.text.casefold().strip(" .") for option in item.options]
    if len({_NUMBER.sub("#", text) for text in texts}) != 1:
        return []
    found = [
        tuple(Decimal(number.replace(",", "")) for number in _NUMBER.findall(text))
        for text in texts
    ]
    return found if found[0] else []


def _is_range(text: str, known: WordList) -> bool:
    parts = _NUMBER.split(text)
    return len(parts) == 3 and (
        parts[1].strip() in ("-", "–", "—") or " ".join(words(parts[1])) in known.ranges
    )


@rule(Severity.ADVICE, least=3)
def too_few_options(review: Review) -> Iterator[Finding]:
    """A test item has so few options that guessing pays.

    With two options half of all guesses are right. Three are enough, and leave time for more items;
    `least` says how many there should be (default 3). Written answers have none. In a test that
    decides about a gate, items with two options are told by `true-false-in-gate`.

    Source: Rodriguez 2005.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: When does the office open?
              key: a
              options: [{id: a, text: At eight}, {id: b, text: At nine}]  # <--

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: When does the office open?
              key: a
              options: [{id: a, text: At eight}, {id: b, text: At nine}, {id: c, text: At ten}]
    """
    gates = {instrument.id for instrument in gate_tests(review.curriculum)}
    for item, instrument in review.curriculum.items.values():
        count = len(item.options)
        told = count == 2 and instrument.id in gates
        if 0 < count < review.number["least"] and not told:
            yield Finding(
                item.id,
                f"item `{item.id}` has only {count} {'option' if count == 1 else 'options'}",
                "add an answer that trainees who do not know the rule would give",
                ("options",),
            )


@rule(Severity.ADVICE, most=5)
def too_many_options(review: Review) -> Iterator[Finding]:
    """A test item has more options than anybody finds good wrong answers for.

    The fourth and fifth wrong answer are hardly ever chosen; they cost reading time and favor fast
    readers. `most` says how many options there may be (default 5).

    Source: Rodriguez 2005.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: When does the office open?
              key: a
              options: [{id: a, text: At 6}, {id: b, text: At 7}, {id: c, text: At 8},  # <--
                {id: d, text: At 9}, {id: e, text: At 10}, {id: f, text: At 11}]

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: When does the office open?
              key: a
              options: [{id: a, text: At 8}, {id: b, text: At 9}, {id: c, text: At 10}]
    """
    for item, _ in review.curriculum.items.values():
        if len(item.options) > review.number["most"]:
            yield Finding(
                item.id,
                f"item `{item.id}` has {len(item.options)} options",
                "keep the key and the two wrong answers that trainees give most often",
                ("options",),
            )


@rule(Severity.WARNING)
def duplicate_option(review: Review) -> Iterator[Finding]:
    """Two options of a test item say the same or have the same letter.

    If both are right, the trainee who marks the other one loses the point; if both are wrong, they
    give themselves away, as only one option can be the key. Capitals, spaces and a full stop at
    the end make no difference.

    Source: item-writing flaws and testwise cues, ExamEval.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: Who releases hold LB?
              key: a
              options:
                - {id: a, text: The library}
                - {id: b, text: The Bursar}
                - {id: c, text: the Bursar.}  # <--

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - id: q1
              stem: Who releases hold LB?
              key: a
              options:
                - {id: a, text: The library}
                - {id: b, text: The Bursar}
                - {id: c, text: The adviser}
    """
    for item, _ in review.curriculum.items.values():
        letters: set[str] = set()
        texts: dict[str, str] = {}
        for place, option in enumerate(item.options):
            text = " ".join(option.text.casefold().split()).rstrip(" .")
            if text in texts:
                yield Finding(
                    item.id,
                    f"options {texts[text]} and {option.id} of item `{item.id}` say the same",
                    "write another answer, or take one of the two out",
                    ("options", place, "text"),
                )
            elif option.id in letters:
                yield Finding(
                    item.id,
                    f"two options of item `{item.id}` have the letter {option.id}",
                    "give each option a letter of its own",
                    ("options", place, "id"),
                )
            letters.add(option.id)
            texts.setdefault(text, option.id)


def _choices(review: Review) -> Iterator[tuple[Item, int]]:
    """Items with options, each with the position of its key."""
    for item, _ in review.curriculum.items.values():
        key = key_position(item)
        if key is not None:
            yield item, key
