"""The files of a stage after RUN, ADD and COPY, as far as they are known (STATE-32).

COPY from another stage is followed where its paths are literal. After any other of these instructions a file
may be anywhere, so whether a program is there is not known.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from cmdpoint.oracle.build.copies import sources
from cmdpoint.oracle.case import File, Files
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.dockerfile.form import ExecForm

_LITERAL: Final = re.compile(r"[^$\"'\\`*?\[\]]+")
"""A path without variables, quotes, escapes and patterns."""

SourceFiles = Callable[[str], Files | None]
"""Finds the files of the stage that `--from` names; None if they are not known."""


@dataclass(frozen=True, slots=True)
class Added:
    """The files after an instruction.

    Attributes:
        files: Those that are known.
        more: Whether there may be others, or others in their place.
    """

    files: Files
    more: bool


def added(command: Command, files: Files, working_dir: str, source_files: SourceFiles) -> Added:
    """The files after a RUN, ADD or COPY.

    Args:
        command: The instruction.
        files: The files before it.
        working_dir: The working folder, from which a relative destination leads.
        source_files: Finds the files of a stage.

    Source: moby/buildkit, `dockerfile2llb/convert.go:dispatchCopy`; moby/moby, `builder/dockerfile/copy.go`.
    """
    read = command.instruction
    paths = command.form.words if isinstance(command.form, ExecForm) else tuple(read.words)
    plain = len(read.flags) == 1 and len(paths) == 2 and all(map(_LITERAL.fullmatch, paths))
    (name,) = (
        sources(command) if read.keyword == "COPY" and plain and read.flags[0][:7] == "--from=" else ("",)
    )
    origin = source_files(name) if name else None
    if origin is None:
        return Added(files, more=True)
    source = posixpath.normpath(posixpath.join("/", paths[0]))
    copied = dict(_copied(origin, source, paths[1], files, posixpath.join("/", working_dir)))
    return Added({**files, **copied}, more=not copied)


def _copied(
    origin: Files, source: str, destination: str, files: Files, working_dir: str
) -> Iterator[tuple[str, File]]:
    """What a COPY of one path brings, by its path in the stage."""
    target = posixpath.normpath(posixpath.join(working_dir, destination))
    if source in origin and origin[source].kind != "folder":
        is_folder = destination.endswith("/") or _is_folder(target, files)
        yield (posixpath.join(target, posixpath.basename(source)) if is_folder else target), origin[source]
        return
    inside = source.rstrip("/") + "/"
    for path, file in origin.items():
        if path.startswith(inside):
            yield posixpath.join(target, path.removeprefix(inside)), file


def _is_folder(path: str, files: Files) -> bool:
    found = files.get(path)
    is_parent = any(each.startswith(path.rstrip("/") + "/") for each in files)
    return path == "/" or is_parent or (found is not None and found.kind == "folder")
