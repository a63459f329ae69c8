"""The names of images: which of them mean the same image."""

import re
from dataclasses import dataclass
from typing import Final

_DIGEST: Final = re.compile(r"@[A-Za-z0-9+._-]+:[0-9a-fA-F]{32,}$")
_HUB: Final = re.compile(r"^(?:(?:index\.|registry-1\.)?docker\.io/)")


def canonical(name: str) -> str:
    """An image's name without what does not matter: Docker Hub's domain, `library/`, `latest`, a digest.

    A tag or a digest names a build of the image. A digest without a tag counts as `latest`.

    Source: distribution/reference, `normalize.go:ParseNormalizedNamed` and `TagNameOnly`.
    """
    short = _HUB.sub("", _DIGEST.sub("", name)).removeprefix("library/")
    return short if ":" in short.rpartition("/")[2] else f"{short}:latest"


_WINDOWS: Final = re.compile(
    r"^mcr\.microsoft\.com/(?:windows|dotnet/framework|powershell:.*(?:nanoserver|windows)|.*:.*(?:nanoserver|windowsservercore))"
    r"|:.*(?:nanoserver|windowsservercore)"
)


def is_windows(name: str) -> bool:
    """Whether an image's name says that it is for Windows."""
    return bool(_WINDOWS.search(name.lower()))


@dataclass(frozen=True, slots=True)
class Reference:
    """The name of an image in its parts.

    Attributes:
        domain: The registry, `docker.io` by default.
        path: The repository in the registry, such as `library/nginx`.
        tag: The tag; `latest` by default, and empty for a digest without a tag.
        digest: The digest, or an empty string.
    """

    domain: str
    path: str
    tag: str
    digest: str


_REFERENCE: Final = re.compile(
    r"(?:(?P<domain>[^/]*[.:][^/]*|localhost)/)?(?P<path>[a-z0-9]+(?:[._/-]+[a-z0-9]+)*)"
    r"(?::(?P<tag>[\w][\w.-]{0,127}))?(?:@(?P<digest>[A-Za-z0-9+._-]+:[0-9a-fA-F]{32,}))?"
)


def reference(name: str) -> Reference | None:
    """Read the name of an image; None if no image can have it, for example because of a variable in it.

    Source: distribution/reference, `normalize.go:splitDockerDomain`.
    """
    match = _REFERENCE.fullmatch(name)
    if match is None or name == "scratch":
        return None
    domain, path, digest = match["domain"] or "docker.io", match["path"], match["digest"] or ""
    if domain in ("index.docker.io", "registry-1.docker.io"):
        domain = "docker.io"
    if domain == "docker.io" and "/" not in path:
        path = f"library/{path}"
    return Reference(domain, path, match["tag"] or ("" if digest else "latest"), digest)
