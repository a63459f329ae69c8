"""Worker processes that share the work of a measurement and report when each case is done."""

import multiprocessing
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Barrier
from typing import Any, Final, TypeVar

from cmdpoint.engines.driver.engine import Engine
from cmdpoint.engines.find import find

READY_SECONDS: Final = 120
"""How long the workers wait for each other."""

Item = TypeVar("Item")
Done = Callable[[], None]
"""Called once for each case that is done."""

Work = Callable[[Item, Done], None]
Progress = Callable[[int], None]
"""Receives the number of cases that are done."""


@dataclass(frozen=True, slots=True)
class Target:
    """A builder of an engine, as a worker reaches it.

    Attributes:
        how: The argument of `engines.find.find`: an address, or `host`.
        builder: `classic` or `buildkit`.
    """

    how: str
    builder: str

    @contextmanager
    def engine(self) -> Iterator[Engine]:
        """A connection of the worker's own."""
        found = find(self.how)
        engine = Engine(found.url, found.tls)
        try:
            yield engine
        finally:
            engine.close()


Prepare = Callable[[Target], AbstractContextManager[Work[Item]]]
"""Runs in a worker, and yields the function to call with each item."""


def rate(
    target: Target, workers: int, prepare: Prepare[Item], items: Sequence[Item], progress: Progress
) -> float:
    """Let several processes do the work; each takes the next item that no other has begun.

    Args:
        target: Where to do it.
        workers: The number of processes.
        prepare: Called in each process; it must be a function of a module, so that it can be pickled.
        items: The items of work.
        progress: Called twice a second.

    Returns:
        Cases a second, from when all are ready until the first finds no item left.
    """
    # A forked process would inherit the pipe that keeps a private engine alive.
    context = multiprocessing.get_context("spawn")
    shared = context.Value("i", 0), context.Value("i", 0), context.Barrier(workers)
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_share, initargs=shared) as pool:
        futures = [pool.submit(_work, target, prepare, items) for _ in range(workers)]
        while wait(futures, timeout=0.5).not_done:
            progress(shared[1].value)
        spans = [future.result() for future in futures]
    return steady_rate(spans)


def steady_rate(spans: Iterable[tuple[float, list[float], float]]) -> float:
    """Cases a second while all workers were busy.

    Args:
        spans: For each worker: when it began, when each of its cases was done, when it found no more items.
    """
    begins, times, ends = zip(*spans, strict=True)
    end = min(ends)
    done: int = sum(when <= end for worker in times for when in worker)
    return done / float(end - min(begins))


_shared: tuple["Synchronized[int]", "Synchronized[int]", Barrier]
"""In a worker: the number of the next item, the number of cases done, and a barrier for the start."""


def _share(*shared: Any) -> None:
    global _shared  # noqa: PLW0603 (a pool's initializer can only hand over through a global)
    _shared = shared


def _work(target: Target, prepare: Prepare[Item], items: Sequence[Item]) -> tuple[float, list[float], float]:
    following, finished, ready = _shared
    times: list[float] = []

    def done() -> None:
        times.append(time.monotonic())
        with finished.get_lock():
            finished.value += 1

    with prepare(target) as work:
        ready.wait(READY_SECONDS)
        begin = time.monotonic()
        while (index := _take(following)) < len(items):
            work(items[index], done)
        return begin, times, time.monotonic()


def _take(counter: "Synchronized[int]") -> int:
    with counter.get_lock():
        counter.value += 1
        return counter.value - 1
