"""Start a Docker Engine of one's own from an unpacked root, in namespaces that vanish with the owner.

The engine sees a copy-on-write view of the root and keeps its images and containers in memory. On the host
there is nothing but a run folder (the socket, the log) and the containers' cgroups. Both carry the same name,
so that a later run can clear away what a killed one left.
"""

import atexit
import contextlib
import fcntl
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from engines.archive import Progress, Root, silent
from engines.faults import DiskFull, Fault, NoEngine

JAIL = Path(__file__).with_name("jail.sh")
CGROUPS = Path("/sys/fs/cgroup")
PREFIX = "cmdpoint-"
START_SECONDS = 60.0
TOOLS = ("unshare", "mount", "chroot")

# Neither the owner's proxies nor its DOCKER_* variables are this engine's business.
# It lives for minutes and has memory to spare: it need not collect garbage as often as a server would.
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C", "GOGC": "400"}


class PrivateEngine:
    """A running private engine; a context manager that stops it.

    It ends with the process that started it, however that ends: the jail reads a pipe whose only writer is
    that process. (A child forked without exec holds the pipe too, and so prolongs the engine's life.)

    Attributes:
        root: What it was started from.
        folder: Its run folder.
        url: The address of its API.
        pid: The process to kill if nothing else helps; the whole engine goes with it.
        log_path: Where the daemon's messages go, for as long as the engine runs.
    """

    def __init__(self, root: Root, folder: Path, lock: int, process: subprocess.Popen[bytes]) -> None:
        self.root = root
        self.folder = folder
        self.url = f"unix://{folder}/docker.sock"
        self.pid = process.pid
        self.log_path = folder / "dockerd.log"
        self._lock = lock
        self._process = process
        self._owner = os.getpid()
        atexit.register(self.stop)

    @classmethod
    def start(cls, root: Root, *, storage_bytes: int | None = None, progress: Progress = silent) -> Self:
        """Start an engine and wait until it answers.

        Args:
            root: The unpacked engine.
            storage_bytes: Limit of the memory for images and containers; half of the machine's by default.
            progress: Told what takes time.

        Raises:
            NoEngine: This machine or this user cannot start one, or it failed; the fault says why.
            DiskFull: It found no room.
        """
        check_abilities()
        sweep()
        progress(f"starting Docker Engine {root.version}")
        folder, lock = _make_folder()
        size = "50%" if storage_bytes is None else str(storage_bytes)
        namespaces = ["--mount", "--pid", "--fork", "--kill-child", "--net", "--ipc", "--uts"]
        with (folder / "dockerd.log").open("wb") as log:
            process = subprocess.Popen(
                ["unshare", *namespaces, "sh", JAIL, root.path, folder, size, *_dockerd(root, folder.name)],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                env=ENVIRONMENT,
                # Ctrl-C is for the owner, which may still want to ask the engine something.
                start_new_session=True,
            )
        engine = cls(root, folder, lock, process)
        try:
            engine._await_answer()
        except BaseException:
            engine.stop()
            raise
        return engine

    def __enter__(self) -> Self:
        """Return the engine itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the engine."""
        self.stop()

    def alive(self) -> bool:
        """Say whether the engine still runs."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End the engine with everything in it and clear its traces; may be repeated."""
        lifeline = self._process.stdin
        # A forked child inherits this object and its atexit hook, but not the say over the engine.
        if os.getpid() != self._owner or lifeline is None or lifeline.closed:
            return
        lifeline.close()
        _thaw(self.folder.name)
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        _clear(self.folder)
        os.close(self._lock)
        atexit.unregister(self.stop)

    def cli_argv(self) -> list[str]:
        """Return how a process of the host runs this engine's own ``docker`` command against it.

        The root's own loader and libraries run it, so it does not matter what the host has; nor are the
        host's client settings read.
        """
        usr = self.root.path / "usr"
        library = next(usr.glob("lib/*/libc.so.6")).parent
        # Not the one in /lib64, which may be an absolute link and so mean the host's.
        loader = next(library.glob("ld-linux*.so.*"))
        client = [str(loader), "--library-path", str(library), str(usr / "bin/docker")]
        return [*client, "--config", str(self.folder / "cli"), "--host", self.url]

    def _await_answer(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(self.folder / "docker.sock"):
            if not self.alive():
                raise self._start_fault("it ended at once")
            if time.monotonic() > deadline:
                raise self._start_fault(f"it did not answer within {START_SECONDS:.0f} s")
            time.sleep(0.02)

    def _start_fault(self, why: str) -> Fault:
        said = "\n".join(self.log_path.read_text(errors="replace").splitlines()[-8:])
        kind = DiskFull if "no space left on device" in said.lower() else NoEngine
        return kind(
            f"the private Docker Engine {self.root.version} did not start",
            f"{why}; its last words: {said}" if said else why,
            "see what the message above says, try another suite, or name a daemon with DOCKER_HOST",
        )


def sweep() -> None:
    """Clear away what private engines left whose owners ended without stopping them."""
    for folder in Path(tempfile.gettempdir()).glob(PREFIX + "[0-9a-f]" * 12):
        # The folder for temporary files is everybody's: nobody else gets to name what root removes.
        with contextlib.suppress(OSError):
            ours = folder.lstat().st_uid == os.geteuid() and (folder / "jail").is_dir()
            if ours and (lock := _try_lock(folder)) is not None:
                _clear(folder)
                os.close(lock)


def check_abilities() -> None:
    """Raise NoEngine if this user or this machine cannot start private engines at all."""
    remedy = "start as root on Linux, or name a daemon with DOCKER_HOST"
    if os.geteuid() != 0:
        raise NoEngine(
            "no private engine can be started", "only root may make the namespaces it needs", remedy
        )
    if missing := [tool for tool in TOOLS if not shutil.which(tool, path=ENVIRONMENT["PATH"])]:
        raise NoEngine("no private engine can be started", f"this machine lacks {', '.join(missing)}", remedy)
    # The name that _make_folder will give; the kernel cuts no socket's path, it refuses it.
    if len(f"{tempfile.gettempdir()}/{PREFIX}{'0' * 12}/docker.sock".encode()) > 107:
        raise NoEngine(
            "no private engine can be started",
            f"the path of a socket in {tempfile.gettempdir()} is longer than the kernel takes",
            "let TMPDIR name a folder with a shorter path",
        )


def _dockerd(root: Root, name: str) -> list[str]:
    return [
        "/usr/sbin/dockerd",
        "--host=unix:///run/cmdpoint/docker.sock",
        "--data-root=/var/lib/docker",
        "--exec-root=/run/docker",
        "--pidfile=/run/docker.pid",
        "--bridge=none",
        "--iptables=false",
        "--ip6tables=false",
        "--userland-proxy=false",
        # systemd, where the host has it, cannot be reached from inside.
        "--exec-opt=native.cgroupdriver=cgroupfs",
        f"--cgroup-parent=/{name}",
        "--log-level=warn",
        *(["--add-runtime=crun=/usr/bin/crun"] if root.runtimes else []),
    ]


def _make_folder() -> tuple[Path, int]:
    """Make a run folder and lock it; it gets its name only then, so that no other run sweeps it before."""
    newborn = Path(tempfile.mkdtemp(prefix=f".{PREFIX}"))
    folder = newborn.with_name(f"{PREFIX}{secrets.token_hex(6)}")
    lock = _try_lock(newborn)
    assert lock is not None, "nobody else knows the name"
    (newborn / "jail").mkdir()
    newborn.rename(folder)
    return folder, lock


def _try_lock(folder: Path) -> int | None:
    """Lock a run folder for as long as this process lives, or return None if its owner lives."""
    # The folder itself is the lock: no file to forget, and systemd-tmpfiles leaves a locked folder alone.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _clear(folder: Path) -> None:
    """Remove a run folder and the cgroups of its name; a cgroup in use leaves both to the next sweep."""
    deadline = time.monotonic() + 5
    while left := [path for path in (CGROUPS, *CGROUPS.glob("*")) if (path / folder.name).is_dir()]:
        _thaw(folder.name)
        for hierarchy in left:
            for path, _, _ in os.walk(hierarchy / folder.name, topdown=False):
                with contextlib.suppress(OSError):
                    os.rmdir(path)
        if time.monotonic() > deadline:
            return
        time.sleep(0.01)
    shutil.rmtree(folder, ignore_errors=True)


def _thaw(name: str) -> None:
    """Thaw paused containers: in a version 1 hierarchy not even SIGKILL ends a frozen process."""
    for state in CGROUPS.glob(f"*/{name}/**/freezer.state"):
        with contextlib.suppress(OSError):
            state.write_text("THAWED")


def _answers(path: Path) -> bool:
    """Ask a daemon on a socket whether it is there."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        try:
            client.connect(str(path))
            client.sendall(b"GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n")
            return b" 200 " in client.recv(64)
        except (FileNotFoundError, ConnectionError, TimeoutError):
            return False
