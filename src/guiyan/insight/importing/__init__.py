"""Workbooks in: a folder for each kind, and what all kinds share."""
