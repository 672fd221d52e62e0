"""Brute force, second part: which activities may be held together, and what comes before what."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, combinations

from csstrain.curriculum import Curriculum, measured, practices
from csstrain.model import Activity, Instrument
from tests.brute_pieces import Piece, carried, needs, pieces_of, rate

MUST, SHOULD, NICE = 0, 1, 2
RANKS = {"must": MUST, "should": SHOULD, "nice": NICE}
TEACHING = ("present", "demonstrate")


@dataclass(frozen=True)
class Offer:
    """The activities that take place in sessions, and what the content says about them."""

    curriculum: Curriculum

    @cached_property
    def session(self) -> Mapping[str, Activity]:
        every = self.curriculum.activities.values()
        return {a.id: a for a in every if a.delivery == "session"}

    @cached_property
    def needs(self) -> Mapping[str, float]:
        return needs(self.curriculum)

    @cached_property
    def pieces(self) -> Mapping[str, tuple[Piece, ...]]:
        every = self.session.values()
        rates = {a.id: rate(self.curriculum, a, self.needs) for a in every}
        return {a.id: pieces_of(self.curriculum, a, rates[a.id]) for a in every}

    @cached_property
    def carries(self) -> Mapping[str, frozenset[tuple[str, str]]]:
        """What each activity brings through a stage that pre-work does not."""
        every = self.curriculum.activities.values()
        before = [a.id for a in every if "prework" in (a.delivery, a.instead)]
        anyway = carried(self.curriculum, before)
        return {name: carried(self.curriculum, [name]) - anyway for name in self.session}

    def tools(self, name: str) -> list[Instrument]:
        """The instruments that an activity uses."""
        return [self.curriculum.instruments[i] for i in self.session[name].assesses]

    @cached_property
    def finals(self) -> Mapping[str, frozenset[str]]:
        """Final assessments of learning, with the objectives that they measure."""
        found = {}
        for name in self.session:
            last = [i for i in self.tools(name) if i.when == "end-of-course" and i.kirkpatrick == 2]
            found[name] = frozenset(o for i in last for o in measured(i))
        return {name: objectives for name, objectives in found.items() if objectives}

    def prepares(self, name: str, final: str) -> bool:
        """Whether an activity teaches or practices what a final assessment measures."""
        one = self.session[name]
        learns = one.phase in (*TEACHING, "practice")
        return learns and name != final and bool(self.finals[final].intersection(one.objectives))

    def listed(self, one: str, two: str) -> bool:
        """Whether the program puts one activity before another."""
        first, second = self.curriculum.module_of[one].id, self.curriculum.module_of[two].id
        if first == second:
            names = list(self.curriculum.activities)
            return names.index(one) < names.index(two)
        return first in self._ancestors(second)

    def _ancestors(self, module: str) -> set[str]:
        near = set(self.curriculum.modules[module].requires)
        return near.union(*(self._ancestors(m) for m in near))

    def before(self, one: str, two: str) -> bool:
        """Whether one must be over when another begins.

        Practice that recalls earlier content may come later than its place, but no later than a
        final module begins, nor out of one.
        """
        modules = (self.curriculum.module_of[one], self.curriculum.module_of[two])
        recalls = self.session[one].retrieval and self.session[one].phase == "practice"
        free = recalls and not any(m.final for m in modules)
        return self.listed(one, two) and not free

    # ── pre-test, clashes ────────────────────────────────────────────────────────────

    @cached_property
    def pretests(self) -> tuple[str, ...]:
        return tuple(n for n in self.session if any(i.type == "pre-test" for i in self.tools(n)))

    def _against(self, pretest: str) -> list[str]:
        """What cannot stand where the program puts it if a pre-test stands first."""
        ahead = [
            n for n, a in self.session.items() if a.phase != "admin" and self.listed(n, pretest)
        ]
        return ahead + self._too_late(pretest)

    def _too_late(self, final: str) -> list[str]:
        """What the program puts after a final assessment that measures it."""
        if final not in self.finals:
            return []
        return [n for n in self.session if self.listed(final, n) and self.prepares(n, final)]

    @cached_property
    def _settled(self) -> tuple[str | None, frozenset[str]]:
        """The pre-test that stands first, and the activities that no agenda can hold.

        A pre-test gives way to what is worth more and stands against it; then the next one may
        stand first.
        """
        lost = {n for n in self.session if not self.pieces[n]}
        for pretest in self.pretests:
            rank = RANKS[self.session[pretest].priority]
            against = [n for n in self._against(pretest) if n not in lost]
            if any(RANKS[self.session[n].priority] < rank for n in against):
                lost.add(pretest)
            elif pretest not in lost:
                return pretest, frozenset(lost)
        return None, frozenset(lost)

    @property
    def pretest(self) -> str | None:
        """The pre-test that stands first."""
        return self._settled[0]

    @property
    def hopeless(self) -> frozenset[str]:
        """Activities that no agenda can hold."""
        return self._settled[1]

    @cached_property
    def clashes(self) -> Mapping[str, frozenset[str]]:
        """For each activity those that cannot be held with it."""
        pairs = [(final, n) for final in self.finals for n in self._too_late(final)]
        if self.pretest:
            first = self.pretest
            pairs += [
                (first, n)
                for n, a in self.session.items()
                if a.phase != "admin" and self.listed(n, first)
            ]
        both = [*pairs, *((b, a) for a, b in pairs)]
        return {n: frozenset(b for a, b in both if a == n) for n in self.session}

    def feedback(self, finals: Iterable[str]) -> list[str]:
        """What can talk about all these final assessments after the last of them."""
        behind = list(finals)
        return [
            n
            for n, a in self.session.items()
            if (a.phase == "debrief" or a.event == "give-feedback")
            and n not in self.hopeless
            and n != self.pretest
            and not any(
                n == final or self.listed(n, final) or self.prepares(n, final) for final in behind
            )
        ]


# ── terms: what may be held together ─────────────────────────────────────────────────


@dataclass(frozen=True)
class Terms:
    """What every choice of activities has to keep to while some gates are deferred."""

    offer: Offer
    deferred: frozenset[str]

    def all(self) -> Iterator[frozenset[str]]:
        """Every choice that keeps to the terms."""
        usable = [n for n in self.offer.session if n not in self.offer.hopeless]
        for count in range(1, len(usable) + 1):
            for names in combinations(usable, count):
                if self.hold(frozenset(names)):
                    yield frozenset(names)

    def hold(self, chosen: frozenset[str]) -> bool:
        """Whether a choice keeps to the terms."""
        nice = {n for n in chosen if self.rank(n) == NICE}
        # Of several that could serve the same need one is needed.
        spare = [n for n in nice if not any(n in some for some in self.excused)]
        spare += [n for some in self.excused if len(nice & some) > 1 for n in nice & some]
        return (
            all(n in chosen for n in self.offer.session if self.rank(n) == MUST)
            and all(chosen.isdisjoint(self.offer.clashes[n]) for n in chosen)
            and all(not chosen.isdisjoint(some) for some in self.services)
            and all(not chosen.isdisjoint(some) for n in chosen for some in self.partners[n])
            and (not spare or self.firm <= chosen)
        )

    def rank(self, name: str) -> int:
        """Its priority; a must that serves deferred gates and no other is a should."""
        activity = self.offer.session[name]
        gates = {o for o in activity.objectives if self.offer.curriculum.objectives[o].gate}
        if activity.priority == "must" and gates and gates <= self.deferred:
            return SHOULD
        return RANKS[activity.priority]

    @cached_property
    def musts(self) -> frozenset[str]:
        return frozenset(n for n in self.offer.session if self.rank(n) == MUST)

    def free(self, names: Iterable[str], beside: str | None = None) -> frozenset[str]:
        """Those that can be held with all musts, and with one more."""
        others = self.musts - self.offer.hopeless | ({beside} if beside else set())
        return frozenset(
            n
            for n in names
            if n not in self.offer.hopeless and others.isdisjoint(self.offer.clashes[n])
        )

    # ── gates ────────────────────────────────────────────────────────────────────────

    @cached_property
    def services(self) -> list[frozenset[str]]:
        """Sets of activities: of each set the gates that stay need one."""
        gates = [
            o.id
            for o in self.offer.curriculum.objectives.values()
            if o.gate and o.id not in self.deferred
        ]
        found = [self._service(g, kind) for g in gates for kind in ("teach", "practice", "assess")]
        return [frozenset(some) for some in found if some]

    def _service(self, gate: str, kind: str) -> list[str]:
        able = self.serving(gate, kind)
        grouped = [n for n in able if self.offer.session[n].grouping]
        if kind == "practice" and grouped and self.offer.curriculum.objectives[gate].play:
            return grouped
        return able

    def serving(self, objective: str, kind: str) -> list[str]:
        """Everything that teaches, practices or assesses an objective."""
        return [n for n in self.offer.session if self._serves(n, objective, kind)]

    def _serves(self, name: str, objective: str, kind: str) -> bool:
        activity = self.offer.session[name]
        if kind == "assess":
            return objective in self._measures(name)
        if kind == "teach":
            able = activity.phase in TEACHING
        else:
            able = practices(self.offer.curriculum, activity)
        return able and objective in activity.objectives

    def _measures(self, name: str) -> set[str]:
        activity = self.offer.session[name]
        own = activity.objectives if activity.phase == "assess" else ()
        return {*own, *(o for i in self.offer.tools(name) for o in measured(i))}

    # ── what one brings along ────────────────────────────────────────────────────────

    @cached_property
    def partners(self) -> Mapping[str, list[frozenset[str]]]:
        """For each activity sets of others: of each set one has to be held with it."""
        return {name: list(self._partners(name)) for name in self.offer.session}

    def _partners(self, name: str) -> Iterator[frozenset[str]]:
        activity, first = self.offer.session[name], self.offer.pretest
        if first and name in self.offer.pretests and name != first:
            yield frozenset([first])
        elif self.rank(name) != MUST:
            # All that a first pre-test could build on comes later.
            if name != first and not activity.retrieval:
                yield from self._built_on(activity)
            if activity.phase in TEACHING:
                able = chain.from_iterable(self.serving(o, "practice") for o in activity.objectives)
                some = self.free(able, name) - {name}
                if any(self.rank(n) < NICE and not self.offer.listed(n, name) for n in some):
                    yield some
        yield from self._talk(name)

    def _built_on(self, activity: Activity) -> Iterator[frozenset[str]]:
        """Practice builds on teaching; assessment and debrief build on practice."""
        kind = {"practice": "teach", "assess": "practice", "debrief": "practice"}
        if activity.phase not in kind:
            return
        measures = activity.phase == "assess"
        for objective in self._measures(activity.id) if measures else activity.objectives:
            able = self.serving(objective, kind[activity.phase])
            some = self.free(able, activity.id) - {activity.id}
            if any(self.rank(n) < NICE and not self.offer.listed(activity.id, n) for n in some):
                yield some

    def _talk(self, final: str) -> Iterator[frozenset[str]]:
        """A final assessment brings something that talks about it."""
        if final not in self.offer.finals or final in self.offer.hopeless:
            return
        finals = [f for f in self.offer.finals if f not in self.offer.hopeless]
        able = self.offer.feedback(finals) or self.offer.feedback([final])
        if some := self.free(able, final):
            yield some

    # ── nothing nice while a should is cut ───────────────────────────────────────────

    @cached_property
    def excused(self) -> tuple[frozenset[str], ...]:
        """Sets of nice activities of which something needs one because there are no others."""
        needed = [self.free(some) for some in self.services]
        needed += [some for final in self.offer.finals for some in self._talk(final)]
        needed += [frozenset([self.offer.pretest])] if self.offer.pretest else []
        return tuple(
            frozenset(some) for some in needed if some and all(self.rank(a) == NICE for a in some)
        )

    @cached_property
    def firm(self) -> frozenset[str]:
        """Shoulds that can be held, and stand against no other should."""
        return frozenset(
            n
            for n in self.free(self.offer.session)
            if self.rank(n) == SHOULD
            and not any(self.rank(other) == SHOULD for other in self.offer.clashes[n])
        )
