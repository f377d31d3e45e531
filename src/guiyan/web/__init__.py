"""The shell that every page stands in, start pages, the desk, static files, the root of URLs."""
