"""The names of images: which of them mean the same image."""

import re
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
