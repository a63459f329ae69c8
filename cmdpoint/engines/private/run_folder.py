"""The run folder of a private engine on the host: created, locked, and removed.

The folder and the cgroups of the engine's containers have the same name, so that a later run can remove those
of a killed one.
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
    """Remove the run folders and cgroups of private engines whose owners ended without stopping them."""
    for folder in Path(tempfile.gettempdir()).glob(PREFIX + "[0-9a-f]" * 12):
        # The folder for temporary files is shared, and root must not remove a folder of another user.
        with contextlib.suppress(OSError):
            ours = folder.lstat().st_uid == os.geteuid() and (folder / "jail").is_dir()
            if ours and (lock := try_lock(folder)) is not None:
                clear(folder)
                os.close(lock)


def create_run_folder() -> tuple[Path, int]:
    """Create a run folder and lock it; it gets its name after that, so that no other run removes it."""
    unnamed = Path(tempfile.mkdtemp(prefix=f".{PREFIX}"))
    folder = unnamed.with_name(f"{PREFIX}{secrets.token_hex(6)}")
    lock = try_lock(unnamed)
    assert lock is not None, "no other process knows the name"
    (unnamed / "jail").mkdir()
    (unnamed / LOCK_FOLDER).mkdir()
    unnamed.rename(folder)
    return folder, lock


def try_lock(folder: Path) -> int | None:
    """Lock a run folder until this process ends, or return None if its owner still runs."""
    import fcntl  # noqa: PLC0415 - only POSIX has it

    # The folder itself is the lock: no lock file is left over, and systemd-tmpfiles skips locked folders.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def clear(folder: Path) -> None:
    """Remove a run folder and the cgroups of its name; if a cgroup is in use, the next sweep removes both."""
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
    """Thaw paused containers, because in cgroups version 1 not even SIGKILL ends a frozen process."""
    for state in CGROUPS.glob(f"*/{name}/**/freezer.state"):
        with contextlib.suppress(OSError):
            state.write_text("THAWED")
