"""The files of a stage after RUN, ADD and COPY, as far as they are known (STATE-32, STATE-33).

COPY from another stage or from a given build context is followed where its paths are literal. Any other ADD
or COPY with a literal destination may bring any files to it and below it (STATE-33). After RUN a file may be
anywhere.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cmdpoint.oracle.build.copies import sources
from cmdpoint.oracle.case import Words
from cmdpoint.oracle.dockerfile.checks import Wrong
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.dockerfile.form import ExecForm
from cmdpoint.oracle.files import ROOT, File, Files, Known, Origins, way_to

_LITERAL: Final = re.compile(r"[^$\"'\\`*?\[\]]+")
"""A path that `is_literal` accepts."""


ANYWHERE: Final = ROOT
"""The open path of an instruction that may bring files anywhere."""

UNKNOWN_FOLDER: Final = "/[WORKDIR of the base]"
"""Stands for the working folder of an image that is not known. It leads to itself only."""


@dataclass(frozen=True, slots=True)
class WorkingDir:
    """The working directory of an ADD or COPY.

    Attributes:
        path: The path.
        is_made: Whether the instruction makes the folder if nothing is there.
    """

    path: str
    is_made: bool


def is_literal(path: str) -> bool:
    """Whether a path has no variables, quotes, escapes and patterns."""
    return _LITERAL.fullmatch(path) is not None


def added(command: Command, known: Known, working_dir: WorkingDir, origins: Origins) -> Known:
    """What is known of the files after a RUN, ADD or COPY.

    Args:
        command: The instruction.
        known: What is known before it.
        working_dir: The working directory, from which a relative destination leads.
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


def still_certain(command: Command, before: Files, working_dir: WorkingDir, origins: Origins) -> Files:
    """The files that are certain after a RUN, ADD or COPY in an image whose other files are not known.

    A folder of that image may be a symbolic link to any other. So an instruction that is not followed may
    replace every file, and one that is followed every file that has the name of a file that it copies.

    Args:
        command: The instruction.
        before: The files that are certain before it.
        working_dir: The working directory.
        origins: Where the instruction finds files.
    """
    paths = _paths(command)
    copied = _copied_files(command, paths, before, working_dir, origins) if paths else None
    if not copied:
        return {}
    target = _absolute(paths[-1], working_dir)
    leads_to_it = f"{_absolute('.', working_dir)}/".startswith(f"{target}/")
    if leads_to_it and not _names_folder(paths[-1]) and not _is_folder(target, before, working_dir):
        return {}  # the base decides whether there is a folder, into which a file is copied
    names = {posixpath.basename(path) for path in copied}
    remaining = {path: file for path, file in before.items() if names.isdisjoint(path.split("/"))}
    # Who may run a private file depends on the user, who may come from the base.
    usable = {path: File("unknown") if file.private else file for path, file in copied.items()}
    return {**remaining, **usable}


def missing_source(command: Command, context: Files | None) -> Wrong | None:
    """What is wrong with a COPY or ADD one of whose sources the build context lacks (STATE-30).

    Args:
        command: The instruction.
        context: The files of the build context; None if they are not known.
    """
    read = command.instruction
    if context is None or read.flags:
        return None
    for path in words_of(command)[:-1]:
        source = _source(path)
        is_local = is_literal(path) and not any(
            sign in path for sign in ("..", "<<", ":", "@", "github.com/")
        )
        if is_local and source not in context and _ends_in_folder(context, source):
            return "STATE-30", "bad-source", f"the build context has no {path!r}"
    return None


def _ends_in_folder(context: Files, source: str) -> bool:
    """Whether the last folder or file on the way to a missing source is a folder."""
    at = posixpath.dirname(source)
    while at not in context and at != ROOT:
        at = posixpath.dirname(at)
    return at in context and context[at].kind == "folder" and not _has_link(context, at)


def words_of(command: Command) -> Words:
    """The paths of a COPY, ADD or VOLUME, as written."""
    form, words = command.form, command.instruction.words
    return form.words if isinstance(form, ExecForm) else tuple(words)


def _paths(command: Command) -> Words:
    """The sources and the destination of a COPY or ADD; none if the destination may be any."""
    paths = () if command.instruction.keyword == "RUN" else words_of(command)
    return paths if len(paths) > 1 and is_literal(paths[-1]) else ()


def _absolute(destination: str, working_dir: WorkingDir) -> str:
    """The path that a destination names."""
    target = posixpath.normpath(posixpath.join("/", working_dir.path, destination))
    return target.replace("//", "/")


def _may_lead_elsewhere(target: str, known: Known) -> bool:
    """Whether a symbolic link may be on the way to a destination."""
    return any(target.startswith(f"{path}/") for path in known.open_paths) or _has_link(known.files, target)


def _copied_files(
    command: Command, paths: Words, files: Files, working_dir: WorkingDir, origins: Origins
) -> Files | None:
    """What a COPY or ADD brings, by its path in the stage; None if that is not known."""
    read = command.instruction
    if not all(map(is_literal, paths)):
        return None
    if read.keyword == "COPY" and len(read.flags) == 1 and len(paths) == 2 and read.flags[0][:7] == "--from=":
        (name,) = sources(command)
        origin = origins.source_files(name) if name else None
        source = _source(paths[0])
        if origin is None or _has_link(origin, source):
            return None
        return dict(_copied(origin, source, paths[1], files, working_dir))
    if read.flags or origins.context is None:
        return None
    return _of_context(origins.context, paths, files, working_dir, unpacks=read.keyword == "ADD")


def _of_context(
    context: Files, paths: Words, files: Files, working_dir: WorkingDir, *, unpacks: bool
) -> Files | None:
    """What comes from the build context; None if a source is not there, is a link, or may be an archive."""
    *written, destination = paths
    if len(written) > 1 and not destination.endswith("/"):
        return None
    copied: dict[str, File] = {}
    for path in written:
        source = _source(path)
        found = context.get(source)
        if found is None or found.kind == "unknown" or _has_link(context, source) or ".." in path:
            return None
        if unpacks and found.kind not in ("program", "script"):
            return None
        copied |= _copied(context, source, destination, {**files, **copied}, working_dir)
    return copied


def _source(path: str) -> str:
    """The path of a source from the root of its stage or context."""
    return posixpath.normpath(posixpath.join("/", path)).replace("//", "/")


def _has_link(files: Files, path: str) -> bool:
    """Whether a path is a symbolic link or leads through one; builders follow it."""
    return any(each in files and files[each].kind == "link" for each in way_to(path))


def _copied(
    origin: Files, source: str, destination: str, files: Files, working_dir: WorkingDir
) -> Iterator[tuple[str, File]]:
    """What a COPY of one path brings, by its path in the stage."""
    target = _absolute(destination, working_dir)
    if source in origin and origin[source].kind != "folder":
        is_folder = _names_folder(destination) or _is_folder(target, files, working_dir)
        yield (posixpath.join(target, posixpath.basename(source)) if is_folder else target), origin[source]
        return
    inside = source.rstrip("/") + "/"
    for path, file in origin.items():
        if path.startswith(inside) and path != inside:
            yield posixpath.join(target, path.removeprefix(inside)), file


def _names_folder(destination: str) -> bool:
    """Whether a destination is a folder by its text."""
    return destination == "." or destination.endswith(("/", "/."))


def _is_folder(path: str, files: Files, working_dir: WorkingDir) -> bool:
    """Whether there is a folder at a path."""
    found = files.get(path)
    is_parent = any(each.startswith(path.rstrip("/") + "/") for each in files)
    is_made = found is None and working_dir.is_made and path == _absolute(".", working_dir)
    return path == "/" or is_parent or is_made or (found is not None and found.kind == "folder")
