"""A connection to an engine: what the engine is, and requests that distinguish refusals from faults.

docker-py sends the requests, but their bodies are sent unchanged: its own create call drops a null, and for
an entrypoint null, `[]` and `[""]` mean three different things.
"""

import json
import re
import time
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cached_property
from typing import Any, Final

import requests
from docker.errors import APIError
from docker.tls import TLSConfig

from cmdpoint.engines.driver.exclusive_access import ExclusiveAccess, needs_exclusive_access
from cmdpoint.engines.driver.handshake import connect, root_cause
from cmdpoint.engines.driver.responses import body_of, id_of, json_of, object_of, objects_of
from cmdpoint.engines.faults import DiskFull, EngineDied, Fault
from cmdpoint.oracle.dialect.data import store_suffix

REQUEST_SECONDS: Final = 120
"""How long a single request may take before the engine counts as dead."""


BUILDERS: Final = {"docker": ("classic", "buildkit"), "podman": ("buildah",)}
"""The builders of each product."""


_RACE: Final = re.compile(
    "/(?:containers|images)/json 404 "
    "|.* 500 .*(?:image not known|container state improper: stopped|size is not known)",
    re.DOTALL,
)
"""The path, status and message of responses that fail because a container or an image is removed meanwhile.

With containerd's image store, Docker answers 404 to a list; Podman 4.3 fails. A later request succeeds.
"""

_RACE_SECONDS: Final = 600
"""How long the request is repeated, because other clients may be removing their images for that long."""


class Refused(Exception):
    """The engine answered a request with an error: a verdict, not a fault.

    Attributes:
        status: The HTTP status; 0 if the engine closed the connection but still runs.
        message: The engine's message.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, message)
        self.status = status
        self.message = message


class Engine:
    """An engine that answers.

    Attributes:
        url: Its address.
        product: `docker` or `podman`.
        name: Its name, such as `docker-20.10.24` or `docker-28.5.2+containerd`.
        version: Its version, as it reports it.
        builders: Its builders; see `BUILDERS`.
        store: `containerd` for containerd's image store; empty for the engine's own store.
        architecture: The CPU of its containers.
        runtime: Its default runtime, such as `runc-1.1.5`.
    """

    def __init__(self, url: str, tls: TLSConfig | None = None) -> None:
        """Connect; see `handshake.connect` for the arguments and errors."""
        self.url = url
        self._api, about = connect(url, tls)
        self.version = about.version
        self.architecture = about.arch
        self.product = about.product
        self.builders = BUILDERS[self.product]
        self._exclusive_access = (
            ExclusiveAccess(url) if needs_exclusive_access(self.product, self.numbers) else None
        )
        self._root = f"{self._api.base_url}/v{about.api_text}"
        try:
            self._info = self._get_or_nothing("/info")
            self.runtime = about.runtime or _podman_runtime(self._get_or_nothing("/libpod/info"))
        except BaseException:
            self.close()
            raise
        self.store = _store(self._info)
        version = self.version.split("+")[0]
        self.name = f"{self.product}-{version}{store_suffix(self.product, version, self.store)}"

    @property
    def numbers(self) -> tuple[int, ...]:
        """The numbers of the version."""
        return tuple(map(int, re.findall(r"\d+", self.version)[:3]))

    def exclusive(self) -> AbstractContextManager[None]:
        """The context in which another client may use the engine; see `exclusive_access`."""
        return self._exclusive_access.hold() if self._exclusive_access else nullcontext()

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
            **({"Memory": 32 * 1024 * 1024, "PidsLimit": 16} if self.can_limit else {}),
            "SecurityOpt": ["no-new-privileges"],
            "LogConfig": {"Type": "json-file"},
        }

    @property
    def can_limit(self) -> bool:
        """Whether the engine has the cgroups to limit the resources of a container."""
        return bool(self._info.get("MemoryLimit", True))

    def create_by_docker_py(
        self, image: str, labels: Mapping[str, str], command: Any = None, entrypoint: Any = None
    ) -> str:
        """Let docker-py itself create a container, and return its id.

        Raises:
            Refused: The engine answers with an error.
            ValueError: docker-py cannot split a string.
        """
        try:
            with self.exclusive():
                made = self._api.create_container(
                    image, command, entrypoint=entrypoint, labels=dict(labels), host_config=self.limits
                )
        except APIError as error:
            raise Refused(error.status_code or 0, str(error.explanation)) from error
        return id_of(made, "POST /containers/create")

    def get(self, path: str, **params: str) -> Any:
        """GET a path below the API's root, and return the JSON of the response.

        Raises:
            Refused: The engine answers with an error.
            EngineDied: It does not answer.
        """
        return self._patiently("GET", path, params)

    def get_objects(self, path: str, **params: str) -> list[dict[str, Any]]:
        """GET a path below the API's root, and return the objects of a JSON array; see `get`."""
        return objects_of(self.get(path, **params), f"GET {path}")

    def get_bytes(self, path: str) -> bytes:
        """GET a path below the API's root, and return the bytes of the response; see `get`."""
        return self._response("GET", path)[1]

    def post(self, path: str, body: Any = None, **params: str | list[str]) -> Any:
        """POST a JSON body to a path below the API's root; see `get`."""
        return self._json("POST", path, params=params, json=body)

    def create_container(self, body: Any) -> str:
        """Create a container, and return its id; see `get`."""
        return id_of(self.post("/containers/create", body), "POST /containers/create")

    def delete(self, path: str, **params: str) -> None:
        """DELETE a path below the API's root if it exists; see `get`."""
        try:
            self._patiently("DELETE", path, params)
        except Refused as refused:
            # Podman 3.0 answers 500 if it does not exist, and if other images are built on it.
            if refused.status not in (404, 409) and not re.search(
                "no such container|dependent child images", refused.message
            ):
                raise

    @contextmanager
    def post_stream(self, path: str, **request: Any) -> Iterator[Iterator[bytes]]:
        """POST a request, and yield the chunks of the response as they arrive; see `get` for the errors.

        The engine has accepted the request when the context is entered.
        """
        url = self._root + path
        with (
            self.connection(),
            self._api.post(url, stream=True, timeout=REQUEST_SECONDS, **request) as answer,
        ):
            if answer.status_code >= 400:
                _raise_if_refused(answer.status_code, body_of(answer, REQUEST_SECONDS))
            yield answer.iter_content(chunk_size=None)

    def _get_or_nothing(self, path: str) -> dict[str, Any]:
        try:
            return object_of(self.get(path), f"GET {path}")
        except Refused:
            return {}

    def _patiently(self, method: str, path: str, params: Mapping[str, str]) -> Any:
        deadline = time.monotonic() + _RACE_SECONDS
        while True:
            try:
                return self._json(method, path, params=params)
            except Refused as refused:
                answer = f"{path} {refused.status} {refused.message}"
                if not _RACE.match(answer) or time.monotonic() > deadline:
                    raise
            time.sleep(0.1)

    def _json(self, method: str, path: str, **request: Any) -> Any:
        response, body = self._response(method, path, **request)
        # Podman's response to a tag request is an empty line, which is not JSON.
        is_json = "json" in response.headers.get("Content-Type", "") or method == "GET"
        return json_of(body, f"{method} {path}") if body and is_json else None

    def _response(self, method: str, path: str, **request: Any) -> tuple[requests.Response, bytes]:
        url, timeout = self._root + path, REQUEST_SECONDS
        with (
            self.connection(),
            self._api.request(method, url, stream=True, timeout=timeout, **request) as response,
        ):
            body = body_of(response, REQUEST_SECONDS)
        _raise_if_refused(response.status_code, body)
        return response, body

    def _answers(self) -> bool:
        try:
            return self._api.get(f"{self._api.base_url}/_ping", timeout=10).ok
        except requests.exceptions.RequestException:
            return False

    @contextmanager
    def connection(self) -> Iterator[None]:
        """The context of a request; see `get` for the errors of a connection that is lost."""
        try:
            with self.exclusive():
                yield
        except requests.exceptions.RequestException as error:
            if not isinstance(error, requests.exceptions.Timeout) and self._answers():
                # The engine still runs, so a handler panicked: that is a behaviour of the engine.
                raise Refused(0, "the engine closed the connection without an answer") from error
            raise EngineDied(
                f"the engine at {self.url} stopped answering",
                root_cause(error),
                "look at the engine's own log, and run again",
            ) from error


def _store(info: dict[str, Any]) -> str:
    """The image store, as far as the engine reports it in `GET /info`."""
    status = info.get("DriverStatus")
    for pair in status if isinstance(status, list) else []:
        match pair:
            case ["driver-type", str(kind)] if kind.startswith("io.containerd.snapshotter"):
                return "containerd"
    return ""


def _podman_runtime(info: dict[str, Any]) -> str:
    """The default runtime in `GET /libpod/info`: Podman 3.0 does not list it among its components."""
    runtime = _object(_object(info, "host"), "ociRuntime")
    version = re.search(r"\d+(?:\.\d+)+", str(runtime.get("version")))
    return f"{runtime['name']}-{version[0]}" if version and isinstance(runtime.get("name"), str) else ""


def _object(data: dict[str, Any], key: str) -> dict[str, Any]:
    value = data.get(key)
    return value if isinstance(value, dict) else {}


def raise_if_fault(message: str) -> None:
    """Raise the fault that a message of an engine reports; most messages report none.

    Raises:
        DiskFull: The engine's disk is full.
        Fault: The machine is too busy.
    """
    if "no space left on device" in message:
        raise DiskFull(
            "the engine's disk is full", message.strip(), "free some space in the engine's data folder"
        )
    if "DeadlineExceeded" in message:  # of containerd, which limits the time of its own steps
        remedy = "the machine is too busy: run fewer tests at once, with -n 1, and run again"
        raise Fault("the engine needed more time than it gives itself", message.strip(), remedy)


def _raise_if_refused(status: int, body: bytes) -> None:
    if status < 400:
        return
    try:
        message = str(json.loads(body)["message"])
    except (ValueError, KeyError, TypeError, RecursionError):
        message = body.decode(errors="replace")
    raise_if_fault(message)
    raise Refused(status, message)
