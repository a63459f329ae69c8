"""Every engine that is unpacked here has the right version, runs a process, and leaves nothing behind."""

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


def unpacked_engines() -> Iterator[tuple[Root, str]]:
    """The engines that are unpacked, with each of their image stores."""
    if roots_folder().is_dir():
        for cached in (each for each in cached_roots() if each.root.product in PRODUCTS):
            for store in ("", *PRODUCTS[cached.root.product].stores(cached.root.version)):
                yield cached.root, store


UNPACKED = [
    pytest.param(root, store, id=f"{root.name}+{store}" if store else root.name)
    for root, store in unpacked_engines()
]


@pytest.mark.parametrize(("root", "store"), UNPACKED)
def test_an_unpacked_engine_runs(root: Root, store: str) -> None:
    """It has the version and store of its name and a known runtime, and starts a process."""
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
        assert not remove(root), "a root in use was removed"
    assert not list(CGROUPS.glob(f"**/{private.folder.name}"))
    assert not private.folder.exists()


def run(*words: str) -> "subprocess.Popen[str]":
    """Start `cmdpoint engines run` with the first unpacked engine."""
    name = cached_roots()[0].root.name
    command = [sys.executable, "-m", "cmdpoint", "engines", "run", name, *words]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.skipif(not UNPACKED, reason="no engine is unpacked")
class TestRun:
    """`cmdpoint engines run`."""

    def test_a_command(self) -> None:
        """The command finds the engine and gives the exit status; then the engine is removed."""
        connect = "import os; from cmdpoint.engines.driver.engine import Engine"
        script = f"{connect}; print(Engine(os.environ['DOCKER_HOST']).url); raise SystemExit(7)"
        with run("--", sys.executable, "-c", script) as process:
            out, err = process.communicate(timeout=100)
        assert process.returncode == 7, err
        assert not Path(out.strip().removeprefix("unix://")).parent.exists()

    def test_a_command_that_does_not_exist(self) -> None:
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
