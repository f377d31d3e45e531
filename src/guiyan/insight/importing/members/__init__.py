"""The roll of members of an organisation."""
