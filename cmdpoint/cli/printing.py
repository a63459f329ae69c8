"""Write results to standard output, and messages to standard error."""

import io
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TextIO

from cmdpoint.cli.faults import Unwritable
from cmdpoint.engines.faults import Fault


class ReaderLeft(Exception):
    """The program that reads standard output has ended, as in `cmdpoint explain | head -1`."""


def write_output(text: str) -> None:
    """Write text to standard output, and flush it.

    Args:
        text: The text with its line ends. Characters that the terminal cannot show are escaped.

    Raises:
        ReaderLeft: The program that reads the output has ended.
        Unwritable: It cannot be written, for instance because the disk is full.
    """
    # It is None in a process that was started with its standard output closed.
    if sys.stdout is None:
        raise _unwritable("standard output is closed")
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError as error:
        _discard(sys.stdout)
        raise ReaderLeft from error
    except OSError as error:
        _discard(sys.stdout)
        raise _unwritable(error.strerror or str(error)) from error


def say(message: object) -> None:
    """Write a message for the user to standard error, if possible."""
    write_error(f"cmdpoint: {message}\n")


def say_faults(faults: Sequence[Fault]) -> None:
    """Write the first fault in full and the others in a line, so that they do not bury results."""
    if faults:
        say(faults[0])
    if len(faults) > 1:
        more = f", and {len(faults) - 4} more" if len(faults) > 4 else ""
        say(f"also: {'; '.join(str(each.what) for each in faults[1:4])}{more}")


def write_error(text: str) -> None:
    """Write text to standard error, if possible."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        _discard(sys.stderr)


def _unwritable(why: str) -> Unwritable:
    return Unwritable("the output cannot be written", why, "redirect it to a file on a disk with free space")


def _discard(stream: TextIO) -> None:
    """Redirect a stream to /dev/null, because Python flushes it at exit and would fail again."""
    # A stream without a file descriptor, such as a test's, cannot be redirected.
    with suppress(OSError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
