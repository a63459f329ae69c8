"""Look up base images in registries: the manifest of a platform, and the config that it names.

Source: OCI Distribution Specification 1.1, "Pulling manifests" and "Pulling blobs".
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import requests

from cmdpoint.bases.faults import RegistryFault
from cmdpoint.bases.formats import UnreadableConfig, config_of
from cmdpoint.bases.given import read_config
from cmdpoint.bases.names import Reference, reference
from cmdpoint.bases.registry_access import Access
from cmdpoint.bases.sources import Found

_INDEXES: Final = (
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
)
_MANIFESTS: Final = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)
_MOST_BYTES: Final = 8 << 20
"""The largest manifest or config that is read."""


class Registries:
    """The registries that names of images name; Docker Hub by default."""

    def __init__(self, platform: str = "linux/amd64") -> None:
        """Prepare to look up.

        Args:
            platform: The platform of the images, such as `linux/arm64/v8`.
        """
        self._platform = platform
        self._accesses: dict[str, Access] = {}

    def find(self, name: str) -> Found | None:
        """The config of an image; None if the registry does not have it. See `Source`."""
        wanted = reference(name)
        if wanted is None:
            return None
        access = self._accesses.setdefault(wanted.domain, Access(wanted.domain))
        try:
            return self._find(name, wanted, access)
        except (requests.RequestException, OSError) as error:
            raise RegistryFault(
                f"the registry {wanted.domain} does not answer",
                reason(error),
                f"check the connection, or give the config with --base {name}=@FILE",
            ) from error
        except (UnreadableConfig, ValueError, KeyError, TypeError, AttributeError) as error:
            raise _unusable(wanted, f"its answer for {name} is malformed: {error}") from error

    def _find(self, name: str, wanted: Reference, access: Access) -> Found | None:
        manifest = self._manifest(wanted, access, wanted.digest or wanted.tag)
        if manifest is None:
            return None
        digest = str(manifest["config"]["digest"])
        blob = access.get(f"/v2/{wanted.path}/blobs/{digest}", wanted.path, "*/*")
        if blob is None:
            raise _unusable(wanted, f"it has no blob {digest}, which the manifest of {name} names")
        config = config_of(json.loads(_checked(wanted, _content(wanted, blob), digest)))
        return Found(
            read_config(config, f"the config of {name}"), f"the registry {wanted.domain} ({digest[:19]})"
        )

    def _manifest(self, wanted: Reference, access: Access, revision: str) -> Mapping[str, Any] | None:
        """The manifest of a tag or digest; of an index, that of the platform."""
        path = f"/v2/{wanted.path}/manifests/{revision}"
        response = access.get(path, wanted.path, ", ".join((*_INDEXES, *_MANIFESTS)))
        if response is None:
            return None
        content = _content(wanted, response)
        if ":" in revision:
            _checked(wanted, content, revision)
        manifest: Any = json.loads(content)
        kind = manifest.get("mediaType") or response.headers.get("Content-Type", "").partition(";")[0]
        if "manifests" in manifest or kind in _INDEXES:
            return self._manifest(wanted, access, str(self._choose(wanted, manifest["manifests"])["digest"]))
        if manifest.get("schemaVersion") != 2:
            raise _unusable(wanted, "it has a manifest of schema 1, which was replaced in 2017")
        return dict(manifest)

    def _choose(self, wanted: Reference, entries: list[Mapping[str, Any]]) -> Mapping[str, Any]:
        """The entry of an index for the platform."""
        platforms = [dict(entry.get("platform") or {}) for entry in entries]
        for entry, platform in zip(entries, platforms, strict=True):
            if _matches(self._platform, platform):
                return entry
        names = sorted(
            {"/".join(filter(None, _parts(each))) for each in platforms if each.get("os") != "unknown"}
        )
        raise RegistryFault(
            f"{wanted.path} has no image for {self._platform}",
            f"it has {', '.join(names) or 'none'}",
            "name one of them with --platform, or give the config with --base",
        )


def reason(error: BaseException) -> str:
    """Why a connection failed: the innermost cause, without the objects that requests and urllib3 print."""
    cause: BaseException = error
    while True:
        inner = getattr(cause, "reason", None) or next(iter(cause.args), None)
        if not isinstance(inner, BaseException):
            break
        cause = inner
    text = cause.strerror if isinstance(cause, OSError) and cause.strerror else str(cause)
    return re.sub(r"^(?:<[^>]*Connection[^>]*>|\w*Connection\w*\([^)]*\)): ", "", text)


def _parts(platform: Mapping[str, Any]) -> Iterator[str]:
    return (str(platform.get(key) or "") for key in ("os", "architecture", "variant"))


def _matches(wanted: str, platform: Mapping[str, Any]) -> bool:
    system, architecture, variant = [*wanted.split("/"), "", ""][:3]
    found = tuple(_parts(platform))
    # The variants v8 of arm64 and v1 of amd64 are what a platform without a variant means.
    usual = {"arm64": "v8", "amd64": "v1", "arm": "v7"}.get(architecture, "")
    return found[:2] == (system, architecture) and (found[2] or usual) == (variant or usual)


def _content(wanted: Reference, response: requests.Response) -> bytes:
    content = b""
    for piece in response.iter_content(1 << 16):
        content += piece
        if len(content) > _MOST_BYTES:
            raise _unusable(wanted, "its answer is larger than 8 MB")
    return content


def _checked(wanted: Reference, content: bytes, digest: str) -> bytes:
    """The content, whose digest is verified."""
    algorithm, _, value = digest.partition(":")
    if algorithm not in ("sha256", "sha512") or hashlib.new(algorithm, content).hexdigest() != value:
        raise _unusable(wanted, f"its answer does not have the digest {digest}")
    return content


def _unusable(wanted: Reference, why: str) -> RegistryFault:
    return RegistryFault(
        f"the registry {wanted.domain} cannot be used", why, "give the config with --base NAME=@FILE"
    )
