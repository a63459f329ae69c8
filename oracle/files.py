"""The files of an image, as far as starting a program depends on them."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from cmdpoint.oracle.case import Words


@dataclass(frozen=True, slots=True)
class File:
    """A file or folder.

    Attributes:
        kind: A `program` that the kernel can run; a `script`, which it runs with the interpreter that the
            first line names; `text` without such a line; or a `folder`.
        executable: Whether its mode lets users run it.
        private: Whether its mode lets only root run it.
        interpreter: The interpreter of a script: its path, and one argument if the line has any.
    """

    kind: Literal["program", "script", "text", "folder"]
    executable: bool = True
    private: bool = False
    interpreter: Words = ()

    def runs_for(self, user: str) -> bool:
        """Whether a user may run it.

        Args:
            user: As `USER` or `--user` names it; empty for root.
        """
        return self.executable and (not self.private or user.partition(":")[0] in ("", "0", "root"))


Files = Mapping[str, File]
"""Files by absolute path. The folders that contain them need no entry."""

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
