"""The rule mechanism: what a rule is, how rules run, how waivers set findings aside."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, NamedTuple

from csstrain.agenda import Agenda
from csstrain.coverage import Coverage
from csstrain.curriculum import Curriculum
from csstrain.diagnostic import Diagnostic, Place, Related, Severity
from csstrain.faults import FAULTS
from csstrain.load import nearest
from csstrain.model import Waiver

Stage = Literal["content", "agenda"]


@dataclass(frozen=True, slots=True)
class Review:
    """What rules look at: the curriculum, its coverage and, at the agenda stage, the agenda.

    `number` holds the thresholds of the rule that is running, by name.
    """

    curriculum: Curriculum
    coverage: Coverage
    agenda: Agenda | None = None
    number: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found: the entity, the steps to the value inside it, what is wrong and right.

    `private` keeps the line itself out of reports.
    """

    id: str
    message: str
    hint: str | None = None
    at: tuple[str | int, ...] = ()
    related: tuple[Related, ...] = ()
    private: bool = False


Run = Callable[[Review], Iterator[Finding]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name, how much it matters, the stage that owns it, its page, its thresholds."""

    name: str
    severity: Severity
    stage: Stage
    thresholds: Mapping[str, Decimal]
    run: Run

    @property
    def page(self) -> str:
        """What is wrong, why it matters, where that is known from, and both examples."""
        return inspect.cleandoc(self.run.__doc__ or "")


RULES: dict[str, Rule] = {}


def rule(
    severity: Severity, stage: Stage = "content", **thresholds: int | str
) -> Callable[[Run], Run]:
    """Make a function a rule: its name in kebab case is the rule's, its docstring the page.

    Keyword arguments are thresholds with their defaults, which a program may change.
    """

    def register(run: Run) -> Run:
        name = run.__name__.replace("_", "-")
        numbers = {key.replace("_", "-"): Decimal(value) for key, value in thresholds.items()}
        RULES[name] = Rule(name, severity, stage, MappingProxyType(numbers), run)
        return run

    return register


class Waived(NamedTuple):
    """A finding that a waiver set aside."""

    diagnostic: Diagnostic
    waiver: Waiver
    place: Place


class Checked(NamedTuple):
    """What is left to report, and what waivers set aside."""

    diagnostics: tuple[Diagnostic, ...]
    waived: tuple[Waived, ...] = ()


def check(review: Review, stage: Stage = "content") -> Checked:
    """Run every rule of a stage; findings that a waiver names are set aside and counted."""
    curriculum = review.curriculum
    left: list[Diagnostic] = []
    waived: list[Waived] = []
    used: set[Place] = set()
    # Of two waivers of the same finding the first counts, and the second is reported as unused.
    waivers = {(w.rule, w.id): (w, at) for w, at in reversed(curriculum.waivers)}
    for each in sorted(RULES.values(), key=lambda r: r.name):
        if each.stage != stage:
            continue
        for finding in _run(each, review):
            diagnostic = _diagnostic(each, curriculum, finding)
            waiver = waivers.get((each.name, finding.id))
            # An error means the training does not hold; nobody can wish that away.
            if waiver and each.severity is not Severity.ERROR:
                used.add(waiver[1])
                waived.append(Waived(diagnostic, *waiver))
            else:
                left.append(diagnostic)
    left += _waiver_faults(curriculum, stage, used, idle=_idle(review))
    if stage == "content":
        left += _threshold_faults(curriculum)
    return Checked(tuple(left), tuple(waived))


def thresholds(each: Rule, curriculum: Curriculum) -> Mapping[str, Decimal]:
    """The thresholds of a rule by name: the program's own where it sets them, else the defaults."""
    own = {t.name: t.value for t in curriculum.program.thresholds if t.rule == each.name}
    return MappingProxyType({**each.thresholds, **own})


def _run(each: Rule, review: Review) -> Iterator[Finding]:
    numbers = thresholds(each, review.curriculum)
    try:
        yield from each.run(Review(review.curriculum, review.coverage, review.agenda, numbers))
    except BaseException as fault:
        fault.add_note(f"in rule {each.name}")
        raise


def _diagnostic(each: Rule, curriculum: Curriculum, finding: Finding) -> Diagnostic:
    place = curriculum.at(finding.id, *finding.at)
    return Diagnostic(
        each.name,
        each.severity,
        place,
        finding.message,
        finding.hint,
        finding.related,
        private=finding.private,
    )


def _idle(review: Review) -> bool:
    """Whether a waiver that waives nothing here waives nothing at all.

    Waivers of agenda rules are written for the hours that the program plans; other hours
    have other findings.
    """
    program, agenda = review.curriculum.program, review.agenda
    return agenda is None or (agenda.hours, agenda.basis) == (program.hours, program.basis)


def _waiver_faults(
    curriculum: Curriculum, stage: Stage, used: Iterable[Place], idle: bool
) -> Iterator[Diagnostic]:
    for waiver, place in curriculum.waivers:
        known = RULES.get(waiver.rule)
        if not known:
            if stage == "content":
                yield _not_a_rule(waiver, place)
        elif known.stage == stage and known.severity is Severity.ERROR:
            yield Diagnostic(
                "waiver-of-error",
                Severity.ERROR,
                place,
                f"`{waiver.rule}` is an error, and errors cannot be waived",
                "mend what it reports, then delete this waiver",
            )
        elif known.stage == stage and place not in used and idle:
            yield Diagnostic(
                "unused-waiver",
                Severity.WARNING,
                place,
                f"`{waiver.rule}` finds nothing at `{waiver.id}`, so there is nothing to waive",
                "delete this waiver",
            )


def _not_a_rule(waiver: Waiver, place: Place) -> Diagnostic:
    if waiver.rule not in FAULTS:
        return _unknown_rule(waiver.rule, place.at("rule"))
    return Diagnostic(
        "waiver-of-error",
        Severity.ERROR,
        place,
        f"`{waiver.rule}` is a fault of files, links or hours, and those cannot be waived",
        "mend what it reports, then delete this waiver",
    )


def _threshold_faults(curriculum: Curriculum) -> Iterator[Diagnostic]:
    program = curriculum.program
    first: dict[tuple[str, str], Place] = {}
    for index, threshold in enumerate(program.thresholds):
        place = curriculum.at(program.id, "thresholds", index)
        before = first.setdefault((threshold.rule, threshold.name), place)
        if before != place:
            yield Diagnostic(
                "repeated-threshold",
                Severity.ERROR,
                place,
                f"the threshold `{threshold.name}` of `{threshold.rule}` is set twice",
                "keep one of the two",
                (Related(before, "the first is here"),),
            )
            continue
        known = RULES.get(threshold.rule)
        if not known:
            yield _unknown_rule(threshold.rule, place.at("rule"))
        elif threshold.value < 0:
            yield Diagnostic(
                "wrong-value",
                Severity.ERROR,
                place.at("value"),
                f"a threshold cannot be negative, as {threshold.value:f} is",
                "give 0 or more",
            )
        elif threshold.name not in known.thresholds:
            names = ", ".join(f"`{name}`" for name in known.thresholds)
            yield Diagnostic(
                "unknown-threshold",
                Severity.ERROR,
                place.at("name"),
                f"`{threshold.rule}` has no threshold `{threshold.name}`",
                f"its thresholds are {names}" if names else "it has none: delete this entry",
            )


def _unknown_rule(name: str, place: Place) -> Diagnostic:
    near = nearest(name, RULES)
    hint = "did you mean " + " or ".join(f"`{n}`" for n in near) + "?" if near else None
    return Diagnostic(
        "unknown-rule",
        Severity.ERROR,
        place,
        f"there is no rule `{name}`",
        hint or "`csstrain explain` lists the rules",
    )
