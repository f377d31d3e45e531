"""Static files straight from the package, each under an address that changes with its content."""

import functools
import hashlib

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class VersionedStatics(StaticFilesStorage):
    """Adds the first digits of the content's hash, so that no step of collecting is needed."""

    def url(self, name: str | None) -> str:
        return f"{super().url(name)}?v={_version(name or '')}"


@functools.cache
def _version(name: str) -> str:
    path = finders.find(name)
    if not path:
        raise ValueError(f"no static file {name}")
    with open(path, "rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()[:10]
