"""Check an address before a run: does an engine answer there, and can cmdpoint use it?"""

import socket
from typing import Any, Final

import docker
import requests
from docker.errors import DockerException
from docker.tls import TLSConfig
from docker.transport import UnixHTTPAdapter

from cmdpoint.engines.driver.responses import body_of, json_of
from cmdpoint.engines.driver.version_info import VersionInfo
from cmdpoint.engines.faults import (
    ApiTooOld,
    InvalidResponse,
    NotAnEngine,
    Unreachable,
    UnsupportedPlatform,
)
from cmdpoint.engines.probe import ARCHITECTURES

OLDEST_API: Final = {"docker": (1, 41), "podman": (1, 40)}
"""The APIs of Docker Engine 20.10 and Podman 3.0, the oldest engines whose dialects are described."""

CONNECTIONS: Final = 64
"""How many connections to one engine stay open; with docker-py's 10, threads wait for each other."""

ANSWER_SECONDS: Final = 10
"""How long an address may take to answer."""

LONGEST_VERSION: Final = 1024 * 1024
"""How many bytes the response to `GET /version` may have."""


def connect(url: str, tls: TLSConfig | None) -> tuple[docker.APIClient, VersionInfo]:
    """Connect to an engine and read what it reports about itself.

    Args:
        url: `unix://...`, `tcp://...` or `ssh://...`.
        tls: Certificates, for `tcp` with TLS.

    Returns:
        The client, and the engine's response to `GET /version`.

    Raises:
        Unreachable: Nothing answers.
        NotAnEngine: The server is not a Docker Engine.
        UnsupportedPlatform: It runs Windows containers, or there is no probe for its CPU.
        ApiTooOld: It is older than Docker 20.10 or Podman 3.0.
    """
    if url.startswith("unix://"):
        _try_socket(url)
    client = None
    try:
        # With a version given, docker-py does not request /version itself, whose response it would hide.
        client = _client(url, tls, OLDEST_API["docker"])
        info = _version_info(client, url)
        _check(info, url)
        # A newer engine may no longer speak the oldest API.
        if info.oldest_api > OLDEST_API["docker"]:
            client.close()
            client = _client(url, tls, info.oldest_api)
    except (DockerException, requests.exceptions.RequestException, ValueError) as error:
        _close(client)
        if "BadStatusLine" in repr(error) or "RemoteDisconnected" in repr(error):
            raise _not_an_engine(url, root_cause(error)) from error
        # If a library is missing, docker-py's own message names it, and the cause does not.
        why = str(error) if "paramiko" in str(error) else root_cause(error)
        raise _unreachable(url, why) from error
    except BaseException:
        _close(client)
        raise
    return client, info


def root_cause(error: BaseException) -> str:
    """Return the class and the message of the exception that first caused an exception."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


class _Client(docker.APIClient):
    """docker-py's client, which checks a server's certificate against the authority that was configured."""

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        """Use REQUESTS_CA_BUNDLE only if no authority is configured; requests would prefer it."""
        verify = self.verify if verify is None else verify
        return super().merge_environment_settings(url, proxies, stream, verify, cert)


class _Socket(UnixHTTPAdapter):
    """docker-py's connections to a socket, which are used again.

    docker-py has a pool of connections for each URL, and nearly every request has another URL.
    """

    def get_connection(self, url: Any, proxies: Any = None) -> Any:
        """The one pool."""
        return super().get_connection(self.socket_path, proxies)


def _client(url: str, tls: TLSConfig | None, version: tuple[int, ...]) -> docker.APIClient:
    client = _Client(
        base_url=url, tls=tls or False, version=".".join(map(str, version)), max_pool_size=CONNECTIONS
    )
    if url.startswith("unix://"):
        client.mount("http+docker://", _Socket(f"http+{url}", client.timeout, max_pool_size=CONNECTIONS))
        client.trust_env = False  # there is no proxy for a socket
    return client


def _try_socket(url: str) -> None:
    """Connect to a socket and close the connection: when connecting fails, docker-py leaves its own open."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(ANSWER_SECONDS)
        try:
            connection.connect(url.removeprefix("unix://"))
        except OSError as error:
            raise _unreachable(url, error.strerror or str(error)) from error
        except ValueError as error:
            raise _unreachable(url, str(error)) from error


def _version_info(client: docker.APIClient, url: str) -> VersionInfo:
    with client.get(f"{client.base_url}/version", stream=True, timeout=ANSWER_SECONDS) as response:
        status = response.status_code
        try:
            body = body_of(response, ANSWER_SECONDS, LONGEST_VERSION)
            return VersionInfo.read(json_of(body, "GET /version"))
        except InvalidResponse as fault:
            raise _not_an_engine(url, f"GET /version returns {status}: {fault.why}") from fault
        except ValueError as error:
            raise _not_an_engine(url, f"GET /version returns {status}: {error}") from error


def _check(info: VersionInfo, url: str) -> None:
    if info.os != "linux":
        raise UnsupportedPlatform(
            f"the engine at {url} runs {info.os} containers",
            "cmdpoint describes Linux containers only",
            "switch the engine to Linux containers, or name another engine with --engine",
        )
    if info.arch not in ARCHITECTURES:
        raise UnsupportedPlatform(
            f"the engine at {url} runs on {info.arch}",
            f"cmdpoint has a probe for {' and '.join(ARCHITECTURES)} only",
            "write a probe like those in cmdpoint/engines/probe, or name another engine with --engine",
        )
    oldest = OLDEST_API[info.product]
    if info.api < oldest:
        raise ApiTooOld(
            f"the engine at {url} speaks API {info.api_text}",
            f"cmdpoint needs {'.'.join(map(str, oldest))}, that of Docker 20.10 or Podman 3.0",
            "upgrade the engine, or name another engine with --engine",
        )


def _unreachable(url: str, why: str) -> Unreachable:
    remedy = "start the engine, name another one, or check that this user may use its socket"
    if "paramiko" in why:
        remedy = (
            "pip install paramiko; or forward the socket with ssh itself, "
            f"`ssh -nNT -L /tmp/engine.sock:/var/run/docker.sock {url.removeprefix('ssh://')}`, "
            "and name unix:///tmp/engine.sock"
        )
    return Unreachable(f"no engine answers at {url}", why, remedy)


def _not_an_engine(url: str, why: str) -> NotAnEngine:
    return NotAnEngine(
        f"the server at {url} is not a Docker Engine", why, "check the address (DOCKER_HOST, --engine)"
    )


def _close(client: docker.APIClient | None) -> None:
    if client is not None:
        client.close()
