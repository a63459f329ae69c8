"""What an engine reports about itself in its response to `GET /version`."""

import json
import re
from dataclasses import dataclass
from typing import Any, Final, Self

_NUMBERS: Final = re.compile(r"[0-9]{1,6}\.[0-9]{1,6}", re.ASCII)


@dataclass(frozen=True, slots=True)
class VersionInfo:
    """What an engine reports about itself.

    Attributes:
        product: `docker` or `podman`.
        version: The engine's version.
        api: The newest version of the API that it speaks.
        oldest_api: The oldest.
        os: The operating system of its containers.
        arch: The CPU of its containers, as Docker calls it.
        runtime: The default runtime with its version, such as `runc-1.1.5`; empty if it is not reported.
    """

    product: str
    version: str
    api: tuple[int, int]
    oldest_api: tuple[int, int]
    os: str
    arch: str
    runtime: str

    @classmethod
    def read(cls, data: Any) -> Self:
        """Read the JSON of the response.

        Raises:
            ValueError: A key is missing or its value has the wrong type; the message says which.
        """
        if not isinstance(data, dict):
            raise ValueError(f"it is not a JSON object: {json.dumps(data)[:200]}")
        if missing := [key for key in ("Version", "ApiVersion", "Os") if key not in data]:
            raise ValueError(f"it has no {' and no '.join(missing)}: {json.dumps(data)[:200]}")
        components = _components(data.get("Components"))
        return cls(
            product="podman" if "Podman Engine" in dict(components) else "docker",
            version=_text(data, "Version"),
            api=_api(data, "ApiVersion"),
            oldest_api=_api(data, "MinAPIVersion") if data.get("MinAPIVersion") else (0, 0),
            os=_text(data, "Os"),
            arch=_text(data, "Arch") if "Arch" in data else "an unknown CPU",
            runtime=_runtime(components),
        )

    @property
    def api_text(self) -> str:
        """The newest version of the API, as the engine writes it."""
        return ".".join(map(str, self.api))


def _text(data: dict[str, Any], key: str) -> str:
    value = data[key]
    if not isinstance(value, str) or not value:
        raise ValueError(f"its {key} is not a text: {json.dumps(value)[:200]}")
    return value


def _api(data: dict[str, Any], key: str) -> tuple[int, int]:
    value = data[key]
    if not isinstance(value, str) or not _NUMBERS.fullmatch(value):
        raise ValueError(f"its {key} is not a version such as 1.41: {json.dumps(value)[:200]}")
    major, minor = map(int, value.split("."))
    return major, minor


def _components(data: Any) -> list[tuple[str, str]]:
    """The name and the version of each component, as far as they are texts."""
    found: list[tuple[str, str]] = []
    for component in data if isinstance(data, list) else []:
        name, version = (
            (component.get("Name"), component.get("Version")) if isinstance(component, dict) else (None, None)
        )
        if isinstance(name, str):
            found.append((name, str(version)))
    return found


def _runtime(components: list[tuple[str, str]]) -> str:
    """The default runtime: Docker reports it as a component `runc`, Podman by its name."""
    for name, text in components:
        runtime = re.fullmatch(r"runc|OCI Runtime \((\w+)\)", name)
        version = re.search(r"\d+(?:\.\d+)+", text)
        if runtime and version:
            return f"{runtime[1] or 'runc'}-{version[0]}"
    return ""
