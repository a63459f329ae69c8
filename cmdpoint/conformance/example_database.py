"""The database in which Hypothesis stores what diverges. Several runs on several machines may share it."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Final, TypeVar, cast

import hypothesis
import pytest
from hypothesis.database import DirectoryBasedExampleDatabase, ExampleDatabase

from cmdpoint.conformance.errors import HarnessFault
from cmdpoint.engines.faults import Fault, Unreachable

T = TypeVar("T")

_REDIS: Final = ("redis://", "rediss://", "unix://")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names the database."""
    parser.getgroup("cmdpoint").addoption(
        "--example-database",
        metavar="DATABASE",
        help="where to store what diverges, which every later run tries first: a folder, or the address of a "
        "Redis server such as redis://HOST:6379/0; several runs may share it (default: .cmdpoint/examples)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Check the database before the run."""
    try:
        opened(config.getoption("--example-database"))
    except Fault as fault:
        raise pytest.UsageError(str(fault)) from fault


def opened(address: str | None) -> ExampleDatabase:
    """The database at an address.

    Args:
        address: A folder, or the address of a Redis server; None for Hypothesis's own database.

    Raises:
        Fault: The library for it is not installed, or no server answers.
    """
    if address is None:
        return cast("ExampleDatabase", hypothesis.settings().database)
    if address.startswith(_REDIS):
        return _redis(address)
    return DirectoryBasedExampleDatabase(Path(address).absolute())


class NamedDatabase(ExampleDatabase):
    """The entries of one name in another database.

    Hypothesis derives its keys from the source text of a test. All properties have the same, and each would
    remove the entries of the others.
    """

    def __init__(self, database: ExampleDatabase, name: str) -> None:
        """Create a database within another.

        Args:
            database: The other database.
            name: The name of a property and a target, the same in all runs.
        """
        super().__init__()
        self._database = database
        self._name = f"{name}:".encode()

    def save(self, key: bytes, value: bytes) -> None:
        """Store a value."""
        with _usable():
            self._database.save(self._name + key, value)

    def fetch(self, key: bytes) -> Iterable[bytes]:
        """The stored values of a key."""
        with _usable():
            return list(self._database.fetch(self._name + key))

    def delete(self, key: bytes, value: bytes) -> None:
        """Remove a value."""
        with _usable():
            self._database.delete(self._name + key, value)


@contextmanager
def _usable() -> Iterator[None]:
    """Raise an error of the database as a harness fault, because it is no verdict on the engine."""
    try:
        yield
    except Exception as error:
        raise HarnessFault(_unreachable(error)) from error


def _unreachable(error: Exception) -> Fault:
    return Unreachable(
        "the example database cannot be used",
        f"{type(error).__name__}: {error}",
        "check the address of --example-database, or leave the option out",
    )


@cache
def _redis(address: str) -> ExampleDatabase:
    """The database on a Redis server; see `opened` for the errors."""
    try:
        server = import_module("redis").Redis.from_url(address)
    except ModuleNotFoundError as error:
        raise Fault(
            "the example database cannot be used",
            "the library redis is not installed",
            "pip install redis, or name a folder with --example-database",
        ) from error
    try:
        server.ping()
    except Exception as error:
        raise _unreachable(error) from error
    new = cast(
        "Callable[[object], ExampleDatabase]", import_module("hypothesis.extra.redis").RedisExampleDatabase
    )
    return new(server)
