"""The files of a stage after RUN, ADD and COPY, as far as they are known (STATE-32, STATE-33).

COPY from another stage or from a given build context is followed where its paths are literal. Any other ADD
or COPY with a literal destination may bring any files to it and below it (STATE-33). After RUN a file may be
anywhere.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cmdpoint.oracle.build.copy_flags import CopyFlags
from cmdpoint.oracle.build.documents import OPERATOR, document_file
from cmdpoint.oracle.case import Words
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.dockerfile.form import ExecForm
from cmdpoint.oracle.files import ROOT, UNKNOWN, File, Files, Known, Origins, cleaned, way_to
from cmdpoint.oracle.lookup import FOLDER

_LITERAL: Final = re.compile(r"[^$\"'\\`*?\[\]]+")
"""A path that `is_literal` accepts."""


ANYWHERE: Final = ROOT
"""The open path of an instruction that may bring files anywhere."""

_CLOSED: Final = File("folder", private=True)
"""A folder that some users may not enter."""

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


def added(
    command: Command, known: Known, working_dir: WorkingDir, origins: Origins, flags: CopyFlags | None
) -> Known:
    """What is known of the files after a RUN, ADD or COPY.

    Args:
        command: The instruction.
        known: What is known before it.
        working_dir: The working directory, from which a relative destination leads.
        origins: Where it finds files.
        flags: Its flags; None if they are not followed.

    Source: moby/buildkit, `dockerfile2llb/convert.go:dispatchCopy`; moby/moby, `builder/dockerfile/copy.go`.
    """
    paths = _paths(command)
    if not paths:
        return known.opened(ANYWHERE)
    target = absolute(paths[-1], working_dir)
    if _may_lead_elsewhere(target, known):
        return known.opened(ANYWHERE)
    copied = _copied_files(command, paths, known.files, working_dir, origins, flags)
    if copied is None:
        has_mode = any(flag.startswith("--chmod") for flag in command.instruction.flags)
        made = _made_folders(target, known.files) if has_mode else []
        return known.opened(made[0] if made else target)
    return Known({**known.files, **copied}, known.open_paths) if copied else known.opened(ANYWHERE)


def still_certain(
    command: Command, before: Files, working_dir: WorkingDir, origins: Origins, flags: CopyFlags | None
) -> Files:
    """The files that are certain after a RUN, ADD or COPY in an image whose other files are not known.

    A folder of that image may be a symbolic link to any other. So an instruction that is not followed may
    replace every file, and one that is followed every file that has the name of a file that it copies.

    Args:
        command: The instruction.
        before: The files that are certain before it.
        working_dir: The working directory.
        origins: Where the instruction finds files.
        flags: Its flags; None if they are not followed.
    """
    paths = _paths(command)
    copied = _copied_files(command, paths, before, working_dir, origins, flags) if paths else None
    if not copied:
        return {}
    target = absolute(paths[-1], working_dir)
    leads_to_it = f"{absolute('.', working_dir)}/".startswith(f"{target}/")
    if leads_to_it and not _names_folder(paths[-1]) and not _is_folder(target, before, working_dir):
        return {}  # the base decides whether there is a folder, into which a file is copied
    names = {posixpath.basename(path) for path in copied}
    remaining = {path: file for path, file in before.items() if names.isdisjoint(path.split("/"))}
    # Who may run a private file depends on the user, who may come from the base.
    usable = {path: UNKNOWN if file.private else file for path, file in copied.items()}
    return {**remaining, **usable}


def words_of(command: Command) -> Words:
    """The paths of a COPY, ADD or VOLUME, as written."""
    form, words = command.form, command.instruction.words
    return form.words if isinstance(form, ExecForm) else tuple(words)


def _paths(command: Command) -> Words:
    """The sources and the destination of a COPY or ADD; none if the destination may be any."""
    paths = () if command.instruction.keyword == "RUN" else words_of(command)
    return paths if len(paths) > 1 and is_literal(paths[-1]) else ()


def absolute(destination: str, working_dir: WorkingDir) -> str:
    """The path that a destination names.

    Args:
        destination: As written.
        working_dir: The working directory.
    """
    target = posixpath.normpath(posixpath.join("/", working_dir.path, destination))
    return target.replace("//", "/")


def _may_lead_elsewhere(target: str, known: Known) -> bool:
    """Whether a symbolic link may be on the way to a destination."""
    return any(target.startswith(f"{path}/") for path in known.open_paths) or may_differ(known.files, target)


def _copied_files(
    command: Command,
    paths: Words,
    files: Files,
    working_dir: WorkingDir,
    origins: Origins,
    flags: CopyFlags | None,
) -> Files | None:
    """What a COPY or ADD brings, by its path in the stage; None if that is not known."""
    *written, destination = paths
    if flags is None or (len(written) > 1 and destination[-1:] != "/"):
        return None
    copied: dict[str, File] = {}
    for origin, path in _origins(command, written, origins, flags):
        source = cleaned(path)
        found = _found(origin, source) if origin is not None and is_literal(path) else None
        if origin is None or found is None or ".." in path:
            return None
        if found.kind == "folder" and flags.closes_folders:
            return None
        may_be_archive = origin is origins.context and found.kind not in ("program", "script")
        if command.instruction.keyword == "ADD" and may_be_archive:
            return None  # it is unpacked
        copied |= _copied(origin, source, destination, {**files, **copied}, working_dir)
    with_flags = {path: flags.copy(file) for path, file in copied.items()}
    if not flags.closes_folders:
        return with_flags
    made = (folder for path in copied for folder in _made_folders(posixpath.dirname(path), files))
    return {**dict.fromkeys(made, _CLOSED), **with_flags}


def _origins(
    command: Command, sources: Sequence[str], origins: Origins, flags: CopyFlags
) -> Iterator[tuple[Files | None, str]]:
    """Where each source is found, a stage, the build context or a here-document, and its path there."""
    documents = iter(command.documents)
    for source in sources:
        document = next(documents, None) if OPERATOR.match(source) else None
        if document is None:
            yield flags.files(origins), source
        elif flags.takes_documents:
            yield {f"/{document.heredoc.name}": document_file(document)}, document.heredoc.name


def _made_folders(path: str, files: Files) -> list[str]:
    """The folders on the way to a path, and the path itself, that are not there before a COPY."""
    return [each for each in way_to(path) if each != ROOT and not _is_there(each, files)]


def _is_there(path: str, files: Files) -> bool:
    """Whether a file or a folder is at a path."""
    return path in files or any(each.startswith(f"{path}/") for each in files)


def _found(origin: Files, source: str) -> File | None:
    """What a source is; None if that is not known, nothing is there, or it is a link, which is followed."""
    if may_differ(origin, source):
        return None
    return origin.get(source, FOLDER if source == ROOT or _is_there(source, origin) else None)


def may_differ(files: Files, path: str) -> bool:
    """Whether a path is a symbolic link or unknown, or leads through one.

    Args:
        files: The files of an image or a build context.
        path: The path.
    """
    return any(each in files and files[each].kind in ("link", "unknown") for each in way_to(path))


def _copied(
    origin: Files, source: str, destination: str, files: Files, working_dir: WorkingDir
) -> Iterator[tuple[str, File]]:
    """What a COPY of one path brings, by its path in the stage."""
    target = absolute(destination, working_dir)
    if source in origin and origin[source].kind != "folder":
        is_folder = _names_folder(destination) or _is_folder(target, files, working_dir)
        yield (posixpath.join(target, posixpath.basename(source)) if is_folder else target), origin[source]
        return
    if source in origin and origin[source].private and target != ROOT:
        yield target, origin[source]
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
    is_made = found is None and working_dir.is_made and path == absolute(".", working_dir)
    return path == "/" or is_parent or is_made or (found is not None and found.kind == "folder")
