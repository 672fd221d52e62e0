"""The chapter of a module's handouts: one and the same in the binder and in the workbook."""

from __future__ import annotations

from dataclasses import dataclass

from csstrain.numbering import Cards, Numbering, first_use, given_instead, uses
from csstrain.render import Compiled, Section


@dataclass(frozen=True)
class TraineeSheet:
    """A material made for trainees: what they may see of it."""

    id: str
    number: str
    title: str
    kind: str
    text: str
    rows: tuple[tuple[str, ...], ...]
    cards: Cards | None
    uses: tuple[str, ...]
    instead: tuple[str, ...]


def for_trainees(compiled: Compiled, name: str) -> bool:
    """Whether a material may be handed to trainees: made for them, and no key."""
    material = compiled.curriculum.materials[name]
    return material.reader == "trainee" and material.type != "key"


def handouts(compiled: Compiled, module: str) -> tuple[TraineeSheet, ...]:
    """The sheets for trainees that a module is the first to hand out at these hours."""
    numbers = Numbering(compiled.curriculum)
    first = first_use(compiled.curriculum, compiled.agenda)
    used = uses(compiled.curriculum, compiled.agenda)
    instead = given_instead(compiled.curriculum, compiled.agenda)
    sheets = [numbers.sheets[m] for m, home in first.items() if home == module]
    return tuple(
        TraineeSheet(
            s.material.id,
            s.number,
            s.material.title,
            s.material.type,
            s.text,
            s.rows,
            s.cards,
            used[s.material.id],
            instead.get(s.material.id, ()),
        )
        for s in sheets
        if s.printed and for_trainees(compiled, s.material.id)
    )


def section(compiled: Compiled, module: str) -> tuple[Section, ...]:
    """The chapter of a module's handouts, or none where it has none."""
    made = handouts(compiled, module)
    if not made:
        return ()
    numbers = Numbering(compiled.curriculum)
    number = numbers.modules[module]
    values = {"sheets": made, "number": number, "tab": numbers.tabs[module]}
    return (Section(f"S{number}", f"Sheets of module {number}", "sheets.html", values),)
