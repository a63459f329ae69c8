"""What a private engine has to know of a product: its packages, its daemon and its client."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

SOCKET = PurePosixPath("/run/cmdpoint/docker.sock")
"""Where the daemon's socket is, as the daemon sees it."""


def major(version: str) -> int:
    """Return the first number of a version."""
    return int(version.split(".", 1)[0])


@dataclass(frozen=True)
class Product:
    """An engine that distributions offer.

    Attributes:
        name: What names of engines begin with: `docker`.
        title: What people call it.
        package: The package of the distribution that holds the daemon.
        further: Packages that are taken along from the suites that have them.
        stores: What may store the images, besides the engine's own store, by version.
        daemon: The daemon's command, from the name of a cgroup and the further runtimes of the root.
        files: The files that the daemon reads, by path without the leading slash, from the version and the
            name of a store.
        client: What stands behind the loader's words: the client's program and the options that aim it,
            from the root's /usr, a folder of its own and an address.
        cgroups: What the jail does about cgroups for a version: see `engines/private/jail.sh`.
    """

    name: str
    title: str
    package: str
    further: frozenset[str]
    stores: Callable[[str], tuple[str, ...]]
    daemon: Callable[[str, tuple[str, ...]], list[str]]
    files: Callable[[str, str], Mapping[str, str]]
    client: Callable[[str, str, str], list[str]]
    cgroups: Callable[[str], str]
