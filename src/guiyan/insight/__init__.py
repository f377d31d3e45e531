"""Registers as views, workbooks in and out, exports under approval."""
