"""Whatever the content is, check ends in findings or success: no exception, nothing raw."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from pathlib import Path

import pytest

from csstrain.report import FORMATS
from csstrain.source import parse
from tests.curricula import PROGRAM, Files
from tests.hostile import mutants, naughty_strings, samples, survive, yaml_cases

TINY = {"content/program.yaml": PROGRAM.encode()}


def test_mutants_of_small_projects() -> None:
    for files in itertools.islice(mutants(samples(), naughty_strings(), seed=1), 2000):
        survive(files)


def test_mutants_in_every_format() -> None:
    for files in itertools.islice(mutants(samples(), naughty_strings(), seed=4), 60):
        survive(files, FORMATS)


def test_mutants_of_the_shipped_files(shipped_files: Files) -> None:
    seeds = [
        {**TINY, name: raw}
        for name, raw in shipped_files.items()
        if name.endswith(".yaml") and len(raw) < 20_000
    ]
    for files in itertools.islice(mutants(seeds, (), seed=2), 300):
        survive(files)


KSA = "  - {{id: k{0}, statement: {1}, classes: [skill]{2}}}\n"


@pytest.mark.parametrize("field", ["statement", "name", "screening"])
def test_naughty_strings_are_texts_like_any_other(field: str) -> None:
    for text in naughty_strings():
        ksa = {"id": "k1", "statement": "Greets.", "classes": ["skill"], field: text}
        whole = json.dumps({"ksa": ksa}, ensure_ascii=False)
        compiled = survive({**TINY, "content/x.yaml": whole.encode("utf-8", "surrogatepass")})
        if compiled.curriculum:
            assert getattr(compiled.curriculum.ksas["k1"], field) == text


# libyaml is lenient about white space around comments, tabs and the indentation of brackets and
# quotes; nothing in these documents means anything else than it seems to.
LENIENT = [
    "9C9N-0",
    "9JBA-0",
    "CVW2-0",
    "DK95-1",
    "G5U8-0",
    "QB6E-0",
    "S98Z-0",
    "SU5Z-0",
    "X4QW-0",
    "Y79Y-3",
    "YJV2-0",
]
# It takes a question mark at the start of a flow key for a sign, keeps spaces behind a block text
# otherwise, and mixes explicit keys: content with any of them meets a fault at its model.
DIFFERENT = ["652Z-0", "HM87-1", "L24T-1", "RR7F-0"]


def test_yaml_of_every_shape() -> None:
    """What is read means what the suite says it means, and what the suite refuses is refused."""
    lenient, different, read = [], [], 0
    for case in yaml_cases():
        survive({**TINY, "content/x.yaml": case["yaml"].encode()})
        _, outcome = parse("content/x.yaml", case["yaml"].encode())
        if outcome.failed or outcome.value is None:
            continue
        read += 1
        if case.get("fail"):
            lenient.append(case["id"])
        elif case.get("json") and not same(outcome.value, json.loads(case["json"])):
            different.append(case["id"])
    assert read > 150
    assert lenient == LENIENT
    assert different == DIFFERENT


def same(ours: object, theirs: object) -> bool:
    """Whether data agree, where ours keeps every scalar as the text that was written."""
    if isinstance(theirs, dict):
        keys = isinstance(ours, dict) and list(ours) == list(theirs)
        return keys and all(same(ours[key], theirs[key]) for key in theirs)  # type: ignore[index]
    if isinstance(theirs, list):
        both = isinstance(ours, list) and len(ours) == len(theirs)
        return both and all(same(a, b) for a, b in zip(ours, theirs, strict=True))  # type: ignore[call-overload]
    return isinstance(ours, str) and (not isinstance(theirs, str) or ours == theirs)


BOMBS = {
    "aliases": "a: &a [x, x, x, x, x, x, x, x, x]\n"
    + "".join(f"b{n}: &b{n} [{', '.join(['*a'] * 9)}]\n" for n in range(9)),
    "flow-depth": "ksas: " + "[" * 100_000,
    "block-depth": "".join("  " * n + "a:\n" for n in range(1_300)),
    "dashes": "ksas:\n  " + "- " * 100_000 + "\n",
    "values": "ksas: [" + "x, " * 500_000 + "x]\n",
    "one-text": "ksa: {id: k1, statement: " + "x" * 1_900_000 + "}\n",
    "keys": "ksa:\n" + "".join(f"  a{n}: x\n" for n in range(100_000)),
    "kinds": "".join(f"ksa{n}: x\n" for n in range(100_000)),
    "unknown-ids": "ksas:\n"
    + "".join(KSA.format(n, "S.", f", duties: [d{n}]") for n in range(20_000)),
    "merges": "ksa:\n" + "  <<: {a: b}\n" * 50_000,
    "repeated-keys": "ksa:\n" + "  id: k1\n" * 100_000,
    "alike": "ksas:\n" + "".join(KSA.format(n, "Greet them well.", "") for n in range(5_000)),
    "quotes": 'ksa: {id: "' + "\\x41" * 400_000 + '"}\n',
}


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_ends_in_findings_and_little_memory(name: str, tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    (content / "program.yaml").write_text(PROGRAM, "utf-8")
    (content / "bomb.yaml").write_text(BOMBS[name], "utf-8")
    status, out, err, megabytes = check_in_a_process(tmp_path)
    assert (status, err) == (1, "")
    assert json.loads(out)["diagnostics"]
    assert megabytes < 200


# A process is charged with the memory of the one that it was forked from; so a small one stands
# between this test run, which may be large, and the command.
MEASURE = """
import resource, subprocess, sys
ran = subprocess.run(sys.argv[2:], stdout=open("out", "wb"), stderr=open("err", "wb"))
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
open(sys.argv[1], "w").write(f"{ran.returncode} {used}")
"""


def check_in_a_process(folder: Path) -> tuple[int, str, str, float]:
    """Exit status, standard output, standard error and peak megabytes of one check."""
    command = [sys.executable, "-m", "csstrain", "check", "--format", "json"]
    subprocess.run([sys.executable, "-c", MEASURE, "measured", *command], cwd=folder, check=True)
    status, used = (folder / "measured").read_text("ascii").split()
    said = [(folder / name).read_text("utf-8") for name in ("out", "err")]
    return int(status), said[0], said[1], int(used) / 1024


def test_mutants_through_the_command(tmp_path: Path) -> None:
    for number, files in enumerate(itertools.islice(mutants(samples(), (), seed=3), 25)):
        folder = tmp_path / str(number)
        for name, raw in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(raw)
        status, out, err, _ = check_in_a_process(folder)
        assert (status in (0, 1), err) == (True, ""), number
        json.loads(out)
