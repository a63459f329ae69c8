"""The client of an engine on PATH, for a command of `cmdpoint engines run`."""

import subprocess
import sys
from pathlib import Path

import pytest

from cmdpoint.engines.client_on_path import client_on_path

SHOW = "import os, sys; print(os.environ.get('DOCKER_HOST'), sys.argv[1:])"


@pytest.mark.parametrize(
    ("product", "options", "words", "shown"),
    [
        ("docker", ("--host", "unix:///a b"), (), "unix:///a b []"),
        (
            "docker",
            ("--config", "/c", "--host", "x"),
            ("-H", "y", "run"),
            "x ['--config', '/c', '-H', 'y', 'run']",
        ),
        ("podman", ("--remote", "--url", "x"), ("run",), "None ['--remote', '--url', 'x', 'run']"),
    ],
)
def test_a_caller_may_name_a_daemon_itself(
    product: str,
    options: tuple[str, ...],
    words: tuple[str, ...],
    shown: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Docker's client takes `--host` once, so the client on PATH leaves it to the caller."""
    monkeypatch.delenv("DOCKER_HOST", raising=False)
    with client_on_path(product, (sys.executable, "-c", SHOW, *options)) as folder:
        done = subprocess.run([Path(folder, product), *words], capture_output=True, text=True, check=True)
    assert done.stdout == f"{shown}\n"
    assert not Path(folder).exists()
