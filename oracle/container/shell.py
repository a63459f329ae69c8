"""Recognise a shell that runs a text, such as `/bin/sh -c TEXT`, by the words of argv.

It does not matter whether these words come from a shell form, from SHELL or from a user. If another program
comes first, such as an entrypoint script, nothing is known about a shell behind it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cmdpoint.oracle.case import Words

POSIX_SHELLS: Final = frozenset({"sh", "ash", "bash", "dash", "ksh", "mksh", "zsh"})
"""Shells that take an option -c, and call the words that follow its text $0, $1 ..."""

_OTHERS: Final = frozenset({"csh", "fish", "tcsh"})
"""Shells that take an option -c, but do not call the words that follow its text $0, $1 ..."""

_WITH_VALUE: Final = frozenset({"--init-file", "--rcfile"})


@dataclass(frozen=True, slots=True)
class ShellCommand:
    """A shell and the text that it runs.

    Attributes:
        text: The text; empty if there is none.
        parameters: The words that the text calls `$0`, `$1` and so on.
    """

    text: str
    parameters: Words


def shell_command(argv: Words) -> ShellCommand | None:
    """Return the shell command that an argv is, or None if its program is not known to be a shell.

    Args:
        argv: The words; at least one.

    Source: POSIX, "sh"; GNU Bash manual, "Invoking Bash"; PowerShell, "about_Pwsh"; Windows, "cmd".
    """
    name = argv[0].replace("\\", "/").rpartition("/")[2].lower().removesuffix(".exe")
    if name in POSIX_SHELLS | _OTHERS:
        operands = _operands_of_c(argv[1:])
        if operands is None:
            return None
        return ShellCommand("".join(operands[:1]), operands[1:] if name in POSIX_SHELLS else ())
    if name in ("powershell", "pwsh"):
        return _joined_text(argv, lambda word: len(word) > 1 and "-command".startswith(word))
    if name == "cmd":
        return _joined_text(argv, lambda word: word == "/c")
    return None


def _operands_of_c(words: Words) -> Words | None:
    """Return the words behind the options, the first of them the text; None without an option c."""
    has_c = False
    at = 0
    while at < len(words):
        word = words[at]
        if word in ("-", "--"):
            at += 1
            break
        if len(word) < 2 or word[0] not in "-+":
            break
        at += 1
        if word.startswith("--"):
            at += word in _WITH_VALUE
        else:
            has_c |= "c" in word
            at += "o" in word.lower()
    return words[at:] if has_c else None


def _joined_text(argv: Words, is_command: Callable[[str], bool]) -> ShellCommand | None:
    """Return the command of a shell that takes every word behind an option as its text."""
    for at, word in enumerate(argv[1:], start=2):
        if is_command(word.lower()):
            return ShellCommand(" ".join(argv[at:]), ())
    return None
