"""Chains, matrix and sources: one can go from the job to the follow-up question and back."""

from __future__ import annotations

import json

from csstrain import trace
from csstrain.pipeline import Compilation
from csstrain.show import chain_text, matrix_json, matrix_text, sources_text, trace_json


def test_a_chain_reaches_from_source_to_question(shipped: Compilation) -> None:
    curriculum = shipped.curriculum
    assert curriculum
    for ksa in curriculum.ksas.values():
        kinds = {step.kind for step in trace.chain(curriculum, ksa.id)}
        expected = {"part", "ksa", "objective"}
        if ksa.required:
            expected |= {"activity", "instrument", "question"}
        assert expected <= kinds, ksa.id


def test_chains_go_both_ways(shipped: Compilation) -> None:
    curriculum = shipped.curriculum
    assert curriculum
    for name in ("o6-1", "m6-triads-1", "i-complaint", "ctk-c08", "case-qual-k24", "m6"):
        assert "k24" in {step.id for step in trace.chain(curriculum, name)}
    reached = {step.id for step in trace.chain(curriculum, "k24")}
    assert {"o6-1", "m6-triads-1", "i-complaint", "ctk-c08", "case-qual-k24"} <= reached


def test_every_entity_has_a_chain(shipped: Compilation) -> None:
    curriculum = shipped.curriculum
    assert curriculum
    for name in curriculum.entities:
        steps = trace.chain(curriculum, name)
        assert steps == tuple(sorted(steps, key=lambda s: s.depth))
        assert name in {step.id for step in steps}
        assert chain_text(name, steps)


def test_matrix_has_a_row_for_each_ksa(shipped: Compilation) -> None:
    assert shipped.curriculum
    assert shipped.coverage
    rows = matrix_text(shipped.curriculum, shipped.coverage).splitlines()
    assert len(rows) == 1 + 31
    value = json.loads(matrix_json(shipped.curriculum, shipped.coverage))
    assert [row["ksa"] for row in value["matrix"]] == list(shipped.curriculum.ksas)


def test_sources_say_where_each_part_went(shipped: Compilation) -> None:
    assert shipped.curriculum
    uses = trace.sources(shipped.curriculum)
    assert "NOWHERE" not in sources_text(uses)
    step = next(u for u in uses if u.part == "unit-step-1")
    assert any(used.startswith("activity m6-steps in m6, 15 min for o6-") for used in step.used_by)
    assert len(json.loads(trace_json(uses=uses))["sources"]) == len(shipped.curriculum.parts)


def test_duties_sources_and_forms_lead_to_what_they_ask_for(shipped: Compilation) -> None:
    curriculum = shipped.curriculum
    assert curriculum
    duty = curriculum.ksas["k24"].duties[0]
    source = next(
        s.id for s in curriculum.sources.values() if "case-qual-k24" in {p.id for p in s.parts}
    )
    for name in (duty, source, "i-supervisor"):
        assert {"k24", "o6-1"} <= {step.id for step in trace.chain(curriculum, name)}
    mystery = trace.chain(curriculum, "k13")
    assert "i-mystery" in {step.id for step in mystery}
    program = curriculum.program.id
    assert [step.id for step in trace.chain(curriculum, program)] == [program]
