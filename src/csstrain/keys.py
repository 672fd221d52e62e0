"""Keys: what something is made of, to the last version of a library, as one short name."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Collection, Mapping
from functools import cache
from pathlib import Path

from csstrain import disk

_NAME = re.compile(r"[A-Za-z0-9._-]+")


def build_key(
    files: Mapping[str, bytes], templates: Path | None, formats: Collection[str], asked: str
) -> str:
    """The name of a build: a digest of content, templates, options, code and libraries.

    `asked` says all that was asked for; where `formats` holds `pdf`, the libraries of the system
    that lay out pages count too.
    """
    from csstrain.pdf import system_versions  # noqa: PLC0415 - `check` has no build to name
    from csstrain.templating import built_in_templates  # noqa: PLC0415 - the same

    made_of = {
        **{f"content {name}": raw for name, raw in files.items()},
        **{f"own {name}": raw for name, raw in disk.folder_files(templates).items()},
        **{f"ours {n}": raw for n, raw in disk.folder_files(built_in_templates()).items()},
    }
    system = system_versions() if "pdf" in formats else ()
    return digest("build", made_by(), asked, *system, *_sums(made_of))


@cache
def made_by() -> str:
    """A digest of the code of csstrain and of every library that it stands on, at any remove.

    Any of them may shape a file in the end, so each counts; what else is installed beside them,
    such as the tools of a developer, does not.
    """
    return digest(*_sums(disk.own_files()), *_libraries(), sys.version)


def _libraries() -> list[str]:
    """The names and versions of all libraries that csstrain needs to run."""
    from importlib.metadata import (  # noqa: PLC0415 - slow, and only builds ask
        PackageNotFoundError,
        distribution,
    )

    found: dict[str, str] = {}
    waiting = ["csstrain"]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        try:
            known = distribution(name)
        except PackageNotFoundError:  # needed on other systems or by other Pythons only
            continue
        found[name] = known.version
        needed = (need for need in known.requires or () if "extra ==" not in need)
        waiting += [m[0].lower().replace("_", "-") for n in needed if (m := _NAME.match(n))]
    return [f"{name} {version}" for name, version in sorted(found.items())]


def digest(*texts: str) -> str:
    """A short name for some texts in this order."""
    return hashlib.sha256("\0".join(texts).encode("utf-8", "surrogateescape")).hexdigest()


def _sums(files: Mapping[str, bytes]) -> list[str]:
    return [f"{name} {hashlib.sha256(raw).hexdigest()}" for name, raw in sorted(files.items())]
