"""A minimal distribution: the packages that each installation has, unpacked."""

from pathlib import Path
from typing import Final

from cmdpoint.engines.cache import Progress, silent
from cmdpoint.engines.distribution.tool import Tool, unpacked_tool

MINIMAL: Final = Tool(
    "minimal",
    "a minimal distribution",
    (
        *("base-files", "base-passwd", "bash", "bsdutils", "coreutils", "dash", "debianutils", "diffutils"),
        *("dpkg", "findutils", "grep", "gzip", "hostname", "init-system-helpers", "libc-bin", "ncurses-base"),
        *("ncurses-bin", "perl-base", "sed", "sysvinit-utils", "tar", "util-linux"),
    ),
    "the size of a distribution cannot be measured",
)
"""The packages that Debian and Ubuntu mark as essential."""


def minimal(suite: str = "", progress: Progress = silent) -> Path:
    """Return the root of the minimal distribution of a suite; see `unpacked_tool` for the faults.

    Args:
        suite: The suite; by default the machine's own.
        progress: Receives progress messages.
    """
    return unpacked_tool(MINIMAL, suite, progress)
