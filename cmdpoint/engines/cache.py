"""The folder of the user's that holds what cmdpoint keeps between runs, and the locks in it."""

import errno
import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cmdpoint.engines.faults import ArchiveFault, DiskFull

Progress = Callable[[str], None]
"""Told what takes time."""


def silent(message: str) -> None:
    """Report no progress."""


def cache_folder() -> Path:
    """Return the folder of the user's that holds what cmdpoint keeps between runs."""
    if own := os.environ.get("CMDPOINT_CACHE"):
        return Path(own).absolute()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").absolute() / "cmdpoint"


@contextmanager
def locked(path: Path, on_wait: Callable[[], None]) -> Iterator[int]:
    """Hold a lock file exclusively, and yield its descriptor.

    The kernel lets go of the lock however the holder ends; a program that gets the descriptor holds it too.
    """
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


@contextmanager
def usable_cache() -> Iterator[None]:
    """Turn what the system says of the cache inside into a fault.

    Raises:
        DiskFull: There is no room.
        ArchiveFault: The cache cannot be read or written.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full(str(error)) from error
        raise ArchiveFault(
            "the cache cannot be used", str(error), "let CMDPOINT_CACHE name a folder that can be written"
        ) from error


def disk_full(why: str) -> DiskFull:
    """The fault to raise where there is no room for an engine."""
    return DiskFull(
        "there is no room to unpack an engine", why, "free 700 MB, or let CMDPOINT_CACHE name another folder"
    )
