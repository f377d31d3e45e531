"""What providers say, as bytes: their gateways answer and call in more than one encoding."""

import json
from collections.abc import Mapping
from typing import Any


def read_json(body: bytes) -> object:
    """In UTF-8 or GB 18030. Raises ValueError for what is neither, no JSON, or nested without end."""
    try:
        try:
            return json.loads(body.decode())
        except ValueError:
            return json.loads(body.decode("gb18030"))
    except RecursionError as endless:
        raise ValueError("nested without end") from endless


def error_code(answer: Mapping[str, Any] | None) -> int | None:
    """The number of the error, 0 without one; None when the answer says nothing of it. WeChat and
    WeCom say it alike."""
    code = answer.get("errcode") if answer is not None else None
    return code if isinstance(code, int) and not isinstance(code, bool) else None
