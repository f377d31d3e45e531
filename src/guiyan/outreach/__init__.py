"""Outreach: the premises of an area that canvassers visit."""
