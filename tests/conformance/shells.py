"""An image with a real shell: a shell of this machine, with the libraries that it needs."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

from cmdpoint.engines.probe import tar

SHELLS: Final = [name for name in ("dash", "bash") if shutil.which(name)]
"""The shells of this machine that the spec describes; every Debian and Ubuntu has both."""

PROGRAM: Final = b"""#!/bin/sh
trap 'exit 42' TERM
echo "$$"
while :; do :; done
"""
"""A script that prints its process id, and exits with 42 when it receives SIGTERM."""


def context(shell: str, *lines: str) -> bytes:
    """The build context of an image with a shell as `/bin/sh`, `PROGRAM` as `/program`, and a file `/text`.

    Args:
        shell: One of `SHELLS`.
        lines: Further lines of the Dockerfile.
    """
    path = Path(shutil.which(shell) or shell).resolve()
    files = {"root/bin/sh": (path.read_bytes(), 0o755), "root/program": (PROGRAM, 0o755)}
    files["root/text"] = (b"text\n", 0o755)
    linked = subprocess.run(["ldd", path], capture_output=True, text=True, check=False).stdout
    for library in re.findall(r"(/\S+) \(0x", linked):
        files[f"root{library}"] = (Path(library).read_bytes(), 0o755)
    dockerfile = "\n".join(["FROM scratch", "COPY root /", *lines, ""])
    return tar({"Dockerfile": (dockerfile.encode(), 0o644), **files})
