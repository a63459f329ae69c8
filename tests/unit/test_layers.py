"""Podman builds an image with layers where what it stores may depend on them."""

from typing import Any

import pytest

from cmdpoint.engines.driver import build
from cmdpoint.engines.driver.build import build_image
from cmdpoint.oracle.case import Chain, Commit, Image, Load

PLAIN = Image("image", 'FROM probe\nENV A=work\nRUN dir\nCMD ["/a"]\n')


def layers(images: Chain, monkeypatch: pytest.MonkeyPatch, version: tuple[int, ...]) -> str:
    """The parameter `layers` of the build of the last image."""

    class Podman:
        product = "podman"
        numbers = version

    sent: dict[str, Any] = {}
    monkeypatch.setattr(build, "_posted", lambda _engine, _context, params: sent.update(params))
    build_image(Podman(), "buildah", images, "tag", {}, {"name": "value"})  # type: ignore[arg-type]
    return str(sent["layers"])


@pytest.mark.parametrize(
    "first",
    [
        Image("base", "FROM probe\nWORKDIR /x\n"),
        Image("base", "FROM probe\nworkdir /x\n"),
        Image("base", "FROM probe\nWORK\\\nDIR /x\n"),
        Image("base", "# escape=`\nFROM probe\nWORK`\n  # a comment\nDIR /x\n"),
        Image("base", "FROM probe\nONBUILD WORKDIR /x\n"),
        Image("base", "FROM probe\nWORKD\u0130R /x\n"),
        Load("base", '{"WorkingDir": "/x"}'),
        Commit("base", "image", changes=("WORKDIR /x",)),
    ],
    ids=repr,
)
def test_a_working_directory_of_the_chain(first: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A base's counts, however it is written."""
    assert layers((first, PLAIN), monkeypatch, (5, 4, 2)) == "1"


def test_without_a_working_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Layers would only take time."""
    assert layers((PLAIN, PLAIN), monkeypatch, (5, 4, 2)) == "0"


@pytest.mark.parametrize(("version", "expected"), [((4, 3, 1), "1"), ((4, 8, 0), "0")])
def test_several_stages(version: tuple[int, ...], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before 4.8, a build without layers removes the image that a stage is built on."""
    stages = Image("image", "FROM probe AS one\nFROM one\nCMD a\n")
    assert layers((stages,), monkeypatch, version) == expected
