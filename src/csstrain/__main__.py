"""Run as `python -m csstrain`."""

from csstrain.cli import main

main()
