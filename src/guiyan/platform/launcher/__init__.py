"""Runs, guards, saves and restores the database under Guiyan; imports no Django."""
