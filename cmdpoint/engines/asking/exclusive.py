"""Taking turns: some engines must not be asked by two clients at a time.

Podman before 4.0.3 loses images, or names of images, while others are built or removed: with four clients,
3.0.1 answers "image not known", and panics. (Pull requests 1153 of containers/storage and 1480 of
containers/image end that.) What such an engine is asked waits until nobody else asks it anything.
"""

import fcntl
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

FOLDER: Final = "turns"
"""The folder in that of a private engine that its clients lock."""


def must_take_turns(product: str, version: tuple[int, ...]) -> bool:
    """Whether an engine loses images where several clients ask it at a time.

    Args:
        product: `docker` or `podman`.
        version: Its numbers.
    """
    return product == "podman" and version < (4, 0, 3)


class Turns:
    """The turns of the clients of one engine: threads and processes of this machine.

    A folder is the lock, so that there is no file to forget: the one that the engine's socket lies in, or a
    folder in that, since whoever runs a private engine has locked the outer one.
    """

    def __init__(self, url: str) -> None:
        """Know the engine.

        Args:
            url: Its address.
        """
        _, is_local, socket = url.rpartition("unix://")
        around = Path(socket).parent if is_local else Path(tempfile.gettempdir())
        self._folder = around / FOLDER if (around / FOLDER).is_dir() else around
        self._thread = threading.RLock()
        self._held = 0

    @contextmanager
    def take(self) -> Iterator[None]:
        """Wait for a turn, and have it for a while; whoever has it may take it again meanwhile."""
        with self._thread:
            if self._held:
                yield
                return
            folder = os.open(self._folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                fcntl.flock(folder, fcntl.LOCK_EX)
                self._held += 1
                yield
            finally:
                self._held -= 1
                os.close(folder)
