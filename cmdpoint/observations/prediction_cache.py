"""Cache predictions by the behaviours that they depend on.

The search of `characterise` and the matrix of a report predict thousands of cases for many dialects, and most
cases depend on few behaviours (see `cmdpoint.oracle.dialect.reads`).
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from typing import Generic, TypeVar

from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.comparison import LEVELS, Level, expected_at
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.reads import ReadTree
from cmdpoint.oracle.outcome import Outcome, Prediction
from cmdpoint.oracle.predict import predict

Results = Mapping[Level, Outcome | ImageConfig]
"""The results of a case at some levels, predicted or observed."""

T = TypeVar("T")


def results_of(prediction: Prediction) -> Results:
    """The results of a prediction, at each level."""
    return {level: expected_at(level, prediction) for level in LEVELS}


class PredictionCache(Generic[T]):
    """Predicts cases, each once for all dialects with the same values in the fields that it reads."""

    def __init__(self, extract: Callable[[Prediction], T]) -> None:
        """Create an empty cache.

        Args:
            extract: What is cached of a prediction; all of it takes much memory.
        """
        self._extract = extract
        self._trees: dict[Case, ReadTree[T]] = defaultdict(ReadTree)

    def predict(self, case: Case, dialect: Dialect) -> T:
        """What is cached of the prediction of a case in a dialect."""
        return self._trees[case].get(dialect, partial(self._compute, case))

    def behaviours_read(self, case: Case, dialect: Dialect) -> set[str]:
        """The fields that the prediction of a case reads in a dialect."""
        return self._trees[case].reads(dialect, partial(self._compute, case))

    def _compute(self, case: Case, dialect: Dialect) -> T:
        return self._extract(predict(case, dialect))
