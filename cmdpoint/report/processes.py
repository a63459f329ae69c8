"""Compute several things at once, each in a process."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Final, TypeVar, cast

T = TypeVar("T")

_computed: list[Sequence[Callable[[], object]]] = []
"""What the processes compute: a forked one inherits it, so it need not be sent."""

MOST: Final = 4
"""The maximum number of processes; more of them take longer to start than they save."""


def available() -> int:
    """How many processes compute at once: one for each core, where a process can be forked."""
    if "fork" not in multiprocessing.get_all_start_methods() or not hasattr(os, "sched_getaffinity"):
        return 1
    return min(MOST, len(os.sched_getaffinity(0)))


def in_processes(computations: Sequence[Callable[[], T]]) -> list[T]:
    """Compute several things: the first in this process, each other one in a forked process.

    Args:
        computations: What to compute; at least one. The results of all but the first can be pickled.

    Returns:
        The results, in order. What a process computed that ended early is computed again.
    """
    first, *others = computations
    if not others:
        return [first()]
    _computed.append(others)
    fork = multiprocessing.get_context("fork")
    try:
        with ProcessPoolExecutor(len(others), fork, _ignore_interrupts) as pool:
            futures = [pool.submit(_compute, at) for at in range(len(others))]
            results = [first()]
            for future, compute in zip(futures, others, strict=True):
                try:
                    results.append(cast("T", future.result()))
                except BrokenProcessPool:
                    results.append(compute())
        return results
    finally:
        _computed.pop()


def _compute(at: int) -> object:
    return _computed[-1][at]()


def _ignore_interrupts() -> None:
    """Leave Ctrl-C to the first process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
