"""The unpacked roots in the cache: list them with their size, and remove those that are not in use."""

import contextlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from cmdpoint.engines.cache import cache_folder, usable_cache
from cmdpoint.engines.distribution.archive import Root, roots_folder
from cmdpoint.engines.distribution.emulator import QEMU
from cmdpoint.engines.distribution.minimal import MINIMAL
from cmdpoint.engines.distribution.sandbox import RUNSC
from cmdpoint.engines.products import PRODUCTS

TOOLS: Final = {tool.name: tool for tool in (QEMU, RUNSC, MINIMAL)}
"""What is unpacked besides engines, by the beginning of the names of the roots."""


@dataclass(frozen=True)
class CachedRoot:
    """An unpacked root in the cache.

    Attributes:
        root: The root.
        size: Its size on the disk, in bytes.
        in_use: Whether an engine runs that was started from it.
    """

    root: Root
    size: int
    in_use: bool


def cached_roots() -> list[CachedRoot]:
    """Return the unpacked roots, sorted by name."""
    with usable_cache():
        return [CachedRoot(root, size_of(root.path), _is_used(root.path)) for root in _roots()]


def size_of(folder: Path) -> int:
    """Return the size of a folder on the disk, in bytes; a file with several hard links counts once."""
    sizes: dict[tuple[int, int], int] = {}
    for path, folders, files in os.walk(folder):
        for name in [*folders, *files]:
            with contextlib.suppress(OSError):
                about = os.lstat(os.path.join(path, name))
                sizes[about.st_dev, about.st_ino] = about.st_blocks * 512
    return sum(sizes.values())


def remove(root: Root) -> bool:
    """Remove a root unless it is in use; return whether it was removed."""
    with usable_cache(), _unlocked(_lock_of(root.path)) as free:
        if not free or not (removed := _set_aside(root.path)):
            return False
        shutil.rmtree(removed)
        for link in roots_folder().iterdir():
            if link.is_symlink() and not link.exists():
                link.unlink()
    return True


def sweep_cache() -> int:
    """Remove the unfinished downloads and the half-unpacked and half-removed roots of runs that have ended.

    Returns:
        The number of bytes that were removed.
    """
    swept = 0
    with usable_cache():
        folder = roots_folder()
        for left in [*folder.glob(".*.new"), *folder.glob(".*.removed")] if folder.is_dir() else []:
            with _unlocked(folder / f"{left.stem}.lock") as free:
                if free and left.is_symlink():
                    left.unlink()
                elif free:
                    swept += size_of(left)
                    shutil.rmtree(left, ignore_errors=True)
    return swept


def remove_index() -> None:
    """Remove the list of engines and the package indices, unless another process reads them."""
    folder = cache_folder()
    if not (folder / "index").is_dir():
        return
    with usable_cache(), _unlocked(folder / "index/.lock") as free:
        if free:
            for path in folder.glob("available-*.json"):
                path.unlink()
            shutil.rmtree(folder / "index", ignore_errors=True)


def _roots() -> list[Root]:
    found: list[Root] = []
    for path in sorted(roots_folder().iterdir()) if roots_folder().is_dir() else []:
        product, _, rest = path.name.partition("-")
        version = rest.rpartition("-")[0]
        if (
            product in (*PRODUCTS, *TOOLS)
            and version[:1].isdigit()
            and path.is_dir()
            and not path.is_symlink()
        ):
            found.append(Root(path, product, version))
    return found


def _lock_of(root: Path) -> Path:
    """The lock that is held while a root is unpacked."""
    return root.with_name(f".{root.name}.lock")


def _is_used(root: Path) -> bool:
    with _exclusive(root) as free:
        return not free


def _set_aside(root: Path) -> Path | None:
    """Rename a root that is not in use, so that no other process finds it half-removed."""
    with _exclusive(root) as free:
        return root.rename(root.with_name(f".{root.name}.removed")) if free else None


@contextmanager
def _exclusive(root: Path) -> Iterator[bool]:
    """Try to lock a root so that no engine can be started from it; yield whether that succeeded."""
    descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield _try_lock(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _unlocked(path: Path) -> Iterator[bool]:
    """Try to lock a lock file; yield whether that succeeded."""
    with path.open("w") as file:
        yield _try_lock(file.fileno())


def _try_lock(descriptor: int) -> bool:
    import fcntl  # noqa: PLC0415 - only POSIX has it

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
