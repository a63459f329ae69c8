"""Read the config of an image from what tools print or save: docker, skopeo, an OCI layout, an archive."""

import json
import tarfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from cmdpoint.oracle.interchange.outcome import KEYS


class UnreadableConfig(Exception):
    """What was given holds no config of an image; the message says why."""


def config_of(data: object) -> Mapping[str, object]:
    """Find the config in decoded JSON.

    Args:
        data: An image's config; what `docker image inspect` prints, which is a list with one image; or what
            `skopeo inspect --config` prints.

    Raises:
        UnreadableConfig: It is none of these.
    """
    if isinstance(data, list):
        if not data:
            raise UnreadableConfig("the config is not a JSON object, but an empty list")
        if len(data) != 1:
            raise UnreadableConfig(f"it lists {len(data)} images, and one is needed")
        return config_of(data[0])
    if not isinstance(data, Mapping):
        raise UnreadableConfig("the config is not a JSON object")
    for key in ("Config", "config"):
        inner = data.get(key)
        if isinstance(inner, Mapping):
            return inner
        if key in data and inner is None and not data.keys() & set(KEYS):
            return {}
    if data.get("Layers") and "Digest" in data:
        raise UnreadableConfig("it is the output of skopeo inspect, which lacks Entrypoint; use --config")
    if not data.keys() & _CONFIG_KEYS and data:
        raise UnreadableConfig(f"it has none of the keys {', '.join(KEYS)}")
    return data


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
    }
)


def decode(text: str | bytes) -> object:
    """Decode JSON.

    Raises:
        UnreadableConfig: It is no JSON.
    """
    try:
        return json.loads(text)
    except ValueError as error:
        raise UnreadableConfig(f"the config is not JSON: {error}") from error
    except RecursionError as error:
        raise UnreadableConfig("the config is nested too deep") from error


def read_path(path: Path) -> Mapping[str, object]:
    """Read the config of an image from a file or folder.

    Args:
        path: A JSON file, the folder of an OCI layout, or the archive of `docker save`.

    Raises:
        UnreadableConfig: It has another form, or names several images.
        OSError: It cannot be read.
    """
    if path.is_dir():
        return _of_members(lambda name: (path / name).read_bytes())
    if tarfile.is_tarfile(path):
        with tarfile.open(path) as archive:
            return _of_members(lambda name: _member(archive, name))
    return config_of(decode(path.read_bytes()))


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
    if not (isinstance(manifest, list) and len(manifest) == 1 and isinstance(manifest[0], dict)):
        raise UnreadableConfig("manifest.json does not list exactly one image")
    return config_of(decode(read(str(manifest[0].get("Config")))))


def _of_index(read: Callable[[str], bytes], name: str) -> Mapping[str, object]:
    """The config of the only image of an index; of several platforms, that of linux/amd64."""
    try:
        index = decode(read(name))
    except FileNotFoundError as error:
        raise UnreadableConfig("it has neither a manifest.json nor an index.json") from error
    if not isinstance(index, dict):
        raise UnreadableConfig(f"{name} is no JSON object")
    if isinstance(index.get("config"), dict):
        return config_of(decode(read(_blob(index["config"]))))
    entries = [each for each in index.get("manifests") or () if isinstance(each, dict)]
    if len(entries) > 1:
        entries = [each for each in entries if _platform(each) == ("linux", "amd64")]
    if len(entries) != 1:
        raise UnreadableConfig(f"{name} does not list exactly one image of linux/amd64")
    return _of_index(read, _blob(entries[0]))


def _platform(entry: Mapping[str, object]) -> tuple[object, object]:
    platform = entry.get("platform")
    return (platform.get("os"), platform.get("architecture")) if isinstance(platform, dict) else (None, None)


def _blob(descriptor: Mapping[str, object]) -> str:
    algorithm, _, digest = str(descriptor.get("digest")).partition(":")
    if not digest.isalnum() or not algorithm.isalnum():
        raise UnreadableConfig("a digest is malformed")
    return f"blobs/{algorithm}/{digest}"
