"""The benchmark counts only what ends as predicted, and its table says what is not measured."""

import os
import subprocess
import sys
import time

import pytest

from cmdpoint.conformance.profiles import load_profiles
from cmdpoint.oracle import Dialect, Outcome, Process, Refusal
from cmdpoint.oracle.comparison import LEVELS
from tests.bench.cpu import of_tree
from tests.bench.naive import ends_as
from tests.bench.power import chosen_and_drawn
from tests.bench.table import Compared, Results, render

REFUSED = Refusal("create", "no-command", "")


@pytest.mark.parametrize(
    ("outcome", "exit_code", "output", "as_predicted"),
    [
        (Process(("/a", "")), 0, b"/a\0\0", True),
        (Process(("/a", "")), 0, b"/a\0", False),
        (Process(("/a",)), 1, b"/a\0", False),
        (Process(("/a",)), 125, b"", False),
        (REFUSED, 125, b"", True),
        (REFUSED, 1, b"", False),  # such as that of `docker build` without buildx
        (REFUSED, 0, b"/a\0", False),
    ],
)
def test_an_ending_is_compared_with_the_prediction(
    outcome: Outcome, exit_code: int, output: bytes, as_predicted: bool
) -> None:
    """A refusal needs the exit code of one, and a process its argv."""
    assert ends_as(outcome, subprocess.CompletedProcess([], exit_code, output, b"")) == as_predicted


def test_the_table_says_what_is_not_measured() -> None:
    """Without a script there is neither its rate nor a ratio, for the mean either."""
    compared = Compared(tests=9.0, alone=10.0, cpu=2.0, power=30.0, power_as_drawn=20.0)
    levels = dict.fromkeys(LEVELS, compared)
    one, other = (
        Results(builder=builder, script=script, levels=levels, predictions=1.0, typical=2.0)
        for builder, script in (("classic", 3.0), ("buildkit", None))
    )
    lines = [line.split() for line in render([one, other]).splitlines() if line]
    assert ["script,", "cases/s", "3.0", "-", "-"] in lines
    assert ["tests/script,", "goal", "4", "3.00", "-", "-"] in lines
    assert lines.count(["tests/engine,", "goal", "0.9", "0.90", "0.90", "0.90"]) == len(LEVELS)


@pytest.mark.slow
def test_chosen_cases_reach_more_than_as_many_that_are_drawn() -> None:
    """The power of a run is that of its choice."""
    load_profiles()
    chosen, drawn = chosen_and_drawn("planned", 40, Dialect.newest())
    counts = [sum(example.count("planned") for example in each.examples) for each in (chosen, drawn)]
    assert counts == [40, 40]
    assert chosen.features > drawn.features > 0


def test_the_time_of_a_process_has_that_of_its_children() -> None:
    """Also of those that have ended, as containers have."""
    begin, own = time.monotonic(), os.times()
    work = "sum(range(10**7))"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {work!r}]); print(); input()"
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        seconds = of_tree(process.pid)
        process.communicate(b"\n")
    spent = os.times()
    children = spent.children_user + spent.children_system - own.children_user - own.children_system
    assert 0.02 < seconds <= children + 0.05
    assert seconds < time.monotonic() - begin
