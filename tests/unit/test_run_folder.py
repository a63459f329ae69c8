"""What clients leave on the host when they are killed is cleared away, and nothing else."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from cmdpoint.engines.private.run_folder import NOTES, note_folder, sweep_notes


def test_notes_of_the_dead_are_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of a process that lives stay."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    dead = tmp_path / f"{NOTES}{ended.pid}-x"
    dead.mkdir()
    (dead / "container").write_text("id")
    with note_folder() as folder:
        assert f"{NOTES}{os.getpid()}-" in folder
        sweep_notes()
        assert [str(path) for path in tmp_path.iterdir()] == [folder]
