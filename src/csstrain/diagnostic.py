"""What a stage noticed, and where: severities, places, diagnostics, outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

Route = tuple[str | int, ...]


class Severity(StrEnum):
    """How much a finding matters: an error stops the build, a warning asks, advice suggests."""

    ERROR = "error"
    WARNING = "warning"
    ADVICE = "advice"


class Place(NamedTuple):
    """A value in a content file, named by the keys and list positions that lead to it.

    Line and column are looked up in the text only when something is printed.

    >>> Place("content/ksas.yaml", ("ksas",)).at(3, "level")
    Place(file='content/ksas.yaml', route=('ksas', 3, 'level'))
    """

    file: str
    route: Route = ()

    def at(self, *steps: str | int) -> Place:
        """The place further in, by keys and positions."""
        return Place(self.file, (*self.route, *steps))


class Position(NamedTuple):
    """Line and column in a file, both counted from 1, as editors do."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Related:
    """A second place that helps to understand a diagnostic, with a few words of its own.

    `position` is set where no route leads to it.
    """

    place: Place
    message: str
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message about one place in the content.

    `position` is set only by the stages that read text and so know a line that no
    route leads to (a tab, an unclosed quote); elsewhere the route finds the line.
    `private` keeps the line out of reports: it may hold data of a person.
    """

    rule: str
    severity: Severity
    place: Place
    message: str
    hint: str | None = None
    related: tuple[Related, ...] = ()
    position: Position | None = None
    private: bool = False


class Outcome(NamedTuple, Generic[T]):
    """What a stage made and what it noticed; `value` is None where it could not be made."""

    value: T | None
    diagnostics: tuple[Diagnostic, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether an error stands among the diagnostics, so that the next stage must not run."""
        return any(d.severity is Severity.ERROR for d in self.diagnostics)
