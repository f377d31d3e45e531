"""One JSON line a request and an event, by an allow-list of fields, so that no person slips in."""

import logging
import logging.config
import sys
import time
import traceback
import uuid
from collections.abc import Callable, MutableMapping
from typing import Any

import structlog
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from guiyan.platform.metrics.requests import count_request

ALLOWED_FIELDS = frozenset(
    {
        *("event", "level", "timestamp", "request_id", "method", "route", "status", "duration_ms"),
        *("account_id", "organisation_id", "job", "job_id", "attempt", "command", "kind", "count"),
        *("rows_read", "rows_written", "path_prefix", "version", "provider", "error", "logger"),
        *("batch_id", "exit_code"),
    }
)

log = structlog.get_logger("guiyan.requests")


class RequestLogMiddleware:
    """The route's name instead of the URL: identifiers in a path are nobody's business in a log."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        started = time.monotonic()
        request_id = uuid.uuid4().hex[:12]
        response = self.get_response(request)
        match = request.resolver_match
        route, seconds = match.view_name if match else "", time.monotonic() - started
        log.info(
            "request",
            request_id=request_id,
            method=request.method,
            route=route,
            status=response.status_code,
            duration_ms=round(seconds * 1000, 1),
        )
        count_request(
            route=route,
            method=str(request.method),
            status=response.status_code,
            seconds=seconds,
        )
        response.headers["X-Request-Id"] = request_id
        return response


def keep_allowed_fields(_: Any, __: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name in ALLOWED_FIELDS}


class SparingFormatter(logging.Formatter):
    """Where it happened and of which kind, never with which values: an error of the database may
    carry a whole row, and Django's own lines carry the address."""

    def format(self, record: logging.LogRecord) -> str:
        kind = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
        frames = traceback.extract_tb(record.exc_info[2]) if record.exc_info else []
        message = record.msg if record.name.startswith("django") else record.getMessage()
        lines = [f"{record.levelname} {record.name}: {message} {kind}".rstrip()]
        lines += [f"  {frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
        return "\n".join(lines)


def configure_logging(options: dict[str, Any]) -> None:
    """Django's LOGGING_CONFIG: standard error, JSON, no request bodies and no exception values."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            keep_allowed_fields,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[options["level"]]
        ),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
    )
    logging.config.dictConfig(
        {
            "version": 1,
            "disable_existing_loggers": False,
            "formatters": {"sparing": {"()": SparingFormatter}},
            "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "sparing"}},
            "root": {"handlers": ["stderr"], "level": "WARNING"},
            "loggers": {"django.request": {"level": "ERROR"}},
        }
    )
