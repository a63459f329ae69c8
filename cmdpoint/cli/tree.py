"""Find the Dockerfiles that the user names: files, and all Dockerfiles in folders and their subfolders."""

import os
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Final

from cmdpoint.cli.faults import NoDockerfile, Unreadable
from cmdpoint.cli.reading import STANDARD_INPUT
from cmdpoint.engines.faults import Fault

PATTERNS: Final = (
    "dockerfile",
    "dockerfile.*",
    "*.dockerfile",
    "containerfile",
    "containerfile.*",
    "*.containerfile",
)
"""The names of Dockerfiles in a folder, in lower or upper case."""

_EXCLUDED: Final = ("*.dockerignore", "*.containerignore", "*~", "*.swp", "*.orig", "*.rej")
"""Similar names of other files."""

SKIPPED_FOLDERS: Final = frozenset(
    {".git", ".hg", ".svn", ".jj", "node_modules", ".tox", ".nox", ".venv", "venv", "__pycache__", ".cache"}
)
"""Folders that contain Dockerfiles of other projects."""


def dockerfiles(paths: Sequence[str]) -> Iterator[str | Fault]:
    """Find the Dockerfiles at some paths.

    Args:
        paths: Files, folders, or `STANDARD_INPUT`.

    Returns:
        The path of each Dockerfile once, in the order of `paths` and by name in a folder; and a fault for a
        folder that cannot be read or has no Dockerfile.
    """
    yielded: set[str] = set()
    for path in paths:
        for found in _at(path):
            if isinstance(found, Fault):
                yield found
            elif found not in yielded:
                yielded.add(found)
                yield found


def _at(path: str) -> Iterator[str | Fault]:
    if path == STANDARD_INPUT or not os.path.isdir(path):
        yield path
        return
    wrong: list[Fault] = []
    found = False
    for folder, names, files in os.walk(path, onerror=lambda error: wrong.append(_unreadable(error))):
        names[:] = sorted(name for name in names if name not in SKIPPED_FOLDERS)
        for name in sorted(files):
            if _is_dockerfile(name):
                found = True
                yield str(Path(folder, name))
    yield from wrong
    if not found and not wrong:
        yield NoDockerfile(
            f"there is no Dockerfile in {path}",
            f"no file in it or its subfolders has a name such as {', '.join(PATTERNS)}",
            "name the files themselves, which may have any name",
        )


def _is_dockerfile(name: str) -> bool:
    def fits(patterns: Sequence[str]) -> bool:
        return any(fnmatchcase(name.lower(), pattern) for pattern in patterns)

    return fits(PATTERNS) and not fits(_EXCLUDED)


def _unreadable(error: OSError) -> Fault:
    why = error.strerror or str(error)
    return Unreadable(f"{error.filename} cannot be read", why, "check its permissions, or leave it out")
