"""Guiyan (归雁): members who moved away are found, received, placed and kept in touch with."""

__version__ = "0.1.0"
