"""The `docker` or `podman` command: the other way to use an engine, and the one that people take."""

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cmdpoint.engines.driver.client_folder import client_folder
from cmdpoint.engines.driver.engine import full_disk
from cmdpoint.engines.driver.messages import client_refusal, is_of_start
from cmdpoint.engines.faults import EngineDied, Fault, NoClient
from cmdpoint.oracle.outcome import Codes, Refusal

SECONDS: Final = 120
"""How long the client may take before the engine counts as dead."""

LIMITS: Final = (
    *("--network", "none", "--cap-drop", "ALL", "--read-only"),
    *("--security-opt", "no-new-privileges", "--log-driver", "json-file", "--pull", "never"),
)
"""What `Engine.limits` says, in the client's words; and nothing is ever fetched from a registry.

The host's network would be quicker to have, and in a jail as empty; but 20.10.24 came to a standstill with
it, under four clients, with containers that were created and never started.
"""

CGROUP_LIMITS: Final = ("--memory", "32m", "--pids-limit", "16")
"""The limits that only an engine that `can_limit` is asked for."""


@dataclass(frozen=True, slots=True)
class ClientResult:
    """What `docker run` did.

    Attributes:
        container: The container's id; None where it was never created.
        output: What it wrote to its standard output.
        message: What the client wrote to its standard error.
        exit_code: The client's.
    """

    container: str | None
    output: bytes
    message: str
    exit_code: int

    @property
    def began(self) -> bool:
        """Whether it came to a container. `podman run --rm` removes the note of its id with the container."""
        said = self.output.endswith(b"\0") or is_of_start(self.message)
        return self.container is not None or said

    def refusal(self, state: int | None = None) -> Refusal:
        """What the client's message means.

        Args:
            state: The container's `State.ExitCode`, where there is one.
        """
        said = self.message or self.output.decode(errors="replace")
        codes = Codes(state=state, run=self.exit_code)
        return client_refusal(said, codes, created=self.began)


@dataclass(frozen=True, slots=True)
class Client:
    """A client, aimed at one engine.

    Attributes:
        argv: How it is called: its program, and the options that name the engine.
        exclusive: The context of each call; see `Engine.exclusive`.
    """

    argv: tuple[str, ...]
    exclusive: Callable[[], AbstractContextManager[None]] = nullcontext

    def run(self, verb: str, words: tuple[str, ...], labels: Mapping[str, str]) -> ClientResult:
        """Call `docker run` or `docker create`.

        Args:
            verb: `run` or `create`.
            words: What stands after it, but for our own labels and limits, which come first.
            labels: Go onto the container.

        Raises:
            Fault: There is no client, or the engine died, or its disk is full.
        """
        with client_folder() as folder:
            note = Path(folder, "container")
            ours = [f"--label={name}={value}" for name, value in labels.items()]
            done = self._call([verb, "--cidfile", str(note), *ours, *LIMITS, *words])
            container = note.read_text() if note.exists() else None
        message = done.stderr.decode(errors="replace")
        return ClientResult(container or None, done.stdout, message, done.returncode)

    def call(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        """Call the client with any words; see `run` for the errors."""
        return self._call(list(words))

    def _call(self, words: list[str]) -> subprocess.CompletedProcess[bytes]:
        if not self.argv:
            raise NoClient(
                "the engine has no client here",
                "the daemon was found, but no program `docker` on PATH, or `podman` where it is Podman's",
                "install the engine's command line client, or use a private engine, which brings its own",
            )
        try:
            with self.exclusive():
                done = subprocess.run(
                    [*self.argv, *map(os.fsencode, words)], capture_output=True, timeout=SECONDS, check=False
                )
        except subprocess.TimeoutExpired as error:
            raise _died(f"the client did not end within {SECONDS} s") from error
        _raise_if_fault(done.stderr.decode(errors="replace"))
        return done


def _raise_if_fault(message: str) -> None:
    if "no space left on device" in message:
        raise full_disk(message)
    if re.search(
        "cannot connect to (?:the docker daemon|podman)|error during connect", message, re.IGNORECASE
    ):
        raise _died(message.strip())


def _died(why: str) -> Fault:
    return EngineDied("the engine stopped answering its client", why, "look at the engine's own log")


NO_CLIENT: Final = Client(())
"""No client at all: whoever calls it learns so."""
