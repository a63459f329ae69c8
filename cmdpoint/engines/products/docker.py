"""How to start Docker Engine as a private engine."""

import json
from collections.abc import Mapping
from typing import Final

from cmdpoint.engines.products.product import SOCKET, Product, major


def _daemon(cgroup: str, runtimes: tuple[str, ...]) -> list[str]:
    return [
        "/usr/sbin/dockerd",
        f"--host=unix://{SOCKET}",
        "--data-root=/var/lib/docker",
        "--exec-root=/run/docker",
        "--pidfile=/run/docker.pid",
        "--bridge=none",
        "--iptables=false",
        "--ip6tables=false",
        "--userland-proxy=false",
        # The host's systemd cannot be reached from inside.
        "--exec-opt=native.cgroupdriver=cgroupfs",
        f"--cgroup-parent=/{cgroup}",
        "--log-level=warn",
        *(f"--add-runtime={name}=/usr/bin/{name}" for name in runtimes),
    ]


def _stores(version: str) -> tuple[str, ...]:
    # Before 24, dockerd silently ignores the feature.
    return ("containerd",) if major(version) >= 24 else ()


def _files(version: str, store: str) -> Mapping[str, str]:
    if not _stores(version):
        return {}
    # Always set, because from 29 on containerd's store is the default of a new daemon.
    features = {"containerd-snapshotter": store == "containerd"}
    # The runtime would compile a filter of system calls at each start, which takes an eighth of its time. The
    # containers have no capabilities, and run nothing but the probe and a shell.
    settings = {"features": features, "seccomp-profile": "unconfined"}
    return {"etc/docker/daemon.json": json.dumps(settings)}


def _client(usr: str, folder: str, url: str) -> list[str]:
    return [f"{usr}/bin/docker", "--config", f"{folder}/cli", "--host", url]


DOCKER: Final = Product(
    name="docker",
    title="Docker Engine",
    package="docker.io",
    # Only newer suites have the client in a package of its own.
    further=frozenset({"docker-cli", "crun"}),
    stores=_stores,
    daemon=_daemon,
    files=_files,
    client=_client,
    cgroups=lambda version: "shared",
)
