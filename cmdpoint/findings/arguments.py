"""Findings about arguments that a run may have: an ENTRYPOINT that does not pass them to the program."""

from collections.abc import Iterator

from cmdpoint.findings.arrays import is_shell_text
from cmdpoint.findings.finding import Finding, Source
from cmdpoint.findings.parameters import PASS_ON, with_all_parameters
from cmdpoint.findings.shell_text import uses_parameters
from cmdpoint.findings.shells import as_exec
from cmdpoint.findings.wrappers import shell_in
from cmdpoint.oracle.case import Words
from cmdpoint.oracle.container.shell import ShellCommand
from cmdpoint.oracle.dockerfile.form import ExecForm


def lost_arguments(source: Source, effective: dict[str, int]) -> Iterator[Finding]:
    """Yield a finding if arguments of `docker run` would not reach the program.

    Args:
        source: The Dockerfile.
        effective: The lines of the ENTRYPOINT and the CMD that are part of what runs, by field.
    """
    line = effective.get("Entrypoint")
    command = None if line is None else source.commands.get(line)
    if line is None or command is None:
        return
    if is_shell_text(command):
        text = getattr(command.form, "text", "") or ""
        if not uses_parameters(text):
            yield _of_shell_form(source, line, command.instruction.keyword, text)
    elif isinstance(command.form, ExecForm) and (found := shell_in(command.form.words)) is not None:
        if found[1].text and not uses_parameters(found[1].text):
            yield _of_script(source, line, command.form.words, found[1])
        elif not found[1].text:
            yield _of_first(source, line, command.form.words, has_cmd="Cmd" in effective)


def _of_first(source: Source, line: int, words: Words, *, has_cmd: bool) -> Finding:
    """The finding that arguments become the script of a shell."""
    return Finding(
        weight=8 if has_cmd else 5,
        rule="MERGE-2",
        message=f"arguments of `docker run` {'replace CMD and ' if has_cmd else ''}stand behind "
        f"{' '.join(words)}: the first is its script, and the others become its $0, $1 ...",
        line=line,
        column=source.column(line),
        advice="name the program in an exec-form ENTRYPOINT",
    )


def _of_script(source: Source, line: int, words: Words, shell: ShellCommand) -> Finding:
    """The finding that the script of an exec-form ENTRYPOINT does not use its parameters."""
    return Finding(
        weight=8,
        rule="EXEC-21",
        message="arguments of `docker run` do not reach the program: they are $0, $1 ... of the shell",
        line=line,
        column=source.column(line),
        fix=with_all_parameters(words, shell),
        advice=PASS_ON,
    )


def _of_shell_form(source: Source, line: int, keyword: str, text: str) -> Finding:
    fix = as_exec(keyword, text)
    return Finding(
        weight=8,
        rule="EXEC-21",
        message="arguments of `docker run` do not reach the program: they are $0, $1 ... of the shell that a "
        "shell-form ENTRYPOINT runs",
        line=line,
        column=source.column(line),
        fix=fix,
        advice='use exec form, or add "$@" and a word for $0',
    )
