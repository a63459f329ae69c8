"""Clients of an engine that must not be asked two things at a time take turns."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from cmdpoint.engines.asking.exclusive import FOLDER, Turns, must_take_turns

OTHER = """
import sys, time
from cmdpoint.engines.asking.exclusive import Turns
with Turns(sys.argv[1]).take():
    print("mine", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.parametrize(
    ("product", "version", "must"),
    [
        ("podman", (3, 0, 1), True),
        ("podman", (4, 0, 2), True),
        ("podman", (4, 0, 3), False),
        ("podman", (4, 3, 1), False),
        ("docker", (1, 13, 1), False),
    ],
)
def test_who_must_take_turns(product: str, version: tuple[int, ...], must: bool) -> None:
    """Only Podman, until its stores of images bore several clients."""
    assert must_take_turns(product, version) is must


@pytest.mark.parametrize("is_private", [False, True])
def test_processes_take_turns(tmp_path: Path, is_private: bool) -> None:
    """A process waits for another's turn to end, also where the folder of the engine itself is locked."""
    if is_private:
        (tmp_path / FOLDER).mkdir()
    url = f"unix://{tmp_path}/docker.sock"
    with subprocess.Popen(
        [sys.executable, "-c", OTHER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdin
        assert other.stdout
        assert other.stdout.readline() == "mine\n"
        had = threading.Event()
        waiting = threading.Thread(target=lambda: _have(Turns(url), had))
        waiting.start()
        assert not had.wait(0.3), "both have it at once"
        other.stdin.write("\n")
        other.stdin.flush()
        assert had.wait(20)
        waiting.join()


def test_threads_take_turns_and_the_same_one_may_take_its_turn_twice(tmp_path: Path) -> None:
    """A request may be made while another's answer is still read."""
    turns = Turns(f"unix://{tmp_path}/docker.sock")
    had = threading.Event()
    other = threading.Thread(target=lambda: _have(turns, had))
    with turns.take(), turns.take():
        other.start()
        time.sleep(0.2)
        assert not had.is_set()
    assert had.wait(20)
    other.join()


def _have(turns: Turns, had: threading.Event) -> None:
    with turns.take():
        had.set()
