"""The config of an image in what real tools printed and saved.

The names of the files in `images` have the versions of these tools. The image of Docker has SHELL and
ONBUILD, and so has that of Podman, which is of Docker's format. Layers, and keys that have nothing to do with
a config, were removed. An archive is stored as a folder with its members.
"""

import io
import json
import tarfile
from pathlib import Path

import pytest

from cmdpoint.__main__ import main
from cmdpoint.bases.formats import UnreadableConfig, config_of, read_path
from cmdpoint.bases.given import given, read_config
from cmdpoint.oracle.case import ImageConfig

IMAGES = Path(__file__).parent / "images"

WHOLE = ImageConfig(("/entry", "a b"), ("serve", "-p", "80"), ("/bin/bash", "-c"), ('RUN ["x", "y"]',))
RAW = "skopeo inspect --config --raw"


def archive(folder: Path, path: Path, mode: str = "w") -> Path:
    """Write an archive with the files of a folder."""
    with tarfile.open(path, mode) as file:  # type: ignore[call-overload]
        for member in sorted(folder.rglob("*")):
            file.add(member, member.relative_to(folder), recursive=False)
    return path


@pytest.mark.parametrize(
    "name",
    [
        "buildah-1.28.2-inspect.json",
        "docker-20.10.24-image-inspect.json",
        "docker-20.10.24-save",
        "docker-28.5.2+containerd-image-inspect.json",
        "docker-28.5.2-image-inspect.json",
        "docker-28.5.2-save",
        "podman-5.4.2-save",
        "podman-5.4.2-save-docker-dir",
        "skopeo-1.9.3-inspect-config-raw.json",
    ],
)
def test_a_whole_config(name: str) -> None:
    """All keys that decide what runs are read."""
    assert given([f"example/base:1=@{IMAGES / name}"])["example/base:1"] == WHOLE


@pytest.mark.parametrize("mode", ["w", "w:gz"])
@pytest.mark.parametrize("name", ["docker-20.10.24-save", "docker-28.5.2-save", "podman-5.4.2-save"])
def test_an_archive(name: str, mode: str, tmp_path: Path) -> None:
    """The same in an archive, which may be compressed."""
    path = archive(IMAGES / name, tmp_path / "image", mode)
    assert read_config(read_path(path), "it") == WHOLE


def test_what_an_image_stores_is_whole() -> None:
    """Podman stored this image without Shell, as its format has none; its history does not matter then."""
    config = read_config(read_path(IMAGES / "skopeo-1.9.3-copy-dir"), "it")
    assert config == ImageConfig(WHOLE.entrypoint, WHOLE.cmd)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("docker-28.5.2-container-inspect.json", "it describes a container"),
        ("docker-28.5.2-inspect-two.json", "it lists 2 images (example/base:1, example/none:1)"),
        ("docker-28.5.2-save-two", "it has 2 images (example/base:1, example/none:1)"),
        ("podman-5.4.2-container-inspect.json", "it describes a container"),
        ("buildx-0.29.1-imagetools-inspect-image.json", f"its history has SHELL, but it lacks .*{RAW}"),
        ("podman-5.4.2-image-inspect.json", f"its history has SHELL, but it lacks Shell, .*{RAW}"),
        ("podman-5.4.2-save-oci-archive", f"its history has SHELL, but it lacks Shell, .*{RAW}"),
        ("skopeo-1.9.3-inspect-config.json", f"its history has SHELL, but it lacks Shell, .*{RAW}"),
        ("skopeo-1.9.3-copy-all-dir", "it has the images of several platforms; copy one"),
        ("skopeo-1.9.3-inspect-raw.json", f"it is a manifest, .*{RAW}"),
        (
            "skopeo-1.9.3-inspect.json",
            "it is the output of skopeo inspect, which lacks Entrypoint; use --config --raw",
        ),
    ],
)
def test_what_has_no_whole_config(name: str, why: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The message says what it is, and what to give instead."""
    with pytest.raises(UnreadableConfig, match=why.replace("(", r"\(").replace(")", r"\)")):
        read_path(IMAGES / name)
    assert main(["explain", "--base", f"base=@{IMAGES / name}"]) == 45
    assert "docker image inspect" in capsys.readouterr().err


def test_podman_prints_a_config_whose_history_drops_nothing() -> None:
    """Without SHELL and ONBUILD, what Podman and skopeo print is whole."""
    for name in ("podman-5.4.2-image-inspect.json", "skopeo-1.9.3-inspect-config.json"):
        text = (IMAGES / name).read_text().replace("SHELL", "LABEL").replace("ONBUILD RUN", "RUN")
        config = read_config(config_of(json.loads(text), exact=False), "it")
        assert config == ImageConfig(WHOLE.entrypoint, WHOLE.cmd)


def test_several_platforms() -> None:
    """The config of linux/amd64 counts, or else that of the only platform."""
    path = IMAGES / "buildx-0.29.1-imagetools-inspect-platforms.json"
    platforms = json.loads(path.read_text())
    assert set(platforms) == {"linux/amd64", "linux/arm64"}
    assert read_config(read_path(path), "it") == ImageConfig(WHOLE.entrypoint, WHOLE.cmd)
    del platforms["linux/amd64"]
    assert read_config(config_of(platforms), "it") == ImageConfig(WHOLE.entrypoint, ("of", "arm64"))
    with pytest.raises(UnreadableConfig, match="no image of linux/amd64, but of linux/arm64, linux/s390x"):
        config_of({**platforms, "linux/s390x": {}})


@pytest.mark.parametrize("created_by", ["ONBUILD RUN x", "/bin/bash -o pipefail -c #(nop)  ONBUILD RUN x"])
def test_a_history_of_any_builder(created_by: str) -> None:
    """BuildKit, and the classic builder under another shell, write the instruction in their own ways."""
    data = {"config": {"Cmd": ["x"]}, "history": [{"created_by": "RUN SHELL x"}, {"created_by": created_by}]}
    assert config_of(data) == {"Cmd": ["x"]}
    with pytest.raises(UnreadableConfig, match="its history has ONBUILD, but it lacks OnBuild"):
        config_of(data, exact=False)


def test_other_encodings(tmp_path: Path) -> None:
    """PowerShell redirects output as UTF-16; an image may have no config; a failed command prints nothing."""
    text = (IMAGES / "docker-28.5.2-image-inspect.json").read_text()
    (tmp_path / "utf-16").write_text(text, "utf-16")
    assert read_config(read_path(tmp_path / "utf-16"), "it") == WHOLE
    assert config_of({"architecture": "amd64", "os": "linux", "rootfs": {}}) == {}
    (tmp_path / "empty").write_text("\n")
    with pytest.raises(UnreadableConfig, match="it is empty"):
        read_path(tmp_path / "empty")


def test_a_layout_with_attestations(tmp_path: Path) -> None:
    """Attestations in an index are no images; of several platforms, linux/amd64 counts."""

    def index(*architectures: str) -> dict[str, object]:
        names = [(name, "unknown" if name == "unknown" else "linux") for name in architectures]
        platforms = [{"os": system, "architecture": name} for name, system in names]
        return {
            "manifests": [
                {"digest": f"sha256:{each['architecture']}", "platform": each} for each in platforms
            ]
        }

    blobs: dict[str, object] = {}
    for name in ("amd64", "arm64"):
        blobs[name] = {"config": {"digest": f"sha256:{name}config"}}
        blobs[f"{name}config"] = {"config": {"Cmd": [name]}}
    for architectures, expected in (
        (("arm64", "unknown"), "arm64"),
        (("arm64", "amd64", "unknown"), "amd64"),
    ):
        members: dict[str, object] = {f"blobs/sha256/{name}": data for name, data in blobs.items()}
        members["index.json"] = index(*architectures)
        with tarfile.open(tmp_path / "layout.tar", "w") as file:
            for name, data in members.items():
                content = json.dumps(data).encode()
                member = tarfile.TarInfo(f"./{name}")
                member.size = len(content)
                file.addfile(member, io.BytesIO(content))
        assert read_path(tmp_path / "layout.tar") == {"Cmd": [expected]}
