"""The variables that a FROM may use on Docker: ARGs before the first FROM, and predefined ones (STATE-16)."""

from collections.abc import Mapping, Sequence
from typing import Final

from cmdpoint.oracle.build.platforms import target_arguments
from cmdpoint.oracle.build.variables import expand
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.trace import Scope

PLATFORM: Final = {
    "BUILDPLATFORM": "linux/amd64",
    "BUILDOS": "linux",
    "BUILDARCH": "amd64",
    "BUILDVARIANT": "",
    "TARGETPLATFORM": "linux/amd64",
    "TARGETOS": "linux",
    "TARGETARCH": "amd64",
    "TARGETVARIANT": "",
}
"""The values of the predefined arguments about platforms, on the platform that is assumed."""

_PREDEFINED: Final = {**PLATFORM, "BUILDOSVERSION": "", "TARGETOSVERSION": ""}
"""The same for Docker. The other predefined arguments, those for proxies, are unset unless they are given."""


def platform_arguments(platform: str, dialect: Dialect) -> tuple[tuple[str, str], ...]:
    """The build arguments that `--platform` sets, for a builder that predefines them (STATE-16).

    Args:
        platform: Such as `linux/arm/v7`; see `requested_platform`.
        dialect: How the builder behaves; the classic one sets none.

    Source: moby/buildkit, `dockerfile2llb/platform.go`; containers/buildah, `imagebuildah/executor.go`.
    """
    values = {"TARGETPLATFORM": platform, **(target_arguments(platform) or {})}
    return tuple((name, value) for name, value in values.items() if name in dialect.predefined_arguments)


def global_arguments(
    head: Sequence[Command],
    given: Mapping[str, str],
    target: str,
    escape: str,
    dialect: Dialect,
    scope: Scope,
) -> Mapping[str, str] | Refusal:
    """The variables that a FROM may use, with their values.

    Args:
        head: The ARGs in front of the first FROM.
        given: The build arguments, by name.
        target: The name of the stage that is built.
        escape: The file's escape character.
        dialect: How the builder behaves.
        scope: Takes the steps.

    Returns:
        The values by name, or the refusal, at phase `build`, where a default cannot be read.

    Source: moby/buildkit, `dockerfile2llb/convert.go:toDispatchState`, `buildMetaArgs`, `platform.go`;
    moby/moby, `builder/dockerfile/builder.go:processMetaArg`, `buildargs.go`.
    """
    defined = {**_PREDEFINED, "TARGETSTAGE": target, **given}
    values: dict[str, str] = {name: defined[name] for name in dialect.predefined_arguments if name in defined}
    for command in head:
        # A line that is read as a whole sees what stands above it; words read one by one see each other.
        known = dict(values) if dialect.argument_lines == "whole" else values
        for word in command.words:
            if not _define(word, values, known, given, escape, dialect):
                line = command.instruction.line
                scope.at(line).note("STATE-16", "build", note="refused")
                message = f"the variables of {word!r} cannot be replaced"
                return Refusal("build", "bad-syntax", message, line)
    return values


def _define(
    word: str,
    values: dict[str, str],
    known: Mapping[str, str],
    given: Mapping[str, str],
    escape: str,
    dialect: Dialect,
) -> bool:
    """Define one argument; whether that is possible."""
    whole = dialect.argument_lines == "whole"
    name: str | None
    name, assigned, text = word.partition("=")
    if whole:
        name = expand(name, known, dialect, escape)
    default: str | None = None
    wrong = False
    if assigned and (whole or name not in given):
        default = expand(text, known, dialect, escape)
        wrong = default is None
    if name is None or (wrong and dialect.wrong_default == "refused"):
        return False
    value = given.get(name, "" if wrong else default)
    if value is not None:
        values[name] = value
    elif dialect.argument_without_value == "unset":
        values.pop(name, None)
    elif dialect.argument_without_value == "empty":
        values[name] = ""
    return True
