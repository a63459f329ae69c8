"""How commands end: after Ctrl-C, and if their output is full, closed, or no longer read."""

import datetime
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO, cast

import pytest

from cmdpoint.__main__ import main
from cmdpoint.engines.distribution.apt import this_machine
from cmdpoint.engines.faults import NoEngine
from cmdpoint.exit_codes import ExitCode

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
ENVIRONMENT = os.environ | {"PYTHONPATH": str(ROOT)}
BETWEEN = ["--from", "docker-20.10.24", "--to", "docker-28.5.2"]

ANSWERS = [
    ["explain"],
    ["predict", "cases.jsonl"],
    ["predict", "--schema", "input"],
    ["upgrade", *BETWEEN, "Dockerfile"],
    ["upgrade", "--schema"],
    ["report", "--schema"],
    ["--version"],
    ["--help"],
    ["explain", "--help"],
]
"""Command lines that write to standard output."""

SOME = [["explain"], ["upgrade", "--schema"], ["--help"]]
"""An answer, and two texts that argparse prints while it reads the command line."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a Dockerfile and a case."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "Dockerfile").write_text('FROM debian\nCMD ["/x"]\n')
    (tmp_path / "cases.jsonl").write_text('{"images": [{"name": "i", "dockerfile": "FROM probe"}]}\n')
    return tmp_path


def command(*words: str) -> list[str]:
    """The command line of a process of its own."""
    return [sys.executable, "-m", "cmdpoint", *words]


def start(words: list[str], environment: Mapping[str, str] = ENVIRONMENT) -> subprocess.Popen[str]:
    """Start a command, for a test that interrupts it."""
    return subprocess.Popen(
        command(*words), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_until_it_reads(process: subprocess.Popen[str], pipe: Path) -> None:
    """Wait until a process sleeps in a read of a pipe: Python misses a signal that comes right before it."""
    about = Path(f"/proc/{process.pid}")
    deadline = time.monotonic() + 60
    while not (is_open(about, pipe) and " S " in (about / "stat").read_text()):
        assert time.monotonic() < deadline, "the process does not read the pipe"
        time.sleep(0.01)


def is_open(about: Path, file: Path) -> bool:
    """Whether a process has opened a file; its folder in /proc is given."""
    for descriptor in about.glob("fd/*"):
        with suppress(FileNotFoundError):  # it was closed meanwhile
            if descriptor.readlink() == file:
                return True
    return False


def check_interrupt(process: subprocess.Popen[str]) -> None:
    """Press Ctrl-C; the process ends with 130 and prints nothing."""
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert (process.returncode, out, err) == (ExitCode.INTERRUPTED, "", "")


@pytest.mark.parametrize(
    "words",
    [
        ["explain", "-f", "pipe"],
        ["predict", "pipe"],
        ["upgrade", *BETWEEN, "Dockerfile", "pipe"],
        ["report", "pipe"],
        ["report", "--format", "html", "-o", "page.html", "pipe"],
    ],
    ids=" ".join,
)
def test_ctrl_c_while_a_file_is_read(words: list[str], folder: Path) -> None:
    """The command waits for a named pipe, so the moment of the Ctrl-C is certain."""
    os.mkfifo("pipe")
    before = set(folder.iterdir())
    process = start(words)
    with Path("pipe").open("wb"):  # opens once the command has opened its end
        wait_until_it_reads(process, folder / "pipe")
        check_interrupt(process)
    assert set(folder.iterdir()) == before


@pytest.mark.parametrize(
    "words",
    [
        ["engines", "list"],
        ["engines", "run", "{address}"],
        ["conform", "--engine", "{address}"],
        ["characterise", "--engine", "{address}"],
        ["upgrade", *BETWEEN, "Dockerfile", "--verify", "--from-at", "{address}"],
    ],
    ids=" ".join,
)
def test_ctrl_c_while_an_engine_does_not_answer(words: list[str], folder: Path) -> None:
    """The engine accepts the connection and then sends nothing."""
    with socket.socket(socket.AF_UNIX) as silent:
        silent.bind("silent.sock")
        silent.listen()
        address = f"unix://{folder / 'silent.sock'}"
        environment = {"DOCKER_HOST": address, "CMDPOINT_CACHE": str(cache_with_a_list(folder / "cache"))}
        process = start([word.format(address=address) for word in words], ENVIRONMENT | environment)
        silent.settimeout(60)
        connection, _ = silent.accept()
        with connection:
            process.send_signal(signal.SIGINT)
            _, err = process.communicate(timeout=60)
    assert process.returncode == ExitCode.INTERRUPTED
    assert "Traceback" not in err


def cache_with_a_list(folder: Path) -> Path:
    """A cache that says that the distribution offers no engine, so that its archive is not read."""
    folder.mkdir()
    with suppress(NoEngine):  # without a distribution, there is no archive to read
        machine = this_machine()
        now = datetime.datetime.now(datetime.UTC).isoformat()
        path = folder / f"available-{machine.distribution}-{machine.arch}.json"
        path.write_text(json.dumps({"date": now, "offers": []}))
    return folder


def run(words: list[str], redirection: str) -> subprocess.CompletedProcess[str]:
    """Run a command whose output a shell redirects."""
    line = ["/bin/sh", "-c", f'exec "$@" {redirection}', "sh", *command(*words)]
    return subprocess.run(line, env=ENVIRONMENT, capture_output=True, text=True, check=False)


def status_of(words: list[str]) -> int:
    """The exit code of a command that runs in this process."""
    try:
        return main(words)
    except SystemExit as end:
        return cast("int", end.code)


@contextmanager
def unwritable() -> Iterator[TextIO]:
    """A stream on a full disk; to close it fails if what could not be written is still in its buffer."""
    with Path("/dev/full").open("w", encoding="utf-8") as stream:
        yield stream


FULL = ["cmdpoint: the output cannot be written", "  why: No space left on device"]


@pytest.mark.parametrize("words", ANSWERS, ids=" ".join)
def test_a_full_disk_is_a_fault(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The command prints one message with the cause and what to do."""
    with unwritable() as stream, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        assert status_of(words) == ExitCode.UNWRITABLE
    message = capsys.readouterr().err.splitlines()
    assert message[:2] == FULL
    assert len(message) == 3


def test_a_process_with_a_full_disk_prints_nothing_else_when_it_ends() -> None:
    """Python flushes standard output at its end, and would report the full disk once more."""
    done = run(["explain"], ">/dev/full")
    assert done.returncode == ExitCode.UNWRITABLE
    assert done.stderr.splitlines()[:2] == FULL
    assert len(done.stderr.splitlines()) == 3


CLOSED = "why: standard output is closed"


@pytest.mark.parametrize("words", SOME, ids=" ".join)
def test_a_closed_output_is_a_fault(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With `>&-`, Python has no standard output."""
    with monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", None)
        assert status_of(words) == ExitCode.UNWRITABLE
    assert CLOSED in capsys.readouterr().err


def test_a_process_with_a_closed_output_has_no_traceback() -> None:
    """Neither while it runs nor when it ends."""
    done = run(["--help"], ">&-")
    assert done.returncode == ExitCode.UNWRITABLE
    assert CLOSED in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("words", SOME, ids=" ".join)
def test_a_reader_that_ends_is_no_error(
    words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With `cmdpoint explain | head -0`, no message is printed."""
    read_end, write_end = os.pipe()
    os.close(read_end)
    with os.fdopen(write_end, "w") as stream, monkeypatch.context() as patch:
        patch.setattr(sys, "stdout", stream)
        assert status_of(words) == ExitCode.READER_LEFT
    assert capsys.readouterr().err == ""


def test_a_process_whose_reader_ends_prints_nothing() -> None:
    """Python would report the closed pipe when it flushes standard output at its end."""
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = subprocess.run(
        command("explain"), env=ENVIRONMENT, stdout=write_end, stderr=subprocess.PIPE, text=True, check=False
    )
    os.close(write_end)
    assert (done.returncode, done.stderr) == (ExitCode.READER_LEFT, "")


@pytest.mark.parametrize(
    ("words", "status", "redirection"),
    [
        (["explain", "-f", "nowhere"], ExitCode.NO_FILE, "2>/dev/full"),
        (["explain", "--nope"], ExitCode.USAGE, "2>&-"),
    ],
    ids=["fault", "usage"],
)
def test_messages_that_cannot_be_written_are_lost(
    words: list[str], status: ExitCode, redirection: str
) -> None:
    """The exit code does not change, and no message is printed to standard output instead."""
    done = run(words, redirection)
    assert (done.returncode, done.stdout) == (status, "")


def test_a_fault_without_standard_error_is_lost(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """So is a wrong command line if the disk is full."""
    with unwritable() as stream, monkeypatch.context() as patch:
        patch.setattr(sys, "stderr", None)
        assert status_of(["explain", "-f", "nowhere"]) == ExitCode.NO_FILE
        patch.setattr(sys, "stderr", stream)
        assert status_of(["explain", "--nope"]) == ExitCode.USAGE
    assert capsys.readouterr().out == ""


def test_a_closed_input_is_a_fault() -> None:
    """With `<&-`, Python has no standard input."""
    done = run(["explain", "-f", "-"], "<&-")
    assert done.returncode == ExitCode.UNREADABLE
    assert "Traceback" not in done.stderr
