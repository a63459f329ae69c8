"""The Dockerfiles of a tree: what is called so is found, in a stable order, and each once."""

from pathlib import Path

import pytest

from cmdpoint.cli.faults import NoDockerfile
from cmdpoint.cli.tree import dockerfiles


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder that is the present one."""
    monkeypatch.chdir(tmp_path)


def write(*names: str) -> None:
    """Write empty files, and folders for them."""
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()


def test_what_is_called_so_is_found() -> None:
    """In hidden folders too, but not in folders of dependencies, nor files with other names."""
    write("Dockerfile", "x/Dockerfile.dev", "x/app.Dockerfile", ".devcontainer/dockerfile", "y/Containerfile")
    write(
        ".git/Dockerfile", "node_modules/m/Dockerfile", "Dockerfile.dockerignore", "README", "x/Dockerfiles"
    )
    assert list(dockerfiles(["."])) == [
        "Dockerfile",
        ".devcontainer/dockerfile",
        "x/Dockerfile.dev",
        "x/app.Dockerfile",
        "y/Containerfile",
    ]


def test_each_once_in_the_order_given() -> None:
    """A file that is named is taken, whatever it is called, and whether or not it is there."""
    write("b/Dockerfile", "a/Dockerfile", "a/other")
    assert list(dockerfiles(["b", "a/other", "nowhere", ".", "-"])) == [
        "b/Dockerfile",
        "a/other",
        "nowhere",
        "a/Dockerfile",
        "-",
    ]


def test_a_folder_without_any_is_a_fault() -> None:
    """It is reported with the others."""
    write("a/README", "b/Dockerfile")
    fault, path = dockerfiles(["a", "b"])
    assert isinstance(fault, NoDockerfile)
    assert path == "b/Dockerfile"


def test_a_loop_of_links_ends() -> None:
    """A link to a folder is not followed."""
    write("a/Dockerfile")
    Path("a/loop").symlink_to("..")
    assert list(dockerfiles(["a"])) == ["a/Dockerfile"]
