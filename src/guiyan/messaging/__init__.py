"""Templates, the ladder, quiet hours, quotas: what is said to whom, when, and over which channel."""
