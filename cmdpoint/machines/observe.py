"""Run a command, wait for the line that the program in it prints, and look at its processes on the host."""

import json
import os
import select
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from cmdpoint.engines.faults import NoEngine

PIPE: Final = subprocess.PIPE
TICKS: Final = os.sysconf("SC_CLK_TCK")
IDLE_SECONDS: Final = 1.0


def observe(
    argv: list[str],
    *,
    executable: str | None = None,
    environment: Mapping[str, str] | None = None,
    timeout: float = 60,
    idle: bool = False,
) -> dict[str, Any]:
    """Run a command with the reporting program in it, and return its report.

    The report has two more values: `start`, the seconds to its first line, and `message`, the standard error.
    With `idle` it also has `seen`, the number of the host's processes that have the program's argv;
    `resident`, their memory in bytes with what runs only for them; and `idle`, the share of a CPU that these
    processes use while the program waits.

    Args:
        argv: The command.
        executable: The file to execute, if it is not the first word.
        environment: The environment variables; by default those of this process.
        timeout: The seconds that the command may take.
        idle: Whether the program waits for a line, so that it can be observed.

    Raises:
        NoEngine: The program printed no report in time.
    """
    begin = time.monotonic()
    with tempfile.TemporaryFile() as messages:
        with subprocess.Popen(
            argv, executable=executable, env=environment, stdin=PIPE, stdout=PIPE, stderr=messages
        ) as process:
            try:
                report = _first_line(process, begin, timeout, idle=idle)
                process.communicate(b"\n", timeout)
            except subprocess.TimeoutExpired as error:
                raise NoEngine(f"{argv[0]} did not end", f"it had {timeout:.0f} s", "run it again") from error
            finally:
                process.kill()
        messages.seek(0)
        return {**report, "message": messages.read().decode(errors="replace").strip()}


def _first_line(
    process: subprocess.Popen[bytes], begin: float, timeout: float, *, idle: bool
) -> dict[str, Any]:
    """The report in the first line, with the values that `observe` adds. Without one, kill the process."""
    line = _line(process, begin + timeout)
    start = time.monotonic() - begin
    if not line.endswith(b"\n"):
        process.kill()
    report = _report(line)
    if "argv" in report and idle:
        report |= _on_the_host(process.pid, report["argv"])
    return {**report, "start": start}


def _line(process: subprocess.Popen[bytes], deadline: float) -> bytes:
    """The first line of the output, or what there is of it at its end or at the deadline."""
    assert process.stdout is not None
    line = b""
    while not line.endswith(b"\n") and (left := deadline - time.monotonic()) > 0:
        if select.select([process.stdout], [], [], left)[0]:
            if not (byte := os.read(process.stdout.fileno(), 4096)):
                break
            line += byte
    return line


def _report(line: bytes) -> dict[str, Any]:
    """The report in a line; a line that is none is returned as the value `line`."""
    text = line.decode(errors="replace").strip()
    try:
        report = json.loads(text.partition("\n")[0])
    except ValueError:
        return {"line": text} if text else {}
    return report if isinstance(report, dict) else {"line": text}


def _on_the_host(pid: int, argv: list[str]) -> dict[str, Any]:
    seen = [each for each in _processes() if _argv(each) == argv]
    parents = {_stat(each)[3] for each in seen}
    # A container has a shim of its own; a virtual machine is the process of the emulator.
    counted = [*seen, *(int(p) for p in parents if _stat(int(p))[1].startswith("(containerd-shim"))] or [pid]
    before = sum(map(_ticks, counted))
    time.sleep(IDLE_SECONDS)
    used = (sum(map(_ticks, counted)) - before) / TICKS / IDLE_SECONDS
    page = os.sysconf("SC_PAGE_SIZE")
    resident = sum(int(Path(f"/proc/{each}/statm").read_text().split()[1]) * page for each in counted)
    return {"seen": len(seen), "resident": resident, "idle": used}


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _argv(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
    except OSError:
        return []


def _stat(pid: int) -> list[str]:
    """The fields of a process; a name with blanks would shift them, but those that matter have none."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()
    except OSError:
        return ["0"] * 52


def _ticks(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[13]) + int(fields[14])
