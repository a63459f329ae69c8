"""The parameters of a dialect that are inferred: the behaviours, each with all its known values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args, get_origin, get_type_hints

from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.data import dialect_data
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.known import known_dialects
from cmdpoint.oracle.dialect.unknown import UnknownDialect
from cmdpoint.oracle.dialect.values import Behaviours


@dataclass(frozen=True, slots=True)
class Parameter:
    """A behaviour, or one key of a behaviour that is a table.

    Attributes:
        behaviour: The behaviour.
        key: The key; empty if the behaviour is not a table.
        values: The known values.
    """

    behaviour: str
    key: str
    values: tuple[Any, ...]

    def __str__(self) -> str:
        return f"{self.behaviour}.{self.key}" if self.key else self.behaviour

    def value(self, dialect: Dialect) -> Any:
        """The value in a dialect."""
        value = getattr(dialect, self.behaviour)
        return value.get(self.key) if self.key else value

    def with_value(self, dialect: Dialect, value: Any) -> Dialect:
        """The same dialect with another value for this parameter."""
        if self.key:
            value = {**getattr(dialect, self.behaviour), self.key: value}
        return dialect.with_values({self.behaviour: value})


def parameters(engine: str) -> tuple[Parameter, ...]:
    """All parameters of an engine.

    Args:
        engine: `docker` or `podman`; each has its own codes for a failed start.
    """
    known = [each for each in known_dialects() if each.engine == engine]
    dialects = [*known_dialects(), *(other for each in known[-1:] for other in with_runtimes(each))]
    found: dict[tuple[str, str], dict[Any, None]] = {}
    for name in behaviours():
        for dialect in dialects:
            value = getattr(dialect, name)
            if name == "unknown_run_options" and dialect.engine != engine:
                continue  # each product has a client of its own
            if not isinstance(value, Mapping):
                found.setdefault((name, ""), {})[value] = None
            elif dialect.engine == engine:
                for key, numbers in value.items():
                    found.setdefault((name, key), {})[numbers] = None
    for name, kind in get_type_hints(Behaviours).items():
        if get_origin(kind) is Literal:  # the oracle may have a value that no row has
            found[name, ""] |= dict.fromkeys(get_args(kind))
    return tuple(Parameter(name, key, tuple(values)) for (name, key), values in found.items())


def with_runtimes(dialect: Dialect) -> list[Dialect]:
    """A dialect with each runtime, at each version in which the runtime changed."""
    names = [f"{row['name']}-{row['since']}" for row in dialect_data()["runtime"]]
    return [
        Dialect.of(dialect.engine, dialect.version, dialect.builder, name, dialect.store) for name in names
    ]


def described_dialect(engine: str, version: str, builder: str, runtime: str, store: str) -> Dialect | None:
    """The dialect of a target in the data file; None if no row describes it.

    If no row describes the runtime, the engine's default runtime is used instead.
    """
    for known in (runtime or None, None):
        try:
            return Dialect.of(engine, version, builder, known, store)
        except UnknownDialect:
            continue
    return None
