"""An engine inside a container of another daemon, for example of Docker's own image `docker:27-dind`.

Its socket is in a folder that the container shares with this machine, so the daemon must run here. The
container has its owner's label: even if the owner is killed, a later run removes it.
"""

import atexit
import os
import re
import shutil
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from cmdpoint.engines.cache import Progress, silent
from cmdpoint.engines.driver.engine import Engine, Refused
from cmdpoint.engines.driver.labels import Owner, clear, clear_abandoned
from cmdpoint.engines.driver.responses import lines_of
from cmdpoint.engines.faults import Fault, NoEngine, Unreachable

START_SECONDS: Final = 90.0
"""How long it may take to answer. Docker's image first creates certificates."""

SOCKET: Final = "docker.sock"
INSIDE: Final = "/run/cmdpoint"
"""The path of the folder with the socket inside the container."""


class ContainerEngine:
    """An engine in a container. `stop` ends it, or a later run that finds that its owner has ended.

    Attributes:
        url: The address of its API.
        runtimes: The runtimes besides the default: none is known.
    """

    runtimes: tuple[str, ...] = ()

    def __init__(
        self, host: Engine, image: str, folder: Path, seen: str | None = None, progress: Progress = silent
    ) -> None:
        """Start the engine and wait until it answers.

        Args:
            host: The daemon in which the container runs; closed by `stop`.
            image: The image, whose entrypoint takes the options of `dockerd`.
            folder: A folder for the socket, removed by `stop`.
            seen: The path of the folder for the daemon, if its file system is another one.
            progress: Receives progress messages.

        Raises:
            NoEngine: The image is not available, or no engine answers in it; the fault says why.
        """
        self.url = f"unix://{folder / SOCKET}"
        self._host = host
        self._folder = folder
        self._seen = seen or str(folder)
        self._owner = Owner.this_process()
        self._process = os.getpid()
        self._stopped = False
        atexit.register(self.stop)
        try:
            clear_abandoned(host)
            container = self._create(image, progress)
            progress(f"starting the engine in {image}")
            host.post(f"/containers/{container}/start")
            self._await_answer(image, container)
        except Refused as refused:
            self.stop()
            raise _no_engine(image, refused.message) from refused
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Remove the container with everything in it; further calls do nothing."""
        if self._stopped or os.getpid() != self._process:
            return
        self._stopped = True
        atexit.unregister(self.stop)
        with suppress(Fault, Refused):
            clear(self._host, self._owner)
        self._host.close()
        shutil.rmtree(self._folder, ignore_errors=True)

    def cli_argv(self) -> list[str]:
        """Return the command line of the machine's own `docker` for this engine; empty if there is none."""
        docker = shutil.which("docker")
        return [docker, "--host", self.url] if docker else []

    def _create(self, image: str, progress: Progress) -> str:
        body = {
            "Image": image,
            # The socket belongs to the group of its user, who need not be root.
            "Cmd": [f"--host=unix://{INSIDE}/{SOCKET}", f"--group={os.getgid()}"],
            "Labels": self._owner.labels,
            # Images cannot be stored on the overlay file system of a container.
            "Volumes": {"/var/lib/docker": {}},
            "HostConfig": {"Privileged": True, "Binds": [f"{self._seen}:{INSIDE}"]},
        }
        try:
            return self._host.create_container(body)
        except Refused as refused:
            if refused.status != 404:
                raise
        progress(f"{self._host.name} pulls {image}")
        _pull(self._host, image)
        return self._host.create_container(body)

    def _await_answer(self, image: str, container: str) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                Engine(self.url).close()
                return
            except Unreachable as fault:
                why = fault.why
            state = self._host.get(f"/containers/{container}/json")["State"]
            if not state["Running"] or time.monotonic() > deadline:
                ended = f"it exited with code {state['ExitCode']}" if not state["Running"] else why
                raise _no_engine(image, f"{ended}; its last output: {self._last_output(container)}")
            time.sleep(0.1)

    def _last_output(self, container: str) -> str:
        logs = self._host.get_bytes(f"/containers/{container}/logs?stdout=1&stderr=1&tail=8")
        # Eight bytes before each write give its stream and its length.
        return re.sub(rb"[\x00-\x02]\x00\x00\x00....", b"", logs, flags=re.DOTALL).decode(errors="replace")


def start_in_container(host: Engine, image: str, progress: Progress = silent) -> ContainerEngine:
    """Start an engine in a container of a daemon.

    Args:
        host: The daemon.
        image: The image.
        progress: Receives progress messages.

    Raises:
        NoEngine: The daemon does not run on this machine; see also `ContainerEngine`.
    """
    if not host.url.startswith("unix://") or sys.platform != "linux":
        raise _no_engine(
            image, f"the daemon at {host.url} shares no folder with this machine for the engine's socket"
        )
    return ContainerEngine(host, image, Path(tempfile.mkdtemp(prefix="cmdpoint-in-")), progress=progress)


def _pull(host: Engine, image: str) -> None:
    name, _, tag = image.partition("@") if "@" in image else image.rpartition(":")
    if not name or "/" in tag:
        name, tag = image, "latest"
    with host.post_stream("/images/create", params={"fromImage": name, "tag": tag}) as chunks:
        for line in lines_of(b"".join(chunks), "POST /images/create"):
            if error := line.get("error"):
                raise Refused(0, str(error))


def _no_engine(image: str, why: str) -> NoEngine:
    return NoEngine(
        f"no engine runs in a container of {image}",
        why.strip(),
        "name an image of an engine that the daemon can pull or has, such as container:docker:27-dind, "
        "or use a private engine",
    )
