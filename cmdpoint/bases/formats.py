"""Read the config of an image from what tools print or save, as files, folders and archives."""

import difflib
import json
import re
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from cmdpoint.oracle.interchange.outcome import KEYS


class UnreadableConfig(Exception):
    """What was given holds no config of an image; the message says why."""


_CONFIG_KEYS: Final = frozenset(
    {
        *KEYS,
        "Env",
        "WorkingDir",
        "User",
        "Labels",
        "ExposedPorts",
        "Volumes",
        "Image",
        "Hostname",
        "ArgsEscaped",
        "Healthcheck",
        "StopSignal",
    }
)

_CONFIGS: Final = ("Config", "config")
"""The key that has the config: of `inspect`, and of the blob that an image stores."""

_RAW: Final = "give the output of skopeo inspect --config --raw"

_PLATFORM: Final = re.compile(r"[a-z0-9]+/[a-z0-9]+(?:/[a-z0-9.]+)?")

_DROPPED: Final = re.compile(r"(?:^|#\(nop\)\s*)(SHELL|ONBUILD)\s")
"""In the history of an image: an instruction whose key some tools drop."""


def config_of(data: object, *, exact: bool = True) -> Mapping[str, object]:
    """Find the config in decoded JSON.

    Args:
        data: An image's config; what docker, podman or buildah prints with `inspect`, which may be a list
            with one image; or what `skopeo inspect --config` prints.
        exact: Whether the JSON is what the image stores, or what Docker returns. If it is not, a tool may
            have dropped keys, which only the history shows.

    Raises:
        UnreadableConfig: It is none of these, or a key is missing.
    """
    if isinstance(data, list):
        if not data:
            raise UnreadableConfig(
                "it is an empty list, as `docker image inspect` prints if there is no image"
            )
        if len(data) != 1:
            raise UnreadableConfig(f"it lists {_count(data)}, and one is needed")
        return config_of(data[0], exact=exact)
    if not isinstance(data, Mapping):
        raise UnreadableConfig("the config is not a JSON object")
    if data and all(_PLATFORM.fullmatch(str(key)) for key in data):
        return config_of(_of_platform(data), exact=exact)  # docker buildx imagetools inspect
    if "FromImage" in data and isinstance(data.get("Docker"), Mapping):
        return config_of(data["Docker"], exact=exact)  # buildah inspect
    _check_kind(data)
    if not exact:
        _check_history(data)
    for key in _CONFIGS:
        if isinstance(inner := data.get(key), Mapping):
            return inner
    _check_spelling(data)
    has_no_config = "rootfs" in data or any(key in data for key in _CONFIGS)
    if has_no_config and not data.keys() & set(KEYS):
        return {}
    if not data.keys() & _CONFIG_KEYS and data:
        raise UnreadableConfig(f"it has none of the keys {', '.join(KEYS)}")
    return data


def _check_spelling(data: Mapping[str, object]) -> None:
    """Check that no key is a misspelled one that decides what runs: others are ignored."""
    keys = {key.lower(): key for key in KEYS}
    for key in map(str, data):
        near = difflib.get_close_matches(key.lower(), keys, 1, 0.8)
        if near and key not in KEYS:
            raise UnreadableConfig(f"there is no key {key}; the nearest is {keys[near[0]]}")


def _of_platform(data: Mapping[str, object]) -> object:
    """Of what is printed for each platform, that of linux/amd64, or else the only one."""
    if "linux/amd64" in data:
        return data["linux/amd64"]
    if len(data) != 1:
        raise UnreadableConfig(f"it has no image of linux/amd64, but of {', '.join(data)}; give one of these")
    return next(iter(data.values()))


def _check_kind(data: Mapping[str, object]) -> None:
    """Check that JSON is not that of a manifest or a container."""
    if data.get("Layers") and "Digest" in data:
        raise UnreadableConfig(
            "it is the output of skopeo inspect, which lacks Entrypoint; use --config --raw"
        )
    if "schemaVersion" in data:
        raise UnreadableConfig(f"it is a manifest, which names the config and does not have it; {_RAW}")
    if "State" in data and "Path" in data:
        raise UnreadableConfig(
            "it describes a container, which may have another Entrypoint and Cmd than its image"
        )


def _check_history(data: Mapping[str, object]) -> None:
    """Check that no tool dropped a key: some make an OCI config, without Shell and OnBuild.

    Source: containers/image, `types/types.go`: `OCIConfig` has the keys of an OCI config only.
    """
    history = data.get("History", data.get("history"))
    config = data.get("Config", data.get("config"))
    for entry in history if isinstance(history, list) else ():
        by = entry.get("created_by") if isinstance(entry, Mapping) else None
        instruction, key = dropped_key(str(by))
        if key and not (isinstance(config, Mapping) and key in config):
            raise UnreadableConfig(
                f"its history has {instruction}, but it lacks {key}, which some tools drop; {_RAW}"
            )


def dropped_key(created_by: str) -> tuple[str, str]:
    """An instruction in an image's history whose key some tools drop, with the key; or empty texts.

    Args:
        created_by: An entry of the history, in the form of any builder.
    """
    found = _DROPPED.search(created_by)
    return ("", "") if found is None else (found[1], {"SHELL": "Shell", "ONBUILD": "OnBuild"}[found[1]])


def _count(images: list[object]) -> str:
    """How many images there are, and their names."""
    tags = [each.get("RepoTags") for each in images if isinstance(each, Mapping)]
    names = [str(name) for each in tags if isinstance(each, list) for name in each]
    return f"{len(images)} images" + (f" ({', '.join(names)})" if names else "")


def decode(text: str | bytes) -> object:
    """Decode JSON.

    Raises:
        UnreadableConfig: It is no JSON.
    """
    if not text.strip():
        raise UnreadableConfig("it is empty")
    try:
        return json.loads(text)
    except ValueError as error:
        raise UnreadableConfig(f"the config is not JSON: {error}") from error
    except RecursionError as error:
        raise UnreadableConfig("the config is nested too deep") from error


def read_text(text: str | bytes) -> Mapping[str, object]:
    """Find the config in JSON.

    Args:
        text: The JSON; in one line, it is what an image stores, and in several, what a tool prints.

    Raises:
        UnreadableConfig: It is no JSON, or holds no config; see `config_of`.
    """
    lines = text.split("\n") if isinstance(text, str) else text.split(b"\n")
    return config_of(decode(text), exact=len([line for line in lines if line.strip()]) == 1)


def read_path(path: Path) -> Mapping[str, object]:
    """Read the config of an image from a file or folder.

    Args:
        path: A JSON file; an OCI layout, or an archive of it; the archive of `docker save` or `podman save`;
            or the folder of `skopeo copy dir:` or `podman save --format docker-dir`.

    Raises:
        UnreadableConfig: It has another form, or names several images.
        OSError: It cannot be read.
    """
    if path.is_dir():
        return _of_members(lambda name: (path / name).read_bytes())
    if tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            return _of_members(lambda name: _member(archive, name))
    return read_text(path.read_bytes())


def _member(archive: tarfile.TarFile, name: str) -> bytes:
    for candidate in (name, f"./{name}"):
        try:
            file = archive.extractfile(candidate)
        except KeyError:
            continue
        if file is not None:
            return file.read()
    raise FileNotFoundError(name)


def _of_members(read: Callable[[str], bytes]) -> Mapping[str, object]:
    """The config in a layout or archive, by the function that reads a member."""
    try:
        manifest = decode(read("manifest.json"))
    except FileNotFoundError:
        return _of_index(read, "index.json")
    if isinstance(manifest, dict) and isinstance(manifest.get("config"), dict):
        return config_of(decode(read(_digest(manifest["config"])[1])))
    if isinstance(manifest, dict) and "manifests" in manifest:
        raise UnreadableConfig("it has the images of several platforms; copy one of them, without --all")
    if not isinstance(manifest, list):
        raise UnreadableConfig("manifest.json does not have the form of docker save or skopeo copy")
    if not (len(manifest) == 1 and isinstance(manifest[0], dict)):
        raise UnreadableConfig(f"it has {_count(manifest)}, and one is needed")
    return config_of(decode(read(str(manifest[0].get("Config")))))


def _of_index(read: Callable[[str], bytes], name: str) -> Mapping[str, object]:
    """The config of the only image of an index; of several platforms, that of linux/amd64."""
    try:
        index = decode(read(name))
    except FileNotFoundError as error:
        raise UnreadableConfig(
            "it has neither a manifest.json nor an index.json; docker export, for example, saves no config"
        ) from error
    if not isinstance(index, dict):
        raise UnreadableConfig(f"{name} is no JSON object")
    if isinstance(index.get("config"), dict):
        return config_of(decode(read(_blob(index["config"]))), exact=False)
    entries = [each for each in index.get("manifests") or () if isinstance(each, dict)]
    images = [each for each in entries if _platform(each) != ("unknown", "unknown")]  # those are attestations
    if len(images) > 1:
        images = [each for each in images if _platform(each) == ("linux", "amd64")]
    if len(images) != 1:
        raise UnreadableConfig(f"{name} does not list exactly one image, or one of linux/amd64")
    return _of_index(read, _blob(images[0]))


def _platform(entry: Mapping[str, object]) -> tuple[object, object]:
    platform = entry.get("platform")
    return (platform.get("os"), platform.get("architecture")) if isinstance(platform, dict) else (None, None)


def _blob(descriptor: Mapping[str, object]) -> str:
    return "blobs/" + "/".join(_digest(descriptor))


def _digest(descriptor: Mapping[str, object]) -> tuple[str, str]:
    """The algorithm and the value of the digest of a descriptor."""
    algorithm, _, digest = str(descriptor.get("digest")).partition(":")
    if not digest.isalnum() or not algorithm.isalnum():
        raise UnreadableConfig("a digest is malformed")
    return algorithm, digest
