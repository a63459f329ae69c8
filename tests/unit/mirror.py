"""A distribution's mirror, small enough for a test: suites of tiny packages, signed, and served with HTTP."""

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import unquote

import pytest

CHUNK: Final = 1 << 14

BIG: Final = "x" * 2_000_000
"""The content of a package that is large enough to be interrupted in the middle of its download."""

needs_apt = pytest.mark.skipif(
    sys.platform != "linux" or not all(map(shutil.which, ("apt-get", "dpkg-deb", "gpg", "gpgconf"))),
    reason="needs apt, dpkg and gpg",
)


class Mirror:
    """A mirror of a distribution with suites of one component, `main`, for one architecture.

    Attributes:
        folder: The folder that it serves.
        keyring: The public key that its suites are signed with.
        requested: The files that were requested, each with the first byte of the request's range.
        stalling: The name of a file of which it sends one half, and then waits until `stall` is set.
        stall: Once set, the rest of that file is sent.
    """

    def __init__(self, folder: Path, arch: str) -> None:
        self.folder = folder / "mirror"
        self.keyring = folder / "keyring.gpg"
        self.requested: list[tuple[str, int]] = []
        self.stalling: str | None = None
        self.stall = threading.Event()
        self._arch = arch
        self._gpg = ["gpg", "--batch", "--quiet", f"--homedir={folder / 'gpg'}"]

    def create(self) -> None:
        """Make its key and its folder."""
        (self.folder.parent / "gpg").mkdir(mode=0o700)
        self.folder.mkdir()
        new_key = ["--passphrase", "", "--quick-gen-key", "mirror@example.org", "ed25519", "sign"]
        subprocess.run([*self._gpg, *new_key], check=True, capture_output=True)
        subprocess.run([*self._gpg, "--output", self.keyring, "--export"], check=True)

    def copy(self, folder: Path) -> "Mirror":
        """Copy it to another folder: its key and its suites."""
        shutil.copytree(self.folder.parent, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("S.*"))
        return Mirror(folder, self._arch)

    def close(self) -> None:
        """End gpg's agent, which would keep running, and hold two of the kernel's few inotify watches."""
        subprocess.run(["gpgconf", *self._gpg[-1:], "--kill", "gpg-agent"], check=True)

    def package(self, name: str, version: str, files: dict[str, str], depends: str = "") -> Path:
        """Build a package and put it into the pool."""
        tree = self.folder / f".{name}"
        control = {
            "Package": name,
            "Version": version,
            "Architecture": self._arch,
            "Maintainer": "Test <test@example.org>",
            "Description": "for a test",
        } | ({"Depends": depends} if depends else {})
        files = files | {"DEBIAN/control": "".join(f"{key}: {value}\n" for key, value in control.items())}
        for path, text in files.items():
            (tree / path).parent.mkdir(parents=True, exist_ok=True)
            (tree / path).write_text(text)
        (self.folder / "pool").mkdir(exist_ok=True)
        package = self.folder / "pool" / f"{name}_{version.replace(':', '')}_{self._arch}.deb"
        command = ["dpkg-deb", "-Znone", "--root-owner-group", "--build", str(tree), str(package)]
        subprocess.run(command, check=True, capture_output=True)
        shutil.rmtree(tree)
        return package

    def suite(self, name: str, packages: list[Path], *, signed: bool = True) -> None:
        """Publish a suite, or replace it."""
        index = "\n".join(self._entry(path) for path in packages).encode()
        folder = self.folder / "dists" / name
        binary = f"main/binary-{self._arch}"
        (folder / binary).mkdir(parents=True, exist_ok=True)
        sums = ""
        for file, data in {"Packages": index, "Packages.gz": gzip.compress(index)}.items():
            (folder / binary / file).write_bytes(data)
            sums += f" {hashlib.sha256(data).hexdigest()} {len(data)} {binary}/{file}\n"
        release = folder / "Release"
        release.write_text(
            f"Suite: {name}\nCodename: {name}\nDate: Wed, 01 Jan 2025 00:00:00 UTC\n"
            f"Architectures: {self._arch}\nComponents: main\nSHA256:\n{sums}"
        )
        if signed:
            (folder / "InRelease").unlink(missing_ok=True)
            command = [*self._gpg, "--clearsign", "--output", str(folder / "InRelease"), str(release)]
            subprocess.run(command, check=True, capture_output=True)

    def _entry(self, package: Path) -> str:
        control = subprocess.check_output(["dpkg-deb", "--field", package], text=True)
        data = package.read_bytes()
        return (
            f"{control}Filename: {package.relative_to(self.folder)}\nSize: {len(data)}\n"
            f"SHA256: {hashlib.sha256(data).hexdigest()}\n"
        )


class MirrorServer(ThreadingHTTPServer):
    """Serves one mirror after another at the same address, which is in the names of apt's indexes."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.served: Mirror
        self.address = f"http://127.0.0.1:{self.server_port}/debian"

    @contextmanager
    def serving(self, mirror: Mirror) -> Iterator[None]:
        """Serve a mirror."""
        self.served = mirror
        try:
            yield
        finally:
            mirror.stall.set()
            mirror.close()


class _Handler(BaseHTTPRequestHandler):
    """Sends files, and parts of files for requests with a Range; Python's own server ignores Range."""

    protocol_version = "HTTP/1.1"
    server: MirrorServer

    def do_GET(self) -> None:
        """Send a file, or the rest of it from the first byte of the range."""
        mirror = self.server.served
        path = mirror.folder / unquote(self.path.removeprefix("/debian/"))
        begin = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(begin[1]) if begin else 0
        mirror.requested.append((path.name, start))
        if not path.is_file():
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        data = path.read_bytes()
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("Last-Modified", self.date_time_string(int(os.path.getmtime(path))))
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        for at in range(start, len(data), CHUNK):
            if at >= len(data) // 2 and path.name == mirror.stalling:
                mirror.stall.wait(60)
            self.wfile.write(data[at : at + CHUNK])

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""
