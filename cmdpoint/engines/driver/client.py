"""The `docker` or `podman` command, which people use in place of the API."""

import os
import re
import subprocess
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cmdpoint.engines.driver.client_folder import client_folder
from cmdpoint.engines.driver.engine import raise_if_fault
from cmdpoint.engines.driver.messages import client_refusal, is_of_start
from cmdpoint.engines.faults import EngineDied, Fault, NoClient
from cmdpoint.oracle.outcome import Codes, Refusal

SECONDS: Final = 120
"""How long the client may take before the engine counts as dead."""

LIMITS: Final = (
    *("--network", "none", "--cap-drop", "ALL", "--read-only"),
    *("--security-opt", "no-new-privileges", "--log-driver", "json-file", "--pull", "never"),
)
"""The options for `Engine.limits`; nothing is ever pulled from a registry.

The host's network would be faster to set up, and is just as empty in a jail; but with it and four clients,
20.10.24 stopped responding, with containers that were created and never started.
"""

CGROUP_LIMITS: Final = ("--memory", "32m", "--pids-limit", "16")
"""The limits for engines that have the cgroups for them; see `Engine.can_limit`."""

_LOST: Final = re.compile(
    "cannot connect to (?:the docker daemon|podman)|error during connect", re.IGNORECASE
)
"""In the message of a client that cannot reach its engine."""

SANDBOXES: Final = ("runsc",)
"""The runtimes with a kernel of their own, which runs in the container's cgroup and exceeds these limits."""


@dataclass(frozen=True, slots=True)
class ClientResult:
    """The result of `docker run`.

    Attributes:
        container: The container's id; None if it was not created.
        output: The container's standard output.
        message: The client's standard error.
        exit_code: The client's exit code.
    """

    container: str | None
    output: bytes
    message: str
    exit_code: int

    @property
    def created(self) -> bool:
        """Whether a container was created. `podman run --rm` also removes the file with its id."""
        has_traces = self.output.endswith(b"\0") or is_of_start(self.message)
        return self.container is not None or has_traces

    def refusal(self, state: int | None = None) -> Refusal:
        """The refusal that the client's message reports.

        Args:
            state: The container's `State.ExitCode`, if there is one.
        """
        text = self.message or self.output.decode(errors="replace")
        codes = Codes(state=state, run=self.exit_code)
        return client_refusal(text, codes, created=self.created)


@dataclass(frozen=True, slots=True)
class Client:
    """A client for one engine.

    Attributes:
        argv: Its program, with the options that name the engine.
        exclusive: The context of each call; see `Engine.exclusive`.
        shared: For a client that sees other folders than this process: a folder of both, and its path for
            the client.
    """

    argv: tuple[str, ...]
    exclusive: Callable[[], AbstractContextManager[None]] = nullcontext
    shared: tuple[Path, str] | None = None

    def run(self, verb: str, words: tuple[str, ...], labels: Mapping[str, str]) -> ClientResult:
        """Call `docker run` or `docker create`.

        Args:
            verb: `run` or `create`.
            words: The words after the verb; cmdpoint's own labels and limits are put before them.
            labels: The labels of the container.

        Raises:
            Fault: There is no client, the engine died, or its disk is full.
        """
        here, there = self.shared or (None, "")
        with client_folder(here) as folder:
            id_file = Path(folder, "container")
            for_client = str(id_file) if here is None else str(Path(there, id_file.relative_to(here)))
            label_options = [f"--label={name}={value}" for name, value in labels.items()]
            done = self._call([verb, "--cidfile", for_client, *label_options, *LIMITS, *words])
            container = id_file.read_text() if id_file.exists() else None
        message = done.stderr.decode(errors="replace")
        return ClientResult(container or None, done.stdout, message, done.returncode)

    def call(self, *words: str) -> subprocess.CompletedProcess[bytes]:
        """Call the client with any words; see `run` for the faults."""
        return self._call(list(words))

    def _call(self, words: list[str]) -> subprocess.CompletedProcess[bytes]:
        if not self.argv:
            raise NoClient(
                "the engine has no client on this machine",
                "the daemon answers, but its client, `docker` or `podman`, is not on PATH",
                "install the engine's command line client, or use a private engine, which has its own",
            )
        try:
            with self.exclusive():
                done = subprocess.run(
                    [*self.argv, *map(os.fsencode, words)], capture_output=True, timeout=SECONDS, check=False
                )
        except subprocess.TimeoutExpired as error:
            raise _died(f"the client did not end within {SECONDS} s") from error
        message = done.stderr.decode(errors="replace")
        raise_if_fault(message)
        if _LOST.search(message):
            raise _died(message.strip())
        return done


def _died(why: str) -> Fault:
    return EngineDied("the engine stopped answering its client", why, "look at the engine's own log")


NO_CLIENT: Final = Client(())
"""A missing client: every call raises NoClient."""
