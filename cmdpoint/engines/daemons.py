"""Find the addresses of daemons: the configured one, or else the default sockets."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from docker.context import ContextAPI
from docker.errors import TLSParameterError
from docker.tls import TLSConfig
from docker.utils import kwargs_from_env

from cmdpoint.engines.faults import Unreachable

SYSTEM: Final = Path("/")
"""The folder below which the system's daemons have their sockets."""


@dataclass(frozen=True)
class Address:
    """The address of a daemon.

    Attributes:
        url: The address.
        tls: The certificates to use, if the daemon requires them.
    """

    url: str
    tls: TLSConfig | None = None


def configured_daemon() -> Address | None:
    """Return the daemon that DOCKER_HOST or the active Docker context names.

    Raises:
        Unreachable: The Docker context cannot be read, or names no daemon.
    """
    if url := os.environ.get("DOCKER_HOST"):
        return Address(url, tls_of_environment())
    return _of_context()


def default_sockets() -> Iterator[Path]:
    """Yield the default sockets of daemons: Docker's before Podman's, the system's before the user's."""
    own = Path(os.environ.get("XDG_RUNTIME_DIR") or SYSTEM / f"run/user/{os.geteuid()}")
    yield SYSTEM / "var/run/docker.sock"
    yield own / "docker.sock"
    yield SYSTEM / "run/podman/podman.sock"
    yield own / "podman/podman.sock"


def tls_of_environment() -> TLSConfig | None:
    """Return the certificates that DOCKER_CERT_PATH and DOCKER_TLS_VERIFY name, if any.

    Raises:
        Unreachable: They cannot be used.
    """
    try:
        tls: TLSConfig | None = kwargs_from_env().get("tls")
    except TLSParameterError as error:
        raise Unreachable(
            "the certificates for the Docker daemon cannot be used",
            str(error),
            "check DOCKER_CERT_PATH and DOCKER_TLS_VERIFY",
        ) from error
    return tls


def _of_context() -> Address | None:
    """The daemon of the active Docker context; None for the built-in context, which names none."""
    chosen = os.environ.get("DOCKER_CONTEXT")
    try:
        context = ContextAPI.get_context(chosen)
        host = None if context is None else context.Host
        tls = None if context is None else context.TLSConfig
    except Exception as error:  # docker-py raises bare exceptions for a damaged context
        raise Unreachable(
            "the Docker context cannot be read", str(error), "fix it, or choose another: docker context use"
        ) from error
    if context is None or not isinstance(host, str) or not host:
        raise Unreachable(
            f"the Docker context {chosen or 'in use'} does not exist or names no daemon",
            "DOCKER_CONTEXT or currentContext in Docker's config.json names it",
            "see `docker context ls`, or name a daemon with DOCKER_HOST",
        )
    if context.name == "default":
        return None
    # Contexts that docker-py itself creates have its internal name of the scheme.
    return Address(host.removeprefix("http+"), tls)
