"""Findings about the words of the exec form: no shell reads them."""

import json
import re
import shlex
from collections.abc import Collection, Iterator
from typing import Final

from cmdpoint.findings.finding import Finding, Fix, Source
from cmdpoint.findings.shell_text import with_parameters
from cmdpoint.findings.variables import as_shell_word, declared_variables, meant_variable
from cmdpoint.findings.wrappers import shell_in
from cmdpoint.oracle.case import Words
from cmdpoint.oracle.container.shell import shell_command
from cmdpoint.oracle.dockerfile.form import ExecForm

_WITH_OPTION: Final = re.compile(r"[^\s'\"]+\s+-{1,2}[A-Za-z]")
_OPERATORS: Final = frozenset({"&&", "||", ";", "|", ">", ">>", "<", "2>&1", "&"})
_FIND_OPTIONS: Final = frozenset({"-exec", "-execdir", "-ok", "-okdir"})
"""Options of `find` whose command ends in `;`, which is a word of its own."""


def exec_words(source: Source, effective: dict[str, int], argv: Words) -> Iterator[Finding]:
    """Yield findings about variables, operators and blanks in the exec form of what runs.

    Args:
        source: The Dockerfile.
        effective: The lines of the ENTRYPOINT and the CMD that are part of what runs, by field.
        argv: What runs.
    """
    if shell_in(argv) is not None:
        return
    for field, line in effective.items():
        command = source.commands.get(line)
        if command is None or not isinstance(command.form, ExecForm):
            continue
        words, keyword = command.form.words, command.instruction.keyword
        # `tini -- sh -c '...'`, and a CMD `bash -c '...'` behind any ENTRYPOINT: a shell reads the text.
        if any(shell_command(words[at:]) is not None for at in range(len(words))):
            continue
        is_program = argv[: len(words)] == words
        yield from _unexpanded(source, line, words, argv if is_program else None)
        if is_program and words and re.search(r"\s", words[0]) and field in ("Entrypoint", "Cmd"):
            yield _blanks(source, line, keyword, words)
        elif field == "Cmd" and _is_whole_command(words, argv):
            yield _one_argument(source, line, keyword, words)


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


def _blanks(source: Source, line: int, keyword: str, words: Words) -> Finding:
    """The finding that the program's name has blanks."""
    text = " ".join(words)
    has_operator = re.search(r"&&|\|\||[;|<>]", text)
    fixed: Words = tuple(shlex_split(text))
    if has_operator:
        more = with_parameters(text) if keyword == "ENTRYPOINT" else None
        fixed = ("/bin/sh", "-c", text) if more is None else ("/bin/sh", "-c", more, "sh")
    message = f"in exec form the first string is the name of one program, blanks included: {words[0]!r}"
    fix = Fix(f"{keyword} {json.dumps(fixed, ensure_ascii=False)}", fixed) if fixed else None
    return Finding(weight=1, rule="EXEC-1", message=message, line=line, column=source.column(line), fix=fix)


def _is_whole_command(cmd: Words, argv: Words) -> bool:
    """Whether the first word of a CMD behind an ENTRYPOINT is a command with options, and so hardly one word.

    What follows an option of the ENTRYPOINT may be its value, which may have blanks.
    """
    in_front = argv[: len(argv) - len(cmd)]
    if not in_front or argv[len(in_front) :] != cmd or not _WITH_OPTION.match(cmd[0]):
        return False
    return in_front[-1] == "--" or not in_front[-1].startswith("-")


def _one_argument(source: Source, line: int, keyword: str, words: Words) -> Finding:
    """The finding that the ENTRYPOINT gets a whole command as one argument."""
    split = tuple(shlex_split(words[0]))
    fixed = (*split, *words[1:]) if split else ()
    return Finding(
        weight=3,
        rule="FORM-1",
        message=f"the ENTRYPOINT gets {words[0]!r} as one argument: exec form does not split strings",
        line=line,
        column=source.column(line),
        fix=Fix(f"{keyword} {json.dumps(fixed, ensure_ascii=False)}", fixed) if fixed else None,
        advice="write each word as a string of its own",
    )


def shlex_split(text: str) -> list[str]:
    """The words of a text as a shell splits it; none if a quote is not closed."""
    try:
        return shlex.split(text)
    except ValueError:
        return []
