"""Findings as a JUnit report: one case for each KSA, as dashboards of tests show them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from xml.etree import ElementTree as XML

from csstrain.locate import Located, located
from csstrain.model import Ksa
from csstrain.pipeline import Compilation
from csstrain.report.plain import one_line
from csstrain.report.view import EVERYTHING, View, by_place, owner, plural, printable

_FORBIDDEN = re.compile("[\ufdd0-\ufdef\ufffe\uffff]")  # beside what `printable` makes visible


def junit(compiled: Compilation, view: View = EVERYTHING) -> str:
    """One suite: a case for each KSA, and one for each file with findings about anything else.

    A case fails where it has a finding that stops: an error, or under `strict` a warning.
    What does not stop stands in its output. An exempt KSA is skipped, with its reason.
    """
    ksas, files = _sorted_out(compiled, view)
    cases = [_ksa(ksa, ksas.get(ksa.id, []), view) for ksa in _ksas(compiled)]
    cases += [_case(name, "content.files", found, view) for name, found in sorted(files.items())]
    counts = {
        "tests": str(len(cases)),
        "failures": str(sum(case.find("failure") is not None for case in cases)),
        "errors": "0",
    }
    suites = XML.Element("testsuites", {"name": "csstrain check", **counts})
    skipped = str(sum(case.find("skipped") is not None for case in cases))
    suite = XML.SubElement(
        suites, "testsuite", {"name": "csstrain check", **counts, "skipped": skipped}
    )
    if compiled.coverage:
        properties = XML.SubElement(suite, "properties")
        for name, count in compiled.coverage.count().items():
            XML.SubElement(properties, "property", {"name": name, "value": str(count)})
    suite.extend(cases)
    XML.indent(suites)
    text = XML.tostring(suites, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text}\n'


Group = list[tuple[Located, str | None]]  # a finding, and the reason why it is waived


def _sorted_out(compiled: Compilation, view: View) -> tuple[dict[str, Group], dict[str, Group]]:
    """The findings of each KSA, and of each file those that lie in no KSA."""
    curriculum = compiled.curriculum
    entities = by_place(curriculum) if curriculum else {}
    ksas: dict[str, Group] = {}
    files: dict[str, Group] = {}
    for found, reason in _found(compiled, view):
        name, _ = owner(entities, found.diagnostic.place) or ("", ())
        if curriculum and name in curriculum.ksas:
            ksas.setdefault(name, []).append((found, reason))
        else:
            files.setdefault(found.file, []).append((found, reason))
    return ksas, files


def _found(compiled: Compilation, view: View) -> Iterable[tuple[Located, str | None]]:
    for each in view.located(compiled):
        yield each, None
    for waived in view.waived(compiled):
        for each in located(compiled.content.sources, [waived.diagnostic]):
            yield each, waived.waiver.reason


def _ksas(compiled: Compilation) -> Iterable[Ksa]:
    return compiled.curriculum.ksas.values() if compiled.curriculum else ()


def _ksa(ksa: Ksa, group: Group, view: View) -> XML.Element:
    name = f"{ksa.id} {ksa.name or ksa.statement}"
    case = _case(name, f"content.ksas.{ksa.status}", group, view)
    if ksa.status == "exempt" and case.find("failure") is None:
        reason = XML.Element("skipped", {"message": _xml(ksa.reason or "exempt from training")})
        case.insert(0, reason)
    return case


def _case(name: str, kind: str, group: Group, view: View) -> XML.Element:
    case = XML.Element("testcase", {"name": _xml(name), "classname": kind, "time": "0"})
    stopping: list[Located] = []
    rest: Group = []
    for found, waived in group:
        if waived is None and view.stops(found.diagnostic.severity):
            stopping.append(found)
        else:
            rest.append((found, waived))
    if stopping:
        # Many readers take only the first failure of a case, so all stand in one.
        first = stopping[0].diagnostic
        more = f" (and {plural(len(stopping) - 1, 'more finding')})" if stopping[1:] else ""
        attributes = {"type": first.rule, "message": _xml(first.message) + more}
        failure = XML.SubElement(case, "failure", attributes)
        failure.text = "\n".join(line for each in stopping for line in _lines(each))
    if rest:
        output = XML.SubElement(case, "system-out")
        output.text = "\n".join(line for each, waived in rest for line in _lines(each, waived))
    return case


def _lines(found: Located, waived: str | None = None) -> Iterable[str]:
    yield _xml(one_line(found))
    if waived is not None:
        yield f"  waived: {_xml(waived)}"
    elif found.diagnostic.hint:
        yield f"  hint: {_xml(found.diagnostic.hint)}"


def _xml(text: str) -> str:
    """Text on one line with nothing that XML forbids."""
    return _FORBIDDEN.sub(lambda c: c[0].encode("unicode_escape").decode(), printable(text))
