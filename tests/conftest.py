"""Fixtures of all tests: the shipped content, read and compiled once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from csstrain import disk, outputs
from csstrain.curriculum import Curriculum
from csstrain.pipeline import Compilation, compile_project
from csstrain.press import Press
from csstrain.render import Artifact, render
from tests import binder_sample
from tests.curricula import ROOT
from tests.printed import Printed


@pytest.fixture(scope="session")
def shipped_files() -> Mapping[str, bytes]:
    """The files of the shipped content."""
    return disk.read(ROOT)


@pytest.fixture(scope="session")
def shipped() -> Compilation:
    """The shipped content, compiled once."""
    return compile_project(ROOT)


@pytest.fixture(scope="session")
def css(shipped: Compilation) -> Curriculum:
    """The curriculum of the shipped content."""
    assert shipped.curriculum, [d.message for d in shipped.diagnostics]
    return shipped.curriculum


@pytest.fixture(scope="session")
def printed(shipped_files: Mapping[str, bytes]) -> Printed:
    """The shipped content as its readers meet it."""
    return Printed(shipped_files)


@pytest.fixture(scope="session")
def sample_build() -> tuple[Artifact, ...]:
    """Every file of the sample of documents, rendered once."""
    assert outputs.__path__  # importing the package registers every output
    with Press(workers=2) as press:
        return render(binder_sample.compiled(), press=press)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept-snapshots", action="store_true", help="Accept what the tests print.")


@pytest.fixture
def snapshot(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with tests/snapshots/NAME.txt; `--accept-snapshots` accepts it."""

    def compare(name: str, text: str) -> None:
        path = ROOT / "tests" / "snapshots" / f"{name}.txt"
        if request.config.getoption("--accept-snapshots"):
            path.write_text(text, "utf-8")
        assert path.exists(), f"no snapshot {name}: look at the text, then use --accept-snapshots"
        assert text == path.read_text("utf-8")

    return compare
