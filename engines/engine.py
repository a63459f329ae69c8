"""A connection to an engine: what it is, and requests to it whose failures are told apart.

docker-py carries the requests, but bodies are sent as they stand: its own create call would drop a null,
and to an entrypoint null, `[]` and `[""]` are three different things.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Final

import docker
import requests
from docker.errors import DockerException, TLSParameterError
from docker.tls import TLSConfig

from engines.faults import (
    ApiTooOld,
    DiskFull,
    EngineDied,
    Fault,
    NotAnEngine,
    Unreachable,
    UnsupportedPlatform,
)
from engines.probe import ARCHITECTURES

OLDEST_API: Final = (1, 41)
"""The API of Docker Engine 20.10, the oldest engine whose dialect is described."""

CONNECTIONS: Final = 64
"""How many connections to one engine are kept; docker-py's 10 would make threads wait for each other."""

REQUEST_SECONDS: Final = 120
"""How long a single request may take before the engine counts as dead."""

ANSWER_SECONDS: Final = 10
"""How long an address may take to answer the first question."""


class Refused(Exception):
    """The engine answered a request with an error: a verdict, not a fault.

    Attributes:
        status: The HTTP status; 0 where the engine dropped the request and lived on.
        message: The engine's words.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message


class Engine:
    """An engine that answers.

    Attributes:
        url: Its address.
        name: What it is, such as `docker-20.10.24`.
        version: As it reports it.
        architecture: The CPU its containers run on.
    """

    def __init__(self, url: str, tls: TLSConfig | None = None) -> None:
        """Connect.

        Args:
            url: `unix://...`, `tcp://...` or `ssh://...`.
            tls: Certificates, for `tcp` with TLS.

        Raises:
            Unreachable: Nothing answers.
            NotAnEngine: What answers is no Docker Engine.
            UnsupportedPlatform: It runs Windows containers, or its CPU has no probe.
            ApiTooOld: It is older than Docker 20.10.
        """
        self.url = url
        self._api = _client(url, tls)
        about = _about(self._api, url)
        self.version = str(about["Version"])
        self.architecture = str(about.get("Arch"))
        self.name = f"docker-{self.version.split('+')[0]}"
        _check(about, url)
        self._root = f"{self._api.base_url}/v{self._api.api_version}"

    def close(self) -> None:
        """Close the connections."""
        self._api.close()

    @cached_property
    def limits(self) -> dict[str, Any]:
        """The HostConfig of every container: no network, no capability, no writing, little memory."""
        return {
            "NetworkMode": "none",
            "CapDrop": ["ALL"],
            "ReadonlyRootfs": True,
            "Memory": 32 * 1024 * 1024,
            "PidsLimit": 16,
            "SecurityOpt": ["no-new-privileges"],
            "LogConfig": {"Type": "json-file"},
        }

    def get(self, path: str, **params: str) -> Any:
        """GET a path below the API's root; the answer's JSON.

        Raises:
            Refused: The engine answers with an error.
            EngineDied: It does not answer.
        """
        return self._json("GET", path, params=params)

    def post(self, path: str, body: Any = None, **params: str) -> Any:
        """POST a JSON body to a path below the API's root; see `get`."""
        return self._json("POST", path, params=params, json=body)

    def delete(self, path: str, **params: str) -> None:
        """DELETE a path below the API's root, if it is there; see `get`."""
        try:
            self._json("DELETE", path, params=params)
        except Refused as refused:
            if refused.status not in (404, 409):
                raise

    @contextmanager
    def post_stream(self, path: str, **request: Any) -> Iterator[Iterator[bytes]]:
        """POST, and the body of the answer as it arrives, in chunks; see `get` for the errors.

        The engine has accepted the request when the context is entered.
        """
        url = self._root + path
        with (
            self._talking(),
            self._api.post(url, stream=True, timeout=REQUEST_SECONDS, **request) as answer,
        ):
            _raise_if_refused(answer)
            yield answer.iter_content(chunk_size=None)

    def _json(self, method: str, path: str, **request: Any) -> Any:
        with self._talking():
            answer = self._api.request(method, self._root + path, timeout=REQUEST_SECONDS, **request)
        _raise_if_refused(answer)
        return answer.json() if answer.content else None

    def _answers(self) -> bool:
        try:
            return self._api.get(f"{self._api.base_url}/_ping", timeout=10).ok
        except requests.exceptions.RequestException:
            return False

    @contextmanager
    def _talking(self) -> Iterator[None]:
        try:
            yield
        except requests.exceptions.RequestException as error:
            if not isinstance(error, requests.exceptions.Timeout) and self._answers():
                # It dropped this request and lives: a handler of its panicked, and that is its own doing.
                raise Refused(0, "the engine closed the connection without an answer") from error
            raise EngineDied(
                f"the engine at {self.url} stopped answering",
                _innermost(error),
                "look at the engine's own log, and run again",
            ) from error


def full_disk(message: str) -> Fault:
    """The fault to raise where an engine's message says that it has no room left."""
    return DiskFull(
        "the engine has no room left", message.strip(), "free some space where the engine keeps its data"
    )


def _raise_if_refused(answer: requests.Response) -> None:
    if answer.status_code < 400:
        return
    try:
        message = str(answer.json()["message"])
    except (ValueError, KeyError, TypeError):
        message = answer.text
    if "no space left on device" in message:
        raise full_disk(message)
    raise Refused(answer.status_code, message)


def _client(url: str, tls: TLSConfig | None) -> docker.APIClient:
    try:
        return docker.APIClient(
            base_url=url,
            tls=tls or False,
            version="auto",
            timeout=ANSWER_SECONDS,
            num_pools=4,
            max_pool_size=CONNECTIONS,
        )
    except (DockerException, TLSParameterError, requests.exceptions.RequestException, ValueError) as error:
        cause = _innermost(error)
        if _answers_otherwise(error):
            raise _not_an_engine(url, cause) from error
        raise Unreachable(
            f"no engine answers at {url}", cause, "start the engine, or name another one with --engine"
        ) from error


def _about(api: docker.APIClient, url: str) -> dict[str, Any]:
    try:
        about = api.version(api_version=False)
    except (DockerException, requests.exceptions.RequestException, ValueError) as error:
        raise _not_an_engine(url, _innermost(error)) from error
    if not isinstance(about, dict) or not {"Version", "ApiVersion", "Os"} <= about.keys():
        raise _not_an_engine(url, f"GET /version answers {json.dumps(about)[:200]}")
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
    if tuple(map(int, about["ApiVersion"].split("."))) < OLDEST_API:
        oldest = ".".join(map(str, OLDEST_API))
        raise ApiTooOld(
            f"the engine at {url} speaks API {about['ApiVersion']}",
            f"cmdpoint needs {oldest}, that of Docker 20.10",
            "upgrade the engine, or name another one with --engine",
        )


def _not_an_engine(url: str, why: str) -> Fault:
    return NotAnEngine(
        f"what answers at {url} is no Docker Engine", why, "check the address (DOCKER_HOST, --engine)"
    )


def _answers_otherwise(error: BaseException) -> bool:
    """Whether somebody was there who does not speak the API, rather than nobody."""
    chain: BaseException | None = error
    while chain is not None:
        if isinstance(chain, ConnectionRefusedError | FileNotFoundError | PermissionError | TimeoutError):
            return False
        if isinstance(chain, ValueError | KeyError) or "BadStatusLine" in repr(chain):
            return True
        chain = chain.__cause__ or chain.__context__
    return "Error while fetching server API version: 4" in str(error) or "RemoteDisconnected" in str(error)


def _innermost(error: BaseException) -> str:
    while (inner := error.__cause__ or error.__context__) is not None:
        error = inner
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
