"""Engines of every kind that is unpacked here: each is what was asked for, runs a process, leaves nothing."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from cmdpoint.engines.distribution.archive import Root, roots_folder
from cmdpoint.engines.distribution.cached import cached_roots, remove
from cmdpoint.engines.driver.client import Client
from cmdpoint.engines.driver.engine import Engine
from cmdpoint.engines.driver.labels import Owner
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.engines.private.process import PrivateEngine
from cmdpoint.engines.private.run_folder import CGROUPS
from cmdpoint.engines.products import PRODUCTS
from cmdpoint.oracle.case import Case, Image, Request
from cmdpoint.oracle.outcome import Process

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("apt-get"),
    reason="a private engine needs root on Debian or Ubuntu",
)


def kinds() -> Iterator[tuple[Root, str]]:
    """The engines that are unpacked, with each of their image stores."""
    if roots_folder().is_dir():
        for kept in cached_roots():
            for store in ("", *PRODUCTS[kept.root.product].stores(kept.root.version)):
                yield kept.root, store


KINDS = [
    pytest.param(root, store, id=f"{root.name}+{store}" if store else root.name) for root, store in kinds()
]


@pytest.mark.parametrize(("root", "store"), KINDS)
def test_a_private_engine_of_its_kind(root: Root, store: str) -> None:
    """It is what was asked for, with a known runtime, and starts what the oracle says that it starts."""
    with PrivateEngine.start(root, store, storage_bytes=2**28) as private:
        with closing(Engine(private.url)) as engine:
            assert engine.name == (f"{root.name}+{store}" if store else root.name)
            assert engine.runtime.partition("-")[0] in ("runc", "crun")
            client = Client(tuple(private.cli_argv()))
            with LiveTarget(engine, engine.builders[0], Owner.this_process(), client) as live:
                image = Image("app", 'FROM probe\nENTRYPOINT ["/a"]\nCMD ["b"]\n')
                outcome = live.observed(Case((image,), Request()))
        assert isinstance(outcome, Process)
        assert outcome.argv == ("/a", "b")
        assert client.call("version").returncode == 0
        assert not remove(root), "a root in use was taken away"
    assert not list(CGROUPS.glob(f"**/{private.folder.name}"))
    assert not private.folder.exists()


def run(*words: str) -> "subprocess.Popen[str]":
    """Start `cmdpoint engines run` of the first engine that is unpacked."""
    name = cached_roots()[0].root.name
    command = [sys.executable, "-m", "cmdpoint", "engines", "run", name, *words]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.skipif(not KINDS, reason="no engine is unpacked")
class TestRun:
    """`cmdpoint engines run`."""

    def test_a_command(self) -> None:
        """It finds the engine, and its exit status is that of the whole; the engine is gone after it."""
        connect = "import os; from cmdpoint.engines.driver.engine import Engine"
        ask = f"{connect}; e = Engine(os.environ['DOCKER_HOST'])"
        with run("--", sys.executable, "-c", f"{ask}; print(e.url); raise SystemExit(7)") as process:
            out, err = process.communicate(timeout=100)
        assert process.returncode == 7, err
        assert not Path(out.strip().removeprefix("unix://")).parent.exists()

    def test_a_command_that_is_not_there(self) -> None:
        with run("--", "/nowhere/command") as process:
            _, err = process.communicate(timeout=100)
        assert process.returncode == 127
        assert "/nowhere/command: No such file" in err

    @pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 0), (signal.SIGTERM, 143)])
    def test_runs_until_it_is_stopped(self, number: signal.Signals, status: int) -> None:
        with run() as process:
            assert process.stdout
            name, _, url = process.stdout.readline().strip().partition("=")
            assert name == "DOCKER_HOST"
            Engine(url).close()
            process.send_signal(number)
            process.communicate(timeout=100)
        assert process.returncode == status
        assert not Path(url.removeprefix("unix://")).parent.exists()
