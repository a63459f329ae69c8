"""Cache predictions by the behaviours that they depend on.

The search of `characterise` and the matrix of a report predict thousands of cases for many dialects, and most
cases depend on few behaviours. The cache records which fields of a dialect a prediction reads. The first
field is always the same for a case, and each further field depends only on the values of the fields before
it, so the reads form a tree.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from itertools import pairwise
from typing import Any, Final, Generic, Self, TypeVar, cast

from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.comparison import LEVELS, Level, expected_at
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Outcome, Prediction
from cmdpoint.oracle.predict import predict

Results = Mapping[Level, Outcome | ImageConfig]
"""The results of a case at some levels, predicted or observed."""

T = TypeVar("T")

_NAMES: Final = tuple(each.name for each in fields(Dialect))

_FIELDS: Final = frozenset(_NAMES)

_TARGET: Final = ("engine", "version", "builder", "runtime", "store")
"""The fields by which `Dialect.beside` looks up another builder's dialect."""


def results_of(prediction: Prediction) -> Results:
    """The results of a prediction, at each level."""
    return {level: expected_at(level, prediction) for level in LEVELS}


@dataclass(slots=True)
class _Node:
    """A field that the prediction reads, and for each of its values the next node or what is cached."""

    name: str
    next: dict[Any, Any] = field(default_factory=dict)


class _RecordingDialect(Dialect):
    """A dialect that records which of its fields are read; comparing it with another reads none."""

    __hash__ = object.__hash__
    __eq__ = object.__eq__

    def __getattribute__(self, name: str) -> Any:
        if name in _FIELDS:
            state = super().__getattribute__("__dict__")
            if "reads" in state:
                state["reads"].setdefault(name, _key(getattr(state["plain"], name)))
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


class PredictionCache(Generic[T]):
    """Predicts cases, each once for all dialects with the same values in the fields that it reads."""

    def __init__(self, extract: Callable[[Prediction], T]) -> None:
        """Create an empty cache.

        Args:
            extract: What is cached of a prediction; all of it takes much memory.
        """
        self._extract = extract
        self._trees: dict[Case, Any] = {}

    def predict(self, case: Case, dialect: Dialect) -> T:
        """What is cached of the prediction of a case in a dialect."""
        node: Any = self._trees.get(case)
        while isinstance(node, _Node):
            node = node.next.get(_key(getattr(dialect, node.name)))
        if node is None:
            reads: dict[str, Any] = {}
            node = self._extract(predict(case, _recording(dialect, dialect, reads)))
            self._store(case, reads, node)
        return cast("T", node)

    def behaviours_read(self, case: Case, dialect: Dialect) -> set[str]:
        """The fields that the prediction of a case reads in a dialect."""
        self.predict(case, dialect)
        names, node = set(), self._trees[case]
        while isinstance(node, _Node):
            names.add(node.name)
            node = node.next[_key(getattr(dialect, node.name))]
        return names

    def _store(self, case: Case, reads: Mapping[str, Any], cached: T) -> None:
        steps = list(reads.items())
        if not steps:
            self._trees[case] = cached
            return
        node = self._trees.setdefault(case, _Node(steps[0][0]))
        for (name, value), (following, _) in pairwise(steps):
            assert isinstance(node, _Node)
            assert node.name == name, case
            node = node.next.setdefault(value, _Node(following))
        assert isinstance(node, _Node)
        node.next[steps[-1][1]] = cached


def _key(value: Any) -> Any:
    return tuple(sorted(value.items())) if isinstance(value, dict) else value
