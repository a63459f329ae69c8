"""Read `/etc/passwd` and `/etc/group` of an image."""

import re
from collections.abc import Iterator
from typing import Final

from cmdpoint.oracle.files import ROOT, File, Files
from cmdpoint.oracle.lookup import UnknownFileError, find

USERS: Final = "/etc/passwd"
"""The file with the users of an image."""

GROUPS: Final = "/etc/group"
"""The file with its groups."""

_NUMBER: Final = re.compile("[0-9]{1,19}")
"""What Go reads as a number; it is never negative here."""


def entries(files: Files, path: str) -> list[tuple[str, int]]:
    """The names and numbers in a file of users or groups; none if there is no such file.

    Args:
        files: The files of the image.
        path: `USERS` or `GROUPS`.

    Raises:
        UnknownFileError: The file is not known, or its text is not.
    """
    file = find(files, path, ROOT)
    if not isinstance(file, File) or file.kind == "folder":
        return []
    if not file.text:
        raise UnknownFileError(path)
    return list(_read(file.text))


def _read(text: str) -> Iterator[tuple[str, int]]:
    for line in text.split("\n"):
        name, _, number, *_ = [*line.split(":"), "", "", ""]
        if _NUMBER.fullmatch(number):
            yield name, int(number)
