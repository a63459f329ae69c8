"""The first words with an address: does somebody answer, is it an engine, and can it be used?"""

import json
import socket
from typing import Any, Final

import docker
import requests
from docker.errors import DockerException
from docker.tls import TLSConfig

from cmdpoint.engines.faults import ApiTooOld, NotAnEngine, Unreachable, UnsupportedPlatform
from cmdpoint.engines.probe import ARCHITECTURES

OLDEST_API: Final = {"docker": (1, 41), "podman": (1, 40)}
"""The APIs of Docker Engine 20.10 and Podman 3.0, the oldest engines whose dialects are described."""

CONNECTIONS: Final = 64
"""How many connections to one engine are kept; docker-py's 10 would make threads wait for each other."""

ANSWER_SECONDS: Final = 10
"""How long an address may take to answer."""


def connect(url: str, tls: TLSConfig | None) -> tuple[docker.APIClient, dict[str, Any]]:
    """Connect to an engine and let it say what it is.

    Args:
        url: `unix://...`, `tcp://...` or `ssh://...`.
        tls: Certificates, for `tcp` with TLS.

    Returns:
        The client, and the engine's answer to `GET /version`.

    Raises:
        Unreachable: Nothing answers.
        NotAnEngine: What answers is no Docker Engine.
        UnsupportedPlatform: It runs Windows containers, or its CPU has no probe.
        ApiTooOld: It is older than Docker 20.10 or Podman 3.0.
    """
    if url.startswith("unix://"):
        _knock(url)
    client = None
    try:
        # A version is named so that docker-py does not ask for it itself, and hide what it is answered.
        client = _client(url, tls, OLDEST_API["docker"])
        answer = client.get(f"{client.base_url}/version", timeout=ANSWER_SECONDS)
        about = _about(answer, url)
        _check(about, url)
        # An engine may know older ones no longer.
        if (oldest := _api(about.get("MinAPIVersion", "0"))) > OLDEST_API["docker"]:
            client.close()
            client = _client(url, tls, oldest)
    except (DockerException, requests.exceptions.ConnectionError, requests.exceptions.Timeout) as error:
        _close(client)
        if "BadStatusLine" in repr(error) or "RemoteDisconnected" in repr(error):
            raise _not_an_engine(url, root_cause(error)) from error
        # What docker-py itself misses, it says itself; behind that is only how it noticed.
        why = str(error) if "paramiko" in str(error) else root_cause(error)
        raise _unreachable(url, why) from error
    except BaseException:
        _close(client)
        raise
    return client, about


def product_of(about: dict[str, Any]) -> str:
    """Which product an engine is that answers so to `GET /version`: `docker` or `podman`."""
    names = {each["Name"] for each in about.get("Components") or []}
    return "podman" if "Podman Engine" in names else "docker"


def root_cause(error: BaseException) -> str:
    """The words of the exception that caused an exception."""
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


class _Client(docker.APIClient):
    """docker-py's client, which holds a server against the authority that it was told of."""

    def merge_environment_settings(self, url: Any, proxies: Any, stream: Any, verify: Any, cert: Any) -> Any:
        """Let REQUESTS_CA_BUNDLE name the authority only where none was told; requests would prefer it."""
        verify = self.verify if verify is None else verify
        return super().merge_environment_settings(url, proxies, stream, verify, cert)


def _client(url: str, tls: TLSConfig | None, version: tuple[int, ...]) -> docker.APIClient:
    return _Client(
        base_url=url, tls=tls or False, version=".".join(map(str, version)), max_pool_size=CONNECTIONS
    )


def _api(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))


def _knock(url: str) -> None:
    """Connect to a socket and leave; where that fails, docker-py would not close its own."""
    with socket.socket(socket.AF_UNIX) as knock:
        knock.settimeout(ANSWER_SECONDS)
        try:
            knock.connect(url.removeprefix("unix://"))
        except OSError as error:
            raise _unreachable(url, error.strerror or str(error)) from error


def _about(answer: requests.Response, url: str) -> dict[str, Any]:
    try:
        about = answer.json()
    except ValueError:
        about = answer.text
    if not isinstance(about, dict) or not {"Version", "ApiVersion", "Os"} <= about.keys():
        raise _not_an_engine(url, f"GET /version answers {answer.status_code} {json.dumps(about)[:200]}")
    return about


def _check(about: dict[str, Any], url: str) -> None:
    if about["Os"] != "linux":
        raise UnsupportedPlatform(
            f"the engine at {url} runs {about['Os']} containers",
            "the rules here are those of Linux containers",
            "switch the engine to Linux containers, or name another one with --engine",
        )
    if about.get("Arch") not in ARCHITECTURES:
        raise UnsupportedPlatform(
            f"the engine at {url} runs on {about.get('Arch')}",
            f"there is a probe for {' and '.join(ARCHITECTURES)} only",
            "write one like those in engines/probe, or name another engine with --engine",
        )
    oldest = OLDEST_API[product_of(about)]
    if _api(about["ApiVersion"]) < oldest:
        raise ApiTooOld(
            f"the engine at {url} speaks API {about['ApiVersion']}",
            f"cmdpoint needs {'.'.join(map(str, oldest))}, that of Docker 20.10 or Podman 3.0",
            "upgrade the engine, or name another one with --engine",
        )


def _unreachable(url: str, why: str) -> Unreachable:
    remedy = "start the engine, name another one, or see that this user may use its socket"
    if "paramiko" in why:
        remedy = (
            "pip install paramiko; or let ssh itself bring the socket here, "
            f"`ssh -nNT -L /tmp/engine.sock:/var/run/docker.sock {url.removeprefix('ssh://')}`, "
            "and name unix:///tmp/engine.sock"
        )
    return Unreachable(f"no engine answers at {url}", why, remedy)


def _not_an_engine(url: str, why: str) -> NotAnEngine:
    return NotAnEngine(
        f"what answers at {url} is no Docker Engine", why, "check the address (DOCKER_HOST, --engine)"
    )


def _close(client: docker.APIClient | None) -> None:
    if client is not None:
        client.close()
