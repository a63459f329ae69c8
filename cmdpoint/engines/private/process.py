"""Start a private engine from an unpacked root, in namespaces that end with the process that starts it.

The engine has a copy-on-write view of the root and stores its images and containers in memory. On the host
there are only a run folder (with the socket and the log) and the containers' cgroups.
"""

import atexit
import os
import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from cmdpoint.engines.cache import Progress, silent
from cmdpoint.engines.distribution.archive import Root
from cmdpoint.engines.distribution.sandbox import Sandbox
from cmdpoint.engines.driver.local_client import PID_FILE
from cmdpoint.engines.faults import DiskFull, Fault, NoEngine
from cmdpoint.engines.private.run_folder import PREFIX, clear, create_run_folder, sweep, thaw
from cmdpoint.engines.products import PRODUCTS

JAIL = Path(__file__).with_name("jail.sh")
START_SECONDS = 60.0
TOOLS = ("unshare", "mount", "chroot")

# The owner's proxies and DOCKER_* variables must not affect the engine.
# GOGC: it runs for minutes and has enough memory, so it can collect garbage less often than a server.
ENVIRONMENT = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root", "LC_ALL": "C", "GOGC": "400"}


class PrivateEngine:
    """A running private engine; a context manager that stops it.

    It ends with the process that started it, even after SIGKILL: the jail reads a pipe whose only writer is
    that process. (A child that is forked without exec also has the pipe, so the engine outlives its parent.)

    Attributes:
        root: The root that it was started from.
        store: Its image store; empty for its own store.
        folder: Its run folder.
        url: The address of its API.
        pid: The first process; if it is killed, the whole engine ends.
        log_path: The daemon's log, which is removed when the engine ends.
        runtimes: The runtimes besides the default, with their versions.
    """

    def __init__(
        self,
        root: Root,
        store: str,
        runtimes: tuple[str, ...],
        folder: Path,
        locks: list[int],
        process: subprocess.Popen[bytes],
    ) -> None:
        self.root = root
        self.runtimes = runtimes
        self.store = store
        self.folder = folder
        self.url = f"unix://{folder}/docker.sock"
        self.pid = process.pid
        self.log_path = folder / "daemon.log"
        self._locks = locks
        self._process = process
        self._owner = os.getpid()
        atexit.register(self.stop)

    @classmethod
    def start(
        cls,
        root: Root,
        store: str = "",
        *,
        further: Sandbox | None = None,
        storage_bytes: int | None = None,
        progress: Progress = silent,
    ) -> Self:
        """Start an engine and wait until it answers.

        Args:
            root: The unpacked engine.
            store: The image store: one of the product's `stores`, or empty for the engine's own.
            further: A further runtime, which is not in the root.
            storage_bytes: Limit of the memory for images and containers; half of the machine's by default.
            progress: Receives progress messages.

        Raises:
            NoEngine: This machine or this user cannot start one, or the start failed; the fault says why.
            DiskFull: The disk is full.
        """
        check_abilities()
        sweep()
        title = f"{PRODUCTS[root.product].title} {root.version}"
        progress(f"starting {title}" + (f" with the {store} image store" if store else ""))
        locks = [_lock(root.name, root.path), *([_lock(further.name, further.path)] if further else [])]
        folder, lock = create_run_folder()
        locks.append(lock)
        _write_files(root, store, further, folder / "files")
        runtimes = (*root.runtimes, *([further.name] if further else []))
        size = "50%" if storage_bytes is None else str(storage_bytes)
        engine = cls(root, store, runtimes, folder, locks, _start_daemon(root, runtimes, folder, size))
        (folder / PID_FILE).write_text(str(engine.pid))
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
        """Whether the engine still runs."""
        return self._process.poll() is None

    def log_lines(self) -> list[str]:
        """The lines of the daemon's log."""
        return self.log_path.read_text(errors="replace").splitlines()

    def stop(self) -> None:
        """End the engine with everything in it, and remove its run folder; further calls do nothing."""
        lifeline = self._process.stdin
        # A forked child inherits this object and its exit handler, but must not stop the engine.
        if os.getpid() != self._owner or lifeline is None or lifeline.closed:
            return
        lifeline.close()
        thaw(self.folder.name)
        try:
            self._process.wait(2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        clear(self.folder)
        for lock in self._locks:
            os.close(lock)
        atexit.unregister(self.stop)

    def cli_argv(self) -> list[str]:
        """Return the command line with which the host runs the engine's own client.

        It uses the loader and the libraries of the root, and does not read the client's settings on the host.
        """
        usr = self.root.path / "usr"
        library = next(usr.glob("lib/*/libc.so.6")).parent
        # The loader in /lib64 may be an absolute link, which leads to that of the host.
        loader = next(library.glob("ld-linux*.so.*"))
        client = PRODUCTS[self.root.product].client(str(usr), str(self.folder), self.url)
        return [str(loader), "--library-path", str(library), *client]

    def _await_answer(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not _answers(self.folder / "docker.sock"):
            if not self.alive():
                raise self._start_fault("it ended at once")
            if time.monotonic() > deadline:
                raise self._start_fault(f"it did not answer within {START_SECONDS:.0f} s")
            time.sleep(0.02)

    def _start_fault(self, why: str) -> Fault:
        output = "\n".join(self.log_lines()[-8:])
        kind = DiskFull if "no space left on device" in output.lower() else NoEngine
        return kind(
            f"the private {PRODUCTS[self.root.product].title} {self.root.version} did not start",
            f"{why}; its last output: {output}" if output else why,
            "fix the problem in the message above, name another engine, or a daemon with DOCKER_HOST",
        )


def check_abilities() -> None:
    """Raise NoEngine if this user or this machine cannot start private engines at all."""
    remedy = "start as root on Linux, or name a daemon with DOCKER_HOST"
    if os.geteuid() != 0:
        raise NoEngine(
            "no private engine can be started", "only root may create the namespaces it needs", remedy
        )
    if missing := [tool for tool in TOOLS if not shutil.which(tool, path=ENVIRONMENT["PATH"])]:
        raise NoEngine("no private engine can be started", f"this machine lacks {', '.join(missing)}", remedy)
    # The path that the socket will have; the kernel refuses a longer one.
    if len(f"{tempfile.gettempdir()}/{PREFIX}{'0' * 12}/docker.sock".encode()) > 107:
        raise NoEngine(
            "no private engine can be started",
            f"the path of a socket in {tempfile.gettempdir()} is longer than the kernel allows",
            "set TMPDIR to a folder with a shorter path",
        )


def _lock(name: str, root: Path) -> int:
    """Lock a root so that it is not removed; several engines can hold this lock."""
    import fcntl  # noqa: PLC0415 - only POSIX has it

    try:
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
        # A process that checks whether the root is in use has an exclusive lock for a moment.
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        root.stat()
    except OSError as error:
        raise NoEngine(
            f"{name} is no longer in the cache", f"{root}: {error.strerror}", "run again"
        ) from error
    return descriptor


def _write_files(root: Root, store: str, further: Sandbox | None, folder: Path) -> None:
    """Write the files that the jail adds to the root."""
    for name, text in PRODUCTS[root.product].files(root.version, store).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    if further:
        further.copy_into(folder)


def _answers(path: Path) -> bool:
    """Whether a daemon answers on a socket."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(5)
        try:
            client.connect(str(path))
            client.sendall(b"GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n")
            return b" 200 " in client.recv(64)
        except (FileNotFoundError, ConnectionError, TimeoutError):
            return False


def _start_daemon(root: Root, runtimes: tuple[str, ...], folder: Path, size: str) -> subprocess.Popen[bytes]:
    """Start the daemon in namespaces of its own, with its messages in the run folder."""
    product = PRODUCTS[root.product]
    cgroups = product.cgroups(root.version)
    daemon = product.daemon(folder.name, tuple(each.partition("-")[0] for each in runtimes))
    namespaces = ["--mount", "--pid", "--fork", "--kill-child", "--net", "--ipc", "--uts"]
    with (folder / "daemon.log").open("wb") as log:
        return subprocess.Popen(
            ["unshare", *namespaces, "sh", JAIL, root.path, folder, size, cgroups, *daemon],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            env=ENVIRONMENT,
            # Only the owner receives Ctrl-C, because it may still send requests to the engine.
            start_new_session=True,
        )
