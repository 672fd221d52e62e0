"""Rules about texts: images, signs, HTML, headings and acronyms that readers cannot use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from csstrain.check import Finding, Review, rule
from csstrain.curriculum import Curriculum
from csstrain.diagnostic import Related, Route, Severity
from csstrain.letterforms import instead, named, unprintable
from csstrain.model import texts
from csstrain.wording import holds, words

_HEADING = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]|$)")
_FENCE = re.compile(r"^ {0,3}(```|~~~)")
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.DOTALL | re.MULTILINE)
# A number or a hyphen makes it a code of a form, a hold or a course, which is no acronym.
_ACRONYM = re.compile(r"(?<![\w/.-])[A-Z]{2,}(?![\w-]|\.\w| [0-9])")
_CAPITALS = re.compile(r"[A-Z]{2}")
_EXPLAINED = re.compile(r"\w \(([A-Z]{2,})\)")
_WRITTEN_OUT = re.compile(r"(?<![\w/.-])([A-Z]{2,}) \(([^()]{1,200})\)")
_ROMAN = re.compile(r"[IVX]+")
_LOWER = re.compile(r"[a-z]{3,}")
# Those that come along when text is pasted from a web page or a word processor.
_TAG = re.compile(
    r"</?(?:a|b|big|br|center|div|em|font|h[1-6]|hr|i|li|ol|p|s|small|span|strong|style|sub|sup"
    r"|table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]{0,200})?/?>",
    re.IGNORECASE,
)


@rule(Severity.WARNING)
def image_not_shown(review: Review) -> Iterator[Finding]:
    """A text holds an image that is no picture of the content, so no document shows it.

    Images are shown by the id of a material of the kind `picture`, which has a file below
    content/materials/ and an `alt` in words: so a file from elsewhere cannot get into a document,
    and nobody who does not see a picture is left without it. Whatever else stands for an image is
    printed as it was written.

    Source: Section 508; EMI course templates, accessibility.

    Flagged:

        material:
          id: mat-map
          title: Campus map
          kind: handout
          reader: trainee
          body: "Look: ![](map.png)"  # <--

    Clean:

        material:
          id: mat-map
          title: Campus map
          kind: handout
          reader: trainee
          body: The Bursar is in Prairie Hall, the first house to the left of the gate.
    """
    pictures = review.curriculum.pictures
    for owner, route, text in review.curriculum.prose:
        if "![" not in text and "<img" not in text:
            continue
        plain = _CODE.sub("", text)
        shown = re.sub(
            r"!\[\]\(#?([a-z0-9-]+)\)", lambda m: "" if m[1] in pictures else m[0], plain
        )
        start = min((s for s in (shown.find("!["), shown.find("<img")) if s >= 0), default=None)
        if start is not None:
            yield Finding(
                owner,
                f"line {shown.count(chr(10), 0, start) + 1} of this text of `{owner}` holds an "
                "image, which no document shows",
                "say in words what it shows, or add a material with `kind: picture` and write "
                "`![](its-id)`",
                route,
            )


@rule(Severity.ERROR)
def picture_for_others(review: Review) -> Iterator[Finding]:
    """A text shows a picture that is not for its readers.

    A picture for trainers or assessors may hold a key. It is shown only by materials for the same
    readers; everywhere else, where trainees may read along, pictures for trainees are shown.

    Source: judgment of the authors.

    Flagged:

        materials:
          - {id: mat-key, title: The labeled desk, kind: picture, reader: trainer, file: desk.png,
             alt: The desk with a name on each of its parts.}
          - id: mat-desk
            title: At the desk
            kind: worksheet
            reader: trainee
            body: "Name the parts. ![](mat-key)"  # <--

    Clean:

        materials:
          - {id: mat-plain, title: The desk, kind: picture, reader: trainee, file: desk.png,
             alt: The desk with a number on each of its parts.}
          - id: mat-desk
            title: At the desk
            kind: worksheet
            reader: trainee
            body: "Name the parts. ![](mat-plain)"
    """
    curriculum = review.curriculum
    for owner, route, text in curriculum.prose:
        for found in re.finditer(r"!\[[^\]]*\]\(#?([a-z0-9-]+)\)", text) if "![" in text else ():
            shown = curriculum.materials.get(found[1])
            if shown is None or shown.id not in curriculum.pictures or shown.reader == "trainee":
                continue
            around = curriculum.materials.get(owner)
            if around is None or around.reader == "trainee":
                yield Finding(
                    owner,
                    f"this text of `{owner}` shows `{shown.id}`, a picture for {shown.reader}s",
                    f"show it in a material for {shown.reader}s, or let trainees see it: "
                    f"`reader: trainee` in `{shown.id}`",
                    route,
                )


@rule(Severity.ERROR)
def sign_without_letterform(review: Review) -> Iterator[Finding]:
    """A text holds a sign that the fonts of printed pages lack.

    Pages are set in fonts that come along with csstrain, so that they break alike on every
    machine. These have the letters of Latin, Greek and Cyrillic, their marks, arrows and some
    signs; they have no emoji and no letters of Arabic, Chinese, Hebrew and other scripts. A screen
    borrows the sign from elsewhere, but paper would show an empty box where the trainer has to read
    a name. So it is an error, though the page on screen could do: no waiver makes paper show it,
    and the build would stop. A sign whose capital is lacking is told too, as some headings are set
    in capitals. What must be seen in another script is shown by a picture.

    Source: judgment of the authors.

    Flagged:

        material:
          id: mat-desk
          title: At the desk
          kind: handout
          reader: trainee
          body: Greet first ✅, then smile 😀.  # <--

    Clean:

        material:
          id: mat-desk
          title: At the desk
          kind: handout
          reader: trainee
          body: Greet Łukasz and Zoë first ✓, then smile.
    """
    curriculum = review.curriculum
    for owner, route, text in _printed(curriculum):
        signs = unprintable(text)
        if signs:
            line = text.count("\n", 0, text.index(signs[0])) + 1
            yield Finding(
                owner,
                f"line {line} of this text of `{owner}` holds {_listed(signs)}, which no printed "
                "page can show",
                _mended(signs),
                route,
            )
    for waiver, place in curriculum.waivers:
        signs = unprintable(f"{waiver.reason} {waiver.by}")
        if signs:
            yield Finding(
                waiver.id,
                f"a waiver for `{waiver.id}` holds {_listed(signs)}, which no printed page can "
                "show",
                _mended(signs),
                related=(Related(place, "the waiver is here"),),
            )


def _printed(curriculum: Curriculum) -> Iterator[tuple[str, Route, str]]:
    """Every text that some document prints: what is read in the training, and what it rests on."""
    yield from curriculum.prose
    for name, material in curriculum.material_of_file.items():
        if name.lower().endswith(".csv"):
            yield material, ("file",), curriculum.files.get(name, "")
    grounds = (
        curriculum.sources, curriculum.profiles, curriculum.duties, curriculum.ksas,
        curriculum.scales, curriculum.competencies,
    )  # fmt: skip
    for entities in grounds:
        for entity in entities.values():
            yield from texts(entity)


_TOLD = 3  # signs of a text that are told by name; of a sentence in another script that will do


def _listed(signs: Sequence[str]) -> str:
    more = len(signs) - _TOLD
    return ", ".join(map(named, signs[:_TOLD])) + (f" and {more} more" if more > 0 else "")


def _mended(signs: Sequence[str]) -> str:
    """What to write for each of the signs that are told; what is alike for several, once."""
    for_what: dict[str, list[str]] = {}
    for sign in signs[:_TOLD]:
        for_what.setdefault(instead(sign), []).append(named(sign).split(" ")[0])
    if len(for_what) == 1:
        return f"{next(iter(for_what))}; a picture can show what has to be seen"
    told = "; ".join(f"for {' and '.join(some)} {what}" for what, some in for_what.items())
    return f"{told}; a picture can show what has to be seen"


@rule(Severity.WARNING)
def html_not_rendered(review: Review) -> Iterator[Finding]:
    """A text holds HTML, and documents print its tags as they stand.

    Texts are Markdown: `**bold**`, lists with dashes, tables with bars. HTML is left as it was
    written, so that no text can bring a program into a document; the trainee reads angle brackets.
    It mostly comes along when text is pasted. What stands in backticks is meant to be seen.

    Source: judgment of the authors.

    Flagged:

        material:
          id: mat-desk
          title: At the desk
          kind: handout
          reader: trainee
          body: Greet <b>first</b>.  # <--

    Clean:

        material:
          id: mat-desk
          title: At the desk
          kind: handout
          reader: trainee
          body: Greet **first**, and end the line of the log with `<br>`.
    """
    for owner, route, text in review.curriculum.prose:
        found = _TAG.search(_CODE.sub("", text)) if "<" in text else None
        if found:
            line = found.string.count("\n", 0, found.start()) + 1
            yield Finding(
                owner,
                f"line {line} of this text of `{owner}` holds HTML, which is printed as it stands",
                "write it in Markdown, such as `**bold**`, or take the tags out",
                route,
            )


@rule(Severity.WARNING)
def placeholder_left(review: Review) -> Iterator[Finding]:
    """A text still holds the words that stood in for what was to be written.

    A trainer who reads "TODO" before eighteen people has nothing to say, and a test item with one
    cannot be answered. The words are those of the word list `placeholders`; what stands in
    backticks is meant to be seen.

    Source: judgment of the authors.

    Flagged:

        material:
          id: mat-desk
          title: At the desk
          kind: handout
          reader: trainee
          body: "Greet first. TODO: the second step."  # <--

    Clean:

        material:
          id: mat-desk
          title: At the desk
          kind: handout
          reader: trainee
          body: Greet first, then ask for the name.
    """
    placeholders = review.curriculum.words.placeholders
    for owner, route, text in review.curriculum.prose:
        found = holds(text, placeholders)
        if found and holds(_CODE.sub("", text), placeholders):
            yield Finding(
                owner,
                f"a text of `{owner}` still says `{found}`",
                "write what belongs there, or take it out",
                route,
            )


@rule(Severity.WARNING)
def skipped_heading_level(review: Review) -> Iterator[Finding]:
    """A heading of a text stands more than one level below the one before it.

    Who hears a text by a screen reader finds the way by its headings, and a level that is missing
    sounds like a part that was lost. Within one text each heading is at most one level below the
    one before; the first may have any. Documents close the gap, which may put a part under another
    heading than its author meant.

    Source: Section 508; EMI course templates, accessibility.

    Flagged:

        material:
          id: mat-rules
          title: Rules
          kind: handout
          reader: trainee
          body: |  # <--
            # Fines

            ### Waivers

    Clean:

        material:
          id: mat-rules
          title: Rules
          kind: handout
          reader: trainee
          body: |
            # Fines

            ## Waivers
    """
    for owner, route, text in review.curriculum.prose:
        if "#" not in text:
            continue
        skipped = _skipped(text)
        if skipped:
            line, heading, before = skipped
            yield Finding(
                owner,
                f"line {line} of this text of `{owner}` is a heading of level {heading} below one "
                f"of level {before}",
                f"begin it with `{'#' * (before + 1)}`, or put a heading of that level between",
                route,
            )


@rule(Severity.ADVICE)
def undefined_acronym(review: Review) -> Iterator[Finding]:
    """Trainees meet an acronym that nothing explains.

    Who is new does not know it and does not ask, and a screen reader spells it out. An acronym is
    explained by the program's `glossary`, or by its full words once before it in brackets, as in
    `Free Application for Federal Student Aid (FAFSA)`, or behind it in brackets. Not taken for
    acronyms are codes with a number or a hyphen (RG-2, HIS 101), Roman numerals, what stands in
    backticks, capitals for emphasis (a word of three letters or more that the content has in
    small letters too), and those that the word list says everybody knows. Each is told once,
    where it is first met.

    Source: judgment of the authors; facilitator guides with a key of symbols.

    Flagged:

        material:
          id: mat-aid
          title: Aid
          kind: handout
          reader: trainee
          body: Ask for the FAFSA.  # <--

    Clean:

        material:
          id: mat-aid
          title: Aid
          kind: handout
          reader: trainee
          body: Ask for the Free Application for Federal Student Aid (FAFSA). The FAFSA is free.
    """
    curriculum = review.curriculum
    first: dict[str, tuple[str, tuple[str | int, ...]]] = {}
    known = set(curriculum.words.known) | {t.term for t in curriculum.program.glossary}
    for owner, route, text in curriculum.prose:
        if not _CAPITALS.search(text):
            continue
        if "(" in text:
            known.update(_EXPLAINED.findall(text))
            known.update(a for a, inside in _WRITTEN_OUT.findall(text) if _spelled(a, inside))
        for acronym in _ACRONYM.findall(_CODE.sub("", text) if "`" in text else text):
            first.setdefault(acronym, (owner, route))
    left = {a: at for a, at in first.items() if a not in known and not _ROMAN.fullmatch(a)}
    emphasized = _in_small_letters(curriculum, left)
    for acronym, (owner, route) in left.items():
        if acronym not in emphasized and not (set(words(acronym)) & set(curriculum.words.common)):
            yield Finding(
                owner,
                f"`{acronym}` is explained nowhere, and readers first meet it in `{owner}`",
                f"write its full words with ({acronym}) after them, or add "
                f"`{{term: {acronym}, meaning: …}}` to the program's `glossary`",
                route,
            )


def _spelled(acronym: str, text: str) -> bool:
    """Whether the letters of an acronym begin words of a text, in their order."""
    initials = (word[0].upper() for word in words(text))
    return all(letter in initials for letter in acronym)


def _in_small_letters(curriculum: Curriculum, acronyms: Iterable[str]) -> set[str]:
    """Those that the content also has as an ordinary word."""
    wanted = {acronym.lower() for acronym in acronyms if len(acronym) > 2}
    found: set[str] = set()
    for _, _, text in curriculum.prose:
        if found == wanted:
            break
        found.update(wanted.intersection(_LOWER.findall(text)))
    return {word.upper() for word in found}


def _skipped(text: str) -> tuple[int, int, int] | None:
    """Line, level and level before of the first heading that skips one; code is passed over."""
    last, fenced = 0, False
    for number, line in enumerate(text.split("\n"), 1):
        fenced ^= bool(_FENCE.match(line))
        heading = None if fenced else _HEADING.match(line)
        if heading:
            level = len(heading[1])
            if last and level > last + 1:
                return number, level, last
            last = level
    return None
