"""Screening of branches: each confirms its own list, person by person, in a round of its own kind."""
