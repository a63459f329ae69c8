"""Read the text of a platform, such as `linux/arm64/v8`, and check one that an ARG gives."""

import re
from collections.abc import Mapping
from typing import Final

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.go_strings import lower

_PIECE: Final = re.compile(r"[A-Za-z0-9_-]+")

# fmt: off
_SYSTEMS: Final = frozenset(
    {
        "aix", "android", "darwin", "dragonfly", "freebsd", "hurd", "illumos", "ios", "js", "linux",
        "nacl", "netbsd", "openbsd", "plan9", "solaris", "windows", "zos",
    }
)

_ARCHITECTURES: Final = frozenset(
    {
        "386", "amd64", "amd64p32", "arm", "armbe", "arm64", "arm64be", "ppc64", "ppc64le", "loong64",
        "mips", "mipsle", "mips64", "mips64le", "mips64p32", "mips64p32le", "ppc", "riscv", "riscv64",
        "s390", "s390x", "sparc", "sparc64", "wasm",
    }
)
# fmt: on

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
        if system in _SYSTEMS:
            return _arguments(system, "amd64", "")
        architecture, variant = _OTHER_NAMES.get(first, (first, ""))
        return _arguments("linux", architecture, variant) if architecture in _ARCHITECTURES else None
    architecture, variant = _OTHER_NAMES.get(lower(pieces[1]), (lower(pieces[1]), ""))
    return _arguments(first, architecture, pieces[2] if len(pieces) == 3 else variant)


def wrong_default(name: str, value: str, dialect: Dialect) -> str:
    """What is wrong with the default that an ARG gives to a predefined platform; empty if nothing is.

    Args:
        name: The name of the argument.
        value: The default, with its variables replaced.
        dialect: Decides what such a default means.

    Source: openshift/imagebuilder, `dispatchers.go:arg`, `builder.go:extractHeadingArgsFromNode`.
    """
    if dialect.predefined_default == "ignored" and name in ("TARGETPLATFORM", "BUILDPLATFORM"):
        return "it takes no default"
    is_read = name == "TARGETPLATFORM" and dialect.predefined_default == "counts as a platform"
    return "its default is no platform" if is_read and target_arguments(value) is None else ""


def _arguments(system: str, architecture: str, variant: str) -> dict[str, str]:
    return {"TARGETOS": system, "TARGETARCH": architecture, "TARGETVARIANT": variant}
