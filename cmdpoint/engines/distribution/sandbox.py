"""gVisor's `runsc`, a runtime whose containers have a kernel of their own, unpacked from the distribution."""

import shutil
from pathlib import Path
from typing import Final

from cmdpoint.engines.cache import Progress, silent
from cmdpoint.engines.distribution.tool import Tool, UnpackedTool, unpacked_tool

RUNSC: Final = Tool("runsc", "gVisor", ("runsc", "busybox-static"), "no container can be started with gVisor")


class Sandbox(UnpackedTool):
    """An unpacked `runsc`."""

    @property
    def programs(self) -> tuple[Path, Path]:
        """The runtime, and the shell of its script; neither needs a library."""
        return self.path / "usr/bin/runsc", self.path / "usr/bin/busybox"

    def copy_into(self, root: Path) -> None:
        """Copy the runtime into a root that has no shell.

        A private engine has no network, and gVisor's own network refuses to start there. Engines pass no
        option to a runtime, so /usr/bin/runsc is a script that adds it.

        Args:
            root: The root.
        """
        for folder in ("usr/bin", "usr/libexec"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        for program in self.programs:
            shutil.copy(program, root / "usr/libexec")
        script = root / "usr/bin/runsc"
        script.write_text('#!/usr/libexec/busybox sh\nexec /usr/libexec/runsc --network=none "$@"\n')
        script.chmod(0o755)


def sandbox(suite: str = "", progress: Progress = silent) -> Sandbox:
    """Return the `runsc` of a suite; see `unpacked_tool` for the faults.

    Args:
        suite: The suite; by default the machine's own.
        progress: Receives progress messages.
    """
    return Sandbox(unpacked_tool(RUNSC, suite, progress))
