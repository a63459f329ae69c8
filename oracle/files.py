"""The files of an image, a stage or a build context, as far as they decide what runs."""

import posixpath
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Literal


@dataclass(frozen=True, slots=True)
class File:
    """A file or folder.

    Attributes:
        kind: A `program` that the kernel can run; a `script`, which it runs with the interpreter that the
            first line names; `text` without such a line; a `folder`; a symbolic `link`; or `unknown`: any of
            these, or nothing, and any files below it.
        executable: Whether its mode lets users run it.
        private: Whether its mode lets only root run it; of a folder, whether it may keep some users out.
        interpreter: The interpreter of a script: its path, and one argument if the line has any.
        text: The text, where it matters: of `/etc/passwd` and `/etc/group`; of a link, its target; the mark
            if only `BYTE_ORDER_MARK` keeps a file from being a script.
    """

    kind: Literal["program", "script", "text", "folder", "link", "unknown"]
    executable: bool = True
    private: bool = False
    interpreter: tuple[str, ...] = ()
    text: str = ""

    def runs_for(self, user: str) -> bool:
        """Whether a user may run it.

        Args:
            user: As `USER` or `--user` names it; empty for root.
        """
        return self.executable and (not self.private or user.partition(":")[0] in ("", "0", "root"))


BYTE_ORDER_MARK: Final = "\ufeff"
"""What some editors write in front of a text; in front of `#!`, it hides the interpreter from the kernel."""

UNKNOWN: Final = File("unknown")
"""What is at a path where that is not known."""


def permissions(mode: int) -> tuple[bool, bool] | None:
    """Whether a mode lets users run a file of root, and whether it lets only root.

    Args:
        mode: The permission bits.

    Returns:
        None if it depends on the group of the user, or on the capabilities of root.

    Source: Linux, path_resolution(7), "Permissions".
    """
    return {0: (False, False), 0o100: (True, True), 0o111: (True, False)}.get(mode & 0o111)


Files = Mapping[str, File]
"""Files by absolute path. The folders that contain them need no entry.

If `/` is `unknown`, any other file may be there, and the working folder and PATH may be other ones.
"""

ROOT: Final = "/"
"""The path of the root of an image, and of a build context."""


def way_to(path: str) -> list[str]:
    """The folders on the way to an absolute path, without the root, and the path itself."""
    return [path[:at] for at, char in enumerate(f"{path}/") if char == "/" and at]


def cleaned(path: str) -> str:
    """A path from the root, without `.`, `..` and repeated slashes; symbolic links are not considered."""
    return posixpath.normpath(f"/{path}").replace("//", "/")  # Python keeps two slashes at the beginning


SourceFiles = Callable[[str], Files | None]
"""Finds the files of the stage that `--from` names; None if they are not known."""


@dataclass(frozen=True, slots=True)
class Origins:
    """Where COPY and ADD find files.

    Attributes:
        source_files: Finds the files of a stage.
        context: The files of the build context; None if they are not known.
    """

    source_files: SourceFiles = lambda _: None
    context: Files | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the files of a stage.

    Attributes:
        files: The files that are known.
        open_paths: The paths at and below which there may be others, or others in their place.
    """

    files: Files
    open_paths: tuple[str, ...] = ()

    def opened(self, path: str) -> "Known":
        """What is known once there may be other files at and below a path."""
        return Known(self.files, tuple(dict.fromkeys((*self.open_paths, path))))
