"""Workbooks in and out: judged, read, understood, marked and written, without any framework."""
