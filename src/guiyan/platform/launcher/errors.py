"""What the launcher says when it can't go on: what happened and what to do."""


class LauncherError(Exception):
    """The database can't be found, started, saved or restored; the text is for the operator."""
