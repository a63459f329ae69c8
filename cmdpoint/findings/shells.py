"""Findings about shells in front of the program, which take its arguments."""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from cmdpoint.bases.symbols import entrypoint_of, shell_of
from cmdpoint.findings.arrays import is_shell_text
from cmdpoint.findings.finding import Finding, Fix, Source
from cmdpoint.findings.shell_text import BUILTINS, uses_parameters
from cmdpoint.findings.splitting import shlex_split
from cmdpoint.findings.wrappers import shell_in
from cmdpoint.oracle.case import Words
from cmdpoint.oracle.container.shell import shell_command
from cmdpoint.oracle.dockerfile.form import ExecForm

_META: Final = re.compile(r"[&|;<>()$`*?~#\n\\\[\]{}!]")


@dataclass(frozen=True, slots=True)
class RunningShell:
    """The shell that is process 1, or becomes it.

    Attributes:
        parameters: The words that its text calls `$0`, `$1` and so on.
        condition: A clause for findings about it; empty if the shell is known.
        behind: Whether an ENTRYPOINT stands in front of it, which may exec its arguments.
    """

    parameters: Words
    condition: str
    behind: bool = False


def running_shell(argv: Words, unknown: Iterable[str]) -> RunningShell | None:
    """Return the shell that an argv runs, or None if it runs none.

    Args:
        argv: What runs.
        unknown: The names of unknown base images. A SHELL that they may have is taken to be `/bin/sh -c`.
    """
    condition = ""
    for name in unknown:
        if argv[:1] == (shell_of(name),):
            argv, condition = ("/bin/sh", "-c", *argv[1:]), f", unless {name} sets another SHELL"
    shell = shell_command(argv) if argv else None
    return None if shell is None else RunningShell(shell.parameters, condition)


def shell_behind(program: str, unknown: Iterable[str]) -> RunningShell:
    """Return the shell of a CMD that stands behind an ENTRYPOINT.

    Args:
        program: The first word of what runs.
        unknown: The names of unknown base images, which may have an ENTRYPOINT or none.
    """
    for name in unknown:
        if program == entrypoint_of(name):
            return RunningShell((), f", unless the ENTRYPOINT of {name}, if it has one, prevents that")
    return RunningShell((), "", behind=True)


def shell_arguments(
    source: Source, effective: dict[str, int], shell: RunningShell, given: Words
) -> Iterator[Finding]:
    """Yield a finding if a shell-form ENTRYPOINT does not use the words behind its text.

    Args:
        source: The Dockerfile.
        effective: The lines of the ENTRYPOINT and the CMD that are part of what runs, by field.
        shell: The shell that runs.
        given: The arguments of the command line.
    """
    line = effective.get("Entrypoint")
    command = None if line is None else source.commands.get(line)
    if command is None or not is_shell_text(command) or not shell.parameters:
        return
    text = getattr(command.form, "text", "") or ""
    if uses_parameters(text):
        return
    count = len(shell.parameters)
    are = "it is $0" if count == 1 else f"they are $0 to ${count - 1}"
    fix = as_exec(command.instruction.keyword, text)
    yield Finding(
        weight=1 if given else 3,
        rule="EXEC-21",
        message=f"the program does not get {listed(shell.parameters)}: {are} of the shell that a "
        f"shell-form ENTRYPOINT runs{shell.condition}",
        line=line,
        column=source.column(command.instruction.line),
        fix=fix,
        advice='use exec form, or add "$@" and a word for $0',
    )


def command_from_arguments(source: Source, effective: dict[str, int], given: Words) -> Iterator[Finding]:
    """Yield a finding if an ENTRYPOINT ends in `-c`, so that the next word is the shell's command.

    Args:
        source: The Dockerfile.
        effective: See `shell_arguments`.
        given: The arguments of the command line.
    """
    line = effective.get("Entrypoint")
    command = None if line is None else source.commands.get(line)
    words = command.form.words if command is not None and isinstance(command.form, ExecForm) else ()
    found = shell_in(words)
    if line is None or not given or found is None or found[1].text:
        return
    whole = shell_in((*words, *given))
    shell, first = words[found[0]], given[0]
    if first.startswith("-"):
        message = f"{first!r} follows {words[-1]!r}, so {shell} reads it as an option of its own"
    elif whole is not None and whole[1].parameters:
        lost = whole[1].parameters
        become = "becomes its $0" if len(lost) == 1 else "become its $0, $1 ..."
        message = f"{shell} runs {first!r} alone: {listed(lost)} {become}"
    else:
        return
    yield Finding(
        weight=1,
        rule="MERGE-2",
        message=f"the arguments replace CMD and stand behind {' '.join(words)}. {message}",
        line=line,
        column=source.column(line),
        advice="name the program in an exec-form ENTRYPOINT, or give the command as one quoted argument",
    )


def as_exec(keyword: str, text: str) -> Fix | None:
    """The exec form of a simple command; None where it needs a shell, or its program's name has blanks."""
    words = tuple(shlex_split(text))
    if _META.search(text) or not words or words[0] in BUILTINS:
        return None
    if re.fullmatch(r"\w+=.*", words[0]) or re.search(r"\s", words[0]):
        return None
    return Fix(f"{keyword} {json.dumps(words, ensure_ascii=False)}", words)


def listed(words: Words) -> str:
    """The first words, quoted."""
    return ", ".join(map(repr, words[:4])) + (" ..." if len(words) > 4 else "")
