"""The engines of a test run: the controller finds or starts them, every worker connects to them."""

from collections.abc import Callable
from dataclasses import dataclass

from engines.engine import Engine
from engines.find import Found, find
from engines.labels import clear_abandoned, count


@dataclass(frozen=True, slots=True)
class Address:
    """How a worker reaches an engine.

    Attributes:
        name: What the engine is, such as `docker-20.10.24`.
        how: What to connect to: an address, or `host`.
        builders: What builds its images.
        client: How its `docker` command is called.
        runtimes: What can start its containers, besides its default.
    """

    name: str
    how: str
    builders: tuple[str, ...]
    client: tuple[str, ...]
    runtimes: tuple[str, ...]

    @property
    def places(self) -> list["Place"]:
        """The engine with each of its builders."""
        return [Place(self, builder) for builder in self.builders]

    @property
    def other_places(self) -> list["Place"]:
        """The engine with one builder and each runtime but its default."""
        return [Place(self, self.builders[0], runtime) for runtime in self.runtimes]


@dataclass(frozen=True, slots=True)
class Place:
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


class Fleet:
    """The engines that the controller found or started.

    Attributes:
        addresses: Where they are.
    """

    def __init__(self, names: list[str], progress: Callable[[str], None]) -> None:
        """Find or start engines, and clear what dead runs left in them.

        Args:
            names: As `engines.find.find` takes them.
            progress: Told what takes time.

        Raises:
            Fault: One cannot be had; those already started are stopped again.
        """
        self._found: list[tuple[Found, Engine]] = []
        self.addresses: list[Address] = []
        try:
            for name in names:
                self._add(name, progress)
        except BaseException:
            self.stop()
            raise

    def stop(self) -> int:
        """Clear what is left of this run's, and stop the private engines.

        Returns:
            How many containers and images of cmdpoint's remain in the engines of others.
        """
        left = 0
        for found, engine in self._found:
            if found.private is None:
                clear_abandoned(engine)
                left += count(engine)
            engine.close()
            found.stop()
        self._found.clear()
        return left

    def _add(self, name: str, progress: Callable[[str], None]) -> None:
        found = find(name, progress)
        engine = found.connect()
        self._found.append((found, engine))
        how = found.url if found.private or name not in ("auto", "host") else "host"
        self.addresses.append(Address(engine.name, how, engine.builders, found.client.argv, found.runtimes))
        progress(f"{engine.name} answers at {found.url}")
        if cleared := clear_abandoned(engine):
            progress(f"cleared {cleared} containers and images that an earlier run had left")
