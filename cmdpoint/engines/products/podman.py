"""How to start Podman as a private engine, as a service with Docker's API."""

from collections.abc import Mapping
from typing import Final

from cmdpoint.engines.products.product import SOCKET, Product, major

_STORAGE: Final = """\
[storage]
driver = "overlay"
graphroot = "/var/lib/docker/storage"
runroot = "/run/containers/storage"
"""
"""Images and containers are stored where the jail has the memory for them."""

_CONTAINERS: Final = """\
[containers]
pids_limit = 0
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
runtime = "crun"
[network]
network_backend = "netavark"
"""


def _daemon(cgroup: str, runtimes: tuple[str, ...]) -> list[str]:
    return [
        "/usr/bin/podman",
        # Neither systemd nor its journal can be reached from inside.
        "--cgroup-manager=cgroupfs",
        "--events-backend=file",
        "--log-level=warn",
        *("system", "service", "--time=0", f"unix://{SOCKET}"),
    ]


def _files(version: str, store: str) -> Mapping[str, str]:
    return {
        "etc/passwd": "root:x:0:0:root:/root:/bin/sh\n",
        "etc/group": "root:x:0:\n",
        "etc/hosts": "127.0.0.1 localhost\n",
        "etc/resolv.conf": "",
        "etc/containers/policy.json": '{"default": [{"type": "insecureAcceptAnything"}]}\n',
        # Nothing is ever pulled from a registry.
        "etc/containers/registries.conf": "unqualified-search-registries = []\n",
        "etc/containers/storage.conf": _STORAGE,
        "etc/containers/containers.conf": _CONTAINERS,
    }


def _client(usr: str, folder: str, url: str) -> list[str]:
    return [f"{usr}/bin/podman", "--remote", "--url", url]


def _cgroups(version: str) -> str:
    # Podman has no option for a parent cgroup, and since 6.0 it does not start with version 1 of cgroups.
    return "v2" if major(version) >= 6 else "own"


PODMAN: Final = Product(
    name="podman",
    title="Podman",
    package="podman",
    # 3.0 needs nsenter, which is in util-linux.
    further=frozenset({"crun", "netavark", "catatonit", "util-linux"}),
    stores=lambda version: (),
    daemon=_daemon,
    files=_files,
    client=_client,
    cgroups=_cgroups,
)
