"""A call that a person makes, as a channel."""
