"""Where daemons that already run may be met: the one that somebody named, and else the usual sockets."""

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
"""Below which the sockets of the whole machine's daemons are."""


@dataclass(frozen=True)
class Address:
    """Where a daemon may be met.

    Attributes:
        url: Its address.
        tls: The certificates to show it, if it wants any.
    """

    url: str
    tls: TLSConfig | None = None


def configured_daemon() -> Address | None:
    """Return the daemon that the environment names: with DOCKER_HOST, or by the active Docker context.

    Raises:
        Unreachable: What names it cannot be read, or names none.
    """
    if url := os.environ.get("DOCKER_HOST"):
        return Address(url, tls_of_environment())
    return _of_context()


def default_sockets() -> Iterator[Path]:
    """Yield the usual sockets of daemons: Docker's before Podman's, the machine's before the user's."""
    own = Path(os.environ.get("XDG_RUNTIME_DIR") or SYSTEM / f"run/user/{os.geteuid()}")
    yield SYSTEM / "var/run/docker.sock"
    yield own / "docker.sock"
    yield SYSTEM / "run/podman/podman.sock"
    yield own / "podman/podman.sock"


def tls_of_environment() -> TLSConfig | None:
    """Return the certificates that DOCKER_CERT_PATH and DOCKER_TLS_VERIFY speak of, if they do.

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
    return Address(context.Host.removeprefix("http+"), context.TLSConfig)
