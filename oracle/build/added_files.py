"""The files of a stage after RUN, ADD and COPY, as far as they are known (STATE-32, STATE-33).

COPY from another stage is followed where its paths are literal. Any other ADD or COPY with a literal
destination may bring any files to it and below it (STATE-33). After RUN a file may be anywhere.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from cmdpoint.oracle.build.copies import sources
from cmdpoint.oracle.case import File, Files, Words
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.dockerfile.form import ExecForm

_LITERAL: Final = re.compile(r"[^$\"'\\`*?\[\]]+")
"""A path without variables, quotes, escapes and patterns."""

SourceFiles = Callable[[str], Files | None]
"""Finds the files of the stage that `--from` names; None if they are not known."""


ANYWHERE: Final = "/"
"""The open path of an instruction that may bring files anywhere."""


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the files of a stage.

    Attributes:
        files: The files that are known.
        open_paths: The paths at and below which there may be others, or others in their place.
    """

    files: Files
    open_paths: Words = ()

    def opened(self, path: str) -> "Known":
        """What is known once there may be other files at and below a path."""
        return Known(self.files, tuple(dict.fromkeys((*self.open_paths, path))))


def added(command: Command, known: Known, working_dir: str, source_files: SourceFiles) -> Known:
    """What is known of the files after a RUN, ADD or COPY.

    Args:
        command: The instruction.
        known: What is known before it.
        working_dir: The working folder, from which a relative destination leads.
        source_files: Finds the files of a stage.

    Source: moby/buildkit, `dockerfile2llb/convert.go:dispatchCopy`; moby/moby, `builder/dockerfile/copy.go`.
    """
    read = command.instruction
    paths = command.form.words if isinstance(command.form, ExecForm) else tuple(read.words)
    if read.keyword == "RUN" or len(paths) < 2 or not _LITERAL.fullmatch(paths[-1]):
        return known.opened(ANYWHERE)
    working_dir = posixpath.join("/", working_dir)
    target = posixpath.normpath(posixpath.join(working_dir, paths[-1])).replace("//", "/")
    if _may_lead_elsewhere(target, known):
        return known.opened(ANYWHERE)
    plain = len(read.flags) == 1 and len(paths) == 2 and all(map(_LITERAL.fullmatch, paths))
    (name,) = (
        sources(command) if read.keyword == "COPY" and plain and read.flags[0][:7] == "--from=" else ("",)
    )
    origin = source_files(name) if name else None
    if origin is None:
        return known.opened(target)
    source = posixpath.normpath(posixpath.join("/", paths[0]))
    copied = dict(_copied(origin, source, paths[1], known.files, working_dir))
    return Known({**known.files, **copied}, known.open_paths) if copied else known.opened(ANYWHERE)


def _may_lead_elsewhere(target: str, known: Known) -> bool:
    """Whether a symbolic link may be on the way to a destination."""
    below = any(target.startswith(f"{path}/") for path in known.open_paths)
    on_the_way = (target[:at] for at, char in enumerate(f"{target}/") if char == "/")
    return below or any(path in known.files and known.files[path].kind == "link" for path in on_the_way)


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
