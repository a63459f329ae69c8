"""The run folder of a private engine on the host: created, locked, and removed.

The folder and the cgroups of the engine's containers carry the same name, so that a later run can clear away
what a killed one left.
"""

import contextlib
import os
import secrets
import shutil
import tempfile
import time
from pathlib import Path
from typing import Final

from cmdpoint.engines.driver.exclusive_access import LOCK_FOLDER

CGROUPS: Final = Path("/sys/fs/cgroup")
PREFIX: Final = "cmdpoint-"


def sweep() -> None:
    """Clear away what private engines left whose owners ended without stopping them."""
    for folder in Path(tempfile.gettempdir()).glob(PREFIX + "[0-9a-f]" * 12):
        # The folder for temporary files is shared: no other user may name what root removes.
        with contextlib.suppress(OSError):
            ours = folder.lstat().st_uid == os.geteuid() and (folder / "jail").is_dir()
            if ours and (lock := try_lock(folder)) is not None:
                clear(folder)
                os.close(lock)


def make_folder() -> tuple[Path, int]:
    """Make a run folder and lock it; it gets its name only then, so that no other run sweeps it before."""
    newborn = Path(tempfile.mkdtemp(prefix=f".{PREFIX}"))
    folder = newborn.with_name(f"{PREFIX}{secrets.token_hex(6)}")
    lock = try_lock(newborn)
    assert lock is not None, "no other process knows the name"
    (newborn / "jail").mkdir()
    (newborn / LOCK_FOLDER).mkdir()
    newborn.rename(folder)
    return folder, lock


def try_lock(folder: Path) -> int | None:
    """Lock a run folder for as long as this process lives, or return None if its owner lives."""
    import fcntl  # noqa: PLC0415 - only POSIX has it

    # The folder itself is the lock: no file to forget, and systemd-tmpfiles leaves a locked folder alone.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def clear(folder: Path) -> None:
    """Remove a run folder and the cgroups of its name; a cgroup in use leaves both to the next sweep."""
    deadline = time.monotonic() + 5
    while left := [path for path in (CGROUPS, *CGROUPS.glob("*")) if (path / folder.name).is_dir()]:
        thaw(folder.name)
        for hierarchy in left:
            for path, _, _ in os.walk(hierarchy / folder.name, topdown=False):
                with contextlib.suppress(OSError):
                    os.rmdir(path)
        if time.monotonic() > deadline:
            return
        time.sleep(0.01)
    shutil.rmtree(folder, ignore_errors=True)


def thaw(name: str) -> None:
    """Thaw paused containers: in a version 1 hierarchy not even SIGKILL ends a frozen process."""
    for state in CGROUPS.glob(f"*/{name}/**/freezer.state"):
        with contextlib.suppress(OSError):
            state.write_text("THAWED")
