"""Practice groups: who practices with whom in each round of small groups, and who watches them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from csstrain.agenda import Agenda, Session
from csstrain.curriculum import Curriculum
from csstrain.model import Activity, Cohort
from csstrain.timing import turn_minutes

# The search for new partners is bounded by its steps, so that any machine finds the same groups.
STEPS = 60_000
LARGEST = 100  # trainees; greater cohorts keep the groups that the search would begin with


@dataclass(frozen=True, slots=True)
class PracticeGroup:
    """Trainees who practice together, in the order of their turns, and who watches them.

    A round has `roles` turns, in which everybody takes every part once.
    """

    trainees: tuple[int, ...]
    watched_by: str
    roles: int

    @property
    def turns(self) -> tuple[tuple[int | None, ...], ...]:
        """Who takes the first part, the second and so on, turn by turn; None where nobody is left.

        >>> PracticeGroup((4, 11, 17), "Coach 1", 3).turns
        ((4, 11, 17), (11, 17, 4), (17, 4, 11))
        """
        parts = self.trainees + (None,) * (self.roles - len(self.trainees))
        return tuple(parts[turn:] + parts[:turn] for turn in range(self.roles))


@dataclass(frozen=True, slots=True)
class PracticeRound:
    """One round of an activity in small groups, and the session in which it is held.

    `number` counts the rounds of the activity from 1; `start` and `end` of the session are
    minutes after midnight. `again` counts the pairs who practiced together in an earlier round.
    """

    activity: Activity
    module: str
    number: int
    day: int
    start: int
    end: int
    groups: tuple[PracticeGroup, ...]
    again: int

    def watched(self, person: str) -> tuple[PracticeGroup, ...]:
        """The groups that somebody watches."""
        return tuple(group for group in self.groups if group.watched_by == person)


def numbered(name: str, count: int) -> tuple[str, ...]:
    """So many people of a kind.

    >>> numbered("Coach", 2)
    ('Coach 1', 'Coach 2')
    """
    return tuple(f"{name} {number}" for number in range(1, count + 1))


def lead_trainers(cohort: Cohort) -> tuple[str, ...]:
    """The lead trainers of a cohort; the only one has no number."""
    return ("Lead trainer",) if cohort.trainers == 1 else numbered("Lead trainer", cohort.trainers)


def trainers(cohort: Cohort) -> tuple[str, ...]:
    """Everybody who coaches in practice: lead trainers, then coaches."""
    return lead_trainers(cohort) + numbered("Coach", cohort.coaches)


def evenly(total: int, parts: int) -> tuple[int, ...]:
    """A total in whole parts that differ by one at most, the larger ones first.

    >>> evenly(20, 3)
    (7, 7, 6)
    """
    return tuple(total // parts + (part < total % parts) for part in range(parts))


def practice_rounds(curriculum: Curriculum, agenda: Agenda) -> tuple[PracticeRound, ...]:
    """Every round of practice in small groups that the agenda holds, in order.

    Trainees are numbered from 1. Partners are new in each round as far as the search finds a
    way; the people who watch change too, first within a module and then over the program.
    """
    held = tuple(_held(curriculum, agenda))
    cohort = curriculum.program.cohort
    lists = new_partners(cohort.trainees, [a.grouping.size for a, *_ in held if a.grouping])
    watch = _Watch(trainers(cohort))
    turns = _Turns()
    met: set[tuple[int, int]] = set()
    made = []
    for (activity, number, day, session), groups in zip(held, lists, strict=True):
        module = curriculum.module_of[activity.id].id
        ordered = [turns.ordered(group) for group in groups]
        watched = zip(ordered, watch.people(groups, module), strict=True)
        roles = _roles(activity)
        pairs = {pair for group in groups for pair in combinations(sorted(group), 2)}
        made.append(
            PracticeRound(
                activity, module, number, day, session.start, session.end,
                tuple(PracticeGroup(group, person, roles) for group, person in watched),
                len(pairs & met),
            )
        )  # fmt: skip
        met |= pairs
    return tuple(made)


def _roles(activity: Activity) -> int:
    grouping = activity.grouping
    assert grouping is not None
    # Everybody has a turn, even where an author gives fewer roles than people.
    return max(grouping.roles or grouping.size, grouping.size)


def _held(curriculum: Curriculum, agenda: Agenda) -> Iterator[tuple[Activity, int, int, Session]]:
    """Each round of each grouped activity, with its number, its day and its session."""
    done: dict[str, int] = {}
    for day in agenda.days:
        for session in day.sessions:
            activity = session.activity
            if activity is None or activity.grouping is None:
                continue
            first = done.get(activity.id, 0)
            left = activity.grouping.rounds - first
            if session.part < session.parts:
                turn = max(1, turn_minutes(curriculum, activity))
                left = min(left, max(1, session.minutes // turn))
            done[activity.id] = first + left
            for number in range(first + 1, first + left + 1):
                yield activity, number, day.number, session


class _Watch:
    """Spreads groups over the people who watch, those whom they know least first."""

    def __init__(self, people: tuple[str, ...]) -> None:
        self._people = people
        self._seen: dict[tuple[str, int], int] = {}
        self._here: dict[tuple[str, str, int], int] = {}

    def people(self, groups: Sequence[tuple[int, ...]], module: str) -> list[str]:
        """Who watches each group of a round."""
        shares = evenly(len(groups), len(self._people))
        chosen = [p for p, share in zip(self._people, shares, strict=True) for _ in range(share)]
        if len(groups) <= LARGEST:
            self._exchange(groups, module, chosen)
        for group, person in zip(groups, chosen, strict=True):
            for each in group:
                self._seen[person, each] = self._seen.get((person, each), 0) + 1
                here = (module, person, each)
                self._here[here] = self._here.get(here, 0) + 1
        return chosen

    def _exchange(self, groups: Sequence[tuple[int, ...]], module: str, chosen: list[str]) -> None:
        """Let two people exchange groups as long as that brings more who are new to them."""
        known = {(p, n): self._known(p, g, module)
                 for n, g in enumerate(groups) for p in set(chosen)}  # fmt: skip
        better = True
        while better:
            better = False
            for one, two in combinations(range(len(groups)), 2):
                a, b = chosen[one], chosen[two]
                if known[a, two] + known[b, one] < known[a, one] + known[b, two]:
                    chosen[one], chosen[two] = b, a
                    better = True

    def _known(self, person: str, group: tuple[int, ...], module: str) -> int:
        """How well somebody knows a group; what was seen in this module counts for most."""
        here = sum(self._here.get((module, person, each), 0) for each in group)
        return here * 1000 + sum(self._seen.get((person, each), 0) for each in group)


class _Turns:
    """Puts a group in order, so that nobody always begins."""

    def __init__(self) -> None:
        self._places: dict[int, int] = {}

    def ordered(self, group: tuple[int, ...]) -> tuple[int, ...]:
        """The group in order: first who has waited most so far."""
        order = sorted(group, key=lambda each: (-self._places.get(each, 0), each))
        for place, each in enumerate(order):
            self._places[each] = self._places.get(each, 0) + place
        return tuple(order)


Groups = list[list[int]]


def new_partners(trainees: int, sizes: Sequence[int]) -> tuple[tuple[tuple[int, ...], ...], ...]:
    """Groups for each round, of at most so many trainees, such that partners are new.

    As many rounds from the first on as the search can fill without a repeated pair have none;
    from then on pairs that met least come first. The same numbers always give the same groups.

    >>> new_partners(4, [2, 2, 2])
    (((1, 2), (3, 4)), ((1, 4), (2, 3)), ((1, 3), (2, 4)))
    """
    rounds: list[Groups] = []
    settled = 0
    for number, size in enumerate(sizes):
        begun = _first_groups(trainees, size, number)
        search = _Search(trainees, [*rounds, begun], settled)
        if trainees <= LARGEST and not search.succeeds() and len(rounds) > settled:
            # What is new for everybody stays as it is; only later rounds give way to each other.
            settled = len(rounds)
            search = _Search(trainees, [*rounds, begun], settled)
            search.succeeds()
        rounds = search.best
    return tuple(
        tuple(sorted(tuple(sorted(each + 1 for each in group)) for group in groups))
        for groups in rounds
    )


def _first_groups(trainees: int, size: int, number: int) -> Groups:
    """Rows of trainees, each shifted against the one before by the number of the round."""
    count = -(-trainees // size)
    groups: Groups = [[] for _ in range(count)]
    for each in range(trainees):
        row, column = divmod(each, count)
        groups[(column + row * number) % count].append(each)
    return groups


class _Search:
    """Exchanges trainees between groups of a round until pairs meet as evenly as they can.

    Each step takes the best exchange, even one that makes it worse, but takes none back for
    some steps (tabu search); `best` is the best that was seen.
    """

    def __init__(self, trainees: int, rounds: Sequence[Groups], settled: int) -> None:
        self._rounds = [[list(group) for group in groups] for groups in rounds]
        self.best = [[list(group) for group in groups] for groups in rounds]
        self._free = range(settled, len(rounds))
        self._trainees = trainees
        self._barred: dict[tuple[int, int, int], int] = {}
        self._steps = self._moves = 0

    def succeeds(self) -> bool:
        """Search, and say whether no way of grouping could repeat fewer pairs."""
        self._met = [[0] * self._trainees for _ in range(self._trainees)]
        for groups in self._rounds:
            for group in groups:
                for one, two in combinations(group, 2):
                    self._count(one, two, 1)
        counts = [self._met[a][b] for a, b in combinations(range(self._trainees), 2)]
        self._cost = self._least = sum(count * (count - 1) // 2 for count in counts)
        goal = sum(n * (n - 1) // 2 for n in evenly(sum(counts), len(counts))) if counts else 0
        while self._least > goal and self._steps < STEPS:
            found = self._exchange()
            if found is None:
                break
            self._apply(*found)
        return self._least == goal

    def _count(self, one: int, two: int, more: int) -> None:
        self._met[one][two] += more
        self._met[two][one] += more

    def _exchange(self) -> tuple[int, int, int, int, int, int] | None:
        """The best exchange of somebody who has met a partner before, and what it changes."""
        best: tuple[int, int, int, int, int, int] | None = None
        for number in self._free:
            groups = self._rounds[number]
            for here, group in enumerate(groups):
                for place, one in enumerate(group):
                    old = sum(self._met[one][each] - 1 for each in group if each != one)
                    if not old:
                        continue
                    for there, other in enumerate(groups):
                        for seat in range(len(other)) if there != here else ():
                            change = self._change(group, one, other, other[seat]) - old
                            if (best is None or change < best[0]) and self._allowed(
                                number, one, other[seat], change
                            ):
                                best = (change, number, here, place, there, seat)
        return best

    def _change(self, group: list[int], one: int, other: list[int], two: int) -> int:
        self._steps += 1
        met_one, met_two = self._met[one], self._met[two]
        gained = sum(met_two[each] for each in group if each != one)
        return gained + sum(met_one[each] - met_two[each] + 1 for each in other if each != two)

    def _allowed(self, number: int, one: int, two: int, change: int) -> bool:
        barred = self._barred.get((number, min(one, two), max(one, two)), 0) > self._moves
        return not barred or self._cost + change < self._least

    def _apply(
        self, change: int, number: int, here: int, place: int, there: int, seat: int
    ) -> None:
        self._moves += 1
        group, other = self._rounds[number][here], self._rounds[number][there]
        one, two = group[place], other[seat]
        for each in group:
            if each != one:
                self._count(one, each, -1)
                self._count(two, each, 1)
        for each in other:
            if each != two:
                self._count(two, each, -1)
                self._count(one, each, 1)
        group[place], other[seat] = two, one
        self._cost += change
        # Spells of different lengths keep the search from going round in a circle.
        bar = self._moves + 7 + self._moves * 5 % 6
        self._barred[number, min(one, two), max(one, two)] = bar
        if self._cost < self._least:
            self._least = self._cost
            self.best = [[list(group) for group in groups] for groups in self._rounds]
