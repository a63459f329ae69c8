"""The flags of a COPY or ADD that decide which files it copies, and what modes they get (STATE-32)."""

import re
from dataclasses import dataclass, replace
from typing import Final, Self

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dockerfile.commands import Command
from cmdpoint.oracle.files import UNKNOWN, File, Files, Origins, permissions

_MODE: Final = re.compile(r"0?[0-7]{3,4}")
"""A mode that every builder that honours `--chmod` reads in the same way."""

_FOLLOWED: Final = ("--from", "--chown", "--chmod")


@dataclass(frozen=True, slots=True)
class CopyFlags:
    """The flags of an instruction that is followed.

    Attributes:
        source: The stage that `--from` names; None for the build context.
        mode: The mode that `--chmod` gives to what is copied; None if it keeps its own.
        has_owner: Whether the files may get another owner than root.
        takes_documents: Whether here-documents are sources; otherwise they are ignored.
    """

    source: str | None = None
    mode: int | None = None
    has_owner: bool = False
    takes_documents: bool = True

    @classmethod
    def of(cls, command: Command, dialect: Dialect) -> Self | None:
        """The flags of an instruction; None if one of them is not followed, or given twice.

        Args:
            command: A COPY or ADD.
            dialect: Decides whether the builder ignores `--chmod`.

        Source: moby/moby, `builder/dockerfile/dispatchers.go:dispatchCopy`; moby/buildkit,
            `dockerfile2llb/convert.go:dispatchCopy`; containers/buildah, `add.go:Add`.
        """
        written = [flag.partition("=") for flag in command.instruction.flags]
        values = {name: value for name, _, value in written}
        if len(values) < len(written) or not values.keys() <= set(_FOLLOWED):
            return None
        mode, is_classic = values.get("--chmod"), dialect.unneeded_stages == "built"
        if dialect.front_end == "docker" and is_classic and dialect.chmod_values == "any word":
            mode = None  # its parser knows the flag, and it does nothing else with it
        if mode is not None and not _MODE.fullmatch(mode):
            return None
        takes_documents = dialect.heredoc_sources == "copied"
        octal = None if mode is None else int(mode, 8)
        return cls(values.get("--from"), octal, "--chown" in values, takes_documents)

    @property
    def closes_folders(self) -> bool:
        """Whether the mode keeps some users out of folders, so that they cannot run what is in them."""
        return self.mode is not None and self.mode & 0o111 != 0o111

    def files(self, origins: Origins) -> Files | None:
        """The files of the stage or the build context that is copied from; None if they are not known.

        Args:
            origins: Finds them.
        """
        if self.source is None:
            return origins.context
        return origins.source_files(self.source) if self.source else None

    def copy(self, file: File) -> File:
        """A file as the instruction copies it; `unknown` if the mode leaves open who may run it.

        Args:
            file: What it is in the stage or the build context.
        """
        if file.kind not in ("program", "script", "text"):
            return file
        if self.mode is not None:
            allowed = permissions(self.mode)
            if allowed is None:
                return UNKNOWN
            file = replace(file, executable=allowed[0], private=allowed[1])
        return UNKNOWN if file.private and self.has_owner else file
