"""Chromium in a test: pages opened from their folder, as from a memory stick."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pytest

from tests.npm import HERE, command, node, package


class Browser:
    """One Chromium with one page, driven by pieces of script (tests/node/browser.js)."""

    def __init__(self) -> None:
        script, library = HERE / "browser.js", package("playwright-core")
        started = [node(), str(script), str(library), command("chromium", "chromium")]
        self._process = subprocess.Popen(
            started, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._process.communicate()

    def run(self, code: str, **given: object) -> Any:
        """What a piece of script gives back; it knows `page`, `seen`, `given` and `browser`."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"code": code, "given": given}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if "fault" in answer:
            pytest.fail(answer["fault"])
        return answer["value"]

    def open(self, path: Path, anchor: str = "") -> None:
        """Open a page from its folder, and forget what earlier ones asked for and said."""
        address = path.resolve().as_uri() + anchor
        self.run(
            "seen.asked.length = seen.said.length = 0;"
            "await page.goto('about:blank'); await page.goto(given.address);",
            address=address,
        )

    def inside(self, expression: str) -> Any:
        """The value of an expression that is read inside the page."""
        return self.run("return await page.evaluate(given.expression)", expression=expression)
