"""The Dockerfiles that the user names: files as they are, and folders searched as trees."""

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
"""What a Dockerfile is called in a tree, whatever the case of its letters."""

_NOT: Final = ("*.dockerignore", "*.containerignore", "*~", "*.swp", "*.orig", "*.rej")
"""What is none, though it is called nearly so."""

PASSED_OVER: Final = frozenset(
    {".git", ".hg", ".svn", ".jj", "node_modules", ".tox", ".nox", ".venv", "venv", "__pycache__", ".cache"}
)
"""The folders of a tree that contain other people's Dockerfiles."""


def dockerfiles(paths: Sequence[str]) -> Iterator[str | Fault]:
    """The Dockerfiles at some paths.

    Args:
        paths: Files, folders, or `STANDARD_INPUT`.

    Returns:
        Their paths, each once, in the order of `paths` and within a tree in that of their names; and a fault
        for a folder that cannot be read or where there is none.
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
        names[:] = sorted(name for name in names if name not in PASSED_OVER)
        for name in sorted(files):
            if _is_dockerfile(name):
                found = True
                yield str(Path(folder, name))
    yield from wrong
    if not found and not wrong:
        yield NoDockerfile(
            f"there is no Dockerfile in {path}",
            f"no file in it or below is called {', '.join(PATTERNS)}",
            "name the files themselves, whatever they are called",
        )


def _is_dockerfile(name: str) -> bool:
    def fits(patterns: Sequence[str]) -> bool:
        return any(fnmatchcase(name.lower(), pattern) for pattern in patterns)

    return fits(PATTERNS) and not fits(_NOT)


def _unreadable(error: OSError) -> Fault:
    why = error.strerror or str(error)
    return Unreadable(f"{error.filename} cannot be read", why, "see who may read it, or leave it out")
