"""The command `cmdpoint engines`: list, fetch, clean and run, with the engines of a small mirror."""

import fcntl
import json
import os
import sys
from pathlib import Path

import jsonschema
import pytest

from cmdpoint.__main__ import main
from cmdpoint.engines.faults import ArchiveFault, NoEngine, UnknownEngine
from tests.unit.mirror import Mirror, needs_apt

pytestmark = [needs_apt, pytest.mark.usefixtures("mirror"), pytest.mark.slow]


@pytest.fixture
def roots(tmp_path: Path) -> Path:
    """The folder of the unpacked engines."""
    return tmp_path / "cache/roots"


def row(text: str, name: str) -> str:
    """The only line of a table that begins with a name."""
    (line,) = (line for line in text.splitlines() if line.split()[:1] == [name])
    return line


def test_list(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["engines"]) == 0
    before = capsys.readouterr().out
    assert row(before, "docker-20.10.24").split() == [
        *("docker-20.10.24", "classic,", "buildkit", "-", "old"),
    ]
    assert row(before, "docker-28.5.2").split()[3] == "+containerd"
    assert row(before, "podman-6.1.1").split() == ["podman-6.1.1", "buildah", "-", "experimental"]
    assert f"Cache: {tmp_path}/cache," in before
    assert main(["engines", "fetch", "docker-20.10.24"]) == 0
    capsys.readouterr()
    assert main(["engines", "list"]) == 0
    assert row(capsys.readouterr().out, "docker-20.10.24").split()[3:] == ["2", "MB", "old"]


def test_list_as_json(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """The list matches its schema, and has what the text has."""
    assert main(["engines", "list", "--schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert main(["engines", "fetch", "docker-20.10.24"]) == 0
    capsys.readouterr()
    assert main(["engines", "list", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    jsonschema.Draft202012Validator(schema).validate(data)
    private = {each["name"]: each for each in data["private"]}
    assert private["docker-20.10.24"]["suites"] == ["old"]
    assert private["docker-20.10.24"]["bytes"] > 1_000_000
    assert private["podman-6.1.1"]["bytes"] is None
    assert private["docker-28.5.2"]["stores"] == ["containerd"]
    assert data["cache"]["path"] == f"{tmp_path}/cache"


def test_list_if_the_archive_does_not_answer(
    mirror: Mirror, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """Unpacked engines are listed without the archive."""
    assert main(["engines", "fetch", "docker:old"]) == 0
    (tmp_path / "sources.list").write_text("deb http://127.0.0.1:1/debian old main\n")
    for path in (tmp_path / "cache").glob("available-*.json"):
        path.unlink()
    capsys.readouterr()
    assert main(["engines", "list"]) == 0
    out = capsys.readouterr().out
    assert row(out, "docker-20.10.24").endswith("no longer")
    assert "what the archive offers is not known" in out
    assert main(["engines", "list", "--refresh"]) == ArchiveFault.exit_code


def test_fetch_all(capsys: pytest.CaptureFixture[str], roots: Path) -> None:
    assert main(["engines", "fetch", "all"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in lines} == {
        *("docker-20.10.24", "docker-28.5.2", "podman-5.8.6", "podman-6.1.1"),
    }
    assert all(Path(line.split()[1]).is_dir() for line in lines)


@pytest.mark.parametrize("name", ["docker-1.2.3", "podman", "host", "unix:///x", "docker:nowhere"])
@pytest.mark.parametrize("do", ["fetch", "clean"])
def test_what_is_no_private_engine(do: str, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """To fetch it is an error; to remove it is an error only if it cannot be the name of a private engine."""
    no_name = name in ("host", "unix:///x")
    status = main(["engines", do, name])
    assert status == (UnknownEngine.exit_code if do == "fetch" or no_name else 0)
    assert "do: " in (err := capsys.readouterr().err) or "is not unpacked" in err


def test_clean(capsys: pytest.CaptureFixture[str], roots: Path) -> None:
    """`clean` removes an engine by its name, or all engines, but never a root that is in use."""
    assert main(["engines", "fetch", "all"]) == 0
    assert main(["engines", "fetch", "docker:old"]) == 0
    (docker,) = roots.glob("docker-20*")
    (link,) = roots.glob("docker-old-*")
    assert main(["engines", "clean", "docker-20.10.24"]) == 0
    assert not docker.exists()
    assert not link.is_symlink()
    (podman,) = roots.glob("podman-5*")
    (other,) = roots.glob("podman-6*")
    lock = os.open(podman, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_SH)
    capsys.readouterr()
    assert main(["engines", "list"]) == 0
    out = capsys.readouterr().out
    assert "in use" in row(out, "podman-5.8.6")
    assert "in use" not in row(out, "podman-6.1.1")
    assert main(["engines", "clean", "all"]) == 1
    assert "podman-5.8.6 is in use and was not removed" in capsys.readouterr().err
    assert podman.exists()
    assert not other.exists()
    os.close(lock)
    assert main(["engines", "clean", "all"]) == 0
    assert [path for path in roots.iterdir() if path.suffix != ".lock"] == []


def test_clean_takes_what_dead_runs_left(roots: Path) -> None:
    """It removes unfinished downloads and roots, but not a folder that another process has locked."""
    left = [roots / f".{name}" for name in ("docker-1.2.3-amd64.new", "podman-1.2.3-amd64.removed")]
    busy = roots / ".docker-3.2.1-amd64.new"
    for folder in (*left, busy):
        folder.mkdir(parents=True)
        (folder / "file").touch()
    with busy.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert main(["engines", "clean"]) == 0
    assert [folder.exists() for folder in (*left, busy)] == [False, False, True]
    assert main(["engines", "clean"]) == 0
    assert not busy.exists()


def test_run_without_root(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """The message says what is needed, and nothing is unpacked."""
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert main(["engines", "run", "docker"]) == NoEngine.exit_code
    err = capsys.readouterr().err
    assert "only root" in err
    assert "DOCKER_HOST" in err


def test_words_go_with_run_alone(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["engines", "list", "--", "true"])
    assert ended.value.code == 2
    assert "takes nothing after --" in capsys.readouterr().err


def test_without_the_library(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """`fetch` works without docker-py; `run` says what is missing."""
    monkeypatch.setitem(sys.modules, "docker", None)
    assert main(["engines", "fetch", "docker"]) == 0
    assert main(["engines", "run", "docker"]) == 47
    assert "pip install docker" in capsys.readouterr().err
