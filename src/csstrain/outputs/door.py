"""The door to a build: one page that leads to the four folders."""

from __future__ import annotations

from collections.abc import Iterator

from csstrain.render import Compiled, Page, Section, output


@output
def door(compiled: Compiled) -> Iterator[Page]:
    """The index of the build folder."""
    program = compiled.curriculum.program
    values = {"program": program, "hours": compiled.agenda.hours, "basis": compiled.agenda.basis}
    section = Section("0", program.title, "door.html", values)
    yield Page("index.html", program.title, (section,))
