"""Which KSA is taught, practised, assessed and followed up, and to which level: computed once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from csstrain.agenda import Agenda
from csstrain.curriculum import Curriculum, certifies
from csstrain.model import Instrument, Ksa

TEACHING = ("present", "demonstrate")


@dataclass(frozen=True, slots=True)
class KsaCoverage:
    """One KSA, the level that each stage of training brings it to, and by what.

    Levels are those of the house scale; 0 means not at all. `followed_up` holds the
    days after training at which a supervisor is asked about it.
    """

    ksa: str
    status: str
    required: int
    taught: int
    practised: int
    assessed: int
    followed_up: tuple[int, ...]
    objectives: tuple[str, ...]
    activities: tuple[str, ...]
    instruments: tuple[str, ...]
    questions: tuple[str, ...]

    @property
    def gaps(self) -> tuple[str, ...]:
        """What falls short of the required level, in the order of training."""
        if not self.required:
            return ()
        reached = {"taught": self.taught, "practised": self.practised, "assessed": self.assessed}
        short = [stage for stage, level in reached.items() if level < self.required]
        return tuple(short if self.followed_up else [*short, "followed up"])


@dataclass(frozen=True, slots=True)
class CompetencyCoverage:
    """One competency: the share of its trained KSAs that reach their required level, 0 to 1."""

    competency: str
    weight: Decimal | None
    ksas: tuple[str, ...]
    taught: float
    practised: float
    assessed: float
    followed_up: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of a whole curriculum, by KSA and by competency."""

    ksas: Mapping[str, KsaCoverage]
    competencies: Mapping[str, CompetencyCoverage]

    def count(self) -> dict[str, int]:
        """The summary that `check` prints: all KSAs, then trained ones by stage."""
        every = tuple(self.ksas.values())
        trained = [k for k in every if k.status == "trained"]
        return {
            "ksas": len(every),
            "with_objective": sum(bool(k.objectives) for k in every),
            "trained": len(trained),
            "entry": sum(k.status == "entry" for k in every),
            "exempt": sum(k.status == "exempt" for k in every),
            "with_practice": sum(k.practised > 0 for k in trained),
            "with_assessment": sum(k.assessed > 0 for k in trained),
            "with_follow_up": sum(bool(k.followed_up) for k in trained),
        }


def cover(curriculum: Curriculum, held: Collection[str] | None = None) -> Coverage:
    """The coverage of the curriculum, or of the activities that an agenda holds.

    `held` names the activities that take place; None means all of them.
    """
    ksas = {name: _ksa(curriculum, ksa, held) for name, ksa in curriculum.ksas.items()}
    competencies = {
        c.id: _competency(c.id, c.weight, [ksas[k] for k in c.ksas])
        for c in curriculum.competencies.values()
    }
    return Coverage(MappingProxyType(ksas), MappingProxyType(competencies))


def _ksa(curriculum: Curriculum, ksa: Ksa, held: Collection[str] | None) -> KsaCoverage:
    objectives = curriculum.objectives_of_ksa[ksa.id]
    taught = practised = assessed = 0
    activities: list[str] = []
    instruments: list[str] = []
    for objective in objectives:
        level = max(link.level for link in objective.ksas if link.ksa == ksa.id)
        serving = [
            a
            for a in curriculum.activities_of_objective[objective.id]
            if held is None or a.id in held
        ]
        activities += [a.id for a in serving]
        if any(a.phase in TEACHING for a in serving):
            taught = max(taught, level)
        if any(a.phase == "practice" for a in serving):
            practised = max(practised, min(level, ceiling(curriculum)))
        for instrument in _used(
            curriculum, curriculum.instruments_of_objective[objective.id], held
        ):
            instruments.append(instrument.id)
            assessed = max(assessed, _certified(curriculum, ksa, instrument, level))
    for instrument in _used(curriculum, curriculum.instruments_of_ksa[ksa.id], held):
        instruments.append(instrument.id)
        assessed = max(assessed, _certified(curriculum, ksa, instrument, ksa.required))
    questions = curriculum.questions_of_ksa[ksa.id]
    asked = [q for q, form in questions if form.type == "supervisor-form"]
    return KsaCoverage(
        ksa=ksa.id,
        status=ksa.status,
        required=ksa.required,
        taught=taught,
        practised=practised,
        assessed=assessed,
        followed_up=tuple(sorted({wave for q in asked for wave in q.waves})),
        objectives=tuple(o.id for o in objectives),
        activities=_once(activities),
        instruments=_once(instruments),
        questions=tuple(q.id for q, _ in questions),
    )


def held(curriculum: Curriculum, agenda: Agenda) -> frozenset[str]:
    """The activities that take place: in the days, as pre-work, or moved to pre-work."""
    cut = {left.activity.id: left.activity.instead for left in agenda.left_out}
    before = {
        a.id
        for a in curriculum.activities.values()
        if cut.get(a.id) == "prework" or (a.delivery == "prework" and a.id not in cut)
    }
    return frozenset(agenda.given()) | before


def ceiling(curriculum: Curriculum) -> int:
    """The highest level of the house scale that training alone can certify."""
    scale = curriculum.scales.get(curriculum.program.scale or "")
    return scale.ceiling if scale and scale.ceiling else 9


def _used(
    curriculum: Curriculum, instruments: Iterable[Instrument], held: Collection[str] | None
) -> Iterable[Instrument]:
    """Those of some instruments that certify and, where an agenda counts, have a place in it."""
    for instrument in filter(certifies, instruments):
        users = curriculum.activities_of_instrument[instrument.id]
        if held is None or any(a.id in held for a in users):
            yield instrument


def _certified(curriculum: Curriculum, ksa: Ksa, instrument: Instrument, level: int) -> int:
    """Writing alone shows a skill or an attitude to the first level only."""
    if ksa.classes[0] in ("skill", "attitude") and instrument.written:
        level = min(level, 1)
    return min(level, ceiling(curriculum))


def _competency(name: str, weight: Decimal | None, ksas: list[KsaCoverage]) -> CompetencyCoverage:
    trained = [k for k in ksas if k.required]

    def share(reached: list[bool]) -> float:
        return sum(reached) / len(reached) if reached else 0.0

    return CompetencyCoverage(
        competency=name,
        weight=weight,
        ksas=tuple(k.ksa for k in ksas),
        taught=share([k.taught >= k.required for k in trained]),
        practised=share([k.practised >= k.required for k in trained]),
        assessed=share([k.assessed >= k.required for k in trained]),
        followed_up=share([bool(k.followed_up) for k in trained]),
    )


def _once(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
