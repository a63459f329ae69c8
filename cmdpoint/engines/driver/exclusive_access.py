"""A lock for engines that lose images when several clients use them at the same time.

Podman before 4.0.3 loses images, or names of images, while others are built or removed: with four clients,
3.0.1 answers "image not known", and panics. (Fixed by containers/storage#1153 and containers/image#1480.)
cmdpoint sends such an engine one request at a time.
"""

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

LOCK_FOLDER: Final = "exclusive"
"""The folder inside a private engine's run folder that its clients lock."""


def needs_exclusive_access(product: str, version: tuple[int, ...]) -> bool:
    """Whether an engine loses images when several clients use it at the same time.

    Args:
        product: `docker` or `podman`.
        version: The numbers of its version.
    """
    return product == "podman" and version < (4, 0, 3)


class ExclusiveAccess:
    """Exclusive access to one engine, across the threads and processes of this machine.

    A folder serves as the lock, so there is no lock file to clean up: the folder that contains the engine's
    socket, or a folder inside it, because the owner of a private engine holds a lock on the outer one.
    """

    def __init__(self, url: str) -> None:
        """Choose the folder to lock.

        Args:
            url: The engine's address.
        """
        _, is_local, socket = url.rpartition("unix://")
        around = Path(socket).parent if is_local else Path(tempfile.gettempdir())
        self._folder = around / LOCK_FOLDER if (around / LOCK_FOLDER).is_dir() else around
        self._thread = threading.RLock()
        self._depth = 0

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Wait for access and hold it inside the context; the thread that holds it may enter again."""
        import fcntl  # noqa: PLC0415 - only POSIX has it

        with self._thread:
            if self._depth:
                yield
                return
            folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(folder, fcntl.LOCK_EX)
                self._depth += 1
                yield
            finally:
                self._depth -= 1
                os.close(folder)
