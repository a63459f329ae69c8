"""From Dockerfile text to stages of commands; whatever is wrong with the text itself is refused here.

Both builders read the whole text first, then check every instruction, and only then build: an error in a
stage that nobody needs still ends the build (LEX-31).
"""

import re
from dataclasses import dataclass
from typing import Final

from oracle.dialect import Dialect
from oracle.dockerfile.form import ExecForm, Form, read_form
from oracle.dockerfile.instruction import Instruction, instruction
from oracle.dockerfile.json_array import NotStrings
from oracle.dockerfile.lines import logical_lines
from oracle.model import Kind, Refusal
from oracle.trace import Trace

WITH_FORM: Final = frozenset({"CMD", "ENTRYPOINT", "RUN", "SHELL"})
"""The keywords whose arguments have an exec form and a shell form."""

KEYWORDS: Final = WITH_FORM | {
    *("ADD", "ARG", "COPY", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER"),
    *("ONBUILD", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"),
}
"""All keywords."""

_STAGE_NAME = re.compile(r"[a-z][a-z0-9-_.]*")


@dataclass(frozen=True, slots=True)
class Command:
    """An instruction of a stage, with the form its arguments are written in if it has one."""

    instruction: Instruction
    form: Form | None


@dataclass(frozen=True, slots=True)
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
    commands: tuple[Command, ...]


def parse(dockerfile: str, dialect: Dialect, trace: Trace) -> list[ParsedStage] | Refusal:
    """Read a Dockerfile.

    Returns:
        Its stages, at least one; or the refusal, at stage `parse`.
    """
    commands = _commands(dockerfile, dialect, trace)
    trace.line = None
    if isinstance(commands, Refusal):
        return commands
    stages: list[ParsedStage] = []
    for command in commands:
        wrong = _check(command, begun=bool(stages))
        if wrong is not None:
            trace.line = command.instruction.line
            trace.note(_RULE_OF[wrong.kind], "build", None, "refused")
            return wrong
        if command.instruction.keyword == "FROM":
            stages.append(_stage(command.instruction))
        elif stages:
            stages[-1] = _with(stages[-1], command)
    if not stages:
        return _refuse("no-stages", "the Dockerfile has no FROM", None, trace)
    return stages


def _commands(dockerfile: str, dialect: Dialect, trace: Trace) -> list[Command] | Refusal:
    if not dockerfile:
        return _refuse("empty-dockerfile", "the Dockerfile is empty", None, trace)
    commands = []
    for line in logical_lines(dockerfile):
        read = instruction(line)
        trace.line = read.line
        form = read_form(read.text, dialect, trace) if read.keyword in WITH_FORM else None
        if isinstance(form, NotStrings):
            return Refusal("parse", "not-all-strings", "a JSON array must hold strings only", read.line)
        commands.append(Command(read, form))
    if not commands:
        return _refuse("no-instructions", "the Dockerfile has no instructions", None, trace)
    return commands


def _check(command: Command, *, begun: bool) -> Refusal | None:
    """What is wrong with an instruction, if anything; `begun` tells whether a FROM stands before it."""
    read = command.instruction

    def refuse(kind: Kind, message: str) -> Refusal:
        return Refusal("parse", kind, message, read.line)

    if read.keyword not in KEYWORDS:
        return refuse("unknown-instruction", f"unknown instruction: {read.keyword}")
    if read.keyword in {"CMD", "ENTRYPOINT", "SHELL"} and read.flags:
        return refuse("unknown-flag", f"{read.keyword} has no flag {read.flags[0]}")
    if read.keyword == "SHELL":
        if not read.text or command.form == ExecForm(()):
            return refuse("missing-argument", "SHELL needs at least one argument")
        if not isinstance(command.form, ExecForm):
            return refuse("shell-not-exec-form", "SHELL takes the exec form only")
    if read.keyword == "FROM":
        words = read.words
        if len(words) == 3 and words[1].lower() == "as":
            if not _STAGE_NAME.fullmatch(words[2].lower()):
                return refuse("bad-stage-name", f"{words[2]!r} is no name for a stage")
        elif len(words) != 1:
            return refuse("argument-count", "FROM takes one argument, or three")
    elif not begun and read.keyword != "ARG":
        return refuse("no-current-stage", f"{read.keyword} stands before the first FROM")
    return None


def _stage(read: Instruction) -> ParsedStage:
    base, *rest = read.words
    return ParsedStage(base, rest[1].lower() if rest else None, read.line, ())


def _with(stage: ParsedStage, command: Command) -> ParsedStage:
    return ParsedStage(stage.base, stage.name, stage.line, (*stage.commands, command))


def _refuse(kind: Kind, message: str, line: int | None, trace: Trace) -> Refusal:
    trace.line = line
    trace.note(_RULE_OF[kind], "build", None, "refused")
    return Refusal("parse", kind, message, line)


_RULE_OF: Final[dict[Kind, str]] = {
    "empty-dockerfile": "LEX-23",
    "no-instructions": "LEX-23",
    "no-stages": "LEX-23",
    "no-current-stage": "LEX-23",
    "unknown-instruction": "LEX-22",
    "unknown-flag": "LEX-27",
    "missing-argument": "FORM-16",
    "shell-not-exec-form": "FORM-16",
    "bad-stage-name": "STATE-14",
    "argument-count": "STATE-14",
}
