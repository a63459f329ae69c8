"""Start a registry of the distribution's package `docker-registry`, and push images to it."""

import hashlib
import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import requests

from cmdpoint.engines.cache import locked, silent, usable_cache
from cmdpoint.engines.distribution.apt import Apt, this_machine
from cmdpoint.engines.distribution.archive import reuse_indices, roots_folder, unpack_packages
from cmdpoint.engines.distribution.sources import APT, machine_sources

INDEX: Final = "application/vnd.oci.image.index.v1+json"
MANIFEST: Final = "application/vnd.oci.image.manifest.v1+json"
CONFIG: Final = "application/vnd.oci.image.config.v1+json"
LAYER: Final = "application/vnd.oci.image.layer.v1.tar"


def registry_program() -> Path:
    """The program of the registry, which is unpacked into the cache.

    Raises:
        Fault: The distribution's archive cannot be read.
    """
    machine = this_machine()
    roots = roots_folder()
    root = roots / f"registry-{machine.suite}-{machine.arch}"
    with usable_cache():
        roots.mkdir(parents=True, exist_ok=True)
        with locked(roots / f".{root.name}.lock", lambda: None):
            if not root.exists():
                work = roots / f".{root.name}.new"
                apt = Apt(work, machine_sources(APT, machine.arch), machine.arch, silent)
                reuse_indices(apt.lists)
                apt.update()
                unpack_packages(apt.fetch(["docker-registry"]), work / "root")
                (work / "root").rename(root)
                shutil.rmtree(work, ignore_errors=True)
    return root / "usr/bin/docker-registry"


@dataclass(frozen=True)
class Registry:
    """A registry that runs.

    Attributes:
        host: Its address, as names of images have it.
        url: The URL of its root.
        verify: The authority to trust.
        auth: The user and password, or None.
    """

    host: str
    url: str
    verify: Path | bool
    auth: tuple[str, str] | None

    def push(
        self, repository: str, tag: str, config: Mapping[str, Any], platform: str = "linux/amd64"
    ) -> str:
        """Push an image with one empty layer.

        Args:
            repository: The repository.
            tag: The tag, or an empty string for none.
            config: The part of its config that says what it runs.
            platform: Its platform.

        Returns:
            The digest of its manifest.
        """
        layer = b"\0" * 1024
        system, architecture = platform.split("/")[:2]
        image = {
            "os": system,
            "architecture": architecture,
            "config": config,
            "rootfs": {"type": "layers", "diff_ids": [_digest(layer)]},
        }
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": self._blob(repository, json.dumps(image).encode(), CONFIG),
            "layers": [self._blob(repository, layer, LAYER)],
        }
        return self._manifest(repository, tag, manifest)

    def push_index(self, repository: str, tag: str, platforms: Mapping[str, str]) -> str:
        """Push an index of manifests that were pushed, by platform; return its digest."""
        entries = []
        for platform, digest in platforms.items():
            names = dict(zip(("os", "architecture", "variant"), platform.split("/"), strict=False))
            size = int(self._send("HEAD", f"{repository}/manifests/{digest}").headers["Content-Length"])
            entries.append({"mediaType": MANIFEST, "digest": digest, "size": size, "platform": names})
        index = {"schemaVersion": 2, "mediaType": INDEX, "manifests": entries}
        return self._manifest(repository, tag, index)

    def _manifest(self, repository: str, tag: str, manifest: Mapping[str, Any]) -> str:
        content = json.dumps(manifest).encode()
        digest = _digest(content)
        headers = {"Content-Type": str(manifest["mediaType"])}
        self._send("PUT", f"{repository}/manifests/{tag or digest}", data=content, headers=headers)
        return digest

    def _blob(self, repository: str, content: bytes, kind: str) -> dict[str, Any]:
        location = self._send("POST", f"{repository}/blobs/uploads/").headers["Location"]
        self._send("PUT", location, params={"digest": _digest(content)}, data=content)
        return {"mediaType": kind, "digest": _digest(content), "size": len(content)}

    def _send(self, method: str, path: str, **more: Any) -> requests.Response:
        url = path if "://" in path else f"{self.url}/v2/{path}"
        headers = {"Accept": f"{INDEX}, {MANIFEST}", **more.pop("headers", {})}
        verify = str(self.verify) if isinstance(self.verify, Path) else self.verify
        auth = self.auth or (lambda request: request.headers.update(Authorization="Bearer x") or request)
        response = requests.request(
            method, url, verify=verify, auth=auth, timeout=30, headers=headers, **more
        )
        response.raise_for_status()
        return response


@contextmanager
def running_registry(
    program: Path,
    *,
    certificate: tuple[Path, Path] | None = None,
    authority: Path | None = None,
    auth: Mapping[str, Any] | None = None,
    credentials: tuple[str, str] | None = None,
) -> Iterator[Registry]:
    """Run a registry with an empty storage.

    Args:
        program: Its program.
        certificate: The files of its certificate and key; None for HTTP.
        authority: The file of the authority that signed it.
        auth: The section `auth` of its configuration.
        credentials: A user and a password that it accepts.
    """
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    host = f"127.0.0.1:{port}"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "config.yml"
        file.write_text(json.dumps(_configuration(host, folder, certificate, auth)))  # JSON is YAML
        log = Path(folder) / "log"
        with log.open("wb") as messages:
            process = subprocess.Popen([program, "serve", file], stdout=messages, stderr=messages)
        try:
            _wait(port, process, log)
            scheme = "http" if certificate is None else "https"
            yield Registry(host, f"{scheme}://{host}", authority or True, credentials)
        finally:
            process.terminate()
            process.wait(30)


def _configuration(
    host: str, folder: str, certificate: tuple[Path, Path] | None, auth: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The configuration of a registry."""
    http: dict[str, Any] = {"addr": host, "secret": "secret"}
    if certificate is not None:
        http["tls"] = {"certificate": str(certificate[0]), "key": str(certificate[1])}
    return {
        "version": 0.1,
        "log": {"level": "error"},
        "storage": {"filesystem": {"rootdirectory": folder}},
        "http": http,
        **({"auth": auth} if auth else {}),
    }


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        with closing(socket.socket()) as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError(f"the registry does not start: {log.read_text()}")


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
