"""The folder in which a client leaves the id of the container it created.

Its name contains the process id of its owner, so that a later run can remove the folder of a killed one.
"""

import contextlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Final

PREFIX: Final = "cmdpoint-client-"


def sweep_client_folders() -> None:
    """Remove the client folders of processes that have ended."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = folder.name.removeprefix(PREFIX).partition("-")[0]
        with contextlib.suppress(OSError):
            if folder.lstat().st_uid == os.geteuid() and not Path("/proc", pid).exists():
                shutil.rmtree(folder)


def client_folder(within: Path | None = None) -> tempfile.TemporaryDirectory[str]:
    """Create a folder for one call of a client; its name contains this process's id.

    Args:
        within: The folder to create it in; None for the one for temporary files.
    """
    return tempfile.TemporaryDirectory(prefix=f"{PREFIX}{os.getpid()}-", dir=within)
