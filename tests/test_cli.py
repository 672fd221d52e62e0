"""The commands as a person runs them: what they print, where, and with which exit status."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from csstrain import __version__
from csstrain.cli import CheckFormat
from csstrain.report import FORMATS
from tests.curricula import PROGRAM, ROOT

Ended = subprocess.CompletedProcess[str]


def csstrain(*arguments: str, cwd: Path = ROOT, **environment: str) -> Ended:
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("GITHUB_")}
    return subprocess.run(
        [sys.executable, "-m", "csstrain", *arguments],
        cwd=cwd,
        env={**inherited, **environment},
        check=False,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "program.yaml").write_text(PROGRAM)
    (tmp_path / "content" / "ksas.yaml").write_text("ksas:\n\t- id: k1\n")
    return tmp_path


@pytest.fixture
def warned(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "program.yaml").write_text(PROGRAM)
    (tmp_path / "content" / "source.yaml").write_text(
        "source: {id: s, title: S, file: s.txt, parts: [{id: s-1, at: Line one}]}\n"
    )
    return tmp_path


def test_version() -> None:
    ended = csstrain("--version")
    assert (ended.stdout, ended.stderr, ended.returncode) == (f"csstrain {__version__}\n", "", 0)


def test_check_of_the_shipped_content() -> None:
    ended = csstrain("check")
    assert ended.returncode == 0, ended.stdout
    assert "31 KSAs, 31 with an objective: 26 trained, 4 entry, 1 exempt" in ended.stdout
    assert ended.stdout.splitlines()[-1].startswith("0 errors, 0 warnings")
    assert ended.stderr == ""


def test_check_finds_content_by_project_option(tmp_path: Path) -> None:
    ended = csstrain("check", "--project", str(ROOT), cwd=tmp_path)
    assert ended.returncode == 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", CheckFormat)
def test_status_is_the_same_in_every_format(broken: Path, form: str) -> None:
    ended = csstrain("check", "--format", form, cwd=broken)
    assert ended.returncode == 1
    assert "content/ksas.yaml" in ended.stdout
    assert ended.stderr == ""


@pytest.mark.parametrize("form", CheckFormat)
def test_strict_lets_warnings_fail_in_every_format(warned: Path, form: str) -> None:
    assert csstrain("check", "--format", form, cwd=warned).returncode == 0
    assert csstrain("check", "--format", form, "--strict", cwd=warned).returncode == 1


def test_every_format_has_its_function() -> None:
    assert set(CheckFormat) == set(FORMATS)


def test_what_is_hidden_does_not_fail(warned: Path) -> None:
    assert csstrain("check", "--strict", cwd=warned).returncode == 1
    ended = csstrain("check", "--strict", "--severity", "error", cwd=warned)
    assert ended.returncode == 0
    assert re.search(r"0 errors, 0 warnings, 0 advice, 0 waived \(\d+ more", ended.stdout)
    ended = csstrain("check", "--strict", "--rule", "unused-waiver", cwd=warned)
    assert ended.returncode == 0
    named = ["--rule", "unused-waiver", "--rule", "uncited-part"]
    assert csstrain("check", "--strict", *named, cwd=warned).returncode == 1


def test_a_rule_that_check_does_not_run_is_refused() -> None:
    ended = csstrain("check", "--rule", "gate-deferred")
    assert ended.returncode == 2
    assert "`csstrain agenda` runs it" in ended.stderr
    ended = csstrain("check", "--rule", "skil-without-practice")
    assert "did you mean `skill-without-practice`" in ended.stderr


def test_github_gets_a_job_summary_and_names_files_from_the_top(broken: Path) -> None:
    page = broken / "summary.md"
    page.write_text("before\n")
    ended = csstrain(
        "check", "--format", "github", "--project", "content/..",
        cwd=broken, GITHUB_STEP_SUMMARY=str(page), GITHUB_WORKSPACE=str(broken.parent),
    )  # fmt: skip
    assert f"file={broken.name}/content/ksas.yaml," in ended.stdout
    assert page.read_text().startswith("before\n### csstrain: 1 error, ")
    csstrain("check", "--format", "short", cwd=broken, GITHUB_STEP_SUMMARY=str(page))
    assert page.read_text().count("###") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "--format", "xml"],
        ["check", "--colour"],
        ["check", "--rule", "ksa-without"],
        ["check", "--severity", "fatal"],
        ["agenda", "--hours", "7.1"],
        ["agenda", "--hours", "nan"],
        ["agenda", "--hours", "1e3"],
        ["agenda", "--hours", "４０"],
        ["agenda", "--hours", "-8"],
        ["agenda", "--what-if", "24", "--hours", "24"],
        ["agenda", "--what-if", "24,many"],
        ["agenda", "--what-if", "24", "--format", "pdf"],
        ["agenda", "--days", "2"],
        ["agenda", "--day-start", "25:00"],
        ["agenda", "--start", "tomorrow"],
        ["trace", "k99"],
        ["explain", "ksa-without"],
        ["rhubarb"],
    ],
)
def test_wrong_usage_is_status_2_and_one_message(arguments: list[str]) -> None:
    ended = csstrain(*arguments)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert "Traceback" not in ended.stderr
    assert len(ended.stderr.strip().splitlines()) <= 4


def test_no_content_is_status_2(tmp_path: Path) -> None:
    for command in ("check", "agenda", "build", "trace"):
        ended = csstrain(command, cwd=tmp_path)
        assert ended.returncode == 2
        assert "--project" in ended.stderr


def test_agenda_json_on_stdout_and_nothing_else() -> None:
    ended = csstrain("agenda", "--hours", "40", "--format", "json", "--start", "2027-01-11")
    assert ended.returncode == 0
    value = json.loads(ended.stdout)
    assert value["minutes"]["paid"] == 2400
    assert [day["date"] for day in value["days"]] == [f"2027-01-{n}" for n in range(11, 16)]


def test_agenda_table_reads_like_an_agenda() -> None:
    ended = csstrain("agenda", "--hours", "40")
    assert ended.returncode == 0
    assert ended.stdout.startswith("css: 40 paid hours over 5 days")
    assert len(re.findall(r"^Day \d, 08:30–17:30$", ended.stdout, re.MULTILINE)) == 5


def test_several_hours_side_by_side() -> None:
    ended = csstrain("agenda", "--what-if", "20,24,40", "--format", "json")
    assert (ended.returncode, ended.stderr) == (0, "")
    told = json.loads(ended.stdout)
    assert [each["feasible"] for each in told["what_if"]] == [False, True, True]
    assert csstrain("agenda", "--what-if", "1,2").returncode == 1


def test_another_working_day_for_one_plan() -> None:
    ended = csstrain("agenda", "--days", "6", "--day-start", "09:00", "--format", "json")
    days = json.loads(ended.stdout)["days"]
    assert (len(days), days[0]["start"], ended.returncode) == (6, "09:00", 0)


def test_hours_that_cannot_work_are_status_1_with_the_smallest_that_can() -> None:
    ended = csstrain("agenda", "--hours", "8", "--format", "json")
    assert ended.returncode == 1
    value = json.loads(ended.stdout)
    assert value["feasible"] is False
    assert value["days"] == []
    assert value["reasons"]
    least = value["bounds"]["minimum_hours"]
    assert f"{least:g}" in ended.stderr
    assert csstrain("agenda", "--hours", f"{least}").returncode == 0
    assert csstrain("agenda", "--hours", f"{least - 0.25}").returncode == 1


def test_explain_prints_the_page_and_offers_the_near_one() -> None:
    assert "Flagged:" in csstrain("explain", "skill-without-practice").stdout
    assert (
        "did you mean `skill-without-practice`"
        in csstrain("explain", "skil-without-practice").stderr
    )


def test_trace_commands() -> None:
    assert "→     ksa k16" in csstrain("trace", "k16").stdout
    assert csstrain("trace").stdout.startswith("KSA  name")
    assert "unit-step-7" in csstrain("trace", "--sources").stdout


def test_no_color_in_a_pipe_and_color_on_a_terminal(broken: Path) -> None:
    assert "\x1b" not in csstrain("check", cwd=broken).stdout
    assert "\x1b[1;31m" in _on_a_terminal(broken)
    assert "\x1b" not in _on_a_terminal(broken, NO_COLOR="1")
    assert "\x1b" not in _on_a_terminal(broken, TERM="dumb")


def _on_a_terminal(project: Path, **environment: str) -> str:
    pid, handle = pty.fork()
    if pid == 0:
        os.chdir(project)
        os.environ.update({"TERM": "xterm", **environment})
        if "NO_COLOR" not in environment:
            os.environ.pop("NO_COLOR", None)
        os.execv(sys.executable, [sys.executable, "-m", "csstrain", "check"])  # noqa: S606
    text = b"".join(_read(handle))
    os.waitpid(pid, 0)
    os.close(handle)
    return text.decode()


def _read(handle: int) -> Iterator[bytes]:
    while True:
        try:
            piece = os.read(handle, 4096)
        except OSError:  # Linux says so when the other end of a terminal is gone
            return
        if not piece:
            return
        yield piece


@pytest.mark.parametrize(
    "environment",
    [{"LC_ALL": "C", "PYTHONUTF8": "0"}, {"PYTHONIOENCODING": "cp1252"}, {"LC_ALL": "POSIX"}],
)
def test_narrow_locales_print_all_the_same(environment: dict[str, str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "csstrain", "trace", "--sources"],
        cwd=ROOT,
        env={**os.environ, **environment},
        check=False,
        capture_output=True,
    )
    assert ended.returncode == 0
    assert b"Traceback" not in ended.stderr


def test_a_full_output_is_status_3() -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "csstrain", "trace", "--sources"],
            cwd=ROOT,
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert ended.returncode == 3
    assert "No space left" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_full_output_of_the_version_is_status_3() -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "csstrain", "--version"],
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert ended.returncode == 3
    assert ended.stderr == "csstrain: output: No space left on device\n"


def test_what_the_system_refuses_is_one_line_with_a_remedy(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "csstrain", "check"],
            cwd=ROOT,
            check=False,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
        )
    assert ended.returncode == 3
    assert ended.stderr == (
        "csstrain: output: No space left on device (free some space, then try again)\n"
    )
    lost = csstrain("trace", "--format", "csv", "--output", str(tmp_path / "no" / "such" / "x.csv"))
    assert lost.returncode == 2
    assert lost.stderr == f"csstrain: there is no folder {tmp_path}/no/such: make it first\n"


def test_a_first_day_is_a_date() -> None:
    ended = csstrain("agenda", "--start", "11/30/2026")
    assert ended.returncode == 2
    assert "'11/30/2026' is not a date such as 2027-01-11" in ended.stderr
    assert "%" not in csstrain("agenda", "--help").stdout


def test_a_closed_output_is_no_traceback() -> None:
    script = "import os, sys; os.close(1); os.execv(sys.executable, sys.argv[1:])"
    arguments = [sys.executable, "-m", "csstrain", "check"]
    ended = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        check=False,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_reader_that_leaves_is_no_traceback() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "csstrain", "trace", "--sources"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,
    ) as started:
        assert started.stdout
        assert started.stderr
        started.stdout.read(100)
        started.stdout.close()
        told = started.stderr.read().decode()
    assert "Traceback" not in told
    assert "BrokenPipe" not in told


def test_interrupted_is_status_130(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "content", tmp_path / "content")
    started = subprocess.Popen(
        [sys.executable, "-m", "csstrain", "build"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(2.5)
    started.send_signal(signal.SIGINT)
    _, told = started.communicate(timeout=60)
    assert started.returncode == 130
    assert "Traceback" not in told
    assert not (tmp_path / "build").exists()


def test_check_loads_nothing_heavy() -> None:
    script = (
        "import sys; sys.argv = ['csstrain', 'check']\n"
        "from csstrain.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'weasyprint', 'jinja2', 'pikepdf', 'highspy', 'markdown_it'}"
        " & set(sys.modules)), file=sys.stderr)"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert ended.stderr.strip() == "[]"


@pytest.mark.parametrize("steering", ["\x1b[2J", "a\n::error::owned", "\x9b31m", "a\u202eb"])
def test_nothing_from_outside_steers_the_terminal(steering: str, tmp_path: Path) -> None:
    """Neither arguments nor names of files reach the terminal as they are."""
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "program.yaml").write_text(PROGRAM)
    calls = [
        ("check", "--format", steering),
        ("check", "--project", str(tmp_path / steering)),
        ("explain", steering),
        ("trace", steering, "--project", str(tmp_path)),
        ("agenda", "--hours", steering),
        (steering,),
    ]
    ends = [csstrain(*arguments) for arguments in calls]
    (tmp_path / "content" / f"{steering}.yaml").write_text("a: b")
    ends += [csstrain(name, "--project", str(tmp_path)) for name in ("check", "trace", "agenda")]
    for ended in ends:
        assert (ended.returncode, ended.stdout) == (2, "")
        assert steering not in ended.stderr
        assert not any(line.startswith("::") for line in ended.stderr.splitlines())
