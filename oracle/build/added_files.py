"""The files of a stage after RUN, ADD and COPY, as far as they are known (STATE-32, STATE-33).

COPY from another stage or from a given build context is followed where its paths are literal. Any other ADD
or COPY with a literal destination may bring any files to it and below it (STATE-33). After RUN a file may be
anywhere.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from cmdpoint.oracle.build.copies import sources
from cmdpoint.oracle.case import ROOT, File, Files, ImageConfig, Words
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.dockerfile.form import ExecForm

_LITERAL: Final = re.compile(r"[^$\"'\\`*?\[\]]+")
"""A path without variables, quotes, escapes and patterns."""

SourceFiles = Callable[[str], Files | None]
"""Finds the files of the stage that `--from` names; None if they are not known."""


ANYWHERE: Final = ROOT
"""The open path of an instruction that may bring files anywhere."""

UNKNOWN_FOLDER: Final = "/[WORKDIR of the base]"
"""Stands for the working folder of an image that is not known. It leads to itself only."""


@dataclass(frozen=True, slots=True)
class Origins:
    """Where COPY and ADD find files.

    Attributes:
        source_files: Finds the files of a stage.
        context: The files of the build context; None if they are not known.
    """

    source_files: SourceFiles = lambda _: None
    context: Files | None = None


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


def files_at_start(config: ImageConfig) -> Files | None:
    """The files of an image when its container starts, those that are not known included.

    Returns:
        None if any file may be anywhere. With a build context: the certain files and an unknown root.
    """
    if config.files is not None and ANYWHERE not in config.open_paths:
        return {**config.files, **dict.fromkeys(config.open_paths, File("unknown"))}
    return {ROOT: File("unknown"), **config.certain_files} if config.certain_files else None


def added(command: Command, known: Known, working_dir: str, origins: Origins) -> Known:
    """What is known of the files after a RUN, ADD or COPY.

    Args:
        command: The instruction.
        known: What is known before it.
        working_dir: The working folder, from which a relative destination leads.
        origins: Where it finds files.

    Source: moby/buildkit, `dockerfile2llb/convert.go:dispatchCopy`; moby/moby, `builder/dockerfile/copy.go`.
    """
    paths = _paths(command)
    if not paths:
        return known.opened(ANYWHERE)
    target = _absolute(paths[-1], working_dir)
    if _may_lead_elsewhere(target, known):
        return known.opened(ANYWHERE)
    copied = _copied_files(command, paths, known.files, working_dir, origins)
    if copied is None:
        return known.opened(target)
    return Known({**known.files, **copied}, known.open_paths) if copied else known.opened(ANYWHERE)


def still_certain(command: Command, before: Files, working_dir: str, origins: Origins) -> Files:
    """The files that are certain after a RUN, ADD or COPY in an image whose other files are not known.

    A folder of that image may be a symbolic link to any other. So an instruction that is not followed may
    replace every file, and one that is followed every file that has the name of a file that it copies.

    Args:
        command: The instruction.
        before: The files that are certain before it.
        working_dir: The working folder.
        origins: Where the instruction finds files.
    """
    paths = _paths(command)
    copied = _copied_files(command, paths, before, working_dir, origins) if paths else None
    if not copied:
        return {}
    names = {posixpath.basename(path) for path in copied}
    remaining = {path: file for path, file in before.items() if names.isdisjoint(path.split("/"))}
    # Who may run a private file depends on the user, who may come from the base.
    usable = {path: File("unknown") if file.private else file for path, file in copied.items()}
    return {**remaining, **usable}


def _paths(command: Command) -> Words:
    """The sources and the destination of a COPY or ADD; none if the destination may be any."""
    read = command.instruction
    paths = command.form.words if isinstance(command.form, ExecForm) else tuple(read.words)
    literal = read.keyword != "RUN" and len(paths) > 1 and _LITERAL.fullmatch(paths[-1])
    return paths if literal else ()


def _absolute(destination: str, working_dir: str) -> str:
    """The path that a destination names."""
    target = posixpath.normpath(posixpath.join("/", working_dir, destination))
    return target.replace("//", "/")


def _may_lead_elsewhere(target: str, known: Known) -> bool:
    """Whether a symbolic link may be on the way to a destination."""
    below = any(target.startswith(f"{path}/") for path in known.open_paths)
    on_the_way = (target[:at] for at, char in enumerate(f"{target}/") if char == "/")
    return below or any(path in known.files and known.files[path].kind == "link" for path in on_the_way)


def _copied_files(
    command: Command, paths: Words, files: Files, working_dir: str, origins: Origins
) -> Files | None:
    """What a COPY or ADD brings, by its path in the stage; None if that is not known."""
    read = command.instruction
    if not all(map(_LITERAL.fullmatch, paths)):
        return None
    if read.keyword == "COPY" and len(read.flags) == 1 and len(paths) == 2 and read.flags[0][:7] == "--from=":
        (name,) = sources(command)
        origin = origins.source_files(name) if name else None
        if origin is None:
            return None
        source = posixpath.normpath(posixpath.join("/", paths[0]))
        return dict(_copied(origin, source, paths[1], files, working_dir))
    if read.flags or origins.context is None:
        return None
    return _of_context(origins.context, paths, files, working_dir, unpacks=read.keyword == "ADD")


def _of_context(
    context: Files, paths: Words, files: Files, working_dir: str, *, unpacks: bool
) -> Files | None:
    """What comes from the build context; None if a source is not there, is a link, or may be an archive."""
    *written, destination = paths
    destination += "/" if len(written) > 1 else ""
    copied: dict[str, File] = {}
    for path in written:
        source = posixpath.normpath(posixpath.join("/", path))
        found = context.get(source)
        folders = (source[:at] for at, char in enumerate(source) if char == "/" and at)
        if found is None or found.kind in ("link", "unknown") or ".." in path.split("/"):
            return None
        if any(folder in context and context[folder].kind != "folder" for folder in folders):
            return None
        if unpacks and found.kind not in ("program", "script"):
            return None
        copied |= _copied(context, source, destination, {**files, **copied}, working_dir)
    return copied


def _copied(
    origin: Files, source: str, destination: str, files: Files, working_dir: str
) -> Iterator[tuple[str, File]]:
    """What a COPY of one path brings, by its path in the stage."""
    target = _absolute(destination, working_dir)
    if source in origin and origin[source].kind != "folder":
        is_folder = destination.endswith(("/", "/.")) or _is_folder(target, files, working_dir)
        yield (posixpath.join(target, posixpath.basename(source)) if is_folder else target), origin[source]
        return
    inside = source.rstrip("/") + "/"
    for path, file in origin.items():
        if path.startswith(inside) and path != inside:
            yield posixpath.join(target, path.removeprefix(inside)), file


def _is_folder(path: str, files: Files, working_dir: str) -> bool:
    """Whether there is a folder at a path; WORKDIR makes one."""
    found = files.get(path)
    is_parent = any(each.startswith(path.rstrip("/") + "/") for each in files)
    is_made = found is None and path == posixpath.normpath(posixpath.join("/", working_dir))
    return path == "/" or is_parent or is_made or (found is not None and found.kind == "folder")
