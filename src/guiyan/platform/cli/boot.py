"""Before Django: the home, its keys and secrets, the database's addresses, as environment variables.

Settings read the environment once, so everything that they need is put there first.
"""

import os
import secrets as random
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager

from guiyan.kernel.crypto import KeyRing
from guiyan.platform.launcher import embedded
from guiyan.platform.launcher.errors import LauncherError
from guiyan.platform.launcher.home import Home, find_home, make_home
from guiyan.platform.launcher.roles import DATABASE, OWNER, WEB
from guiyan.platform.launcher.secrets_store import (
    make_password,
    password_file,
    read_secret,
    write_secret,
)
from guiyan.platform.launcher.urls import owner_url, socket_url, web_url

SECRET_KEY_FILE = "secret-key.txt"  # noqa: S105 - a file's name


def uses_own_database() -> bool:
    return web_url() is not None


def prepare_home() -> Home:
    """Make the home, the key ring and the signing secret where they lack."""
    home = find_home()
    make_home(home)
    if not any(home.keys.glob("*.json")):
        KeyRing.create(home.keys)
    for role in (OWNER, WEB):  # known before the server is, so that settings can be
        make_password(home.secrets, role)
    secret_key = home.secrets / SECRET_KEY_FILE
    if not secret_key.exists():
        write_secret(secret_key, random.token_urlsafe(48))
    return home


def environment_of(home: Home) -> dict[str, str]:
    """What the settings read about the home; what the operator has set already stays as it is."""
    return {
        "GUIYAN_HOME": str(home.root),
        "GUIYAN_KEYS_DIR": str(home.keys),
        "GUIYAN_FILES_DIR": str(home.files),
        "GUIYAN_CHECKPOINTS_DIR": str(home.checkpoints),
        "DJANGO_SETTINGS_MODULE": "guiyan.platform.settings",
    }


def configure(environ: MutableMapping[str, str] = os.environ) -> Home:
    """Fill the environment of this process and its children, without starting anything."""
    home = prepare_home()
    for name, value in environment_of(home).items():
        environ.setdefault(name, value)
    if "GUIYAN_SECRET_KEY" not in environ and "GUIYAN_SECRET_KEY_FILE" not in environ:
        environ["GUIYAN_SECRET_KEY_FILE"] = str(home.secrets / SECRET_KEY_FILE)
    password = password_file(home.secrets, WEB)
    if not uses_own_database() and password.exists():
        environ["DATABASE_URL"] = socket_url(WEB, read_secret(password), home.sockets, DATABASE)
    return home


@contextmanager
def database(*, as_owner: bool = False) -> Iterator[None]:
    """A database that answers, for as long as the block runs: one's own, or the embedded one.

    With `as_owner` the process also holds the owner's address (to migrate, to seal the demo).
    """
    if uses_own_database() and (not as_owner or owner_url() is not None):
        configure()
        yield
        return
    if uses_own_database() and not is_embedded():
        raise LauncherError(
            "Set OWNER_DATABASE_URL (or OWNER_DATABASE_URL_FILE): this command needs the owner."
        )
    home = prepare_home()
    with embedded.start(home) as server:
        os.environ["DATABASE_URL"] = server.urls.web
        if as_owner:
            os.environ["OWNER_DATABASE_URL"] = server.urls.owner
        configure()
        yield


def is_embedded() -> bool:
    """Whether DATABASE_URL is the embedded database's (a parent process has set it)."""
    home = find_home()
    password = password_file(home.secrets, WEB)
    return password.exists() and web_url() == socket_url(
        WEB, read_secret(password), home.sockets, DATABASE
    )


def owners_address() -> str:
    """The owner's address of one's own database. Raises LauncherError when it is not set."""
    address = owner_url()
    if address is None:
        raise LauncherError("Set OWNER_DATABASE_URL or OWNER_DATABASE_URL_FILE.")
    return address


def set_up_django() -> None:
    """Load Django with what the environment says; connects to nothing yet."""
    configure()
    import django  # loaded late: settings read the environment that was only now filled

    django.setup()
