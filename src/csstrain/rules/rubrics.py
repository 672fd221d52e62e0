"""Rules about rubrics and raters: levels that can be seen, raters who agree."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from csstrain.check import Finding, Review, rule
from csstrain.curriculum import Curriculum, certifies
from csstrain.diagnostic import Related, Severity
from csstrain.model import Instrument, WordList
from csstrain.rules.mastery import deciding
from csstrain.wording import enumerated, holds, words


@rule(Severity.ERROR)
def criterion_without_anchors(review: Review) -> Iterator[Finding]:
    """A criterion does not describe each level on which it is scored.

    Without the words, each rater means something else by a 2, and a trainee passes with one and
    fails with the other. The levels are those that any criterion of the instrument describes, and
    the highest score of its cut score, unless that counts criteria rather than levels. A criterion
    without any anchor is told as well.

    Source: behaviorally anchored rating scales; analytic rubrics as in Flinders University's
    guide to rubric design.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: in-course
          criteria:
            - {id: c1, name: Greets, objective: o1, anchors: [
               {level: 1, text: Says nothing at all.}, {level: 2, text: Greets after a question.},
               {level: 3, text: Greets before any question.}]}
            - {id: c2, name: Closes, objective: o1, anchors: [  # <--
               {level: 1, text: Turns away first.}, {level: 3, text: Asks what else is open.}]}

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: in-course
          criteria:
            - {id: c1, name: Greets, objective: o1, anchors: [
               {level: 1, text: Says nothing at all.}, {level: 2, text: Greets after a question.},
               {level: 3, text: Greets before any question.}]}
            - {id: c2, name: Closes, objective: o1, anchors: [
               {level: 1, text: Turns away first.}, {level: 2, text: Nods and says goodbye.},
               {level: 3, text: Asks what else is open.}]}
    """
    for instrument in review.curriculum.instruments.values():
        scored = _levels(instrument)
        for criterion in instrument.criteria:
            missing = sorted(scored.difference(a.level for a in criterion.anchors))
            named = f"criterion `{criterion.id}` ({criterion.name}) of `{instrument.id}`"
            if not criterion.anchors:
                yield Finding(
                    criterion.id,
                    f"{named} has no anchors, so a rater cannot tell one level from the next",
                    "add `anchors`, one for each level, each with what a rater sees or hears",
                    ("anchors",),
                )
            elif missing:
                yield Finding(
                    criterion.id,
                    f"{named} has no anchor for level {enumerated(missing)}",
                    "add " + ", ".join(f"`{{level: {level}, text: …}}`" for level in missing),
                    ("anchors",),
                )


@rule(Severity.ERROR)
def anchors_out_of_order(review: Review) -> Iterator[Finding]:
    """The anchors of a criterion repeat a level, or do not rise.

    A rater reads them from left to right under pressure of time. Two texts for one level, or a 3
    before a 2, put a trainee on a level that nobody meant.

    Source: judgment of the authors.

    Flagged:

        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: in-course
          criteria:
            - id: c1
              name: Greets
              anchors:
                - {level: 1, text: Says nothing at all.}
                - {level: 1, text: Greets after a question.}  # <--

    Clean:

        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: in-course
          criteria:
            - id: c1
              name: Greets
              anchors:
                - {level: 1, text: Says nothing at all.}
                - {level: 2, text: Greets after a question.}
    """
    for criterion, _ in review.curriculum.criteria.values():
        for index, (before, anchor) in enumerate(pairwise(criterion.anchors), 1):
            if anchor.level <= before.level:
                yield Finding(
                    criterion.id,
                    f"in criterion `{criterion.id}` ({criterion.name}) an anchor for level "
                    f"{anchor.level} follows one for level {before.level}",
                    "give each level one anchor, the lowest first",
                    ("anchors", index, "level"),
                )


@rule(Severity.WARNING, least=3)
def vague_anchor(review: Review) -> Iterator[Finding]:
    """An anchor judges a performance instead of describing it.

    "Good" or "satisfactory" says what a rater felt, not what a trainee did; two raters mean
    different things by it, and the trainee learns nothing from it. An anchor is vague when all its
    words are praise, blame or filler from the word list, or when it has fewer than `least` words
    (3 by default).

    Source: observable levels in analytic rubrics, after Flinders University's guide to rubric
    design.

    Flagged:

        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: in-course
          criteria:
            - id: c1
              name: Greets
              anchors:
                - {level: 1, text: Poor.}  # <--
                - {level: 2, text: Is very good and effective.}  # <--

    Clean:

        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: in-course
          criteria:
            - id: c1
              name: Greets
              anchors:
                - {level: 1, text: Waits for the customer's first question.}
                - {level: 2, text: Greets and gives a name before any question.}
    """
    curriculum, hollow = review.curriculum, _hollow(review.curriculum.words)
    for criterion, instrument in curriculum.criteria.values():
        for index, anchor in enumerate(criterion.anchors):
            if _says_nothing(anchor.text, hollow, review.number["least"]):
                yield Finding(
                    criterion.id,
                    f"the anchor for level {anchor.level} of `{criterion.id}` ({criterion.name}) "
                    f'in `{instrument.id}` describes nothing: "{anchor.text}"',
                    "write what a rater sees or hears at this level",
                    ("anchors", index, "text"),
                )


@rule(Severity.ADVICE, least=3, most=7)
def too_few_or_many_criteria(review: Review) -> Iterator[Finding]:
    """A rubric has so few criteria that it blurs, or so many that nobody can watch them all.

    With one or two criteria a trainee learns little from the score; with ten, a rater looks at the
    sheet instead of the performance. Between `least` (3) and `most` (7) criteria are usual.

    Source: three to seven criteria in analytic rubrics, after Flinders University's guide to
    rubric design.

    Flagged:

        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: in-course
          criteria: [{id: c1, name: Does it all}]  # <--

    Clean:

        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: in-course
          criteria: [{id: c1, name: Greets}, {id: c2, name: Asks}, {id: c3, name: Closes}]
    """
    least, most = review.number["least"], review.number["most"]
    for instrument in review.curriculum.instruments.values():
        count = len(instrument.criteria)
        if count and not least <= count <= most:
            wanted = "take apart what is scored" if count < least else "join or drop some of them"
            yield Finding(
                instrument.id,
                f"`{instrument.id}` ({instrument.title}) is scored on "
                f"{count} {'criterion' if count == 1 else 'criteria'}; "
                f"{least} to {most} can be told apart and watched",
                wanted,
                ("criteria",),
            )


@rule(Severity.WARNING)
def gate_with_one_rater(review: Review) -> Iterator[Finding]:
    """One person alone scores a performance that decides.

    A single rater's bad day, or liking, becomes the trainee's result. A second rater for every
    performance, or at least for each one near the cut score and for a sample of the others, shows
    whether the score holds.

    Source: Koo and Li 2016 on agreement between raters.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: end-of-course
          cut: {method: judges, value: 3, out_of: 4}
          retest: {form: B, after: two hours of coaching}
          raters: 1  # <--
          criteria: [{id: c1, name: Greets, objective: o1}]

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: end-of-course
          cut: {method: judges, value: 3, out_of: 4}
          retest: {form: B, after: two hours of coaching}
          raters: 1
          double_rating: Every result under 3.3 and one in five of the others.
          criteria: [{id: c1, name: Greets, objective: o1}]
    """
    for instrument in _rated_gates(review.curriculum):
        if (instrument.raters or 1) < 2 and not instrument.double_rating:
            yield Finding(
                instrument.id,
                f"`{instrument.id}` ({instrument.title}) decides about a gate, and one rater "
                "scores it alone",
                "set `raters` to 2, or say in `double_rating` which performances a second rater "
                "scores: all near the cut score and a share of the others",
                ("raters",),
            )


@rule(Severity.WARNING)
def raters_not_calibrated(review: Review) -> Iterator[Finding]:
    """Raters score a performance that decides, and nothing brings them to agree first.

    The same contact is then a 2 with one rater and a 3 with the next, and which of them a trainee
    meets is chance. Before they score, raters rate the same recordings, compare, and reach a stated
    agreement.

    Source: Landis and Koch on kappa; Koo and Li 2016 on the intraclass correlation.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
        instrument:
          id: i1  # <--
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: end-of-course
          cut: {method: judges, value: 3, out_of: 4}
          retest: {form: B, after: two hours of coaching}
          criteria: [{id: c1, name: Greets, objective: o1}]

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: end-of-course
          cut: {method: judges, value: 3, out_of: 4}
          retest: {form: B, after: two hours of coaching}
          calibration: {how: All rate three recordings., metric: weighted-kappa, value: 0.60}
          criteria: [{id: c1, name: Greets, objective: o1}]
    """
    for instrument in _rated_gates(review.curriculum):
        if not instrument.calibration:
            yield Finding(
                instrument.id,
                f"`{instrument.id}` ({instrument.title}) decides about a gate, and nothing brings "
                "its raters to agree first",
                "add `calibration: {how: …, metric: weighted-kappa, value: 0.60}`",
                ("calibration",),
            )


@rule(Severity.WARNING, kappa="0.60", icc="0.75", percent=75)
def agreement_too_low(review: Review) -> Iterator[Finding]:
    """Raters may begin with less agreement than a decision can rest on.

    A target that any two raters reach protects nobody. For a gate, raters agree substantially
    before they score: `kappa` 0.60 or more as weighted kappa, `icc` 0.75 or more as intraclass
    correlation, or `percent` 75 or more of equal scores; the last counts chance as agreement and
    is the weakest of the three.

    Source: Landis and Koch on kappa; Koo and Li 2016 on the intraclass correlation; the share of
    equal scores is judgment of the authors.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: end-of-course
          cut: {method: judges, value: 3, out_of: 4}
          retest: {form: B, after: two hours of coaching}
          calibration: {how: All rate three recordings., metric: icc, value: 0.5}  # <--
          criteria: [{id: c1, name: Greets, objective: o1}]

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: end-of-course
          cut: {method: judges, value: 3, out_of: 4}
          retest: {form: B, after: two hours of coaching}
          calibration: {how: All rate three recordings., metric: icc, value: 0.75}
          criteria: [{id: c1, name: Greets, objective: o1}]
    """
    least = {
        "weighted-kappa": review.number["kappa"],
        "icc": review.number["icc"],
        "percent": review.number["percent"],
    }
    for instrument in _rated_gates(review.curriculum):
        target = instrument.calibration
        if target and target.value < least[target.metric]:
            yield Finding(
                instrument.id,
                f"raters of `{instrument.id}` ({instrument.title}) may begin at "
                f"{target.metric} {target.value}; a decision needs {least[target.metric]}",
                f"set `value` to {least[target.metric]} or more, and say in `how` what happens "
                "until it is reached",
                ("calibration", "value"),
            )


@rule(Severity.ERROR, least=3)
def critical_failure_undefined(review: Review) -> Iterator[Finding]:
    """Something fails a trainee at once, and nothing says what that is.

    One error that overrides all other scores must be known beforehand, to the trainee and to the
    assessor who marks it. A critical objective needs a test item marked as critical,
    or a criterion whose `critical` text says what fails; and such a text must describe an act, not
    only judge it, in at least `least` words (3 by default). An objective without an instrument has
    a rule of its own.

    Source: judgment of the authors.

    Flagged:

        module:
          id: m1
          title: Privacy
          objectives:
            - id: o1
              kind: terminal
              verb: protect
              behavior: a record
              domain: cognitive
              level: apply
              critical: true  # <--
        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: in-course
          criteria: [{id: c1, name: Proves identity, objective: o1}]

    Clean:

        module:
          id: m1
          title: Privacy
          objectives:
            - id: o1
              kind: terminal
              verb: protect
              behavior: a record
              domain: cognitive
              level: apply
              critical: true
        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: in-course
          criteria: [{id: c1, name: Proves identity, objective: o1,
            critical: Tells something from the record before identity is proven.}]
    """
    curriculum, hollow = review.curriculum, _hollow(review.curriculum.words)
    defined = {i.objective for i, _ in curriculum.items.values() if i.critical}
    defined |= {c.objective for c, _ in curriculum.criteria.values() if c.critical}
    for objective in curriculum.objectives.values():
        measuring = [i for i in curriculum.instruments_of_objective[objective.id] if certifies(i)]
        if objective.critical and measuring and objective.id not in defined:
            yield Finding(
                objective.id,
                f"objective `{objective.id}` ({objective.label}) is critical, and nothing says "
                "which error fails it",
                "add `critical: …` to a criterion of it, or `critical: true` to items of it",
                ("critical",),
                tuple(Related(curriculum.at(i.id), f"`{i.id}` measures it") for i in measuring),
            )
    for criterion, instrument in curriculum.criteria.values():
        text = criterion.critical
        if text and _says_nothing(text, hollow, review.number["least"]):
            yield Finding(
                criterion.id,
                f"the critical failure of `{criterion.id}` ({criterion.name}) in "
                f'`{instrument.id}` describes no act: "{text}"',
                "write what the trainee does or says that fails the performance at once",
                ("critical",),
            )


@rule(Severity.WARNING, least=3)
def vague_critical_failure(review: Review) -> Iterator[Finding]:
    """The text of a critical failure holds a word that each assessor reads differently.

    "Does not explain it properly" stops one trainee and not the next, although both said the same.
    The rule looks for words of the word lists `vague` and `praise`. A text that describes nothing
    at all, or has fewer than `least` words (3 by default), is told by another rule.

    Source: judgment of the authors.

    Flagged:

        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: in-course
          criteria:
            - id: c1
              name: Explains the rule
              critical: Does not explain the rule properly.  # <--

    Clean:

        instrument:
          id: i1
          title: Station
          kind: role-play
          kirkpatrick: 2
          when: in-course
          criteria:
            - id: c1
              name: Explains the rule
              critical: Names a deadline that has passed.
    """
    listed, hollow = review.curriculum.words, _hollow(review.curriculum.words)
    for criterion, instrument in review.curriculum.criteria.values():
        text = criterion.critical
        if not text or _says_nothing(text, hollow, review.number["least"]):
            continue
        found = holds(text, (*listed.vague, *listed.praise))
        if found:
            yield Finding(
                criterion.id,
                f"the critical failure of `{criterion.id}` ({criterion.name}) in "
                f'`{instrument.id}` hangs on "{found}"',
                "say what the trainee does or says instead",
                ("critical",),
            )


def _rated_gates(curriculum: Curriculum) -> Iterator[Instrument]:
    """The instruments that decide about a gate and are scored by raters."""
    return (i for i in deciding(curriculum) if i.criteria)


def _levels(instrument: Instrument) -> set[int]:
    """The levels on which the criteria of an instrument are scored."""
    levels = {anchor.level for c in instrument.criteria for anchor in c.anchors}
    top = instrument.cut.out_of if instrument.cut else None
    # A cut score may count criteria (5 of 7 at level 3) instead of naming a level.
    if levels and top and top != len(instrument.criteria) and top in range(1, 10):
        levels.add(int(top))
    return levels


def _hollow(listed: WordList) -> frozenset[str]:
    """The words that describe nothing by themselves: praise, blame and filler."""
    phrases = (*listed.praise, *listed.vague, *listed.common)
    return frozenset(word for phrase in phrases for word in words(phrase))


def _says_nothing(text: str, hollow: frozenset[str], least: Decimal) -> bool:
    """Whether a text is too short to describe an act, or only praises, blames and fills."""
    own = words(text)
    return len(own) < least or hollow.issuperset(own)
