"""Read a file that the user names; every failure is a fault that says what to do."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from cmdpoint.cli.faults import IsFolder, NoDockerfile, NotText, Unreadable
from cmdpoint.engines.faults import Fault

STANDARD_INPUT: Final = "-"
"""The file name that stands for standard input."""


def read(name: str) -> str:
    """Read the text of a Dockerfile, with its line ends unchanged.

    Args:
        name: A path, or `STANDARD_INPUT`.

    Raises:
        NoDockerfile: There is no such file.
        IsFolder: It is a folder.
        Unreadable: It cannot be read.
        NotText: It is not UTF-8.
    """
    with opened(name) as lines:
        content = b"".join(lines)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise NotText(
            f"{display_name(name)} is not UTF-8",
            f"line {line} has the byte 0x{content[error.start]:02x}, which UTF-8 does not allow there",
            "save the file as UTF-8",
        ) from error


@contextmanager
def opened(name: str) -> Iterator[Iterator[bytes]]:
    """Open a file for as long as the `with` statement runs, and iterate over its lines.

    Args:
        name: A path, or `STANDARD_INPUT`.

    Raises:
        Fault: It cannot be opened or read; see `read`. Errors of the `with` statement's body pass unchanged.
    """
    file = _open(name)
    try:
        yield _lines(file, name)
    finally:
        if name != STANDARD_INPUT:
            file.close()


def _open(name: str) -> BinaryIO:
    if name == STANDARD_INPUT:
        # It is None in a process that was started with its standard input closed.
        if sys.stdin is None:
            raise Unreadable("standard input cannot be read", "it is closed", "name a file")
        return sys.stdin.buffer
    try:
        return Path(name).open("rb")
    except (OSError, ValueError) as error:  # ValueError: a name that no path can have
        raise _fault(name, error) from error


def _lines(file: BinaryIO, name: str) -> Iterator[bytes]:
    while True:
        try:
            line = file.readline()
        except OSError as error:
            raise _fault(name, error) from error
        if not line:
            return
        yield line


def _fault(name: str, error: OSError | ValueError) -> Fault:
    shown = display_name(name)
    match error:
        case FileNotFoundError():
            remedy = "name another file, or - for standard input"
            return NoDockerfile(f"there is no file {shown}", "the path does not exist", remedy)
        case IsADirectoryError():
            remedy = f"name the file in it, for instance {Path(name) / 'Dockerfile'}"
            return IsFolder(f"{shown} is a folder", "cmdpoint needs a file here", remedy)
    why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    remedy = "check the file's permissions, or pipe it in and name -"
    return Unreadable(f"{shown} cannot be read", why, remedy)


def display_name(name: str) -> str:
    """The name of a file in messages."""
    return "standard input" if name == STANDARD_INPUT else name
