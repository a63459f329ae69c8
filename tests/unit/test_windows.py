"""Dockerfiles for Windows: `upgrade` and `diff` say nothing of what they run."""

import json
from pathlib import Path

import pytest

import cmdpoint
from cmdpoint.__main__ import main

WINDOWS = "FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nENV A=C:\\\\x\nCOPY $A $A\nCMD a # b\n"
UPGRADE = ["upgrade", "--from", "docker-20.10.24", "--to", "docker-28.5.2"]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tree with a Dockerfile for Windows."""
    monkeypatch.chdir(tmp_path)
    Path("w").mkdir()
    Path("w/Dockerfile").write_text(WINDOWS)
    return tmp_path


def test_upgrade(capsys: pytest.CaptureFixture[str]) -> None:
    """The report names such a file; the exit status says so if there is no other."""
    assert main([*UPGRADE, ".", "--format", "json"]) == 6
    data = json.loads(capsys.readouterr().out)
    assert (data["files"], data["changes"], data["refused_by_both"]) == (0, [], [])
    assert [each["file"] for each in data["not_covered"]] == ["w/Dockerfile"]
    Path("Dockerfile").write_text('FROM scratch\nCMD ["/x"]\n')
    assert main([*UPGRADE, "."]) == 0
    assert "Not covered: w/Dockerfile (it builds on mcr.microsoft.com/windows" in capsys.readouterr().out


def test_compare_files(folder: Path) -> None:
    """Such a file is a fault, and the others are compared."""
    Path("Dockerfile").write_text('FROM scratch\nCMD ["/x"]\n')
    faults: list[cmdpoint.Fault] = []
    found = [*cmdpoint.compare_files(folder, "docker-26", "docker-28", on_fault=faults.append)]
    assert [each.verdict for each in found] == ["same"]
    assert [fault.what for fault in faults] == ["Windows images are not covered"]


def test_diff(capsys: pytest.CaptureFixture[str]) -> None:
    """One of the two files is enough."""
    Path("new").write_text("FROM scratch\nCMD a\n")
    assert main(["diff", "w", "new"]) == 6
    assert "Windows images are not covered" in capsys.readouterr().err
