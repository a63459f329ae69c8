"""What an image holds, as far as starting a program needs to know: what is at which path."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from cmdpoint.oracle.case import Words


@dataclass(frozen=True, slots=True)
class File:
    """Something at a path.

    Attributes:
        kind: A `program` that the kernel can run; a `script`, which it runs with the interpreter that the
            first line names; `text` without such a line; or a `folder`.
        executable: Whether its mode lets anybody run it.
        private: Whether its mode lets only root run it.
        interpreter: Of a script: the path, and the one argument if the line has any.
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
"""Files by absolute path; the folders they are in need no entry."""

FOLDER: Final = File("folder")


def find(files: Files, path: str, working_dir: str) -> File | Literal["missing", "through a file"]:
    """What is at a path.

    Args:
        files: What there is.
        path: Absolute, or relative to the working folder.
        working_dir: The working folder; it is there.
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
    """Where a name without a slash may be, in the order in which it is looked for.

    Args:
        name: The name.
        folders: Those of PATH; an empty one is the working folder.
    """
    for folder in folders:
        yield f"{folder}/{name}" if folder else name


def _is_folder(files: Files, path: str, working_dir: str) -> bool:
    if path in files:
        return files[path].kind == "folder"
    inside = f"{path}/"
    return f"{working_dir}/".startswith(inside) or any(known.startswith(inside) for known in files)
