"""The results that were observed, and how well a dialect explains them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain

from cmdpoint.characterise.experiment import Experiment
from cmdpoint.characterise.parameters import Parameter
from cmdpoint.oracle.comparison import agree
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.prediction_cache import PredictionCache, Results


@dataclass(slots=True)
class _View:
    """What is remembered of the dialect that was looked at last.

    Attributes:
        dialect: The dialect.
        count: The number of results at that time.
        explained: The experiments whose results it explains.
        unexplained: The other experiments that were run.
        read: The behaviours on which the predictions depend.
    """

    dialect: Dialect | None = None
    count: int = 0
    explained: list[Experiment] = field(default_factory=list)
    unexplained: list[Experiment] = field(default_factory=list)
    read: dict[Experiment, frozenset[str]] = field(default_factory=dict)


class Evidence:
    """The experiments with their predictions, and the results of those that were run.

    Few predictions depend on a given behaviour. Experiments of the rules that describe it are tried first.

    Attributes:
        observed: The experiments that were run, with their results.
    """

    def __init__(self, pool: Sequence[Experiment], cache: PredictionCache[Results]) -> None:
        """Begin without results.

        Args:
            pool: The experiments.
            cache: Predicts their cases.
        """
        self.observed: dict[Experiment, Results] = {}
        self._cached = {experiment: cache.of(experiment.case) for experiment in pool}
        self._last = _View()
        self._points: dict[tuple[Experiment, int], int] = {}

    def predict(self, experiment: Experiment, dialect: Dialect) -> Results:
        """The prediction of an experiment in a dialect."""
        return self._cached[experiment].predict(dialect)

    def reads(self, experiment: Experiment, dialect: Dialect) -> frozenset[str]:
        """The behaviours on which the prediction of an experiment depends in a dialect."""
        read = self._view(dialect).read
        if experiment not in read:
            read[experiment] = self._cached[experiment].behaviours_read(dialect)
        return read[experiment]

    def depending(
        self, some: Sequence[Experiment], dialect: Dialect, *parameters: Parameter
    ) -> Iterator[Experiment]:
        """The experiments whose prediction depends on the value of one of the parameters.

        Args:
            some: The experiments.
            dialect: The dialect of the prediction.
            parameters: The parameters. The experiments of the rules that describe them come first.
        """
        return self.reading(chain(*divided(some, parameters)), dialect, parameters)

    def reading(
        self, some: Iterable[Experiment], dialect: Dialect, parameters: Sequence[Parameter]
    ) -> Iterator[Experiment]:
        """The same, in the order of `some`."""
        names = {parameter.behaviour for parameter in parameters}
        read = self._view(dialect).read
        for experiment in some:
            known = read.get(experiment)
            if not names.isdisjoint(self.reads(experiment, dialect) if known is None else known):
                yield experiment

    def points(self, experiment: Experiment, dialect: Dialect) -> int:
        """The number of levels at which a dialect predicts what was observed."""
        predicted = self.predict(experiment, dialect)
        key = (experiment, id(predicted))  # the cache holds every prediction, so no id is used again
        if key not in self._points:
            observed = self.observed[experiment]
            self._points[key] = sum(agree(predicted[level], observed[level]) for level in experiment.levels)
        return self._points[key]

    def agrees(self, experiment: Experiment, dialect: Dialect) -> bool:
        """Whether a dialect explains the result of an experiment."""
        return self.points(experiment, dialect) == len(experiment.levels)

    def explained(self, dialect: Dialect) -> Sequence[Experiment]:
        """The experiments whose result a dialect explains."""
        return self._view(dialect).explained

    def unexplained(self, dialect: Dialect) -> Sequence[Experiment]:
        """The experiments whose result a dialect does not explain."""
        return self._view(dialect).unexplained

    def score(self, dialect: Dialect) -> int:
        """The number of results, over all experiments and levels, that a dialect predicts."""
        return sum(self.points(experiment, dialect) for experiment in self.observed)

    def scores_higher(self, other: Dialect, dialect: Dialect, *changed: Parameter) -> bool:
        """Whether a dialect has a higher score than one that differs in some parameters.

        Args:
            other: The dialect.
            dialect: The dialect that it is compared with.
            changed: The parameters in which they differ.
        """
        gain = 0
        for experiment in self.depending(self.unexplained(dialect), dialect, *changed):
            gain += self.points(experiment, other) - self.points(experiment, dialect)
        if gain <= 0:
            return False
        # Results that are explained can only lose.
        for experiment in self.depending(self.explained(dialect), dialect, *changed):
            gain += self.points(experiment, other) - self.points(experiment, dialect)
            if gain <= 0:
                return False
        return True

    def _view(self, dialect: Dialect) -> _View:
        if self._last.dialect is not dialect or self._last.count != len(self.observed):
            self._last = _View(dialect, len(self.observed))
            for each in self.observed:
                agrees = self.agrees(each, dialect)
                (self._last.explained if agrees else self._last.unexplained).append(each)
        return self._last


def divided(
    some: Sequence[Experiment], parameters: Sequence[Parameter]
) -> tuple[Iterator[Experiment], Iterator[Experiment]]:
    """The experiments of the rules that describe some parameters, and the others."""
    rules = _rules_of(*(parameter.behaviour for parameter in parameters))
    return (
        (experiment for experiment in some if experiment.rule in rules),
        (experiment for experiment in some if experiment.rule not in rules),
    )


@cache
def _rules_of(*names: str) -> frozenset[str]:
    """The rules that describe some behaviours."""
    return frozenset(rule for name in names for rule in behaviours()[name].rules)


def same(experiment: Experiment, one: Results, other: Results) -> bool:
    """Whether two results of an experiment are the same at every level that it has."""
    return one is other or all(agree(one[level], other[level]) for level in experiment.levels)
