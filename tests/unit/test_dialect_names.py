"""Names of dialects as people write them."""

import pytest

from cmdpoint.oracle import Dialect, UnknownDialect


@pytest.mark.parametrize(
    ("name", "dialect"),
    [
        ("docker", "docker-29.7.2+containerd/buildkit"),
        ("28", "docker-28.5.2/buildkit"),
        ("29", "docker-29.7.2+containerd/buildkit"),
        ("29.7", "docker-29.7.2+containerd/buildkit"),
        ("docker-29+graphdriver/classic", "docker-29.7.2+graphdriver/classic"),
        ("docker-28.5.2+graphdriver", "docker-28.5.2/buildkit"),
        ("v28.5.2", "docker-28.5.2/buildkit"),
        ("docker-28", "docker-28.5.2/buildkit"),
        ("docker-28.5.2", "docker-28.5.2/buildkit"),
        ("Docker 28.5.2", "docker-28.5.2/buildkit"),
        ("Docker Engine v28.5.2", "docker-28.5.2/buildkit"),
        ("docker:28.5.2", "docker-28.5.2/buildkit"),
        (" docker@28.5.2 ", "docker-28.5.2/buildkit"),
        ("28.5.2/classic", "docker-28.5.2/classic"),
        ("docker/classic", "docker-29.7.2+containerd/classic"),
        ("docker-20.10.24", "docker-20.10.24/classic"),
        ("20.10", "docker-20.10.24/classic"),
        ("docker-99", "docker-99+containerd/buildkit"),
        ("podman-5.4.2", "podman-5.4.2/buildah"),
        ("podman-3.4", "podman-3.4.4/buildah"),
        ("docker-28.5.2+containerd", "docker-28.5.2+containerd/buildkit"),
        ("docker-28.5.2/crun-1.21", "docker-28.5.2/buildkit/crun-1.21"),
        ("docker-28.5.2+containerd/buildkit/crun", "docker-28.5.2+containerd/buildkit/crun-1.28"),
        ("docker-28.5.2/runc", "docker-28.5.2/buildkit"),
    ],
)
def test_a_name(name: str, dialect: str) -> None:
    """A partial version means the newest described one; every omitted part has its default."""
    assert str(Dialect.from_name(name)) == dialect


def test_an_engine_without_a_version() -> None:
    """A name without a version means the newest verified version."""
    assert Dialect.from_name("podman").verified
    assert str(Dialect.from_name("podman")) == str(Dialect.from_name("PODMAN/buildah"))


@pytest.mark.parametrize(
    ("name", "what", "nearest"),
    [
        ("dokcer-28", "there is no dialect 'dokcer-28'", ("docker-28.5.2",)),
        ("", "there is no dialect ''", ("docker-29.7.2", "podman-")),
        ("docker-28.5.2/buildkti", "docker has no builder 'buildkti'", ("docker-28.5.2/buildkit",)),
        ("docker-19.03", "docker-19.03 is not described: the oldest version is 20.10", ("docker-20.10",)),
        (
            "24.0+containerd",
            "docker-24.0 has no image store 'containerd': it has it since 25.0",
            ("docker-24.0",),
        ),
        (
            "docker-28+contanerd",
            "docker-28.5.2 has no image store 'contanerd'",
            ("docker-28.5.2+containerd",),
        ),
        ("moby-28", "there is no dialect 'moby-28'", ("docker-28.5.2",)),
        ("docker-ce", "there is no dialect 'docker-ce'", ("docker-29.7.2",)),
        ("buildkt", "there is no dialect 'buildkt'", ("docker-29.7.2/buildkit",)),
        ("5.4x", "there is no dialect '5.4x'", ("podman-5.4.2",)),
        ("docker-28.5.2+zfs", "docker-28.5.2 has no image store 'zfs'", ("docker-28.5.2",)),
        ("docker-28.5.2/crun-0.1", "the runtime 'crun-0.1' is not described", ("crun-0.17",)),
        ("docker-28/classic/buildkit", "there is no dialect 'docker-28/classic/buildkit'", ("docker-28",)),
    ],
)
def test_an_unknown_name(name: str, what: str, nearest: tuple[str, ...]) -> None:
    """The message has three lines: what is wrong, the nearest names, what to do."""
    with pytest.raises(UnknownDialect) as error:
        Dialect.from_name(name)
    lines = str(error.value).split("\n")
    assert len(lines) == 3
    assert lines[0] == what
    assert len(error.value.nearest) <= 3
    for one, prefix in zip(error.value.nearest, nearest, strict=False):
        assert one.startswith(prefix)
    assert "cmdpoint dialect" in lines[2]


@pytest.mark.parametrize(
    ("name", "is_near"), [("foo", False), ("", False), ("nerdctl", False), ("dcker", True), ("28x", True)]
)
def test_names_that_are_not_near(name: str, is_near: bool) -> None:
    """If no name is near, names of all engines are given as examples, and not as the nearest."""
    with pytest.raises(UnknownDialect) as error:
        Dialect.from_name(name)
    assert error.value.is_near == is_near
    assert ("\nsuch as: docker-29.7.2, podman-" in str(error.value)) == (not is_near)
    assert len(error.value.nearest) == (1 if is_near else 2)
