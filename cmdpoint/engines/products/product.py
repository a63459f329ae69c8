"""The description of a product that can run as a private engine: its packages, its daemon and its client."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath

SOCKET = PurePosixPath("/run/cmdpoint/docker.sock")
"""The path of the daemon's socket inside the jail."""


def major(version: str) -> int:
    """Return the first number of a version."""
    return int(version.split(".", 1)[0])


@dataclass(frozen=True)
class Product:
    """A product that distributions offer.

    Attributes:
        name: The beginning of its engines' names, such as `docker`.
        title: The usual name, such as `Docker Engine`.
        package: The distribution's package with the daemon.
        further: Further packages, which are unpacked if the suite has them.
        stores: Returns the image stores besides the engine's own, for a version.
        daemon: Returns the daemon's command, for the name of a cgroup and the names of the further runtimes.
        files: Returns the files that the daemon reads, by path without the leading slash, for a version and
            the name of a store.
        client: Returns the client's program with the options for its engine, for the root's /usr, a folder
            for its settings and an address.
        cgroups: Returns the jail's CGROUPS argument for a version; see `engines/private/jail.sh`.
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
