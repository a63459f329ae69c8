"""Cache predictions by the behaviours that they depend on.

The search of `characterise` and the matrix of a report predict thousands of cases for many dialects, and most
cases depend on few behaviours. The fields of a dialect that predictions of a case read form a tree (see
`cmdpoint.oracle.dialect.reads`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any, Generic, TypeVar, cast

from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.comparison import LEVELS, Level, expected_at
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.reads import key, with_reads
from cmdpoint.oracle.outcome import Outcome, Prediction
from cmdpoint.oracle.predict import predict

Results = Mapping[Level, Outcome | ImageConfig]
"""The results of a case at some levels, predicted or observed."""

T = TypeVar("T")


def results_of(prediction: Prediction) -> Results:
    """The results of a prediction, at each level."""
    return {level: expected_at(level, prediction) for level in LEVELS}


@dataclass(slots=True)
class _Node:
    """A field that the prediction reads, and for each of its values the next node or what is cached."""

    name: str
    next: dict[Any, Any] = field(default_factory=dict)


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
            node = node.next.get(key(getattr(dialect, node.name)))
        if node is None:
            prediction, reads = with_reads(partial(predict, case), dialect)
            node = self._extract(prediction)
            self._store(case, reads, node)
        return cast("T", node)

    def behaviours_read(self, case: Case, dialect: Dialect) -> set[str]:
        """The fields that the prediction of a case reads in a dialect."""
        self.predict(case, dialect)
        names, node = set(), self._trees[case]
        while isinstance(node, _Node):
            names.add(node.name)
            node = node.next[key(getattr(dialect, node.name))]
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
