"""A test run inside a test: the suite, started as a person starts it, against the engine of the outer run."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def start(engine: str, *arguments: str, folder: Path = ROOT) -> subprocess.Popen[str]:
    """Start pytest in a process group of its own.

    Args:
        engine: The address.
        arguments: What follows `pytest`.
        folder: A checkout.
    """
    # Nothing of the outer run may reach the inner one: it is not one of its workers.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    kept = [] if any(each.startswith("--observations") for each in arguments) else ["--observations=none"]
    command = [sys.executable, "-m", "pytest", "--engine", engine, "--color=no", *kept, *arguments]
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


def run(engine: str, *arguments: str, folder: Path = ROOT) -> tuple[int, str]:
    """Run pytest to its end; see `start`.

    Returns:
        Its exit status and its output.
    """
    process = start(engine, *arguments, folder=folder)
    output, _ = process.communicate(timeout=300)
    return process.returncode, output
