"""What providers say, as bytes: their gateways answer and call in more than one encoding."""

import json


def read_json(body: bytes) -> object:
    """In UTF-8 or GB 18030. Raises ValueError for what is neither, no JSON, or nested without end."""
    try:
        try:
            return json.loads(body.decode())
        except ValueError:
            return json.loads(body.decode("gb18030"))
    except RecursionError as endless:
        raise ValueError("nested without end") from endless
