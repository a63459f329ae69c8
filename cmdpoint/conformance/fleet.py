"""The engines of a test run: the controller finds or starts them, every worker connects to them."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from queue import Queue
from threading import Thread

from cmdpoint.engines.cache import Progress
from cmdpoint.engines.distribution.names import every_engine
from cmdpoint.engines.driver.build import usable_builders
from cmdpoint.engines.driver.client_folder import sweep_client_folders
from cmdpoint.engines.driver.engine import Engine
from cmdpoint.engines.driver.labels import Owner, clear, clear_abandoned, count
from cmdpoint.engines.faults import Fault
from cmdpoint.engines.find import RunningEngine, find


@dataclass(frozen=True, slots=True)
class Address:
    """How a worker reaches an engine.

    Attributes:
        name: What the engine is, such as `docker-20.10.24`.
        how: What to connect to: an address, or `host`.
        builders: What can be asked to build its images.
        client: How its `docker` command is called.
        runtimes: What can start its containers, besides its default.
    """

    name: str
    how: str
    builders: tuple[str, ...]
    client: tuple[str, ...]
    runtimes: tuple[str, ...]

    @property
    def targets(self) -> list["Target"]:
        """The engine with each of its builders."""
        return [Target(self, builder) for builder in self.builders]

    @property
    def other_targets(self) -> list["Target"]:
        """The engine with one builder and each runtime but its default."""
        return [Target(self, self.builders[0], runtime) for runtime in self.runtimes]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a test runs: an engine with a builder and a runtime.

    Attributes:
        address: The engine.
        builder: `classic` or `buildkit`.
        runtime: Another runtime than the engine's default, such as `crun-1.21`, or nothing.
    """

    address: Address
    builder: str
    runtime: str = ""

    def __str__(self) -> str:
        name = f"{self.address.name}/{self.builder}"
        return f"{name}/{self.runtime.partition('-')[0]}" if self.runtime else name


Started = tuple[RunningEngine, Engine, Address]
"""An engine that answers, connected."""


class Fleet:
    """The engines that the controller found or started.

    Attributes:
        addresses: Where they are, in the order in which they were named.
        failed: Those that cannot be had: what they were called, and why.
    """

    def __init__(self, names: list[str], progress: Progress) -> None:
        """Find or start engines, all at once, and clear what dead runs left in them.

        Args:
            names: As `engines.find.find` takes them, or `all` for every private engine there is.
            progress: Told what takes time.

        Raises:
            Fault: None of them can be had; this is what is wrong with the first.
        """
        sweep_client_folders()
        every = every_engine(progress) if "all" in names else []
        names = list(dict.fromkeys(each for name in names for each in (every if name == "all" else [name])))
        self._found: list[tuple[RunningEngine, Engine]] = []
        self.addresses: list[Address] = []
        self.failed: dict[str, Fault] = {}
        started: Queue[tuple[str, Started | BaseException]] = Queue()
        for name in names:
            # A thread that dies with the process: nobody who interrupts a download waits for it to end.
            Thread(target=_start, args=(name, progress, started), daemon=True).start()
        try:
            answers = dict(started.get() for _ in names)
        except BaseException:
            self._take(started.queue)
            self.stop()
            raise
        self._take((name, answers[name]) for name in names)
        if not self.addresses:
            raise next(iter(self.failed.values()))

    def stop(self) -> int:
        """Clear what is left of this run's, and stop the private engines.

        Returns:
            How many containers and images of cmdpoint's remain in the engines of others.
        """
        left = 0
        for found, engine in self._found:
            if found.private is None:
                # One that has died meanwhile was told of where it was missed.
                with suppress(Fault):
                    clear_abandoned(engine)
                    left += count(engine)
            engine.close()
        stops = [Thread(target=found.stop) for found, _ in self._found]
        for stop in stops:
            stop.start()
        for stop in stops:
            stop.join()
        self._found.clear()
        return left

    def _take(self, answers: Iterable[tuple[str, "Started | BaseException"]]) -> None:
        for name, answer in answers:
            if isinstance(answer, Fault):
                self.failed[name] = answer
            elif isinstance(answer, BaseException):
                raise answer
            else:
                found, engine, address = answer
                self._found.append((found, engine))
                self.addresses.append(address)


def _start(name: str, progress: Progress, started: "Queue[tuple[str, Started | BaseException]]") -> None:
    """Find or start one engine, and put it, or what is wrong with it, into a queue."""
    try:
        found = find(name, progress)
        try:
            engine = found.connect()
            if cleared := clear_abandoned(engine):
                progress(f"cleared {cleared} containers and images that an earlier run had left")
            owner = Owner.this_process()
            builders = usable_builders(engine, owner.labels)
            clear(engine, owner)
        except BaseException:
            found.stop()
            raise
    except BaseException as error:
        started.put((name, error))
        return
    progress(f"{engine.name} answers at {found.url}")
    for builder in set(engine.builders) - set(builders):
        progress(f"{engine.name}/{builder} is left out: it builds for a client that holds a session only")
    how = found.url if found.private or name not in ("auto", "host") else "host"
    address = Address(engine.name, how, builders, found.client(engine.product).argv, found.runtimes)
    started.put((name, (found, engine, address)))
