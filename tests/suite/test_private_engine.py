"""A private engine answers, and leaves nothing behind, however it or its owner ends."""

import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from cmdpoint.engines.distribution.apt import this_machine
from cmdpoint.engines.distribution.archive import Root
from cmdpoint.engines.distribution.names import EngineName, root_of
from cmdpoint.engines.faults import NoEngine
from cmdpoint.engines.private.process import PrivateEngine
from cmdpoint.engines.private.run_folder import CGROUPS, sweep

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or os.geteuid() != 0 or not shutil.which("apt-get"),
    reason="a private engine needs root on Debian or Ubuntu",
)

PERL = "/usr/bin/perl"
"""A program that every Debian and Ubuntu has."""

SCRIBBLE = "scribble"
"""A folder that the engine creates in its root, because a container mounts it."""

PROJECT = Path(__file__).parents[2]
OWNER = """\
import json, time
from cmdpoint.engines.distribution.apt import this_machine
from cmdpoint.engines.distribution.names import EngineName, root_of
from cmdpoint.engines.private.process import PrivateEngine
root = root_of(EngineName("docker", suite=this_machine().suite))
engine = PrivateEngine.start(root, storage_bytes=2**28)
print(json.dumps([engine.pid, str(engine.folder), engine.cli_argv()]), flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def root() -> Root:
    """The Docker of the machine's own suite."""
    return root_of(EngineName("docker", suite=this_machine().suite))


@pytest.fixture(autouse=True)
def folder_for_temporary_files(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """Use a folder without the run folders of other runs; the path of tmp_path is too long for sockets."""
    tmp_path_factory.getbasetemp()  # pytest would otherwise create it in that folder, and lose it
    with tempfile.TemporaryDirectory() as folder:
        monkeypatch.setattr(tempfile, "tempdir", folder)
        monkeypatch.setenv("TMPDIR", folder)
        yield


@pytest.fixture
def engine(root: Root) -> Iterator[PrivateEngine]:
    with PrivateEngine.start(root, storage_bytes=2**28) as engine:
        yield engine


@pytest.fixture
def owner() -> Iterator[subprocess.Popen[str]]:
    """A process that starts an engine and prints its pid, folder and client."""
    command = [sys.executable, "-c", OWNER]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


def docker(cli: list[str], *arguments: str, stdin: bytes | None = None) -> str:
    done = subprocess.run([*cli, *arguments], input=stdin, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().strip()


def run_sleeper(cli: list[str]) -> None:
    """Start a container that never ends."""
    run(cli, "sleep", "--detach")


def run(cli: list[str], script: str, *options: str) -> None:
    """Run a Perl script in a container."""
    image = docker(cli, "import", "-", stdin=perl())
    scribble = f"--volume=/{SCRIBBLE}:/{SCRIBBLE}"
    docker(cli, "run", "--network=none", scribble, *options, image, PERL, "-e", script)


@cache
def perl() -> bytes:
    """An archive with the machine's Perl and its libraries; not every engine's root has one."""
    listed = subprocess.run(["ldd", PERL], capture_output=True, text=True, check=True).stdout
    libraries = re.findall(r"(?:=>|^)\s*(/\S+)", listed, re.MULTILINE)
    command = ["tar", "--create", "--dereference", "--absolute-names", PERL, *libraries]
    return subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout


class Process(NamedTuple):
    """A process; its start time distinguishes it from a later process with the same pid."""

    pid: int
    start: int
    parent: int
    name: str


def processes(*, dead: bool = False) -> list[Process]:
    """Return the machine's processes, or only its zombies."""
    found: list[Process] = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            name, _, rest = path.read_text().partition("(")[2].rpartition(") ")
            state, parent, *others = rest.split()
            if (state == "Z") == dead:
                found.append(Process(int(path.parent.name), int(others[17]), int(parent), name))
    return found


def members_with_container(pid: int) -> set[Process]:
    """Return the engine's processes as soon as the container's program is among them."""
    # `docker run --detach` returns a moment before the program runs.
    assert soon(lambda: "perl" in {process.name for process in members(pid)})
    return members(pid)


def members(pid: int) -> set[Process]:
    """Return the process `pid` of an engine and all its descendants, including those in containers."""
    family = {pid}
    every = processes()
    while more := {p.pid for p in every if p.parent in family} - family:
        family |= more
    return {p for p in every if p.pid in family}


def survivors(engine: set[Process]) -> set[tuple[int, int]]:
    """Return the processes of an engine that still run."""
    return {p[:2] for p in engine} & {p[:2] for p in processes()}


def cgroups(name: str) -> list[Path]:
    return [path for path in (CGROUPS / name, *CGROUPS.glob(f"*/{name}")) if path.exists()]


def soon(condition: Callable[[], bool], seconds: float = 5) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def traces() -> set[str]:
    """Return what an engine could leave behind on the host: mounts and run folders."""
    mounts = Path("/proc/self/mountinfo").read_text().splitlines()
    return {*mounts, *os.listdir(tempfile.gettempdir())}


def test_it_answers_and_leaves_nothing(root: Root) -> None:
    before = traces()
    with PrivateEngine.start(root, storage_bytes=2**28) as engine:
        assert engine.alive()
        assert docker(engine.cli_argv(), "version", "--format={{.Server.Version}}").startswith(root.version)
        run_sleeper(engine.cli_argv())
        inside = members_with_container(engine.pid)
        assert "dockerd" in {process.name for process in inside}
        assert cgroups(engine.folder.name)
        assert engine.folder.stat().st_mode & 0o777 == 0o700
        started = time.monotonic()
        engine.stop()
        assert time.monotonic() - started < 5
    assert not engine.alive()
    assert not survivors(inside)
    assert cgroups(engine.folder.name) == []
    assert not traces() - before
    assert not (root.path / SCRIBBLE).exists(), "the engine wrote to the cached root"


def test_a_paused_container_does_not_stop_it_from_ending(root: Root) -> None:
    with PrivateEngine.start(root) as engine:
        run_sleeper(engine.cli_argv())
        inside = members_with_container(engine.pid)
        docker(engine.cli_argv(), "pause", docker(engine.cli_argv(), "ps", "--quiet"))
    assert not survivors(inside)
    assert cgroups(engine.folder.name) == []


def test_processes_of_ended_containers_are_reaped(engine: PrivateEngine) -> None:
    """The parent of a shim is the first process of the jail, which must reap it."""
    for _ in range(3):
        run(engine.cli_argv(), "1", "--rm")
    inside = {process.pid for process in members(engine.pid)}
    assert soon(lambda: not any(p.parent in inside for p in processes(dead=True)))


def test_storage_is_limited(root: Root) -> None:
    with PrivateEngine.start(root, storage_bytes=2**25) as engine:
        import_ = [*engine.cli_argv(), "import", "-"]
        done = subprocess.run(import_, input=tar_of(bytes(2**26)), capture_output=True, check=False)
    assert b"no space left on device" in done.stderr


def tar_of(content: bytes) -> bytes:
    """Return a tar archive of one file."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "file").write_bytes(content)
        return subprocess.run(["tar", "-cC", folder, "."], stdout=subprocess.PIPE, check=True).stdout


def test_two_at_once_are_separate(root: Root, engine: PrivateEngine) -> None:
    with PrivateEngine.start(root) as other:
        assert other.url != engine.url
        docker(other.cli_argv(), "import", "-", stdin=bytes(1024))
        assert docker(engine.cli_argv(), "images", "--quiet") == ""
        assert docker(other.cli_argv(), "images", "--quiet") != ""
    assert engine.alive()
    assert docker(engine.cli_argv(), "images", "--quiet") == ""


def test_it_ends_when_dockerd_does(engine: PrivateEngine) -> None:
    inside = members(engine.pid)
    (daemon,) = (process.pid for process in inside if process.name == "dockerd")
    os.kill(daemon, signal.SIGKILL)
    assert soon(lambda: not engine.alive())
    assert not survivors(inside)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_it_ends_with_its_owner(number: signal.Signals, root: Root, owner: subprocess.Popen[str]) -> None:
    assert owner.stdout
    pid, name, cli = json.loads(owner.stdout.readline())
    folder = Path(name)
    run_sleeper(cli)
    inside = members_with_container(pid)
    owner.send_signal(number)
    owner.wait(10)
    assert soon(lambda: not survivors(inside))
    if number != signal.SIGINT:  # after SIGINT alone, Python runs its exit handlers
        assert folder.exists()
        assert cgroups(folder.name)
    with PrivateEngine.start(root):
        assert not folder.exists()
        assert cgroups(folder.name) == []


def test_a_sweep_removes_run_folders_only() -> None:
    abandoned, notes = (Path(tempfile.gettempdir(), f"cmdpoint-{name}") for name in ("0123456789ab", "notes"))
    for folder in (abandoned, notes):
        (folder / "jail").mkdir(parents=True)
    sweep()
    assert not abandoned.exists()
    assert notes.exists()


def test_a_failed_start_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    before = traces()
    (tmp_path / "usr").mkdir()
    with pytest.raises(NoEngine, match="chroot: failed to run command"):
        PrivateEngine.start(Root(tmp_path, "docker", "20.10.24"))
    assert not traces() - before


def test_a_folder_too_deep_for_a_socket(root: Root, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", f"{tmp_path}/{100 * 'x'}")
    with pytest.raises(NoEngine, match="TMPDIR"):
        PrivateEngine.start(root)


def test_a_stray_signal_does_not_cut_the_lifeline(owner: subprocess.Popen[str]) -> None:
    """Even if the jail's shells receive SIGTERM, the engine ends with its owner."""
    assert owner.stdout
    pid, *_ = json.loads(owner.stdout.readline())
    inside = members(pid)
    for process in inside:
        if process.name == "sh":
            # The shell that reads the lifeline ends the jail, perhaps before the next signal is sent.
            with contextlib.suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGTERM)
    time.sleep(0.2)
    owner.kill()
    owner.wait(10)
    assert soon(lambda: not survivors(inside))
