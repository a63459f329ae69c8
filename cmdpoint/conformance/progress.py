"""The progress of a run in one line: how many cases agree, how long it will take, and what is compared now.

It replaces pytest's dots. On a terminal it is redrawn; elsewhere, such as in the log of a CI job,
there is a new line from time to time. With `-v` or `-q`, pytest's own progress is shown.
"""

import os
import sys
import time
from collections.abc import Callable, Generator, Iterable
from contextlib import suppress
from pathlib import Path
from threading import Event, RLock, Thread
from typing import Any, Final, TextIO

import pytest

from cmdpoint.conformance.durations import FILE, Durations, function_of

CASES: Final = "cmdpoint-cases"
"""The property of a report with the number of agreeing cases."""

REDRAWN_AFTER: Final = 0.5
"""The seconds between two updates on a terminal."""

REPEATED_AFTER: Final = 15.0
"""The seconds between two lines without a terminal."""

_RELIABLE: Final = 0.03
"""The share of a run after which its own speed is better known than that of earlier runs."""


class State:
    """What is known of the progress of a run."""

    def __init__(self, durations: Durations) -> None:
        """Begin a run.

        Args:
            durations: How long the tests probably take.
        """
        self._durations = durations
        self._tests: set[str] = set()
        self._running: dict[str, None] = {}
        self._total = 0.0
        self._done = 0.0
        self._agreeing = 0
        self._failed = 0

    def expect(self, tests: Iterable[str]) -> None:
        """Add the tests that will run."""
        for test in set(tests) - self._tests:
            self._tests.add(test)
            self._total += self._durations.expected(test)

    def begin(self, test: str) -> None:
        """A test begins."""
        self._running[test] = None

    def end(self, test: str) -> None:
        """A test has ended."""
        self._running.pop(test, None)
        self._done += self._durations.expected(test)

    def count(self, agreeing: int, *, failed: bool) -> None:
        """Count the cases of a test."""
        self._agreeing += agreeing
        self._failed += failed

    def line(self, elapsed: float, workers: int) -> str:
        """The line.

        Args:
            elapsed: The seconds since the tests began.
            workers: How many tests run at the same time.
        """
        share = min(1.0, self._done / self._total) if self._total else 0.0
        speed = self._done / elapsed if elapsed and share > _RELIABLE else workers
        left = _time(max(0.0, self._total - self._done) / speed)
        failed = f", {self._failed} {'test' if self._failed == 1 else 'tests'} failed" if self._failed else ""
        now = ", ".join(sorted(set(map(_readable, list(self._running)))))  # a copy, for another thread
        return f"[{100 * share:3.0f}%] {self._agreeing:,} cases agree{failed}, about {left} left; now: {now}"


def _readable(nodeid: str) -> str:
    return function_of(nodeid).removeprefix("test_").replace("_", " ")


def _time(seconds: float) -> str:
    """A duration in words: no more exact than it is known."""
    if seconds < 60:
        return f"{max(5, round(seconds / 5) * 5)} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 120 else f"{round(minutes / 60)} h"


class Screen:
    """Where the line is shown: on a terminal always the same line, elsewhere a new one each time."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._lock = RLock()
        self._shown = False
        self._in_line = False
        self.is_terminal = stream.isatty() and os.environ.get("TERM") != "dumb"

    def show(self, line: str) -> None:
        """Show the line, unless another text is only half written."""
        with self._lock:
            if self._in_line:
                return
            if self.is_terminal:
                width = os.get_terminal_size(self._stream.fileno()).columns or 80
                self._stream.write(f"\r\x1b[K{line[: width - 1]}")
            else:
                self._stream.write(f"cmdpoint: {line}\n")
            self._stream.flush()
            self._shown = True

    def erase(self) -> None:
        """Erase the line, if there is one on a terminal."""
        with self._lock:
            if self._shown and self.is_terminal:
                self._stream.write("\r\x1b[K")
                self._stream.flush()
            self._shown = False

    def around(self, write: Callable[..., None]) -> Callable[..., None]:
        """A function that erases the line, and then writes what another function would write."""

        def erase_and_write(text: str, **options: Any) -> None:
            with self._lock:
                self.erase()
                write(text, **{**options, "flush": True})
                self._in_line = not text.endswith("\n") if text else self._in_line

        return erase_and_write


class Progress:
    """The hooks that follow a run in the controller."""

    def __init__(self, config: pytest.Config, screen: Screen) -> None:
        self._config = config
        self._screen = screen
        self._durations = Durations.read(self._file)
        self._state = State(self._durations)
        self._began = 0.0
        self._is_running = False
        self._ended = Event()

    @property
    def _file(self) -> Path:
        return self._config.invocation_params.dir / FILE

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Without xdist, the controller collects the tests."""
        self._state.expect(item.nodeid for item in session.items)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """With xdist, every worker does."""
        self._state.expect(ids)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtestloop(self) -> Generator[None, object, object]:
        """Show the line while tests run."""
        if (reporter := self._config.pluginmanager.get_plugin("terminalreporter")) is not None:
            reporter.showfspath = False
        # pytest writes all its text with this method.
        writer = self._config.get_terminal_writer()
        writer.__dict__["write"] = self._screen.around(writer.write)
        self._is_running = True
        thread = Thread(target=self._follow, daemon=True)
        thread.start()
        try:
            return (yield)
        finally:
            self._is_running = False
            self._ended.set()
            thread.join()
            self._screen.erase()
            del writer.__dict__["write"]

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        """A test begins."""
        self._began = self._began or time.monotonic()
        self._state.begin(nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count the cases of a test."""
        if report.when == "call":
            agreeing = dict(report.user_properties).get(CASES, 0)
            self._state.count(int(str(agreeing)), failed=report.failed)
            if report.passed:
                self._durations.add(report.nodeid, report.duration)

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """A test has ended."""
        self._state.end(nodeid)

    @pytest.hookimpl(wrapper=True)
    def pytest_report_teststatus(self) -> Generator[None, Any, Any]:
        """Show no letter while tests run; the short summary has the words."""
        status = yield
        return (status[0], "", "") if status and self._is_running else status

    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """Record the durations."""
        if exitstatus == pytest.ExitCode.OK:
            self._durations.write(self._file)

    def _follow(self) -> None:
        pause = REDRAWN_AFTER if self._screen.is_terminal else REPEATED_AFTER
        while not self._ended.wait(pause):
            if self._began:
                workers = self._config.getoption("numprocesses", None) or 1
                self._screen.show(self._state.line(time.monotonic() - self._began, workers))


def screen_for(config: pytest.Config) -> Screen | None:
    """The screen of a run; None if pytest's own progress is shown, or nothing.

    Args:
        config: The configuration of the run.
    """
    option = config.option
    if option.verbose or option.usepdb or hasattr(config, "workerinput"):
        return None
    if config.pluginmanager.get_plugin("terminalreporter") is None or sys.stdout is None:
        return None
    with suppress(OSError, ValueError):  # it has no file descriptor
        # A copy, because pytest redirects the descriptor while it captures the output of a test.
        return Screen(os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8", errors="replace"))
    return None
