"""The host's processes: their words, their children, their memory and the CPU that they used."""

import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

TICKS: Final = os.sysconf("SC_CLK_TCK")
KILOBYTE: Final = 1024


@dataclass(frozen=True)
class Usage:
    """What some processes use.

    Attributes:
        resident: Their resident memory in bytes; pages that several share count for each.
        proportional: The same, but a page that N processes of the host share counts 1/N for each (PSS).
        cpu: The seconds of CPU that they have used.
    """

    resident: int
    proportional: int
    cpu: float


def argvs() -> dict[int, list[str]]:
    """The words of each process, by its number."""
    found: dict[int, list[str]] = {}
    for path in Path("/proc").iterdir():
        if path.name.isdigit():
            with suppress(OSError):
                words = (path / "cmdline").read_bytes().decode(errors="replace")
                found[int(path.name)] = words.split("\0")[:-1]
    return found


def with_descendants(roots: Iterable[int]) -> set[int]:
    """Some processes, their children, the children of these, and so on."""
    parents: dict[int, int] = {}
    for pid in argvs():
        if len(fields := _stat(pid)) > 1:
            parents[pid] = int(fields[1])
    found = set(roots)
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def usage(pids: Iterable[int]) -> Usage:
    """What processes use now; one that has ended uses nothing."""
    resident = proportional = ticks = 0
    for pid in pids:
        with suppress(OSError):
            fields = _stat(pid)
            sizes = _sizes(pid)
            ticks += int(fields[11]) + int(fields[12])
            resident += sizes.get("Rss", 0)
            proportional += sizes.get("Pss", 0)
    return Usage(resident, proportional, ticks / TICKS)


def _sizes(pid: int) -> dict[str, int]:
    """The sizes in `smaps_rollup`, in bytes."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
    return {name.rstrip(":"): int(size) * KILOBYTE for name, size, *_ in map(str.split, lines)}


def _stat(pid: int) -> list[str]:
    """The fields of `stat` behind the name, from the state on; empty if the process has ended."""
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return []
