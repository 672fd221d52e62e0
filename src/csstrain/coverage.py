"""Which KSA is taught, practiced, assessed and followed up, and to which level: computed once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType

from csstrain.agenda import Agenda
from csstrain.curriculum import Curriculum, certifies, practices
from csstrain.model import Competency, Instrument, Ksa, Target

TEACHING = ("present", "demonstrate")
STAGES = ("taught", "practiced", "assessed", "followed up")
KNOWLEDGE = frozenset(("declarative", "procedural", "strategic"))


@dataclass(frozen=True, slots=True)
class KsaCoverage:
    """One KSA, the level that each stage of training brings it to, and by what.

    Levels are those of the house scale; 0 means not at all. `followed_up` holds the
    days after training at which a supervisor is asked about it, and `followed_level` the
    level that such a question can show: it is about the job itself and not about a
    simulation, so that is what the job needs (`job`), whatever training can certify.
    `practice` says whether practice is asked of it, as it is of all but pure knowledge.
    """

    ksa: str
    status: str
    required: int
    taught: int
    practiced: int
    assessed: int
    followed_up: tuple[int, ...]
    objectives: tuple[str, ...]
    activities: tuple[str, ...]
    instruments: tuple[str, ...]
    questions: tuple[str, ...]
    job: int
    practice: bool

    @property
    def followed_level(self) -> int:
        """The level that follow-up can show: the job's where a supervisor is asked, else none."""
        return self.job if self.followed_up else 0

    @property
    def levels(self) -> tuple[int, int, int, int]:
        """The levels of the stages: taught, practiced, assessed, followed up."""
        return self.taught, self.practiced, self.assessed, self.followed_level

    @property
    def gaps(self) -> tuple[str, ...]:
        """What falls short of the required level, in the order of training."""
        if not self.required:
            return ()
        reached = zip(STAGES, self.levels, strict=True)
        return tuple(
            stage
            for stage, level in reached
            if level < self.required and (self.practice or stage != "practiced")
        )


@dataclass(frozen=True, slots=True)
class CompetencyCoverage:
    """One competency: how far its trained KSAs are covered, as shares and as one level.

    `taught` to `followed_up` are the shares (0 to 1) of its trained KSAs that reach their
    required level, or of which that stage is not asked. `required` is the highest target among
    them, and `levels` says for each stage how high the competency stands: to `required` where
    every KSA reaches its own target, else to the lowest level among those that fall short. A
    competency is a pattern and no average, so one missing part holds it down; a part whose own
    target is lower does not.
    `job` is its target on the house scale, None without a target or without a crosswalk.
    `share` is its part of the weights of its origin, None where that gives no weights.
    """

    competency: str
    weight: Decimal | None
    ksas: tuple[str, ...]
    taught: float
    practiced: float
    assessed: float
    followed_up: float
    origin: str
    share: float | None
    trained: tuple[str, ...]
    required: int
    levels: tuple[int, int, int, int]
    job: int | None

    @property
    def gaps(self) -> tuple[str, ...]:
        """The stages at which it stays below what the program promises."""
        reached = zip(STAGES, self.levels, strict=True)
        return tuple(stage for stage, level in reached if level < self.required)


@dataclass(frozen=True, slots=True)
class OriginCoverage:
    """All competencies of one source: their shares, weighted and added up for each stage.

    Weights are divided by their own sum, so that printed weights which add up to 100.1 are
    as good as any. Where a source gives none, each of its competencies counts the same.
    A competency without trained KSAs counts as not covered, so no total looks better than it is.
    """

    origin: str
    weight: Decimal | None
    competencies: tuple[str, ...]
    untrained: tuple[str, ...]
    taught: float
    practiced: float
    assessed: float
    followed_up: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage of a whole curriculum, by KSA, by competency and by origin."""

    ksas: Mapping[str, KsaCoverage]
    competencies: Mapping[str, CompetencyCoverage]
    origins: Mapping[str, OriginCoverage]

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
            "with_practice": sum(k.practiced > 0 for k in trained),
            "with_assessment": sum(k.assessed > 0 for k in trained),
            "with_follow_up": sum(bool(k.followed_up) for k in trained),
        }


def cover(curriculum: Curriculum, held: Collection[str] | None = None) -> Coverage:
    """The coverage of the curriculum, or of the activities that an agenda holds.

    `held` names the activities that take place; None means all of them.
    """
    ksas = {name: _ksa(curriculum, ksa, held) for name, ksa in curriculum.ksas.items()}
    origins: dict[str, list[Competency]] = {}
    for competency in curriculum.competencies.values():
        origins.setdefault(competency.origin, []).append(competency)
    weights = {name: _weights(each) for name, each in origins.items()}
    competencies = {
        c.id: _competency(
            curriculum, c, weights[c.origin], [ksas[k] for k in dict.fromkeys(c.ksas)]
        )
        for c in curriculum.competencies.values()
    }
    totals = {
        name: _origin(name, weights[name], [competencies[c.id] for c in each], ksas)
        for name, each in origins.items()
    }
    return Coverage(
        MappingProxyType(ksas), MappingProxyType(competencies), MappingProxyType(totals)
    )


def _ksa(curriculum: Curriculum, ksa: Ksa, held: Collection[str] | None) -> KsaCoverage:
    objectives = curriculum.objectives_of_ksa[ksa.id]
    taught = practiced = assessed = 0
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
        if any(practices(curriculum, a) for a in serving):
            practiced = max(practiced, min(level, ceiling(curriculum)))
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
        practiced=practiced,
        assessed=assessed,
        followed_up=tuple(sorted({wave for q in asked for wave in q.waves})),
        objectives=_once([o.id for o in objectives]),
        activities=_once(activities),
        instruments=_once(instruments),
        questions=tuple(q.id for q, _ in questions),
        job=max(ksa.target_job or 0, ksa.required),
        practice=not KNOWLEDGE.issuperset(ksa.classes),
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


def lost(
    curriculum: Curriculum, coverage: Coverage, agenda: Agenda
) -> Mapping[str, tuple[str, ...]]:
    """The KSAs that reach their level on paper and no longer do in the hours of an agenda.

    Each has the stages at which that is so; follow-up comes after the hours and is none of them.
    """
    left = cover(curriculum, held(curriculum, agenda)).ksas
    found = {name: _fallen(whole, left[name]) for name, whole in coverage.ksas.items()}
    return MappingProxyType({name: stages for name, stages in found.items() if stages})


def _fallen(whole: KsaCoverage, left: KsaCoverage) -> tuple[str, ...]:
    during = zip(STAGES[:3], whole.levels[:3], left.levels[:3], strict=True)
    return tuple(stage for stage, on_paper, now in during if now < whole.required <= on_paper)


def carriers(curriculum: Curriculum) -> Mapping[tuple[str, str], frozenset[str]]:
    """The activities of which any one brings a trained KSA to its required level at a stage.

    By KSA and stage, of those stages that the content reaches and that are asked of the KSA.
    """
    found: dict[tuple[str, str], set[str]] = {}
    for ksa in curriculum.ksas.values():
        for objective in curriculum.objectives_of_ksa[ksa.id] if ksa.required else ():
            level = max(link.level for link in objective.ksas if link.ksa == ksa.id)
            for activity in curriculum.activities_of_objective[objective.id]:
                if activity.phase in TEACHING and level >= ksa.required:
                    found.setdefault((ksa.id, "taught"), set()).add(activity.id)
                reached = min(level, ceiling(curriculum)) if practices(curriculum, activity) else 0
                if reached >= ksa.required and not KNOWLEDGE.issuperset(ksa.classes):
                    found.setdefault((ksa.id, "practiced"), set()).add(activity.id)
            for instrument in curriculum.instruments_of_objective[objective.id]:
                _carried(curriculum, ksa, instrument, level, found)
        for instrument in curriculum.instruments_of_ksa[ksa.id] if ksa.required else ():
            _carried(curriculum, ksa, instrument, ksa.required, found)
    return {key: frozenset(able) for key, able in found.items()}


def _carried(
    curriculum: Curriculum,
    ksa: Ksa,
    instrument: Instrument,
    level: int,
    found: dict[tuple[str, str], set[str]],
) -> None:
    """Add the activities that assess a KSA by an instrument, where that reaches its level."""
    if certifies(instrument) and _certified(curriculum, ksa, instrument, level) >= ksa.required:
        users = curriculum.activities_of_instrument[instrument.id]
        found.setdefault((ksa.id, "assessed"), set()).update(a.id for a in users)


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


def _weights(competencies: Iterable[Competency]) -> Decimal | None:
    """The sum of the weights of one origin; None where it gives none."""
    given = [c.weight for c in competencies if c.weight is not None]
    return sum(given, Decimal(0)) or None


def _competency(
    curriculum: Curriculum, competency: Competency, weights: Decimal | None, ksas: list[KsaCoverage]
) -> CompetencyCoverage:
    trained = [k for k in ksas if k.required]
    required = max((k.required for k in trained), default=0)
    weight = competency.weight or Decimal(0)
    shares = [_share(trained, stage) for stage in STAGES]
    return CompetencyCoverage(
        competency=competency.id,
        weight=competency.weight,
        ksas=tuple(k.ksa for k in ksas),
        taught=float(shares[0]),
        practiced=float(shares[1]),
        assessed=float(shares[2]),
        followed_up=float(shares[3]),
        origin=competency.origin,
        share=float(Fraction(weight) / Fraction(weights)) if weights else None,
        trained=tuple(k.ksa for k in trained),
        required=required,
        levels=(
            min((k.taught for k in trained if "taught" in k.gaps), default=required),
            min((k.practiced for k in trained if "practiced" in k.gaps), default=required),
            min((k.assessed for k in trained if "assessed" in k.gaps), default=required),
            min((k.followed_level for k in trained if "followed up" in k.gaps), default=required),
        ),
        job=house_level(curriculum, competency.target) if competency.target else None,
    )


def _origin(
    name: str,
    weights: Decimal | None,
    members: list[CompetencyCoverage],
    ksas: Mapping[str, KsaCoverage],
) -> OriginCoverage:
    # Exact fractions, so that no order of the content changes a digit.
    parts = [Fraction(c.weight or 0) if weights else Fraction(1) for c in members]
    trained = [[ksas[k] for k in c.trained] for c in members]
    totals = [
        sum((p * _share(t, stage) for p, t in zip(parts, trained, strict=True)), Fraction(0))
        / sum(parts)
        for stage in STAGES
    ]
    return OriginCoverage(
        origin=name,
        weight=weights,
        competencies=tuple(c.competency for c in members),
        untrained=tuple(c.competency for c in members if not c.trained),
        taught=float(totals[0]),
        practiced=float(totals[1]),
        assessed=float(totals[2]),
        followed_up=float(totals[3]),
    )


def _share(trained: list[KsaCoverage], stage: str) -> Fraction:
    """The share of some trained KSAs that reach their required level at a stage."""
    if not trained:
        return Fraction(0)
    return Fraction(sum(stage not in k.gaps for k in trained), len(trained))


def house_level(curriculum: Curriculum, target: Target) -> int | None:
    """A level of any scale as one of the house scale, by the crosswalk alone; None without one."""
    if target.scale == curriculum.program.scale:
        return target.level
    levels = curriculum.scales[target.scale].levels
    return next((each.house for each in levels if each.level == target.level), None)


def _once(names: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
