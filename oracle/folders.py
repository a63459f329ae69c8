"""Make folders among the files of an image, as engines and runtimes make a working directory."""

from typing import Literal

from cmdpoint.oracle.files import ROOT, File, Files
from cmdpoint.oracle.lookup import FOLDER, find, follow, resolved

Unmade = Literal["missing", "through a file", "too long", "loop"]
"""Why a folder cannot be made; `missing` if a symbolic link on the way to it leads to nothing."""


def with_folder(files: Files, path: str) -> Files:
    """The files once an engine has made a folder, with those above it: also where a link leads to nothing.

    Args:
        files: The files before.
        path: The absolute path of the folder; nothing changes if something is there.

    Raises:
        UnknownFileError: It depends on files that are not known.
    """
    at = resolved(files, path)
    if at is None or find(files, at, ROOT) != "missing":
        return files
    return {**files, at: FOLDER}


def with_folders(files: Files, path: str) -> Files | Unmade:
    """The files once every missing folder of a path is made, one after the other, as `mkdir -p` does.

    Args:
        files: The files before.
        path: An absolute path, which may have `..` in it.

    Returns:
        The files, or why the path leads to no folder.

    Raises:
        UnknownFileError: It depends on files that are not known.

    Source: Go, `os/path.go:MkdirAll`; containers/crun, `src/libcrun/utils.c:crun_safe_ensure_at`.
    """
    at, links = "", 0
    for part in path.split("/"):
        if part in ("", "."):
            continue
        at = f"{at}/{part}"
        found, followed = follow(files, at, ROOT)
        if found == "missing" and followed == links:
            files = with_folder(files, at)
        elif not isinstance(found, File):
            return found
        elif found.kind != "folder":
            return "through a file"
        links = followed
    return files
