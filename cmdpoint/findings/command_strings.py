"""Findings about a whole command in one string of the exec form, which does not split it (EXEC-1, FORM-1)."""

import json
import re
import shlex
from collections.abc import Iterator
from typing import Final

from cmdpoint.bases.symbols import entrypoint_of
from cmdpoint.findings.finding import Finding, Fix, Source
from cmdpoint.findings.shell_text import with_parameters
from cmdpoint.findings.splitting import shlex_split
from cmdpoint.findings.wrappers import is_wrapper, program_at
from cmdpoint.oracle.case import Words

_WITH_OPTION: Final = re.compile(r"[^\s'\"]+\s+-{1,2}[A-Za-z]")
_COMMAND: Final = re.compile(
    r"[\w./-]+(?:\s+\S+)*\s+(?:-{1,2}[A-Za-z]\S*|[\w/-]*/[\w./-]*|[\w/-]+\.[a-z]\w*)(?:\s.*)?"
)
"""A program with an option, a path or the name of a file, and so hardly a sentence."""

_ENTRYPOINT_NAME: Final = re.compile(".*entry[-_]?point.*", re.IGNORECASE)
_SCRIPT_NAME: Final = re.compile(r".*\.(?:sh|bash)")


def command_strings(
    source: Source, field: str, line: int, words: Words, argv: Words, unknown: tuple[str, ...]
) -> Iterator[Finding]:
    """Yield a finding if a string of an instruction has a whole command.

    Args:
        source: The Dockerfile.
        field: The field of the instruction, `Entrypoint` or `Cmd`.
        line: Its line.
        words: Its words.
        argv: What runs.
        unknown: The names of unknown base images.
    """
    start = len(argv) - len(words) if field == "Cmd" else 0
    if not words or argv[start : start + len(words)] != words:
        return
    at = program_at(argv) - start
    if 0 <= at < len(words) and re.search(r"\s", words[at]):
        yield _blanks(source, line, words, at)
    elif start and not is_wrapper(argv[0]):
        if argv[0] not in map(entrypoint_of, unknown) and _is_whole_command(words, argv[:start]):
            yield _one_argument(source, line, words)
        elif start == 1:
            yield from _if_executed(source, line, words, argv[0], unknown)


def _blanks(source: Source, line: int, words: Words, at: int) -> Finding:
    """The finding that the program's name has blanks.

    Args:
        source: The Dockerfile.
        line: The line of the instruction.
        words: Its words.
        at: The place of the program in them.
    """
    keyword = source.commands[line].instruction.keyword
    split = tuple(shlex_split(words[at]))
    fixed: Words = (*split, *words[at + 1 :]) if split else ()
    if re.search(r"&&|\|\||[;|<>]", " ".join(words[at:])):
        text = " ".join((words[at], *(_for_shell(word) for word in words[at + 1 :])))
        more = with_parameters(text) if keyword == "ENTRYPOINT" else None
        fixed = ("/bin/sh", "-c", text) if more is None else ("/bin/sh", "-c", more, "sh")
    name = "the first string" if at == 0 else "a string"
    return Finding(
        weight=1,
        rule="EXEC-1",
        message=f"in exec form {name} is the name of one program, blanks included: {words[at]!r}",
        line=line,
        column=source.column(line),
        fix=_fix(keyword, (*words[:at], *fixed)) if fixed else None,
        advice="write each word as a string of its own",
    )


def _is_whole_command(cmd: Words, in_front: Words) -> bool:
    """Whether the first word of a CMD behind an ENTRYPOINT is a command with options, and so hardly one word.

    What follows an option of the ENTRYPOINT may be its value, which may have blanks.
    """
    return bool(_WITH_OPTION.match(cmd[0])) and (in_front[-1] == "--" or not in_front[-1].startswith("-"))


def _one_argument(source: Source, line: int, words: Words) -> Finding:
    """The finding that the ENTRYPOINT gets a whole command as one argument."""
    return Finding(
        weight=3,
        rule="FORM-1",
        message=f"the ENTRYPOINT gets {words[0]!r} as one argument: exec form does not split strings",
        line=line,
        column=source.column(line),
        fix=_split(source, line, words),
        advice="write each word as a string of its own",
    )


def _if_executed(
    source: Source, line: int, words: Words, entrypoint: str, unknown: tuple[str, ...]
) -> Iterator[Finding]:
    """Yield the finding that an ENTRYPOINT that executes its arguments finds no program of such a name.

    Args:
        source: The Dockerfile.
        line: The line of the CMD.
        words: Its words.
        entrypoint: The ENTRYPOINT, or the word that stands for that of an unknown base.
        unknown: The names of unknown base images.
    """
    base = next((name for name in unknown if entrypoint == entrypoint_of(name)), None)
    is_script = _SCRIPT_NAME.fullmatch(entrypoint) or _ENTRYPOINT_NAME.fullmatch(entrypoint)
    if not _COMMAND.fullmatch(words[0]) or (base is None and not is_script):
        return
    condition = (
        f"if {entrypoint} executes its arguments"
        if base is None
        else f"if {base} has no ENTRYPOINT, or one that executes its arguments"
    )
    yield Finding(
        weight=5 if base is not None or _ENTRYPOINT_NAME.fullmatch(entrypoint) else 7,
        rule="EXEC-1",
        message=f"{condition}, {words[0]!r} is the name of one program, blanks included",
        line=line,
        column=source.column(line),
        fix=_split(source, line, words),
        advice="write each word as a string of its own",
    )


def _split(source: Source, line: int, words: Words) -> Fix | None:
    """The instruction with the words of its first string; None if a quote in it is not closed."""
    split = tuple(shlex_split(words[0]))
    return _fix(source.commands[line].instruction.keyword, (*split, *words[1:])) if split else None


def _for_shell(word: str) -> str:
    """The word for a shell, which reads an operator as such."""
    return word if re.fullmatch(r"[\w@%+=:,./${}&|;<>-]+", word) else shlex.quote(word)


def _fix(keyword: str, words: Words) -> Fix:
    return Fix(f"{keyword} {json.dumps(words, ensure_ascii=False)}", words)
