"""An interrupted `engines fetch` leaves no process behind, and the next one continues the download."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from cmdpoint.engines.distribution.names import EngineName, root_of
from tests.unit.mirror import BIG, Mirror, needs_apt

ROOT = Path(__file__).parents[2]

pytestmark = [needs_apt, pytest.mark.slow]

FETCH = """\
import platform, signal, sys
# A background job or nohup may have this process ignore them.
signal.signal(signal.SIGHUP, signal.SIG_DFL)
signal.signal(signal.SIGINT, signal.default_int_handler)
from pathlib import Path
from cmdpoint.engines.distribution import archive, available, sources, suites
from cmdpoint.engines.distribution.names import EngineName, root_of
folder = Path(sys.argv[1])
for module in (archive, available):
    module.APT = folder
sources.KEYRINGS = suites.DISTRO_INFO = folder
platform.freedesktop_os_release = lambda: {"ID": "debian", "VERSION_CODENAME": "old"}
root_of(EngineName("docker", suite="old"))
"""
"""A program that unpacks `docker` with the apt configuration of a folder."""


def left(tmp_path: Path) -> list[str]:
    """The names in the folder of roots, without locks."""
    return sorted(p.name for p in (tmp_path / "cache/roots").iterdir() if not p.name.endswith(".lock"))


SIGNALS = [signal.SIGINT, signal.SIGKILL]
"""Python raises an exception for the first; the second ends the process at once, as SIGTERM and SIGHUP do."""


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_an_interrupted_download_is_resumed(
    mirror: Mirror, tmp_path: Path, arch: str, number: signal.Signals
) -> None:
    """Apt ends with the process that started it, and the next run continues the download."""
    big = f"docker.io_520.10.24+dfsg1-1+b6_{arch}.deb"
    mirror.stalling = big
    partial = tmp_path / f"cache/roots/.docker-20.10.24-{arch}.new/cache/archives/partial"
    with fetching(tmp_path) as process:
        wait_until(lambda: any(path.stat().st_size > 100_000 for path in partial.glob("docker.io_*")))
        assert "apt-get" in programs_of(tmp_path)
        process.send_signal(number)
        process.wait(10)
    wait_until(lambda: not programs_of(tmp_path))
    mirror.stalling = None
    mirror.requested.clear()
    assert (root_of(EngineName("docker", suite="old")).path / "usr/sbin/dockerd").read_text() == BIG
    starts = [start for name, start in mirror.requested if name == big]
    assert len(starts) == 1
    assert starts[0] > 100_000
    assert not [name for name, _ in mirror.requested if name.startswith("base_")], "base was complete"
    assert left(tmp_path) == [f"docker-20.10.24-{arch}", f"docker-old-{arch}"]


@pytest.mark.parametrize("number", SIGNALS, ids=lambda number: number.name)
def test_an_interrupted_unpacking_is_repeated(
    mirror: Mirror, tmp_path: Path, arch: str, number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    """dpkg-deb and tar end with the process that started them; the next run downloads nothing again."""
    slow = tmp_path / "bin/tar"
    slow.parent.mkdir()
    slow.write_text("#!/bin/sh\nexec sleep 60\n")
    slow.chmod(0o755)
    with monkeypatch.context() as patch:
        patch.setenv("PATH", str(slow.parent), prepend=":")
        with fetching(tmp_path) as process:
            wait_until(lambda: {"sh", "sleep"} <= set(programs_of(tmp_path)))
            process.send_signal(number)
            process.wait(10)
    wait_until(lambda: not programs_of(tmp_path))
    assert left(tmp_path) == [f".docker-20.10.24-{arch}.new"]
    mirror.requested.clear()
    assert (root_of(EngineName("docker", suite="old")).path / "usr/sbin/dockerd").read_text() == BIG
    assert not [name for name, _ in mirror.requested if name.endswith(".deb")]
    assert left(tmp_path) == [f"docker-20.10.24-{arch}", f"docker-old-{arch}"]


@contextmanager
def fetching(folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a process that unpacks `docker` with the apt configuration of a folder."""
    command = [sys.executable, "-c", FETCH, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait up to 30 seconds."""
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def programs_of(folder: Path) -> list[str]:
    """The programs that run with the cache of a folder, besides this process."""
    found: list[str] = []
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            mine = f"CMDPOINT_CACHE={folder}/".encode() in path.read_bytes()
            program = Path(os.readlink(path.parent / "exe")).name
        except OSError:
            continue
        if mine and int(path.parent.name) != os.getpid():
            found.append({"dash": "sh"}.get(program, program))
    return found
