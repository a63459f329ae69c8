"""Images that consist of an archive, whose Cmd no Dockerfile of the clones may have."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cmdpoint.oracle.case import Words


@dataclass(frozen=True, slots=True)
class Root:
    """The Cmd of an image that consists of an archive, for tags whose build cannot be read.

    Attributes:
        repository: The repository of these builds; see `Build`.
        cmd: The Cmd.
        source: Where it was read.
    """

    repository: str
    cmd: Words
    source: str


ROOTS: Final[Mapping[str, Root]] = {
    "alpine": Root(
        "alpinelinux/docker-alpine",
        ("/bin/sh",),
        "alpinelinux/docker-alpine, the Dockerfile of older releases",
    ),
    "busybox": Root("docker-library/busybox", ("sh",), "docker-library/busybox, Dockerfile.template"),
    "debian": Root(
        "debuerreotype/docker-debian-artifacts",
        ("bash",),
        "debuerreotype/docker-debian-artifacts, image-config.json of older releases",
    ),
    "ubuntu": Root(
        "https://git.launchpad.net/cloud-images/+oci/ubuntu-base",
        ("/bin/bash",),
        "docker-library/repo-info, of 18.04, 22.10, 24.04 and 26.04",
    ),
}
