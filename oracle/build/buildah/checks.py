"""What Buildah holds an instruction to when its turn comes: less than Docker's builders do."""

from collections.abc import Callable
from typing import Final

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import FLAGS, Wrong
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.dockerfile.form import ExecForm

_FLAGS: Final = {
    **FLAGS,
    "FROM": frozenset({"platform", "after"}),
    "RUN": frozenset({"mount", "network"}),
}
"""The flags of the instructions that have some."""


def check(command: Command, dialect: Dialect) -> Wrong | None:
    """What is wrong with an instruction, if anything.

    Source: openshift/imagebuilder, `dispatchers.go`, `evaluator.go:Resolve`.
    """
    read = command.instruction
    find = _CHECKS.get(read.keyword)
    if find is None:
        return "LEX-22", "unknown-instruction", f"unknown instruction: {read.keyword}"
    wrong = find(command)
    if wrong is not None or read.keyword in ("HEALTHCHECK", *dialect.unchecked_flags):
        return wrong
    return _flag(command)


def _flag(command: Command) -> Wrong | None:
    read = command.instruction
    for flag in read.flags:
        if flag[2:].partition("=")[0] not in _FLAGS.get(read.keyword, ()):
            return "LEX-27", "unknown-flag", f"{read.keyword} has no flag {flag}"
    return None


def _any(command: Command) -> Wrong | None:
    """CMD, ENTRYPOINT, RUN, and ARG: any arguments will do."""
    return None


def _some(command: Command) -> Wrong | None:
    """At least one argument."""
    read = command.instruction
    if not read.text or command.form == ExecForm(()):
        return _ARGUMENTS, "missing-argument", f"{read.keyword} needs at least one argument"
    return None


def _volume(command: Command) -> Wrong | None:
    if isinstance(command.form, ExecForm) and any(not word.strip() for word in command.form.words):
        return _ARGUMENTS, "bad-syntax", "VOLUME takes no empty word"
    return _some(command)


def _one(command: Command) -> Wrong | None:
    """Exactly one argument, which is the whole text."""
    read = command.instruction
    return None if read.text else (_ARGUMENTS, "argument-count", f"{read.keyword} takes exactly one argument")


def _two(command: Command) -> Wrong | None:
    """ADD and COPY: a source and a destination."""
    words = command.form.words if isinstance(command.form, ExecForm) else command.instruction.words
    if len(words) < 2:
        message = f"{command.instruction.keyword} takes at least two arguments"
        return _ARGUMENTS, "argument-count", message
    return None


def _shell(command: Command) -> Wrong | None:
    if not command.instruction.text or command.form == ExecForm(()):
        return "FORM-16", "missing-argument", "SHELL needs at least one argument"
    if not isinstance(command.form, ExecForm):
        return "FORM-16", "shell-not-exec-form", "SHELL takes the exec form only"
    return None


def _from(command: Command) -> Wrong | None:
    words = command.instruction.words
    if len(words) != 1 and not (len(words) == 3 and words[1].lower() == "as"):
        return "STATE-14", "argument-count", "FROM takes one argument, or three"
    return None


def _on_build(command: Command) -> Wrong | None:
    inner = command.inner
    if inner is None:
        return "ONB-1", "missing-argument", "ONBUILD needs an instruction"
    return forbidden(inner.keyword)


def forbidden(keyword: str) -> Wrong | None:
    """What is wrong with an instruction as a trigger, by its keyword (ONB-1)."""
    if keyword in ("ONBUILD", "FROM", "MAINTAINER"):
        return "ONB-1", "forbidden-trigger", f"{keyword} is not allowed as a trigger"
    return None


def _health_check(command: Command) -> Wrong | None:
    kind, *rest = command.instruction.text.split(maxsplit=1) or [""]
    match kind.upper(), bool(rest):
        case "", _:
            return "FORM-17", "missing-argument", "HEALTHCHECK needs at least one argument"
        case "NONE", True:
            return "FORM-17", "argument-count", "HEALTHCHECK NONE takes no arguments"
        case "NONE", False:
            return None
    if wrong := _flag(command):
        return wrong
    if kind.upper() != "CMD":
        return "FORM-17", "bad-syntax", f"HEALTHCHECK knows no {kind}"
    if not rest or command.form == ExecForm(()):
        return "FORM-17", "missing-argument", "HEALTHCHECK CMD needs a command"
    return None


_ARGUMENTS: Final = "LEX-31"

_CHECKS: Final[dict[str, Callable[[Command], Wrong | None]]] = {
    **dict.fromkeys(("ARG", "CMD", "ENTRYPOINT", "RUN"), _any),
    **dict.fromkeys(("ENV", "EXPOSE", "LABEL"), _some),
    **dict.fromkeys(("MAINTAINER", "STOPSIGNAL", "USER", "WORKDIR"), _one),
    **dict.fromkeys(("ADD", "COPY"), _two),
    "FROM": _from,
    "HEALTHCHECK": _health_check,
    "ONBUILD": _on_build,
    "SHELL": _shell,
    "VOLUME": _volume,
}
"""Every keyword, and how its arguments are checked."""
