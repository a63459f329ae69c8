"""What a live run saw, kept in one file as it is seen: every process of the run appends whole lines to it.

The controller begins the file with its header. It ends it with the footer only where every worker came to its
end: after an interruption, or with a worker lost, whoever reads the file is told that it is truncated.
"""

import os
from collections.abc import Generator
from datetime import UTC, datetime
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import pytest

from cmdpoint.conformance import comparator
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
from cmdpoint.observations.writer import footer_of
from cmdpoint.oracle import Case
from cmdpoint.oracle.comparison import Level

KEPT: Final = 10
"""How many files of runs the default folder holds, this run's among them."""

FOLDER: Final = Path(".cmdpoint/observations")
"""The default folder, below pytest's root."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that says where."""
    parser.getgroup("cmdpoint").addoption(
        "--observations",
        metavar="FILE",
        help=f"keep what a live run saw in this file, or nowhere: none; by default in a new one in {FOLDER}",
    )


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Begin, once it is known what the run is about."""
    config.stash[OBSERVATION_LOG] = observation_log = ObservationLog()
    config.pluginmanager.register(Keeper(config, observation_log), "cmdpoint-observations")


class ObservationLog:
    """One process's share in the file.

    Attributes:
        path: The file; None where nothing is kept.
    """

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._file: int | None = None
        self._written: set[bytes] = set()

    def of(self, live: LiveTarget) -> comparator.Note:
        """What notes what a place is seen to do."""
        return partial(self._see, str(live), comparator.target_of(live))

    def write(self, *lines: Line) -> None:
        """Append lines that this process has not written yet.

        Raises:
            HarnessError: There is no room for them.
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

    def _see(self, name: str, target: Target, case: Case, level: Level, seen: Result) -> None:
        self.write((name, target), Observation(case, level, (name,), seen))

    def _is_new(self, content: bytes) -> bool:
        """Whether a line was not written yet; of those that were, only digests are remembered."""
        digest = blake2b(content, digest_size=12).digest()
        known = digest in self._written
        self._written.add(digest)
        return not known

    def _append(self, file: int, content: bytes) -> None:
        try:
            whole = os.write(file, content) == len(content)
        except OSError as error:
            raise self._no_room(error.strerror or str(error)) from error
        if not whole:
            raise self._no_room("only a part of a line could be written")

    def _no_room(self, why: str) -> comparator.HarnessError:
        remedy = "make room there, or name another file with --observations, or none"
        return comparator.HarnessError(DiskFull(f"{self.path} cannot be written", why, remedy))


class Keeper:
    """Hooks that see to the file: where it is, how it begins and how it ends."""

    def __init__(self, config: pytest.Config, observation_log: ObservationLog) -> None:
        self._config = config
        self._notebook = observation_log
        self._whole = True
        self._told = ""

    def pytest_sessionstart(self) -> None:
        """Begin the file in the controller, if engines are asked; in a worker, take it over.

        The run gets to know its engines before it, and xdist starts workers after it.
        """
        worker = getattr(self._config, "workerinput", None)
        if worker is not None:
            self._notebook.path = Path(told) if (told := worker["cmdpoint_observations"]) else None
            return
        run = self._config.stash[RUN]
        name = self._config.getoption("--observations")
        if not run.addresses or name == "none":
            return
        now = datetime.now(UTC)
        try:
            path = Path(name).absolute() if name else new_path(self._config.rootpath / FOLDER, now, run.seed)
            path.write_bytes(header_line(Header(f"{now:%Y-%m-%d}", run.seed)))
        except OSError as error:
            raise pytest.UsageError(f"what is seen cannot be kept: {error}; see --observations") from error
        self._notebook.path = path
        for name, fault in run.failed.items():
            self._notebook.write(RecordedFault(str(fault), (name,)))

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Tell a worker where the file is."""
        node.workerinput["cmdpoint_observations"] = str(self._notebook.path or "")

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:
        """A worker that was lost may not have written all that it saw."""
        if error:
            self._whole = False
            self._notebook.write(RecordedFault(f"the worker {node.gateway.id} was lost: {error}", ()))

    def pytest_keyboard_interrupt(self) -> None:
        """What was interrupted is not whole."""
        self._whole = False

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note what is no verdict."""
        error = call.excinfo.value if call.excinfo is not None else None
        if isinstance(error, comparator.HarnessError):
            self._notebook.write(RecordedFault(str(error), tuple(_targets(item))))
        return (yield)

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, exitstatus: int) -> None:
        """End the file, in the controller."""
        self._notebook.close()
        path = self._notebook.path
        if path is None or hasattr(self._config, "workerinput"):
            return
        with path.open("r+b") as file:
            if len(file.readlines(_HEADER_AND_MORE)) < 2:
                path.unlink()  # nothing was asked
                return
            whole = self._whole and exitstatus not in _BROKEN_OFF
            if whole:
                file.seek(0, os.SEEK_END)
                file.write(footer_of(path))
        self._told = f"what was seen: {path}" + ("" if whole else " (truncated)")

    @pytest.hookimpl(trylast=True)
    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say where it is."""
        if self._told:
            terminalreporter.write_line(self._told)


_HEADER_AND_MORE: Final = 1 << 16

_BROKEN_OFF: Final = (
    pytest.ExitCode.INTERRUPTED,
    pytest.ExitCode.INTERNAL_ERROR,
    pytest.ExitCode.USAGE_ERROR,
)

OBSERVATION_LOG: Final = pytest.StashKey[ObservationLog]()
"""Where a fixture finds the notebook."""


def new_path(folder: Path, now: datetime, seed: int) -> Path:
    """The path of a new file in the default folder, from which the oldest are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in sorted(folder.glob("*.jsonl"))[: 1 - KEPT]:
        old.unlink(missing_ok=True)
    name = f"{now:%Y%m%dT%H%M%SZ}-{seed}"
    path = folder / f"{name}.jsonl"
    while path.exists():
        path = path.with_stem(f"{path.stem}-again")
    return path


def _targets(item: pytest.Item) -> list[str]:
    """Where a test asks: at one place, or at all those of an engine."""
    callspec = getattr(item, "callspec", None)
    params = {} if callspec is None else callspec.params
    if "live" in params:
        return [str(params["live"])]
    return [str(target) for target in params["both"].targets] if "both" in params else []
