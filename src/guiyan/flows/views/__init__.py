"""Pages of flows: the case, opening one, placing, letters, and the papers anybody may check."""
