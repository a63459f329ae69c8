"""Remember results by what they read of a dialect.

Most results depend on few fields of a dialect. The field that is read first is always the same, and each
further one depends only on the values of those before it, so the fields that are read form a tree. A value
that was not read cannot change the result.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from itertools import pairwise
from typing import Any, Final, Generic, Self, TypeVar, cast

from cmdpoint.oracle.dialect.dialect import Dialect

T = TypeVar("T")

_FIELDS: Final = frozenset(each.name for each in fields(Dialect))

_TARGET: Final = ("engine", "version", "builder", "runtime", "store")
"""The fields by which `Dialect.beside` looks up another builder's dialect."""

_MISSING: Final = object()


def with_reads(compute: Callable[[Dialect], T], dialect: Dialect) -> tuple[T, dict[str, Any]]:
    """Compute something from a dialect, and record what it reads.

    Args:
        compute: A pure function of the dialect.
        dialect: The dialect.

    Returns:
        The result, and for each field that was read its value, in the order of reading.
    """
    reads: dict[str, Any] = {}
    values = dialect.values if isinstance(dialect, _RecordingDialect) else dialect
    result = compute(_RecordingDialect.of_values(values, values, reads))
    if values is not dialect:
        for name in reads:  # they are reads of the outer function, too
            getattr(dialect, name)
    return result, reads


@dataclass(slots=True)
class _Node:
    """A field that is read, and for each of its values the next node or the result.

    The value that was looked up last is compared by identity first, because some values are long lists.
    """

    name: str
    next: dict[Any, Any] = field(default_factory=dict)
    last_value: Any = _MISSING
    last_next: Any = _MISSING


class ReadTree(Generic[T]):
    """The results of a pure function of a dialect, computed once for all dialects with the same reads."""

    __slots__ = ("_root",)

    def __init__(self) -> None:
        """Create a tree without results."""
        self._root: Any = _MISSING

    def get(self, dialect: Dialect, compute: Callable[[Dialect], T]) -> T:
        """The result for a dialect.

        Args:
            dialect: The dialect.
            compute: The function; always the same for one tree.
        """
        node = self._root
        while type(node) is _Node:
            value = getattr(dialect, node.name)
            if value is node.last_value:
                node = node.last_next
                continue
            following = node.next.get(_key(value), _MISSING)
            if following is not _MISSING:
                node.last_value, node.last_next = value, following
            node = following
        if node is _MISSING:
            node, reads = with_reads(compute, dialect)
            self._store(reads, node)
        return cast("T", node)

    def reads(self, dialect: Dialect, compute: Callable[[Dialect], T]) -> set[str]:
        """The names of the fields on which the result for a dialect depends."""
        self.get(dialect, compute)
        names, node = set(), self._root
        while type(node) is _Node:
            names.add(node.name)
            node = node.next[_key(getattr(dialect, node.name))]
        return names

    def _store(self, reads: dict[str, Any], result: T) -> None:
        steps = [(name, _key(value)) for name, value in reads.items()]
        if not steps:
            self._root = result
            return
        if self._root is _MISSING:
            self._root = _Node(steps[0][0])
        node = self._root
        for (name, value), (following, _) in pairwise(steps):
            assert node.name == name
            node = node.next.setdefault(value, _Node(following))
        node.next[steps[-1][1]] = result


def _key(value: Any) -> Any:
    return tuple(sorted(value.items())) if type(value) is dict else value


class _RecordingDialect(Dialect):
    """A dialect that records which of its fields are read; comparing it with another reads none.

    Its fields are empty until they are read.

    Attributes:
        values: The dialect whose values it returns.
        plain: The dialect whose values are recorded.
        record: The record: values by field.
    """

    __slots__ = ("plain", "record", "values")
    values: Dialect
    plain: Dialect
    record: dict[str, Any]

    __hash__ = object.__hash__
    __eq__ = object.__eq__

    @classmethod
    def of_values(cls, values: Dialect, plain: Dialect, record: dict[str, Any]) -> Self:
        """A dialect with the given attributes."""
        dialect = object.__new__(cls)
        object.__setattr__(dialect, "values", values)
        object.__setattr__(dialect, "plain", plain)
        object.__setattr__(dialect, "record", record)
        return dialect

    def __getattr__(self, name: str) -> Any:
        """The value of a field that is read for the first time."""
        if name not in _FIELDS:
            raise AttributeError(name)
        value = getattr(self.values, name)
        self.record.setdefault(name, getattr(self.plain, name))
        object.__setattr__(self, name, value)
        return value

    def beside(self, builder: str) -> Self:
        """The dialect of another builder; its reads count as reads of this dialect."""
        if not self.has_other(builder):
            return self
        for name in _TARGET:
            getattr(self, name)
        return self.of_values(self.values.beside(builder), self.plain, self.record)

    def with_values(self, values: Mapping[str, Any]) -> Self:
        """The dialect with other values; what is read of it counts as read of this dialect."""
        return self.of_values(self.values.with_values(values), self.plain, self.record)
