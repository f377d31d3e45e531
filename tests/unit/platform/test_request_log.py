"""The log says where it happened and of which kind, never with which values."""

import logging
import sys

from guiyan.platform.request_log import SparingFormatter, keep_allowed_fields


def test_an_exception_s_values_stay_out_of_the_log() -> None:
    try:
        raise ValueError("Failing row contains (阿依木牛, 12720000001)")
    except ValueError:
        record = logging.LogRecord(
            "django.request", logging.ERROR, "x.py", 1, "Internal Server Error: %s", ("/w/members/1",),
            sys.exc_info(),
        )  # fmt: skip
    line = SparingFormatter().format(record)
    assert "ValueError" in line
    assert "test_request_log.py" in line
    for value in ("阿依木牛", "12720000001", "/w/members/1"):
        assert value not in line


def test_fields_that_are_not_on_the_list_are_dropped() -> None:
    event = {"event": "request", "status": 200, "name": "阿依木牛", "phone": "12720000001"}
    assert keep_allowed_fields(None, "info", event) == {"event": "request", "status": 200}
