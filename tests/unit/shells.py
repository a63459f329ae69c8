"""The shells of this machine, and programs for them to run."""

import shutil
import sys
from pathlib import Path
from typing import Final

SHELLS: Final = [path for name in ("sh", "dash", "bash") if (path := shutil.which(name))]
"""The paths of the shells."""

PRINTS_ARGUMENTS: Final = "import json, sys\nprint(json.dumps(sys.argv[1:]))\n"
"""A program that prints its arguments as JSON."""


def write_program(folder: Path, source: str = PRINTS_ARGUMENTS) -> str:
    """Write an executable program, and return its path.

    Args:
        folder: Where it is written.
        source: Its text in Python.
    """
    path = folder / "program"
    path.write_text(f"#!{sys.executable}\n{source}")
    path.chmod(0o755)
    return str(path)
