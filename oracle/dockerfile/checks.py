"""What an instruction's arguments must be: their number, their flags, and what else a build needs."""

import re
from collections.abc import Callable
from typing import Final

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.commands import Command, Instruction
from cmdpoint.oracle.dockerfile.form import ExecForm
from cmdpoint.oracle.refusals import Kind

Wrong = tuple[str, Kind, str]
"""What is wrong: the rule, the kind of refusal, and a sentence for a person."""

_NONE: Final[frozenset[str]] = frozenset()
FLAGS: Final[dict[str, frozenset[str]]] = {
    "ADD": frozenset({"chown", "chmod", "link", "keep-git-dir", "checksum", "exclude", "unpack"}),
    "COPY": frozenset({"chown", "chmod", "link", "from", "exclude", "parents"}),
    "FROM": frozenset({"platform"}),
    "HEALTHCHECK": frozenset({"interval", "timeout", "start-period", "start-interval", "retries"}),
    "RUN": frozenset({"mount", "network", "security"}),
}
"""The flags of the instructions that have some; which version knows which is no matter of cmdpoint's."""

_STAGE_NAME = re.compile(r"[a-z][a-z0-9-_.]*")


def check(command: Command, dialect: Dialect) -> Wrong | None:
    """What is wrong with an instruction, if anything.

    Args:
        command: The instruction.
        dialect: Knows whose flags nobody looks at.

    Source: moby/buildkit, `frontend/dockerfile/instructions/parse.go`, `bflag.go:Parse`.
    """
    read = command.instruction
    find = _CHECKS.get(read.keyword)
    if find is None:
        return "LEX-22", "unknown-instruction", f"unknown instruction: {read.keyword}"
    if read.flags and read.keyword in dialect.unchecked_flags:
        command = command._replace(instruction=read._replace(flags=()))
    return find(command)


def _flag(read: Instruction) -> Wrong | None:
    known = FLAGS.get(read.keyword, _NONE)
    for flag in read.flags:
        if flag[2:].partition("=")[0] not in known:
            return "LEX-27", "unknown-flag", f"{read.keyword} has no flag {flag}"
    return None


def _any(command: Command) -> Wrong | None:
    """CMD, ENTRYPOINT and RUN: any arguments will do."""
    return _flag(command.instruction) if command.instruction.flags else None


def _some(command: Command) -> Wrong | None:
    """At least one argument."""
    read = command.instruction
    if not read.text:
        return _ARGUMENTS, "missing-argument", f"{read.keyword} needs at least one argument"
    return _flag(read)


def _pairs(command: Command) -> Wrong | None:
    """ARG, ENV and LABEL: at least one word, and a name in each."""
    read = command.instruction
    if not command.words:
        return _ARGUMENTS, "missing-argument", f"{read.keyword} needs at least one argument"
    if wrong := _flag(read):
        return wrong
    # In the old form, without a = in the first word, the rest is one value, whatever it begins with.
    pairs = command.words if read.keyword == "ARG" or "=" in command.words[0] else ()
    if any(word.startswith("=") for word in pairs):
        return _ARGUMENTS, "bad-syntax", f"{read.keyword} needs a name before the ="
    return None


def _one(command: Command) -> Wrong | None:
    """Exactly one argument, which is the whole text."""
    read = command.instruction
    if not read.text:
        return _ARGUMENTS, "argument-count", f"{read.keyword} takes exactly one argument"
    return _flag(read)


def _two(command: Command) -> Wrong | None:
    """ADD and COPY: a source and a destination."""
    read = command.instruction
    words = command.form.words if isinstance(command.form, ExecForm) else read.words
    if len(words) < 2:
        return _ARGUMENTS, "argument-count", f"{read.keyword} takes at least two arguments"
    return _flag(read)


def _shell(command: Command) -> Wrong | None:
    read = command.instruction
    if read.flags:
        return _flag(read)
    if not read.text or command.form == ExecForm(()):
        return "FORM-16", "missing-argument", "SHELL needs at least one argument"
    if not isinstance(command.form, ExecForm):
        return "FORM-16", "shell-not-exec-form", "SHELL takes the exec form only"
    return None


def _from(command: Command) -> Wrong | None:
    words = command.instruction.words
    if len(words) == 3 and words[1].lower() == "as":
        if not _STAGE_NAME.fullmatch(words[2].lower()):
            return "STATE-14", "bad-stage-name", f"{words[2]!r} is no name for a stage"
    elif len(words) != 1:
        return "STATE-14", "argument-count", "FROM takes one argument, or three"
    return _flag(command.instruction)


def _on_build(command: Command) -> Wrong | None:
    read, inner = command.instruction, command.inner
    if inner is None:
        return "ONB-1", "missing-argument", "ONBUILD needs an instruction"
    if read.flags:
        return _flag(read)
    if inner.keyword in ("ONBUILD", "FROM", "MAINTAINER"):
        return "ONB-1", "forbidden-trigger", f"{inner.keyword} is not allowed as a trigger"
    return None


def _health_check(command: Command) -> Wrong | None:
    read = command.instruction
    kind, *rest = read.text.split(maxsplit=1) or [""]
    match kind.upper(), bool(rest):
        case "", _:
            return "FORM-17", "missing-argument", "HEALTHCHECK needs at least one argument"
        case "NONE", True:
            return "FORM-17", "argument-count", "HEALTHCHECK NONE takes no arguments"
        case "NONE", False:
            return None
    if read.flags and (wrong := _flag(read)):
        return wrong
    if kind.upper() != "CMD":
        return "FORM-17", "bad-syntax", f"HEALTHCHECK knows no {kind}"
    if not rest or command.form == ExecForm(()):
        return "FORM-17", "missing-argument", "HEALTHCHECK CMD needs a command"
    return None


_ARGUMENTS: Final = "LEX-31"

_CHECKS: Final[dict[str, Callable[[Command], Wrong | None]]] = {
    **dict.fromkeys(("CMD", "ENTRYPOINT", "RUN"), _any),
    **dict.fromkeys(("EXPOSE", "VOLUME"), _some),
    **dict.fromkeys(("ARG", "ENV", "LABEL"), _pairs),
    **dict.fromkeys(("MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR"), _one),
    **dict.fromkeys(("ADD", "COPY"), _two),
    "FROM": _from,
    "HEALTHCHECK": _health_check,
    "ONBUILD": _on_build,
    "SHELL": _shell,
}
"""Every keyword, and how its arguments are checked."""

KEYWORDS: Final = frozenset(_CHECKS)
"""All keywords."""
