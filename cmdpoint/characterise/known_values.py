"""What can be told of a dialect one by one: its behaviours, with all the values that are known of each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.data import dialect_data
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.known import known_dialects
from cmdpoint.oracle.dialect.unknown import UnknownDialect


@dataclass(frozen=True, slots=True)
class Trait:
    """A behaviour, or one key of a behaviour that is a table.

    Attributes:
        behaviour: Its name.
        key: The key; empty where the value is no table.
        values: The known values.
    """

    behaviour: str
    key: str
    values: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{self.behaviour}.{self.key}" if self.key else self.behaviour

    def of(self, dialect: Dialect) -> Any:
        """Its value in a dialect."""
        value = getattr(dialect, self.behaviour)
        return value.get(self.key) if self.key else value

    def put(self, dialect: Dialect, value: Any) -> Dialect:
        """The dialect in which it has another value, and all else is the same."""
        if self.key:
            value = {**getattr(dialect, self.behaviour), self.key: value}
        return replace(dialect, **{self.behaviour: value})


def traits(engine: str) -> tuple[Trait, ...]:
    """All of them.

    Args:
        engine: `docker` or `podman`; the numbers of a start that is refused are known of each apart.
    """
    known = [each for each in known_dialects() if each.engine == engine]
    dialects = [*known_dialects(), *(other for each in known[-1:] for other in with_runtimes(each))]
    found: dict[tuple[str, str], dict[Any, None]] = {}
    for name in behaviours():
        for dialect in dialects:
            value = getattr(dialect, name)
            if not isinstance(value, Mapping):
                found.setdefault((name, ""), {})[value] = None
            elif dialect.engine == engine:
                for key, numbers in value.items():
                    found.setdefault((name, key), {})[numbers] = None
    return tuple(Trait(name, key, tuple(values)) for (name, key), values in found.items())


def with_runtimes(dialect: Dialect) -> list[Dialect]:
    """An engine with each runtime, at each version from which on that behaves otherwise."""
    names = [f"{row['name']}-{row['since']}" for row in dialect_data()["runtime"]]
    return [
        Dialect.of(dialect.engine, dialect.version, dialect.builder, name, dialect.store) for name in names
    ]


def of_place(engine: str, version: str, builder: str, runtime: str, store: str) -> Dialect | None:
    """What the data file says of a place, or None where it has no row for it.

    Of a runtime that it does not know, what the engine's usual one does is taken.
    """
    for known in (runtime or None, None):
        try:
            return Dialect.of(engine, version, builder, known, store)
        except UnknownDialect:
            continue
    return None
