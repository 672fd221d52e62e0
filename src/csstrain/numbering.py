"""The numbers by which documents refer to each other: modules, activities, sheets."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from csstrain.agenda import Agenda
from csstrain.coverage import held
from csstrain.curriculum import Curriculum
from csstrain.markup import table_rows
from csstrain.model import Activity, Instrument, Material, Module

_RULE = re.compile(r"\n[ \t]*\n---+[ \t]*\n")  # with a line above it empty: else it makes a heading
_HEADING = re.compile(r"^(#{1,6}) ", re.MULTILINE)


class Cards(NamedTuple):
    """Cards to cut apart, each a text, and the words above them that say how to use them."""

    lead: str
    each: tuple[str, ...]


def cards(text: str) -> Cards:
    """The cards in an author's text: parted by rules, or where there are none by its headings.

    >>> cards("Cut apart.\\n\\n---\\n\\n### A\\n\\none\\n\\n---\\n\\n### B\\n\\ntwo\\n")
    Cards(lead='Cut apart.', each=('### A\\n\\none', '### B\\n\\ntwo'))
    """
    parts = _RULE.split(f"\n{text}")
    if len(parts) == 1 and (marks := _HEADING.findall(text)):
        parts = re.split(rf"^(?={min(marks, key=len)} )", text, flags=re.MULTILINE)
    parts = [part.strip() for part in parts]
    lead = "" if _HEADING.search(parts[0]) or len(parts) == 1 else parts[0]
    return Cards(lead, tuple(part for part in parts if part and part != lead))


# As many tabs as the edge of the shorter paper has room for.
TABS = 12


@dataclass(frozen=True)
class Sheet:
    """A printed material: its number, what it is, and its text or the rows of its table."""

    number: str
    material: Material
    text: str
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def cards(self) -> Cards | None:
        """Its cards, where it is a sheet of role cards."""
        return cards(self.text) if self.material.type == "role-card" else None

    @property
    def printed(self) -> bool:
        """Whether there is anything to print, or only a thing to bring along."""
        return bool(self.text or self.rows)


@dataclass(frozen=True)
class Numbering:
    """Numbers of modules, activities and sheets; they stay the same whatever hours are planned.

    Activity 4.2 is the second of module 4; sheet S4.3 the third material that module 4 uses first.
    """

    curriculum: Curriculum

    @cached_property
    def modules(self) -> Mapping[str, str]:
        """The number of each module: the digits its id ends in, else its place."""
        names = list(self.curriculum.modules)
        found = [re.search(r"[0-9]+$", name) for name in names]
        digits = [m[0] for m in found if m]
        if len(set(digits)) != len(names):
            digits = [str(n) for n in range(1, len(names) + 1)]
        return MappingProxyType(dict(zip(names, digits, strict=True)))

    @cached_property
    def tabs(self) -> Mapping[str, int]:
        """How far down the edge of a page each module has its tab; after the last, from the top."""
        return MappingProxyType({name: n % TABS for n, name in enumerate(self.curriculum.modules)})

    @cached_property
    def activities(self) -> Mapping[str, str]:
        """The number of each activity."""
        return MappingProxyType(
            {
                activity.id: f"{self.modules[module.id]}.{place}"
                for module in self.curriculum.modules.values()
                for place, activity in enumerate(module.activities, 1)
            }
        )

    @cached_property
    def homes(self) -> Mapping[str, tuple[str, ...]]:
        """The materials of each module: those that no earlier module uses."""
        seen: set[str] = set()
        homes: dict[str, tuple[str, ...]] = {}
        for module in self.curriculum.modules.values():
            inside = (m for a in module.activities for m in a.materials)
            used = dict.fromkeys((*module.materials, *inside))
            homes[module.id] = tuple(m for m in used if m not in seen)
            seen |= set(used)
        return MappingProxyType(homes)

    @cached_property
    def sheets(self) -> Mapping[str, Sheet]:
        """Every material that a module or an activity uses, as a numbered sheet."""
        return MappingProxyType(
            {
                name: self._sheet(f"S{self.modules[module]}.{place}", name)
                for module, names in self.homes.items()
                for place, name in enumerate(names, 1)
            }
        )

    def used_by(self, activity: Activity) -> tuple[Sheet, ...]:
        """The sheets of an activity, without those that only assessors have."""
        found = (self.sheets[m] for m in activity.materials)
        return tuple(s for s in found if s.material.reader != "assessor")

    def _sheet(self, number: str, name: str) -> Sheet:
        material = self.curriculum.materials[name]
        text = material.body or ""
        if material.file:
            if name in self.curriculum.pictures:
                return Sheet(number, material, f"![]({name})")
            text = self.curriculum.files.get(material.file, "")
            if material.file.lower().endswith(".csv"):
                return Sheet(number, material, "", table_rows(text))
        return Sheet(number, material, text)


def handed_out(curriculum: Curriculum, agenda: Agenda, module: Module) -> tuple[str, ...]:
    """The materials that a module's activities use, or that replace what was left out."""
    happening = held(curriculum, agenda)
    replaced = {
        each.activity.id
        for each in agenda.left_out
        if each.activity.instead in ("handout", "prework", "job-aid")
    }
    wanted = happening | replaced
    used = [a for a in module.activities if a.id in wanted]
    own = module.materials if used else ()
    return tuple(dict.fromkeys((*own, *(m for a in used for m in a.materials))))


def uses(curriculum: Curriculum, agenda: Agenda) -> Mapping[str, tuple[str, ...]]:
    """The numbers of the activities held at these hours that use each material."""
    numbers = Numbering(curriculum)
    happening = held(curriculum, agenda)
    found: dict[str, tuple[str, ...]] = {name: () for name in curriculum.materials}
    for activity in curriculum.activities.values():
        for name in activity.materials if activity.id in happening else ():
            found[name] = (*found[name], numbers.activities[activity.id])
    return MappingProxyType(found)


def given_instead(curriculum: Curriculum, agenda: Agenda) -> Mapping[str, tuple[str, ...]]:
    """The numbers of the activities left out that a material replaces and that alone use it."""
    numbers = Numbering(curriculum)
    happening = held(curriculum, agenda)
    kept = {m for a in curriculum.activities.values() if a.id in happening for m in a.materials}
    kept |= {m for module in curriculum.modules.values() for m in module.materials}
    found: dict[str, tuple[str, ...]] = {}
    for each in agenda.left_out:
        for name in each.activity.materials:
            if name not in kept and each.activity.instead != "none":
                found[name] = (*found.get(name, ()), numbers.activities[each.activity.id])
    return MappingProxyType(found)


FORMS = ("reaction-form", "supervisor-form", "self-form", "mystery-shopper-form", "results-record")


def instruments_used(curriculum: Curriculum, agenda: Agenda) -> tuple[Instrument, ...]:
    """The instruments of the chosen hours, in order of use; then those used on the job."""
    happening = held(curriculum, agenda)
    during = dict.fromkeys(
        name
        for module in curriculum.modules.values()
        for activity in module.activities
        if activity.id in happening
        for name in activity.assesses
    )
    after = [i.id for i in curriculum.instruments.values() if i.id not in during
             and (i.type in FORMS or not curriculum.activities_of_instrument[i.id])]  # fmt: skip
    return tuple(curriculum.instruments[name] for name in (*during, *after))


def instrument_labels(curriculum: Curriculum, agenda: Agenda) -> Mapping[str, str]:
    """The label of each instrument in the assessor's pack, such as I4."""
    used = instruments_used(curriculum, agenda)
    return MappingProxyType({each.id: f"I{n}" for n, each in enumerate(used, 1)})


def printed_names(curriculum: Curriculum, agenda: Agenda) -> Mapping[str, str]:
    """What stands on paper for an id that an author wrote into prose.

    Ids that may be words of the language, such as `welcome`, are left as they are.
    """
    numbers = Numbering(curriculum)
    names = {name: f"module {number}" for name, number in numbers.modules.items()}
    names |= numbers.activities
    names |= {i.id: i.title for i in curriculum.instruments.values()}
    names |= instrument_labels(curriculum, agenda)
    return MappingProxyType({n: v for n, v in names.items() if re.search(r"[0-9]|^[a-z]-", n)})


def numbered(curriculum: Curriculum, agenda: Agenda) -> Mapping[str, str]:
    """What each number stands for that documents print: activities, sheets, instruments."""
    numbers = Numbering(curriculum)
    names = {number: name for name, number in numbers.activities.items()}
    names |= {sheet.number: name for name, sheet in numbers.sheets.items()}
    names |= {label: name for name, label in instrument_labels(curriculum, agenda).items()}
    return MappingProxyType(names)


def first_use(curriculum: Curriculum, agenda: Agenda) -> Mapping[str, str]:
    """Each material that is handed out at these hours, and the first module that does so."""
    uses: dict[str, str] = {}
    for module in curriculum.modules.values():
        for name in handed_out(curriculum, agenda, module):
            uses.setdefault(name, module.id)
    return MappingProxyType(uses)


def copies(curriculum: Curriculum, material: Material, users: tuple[Activity, ...]) -> int:
    """How many copies the cohort needs."""
    trainees = curriculum.program.cohort.trainees
    if material.per == "trainee":
        return material.copies * trainees
    if material.per == "room":
        return material.copies
    # Groups of three where no activity says otherwise: the size that practice is built on.
    sizes = [a.grouping.size for a in users if a.grouping]
    return material.copies * -(-trainees // min(sizes, default=3))
