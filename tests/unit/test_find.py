"""Finding an engine: which address is tried first; an address that the user gave is never replaced."""

import json
import os
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest
from docker.context import ContextAPI

from cmdpoint.__main__ import main
from cmdpoint.engines import daemons
from cmdpoint.engines import find as finding
from cmdpoint.engines.faults import NoEngine, UnknownEngine, Unreachable
from cmdpoint.engines.find import find

ABOUT = {"Version": "20.10.24", "ApiVersion": "1.41", "MinAPIVersion": "1.12", "Os": "linux", "Arch": "amd64"}
VARIABLES = ("HOST", "CONTEXT", "TLS_VERIFY", "CERT_PATH")
Daemon = Callable[[str], str]

ROOT = Path(__file__).parents[2]


class Handler(BaseHTTPRequestHandler):
    """A daemon that answers every request with its version."""

    def do_GET(self) -> None:
        """Send the version."""
        body = json.dumps(ABOUT).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def address_string(self) -> str:
        """Return a name for the client, which has no address on a Unix socket."""
        return "client"

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


@pytest.fixture(autouse=True)
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which no daemon runs and no setting names one."""
    for name in VARIABLES:
        monkeypatch.delenv(f"DOCKER_{name}", raising=False)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.setenv("CMDPOINT_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(daemons, "SYSTEM", tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    (tmp_path / "config.json").write_text("{}")
    for folder in ("runtime/podman", "var/run", "run/podman"):
        (tmp_path / folder).mkdir(parents=True)


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[Daemon]:
    """A function that starts a daemon on a socket and returns its address."""
    servers: list[socketserver.ThreadingUnixStreamServer] = []

    def start(name: str) -> str:
        path = tmp_path / name
        server = socketserver.ThreadingUnixStreamServer(str(path), Handler)
        server.daemon_threads = True
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return f"unix://{path}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def create_context(folder: Path, url: str) -> None:
    """Create a Docker context called `mine`, as the client does."""
    ContextAPI.create_context("mine", host=url)
    assert (folder / "contexts").is_dir()


@pytest.mark.parametrize("name", ["auto", "host"])
def test_precedence(name: str, daemon: Daemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rootless_podman = daemon("runtime/podman/podman.sock")
    assert find(name).url == rootless_podman
    podman = daemon("run/podman/podman.sock")
    assert find(name).url == podman
    rootless = daemon("runtime/docker.sock")
    assert find(name).url == rootless
    system = daemon("var/run/docker.sock")
    assert find(name).url == system
    context = daemon("context.sock")
    create_context(tmp_path, context)
    assert find(name).url == system, "a context that is not in use does not count"
    (tmp_path / "config.json").write_text('{"currentContext": "mine"}')
    assert find(name).url == context
    (tmp_path / "config.json").write_text("{}")
    monkeypatch.setenv("DOCKER_CONTEXT", "mine")
    assert find(name).url == context
    host = daemon("host.sock")
    monkeypatch.setenv("DOCKER_HOST", host)
    found = find(name)
    assert (found.url, found.tls, found.private) == (host, None, None)
    assert find(rootless).url == rootless, "an address that is given counts before all"


@pytest.mark.parametrize("name", ["auto", "host"])
def test_a_silent_docker_host_is_not_replaced(
    name: str, daemon: Daemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    daemon("var/run/docker.sock")
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    with pytest.raises(Unreachable, match=r"none\.sock"):
        find(name)


@pytest.mark.parametrize("name", ["auto", "host"])
def test_a_silent_context_is_not_replaced(
    name: str, daemon: Daemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    daemon("var/run/docker.sock")
    create_context(tmp_path, f"unix://{tmp_path}/none.sock")
    monkeypatch.setenv("DOCKER_CONTEXT", "mine")
    with pytest.raises(Unreachable, match=r"none\.sock"):
        find(name)


def test_a_context_that_does_not_exist(daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
    daemon("var/run/docker.sock")
    monkeypatch.setenv("DOCKER_CONTEXT", "yours")
    with pytest.raises(Unreachable, match="yours"):
        find("auto")


def test_a_damaged_context(daemon: Daemon, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    create_context(tmp_path, daemon("context.sock"))
    next(tmp_path.rglob("meta.json")).write_text("{")
    monkeypatch.setenv("DOCKER_CONTEXT", "mine")
    with pytest.raises(Unreachable, match="cannot be read"):
        find("auto")


def test_certificates_that_are_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CERT_PATH", str(tmp_path))
    with pytest.raises(Unreachable, match="certificates"):
        find("tcp://127.0.0.1:1")


def test_an_address_that_does_not_answer(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match=r"none\.sock"):
        find(f"unix://{tmp_path}/none.sock")


@pytest.mark.parametrize(
    "name",
    [
        *("", "private:", "private:Sid", "docker-", "docker+", "docker+a+b", "private-28.5.2"),
        *("http://127.0.0.1/", "Auto", "private2"),
    ],
)
def test_unknown_name(name: str) -> None:
    with pytest.raises(UnknownEngine):
        find(name)


def test_host_does_not_fall_back_to_a_private_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(finding, "check_abilities", lambda: pytest.fail("a private engine was considered"))
    with pytest.raises(NoEngine, match=r"docker\.sock"):
        find("host")


@pytest.mark.parametrize("name", ["private", "private:sid", "auto"])
def test_without_root_there_is_no_private_engine_and_nothing_is_unpacked(name: str, tmp_path: Path) -> None:
    with pytest.raises(NoEngine, match="only root"):
        find(name)
    assert not (tmp_path / "cache").exists()


def test_conform_reports_an_unknown_engine_plainly(capsys: pytest.CaptureFixture[str]) -> None:
    """The message is the fault's, without pytest's own."""
    for words in (["--engine", "foo"], ["--engine=foo"]):
        assert main(["conform", *words]) == 28
        out, err = capsys.readouterr()
        assert out == ""
        assert err.startswith("cmdpoint: there is no engine 'foo'\n")


@pytest.mark.slow
def test_conform_without_an_engine_uses_the_configured_one(tmp_path: Path) -> None:
    """The main command works without any words; the engine here does not exist, which is a fault."""
    done = subprocess.run(
        [sys.executable, "-m", "cmdpoint", "conform"],
        env={**os.environ, "DOCKER_HOST": "unix:///nowhere/docker.sock", "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 22, done.stderr
    assert "no engine answers at unix:///nowhere/docker.sock" in done.stdout + done.stderr
