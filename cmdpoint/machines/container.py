"""Run the reporting program in containers of an engine, with the engine's own client."""

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from typing import Any, Final

from cmdpoint.engines import probe
from cmdpoint.engines.cache import Progress
from cmdpoint.engines.driver.client import Client
from cmdpoint.engines.faults import NoEngine
from cmdpoint.engines.find import RunningEngine, find
from cmdpoint.engines.private.process import PrivateEngine
from cmdpoint.machines.deployment import Deployment
from cmdpoint.machines.images import PROGRAM, container_archive, saved_image
from cmdpoint.machines.observe import Command, observe, observe_together
from cmdpoint.machines.probe import program
from cmdpoint.machines.processes import usage, with_descendants

_LIMITS: Final = ("--memory=64m", "--cpus=0.5", "--pids-limit=50")

OPTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "container": (),
    "limited": _LIMITS,
    "sharing": ("--pid=host", "--ipc=host", "--uts=host"),
    "own_cgroup": ("--cgroupns=private",),
}
"""The containers that are run, by the name of their report, with their options of `docker run`."""

SANDBOX_OPTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "sandbox": ("--runtime=runsc",),
    "limited_sandbox": ("--runtime=runsc", *_LIMITS[:1]),
}
"""The containers that are run with gVisor."""


@dataclass(frozen=True)
class Containers:
    """An engine that has an image with the reporting program.

    Attributes:
        engine: The name of the engine, with its version and runtime.
        sandbox: The name of gVisor's runtime with its version; empty if the engine does not have it.
        image: The tag of the image.
        client: The engine's client.
        running: The engine.
        deployment: What was needed for a container.
    """

    engine: str
    sandbox: str
    image: str
    client: Client
    running: RunningEngine
    deployment: Deployment = field(default_factory=Deployment)

    def run(
        self, options: tuple[str, ...], words: tuple[str, ...], *, idle: bool = False, image: str = ""
    ) -> dict[str, Any]:
        """Run the program in a container; see `observe` for the report."""
        with tempfile.TemporaryDirectory() as folder:
            command = self._command(Path(folder, "id"), options, words, image)
            report = observe(command, idle=idle)
        if "argv" not in report:
            raise NoEngine(
                "the container printed no report",
                report["message"] or "it printed nothing",
                "try another engine",
            )
        return report

    def together(self, count: int, options: tuple[str, ...]) -> dict[str, Any]:
        """Run several containers at the same time; see `observe_together`."""
        with tempfile.TemporaryDirectory() as folder:
            commands = [
                self._command(Path(folder, str(number)), options, ("wait",), "") for number in range(count)
            ]
            return observe_together(commands)

    def inspected_limits(self) -> dict[str, int]:
        """The limits of the container `limited` as the engine has them."""
        done = self.client.call("create", *OPTIONS["limited"], self.image, PROGRAM)
        container = done.stdout.decode().strip()
        host = json.loads(self.client.call("inspect", container).stdout)[0]["HostConfig"]
        self.client.call("rm", "--force", container)
        return {"memory": host["Memory"], "nano_cpus": host["NanoCpus"], "pids": host["PidsLimit"]}

    def own_use(self) -> dict[str, int]:
        """The memory of the engine itself, while no container runs; known only for a private engine."""
        if not isinstance(self.running.private, PrivateEngine):
            return {}
        used = usage(with_descendants([self.running.private.pid]))
        return {"resident": used.resident, "proportional": used.proportional}

    def for_windows(self) -> dict[str, Any]:
        """Import and load images for Windows, and return the step that refuses them, with its message."""
        with _file(container_archive(program())) as path:
            done = self.client.call("import", "--platform=windows/amd64", path)
        found = {"import": done.returncode, "message": done.stderr.decode(errors="replace").strip()}
        with _file(saved_image("windows", "amd64")) as path:
            loaded = self.client.call("load", "--input", path)
        return found | {
            "load": loaded.returncode,
            "load_message": loaded.stderr.decode(errors="replace").strip(),
        }

    def for_another_cpu(self) -> dict[str, Any]:
        """Import, create and start a program for arm64, and return the exit code of each step."""
        image = f"{self.image}-arm64"
        with _file(container_archive(probe.program("arm64"))) as path:
            imported = self.client.call("import", "--platform=linux/arm64", path, image)
        created = self.client.call("create", "--network=none", "--platform=linux/arm64", image, PROGRAM)
        container = created.stdout.decode().strip()
        try:
            started = self.client.call("start", "--attach", container)
            message = (started.stderr + started.stdout).decode(errors="replace").strip()
            codes = {"import": imported.returncode, "create": created.returncode, "start": started.returncode}
            return {
                **codes,
                "message": message,
                "create_message": created.stderr.decode(errors="replace").strip(),
            }
        finally:
            self.client.call("rm", "--force", container)
            self.client.call("image", "rm", "--force", image)

    def imported(self, archive: Path, name: str) -> str:
        """Import another archive, and return its tag, which ends with a name."""
        self.client.call("import", str(archive), f"{self.image}-{name}")
        return f"{self.image}-{name}"

    def remove(self, image: str) -> None:
        """Remove an image."""
        self.client.call("image", "rm", "--force", image)

    def _command(
        self, id_file: Path, options: tuple[str, ...], words: tuple[str, ...], image: str
    ) -> Command:
        fixed = ("run", "--rm", "--interactive", "--network=none")
        argv = [
            *self.client.argv,
            *fixed,
            f"--cidfile={id_file}",
            *options,
            image or self.image,
            PROGRAM,
            *words,
        ]
        return Command(argv, mark=id_file.read_text)


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
        runtimes = client.call("info", "--format", "{{json .Runtimes}}").stdout.decode(errors="replace")
        versions = {each.partition("-")[0]: each for each in found.runtimes}
        sandbox = versions.get("runsc", "runsc") if '"runsc"' in runtimes else ""
        image = f"cmdpoint-report-{token_hex(4)}"
        ready = Containers(title, sandbox, image, client, found)
        with _file(container_archive(program())) as path:
            client.call("import", path, image)
            ready.deployment.ship("archive", Path(path))
        ready.deployment.run(["import", "archive", "image"])
        ready.deployment.run(["run", "image"])
        try:
            yield ready
        finally:
            client.call("image", "rm", "--force", image)
    finally:
        found.stop()


def on_the_host(*, count: int = 1, idle: bool = False) -> dict[str, Any]:
    """Run the program as a process of the host, and return its report, or that of several together."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "report")
        path.write_bytes(program())
        os.chmod(path, 0o755)
        if count > 1:
            return observe_together([Command([str(path), "wait"])] * count)
        return observe(Command([str(path), "wait"] if idle else [str(path)]), idle=idle)


@contextmanager
def _file(content: bytes) -> Iterator[str]:
    """A file with a content, inside the context."""
    with tempfile.NamedTemporaryFile(suffix=".tar") as file:
        file.write(content)
        file.flush()
        yield file.name
