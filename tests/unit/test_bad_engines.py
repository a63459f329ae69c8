"""A server that is no engine, or no engine that cmdpoint can use, ends with a fault of its own kind."""

import gc
import http.server
import json
import os
import socketserver
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count, repeat
from pathlib import Path
from typing import Any

import pytest

from cmdpoint.engines.driver.engine import Engine, Refused
from cmdpoint.engines.driver.labels import clear_abandoned
from cmdpoint.engines.driver.responses import body_of
from cmdpoint.engines.faults import (
    ApiTooOld,
    DiskFull,
    EngineDied,
    Fault,
    InvalidResponse,
    NotAnEngine,
    Unreachable,
    UnsupportedPlatform,
)

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]

LINUX = {"Version": "28.5.2", "ApiVersion": "1.51", "MinAPIVersion": "1.24", "Os": "linux", "Arch": "amd64"}
"""The version information of a Docker Engine that cmdpoint can use."""

Serve = Callable[..., str]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    """Starts a server on a socket with a response for each path, and 404 for all others."""
    servers: list[socketserver.BaseServer] = []

    def start(answers: dict[str, tuple[int, Any]], missing: int = 0) -> str:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, body = answers.get(self.path.split("?")[0], (404, {"message": "page not found"}))
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                if isinstance(body, Iterator):
                    self.end_headers()
                    with suppress(OSError):
                        for part in body:
                            self.wfile.write(part)
                    return
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_header("Content-Length", str(len(content) + missing))
                self.end_headers()
                with suppress(OSError):  # the driver may have read enough
                    self.wfile.write(content)

            def address_string(self) -> str:
                return "a socket"

            def log_message(self, *_: Any) -> None:
                pass

        path = tmp_path / "engine.sock"
        path.unlink(missing_ok=True)
        server = socketserver.ThreadingUnixStreamServer(str(path), Handler)
        server.daemon_threads = True
        servers.append(server)
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return f"unix://{path}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def test_a_usable_engine_is_accepted(serve: Serve) -> None:
    """The server itself is good enough: in the other tests, it is the response that is refused."""
    engine = Engine(serve({"/version": (200, LINUX)}))
    assert (engine.name, engine.architecture) == ("docker-28.5.2", "amd64")
    engine.close()


@pytest.mark.parametrize(
    ("about", "fault"),
    [
        ((200, LINUX | {"Os": "windows"}), UnsupportedPlatform),
        ((200, LINUX | {"Arch": "s390x"}), UnsupportedPlatform),
        ((200, LINUX | {"Version": "19.03.15", "ApiVersion": "1.40"}), ApiTooOld),
        ((200, {"hello": "world"}), NotAnEngine),
        ((200, b"<html>It works!</html>"), NotAnEngine),
        ((404, {"message": "page not found"}), NotAnEngine),
        ((200, ["Version"]), NotAnEngine),
        ((200, b'{"Version": "28.5.2", "ApiVers'), NotAnEngine),
        ((200, b""), NotAnEngine),
        ((200, b"\xff\xfe\x00"), NotAnEngine),
        ((200, b"[" * 100_000), NotAnEngine),
        ((200, LINUX | {"Version": 28}), NotAnEngine),
        ((200, LINUX | {"Version": None}), NotAnEngine),
        ((200, LINUX | {"ApiVersion": 1.51}), NotAnEngine),
        ((200, LINUX | {"ApiVersion": "new"}), NotAnEngine),
        ((200, LINUX | {"MinAPIVersion": "old"}), NotAnEngine),
        ((200, LINUX | {"Os": ["linux"]}), NotAnEngine),
        ((200, LINUX | {"Arch": {}}), NotAnEngine),
    ],
    ids=[
        *("Windows", "CPU", "API", "other JSON", "HTML", "404", "a list"),
        *("half JSON", "empty", "binary", "deep", "number", "null", "API number", "API word"),
        *("oldest API", "OS", "CPU object"),
    ],
)
def test_an_engine_that_cannot_be_used(serve: Serve, about: tuple[int, Any], fault: type[Fault]) -> None:
    """The fault says what it is, why, and what to do."""
    with pytest.raises(fault) as raised:
        Engine(serve({"/version": about}))
    assert all((raised.value.what, raised.value.why, raised.value.remedy))


def test_components_of_wrong_types_are_ignored(serve: Serve) -> None:
    """Components only name the runtime, and an engine need not report one."""
    components = [None, 1, {}, {"Name": None}, {"Name": "runc"}, {"Name": "runc", "Version": ["1.1.5"]}]
    for given in (components[:5], "runc", 7, {"Name": "runc"}):
        engine = Engine(serve({"/version": (200, LINUX | {"Components": given})}))
        assert (engine.name, engine.runtime) == ("docker-28.5.2", "")
        engine.close()


ENDLESS: dict[str, Callable[[], Iterator[bytes]]] = {
    "fast": lambda: (b" " * 65_536 for _ in count()),
    "slow": lambda: map(slowly, repeat(b" " * 64)),
}


def slowly(part: bytes) -> bytes:
    """Return a part of a body after a short wait."""
    time.sleep(0.05)
    return part


@pytest.mark.parametrize(
    ("speed", "why"), [("fast", "it is longer than"), ("slow", "it does not end within")]
)
@pytest.mark.parametrize("path", ["/version", "/v1.51/info"])
def test_a_body_that_does_not_end(
    serve: Serve, path: str, speed: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Reading stops after a number of bytes and after a number of seconds."""
    if speed == "fast":
        monkeypatch.setattr(body_of, "__defaults__", (100_000,))
    else:
        monkeypatch.setattr("cmdpoint.engines.driver.handshake.ANSWER_SECONDS", 1)
        monkeypatch.setattr("cmdpoint.engines.driver.engine.REQUEST_SECONDS", 1)
    url = serve({"/version": (200, LINUX), path: (200, ENDLESS[speed]())})
    with pytest.raises(NotAnEngine if path == "/version" else InvalidResponse) as raised:
        Engine(url)
    assert why in raised.value.why


@pytest.mark.parametrize("path", ["/version", "/v1.51/info"])
def test_a_body_that_is_shorter_than_announced(serve: Serve, path: str) -> None:
    """The connection ended before the whole body arrived."""
    answers = {"/version": (200, LINUX), path: (200, b'{"Version": ')}
    with pytest.raises(NotAnEngine if path == "/version" else InvalidResponse, match=r"truncated|not JSON"):
        Engine(serve(answers, missing=9 if path == "/version" else 0))


@pytest.mark.parametrize("path", ["/info", "/containers/json", "/images/json"])
@pytest.mark.parametrize(
    "body",
    [b"<html>", b'{"a": ', b"7", b'"text"', b"null", b"\xff", b"[7]", b"[" * 100_000],
    ids=["HTML", "half JSON", "number", "text", "null", "binary", "array", "deep"],
)
def test_a_meaningless_response_at_the_start_of_a_run(serve: Serve, path: str, body: bytes) -> None:
    """Any such response is a fault that names the request."""
    answers: dict[str, Any] = {f"/v1.51/{name}/json": (200, []) for name in ("containers", "images")}
    url = serve({"/version": (200, LINUX), **answers, f"/v1.51{path}": (200, body)})
    with pytest.raises(InvalidResponse, match=path) as raised:
        clear_abandoned(Engine(url))
    assert all((raised.value.what, raised.value.why, raised.value.remedy))


def test_info_of_wrong_types_is_ignored(serve: Serve) -> None:
    """An engine need not report its store or its runtime."""
    for status in ("overlay2", 7, [["driver-type"]], [7], [["driver-type", 7]], {"a": "b"}):
        info = {"DriverStatus": status, "MemoryLimit": None}
        url = serve({"/version": (200, LINUX), "/v1.51/info": (200, info)})
        engine = Engine(url)
        assert engine.store == ""
        engine.close()


@pytest.mark.parametrize("url", ["tcp://[::1", "tcp://host:port", "unix://", "unix:///a\0b", "tcp://", "x"])
def test_an_address_that_cannot_be_read(url: str) -> None:
    """The engine is unreachable; the fault gives the library's reason."""
    with pytest.raises(Unreachable):
        Engine(url)


@pytest.mark.parametrize("url", ["unix:///nowhere/docker.sock", "tcp://127.0.0.1:1"])
def test_no_daemon_answers(url: str) -> None:
    """An address where nothing listens is unreachable: another fault than a server that is no engine."""
    with pytest.raises(Unreachable) as raised:
        Engine(url)
    assert raised.value.what == f"no engine answers at {url}"


def test_a_refusal_is_not_a_fault_but_a_full_disk_and_a_busy_machine_are(serve: Serve) -> None:
    """A refusal of the engine is a result; that it has no room or no time is a fault."""
    full = {"message": "write /var/lib/docker/tmp/x: no space left on device"}
    slow = {"message": "failed to create task for container: DeadlineExceeded: failed to start io pipe copy"}
    answers = {"/version": (200, LINUX)}
    for version in range(41, 60):
        prefix = f"/v1.{version}"
        answers |= {f"{prefix}/full": (500, full), f"{prefix}/no": (400, {"message": "no command specified"})}
        answers |= {f"{prefix}/slow": (500, slow)}
    engine = Engine(serve(answers))
    with pytest.raises(Refused) as refused:
        engine.get("/no")
    assert (refused.value.status, refused.value.message) == (400, "no command specified")
    with pytest.raises(DiskFull):
        engine.get("/full")
    with pytest.raises(Fault, match="needed more time"):
        engine.get("/slow")
    engine.close()


@pytest.mark.parametrize(
    "message",
    [
        "image not known",
        "container state improper: stopped",
        'checking if image "8bf5" is dangling: reading data blob size for "60a1": size is not known',
    ],
)
def test_a_request_is_repeated_while_others_remove_images(serve: Serve, message: str) -> None:
    """Podman 4.3.1 refuses to list or to remove images while another client removes some."""
    answers: dict[str, tuple[int, Any]] = {"/version": (200, LINUX)}
    engine = Engine(serve(answers))
    paths = [f"/v1.{version}/images/json" for version in range(41, 60)]
    answers |= dict.fromkeys(paths, (500, {"message": message}))
    threading.Timer(0.3, answers.update, [dict.fromkeys(paths, (200, []))]).start()
    assert engine.get("/images/json") == []
    engine.close()


def test_an_engine_that_died(serve: Serve, tmp_path: Path) -> None:
    """A request that finds no socket any more reports that the engine died."""
    engine = Engine(serve({"/version": (200, LINUX)}))
    engine.close()
    (tmp_path / "engine.sock").unlink()
    with pytest.raises(EngineDied):
        engine.get("/containers/json")
    with warnings.catch_warnings():  # docker-py does not close a socket that failed to connect
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def test_a_run_ends_with_one_message_and_the_faults_code() -> None:
    """The run prints what to do and no traceback, and exits with the fault's own code."""
    engine = "unix:///nowhere/docker.sock"
    command = [sys.executable, "-m", "pytest", "tests/conformance", "-p", "no:xdist", "--engine", engine]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    result = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=100
    )
    output = result.stdout + result.stderr
    assert result.returncode == Unreachable.exit_code, output
    assert output.count(f"no engine answers at {engine}") == 1, output
    assert output.count("do:") == 1, output
    assert "Traceback" not in output


def test_ssh_without_the_library_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fault says what to do."""
    monkeypatch.delattr("docker.api.client.SSHHTTPAdapter", raising=False)
    with pytest.raises(Unreachable, match="paramiko") as raised:
        Engine("ssh://user@nowhere.example")
    assert "ssh -nNT -L" in raised.value.remedy
