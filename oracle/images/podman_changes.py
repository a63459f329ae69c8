"""Apply `--change` as Podman does: with one of two readers, neither of which is a builder's."""

import posixpath
import re
from dataclasses import replace
from typing import Final

from cmdpoint.oracle.build.state import DEFAULT_SHELL, StageState
from cmdpoint.oracle.build.triggers import refuse_words
from cmdpoint.oracle.case import ImageConfig, Request, Setting, Words
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import check
from cmdpoint.oracle.dockerfile.commands import Reader
from cmdpoint.oracle.dockerfile.go_strings import SPACE, integer, readable, upper
from cmdpoint.oracle.dockerfile.json_array import Values, read_values
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.refusals import Kind
from cmdpoint.oracle.trace import Scope

_ONE_BY_ONE: Final = frozenset(
    {"CMD", "ENTRYPOINT", "ENV", "EXPOSE", "LABEL", "ONBUILD", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}
)
"""The instructions that the older reader accepts."""

_NUMBER: Final = re.compile(r"[+-]?[0-9]+", re.ASCII)
_LAST_PORT: Final = 65535

_NO_CHANGES: Final = frozenset({"ADD", "COPY", "RUN"})
"""The instructions that the newer reader refuses by name."""


def recorded(image: ImageConfig, request: Request) -> tuple[Words, Words]:
    """The Entrypoint and the Cmd that a container records, and that a commit takes.

    They differ from what runs: where the request's Cmd is an empty list, the image's Cmd is not recorded.

    Args:
        image: The config of the container's image.
        request: The request that created the container.

    Source: containers/podman, `pkg/specgen/generate/container.go:CompleteSpec`, `libpod/container_commit.go`.
    """
    cmd = request.cmd if isinstance(request.cmd, tuple) else ()
    if isinstance(request.entrypoint, tuple):
        return request.entrypoint, cmd
    return image.entrypoint, cmd or image.cmd


def one_by_one(config: ImageConfig, changes: Words, scope: Scope) -> ImageConfig | Refusal:
    """Apply each change by itself: a keyword, a blank or an equals sign, and a value.

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
        keyword, value = upper(key.strip(SPACE)), readable(value.strip(SPACE))
        if not blank or (keyword in _ONE_BY_ONE and _lacks(keyword, value)):
            scope.note("COMMIT-9", "config", change, None, "it is not a keyword with a value")
            return Refusal("parse", "bad-change", f"{change!r} is not a keyword with a value")
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
    """Apply the changes to an empty config, whose Entrypoint and Cmd then replace both of the container's.

    Args:
        config: The config.
        changes: The changes.
        dialect: How the builder reads them, as a Dockerfile without a FROM.
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
        return _unknown_keyword(commands.kind, commands.message, scope) or commands
    state = StageState(ImageConfig(), dialect, escape=reader.escape)
    for command in commands:
        keyword = command.instruction.keyword
        if keyword in _NO_CHANGES:
            scope.at(command.instruction.line).note("COMMIT-2", "config", note="refused")
            return Refusal("parse", "forbidden-change", f"{keyword} cannot change a config")
        wrong = check(command, dialect)
        if wrong is not None:
            _, kind, message = wrong
            return _unknown_keyword(kind, message, scope) or Refusal("parse", kind, message)
        if wrong := state.check(command):
            return refuse_words(wrong, scope.at(command.instruction.line))
        state.apply(command, scope.at(command.instruction.line))
    return _overridden(config, state.config, scope)


def _overridden(config: ImageConfig, changed: ImageConfig, scope: Scope) -> ImageConfig:
    """A config with what the changes set; their Entrypoint and Cmd replace both, or neither."""
    pair = (changed.entrypoint, changed.cmd)
    if any(pair):
        note = "the changes' Entrypoint and Cmd replace both"
        scope.note("COMMIT-9", "config", (config.entrypoint, config.cmd), pair, note)
    else:
        pair = (config.entrypoint, config.cmd)
        scope.note("COMMIT-9", "config", pair, pair, "the changes have neither: both stay")
    setting = replace(
        config.setting,
        env=tuple({**dict(config.setting.env), **dict(changed.setting.env)}.items()),
        working_dir=changed.setting.working_dir or config.setting.working_dir,
        user=changed.setting.user or config.setting.user,
        ports=tuple({**dict(changed.setting.ports), **dict(config.setting.ports)}.items()),
    )
    return ImageConfig(
        *pair,
        changed.shell or config.shell,
        changed.on_build,
        setting,
        files=config.files,
        open_paths=config.open_paths,
    )


def _unknown_keyword(kind: Kind, message: str, scope: Scope) -> Refusal | None:
    """The refusal of a change whose keyword is unknown; None where something else is wrong."""
    if kind != "unknown-instruction":
        return None
    scope.note("COMMIT-2", "config", None, None, message)
    return Refusal("parse", "forbidden-change", message)


def _cleaned(line: str) -> str:
    """A line with a blank for an equals sign behind the keyword."""
    line = line.strip(SPACE)
    at = next((at for at, character in enumerate(line) if character == "=" or character in SPACE), None)
    return line if at is None or line[at] != "=" else f"{line[:at]} {line[at + 1 :]}"


def _lacks(keyword: str, value: str) -> bool:
    """Whether a keyword cannot have a value, as far as that is modelled."""
    if keyword in ("USER", "WORKDIR", "ONBUILD", "VOLUME"):
        return not value
    if keyword == "EXPOSE":
        return not _is_port(value)
    name, equals, _ = value.partition("=")
    return (keyword == "ENV" and not name) or (keyword == "LABEL" and not (equals and _unquoted(name)))


def _is_port(text: str) -> bool:
    """Whether a text is one port, with or without its protocol."""
    number, *protocol = text.split("/")
    is_number = _NUMBER.fullmatch(number) and 0 < integer(number) <= _LAST_PORT
    return bool(is_number) and [each.lower() for each in protocol] in ([], ["tcp"], ["udp"])


def _replaced(config: ImageConfig, keyword: str, value: str) -> ImageConfig:
    """A config with its Cmd or Entrypoint set from a value: a JSON list, or a text for a shell."""
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
