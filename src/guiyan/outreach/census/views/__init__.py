"""Pages of a census: rounds and their board, areas and teams, doors and sheets."""
