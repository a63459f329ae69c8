"""A connection to an engine: what it is, and requests to it whose failures are told apart.

docker-py carries the requests, but bodies are sent as they stand: its own create call would drop a null,
and to an entrypoint null, `[]` and `[""]` are three different things.
"""

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
from cmdpoint.engines.driver.handshake import connect, product_of, root_cause
from cmdpoint.engines.faults import DiskFull, EngineDied, Fault

REQUEST_SECONDS: Final = 120
"""How long a single request may take before the engine counts as dead."""


BUILDERS: Final = {"docker": ("classic", "buildkit"), "podman": ("buildah",)}
"""The builders of each product."""


_RACE: Final = re.compile(
    "/(?:containers|images)/json 404 |.* 500 .*(?:image not known|container state improper: stopped)",
    re.DOTALL,
)
"""The path, status and words of an answer where something ends or is removed while the engine looks.

Where containerd keeps the images, Docker finds no list; Podman 4.3 fails. Asked again, they know better.
"""

_RACE_SECONDS: Final = 120
"""How long they are asked again: as long as other clients remove their images."""


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
        product: `docker` or `podman`.
        name: What it is, such as `docker-20.10.24` or `docker-28.5.2+containerd`.
        version: As it reports it.
        builders: What builds its images; see `BUILDERS`.
        store: `containerd` where containerd keeps the images; empty for the engine's own store.
        architecture: The CPU its containers run on.
        runtime: What starts its containers unless it is asked for another, such as `runc-1.1.5`.
    """

    def __init__(self, url: str, tls: TLSConfig | None = None) -> None:
        """Connect; see `handshake.connect` for the arguments and errors."""
        self.url = url
        self._api, about = connect(url, tls)
        self.version = str(about["Version"])
        self.architecture = str(about.get("Arch"))
        self.product = product_of(about)
        self.builders = BUILDERS[self.product]
        self._exclusive_access = (
            ExclusiveAccess(url) if needs_exclusive_access(self.product, self.numbers) else None
        )
        self._root = f"{self._api.base_url}/v{about['ApiVersion']}"
        self._info = self._get_or_nothing("/info")
        self.runtime = _runtime(about) or _told_runtime(self._get_or_nothing("/libpod/info"))
        self.store = _store(self._info)
        self.name = "+".join(filter(None, (f"{self.product}-{self.version.split('+')[0]}", self.store)))

    @property
    def numbers(self) -> tuple[int, ...]:
        """The version's numbers."""
        return tuple(map(int, re.findall(r"\d+", self.version)[:3]))

    def exclusive(self) -> AbstractContextManager[None]:
        """The context in which any other client may use the engine; see `exclusive_access`."""
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
        """Whether it has the cgroups to limit what a container takes."""
        return bool(self._info.get("MemoryLimit", True))

    def create_by_docker_py(
        self, image: str, labels: Mapping[str, str], command: Any = None, entrypoint: Any = None
    ) -> str:
        """Let docker-py itself create a container; its id.

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
        return str(made["Id"])

    def get(self, path: str, **params: str) -> Any:
        """GET a path below the API's root; the answer's JSON.

        Raises:
            Refused: The engine answers with an error.
            EngineDied: It does not answer.
        """
        return self._patiently("GET", path, params)

    def get_bytes(self, path: str) -> bytes:
        """GET a path below the API's root; the answer's bytes, which are no JSON. See `get`."""
        return self._answer("GET", path).content

    def post(self, path: str, body: Any = None, **params: str | list[str]) -> Any:
        """POST a JSON body to a path below the API's root; see `get`."""
        return self._json("POST", path, params=params, json=body)

    def delete(self, path: str, **params: str) -> None:
        """DELETE a path below the API's root, if it is there; see `get`."""
        try:
            self._patiently("DELETE", path, params)
        except Refused as refused:
            # Podman 3.0 answers 500 where there is none, and where others are built on it.
            if refused.status not in (404, 409) and not re.search(
                "no such container|dependent child images", refused.message
            ):
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

    def _get_or_nothing(self, path: str) -> dict[str, Any]:
        try:
            return dict(self.get(path))
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
        answer = self._answer(method, path, **request)
        # To a request to tag, Podman answers with an empty line, which is no JSON.
        is_json = "json" in answer.headers.get("Content-Type", "")
        return answer.json() if answer.content and is_json else None

    def _answer(self, method: str, path: str, **request: Any) -> requests.Response:
        with self._talking():
            answer = self._api.request(method, self._root + path, timeout=REQUEST_SECONDS, **request)
        _raise_if_refused(answer)
        return answer

    def _answers(self) -> bool:
        try:
            return self._api.get(f"{self._api.base_url}/_ping", timeout=10).ok
        except requests.exceptions.RequestException:
            return False

    @contextmanager
    def _talking(self) -> Iterator[None]:
        try:
            with self.exclusive():
                yield
        except requests.exceptions.RequestException as error:
            if not isinstance(error, requests.exceptions.Timeout) and self._answers():
                # It dropped this request and lives: a handler of its panicked, and that is its own doing.
                raise Refused(0, "the engine closed the connection without an answer") from error
            raise EngineDied(
                f"the engine at {self.url} stopped answering",
                root_cause(error),
                "look at the engine's own log, and run again",
            ) from error


def _store(info: dict[str, Any]) -> str:
    """Where the images are kept, as far as the engine tells."""
    kind = dict(info.get("DriverStatus") or []).get("driver-type", "")
    return "containerd" if kind.startswith("io.containerd.snapshotter") else ""


def _runtime(about: dict[str, Any]) -> str:
    """The default runtime, which Docker reports as a component `runc`, and Podman by its name."""
    for component in about.get("Components") or []:
        runtime = re.fullmatch(r"runc|OCI Runtime \((\w+)\)", component["Name"])
        version = re.search(r"\d+(?:\.\d+)+", str(component["Version"]))
        if runtime and version:
            return f"{runtime[1] or 'runc'}-{version[0]}"
    return ""


def _told_runtime(info: dict[str, Any]) -> str:
    """The default runtime, as Podman tells it elsewhere: 3.0 does not count it among its components."""
    runtime = info.get("host", {}).get("ociRuntime", {})
    version = re.search(r"\d+(?:\.\d+)+", str(runtime.get("version")))
    return f"{runtime['name']}-{version[0]}" if version else ""


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
