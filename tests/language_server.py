"""A small client of the YAML language server: what VS Code asks it, over stdio, in a test."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

PATIENCE = 60  # seconds that an answer may take on a busy machine


class Problem(NamedTuple):
    """One line that the editor underlines."""

    line: int
    text: str
    message: str


class LanguageServer:
    """The server, started on a folder, with the settings that its editor would have."""

    def __init__(self, command: list[str], folder: Path, settings: Mapping[str, Any]) -> None:
        self._settings = settings
        self._folder = folder
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        self._count = 0
        self._server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self._ear = threading.Thread(target=self._listen, daemon=True)
        self._ear.start()

    def __enter__(self) -> Self:
        root = self._folder.as_uri()
        markdown = ["markdown", "plaintext"]
        item = {"snippetSupport": True, "documentationFormat": markdown}
        self._ask(
            "initialize",
            processId=None,
            rootUri=root,
            workspaceFolders=[{"uri": root, "name": "project"}],
            capabilities={
                "workspace": {"configuration": True, "workspaceFolders": True},
                "textDocument": {
                    "completion": {"completionItem": item},
                    "hover": {"contentFormat": markdown},
                    "publishDiagnostics": {"relatedInformation": True},
                },
            },
        )
        self._tell("initialized")
        self._tell("workspace/didChangeConfiguration", settings={})
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._server.kill()
        self._server.wait()
        self._ear.join()
        for stream in (self._server.stdin, self._server.stdout):
            assert stream
            with suppress(BrokenPipeError):  # what it was told last, it did not hear
                stream.close()

    def problems(self, text: str) -> list[Problem]:
        """What the editor underlines in a file with this text."""
        (found,) = self.problems_in([text])
        return found

    def problems_in(self, texts: Iterable[str]) -> list[list[Problem]]:
        """What the editor underlines in each of some files: quicker than one after the other."""
        opened = [(self._open(text), text) for text in texts]
        told: dict[str, list[dict[str, Any]]] = {}
        while any(uri not in told for uri, _ in opened):
            said = self._next()
            if said.get("method") == "textDocument/publishDiagnostics":
                told[said["params"]["uri"]] = said["params"]["diagnostics"]
        return [_problems(text, told[uri]) for uri, text in opened]

    def completion(self, text: str) -> dict[str, dict[str, Any]]:
        """What the editor offers where `|` stands in a text, by label."""
        answer = self._at("textDocument/completion", text)
        return {item["label"]: item for item in answer["items"]}

    def hover(self, text: str) -> str:
        """What the editor shows over the place where `|` stands in a text."""
        answer = self._at("textDocument/hover", text)
        return str(answer["contents"]["value"]) if answer else ""

    def _at(self, method: str, text: str) -> Any:
        before, _, after = text.partition("|")
        uri = self._open(before + after)
        at = {
            "line": before.count("\n"),
            "character": len(before) - before.rfind("\n") - 1,
        }
        return self._ask(method, textDocument={"uri": uri}, position=at)

    def _open(self, text: str) -> str:
        """Open a text under a name of its own, so that answers cannot be mixed up."""
        self._count += 1
        uri = (self._folder / "content" / f"text-{self._count}.yaml").as_uri()
        document = {"uri": uri, "version": 1, "languageId": "yaml", "text": text}
        self._tell("textDocument/didOpen", textDocument=document)
        return uri

    def _ask(self, method: str, **params: Any) -> Any:
        self._count += 1
        number = self._count
        self._send({"id": number, "method": method, "params": params})
        while True:
            said = self._next()
            if said.get("id") == number and "method" not in said:
                assert "error" not in said, said
                return said["result"]

    def _tell(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def _next(self) -> dict[str, Any]:
        """The next thing the server says; what it asks is answered on the way."""
        try:
            said = self._said.get(timeout=PATIENCE)
        except queue.Empty:
            raise AssertionError(f"the language server said nothing for {PATIENCE} s") from None
        assert said, "the language server ended"
        if said.get("method") == "workspace/configuration":
            asked = [item.get("section") for item in said["params"]["items"]]
            self._send({"id": said["id"], "result": [self._section(name) for name in asked]})
        elif "method" in said and "id" in said:
            self._send({"id": said["id"], "result": None})
        return said

    def _section(self, name: str) -> Any:
        """A section of the settings, which VS Code writes with dots: `yaml.schemas`."""
        start = f"{name}."
        keys = {k.removeprefix(start): v for k, v in self._settings.items() if k.startswith(start)}
        section: dict[str, Any] = {}
        for key, value in keys.items():
            *outer, last = key.split(".")
            inner = section
            for each in outer:
                inner = inner.setdefault(each, {})
            inner[last] = value
        return section

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._server.stdin
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._server.stdin.flush()

    def _listen(self) -> None:
        stream = self._server.stdout
        assert stream
        while header := stream.readline():
            if header.lower().startswith(b"content-length:"):
                size = int(header.split(b":")[1])
                while stream.readline().strip():
                    pass
                self._said.put(json.loads(stream.read(size)))
        self._said.put({})


def _problems(text: str, diagnostics: list[dict[str, Any]]) -> list[Problem]:
    lines = text.splitlines()
    found = []
    for each in diagnostics:
        start, end = each["range"]["start"], each["range"]["end"]
        line = lines[start["line"]] if start["line"] < len(lines) else ""
        last = end["character"] if end["line"] == start["line"] else None
        underlined = line[start["character"] : last]
        found.append(Problem(start["line"] + 1, underlined, each["message"]))
    return sorted(found)
