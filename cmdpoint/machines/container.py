"""Run the reporting program in containers of an engine, with the engine's own client."""

import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from cmdpoint.engines import probe
from cmdpoint.engines.cache import Progress
from cmdpoint.engines.driver.client import Client
from cmdpoint.engines.faults import NoEngine
from cmdpoint.engines.find import find
from cmdpoint.machines.observe import observe
from cmdpoint.machines.probe import program

PROGRAM: Final = "/report"

OPTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "container": (),
    "limited": ("--memory=64m",),
    "sharing": ("--pid=host", "--ipc=host", "--uts=host"),
}
"""The containers that are run, by the name of their report, with their options of `docker run`."""


@dataclass(frozen=True)
class Containers:
    """An engine that has an image with the reporting program.

    Attributes:
        engine: The name of the engine, with its version and runtime.
        image: The tag of the image.
        client: The engine's client.
    """

    engine: str
    image: str
    client: Client

    def run(self, options: tuple[str, ...], words: tuple[str, ...], *, idle: bool = False) -> dict[str, Any]:
        """Run the program in a container; see `observe` for the report."""
        fixed = ("run", "--rm", "--interactive", "--network=none")
        report = observe([*self.client.argv, *fixed, *options, self.image, PROGRAM, *words], idle=idle)
        if "argv" not in report:
            raise NoEngine(
                "the container printed no report",
                report["message"] or "it printed nothing",
                "try another engine",
            )
        return report

    def refused_import(self, platform: str) -> dict[str, str]:
        """Import the image for another platform, and return the client's message and its exit code."""
        with _archive(program()) as path:
            done = self.client.call("import", f"--platform={platform}", path)
        return {"message": done.stderr.decode(errors="replace").strip(), "exit": str(done.returncode)}

    def other_cpu(self) -> dict[str, Any]:
        """Run a program for arm64 as if it were for this CPU, and return the client's message."""
        image = f"{self.image}-arm64"
        with _archive(probe.program("arm64")) as path:
            self.client.call("import", path, image)
        try:
            return observe([*self.client.argv, "run", "--rm", "--network=none", image, PROGRAM])
        finally:
            self.client.call("image", "rm", "--force", image)


@contextmanager
def containers(name: str, progress: Progress) -> Iterator[Containers]:
    """Find or start an engine, and give it the image inside the context.

    Args:
        name: The name of the engine; see `cmdpoint.engines.find.find`.
        progress: Receives progress messages.

    Raises:
        Fault: There is no such engine, or it has no client.
    """
    found = find(name, progress)
    try:
        engine = found.connect()
        try:
            client, title = found.client(engine.product), f"{engine.name}/{engine.runtime}"
        finally:
            engine.close()
        image = f"cmdpoint-report-{token_hex(4)}"
        with _archive(program()) as path:
            client.call("import", path, image)
        try:
            yield Containers(title, image, client)
        finally:
            client.call("image", "rm", "--force", image)
    finally:
        found.stop()


def on_the_host(*, idle: bool = False) -> dict[str, Any]:
    """Run the program as a process of the host, and return its report."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "report")
        path.write_bytes(program())
        os.chmod(path, 0o755)
        return observe([str(path), "wait"] if idle else [str(path)], idle=idle)


@contextmanager
def _archive(content: bytes) -> Iterator[str]:
    """A tar archive with one program, as a file."""
    with tempfile.NamedTemporaryFile(suffix=".tar") as file:
        file.write(probe.tar({PROGRAM[1:]: (content, 0o755)}))
        file.flush()
        yield file.name
