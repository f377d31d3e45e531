"""Where divisions end: read from a file that an operator has, kept small, drawn on our own maps."""
