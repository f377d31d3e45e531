"""Measures Guiyan on this machine: `make bench`. Nothing here is part of the installed package."""
