"""Folders that killed clients leave on the host are removed, and no other folder is."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from cmdpoint.engines.driver.client_folder import PREFIX, client_folder, sweep_client_folders


def test_folders_of_ended_processes_are_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder of a process that runs is not removed."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead = tmp_path / f"{PREFIX}{ended.pid}-x"
    dead.mkdir()
    (dead / "container").write_text("id")
    with client_folder() as folder:
        assert f"{PREFIX}{os.getpid()}-" in folder
        sweep_client_folders()
        assert [str(path) for path in tmp_path.iterdir()] == [folder]
