"""The progress of a run: one line that is redrawn on a terminal, and repeated elsewhere."""

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest

from cmdpoint.conformance.durations import EXAMPLE, OTHER, Durations
from cmdpoint.conformance.progress import Screen, State

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]

PLUGIN = """
import time
import pytest
from cmdpoint.conformance import progress
progress.REDRAWN_AFTER = progress.REPEATED_AFTER = 0.05

def pytest_addoption(parser):
    parser.addoption("--every", default="")

@pytest.hookimpl(trylast=True)
def pytest_configure(config):
    screen = progress.screen_for(config)
    if screen is not None:
        config.pluginmanager.register(progress.Progress(config, screen))

@pytest.fixture(params=range(4))
def case(request):
    time.sleep(0.1)
    request.node.user_properties.append((progress.CASES, "5"))
    return request.param
"""

TESTS = """
def test_even_numbers(case):
    print("captured")
    assert case != 2, "an odd even number"
"""


def test_the_line_counts_and_estimates() -> None:
    """Tests count by the seconds that they took in an earlier run."""
    state = State(Durations({"test_config": 30.0}))
    tests = [*(f"a/test_config[{number}]" for number in range(4)), "test_spec.py::test_image_example[1]"]
    tests[:4] = [f"tests/test_properties.py::{test.partition('/')[2]}" for test in tests[:4]]
    state.expect(tests)
    state.expect(tests)
    state.begin(tests[0])
    state.begin(tests[4])
    assert state.line(0, 2) == "[  0%] 0 cases agree, about 1 min left; now: config, image example"
    state.count(1200, failed=False)
    state.end(tests[0])
    # A quarter took 10 seconds.
    assert state.line(10, 2) == "[ 25%] 1,200 cases agree, about 30 s left; now: image example"
    state.count(0, failed=True)
    for test in tests[1:]:
        state.end(test)
    assert state.line(40, 2) == "[100%] 1,200 cases agree, 1 test failed, about 5 s left; now: "


def test_durations_are_recorded(tmp_path: Path) -> None:
    """A new duration replaces an older one; a damaged file is ignored."""
    file = tmp_path / "folder" / "durations.json"
    durations = Durations({"test_a": 1.0, "test_b": 2.0})
    for seconds in (3.0, 5.0):
        durations.add(f"x.py::test_a[{seconds}]", seconds)
    durations.write(file)
    read = Durations.read(file)
    assert [read.expected(f"x.py::{name}[1]") for name in ("test_a", "test_b", "test_c")] == [4.0, 2.0, OTHER]
    assert read.expected("tests/test_spec.py::test_image_example[1]") == EXAMPLE
    for damaged in ("", "[]", '{"test_a": null}', "\udc80"):
        file.write_bytes(damaged.encode("utf-8", "surrogateescape"))
        assert Durations.read(file).expected("x.py::test_a") == OTHER


def test_a_terminal_shows_one_line() -> None:
    """Other text erases it first, and is never within it."""
    reading, writing = pty.openpty()
    with os.fdopen(writing, "w") as stream:
        screen = Screen(stream)
        assert screen.is_terminal
        written = screen.around(lambda text, flush: print(text, end="", file=stream, flush=flush))
        screen.show("x" * 500)
        written("half")
        screen.show("not now")
        written(" a line\n")
        screen.show("last")
        screen.erase()
        shown = ""
        while "last\r" not in shown:
            shown += os.read(reading, 10_000).decode()
    os.close(reading)
    line, rest = shown[4:].split("\r\x1b[K", 1)
    assert set(line) == {"x"}
    assert len(line) < 200
    assert rest.startswith("half a line\r\n\r\x1b[Klast\r")


def run(folder: Path, *options: str, terminal: bool = False) -> str:
    """The output of a run of pytest with four tests, the third of which fails."""
    (folder / "conftest.py").write_text(PLUGIN)
    (folder / "test_numbers.py").write_text(TESTS)
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p no:cacheprovider --color=no\n")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment |= {"PYTHONPATH": str(ROOT), "TERM": "xterm"}
    reading, writing = pty.openpty() if terminal else os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", *options],
        cwd=folder,
        env=environment,
        stdout=writing,
        stderr=subprocess.STDOUT,
    )
    os.close(writing)
    output = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            more = os.read(reading, 1 << 16)
        except OSError:  # a terminal without a program
            break
        if not more:
            break
        output += more
    os.close(reading)
    assert process.wait(60) == 1
    return output.decode()


@pytest.mark.parametrize(
    ("workers", "terminal"), [("0", True), ("1", False)], ids=["terminal", "pipe, with xdist"]
)
def test_a_run_shows_its_progress_without_dots(tmp_path: Path, workers: str, terminal: bool) -> None:
    """Nothing is between the heading and the failures but the line; the summary has the usual words."""
    output = run(tmp_path, "-n", workers, terminal=terminal)
    line = "\x1b[K[" if terminal else "cmdpoint: ["
    assert line in output
    assert "cases agree, 1 test failed" in output
    assert ("cmdpoint: [" in output) is not terminal
    progress, failures = output.split("= FAILURES =")
    assert "captured" not in progress
    body = progress.replace("\r", "\n").splitlines()[4:]
    others = [each for each in body if each.strip() and "cases agree" not in each]
    assert not [each for each in others if set(each) <= set(".F [10%]")]
    assert "test_numbers.py" not in progress
    assert "an odd even number" in failures
    assert "FAILED test_numbers.py::test_even_numbers[2]" in failures
    assert "1 failed, 3 passed" in failures


def test_quiet_output_has_the_dots_of_pytest(tmp_path: Path) -> None:
    """So has verbose output its names."""
    output = run(tmp_path, "-q")
    assert "..F." in output
    assert "cases agree" not in output
