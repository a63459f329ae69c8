"""Find the program in the words of argv, also behind one that executes its arguments, such as `tini`."""

import posixpath
import re
from typing import Final

from cmdpoint.oracle.case import Words
from cmdpoint.oracle.container.shell import ShellCommand, shell_command

_TINI: Final = re.compile("-[pe]")

_OPTIONS_WITH_VALUE: Final = {
    "catatonit": re.compile("(?!)"),
    "docker-init": _TINI,
    "dumb-init": re.compile("-r|--rewrite"),
    "env": re.compile("-[uC]|--unset|--chdir"),
    "gosu": re.compile("(?!)"),
    "su-exec": re.compile("(?!)"),
    "tini": _TINI,
    "tini-static": _TINI,
}
"""Programs that execute the words behind their options, unchanged, and their options whose value is a word of
its own. An entrypoint script may do anything.

Source: the help texts of tini 0.19, dumb-init 1.2.5 and GNU env 9.
"""

_WITH_USER: Final = frozenset({"gosu", "su-exec"})
"""Those whose first operand is a user."""


def is_wrapper(word: str) -> bool:
    """Whether a program executes the words behind its options."""
    return posixpath.basename(word) in _OPTIONS_WITH_VALUE


def program_at(words: Words) -> int:
    """The place of the program behind those that execute their arguments, which may be the end of the words.

    Args:
        words: The words of argv, or the first of them.
    """
    at = 0
    while at < len(words) and is_wrapper(words[at]):
        name = posixpath.basename(words[at])
        with_value = _OPTIONS_WITH_VALUE[name]
        at += 1
        while at < len(words) and words[at].startswith("-") and words[at] != "--":
            at += 2 if with_value.fullmatch(words[at]) else 1
        at += words[at : at + 1] == ("--",)
        at += name in _WITH_USER
        while name == "env" and at < len(words) and "=" in words[at]:
            at += 1
    return min(at, len(words))


def shell_in(words: Words) -> tuple[int, ShellCommand] | None:
    """The place of the shell that runs, and its command; None if no shell is known to run.

    Args:
        words: The words of argv, or the first of them.
    """
    if not words:
        return None
    last = len(words) if is_wrapper(words[0]) else 1
    for at in range(last):
        shell = shell_command(words[at:])
        if shell is not None:
            return at, shell
    return None
