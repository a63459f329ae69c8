"""Engines at every kind of address: tcp with TLS, and the sockets of rootless daemons and Podman."""

import os
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from cmdpoint.engines.driver.client import NO_CLIENT
from cmdpoint.engines.driver.labels import Owner
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.engines.faults import Unreachable
from cmdpoint.engines.find import RunningEngine, find
from cmdpoint.oracle.case import Case, Image, Request
from cmdpoint.oracle.outcome import Process

CASE = Case((Image("app", 'FROM probe\nENTRYPOINT ["/a"]\nCMD ["b"]\n'),), Request())


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment in which no daemon is configured."""
    for name in ("HOST", "CONTEXT", "TLS_VERIFY", "CERT_PATH"):
        monkeypatch.delenv(f"DOCKER_{name}", raising=False)


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that DOCKER_CERT_PATH needs, and the server's certificate.

    They say what a key is for, and whose it is: Python 3.13 accepts no others.
    """
    if not shutil.which("openssl"):
        pytest.skip("needs openssl")
    folder = tmp_path_factory.mktemp("certificates")
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    authority = ["-subj", "/CN=ca", "-addext", "keyUsage=critical,keyCertSign"]
    _openssl(folder, "req", "-x509", *key, *authority, "-keyout", "ca-key.pem", "-out", "ca.pem")
    (folder / "extensions").write_text(
        "subjectAltName=IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\nauthorityKeyIdentifier=keyid\n"
    )
    for prefix in ("", "server-"):
        files = ["-keyout", f"{prefix}key.pem", "-out", f"{prefix}request"]
        _openssl(folder, "req", *key[:-2], "-subj", "/CN=it", *files)
        signed = ["-CA", "ca.pem", "-CAkey", "ca-key.pem", "-CAcreateserial", "-days", "2"]
        files = ["-extfile", "extensions", "-in", f"{prefix}request", "-out", f"{prefix}cert.pem"]
        _openssl(folder, "x509", "-req", *signed, *files)
    return folder


def _openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


@contextmanager
def tls_before(path: str, certificates: Path) -> Iterator[int]:
    """Serve a socket over TLS on a port, which is yielded; every client must have a certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "server-cert.pem", certificates / "server-key.pem")
    context.load_verify_locations(certificates / "ca.pem")
    context.verify_mode = ssl.CERT_REQUIRED
    with socket.create_server(("127.0.0.1", 0)) as server:

        def accept() -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(client,), daemon=True).start()

        def serve(client: socket.socket) -> None:
            with closing(client), socket.socket(socket.AF_UNIX) as engine:
                try:
                    secure = context.wrap_socket(client, server_side=True)
                except OSError:
                    return  # the client has no certificate of this authority
                engine.connect(path)
                with secure:
                    there = threading.Thread(target=pump, args=(secure, engine), daemon=True)
                    there.start()
                    pump(engine, secure)
                    there.join(10)

        def pump(source: socket.socket, target: socket.socket) -> None:
            try:
                while data := source.recv(1 << 16):
                    target.sendall(data)
                target.shutdown(socket.SHUT_WR)
            except OSError:
                pass

        threading.Thread(target=accept, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def runs_a_process(found: RunningEngine) -> bool:
    """Whether an engine builds an image and starts a container of it."""
    with (
        closing(found.connect()) as engine,
        LiveTarget(engine, engine.builders[0], Owner.this_process(), NO_CLIENT) as live,
    ):
        outcome = live.observed(CASE)
    return isinstance(outcome, Process) and outcome.argv == ("/a", "b")


def test_tcp_with_tls(engine_url: str, certificates: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address is given, or set in DOCKER_HOST; the environment names the certificates."""
    monkeypatch.setenv("DOCKER_CERT_PATH", str(certificates))
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    # The authorities that requests trusts by default must not matter.
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates / "cert.pem"))
    with tls_before(_path(engine_url), certificates) as port:
        url = f"tcp://127.0.0.1:{port}"
        assert runs_a_process(find(url))
        monkeypatch.setenv("DOCKER_HOST", url)
        assert find("auto").url == url


def test_tcp_with_tls_and_no_certificate(
    engine_url: str, certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The engine is unreachable, and the message says why."""
    with tls_before(_path(engine_url), certificates) as port:
        with pytest.raises(Unreachable):
            find(f"tcp://127.0.0.1:{port}")
        monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
        monkeypatch.setenv("DOCKER_CERT_PATH", str(certificates / "nowhere"))
        with pytest.raises(Unreachable, match="certificates"):
            find(f"tcp://127.0.0.1:{port}")


@pytest.mark.parametrize("target", ["docker.sock", "podman/podman.sock"])
def test_a_rootless_daemon(
    target: str, engine_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is found without an address if no other daemon answers."""
    monkeypatch.setattr("cmdpoint.engines.daemons.SYSTEM", tmp_path / "system")
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / target).parent.mkdir(exist_ok=True)
    os.symlink(_path(engine_url), tmp_path / target)
    found = find("auto")
    assert found.url == f"unix://{tmp_path / target}"
    assert runs_a_process(found)


def _path(url: str) -> str:
    """The socket of an engine; without a socket, the test is skipped."""
    if not url.startswith("unix://"):
        pytest.skip("the engine has no socket on this machine")
    return url.removeprefix("unix://")
