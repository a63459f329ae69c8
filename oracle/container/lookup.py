"""Look up a path among the files of an image, and a name in the folders of PATH."""

from collections.abc import Iterable, Iterator
from typing import Final, Literal

from cmdpoint.oracle.case import File, Files

FOLDER: Final = File("folder")


def find(files: Files, path: str, working_dir: str) -> File | Literal["missing", "through a file"]:
    """Find what is at a path.

    Args:
        files: The files of the image.
        path: Absolute, or relative to the working folder.
        working_dir: The working folder, which exists.
    """
    at = ""
    found = FOLDER
    parts = path.split("/") if path.startswith("/") else [*working_dir.split("/"), *path.split("/")]
    for part in parts[1:]:
        if found.kind != "folder":
            return "through a file"
        if part in ("", "."):
            continue
        at = at.rpartition("/")[0] if part == ".." else f"{at}/{part}"
        if at and not _is_folder(files, at, working_dir):
            if at not in files:
                return "missing"
            found = files[at]
        else:
            found = FOLDER
    return found


def candidates(name: str, folders: Iterable[str]) -> Iterator[str]:
    """The paths at which a name without a slash is looked for, in order.

    Args:
        name: The name.
        folders: The folders of PATH; an empty one is the working folder.
    """
    for folder in folders:
        yield f"{folder}/{name}" if folder else name


def _is_folder(files: Files, path: str, working_dir: str) -> bool:
    if path in files:
        return files[path].kind == "folder"
    inside = f"{path}/"
    return f"{working_dir}/".startswith(inside) or any(known.startswith(inside) for known in files)
