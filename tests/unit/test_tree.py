"""Finding the Dockerfiles of a tree: by name, in a stable order, each once."""

from pathlib import Path

import pytest

from cmdpoint.cli.faults import NoDockerfile
from cmdpoint.cli.tree import Skipped, dockerfiles


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty current folder."""
    monkeypatch.chdir(tmp_path)


def write(*names: str) -> None:
    """Create Dockerfiles, with their folders."""
    for name in names:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text("FROM scratch\n")


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


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("Dockerfile.j2", b"FROM debian\n", "the name of a template"),
        ("Dockerfile.in", b"FROM debian\n", "the name of a template"),
        ("Dockerfile", b"FROM {{ base }}\nCMD x\n", "a template"),
        ("Dockerfile", b"from <%= base %>\n", "a template"),
        ("Dockerfile.png", b"\x89PNG\0FROM", "not text"),
        ("Dockerfile.go", b"package docker\n// FROM here\n", "no line begins with FROM"),
        ("Dockerfile", b"", "no line begins with FROM"),
    ],
)
def test_what_is_no_dockerfile_is_skipped(name: str, content: bytes, reason: str) -> None:
    """A file in a folder that has only the name of a Dockerfile is reported with the reason."""
    write("a/Dockerfile")
    Path("b").mkdir()
    Path("b", name).write_bytes(content)
    assert list(dockerfiles(["."])) == ["a/Dockerfile", Skipped(f"b/{name}", reason)]
    assert list(dockerfiles([f"b/{name}"])) == [f"b/{name}"]


@pytest.mark.parametrize(
    "content", [b"# syntax=x\nARG A\n from $A\n", b"RUN echo '{{x}}'\nFROM a\n", b"\xffFROM\nFROM b\n"]
)
def test_what_is_a_dockerfile(content: bytes) -> None:
    """Whether it can be read and built does not matter here."""
    Path("Dockerfile").write_bytes(content)
    assert list(dockerfiles(["."])) == ["Dockerfile"]
