"""The processor time of a private engine and everything in it."""

import os
from pathlib import Path
from typing import Final

_TICKS: Final = os.sysconf("SC_CLK_TCK")


def of_tree(pid: int) -> float:
    """The seconds of processor time of a process, its descendants, and those of them that have ended.

    Args:
        pid: The first process, such as that of a private engine.
    """
    times, children = _processes()
    waiting, total = [pid], 0
    while waiting:
        each = waiting.pop()
        total += times.get(each, 0)
        waiting += children.get(each, [])
    return total / _TICKS


def _processes() -> tuple[dict[int, int], dict[int, list[int]]]:
    """The time of each process, with that of the children that it has waited for; and its children."""
    times: dict[int, int] = {}
    children: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdecimal():
            continue
        try:
            # The name in parentheses may have blanks; the fields are counted behind it (man 5 proc).
            fields = (folder / "stat").read_text(errors="replace").rpartition(")")[2].split()
        except OSError:
            continue  # it has ended
        times[int(folder.name)] = sum(map(int, fields[11:15]))
        children.setdefault(int(fields[1]), []).append(int(folder.name))
    return times, children
