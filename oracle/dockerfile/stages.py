"""From commands to stages: each command is checked, in order, before anything is built (LEX-31)."""

from dataclasses import dataclass

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import check
from cmdpoint.oracle.dockerfile.commands import Command, Reader
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.refusals import Kind
from cmdpoint.oracle.trace import Scope


@dataclass(slots=True)
class ParsedStage:
    """A FROM and the commands below it.

    Attributes:
        base: What FROM names, as written.
        name: What AS calls the stage, in lower case, or None.
        line: The line of FROM.
        commands: What follows, up to the next FROM.
    """

    base: str
    name: str | None
    line: int
    commands: list[Command]


@dataclass(slots=True)
class Parsed:
    """A Dockerfile, read and checked.

    Attributes:
        arguments: The ARGs before the first FROM.
        stages: The stages, at least one.
        escape: The escape character.
    """

    arguments: list[Command]
    stages: list[ParsedStage]
    escape: str


def parse(dockerfile: str, dialect: Dialect, scope: Scope) -> Parsed | Refusal:
    """Read a Dockerfile.

    Returns:
        Its stages; or the refusal, at stage `parse`.
    """
    reader = Reader(dialect, scope)
    commands = reader.commands(dockerfile)
    if isinstance(commands, Refusal):
        return commands
    parsed = Parsed([], [], reader.escape)
    for command in commands:
        read = command.instruction
        wrong = check(command, dialect)
        if wrong is not None:
            if len(parsed.stages) > 1 and wrong[0] != "LEX-31":
                scope.at(read.line).note("LEX-31", "build", None, "refused", "before anything is built")
            return _refuse(*wrong, read.line, scope)
        if read.keyword == "FROM":
            base, *rest = read.words
            parsed.stages.append(ParsedStage(base, rest[1].lower() if rest else None, read.line, []))
        elif parsed.stages:
            parsed.stages[-1].commands.append(command)
        elif read.keyword == "ARG":
            parsed.arguments.append(command)
        else:
            message = f"{read.keyword} stands before the first FROM"
            return _refuse("LEX-23", "no-current-stage", message, read.line, scope)
    if not parsed.stages:
        return _refuse("LEX-23", "no-stages", "the Dockerfile has no FROM", None, scope)
    return parsed


def _refuse(rule: str, kind: Kind, message: str, line: int | None, scope: Scope) -> Refusal:
    scope.at(line).note(rule, "build", None, "refused")
    return Refusal("parse", kind, message, line)
