"""The user's cache folder, where cmdpoint stores unpacked engines between runs, and its locks."""

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from cmdpoint.engines.faults import ArchiveFault, DiskFull

Progress = Callable[[str], None]
"""Receives a message before a step that takes time."""


def silent(message: str) -> None:
    """Report no progress."""


def cache_folder() -> Path:
    """Return the user's cache folder: `$CMDPOINT_CACHE`, or `cmdpoint` in `$XDG_CACHE_HOME` or `~/.cache`."""
    if own := os.environ.get("CMDPOINT_CACHE"):
        return Path(own).absolute()
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache").absolute() / "cmdpoint"


@contextmanager
def locked(path: Path, on_wait: Callable[[], None]) -> Iterator[None]:
    """Hold a lock file inside the context; the kernel releases it however the process ends.

    Args:
        path: The lock file.
        on_wait: Called when another process holds the lock.
    """
    import fcntl  # noqa: PLC0415 - only POSIX has it

    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            on_wait()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def usable_cache() -> Iterator[None]:
    """Turn an error of the file system inside the context into a fault.

    Raises:
        DiskFull: The disk is full.
        ArchiveFault: The cache cannot be read or written.
    """
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise disk_full(str(error)) from error
        raise ArchiveFault(
            "the cache cannot be used", str(error), "set CMDPOINT_CACHE to a folder that you can write to"
        ) from error


def disk_full(why: str) -> DiskFull:
    """Return the fault to raise when the disk has no room for an engine."""
    return DiskFull(
        "the disk has no room for an engine",
        why,
        "free 700 MB, or set CMDPOINT_CACHE to a folder on another disk",
    )
