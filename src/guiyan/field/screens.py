"""Which pages of the field there are: each a JavaScript module of a room, with the words it needs.

A room calls `register_screen` in its `ready()`. The modules are served under one address that
changes with the content of any of them, so a phone never runs an old module beside a new one.
"""

import functools
import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from django.contrib.staticfiles import finders
from django.utils.functional import Promise

from guiyan.platform.actor import Actor
from guiyan.platform.permissions import Permission

Words = Mapping[str, str | Promise]

# The shell's own parts, in the order in which a thin line should bring them.
_OWN = (
    "field/field.css",
    "field/icon.svg",
    "field/app.js",
    "field/crypt.js",
    "field/dom.js",
    "field/entrance.js",
    "field/handover.js",
    "field/link.js",
    "field/status.js",
    "field/store.js",
    "field/sync.js",
    "field/text.js",
    "field/voice.js",
    "field/vendor/idb.js",
)

# What a phone fetches when the page is put on its home screen, and its system keeps; iOS takes no SVG.
ICONS = {180: "field/icon-180.png", 192: "field/icon-192.png", 512: "field/icon-512.png"}


@dataclass(frozen=True, slots=True)
class Screen:
    """One page of the field: who may open it, which packets it reads, and where its program is."""

    code: str
    title: str | Promise
    permission: Permission
    packet_kind: str
    module: str
    words: Callable[[], Words]


_screens: dict[str, Screen] = {}


def register_screen(screen: Screen) -> None:
    _screens[screen.code] = screen


def screens() -> list[Screen]:
    return list(_screens.values())


def screens_for(actor: Actor) -> list[Screen]:
    return [screen for screen in _screens.values() if actor.may(screen.permission)]


def parts() -> tuple[str, ...]:
    """Everything that a phone keeps of the shell and its screens."""
    return _OWN + tuple(screen.module for screen in _screens.values())


def file_of(part: str) -> Path | None:
    """The file of one part; nothing else of the static files is served here."""
    if part not in parts() and part not in ICONS.values():
        return None
    found = finders.find(part)
    return Path(found) if found else None


def version() -> str:
    """A name for all parts together: it changes when any of them does."""
    return _version(parts())


@functools.cache
def _version(names: tuple[str, ...]) -> str:
    digest = hashlib.sha256()
    for name in names:
        path = finders.find(name)
        if not path:
            raise ValueError(f"no static file {name}")
        digest.update(Path(path).read_bytes())
    return digest.hexdigest()[:12]
