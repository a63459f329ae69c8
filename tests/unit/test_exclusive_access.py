"""Clients wait for each other if their engine cannot serve two clients at the same time."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from cmdpoint.engines.driver.exclusive_access import LOCK_FOLDER, ExclusiveAccess, needs_exclusive_access

pytestmark = pytest.mark.slow

OTHER = """
import sys, time
from cmdpoint.engines.driver.exclusive_access import ExclusiveAccess
with ExclusiveAccess(sys.argv[1]).hold():
    print("held", flush=True)
    sys.stdin.readline()
"""


@pytest.mark.parametrize(
    ("product", "version", "needed"),
    [
        ("podman", (3, 0, 1), True),
        ("podman", (4, 0, 2), True),
        ("podman", (4, 0, 3), False),
        ("podman", (4, 3, 1), False),
        ("docker", (1, 13, 1), False),
    ],
)
def test_which_engines_need_it(product: str, version: tuple[int, ...], needed: bool) -> None:
    """Only Podman needs it, before the version whose image store supports several clients."""
    assert needs_exclusive_access(product, version) is needed


@pytest.mark.parametrize("is_private", [False, True])
def test_processes_wait_for_each_other(tmp_path: Path, is_private: bool) -> None:
    """They also wait for a private engine, whose folder its owner has locked."""
    if is_private:
        (tmp_path / LOCK_FOLDER).mkdir()
    url = f"unix://{tmp_path}/docker.sock"
    with subprocess.Popen(
        [sys.executable, "-c", OTHER, url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdin
        assert other.stdout
        assert other.stdout.readline() == "held\n"
        held = threading.Event()
        waiting = threading.Thread(target=lambda: _hold(ExclusiveAccess(url), held))
        waiting.start()
        assert not held.wait(0.3), "both hold it at the same time"
        other.stdin.write("\n")
        other.stdin.flush()
        assert held.wait(20)
        waiting.join()


def test_threads_wait_for_each_other_and_the_holder_may_enter_again(tmp_path: Path) -> None:
    """A thread may send a request while it still reads the response to another."""
    access = ExclusiveAccess(f"unix://{tmp_path}/docker.sock")
    held = threading.Event()
    other = threading.Thread(target=lambda: _hold(access, held))
    with access.hold(), access.hold():
        other.start()
        time.sleep(0.2)
        assert not held.is_set()
    assert held.wait(20)
    other.join()


def _hold(access: ExclusiveAccess, held: threading.Event) -> None:
    with access.hold():
        held.set()
