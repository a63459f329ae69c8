"""Infer the value of each behaviour from the results of cases on an engine.

Only cases whose result depends on an undecided value are run. The search chooses such cases for its current
dialect, runs them, moves to the dialect that explains the results best, and repeats this until no case that
decides a value is left.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

from cmdpoint.characterise.experiment import Experiment
from cmdpoint.characterise.parameters import Parameter
from cmdpoint.observations.prediction_cache import PredictionCache, Results
from cmdpoint.oracle.comparison import agree
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.dialect import Dialect

Observe = Callable[[Experiment], Results]
"""Runs an experiment on the engine and returns its result at each level."""

ROUNDS: Final = 12
"""The maximum number of rounds. No round repeats an experiment, so few are needed in practice."""

CONSIDERED: Final = 4
"""How many experiments are considered for each value to rule out. With more, the search runs a few less."""


@dataclass(frozen=True, slots=True)
class InferenceResult:
    """The inferred dialect of a builder of an engine.

    Attributes:
        dialect: The dialect that explains the most results.
        nearest: The described dialect that explains the most results.
        agreeing: How many experiments `dialect` and `nearest` explain.
        observations: The experiments that were run, with their results.
        undecided: The parameters for which other values explain as much, with those values.
        alternatives: For a changed parameter, another one that would explain as much, with its value.
        without_effect: The parameters that no case depends on, given the other values.
        unexplained: The experiments whose result no known value explains.
    """

    dialect: Dialect
    nearest: Dialect
    agreeing: tuple[int, int]
    observations: tuple[tuple[Experiment, Results], ...]
    undecided: tuple[tuple[Parameter, tuple[Any, ...]], ...]
    alternatives: tuple[tuple[Parameter, Parameter, Any], ...]
    without_effect: tuple[Parameter, ...]
    unexplained: tuple[Experiment, ...]


class Inference:
    """The search for the dialect of one builder."""

    def __init__(
        self,
        pool: Sequence[Experiment],
        parameters: Sequence[Parameter],
        cache: PredictionCache[Results],
        observe: Observe,
    ) -> None:
        """Prepare the search.

        Args:
            pool: The experiments that can be run, the fastest first.
            parameters: The parameters to infer.
            cache: Predicts experiments.
            observe: Runs experiments.
        """
        self._pool = pool
        self._parameters = parameters
        self._cache = cache
        self._observe = observe
        self._observed: dict[Experiment, Results] = {}
        self._read: tuple[Dialect | None, dict[Experiment, set[str]]] = (None, {})

    def run(self, start: Dialect, known: Sequence[Dialect], *, everything: bool = False) -> InferenceResult:
        """Search.

        Args:
            start: The first dialect; its values change only if an observation contradicts them.
            known: The described dialects that can be the nearest one.
            everything: Whether to run the whole pool, not only the experiments that decide a value.
        """
        dialect = start
        for _ in range(ROUNDS):
            chosen = self._choose(start, dialect)
            if not self._observed:
                more = self._pool if everything else self._one_of_each_rule(chosen)
                chosen = list(dict.fromkeys([*chosen, *more]))
            if not chosen:
                break
            for experiment in chosen:
                self._observed[experiment] = self._observe(experiment)
            nearest = max((start, *known), key=self._score)
            # Of two equal scores, that from a described dialect counts, because wrong values can compensate.
            best = max((self._climb(_renamed(nearest, start)), self._climb(dialect)), key=self._score)
            dialect = self._towards(start, best)
        return self._result(start, known, dialect)

    def _result(self, start: Dialect, known: Sequence[Dialect], dialect: Dialect) -> InferenceResult:
        nearest = max((start, *known), key=self._score)
        read = {name for each in self._pool for name in self._cache.behaviours_read(each.case, dialect)}
        undecided: dict[Parameter, list[Any]] = {}
        for parameter, value in self._undecided_values(dialect):
            undecided.setdefault(parameter, []).append(value)
        return InferenceResult(
            dialect,
            nearest,
            (self._explained(dialect), self._explained(nearest)),
            tuple(self._observed.items()),
            tuple((each, tuple(values)) for each, values in undecided.items() if each.behaviour in read),
            tuple((one, other, value) for one, other, value, _ in self._alternatives(start, dialect)),
            tuple(each for each in undecided if each.behaviour not in read),
            tuple(each for each in self._observed if not self._agrees(each, dialect)),
        )

    def predict(self, experiment: Experiment, dialect: Dialect) -> Results:
        """The prediction of an experiment in a dialect."""
        return self._cache.predict(experiment.case, dialect)

    def predictions_with_other_values(
        self, experiment: Experiment, dialect: Dialect
    ) -> dict[Parameter, dict[Any, Results]]:
        """The parameters that an experiment depends on, with the prediction for each other value."""
        predicted = self.predict(experiment, dialect)
        found: dict[Parameter, dict[Any, Results]] = {}
        read = self._cache.behaviours_read(experiment.case, dialect)
        for parameter, value in self._other_values(dialect):
            if parameter.behaviour not in read:
                continue
            other = self.predict(experiment, parameter.with_value(dialect, value))
            if not _same(experiment, predicted, other):
                found.setdefault(parameter, {})[value] = other
        return found

    def _other_values(self, dialect: Dialect) -> list[tuple[Parameter, Any]]:
        return [
            (parameter, value)
            for parameter in self._parameters
            for value in parameter.values
            if value != parameter.value(dialect)
        ]

    def _agrees(self, experiment: Experiment, dialect: Dialect) -> bool:
        return _same(experiment, self.predict(experiment, dialect), self._observed[experiment])

    def _explained(self, dialect: Dialect) -> int:
        return sum(self._agrees(experiment, dialect) for experiment in self._observed)

    def _score(self, dialect: Dialect) -> int:
        """The number of results, over all experiments and levels, that a dialect predicts."""
        return sum(self._points(experiment, dialect) for experiment in self._observed)

    def _points(self, experiment: Experiment, dialect: Dialect) -> int:
        predicted, observed = self.predict(experiment, dialect), self._observed[experiment]
        return sum(agree(predicted[level], observed[level]) for level in experiment.levels)

    def _gain(self, dialect: Dialect, other: Dialect, *parameters: Parameter) -> int:
        """How much higher the score is with other values of some parameters."""
        return sum(
            self._points(experiment, other) - self._points(experiment, dialect)
            for experiment in self._depending(self._observed, dialect, *parameters)
        )

    def _depending(
        self, some: Iterable[Experiment], dialect: Dialect, *parameters: Parameter
    ) -> Iterator[Experiment]:
        """The experiments whose prediction in a dialect depends on the value of one of the parameters."""
        if self._read[0] is not dialect:
            self._read = (dialect, {})
        read, names = self._read[1], {parameter.behaviour for parameter in parameters}
        for experiment in some:
            if experiment not in read:
                read[experiment] = self._cache.behaviours_read(experiment.case, dialect)
            if not names.isdisjoint(read[experiment]):
                yield experiment

    def _undecided_values(self, dialect: Dialect) -> list[tuple[Parameter, Any]]:
        """The other values that no explained observation contradicts."""
        explained = [experiment for experiment in self._observed if self._agrees(experiment, dialect)]
        return [
            (parameter, value)
            for parameter, value in self._other_values(dialect)
            for other in [parameter.with_value(dialect, value)]
            if all(self._agrees(each, other) for each in self._depending(explained, dialect, parameter))
        ]

    def _alternatives(
        self, start: Dialect, dialect: Dialect
    ) -> Iterator[tuple[Parameter, Parameter, Any, Dialect]]:
        """The dialects that explain as much if another parameter changes in place of a changed one."""
        explained = [experiment for experiment in self._observed if self._agrees(experiment, dialect)]
        for parameter in self._parameters:
            if parameter.value(start) not in (None, parameter.value(dialect)):
                back = parameter.with_value(dialect, parameter.value(start))
                for other, value in self._other_values(back):
                    alternative = other.with_value(back, value)
                    changed = self._depending(explained, dialect, parameter, other)
                    if other != parameter and all(self._agrees(each, alternative) for each in changed):
                        yield parameter, other, value, alternative

    def _one_of_each_rule(self, chosen: Sequence[Experiment]) -> list[Experiment]:
        """The fastest experiment of each rule without one: a new engine may behave in unknown ways."""
        cheapest = {experiment.rule: experiment for experiment in reversed(self._pool)}
        for experiment in chosen:
            cheapest.pop(experiment.rule, None)
        return list(cheapest.values())

    def _choose(self, start: Dialect, dialect: Dialect) -> list[Experiment]:
        """A few experiments that distinguish a dialect from all dialects that differ in one value.

        This is a greedy set cover: each experiment rules out the most of the remaining dialects. Of each such
        dialect, only the fastest experiments that rule it out are considered.
        """
        candidates: list[tuple[tuple[Parameter, ...], Any, Dialect]] = [
            ((parameter,), value, parameter.with_value(dialect, value))
            for parameter, value in self._undecided_values(dialect)
        ]
        candidates += [
            ((parameter, instead), value, alternative)
            for parameter, instead, value, alternative in self._alternatives(start, dialect)
        ]
        new = [experiment for experiment in self._pool if experiment not in self._observed]
        distinguishes: dict[Experiment, set[tuple[object, ...]]] = {}
        for changed, value, other in candidates:
            suitable = (
                experiment
                for experiment in self._depending(new, dialect, *changed)
                if not _same(experiment, self.predict(experiment, dialect), self.predict(experiment, other))
            )
            for experiment in islice(suitable, CONSIDERED):
                distinguishes.setdefault(experiment, set()).add((*map(str, changed), value))
        chosen: list[Experiment] = []
        while best := max(distinguishes, key=lambda each: len(distinguishes[each]), default=None):
            if not (gained := distinguishes.pop(best)):
                break
            chosen.append(best)
            for experiment in distinguishes:
                distinguishes[experiment] -= gained
        return chosen

    def _climb(self, dialect: Dialect) -> Dialect:
        """Change one value at a time while that explains more; if no value does, change two at once."""
        score = self._score(dialect)
        while True:
            before = score
            for parameter in self._parameters:
                values = [each for each in parameter.values if each != parameter.value(dialect)]
                for other in [parameter.with_value(dialect, value) for value in values]:
                    if (gain := self._gain(dialect, other, parameter)) > 0:
                        dialect, score = other, score + gain
            if score == before:
                pair = self._two_at_once(dialect)
                if pair is None:
                    return dialect
                dialect, score = pair, self._score(pair)

    def _two_at_once(self, dialect: Dialect) -> Dialect | None:
        """A dialect with two other values that only together explain more; None if there is none."""
        wrong = [experiment for experiment in self._observed if not self._agrees(experiment, dialect)]
        others = self._other_values(dialect) if wrong else []
        for at, (parameter, value) in enumerate(others):
            one = parameter.with_value(dialect, value)
            for other, another in others[at + 1 :]:
                changed = list(self._depending(wrong, dialect, parameter, other))
                if not changed:
                    continue
                both = other.with_value(one, another)
                is_better = any(self._agrees(each, both) for each in changed)
                if is_better and self._gain(dialect, both, parameter, other) > 0:
                    return both
        return None

    def _towards(self, start: Dialect, found: Dialect) -> Dialect:
        """The found dialect, with the values of the start wherever they explain as much."""
        for parameter in self._parameters:
            back = parameter.with_value(found, parameter.value(start))
            if parameter.value(start) is not None and self._gain(found, back, parameter) >= 0:
                found = back
        return found


def _renamed(near: Dialect, start: Dialect) -> Dialect:
    """The behaviours of one dialect with the name of another, which `Dialect.beside` reads."""
    values: dict[str, Any] = {name: getattr(near, name) for name in behaviours()}
    return replace(start, **values)


def _same(experiment: Experiment, one: Results, other: Results) -> bool:
    return all(agree(one[level], other[level]) for level in experiment.levels)
