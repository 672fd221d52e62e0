"""csstrain: a curriculum compiler."""

__version__ = "0.1.0"
