"""A run leaves nothing behind in an engine that it did not start; after a kill, the next run cleans up."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from cmdpoint.engines.driver.client import NO_CLIENT
from cmdpoint.engines.driver.engine import Engine
from cmdpoint.engines.driver.labels import Owner, owners
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.oracle import Case, Image, Process
from tests.suite import runs

LONG_RUN = ("tests/conformance/test_spec.py",)
PROCESSES = {1: ("-p", "no:xdist"), 2: ("-n", "2")}
"""The options of a run with a number of testing processes."""
SHORT_RUN = ("tests/conformance/test_spec.py", "-k", "SHELL-4", *PROCESSES[1])


@pytest.fixture
def engine(engine_url: str) -> Iterator[Engine]:
    """The outer run's engine, which the inner run did not start."""
    engine = Engine(engine_url)
    yield engine
    engine.close()


@contextmanager
def run_in_progress(engine: Engine, processes: int) -> Iterator[tuple[subprocess.Popen[str], set[Owner]]]:
    """A run each of whose testing processes has built images, and the owners of these images."""
    process = runs.start(engine.url, *LONG_RUN, *PROCESSES[processes])
    try:
        group: set[Owner] = set()
        for _ in range(600):
            group = {owner for owner in owners(engine) if _group_of(owner.pid) == process.pid}
            if len({owner.pid for owner in group}) == processes:
                break
            time.sleep(0.1)
        else:
            raise AssertionError("not every process of the run has built anything")
        yield process, group
    finally:
        _kill_group(process)
        process.communicate(timeout=60)


def test_ctrl_c_leaves_nothing(engine: Engine) -> None:
    """After Ctrl-C the run cleans up and ends within seconds."""
    with run_in_progress(engine, 2) as (process, group):
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=60)
        assert not group & owners(engine)


def test_the_next_run_removes_what_a_killed_run_left(engine: Engine) -> None:
    """After `kill -9`, the next run cleans up."""
    with run_in_progress(engine, 1) as (process, group):
        _kill_group(process)
        process.communicate(timeout=60)
        status, output = runs.run(engine.url, *SHORT_RUN)
        assert status == 0, output
        # Which run removed it is not checked: other tests start runs on this engine at the same time.
        assert not group & owners(engine)


def test_a_run_removes_only_its_own(engine: Engine) -> None:
    """A run removes everything that it created, and nothing of another run in progress."""
    with LiveTarget(engine, "classic", Owner.this_process(), NO_CLIENT) as other_run:
        case = Case((Image("image", 'FROM probe\nCMD ["/a"]\n'),))
        assert other_run.planned(case) == Process(("/a",))
        process = runs.start(engine.url, *SHORT_RUN)
        output, _ = process.communicate(timeout=300)
        assert process.returncode == 0, output
        assert process.pid not in {owner.pid for owner in owners(engine)}
        assert os.getpid() in {owner.pid for owner in owners(engine)}
        assert other_run.observed(case) == Process(("/a",)), "its image is gone"


def _group_of(pid: int) -> int | None:
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return None


def _kill_group(process: subprocess.Popen[str]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
