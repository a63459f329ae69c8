"""Several engines in a run, and several runs on a machine: what happens to one leaves the others alone."""

import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pytest

from cmdpoint.engines.distribution.names import EngineName, root_of
from cmdpoint.engines.driver.engine import Engine
from cmdpoint.engines.driver.labels import owners
from cmdpoint.engines.faults import EngineDied, Unreachable
from cmdpoint.engines.private.process import PrivateEngine
from cmdpoint.engines.private.run_folder import PREFIX, sweep
from tests.suite import runs

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("apt-get"),
    reason="a private engine needs root on Debian or Ubuntu",
)

T = TypeVar("T")

LONG_RUN = (
    "tests/conformance/test_properties.py",
    "-k",
    "test_config",
    "-n",
    "2",
    "--hypothesis-profile",
    "nightly",
)
SHORT_RUN = ("tests/conformance/test_spec.py", "-k", "STATE-2 or MERGE-3", "-n", "2")


@pytest.fixture
def mortal() -> Iterator[PrivateEngine]:
    """An engine that may be killed."""
    with PrivateEngine.start(root_of(EngineName("docker")), storage_bytes=2**28) as engine:
        yield engine


def test_the_death_of_one_engine_fails_its_own_cells(engine_url: str, mortal: PrivateEngine) -> None:
    """What was asked of it is a harness error, what is asked of the other goes on to its end."""
    process = runs.start(engine_url, "--engine", mortal.url, *SHORT_RUN, "-v")
    engine = Engine(mortal.url)
    _until(lambda: owners(engine), "the run never came to build anything")
    engine.close()
    os.kill(mortal.pid, signal.SIGKILL)
    output, _ = process.communicate(timeout=300)
    assert process.returncode == EngineDied.exit_code, output
    assert "HARNESS FAULT, no verdict on the engine" in output
    assert " diverge" not in output
    survivors = [line for line in output.splitlines() if " PASSED " in line]
    assert len(survivors) >= output.count(" FAILED ") / 2


def test_an_engine_that_cannot_start_is_reported_and_the_others_run(engine_url: str) -> None:
    """The run goes on without it, and does not succeed."""
    status, output = runs.run(engine_url, "--engine", "unix:///nowhere/docker.sock", *SHORT_RUN)
    assert status == Unreachable.exit_code, output
    assert "no verdict on unix:///nowhere/docker.sock" in output
    assert " passed" in output
    assert " failed" not in output


def test_two_runs_do_not_disturb_each_other_and_a_killed_one_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each has its engines; `kill -9` ends those of the killed run, and the other does not notice."""
    # Two folders for temporary files, with short paths: a socket is in them.
    with tempfile.TemporaryDirectory() as killed, tempfile.TemporaryDirectory() as other:
        monkeypatch.setenv("TMPDIR", killed)
        victim = runs.start("private", *LONG_RUN)
        monkeypatch.setenv("TMPDIR", other)
        survivor = runs.start("private", *SHORT_RUN)
        try:
            folder = _until(lambda: _answering(Path(killed)), "the engine never answered")
            os.killpg(victim.pid, signal.SIGKILL)
            victim.communicate(timeout=60)
            _until(lambda: not _processes_of(folder), "processes of the killed run's engine live on")
            monkeypatch.setattr(tempfile, "tempdir", killed)
            sweep()
            assert list(Path(killed).glob(f"{PREFIX}*")) == []
            output, _ = survivor.communicate(timeout=300)
            assert survivor.returncode == 0, output
            assert list(Path(other).glob(f"{PREFIX}*")) == []
        finally:
            for process in (victim, survivor):
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.communicate(timeout=60)


def _answering(folder: Path) -> Path | None:
    """The run folder of an engine that has something to do."""
    for socket in folder.glob(f"{PREFIX}*/docker.sock"):
        engine = Engine(f"unix://{socket}")
        try:
            if owners(engine):
                return socket.parent
        finally:
            engine.close()
    return None


def _processes_of(folder: Path) -> list[Path]:
    """The processes that a run folder's name stands in the command line of."""
    found = []
    for commandline in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if folder.name.encode() in commandline.read_bytes():
                found.append(commandline.parent)
    return found


def _until(there: Callable[[], T | None], otherwise: str, seconds: float = 120) -> T:
    """What is there once something is, asked for again and again."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(Unreachable):
            if found := there():
                return found
        time.sleep(0.1)
    raise AssertionError(otherwise)
