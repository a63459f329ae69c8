"""Findings about shells in front of the program: arguments that they take, and signals that they keep."""

import json
import re
from collections.abc import Iterator
from typing import Final

from cmdpoint.findings.arrays import is_shell_text
from cmdpoint.findings.finding import Finding, Fix, Source
from cmdpoint.findings.words import has_command, is_shell, shlex_split
from cmdpoint.oracle.case import Words
from cmdpoint.oracle.dockerfile.form import ExecForm

_META: Final = re.compile(r"[&|;<>()$`*?~#\n\\\[\]{}!]")
_COMPOUND: Final = re.compile(r"&&|\|\||[;|&\n]")


def shell_arguments(
    source: Source, effective: dict[str, int], argv: Words, given: Words
) -> Iterator[Finding]:
    """Yield findings about words behind the command of a shell.

    Args:
        source: The Dockerfile.
        effective: The lines of the ENTRYPOINT and the CMD that are part of what runs, by field.
        argv: What runs.
        given: The arguments of the command line.
    """
    line = effective.get("Entrypoint")
    command = None if line is None else source.commands.get(line)
    if command is None or line is None:
        return
    words = command.form.words if isinstance(command.form, ExecForm) else ()
    behind = given or (argv[len(words) :] if words else argv[3:])
    if is_shell_text(command):
        text = getattr(command.form, "text", "") or ""
        if behind and not re.search(r"\$[@*0-9]|\$\{[@*0-9]", text):
            names = "$0" if len(behind) == 1 else f"$0 to ${len(behind) - 1}"
            yield Finding(
                weight=1 if given else 3,
                rule="SHELL-3",
                message=f"the program does not get {_list(behind)}: they are {names} of the shell that a "
                "shell-form ENTRYPOINT runs",
                line=line,
                column=source.column(line),
                fix=as_exec(command.instruction.keyword, text),
                advice="" if as_exec("", text) else 'use exec form, or add "$@" and a word for $0',
            )
    elif has_command(words) and re.fullmatch(r"-[a-zA-Z]*c", words[-1]) and is_shell(words):
        yield from _command_from_arguments(source, line, words, given)


def _command_from_arguments(source: Source, line: int, words: Words, given: Words) -> Iterator[Finding]:
    """The finding for an ENTRYPOINT that ends in `-c`: the next word is the shell's command."""
    if not given:
        return
    first, *others = given
    if first.startswith("-"):
        message = f"{first!r} follows {words[-1]!r}, so {words[0]} reads it as an option of its own"
    elif others:
        message = f"{words[0]} runs {first!r} alone: {_list(tuple(others))} become its $0, $1 ..."
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


def signals(source: Source, effective: dict[str, int], argv: Words) -> Iterator[Finding]:
    """Yield a finding if a shell may stay process 1."""
    for line in effective.values():
        command = source.commands.get(line)
        if command is None or not is_shell_text(command):
            continue
        text = getattr(command.form, "text", "") or ""
        if text.lstrip().startswith("exec ") or len(argv) < 2:
            continue
        compound = _COMPOUND.search(text)
        keeps = (
            "the shell stays process 1 and does not pass SIGTERM on: `docker stop` kills after 10 seconds"
            if compound
            else "whether the program gets SIGTERM depends on the image's shell: bash replaces itself by the "
            "program, an older dash does not"
        )
        fix = None if compound else as_exec(command.instruction.keyword, text)
        advice = "put exec in front of the last command" if fix is None else ""
        yield Finding(
            weight=7,
            rule="SHELL-3",
            message=f"a shell runs this text. {keeps[0].upper()}{keeps[1:]}",
            line=line,
            column=source.column(line),
            fix=fix,
            advice=advice,
        )
        return


def as_exec(keyword: str, text: str) -> Fix | None:
    """The exec form of a simple command; None where it needs a shell."""
    words = tuple(shlex_split(text))
    if _META.search(text) or not words or re.fullmatch(r"\w+=.*", words[0]):
        return None
    return Fix(f"{keyword} {json.dumps(words, ensure_ascii=False)}", words)


def _list(words: Words) -> str:
    return ", ".join(map(repr, words[:4])) + (" ..." if len(words) > 4 else "")
