"""Look up a path among the files of an image, as the kernel does: folders, symbolic links, lengths."""

from functools import lru_cache
from typing import Final, Literal

from cmdpoint.oracle.files import ROOT, File, Files

FOLDER: Final = File("folder")

LONGEST_NAME: Final = 255
"""How many bytes a component of a path may have."""

LONGEST_PATH: Final = 4095
"""How many bytes a path may have: the kernel's PATH_MAX, less the NUL behind it."""

MOST_LINKS: Final = 40
"""How many symbolic links the kernel follows in a path."""


class UnknownFileError(Exception):
    """A path leads to where files are not known; the message is the path."""


Found = File | Literal["missing", "through a file", "too long", "loop"]
"""What is at a path, or why nothing can be there."""


def find(files: Files, path: str, working_dir: str) -> Found:
    """Find what is at a path; symbolic links are followed.

    Args:
        files: The files of the image.
        path: Absolute, or relative to the working folder.
        working_dir: The working folder, which exists.

    Raises:
        UnknownFileError: It depends on files that are not known.

    Source: Linux, path_resolution(7).
    """
    return "too long" if is_long(path) else follow(files, path, working_dir)[0]


def find_if_known(files: Files, path: str, working_dir: str) -> Found | None:
    """Find what is at a path; None if it depends on files that are not known. See `find`."""
    try:
        return find(files, path, working_dir)
    except UnknownFileError:
        return None


def is_long(path: str) -> bool:
    """Whether a path has more bytes than a system call accepts."""
    return _length(path) > LONGEST_PATH


def follow(files: Files, path: str, working_dir: str) -> tuple[Found, int]:
    """Find what is at a path of any length, and count the links that are followed; see `find`."""
    folders = _folders((*files, f"{working_dir}/"))
    at, found, links = "", FOLDER, 0
    parts = path.split("/") if path.startswith("/") else [*working_dir.split("/"), *path.split("/")]
    parts = parts[:0:-1]  # the next one last; the first is the empty text in front of the root
    while parts:
        part = parts.pop()
        if found.kind != "folder":
            if ROOT in files:
                raise UnknownFileError(at)  # the file may have been copied into a folder of this name
            return "through a file", links
        if part in ("", "."):
            continue
        if _length(part) > LONGEST_NAME:
            return "too long", links
        before, at = at, _entered(files, at, part)
        if not at or (at in folders and at not in files):
            continue
        file = files.get(at) or files.get(ROOT)
        if file is None:
            return "missing", links
        if file.kind == "unknown":
            raise UnknownFileError(at)
        if file.kind == "folder":
            continue
        if file.kind == "link":
            links += 1
            if links > MOST_LINKS:
                return "loop", links
            target = file.text
            at = "" if target.startswith("/") else before
            parts += reversed(target.split("/"))
        else:
            found = file
    return found, links


def resolved(files: Files, path: str) -> str | None:
    """The path without symbolic links and `..`, whether anything is there or not, as engines find it.

    Args:
        files: The files of the image.
        path: An absolute path.

    Returns:
        None if there are too many links, or a name is too long.

    Raises:
        UnknownFileError: It depends on files that are not known.

    Source: cyphar/filepath-securejoin, `join.go:SecureJoinVFS`.
    """
    folders = _folders((*files,))
    at, links = "", 0
    parts = path.split("/")[::-1]
    while parts:
        part = parts.pop()
        if part in ("", "."):
            continue
        if _length(part) > LONGEST_NAME:
            return None
        before, at = at, _entered(files, at, part)
        file = files.get(at, FOLDER if not at or at in folders else files.get(ROOT))
        if file is None or file.kind in ("folder", "program", "script", "text"):
            continue
        if file.kind == "unknown":
            raise UnknownFileError(at)
        links += 1
        if links > MOST_LINKS:
            return None
        at = "" if file.text.startswith("/") else before
        parts += reversed(file.text.split("/"))
    return at or ROOT


def _entered(files: Files, folder: str, name: str) -> str:
    """The path of an entry of a folder, or of the folder above."""
    if name != "..":
        return f"{folder}/{name}"
    if ROOT in files:
        raise UnknownFileError(folder)  # it may be a symbolic link
    return folder.rpartition("/")[0]


def _length(text: str) -> int:
    return len(text.encode("utf-8", "surrogateescape"))


@lru_cache(maxsize=64)
def _folders(paths: tuple[str, ...]) -> frozenset[str]:
    """The folders that contain the paths. An image is looked up in often, so they are remembered."""
    return frozenset(path[:at] for path in paths for at, char in enumerate(path) if char == "/")
