"""The HTTP interface for other programs: mounts the routers of the rooms."""
