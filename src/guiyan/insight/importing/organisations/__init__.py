"""The list of organisations below one organisation."""
