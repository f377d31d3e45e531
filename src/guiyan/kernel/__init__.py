"""Rules that need no framework, clock or database: numbers, names, dates, seals, machines."""
