"""Findings about programs that cannot be there, and about a CMD that is lost."""

import re
from collections.abc import Iterator
from typing import Final

from cmdpoint.findings.arrays import is_shell_text
from cmdpoint.findings.finding import Finding, Fix, Source
from cmdpoint.findings.shell_text import BUILTINS
from cmdpoint.findings.shells import as_exec
from cmdpoint.findings.splitting import shlex_split
from cmdpoint.findings.wrappers import shell_in
from cmdpoint.oracle.case import ImageConfig, Words
from cmdpoint.oracle.files import File
from cmdpoint.oracle.lookup import Found, find_if_known
from cmdpoint.oracle.outcome import Prediction

_ENTRYPOINT: Final = "[ENTRYPOINT of "
"""How a word that stands for an unknown Entrypoint begins; see `cmdpoint.bases.symbols`."""

_INTERPRETERS: Final = re.compile(r"(?:.*/)?(?:ash|bash|dash|irb|node|perl|python[0-9.]*|sh|zsh)")


def impossible_program(source: Source, argv: Words, given: Words, line: int | None) -> Iterator[Finding]:
    """Yield a finding if the first word can hardly be a program.

    Args:
        source: The Dockerfile.
        argv: What runs.
        given: The arguments of the command line.
        line: The line of the Dockerfile that has the first word, if any.
    """
    program = argv[0]
    if given and given[0].startswith("-") and argv[1:] == given and program.startswith(_ENTRYPOINT):
        base = program.removeprefix(_ENTRYPOINT).removesuffix("]")
        message = (
            f"if {base} has no ENTRYPOINT, {given[0]!r} is run as the program: the arguments replace CMD"
        )
        advice = "name the program in ENTRYPOINT, or give it in front of the arguments"
    elif given and argv == given and program.startswith("-"):
        message = f"{program!r} is run as the program: the arguments replace CMD, and there is no ENTRYPOINT"
        advice = "name the program in ENTRYPOINT, or give it in front of the arguments"
    elif program.startswith("-") or program == "[":
        message, advice = f"{program!r} is run as the program", "name the program first"
    elif program in BUILTINS:
        message = f"{program!r} is a command of shells, not a program, and in exec form no shell runs it"
        advice = f"run it in a shell: sh -c '{program} ...', or bash -c '...' if it needs bash"
    else:
        return
    column = 1 if line is None else source.column(line)
    yield Finding(weight=0, rule="EXEC-1", message=message, line=line, column=column, advice=advice)


def quoted_command(source: Source, effective: dict[str, int]) -> Iterator[Finding]:
    """Yield a finding if quotes around a shell-form command make it the name of one program.

    Args:
        source: The Dockerfile.
        effective: The lines of the ENTRYPOINT and the CMD that are part of what runs, by field.
    """
    for line in effective.values():
        command = source.commands.get(line)
        if command is None or not is_shell_text(command):
            continue
        words = shlex_split(getattr(command.form, "text", "") or "")
        words = words[1:] if words[:1] == ["exec"] else words
        # A path may have blanks.
        if len(words) != 1 or len(words[0].split()) < 2 or "/" in words[0].split()[0]:
            continue
        yield Finding(
            weight=0,
            rule="EXEC-1",
            message=f"the quotes make this one word, so the shell looks for a program named {words[0]!r}",
            line=line,
            column=source.column(line),
            fix=as_exec(command.instruction.keyword, words[0]),
            advice="leave out the quotes",
        )


def no_shell_in_scratch(
    source: Source, effective: dict[str, int], prediction: Prediction
) -> Iterator[Finding]:
    """Yield a finding if a shell-form command is run in an image that begins empty (STATE-33)."""
    texts = [
        (field, line)
        for field, line in effective.items()
        if line in source.commands and is_shell_text(source.commands[line])
    ]
    if not texts or prediction.config is None:
        return
    field, line = texts[0]
    shell = _shell_file(prediction.config, field)
    if not _has_no_shell(source, prediction, shell, line):
        return
    command = source.commands[line]
    brings = "unless COPY or ADD brings one" if shell is None else "and no COPY or ADD brings one"
    fix: Fix | None = as_exec(command.instruction.keyword, getattr(command.form, "text", "") or "")
    yield Finding(
        weight=0,
        rule="STATE-11",
        message=f"the shell form needs a shell, and scratch has none, {brings}",
        line=line,
        column=source.column(line),
        fix=fix,
        advice="use exec form",
    )


def lacks_shell(source: Source, prediction: Prediction, words: Words, line: int) -> bool:
    """Whether words start a shell by its path in an image that has none, as one from scratch.

    Args:
        source: The Dockerfile.
        prediction: What is predicted.
        words: The words.
        line: The line of their instruction.
    """
    if shell_in(words) is None or prediction.config is None:
        return False
    files = prediction.config.files_at_start
    found = find_if_known(files, words[0], "/") if files is not None and words[0].startswith("/") else None
    return _has_no_shell(source, prediction, found, line)


def _has_no_shell(source: Source, prediction: Prediction, shell: Found | None, line: int) -> bool:
    """Whether an image from scratch has no shell, as far as is known.

    Args:
        source: The Dockerfile.
        prediction: What is predicted.
        shell: What is at the path of the shell; None if that is not known.
        line: The line of the instruction that needs it.
    """
    bases = [step for step in prediction.steps if step.rule == "STATE-11"]
    froms = [
        at for at, command in source.commands.items() if command.instruction.keyword == "FROM" and at < line
    ]
    begins_empty = bool(bases and froms) and max(froms) == bases[-1].line
    return bool(bases) and not isinstance(shell, File) and (shell is not None or begins_empty)


def _shell_file(config: ImageConfig, field: str) -> Found | None:
    """What is at the path of the shell that a shell form needs; None if that is not known."""
    words, files = config.entrypoint if field == "Entrypoint" else config.cmd, config.files_at_start
    if files is None or not words[0].startswith("/"):
        return None
    return find_if_known(files, words[0], "/")


def lost_cmd(source: Source, prediction: Prediction, image: str) -> Iterator[Finding]:
    """Yield a finding if an ENTRYPOINT drops the CMD that the base has, and no CMD follows."""
    if prediction.config is not None and prediction.config.cmd:
        return
    for step in prediction.steps:
        if step.rule == "STATE-2" and step.image == image and step.line and step.before and not step.after:
            cmd = step.before if isinstance(step.before, tuple) else ()
            if len(cmd) == 1 and (str(cmd[0]).startswith("[CMD of ") or _is_interpreter(str(cmd[0]))):
                continue
            words = " ".join(map(str, cmd))
            yield Finding(
                weight=4,
                rule="STATE-2",
                message=f"ENTRYPOINT drops the CMD of the base ({words})",
                line=step.line,
                column=source.column(step.line),
                advice="repeat CMD below ENTRYPOINT if it should stay",
            )


def _is_interpreter(word: str) -> bool:
    """Whether a CMD of one word starts an interpreter, as that of a base for other images often does."""
    return bool(_INTERPRETERS.fullmatch(word))
