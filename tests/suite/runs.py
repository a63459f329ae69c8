"""A test run inside a test: pytest, started as from a shell, with the engine of the outer run."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def start(engine: str, *arguments: str, folder: Path = ROOT) -> subprocess.Popen[str]:
    """Start pytest in a process group of its own.

    Args:
        engine: The address of the engine.
        arguments: The arguments of pytest.
        folder: The checkout to run in.
    """
    # The outer run's variables would make the inner run one of its workers.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    has_log = any(each.startswith("--observations") for each in arguments)
    options = ["--engine", engine, "--color=no", *([] if has_log else ["--observations=none"])]
    command = [sys.executable, "-m", "pytest", *options, *arguments]
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
    """Run pytest until it ends; see `start`.

    Returns:
        Its exit status and its output.
    """
    process = start(engine, *arguments, folder=folder)
    output, _ = process.communicate(timeout=300)
    return process.returncode, output
