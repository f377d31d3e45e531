"""Decisions of field, without a framework."""
