"""Podman's own client inside a private engine, which creates the containers itself, without the service."""

from pathlib import Path
from typing import Final

PID_FILE: Final = "pid"
"""The file in the run folder of a private engine that has the id of its first process."""

INSIDE: Final = "/run/cmdpoint"
"""The path of the run folder inside the engine."""

_NAMESPACES: Final = {"mount": "mnt", "net": "net", "ipc": "ipc", "uts": "uts", "pid": "pid_for_children"}

_PODMAN: Final = (
    "/usr/bin/podman",
    # As the service does; without the warning about version 1 of cgroups.
    *("--cgroup-manager=cgroupfs", "--events-backend=file", "--log-level=error"),
)


def run_folder(url: str) -> Path | None:
    """The run folder of the private engine at an address; None for any other engine.

    Args:
        url: The address.
    """
    folder = Path(url.removeprefix("unix://")).parent
    return folder if url.startswith("unix://") and (folder / PID_FILE).is_file() else None


def local_podman(folder: Path) -> tuple[str, ...]:
    """The command line with which the host runs Podman in the namespaces of a private engine.

    Args:
        folder: The run folder of the engine.
    """
    pid = (folder / PID_FILE).read_text()
    namespaces = (f"--{option}=/proc/{pid}/ns/{name}" for option, name in _NAMESPACES.items())
    return ("nsenter", *namespaces, "--", *_PODMAN)
