"""The embedded database, ready to use: started or joined, with roles, database and rights."""

from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

from guiyan.platform.launcher.cluster import SUPERUSER, Cluster, Progress, open_cluster, unseen
from guiyan.platform.launcher.cluster import Running as RunningCluster
from guiyan.platform.launcher.home import Home, find_home
from guiyan.platform.launcher.roles import DATABASE, OWNER, WEB, DatabaseUrls, prepare
from guiyan.platform.launcher.secrets_store import password_file, read_secret
from guiyan.platform.launcher.urls import socket_url

User = Literal["web", "owner", "super"]
ROLES: dict[User, str] = {"web": WEB, "owner": OWNER, "super": SUPERUSER}


@dataclass(frozen=True, slots=True)
class Embedded:
    """A running, prepared database. As a context manager it stops what it started."""

    running: RunningCluster
    urls: DatabaseUrls

    @property
    def cluster(self) -> Cluster:
        return self.running.cluster

    @property
    def owned(self) -> bool:
        return self.running.owned

    def stop(self) -> None:
        self.running.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def start(
    home: Home | None = None, *, database: str = DATABASE, progress: Progress | None = None
) -> Embedded:
    """Starts or joins the embedded PostgreSQL and makes what lacks in it.

    Call `stop()` at the end: it stops the database only when this process started it.
    """
    report = unseen if progress is None else progress
    running = open_cluster(home).ensure_running(report)
    try:
        report("Preparing the roles", 0.0)
        urls = prepare(running.cluster.admin_url, running.cluster.home.secrets, database=database)
    except BaseException:
        running.stop()
        raise
    report("Preparing the roles", 1.0)
    return Embedded(running, urls)


def database_url(user: User, home: Home | None = None, *, database: str = DATABASE) -> str:
    """The embedded database's address for one of its users, from the home's secrets alone.

    LauncherError when the database was never started.
    """
    place = find_home() if home is None else home
    role = ROLES[user]
    password = read_secret(password_file(place.secrets, role))
    return socket_url(role, password, place.sockets, database)
