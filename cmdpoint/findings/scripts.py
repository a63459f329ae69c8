"""Findings about `sh -c` in exec form: only the word behind the options is its script (MERGE-2, EXEC-21)."""

import json
import re
import shlex
from collections.abc import Iterable, Iterator
from typing import Final

from cmdpoint.bases.symbols import shell_of
from cmdpoint.findings.finding import Finding, Fix, Source
from cmdpoint.findings.parameters import PASS_ON, is_name, with_all_parameters
from cmdpoint.findings.shell_text import uses_parameters
from cmdpoint.findings.shells import listed
from cmdpoint.findings.wrappers import shell_in
from cmdpoint.oracle.case import ImageConfig, Words
from cmdpoint.oracle.container.shell import ShellCommand
from cmdpoint.oracle.dockerfile.form import ExecForm, ShellForm
from cmdpoint.oracle.outcome import Prediction, Process

_ONE_WORD: Final = re.compile(r"[^\s&|;<>()`'\"]+")

_SAFE: Final = re.compile(r"[\w@%+=:,./${}-]+|&&|\|\||[;|<>&]|>>|2>&1")
"""Words that stay as they are in a script: a `$` in them is most likely meant for the shell."""


def lost_words(
    source: Source, effective: dict[str, int], prediction: Prediction, unknown: Iterable[str]
) -> Iterator[Finding]:
    """Yield a finding if a shell takes words for `$0`, `$1` and so on that are meant for its script.

    Args:
        source: The Dockerfile.
        effective: The lines of the ENTRYPOINT and the CMD that are part of what runs, by field.
        prediction: What is predicted.
        unknown: The names of unknown base images. A SHELL that they may have is taken to be `/bin/sh -c`.
    """
    config = prediction.config or ImageConfig()
    in_front = shell_in(config.entrypoint)
    if in_front is not None and not in_front[1].text:
        if "Cmd" in effective:
            cmd = _expanded(config.cmd, unknown)
            yield from _script_in_cmd(source, effective["Cmd"], config.entrypoint, cmd)
        return
    for field, line in effective.items():
        words = config.entrypoint if field == "Entrypoint" else config.cmd
        command, found = source.commands.get(line), shell_in(words)
        if command is None or not isinstance(command.form, ExecForm) or found is None or not found[1].text:
            continue
        shell = found[1]
        if _are_lost(shell):
            front = words[: len(words) - len(shell.parameters) - 1]
            yield _finding(source, line, front, shell, (*front, _joined(shell)))
        elif field == "Entrypoint" and isinstance(prediction.outcome, Process):
            behind = prediction.outcome.argv[len(words) :]
            yield from _words_behind(source, line, words, shell, behind, given="Cmd" not in effective)


def _words_behind(
    source: Source, line: int, words: Words, shell: ShellCommand, behind: Words, *, given: bool
) -> Iterator[Finding]:
    """The finding that the script of an ENTRYPOINT does not use the words of CMD or of the command line."""
    if behind and not uses_parameters(shell.text):
        are = "it is a parameter" if len(behind) == 1 else "they are parameters"
        yield Finding(
            weight=1 if given else 3,
            rule="EXEC-21",
            message=f"the program does not get {listed(behind)}: {are} of the shell, whose script uses none",
            line=line,
            column=source.column(line),
            fix=with_all_parameters(words, shell),
            advice=PASS_ON,
        )


def _script_in_cmd(source: Source, line: int, entrypoint: Words, cmd: Words) -> Iterator[Finding]:
    """The finding about a CMD behind an ENTRYPOINT that ends in `-c`, if there is one."""
    command, whole = source.commands.get(line), shell_in((*entrypoint, *cmd))
    if command is None or whole is None:
        return
    shell = whole[1]
    if isinstance(command.form, ShellForm) and len(cmd) > 1:
        yield _finding(source, line, entrypoint, shell, (cmd[-1],))
    elif cmd[0].startswith("-") and cmd[0] != "--":
        yield Finding(
            weight=1,
            rule="MERGE-2",
            message=f"{cmd[0]!r} follows {entrypoint[-1]!r}, so the shell reads it as an option of its own",
            line=line,
            column=source.column(line),
            advice="name the program in an exec-form ENTRYPOINT",
        )
    elif shell.text == cmd[0] and _are_lost(shell):
        yield _finding(source, line, entrypoint, shell, (_joined(shell),))


def _are_lost(shell: ShellCommand) -> bool:
    """Whether a script has parameters, and does not use them."""
    parameters = shell.parameters
    has_name_only = len(parameters) == 1 and is_name(parameters[0])
    return bool(parameters) and not has_name_only and not uses_parameters(shell.text)


def _finding(source: Source, line: int, front: Words, shell: ShellCommand, fixed: Words) -> Finding:
    """The finding that a shell takes one word as its script, and the others as parameters.

    Args:
        source: The Dockerfile.
        line: The line of the instruction.
        front: The words in front of the script.
        shell: The shell's command.
        fixed: The words of the instruction with all of them in the script.
    """
    keyword = source.commands[line].instruction.keyword
    is_one_word = _ONE_WORD.fullmatch(shell.text) is not None
    become = "becomes its $0" if len(shell.parameters) == 1 else "become its $0, $1 ..."
    return Finding(
        weight=1 if is_one_word else 3,
        rule="EXEC-21" if len(fixed) > 1 else "MERGE-2",
        message=f"the script of {' '.join(front)} is {shell.text!r} alone: {listed(shell.parameters)} "
        f"{become}",
        line=line,
        column=source.column(line),
        fix=Fix(f"{keyword} {json.dumps(fixed, ensure_ascii=False)}", fixed) if is_one_word else None,
        advice='write the whole command as one string, or use the words in it, as "$0" and "$@"',
    )


def _joined(shell: ShellCommand) -> str:
    """The script with its parameters as words of its command."""
    words = (word if _SAFE.fullmatch(word) else shlex.quote(word) for word in shell.parameters)
    return " ".join((shell.text, *words))


def _expanded(cmd: Words, unknown: Iterable[str]) -> Words:
    """The words, with `/bin/sh -c` for the SHELL of a base that is not known."""
    if any(cmd[:1] == (shell_of(name),) for name in unknown):
        return ("/bin/sh", "-c", *cmd[1:])
    return cmd
