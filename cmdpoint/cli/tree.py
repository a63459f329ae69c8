"""Find the Dockerfiles that the user names: files, and all Dockerfiles in folders and their subfolders.

A file that is named counts, whatever it is. In a folder, a file is a Dockerfile if

1. its name is one of `PATTERNS`, in lower or upper case, and none of `EXCLUDED`;
2. it is in none of `SKIPPED_FOLDERS`, and not behind a link to a folder;
3. its name does not end like a template's (`TEMPLATES`);
4. it is text, one of its lines begins with FROM, and that is no template's line, as `FROM {{ image }}` is.

What fits 1 and 2 but not 3 or 4 is reported as skipped.
"""

import codecs
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
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

EXCLUDED: Final = (
    *("*.dockerignore", "*.containerignore", "*~", "*.swp", "*.orig", "*.rej", "*.bak"),
    *("*.md", "*.rst", "*.adoc", "*.html", "*.json", "*.toml", "*.yaml", "*.yml"),
)
"""Similar names of other files."""

TEMPLATES: Final = (
    "*.j2",
    "*.jinja",
    "*.jinja2",
    "*.tmpl",
    "*.tpl",
    "*.template",
    "*.erb",
    "*.mustache",
    "*.in",
)
"""The names of templates, from which another program makes Dockerfiles."""

SKIPPED_FOLDERS: Final = frozenset(
    {".git", ".hg", ".svn", ".jj", "node_modules", ".tox", ".nox", ".venv", "venv", "__pycache__", ".cache"}
)
"""Folders that contain Dockerfiles of other projects."""


_FROM: Final = re.compile(rb"^[ \t]*FROM[ \t]+(.*)$", re.IGNORECASE | re.MULTILINE)
_MARKS: Final = (b"{{", b"{%", b"<%", b"@@")


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file in a folder that has the name of a Dockerfile, but is none.

    Attributes:
        path: Its path.
        reason: Why it is none.
    """

    path: str
    reason: str


def dockerfiles(paths: Sequence[str]) -> Iterator[str | Fault | Skipped]:
    """Find the Dockerfiles at some paths.

    Args:
        paths: Files, folders, or `STANDARD_INPUT`.

    Returns:
        The path of each Dockerfile once, in the order of `paths` and by name in a folder; what is skipped;
        and a fault for a folder that cannot be read or has no Dockerfile.
    """
    yielded: set[str] = set()
    for path in paths:
        for found in _at(path):
            if isinstance(found, Fault | Skipped):
                yield found
            elif found not in yielded:
                yielded.add(found)
                yield found


def _at(path: str) -> Iterator[str | Fault | Skipped]:
    if path == STANDARD_INPUT or not os.path.isdir(path):
        yield path
        return
    wrong: list[Fault] = []
    found = False
    for folder, names, files in os.walk(path, onerror=lambda error: wrong.append(_unreadable(error))):
        names[:] = sorted(name for name in names if name not in SKIPPED_FOLDERS)
        for name in sorted(files):
            if _has_name(name):
                file = Path(folder, name)
                reason = _reason(file)
                found = found or not reason
                yield Skipped(str(file), reason) if reason else str(file)
    yield from wrong
    if not found and not wrong:
        yield NoDockerfile(
            f"there is no Dockerfile in {path}",
            f"no file in it or its subfolders has a name such as {', '.join(PATTERNS)}",
            "name the files themselves, which may have any name",
        )


def _has_name(name: str) -> bool:
    return _fits(name, PATTERNS) and not _fits(name, EXCLUDED)


def _fits(name: str, patterns: Sequence[str]) -> bool:
    return any(fnmatchcase(name.lower(), pattern) for pattern in patterns)


def _reason(file: Path) -> str:
    """Why a file is no Dockerfile in spite of its name; empty if it is one, or cannot be read."""
    if _fits(file.name, TEMPLATES):
        return "the name of a template"
    try:
        content = file.read_bytes().removeprefix(codecs.BOM_UTF8)
    except OSError:
        return ""  # reading it again reports that
    if b"\0" in content:
        return "not text"
    bases = _FROM.findall(content)
    if any(mark in base for base in bases for mark in _MARKS):
        return "a template"
    return "" if bases else "no line begins with FROM"


def _unreadable(error: OSError) -> Fault:
    why = error.strerror or str(error)
    return Unreadable(f"{error.filename} cannot be read", why, "check its permissions, or leave it out")
