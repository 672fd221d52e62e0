"""One traced graph, written for csstrain and for three requirement tools, to be checked by each.

KSAs, objectives, activities and supervisor questions in equal parts; an objective serves a KSA, an
activity its objective, a question a KSA. Every tool gets the same ids, texts and links, and the
command of its own that reads everything and checks the links with the least other work.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

VERBS = ("explain", "calculate", "process", "reconcile", "route", "schedule", "retrieve", "prepare")
THINGS = (
    "fine",
    "refund",
    "transcript",
    "waiver",
    "deposit",
    "appeal",
    "permit",
    "invoice",
    "hold",
)
PLACES = ("counter", "telephone", "archive", "registry", "library", "bursary", "clinic", "hall")
OBJECTIVES = 5  # in a module
DONE = {
    "demonstrate": "Show each step and say why it comes next.",
    "practice": "Watch one pair after the other and correct the first wrong step.",
}
DEBRIEF = {
    "demonstrate": "",
    "practice": "      debrief: {what: Which step failed?, so_what: Why?, now_what: What next?}\n",
}
EVENTS = ("gain-attention", "state-objective", "recall", "present-content", "guide")
BODIES = {
    "ksa": "Procedural knowledge, to be trained to level 1.",
    "objective": "Given the records of the office; four of five without error. Cognitive, apply.",
    "activity": "Shown by a demonstration and practiced by a drill, each in 10, 15 or 20 minutes. "
    + " ".join(DONE.values())
    + " Which step failed? Why? What next?",
    "question": "Asked of the supervisor 30, 60 and 90 days after training.",
}


@dataclass(frozen=True)
class Item:
    """A traced item: its id, kind, text, the ids of the items it serves, and what else it says."""

    id: str
    kind: str
    text: str
    links: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        """What csstrain reads in fields of their own, as the prose that the others hold."""
        return BODIES[self.kind]


def graph(count: int) -> tuple[Item, ...]:
    """So many traced items, a quarter of them KSAs that serve nothing further."""
    return tuple(item for index in range(count // 4) for item in _chain(index))


def _chain(index: int) -> Iterator[Item]:
    """A KSA, the objective that serves it, the activity that serves that, and a question."""
    verb, thing = VERBS[index % 8], THINGS[index % 9]
    about = f"a {thing} of series {index} at the {PLACES[index // 8 % 8]}"
    yield Item(f"k{index}", "ksa", f"{verb.title()} {about}.")
    yield Item(f"o{index}", "objective", f"{verb} {about}", (f"k{index}",))
    yield Item(f"a{index}", "activity", f"Practice to {verb} {about}.", (f"o{index}",))
    question = f"How often did the trainee {verb} {about}?"
    yield Item(f"q{index}", "question", question, (f"k{index}",))


# ── csstrain ─────────────────────────────────────────────────────────────────────────

PROGRAM = """\
program:
  id: program
  title: A program
  version: "1"
  audience: trainees
  history: [{version: "1", date: 2027-01-11, change: First version.}]
  approvals: [{role: Director, name: A. Person, date: 2027-01-11}]
  hours: 2000
  cohort: {trainees: 6, coaches: 2}
  scale: house
  day:
    start: 08:30
    end: 17:30
    lunch: {minutes: 60, earliest: 11:30, latest: 13:00}
    breaks: {minutes: 10, count: 3}
    opening: 15
    closing: 10
    slack: {min: 3, max: 10}
scale:
  id: house
  title: House scale
  ceiling: 2
  levels: [{level: 1, name: Basic}, {level: 2, name: Working}, {level: 3, name: Extensive}]
"""


def csstrain(items: tuple[Item, ...]) -> Iterator[tuple[str, str]]:
    """Content files: KSAs, one file for each module, supervisor forms."""
    yield "content/program.yaml", PROGRAM
    by_kind: dict[str, list[Item]] = {}
    for item in items:
        by_kind.setdefault(item.kind, []).append(item)
    for start in range(0, len(by_kind["ksa"]), 500):
        some = by_kind["ksa"][start : start + 500]
        yield f"content/ksas-{start}.yaml", "ksas:\n" + "".join(map(_ksa, some))
    for start in range(0, len(by_kind["question"]), 10):
        asked = by_kind["question"][start : start + 10]
        yield f"content/instruments/form-{start}.yaml", _form(start, asked)
    measured = ", ".join(item.id for item in by_kind["ksa"])
    yield "content/instruments/baseline.yaml", BASELINE.format(measured)
    pairs = list(zip(by_kind["objective"], by_kind["activity"], strict=True))
    for number, start in enumerate(range(0, len(pairs), OBJECTIVES)):
        yield f"content/modules/m{number}.yaml", _module(number, pairs[start : start + OBJECTIVES])


WAVES = "[30, 60, 90]"
BASELINE = """\
instrument:
  id: baseline
  title: What trainees say they can do
  kind: self-form
  kirkpatrick: 2
  when: baseline
  confidentiality: Seen by the trainee alone.
  ksas: [{}]
"""


def _ksa(item: Item) -> str:
    return (
        f"  - id: {item.id}\n    statement: {item.text}\n"
        "    classes: [procedural]\n    target_end_of_training: 1\n"
    )


def _form(number: int, questions: list[Item]) -> str:
    head = (
        f"instrument:\n  id: form-{number}\n  title: Supervisor form {number}\n"
        "  kind: supervisor-form\n  kirkpatrick: 3\n  when: follow-up\n"
        "  confidentiality: Seen by the trainee and the training office.\n  questions:\n"
    )
    more = (
        f"    - {{id: open-{number}, text: What else did you see?, type: open, waves: {WAVES}}}\n"
    )
    return (
        head
        + more
        + "".join(
            f"    - {{id: {q.id}, text: {q.text}, type: frequency, waves: {WAVES},"
            f" ksas: [{', '.join(q.links)}]}}\n"
            for q in questions
        )
    )


def _module(number: int, pairs: list[tuple[Item, Item]]) -> str:
    named = ", ".join(objective.id for objective, _ in pairs)
    lines = [
        f"module:\n  id: m{number}\n  title: Module {number}\n"
        "  goal: Trainees handle what comes to the desk.\n"
        "  rationale: Shown first, then drilled, since the steps must come in order.\n"
        "  preparation: [Lay out the records.]\n  room: Tables in a U.\n"
        "  transition: Say what comes next.\n  objectives:\n"
    ]
    for index, (objective, _) in enumerate(pairs):
        verb, behavior = objective.text.split(" ", 1)
        kind = f"enabling\n      parent: {pairs[0][0].id}" if index else "terminal"
        served = ", ".join(f"{{ksa: {ksa}, level: 1}}" for ksa in objective.links)
        lines.append(
            f"    - id: {objective.id}\n      kind: {kind}\n      ksas: [{served}]\n"
            f"      verb: {verb}\n      behavior: {behavior}\n"
            "      condition: given the records of the office\n"
            "      degree: {text: four of five without an error, metric: count, value: 4}\n"
            "      domain: cognitive\n      level: apply\n"
        )
    lines.append("  activities:\n")
    for (_, activity), event in zip(pairs, EVENTS, strict=False):
        for phase, method in (("demonstrate", "demonstration"), ("practice", "drill")):
            name = activity.id if phase == "practice" else f"{activity.id}-show"
            lines.append(
                f"    - id: {name}\n      title: {activity.text}\n      method: {method}\n"
                f"      phase: {phase}\n      minutes: {{min: 10, plan: 15, max: 20}}\n"
                f"      objectives: [{', '.join(activity.links)}]\n"
                f"      trainer: [{{do: {DONE[phase]}}}]\n{DEBRIEF[phase]}"
                + (f"      event: {event}\n" if phase == "demonstrate" else "")
            )
    lines.append(
        f"    - id: m{number}-test\n      method: test\n      phase: assess\n"
        f"      instrument: i{number}\n      objectives: [{named}]\n"
        "      minutes: {min: 10, plan: 10, max: 10}\n      trainer: [{do: Time it.}]\n"
        f"instrument:\n  id: i{number}\n  title: Work sample {number}\n  kind: work-sample\n"
        "  kirkpatrick: 2\n  when: in-course\n  minutes: 10\n  at_once: 6\n"
        f"  objectives: [{named}]\n"
    )
    return "".join(lines)


# ── the others ───────────────────────────────────────────────────────────────────────


def strictdoc(items: tuple[Item, ...]) -> Iterator[tuple[str, str]]:
    """One document for each kind."""
    for kind in dict.fromkeys(item.kind for item in items):
        lines = ["[DOCUMENT]", f"TITLE: {kind}", ""]
        for item in (i for i in items if i.kind == kind):
            lines += ["[REQUIREMENT]", f"UID: {item.id}", f"STATEMENT: {item.text} {item.body}"]
            if item.links:
                lines.append("RELATIONS:")
                lines += [f"- TYPE: Parent\n  VALUE: {link}" for link in item.links]
            lines.append("")
        yield f"{kind}.sdoc", "\n".join(lines)


def doorstop(items: tuple[Item, ...]) -> Iterator[tuple[str, str]]:
    """One document a kind, one file an item, as the tool wants it."""
    parents = {"ksa": "", "objective": "ksa", "activity": "objective", "question": "ksa"}
    for kind, parent in parents.items():
        above = f"  parent: {parent}\n" if parent else ""
        settings = f"settings:\n  digits: 5\n{above}  prefix: {kind}\n  sep: '-'\n"
        yield f"{kind}/.doorstop.yml", settings
    kinds = {item.id: item.kind for item in items}
    for item in items:
        links = "".join(f"\n- {kinds[link]}-{int(link[1:]):05d}" for link in item.links) or " []"
        yield (
            f"{item.kind}/{item.kind}-{int(item.id[1:]):05d}.yml",
            f"active: true\nderived: false\nheader: ''\nlevel: {int(item.id[1:]) + 1}\n"
            f"links:{links}\nnormative: true\nref: ''\nreviewed: null\n"
            f"text: |\n  {item.text}\n  {item.body}\n",
        )


def sphinx_needs(items: tuple[Item, ...]) -> Iterator[tuple[str, str]]:
    """One page for each kind, of directives."""
    kinds = tuple(dict.fromkeys(item.kind for item in items))
    types = ", ".join(
        f"dict(directive='{k}', title='{k}', prefix='', color='#fff', style='node')" for k in kinds
    )
    served = {"ksa": "objective", "objective": "activity"}
    # What csstrain proves of the same graph: nothing stands without what serves it, or serves none.
    holes = {f"{k} without {by}": f"type=='{k}' and not links_back" for k, by in served.items()}
    holes |= {f"{k} serving nothing": f"type=='{k}' and not links" for k in kinds if k != "ksa"}
    yield (
        "conf.py",
        f"extensions = ['sphinx_needs']\nneeds_types = [{types}]\nneeds_id_regex = '^[a-z0-9]+$'\n"
        f"needs_warnings = {holes!r}\n",
    )
    yield "index.rst", "Index\n=====\n\n.. toctree::\n\n" + "".join(f"   {k}\n" for k in kinds)
    for kind in kinds:
        lines = [kind, "=" * len(kind), ""]
        for item in (i for i in items if i.kind == kind):
            lines += [f".. {kind}:: {item.text}", f"   :id: {item.id}"]
            if item.links:
                lines.append(f"   :links: {', '.join(item.links)}")
            lines += ["", f"   {item.body}", ""]
        yield f"{kind}.rst", "\n".join(lines)


@dataclass(frozen=True)
class Peer:
    """A tool that checks links: its package, how the graph is written, its commands.

    `usual` is what its manual tells people to run; `lean` reads and links the same and
    leaves out the pages and the rewriting that csstrain does not do in a check either.
    """

    package: str
    files: Callable[[tuple[Item, ...]], Iterator[tuple[str, str]]]
    usual: tuple[str, ...]
    lean: tuple[str, ...]


PEERS: Mapping[str, Peer] = {
    "StrictDoc": Peer(
        "strictdoc==0.30.4",
        strictdoc,
        ("strictdoc", "export", "--output-dir", "out", "."),
        ("strictdoc", "export", "--output-dir", "out", "--formats=json", "."),
    ),
    "Doorstop": Peer("doorstop==3.2", doorstop, ("doorstop",), ("doorstop", "--no-reformat")),
    "sphinx-needs": Peer(
        "sphinx-needs==9.1.0",
        sphinx_needs,
        ("sphinx-build", "-q", "-E", "-b", "html", ".", "out"),
        ("sphinx-build", "-q", "-E", "-b", "needs", ".", "out"),
    ),
}


def write(files: Iterator[tuple[str, str]], folder: Path) -> None:
    """Lay the files of a project below a folder."""
    for name, text in files:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
