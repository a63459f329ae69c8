"""Run a tool of the packaging system so that it ends with the process that started it.

The kernel kills the tool when its parent ends, even by SIGKILL: see PR_SET_PDEATHSIG in `prctl(2)`, which
`setpriv` of util-linux sets. A shell is killed the same way, and so are the programs that it starts with
`setpriv`.
"""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Final

DIES_WITH_PARENT: Final = ("setpriv", "--pdeathsig", "KILL", "--")
"""The beginning of a command that ends with the process that started it."""


@contextmanager
def child(
    command: list[str],
    stderr: IO[str] | int,
    stdout: int = subprocess.DEVNULL,
    pass_fds: tuple[int, ...] = (),
) -> Iterator[subprocess.Popen[str]]:
    """Run a command inside the context; an exception in the context, such as Ctrl-C, ends the command first.

    Args:
        command: The program and its arguments.
        stderr: Where its messages go.
        stdout: Where its output goes.
        pass_fds: Descriptors that it inherits.
    """
    process = subprocess.Popen(
        [*DIES_WITH_PARENT, *command],
        stdin=subprocess.DEVNULL,
        stdout=stdout,
        stderr=stderr,
        text=True,
        errors="replace",
        env={**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"},
        pass_fds=pass_fds,
        # Only this process receives Ctrl-C, and then ends the command.
        process_group=0,
    )
    with process:
        try:
            yield process
        except BaseException:
            process.terminate()
            process.wait()
            raise
