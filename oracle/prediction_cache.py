"""Cache predictions by the behaviours that they depend on.

The search of `characterise` and the matrix of a report predict thousands of cases for many dialects, and most
cases depend on few behaviours (see `cmdpoint.oracle.dialect.reads`).
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Generic, TypeVar

from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.comparison import LEVELS, Level, expected_at
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.reads import ReadTree
from cmdpoint.oracle.outcome import Outcome, Prediction
from cmdpoint.oracle.predict import Images, images_of, predict_run

Results = Mapping[Level, Outcome | ImageConfig]
"""The results of a case at some levels, predicted or observed."""

T = TypeVar("T")


def results_of(prediction: Prediction) -> Results:
    """The results of a prediction, at each level."""
    return {level: expected_at(level, prediction) for level in LEVELS}


class CachedCase(Generic[T]):
    """Predicts one case, once for all dialects with the same images and the same reads of its run."""

    __slots__ = ("_case", "_extract", "_images", "_runs")

    def __init__(self, case: Case, extract: Callable[[Prediction], T]) -> None:
        """Predict nothing yet.

        Args:
            case: The case.
            extract: What is cached of a prediction.
        """
        self._case = case
        self._extract = extract
        self._images: ReadTree[Images] = ReadTree()
        self._runs: dict[Images, ReadTree[T]] = {}

    def predict(self, dialect: Dialect) -> T:
        """What is cached of the prediction in a dialect."""
        images = self._images.get(dialect, self._make_images)
        return self._tree(images).get(dialect, partial(self._run, images))

    def behaviours_read(self, dialect: Dialect) -> frozenset[str]:
        """The fields that the prediction reads in a dialect."""
        images, of_images = self._images.get_with_reads(dialect, self._make_images)
        _, of_run = self._tree(images).get_with_reads(dialect, partial(self._run, images))
        return of_images | of_run

    def _tree(self, images: Images) -> ReadTree[T]:
        tree = self._runs.get(images)
        if tree is None:
            tree = self._runs[images] = ReadTree()
        return tree

    def _make_images(self, dialect: Dialect) -> Images:
        return images_of(self._case.images, dialect, None)

    def _run(self, images: Images, dialect: Dialect) -> T:
        return self._extract(predict_run(images, self._case, dialect, has_bases=False))


class PredictionCache(Generic[T]):
    """Predicts cases, each once for all dialects with the same values in the fields that it reads."""

    def __init__(self, extract: Callable[[Prediction], T]) -> None:
        """Create an empty cache.

        Args:
            extract: What is cached of a prediction; all of it takes much memory.
        """
        self._extract = extract
        self._cases: dict[Case, CachedCase[T]] = {}

    def of(self, case: Case) -> CachedCase[T]:
        """The predictions of a case. To hold on to them avoids comparing the case again and again."""
        found = self._cases.get(case)
        if found is None:
            found = self._cases[case] = CachedCase(case, self._extract)
        return found

    def predict(self, case: Case, dialect: Dialect) -> T:
        """What is cached of the prediction of a case in a dialect."""
        return self.of(case).predict(dialect)

    def behaviours_read(self, case: Case, dialect: Dialect) -> frozenset[str]:
        """The fields that the prediction of a case reads in a dialect."""
        return self.of(case).behaviours_read(dialect)
