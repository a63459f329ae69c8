"""Read the files of a build context: their kinds and modes, by the first bytes of each (STATE-32)."""

import os
import posixpath
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cmdpoint.cli.faults import NoDockerfile
from cmdpoint.cli.ignored import Ignored
from cmdpoint.oracle.files import ROOT, UNKNOWN, File
from cmdpoint.oracle.first_bytes import FIRST_BYTES, file_of
from cmdpoint.oracle.lookup import FOLDER

MOST_FILES: Final = 10_000
"""How many files and folders are read, at most."""

DOCKERFILE_FOLDER: Final = "{}"
"""What stands for the folder of the Dockerfile in the folder of a build context."""

IGNORE_FILES: Final = (".dockerignore", ".containerignore")


@dataclass(frozen=True, slots=True)
class Context:
    """A build context.

    Attributes:
        files: Its files by path, with `/` for its root; None if they are not known.
        unknown: Why they are not known.
    """

    files: tuple[tuple[str, File], ...] | None
    unknown: str = ""


NO_CONTEXT: Final = Context(None)
"""A build context that is not given."""


def read_context(folder: str, dockerfile: str) -> Context:
    """Read a build context.

    A file that a `.dockerignore` may leave out is `unknown`, whichever of its names a builder reads.

    Args:
        folder: Its path.
        dockerfile: The path of the Dockerfile, beside which there may be an ignore file for it alone.

    Raises:
        NoDockerfile: There is no such folder.
    """
    root = Path(folder).resolve()
    if not root.is_dir():
        raise NoDockerfile(f"there is no folder {folder}", "--context names a folder", "name another one")
    beside = [root / name for name in IGNORE_FILES]
    named = [Path(dockerfile + name) for name in IGNORE_FILES]
    files: list[tuple[str, File]] = []
    try:
        ignored = Ignored(path.read_text("utf-8") for path in (*beside, *named) if os.path.lexists(path))
        for path, name in _paths(root, ignored):
            if len(files) == MOST_FILES:
                return Context(None, f"{folder} has more than {MOST_FILES} files")
            file = FOLDER if path == root else _file(path)  # the mode of the root is not sent
            files.append((name, UNKNOWN if ignored.may_match(name) else file))
    except OSError as error:
        return Context(None, f"{error.filename} cannot be read")
    except UnicodeDecodeError:
        return Context(None, "a file such as .dockerignore is not UTF-8")
    return Context(tuple(files))


class Contexts:
    """The build contexts of several Dockerfiles, each read once."""

    def __init__(self, folder: str | None) -> None:
        """Prepare.

        Args:
            folder: The folder of the context, in which `{}` stands for the folder of the Dockerfile; None if
                no context is given.
        """
        self._folder = folder
        self._read: dict[tuple[str, str], Context] = {}

    def of(self, dockerfile: str) -> Context:
        """The context of a Dockerfile.

        Raises:
            NoDockerfile: There is no such folder.
        """
        if self._folder is None:
            return NO_CONTEXT
        folder = self._folder.replace(DOCKERFILE_FOLDER, str(Path(dockerfile).parent))
        has_own = any(os.path.lexists(dockerfile + name) for name in IGNORE_FILES)
        key = folder, dockerfile if has_own else ""
        if key not in self._read:
            self._read[key] = read_context(folder, dockerfile)
        return self._read[key]


def _paths(folder: Path, ignored: Ignored) -> Iterator[tuple[Path, str]]:
    """A folder and all that is in it, with its path in the context.

    Links are not followed. What is in a folder that may be left out is not listed.
    """
    pending = [folder]
    while pending:
        path = pending.pop()
        name = posixpath.join(ROOT, "" if path == folder else path.relative_to(folder).as_posix())
        yield path, name
        if path.is_dir() and not path.is_symlink() and not ignored.may_match(name):
            pending += sorted(path.iterdir())


def _file(path: Path) -> File:
    """The kind and mode of a file; it is `unknown` if it cannot be read."""
    try:
        found = path.lstat()
        if stat.S_ISDIR(found.st_mode):
            return File("folder", private=sent_mode(found.st_mode) & 0o111 != 0o111)
        if stat.S_ISLNK(found.st_mode):
            return File("link", text=Path(os.readlink(path)).as_posix())
        if not stat.S_ISREG(found.st_mode):
            return UNKNOWN
        with path.open("rb") as file:
            first = file.read(FIRST_BYTES)
    except OSError:
        return UNKNOWN
    return file_of(first, sent_mode(found.st_mode))


def sent_mode(mode: int) -> int:
    """The mode that a client sends: on Windows, where no file has one, every file is executable.

    Args:
        mode: The mode of a file or folder here.
    """
    return mode | 0o111 if os.name == "nt" else mode
