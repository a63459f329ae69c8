"""Worker processes that share the work of a measurement and report when each case is done."""

import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Barrier
from typing import Any, Final, TypeVar

from cmdpoint.engines.driver.engine import Engine
from cmdpoint.engines.find import find
from tests.bench.cpu import of_tree

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
        pid: The first process of a private engine; 0 for another one.
    """

    how: str
    builder: str
    pid: int = 0

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


@dataclass(frozen=True, slots=True)
class Measured:
    """A measurement.

    Attributes:
        rate: Cases a second, from when all workers are ready until the first finds no item left.
        workers_seconds: The seconds of processor time of the workers for all items.
        engine_seconds: Those of the engine and its containers; 0 if it is no private one.
    """

    rate: float
    workers_seconds: float
    engine_seconds: float


@dataclass(frozen=True, slots=True)
class _Span:
    """When a worker began, when each case was done, when it found no more items; its processor time."""

    begin: float
    times: list[float]
    end: float
    seconds: float


def measure(
    target: Target, workers: int, prepare: Prepare[Item], items: Sequence[Item], progress: Progress
) -> Measured:
    """Let several processes do the work; each takes the next item that no other has begun.

    Args:
        target: Where to do it.
        workers: The number of processes.
        prepare: Called in each process; it must be a function of a module, so that it can be pickled.
        items: The items of work.
        progress: Called twice a second.
    """
    # A forked process would inherit the pipe that keeps a private engine alive.
    context = multiprocessing.get_context("spawn")
    shared = context.Value("i", 0), context.Value("i", 0), context.Barrier(workers)
    engine_before = of_tree(target.pid) if target.pid else 0.0
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_share, initargs=shared) as pool:
        futures = [pool.submit(_work, target, prepare, items) for _ in range(workers)]
        while wait(futures, timeout=0.5).not_done:
            progress(shared[1].value)
        spans = [future.result() for future in futures]
    engine = of_tree(target.pid) - engine_before if target.pid else 0.0
    return Measured(_steady_rate(spans), sum(span.seconds for span in spans), engine)


def _steady_rate(spans: Sequence[_Span]) -> float:
    """Cases a second while all workers were busy."""
    end = min(span.end for span in spans)
    done = sum(when <= end for span in spans for when in span.times)
    return done / (end - min(span.begin for span in spans))


_shared: tuple["Synchronized[int]", "Synchronized[int]", Barrier]
"""In a worker: the number of the next item, the number of cases done, and a barrier for the start."""


def _share(*shared: Any) -> None:
    global _shared  # noqa: PLW0603 (a pool's initializer can only hand over through a global)
    _shared = shared


def _work(target: Target, prepare: Prepare[Item], items: Sequence[Item]) -> _Span:
    following, finished, ready = _shared
    times: list[float] = []

    def done() -> None:
        times.append(time.monotonic())
        with finished.get_lock():
            finished.value += 1

    with prepare(target) as work:
        ready.wait(READY_SECONDS)
        begin, before = time.monotonic(), time.process_time()
        while (index := _take(following)) < len(items):
            work(items[index], done)
        return _Span(begin, times, time.monotonic(), time.process_time() - before)


def _take(counter: "Synchronized[int]") -> int:
    with counter.get_lock():
        counter.value += 1
        return counter.value - 1
