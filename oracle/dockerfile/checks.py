"""Check an instruction's arguments: their number, its flags, and what else a builder requires."""

import re
from collections.abc import Callable
from typing import Final

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.check_comments import sets_checks
from cmdpoint.oracle.dockerfile.commands import Command, Instruction
from cmdpoint.oracle.dockerfile.flag_checks import check_flags, check_health_flags
from cmdpoint.oracle.dockerfile.form import ExecForm
from cmdpoint.oracle.dockerfile.go_strings import SPACE, is_same, lower, split_at_bytes, upper
from cmdpoint.oracle.refusals import Kind

Wrong = tuple[str, Kind, str]
"""What is wrong: the rule, the kind of refusal, and a sentence for people."""

_STAGE_NAME = re.compile(r"[a-z][a-z0-9-_.]*")
_ARGUMENTS: Final = "LEX-31"


def check(command: Command, dialect: Dialect) -> Wrong | None:
    """Check an instruction.

    Args:
        command: The instruction.
        dialect: Decides which instructions have their flags checked, and how strict some checks are.

    Returns:
        What is wrong, or None.

    Source: moby/buildkit, `frontend/dockerfile/instructions/parse.go`, `bflag.go:Parse`;
    openshift/imagebuilder, `dispatchers.go`, `evaluator.go:Resolve`.
    """
    read = command.instruction
    if read.comments and dialect.check_comment == "no answer" and sets_checks(read.comments):
        return "LEX-32", "no-answer", "the builder ends at the check comment above"
    check_arguments = _CHECKS.get(read.keyword)
    if check_arguments is None:
        return "LEX-22", "unknown-instruction", f"unknown instruction: {read.keyword}"
    if read.flags and read.keyword in dialect.unchecked_flags:
        command = command._replace(instruction=read._replace(flags=()))
    return check_arguments(command, dialect)


def check_trigger(keyword: str) -> Wrong | None:
    """Check whether an instruction may be a trigger (ONB-1).

    Args:
        keyword: The instruction's keyword.
    """
    if keyword in ("ONBUILD", "FROM", "MAINTAINER"):
        return "ONB-1", "forbidden-trigger", f"{keyword} is not allowed as a trigger"
    return None


def _flags(read: Instruction, dialect: Dialect) -> Wrong | None:
    return check_flags(read, dialect) if read.flags else None


def _any(command: Command, dialect: Dialect) -> Wrong | None:
    """CMD, ENTRYPOINT and RUN accept any arguments."""
    return _flags(command.instruction, dialect)


def _some(command: Command, dialect: Dialect) -> Wrong | None:
    """EXPOSE takes at least one argument."""
    read = command.instruction
    return _flags(read, dialect) if read.text else _missing(read)


def _volume(command: Command, dialect: Dialect) -> Wrong | None:
    """VOLUME takes at least one argument, and no blank one."""
    if isinstance(command.form, ExecForm):
        if not command.form.words:
            return _missing(command.instruction)
        if not all(word.strip(SPACE) for word in command.form.words):
            return _ARGUMENTS, "bad-syntax", "VOLUME takes no empty word"
    return _some(command, dialect)


def _arg(command: Command, dialect: Dialect) -> Wrong | None:
    """ARG takes names, with or without a default; before Podman 4.0 exactly one."""
    if len(command.words) > 1 and dialect.several_arguments == "refused":
        return _ARGUMENTS, "argument-count", "ARG takes exactly one argument"
    if dialect.pair_names == "optional":
        return _flags(command.instruction, dialect)
    return _pairs(command, dialect, command.words)


def _env(command: Command, dialect: Dialect) -> Wrong | None:
    """ENV and LABEL take names with values.

    In the old form, without a = in the first word, the rest is one value, whatever it begins with.
    """
    is_old = bool(command.words) and "=" not in command.words[0]
    return _pairs(command, dialect, () if is_old or dialect.pair_names == "optional" else command.words)


def _pairs(command: Command, dialect: Dialect, pairs: tuple[str, ...]) -> Wrong | None:
    """At least one word, and a name in each of some."""
    read = command.instruction
    if not command.words:
        return _missing(read)
    if wrong := _flags(read, dialect):
        return wrong
    if any(word.startswith("=") for word in pairs):
        return _ARGUMENTS, "bad-syntax", f"{read.keyword} needs a name before the ="
    return None


def _one(command: Command, dialect: Dialect) -> Wrong | None:
    """Exactly one argument, which is the whole text."""
    read = command.instruction
    if not read.text:
        return _ARGUMENTS, "argument-count", f"{read.keyword} takes exactly one argument"
    return _flags(read, dialect)


def _two(command: Command, dialect: Dialect) -> Wrong | None:
    """ADD and COPY take a source and a destination."""
    read = command.instruction
    words = command.form.words if isinstance(command.form, ExecForm) else read.words
    if len(words) < 2:
        return _ARGUMENTS, "argument-count", f"{read.keyword} takes at least two arguments"
    return _flags(read, dialect)


def _shell(command: Command, dialect: Dialect) -> Wrong | None:
    read = command.instruction
    if read.flags:
        return _flags(read, dialect)
    if not read.text or command.form == ExecForm(()):
        return "FORM-16", "missing-argument", "SHELL needs at least one argument"
    if not isinstance(command.form, ExecForm):
        return "FORM-16", "shell-not-exec-form", "SHELL takes the exec form only"
    return None


def _from(command: Command, dialect: Dialect) -> Wrong | None:
    words = command.instruction.words
    if len(words) == 3 and is_same(words[1], "as"):
        if not _STAGE_NAME.fullmatch(lower(words[2])) and dialect.stage_names != "any word":
            return "STATE-14", "bad-stage-name", f"{words[2]!r} is no name for a stage"
    elif len(words) != 1:
        return "STATE-14", "argument-count", "FROM takes one argument, or three"
    return _flags(command.instruction, dialect)


def _on_build(command: Command, dialect: Dialect) -> Wrong | None:
    read, inner = command.instruction, command.inner
    if inner is None:
        return "ONB-1", "missing-argument", "ONBUILD needs an instruction"
    return _flags(read, dialect) or check_trigger(inner.keyword)


def _health_check(command: Command, dialect: Dialect) -> Wrong | None:
    read = command.instruction
    kind, *rest = split_at_bytes(read.text)
    is_empty = not rest or command.form == ExecForm(())
    match upper(kind):
        case "":
            return "FORM-17", "missing-argument", "HEALTHCHECK needs at least one argument"
        case "NONE":
            why = "HEALTHCHECK NONE takes no arguments"
            return None if is_empty else ("FORM-17", "argument-count", why)
    if wrong := _flags(read, dialect):
        return wrong
    if upper(kind) != "CMD":
        return "FORM-17", "bad-syntax", f"HEALTHCHECK knows no {kind}"
    if is_empty:
        return "FORM-17", "missing-argument", "HEALTHCHECK CMD needs a command"
    return check_health_flags(read, dialect)


def _missing(read: Instruction) -> Wrong:
    return _ARGUMENTS, "missing-argument", f"{read.keyword} needs at least one argument"


_CHECKS: Final[dict[str, Callable[[Command, Dialect], Wrong | None]]] = {
    **dict.fromkeys(("CMD", "ENTRYPOINT", "RUN"), _any),
    **dict.fromkeys(("ENV", "LABEL"), _env),
    **dict.fromkeys(("MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR"), _one),
    **dict.fromkeys(("ADD", "COPY"), _two),
    "ARG": _arg,
    "EXPOSE": _some,
    "FROM": _from,
    "HEALTHCHECK": _health_check,
    "ONBUILD": _on_build,
    "SHELL": _shell,
    "VOLUME": _volume,
}
"""Every keyword, and the check of its arguments."""
