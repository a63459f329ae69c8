"""Count what is needed from nothing to a running program: the files that are shipped, and the commands."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class Deployment:
    """The files and commands of one deployment, in the order in which they were used.

    Attributes:
        files: The name and the size of each file that is shipped.
        commands: The words of each command, without the program that is the engine or the emulator.
    """

    files: dict[str, int] = field(default_factory=dict)
    commands: list[list[str]] = field(default_factory=list)

    def ship(self, name: str, path: Path) -> None:
        """Note a file that is shipped."""
        self.files[name] = path.stat().st_size

    def run(self, words: Sequence[str]) -> None:
        """Note a command."""
        self.commands.append(list(words))

    def values(self) -> dict[str, Any]:
        """The numbers of files, of commands and of steps, which are both, and the bytes shipped."""
        return {
            "files": len(self.files),
            "commands": len(self.commands),
            "steps": len(self.files) + len(self.commands),
            "size": sum(self.files.values()),
        }
