"""Links: ids used twice, ids that lead nowhere, modules that require each other."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from csstrain.check import RULES
from csstrain.report import human
from tests.curricula import PROGRAM, Snapshot, compile_text

KSAS = """\
ksas:
  - {id: k13, statement: Find out what a customer needs., classes: [skill]}
  - {id: k14, statement: Treat customers with courtesy., classes: [attitude]}
  - {id: k15, statement: Work across cultural backgrounds., classes: [attitude]}
"""


def module(name: str, *requires: str) -> str:
    return f"module: {{id: {name}, title: Module {name}, requires: [{', '.join(requires)}]}}\n"


def test_unknown_id_offers_the_near_ones_with_their_words(snapshot: Snapshot) -> None:
    text = """\
module:
  id: m1
  title: Contact
  objectives:
    - {id: o1, kind: terminal, verb: greet, behavior: a customer, domain: cognitive,
       level: apply, ksas: [{ksa: k12, level: 1}]}
"""
    snapshot("link-unknown-id", f"{text}----\n{human(compile_text(ksas=KSAS, m1=text))}")


def test_an_id_that_many_places_name_is_missing_once(snapshot: Snapshot) -> None:
    text = "modules:\n" + "".join(
        f"  - {{id: m{n}, title: Module {n}, requires: [intro]}}\n" for n in range(1, 8)
    )
    compiled = compile_text(m1=text)
    (missing,) = compiled.diagnostics
    assert "which 7 places name" in missing.message
    assert "and 2 more" in missing.related[-1].message
    snapshot("link-missing-once", f"{text}----\n{human(compiled)}")


def test_a_copied_file_is_told_once(snapshot: Snapshot) -> None:
    compiled = compile_text(ksas=KSAS, other=KSAS)
    (copied,) = compiled.diagnostics
    assert "`k13` and 2 more ids" in copied.message
    snapshot("link-copied-file", human(compiled))
    two = "\n".join(KSAS.splitlines()[:3])
    assert len(compile_text(ksas=KSAS, other=two).diagnostics) == 2


def test_id_of_another_kind(snapshot: Snapshot) -> None:
    text = module("m1", "k13")
    snapshot("link-other-kind", f"{text}----\n{human(compile_text(ksas=KSAS, m1=text))}")


def test_duplicate_id_over_kinds(snapshot: Snapshot) -> None:
    text = module("k13")
    snapshot("link-duplicate-id", f"{text}----\n{human(compile_text(ksas=KSAS, m1=text))}")


def test_cycle_names_every_step(snapshot: Snapshot) -> None:
    files = {"m1": module("m1", "m3"), "m2": module("m2", "m1"), "m3": module("m3", "m2")}
    compiled = compile_text(**files)
    (cycle,) = compiled.diagnostics
    assert cycle.rule == "prerequisite-cycle"
    for related in cycle.related:
        one, other = related.message.replace("`", "").split(" requires ")
        assert f"[{other}]" in files[one]
    assert len(cycle.related) == 3
    snapshot("link-cycle", "".join(files.values()) + f"----\n{human(compiled)}")


def test_a_reference_twice_in_one_list(snapshot: Snapshot) -> None:
    text = """\
module:
  id: m1
  title: Contact
  requires: [m2, m3, m2, m2]
  objectives:
    - {id: o1, kind: terminal, verb: greet, behavior: a customer, domain: cognitive,
       level: apply, ksas: [{ksa: k13, level: 1}, {ksa: k13, level: 2}]}
"""
    compiled = compile_text(ksas=KSAS, m1=text, m2=module("m2"), m3=module("m3"))
    assert [d.rule for d in compiled.diagnostics] == ["repeated-reference"] * 2
    snapshot("link-repeated-reference", f"{text}----\n{human(compiled)}")


def test_a_second_list_of_a_kind(snapshot: Snapshot) -> None:
    row = "{method: lecture, declarative: 1, procedural: 0, strategic: 0, skill: 0, attitude: 0}"
    text = f"method-matrices:\n  - {{id: a, title: Ours, rows: [{row}]}}\n"
    other = text.replace("id: a", "id: b")
    compiled = compile_text(one=text, two=other)
    assert [d.rule for d in compiled.diagnostics] == ["second-list"]
    snapshot("link-second-list", f"{text}{other}----\n{human(compiled)}")


def test_a_threshold_set_twice() -> None:
    rule = next(r for r in RULES.values() if r.thresholds)
    twice = f"{{rule: {rule.name}, name: {next(iter(rule.thresholds))}, value: 4, reason: Ours.}}"
    program = PROGRAM.replace("  scale:", f"  thresholds: [{twice}, {twice}]\n  scale:", 1)
    program = program[: program.index("scale:\n  id")]
    found = [d for d in compile_text(p=program).diagnostics if d.rule == "repeated-threshold"]
    assert [d.place.route[-2:] for d in found] == [("thresholds", 1)]
    assert found[0].related[0].place.route[-2:] == ("thresholds", 0)


def test_two_circles_are_both_told() -> None:
    files = {"m1": module("m1", "m2"), "m2": module("m2", "m1")}
    files |= {"m3": module("m3", "m4"), "m4": module("m4", "m3")}
    assert [d.rule for d in compile_text(**files).diagnostics] == ["prerequisite-cycle"] * 2


def test_missing_material_file() -> None:
    text = "material: {id: mat-1, title: Log, kind: data, reader: trainee, file: log.csv}\n"
    assert [d.rule for d in compile_text(m=text).diagnostics] == ["missing-file"]


def test_an_empty_material_file_is_told_at_its_name() -> None:
    from csstrain.pipeline import compile_texts

    text = "material: {id: mat-1, title: Log, kind: handout, reader: trainee, file: log.md}\n"
    for body, rules in (("\n \n", ["material-without-text"]), ("One line.", [])):
        files = {
            "content/p.yaml": PROGRAM,
            "content/m.yaml": text,
            "content/materials/log.md": body,
        }
        compiled = compile_texts({name: each.encode() for name, each in files.items()})
        found = [d for d in compiled.diagnostics if d.rule == "material-without-text"]
        assert [d.rule for d in found] == rules
        assert all(d.place.route[-1] == "file" for d in found)


def test_no_program() -> None:
    from csstrain.pipeline import compile_texts

    found = compile_texts({"content/ksas.yaml": KSAS.encode()}).diagnostics
    assert [d.rule for d in found] == ["missing-program"]


@given(st.permutations(range(6)), st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5))))
def test_teaching_order_is_a_law(order: list[int], pairs: list[tuple[int, int]]) -> None:
    requires: dict[int, set[int]] = {n: set() for n in range(6)}
    for one, other in pairs:
        if other < one:  # so that there is no circle
            requires[one].add(other)
    files = {f"f{n}": module(f"m{n}", *(f"m{r}" for r in sorted(requires[n]))) for n in order}
    curriculum = compile_text(**files).curriculum
    assert curriculum
    taught = list(curriculum.modules)
    for n in range(6):
        for required in requires[n]:
            assert taught.index(f"m{required}") < taught.index(f"m{n}")
    again = compile_text(**dict(sorted(files.items()))).curriculum
    assert again
    assert list(again.modules) == taught
