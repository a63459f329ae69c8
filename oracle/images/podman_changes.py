"""What Podman makes of `--change`: two readers, of which neither is a builder's."""

import posixpath
from dataclasses import replace
from typing import Final

from cmdpoint.oracle.build.state import DEFAULT_SHELL, StageState
from cmdpoint.oracle.case import ImageConfig, Request, Setting, Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import check
from cmdpoint.oracle.dockerfile.commands import Reader
from cmdpoint.oracle.dockerfile.go_strings import SPACE, readable
from cmdpoint.oracle.dockerfile.json_array import Values, read_values
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.refusals import Kind
from cmdpoint.oracle.trace import Scope

_ONE_BY_ONE: Final = frozenset(
    {"CMD", "ENTRYPOINT", "ENV", "EXPOSE", "LABEL", "ONBUILD", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}
)
"""The instructions that the older reader knows."""

_NO_CHANGES: Final = frozenset({"ADD", "COPY", "RUN"})
"""The instructions that the newer reader knows, and refuses."""


def recorded(image: ImageConfig, request: Request) -> tuple[Words, Words]:
    """The Entrypoint and the Cmd that a container has on record, of which a commit makes an image.

    They are not all of what runs: where an empty list is asked for, the image's Cmd is not among them.

    Args:
        image: The config of the container's image.
        request: How the container was asked for.

    Source: containers/podman, `pkg/specgen/generate/container.go:CompleteSpec`, `libpod/container_commit.go`.
    """
    cmd = request.cmd if isinstance(request.cmd, tuple) else ()
    if isinstance(request.entrypoint, tuple):
        return request.entrypoint, cmd
    return image.entrypoint, cmd or image.cmd


def one_by_one(config: ImageConfig, changes: Words, scope: Scope) -> ImageConfig | Refusal:
    """Change a config by each change alone: a word, a blank or an equals sign, and a value.

    Args:
        config: The config.
        changes: The changes.
        scope: Takes the steps.

    Source: containers/common, `libimage/image_config.go:ImageConfigFromChanges`.
    """
    setting, folder = config.setting, ""
    for change in filter(None, changes):
        key, blank, value = change.partition(" ")
        if not blank:
            key, blank, value = change.partition("=")
        keyword, value = key.strip(SPACE).upper(), readable(value.strip(SPACE))
        if not blank or (keyword in _ONE_BY_ONE and _lacks(keyword, value)):
            scope.note("COMMIT-9", "config", change, None, "it is no keyword with a value")
            return Refusal("parse", "bad-change", f"{change!r} is no keyword with a value")
        if keyword not in _ONE_BY_ONE:
            scope.note("COMMIT-2", "config", change, None, f"{keyword} cannot change a config")
            return Refusal("parse", "forbidden-change", f"{keyword} cannot change a config")
        scope.note("COMMIT-9", "config", change, value, "each change is read by itself")
        match keyword:
            case "CMD" | "ENTRYPOINT":
                config = _replaced(config, keyword, value)
            case "ONBUILD":
                config = replace(config, on_build=(*config.on_build, value))
            case "ENV":
                name, _, assigned = value.partition("=")
                setting = replace(setting, env=_with(setting, _unquoted(name), _unquoted(assigned)))
            case "WORKDIR":
                folder = posixpath.join(folder, value)
                setting = replace(setting, working_dir=posixpath.normpath(folder))
            case "USER":
                setting = replace(setting, user=value)
    return replace(config, setting=setting)


def as_a_pair(config: ImageConfig, changes: Words, dialect: Dialect, scope: Scope) -> ImageConfig | Refusal:
    """Change a config by what the changes leave of an empty one; its Entrypoint and Cmd take both places.

    Args:
        config: The config.
        changes: The changes.
        dialect: Whose builder reads them, as a Dockerfile without a FROM.
        scope: Takes the steps.

    Source: containers/buildah, `internal/config/override.go`; containers/podman, `pkg/util/changes.go`.
    """
    lines = [line for change in changes for line in map(_cleaned, change.split("\n")) if line]
    if not lines:
        return config
    reader = Reader(dialect, scope)
    commands = reader.commands("\n".join(lines))
    if isinstance(commands, Refusal) and commands.kind == "no-instructions":
        return config
    if isinstance(commands, Refusal):
        return _of_no_instruction(commands.kind, commands.message, scope) or commands
    state = StageState(ImageConfig(), dialect, escape=reader.escape)
    for command in commands:
        keyword = command.instruction.keyword
        if keyword in _NO_CHANGES:
            scope.at(command.instruction.line).note("COMMIT-2", "config", note="refused")
            return Refusal("parse", "forbidden-change", f"{keyword} cannot change a config")
        wrong = check(command, dialect)
        if wrong is not None:
            _, kind, message = wrong
            return _of_no_instruction(kind, message, scope) or Refusal("parse", kind, message)
        state.apply(command, scope.at(command.instruction.line))
    made = state.config
    pair = (made.entrypoint, made.cmd)
    if any(pair):
        note = "the changes' Entrypoint and Cmd take the places of both"
        scope.note("COMMIT-9", "config", (config.entrypoint, config.cmd), pair, note)
    else:
        pair = (config.entrypoint, config.cmd)
        scope.note("COMMIT-9", "config", pair, pair, "the changes have neither: both stay")
    env = {**dict(config.setting.env), **dict(made.setting.env)}
    setting = Setting(
        tuple(env.items()),
        made.setting.working_dir or config.setting.working_dir,
        made.setting.user or config.setting.user,
    )
    return ImageConfig(*pair, made.shell or config.shell, made.on_build, setting, files=config.files)


def _of_no_instruction(kind: Kind, message: str, scope: Scope) -> Refusal | None:
    """The refusal of a change, where what is wrong with it is that its keyword is none."""
    if kind != "unknown-instruction":
        return None
    scope.note("COMMIT-2", "config", None, None, message)
    return Refusal("parse", "forbidden-change", message)


def _cleaned(line: str) -> str:
    """A line in which an equals sign behind the keyword is a blank."""
    line = line.strip(SPACE)
    at = next((at for at, character in enumerate(line) if character == "=" or character in SPACE), None)
    return line if at is None or line[at] != "=" else f"{line[:at]} {line[at + 1 :]}"


def _lacks(keyword: str, value: str) -> bool:
    """Whether a value is not one that a keyword can have, as far as that is followed here."""
    if keyword in ("USER", "WORKDIR", "ONBUILD", "VOLUME"):
        return not value
    name, equals, _ = value.partition("=")
    return (keyword == "ENV" and not name) or (keyword == "LABEL" and not (equals and _unquoted(name)))


def _replaced(config: ImageConfig, keyword: str, value: str) -> ImageConfig:
    """A config with the Cmd or the Entrypoint of a value: a list of JSON, or the text for a shell."""
    read = read_values(value, go_on=False)
    if read is None:
        return config
    match read:
        case Values(words, whole=True):
            pass
        case _ if value:
            words = (*DEFAULT_SHELL, value)
        case _:
            words = DEFAULT_SHELL if keyword == "CMD" else ()
    return replace(config, cmd=words) if keyword == "CMD" else replace(config, entrypoint=words)


def _with(setting: Setting, name: str, value: str) -> tuple[tuple[str, str], ...]:
    return tuple({**dict(setting.env), name: value}.items())


def _unquoted(text: str) -> str:
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text
