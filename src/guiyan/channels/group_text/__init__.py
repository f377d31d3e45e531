"""A text that a person copies into a WeChat group."""
