"""The stages of a Dockerfile: each a FROM with the commands below it, and the image that it begins with."""

import posixpath
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from cmdpoint.oracle.build.variables import CHANGED
from cmdpoint.oracle.case import DEFAULT_PATH, ImageConfig, Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import check
from cmdpoint.oracle.dockerfile.commands import Command, Reader
from cmdpoint.oracle.dockerfile.go_strings import lower
from cmdpoint.oracle.dockerfile.reference import can_name_image
from cmdpoint.oracle.files import cleaned
from cmdpoint.oracle.memory import remembered
from cmdpoint.oracle.outcome import Refusal, Step
from cmdpoint.oracle.refusals import Kind
from cmdpoint.oracle.trace import Scope

ONE_WORD: Final[Mapping[str, Words]] = {
    "one word": ("Entrypoint", "Cmd", "Shell"),
    "one word in Shell": ("Shell",),
    "wrong type": (),
    "refused": (),
}
"""The lists of a saved config that may be one string, their only word, by the behaviour's value (LOAD-1)."""


@dataclass(slots=True)
class Stage:
    """A FROM and the commands below it.

    Attributes:
        name: The name behind AS: in lower case for Docker, as written for Buildah. Without AS it is None for
            Docker, and the stage's number, from 0, for Buildah.
        start: Its FROM; None for commands in front of the first FROM, which make a stage on Buildah.
        commands: The commands up to the next FROM.
    """

    name: str | None
    start: Command | None
    commands: list[Command] = field(default_factory=list)

    @property
    def line(self) -> int:
        """The line it begins on."""
        return (self.start or self.commands[0]).instruction.line

    @property
    def base(self) -> str:
        """The base that FROM names, as written; empty if it names none."""
        words = self.start.instruction.words if self.start is not None else []
        return words[0] if words else ""

    @property
    def flags(self) -> Sequence[str]:
        """The flags of its FROM."""
        return () if self.start is None else self.start.instruction.flags

    @property
    def platform(self) -> str:
        """The platform that FROM names, as written; empty if it names none."""
        return platform_of(self.flags)

    @property
    def has_plain_base(self) -> bool:
        """Whether its base is written without variables, quotes and escapes, in any dialect."""
        return CHANGED.isdisjoint(self.base)


def platform_of(flags: Sequence[str]) -> str:
    """The value of the last `--platform` among the flags of a FROM; empty if there is none."""
    return next((flag[11:] for flag in reversed(flags) if flag.startswith("--platform=")), "")


@dataclass(frozen=True, slots=True)
class Dockerfile:
    """A Dockerfile, read and checked.

    Attributes:
        arguments: The ARGs in front of the first FROM.
        stages: The stages, at least one.
        escape: The escape character.
    """

    arguments: list[Command]
    stages: list[Stage]
    escape: str


def parse(text: str, dialect: Dialect, scope: Scope) -> Dockerfile | Refusal:
    """Read a Dockerfile, and check each instruction, before anything is built (LEX-31).

    Returns:
        Its stages; or the refusal, at phase `parse`. What was read before is not read again.
    """
    file, steps = remembered(_parsed, (text, scope.image), dialect)
    scope.extend(steps)
    return file


def _parsed(text: str, image: str | None, dialect: Dialect) -> tuple[Dockerfile | Refusal, tuple[Step, ...]]:
    """A Dockerfile, and the steps of reading it."""
    scope = Scope("build", image, None, [])
    return _parse(text, dialect, scope), scope.steps


def _parse(text: str, dialect: Dialect, scope: Scope) -> Dockerfile | Refusal:
    reader = Reader(dialect, scope)
    commands = reader.commands(text)
    if isinstance(commands, Refusal):
        return commands
    file = Dockerfile([], [], reader.escape)
    for command in commands:
        read = command.instruction
        wrong = check(command, dialect)
        if wrong is not None:
            if len(file.stages) > 1 and wrong[0] != "LEX-31":
                scope.at(read.line).note("LEX-31", "build", None, "refused", "before anything is built")
            return _refuse_text(*wrong, scope.at(read.line))
        if read.keyword == "FROM":
            _, *name = read.words
            file.stages.append(Stage(lower(name[1]) if name else None, command))
        elif file.stages:
            file.stages[-1].commands.append(command)
        elif read.keyword == "ARG":
            file.arguments.append(command)
        else:
            message = f"{read.keyword} stands before the first FROM"
            return _refuse_text("LEX-23", "no-current-stage", message, scope.at(read.line))
    if not file.stages:
        return _refuse_text("LEX-23", "no-stages", "the Dockerfile has no FROM", scope)
    return file


def _refuse_text(rule: str, kind: Kind, message: str, scope: Scope) -> Refusal:
    scope.note(rule, "build", None, "refused")
    return Refusal("parse", kind, message, scope.line)


_EMPTY: Final = ImageConfig()
"""The config of `scratch`."""

_TRANSPORT: Final = "docker://"
"""What Podman allows in front of the name of an image in a registry."""


def find_image(
    name: str, images: Mapping[str, ImageConfig], dialect: Dialect, scope: Scope
) -> ImageConfig | Refusal:
    """Find the image that a FROM names, where no earlier stage has that name (STATE-11, STATE-12).

    Args:
        name: The name, with the variables replaced.
        images: The images that exist, by name.
        dialect: Decides which configs a builder can read.
        scope: Takes the steps, at the line of FROM.

    Returns:
        The image's config, or the refusal, at phase `build`.
    """
    if name == "scratch":
        scope.note("STATE-11", "config", None, _EMPTY, "scratch is empty")
        return ImageConfig(files={})
    if name.startswith(_TRANSPORT) and dialect.docker_transport != "no reference":
        name = name.removeprefix(_TRANSPORT)
        scope.note("STATE-25", "base", f"{_TRANSPORT}{name}", name, "the name of an image, in a registry")
        images = images if dialect.docker_transport == "any image" else {}
    if name not in images:
        return no_image(name, dialect, scope)
    base = images[name]
    if base.unreadable:
        return _unreadable(name, "LOAD-4", dialect.unreadable_base, scope)
    if base.strings_for_lists and not set(base.strings_for_lists) <= set(ONE_WORD[dialect.string_for_list]):
        return _unreadable(name, "LOAD-1", "bad-config", scope)
    return base


def no_image(name: str, dialect: Dialect, scope: Scope) -> Refusal:
    """The refusal of a FROM that names neither a stage nor an image (STATE-12, STATE-25)."""
    if can_name_image(name, dialect):
        scope.note("STATE-12", "base", name, None, "neither an earlier stage nor an image")
        return Refusal("build", "no-such-image", f"there is no image {name!r}", scope.line)
    scope.note("STATE-25", "base", name, None, "no image can have this name")
    return Refusal("build", "invalid-reference", f"{name!r} is not an image reference", scope.line)


def inherited(
    base: ImageConfig, name: str, dialect: Dialect, scope: Scope, *, base_is_stage: bool
) -> ImageConfig:
    """The config that a stage begins with (STATE-10); notes that triggers of the base run (ONB-5, ONB-6).

    Args:
        base: The base's config.
        name: The base's name in FROM.
        dialect: How the builder behaves.
        scope: Takes the steps, at the line of FROM.
        base_is_stage: Whether the base is another stage of the same file.
    """
    if base != _EMPTY:
        scope.note("STATE-10", "config", None, base, f"inherited from {name}")
    if base.on_build:
        scope.note("ONB-5", "OnBuild", note="triggers are run, not inherited")
        if base_is_stage:
            scope.note("ONB-6", "OnBuild", base.on_build, (), "a stage's triggers run as an image's do")
    return _with_path(_with_absolute_folder(base, dialect, scope), scope)


def _with_path(base: ImageConfig, scope: Scope) -> ImageConfig:
    """The config with a PATH: that of the engine if the base is known to have none (STATE-11).

    Source: moby/buildkit, `dockerfile2llb/convert.go:dispatchStages`; moby/moby,
    `builder/dockerfile/dispatchers.go:setDefaultPath`; openshift/imagebuilder, `builder.go:FromImage`.
    """
    env = base.setting.env
    if base.files is None or any(name == "PATH" for name, _ in env):
        return base
    scope.note("STATE-11", "PATH", None, DEFAULT_PATH, "the base has none")
    return replace(base, setting=replace(base.setting, env=(*env, ("PATH", DEFAULT_PATH))))


def _with_absolute_folder(base: ImageConfig, dialect: Dialect, scope: Scope) -> ImageConfig:
    """The config with a working directory from the root; only a loaded image can have another (LOAD-1).

    Source: moby/buildkit, `dockerfile2llb/convert.go:dispatchWorkdir`.
    """
    folder = base.setting.working_dir
    if folder[:1] in ("", "/") or dialect.base_working_dir == "kept":
        return base
    joined = cleaned(posixpath.join(folder, folder))
    scope.note("LOAD-1", "WorkingDir", folder, joined, "applied as by a WORKDIR, and so joined with itself")
    return replace(base, setting=replace(base.setting, working_dir=joined))


def _unreadable(name: str, rule: str, kind: Kind, scope: Scope) -> Refusal:
    scope.note(rule, "base", name, "refused", "the builder cannot read its config")
    return Refusal("build", kind, f"the config of {name!r} cannot be read")
