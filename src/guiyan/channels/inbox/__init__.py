"""A message on the member's own page."""
