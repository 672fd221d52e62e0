"""Checks an agenda against every hard condition, sharing no code with the planner.

Floors, runs, order and sums are computed here again from the content alone, in the plainest
way, so that a mistake in the planner cannot hide in the checker.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from csstrain.agenda import Agenda, AgendaDay, RotationStop, Session
from csstrain.curriculum import Curriculum
from csstrain.model import Activity, Instrument

PAUSES = ("break", "lunch")


def violations(curriculum: Curriculum, agenda: Agenda) -> list[str]:
    """Every hard condition that the agenda breaks, in words; nothing if it breaks none."""
    check = _Check(curriculum, agenda)
    if not agenda.feasible:
        return list(check.infeasible())
    return [
        *check.sums(), *check.days(), *check.slack(), *check.held(), *check.parts(),
        *check.rotations(), *check.order(), *check.pretest(), *check.finals(), *check.musts(),
        *check.gates(), *check.deferrals(), *check.lists(), *check.priorities(),
    ]  # fmt: skip


@dataclass
class _Check:
    curriculum: Curriculum
    agenda: Agenda

    def __post_init__(self) -> None:
        self.day = self.curriculum.program.day
        self.sessions = [s for d in self.agenda.days for s in d.sessions]
        self.held_sessions = [s for s in self.sessions if s.activity]
        self.all = {a.id: a for m in self.curriculum.modules.values() for a in m.activities}
        self.module = {a.id: m.id for m in self.curriculum.modules.values() for a in m.activities}
        self.first: dict[str, int] = {}
        self.last: dict[str, int] = {}
        for index, session in enumerate(self.sessions):
            if session.activity:
                self.first.setdefault(session.activity.id, index)
                self.last[session.activity.id] = index
        self.given = Counter[str]()
        for session in self.held_sessions:
            self.given[_id(session)] += session.end - session.start

    # ── sums and days ────────────────────────────────────────────────────────────────

    def infeasible(self) -> Iterator[str]:
        a = self.agenda
        if a.days or a.gates_deferred or a.shortened or a.left_out or a.unused:
            yield "an infeasible agenda holds something"
        if not a.reasons:
            yield "infeasible without a reason"
        least = a.bounds.minimum_hours
        if least is not None and least <= a.hours:
            yield f"infeasible at {a.hours}, yet {least} are said to work"

    def sums(self) -> Iterator[str]:
        paid = sum(_paid(d) for d in self.agenda.days)
        breaks = sum(s.end - s.start for s in self.sessions if s.kind == "break")
        counted = paid - breaks if self.agenda.basis == "contact" else paid
        if counted + self.agenda.unused != self.agenda.hours * 60:
            yield f"{counted} + {self.agenda.unused} unused is not {self.agenda.hours} hours"
        if self.agenda.unused < 0 or (self.agenda.unused and not self.agenda.reasons):
            yield "unused minutes are negative or not explained"
        if not self.agenda.days:
            yield "feasible without a day"

    def days(self) -> Iterator[str]:
        full = self.day.end - self.day.start - self.day.lunch.minutes
        dates = [d.date for d in self.agenda.days]
        if any(dates) and dates != _workdays(dates[0], len(dates), self.curriculum):
            yield f"dates are not consecutive working days: {dates}"
        for number, day in enumerate(self.agenda.days, 1):
            paid, last = _paid(day), number == len(self.agenda.days)
            if day.number != number:
                yield f"day {number} is numbered {day.number}"
            if paid > full or (paid < full and not last):
                yield f"day {number} has {paid} paid minutes, a full day {full}"
            for problem in self._one_day(day, number, paid == full):
                yield f"day {number}: {problem}"

    def _one_day(self, day: AgendaDay, number: int, full: bool) -> Iterator[str]:
        if day.sessions[0].start != self.day.start:
            yield "does not begin on time"
        for one, two in zip(day.sessions, day.sessions[1:], strict=False):
            if one.end != two.start:
                yield f"a gap or overlap at {one.end}"
        if any(s.end <= s.start for s in day.sessions):
            yield "a session without minutes"
        if not any(s.activity for s in day.sessions):
            yield "no activity at all"
        yield from self._pauses(day, full)
        yield from self._ends(day, number)

    def _pauses(self, day: AgendaDay, full: bool) -> Iterator[str]:
        breaks = [s for s in day.sessions if s.kind == "break"]
        lunches = [s for s in day.sessions if s.kind == "lunch"]
        if any(s.end - s.start != self.day.breaks.minutes for s in breaks):
            yield "a break of the wrong length"
        if full and self.day.breaks.minutes and len(breaks) != self.day.breaks.count:
            yield f"{len(breaks)} breaks in a full day"
        for lunch in lunches:
            if not self.day.lunch.earliest <= lunch.start <= self.day.lunch.latest:
                yield f"lunch at {lunch.start}"
            if lunch.end - lunch.start != self.day.lunch.minutes:
                yield "a lunch of the wrong length"
        without = _paid(day) <= 300 and self.day.start + _paid(day) <= self.day.lunch.latest
        without |= not self.day.lunch.minutes or self.day.start > self.day.lunch.latest
        if len(lunches) != (0 if without else 1):
            yield f"{len(lunches)} lunches"
        runs = _runs(day)
        if any(not run for run in runs):
            yield "a pause at the day's edge or beside another"
        for run in filter(None, runs):
            if run[-1].end - run[0].start > self.day.longest_run:
                yield f"a run of {run[-1].end - run[0].start} minutes"

    def _ends(self, day: AgendaDay, number: int) -> Iterator[str]:
        openings = [s for s in day.sessions if s.kind == "opening"]
        wanted = 1 if number > 1 and self.day.opening else 0
        if len(openings) != wanted or (wanted and day.sessions[0] is not openings[0]):
            yield "opening missing or misplaced"
        if any(s.end - s.start != self.day.opening or not s.retrieval for s in openings):
            yield "opening of the wrong length or without retrieval"
        closings = [s for s in day.sessions if s.kind == "closing"]
        wanted = 1 if self.day.closing else 0
        if len(closings) != wanted or (wanted and day.sessions[-1] is not closings[0]):
            yield "closing missing or misplaced"
        if any(s.end - s.start != self.day.closing for s in closings):
            yield "closing of the wrong length"

    def slack(self) -> Iterator[str]:
        paid = sum(_paid(d) for d in self.agenda.days)
        slack = sum(s.end - s.start for s in self.sessions if s.kind == "slack")
        least = ceil(paid * Fraction(self.day.slack.min) / 100)
        most = max(least, floor(paid * Fraction(self.day.slack.max) / 100))
        if not least <= slack <= most:
            yield f"{slack} minutes of slack, not {least} to {most}"
        for day in self.agenda.days:
            for run in _runs(day):
                kinds = [s.kind for s in run if s.kind != "closing"]
                if "slack" in kinds[:-1]:
                    yield f"slack within a run on day {day.number}"

    # ── what is held ─────────────────────────────────────────────────────────────────

    def held(self) -> Iterator[str]:
        for name, minutes in self.given.items():
            activity = self.all[name]
            if activity.delivery == "prework":
                yield f"pre-work {name} is scheduled"
            least = self.floor(activity)
            if not least <= minutes <= max(activity.minutes.max, least):
                yield f"{name} gets {minutes}, its floor is {least}"
        for session in self.held_sessions:
            activity = self.all[_id(session)]
            if session.activity != activity or session.module != self.module[activity.id]:
                yield f"{activity.id} stands in the wrong module"
            if session.kind != "activity" or session.retrieval != activity.retrieval:
                yield f"{activity.id} has the wrong kind or retrieval"

    def floor(self, activity: Activity) -> int:
        return max(activity.minutes.min, 1, self._practice(activity), self._assessment(activity))

    def _turn(self, activity: Activity) -> int:
        group = activity.grouping
        if not group:
            return 0
        plays = [self.curriculum.objectives[o].play or 0 for o in activity.objectives]
        return (group.roles or group.size) * (group.prepare + max([0, *plays]) + group.feedback)

    def _practice(self, activity: Activity) -> int:
        return activity.grouping.rounds * self._turn(activity) if activity.grouping else 0

    def _assessment(self, activity: Activity) -> int:
        people = self.curriculum.program.cohort.trainees
        minutes = 0
        for name in activity.instruments:
            one = self.curriculum.instruments[name]
            minutes += (one.minutes or 0) * ceil(people / one.at_once)
        return minutes + self._changes(activity) * self._slot(activity)

    def _changes(self, activity: Activity) -> int:
        rotation = activity.rotation
        return max(rotation.groups, len(rotation.stations)) if rotation else 0

    def _slot(self, activity: Activity) -> int:
        if not activity.rotation:
            return 0
        group = ceil(self.curriculum.program.cohort.trainees / activity.rotation.groups)
        times = []
        for station in activity.rotation.stations:
            used = [self.curriculum.instruments[name] for name in station.instruments]
            # One at a time everybody passes every instrument; the fullest sets the laps.
            laps = [ceil(group / (station.circuits * i.at_once)) for i in used]
            times.append(max(len(used), *laps) * max(i.minutes or 0 for i in used))
        return max(times)

    def parts(self) -> Iterator[str]:
        for name in self.given:
            held = [s for s in self.held_sessions if _id(s) == name]
            if [(s.part, s.parts) for s in held] != [(n + 1, len(held)) for n in range(len(held))]:
                yield f"the parts of {name} are misnumbered"
            if len(held) > 1:
                yield from self._divided(self.all[name], [s.end - s.start for s in held])

    def _divided(self, activity: Activity, lengths: list[int]) -> Iterator[str]:
        turn, slot = self._turn(activity), self._slot(activity)
        rounds = activity.grouping.rounds if activity.grouping else 0
        if activity.rotation:
            if any(length % slot for length in lengths[:-1]) or lengths[-1] < slot:
                yield f"the parts {lengths} of {activity.id} are not whole changes of {slot}"
        elif rounds > 1:
            if sum(length // turn for length in lengths) < rounds or min(lengths) < turn:
                yield f"the parts {lengths} of {activity.id} do not hold whole rounds of {turn}"
        elif self.floor(activity) <= self.day.longest_run or activity.grouping:
            yield f"{activity.id} is divided without need"
        elif min(lengths) < 30:
            yield f"the parts {lengths} of {activity.id} are too short"

    def rotations(self) -> Iterator[str]:
        for name in self.given:
            activity = self.all[name]
            held = [s for s in self.held_sessions if _id(s) == name]
            stops = [stop for s in held for stop in s.rotation]
            if activity.rotation is None:
                if stops:
                    yield f"{name} has stops without a rotation"
                continue
            groups = {stop.group for stop in stops}
            visits = Counter((stop.group, stop.station) for stop in stops)
            wanted = Counter(s.title for s in activity.rotation.stations)
            if len(groups) != activity.rotation.groups or any(
                visits[group, title] != count for group in groups for title, count in wanted.items()
            ):
                yield f"not every group of {name} is at every station once"
            if any(stop.end - stop.start != self._slot(activity) for stop in stops):
                yield f"a stop of {name} is too short or too long"
            for session in held:
                if any(s.start < session.start or s.end > session.end for s in session.rotation):
                    yield f"a stop of {name} lies outside its session"
                yield from self._clashes(name, list(session.rotation), wanted)

    def _clashes(self, name: str, stops: list[RotationStop], wanted: Counter[str]) -> Iterator[str]:
        for i, one in enumerate(stops):
            now = [s for s in stops[i + 1 :] if s.start < one.end and one.start < s.end]
            if any(s.group == one.group for s in now):
                yield f"group {one.group} of {name} is in two places"
            if sum(s.station == one.station for s in now) >= wanted[one.station]:
                yield f"two groups of {name} meet at {one.station}"

    # ── order ────────────────────────────────────────────────────────────────────────

    def order(self) -> Iterator[str]:
        for one in self.given:
            for two in self.given:
                if self.before(one, two) and self.last[one] > self.first[two]:
                    yield f"{two} stands before {one}"

    def before(self, one: str, two: str) -> bool:
        """Whether the content puts one activity before the other; practice may recall it later."""
        final = self.curriculum.modules[self.module[two]].final
        own = self.curriculum.modules[self.module[one]].final
        recalls = self.all[one].retrieval and self.all[one].phase == "practice" and not own
        return self._listed(one, two) and (final or not recalls)

    def _listed(self, one: str, two: str) -> bool:
        if self.module[one] == self.module[two]:
            names = [a.id for a in self.curriculum.modules[self.module[one]].activities]
            return names.index(one) < names.index(two)
        return self.module[one] in self._ancestors(self.module[two])

    def _ancestors(self, module: str) -> set[str]:
        found: set[str] = set()
        queue = [module]
        while queue:
            for each in self.curriculum.modules[queue.pop()].requires:
                if each not in found:
                    found.add(each)
                    queue.append(each)
        return found

    def _instruments(self, name: str) -> list[Instrument]:
        activity = self.all[name]
        stations = activity.rotation.stations if activity.rotation else ()
        used = [*activity.instruments, *(i for s in stations for i in s.instruments)]
        return [self.curriculum.instruments[i] for i in used]

    def pretest(self) -> Iterator[str]:
        tests = [n for n in self.given if any(i.type == "pre-test" for i in self._instruments(n))]
        if tests:
            begin = min(self.first[name] for name in tests)
            for session in self.sessions[:begin]:
                if session.activity and session.activity.phase != "admin":
                    yield f"{session.activity.id} stands before the pre-test"

    def _measures(self, name: str, final: bool = False) -> set[str]:
        """Objectives that an activity's instruments measure; with `final` only final ones."""
        found: set[str] = set()
        for i in self._instruments(name):
            if final and (i.when != "end-of-course" or i.kirkpatrick != 2):
                continue
            found |= set(i.objectives) | {x.objective for x in i.items if x.objective}
            found |= {x.objective for x in i.criteria if x.objective}
        return found

    def finals(self) -> Iterator[str]:
        finals = [name for name in self.given if self._measures(name, final=True)]
        for final in finals:
            for name in self.given:
                practiced = self._measures(final, final=True) & set(self.all[name].objectives)
                teaches = self.all[name].phase in ("present", "demonstrate", "practice")
                if name != final and teaches and practiced and self.last[name] > self.first[final]:
                    yield f"{name} practices after {final} what it measures"
        if finals:
            end = max(self.last[name] for name in finals)
            after = [a for n, a in self.all.items() if self._could_follow(n, finals)]
            if after and not any(
                s.activity and self._feeds_back(s.activity) for s in self.sessions[end + 1 :]
            ):
                yield "no feedback after the last final assessment"

    def _feeds_back(self, activity: Activity) -> bool:
        return activity.phase == "debrief" or activity.event == "give-feedback"

    def _could_follow(self, name: str, finals: list[str]) -> bool:
        """Whether the content has feedback that may stand after all of these finals."""
        able = self._feeds_back(self.all[name]) and self.all[name].delivery == "session"
        held = self.floor(self.all[name]) <= self.day.longest_run
        early = any(i.type == "pre-test" for n in self.given for i in self._instruments(n)
                    if self._listed(name, n))  # fmt: skip
        late = not any(n == name or self._listed(name, n) for n in finals)
        measured = {o for final in finals for o in self._measures(final, final=True)}
        prepares = self.all[name].phase in ("present", "demonstrate", "practice") and (
            not measured.isdisjoint(self.all[name].objectives)
        )
        tests = any(i.type == "pre-test" for i in self._instruments(name))
        return able and held and late and not early and not prepares and not tests

    # ── musts, gates, deferral, lists ────────────────────────────────────────────────

    def _deferred(self) -> set[str]:
        return {g.objective for g in self.agenda.gates_deferred}

    def _gates(self) -> set[str]:
        return {o.id for o in self.curriculum.objectives.values() if o.gate}

    def musts(self) -> Iterator[str]:
        for name, activity in self.all.items():
            gates = self._gates() & set(activity.objectives)
            released = gates and gates <= self._deferred()
            must = activity.priority == "must" and activity.delivery == "session"
            if must and not released and name not in self.given:
                yield f"must {name} is not held"

    def gates(self) -> Iterator[str]:
        for gate in sorted(self._gates() - self._deferred()):
            for kind in ("taught", "practiced", "assessed"):
                able = [n for n in self.all if self._serves(n, gate, kind)]
                if able and not any(n in self.given for n in able):
                    yield f"gate {gate} is not {kind}"

    def _serves(self, name: str, gate: str, kind: str) -> bool:
        activity = self.all[name]
        if activity.delivery != "session":
            return False
        if kind == "assessed":
            named = activity.phase == "assess" and gate in activity.objectives
            return named or gate in self._measures(name)
        if gate not in activity.objectives:
            return False
        if kind == "taught":
            return activity.phase in ("present", "demonstrate")
        used = self._instruments(name)  # a try that is only measured before training is none
        tried = bool(used) and all(i.when == "baseline" for i in used)
        return activity.phase == "practice" and not tried

    def deferrals(self) -> Iterator[str]:
        mastery = self.curriculum.program.mastery
        allowed = {d.objective: d for d in mastery.deferrals} if mastery else {}
        for gate in self.agenda.gates_deferred:
            deferral = allowed.get(gate.objective)
            if not deferral or gate.approved_by != deferral.approved_by or not gate.why:
                yield f"{gate.objective} may not be deferred like this"
                continue
            last = self.agenda.days[-1].date
            until = f"{deferral.within_days} days after the last day"
            if last:
                until = (last + dt.timedelta(days=deferral.within_days)).isoformat()
            if gate.until != until:
                yield f"{gate.objective} is deferred until {gate.until}, not {until}"

    def lists(self) -> Iterator[str]:
        left = [each.activity.id for each in self.agenda.left_out]
        session = {n for n, a in self.all.items() if a.delivery == "session"}
        if set(left) | set(self.given) != session or set(left) & set(self.given):
            yield "held and left out are not everything"
        short = {s.activity.id: s.given for s in self.agenda.shortened}
        if short != {n: m for n, m in self.given.items() if m < self.all[n].minutes.plan}:
            yield "what was shortened is listed wrongly"
        prework = sum(a.minutes.plan for a in self.all.values() if a.delivery == "prework")
        for each in self.agenda.left_out:
            if each.activity.instead == "prework":
                prework += each.activity.minutes.plan
            served = [
                k.ksa for o in each.activity.objectives for k in self.curriculum.objectives[o].ksas
            ]
            if set(each.ksas) != set(served) or not each.why:
                yield f"{each.activity.id} is left out without its KSAs or reason"
        if self.agenda.prework != prework:
            yield f"pre-work is {self.agenda.prework}, not {prework}"

    def priorities(self) -> Iterator[str]:
        """A nice activity whose very place and minutes a should that was cut could take."""
        for nice, minutes in self.given.items():
            spare = self.all[nice].priority == "nice" and not self._needed(nice)
            for each in self.agenda.left_out if spare else ():
                should = each.activity
                if should.priority != "should" or self._lonely(should):
                    continue
                if self._fits(should, nice, minutes):
                    yield f"nice {nice} is held while {should.id} is cut"

    def _needed(self, name: str) -> bool:
        """Whether a gate, a final assessment or a pre-test needs just this activity."""
        alone = any(
            self._serves(name, gate, kind)
            and not any(n != name and self._serves(n, gate, kind) for n in self.given)
            for gate in self._gates() - self._deferred()
            for kind in ("taught", "practiced", "assessed")
        )
        tests = any(i.type == "pre-test" for i in self._instruments(name))
        return alone or tests or self._feeds_back(self.all[name])

    def _lonely(self, should: Activity) -> bool:
        """Whether what it builds on is not held: practice of the untaught, a debrief of nothing."""
        kinds = {"practice": "taught", "assess": "practiced", "debrief": "practiced"}
        kind = kinds.get(should.phase)
        for objective in should.objectives if kind else ():
            able = [n for n in self.all if self._serves(n, objective, kind or "")]
            if able and not any(n in self.given for n in able):
                return True
        return False

    def _fits(self, should: Activity, nice: str, minutes: int) -> bool:
        least = self.floor(should)
        if not least <= minutes <= max(should.minutes.max, least) or should.rotation:
            return False
        names = [_id(s) for s in self.held_sessions]
        place = names.index(nice)
        if names.count(nice) > 1 or self._instruments(should.id):
            return False
        early, late = names[:place], names[place + 1 :]
        if any(self.before(should.id, n) for n in early):
            return False
        if any(self.before(n, should.id) for n in late):
            return False
        tested = {o for n in early for o in self._measures(n, final=True)}
        untested = not any(i.type == "pre-test" for n in late for i in self._instruments(n))
        return untested and not tested & set(should.objectives)


def _id(session: Session) -> str:
    return session.activity.id if session.activity else ""


def _paid(day: AgendaDay) -> int:
    return sum(s.end - s.start for s in day.sessions if s.kind != "lunch")


def _runs(day: AgendaDay) -> list[list[Session]]:
    runs: list[list[Session]] = [[]]
    for session in day.sessions:
        if session.kind in PAUSES:
            runs.append([])
        else:
            runs[-1].append(session)
    return runs


def _workdays(first: dt.date | None, count: int, curriculum: Curriculum) -> list[dt.date | None]:
    found: list[dt.date | None] = []
    day = first
    while day and len(found) < count:
        if day.weekday() < 5 and day not in curriculum.program.holidays:
            found.append(day)
        day += dt.timedelta(days=1)
    return found
