"""From the name of an engine, as a person gives it, to an address where one answers.

A daemon that somebody named, by an address, DOCKER_HOST or a Docker context, is used or reported, never
silently replaced; only where nobody named one does `auto` look further, and at last start a private engine.
"""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from docker.context import ContextAPI
from docker.errors import TLSParameterError
from docker.tls import TLSConfig
from docker.utils import kwargs_from_env

from engines.cache import Progress, silent
from engines.client import Client
from engines.engine import Engine
from engines.faults import NoEngine, UnknownEngine, Unreachable
from engines.names import Wanted, root_of
from engines.private import PrivateEngine, check_abilities

SYSTEM_SOCKET = Path("/var/run/docker.sock")
SCHEMES = ("unix://", "tcp://", "ssh://")


@dataclass(frozen=True)
class Found:
    """An engine that answers.

    Attributes:
        url: Its address.
        tls: The certificates to show it, if it wants any.
        private: The engine itself, where it was started for this call.
    """

    url: str
    tls: TLSConfig | None = None
    private: PrivateEngine | None = None

    def client(self, product: str) -> Client:
        """Its `docker` or `podman` command: a private engine's own, or else the machine's, if there is one.

        Args:
            product: What the engine says it is, `docker` or `podman`.
        """
        if self.private:
            return Client(tuple(self.private.cli_argv()))
        program = shutil.which(product)
        options = ("--remote", "--url") if product == "podman" else ("--host",)
        return Client((program, *options, self.url) if program else ())

    @property
    def runtimes(self) -> tuple[str, ...]:
        """The runtimes that can be asked for besides the default; known of private engines alone."""
        return self.private.root.runtimes if self.private else ()

    def connect(self) -> Engine:
        """Connect to it; the engine's own faults say why that fails."""
        return Engine(self.url, self.tls)

    def stop(self) -> None:
        """Stop the engine if it was started here; leave anybody else's alone."""
        if self.private:
            self.private.stop()


def find(name: str, progress: Progress = silent) -> Found:
    """Find, or start, the engine of a name.

    Args:
        name: `auto`, `host`, `private`, `private:<suite>` or an address.
        progress: Told what takes time.

    Raises:
        UnknownEngine: There is no such name.
        Unreachable: An address was named, here or in the environment, and nothing answers there.
        NoEngine: No daemon answers, or a private one cannot be started.
        Fault: What answers is no engine, or the private engine could not be unpacked.
    """
    if name == "auto":
        try:
            return _daemon()
        except NoEngine as no_daemon:
            try:
                return _private(Wanted("docker"), progress)
            except NoEngine as no_private:
                raise NoEngine(
                    no_daemon.what, f"{no_daemon.why}; {no_private.what}: {no_private.why}", no_daemon.remedy
                ) from no_private
    if name == "host":
        return _daemon()
    if wanted := Wanted.read(name):
        return _private(wanted, progress)
    if name.startswith(SCHEMES):
        return _answering(name, _tls_of_environment() if name.startswith("tcp://") else None)
    raise UnknownEngine(
        f"there is no engine {name!r}",
        "an engine is auto, host, private, private:SUITE, or an address that starts with "
        + ", ".join(SCHEMES),
        "name one of these",
    )


def _daemon() -> Found:
    """Find a daemon that already runs: the one that was named, or else one at the usual places."""
    if url := os.environ.get("DOCKER_HOST"):
        return _answering(url, _tls_of_environment())
    if found := _of_context():
        return found
    sockets = [SYSTEM_SOCKET]
    if runtime := os.environ.get("XDG_RUNTIME_DIR"):
        sockets.append(Path(runtime, "docker.sock"))
    silence: list[str] = []
    for path in sockets:
        try:
            return _answering(f"unix://{path}")
        except Unreachable as fault:
            silence.append(f"{path}: {fault.why}")
    raise NoEngine(
        "no Docker daemon answers",
        "; ".join(["neither DOCKER_HOST nor a Docker context names one", *silence]),
        "start a daemon, name one with DOCKER_HOST, or, as root on Debian or Ubuntu, use the engine private",
    )


def _of_context() -> Found | None:
    """Follow the active Docker context, unless that is the built-in one, which names nothing."""
    chosen = os.environ.get("DOCKER_CONTEXT")
    try:
        context = ContextAPI.get_context(chosen)
    except Exception as error:  # docker-py raises bare exceptions for a damaged context
        raise Unreachable(
            "the Docker context cannot be read", str(error), "mend or leave it: docker context"
        ) from error
    if context is None or not context.Host:
        raise Unreachable(
            f"the Docker context {chosen or 'in use'} does not exist or names no daemon",
            "DOCKER_CONTEXT or currentContext in Docker's config.json names it",
            "see `docker context ls`, or name a daemon with DOCKER_HOST",
        )
    if context.name == "default":
        return None
    # docker-py puts its inner name of the scheme into the contexts that it creates itself.
    return _answering(context.Host.removeprefix("http+"), context.TLSConfig)


def _tls_of_environment() -> TLSConfig | None:
    try:
        tls: TLSConfig | None = kwargs_from_env().get("tls")
    except TLSParameterError as error:
        raise Unreachable(
            "the certificates for the Docker daemon cannot be used",
            str(error),
            "check DOCKER_CERT_PATH and DOCKER_TLS_VERIFY",
        ) from error
    return tls


def _answering(url: str, tls: TLSConfig | None = None) -> Found:
    """Return the address once an engine has answered there; the engine's own faults say why if none does."""
    Engine(url, tls).close()
    return Found(url, tls)


def _private(wanted: Wanted, progress: Progress) -> Found:
    # Before hundreds of megabytes are unpacked in vain.
    check_abilities()
    engine = PrivateEngine.start(root_of(wanted, progress), wanted.store, progress=progress)
    return Found(engine.url, private=engine)
