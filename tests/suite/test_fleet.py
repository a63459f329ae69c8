"""Several engines in a run, and several runs on a machine: the failure of one does not affect the others."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

import pytest

from cmdpoint.conformance.fleet import Fleet
from cmdpoint.engines.cache import silent
from cmdpoint.engines.distribution.names import EngineName, root_of
from cmdpoint.engines.driver.engine import Engine
from cmdpoint.engines.driver.labels import owners
from cmdpoint.engines.driver.local_client import PID_FILE
from cmdpoint.engines.faults import EngineDied, Unreachable
from cmdpoint.engines.private.process import PrivateEngine
from cmdpoint.engines.private.run_folder import PREFIX, sweep
from tests.suite import runs

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("apt-get"),
    reason="a private engine needs root on Debian or Ubuntu",
)

T = TypeVar("T")

LONG_RUN = ("tests/conformance/test_spec.py", "-n", "2")
SELECTED = ("tests/conformance/test_spec.py", "-k", "STATE-6 or MERGE-3")
SHORT_RUN = (*SELECTED, "-p", "no:xdist")


@pytest.fixture
def mortal() -> Iterator[PrivateEngine]:
    """An engine that a test kills."""
    with PrivateEngine.start(root_of(EngineName("docker")), storage_bytes=2**28) as engine:
        yield engine


def test_the_death_of_one_engine_fails_its_own_tests(engine_url: str, mortal: PrivateEngine) -> None:
    """Its tests end with a harness fault, and the tests of the other engine run to their end."""
    # Two workers: they must be able to send the fault to the controller.
    process = runs.start(engine_url, "--engine", mortal.url, *SELECTED, "-n", "2", "-v")
    output = _after_death(mortal, process, owners)
    survivors = [line for line in output.splitlines() if " PASSED " in line]
    assert len(survivors) >= output.count(" FAILED ") / 2


def test_the_death_of_an_engine_that_a_test_uses_itself_is_no_divergence(mortal: PrivateEngine) -> None:
    """The tests of signals use the engine, and not a comparator."""
    process = runs.start(mortal.url, "tests/conformance/test_process_one.py", "-k", "signal", "-x")
    _after_death(mortal, process, lambda engine: engine.get("/containers/json"))


def _after_death(
    mortal: PrivateEngine, process: subprocess.Popen[str], is_used: Callable[[Engine], object]
) -> str:
    """Kill an engine as soon as a run uses it, and return the output of the run, which is no verdict."""
    engine = Engine(mortal.url)
    _until(lambda: is_used(engine), "the run did not use the engine")
    engine.close()
    os.kill(mortal.pid, signal.SIGKILL)
    output, _ = process.communicate(timeout=300)
    assert process.returncode == EngineDied.exit_code, output
    assert "HARNESS FAULT, no verdict on the engine" in output
    assert " diverge" not in output
    return output


def test_the_log_of_an_engine_that_ended_is_saved(tmp_path: Path) -> None:
    """The log is removed with the engine, so it is saved before; that of an engine that runs is not."""
    fleet = Fleet(["private"], silent)
    try:
        assert fleet.save_logs(tmp_path / "logs") == {}
        folder = Path(fleet.engines[0].connect_to.removeprefix("unix://")).parent
        os.kill(int((folder / PID_FILE).read_text()), signal.SIGKILL)
        saved: dict[str, Path] = {}
        _until(lambda: saved.update(fleet.save_logs(tmp_path / "logs")) or saved, "no log was saved")
        assert list(saved) == [fleet.engines[0].name]
        assert "level=warning" in saved[fleet.engines[0].name].read_text()
    finally:
        fleet.stop()


def test_an_engine_that_cannot_start_is_reported_and_the_others_run(engine_url: str) -> None:
    """The run continues without it, and has the exit code of the fault."""
    status, output = runs.run(engine_url, "--engine", "unix:///nowhere/docker.sock", *SHORT_RUN)
    assert status == Unreachable.exit_code, output
    assert "no verdict on unix:///nowhere/docker.sock" in output
    assert " passed" in output
    assert " failed" not in output


def test_two_runs_do_not_disturb_each_other_and_a_killed_one_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each run has its own engines; `kill -9` of a run ends them, and the other run passes."""
    # Two folders for temporary files, with short paths, because they hold sockets.
    with tempfile.TemporaryDirectory() as killed, tempfile.TemporaryDirectory() as other:
        monkeypatch.setenv("TMPDIR", killed)
        victim = runs.start("private", *LONG_RUN)
        monkeypatch.setenv("TMPDIR", other)
        survivor = runs.start("private", *SHORT_RUN)
        try:
            folder = _until(lambda: _engine_in_use(Path(killed)), "the engine did not answer")
            os.killpg(victim.pid, signal.SIGKILL)
            victim.communicate(timeout=60)
            _until(lambda: not _processes_of(folder), "processes of the killed run's engine still run")
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


def _engine_in_use(folder: Path) -> Path | None:
    """The run folder of an engine in which a run has built something."""
    for socket in folder.glob(f"{PREFIX}*/docker.sock"):
        engine = Engine(f"unix://{socket}")
        try:
            if owners(engine):
                return socket.parent
        finally:
            engine.close()
    return None


def _processes_of(folder: Path) -> list[Path]:
    """The processes whose command line has the name of a run folder."""
    found = []
    for commandline in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if folder.name.encode() in commandline.read_bytes():
                found.append(commandline.parent)
    return found


def _until(condition: Callable[[], T | None], message: str, seconds: float = 120) -> T:
    """Wait until a function returns something true, and return that; fail with a message after a time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(Unreachable):
            if found := condition():
                return found
        time.sleep(0.1)
    raise AssertionError(message)
