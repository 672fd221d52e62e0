"""The schema for editors: true to the loader, and proven with the server that VS Code uses."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as some
from jsonschema import Draft202012Validator
from pydantic import TypeAdapter, ValidationError

from csstrain import editors, schemas
from csstrain.load import load
from csstrain.model import KINDS, PLURALS, Clock
from tests import npm
from tests.curricula import PROGRAM
from tests.language_server import LanguageServer, Problem

SCHEMA = json.loads(schemas.content_schema())
GENERIC = Draft202012Validator(SCHEMA)


# ── what an editor sees ──────────────────────────────────────────────────────────────


class Editor(yaml.CSafeLoader):
    """A reader of YAML 1.2 with its core schema, as editors have it."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - PyYAML's own way


for kind, grammar, signs in (
    ("null", r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    ("bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("int", r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    ("float", r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", list("-+.0123456789")),
):
    Editor.add_implicit_resolver(f"tag:yaml.org,2002:{kind}", re.compile(f"^(?:{grammar})$"), signs)


def _int(loader: yaml.CSafeLoader, node: yaml.ScalarNode) -> int:
    return int(node.value, 0 if node.value[:2] in ("0x", "0o") else 10)


def _float(loader: yaml.CSafeLoader, node: yaml.ScalarNode) -> float:
    return float(node.value)


Editor.add_constructor("tag:yaml.org,2002:int", _int)
Editor.add_constructor("tag:yaml.org,2002:float", _float)


def seen(text: str) -> Any:
    return yaml.load(text, Loader=Editor)  # noqa: S506 - a safe loader with other scalars


def editor_takes(text: str) -> bool:
    return bool(GENERIC.is_valid(seen(text)))


def loader_takes(text: str) -> bool:
    return not load({"content/a.yaml": text.encode()}).diagnostics


# ── true to the loader ───────────────────────────────────────────────────────────────


def test_schema_is_valid(shipped_files: Mapping[str, bytes]) -> None:
    for known in (None, schemas.names(shipped_files).known):
        schema = json.loads(schemas.content_schema(known))
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        Draft202012Validator.check_schema(schema)


def test_every_reference_in_the_schema_leads_somewhere() -> None:
    text = schemas.content_schema()
    named = set(re.findall(r'"#/\$defs/([^"]+)"', text))
    assert named == set(json.loads(text)["$defs"])


def test_every_field_has_hover_text() -> None:
    for name, schema in json.loads(schemas.content_schema())["$defs"].items():
        for field, about in schema.get("properties", {}).items():
            assert about["markdownDescription"], (name, field)


def test_shipped_content_is_accepted(shipped_files: Mapping[str, bytes]) -> None:
    known = schemas.names(shipped_files).known
    own = Draft202012Validator(json.loads(schemas.content_schema(known)))
    for name, raw in shipped_files.items():
        if name.endswith(".yaml"):
            data = seen(raw.decode())
            for validator in (own, GENERIC):
                faults = [f"{list(e.path)}: {e.message[:200]}" for e in validator.iter_errors(data)]
                assert not faults, name


KSA = "ksa: {id: k1, statement: S, classes: [skill], <>}"
ACTIVITY = "module: {id: m, title: M, activities: [{id: a, method: lab, phase: assess, <>}]}"
INSTRUMENT = "instrument: {id: i, title: T, kind: check, kirkpatrick: 2, when: daily, <>}"
RANGE = "minutes: {min: 1, plan: 2, max: 3}"
WAIVER = "waiver: {rule: r, id: k1, reason: R, by: B, date: <>}"


def put(template: str, text: str) -> str:
    return template.replace("<>", text)


def program(field: str, text: str) -> str:
    """The small program with another value of a field."""
    return re.sub(rf"\b{field}: [^,}}\n]+", f"{field}: {text}", PROGRAM, count=1)


TAKEN = {
    "the small program": PROGRAM,
    "a time without zero": program("start", "8:30"),
    "a time": program("end", "19:45"),
    "a version that looks like a number": program("version", "1.10"),
    "a version with zeros": program("version", "007"),
    "a title that is a year": program("title", "2027"),
    "a title that is no": program("title", "no"),
    "an id that is a number": program("id", "007"),
    "a number in quotes": program("trainees", '"18"'),
    "a share": program("max", "10.5"),
    "hours": program("id", "p\n  hours: 37.5"),
    "hours in quotes": program("id", 'p\n  hours: "37.50"'),
    "a holiday": program("id", "p\n  holidays: [2027-01-18]"),
    "true": put(KSA, "legal: true"),
    "true in quotes": put(KSA, 'legal: "true"'),
    "a level": put(KSA, "target_job: 3"),
    "a level in quotes": put(KSA, 'target_job: "3"'),
    "one instrument": put(ACTIVITY, f"{RANGE}, instrument: i1"),
    "two instruments": put(ACTIVITY, f"{RANGE}, instrument: [i1, i2]"),
    "no entries": "ksas: []",
    "a list of one": "ksas: [{id: k1, statement: S, classes: [skill, attitude]}]",
    "a text of two lines": 'ksa: {id: k1, statement: "one\\ntwo", classes: [skill]}',
    "a word that begins with null": put(KSA, "name: nullify"),
}
REFUSED = {
    "no mapping": "- a\n",
    "an unknown kind": "ksaz: []",
    "a list for one": "ksa: []",
    "one for a list": "ksas: {id: k1, statement: S, classes: [skill]}",
    "an empty list": "ksas:\n",
    "an unknown field": put(KSA, "titel: T"),
    "a missing field": "ksa: {id: k1, classes: [skill]}",
    "an empty text": "ksa: {id: k1, statement: , classes: [skill]}",
    "a blank text": 'ksa: {id: k1, statement: " ", classes: [skill]}',
    "null for a text": "ksa: {id: k1, statement: null, classes: [skill]}",
    "null in quotes": 'ksa: {id: k1, statement: "NULL", classes: [skill]}',
    "a list for a text": "ksa: {id: k1, statement: [S], classes: [skill]}",
    "fields for a text": "ksa: {id: k1, statement: {a: b}, classes: [skill]}",
    "two lines for one": put(KSA, 'name: "one\\ntwo"'),
    "too long a line": put(KSA, f"name: {'x' * 501}"),
    "no class": "ksa: {id: k1, statement: S, classes: []}",
    "a text for a list": "ksa: {id: k1, statement: S, classes: skill}",
    "an unknown word": put(KSA, "status: train"),
    "a word in capitals": put(KSA, "status: Trained"),
    "an id in capitals": "ksa: {id: K1, statement: S, classes: [skill]}",
    "an id with a blank": "ksa: {id: k 1, statement: S, classes: [skill]}",
    "too long an id": f"ksa: {{id: {'k' * 65}, statement: S, classes: [skill]}}",
    "an id below zero": "ksa: {id: -1, statement: S, classes: [skill]}",
    "a fraction as id": "ksa: {id: 1.5, statement: S, classes: [skill]}",
    "yes": put(KSA, "legal: yes"),
    "one for true": put(KSA, "legal: 1"),
    "Yes in quotes": put(KSA, 'legal: "True"'),
    "a level of none": put(KSA, "target_job: 0"),
    "a level too high": put(KSA, "target_job: 10"),
    "a level too high, in quotes": put(KSA, 'target_job: "10"'),
    "a level in words": put(KSA, "target_job: two"),
    "a fraction of a level": put(KSA, "target_job: 1.5"),
    "null for a level": put(KSA, "target_job: null"),
    "a negative number": program("opening", "-5"),
    "thousands with a comma": program("opening", '"1,000"'),
    "a number with a unit": program("opening", "15 min"),
    "too many minutes": program("opening", "10001"),
    "too many minutes, in quotes": program("opening", '"10001"'),
    "hours of a third": program("id", "p\n  hours: 37.3"),
    "hours of a third, in quotes": program("id", 'p\n  hours: "37.3"'),
    "no hours": program("id", "p\n  hours: 0"),
    "too many hours": program("id", "p\n  hours: 2000.25"),
    "a time beyond the day": program("start", "24:00"),
    "a time with a point": program("start", "8.30"),
    "a time without a colon": program("start", "830"),
    "a time with a word": program("start", "8:30 am"),
    "more than all": program("max", "100.5"),
    "more than all, in quotes": program("max", '"100.5"'),
    "less than nothing": program("min", "-0.5"),
    "a day in words": put(WAIVER, "25 November 2026"),
    "a day the other way round": put(WAIVER, "25-11-2026"),
    "a thirteenth month": put(WAIVER, "2026-13-01"),
    "a letter beyond f": put(
        INSTRUMENT, "items: [{id: t, stem: S, key: a, options: [{id: g, text: T}]}]"
    ),
}
# What a reader of values cannot see, and what takes two fields to see: `check` tells it.
ONLY_CHECK_SEES = {
    "a leading zero": program("opening", "015"),
    "another way to write 15": program("opening", "0xF"),
    "a fraction that is none": program("opening", "15.0"),
    "an exponent": program("max", "1e1"),
    "a capital": put(KSA, "legal: True"),
    "a day that no calendar has": put(WAIVER, "2026-02-30"),
    "least and most the wrong way round": program("max", "2"),
    "a cohort twice": PROGRAM.replace("  scale: house", "  cohort: {trainees: 1}\n  scale: house"),
}
ONLY_EDITORS_REFUSE = {
    "a title that is true": program("title", "true"),
    "a title that is false": program("title", "FALSE"),
}


@pytest.mark.parametrize("text", TAKEN.values(), ids=TAKEN)
def test_both_take(text: str) -> None:
    assert (loader_takes(text), editor_takes(text)) == (True, True)


@pytest.mark.parametrize("text", REFUSED.values(), ids=REFUSED)
def test_both_refuse(text: str) -> None:
    assert (loader_takes(text), editor_takes(text)) == (False, False)


@pytest.mark.parametrize("text", ONLY_CHECK_SEES.values(), ids=ONLY_CHECK_SEES)
def test_only_check_sees(text: str) -> None:
    assert (loader_takes(text), editor_takes(text)) == (False, True)


@pytest.mark.parametrize("text", ONLY_EDITORS_REFUSE.values(), ids=ONLY_EDITORS_REFUSE)
def test_only_editors_refuse(text: str) -> None:
    assert (loader_takes(text), editor_takes(text)) == (True, False)


NUMBERS = some.one_of(
    some.integers(-3, 11_000).map(str),
    some.from_regex(r"-?[0-9]{1,4}\.[0-9]{1,3}", fullmatch=True),
)
WORDS = some.one_of(
    some.from_regex(r"[a-z0-9]{1,6}(-[a-z0-9]{1,6}){0,2}", fullmatch=True),
    some.from_regex(r"[0-9]{1,2}:[0-9]{2}", fullmatch=True),
    some.sampled_from(
        ["yes", "no", "on", "off", "y", "n", "~", "null", "1_000", "12e", ".5x", "-"]
    ),
)
PLACES = [
    put(KSA, "target_job: <>"),
    put(KSA, "importance: <>"),
    put(KSA, "legal: <>"),
    put(KSA, "name: <>"),
    put(KSA, "duties: [<>]"),
    *(program(field, "<>") for field in ("version", "opening", "trainees", "count")),
]


def spelled(text: str) -> bool:
    """Whether an editor that knows the value knows how it was written."""
    value = seen(text)
    whole = isinstance(value, float) and value.is_integer()  # to an editor, 2.0 is 2
    return isinstance(value, str) or (type(value) is not bool and str(value) == text and not whole)


@given(place=some.sampled_from(PLACES), scalar=NUMBERS | WORDS, quoted=some.booleans())
def test_any_scalar_is_taken_by_both_or_by_none(place: str, scalar: str, quoted: bool) -> None:
    written = f'"{scalar}"' if quoted else scalar
    if quoted or (spelled(scalar) and scalar != "-"):
        text = put(place, written)
        assert loader_takes(text) == editor_takes(text), text


@given(some.from_regex(r"[0-9]{1,2}[:.][0-9]{1,2}", fullmatch=True))
def test_any_time_of_day_is_taken_by_both_or_by_none(text: str) -> None:
    start = SCHEMA["$defs"]["WorkingDay"]["properties"]["start"]
    try:
        TypeAdapter(Clock).validate_python(text)
        taken = True
    except ValidationError:
        taken = False
    assert Draft202012Validator(start).is_valid(text) == taken


# ── snippets ─────────────────────────────────────────────────────────────────────────


def snippets() -> Iterator[tuple[str, str]]:
    """Each snippet as a YAML list, with the words that stand in its places."""
    found: dict[str, Any] = {}

    def collect(schema: Any) -> None:
        if isinstance(schema, dict):
            found.update(
                {each["label"]: each["body"] for each in schema.get("defaultSnippets", ())}
            )
            for inner in schema.values():
                collect(inner)
        elif isinstance(schema, list):
            for inner in schema:
                collect(inner)

    collect(json.loads(schemas.content_schema()))
    for label, body in found.items():
        text = json.dumps(body)
        text = re.sub(r'"\$\{\d+:(\d+)\}"', r"\1", text)
        text = re.sub(r"\$\{\d+[:|]([^},|]*[^}]*?)\|?\}", lambda m: m[1].split(",")[0], text)
        yield label.removeprefix("new "), text


AROUND = {
    "objective": "module: {id: m, title: M, objectives: [<>]}",
    "activity": "module: {id: m, title: M, activities: [<>]}",
    "item": put(INSTRUMENT, "items: [<>]"),
    "criterion": put(INSTRUMENT, "criteria: [<>]"),
    "question": put(INSTRUMENT, "questions: [<>]"),
}


@pytest.mark.parametrize(("kind", "text"), list(snippets()))
def test_snippets_are_taken_as_they_are(kind: str, text: str) -> None:
    assert "$" not in text
    whole = put(AROUND.get(kind, f"{kind.lower()}: <>"), text)
    assert not load({"content/a.yaml": whole.encode()}).diagnostics
    assert editor_takes(whole)


# ── the ids of a project ─────────────────────────────────────────────────────────────


def test_ids_come_with_words() -> None:
    text = """\
module:
  id: m1
  title: Contact
  objectives: [{id: o1, kind: terminal, verb: greet, behavior: a customer}]
  activities: [{id: a1, method: role-play}]
ksas: [{id: k1, classes: [skill], statement: "Greets\\nfirst."}, {id: 007}]
"""
    known = schemas.names({"content/a.yaml": text.encode()}).known
    assert known == {
        "any": {
            "m1": "**module** Contact",
            "o1": "**terminal** greet a customer",
            "a1": "**role-play** a1",
            "k1": "**skill** Greets first.",
            "007": "**KSA**",
        },
        "module": {"m1": "**module** Contact"},
        "objective": {"o1": "**terminal** greet a customer"},
        "activity": {"a1": "**role-play** a1"},
        "ksa": {"k1": "**skill** Greets first.", "007": "**KSA**"},
    }
    own = Draft202012Validator(json.loads(schemas.content_schema(known)))
    for name, taken in (("k1", True), ("007", True), ('"007"', True), ("m1", False), ("8", False)):
        competency = f"competency: {{id: c, name: C, origin: s, definition: D, ksas: [{name}]}}"
        faults = {str(fault.path[-1]) for fault in own.iter_errors(seen(competency))}
        assert faults == ({"origin"} if taken else {"origin", "0"}), name


def test_broken_content_keeps_its_ids() -> None:
    broken = b"ksas: [{id: k1, statment: S}, {id: [k], statement: {}}, text]\nmodule: text\n"
    files = {"content/a.yaml": broken, "content/b.yaml": b"\xff", "content/c.md": b"# C\n"}
    names = schemas.names(files)
    assert names.known == {"any": {"k1": "**KSA**"}, "ksa": {"k1": "**KSA**"}}
    assert names.unread == ("content/b.yaml",)


# ── the command ──────────────────────────────────────────────────────────────────────


def csstrain(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "csstrain", "schema", *arguments]
    return subprocess.run(command, cwd=cwd, check=False, capture_output=True, text=True)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    (tmp_path / "content" / "program.yaml").write_text(PROGRAM)
    return tmp_path


def test_schema_is_printed(project: Path) -> None:
    ended = csstrain(cwd=project)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert json.loads(ended.stdout)["$defs"]["scale-id"]["enum"] == ["house"]
    assert [path.name for path in project.iterdir()] == ["content"]


def test_without_content_the_schema_takes_any_id(tmp_path: Path) -> None:
    ended = csstrain(cwd=tmp_path)
    assert ended.returncode == 0
    assert ended.stdout == schemas.content_schema()
    assert ended.stderr == "csstrain: there is no content/ in .: the schema takes any id\n"


def test_files_that_cannot_be_read_are_named(project: Path) -> None:
    (project / "content" / "ksas.yaml").write_bytes(b"\xff")
    ended = csstrain(cwd=project)
    assert ended.returncode == 0
    assert "the ids of content/ksas.yaml are missing" in ended.stderr
    (project / "content" / "program.yaml").unlink()
    ended = csstrain(cwd=project)
    assert (ended.returncode, ended.stdout) == (1, "")


def test_schema_goes_to_a_file(project: Path) -> None:
    ended = csstrain("--output", "own.json", cwd=project)
    assert (ended.returncode, ended.stdout) == (0, "own.json\n")
    assert (project / "own.json").read_text() == csstrain(cwd=project).stdout
    assert {path.name for path in project.iterdir()} == {"content", "own.json"}


def test_schema_goes_where_an_editor_finds_it(project: Path) -> None:
    ended = csstrain("--output", ".", cwd=project)
    names = [editors.SCHEMA, editors.SETTINGS, editors.EXTENSIONS]
    assert (ended.returncode, ended.stdout.split()) == (0, names)
    settings = json.loads((project / editors.SETTINGS).read_text())
    globs = ["content/**/*.yaml", "content/**/*.yml"]
    assert settings["yaml.schemas"] == {f"./{editors.SCHEMA}": globs}
    before = {path: path.stat().st_mtime_ns for path in (project / ".vscode").iterdir()}
    csstrain("--output", ".", cwd=project)
    assert before == {path: path.stat().st_mtime_ns for path in (project / ".vscode").iterdir()}


def test_settings_lead_to_a_project_in_a_folder(project: Path) -> None:
    (project / "css").mkdir()
    (project / "content").rename(project / "css" / "content")
    assert csstrain("--project", "css", "--output", ".", cwd=project).returncode == 0
    settings = json.loads((project / editors.SETTINGS).read_text())
    assert settings["yaml.schemas"][f"./{editors.SCHEMA}"][0] == "css/content/**/*.yaml"
    ended = csstrain("--project", ".", "--output", "css", cwd=project)
    assert (ended.returncode, ended.stdout) == (2, "")


def test_settings_of_a_user_stay(project: Path) -> None:
    (project / ".vscode").mkdir()
    theirs = (
        '{\n\t"editor.tabSize": 4,\n\t"yaml.schemas": {"a.json": "*.yaml"},\n'
        '\t"yaml.disableDefaultProperties": false\n}\n'
    )
    (project / editors.SETTINGS).write_text(theirs)
    (project / editors.EXTENSIONS).write_text('{"recommendations": ["a.b"]}')
    assert csstrain("--output", ".", cwd=project).returncode == 0
    text = (project / editors.SETTINGS).read_text()
    settings = json.loads(text)
    assert text.startswith('{\n\t"editor.tabSize": 4,\n')
    assert settings["yaml.schemas"]["a.json"] == "*.yaml"
    assert f"./{editors.SCHEMA}" in settings["yaml.schemas"]
    assert settings["yaml.disableDefaultProperties"] is False
    extensions = json.loads((project / editors.EXTENSIONS).read_text())
    assert extensions == {"recommendations": ["a.b", editors.EXTENSION]}


@pytest.mark.parametrize(
    "theirs",
    [
        '{\n  // mine\n  "editor.tabSize": 4\n}\n',
        '{"editor.tabSize": 4,}',
        '{"yaml.yamlVersion": "1.1"}',
        '{"yaml.schemas": []}',
        '{"a": 1, "a": 2}',
        '{"a": "\\ud800"}',
        "[" * 100_000,
        "[]",
    ],
    ids=lambda text: text[:20],
)
def test_settings_that_cannot_be_joined_are_left(project: Path, theirs: str) -> None:
    (project / ".vscode").mkdir()
    (project / editors.SETTINGS).write_text(theirs)
    ended = csstrain("--output", ".", cwd=project)
    assert ended.returncode == 0
    assert (project / editors.SETTINGS).read_text() == theirs
    assert editors.SETTINGS not in ended.stdout
    assert f"{editors.SETTINGS} is left as it is" in ended.stderr
    assert '"yaml.schemas": {' in ended.stderr


def test_links_are_not_followed(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = tmp_path_factory.mktemp("other")
    (other / "settings.json").write_text("{}")
    (project / ".vscode").symlink_to(other)
    (project / "own.json").symlink_to(other / "settings.json")
    for output in (".", "own.json", "none/own.txt"):
        ended = csstrain("--output", output, cwd=project)
        assert (ended.returncode, ended.stdout) == (2, ""), ended.stderr
    assert {path.name: path.read_text() for path in other.iterdir()} == {"settings.json": "{}"}


# ── with the server that VS Code uses ────────────────────────────────────────────────

# Any use of the network would end the server.
NO_NETWORK = """\
import net from "node:net";
import dns from "node:dns";
const stop = () => process.exit(97);
net.Socket.prototype.connect = stop;
dns.lookup = stop;
"""


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, shipped_files: Mapping[str, bytes]
) -> Iterator[LanguageServer]:
    """The YAML language server on a copy of the project, with the settings that we write."""
    program = npm.package("yaml-language-server") / "bin" / "yaml-language-server"
    folder = tmp_path_factory.mktemp("project")
    schema = schemas.content_schema(schemas.names(shipped_files).known)
    (folder / "content").mkdir()
    for laid in editors.lay(folder, schema, folder):
        assert laid.add is None
    settings = json.loads((folder / editors.SETTINGS).read_text())
    # The extension's own look-ups on the web, which users switch off or on for themselves.
    settings |= {"yaml.schemaStore.enable": False, "yaml.kubernetesCRDStore.enable": False}
    guard = folder / "guard.mjs"
    guard.write_text(NO_NETWORK)
    command = [npm.node(), "--import", guard.as_uri(), str(program), "--stdio"]
    with LanguageServer(command, folder, settings) as server:
        assert server.problems("ksas: []\n") == []  # it has read the schema
        yield server


def test_editor_finds_nothing_in_the_shipped_content(
    server: LanguageServer, shipped_files: Mapping[str, bytes]
) -> None:
    texts = {name: raw.decode() for name, raw in shipped_files.items() if name.endswith(".yaml")}
    found = zip(texts, server.problems_in(texts.values()), strict=True)
    assert {name: problems for name, problems in found if problems} == {}


def test_editor_offers_ksas_with_their_statements(server: LanguageServer) -> None:
    text = "module:\n  objectives:\n    - id: o\n      ksas:\n        - ksa: |\n"
    offered = server.completion(text)
    assert list(offered)[:2] == ["k01", "k02"]
    assert len(offered) == 31
    assert offered["k01"]["documentation"]["value"].startswith("**ability** Interprets written")
    offered = server.completion("module:\n  requires:\n    - |\n")
    assert offered["m4"]["documentation"]["value"] == "**module** Customer contact"


@pytest.mark.parametrize(
    ("text", "label", "inserted"),
    [
        ("|", "ksas", "ksas:\n  - "),
        ("ksas:\n  |\n", "new KSA", "- id: ${1:k32}\n  statement: ${2:"),
        ("ksas:\n  - |\n", "new KSA", "id: ${1:k32}\n  statement: ${2:"),
        ("module:\n  |\n", "new module", "id: ${1:m11}\ntitle: "),
        ("module:\n  objectives:\n    - |\n", "new objective", "id: ${1:o11-1}\n"),
        ("module:\n  activities:\n    - |\n", "new activity", "id: ${1:m11-practice}\n"),
        ("instrument:\n  items:\n    - |\n", "new item", "id: ${1:new-1}\n"),
        ("ksa:\n  |\n", "classes", "classes:\n  - "),
        ("ksa:\n  status: |\n", "exempt", "exempt"),
        ("ksa:\n  legal: |\n", "true", "true"),
    ],
)
def test_editor_offers_what_may_stand_here(
    server: LanguageServer, text: str, label: str, inserted: str
) -> None:
    assert server.completion(text)[label]["insertText"].startswith(inserted)


def test_editor_tells_our_sentences_at_the_line(server: LanguageServer) -> None:
    text = """\
module:
  id: m99
  titel: Contact
  requires: [m1, m77]
  objectives:
    - id: O4
      kind: terminl
      ksas: [{ksa: k99, level: two}]
      verb: conduct
      behavior: a contact
      gate: yes
      domain: interpersonal
      level: apply
  activities:
    - {id: a1, method: lab, phase: assess, minutes: 5, instrument: i-none}
"""
    found = server.problems(text)
    assert [(problem.line, problem.text) for problem in found] == [
        (1, "module"),
        (3, "titel"),
        (4, "m77"),
        (6, "O4"),
        (7, "terminl"),
        (8, "k99"),
        (8, "two"),
        (11, "yes"),
        (15, "5"),
        (15, "i-none"),
    ]
    told = {problem.text: problem.message for problem in found}
    assert told["module"] == "This module has no `title`: add it. What it is called."
    assert told["titel"].startswith("This does not belong here. The fields of a module, each")
    assert told["k99"].startswith("There is no KSA with this id. Choose one from the list")
    assert told["i-none"].startswith("There is no instrument with this id.")
    assert told["terminl"] == "One of these belongs here: terminal, enabling."
    assert told["two"] == "A whole number from 1 to 9 belongs here."
    assert told["yes"] == "`true` or `false` belongs here."


def without_references(text: str) -> str:
    """The small program names a scale that the shipped content does not have."""
    return text.replace("  scale: house\n", "")


def test_editor_reads_scalars_as_we_do(server: LanguageServer) -> None:
    for field, text in (("start", "10:00"), ("version", "1.10"), ("id", "007")):
        assert server.problems(without_references(program(field, text))) == []
    assert server.problems(without_references(program("start", "25:00"))) == [
        Problem(7, "25:00", "A time of day belongs here, such as 08:30.")
    ]


def test_editor_agrees_with_the_loader(server: LanguageServer) -> None:
    programs = {
        name: without_references(text) for name, text in TAKEN.items() if text[:7] == "program"
    }
    found = dict(zip(programs, server.problems_in(programs.values()), strict=True))
    assert {name: problems for name, problems in found.items() if problems} == {}
    found = dict(zip(REFUSED, server.problems_in(REFUSED.values()), strict=True))
    assert [name for name, problems in found.items() if not problems] == []


def test_editor_shows_what_a_field_is_for(server: LanguageServer) -> None:
    assert "Its activities in order." in server.hover("module:\n  act|ivities: []\n")
    shown = server.hover("ksa:\n  diffi|culty: 2\n")
    assert "How hard it is to learn, 1 to 3. Default: `2`." in shown
    shown = server.hover("module:\n  requires: [m|3]\n")
    assert "Allowed Values:\n\n* `m3`: **module** Systems, records, desk toolkit" in shown


def test_npm_packages_are_pinned_and_name_no_registry() -> None:
    lock = json.loads((npm.HERE / "package-lock.json").read_text("utf-8"))
    named = json.loads((npm.HERE / "package.json").read_text("utf-8"))
    assert lock["packages"][""]["dependencies"] == named["dependencies"]
    for name, about in lock["packages"].items():
        if name:
            assert about["integrity"].startswith("sha512-"), name
            assert "resolved" not in about, name


def test_all_kinds_are_in_the_schema() -> None:
    assert set(json.loads(schemas.content_schema())["properties"]) == {*KINDS, *PLURALS.values()}
