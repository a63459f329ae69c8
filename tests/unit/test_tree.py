"""Finding the Dockerfiles of a tree: by name, in a stable order, each once."""

from pathlib import Path

import pytest

from cmdpoint.cli.faults import NoDockerfile
from cmdpoint.cli.tree import dockerfiles


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)


def write(*names: str) -> None:
    """Create empty files, with their folders."""
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).touch()


def test_dockerfiles_are_found_by_their_names() -> None:
    """Hidden folders are searched, folders of dependencies are not; files with other names are ignored."""
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
    """A file on the command line is used, whatever its name, and even if it does not exist."""
    write("b/Dockerfile", "a/Dockerfile", "a/other")
    assert list(dockerfiles(["b", "a/other", "nowhere", ".", "-"])) == [
        "b/Dockerfile",
        "a/other",
        "nowhere",
        "a/Dockerfile",
        "-",
    ]


def test_a_folder_without_a_dockerfile_is_a_fault() -> None:
    """The fault is reported, and the search continues."""
    write("a/README", "b/Dockerfile")
    fault, path = dockerfiles(["a", "b"])
    assert isinstance(fault, NoDockerfile)
    assert path == "b/Dockerfile"


def test_a_loop_of_links_ends() -> None:
    """A link to a folder is not followed."""
    write("a/Dockerfile")
    Path("a/loop").symlink_to("..")
    assert list(dockerfiles(["a"])) == ["a/Dockerfile"]
