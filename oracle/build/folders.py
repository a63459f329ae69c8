"""The folder that WORKDIR makes, unless a file is in its place (STATE-34)."""

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import Wrong
from cmdpoint.oracle.files import ROOT, File, Files, cleaned
from cmdpoint.oracle.folders import with_folder
from cmdpoint.oracle.lookup import UnknownFileError, find_if_known


def wrong_container(keyword: str, folder: str, dialect: Dialect) -> Wrong | None:
    """What is wrong with the working directory of a loaded image, which may be a relative path (LOAD-1).

    The classic builder creates a container in it to store an instruction that brings no files.

    Args:
        keyword: The instruction.
        folder: The working directory before the instruction, a relative path.
        dialect: The dialect of the builder.

    Source: moby/moby, `builder/dockerfile/internals.go:probeAndCreate`,
    `daemon/container.go:verifyContainerSettings`.
    """
    is_classic = dialect.front_end == "docker" and dialect.unneeded_stages == "built"
    if not is_classic or keyword in ("ADD", "COPY", "WORKDIR"):
        return None
    return "LOAD-1", "relative-working-dir", f"the working directory {folder!r} is not an absolute path"


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
    why = "a file is there" if isinstance(found, File) else f"the path is {found}"
    return "STATE-34", "bad-path", f"WORKDIR cannot make the folder {path!r}: {why}"


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
