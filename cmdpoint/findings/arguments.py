"""Findings about arguments that a run may have: an ENTRYPOINT that does not pass them to the program."""

from collections.abc import Iterator

from cmdpoint.findings.arrays import is_shell_text
from cmdpoint.findings.finding import Finding, Source
from cmdpoint.findings.shell_text import uses_parameters
from cmdpoint.findings.shells import as_exec
from cmdpoint.oracle.container.shell import shell_command
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
    elif isinstance(command.form, ExecForm) and command.form.words:
        shell = shell_command(command.form.words)
        if shell is not None and not shell.text:
            yield Finding(
                weight=5,
                rule="MERGE-2",
                message="arguments of `docker run` replace CMD and stand behind "
                f"{' '.join(command.form.words)}: the shell runs the first alone, and the others "
                "become its $0, $1 ...",
                line=line,
                column=source.column(line),
                advice="name the program in an exec-form ENTRYPOINT",
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
        advice="" if fix else 'use exec form, or add "$@" and a word for $0',
    )
