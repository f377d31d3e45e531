"""The organisation tree, divisions, levels as configuration, directory of service points."""
