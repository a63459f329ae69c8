"""Variables in the words of the exec form: which are meant for a shell, and how a shell gets the words.

Programs such as awk and jq, and options such as `python -c`, take text of other languages, in which `$` has
another meaning.
"""

import posixpath
import re
import shlex
from collections.abc import Collection, Iterator
from typing import Final

from cmdpoint.findings.finding import Source
from cmdpoint.findings.wrappers import program_at
from cmdpoint.oracle.case import Words

_VARIABLE: Final = re.compile(r"\$(?:\{[A-Za-z_]\w*(?:[-:+?#%/^,][^{}]*)?\}|[A-Za-z_]\w*|\([^()$]*\))")
_NAME: Final = re.compile(r"[A-Za-z_]\w*")
_USUAL_NAME: Final = re.compile(r"[A-Z][A-Z0-9_]+")
"""What the names of environment variables look like."""

_PLAIN: Final = re.compile(r"[\w@%+=:,./\x7f-\U0010ffff-]*")
"""Words that need no quotes, apart from their variables."""

_OTHER_LANGUAGE: Final = re.compile(r"[][(){}<>;|'\"`\\^$*]")
"""Characters that, apart from its variables, a word of a command line seldom has."""

_INSIDE: Final = re.compile(r"\w\$\w")
"""A `$` inside a name, as in `pa$word`."""

_DOUBLE_QUOTED: Final = re.compile(r'[$`"\\]')

_FILTERS: Final = re.compile(r"[gmn]?awk|g?sed|jq|gojq|jaq|yq|envsubst|e?grep|perl|tr")
"""Programs whose first operand is a text of another language, or names variables."""

_TEXT_OPTIONS: Final = {
    "python": re.compile("-[A-Za-z]*c"),
    "pypy": re.compile("-[A-Za-z]*c"),
    "perl": re.compile("-[A-Za-z0-9]*[eE]"),
    "ruby": re.compile("-[A-Za-z]*e"),
    "node": re.compile("-e|-p|-pe|--eval|--print"),
    "nodejs": re.compile("-e|-p|-pe|--eval|--print"),
    "bun": re.compile("-e|-p|--eval|--print"),
    "php": re.compile("-[rRBE]"),
    "lua": re.compile("-e"),
    "luajit": re.compile("-e"),
    "mongo": re.compile("--eval"),
    "mongosh": re.compile("--eval"),
    "psql": re.compile("-[A-Za-z]*c|--command"),
    "mysql": re.compile("-[A-Za-z]*e|--execute"),
    "mariadb": re.compile("-[A-Za-z]*e|--execute"),
    "Rscript": re.compile("-e"),
    "awk": re.compile("-e|--source"),
    "sed": re.compile("-[A-Za-z]*e|--expression"),
    "grep": re.compile("-[A-Za-z]*e|--regexp"),
    "julia": re.compile("-[eE]|--eval|--print"),
    "expect": re.compile("-c"),
    "pwsh": re.compile("-[A-Za-z]+", re.IGNORECASE),
    "powershell": re.compile("-[A-Za-z]+", re.IGNORECASE),
}
"""The options of programs whose value is a text of another language."""


def declared_variables(source: Source) -> frozenset[str]:
    """The names of the variables that the ENV and ARG of a Dockerfile declare."""
    names: set[str] = set()
    for command in source.commands.values():
        if command.instruction.keyword in ("ARG", "ENV"):
            names.update(re.findall(r"(?:^|\s)([A-Za-z_]\w*)(?=[=\s]|$)", command.instruction.text))
    return frozenset(names)


def meant_variable(words: Words, declared: Collection[str]) -> tuple[str, str] | None:
    """The first variable in words of the exec form that is most likely meant for a shell, and its word.

    Args:
        words: The words of a command; the first is the program.
        declared: The names of variables that the Dockerfile declares.
    """
    foreign = set(_foreign(words))
    for at, word in enumerate(words):
        if at not in foreign and (found := _meant(word, declared)):
            return found[0], word
    return None


def as_shell_word(word: str, declared: Collection[str]) -> str | None:
    """The text that makes a shell give a program the word, with the value of its variables.

    A variable in a word without other special characters stands without quotes, so that a shell splits its
    value: `$JAVA_OPTS` is often several words, or none.

    Args:
        word: The word.
        declared: The names of variables that the Dockerfile declares.

    Returns:
        The text; None if a shell hardly reads its variables as they are meant.
    """
    found = _meant(word, declared)
    if not found:
        return shlex.quote(word)
    if any(each.startswith("$(") and re.fullmatch(r"\$\(\w+\)", each) for each in found):
        return None  # the notation of Kubernetes and of make; a shell runs a program
    rest = _VARIABLE.sub("", word)
    if _PLAIN.fullmatch(rest) and not any(re.search(r"\s", each) for each in found if each[1] == "{"):
        return word
    pieces = _VARIABLE.split(word)
    variables = [each[0] for each in _VARIABLE.finditer(word)]
    quoted = [_DOUBLE_QUOTED.sub(r"\\\g<0>", piece) for piece in pieces]
    return '"' + "".join(map("".join, zip(quoted, [*variables, ""], strict=True))) + '"'


def _meant(word: str, declared: Collection[str]) -> list[str]:
    """The variables of a word; none if it is a text of another language."""
    found = [each[0] for each in _VARIABLE.finditer(word)]
    rest = _VARIABLE.sub("", word)
    names = [name[0] for each in found if (name := _NAME.search(each))]
    are_known = all(name in declared for name in names)
    if not found or are_known or not rest:
        return found
    if _OTHER_LANGUAGE.search(rest):
        return []
    are_usual = all(name in declared or _USUAL_NAME.fullmatch(name) for name in names)
    is_part = _PLAIN.fullmatch(rest) and not _INSIDE.search(word)
    return found if are_usual or is_part else []


def _foreign(words: Words) -> Iterator[int]:
    """Yield the places of the words of a command that are texts of another language."""
    at = program_at(words)
    program = re.sub(r"[\d.]+$", "", posixpath.basename(words[at])) if at < len(words) else ""
    rest = range(at + 1, len(words))
    if _FILTERS.fullmatch(program):
        yield from (each for each in rest if words[each].startswith("-"))
        yield from [each for each in rest if not words[each].startswith("-")][:1]
    options = next((_TEXT_OPTIONS[name] for name in (program, program[1:]) if name in _TEXT_OPTIONS), None)
    if options is not None:
        yield from (each for each in rest if options.fullmatch(words[each - 1]))
