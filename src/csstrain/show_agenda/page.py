"""The agenda as one page that needs no other file, and as a document to print."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from csstrain.agenda import CurvePoint
from csstrain.disk import EnvironmentFault
from csstrain.pipeline import Compilation

if TYPE_CHECKING:
    from csstrain.render import Compiled


def as_html(planned: Compilation, curve: Sequence[CurvePoint] = ()) -> str:
    """The agenda as one page: style, icons and pictures inside, no script, no network.

    `curve` says what other hours would give; without it that part is left out.
    """
    from csstrain.outputs import agenda  # noqa: PLC0415 - the other formats need no templates
    from csstrain.render import Page, page_alone  # noqa: PLC0415 - the same

    compiled = _compiled(planned, curve)
    if compiled is None:
        return ""
    made = agenda.sections(compiled, "2")
    return page_alone(compiled, Page("agenda.html", agenda.title(compiled), made))


def as_pdf(planned: Compilation, curve: Sequence[CurvePoint] = ()) -> bytes:
    """The agenda as a printed document, PDF/UA-1: the same that a build makes for the trainer.

    Raises disk.EnvironmentFault where a page cannot be printed; see pdf.pango_missing.
    """
    from csstrain.outputs import agenda  # noqa: PLC0415 - the other formats need no templates
    from csstrain.pdf import PrintFault  # noqa: PLC0415 - the same
    from csstrain.render import book_alone  # noqa: PLC0415 - the same

    compiled = _compiled(planned, curve)
    if compiled is None:
        return b""
    try:
        return book_alone(compiled, agenda.book(compiled))
    except PrintFault as fault:
        raise EnvironmentFault(f"a page cannot be printed: {fault}") from fault


def _compiled(planned: Compilation, curve: Sequence[CurvePoint]) -> Compiled | None:
    from csstrain.render import Compiled  # noqa: PLC0415 - the other formats need no templates

    curriculum, agenda, coverage = planned.curriculum, planned.agenda, planned.coverage
    if curriculum is None or agenda is None or coverage is None:
        return None
    return Compiled(curriculum, agenda, coverage, curve=tuple(curve))
