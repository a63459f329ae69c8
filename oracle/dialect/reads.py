"""A dialect that records which of its fields a prediction reads.

The first field is always the same for a case, and each further one depends only on the values of those before
it. A value that a prediction does not read cannot change it.
"""

from collections.abc import Callable
from dataclasses import fields
from typing import Any, Final, Self, TypeVar, cast

from cmdpoint.oracle.dialect.dialect import Dialect

T = TypeVar("T")

_NAMES: Final = tuple(each.name for each in fields(Dialect))

_FIELDS: Final = frozenset(_NAMES)

_TARGET: Final = ("engine", "version", "builder", "runtime", "store")
"""The fields by which `Dialect.beside` looks up another builder's dialect."""


def with_reads(compute: Callable[[Dialect], T], dialect: Dialect) -> tuple[T, dict[str, Any]]:
    """Compute something from a dialect, and record what it reads.

    Args:
        compute: A pure function of the dialect.
        dialect: The dialect.

    Returns:
        The result, and for each field that was read its value as `key` returns it, in the order of reading.
    """
    reads: dict[str, Any] = {}
    return compute(_recording(dialect, dialect, reads)), reads


def key(value: Any) -> Any:
    """The value of a field in a form that can be hashed."""
    return tuple(sorted(value.items())) if isinstance(value, dict) else value


class _RecordingDialect(Dialect):
    """A dialect that records which of its fields are read; comparing it with another reads none."""

    __hash__ = object.__hash__
    __eq__ = object.__eq__

    def __getattribute__(self, name: str) -> Any:
        if name in _FIELDS:
            state = super().__getattribute__("__dict__")
            if "reads" in state:
                state["reads"].setdefault(name, key(getattr(state["plain"], name)))
        return super().__getattribute__(name)

    def beside(self, builder: str) -> Self:
        """The dialect of another builder; its reads count as reads of this dialect."""
        for name in _TARGET:
            getattr(self, name)
        plain = self.__dict__["plain"]
        return cast("Self", _recording(plain.beside(builder), plain, self.__dict__["reads"]))


def _recording(values: Dialect, plain: Dialect, reads: dict[str, Any]) -> _RecordingDialect:
    """A dialect that records its reads.

    Args:
        values: The values that it returns.
        plain: The dialect from which the recorded values are taken.
        reads: The record: values by field.
    """
    dialect = _RecordingDialect(**{name: getattr(values, name) for name in _NAMES})
    dialect.__dict__.update(plain=plain, reads=reads)
    return dialect
