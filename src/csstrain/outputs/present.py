"""What a trainer has at hand in the room: one activity at a time, its steps, a running clock."""

from __future__ import annotations

from collections.abc import Iterator

from csstrain.numbering import Numbering
from csstrain.outputs.module_guides import guides
from csstrain.render import Compiled, Link, Page, Section, output


@output
def present(compiled: Compiled) -> Iterator[Page]:
    """A page for each module that is held in the room."""
    numbers = Numbering(compiled.curriculum)
    for guide in guides(compiled):
        if not guide.rows:
            continue
        module = guide.module
        values = {"guide": guide, "module": module, "numbers": numbers}
        section = Section(f"P{guide.number}", module.title, "present.html", values)
        yield Page(
            f"trainer/present/{module.id}.html",
            module.title,
            (section,),
            rank=20,
            group="In the room",
            number=guide.number,
            layout="room",
            beside=Link(f"modules/{module.id}.html", "Module guide"),
            scripts=("present.js",),
        )
