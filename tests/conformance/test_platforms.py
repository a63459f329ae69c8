"""The platform of a build: which values of `--platform` are one, and the build arguments that it sets."""

import pytest

from cmdpoint.conformance.comparator import Comparator
from cmdpoint.engines.driver.build import post_build
from cmdpoint.engines.driver.labels import Owner
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.engines.probe import tar
from cmdpoint.oracle.build.global_arguments import platform_arguments
from cmdpoint.oracle.build.platforms import requested_platform

NAMES = ("TARGETPLATFORM", "TARGETOS", "TARGETARCH", "TARGETVARIANT")

DOCKERFILE = "\n".join(
    ["FROM scratch", *(f"ARG {name}" for name in NAMES), f"ENV X=|${'|$'.join(NAMES)}", 'CMD ["/x"]', ""]
)


@pytest.mark.parametrize(
    "platform",
    ["foo", "linux/foo/bar/baz", "arm64", "linux/arm64/v8", "linux/arm", "Linux/x86_64", "linux/arm/6"],
)
def test_the_platform_of_a_build(live: LiveTarget, comparator: Comparator, platform: str) -> None:
    """A value that is no platform is refused; others set build arguments, except on the classic builder."""
    if live.engine.name.startswith(("podman-3.", "podman-4.")):
        pytest.skip("its API drops the platform of a build, or reads it unlike its client")
    owner = Owner.this_process()
    tag = f"cmdpoint-{owner.run}-platform"
    context = tar({"Dockerfile": (DOCKERFILE.encode(), 0o644)})
    refused = post_build(live.engine, live.builder, context, owner.labels, t=tag, platform=platform)
    requested = requested_platform(platform, comparator.dialect)
    assert (refused is None) == (requested is not None)
    if requested is not None:
        values = dict(platform_arguments(requested, comparator.dialect))
        environment = live.engine.get(f"/images/{tag}/json")["Config"]["Env"]
        live.engine.delete(f"/images/{tag}", force="1")
        assert environment[-1] == f"X=|{'|'.join(values.get(name, '') for name in NAMES)}"
