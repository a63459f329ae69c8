"""Remember results by what they read of a dialect.

Most results depend on few fields of a dialect, and of a list often on one word only. What is read first is
always the same, and each further read depends only on the values of those before it. So the reads form a
tree. A value that was not read cannot change the result.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from operator import attrgetter
from typing import Any, Final, Generic, TypeVar, cast

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.recording import Read, Record, RecordingDialect

T = TypeVar("T")

_MISSING: Final = object()


def with_reads(compute: Callable[[Dialect], T], dialect: Dialect) -> tuple[T, tuple[str, ...]]:
    """Compute something from a dialect, and record what it reads.

    Args:
        compute: A pure function of the dialect.
        dialect: The dialect.

    Returns:
        The result, and the names of the fields on which it depends, in the order of reading.
    """
    result, record = _recorded(compute, dialect)
    return result, tuple(dict.fromkeys(name for read in record for name in read.names))


def _recorded(compute: Callable[[Dialect], T], dialect: Dialect) -> tuple[T, Record]:
    record: Record = {}
    if isinstance(dialect, RecordingDialect):
        result, record = _recorded(compute, dialect.values)
        dialect.add(record)  # they are reads of the outer function, too
        return result, record
    return compute(RecordingDialect.of_values(dialect, dialect, record)), record


@dataclass(slots=True)
class _Node:
    """Something that is read, and for each of its values the next node or a leaf.

    The value that was looked up last is compared by identity first, because some values are long lists.
    """

    read: Read
    value: Callable[[Dialect], Any]
    next: "dict[Any, _Node | _Leaf]" = field(default_factory=dict)
    last_value: Any = _MISSING
    last_next: Any = _MISSING


@dataclass(slots=True, eq=False)
class _Leaf:
    """The result at the end of a path of reads, and the names of the fields on it, once they are needed."""

    result: Any
    names: frozenset[str] | None = None


@cache
def _reader(read: Read) -> Callable[[Dialect], Any]:
    """Returns the value of a read. Most are of a whole field, which C code looks up."""
    return read.value if read.builder or read.word is not None else attrgetter(read.field)


class ReadTree(Generic[T]):
    """The results of a pure function of a dialect, computed once for all dialects with the same reads."""

    __slots__ = ("_content", "_results", "_root")

    def __init__(self, content: Callable[[T], object] | None = None) -> None:
        """Create a tree without results.

        Args:
            content: Returns all that a result consists of, as a value that can be compared. Of several
                results with the same content, the tree returns the first; without the function, all differ.
        """
        self._content = content
        self._results: list[tuple[object, T]] = []
        self._root: Any = _MISSING

    def get(self, dialect: Dialect, compute: Callable[[Dialect], T]) -> T:
        """The result for a dialect.

        Args:
            dialect: The dialect.
            compute: The function; always the same for one tree.
        """
        if isinstance(dialect, RecordingDialect):
            result = self.get(dialect.values, compute)
            dialect.add(self._path(dialect.values))
            return result
        return cast("T", self._leaf(dialect, compute).result)

    def get_with_reads(self, dialect: Dialect, compute: Callable[[Dialect], T]) -> tuple[T, frozenset[str]]:
        """The result for a dialect, and the names of the fields on which it depends.

        Args:
            dialect: The dialect; not a recording one, which would miss these reads.
            compute: As for `get`.
        """
        leaf = self._leaf(dialect, compute)
        if leaf.names is None:
            leaf.names = frozenset(name for read in self._path(dialect) for name in read.names)
        return cast("T", leaf.result), leaf.names

    def _leaf(self, dialect: Dialect, compute: Callable[[Dialect], T]) -> _Leaf:
        node = self._root
        while type(node) is _Node:
            value = node.value(dialect)
            if value is node.last_value:
                node = node.last_next
                continue
            following = node.next.get(_key(value), _MISSING)
            if following is not _MISSING:
                node.last_value, node.last_next = value, following
            node = following
        if node is _MISSING:
            result, record = _recorded(compute, dialect)
            node = _Leaf(self._shared(result))
            self._store(record, node)
        return cast("_Leaf", node)

    def _path(self, dialect: Dialect) -> Record:
        """What the result for a dialect reads."""
        node, path = self._root, {}
        while type(node) is _Node:
            path[node.read] = value = node.value(dialect)
            node = node.next[_key(value)]
        return path

    def _shared(self, result: T) -> T:
        """An earlier result with the same content, or else this one."""
        if self._content is None:
            return result
        content = self._content(result)
        for known, earlier in self._results:
            if known == content:
                return earlier
        self._results.append((content, result))
        return result

    def _store(self, record: Record, leaf: _Leaf) -> None:
        steps = [(read, _key(value)) for read, value in record.items()]
        if not steps:
            self._root = leaf
            return
        if self._root is _MISSING:
            self._root = _Node(steps[0][0], _reader(steps[0][0]))
        node = self._root
        for (read, value), (following, _) in pairwise(steps):
            assert node.read == read
            after = node.next.get(value)
            if after is None:
                after = node.next[value] = _Node(following, _reader(following))
            node = after
        node.next[steps[-1][1]] = leaf


def _key(value: Any) -> Any:
    return tuple(sorted(value.items())) if type(value) is dict else value
