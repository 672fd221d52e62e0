"""Terms: what any choice of activities has to keep to, whatever the hours."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from csstrain.curriculum import measured, practices
from csstrain.model import Activity
from csstrain.plan.offer import RANK, TEACHING, Offer

SERVICES = ("teach", "practice", "assess")  # what every gate needs


@dataclass(frozen=True)
class Terms:
    """What a choice has to keep to, given the gates that are deferred.

    All musts are held. Each gate that stays is taught, practiced and assessed by something,
    where the content has it; a gate that is performed live is practiced in a grouping, so that
    everybody plays it. What is practiced was taught, what is assessed or talked about was
    practiced, and what is taught is practiced; a final assessment brings feedback, a pre-test
    the first one. Nothing nice is held while a should is cut, unless a gate needs it. What is
    `demoted` counts as a should, to see what that would change.
    """

    offer: Offer
    deferred: frozenset[str] = frozenset()
    demoted: frozenset[str] = frozenset()

    # ── priorities ───────────────────────────────────────────────────────────────────

    @cached_property
    def released(self) -> frozenset[str]:
        """Musts that serve deferred gates and no other gate: they may go like a should."""
        gates = frozenset(self.offer.curriculum.gates)
        return frozenset(
            a.id
            for a in self.offer.session.values()
            if a.priority == "must"
            and gates.intersection(a.objectives)
            and gates.intersection(a.objectives) <= self.deferred
        )

    def rank(self, activity: str) -> int:
        """0 for must, 1 for should, 2 for nice; a released or demoted must counts as a should."""
        priority = self.offer.session[activity].priority
        lower = activity in self.released or activity in self.demoted
        return max(RANK["should"], RANK[priority]) if lower else RANK[priority]

    @cached_property
    def musts(self) -> frozenset[str]:
        """Everything that must be held and can be."""
        return frozenset(n for n in self.usable if self.rank(n) == RANK["must"])

    @cached_property
    def usable(self) -> tuple[str, ...]:
        """Everything that some hours could hold."""
        return tuple(n for n in self.offer.session if n not in self.offer.unusable)

    @cached_property
    def impossible(self) -> tuple[str, ...]:
        """Why no hours at all can work: what must be held cannot be, alone or together."""
        unusable, clashes = self.offer.unusable, self.offer.clashes
        musts = [n for n in self.offer.session if self.rank(n) == RANK["must"] and n in unusable]
        pairs = [
            f"{one} and {two} must both be held, but as for {one}, {why}"
            for one in sorted(self.musts)
            for two, why in clashes[one].items()
            if two in self.musts and one < two
        ]
        gates = (self._unserved(gate, kind) for gate in self.gates for kind in SERVICES)
        return (
            *(f"{name} must be held, but {unusable[name]}" for name in musts),
            *pairs,
            *filter(None, gates),
        )

    @cached_property
    def gates(self) -> tuple[str, ...]:
        """The gates that stay."""
        return tuple(o for o in self.offer.curriculum.gates if o not in self.deferred)

    def _unserved(self, gate: str, kind: str) -> str | None:
        """Why a gate is not taught, practiced or assessed, though something is there to do it."""
        able = self.for_gate(gate, kind)
        if not able or self.free(able):
            return None
        clash = next((c for c in self.offer.clashes[able[0]].values()), "")
        return f"the gate {gate} needs {able[0]}, but {self.offer.unusable.get(able[0], clash)}"

    # ── who serves what ──────────────────────────────────────────────────────────────

    def for_gate(self, gate: str, kind: str) -> list[str]:
        """Activities of which a gate needs one, even such as cannot be held."""
        if self.offer.met(gate) and kind != "assess":
            return []
        able = [a.id for a in self._serving(gate, kind)]
        if kind == "practice" and self.offer.curriculum.objectives[gate].play:
            grouped = [n for n in able if self.offer.session[n].grouping]
            return grouped or able
        return able

    def _serving(self, objective: str, kind: str) -> Iterator[Activity]:
        """Activities that teach, practice or assess an objective."""
        for activity in self.offer.session.values():
            if kind == "assess":
                if objective in self._measures(activity):
                    yield activity
            elif objective in activity.objectives:
                teaches = kind == "teach" and activity.phase in TEACHING
                if teaches or (kind == "practice" and practices(self.offer.curriculum, activity)):
                    yield activity

    def _measures(self, activity: Activity) -> set[str]:
        instruments = self.offer.curriculum.instruments
        named = {o for name in activity.assesses for o in measured(instruments[name])}
        return named | set(activity.objectives if activity.phase == "assess" else ())

    def free(self, names: Iterable[str], beside: Collection[str] = ()) -> list[str]:
        """Those of some activities that can be held beside all musts, and beside these."""
        held = {*self.musts, *beside}
        return [
            n
            for n in names
            if n not in self.offer.unusable and held.isdisjoint(self.offer.clashes[n])
        ]

    # ── what one brings along ────────────────────────────────────────────────────────

    @cached_property
    def companions(self) -> Mapping[str, tuple[frozenset[str], ...]]:
        """For each activity the sets of which at least one activity has to be held with it.

        What is practiced or taught asks for them of shoulds and nice ones; a must is held
        whatever it builds on. Where only something nice, or something later, could serve, nothing
        is asked.
        """
        return {name: tuple(self._companions(name)) for name in self.usable}

    def _companions(self, name: str) -> Iterator[frozenset[str]]:
        activity, first = self.offer.session[name], self.offer.pretest
        pretest, optional = activity in self.offer.pretests, self.rank(name) > RANK["must"]
        if first and pretest and activity is not first:
            yield frozenset({first.id})
        if optional and not pretest and not activity.retrieval:
            yield from self._before(activity)
        if optional and activity.phase in TEACHING:
            yield from self._practice(activity)
        yield from self._feedback(name)

    def _before(self, activity: Activity) -> Iterator[frozenset[str]]:
        """Teaching for what is practiced, practice for what is assessed or debriefed."""
        kinds = {"practice": "teach", "assess": "practice", "debrief": "practice"}
        kind = kinds.get(activity.phase)
        measured = activity.phase == "assess"
        objectives = self._measures(activity) if measured else activity.objectives
        for objective in sorted(objectives) if kind else ():
            able = self._able(objective, kind or "", activity.id)
            early = [a for a in able if not self._late(a, activity.id)]
            if any(self.rank(a) < RANK["nice"] for a in early):
                yield frozenset(able)

    def _practice(self, activity: Activity) -> Iterator[frozenset[str]]:
        """Practice of at least one of the objectives that are taught."""
        able = {n for o in activity.objectives for n in self._able(o, "practice", activity.id)}
        after = [a for a in able if not self._late(activity.id, a)]
        if any(self.rank(a) < RANK["nice"] for a in after):
            yield frozenset(able)

    def _feedback(self, name: str) -> Iterator[frozenset[str]]:
        if name in self.offer.finals and name not in self.offer.unusable:
            finals = tuple(f for f in self.offer.finals if f not in self.offer.unusable)
            follow = self.offer.feedback_after(finals) or self.offer.feedback_after((name,))
            able = self.free((a.id for a in follow), (name,))
            if able:
                yield frozenset(able)

    def _able(self, objective: str, kind: str, beside: str) -> list[str]:
        if self.offer.met(objective):
            return []
        serving = (a.id for a in self._serving(objective, kind))
        return [n for n in self.free(serving, (beside,)) if n != beside]

    def _late(self, one: str, other: str) -> bool:
        return self.offer.must_precede(self.offer.session[other], self.offer.session[one])

    @cached_property
    def excused(self) -> tuple[frozenset[str], ...]:
        """Nice activities of which one may be held while a should is cut: something needs it."""
        needs = [self.free(self.for_gate(g, kind)) for g in self.gates for kind in SERVICES]
        needs += [list(some) for final in self.offer.finals for some in self._feedback(final)]
        needs += [[self.offer.pretest.id]] if self.offer.pretest else []
        alone = [n for n in needs if n and all(self.rank(a) == RANK["nice"] for a in n)]
        return tuple(frozenset(some) for some in alone)

    def indulges(self, chosen: frozenset[str]) -> bool:
        """Whether something nice is held that nothing needs."""
        nice = {n for n in chosen if self.rank(n) == RANK["nice"]}
        return not nice <= frozenset().union(*self.excused) or any(
            len(nice & some) > 1 for some in self.excused
        )

    @cached_property
    def firm(self) -> frozenset[str]:
        """Shoulds of which none may be cut while something nice is held."""
        return frozenset(
            n
            for n in self.free(self.usable)
            if self.rank(n) == RANK["should"]
            and not any(self.rank(o) == RANK["should"] for o in self.offer.clashes[n])
        )

    @cached_property
    def services(self) -> tuple[frozenset[str], ...]:
        """The sets of activities of each of which a gate that stays needs one."""
        able = (self.free(self.for_gate(gate, kind)) for gate in self.gates for kind in SERVICES)
        return tuple(frozenset(some) for some in able if some)

    # ── choices ──────────────────────────────────────────────────────────────────────

    def brings(self, name: str, held: frozenset[str]) -> frozenset[str]:
        """What has to be held besides, if an activity is added to others that are."""
        found = {name}
        queue = [name]
        while queue:
            for some in self.companions.get(queue.pop(), ()):
                if some.isdisjoint(held | found):
                    best = min(some, key=lambda n: (self.rank(n), self.offer.least(n), n))
                    found.add(best)
                    queue.append(best)
        return frozenset(found - {name})

    def hold(self, chosen: frozenset[str]) -> bool:
        """Whether a choice keeps to all terms."""
        return (
            self.musts <= chosen
            and all(chosen.isdisjoint(self.offer.clashes[n]) for n in chosen)
            and all(not chosen.isdisjoint(some) for n in chosen for some in self.companions[n])
            and all(not chosen.isdisjoint(some) for some in self.services)
            and (self.firm <= chosen or not self.indulges(chosen))
        )

    def bundle(self, name: str, chosen: frozenset[str]) -> frozenset[str] | None:
        """What has to go with an activity if it goes; None where it has to stay."""
        gone = {name}
        queue = [name]
        while queue:
            one = queue.pop()
            for other in chosen - gone:
                left = chosen - gone
                if any(one in some and left.isdisjoint(some) for some in self.companions[other]):
                    gone.add(other)
                    queue.append(other)
        rest = chosen - gone
        stays = (
            not self.musts.isdisjoint(gone)
            or any(rest.isdisjoint(some) for some in self.services)
            or (not self.firm.isdisjoint(gone) and self.indulges(rest))
        )
        return None if stays else frozenset(gone)
