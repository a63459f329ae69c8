"""The engines of a run: the controller finds or starts them, every worker connects to them."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Final

from cmdpoint.conformance.errors import responses_of
from cmdpoint.engines.cache import Progress
from cmdpoint.engines.distribution.names import every_engine
from cmdpoint.engines.driver.build import usable_builders
from cmdpoint.engines.driver.client_folder import sweep_client_folders
from cmdpoint.engines.driver.engine import Engine
from cmdpoint.engines.driver.labels import Owner, clear, clear_abandoned, count
from cmdpoint.engines.faults import EngineDied, Fault, Unreachable
from cmdpoint.engines.find import CONTAINER, RunningEngine, find
from cmdpoint.engines.private.process import PrivateEngine


@dataclass(frozen=True, slots=True)
class EngineAccess:
    """How a worker reaches an engine.

    Attributes:
        name: The product and version, such as `docker-20.10.24`.
        connect_to: The argument of `find`: an address, or `host`.
        builders: The builders of the engine that cmdpoint can use.
        client: Its command-line client, with the options that name the engine.
        runtimes: The runtimes of its containers besides the default.
        start_name: The name with which `cmdpoint engines run` finds or starts it again.
    """

    name: str
    connect_to: str
    builders: tuple[str, ...]
    client: tuple[str, ...]
    runtimes: tuple[str, ...]
    start_name: str

    @property
    def targets(self) -> list["TargetAccess"]:
        """The engine with each of its builders."""
        return [TargetAccess(self, builder) for builder in self.builders]

    @property
    def runtime_targets(self) -> list["TargetAccess"]:
        """The engine with its first builder and each runtime except the default."""
        return [TargetAccess(self, self.builders[0], runtime) for runtime in self.runtimes]

    def connect(self) -> Engine:
        """Connect to the engine, which answered the controller.

        Raises:
            Fault: It no longer answers, or its response cannot be used.
        """
        try:
            with responses_of(self.name):
                return find(self.connect_to).connect()
        except Unreachable as fault:
            what, remedy = f"{self.name} stopped answering", "look at the engine's own log, and run again"
            raise EngineDied(what, fault.why, remedy) from fault


@dataclass(frozen=True, slots=True)
class TargetAccess:
    """How a worker reaches a target.

    Attributes:
        engine: The engine.
        builder: `classic`, `buildkit` or `buildah`.
        runtime: A runtime other than the engine's default, such as `crun-1.21`; empty for the default.
    """

    engine: EngineAccess
    builder: str
    runtime: str = ""

    @property
    def runtime_name(self) -> str:
        """The runtime without its version; empty for the default."""
        return self.runtime.partition("-")[0]

    def __str__(self) -> str:
        name = f"{self.engine.name}/{self.builder}"
        return f"{name}/{self.runtime_name}" if self.runtime else name


Connected = tuple[RunningEngine, Engine, EngineAccess]
"""An engine that answers, a connection to it, and how workers reach it."""


LOGS: Final = Path(".cmdpoint/logs")
"""Where the logs of engines that ended during a run are saved."""


class Fleet:
    """The engines that the controller found or started.

    Attributes:
        engines: The engines, in the order in which they were named.
        failed: The fault of each engine that cannot be used, by the name that the user gave.
    """

    def __init__(self, names: list[str], progress: Progress) -> None:
        """Find or start engines, all at once, and remove everything of killed runs from them.

        Args:
            names: The names for `engines.find.find`, or `all` for every private engine.
            progress: Receives progress messages.

        Raises:
            Fault: No engine can be used; this is the fault of the first.
        """
        sweep_client_folders()
        every = every_engine(progress) if "all" in names else []
        names = list(dict.fromkeys(each for name in names for each in (every if name == "all" else [name])))
        self._connected: list[tuple[RunningEngine, Engine]] = []
        self.engines: list[EngineAccess] = []
        self.failed: dict[str, Fault] = {}
        results: Queue[tuple[str, Connected | BaseException]] = Queue()
        for name in names:
            # Daemon threads, so that the process does not wait for a download after Ctrl-C.
            Thread(target=_start, args=(name, progress, results), daemon=True).start()
        try:
            by_name = dict(results.get() for _ in names)
        except BaseException:
            self._add(results.queue)
            self.stop()
            raise
        self._add((name, by_name[name]) for name in names)
        if not self.engines:
            raise next(iter(self.failed.values()))

    def save_logs(self, folder: Path = LOGS) -> dict[str, Path]:
        """Save the logs of the private engines that ended during the run, before they are removed.

        Args:
            folder: Where the files are written; it is created if there are any.

        Returns:
            The file of each such engine, by its name.
        """
        saved: dict[str, Path] = {}
        for running, engine in self._connected:
            if isinstance(running.private, PrivateEngine) and not running.private.alive():
                folder.mkdir(parents=True, exist_ok=True)
                saved[engine.name] = folder / f"{engine.name}.log"
                saved[engine.name].write_text("\n".join([*running.private.log_lines(), ""]))
        return saved

    def stop(self) -> int:
        """Remove everything of this run, and stop the private engines.

        Returns:
            The number of cmdpoint's containers and images that remain in engines that this run did not start.
        """
        remaining = 0
        for running, engine in self._connected:
            if running.private is None:
                # If an engine died during the run, that was already reported.
                with suppress(Fault), responses_of(engine.name):
                    clear_abandoned(engine)
                    remaining += count(engine)
            engine.close()
        stops = [Thread(target=running.stop) for running, _ in self._connected]
        for stop in stops:
            stop.start()
        for stop in stops:
            stop.join()
        self._connected.clear()
        return remaining

    def _add(self, results: Iterable[tuple[str, Connected | BaseException]]) -> None:
        for name, result in results:
            if isinstance(result, Fault):
                self.failed[name] = result
            elif isinstance(result, BaseException):
                raise result
            else:
                running, engine, access = result
                self._connected.append((running, engine))
                self.engines.append(access)


def _start(name: str, progress: Progress, results: "Queue[tuple[str, Connected | BaseException]]") -> None:
    """Find or start one engine, and put it or the exception into a queue."""
    try:
        with responses_of(name):
            results.put((name, _connect(name, progress)))
    except BaseException as error:
        results.put((name, error))


def _connect(name: str, progress: Progress) -> Connected:
    running = find(name, progress)
    try:
        engine = running.connect()
        if cleared := clear_abandoned(engine):
            progress(f"removed {cleared} containers and images of an earlier run")
        owner = Owner.this_process()
        builders = usable_builders(engine, owner.labels)
        clear(engine, owner)
    except BaseException:
        running.stop()
        raise
    progress(f"{engine.name} answers at {running.url}")
    for builder in set(engine.builders) - set(builders):
        progress(f"{engine.name}/{builder} is left out: it builds only for a client with an open session")
    connect_to = running.url if running.private or name not in ("auto", "host") else "host"
    client = running.client(engine.product).argv
    start_name = connect_to
    if running.private:
        start_name = name if name.startswith(CONTAINER) else engine.name + "".join(name.partition("/")[1:])
    access = EngineAccess(engine.name, connect_to, builders, client, running.runtimes, start_name)
    return running, engine, access
