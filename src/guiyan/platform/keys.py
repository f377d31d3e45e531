"""The key ring of this deployment: outside the database, read once a process."""

import functools

from django.conf import settings

from guiyan.kernel.crypto import KeyRing


@functools.cache
def key_ring() -> KeyRing:
    """Raises KeyMissing or KeyFileUnsafe, each with the line that mends it."""
    return KeyRing.load(settings.KEYS_DIR)
