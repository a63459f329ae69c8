"""Computations in several processes: their order, their errors, and a process that ends early."""

import os
import signal
from functools import partial

import pytest

from cmdpoint.report.processes import in_processes

HERE = os.getpid()


def test_results_are_in_order() -> None:
    """The first is computed in this process, each other one in another process."""
    first, *others = in_processes([os.getpid] * 3)
    assert first == HERE
    assert HERE not in others
    assert in_processes([partial(divmod, 17, by) for by in (2, 3, 5)]) == [(8, 1), (5, 2), (3, 2)]
    assert in_processes([os.getpid]) == [HERE]


def test_an_error_is_raised_here() -> None:
    """An error in another process is raised in this one."""
    with pytest.raises(ZeroDivisionError):
        in_processes([partial(divmod, 1, by) for by in (1, 0)])


def _end_elsewhere() -> int:
    if os.getpid() != HERE:
        os.kill(os.getpid(), signal.SIGKILL)
    return HERE


def test_a_process_that_ends_early() -> None:
    """What a killed process should have computed is computed in this process."""
    assert in_processes([os.getpid, _end_elsewhere]) == [HERE, HERE]
