"""A nonsensical response ends a run with a harness fault, not with an INTERNALERROR of pytest."""

import http.server
import json
import socketserver
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import pytest

from cmdpoint.conformance.fleet import Fleet
from cmdpoint.engines.faults import Fault

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]

VERSION: Final = {
    "Version": "28.5.2",
    "ApiVersion": "1.51",
    "MinAPIVersion": "1.24",
    "Os": "linux",
    "Arch": "amd64",
    "Components": [{"Name": "Engine"}, {"Name": "runc", "Version": "1.3.3"}],
}
"""The fields of Docker Engine 28.5.2's response to `GET /version` that cmdpoint reads."""

ENGINE: Final[dict[str, Any]] = {
    "/version": VERSION,
    "/_ping": b"OK",
    "/v1.51/info": {"MemoryLimit": True, "DriverStatus": []},
    "/v1.51/containers/json": [],
    "/v1.51/images/json": [],
}
"""The responses of an engine that works until it has to build an image."""

NONSENSE: Final[dict[str, Any]] = {
    "a page of HTML": b"<html><body>Welcome</body></html>",
    "half of a document": json.dumps(VERSION).encode()[:40],
    "nothing": b"",
    "a list": [1, 2],
    "a number": 7,
    "a string": "x",
    "null": None,
    "no text": b"\xff\xfe\x00",
    "deep": b"[" * 100_000,
}


@contextmanager
def server(folder: Path, answers: dict[str, Any], *, cut: str = "") -> Iterator[str]:
    """Serve responses on a socket; the response for the path `cut` ends after half of the announced bytes."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            answer = answers.get(path, {"message": "page not found"})
            content = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(200 if path in answers else 404)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if path == cut else content)
            self.close_connection = True

        do_POST = do_DELETE = do_HEAD = do_GET  # noqa: N815 - the names that http.server looks for

        def address_string(self) -> str:
            return "a socket"

        def log_message(self, *_: object) -> None:
            pass

    with socketserver.ThreadingUnixStreamServer(str(folder / "engine.sock"), Handler) as serving:
        serving.daemon_threads = True
        threading.Thread(target=serving.serve_forever, args=(0.01,), daemon=True).start()
        yield f"unix://{folder / 'engine.sock'}"
        serving.shutdown()


@pytest.mark.parametrize("path", [path for path in ENGINE if path != "/_ping"])
@pytest.mark.parametrize("answer", NONSENSE.values(), ids=NONSENSE)
def test_nonsense_is_a_fault(path: str, answer: object, tmp_path: Path) -> None:
    """This holds for each of the first requests of a run."""
    with server(tmp_path, ENGINE | {path: answer}) as url, pytest.raises(Fault) as raised:
        Fleet([url], ignore)
    assert all((raised.value.what, raised.value.why, raised.value.remedy))


@pytest.mark.parametrize("path", [path for path in ENGINE if path != "/_ping"])
def test_an_answer_that_breaks_off_is_a_fault(path: str, tmp_path: Path) -> None:
    """The connection ends before all bytes that the header announced have arrived."""
    with server(tmp_path, ENGINE, cut=path) as url, pytest.raises(Fault):
        Fleet([url], ignore)


def test_a_run_ends_with_the_fault(tmp_path: Path) -> None:
    """The run prints what happened, why and what to do, and exits with the fault's code."""
    with server(tmp_path, ENGINE | {"/v1.51/images/json": NONSENSE["half of a document"]}) as url:
        done = conform(url, tmp_path)
    output = done.stdout + done.stderr
    assert 20 <= done.returncode < 40, output
    assert "HARNESS FAULT, no verdict" in output
    assert "\n  why: " in output
    assert "\n  do:  " in output
    assert "INTERNALERROR" not in output
    assert "Traceback" not in output


def ignore(_: str) -> None:
    """Ignore a progress message."""


def conform(url: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run `cmdpoint conform` against an address."""
    words = ["conform", "--engine", url, "-n", "0", "-k", "STATE-2", "--color=no"]
    program = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from cmdpoint.__main__ import main; sys.exit(main())"
    )
    return subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
