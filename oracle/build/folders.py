"""The folder that WORKDIR makes, unless a file is in its place (STATE-34)."""

from typing import Final

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import Wrong
from cmdpoint.oracle.files import ROOT, File, Files, cleaned
from cmdpoint.oracle.folders import with_folder
from cmdpoint.oracle.lookup import UnknownFileError, find_if_known

_WHY: Final = {
    "through a file": "the path leads through a file",
    "too long": "the path, or a name in it, is too long",
    "loop": "its symbolic links lead in a loop",
}
"""Why a folder cannot be made, by what is found at its path."""


def wrong_container(folder: str, files: Files | None, dialect: Dialect) -> Wrong | None:
    """What is wrong with the working directory of a container that the classic builder creates.

    The working directory of a loaded image may be a relative path (LOAD-1), or lead through a file.

    Args:
        folder: The working directory; empty for the root.
        files: The files of the stage; those that are not known are `unknown`; None if any may be anywhere.
        dialect: The dialect of the builder.

    Source: moby/moby, `builder/dockerfile/internals.go:probeAndCreate`,
    `daemon/container.go:verifyContainerSettings`, `container/container.go:SetupWorkingDirectory`.
    """
    if folder[:1] not in ("", "/"):
        return "LOAD-1", "relative-working-dir", f"the working directory {folder!r} is not an absolute path"
    return wrong_folder(folder, files, dialect) if folder and files is not None else None


def wrong_folder(path: str, files: Files, dialect: Dialect) -> Wrong | None:
    """What is wrong with the path of a WORKDIR, or None.

    Args:
        path: The absolute path of the folder.
        files: The files of the stage; those that are not known are `unknown`.
        dialect: Decides whether a file may be at the path.

    Source: moby/moby, `container/container.go:SetupWorkingDirectory`; moby/buildkit,
    `solver/llbsolver/file/backend.go:mkdir`; containers/buildah, `copier/copier.go:copierHandlerMkdir`.
    """
    found = find_if_known(files, cleaned(path), ROOT)
    if found is None or found == "missing":
        return None
    if isinstance(found, File) and (found.kind == "folder" or dialect.workdir_at_file == "built"):
        return None
    why = "a file is there" if isinstance(found, File) else _WHY[found]
    return "STATE-34", "bad-path", f"the working directory {path!r} cannot be made: {why}"


def with_workdir(files: Files, path: str) -> Files:
    """The files of a stage once WORKDIR has made a folder.

    Args:
        files: The files before it.
        path: The working folder.
    """
    try:
        return with_folder(files, cleaned(path))
    except UnknownFileError:
        return files
