"""An image with a real shell in it: one of this machine's, with the libraries it needs."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

from cmdpoint.engines.probe import tar

SHELLS: Final = [name for name in ("dash", "bash") if shutil.which(name)]
"""Those of this machine of which the spec says something; every Debian and Ubuntu has both."""

PROGRAM: Final = b"""#!/bin/sh
trap 'exit 42' TERM
echo "$$"
while :; do :; done
"""
"""It writes its process number, and exits with 42 when it receives SIGTERM."""


def context(shell: str, *lines: str) -> bytes:
    """The build context of an image in which `/bin/sh` is a shell, `/program` is `PROGRAM`, and `/text` none.

    Args:
        shell: One of `SHELLS`.
        lines: What follows in the Dockerfile.
    """
    path = Path(shutil.which(shell) or shell).resolve()
    files = {"root/bin/sh": (path.read_bytes(), 0o755), "root/program": (PROGRAM, 0o755)}
    files["root/text"] = (b"text\n", 0o755)
    linked = subprocess.run(["ldd", path], capture_output=True, text=True, check=False).stdout
    for library in re.findall(r"(/\S+) \(0x", linked):
        files[f"root{library}"] = (Path(library).read_bytes(), 0o755)
    dockerfile = "\n".join(["FROM scratch", "COPY root /", *lines, ""])
    return tar({"Dockerfile": (dockerfile.encode(), 0o644), **files})
