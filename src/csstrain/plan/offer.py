"""The offer: all that could be held, known before any hours are: pieces, order, conflicts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter

from csstrain.agenda import Need
from csstrain.coverage import carriers
from csstrain.curriculum import Curriculum, measured
from csstrain.model import Activity
from csstrain.plan.pieces import Piece, pieces
from csstrain.plan.value import needs, rates
from csstrain.timing import least_minutes

TEACHING = ("present", "demonstrate")
RANK = {"must": 0, "should": 1, "nice": 2}


@dataclass(frozen=True)
class Offer:
    """The activities of a curriculum that take place in sessions, ready to be chosen from."""

    curriculum: Curriculum
    known: frozenset[str] = frozenset()

    @cached_property
    def session(self) -> Mapping[str, Activity]:
        """All activities but pre-work and what the group does not need, in teaching order."""
        activities = self.curriculum.activities.values()
        wanted = (a for a in activities if a.delivery == "session")
        return {a.id: a for a in wanted if a.id not in self.needless}

    def met(self, objective: str) -> bool:
        """Whether the group has met all KSAs of an objective at entry."""
        links = self.curriculum.objectives[objective].ksas
        return bool(links) and all(link.ksa in self.known for link in links)

    @cached_property
    def needless(self) -> frozenset[str]:
        """Activities that bring nobody anything new, as the group has met all that they serve.

        Pre-tests, final assessments and what measures a gate stay: they show that it is so.
        """
        return frozenset(a.id for a in self.curriculum.activities.values() if self._is_needless(a))

    def _is_needless(self, activity: Activity) -> bool:
        if not activity.objectives or not all(self.met(o) for o in activity.objectives):
            return False
        used = [self.curriculum.instruments[name] for name in activity.assesses]
        gates = any(self.curriculum.objectives[o].gate for o in activity.objectives)
        proves = any(i.when in ("baseline", "end-of-course") or i.type == "pre-test" for i in used)
        return activity.phase != "admin" and not proves and not (gates and used)

    @cached_property
    def needs(self) -> Mapping[str, Need]:
        """How much the job needs a minute spent on each KSA."""
        return needs(self.curriculum, self.known)

    @cached_property
    def carriers(self) -> Mapping[tuple[str, str], frozenset[str]]:
        """The activities of which any one brings a KSA through a stage, by KSA and stage.

        Stages that pre-work carries are left out: no hours can lose them.
        """
        before = {
            a.id
            for a in self.curriculum.activities.values()
            if a.delivery == "prework" or a.instead == "prework"
        }
        found = sorted(carriers(self.curriculum).items())
        return {key: able for key, able in found if before.isdisjoint(able)}

    @cached_property
    def pieces(self) -> Mapping[str, tuple[Piece, ...]]:
        """Each activity as pieces; none where it fits into no run."""
        rate = rates(self.curriculum, self.needs)
        return {a.id: pieces(self.curriculum, a, rate[a.id]) for a in self.session.values()}

    def least(self, activity: str) -> int:
        """The least minutes that an activity can be held in."""
        return sum(p.least for p in self.pieces[activity])

    def most(self, activity: str) -> int:
        """The most minutes that an activity can be given."""
        return sum(p.most for p in self.pieces[activity])

    def worth(self, activity: str) -> float:
        """The value of an activity at its least."""
        return sum(p.worth for p in self.pieces[activity])

    # ── what must come before what ───────────────────────────────────────────────────

    @cached_property
    def required(self) -> Mapping[str, frozenset[str]]:
        """The modules that must be over before each module, at whatever remove."""
        found: dict[str, frozenset[str]] = {}
        for module in self.curriculum.modules.values():
            before = [found[m] | {m} for m in module.requires if m in found]
            found[module.id] = frozenset().union(*before)
        return found

    def must_precede(self, first: Activity, second: Activity) -> bool:
        """Whether the order of modules and of their activities puts one before the other."""
        one, two = self.module_of(first.id), self.module_of(second.id)
        if one == two:
            return self._position[first.id] < self._position[second.id]
        return one in self.required[two]

    @cached_property
    def before(self) -> Mapping[str, frozenset[str]]:
        """All that the order of modules and of their activities puts before each activity."""
        every = self.session.values()
        return {a.id: frozenset(b.id for b in every if self.must_precede(b, a)) for a in every}

    @cached_property
    def retrieval(self) -> frozenset[str]:
        """Practice in which trainees recall earlier content; it may come later than its place."""
        return frozenset(
            a.id
            for a in self.session.values()
            if a.retrieval and a.phase == "practice" and not self.curriculum.module_of[a.id].final
        )

    def module_of(self, activity: str) -> str:
        """The module that an activity belongs to."""
        return self.curriculum.module_of[activity].id

    @cached_property
    def _position(self) -> Mapping[str, int]:
        return {name: index for index, name in enumerate(self.curriculum.activities)}

    @cached_property
    def pretests(self) -> tuple[Activity, ...]:
        """Activities that give a pre-test, in teaching order."""
        types = {i.id: i.type for i in self.curriculum.instruments.values()}
        return tuple(
            a
            for a in self.session.values()
            if any(types[name] == "pre-test" for name in a.assesses)
        )

    @cached_property
    def finals(self) -> Mapping[str, frozenset[str]]:
        """Activities that hold a final assessment, with the objectives it measures.

        A final assessment is a performance or test of learning at the end of the course;
        reaction forms at the end are none.
        """
        return {a.id: frozenset(o) for a in self.session.values() if (o := list(self._final(a)))}

    def _final(self, activity: Activity) -> Iterator[str]:
        for name in activity.assesses:
            instrument = self.curriculum.instruments[name]
            if instrument.when == "end-of-course" and instrument.kirkpatrick == 2:
                yield from measured(instrument)

    def prepares(self, activity: Activity, final: str) -> bool:
        """Whether an activity teaches or practices something that a final assessment measures."""
        return (
            activity.id != final
            and activity.phase in (*TEACHING, "practice")
            and not self.finals[final].isdisjoint(activity.objectives)
        )

    def feedback_after(self, finals: Iterator[str] | tuple[str, ...]) -> tuple[Activity, ...]:
        """Debriefs and feedback that can follow all of these final assessments, best first."""
        last = [self.session[final] for final in finals]
        able = [
            a
            for a in self.session.values()
            if (a.phase == "debrief" or a.event == "give-feedback")
            and a.id not in self.unusable
            and a not in self.pretests
            and not any(a is f or self.must_precede(a, f) or self.prepares(a, f.id) for f in last)
        ]
        return tuple(sorted(able, key=lambda a: (RANK[a.priority], self.least(a.id))))

    # ── what cannot be held, alone or together ───────────────────────────────────────

    @cached_property
    def unusable(self) -> Mapping[str, str]:
        """Activities that no hours can hold, with the reason in plain words."""
        found = {a.id: self._too_long(a) for a in self.session.values() if not self.pieces[a.id]}
        for pretest in self.pretests:
            others = (*self._before_pretest(pretest), *self._after_final(pretest.id))
            stronger = [a for a in others if RANK[a.priority] < RANK[pretest.priority]]
            stronger = [a for a in stronger if a.id not in found]
            if pretest.id not in found and not stronger:
                break
            if stronger:
                found[pretest.id] = f"it may not stand where it does beside {stronger[0].id}"
        return found

    def _too_long(self, activity: Activity) -> str:
        run = self.curriculum.program.day.longest_run
        least = least_minutes(self.curriculum, activity)
        return f"it needs {least} minutes without a pause, and no run may exceed {run}"

    def _before_pretest(self, pretest: Activity) -> list[Activity]:
        """What the program puts before a pre-test, but may not stand there."""
        every = self.session.values()
        return [a for a in every if a.phase != "admin" and self.must_precede(a, pretest)]

    def _after_final(self, final: str) -> list[Activity]:
        """What the program puts after a final assessment, but must come before it."""
        if final not in self.finals:
            return []
        last = self.session[final]
        every = self.session.values()
        return [a for a in every if self.must_precede(last, a) and self.prepares(a, final)]

    @cached_property
    def pretest(self) -> Activity | None:
        """The pre-test that is given first, if there is one that can be."""
        return next((a for a in self.pretests if a.id not in self.unusable), None)

    @cached_property
    def clashes(self) -> Mapping[str, Mapping[str, str]]:
        """Activities that cannot both be held, and why the first must go for the second."""
        found: dict[str, dict[str, str]] = {name: {} for name in self.session}
        for final in self.finals:
            for activity in self._after_final(final):
                why = f"it would come after {final}, the final assessment of it"
                found[activity.id][final] = why
                found[final][activity.id] = f"{activity.id} would still practice after it"
        for activity in self._before_pretest(self.pretest) if self.pretest else ():
            first = self.pretest.id if self.pretest else ""
            found[activity.id][first] = f"only admin may come before the pre-test {first}"
            found[first][activity.id] = f"{activity.id} stands before it"
        return found

    # ── the order in which modules are laid out ──────────────────────────────────────

    @cached_property
    def modules(self) -> tuple[str, ...]:
        """Modules in the order of the plan: teaching order, bent to pre-test and finals."""
        place = {m: i for i, m in enumerate(self.curriculum.modules)}
        edges = {m: set(self.required[m]) for m in place}
        for before, after in self._extra_edges():
            edges[after].add(before)
        try:
            TopologicalSorter(edges).prepare()
        except CycleError:
            return tuple(place)  # single activities wait for each other; see chains
        ordered: list[str] = []
        while len(ordered) < len(place):
            free = (m for m in place if m not in ordered and edges[m] <= set(ordered))
            ordered.append(min(free, key=lambda m: place[m]))
        return tuple(ordered)

    def _extra_edges(self) -> Iterator[tuple[str, str]]:
        """Modules that others wait for because of the pre-test or a final assessment."""
        usable = [a for a in self.session.values() if a.id not in self.unusable]
        first = self.module_of(self.pretest.id) if self.pretest else None
        for activity in usable:
            here = self.module_of(activity.id)
            if first and first != here and here not in self.required[first]:
                yield first, here
            for final in self.finals:
                there = self.module_of(final)
                if there != here and final in self.session and self.prepares(activity, final):
                    yield here, there
