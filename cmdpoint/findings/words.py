"""Findings about the words of the exec form: no shell reads them."""

import json
from collections.abc import Collection, Iterator
from typing import Final

from cmdpoint.findings.command_strings import command_strings
from cmdpoint.findings.finding import Finding, Fix, Source
from cmdpoint.findings.shell_text import with_parameters
from cmdpoint.findings.variables import as_shell_word, declared_variables, meant_variable
from cmdpoint.findings.wrappers import shell_in
from cmdpoint.oracle.case import Words
from cmdpoint.oracle.container.shell import shell_command
from cmdpoint.oracle.dockerfile.form import ExecForm

_OPERATORS: Final = frozenset({"&&", "||", ";", "|", ">", ">>", "<", "2>&1", "&"})
_FIND_OPTIONS: Final = frozenset({"-exec", "-execdir", "-ok", "-okdir"})
"""Options of `find` whose command ends in `;`, which is a word of its own."""


def exec_words(
    source: Source, effective: dict[str, int], argv: Words, unknown: tuple[str, ...]
) -> Iterator[Finding]:
    """Yield findings about variables, operators and blanks in the exec form of what runs.

    Args:
        source: The Dockerfile.
        effective: The lines of the ENTRYPOINT and the CMD that are part of what runs, by field.
        argv: What runs.
        unknown: The names of unknown base images.
    """
    if shell_in(argv) is not None:
        return
    for field, line in effective.items():
        command = source.commands.get(line)
        if command is None or not isinstance(command.form, ExecForm):
            continue
        words = command.form.words
        # `tini -- sh -c '...'`, and a CMD `bash -c '...'` behind any ENTRYPOINT: a shell reads the text.
        if any(shell_command(words[at:]) is not None for at in range(len(words))):
            continue
        is_program = argv[: len(words)] == words
        yield from _unexpanded(source, line, words, argv if is_program else None)
        yield from command_strings(source, field, line, words, argv, unknown)


def _unexpanded(source: Source, line: int, words: Words, argv: Words | None) -> Iterator[Finding]:
    """Yield the finding that words have variables or operators, if they have.

    Args:
        source: The Dockerfile.
        line: The line of the instruction.
        words: Its words.
        argv: What runs; None if it does not begin with the words.
    """
    declared = declared_variables(source)
    variable = meant_variable(words, declared)
    operators = _OPERATORS - ({";"} if _FIND_OPTIONS & set(words) else set())
    operator = next((word for word in words if word in operators), None)
    if variable is not None:
        what, full = variable
        message = f"the program gets {full!r} as it is written: in exec form no shell replaces variables"
    elif operator is not None:
        what = operator
        message = f"{what!r} is an argument of the program: in exec form no shell reads operators"
    else:
        return
    keyword = source.commands[line].instruction.keyword
    text = _for_shell(words, declared, operators)
    fix = None if text is None or argv is None else _in_shell(keyword, text, argv[len(words) :], operator)
    at, column = source.position(line, what)
    yield Finding(
        weight=2,
        rule="LEX-29" if variable is not None else "FORM-1",
        message=message,
        line=line,
        column=column,
        at=at,
        fix=fix,
        advice="replace it in a script that the container runs, or run a shell: sh -c '...'",
    )


def _for_shell(words: Words, declared: Collection[str], operators: Collection[str]) -> str | None:
    """The text with which a shell runs the words; None if it is not known."""
    texts = [word if word in operators else as_shell_word(word, declared) for word in words]
    known = [text for text in texts if text is not None]
    return " ".join(known) if len(known) == len(texts) else None


def _in_shell(keyword: str, text: str, behind: Words, operator: str | None) -> Fix | None:
    """The instruction with a shell that runs a text, and passes the arguments of a run on; None if it cannot.

    Args:
        keyword: CMD or ENTRYPOINT.
        text: The text.
        behind: The words of argv behind those of the instruction.
        operator: The first operator in the text.
    """
    text = text if operator else f"exec {text}"
    more = with_parameters(text) if keyword == "ENTRYPOINT" and operator is None else None
    if more is not None:
        words: Words = ("/bin/sh", "-c", more, "sh")
    elif keyword == "CMD" and not behind:
        words = ("/bin/sh", "-c", text)
    else:
        return None
    return Fix(f"{keyword} {json.dumps(words, ensure_ascii=False)}", words)
