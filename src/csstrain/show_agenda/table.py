"""The agenda as text for the terminal, one day a block."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from csstrain.agenda import Agenda, AgendaDay, LeftOut, Session, hours_text
from csstrain.check import RULES, thresholds
from csstrain.curriculum import Curriculum
from csstrain.marks import mark
from csstrain.model import clock_text
from csstrain.pipeline import Compilation
from csstrain.report import printable
from csstrain.sentences import bounds_text, instead_text, more_text, proof_text, sentence
from csstrain.show_agenda.attendance import as_lines
from csstrain.show_agenda.columns import cells, cut, fit, wrap
from csstrain.timing import WeightLine, time_against_weight

WIDTH = 100  # cells of a line where no terminal says how many it has
_NARROWEST = 60
_ROOM_FOR_BOTH = 45  # cells for title and objectives; with fewer, objectives are not shown
_INKS = {"blue": "34", "teal": "36", "ochre": "33", "rust": "31", "green": "32", "plum": "35"}
_BOLD, _FAINT = "1", "2"


@dataclass(frozen=True, slots=True)
class _Look:
    """How wide the lines are, how wide each column is, and whether colors are wanted."""

    width: int
    module: int
    title: int
    method: int
    objectives: int
    colors: bool

    def paint(self, text: str, how: str) -> str:
        """A text in a color, or as it is where colors are not wanted."""
        return f"\x1b[{how}m{text}\x1b[0m" if self.colors and text.strip() else text


def as_table(planned: Compilation, width: int = WIDTH, colors: bool = False) -> str:
    """The agenda as a table, one day a block, with what the hours give, lose and could buy.

    Lines have at most `width` cells, but for single words that are longer. With `colors` each
    method has its ink, beside its word.
    """
    curriculum, agenda = planned.curriculum, planned.agenda
    if curriculum is None or agenda is None:
        return ""
    look = _look(agenda, max(width, _NARROWEST), colors)
    if not agenda.feasible:
        return _text(_infeasible(agenda, look))
    return _text(
        [
            look.paint(_headline(agenda), _BOLD),
            *_deferred(curriculum, agenda, look),
            *(line for day in agenda.days for line in _day(day, look)),
            *_figures(agenda, look),
            *_shortened(agenda, look),
            *_left_out(curriculum, agenda, look),
            *_weights(curriculum, agenda, look),
            *as_lines(planned, look.width),
        ]
    )


def _text(lines: list[str]) -> str:
    return "\n".join(line.rstrip() for line in lines) + "\n"


def _look(agenda: Agenda, width: int, colors: bool) -> _Look:
    held = [s for s in agenda.sessions() if s.activity]
    module = max((cells(s.module or "") for s in held), default=2)
    method = max((cells(_method(s)) for s in held), default=5)
    objectives = max((cells(_objectives(s)) for s in held), default=0)
    # Clock and minutes take 16 cells, the spaces between six columns 10 and the margin 2.
    room = width - 28 - module - method
    aims = min(objectives, room // 3) if room >= _ROOM_FOR_BOTH else 0
    title = min(room - aims, max((cells(_words(s)) for s in held), default=5))
    return _Look(width, module, title, method, aims, colors)


def _method(session: Session) -> str:
    return mark(session.activity.method).word if session.activity else ""


def _objectives(session: Session) -> str:
    return " ".join(session.activity.objectives) if session.activity else ""


def _words(session: Session) -> str:
    return printable(session.title) + _after_title(session)


def _headline(agenda: Agenda) -> str:
    days = "1 day" if len(agenda.days) == 1 else f"{len(agenda.days)} days"
    return f"{agenda.program}: {_paid(agenda)} over {days}"


def _paid(agenda: Agenda) -> str:
    number, _, unit = hours_text(agenda.hours).partition(" ")
    return f"{number} {agenda.basis} {unit}"


# ── what cannot be kept ──────────────────────────────────────────────────────────────


def _infeasible(agenda: Agenda, look: _Look) -> list[str]:
    lines = [look.paint(f"{agenda.program}: {_paid(agenda)} cannot work", _BOLD)]
    for reason in agenda.reasons:
        lines += _bullet(reason, look)
    lines += ["", *wrap(bounds_text(agenda), look.width)]
    if agenda.relaxations:
        lines += ["", "The cheapest ways to make these hours work:"]
        for way in agenda.relaxations:
            lines += _bullet(way, look)
    return lines


def _bullet(text: str, look: _Look) -> Iterator[str]:
    return wrap(printable(sentence(text)), look.width, "  - ", "    ")


def _deferred(curriculum: Curriculum, agenda: Agenda, look: _Look) -> Iterator[str]:
    if not agenda.gates_deferred:
        return
    yield ""
    yield look.paint("Gates deferred to signed on-the-job training", _BOLD)
    for gate in agenda.gates_deferred:
        named = f"{gate.objective}: {printable(curriculum.label(gate.objective))}"
        yield from wrap(named, look.width, "  ", "    ")
        by = f"approved by {printable(gate.approved_by)}; temporary until {printable(gate.until)}"
        yield from wrap(by, look.width, "    ", "    ")
        yield from wrap(printable(sentence(gate.why)), look.width, "    ", "    ")


# ── the days ─────────────────────────────────────────────────────────────────────────


def _day(day: AgendaDay, look: _Look) -> Iterator[str]:
    date = f", {day.date:%a} {day.date.isoformat()}" if day.date else ""
    head = f"Day {day.number}{date}, {clock_text(day.start)}–{clock_text(day.end)}"
    yield ""
    yield look.paint(head, _BOLD)
    for session in day.sessions:
        yield _row(session, look)


def _row(session: Session, look: _Look) -> str:
    clock = f"{clock_text(session.start)}–{clock_text(session.end)}"
    begin = f"  {clock}  {session.minutes:>3}  {fit(session.module or '', look.module)}  "
    if not session.activity:
        return look.paint(begin + cut(printable(session.title), look.width - cells(begin)), _FAINT)
    ink = _INKS[mark(session.activity.method).ink]
    method = look.paint(fit(_method(session), look.method), ink)
    return f"{begin}{_title(session, look)}  {method}  {_aims(session, look)}"


def _aims(session: Session, look: _Look) -> str:
    """The objectives that fit, and how many more there are."""
    names = _objectives(session).split()
    for shown in range(len(names), 0, -1):
        more = f" +{len(names) - shown}" if shown < len(names) else ""
        text = " ".join(names[:shown]) + more
        if cells(text) <= look.objectives:
            return text
    return ""


def _title(session: Session, look: _Look) -> str:
    end = _after_title(session)
    return fit(cut(printable(session.title), look.title - cells(end)) + end, look.title)


def _after_title(session: Session) -> str:
    part = f" ({session.part} of {session.parts})" if session.parts > 1 else ""
    return part + (" [recall]" if session.retrieval else "")


# ── what the hours give, and what others would ───────────────────────────────────────


def _figures(agenda: Agenda, look: _Look) -> Iterator[str]:
    total = [
        f"{agenda.paid} paid",
        f"{agenda.contact} contact",
        f"{agenda.total('break')} breaks",
        f"{agenda.total('slack')} slack",
        f"{agenda.unused} unused",
    ]
    beside = [f"{agenda.total('lunch')} lunch (unpaid)", f"{agenda.prework} pre-work (paid)"]
    phases = [f"{phase} {minutes}" for phase, minutes in agenda.by_phase().items()]
    yield ""
    minutes = f"Minutes: {', '.join(total)}; beside them {' and '.join(beside)}"
    yield from wrap(minutes, look.width, rest="  ")
    yield from wrap(f"By phase: {', '.join(phases)}", look.width, rest="  ")
    for told in (proof_text(agenda.proof), bounds_text(agenda), more_text(agenda)):
        yield from wrap(printable(told), look.width, rest="  ")
    for reason in agenda.reasons:
        yield from wrap(printable(sentence(reason)), look.width, rest="  ")


def _shortened(agenda: Agenda, look: _Look) -> Iterator[str]:
    if not agenda.shortened:
        return
    ids = max(cells(s.activity.id) for s in agenda.shortened)
    yield ""
    yield look.paint(f"Shortened: {_count(len(agenda.shortened))} (planned → given)", _BOLD)
    for s in agenda.shortened:
        begin = f"  {s.activity.minutes.plan:>3} → {s.given:<3}  {fit(s.activity.id, ids)}  "
        yield begin + cut(printable(s.activity.label), look.width - cells(begin))


def _count(activities: int) -> str:
    return "1 activity" if activities == 1 else f"{activities} activities"


def _left_out(curriculum: Curriculum, agenda: Agenda, look: _Look) -> Iterator[str]:
    if not agenda.left_out:
        return
    yield ""
    yield look.paint(f"Left out: {_count(len(agenda.left_out))}", _BOLD)
    module = ""
    for cut_out in agenda.left_out:
        if cut_out.module != module:
            module = cut_out.module
            named = f"{module}  {printable(curriculum.label(module))}"
            yield look.paint(cut(named, look.width), _BOLD)
        yield from _cut_out(cut_out, look)


def _cut_out(left: LeftOut, look: _Look) -> Iterator[str]:
    activity = left.activity
    begin = f"  {activity.minutes.plan:>3}  {activity.priority:<6}  "
    end = f"  ({activity.id})"
    room = look.width - cells(begin) - cells(end)
    yield begin + cut(printable(activity.label), max(room, 8)) + end
    indent = " " * cells(begin)
    why = f"Instead: {instead_text(activity)}. {printable(sentence(left.why))}"
    yield from wrap(why, look.width, indent, indent)


def _weights(curriculum: Curriculum, agenda: Agenda, look: _Look) -> Iterator[str]:
    lines = time_against_weight(curriculum, agenda)
    if not lines:
        return
    within = thresholds(RULES["time-off-weight"], curriculum)
    least, most = float(within["least"]), float(within["most"])
    flagged = [line for line in lines if not least <= line.ratio <= most]
    yield ""
    yield look.paint("Time against weight", _BOLD)
    within_text = f"get {least:g} to {most:g} times the share of time that their weight says"
    if not flagged:
        told = f"All {len(lines)} weighted competencies {within_text}."
    else:
        count = f"{len(lines) - len(flagged)} of {len(lines)}"
        told = f"{count} weighted competencies {within_text}. These do not:"
    yield from wrap(told, look.width, "  ", "  ")
    for line in flagged:
        yield _weight(line, line.ratio < least, look)


def _weight(line: WeightLine, low: bool, look: _Look) -> str:
    word = "low" if low else "high"
    begin = f"  {line.ratio:>5.2f}  {word:<4}  "
    shares = f"{100 * line.share:.1f} % of time, {100 * line.weight:.1f} % of weight"
    room = look.width - cells(begin) - cells(shares) - 2
    return f"{begin}{fit(printable(line.competency.name), room)}  {shares}"
