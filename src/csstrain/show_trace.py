"""Traces for every format: matrix, gaps, chain and sources as text, JSON, CSV, Excel and HTML."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from csstrain.coverage import STAGES, CompetencyCoverage, Coverage, KsaCoverage
from csstrain.curriculum import Curriculum
from csstrain.diagnostic import Position
from csstrain.gaps import Gap, Mend, yaml_lines
from csstrain.report import dumped, printable_line
from csstrain.source import SourceText
from csstrain.spreadsheet import workbook
from csstrain.tables import Cell, Column, Short, Table, csv_text, shown, text_table
from csstrain.templating import environment, fill
from csstrain.trace import Step, Use, matrix, remark

Sources = Mapping[str, SourceText]


@dataclass(frozen=True)
class View:
    """One trace, ready for every format: its tables, its data for JSON, its text for a terminal."""

    title: str
    tables: tuple[Table, ...]
    data: Mapping[str, Any]
    text: str
    language: str = "en"


def as_text(view: View) -> str:
    """A trace for a terminal; nothing in it can steer one."""
    return "\n".join(map(printable_line, view.text.split("\n"))).rstrip("\n") + "\n"


def as_json(view: View) -> str:
    """A trace as JSON, version 1."""
    return dumped({"version": 1, **view.data})


def as_csv(view: View) -> bytes:
    """A trace as one CSV file in UTF-8."""
    return csv_text(view.tables).encode()


def as_xlsx(view: View) -> bytes:
    """A trace as an Excel workbook."""
    return workbook(view.title, view.tables)


def as_html(view: View) -> bytes:
    """A trace as one page that needs no other file, no network and no script."""
    tables = [
        {
            "name": table.name,
            "title": table.title,
            "note": table.note,
            "columns": table.columns,
            "rows": [
                [_td(c, k) for c, k in zip(row, table.columns, strict=True)] for row in table.rows
            ],
        }
        for table in view.tables
    ]
    values = {"title": view.title, "tables": tables, "language": view.language}
    return fill(environment(), "tables.html", values).encode()


def _td(cell: Cell, column: Column) -> Mapping[str, Any]:
    return {
        "text": shown(cell, column),
        "short": isinstance(cell, Short),
        "number": cell is not None and not isinstance(cell, str),
    }


FORMATS: Mapping[str, Callable[[View], str | bytes]] = {
    "table": as_text,
    "json": as_json,
    "csv": as_csv,
    "xlsx": as_xlsx,
    "html": as_html,
}


# ── the matrix ───────────────────────────────────────────────────────────────────────


def matrix_view(curriculum: Curriculum, coverage: Coverage) -> View:
    """The matrix of all KSAs, the competencies with their weights, and the weighted totals."""
    tables = (
        _ksa_table(curriculum, coverage),
        _competency_table(curriculum, coverage),
        _total_table(curriculum, coverage),
    )
    data = {
        "matrix": [
            {**asdict(row), "followed_level": row.followed_level, "gaps": list(row.gaps),
             "remark": remark(curriculum, row)}
            for row in matrix(curriculum, coverage)
        ],
        "competencies": [
            {**asdict(c), "weight": _number(c.weight), "gaps": list(c.gaps)}
            for c in coverage.competencies.values()
        ],
        "totals": [
            {**asdict(o), "weight": _number(o.weight)} for o in coverage.origins.values()
        ],
    }  # fmt: skip
    blocks = [text_table(t) for t in tables if t.rows or t is tables[0]]
    notes = [t.note for t in tables[1:] if t.rows and t.note]
    title = f"{curriculum.program.title}: trace matrix"
    language = curriculum.program.language
    return View(title, tables, data, "\n".join([*blocks, *notes]), language)


def _ksa_table(curriculum: Curriculum, coverage: Coverage) -> Table:
    columns = (
        Column("KSA", 12),
        Column("name", 30),
        Column("status", 8),
        Column("job", 3),
        Column("need", 4),
        *(Column(stage, 11) for stage in STAGES),
        Column("days", 12),
        Column("remark", 40),
        Column("objectives", 40),
        Column("instruments", 30, aside=True),
        Column("questions", 30, aside=True),
    )
    rows = []
    for row in matrix(curriculum, coverage):
        ksa = curriculum.ksas[row.ksa]
        rows.append(
            (
                row.ksa,
                ksa.short,
                row.status,
                row.job or None,
                row.required or None,
                *_levels(row),
                "/".join(map(str, row.followed_up)),
                remark(curriculum, row),
                " ".join(row.objectives),
                " ".join(row.instruments),
                " ".join(row.questions),
            )
        )
    note = (
        "Levels are those of the house scale: job is what the job needs, need the target at the "
        "end of training. Practice and assessment count to the level that training alone can "
        "certify, writing carries a skill or an attitude to level 1 only, and practice is not "
        "asked of pure knowledge. A supervisor's question is about the job itself and so counts "
        "for the job's level. Days are days after training."
    )
    return Table("KSAs", "Coverage of every KSA", columns, tuple(rows), note)


def _levels(row: KsaCoverage | CompetencyCoverage) -> Iterator[Cell]:
    for stage, level in zip(STAGES, row.levels, strict=True):
        yield Short(level) if stage in row.gaps else level


def _competency_table(curriculum: Curriculum, coverage: Coverage) -> Table:
    columns = (
        Column("competency", 12),
        Column("name", 30),
        Column("origin", 8),
        Column("weight", 6),
        Column("share", 6, percent=True),
        Column("target", 16),
        Column("job", 12),
        Column("need", 4),
        *(Column(stage, 11) for stage in STAGES),
        *(Column(f"KSAs {stage}", 12, percent=True, aside=True) for stage in STAGES),
        Column("KSAs", 30, aside=True),
        Column("remark", 40),
    )
    rows = []
    for covered in coverage.competencies.values():
        competency = curriculum.competencies[covered.competency]
        target = competency.target
        joined = covered.job if covered.job is not None else "no crosswalk"
        shares = (covered.taught, covered.practiced, covered.assessed, covered.followed_up)
        rows.append(
            (
                covered.competency,
                competency.name,
                covered.origin,
                competency.weight,
                covered.share,
                f"{target.level} on {target.scale}" if target else "",
                joined if target else "no target",
                covered.required or None,
                *_levels(covered),
                *(Short(s) if covered.trained and s < 1 else s for s in shares),
                " ".join(covered.ksas),
                _about(covered, competency.coverage_note),
            )
        )
    note = (
        "A competency stands at a stage as high as all of its trained KSAs let it: at need where "
        "each reaches its own target, else at the lowest level among those that fall short. Job "
        "is its own target on the house scale, by the crosswalk of its scale. Share is its part "
        "of the weights of its origin, each divided by what they add up to."
    )
    return Table("competencies", "Competencies and weights", columns, tuple(rows), note)


def _about(covered: CompetencyCoverage, note: str | None) -> str:
    if covered.gaps:
        said = f"✗ short: {', '.join(covered.gaps)}"
    elif covered.trained:
        said = "✓ reached"
    else:
        said = "– not trained" if note else "✗ no trained KSA"
    return f"{said}; {note}" if note else said


def _total_table(curriculum: Curriculum, coverage: Coverage) -> Table:
    columns = (
        Column("origin", 12),
        Column("source", 40),
        Column("weights", 8),
        Column("competencies", 12),
        Column("untrained", 20),
        *(Column(stage, 14, percent=True) for stage in STAGES),
    )
    rows = []
    for total in coverage.origins.values():
        shares = (total.taught, total.practiced, total.assessed, total.followed_up)
        rows.append(
            (
                total.origin,
                curriculum.sources[total.origin].title,
                total.weight if total.weight is not None else "none",
                len(total.competencies),
                " ".join(total.untrained),
                *(Short(s) if s < 1 else s for s in shares),
            )
        )
    note = (
        "Totals: the shares of the KSAs of each competency that reach their target, weighted. Each "
        "weight is divided by the sum of the weights, whatever that is (a sum of 100.1 comes from "
        "rounding in print and is accepted); where a source gives no weights, each of its "
        "competencies counts the same. A competency without trained KSAs counts as not covered."
    )
    return Table("totals", "Weighted totals", columns, tuple(rows), note)


def _number(weight: Any) -> float | None:
    return None if weight is None else float(weight)


# ── gaps ─────────────────────────────────────────────────────────────────────────────


def gaps_view(curriculum: Curriculum, found: Iterable[Gap], sources: Sources) -> View:
    """The holes alone, each with why it is one and the block that would mend it."""
    holes = [(gap, where(gap.mend, sources), block(gap.mend, sources)) for gap in found]
    columns = (
        Column("kind", 10),
        Column("id", 14),
        Column("label", 30),
        Column("missing", 20),
        Column("why", 60),
        Column("file", 36),
        Column("mend", 50),
        Column("YAML", 60),
    )
    rows = tuple(
        (g.kind, g.id, g.label, f"✗ {g.missing}", g.why, g.mend.place.file, place, yaml)
        for g, place, yaml in holes
    )
    data = {
        "gaps": [
            {
                "kind": g.kind,
                "id": g.id,
                "label": g.label,
                "missing": g.missing,
                "why": g.why,
                "mend": {
                    "how": g.mend.how,
                    "file": g.mend.place.file,
                    "route": list(g.mend.place.route),
                    "where": place,
                    "note": g.mend.note,
                    "yaml": yaml,
                },
            }
            for g, place, yaml in holes
        ]
    }
    blocks = [
        f"✗ {g.kind} {g.id} ({g.label}): {g.missing}\n  why: {g.why}\n  mend: {place}\n\n{yaml}"
        for g, place, yaml in holes
    ]
    count = f"{len(holes)} {'gap' if len(holes) == 1 else 'gaps'}"
    title = f"{curriculum.program.title}: gaps"
    table = Table("gaps", "Gaps and what would mend them", columns, rows)
    text = "\n".join([*blocks, count])
    return View(title, (table,), data, text, curriculum.program.language)


def where(mend: Mend, sources: Sources) -> str:
    """Where the block of a gap belongs, in words."""
    place = mend.place
    if mend.how == "create":
        return f"make a new file {place.file}"
    source = sources.get(place.file)
    line = f", {_line(mend, source)}" if source else ""
    if mend.how == "append":
        return f"add to the list `{place.route[-1]}` in {place.file}{line}"
    fields = " and ".join(f"`{name}`" for name in mend.value)
    return f"set {fields} in {place.file}{line}"


def _line(mend: Mend, source: SourceText) -> str:
    """The line at which a block can be pasted so that it cuts nothing in two."""
    at, start = _beside(mend, source), source.position(mend.place.route)
    for name in mend.value if mend.how == "set" else ():
        written = source.key_position((*mend.place.route, name))
        if written != start:
            return f"line {written.line}"
    if at is None:
        return f"line {start.line}"
    return f"{'above' if mend.how == 'append' else 'below'} line {at.line}"


def block(mend: Mend, sources: Sources) -> str:
    """The YAML of a gap, indented as the lines around its place; what is left to decide above."""
    value = [mend.value] if mend.how == "append" else mend.value
    lines = [f"# {mend.note}"] if mend.note else []
    pad = " " * _indent(mend, sources)
    return "".join(f"{pad}{line}\n" for line in [*lines, *yaml_lines(value)])


def _indent(mend: Mend, sources: Sources) -> int:
    """The column at which a block must begin; 0 in braces and brackets, which need no columns."""
    source = sources.get(mend.place.file)
    at = _beside(mend, source) if source and mend.how != "create" else None
    return at.column - 1 if at else 0


def _beside(mend: Mend, source: SourceText) -> Position | None:
    """The first dash of the list, or the field below which there is room; None in brackets."""
    if mend.how == "append":
        at = source.position((*mend.place.route, 0))
        before = source.line(at.line)[: at.column - 1]
        return at._replace(column=before.index("-") + 1) if before.strip() == "-" else None
    for name in ("id", "ksa"):
        at = source.key_position((*mend.place.route, name))
        if source.line(at.line)[: at.column - 1].strip() in ("", "-"):
            return at
    return None


# ── chain and sources ────────────────────────────────────────────────────────────────


def chain_view(curriculum: Curriculum, name: str, steps: Iterable[Step]) -> View:
    """The chain of one entity, from the job to evaluation; the entity itself is marked."""
    steps = tuple(steps)
    lines = []
    for step in steps:
        note = f"  [{step.note}]" if step.note else ""
        sign = "→" if step.id == name else " "
        label = " ".join(step.label.split())
        lines.append(f"{sign} {'  ' * step.depth}{step.kind} {step.id}: {label}{note}")
    columns = (
        Column("step", 5),
        Column("kind", 12),
        Column("id", 18),
        Column("label", 70),
        Column("note", 40),
        Column("this one", 8),
    )
    rows = tuple(
        (s.depth, s.kind, s.id, s.label, s.note, "→ this one" if s.id == name else "")
        for s in steps
    )
    note = (
        "Steps go from the job to evaluation: 0 sources, 1 duties and competencies, 2 KSAs, "
        "3 objectives, 4 activities and instruments, 5 questions of follow-up forms."
    )
    title = f"{curriculum.program.title}: chain of {name}"
    table = Table("chain", f"From the job to evaluation: {name}", columns, rows, note)
    data = {"chain": [_step(s) for s in steps], "sources": []}
    return View(title, (table,), data, "\n".join(lines), curriculum.program.language)


def _step(step: Step) -> Mapping[str, Any]:
    return {
        "kind": step.kind,
        "id": step.id,
        "label": step.label,
        "note": step.note,
        "depth": step.depth,
    }


def sources_view(curriculum: Curriculum, uses: Iterable[Use]) -> View:
    """Each source with its parts and where each went."""
    uses = tuple(uses)
    columns = (
        Column("source", 30),
        Column("part", 24),
        Column("place", 40),
        Column("lines", 10),
        Column("used by", 60),
        Column("left out because", 40),
    )
    rows = tuple(
        (
            u.source,
            u.part,
            u.at,
            u.lines,
            "; ".join(u.used_by) or ("" if u.unused else "✗ nowhere"),
            u.unused,
        )
        for u in uses
    )
    data = {
        "chain": [],
        "sources": [
            {
                "source": u.source,
                "part": u.part,
                "at": u.at,
                "lines": u.lines,
                "used_by": list(u.used_by),
                "unused": u.unused or None,
            }
            for u in uses
        ],
    }
    title = f"{curriculum.program.title}: sources"
    table = Table("sources", "Each part of each source", columns, rows)
    return View(title, (table,), data, _sources_text(uses), curriculum.program.language)


def _sources_text(uses: Iterable[Use]) -> str:
    blocks: dict[str, list[str]] = {}
    counts: dict[str, list[int]] = {}
    for use in uses:
        went = "; ".join(use.used_by) or (f"left out: {use.unused}" if use.unused else "✗ NOWHERE")
        lines = f" (lines {use.lines})" if use.lines else ""
        line = " ".join(f"{use.part}: {use.at}{lines} → {went}".split())
        blocks.setdefault(use.source, []).append(f"  {line}")
        count = counts.setdefault(use.source, [0, 0])
        count[0] += 1
        count[1] += bool(use.used_by)
    text: list[str] = []
    for source, parts in blocks.items():
        total, placed = counts[source]
        text += [f"{source}: {total} parts, {placed} with a place", *parts, ""]
    return "\n".join(text)
