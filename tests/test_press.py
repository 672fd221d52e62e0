"""The press: what it prints, what it remembers, and how it ends what costs too much."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from csstrain.disk import Cache
from csstrain.pdf import PrintChapter, PrintDocument, PrintFault, render_pdf
from csstrain.press import Limits, Press

PAGE = '<!doctype html><html lang="en"><head><title>T</title></head><body><main><h1>T</h1>{}'


def chapter(body: str, label: str = "1", title: str = "One") -> PrintChapter:
    return PrintChapter(label, title, PAGE.format(body), "p { color: #000000 }")


def book(*chapters: PrintChapter, title: str = "Book") -> PrintDocument:
    return PrintDocument(title, "en", chapters)


BOOKS = [book(chapter("<p>one</p>"), chapter(f"<p>{n}</p>", "3"), title=f"{n}") for n in range(3)]


class Kept(dict[str, bytes]):
    """A memory that counts what it is asked to keep."""

    def __init__(self) -> None:
        self.put_keys: list[str] = []

    def put(self, key: str, content: bytes) -> None:
        self.put_keys.append(key)
        self[key] = content


def test_several_processes_print_what_one_prints() -> None:
    with Press(workers=2) as press:
        assert press.print(BOOKS) == tuple(render_pdf(each) for each in BOOKS)


def test_nothing_is_printed_twice() -> None:
    memory = Kept()
    with Press(workers=2, memory=memory) as press:
        first = press.print(BOOKS)
        # The first chapter of all three is the same one.
        assert len(memory.put_keys) == len(set(memory.put_keys)) == 1 + 3 + 3
    with Press(memory=memory) as press:
        assert press.print(BOOKS) == first
    assert len(memory.put_keys) == 7


def test_a_chapter_is_remembered_whatever_stands_around_it() -> None:
    memory = Kept()
    with Press(memory=memory) as press:
        press.print([book(chapter("<p>one</p>"), chapter("<p>two</p>", "2"))])
        before = len(memory.put_keys)
        long = "<p>many pages</p>" * 200
        press.print([book(chapter(long), chapter("<p>two</p>", "2"), title="Other")])
    assert len(memory.put_keys) == before + 2  # the new chapter, and the whole


def other_words(one: PrintChapter) -> PrintChapter:
    return PrintChapter(one.label, one.title, one.html.replace("one", "two"), one.style)


def other_style(one: PrintChapter) -> PrintChapter:
    return PrintChapter(one.label, one.title, one.html, one.style + "p { margin: 1pt }")


@pytest.mark.parametrize("change", [other_words, other_style])
def test_what_a_chapter_is_made_of_makes_it_another(
    change: Callable[[PrintChapter], PrintChapter],
) -> None:
    memory = Kept()
    with Press(memory=memory) as press:
        press.print([book(chapter("<p>one</p>"))])
        press.print([book(change(chapter("<p>one</p>")))])
    assert len(memory.put_keys) == 4


def test_progress_names_what_is_at_work() -> None:
    heard: list[tuple[int, int, str]] = []
    with Press(tell=lambda *said: heard.append(said)) as press:
        press.print(BOOKS)
    assert [name for _, _, name in heard][-1] in {"0", "1", "2"}
    assert "1 One" in {name for _, _, name in heard}
    assert [done for done, _, _ in heard] == list(range(7))
    assert all(done < every <= 7 for done, every, _ in heard)


# ── limits ───────────────────────────────────────────────────────────────────────────

LONG = "<p>one of very many</p>" * 8_000


def test_a_chapter_that_computes_too_long_is_ended() -> None:
    with (
        Press(limits=Limits(computing=1)) as press,
        pytest.raises(PrintFault, match=r"7 Long.*more than 1 seconds of computing"),
    ):
        press.print([book(chapter(LONG, "7", "Long"))])


def test_a_chapter_that_takes_too_long_is_ended() -> None:
    with (
        Press(limits=Limits(waiting=1)) as press,
        pytest.raises(PrintFault, match=r"7 Long.*more than 1 seconds of waiting"),
    ):
        press.print([book(chapter(LONG, "7", "Long"))])


def test_a_chapter_that_needs_too_much_memory_is_ended() -> None:
    huge = "<table><tr><td colspan='1000000000'>x</td></tr></table>"
    with Press() as press, pytest.raises(PrintFault, match=r"Huge.*more than 1000 MB of memory"):
        press.print([book(chapter(huge, "8", "Huge"))])


def test_a_process_that_is_killed_is_named_by_its_chapter() -> None:
    with Press() as press:
        press.begin([book(chapter(LONG, "7", "Long"))])
        (worker,) = press._team
        assert worker.process.pid
        os.kill(worker.process.pid, signal.SIGKILL)
        with pytest.raises(PrintFault, match="7 Long: the process that prints it was ended"):
            press.finish()


def test_no_process_is_left() -> None:
    with Press(workers=2) as press:
        team = [worker.process for worker in press._team]
        press.begin([book(chapter(LONG))])
    assert [process.is_alive() for process in team] == [False, False]


# ── the memory on disk ───────────────────────────────────────────────────────────────


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    (tmp_path / ".csstrain").mkdir()
    return Cache(tmp_path)


def test_what_is_kept_comes_back(cache: Cache, tmp_path: Path) -> None:
    assert cache.get("a") is None
    cache.put("a", b"content")
    assert cache.get("a") == b"content"
    assert Cache(tmp_path).get("a") == b"content"


@pytest.mark.parametrize("length", [0, 10, 33, 38])
def test_what_was_cut_short_is_not_taken(cache: Cache, tmp_path: Path, length: int) -> None:
    cache.put("a", b"content")
    path = tmp_path / ".csstrain" / "cache" / "a"
    path.write_bytes(path.read_bytes()[:length])
    assert cache.get("a") is None
    cache.put("a", b"content")
    assert cache.get("a") == b"content"


def test_the_oldest_goes_first_and_nothing_begun_stays(cache: Cache, tmp_path: Path) -> None:
    folder = tmp_path / ".csstrain" / "cache"
    for age, name in enumerate(("new", "middle", "old")):
        cache.put(name, b"x" * 68)
        os.utime(folder / name, (1_000 - age, 1_000 - age))
    (folder / ".half.new").write_bytes(b"x")
    cache.tidy(most=250)
    assert {p.name for p in folder.iterdir()} == {"new", "middle"}
    assert cache.get("new") == b"x" * 68


def test_a_memory_that_cannot_be_kept_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / ".csstrain").write_text("no folder")
    cache = Cache(tmp_path)
    cache.put("a", b"content")
    cache.tidy()
    assert cache.get("a") is None
