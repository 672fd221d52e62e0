"""The page of every rule and of every fault that the other stages report."""

from __future__ import annotations

from csstrain import rules
from csstrain.check import RULES
from csstrain.diagnostic import Severity
from csstrain.faults import FAULTS

__all__ = ["FAULTS", "listing", "markdown", "names", "page", "severity", "title"]

# Warnings; all others are errors.
_MILD_FAULTS = {
    "entry-above-ceiling",
    "entry-of-another-cohort",
    "entry-without-effect",
    "ragged-table",
    "text-lost-to-comment",
    "unused-waiver",
}


def names() -> tuple[str, ...]:
    """All names that a diagnostic can carry, sorted."""
    return tuple(sorted((*RULES, *FAULTS)))


def severity(name: str) -> Severity:
    """How much a finding of this name matters."""
    if name in FAULTS:
        return Severity.WARNING if name in _MILD_FAULTS else Severity.ERROR
    return RULES[name].severity


def title(name: str) -> str:
    """What is wrong, in the first line of a page."""
    return _text(name).split("\n")[0]


def markdown(name: str) -> str:
    """The page as Markdown; examples are indented, which makes them blocks of code."""
    lines = [_text(name)]
    if name in RULES and RULES[name].thresholds:
        lines += ["", "Thresholds, to be changed in the program's `thresholds`:", ""]
        lines += [f"- `{key}`: {value:f}" for key, value in RULES[name].thresholds.items()]
    return "\n".join(lines) + "\n"


def _text(name: str) -> str:
    return FAULTS[name] if name in FAULTS else RULES[name].page


def page(name: str) -> str | None:
    """The page of a rule or fault, or None for a name that there is not."""
    if name in FAULTS:
        return f"{name} ({severity(name)})\n\n{FAULTS[name]}\n"
    rule = RULES.get(name)
    if rule is None:
        return None
    lines = [f"{name} ({rule.severity}, stage {rule.stage})", "", rule.page]
    if rule.thresholds:
        listed = [f"  {key}: {value:f}" for key, value in rule.thresholds.items()]
        lines += ["", "Thresholds, to be changed in the program's `thresholds`:", "", *listed]
        first = next(iter(rule.thresholds))
        lines += ["", f"  - {{rule: {name}, name: {first}, value: …, reason: …}}"]
    return "\n".join(lines) + "\n"


def listing() -> str:
    """One line for each rule and fault: its name, how much it matters, what it says."""
    assert rules.__path__  # importing the package registers every rule
    rows = [(r.name, str(r.severity), r.page.split("\n")[0]) for r in RULES.values()]
    rows += [(name, str(severity(name)), text.split("\n")[0]) for name, text in FAULTS.items()]
    return "".join(f"{name:<32} {severity:<8} {text}\n" for name, severity, text in sorted(rows))
