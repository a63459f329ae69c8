"""Read the text of a platform, such as `linux/arm64/v8`, and check one that FROM or an ARG gives."""

import re
from collections.abc import Mapping
from typing import Final

from cmdpoint.oracle.build.variables import expand
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import Wrong
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


_IMPLIED: Final[Mapping[str, str]] = {"amd64": "v1", "arm64": "v8"}
"""The variants that architectures have without one."""


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


def requested_platform(text: str, dialect: Dialect) -> str | None:
    """The platform that `--platform` of a build names, with its system, architecture and variant.

    Args:
        text: The value, as for `target_arguments`; `local` is the platform of the engine.
        dialect: Decides whether the variant is dropped that the architecture implies.

    Returns:
        A text such as `linux/arm/v7`, or None if it is no platform.

    Source: containerd/platforms, `database.go:normalizeArch`; docker/buildx, `util/platformutil/parse.go`;
    containers/buildah, `pkg/parse/parse.go:Platform`.
    """
    values = target_arguments("linux/amd64" if lower(text) == "local" else text)
    if values is None:
        return None
    architecture, variant = values["TARGETARCH"], values["TARGETVARIANT"]
    variant = f"v{variant}" if variant.isdecimal() else variant
    if architecture == "arm" and not variant:
        variant = "v7"
    elif dialect.platform_flag != "a platform, or local" and _IMPLIED.get(architecture) == variant:
        variant = ""
    return "/".join(filter(None, (values["TARGETOS"], architecture, variant)))


def check_platform(written: str, variables: Mapping[str, str], escape: str, dialect: Dialect) -> Wrong | None:
    """What is wrong with the `--platform` of a FROM on Docker, or None.

    Args:
        written: The value as written, which is not empty.
        variables: The variables that a FROM may use.
        escape: The file's escape character.
        dialect: How the builder behaves.

    Source: moby/buildkit, `dockerfile2llb/convert.go:toDispatchState`; moby/moby,
    `builder/dockerfile/dispatchers.go:initializeStage`.
    """
    value = expand(written, variables, dialect, escape)
    if value is None:
        return "STATE-16", "bad-syntax", f"the variables of --platform={written} cannot be replaced"
    why = wrong_platform(value, dialect)
    return ("STATE-35", "bad-flag", why) if why else None


def wrong_platform(value: str, dialect: Dialect) -> str:
    """What is wrong with the value of FROM `--platform`; empty if nothing is (STATE-35).

    Args:
        value: The value, with its variables replaced.
        dialect: Decides what is read as a platform.

    Source: moby/buildkit, `dockerfile2llb/convert.go:toDispatchState`; moby/moby,
    `builder/dockerfile/dispatchers.go:initializeStage`; containers/buildah, `pkg/parse/parse.go:Platform`.
    """
    text = value
    if dialect.platform_flag == "two or three words":
        fits = text == "local" or text.count("/") in (1, 2)
    elif dialect.platform_flag == "a platform":
        fits = target_arguments(text) is not None
    else:
        text = text.strip("/")
        fits = text in ("", "local") or target_arguments(text) is not None
    return "" if fits else f"--platform={value} is no platform"


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
