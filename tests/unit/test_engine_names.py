"""Names of private engines, written as people write them."""

import pytest

from cmdpoint.engines.distribution.available import AvailableEngines
from cmdpoint.engines.distribution.names import EngineName
from cmdpoint.engines.faults import UnknownEngine
from tests.unit.mirror import Mirror, needs_apt


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("docker", EngineName("docker")),
        ("private", EngineName("docker")),
        ("podman", EngineName("podman")),
        ("private:trixie", EngineName("docker", suite="trixie")),
        ("podman:bookworm-backports", EngineName("podman", suite="bookworm-backports")),
        ("docker:sid+containerd", EngineName("docker", suite="sid", store="containerd")),
        ("docker-28.5.2", EngineName("docker", "28.5.2")),
        ("docker-28.5.2+containerd", EngineName("docker", "28.5.2", store="containerd")),
        ("28.5", EngineName("docker", "28.5")),
        ("v28.5.2", EngineName("docker", "28.5.2")),
        ("docker-28", EngineName("docker", "28")),
        ("Docker 28.5.2", EngineName("docker", "28.5.2")),
        ("docker:28.5.2", EngineName("docker", "28.5.2")),
        ("podman-5", EngineName("podman", "5")),
        ("docker/runsc", EngineName("docker", runtime="runsc")),
        ("28.5+containerd/runsc:sid", EngineName("docker", "28.5", store="containerd", runtime="runsc:sid")),
    ],
)
def test_a_name(name: str, expected: EngineName) -> None:
    """A suite follows a colon; a version is written as in the name of a dialect."""
    assert EngineName.read(name) == expected


@pytest.mark.parametrize(
    "name",
    [
        "",
        "nerdctl",
        "docker-28/classic",
        "docker-28/crun",
        "podman/runsc",
        "unix:///run/docker.sock",
        "container:docker:28",
        "private-28",
    ],
)
def test_no_private_engine(name: str) -> None:
    """Any other text is not the name of a private engine."""
    assert EngineName.read(name) is None


@needs_apt
def test_the_first_numbers_of_a_version(mirror: Mirror) -> None:
    """A partial version means the newest available version that begins with these numbers."""
    offers = AvailableEngines.known()
    assert mirror
    newest = offers.of_version("docker", "28.5.2")
    assert offers.of_version("docker", "28") == newest
    assert offers.of_version("docker", "28.5") == newest
    with pytest.raises(UnknownEngine):
        offers.of_version("docker", "2")
