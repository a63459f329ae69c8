"""Reading a file that a person names: every way in which that can fail is a fault that says what to do."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

from cmdpoint.cli.faults import IsFolder, NoDockerfile, NotText, Unreadable

STANDARD_INPUT: Final = "-"
"""The file name that stands for standard input."""


def read(name: str) -> str:
    """The text of a Dockerfile, its line ends as they stand.

    Args:
        name: A path, or `STANDARD_INPUT`.

    Raises:
        NoDockerfile: Nothing is there.
        IsFolder: A folder is there.
        Unreadable: It cannot be read.
        NotText: It is not UTF-8.
    """
    with opened(name) as file:
        content = file.read()
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise NotText(
            f"{called(name)} is not UTF-8",
            f"line {line} holds the byte 0x{content[error.start]:02x} where none such may stand",
            "save the file as UTF-8",
        ) from error


@contextmanager
def opened(name: str) -> Iterator[BinaryIO]:
    """A file, opened; `read` tells of the argument and the errors."""
    try:
        if name == STANDARD_INPUT:
            yield sys.stdin.buffer
        else:
            with Path(name).open("rb") as file:
                yield file
    except FileNotFoundError as error:
        raise NoDockerfile(
            f"there is no file {name}", "nothing is at that path", "name another, or - for standard input"
        ) from error
    except IsADirectoryError as error:
        remedy = f"name the file in it, for instance {Path(name) / 'Dockerfile'}"
        raise IsFolder(f"{name} is a folder", "a file is wanted", remedy) from error
    except (OSError, ValueError) as error:  # ValueError: a name no path can have
        why = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise Unreadable(
            f"{name} cannot be read", why, "see who may read it, or pipe it in and name -"
        ) from error


def called(name: str) -> str:
    """What to call a Dockerfile in front of people."""
    return "standard input" if name == STANDARD_INPUT else name
