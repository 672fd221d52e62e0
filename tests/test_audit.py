"""The audit pack: what the plan is worth and could be, and what each KSA needs and gets."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from html import unescape
from math import prod

import pytest

from csstrain.agenda import CurvePoint
from csstrain.outputs.audit import needs
from csstrain.pipeline import Compilation
from csstrain.plan import plan
from csstrain.render import Compiled, Format, render
from csstrain.timing import minutes_of_ksas

KNOWN = "k05"
HTML: tuple[Format, ...] = ("html",)


@pytest.fixture(scope="module")
def compiled(shipped: Compilation) -> Compiled:
    """The shipped content with 40 hours for a group that has one KSA, and a short curve."""
    assert shipped.curriculum is not None
    assert shipped.coverage is not None
    agenda = plan(shipped.curriculum, Decimal(40), known=[KNOWN]).value
    assert agenda is not None
    points = (
        CurvePoint(Decimal(30), 0.9, 0.7, ("k06",)),
        CurvePoint(Decimal(40), 1.0, 0.8, ()),
    )
    return Compiled(shipped.curriculum, agenda, shipped.coverage, curve=points)


@pytest.fixture(scope="module")
def page(compiled: Compiled) -> str:
    """The audit pack, its pages one after the other."""
    return pages(compiled)


def pages(compiled: Compiled) -> str:
    made = render(compiled, HTML, only={"audit"})
    return "".join(str(a.content) for a in made if a.path.endswith(".html"))


def rows(page: str, heading: str) -> list[list[str]]:
    """The cells of the first table below a heading, row by row, without its head."""
    table = page.split(heading, 1)[1].split("</table>", 1)[0].split("<tbody>", 1)[1]
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in table.split("<tr>")[1:])
    return [[unescape(re.sub(r"<[^>]+>", "", cell)) for cell in each] for each in cells]


def test_every_ksa_is_printed_with_the_factors_of_its_need(compiled: Compiled, page: str) -> None:
    printed = rows(page, "What the job needs of each KSA")
    assert sorted(row[0] for row in printed) == sorted(compiled.curriculum.ksas)
    for ksa, _, *numbers, _share, _minutes, _time in printed:
        *factors, need = map(float, numbers)
        assert len(factors) == 4
        assert need == pytest.approx(prod(factors), abs=0.06), ksa
    by_need = [float(row[6]) for row in printed]
    assert by_need == sorted(by_need, reverse=True)


def test_what_the_group_already_has_needs_nothing(page: str) -> None:
    printed = {row[0]: row for row in rows(page, "What the job needs of each KSA")}
    assert printed[KNOWN][4] == "0.00"
    assert printed[KNOWN][6] == "0.00"
    assert [name for name, row in printed.items() if row[6] == "0.00"] == [KNOWN]


def test_minutes_by_ksa_add_up_to_all_that_serves_one_before_the_final(
    compiled: Compiled, page: str
) -> None:
    curriculum = compiled.curriculum
    served = sum(
        minutes
        for name, minutes in compiled.agenda.given().items()
        if curriculum.activities[name].objectives and not curriculum.module_of[name].final
    )
    lines = needs(compiled)
    assert sum(line.minutes for line in lines) == pytest.approx(served)
    assert sum(line.wanted for line in lines) == pytest.approx(1)
    assert sum(line.given for line in lines) == pytest.approx(1)
    minutes = minutes_of_ksas(curriculum, compiled.agenda)
    for row in rows(page, "What the job needs of each KSA"):
        assert row[8] == f"{minutes[row[0]]:.0f}"


def test_the_summary_prints_the_proof_and_the_curve(compiled: Compiled, page: str) -> None:
    proof = compiled.agenda.proof
    assert proof.bound is not None
    [[value, bound, gap]] = rows(page, "How good the plan is")
    assert (value, bound) == (f"{proof.value:.1f}", f"{proof.bound:.1f}")
    assert re.fullmatch(r"0\.\d %", gap)
    curve = rows(page, "What other hours would give")
    assert [row[:3] for row in curve] == [["30", "90.0", "70.0"], ["planned 40", "100.0", "80.0"]]
    assert [row[3] for row in curve] == ["k06", "none"]


def test_without_a_proof_or_a_curve_nothing_is_said_of_them(compiled: Compiled) -> None:
    unproven = replace(compiled.agenda.proof, bound=None, gap=None)
    agenda = replace(compiled.agenda, proof=unproven, needs=())
    text = pages(replace(compiled, agenda=agenda, curve=()))
    assert "How good the plan is" not in text
    assert "What other hours would give" not in text
    assert "What the job needs of each KSA" not in text
