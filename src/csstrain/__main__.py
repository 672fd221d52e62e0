"""The way in, for `csstrain` and `python -m csstrain`; the version costs nothing to print."""

from __future__ import annotations

import gc
import os
import sys

from csstrain import __version__


def main() -> None:
    """Run the command line; an interruption while modules load is status 130 too."""
    try:
        if sys.argv[1:] == ["--version"] and sys.stdout:
            sys.stdout.write(f"csstrain {__version__}\n")
            sys.stdout.flush()
            return
        # What modules make while they load stays as well: it need not be looked through so often.
        gc.set_threshold(100_000, 50, 50)
        # Looking for plugins of pydantic reads the metadata of everything that is installed.
        os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
        from csstrain import cli  # noqa: PLC0415 - typer is not needed for the version
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except OSError as fault:
        raise SystemExit(_no_output(fault)) from None
    cli.main()


def _no_output(fault: OSError) -> int:
    sys.stderr.write(f"csstrain: output: {fault.strerror or fault}\n")
    # The interpreter would try the same write again on its way out.
    sys.stdout = None
    return 3


if __name__ == "__main__":
    main()
