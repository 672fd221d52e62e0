"""The way in, for `csstrain` and `python -m csstrain`; the version costs nothing to print."""

from __future__ import annotations

import sys

from csstrain import __version__


def main() -> None:
    """Run the command line."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"csstrain {__version__}\n")
        return
    from csstrain import cli  # noqa: PLC0415 - typer is not needed for the version

    cli.main()


if __name__ == "__main__":
    main()
