"""The folder that WORKDIR makes, unless a file is in its place (STATE-34)."""

import posixpath

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.checks import Wrong
from cmdpoint.oracle.files import ROOT, File, Files, way_to
from cmdpoint.oracle.lookup import find_if_known


def wrong_folder(path: str, files: Files, dialect: Dialect) -> Wrong | None:
    """What is wrong with the path of a WORKDIR, or None.

    Args:
        path: The absolute path of the folder.
        files: The files of the stage; those that are not known are `unknown`.
        dialect: Decides whether a file may be at the path.

    Source: moby/moby, `container/container.go:SetupWorkingDirectory`; moby/buildkit,
    `solver/llbsolver/file/backend.go:mkdir`; containers/buildah, `copier/copier.go:copierHandlerMkdir`.
    """
    found = find_if_known(files, _cleaned(path), ROOT)
    if found is None or found == "missing":
        return None
    if isinstance(found, File) and (found.kind == "folder" or dialect.workdir_at_file == "built"):
        return None
    why = "a file is there" if isinstance(found, File) else f"the path is {found}"
    return "STATE-34", "bad-path", f"WORKDIR cannot make the folder {path!r}: {why}"


def with_folder(files: Files, folder: str) -> Files:
    """The files of a stage once WORKDIR has made a folder, unless a link or file is on the way to it.

    Args:
        files: The files before it.
        folder: The working folder.
    """
    path = _cleaned(folder)
    is_blocked = path == ROOT or any(each in files for each in way_to(path))
    return files if is_blocked else {**files, path: File("folder")}


def _cleaned(path: str) -> str:
    # Python keeps two slashes at the beginning.
    return posixpath.normpath(f"/{path}").replace("//", "/")
