"""Cache predictions by the behaviours that they depend on.

The search of `characterise` and the matrix of a report predict thousands of cases for many dialects, and most
cases depend on few behaviours. The cache records which fields of a dialect a prediction reads. The first
field is always the same for a case, and each further field depends only on the values of the fields before
it, so the reads form a tree.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from itertools import pairwise
from typing import Any, Final, NamedTuple, Self, cast

from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.comparison import LEVELS, Level, expected_at
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Outcome, Prediction
from cmdpoint.oracle.predict import predict

Results = Mapping[Level, Outcome | ImageConfig]
"""The results of a case at some levels, predicted or observed."""

_NAMES: Final = tuple(each.name for each in fields(Dialect))

_FIELDS: Final = frozenset(_NAMES)

_TARGET: Final = ("engine", "version", "builder", "runtime", "store")
"""The fields by which `Dialect.beside` looks up another builder's dialect."""


class _Leaf(NamedTuple):
    """A prediction, and its result at each level."""

    prediction: Prediction
    results: Results


@dataclass(slots=True)
class _Node:
    """A field that the prediction reads, and the next node or the results for each of its values."""

    name: str
    next: dict[Any, "_Node | _Leaf"] = field(default_factory=dict)


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


class PredictionCache:
    """Predicts cases, each once for all dialects with the same values in the fields that it reads."""

    def __init__(self) -> None:
        self._trees: dict[Case, _Node | _Leaf] = {}

    def predict(self, case: Case, dialect: Dialect) -> Prediction:
        """The prediction of a case in a dialect."""
        return self._leaf(case, dialect).prediction

    def results(self, case: Case, dialect: Dialect) -> Results:
        """The predicted results of a case in a dialect, at each level."""
        return self._leaf(case, dialect).results

    def _leaf(self, case: Case, dialect: Dialect) -> _Leaf:
        node = self._trees.get(case)
        while isinstance(node, _Node):
            node = node.next.get(_key(getattr(dialect, node.name)))
        if node is None:
            node, reads = _predicted(case, dialect)
            self._store(case, reads, node)
        return node

    def behaviours_read(self, case: Case, dialect: Dialect) -> set[str]:
        """The fields that the prediction of a case reads in a dialect."""
        self.predict(case, dialect)
        names, node = set(), self._trees[case]
        while isinstance(node, _Node):
            names.add(node.name)
            node = node.next[_key(getattr(dialect, node.name))]
        return names

    def _store(self, case: Case, reads: Mapping[str, Any], leaf: _Leaf) -> None:
        steps = list(reads.items())
        if not steps:
            self._trees[case] = leaf
            return
        node = self._trees.setdefault(case, _Node(steps[0][0]))
        for (name, value), (following, _) in pairwise(steps):
            assert isinstance(node, _Node)
            assert node.name == name, case
            node = node.next.setdefault(value, _Node(following))
        assert isinstance(node, _Node)
        node.next[steps[-1][1]] = leaf


def _predicted(case: Case, dialect: Dialect) -> tuple[_Leaf, Mapping[str, Any]]:
    reads: dict[str, Any] = {}
    prediction = predict(case, _recording(dialect, dialect, reads))
    return _Leaf(prediction, {level: expected_at(level, prediction) for level in LEVELS}), reads


def _key(value: Any) -> Any:
    return tuple(sorted(value.items())) if isinstance(value, dict) else value
