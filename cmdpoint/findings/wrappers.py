"""Find a shell in the words of argv, also behind a program that executes its arguments, such as `tini`."""

import posixpath
from typing import Final

from cmdpoint.oracle.case import Words
from cmdpoint.oracle.container.shell import ShellCommand, shell_command

_WRAPPERS: Final = frozenset(
    {"catatonit", "docker-init", "dumb-init", "env", "gosu", "su-exec", "tini", "tini-static"}
)
"""Programs that execute the words behind their options, unchanged. An entrypoint script may do anything."""


def shell_in(words: Words) -> tuple[int, ShellCommand] | None:
    """The place of the shell that runs, and its command; None if no shell is known to run.

    Args:
        words: The words of argv, or the first of them.
    """
    if not words:
        return None
    last = len(words) if posixpath.basename(words[0]) in _WRAPPERS else 1
    for at in range(last):
        shell = shell_command(words[at:])
        if shell is not None:
            return at, shell
    return None
