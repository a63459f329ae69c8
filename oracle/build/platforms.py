"""Read the text of a platform, such as `linux/arm64/v8`."""

import re
from collections.abc import Mapping
from typing import Final

from cmdpoint.oracle.dockerfile.go_strings import lower

_PIECE: Final = re.compile(r"[A-Za-z0-9_-]+")

_SYSTEMS: Final = re.compile(
    "aix|android|darwin|dragonfly|freebsd|hurd|illumos|ios|js|linux|nacl|netbsd|openbsd|"
    "plan9|solaris|windows|zos"
)

_ARCHITECTURES: Final = re.compile(
    "386|amd64|amd64p32|arm|armbe|arm64|arm64be|ppc64|ppc64le|loong64|mips|mipsle|mips64|mips64le|mips64p32|"
    "mips64p32le|ppc|riscv|riscv64|s390|s390x|sparc|sparc64|wasm"
)

_OTHER_NAMES: Final[Mapping[str, tuple[str, str]]] = {
    "i386": ("386", ""),
    "x86_64": ("amd64", ""),
    "x86-64": ("amd64", ""),
    "aarch64": ("arm64", ""),
    "armhf": ("arm", "v7"),
    "armel": ("arm", "v6"),
}
"""Other names of architectures, and the variants that they mean."""


def target_arguments(text: str) -> dict[str, str] | None:
    """The build arguments that a platform stands for, except TARGETPLATFORM; None if it is no platform.

    Args:
        text: A system, an architecture or both, and optionally a variant, separated by slashes.

    Source: containerd/containerd, `platforms/platforms.go:Parse`.
    """
    pieces = text.split("/")
    if len(pieces) > 3 or not all(map(_PIECE.fullmatch, pieces)):
        return None
    first = lower(pieces[0])
    if len(pieces) == 1:
        system = "darwin" if first == "macos" else first
        if _SYSTEMS.fullmatch(system):
            return _arguments(system, "amd64", "")
        architecture, variant = _OTHER_NAMES.get(first, (first, ""))
        is_known = _ARCHITECTURES.fullmatch(architecture)
        return _arguments("linux", architecture, variant) if is_known else None
    architecture, variant = _OTHER_NAMES.get(lower(pieces[1]), (lower(pieces[1]), ""))
    return _arguments(first, architecture, pieces[2] if len(pieces) == 3 else variant)


def _arguments(system: str, architecture: str, variant: str) -> dict[str, str]:
    return {"TARGETOS": system, "TARGETARCH": architecture, "TARGETVARIANT": variant}
