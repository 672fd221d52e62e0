"""Rules about the form of objectives: who does what, given what, how well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from types import MappingProxyType

from csstrain.check import Finding, Review, rule
from csstrain.diagnostic import Related, Severity
from csstrain.model import Activity, Module, VerbList, WordList
from csstrain.wording import enumerated, holds, words


@rule(Severity.ERROR)
def unmeasurable_verb(review: Review) -> Iterator[Finding]:
    """The verb of an objective names something that nobody can observe.

    Nobody sees a person understand or appreciate; two raters will never agree whether it
    happened. Name the act that shows it. The verbs stand in the verb list, which a project may
    replace by its own; the words with which the objective begins count, so `understand fully` is
    found, and `demonstrate` where `an understanding` follows.

    Source: Mager's performance; published lists of words to avoid.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: understand, behavior: the fines,  # <--
               domain: cognitive, level: understand}

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: explain, behavior: the fines,
               domain: cognitive, level: understand}
    """
    verbs = review.curriculum.verbs
    for objective in review.curriculum.objectives.values():
        unseen = opening(objective.label, verbs.unmeasurable)
        if unseen:
            good = [
                verb
                for group in verbs.groups
                if group.domain == objective.domain and group.level in (None, objective.level)
                for verb in group.verbs
            ]
            yield Finding(
                objective.id,
                f"nobody can see whether a trainee can `{unseen}`",
                f"use a verb that shows it, such as {', '.join(good[:5])}" if good else None,
                ("verb",),
            )


@rule(Severity.WARNING)
def covert_verb_without_indicator(review: Review) -> Iterator[Finding]:
    """The verb of an objective happens in the head, and no indicator says how it shows.

    To decide or identify is measurable only by what the trainee then says, writes or does. Name
    the simplest open act that shows it as `indicator`. The first word of `verb` counts.

    Source: Mager's indicator behavior.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: identify, behavior: the form,  # <--
               domain: cognitive, level: understand}

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: identify, behavior: the form,
               indicator: writes its number, domain: cognitive, level: understand}
    """
    for objective in review.curriculum.objectives.values():
        covert = opening(objective.label, review.curriculum.verbs.covert)
        if covert and not objective.indicator:
            yield Finding(
                objective.id,
                f"to `{objective.verb}` happens in the head; nothing says how it shows",
                "add `indicator:` with the act that shows it, such as `writes the rule`",
                ("verb",),
            )


@rule(Severity.ERROR)
def objective_without_condition(review: Review) -> Iterator[Finding]:
    """An objective does not say under which condition it is performed.

    With or without the handbook, at the counter or on paper, alone or with a line of customers:
    without the condition, training and test may ask for different things.

    Source: Mager's conditions; the C of ABCD.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: explain, behavior: the fines,  # <--
               domain: cognitive, level: understand}

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: explain, behavior: the fines,
               condition: given the handbook, domain: cognitive, level: understand}
    """
    for objective in review.curriculum.objectives.values():
        if not objective.condition:
            yield Finding(
                objective.id,
                f"objective `{objective.id}` ({objective.label}) has no condition",
                "add `condition:` with what is given and which limits hold, as in "
                "`given the handbook, in ten minutes`",
            )


@rule(Severity.ERROR)
def objective_without_degree(review: Review) -> Iterator[Finding]:
    """An objective does not say how well it must be performed.

    Without a standard there is no pass, and the rater's mood decides. Trainees cannot tell when
    they are ready, and trainers cannot tell what to train for.

    Source: Mager's criterion; the D of ABCD.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: explain, behavior: the fines,  # <--
               domain: cognitive, level: understand}

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: explain, behavior: the fines,
               degree: {text: no error of substance, metric: count, value: 0},
               domain: cognitive, level: understand}
    """
    for objective in review.curriculum.objectives.values():
        if not objective.degree:
            yield Finding(
                objective.id,
                f"objective `{objective.id}` ({objective.label}) has no degree",
                "add `degree: {text: …, metric: …, value: …}` with the standard that counts",
            )


@rule(Severity.ERROR)
def enabling_without_parent(review: Review) -> Iterator[Finding]:
    """An enabling objective leads up to no terminal objective.

    Enabling objectives are the steps to a task of the job; one that leads nowhere costs time for
    nothing that the job asks.

    Source: DOE-HDBK-1200-97, organization of learning objectives.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: enabling, verb: explain, behavior: the fines,  # <--
               domain: cognitive, level: understand}

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: conduct, behavior: a contact,
               domain: interpersonal, level: apply}
            - {id: o2, kind: enabling, parent: o1, verb: explain, behavior: the fines,
               domain: cognitive, level: understand}
    """
    objectives = review.curriculum.objectives
    for objective in objectives.values():
        parent = objectives[objective.parent] if objective.parent else None
        if objective.type == "enabling" and (parent is None or parent.type != "terminal"):
            terminal = [
                f"`{o.id}`"
                for o in review.curriculum.module_of[objective.id].objectives
                if o.type == "terminal"
            ]
            yield Finding(
                objective.id,
                f"enabling objective `{objective.id}` ({objective.label}) leads up to no "
                "terminal objective",
                f"add `parent:` with one such as {', '.join(terminal)}"
                if terminal
                else "add `parent:` with the terminal objective that it enables",
            )


@rule(Severity.WARNING)
def more_than_one_verb(review: Review) -> Iterator[Finding]:
    """An objective asks for two acts at once.

    A trainee may do one and miss the other, and nobody can say whether the objective was reached;
    practice and test then serve the half that is easier. Two acts that are scored as one task may
    stay together with a waiver that says so.

    Flagged is a `verb` that joins two, and a `behavior` in which a second verb of the verb list
    follows a word that joins (the word list's `conjunctions`). A verb that is a noun or adjective
    too, such as plan, counts only where its object opens after it (`determiners`), and two verbs
    side by side, as in `a customer to coach and direct`, describe and do not count.

    Source: US Army guide to terminal learning objectives, one verb for each action.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - id: o1
              kind: terminal
              verb: explain
              behavior: the fines and calculate what is owed  # <--
              domain: cognitive
              level: apply

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - id: o1
              kind: terminal
              verb: explain
              behavior: the name and use of each form
              domain: cognitive
              level: apply
    """
    verbs, known = review.curriculum.verbs, review.curriculum.words
    listed = (verb for group in verbs.groups for verb in group.verbs)
    acts = {verb.lower() for verb in (*listed, *verbs.covert)}
    for objective in review.curriculum.objectives.values():
        several = holds(objective.verb, known.conjunctions) or {",", "/"}.intersection(
            objective.verb
        )
        second = None if several else _second_act(objective.behavior, acts, verbs, known)
        if several or second:
            yield Finding(
                objective.id,
                f"objective `{objective.id}` asks for more than one act: "
                + (f"`{objective.verb}`" if several else f"`{objective.verb}` and `{second}`"),
                "keep the act that the job needs; give the other an objective of its own",
                ("verb",) if several else ("behavior",),
            )


@rule(Severity.ERROR)
def objective_tells_teaching(review: Review) -> Iterator[Finding]:
    """An objective tells what the trainer does instead of what the trainee will do.

    Trainees who were shown a form may still not be able to fill it in; an objective that only
    promises the showing is reached when the talk is over. Name what the trainee does with it.
    The rule looks at the words with which the objective begins and compares them with the word
    list's `teaching`; `explain what customers must be told` is therefore no fault.

    Source: Mager's performance.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: be shown, behavior: the forms,  # <--
               domain: cognitive, level: remember}

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: complete, behavior: the forms that must be shown,
               domain: cognitive, level: apply}
    """
    phrases = review.curriculum.words.teaching
    for objective in review.curriculum.objectives.values():
        told = opening(objective.label, phrases, len(words(objective.verb)))
        if told:
            yield Finding(
                objective.id,
                f"objective `{objective.id}` ({objective.label}) tells what is done to the "
                f"trainee: `{told}`",
                "name what the trainee does afterwards, as in `complete the form`",
                ("verb",),
            )


@rule(Severity.WARNING)
def objective_without_audience(review: Review) -> Iterator[Finding]:
    """Neither the program nor an objective says who will do it.

    Staff with years at the desk and people in their first week need different standards; who is
    meant belongs to the promise. Usually one line of the program says it for all objectives, so
    the program is reported once.

    Source: the A of ABCD.

    Flagged:

        program:
          id: program  # <--
          title: A program
          version: "1"
          cohort: {trainees: 18}
          scale: house
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]

    Clean:

        program:
          id: program
          title: A program
          version: "1"
          audience: the new clerk
          cohort: {trainees: 18}
          scale: house
          day: {start: 08:30, end: 17:30, lunch: {minutes: 60, earliest: 11:30, latest: 13:00},
            breaks: {minutes: 10, count: 3}, opening: 15, closing: 10, slack: {min: 3, max: 10}}
        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer,
            domain: interpersonal, level: apply}]
    """
    curriculum = review.curriculum
    open_ended = [o for o in curriculum.objectives.values() if not o.audience]
    if open_ended and not curriculum.program.audience:
        yield Finding(
            curriculum.program.id,
            "neither the program nor "
            f"{enumerated((f'`{o.id}`' for o in open_ended), most=3)} says who will do it",
            "add `audience:` to the program, as in `audience: the new specialist`",
            related=tuple(
                Related(curriculum.at(o.id), f"`{o.id}` says no audience") for o in open_ended[:3]
            ),
        )


@rule(Severity.WARNING)
def vague_degree(review: Review) -> Iterator[Finding]:
    """The standard or the condition of an objective uses a word that measures nothing.

    What is proper or thorough to one rater is not to the next; the trainee cannot know what will
    count, and a decision cannot be defended. A number in `metric` and `value` does not excuse the
    words, because trainees and raters read the words. The words stand in the word list as `vague`;
    longer expressions that only join, such as `as well as`, do not count.

    Source: US Army guide to terminal learning objectives, a standard that can be scored.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - id: o1
              kind: terminal
              verb: explain
              behavior: the fines
              condition: given the handbook
              degree: {text: properly and politely, metric: count, value: 1}  # <--
              domain: cognitive
              level: understand

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - id: o1
              kind: terminal
              verb: explain
              behavior: the fines
              condition: given the handbook
              degree: {text: all amounts as well as the dates, metric: count, value: 1}
              domain: cognitive
              level: understand
    """
    known = review.curriculum.words
    for objective in review.curriculum.objectives.values():
        texts: list[tuple[tuple[str, ...], str]] = [(("condition",), objective.condition or "")]
        if objective.degree:
            texts.append((("degree", "text"), objective.degree.text))
        for steps, text in texts:
            vague = _vague(text, known)
            if vague:
                yield Finding(
                    objective.id,
                    f"the {steps[0]} of `{objective.id}` ({objective.label}) says `{vague}`, "
                    "which nobody can measure",
                    "say what a rater counts, times or compares, as in `at least 8 of 10 right`",
                    steps,
                )


@rule(Severity.WARNING)
def module_without_terminal_objective(review: Review) -> Iterator[Finding]:
    """A module teaches or practices, and leads to no task of the job.

    A terminal objective mirrors a task of the job; a module without one gives trainees pieces and
    never says what they are for. It may be an objective of the module itself or one of another
    module that its activities teach or practice. Modules that neither teach nor practice, such as
    an opening or a closing, are left out.

    Source: DOE-HDBK-1200-97, each lesson has a terminal objective of its own.

    Flagged:

        module:
          id: m1  # <--
          title: Contact
          objectives: [{id: o1, kind: enabling, verb: explain, behavior: the fines,
            domain: cognitive, level: understand}]
          activities:
            - {id: m1-talk, method: lecture, phase: present, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}

    Clean:

        module:
          id: m1
          title: Contact
          objectives: [{id: o1, kind: terminal, verb: explain, behavior: the fines,
            domain: cognitive, level: understand}]
          activities:
            - {id: m1-talk, method: lecture, phase: present, objectives: [o1],
               minutes: {min: 10, plan: 10, max: 10}}
    """
    objectives = review.curriculum.objectives
    for module in review.curriculum.modules.values():
        working = _working(module)
        served = [objectives[o] for a in working for o in a.objectives]
        if working and all(o.type != "terminal" for o in (*module.objectives, *served)):
            yield Finding(
                module.id,
                f"module `{module.id}` ({module.title}) teaches or practices and has no terminal "
                "objective",
                "add the objective with `kind: terminal` that names the task of the job",
            )


@rule(Severity.ADVICE, most=5, least_minutes=15)
def too_many_objectives(review: Review) -> Iterator[Finding]:
    """A module has more objectives than trainees can hold, or than its minutes can serve.

    Every objective wants to be shown, tried and looked back upon. A module with more than `most`
    objectives (5) or with fewer than `least-minutes` planned minutes for each (15) touches them
    all and settles none. Minutes are those of all activities of the module, pre-work included; a
    module without activities has none to judge.

    Source: judgment of the authors.

    Flagged:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: greet, behavior: a customer,  # <--
               domain: interpersonal, level: apply}
            - {id: o2, kind: terminal, verb: state, behavior: the hours,
               domain: cognitive, level: remember}
          activities:
            - {id: m1-talk, method: lecture, phase: present, objectives: [o1, o2],
               minutes: {min: 20, plan: 20, max: 20}}

    Clean:

        module:
          id: m1
          title: Contact
          objectives:
            - {id: o1, kind: terminal, verb: greet, behavior: a customer,
               domain: interpersonal, level: apply}
            - {id: o2, kind: terminal, verb: state, behavior: the hours,
               domain: cognitive, level: remember}
          activities:
            - {id: m1-talk, method: lecture, phase: present, objectives: [o1, o2],
               minutes: {min: 30, plan: 30, max: 30}}
    """
    most, least = review.number["most"], review.number["least-minutes"]
    for module in review.curriculum.modules.values():
        count = len(module.objectives)
        minutes = sum(a.minutes.plan for a in module.activities)
        if count > most or (minutes and minutes < count * least):
            several = "1 objective" if count == 1 else f"{count} objectives"
            yield Finding(
                module.id,
                f"module `{module.id}` ({module.title}) has {several} and {minutes} "
                f"planned minutes; at most {most} objectives, and {least} minutes for each, leave "
                "time to learn them",
                "divide the module, drop what no KSA needs, or give it more minutes",
                ("objectives",),
            )


def _working(module: Module) -> list[Activity]:
    """The activities of a module that teach or practice."""
    return [a for a in module.activities if a.phase in ("present", "demonstrate", "practice")]


def opening(text: str, phrases: tuple[str, ...], within: int = 0) -> str | None:
    """The phrase with which a text begins, or begins after at most so many words."""
    every = words(text)
    return next((" ".join(every[a:b]) for a, b in _found(every, phrases) if a <= within), None)


def _second_act(text: str, acts: set[str], verbs: VerbList, known: WordList) -> str | None:
    """A verb that opens a second act in a text, after a word that joins."""
    every = words(text)
    for start, end in _found(every, known.conjunctions):
        act, after = (*every[end : end + 2], "", "")[:2]
        aside = start > 0 and every[start - 1] in acts
        if act in acts and not aside and (act not in verbs.nouns or after in known.determiners):
            return act
    return None


def _vague(text: str, known: WordList) -> str | None:
    """A vague word of a text that is no part of a longer expression which only joins."""
    every = words(text)
    joining = {n for start, end in _found(every, known.conjunctions) for n in range(start, end)}
    vague = ((a, b) for a, b in _found(every, known.vague) if a not in joining)
    return next((" ".join(every[a:b]) for a, b in vague), None)


def _found(every: tuple[str, ...], phrases: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Where phrases stand among words: the first word of each and the one behind it."""
    starting = _by_first_word(phrases)
    for start, word in enumerate(every):
        for each in starting.get(word, ()):
            if every[start : start + len(each)] == each:
                yield start, start + len(each)


@lru_cache(maxsize=64)
def _by_first_word(phrases: tuple[str, ...]) -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """The phrases of a list as words, by their first: every text is compared with them."""
    found: dict[str, tuple[tuple[str, ...], ...]] = {}
    for each in filter(None, map(words, phrases)):
        found[each[0]] = (*found.get(each[0], ()), each)
    return MappingProxyType(found)
