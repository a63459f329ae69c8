"""How a runtime enters the working directory: it may make it, or fail (EXEC-26)."""

from typing import Final

from cmdpoint.oracle.container.launch import Launch
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.files import ROOT, File, Files
from cmdpoint.oracle.folders import Unmade, with_folders
from cmdpoint.oracle.lookup import UnknownFileError, find

_CODES: Final = {"missing": "not-found", "through a file": "through-file"}


def entered(launch: Launch, files: Files) -> Files | Unmade:
    """The files once the runtime has entered the working directory, or why it cannot.

    A directory that depends on files that are not known counts as present.

    Args:
        launch: What starts.
        files: The files of the image, with the directory that the engine made.

    Source: opencontainers/runc, `libcontainer/rootfs_linux.go:prepareRootfs`; containers/crun,
    `src/libcrun/linux.c:libcrun_set_mounts`, `src/libcrun/container.c:container_init_setup`.
    """
    folder = launch.working_dir
    try:
        if launch.dialect.working_dir_entry != "must exist":
            return with_folders(files, folder)
        found = find(files, folder, ROOT)
    except UnknownFileError:
        return files
    if not isinstance(found, File):
        return found
    return files if found.kind == "folder" else "through a file"


def codes_of(unmade: Unmade, dialect: Dialect) -> str:
    """The key of the numbers in `start_codes` of a start that fails because of the working directory.

    Args:
        unmade: What is wrong with the directory.
        dialect: The dialect of the runtime: runc fails where it makes a folder at a link to nothing.
    """
    makes = dialect.working_dir_entry == "made"
    return "relative-program" if unmade == "missing" and makes else _CODES.get(unmade, "relative-program")
