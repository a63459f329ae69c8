"""The variables that a FROM may use on Buildah: ARGs before the first FROM, and given ones (STATE-16)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from cmdpoint.oracle.build.global_arguments import PLATFORM
from cmdpoint.oracle.build.platforms import target_arguments, wrong_default
from cmdpoint.oracle.build.variables import CHANGED, expand
from cmdpoint.oracle.case import Image, ImageConfig
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.refusals import Kind
from cmdpoint.oracle.trace import Scope

PROXIES: Final = frozenset(
    name for key in ("HTTP", "HTTPS", "FTP", "NO") for name in (f"{key}_PROXY", f"{key.lower()}_proxy")
)
"""The arguments that need no ARG."""


@dataclass(frozen=True, slots=True)
class Arguments:
    """Build arguments, by name.

    Attributes:
        head: Those that the ARGs before the first FROM declare, with their values.
        given: Those that `--build-arg` sets.
        usable: The names of the given ones that a FROM may use.
        predefined: Those that need no ARG.
    """

    head: dict[str, str]
    given: dict[str, str]
    usable: frozenset[str]
    predefined: dict[str, str]

    @property
    def of_from(self) -> dict[str, str]:
        """Those that a FROM may use."""
        usable = {name: value for name, value in self.given.items() if name in self.usable}
        return {**self.head, **self.predefined, **usable}

    def of_flags(self, dialect: Dialect) -> dict[str, str]:
        """Those that a flag of FROM may use."""
        if dialect.from_flag_arguments == "all arguments":
            return self.of_from
        if not dialect.predefined_arguments:
            return self.given  # also those that no ARG declares
        known = self.predefined.keys() | self.given.keys()
        return {name: value for name, value in self.of_from.items() if name in known}

    @property
    def of_names(self) -> dict[str, str]:
        """Those that a name behind AS may use."""
        return {**self.head, **self.predefined}

    def of_needs(self, dialect: Dialect) -> dict[str, str]:
        """Those that are known where the needed stages are determined."""
        if dialect.needed_stage_arguments == "given arguments":
            return self.given
        return {**self.head, **self.given, **self.predefined}


def with_platform(image: Image, dialect: Dialect) -> Image | None:
    """The image with all the build arguments that a given TARGETPLATFORM sets; None if that is no platform.

    Args:
        image: The Dockerfile and the given build arguments.
        dialect: Decides whether TARGETPLATFORM is the platform of the build.

    Source: containers/buildah, `imagebuildah/build.go:BuildDockerfiles`, `buildDockerfilesOnce`.
    """
    given = dict(image.build_args)
    if "TARGETPLATFORM" not in given or dialect.given_platform == "a value":
        return image
    values = target_arguments(given["TARGETPLATFORM"])
    if values is None:
        return None
    platform = "/".join(filter(None, values.values()))
    return replace(image, build_args=tuple({**values, **given, "TARGETPLATFORM": platform}.items()))


def read_arguments(
    head: list[Command], everywhere: list[Command], given: dict[str, str], dialect: Dialect, scope: Scope
) -> Arguments | Refusal:
    """Read the ARGs at the head of a file.

    Args:
        head: The ARGs.
        everywhere: All commands of the file.
        given: The build arguments, by name.
        dialect: How the builder behaves.
        scope: Takes the steps.

    Returns:
        The arguments, or the refusal, where one cannot be read.

    Source: openshift/imagebuilder, `builder.go:extractHeadingArgsFromNode`, `dispatchers.go:arg`, `from`.
    """
    values = dict(given)
    declared = set(PROXIES)
    if dialect.given_arguments == "and predefined":
        values = {**PLATFORM, **given}
        declared |= PLATFORM.keys()
    for command in head:
        wrong = _read_line(command, values, declared, given, dialect)
        if wrong is not None:
            line = command.instruction.line
            scope.at(line).note("STATE-16", "build", note="refused")
            kind, message = wrong
            return Refusal("build" if kind == "bad-syntax" else "parse", kind, message, line)
    values = {name: value for name, value in values.items() if name in declared}
    predefined: dict[str, str] = {
        name: PLATFORM[name] for name in dialect.predefined_arguments if name in PLATFORM
    }
    return Arguments(values, given, _usable(values, everywhere, dialect), predefined)


def _read_line(
    command: Command, values: dict[str, str], declared: set[str], given: dict[str, str], dialect: Dialect
) -> tuple[Kind, str] | None:
    """Read one ARG; return what is wrong with it, if anything."""
    if dialect.several_arguments == "refused" and len(command.words) != 1:
        return "argument-count", "ARG takes exactly one argument"
    known = {name: value for name, value in values.items() if name in declared}
    words = [expand(word, known, dialect) for word in command.words]
    for word, written in zip(words, command.words, strict=True):
        if word is None:
            return "bad-syntax", f"the variables of {written!r} cannot be replaced"
        name, assigned, value = word.partition("=")
        declared.add(name)
        if assigned and (wrong := wrong_default(name, value, dialect)):
            return "bad-syntax", f"ARG {written}: {wrong}"
        if name in PLATFORM and (not assigned or dialect.predefined_default == "ignored"):
            value, assigned = PLATFORM[name], "="
        if name == "TARGETPLATFORM" and assigned and dialect.predefined_default == "counts as a platform":
            arguments = target_arguments(value) or {}
            values.update(arguments)
            declared.update(arguments)
        if assigned and name not in given:
            values[name] = value
    return None


def _usable(head: dict[str, str], everywhere: list[Command], dialect: Dialect) -> frozenset[str]:
    """The names of the given arguments that a FROM may use."""
    if not dialect.predefined_arguments:
        return frozenset()  # a given value has replaced the default of its ARG already
    if dialect.given_arguments == "declared anywhere":
        commands = (command.instruction for command in everywhere)
        return frozenset(each.text for each in commands if each.keyword == "ARG")
    return frozenset(head)


def needs_arguments(commands: list[Command], image: Image, images: Mapping[str, ImageConfig]) -> bool:
    """Whether a FROM has variables, or there may be an ARG: in the file, or in a trigger of a base."""
    starts = [each.instruction for each in commands if each.instruction.keyword == "FROM"]
    variables = not all(CHANGED.isdisjoint(" ".join((*each.flags, each.text))) for each in starts)
    return variables or "ARG" in image.dockerfile.upper() or any(each.on_build for each in images.values())
