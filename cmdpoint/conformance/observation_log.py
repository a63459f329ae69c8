"""The observation log of a run: one file, to which every process of the run appends whole lines.

The controller writes the header, and the footer only if every worker finished. After an interruption or the
loss of a worker the file has no footer, and a reader reports it as truncated.
"""

import os
from collections.abc import Generator
from datetime import UTC, datetime
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import pytest

from cmdpoint.conformance.comparator import OnObservation, target_of
from cmdpoint.conformance.errors import HarnessFault, harness_fault
from cmdpoint.conformance.plugin import RUN
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.engines.faults import DiskFull
from cmdpoint.observations.records import (
    Header,
    Line,
    Observation,
    RecordedFault,
    Result,
    Target,
    header_line,
    line,
)
from cmdpoint.observations.shard import Shard
from cmdpoint.observations.writer import footer_of
from cmdpoint.oracle import Case
from cmdpoint.oracle.comparison import Level

FILES_RETAINED: Final = 10
"""The maximum number of logs in the default folder, including that of this run."""

FOLDER: Final = Path(".cmdpoint/observations")
"""The default folder, below the folder in which the run was started."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names the file."""
    parser.getgroup("cmdpoint").addoption(
        "--observations",
        metavar="FILE",
        help=f"the observation log of a live run (default: a new file in {FOLDER}); none writes no log",
    )


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register the hooks, after those of the run."""
    config.stash[OBSERVATION_LOG] = observation_log = ObservationLog()
    config.pluginmanager.register(ObservationLogHooks(config, observation_log), "cmdpoint-observations")


class ObservationLog:
    """The part of the log that one process writes.

    Attributes:
        path: The file; None if no log is written.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._file: int | None = None
        self._written: set[bytes] = set()

    def recorder_of(self, live: LiveTarget) -> OnObservation:
        """Return the function that records the observations of a target."""
        return partial(self._record, str(live), target_of(live))

    def write(self, *lines: Line) -> None:
        """Append the lines that this process has not written yet.

        Raises:
            HarnessFault: The file cannot be written.
        """
        if self.path is None:
            return
        contents = [content for content in map(line, lines) if self._is_new(content)]
        if not contents:
            return
        if self._file is None:
            self._file = os.open(self.path, os.O_WRONLY | os.O_APPEND)
        # One write, so that the lines of several processes do not mix.
        self._append(self._file, b"".join(contents))

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _record(
        self, name: str, target: Target, case: Case, level: Level, result: Result, confirmed: bool
    ) -> None:
        self.write((name, target), Observation(case, level, (name,), result, confirmed))

    def _is_new(self, content: bytes) -> bool:
        """Whether a line was not written yet; only digests of the lines stay in memory."""
        digest = blake2b(content, digest_size=12).digest()
        known = digest in self._written
        self._written.add(digest)
        return not known

    def _append(self, file: int, content: bytes) -> None:
        try:
            whole = os.write(file, content) == len(content)
        except OSError as error:
            raise self._write_failed(error.strerror or str(error)) from error
        if not whole:
            raise self._write_failed("the last line is incomplete")

    def _write_failed(self, why: str) -> HarnessFault:
        remedy = "free space there, name another file with --observations, or use --observations none"
        return HarnessFault(DiskFull(f"{self.path} cannot be written", why, remedy))


class ObservationLogHooks:
    """The hooks that open the file, share it with the workers, and finish it."""

    def __init__(self, config: pytest.Config, observation_log: ObservationLog) -> None:
        self._config = config
        self._log = observation_log
        self._is_complete = True
        self._message = ""

    def pytest_sessionstart(self) -> None:
        """In the controller of a live run, write the header; in a worker, read the path.

        The run's own hook, which connects to the engines, runs before; xdist starts workers after this one.
        """
        worker = getattr(self._config, "workerinput", None)
        if worker is not None:
            path = worker["cmdpoint_observations"]
            self._log.path = Path(path) if path else None
            return
        run = self._config.stash[RUN]
        name = self._config.getoption("--observations")
        if not run.engines or name == "none":
            return
        now = datetime.now(UTC)
        try:
            folder = self._config.invocation_params.dir / FOLDER
            shard = self._config.getoption("--shard")
            path = Path(name).absolute() if name else new_path(folder, now, run.seed, shard)
            path.write_bytes(header_line(Header(f"{now:%Y-%m-%d}", run.seed, shard=shard)))
        except OSError as error:
            raise pytest.UsageError(
                f"the observation log cannot be written: {error}; see --observations"
            ) from error
        self._log.path = path
        for name, fault in run.failed.items():
            self._log.write(RecordedFault(str(fault), (name,)))

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Send a worker the path."""
        node.workerinput["cmdpoint_observations"] = str(self._log.path or "")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """Record that a worker was lost, so some of its observations may be missing."""
        if error:
            self._is_complete = False
            self._log.write(RecordedFault(f"the worker {node.gateway.id} was lost: {error}", ()))

    def pytest_keyboard_interrupt(self) -> None:
        """Record that the run was interrupted."""
        self._is_complete = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Record harness faults."""
        if fault := harness_fault(item, call):
            self._log.write(RecordedFault(str(fault), tuple(_targets(item))))
        return (yield)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """In the controller, write the footer."""
        self._log.close()
        path = self._log.path
        if path is None or hasattr(self._config, "workerinput"):
            return
        with path.open("r+b") as file:
            if len(file.readlines(_HEADER_AND_MORE)) < 2:
                path.unlink()  # nothing was observed
                return
            complete = self._is_complete and exitstatus not in _INCOMPLETE
            if complete:
                file.seek(0, os.SEEK_END)
                file.write(footer_of(path))
        self._message = f"observations: {path}" + ("" if complete else " (truncated)")

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the path."""
        if self._message:
            terminalreporter.write_line(self._message)


_HEADER_AND_MORE: Final = 1 << 16

_INCOMPLETE: Final = (
    pytest.ExitCode.INTERRUPTED,
    pytest.ExitCode.INTERNAL_ERROR,
    pytest.ExitCode.USAGE_ERROR,
)

OBSERVATION_LOG: Final = pytest.StashKey[ObservationLog]()
"""The key of the observation log in pytest's stash."""


def new_path(folder: Path, now: datetime, seed: int, shard: Shard) -> Path:
    """Return the path of a new file in a folder, and remove the oldest files there.

    Shards may write to one folder at the same time, and are read together. They remove nothing.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.glob("*.jsonl"))[: 1 - FILES_RETAINED] if shard.is_whole else []:
        old.unlink(missing_ok=True)
    suffix = "" if shard.is_whole else f"-{shard.number}of{shard.count}"
    name = f"{now:%Y%m%dT%H%M%SZ}-{seed}{suffix}"
    path = folder / f"{name}.jsonl"
    while path.exists():
        path = path.with_stem(f"{path.stem}-again")
    return path


def _targets(item: pytest.Item) -> list[str]:
    """The targets of a test: one target, or all targets of an engine."""
    callspec = getattr(item, "callspec", None)
    params = {} if callspec is None else callspec.params
    if "live" in params:
        return [str(params["live"])]
    return [str(target) for target in params["both"].targets] if "both" in params else []
