"""Divide a Dockerfile into stages as Docker's builders do, and check each instruction first."""

from dataclasses import dataclass

from cmdpoint.oracle.build.stage import Stage
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import check
from cmdpoint.oracle.dockerfile.commands import Command, Reader
from cmdpoint.oracle.outcome import Refusal
from cmdpoint.oracle.refusals import Kind
from cmdpoint.oracle.trace import Scope


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
        Its stages; or the refusal, at phase `parse`.
    """
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
            file.stages.append(Stage(name[1].lower() if name else None, command))
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
