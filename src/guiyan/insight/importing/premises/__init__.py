"""The list of shops, firms and social organisations of a county."""
