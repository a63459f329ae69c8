"""Run commands, wait for the line that the program in each prints, and look at their processes."""

import json
import os
import select
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import IO, Any, Final

from cmdpoint.engines.faults import NoEngine
from cmdpoint.machines.processes import argvs, usage, with_descendants

PIPE: Final = subprocess.PIPE
IDLE_SECONDS: Final = 1.0


@dataclass(frozen=True)
class Command:
    """A command with the reporting program in it.

    Attributes:
        argv: The command.
        executable: The file to execute, if it is not the first word.
        environment: The environment variables; by default those of this process.
        mark: Returns a word that the processes which run only for it have in their argv, such as the id of a
            container; by default only the command itself and its children do.
    """

    argv: list[str]
    executable: str | None = None
    environment: Mapping[str, str] | None = None
    mark: Callable[[], str] | None = None


def observe(command: Command, *, timeout: float = 60, idle: bool = False) -> dict[str, Any]:
    """Run a command, and return the report of the program in it.

    The report has two more values: `start`, the seconds to its first line, and `message`, the standard error.
    With `idle` it also has `seen`, the number of the host's processes that have the program's argv, and the
    values of `observe_together`.

    Args:
        command: The command.
        timeout: The seconds that it may take.
        idle: Whether the program waits for a line, so that it can be observed.

    Raises:
        NoEngine: The program did not end in time.
    """
    with _running(command) as run:
        _await_lines([run], timeout)
        report = run.report
        if "argv" in report and idle:
            report |= {"seen": list(argvs().values()).count(report["argv"])}
            report |= _use([run])
        run.end(timeout)
        return {**report, "start": run.start, "message": run.message}


def observe_together(commands: Sequence[Command], *, timeout: float = 60) -> dict[str, Any]:
    """Run commands at the same time, and return what they use together while their programs wait.

    Returns:
        The `count` of them, `start`, the seconds until the last has printed its line, the memory `resident`
        and `proportional` in bytes, `cpu`, the seconds of CPU used until then, and `idle`, the share of a CPU
        that they use while all wait.

    Raises:
        NoEngine: A program printed no report in time.
    """
    with ExitStack() as stack:
        runs = [stack.enter_context(_running(command)) for command in commands]
        _await_lines(runs, timeout)
        for run in runs:
            if "argv" not in run.report:
                raise NoEngine(
                    f"one of {len(runs)} printed no report", run.message or str(run.report), "run it again"
                )
        last = max(run.begin + run.start for run in runs)
        found = {"count": len(runs), "start": last - runs[0].begin, **_use(runs)}
        for run in runs:
            run.end(timeout)
        return found


class _Run:
    """A running command: what it printed, and when."""

    def __init__(
        self, command: Command, begin: float, process: subprocess.Popen[bytes], messages: IO[bytes]
    ) -> None:
        self.command = command
        self.begin = begin
        self.process = process
        self.start = 0.0
        self.report: dict[str, Any] = {}
        self._messages = messages
        self._output = b""

    @property
    def message(self) -> str:
        """The standard error."""
        self._messages.seek(0)
        return self._messages.read().decode(errors="replace").strip()

    def read(self) -> bool:
        """Read output that is there; return whether the report, or the end, has come."""
        assert self.process.stdout is not None
        data = os.read(self.process.stdout.fileno(), 65536)
        self._output += data
        self.start = time.monotonic() - self.begin
        *lines, rest = self._output.decode(errors="replace").splitlines() or [""]
        complete = lines if not self._output.endswith(b"\n") else [*lines, rest]
        for line in complete:
            # A kernel may print messages before its first program does.
            if (report := _report(line)) is not None:
                self.report = report
                return True
        if not data:
            text = self._output.decode(errors="replace").strip()
            self.report = {"line": text} if text else {}
        return not data

    def stop_waiting(self) -> None:
        """Take what was printed for the report, because the time is over."""
        text = self._output.decode(errors="replace").strip()
        self.report = {"line": text} if text else {}
        self.process.kill()

    def end(self, timeout: float) -> None:
        """Let the program end."""
        if "argv" not in self.report:
            self.process.kill()
        try:
            self.process.communicate(b"\n", timeout)
        except subprocess.TimeoutExpired as error:
            name = self.command.argv[0]
            raise NoEngine(f"{name} did not end", f"it had {timeout:.0f} s", "run it again") from error


@contextmanager
def _running(command: Command) -> Iterator[_Run]:
    """Start a command, and kill it at the end if it still runs."""
    begin = time.monotonic()
    with (
        tempfile.TemporaryFile() as messages,
        subprocess.Popen(
            command.argv,
            executable=command.executable,
            env=command.environment,
            stdin=PIPE,
            stdout=PIPE,
            stderr=messages,
        ) as process,
    ):
        try:
            yield _Run(command, begin, process, messages)
        finally:
            process.kill()


def _await_lines(runs: Sequence[_Run], timeout: float) -> None:
    """Wait until each program has printed its report or has ended, or the time is over."""
    waiting = {run.process.stdout: run for run in runs if run.process.stdout}
    deadline = time.monotonic() + timeout
    while waiting and (left := deadline - time.monotonic()) > 0:
        for stdout in select.select(list(waiting), [], [], left)[0]:
            if waiting[stdout].read():
                del waiting[stdout]
    for run in waiting.values():
        run.stop_waiting()


def _use(runs: Sequence[_Run]) -> dict[str, Any]:
    """What the processes use together that run only for some commands; see `observe_together`."""
    marks = {run.command.mark() for run in runs if run.command.mark}
    roots = {pid for pid, argv in argvs().items() if marks.intersection(argv)} if marks else set()
    # The client of an engine does not run for the container: it can end before.
    roots -= with_descendants({run.process.pid for run in runs}) if marks else set()
    pids = with_descendants(roots or {run.process.pid for run in runs})
    before = usage(pids)
    time.sleep(IDLE_SECONDS)
    after = usage(pids)
    return {
        "resident": after.resident,
        "proportional": after.proportional,
        "cpu": before.cpu,
        "idle": max(0.0, after.cpu - before.cpu) / IDLE_SECONDS,
    }


def _report(line: str) -> dict[str, Any] | None:
    """The report in a line of JSON; None if it is none."""
    try:
        report = json.loads(line)
    except ValueError:
        return None
    return report if isinstance(report, dict) else None
