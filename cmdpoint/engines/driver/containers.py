"""Create a container and read its planned argv; start it and read the argv that really runs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cmdpoint.engines.driver.client import CGROUP_LIMITS, SANDBOXES, Client
from cmdpoint.engines.driver.engine import Engine, Refused
from cmdpoint.engines.driver.messages import create_refusal, start_refusal
from cmdpoint.engines.faults import EngineDied
from cmdpoint.oracle.case import PyCall, RawRequest, Request, Words, unused_spelling
from cmdpoint.oracle.outcome import Codes, Outcome, Process, Refusal

ATTEMPTS = 3
"""How often a container is run if its output is lost, as happens once in some thousand runs on a busy 28.5.2.

The probe always prints an argv, so a second run cannot hide a difference between engines.
"""

_STDOUT = 1
"""The number of the standard output in the stream of an attached container."""


@dataclass(frozen=True, slots=True)
class Containers:
    """The containers of one owner on one engine.

    Attributes:
        engine: The engine.
        labels: The labels of each container.
        client: The engine's `docker` command.
        runtime: The runtime that starts them; empty for the engine's default.
    """

    engine: Engine
    labels: Mapping[str, str]
    client: Client
    runtime: str = ""

    def planned(self, tag: str, request: Request | RawRequest | PyCall) -> Outcome:
        """Create a container, read its `Path` and `Args`, and remove it.

        Args:
            tag: The image.
            request: The request.

        Raises:
            Fault: The engine died, or its disk is full.
        """
        container = self.create(tag, request)
        if isinstance(container, Refusal):
            return container
        try:
            return self.path_and_args(container)
        finally:
            self.remove(container)

    def observed(self, tag: str, request: Request | RawRequest | PyCall) -> tuple[Outcome, Outcome]:
        """Create a container, start it, and read the argv that the probe prints.

        See `planned` for the arguments and errors.

        Returns:
            The planned outcome, and the observed one.
        """
        state: object = None
        for _ in range(ATTEMPTS):
            container = self.create(tag, request)
            if isinstance(container, Refusal):
                return container, container
            try:
                plan, outcome = self.path_and_args(container), self._run(container)
                if outcome is not None:
                    return plan, outcome
                state = self._state(container)
            finally:
                self.remove(container)
        raise self._lost(f"both the stream and the log are empty: {state}")

    def planned_by_client(self, words: Words) -> Outcome:
        """Run `docker create`, and read the container's `Path` and `Args`; see `planned`.

        Args:
            words: The words after `docker create`.
        """
        ran = self.client.run("create", (*self._options, *words), self.labels)
        if ran.container is None:
            refusal = ran.refusal()
            # Without the exit code, because `docker create` has other codes than `docker run` (CLI-9).
            return Refusal(refusal.phase, refusal.kind, refusal.message)
        try:
            return self.path_and_args(ran.container)
        finally:
            self.remove(ran.container)

    def observed_by_client(self, words: Words) -> tuple[Outcome, Outcome]:
        """Run `docker run`, and read both outcomes; see `observed` and `planned_by_client`."""
        for _ in range(ATTEMPTS):
            ran = self.client.run("run", (*self._options, *words), self.labels)
            if not ran.created:
                return ran.refusal(), ran.refusal()
            about = None
            if ran.container is not None:
                about = self._about(ran.container)
                self.remove(ran.container)
            if ran.output or ran.message:
                # With --rm the container is already removed.
                plan = self.planned_by_client(words) if about is None else self._plan(about)
                state = None if about is None else int(about["State"]["ExitCode"])
                codes = Codes(state=state, run=ran.exit_code)
                return plan, Process(_argv(ran.output), codes) if ran.output else ran.refusal(state)
        raise self._lost(f"neither output nor message, exit code {ran.exit_code}")

    @property
    def _options(self) -> Words:
        limits = CGROUP_LIMITS if self.engine.can_limit and self.runtime not in SANDBOXES else ()
        return (*limits, f"--runtime={self.runtime}") if self.runtime else limits

    def create(self, tag: str, request: Request | RawRequest | PyCall) -> str | Refusal:
        """Create a container, and return its id; see `planned`."""
        if isinstance(request, PyCall):
            return self._create_by_docker_py(tag, request)
        requested = request.body()
        runtime: dict[str, Any] = {"Runtime": self.runtime} if self.runtime else {}
        if self.runtime in SANDBOXES:
            runtime |= {"Memory": 0, "PidsLimit": 0}
        body = {
            **requested,
            "Image": tag,
            "Labels": dict(self.labels),
            # A key that recurs is decoded into the earlier one, so what is requested remains (MERGE-12).
            unused_spelling("HostConfig", requested): {**self.engine.limits, **runtime},
            "NetworkDisabled": True,
        }
        try:
            return self.engine.create_container(body)
        except Refused as refused:
            return create_refusal(refused.message, Codes(refused.status))

    def _create_by_docker_py(self, tag: str, call: PyCall) -> str | Refusal:
        given = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in (("command", call.command), ("entrypoint", call.entrypoint))
        }
        try:
            return self.engine.create_by_docker_py(tag, self.labels, **given)
        except ValueError as error:
            return Refusal("client", "bad-option", str(error))
        except Refused as refused:
            return create_refusal(refused.message, Codes(refused.status))

    def _about(self, container: str) -> Any:
        """The output of `docker inspect`; None if the container does not exist."""
        try:
            return self.engine.get(f"/containers/{container}/json")
        except Refused as refused:
            if refused.status != 404:
                raise
            return None

    def path_and_args(self, container: str) -> Process:
        """The `Path` and `Args` of a container; see `planned` for the faults."""
        return self._plan(self._about(container))

    def _plan(self, about: Any) -> Process:
        argv = (about["Path"], *about["Args"])
        if self.engine.product == "podman" and argv == 2 * argv[:1]:
            # Podman shows a single word in both Path and Args. The number of words is that of the config's
            # Entrypoint and Cmd; if these are empty, the words were the image's Cmd.
            config = about["Config"]
            entrypoint, cmd = (config[key] or [] for key in ("Entrypoint", "Cmd"))
            words = [*([] if entrypoint == [""] else entrypoint), *cmd] or entrypoint
            if not words:
                words = self.engine.get(f"/images/{about['Image']}/json")["Config"].get("Cmd") or [""]
            argv = argv[: len(words)]
        return Process(argv)

    def _state(self, container: str) -> Any:
        return self._about(container)["State"]

    def _run(self, container: str) -> Outcome | None:
        """Start a container and read its output until it ends; None if there is none.

        It is attached before the start. The log, followed from right after the start, can be empty if the
        container ends at once (observed on 20.10.24).
        """
        try:
            output, message = self._read(container, start=True, stream="1")
        except Refused as refused:
            return self._refused_start(container, refused)
        ended = int(self.engine.post(f"/containers/{container}/wait")["StatusCode"])
        if not output and not message:
            output, message = self._read(container, start=False, logs="1")
        codes = Codes(201, 204, ended)
        if output:
            return Process(_argv(output), codes)
        return start_refusal(message.decode(errors="replace"), codes) if message else None

    def _refused_start(self, container: str, refused: Refused) -> Outcome | None:
        if self.engine.product == "podman":
            # Podman prepares a container when a client attaches to it, so the refusal came before the start.
            try:
                self.engine.post(f"/containers/{container}/start")
            except Refused as of_start:
                refused = of_start
            else:
                return None
        state = int(self._state(container)["ExitCode"])
        return start_refusal(refused.message, Codes(201, refused.status, state))

    def _read(self, container: str, *, start: bool, **params: str) -> tuple[bytes, bytes]:
        """Attach to a container with some parameters, and read its standard output and error."""
        params = {"stdout": "1", "stderr": "1", **params}
        with self.engine.post_stream(f"/containers/{container}/attach", params=params) as chunks:
            if start:
                self.engine.post(f"/containers/{container}/start")
            return _streams(b"".join(chunks))

    def remove(self, container: str) -> None:
        """Remove a container if it exists."""
        self.engine.delete(f"/containers/{container}", force="1", v="1")

    def _lost(self, why: str) -> EngineDied:
        return EngineDied(
            f"the engine {self.engine.name} lost the output of a container {ATTEMPTS} times in a row",
            f"the probe always prints its argv; {why}",
            "look at the engine's own log",
        )


def _streams(frames: bytes) -> tuple[bytes, bytes]:
    output = {True: b"", False: b""}
    at = 0
    while at < len(frames):  # a frame: one byte for the stream, three unused, four for its length
        length = int.from_bytes(frames[at + 4 : at + 8], "big")
        output[frames[at] == _STDOUT] += frames[at + 8 : at + 8 + length]
        at += 8 + length
    return output[True], output[False]


def _argv(output: bytes) -> tuple[str, ...]:
    return tuple(word.decode("utf-8", "surrogateescape") for word in output.split(b"\0")[:-1])
