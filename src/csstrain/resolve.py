"""Content to curriculum: ids, references between entities, teaching order."""

from __future__ import annotations

import graphlib
import heapq
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import pairwise
from types import MappingProxyType
from typing import Any, NamedTuple, TypeVar, get_args

from csstrain.curriculum import Curriculum
from csstrain.diagnostic import Diagnostic, Outcome, Place, Related, Route, Severity
from csstrain.load import Content, nearest
from csstrain.model import (
    Competency,
    Duty,
    Entity,
    Instrument,
    Ksa,
    Material,
    MethodMatrix,
    Module,
    Objective,
    Part,
    Profile,
    Program,
    Ref,
    Scale,
    Source,
    Value,
    VerbList,
    Waiver,
    WordList,
    field_name,
    walk,
)

MATERIALS = "content/materials/"
MAX_SUGGESTIONS = 20
MAX_CIRCLES = 20
MAX_RELATED = 4  # of the places that name the same missing id
COPIED = 3  # so many ids that two files share make one of them a copy of the other

E = TypeVar("E", bound=Entity)
Named = dict[str, list[tuple[Entity, Place]]]


def resolve(content: Content, defaults: Content) -> Outcome[Curriculum]:
    """Join everything that was read into one curriculum.

    `defaults` holds the built-in verb list, word list and method matrix, each replaced
    by one of the content's own. Reports ids that are used twice, references to nothing,
    prerequisites in a circle, materials without their file, and a missing program.
    """
    inside = tuple(_inside(content))
    named = _named(inside)
    found = [
        *_duplicates(named),
        *_references(inside, named),
        *_repeats(inside),
        *_cycle(content),
        *_files(content),
        *_program(content),
        *_second_lists(content),
    ]
    if found:
        return Outcome(None, tuple(found))
    return Outcome(_curriculum(content, defaults, inside, named))


class Inside(NamedTuple):
    """One value of the content, its place, and the entity that it belongs to."""

    value: Value
    place: Place
    owner: str


def _inside(content: Content) -> Iterator[Inside]:
    """Every value that was written, those inside others too, outer ones first."""
    for _, value, (file, start) in content.values:
        for inner, route, owner in walk(value, start):
            yield Inside(inner, Place(file, route), owner)


def _named(inside: tuple[Inside, ...]) -> Named:
    named: Named = defaultdict(list)
    for value, place, _ in inside:
        if isinstance(value, Entity):
            named[value.id].append((value, place))
    return named


def _error(
    rule: str, place: Place, message: str, hint: str, related: tuple[Related, ...] = ()
) -> Diagnostic:
    return Diagnostic(rule, Severity.ERROR, place, message, hint, related)


def _duplicates(named: Named) -> Iterator[Diagnostic]:
    pairs = Counter(
        (places[0][1].file, place.file)
        for places in named.values()
        for _, place in places[1:]
        if place.file != places[0][1].file
    )
    told: set[tuple[str, str]] = set()
    for name, places in named.items():
        first, first_place = places[0]
        for entity, place in places[1:]:
            files = first_place.file, place.file
            if pairs[files] >= COPIED:
                if files not in told:
                    told.add(files)
                    yield _copied(name, first_place, place, pairs[files] - 1)
                continue
            yield _error(
                "duplicate-id",
                place.at("id"),
                f"`{name}` is already the id of {_a(first.kind)}",
                f"give this {_word(entity.kind)} an id of its own; ids are unique over all kinds",
                (Related(first_place.at("id"), f"the {_word(first.kind)} `{name}`"),),
            )


def _copied(name: str, first: Place, second: Place, more: int) -> Diagnostic:
    return _error(
        "duplicate-id",
        second.at("id"),
        f"`{name}` and {more} more ids of this file stand in {first.file} too",
        "if one of the two files is a copy, delete it, or give all that it holds new ids",
        (Related(first.at("id"), f"`{name}` in the other file"),),
    )


def _references(inside: tuple[Inside, ...], named: Named) -> Iterator[Diagnostic]:
    missing: dict[tuple[str, str], list[Place]] = {}
    others: list[tuple[Place, str, str, Entity]] = []
    for value, place, _ in inside:
        for step, kind, name in references(value):
            targets = [entity for entity, _ in named.get(name, ())]
            if not targets:
                missing.setdefault((kind, name), []).append(place.at(*step))
            elif kind not in ("any", *[entity.kind for entity in targets]):
                others.append((place.at(*step), kind, name, targets[0]))
    # Looking for near misses is slow; after so many, one mistake is behind them all.
    for number, ((kind, name), places) in enumerate(missing.items()):
        yield _unknown(places, kind, name, named if number < MAX_SUGGESTIONS else {})
    for number, (place, kind, name, target) in enumerate(others):
        message = f"`{name}` is {_a(target.kind)}, but {_a(kind)} belongs here"
        hint = _meant(kind, name, named if number < MAX_SUGGESTIONS else {})
        yield _error("unknown-id", place, message, hint.removeprefix("add it, or "))


def _repeats(inside: tuple[Inside, ...]) -> Iterator[Diagnostic]:
    for value, place, _ in inside:
        for name, step, kind in _reference_fields(type(value)):
            given: Any = getattr(value, name)
            if type(given) is tuple and len(given) > 1:
                yield from _twice(place, tuple((step, n) for n in range(len(given))), given, kind)
        if isinstance(value, Objective) and len(value.ksas) > 1:
            steps = tuple(("ksas", n, "ksa") for n in range(len(value.ksas)))
            yield from _twice(place, steps, tuple(each.ksa for each in value.ksas), "ksa")


def _twice(
    place: Place, steps: tuple[Route, ...], given: tuple[str, ...], kind: str
) -> Iterator[Diagnostic]:
    """The references of one list that stand in it before, each told once."""
    if len(set(given)) == len(given):
        return
    first: dict[str, Route] = {}
    told: set[str] = set()
    for step, name in zip(steps, given, strict=True):
        if name in first and name not in told:
            told.add(name)
            yield _error(
                "repeated-reference",
                place.at(*step),
                f"{_word(kind)} `{name}` stands in this list twice",
                "delete one of the two" if len(step) == 2 else "keep the one with the right level",
                (Related(place.at(*first[name]), f"the first `{name}`"),),
            )
        first.setdefault(name, step)


def _unknown(places: list[Place], kind: str, name: str, known: Named) -> Diagnostic:
    """An id that is nowhere, told once: it is missing once, however many places name it."""
    what = _word(kind)
    message, hint = f"there is no {what} `{name}`", _meant(kind, name, known)
    more = len(places) - 1
    if more:
        message += f", which {more + 1} places name"
        hint = f"if it was deleted or renamed, put it back or change all of them; else {hint}"
    unsaid = f", and {more - MAX_RELATED} more" if more > MAX_RELATED else ""
    last = min(more, MAX_RELATED)
    related = tuple(
        Related(place, f"named here too{unsaid if number == last else ''}")
        for number, place in enumerate(places[1 : MAX_RELATED + 1], 1)
    )
    return _error("unknown-id", places[0], message, hint, related)


def _meant(kind: str, name: str, known: Named) -> str:
    """Which ids of a kind may have been meant by one that is not there."""
    same = {n: e for n, found in known.items() for e, _ in found if kind in (e.kind, "any")}
    near = nearest(name, same)
    if near:
        return "did you mean " + " or ".join(f"`{n}` ({_words(same[n])})" for n in near) + "?"
    if same:
        listed = ", ".join(f"`{n}`" for n in list(same)[:3])
        return f"add it, or name one that is there: {listed}{' …' if len(same) > 3 else ''}"
    return f"add the {_word(kind)} first"


def _a(kind: str) -> str:
    word = _word(kind)
    return f"{'an' if word[0] in 'aeio' else 'a'} {word}"


def _word(kind: str) -> str:
    return {"any": "entity", "ksa": "KSA"}.get(kind, kind)


def _words(entity: Entity) -> str:
    label = entity.label
    return label if len(label) <= 60 else label[:59] + "…"


def references(value: Value) -> Iterator[tuple[Route, str, str]]:
    """The references of one value: the step that leads to each, the kind it names, the id."""
    for name, step, kind in _reference_fields(type(value)):
        given: Any = getattr(value, name)
        if isinstance(given, str):
            yield (step,), kind, given
        elif given is not None:
            for index, each in enumerate(given):
                yield (step, index), kind, each


@cache
def _reference_fields(model: type[Value]) -> tuple[tuple[str, str, str], ...]:
    """Field, its name in the file, and the kind it refers to, for each reference of a model."""
    fields = []
    for name, info in model.model_fields.items():
        ref = _ref((*info.metadata, info.annotation))
        if ref:
            fields.append((name, field_name(model, name), ref.kind))
    return tuple(fields)


def _ref(parts: tuple[Any, ...]) -> Ref | None:
    """The mark of a reference, however deep in an annotation such as `Many[KsaRef]`."""
    for part in parts:
        if isinstance(part, Ref):
            return part
        inner = (*get_args(part), *getattr(part, "__metadata__", ()))
        if inner and (found := _ref(inner)):
            return found
    return None


def _modules(content: Content) -> dict[str, tuple[Module, Place]]:
    return {v.id: (v, place) for _, v, place in content.values if isinstance(v, Module)}


def _cycle(content: Content) -> Iterator[Diagnostic]:
    modules = _modules(content)
    graph = {name: [r for r in m.requires if r in modules] for name, (m, _) in modules.items()}
    for steps in _circles(graph):
        related = tuple(
            Related(_requires_place(modules, one, other), f"`{one}` requires `{other}`")
            for one, other in pairwise(steps)
        )
        yield _error(
            "prerequisite-cycle",
            related[0].place,
            "modules require each other in a circle: " + " → ".join(steps),
            "take one of these steps out of `requires`",
            related,
        )


def _circles(graph: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """The steps of circles, the first again at the end; each shares no end with another.

    A depth-first walk that meets a module of its own way has found a circle. Every step is
    walked once, and after so many circles the rest waits until these are mended.
    """
    done: set[str] = set()
    told: set[str] = set()
    for start in graph:
        way = {start: iter(graph[start])} if start not in done else {}
        while way:
            here, steps = next(reversed(way.items()))
            step = next(steps, None)
            if step is None:
                del way[here]
                done.add(here)
            elif step not in way:
                if step not in done:
                    way[step] = iter(graph[step])
            elif told.isdisjoint((here, step)):
                names = list(way)
                yield [*names[names.index(step) :], step]
                told.update((here, step))
                if len(told) >= 2 * MAX_CIRCLES:
                    return


def _requires_place(modules: Mapping[str, tuple[Module, Place]], one: str, other: str) -> Place:
    module, place = modules[one]
    return place.at("requires", module.requires.index(other))


def _files(content: Content) -> Iterator[Diagnostic]:
    named = (*content.files, *content.pictures)
    known = {name.removeprefix(MATERIALS) for name in named if name.startswith(MATERIALS)}
    for _, value, place in content.values:
        if isinstance(value, Material) and value.file and value.file not in known:
            near = nearest(value.file, known)
            yield _error(
                "missing-file",
                place.at("file"),
                f"there is no file `{value.file}` below {MATERIALS}",
                f"did you mean `{near[0]}`?" if near else "add it, or write the text as `body`",
            )
        if isinstance(value, Material):
            yield from _picture(content, value, place)
        if isinstance(value, Material) and value.file in known and not _text(content, value.file):
            message = f"the file of material `{value.id}`, `{value.file}`, is empty"
            hint = "write its text, or delete the material and the file"
            yield _error("material-without-text", place.at("file"), message, hint)
        if isinstance(value, Material) and value.file and value.body:
            message = f"material `{value.id}` has both a `body` and a `file`"
            yield _error("material-without-text", place, message, "keep one of the two")
        if isinstance(value, Material) and not (value.file or value.body or value.needs_no_text):
            message = f"material `{value.id}` has neither a `body` nor a `file`"
            yield _error("material-without-text", place, message, "write its text as `body`")


def _picture(content: Content, material: Material, place: Place) -> Iterator[Diagnostic]:
    """What keeps a picture from being shown, or from being told to whoever does not see it."""
    shows = material.file is not None and MATERIALS + material.file in content.pictures
    if material.type == "picture" and not material.alt:
        message = f"picture `{material.id}` has no `alt`"
        hint = "say in a sentence what it shows, for trainees who do not see it"
        yield _error("missing-field", place, message, hint)
    if shows and material.type != "picture":
        message = f"the file of material `{material.id}` is a picture"
        yield _error("wrong-value", place.at("kind"), message, "write `kind: picture`")
    if material.type == "picture" and (material.body or (material.file and not shows)):
        message = f"picture `{material.id}` has a text where its file should be"
        hint = "name a PNG or JPEG file below content/materials/ as `file`"
        yield _error("wrong-value", place.at("file" if material.file else "body"), message, hint)


def _text(content: Content, file: str) -> str:
    return content.files.get(MATERIALS + file, "picture").strip()


def _program(content: Content) -> Iterator[Diagnostic]:
    programs = [(v, p) for _, v, p in content.values if isinstance(v, Program)]
    if not programs:
        hint = "add a file such as content/program.yaml that begins with `program:`"
        yield _error("missing-program", Place("content"), "the content has no program", hint)
    for _, place in programs[1:]:
        yield _error(
            "second-program",
            place,
            "the content has a second program",
            "keep one; a project holds one program",
            (Related(programs[0][1], "the first program"),),
        )


def _second_lists(content: Content) -> Iterator[Diagnostic]:
    """Lists that replace a built-in one: of two, nobody could say which counts."""
    for kind in (VerbList, WordList, MethodMatrix):
        lists = [(v, p) for _, v, p in content.values if isinstance(v, kind)]
        for value, place in lists[1:]:
            yield _error(
                "second-list",
                place,
                f"the content has a second {kind.kind}, `{value.id}`",
                f"keep one; it replaces the built-in {kind.kind} as a whole",
                (Related(lists[0][1], f"the first, `{lists[0][0].id}`"),),
            )


def _curriculum(
    content: Content, defaults: Content, inside: tuple[Inside, ...], named: Named
) -> Curriculum:
    program = _all(content, Program)[0]
    order = _teaching_order(content)
    texts = {
        name.removeprefix(MATERIALS): text
        for name, text in content.files.items()
        if name.startswith(MATERIALS)
    }
    return Curriculum(
        program=program,
        sources=_by_id(_all(content, Source)),
        profiles=_by_id(_all(content, Profile)),
        duties=_by_id(_all(content, Duty)),
        ksas=_by_id(_all(content, Ksa)),
        scales=_by_id(_all(content, Scale)),
        competencies=_by_id(_all(content, Competency)),
        modules=_by_id(order),
        instruments=_by_id(_all(content, Instrument)),
        materials=_by_id(_all(content, Material)),
        waivers=tuple((v, p) for _, v, p in content.values if isinstance(v, Waiver)),
        verbs=_one(content, defaults, VerbList),
        words=_one(content, defaults, WordList),
        methods=_one(content, defaults, MethodMatrix),
        entities=MappingProxyType({name: found[0][0] for name, found in named.items()}),
        citations=_citations(inside),
        places=MappingProxyType({name: found[0][1] for name, found in named.items()}),
        files=MappingProxyType(texts),
        pictures=MappingProxyType(
            {
                material.id: content.pictures[MATERIALS + material.file]
                for material in _all(content, Material)
                if material.file and MATERIALS + material.file in content.pictures
            }
        ),
    )


def _all(content: Content, kind: type[E]) -> tuple[E, ...]:
    return tuple(value for _, value, _ in content.values if isinstance(value, kind))


def _by_id(entities: tuple[E, ...]) -> Mapping[str, E]:
    return MappingProxyType({entity.id: entity for entity in entities})


def _one(content: Content, defaults: Content, kind: type[E]) -> E:
    return (_all(content, kind) or _all(defaults, kind))[0]


def _teaching_order(content: Content) -> tuple[Module, ...]:
    """Modules after all that they require; among those that may come next, the smallest id."""
    modules = {name: module for name, (module, _) in _modules(content).items()}
    sorter = graphlib.TopologicalSorter({name: m.requires for name, m in modules.items()})
    sorter.prepare()
    ready: list[tuple[tuple[tuple[int, int, str], ...], str]] = []
    order: list[Module] = []
    while sorter.is_active():
        for name in sorter.get_ready():
            heapq.heappush(ready, (natural(name), name))
        _, first = heapq.heappop(ready)
        order.append(modules[first])
        sorter.done(first)
    return tuple(order)


def natural(name: str) -> tuple[tuple[int, int, str], ...]:
    """A sort key that puts m2 before m10.

    >>> sorted(["m10", "m2"], key=natural)
    ['m2', 'm10']
    """
    pieces = re.findall(r"[0-9]+|[^0-9]+", name)
    return tuple((0, int(p), "") if p.isdigit() else (1, 0, p) for p in pieces)


def _citations(inside: tuple[Inside, ...]) -> Mapping[str, tuple[tuple[str, Place], ...]]:
    """For each part of a source, the entities that cite it, each with the place."""
    cited: dict[str, list[tuple[str, Place]]] = {
        value.id: [] for value, _, _ in inside if isinstance(value, Part)
    }
    for value, place, owner in inside:
        # Asking a model for a field that it does not have takes it long to refuse.
        parts: Any = value.__dict__.get("cites", ())
        for index, part in enumerate(parts):
            cited[part].append((owner, place.at("cites", index)))
    return MappingProxyType({part: tuple(places) for part, places in cited.items()})
