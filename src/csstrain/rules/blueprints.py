"""Rules about whole tests: long enough, true to the blueprint, forms alike, keys spread."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from csstrain.check import Finding, Review, rule
from csstrain.curriculum import Curriculum, certifies, measured
from csstrain.diagnostic import Related, Severity
from csstrain.model import Instrument, Item

# The chi-squared value that chance exceeds in 5 of 100 cases, by degrees of freedom
# (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4); items have six options at most.
_CHI_SQUARED = {
    1: Fraction("3.841"),
    2: Fraction("5.991"),
    3: Fraction("7.815"),
    4: Fraction("9.488"),
    5: Fraction("11.070"),
}


@rule(Severity.WARNING, least=3)
def too_few_items(review: Review) -> Iterator[Finding]:
    """An objective hangs on one or two test items.

    One lucky guess or one misread word then decides whether the trainee seems to have reached it,
    and the trainer goes on too early or repeats without need. The rule counts the items of each
    form, over all instruments that measure the objective, and asks for `least` of them (default
    3). Objectives that a performance or a product shows as well are left out; for a gate
    `gate-test-too-short` asks for more.

    Source: binomial error rates, computed by the authors; item-writing practice.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: state, behavior: the hours,
            domain: cognitive, level: remember}]
        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - {id: q1, stem: When does it open?, key: at eight, objective: o1}  # <--
            - {id: q2, stem: When does it close?, key: at five, objective: o1}

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: state, behavior: the hours,
            domain: cognitive, level: remember}]
        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - {id: q1, stem: When does it open?, key: at eight, objective: o1}
            - {id: q2, stem: When does it close?, key: at five, objective: o1}
            - {id: q3, stem: When is the lunch break?, key: at noon, objective: o1}
    """
    curriculum = review.curriculum
    least = review.number["least"]
    for objective in curriculum.objectives.values():
        instruments = [i for i in curriculum.instruments_of_objective[objective.id] if certifies(i)]
        counts = [_by_form(instrument, objective.id) for instrument in instruments]
        if objective.gate or not counts or not all(any(each.values()) for each in counts):
            continue
        fewest = sum(min(each.values()) for each in counts)
        if fewest < least:
            yield Finding(
                instruments[0].id,
                f"only {_items(fewest)} of a form measure{'s' * (fewest == 1)} objective "
                f"`{objective.id}` "
                f"({objective.label}), and nothing else measures it",
                f"write at least {least:f} items for it in each form, or let a criterion show it",
                ("items",),
                (Related(curriculum.at(objective.id), f"`{objective.id}`"),),
            )


@rule(Severity.ERROR, least=15)
def gate_test_too_short(review: Review) -> Iterator[Finding]:
    """A written test that decides about a job has too few items.

    A short test errs often: with a pass mark of 4 in 5, a trainee who masters 60 percent passes in
    34 of 100 cases; with 12 in 15 in 9 of 100. HR cannot defend a dismissal that rests on five
    questions. Each form of a written test with a cut score and a retest that measures a gate
    needs `least` items (default 15). Critical items do not count: where no error is allowed they
    are a set of their own (`critical-set-too-small`).

    Source: binomial error rates, computed by the authors; criterion-referenced testing practice.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: state, behavior: the hours,
            domain: cognitive, level: remember}]
        instrument:
          id: i1
          title: Test
          kind: written-test
          kirkpatrick: 2
          when: end-of-course
          cut: {method: Angoff, value: 2}
          retest: {form: B, after: two days}
          items:
            - {id: q1, stem: When does it open?, key: at eight, objective: o1}  # <--
            - {id: q2, stem: When does it close?, key: at five, objective: o1}

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: state, behavior: the hours,
            domain: cognitive, level: remember}]
        instrument:
          id: i1
          title: Test that is no gate
          kind: written-test
          kirkpatrick: 2
          when: end-of-course
          cut: {method: Angoff, value: 2}
          retest: {form: B, after: two days}
          items:
            - {id: q1, stem: When does it open?, key: at eight, objective: o1}
            - {id: q2, stem: When does it close?, key: at five, objective: o1}
    """
    least = review.number["least"]
    for instrument in gate_tests(review.curriculum):
        for form, items in forms(instrument).items():
            count = sum(not item.critical for item in items)
            if count < least:
                yield Finding(
                    instrument.id,
                    f"form {form} of gate test `{instrument.id}` ({instrument.title}) has "
                    f"{_items(count)} that may be missed; a decision about a job needs {least:f}",
                    f"write {least - count:f} more, or let the gate rest on a performance",
                    ("items",),
                )


@rule(Severity.ERROR, least=6)
def critical_set_too_small(review: Review) -> Iterator[Finding]:
    """A set of test items in which no error is allowed is too small to show mastery.

    Law, privacy and safety allow no error, but one to five questions are a sample that luck
    passes: half of those who are right in 80 percent of cases answer three of three. The critical
    items of each form of a deciding test must be `least` in number (default 6); such a set is then
    exempt from the length that `gate-test-too-short` asks for.

    Source: binomial error rates, computed by the authors.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: written-test
          kirkpatrick: 2
          when: end-of-course
          cut: {method: Angoff, value: 2}
          retest: {form: B, after: two days}
          items:
            - {id: q1, stem: Who may see a grade?, key: the student, critical: true}  # <--
            - {id: q2, stem: Who may see a hold?, key: the student, critical: true}

    Clean:

        instrument:
          id: i1
          title: Test
          kind: written-test
          kirkpatrick: 2
          when: end-of-course
          cut: {method: Angoff, value: 6}
          retest: {form: B, after: two days}
          items:
            - {id: q1, stem: Who may see a grade?, key: the student, critical: true}
            - {id: q2, stem: Who may see a hold?, key: the student, critical: true}
            - {id: q3, stem: Who may see a fine?, key: the student, critical: true}
            - {id: q4, stem: What proves identity by phone?, key: two details, critical: true}
            - {id: q5, stem: What proves it at the desk?, key: photo ID, critical: true}
            - {id: q6, stem: Who answers a subpoena?, key: the records officer, critical: true}
    """
    least = review.number["least"]
    for instrument in review.curriculum.instruments.values():
        if not (instrument.gate and certifies(instrument)):
            continue
        for form, items in forms(instrument).items():
            count = sum(item.critical for item in items)
            if 0 < count < least:
                yield Finding(
                    instrument.id,
                    f"form {form} of `{instrument.id}` ({instrument.title}) has only "
                    f"{_items(count)} in which no error is allowed",
                    f"write at least {least:f} critical items, or let those few be ordinary ones",
                    ("items",),
                )


@rule(Severity.ERROR)
def critical_set_without_retest(review: Review) -> Iterator[Finding]:
    """Test items in which no error is allowed give no second chance.

    A rule of six out of six fails 47 percent of trainees who are right in 90 percent of cases. So
    an objective of which no error is forgiven always carries immediate re-teaching and a retest;
    without one a good trainee is lost by chance, and the university with him. The rule looks at
    objectives that are `critical` and that critical items measure; a gate without a retest is
    told by `gate-without-retest`.

    Source: binomial error rates, computed by the authors; mastery decisions, conjunctive rules.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, critical: true, verb: apply,  # <--
            behavior: the release rules, domain: cognitive, level: apply}]
        instrument:
          id: i1
          title: Test
          kind: written-test
          kirkpatrick: 2
          when: end-of-course
          items:
            - {id: q1, stem: Who may see it?, key: the student, critical: true, objective: o1}

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, critical: true, verb: apply,
            behavior: the release rules, domain: cognitive, level: apply}]
        instrument:
          id: i1
          title: Test
          kind: written-test
          kirkpatrick: 2
          when: end-of-course
          retest: {form: B, after: two days}
          items:
            - {id: q1, stem: Who may see it?, key: the student, critical: true, objective: o1}
    """
    curriculum = review.curriculum
    for objective in curriculum.objectives.values():
        sets = [
            i
            for i in curriculum.instruments_of_objective[objective.id]
            if certifies(i) and any(q.critical and q.objective == objective.id for q in i.items)
        ]
        if objective.critical and not objective.gate and sets and not any(i.retest for i in sets):
            listed = " or ".join(f"`{i.id}`" for i in sets)
            yield Finding(
                objective.id,
                f"no error is allowed in the items for `{objective.id}` ({objective.label}), and "
                "there is no retest",
                f"add `retest` to {listed}",
                ("critical",),
                tuple(Related(curriculum.at(i.id), f"`{i.id}` ({i.title})") for i in sets),
            )


@rule(Severity.WARNING)
def gate_test_without_blueprint(review: Review) -> Iterator[Finding]:
    """A written test that decides about a job has no blueprint.

    The blueprint (table of specifications) says how many items sample which objective at which
    level. Without it nobody can show that the test asks for what the job and the course contain,
    which is what an appeal will ask HR first, and a second form cannot be built alike.

    Source: table of specifications, Fives and DiDonato-Barnes 2013; 29 CFR 1607.5.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: state, behavior: the hours,
            domain: cognitive, level: remember}]
        instrument:
          id: i1  # <--
          title: Test
          kind: written-test
          kirkpatrick: 2
          when: end-of-course
          cut: {method: Angoff, value: 1}
          retest: {form: B, after: two days}
          items: [{id: q1, stem: When does it open?, key: at eight, objective: o1}]

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: state, behavior: the hours,
            domain: cognitive, level: remember}]
        instrument:
          id: i1
          title: Test
          kind: written-test
          kirkpatrick: 2
          when: end-of-course
          cut: {method: Angoff, value: 1}
          retest: {form: B, after: two days}
          blueprint: [{objective: o1, level: remember, items: 1}]
          items: [{id: q1, stem: When does it open?, key: at eight, objective: o1, level: remember}]
    """
    for instrument in gate_tests(review.curriculum):
        if not instrument.blueprint:
            yield Finding(
                instrument.id,
                f"gate test `{instrument.id}` ({instrument.title}) has no blueprint",
                "add `blueprint: [{objective: …, level: …, items: …}]` with a cell for each "
                "objective and level",
            )


@rule(Severity.WARNING, most=20)
def blueprint_off(review: Review) -> Iterator[Finding]:
    """The items of a test are not those that its blueprint promises.

    Then the test weighs something else than what was agreed: trainees learn for one examination
    and sit another, and the two forms may not be equally hard. In each form the number of items
    of a cell may be off by `most` percent of the cell (default 20). A cell without a level counts
    the items of every level that has no cell of its own. Items that no cell plans are told too.

    Source: table of specifications, Fives and DiDonato-Barnes 2013.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: state, behavior: the hours,
            domain: cognitive, level: remember}]
        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          blueprint:
            - objective: o1
              items: 3  # <--
          items:
            - {id: q1, stem: When does it open?, key: at eight, objective: o1}
            - {id: q2, stem: When does it close?, key: at five, objective: o1}

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: state, behavior: the hours,
            domain: cognitive, level: remember}]
        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          blueprint: [{objective: o1, items: 2}]
          items:
            - {id: q1, stem: When does it open?, key: at eight, objective: o1}
            - {id: q2, stem: When does it close?, key: at five, objective: o1}
    """
    for instrument in review.curriculum.instruments.values():
        if instrument.blueprint:
            yield from _off_cells(instrument, review.number["most"])
            yield from _unplanned(instrument)


def _off_cells(instrument: Instrument, most: Decimal) -> Iterator[Finding]:
    planned = _cells(instrument)
    found = {
        form: Counter(_cell(item, planned) for item in items)
        for form, items in (forms(instrument) or {"A": []}).items()
    }
    for cell, (place, wanted) in planned.items():
        off = {
            form: counts[cell]
            for form, counts in found.items()
            if abs(counts[cell] - wanted) * 100 > most * wanted
        }
        if off:
            listed = ", ".join(f"form {form} has {count}" for form, count in off.items())
            level = f" at level {cell[1]}" if cell[1] else ""
            yield Finding(
                instrument.id,
                f"the blueprint of `{instrument.id}` plans {_items(wanted)} for `{cell[0]}`{level} "
                f"in each form, but {listed}",
                "write or take out items, or correct the blueprint if it is out of date",
                ("blueprint", place, "items"),
            )


def _unplanned(instrument: Instrument) -> Iterator[Finding]:
    planned = _cells(instrument)
    for item in instrument.items:
        if item.objective and _cell(item, planned) not in planned:
            level = f" at level {item.level}" if item.level else ""
            yield Finding(
                item.id,
                f"the blueprint of `{instrument.id}` plans no item for `{item.objective}`{level}, "
                f"and `{item.id}` is one",
                "take the item out, or add a cell for it to the blueprint",
                ("objective",),
            )


Cell = tuple[str | None, str | None]


def _cells(instrument: Instrument) -> dict[Cell, tuple[int, int]]:
    """The cells of a blueprint: where each stands first, and how many items it plans."""
    planned: dict[Cell, tuple[int, int]] = {}
    for place, each in enumerate(instrument.blueprint):
        first, count = planned.get((each.objective, each.level), (place, 0))
        planned[each.objective, each.level] = (first, count + each.items)
    return planned


def _cell(item: Item, planned: Mapping[Cell, object]) -> Cell:
    own = (item.objective, item.level)
    return own if own in planned else (item.objective, None)


@rule(Severity.WARNING, most=20)
def unequal_forms(review: Review) -> Iterator[Finding]:
    """The forms of a test do not sample the same things.

    Whoever sits the second form, or comes back for a retest, then takes another test: easier or
    harder, but not fair. Where a test has no blueprint to compare with, its forms are compared
    with each other: for each objective and level the smallest number of items may be `most`
    percent below the largest (default 20).

    Source: parallel forms, Standards for Educational and Psychological Testing.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - {id: q1, form: A, stem: When does it open?, key: at eight, level: remember}  # <--
            - {id: q2, form: A, stem: When does it close?, key: at five, level: remember}
            - {id: q3, form: B, stem: When is the break?, key: at noon, level: remember}

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - {id: q1, form: A, stem: When does it open?, key: at eight, level: remember}
            - {id: q2, form: B, stem: When does it close?, key: at five, level: remember}
    """
    for instrument in review.curriculum.instruments.values():
        if instrument.blueprint:
            continue
        counts = {
            form: Counter((item.objective, item.level) for item in items)
            for form, items in forms(instrument).items()
        }
        for cell in dict.fromkeys((i.objective, i.level) for i in instrument.items):
            fewest = min(each[cell] for each in counts.values())
            greatest = max(each[cell] for each in counts.values())
            if (greatest - fewest) * 100 > review.number["most"] * greatest:
                listed = ", ".join(
                    f"{_items(each[cell])} in form {f}" for f, each in counts.items()
                )
                about = f" for `{cell[0]}`" if cell[0] else ""
                about += f" at level {cell[1]}" if cell[1] else ""
                yield Finding(
                    instrument.id,
                    f"the forms of `{instrument.id}` ({instrument.title}) differ{about}: {listed}",
                    "give each form as many items for each objective and level",
                    ("items",),
                )


@rule(Severity.ERROR)
def gate_without_second_form(review: Review) -> Iterator[Finding]:
    """An instrument that decides about a gate has one form only, so nobody can be retested.

    A retest with the same questions or the same scene tests memory of the first try, and word of
    it reaches those who come later. The trainee deserves a real second chance, and HR a result
    that means the same. Items and scenarios say their `form`; a gate needs two, A and B.

    Source: mastery decisions: a retest uses another form.

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
          objectives: [o1]
          cut: {method: judges, value: 3, out_of: 4}
          retest: {form: B, after: two hours of coaching}
          scenarios:
            - {id: s1, form: A, title: A fee, candidate: A customer., script: Be upset.}  # <--

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
          objectives: [o1]
          cut: {method: judges, value: 3, out_of: 4}
          retest: {form: B, after: two hours of coaching}
          scenarios:
            - {id: s1, form: A, title: A fee, candidate: A customer., script: Be upset.}
            - {id: s2, form: B, title: A fine, candidate: A caller., script: Be afraid.}
    """
    for instrument in _deciding(review.curriculum):
        held: dict[str, set[str]] = {
            "items": {item.form for item in instrument.items},
            "scenarios": {scenario.form for scenario in instrument.scenarios},
        }
        for name, letters in held.items():
            if len(letters) == 1:
                (only,) = letters
                yield Finding(
                    instrument.id,
                    f"`{instrument.id}` ({instrument.title}) decides about a gate, and all its "
                    f"{name} are of form {only}",
                    f"write {name} of a second form, equally hard, for the retest",
                    (name,),
                )


@rule(Severity.WARNING, most=40, least=5, by=10, characters=20)
def keys_often_longest(review: Review) -> Iterator[Finding]:
    """In many items of a test the key is the longest option.

    Authors word the right answer with more care, and trainees know it: whoever takes the longest
    option then passes without having learned the rule. By chance the key is the longest of three
    in a third of the items; more than `most` percent (default 40) are too many, in tests with at
    least `least` items with options (default 5). The key counts where it is longer than every
    other option by more than `by` percent (default 10) and has at least `characters` characters
    (default 20): smaller differences nobody sees.

    Source: item-writing flaws and testwise cues, ExamEval; Haladyna, Downing and Rodriguez 2002.

    Flagged:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day:
            start: 08:30
            end: 17:30
            lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
            breaks: {minutes: 10, count: 3}
            opening: 15
            closing: 10
            slack: {min: 3, max: 10}
          thresholds: [{rule: keys-often-longest, name: least, value: 1, reason: A short example.}]
        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - {id: q1, stem: What do you do about the fee?, key: a,  # <--
               options: [{id: a, text: "Send form CO-1 with the record, since it is wrong"},
                         {id: b, text: Waive it on form FW-1}]}

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          cohort: {trainees: 18}
          day:
            start: 08:30
            end: 17:30
            lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
            breaks: {minutes: 10, count: 3}
            opening: 15
            closing: 10
            slack: {min: 3, max: 10}
          thresholds: [{rule: keys-often-longest, name: least, value: 1, reason: A short example.}]
        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - {id: q1, stem: What do you do about the fee?, key: a,
               options: [{id: a, text: Send CO-1 with the record},
                         {id: b, text: Waive all of it on form FW-1}]}
    """
    for instrument in review.curriculum.instruments.values():
        choices = [(i, p) for i in instrument.items if (p := key_position(i)) is not None]
        least = review.number["characters"]
        margin = review.number["by"]
        longest = [i for i, place in choices if key_lead(i, place, least) > margin]
        if len(choices) >= review.number["least"] and len(longest) * 100 > review.number[
            "most"
        ] * len(choices):
            yield Finding(
                instrument.id,
                f"in {len(longest)} of {len(choices)} items of `{instrument.id}` "
                f"({instrument.title}) the key is the longest option",
                "shorten keys, or word the other options as carefully: "
                + ", ".join(f"`{item.id}`" for item in longest[:8]),
                ("items",),
            )


@rule(Severity.WARNING, expected=5)
def key_positions_uneven(review: Review) -> Iterator[Finding]:
    """The keys of a form stand in one position more often than chance explains.

    A trainee who has no idea and takes the middle, as most do, then gains points, and the
    score says less about what he or she can do. The rule compares how often each position holds
    the key with an even spread (chi-squared test, 5 percent), among the items of a form with the
    same number of options, and only where an even spread puts at least `expected` keys in each
    position (default 5): with fewer the test says nothing.

    Source: Haladyna, Downing and Rodriguez 2002; NIST/SEMATECH e-Handbook, critical values.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - {id: q1, stem: S, key: b, options: [{id: a, text: Yes}, {id: b, text: No}]}  # <--
            - {id: q2, stem: S, key: b, options: [{id: a, text: Yes}, {id: b, text: No}]}
            - {id: q3, stem: S, key: b, options: [{id: a, text: Yes}, {id: b, text: No}]}
            - {id: q4, stem: S, key: b, options: [{id: a, text: Yes}, {id: b, text: No}]}
            - {id: q5, stem: S, key: b, options: [{id: a, text: Yes}, {id: b, text: No}]}
            - {id: q6, stem: S, key: b, options: [{id: a, text: Yes}, {id: b, text: No}]}
            - {id: q7, stem: S, key: b, options: [{id: a, text: Yes}, {id: b, text: No}]}
            - {id: q8, stem: S, key: b, options: [{id: a, text: Yes}, {id: b, text: No}]}
            - {id: q9, stem: S, key: b, options: [{id: a, text: Yes}, {id: b, text: No}]}
            - {id: q10, stem: S, key: a, options: [{id: a, text: Yes}, {id: b, text: No}]}

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - {id: q1, stem: S, key: b, options: [{id: a, text: Yes}, {id: b, text: No}]}
            - {id: q2, stem: S, key: a, options: [{id: a, text: Yes}, {id: b, text: No}]}
    """
    for instrument in review.curriculum.instruments.values():
        for form, items in forms(instrument).items():
            alike: dict[int, Counter[int]] = defaultdict(Counter)
            for item in items:
                place = key_position(item)
                if place is not None:
                    alike[len(item.options)][place] += 1
            for options, counts in alike.items():
                if options > 1 and _uneven(counts, options, review.number["expected"]):
                    spread = ", ".join(f"{counts[p]} in position {p + 1}" for p in range(options))
                    yield Finding(
                        instrument.id,
                        f"the keys of form {form} of `{instrument.id}` ({instrument.title}) are "
                        f"spread unevenly: {spread}",
                        "move options about until each position holds the key about as often",
                        ("items",),
                    )


def _uneven(counts: Counter[int], options: int, least: Decimal) -> bool:
    even = Fraction(counts.total(), options)
    if even < least or not even:
        return False
    deviation = sum(((counts[place] - even) ** 2 for place in range(options)), Fraction(0))
    return deviation / even > _CHI_SQUARED.get(options - 1, _CHI_SQUARED[5])


@rule(Severity.WARNING, most=3)
def key_run_too_long(review: Review) -> Iterator[Finding]:
    """Item after item of a form has its key in the same position.

    A row of equal letters makes trainees doubt right answers and change them, and gives points to
    whoever marks the same letter all through. No more than `most` items of a form in a row
    (default 3) should have their key in the same position; written answers between them do not
    break the row.

    Source: Haladyna, Downing and Rodriguez 2002.

    Flagged:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - {id: q1, stem: S, key: b, options: [{id: a, text: Yes}, {id: b, text: No}]}
            - {id: q2, stem: S, key: b, options: [{id: a, text: Yes}, {id: b, text: No}]}
            - {id: q3, stem: S, key: b, options: [{id: a, text: Yes}, {id: b, text: No}]}
            - {id: q4, stem: S, key: b, options: [{id: a, text: Yes}, {id: b, text: No}]}  # <--

    Clean:

        instrument:
          id: i1
          title: Test
          kind: check
          kirkpatrick: 2
          when: in-course
          items:
            - {id: q1, stem: S, key: b, options: [{id: a, text: Yes}, {id: b, text: No}]}
            - {id: q2, stem: S, key: b, options: [{id: a, text: Yes}, {id: b, text: No}]}
            - {id: q3, stem: S, key: a, options: [{id: a, text: Yes}, {id: b, text: No}]}
            - {id: q4, stem: S, key: b, options: [{id: a, text: Yes}, {id: b, text: No}]}
    """
    curriculum = review.curriculum
    for instrument in curriculum.instruments.values():
        for form, items in forms(instrument).items():
            first, length = items[0], 0
            for item in items:
                place = key_position(item)
                if place is None:
                    continue
                if length and key_position(first) == place:
                    length += 1
                else:
                    first, length = item, 1
                if length - 1 <= review.number["most"] < length:
                    yield Finding(
                        item.id,
                        f"`{item.id}` is item {length} in a row of form {form} of "
                        f"`{instrument.id}` whose key is {item.key}",
                        "move its key to another position, or change the order of the items",
                        ("key",),
                        (Related(curriculum.at(first.id), f"`{first.id}` begins the row"),),
                    )


@rule(Severity.WARNING)
def true_false_in_gate(review: Review) -> Iterator[Finding]:
    """A test that decides about a job asks questions with two options.

    Half of the answers are right by guessing, so far more items would be needed to tell mastery
    from luck, and a statement that is fully true or false is hard to write about real cases.

    Source: NBME item-writing guide.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: state, behavior: the hours,
            domain: cognitive, level: remember}]
        instrument:
          id: i1
          title: Test
          kind: written-test
          kirkpatrick: 2
          when: end-of-course
          cut: {method: Angoff, value: 1}
          retest: {form: B, after: two days}
          items:
            - id: q1
              stem: The office opens at eight.
              objective: o1
              key: a
              options: [{id: a, text: True}, {id: b, text: False}]  # <--

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, gate: true, verb: state, behavior: the hours,
            domain: cognitive, level: remember}]
        instrument:
          id: i1
          title: Test
          kind: written-test
          kirkpatrick: 2
          when: end-of-course
          cut: {method: Angoff, value: 1}
          retest: {form: B, after: two days}
          items:
            - id: q1
              stem: When does the office open?
              objective: o1
              key: a
              options: [{id: a, text: At eight}, {id: b, text: At nine}, {id: c, text: At ten}]
    """
    for instrument in gate_tests(review.curriculum):
        for item in instrument.items:
            if len(item.options) == 2:
                yield Finding(
                    item.id,
                    f"item `{item.id}` of gate test `{instrument.id}` has two options, so half of "
                    "all guesses are right",
                    "ask for the one best answer of three",
                    ("options",),
                )


def forms(instrument: Instrument) -> dict[str, list[Item]]:
    """The items of an instrument by form."""
    found: dict[str, list[Item]] = {}
    for item in instrument.items:
        found.setdefault(item.form, []).append(item)
    return found


def gate_tests(curriculum: Curriculum) -> Iterator[Instrument]:
    """Written tests with items that decide about a gate."""
    return (i for i in _deciding(curriculum) if i.written and i.items)


def key_position(item: Item) -> int | None:
    """Which option is the key; None for written answers and where the key is no option."""
    letters = [option.id for option in item.options]
    return letters.index(item.key) if item.key in letters else None


def key_lead(item: Item, place: int, least: Decimal) -> Fraction:
    """By how many percent the key is longer than every other option; 0 for short keys."""
    lengths = [len(option.text) for option in item.options]
    own = lengths.pop(place)
    if own < least or not lengths:
        return Fraction(0)
    return Fraction((own - max(lengths)) * 100, max(lengths))


def _deciding(curriculum: Curriculum) -> Iterator[Instrument]:
    """Instruments with a cut score and a retest that measure a gate."""
    for instrument in curriculum.instruments.values():
        named: Sequence[str] = measured(instrument)
        gates = any(curriculum.objectives[name].gate for name in named)
        if gates and instrument.gate and certifies(instrument):
            yield instrument


def _by_form(instrument: Instrument, objective: str) -> dict[str, int]:
    """How many items of each form measure an objective; one form without any if none does."""
    counts = {
        form: sum(item.objective == objective for item in items)
        for form, items in forms(instrument).items()
    }
    return counts or {"A": 0}


def _items(count: int) -> str:
    return f"{count} item" if count == 1 else f"{count} items"
