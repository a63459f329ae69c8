"""What FROM may name: the ARGs before the first one, and what the builder defines by itself (STATE-16)."""

from collections.abc import Mapping
from typing import Final

from cmdpoint.oracle.build.variables import expand
from cmdpoint.oracle.case import Image
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.dockerfile.stages import Parsed
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.trace import Scope

_PREDEFINED: Final = {
    "BUILDPLATFORM": "linux/amd64",
    "BUILDOS": "linux",
    "BUILDOSVERSION": "",
    "BUILDARCH": "amd64",
    "BUILDVARIANT": "",
    "TARGETPLATFORM": "linux/amd64",
    "TARGETOS": "linux",
    "TARGETOSVERSION": "",
    "TARGETARCH": "amd64",
    "TARGETVARIANT": "",
}
"""What predefined arguments are by themselves, on the platform that is taken for granted. The others, those
for proxies, are unset unless they are given."""


def global_arguments(
    parsed: Parsed, image: Image, dialect: Dialect, scope: Scope
) -> Mapping[str, str] | Refusal:
    """The variables that a FROM may name, with their values.

    Args:
        parsed: The Dockerfile.
        image: For the build arguments and the target.
        dialect: Whose builder builds.
        scope: Takes the steps.

    Returns:
        The values by name, or the refusal, at stage `build`, where a default cannot be read.

    Source: moby/buildkit, `dockerfile2llb/convert.go:toDispatchState`, `buildMetaArgs`, `platform.go`;
    moby/moby, `builder/dockerfile/builder.go:processMetaArg`, `buildargs.go`.
    """
    given = dict(image.build_args)
    stage = image.target or parsed.stages[-1].name or "default"
    defined = {**_PREDEFINED, "TARGETSTAGE": stage, **given}
    values = {name: defined[name] for name in dialect.predefined_arguments if name in defined}
    for command in parsed.arguments:
        # A whole line sees what stands above it; words that are read one by one see each other.
        whole = dialect.argument_lines == "whole"
        known = dict(values) if whole else values
        for word in command.words:
            name: str | None
            name, assigned, text = word.partition("=")
            default: str | None = None
            wrong = False
            if whole:
                name = expand(name, known, dialect, parsed.escape)
            if assigned and (whole or name not in given):
                default = expand(text, known, dialect, parsed.escape)
                wrong = default is None
            if name is None or (wrong and dialect.wrong_default == "refused"):
                return _wrong_default(word, command, scope)
            value = given.get(name, "" if wrong else default)
            if value is not None:
                values[name] = value
            elif dialect.argument_without_value == "unset":
                values.pop(name, None)
            elif dialect.argument_without_value == "empty":
                values[name] = ""
    return values


def _wrong_default(word: str, command: Command, scope: Scope) -> Refusal:
    line = command.instruction.line
    scope.at(line).note("STATE-16", "build", note="refused")
    return Refusal("build", "bad-syntax", f"the variables of {word!r} cannot be read", line)
