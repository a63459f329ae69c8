"""Infer the value of each behaviour from the results of cases on an engine.

Only cases whose result depends on an undecided value are run. The search chooses such cases for its current
dialect, runs them, moves to the dialect that explains the results best, and repeats this until no case that
decides a value is left.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final

from cmdpoint.characterise.equivalent import equivalence
from cmdpoint.characterise.evidence import Evidence, divided, same
from cmdpoint.characterise.experiment import Experiment
from cmdpoint.characterise.parameters import Parameter
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.prediction_cache import PredictionCache, Results

Observe = Callable[[Experiment], Results]
"""Runs an experiment on the engine and returns its result at each level."""

ROUNDS: Final = 12
"""The maximum number of rounds. No round repeats an experiment, so few are needed in practice."""

CONSIDERED: Final = 4
"""How many experiments of a behaviour's own rules are considered for each value to rule out.

With more, the search runs a few less.
"""


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
        equivalent: The parameters with values that no case can distinguish from the inferred ones, and why.
        without_effect: The parameters that no case depends on, given the other values.
        unexplained: The experiments whose result no known value explains.
    """

    dialect: Dialect
    nearest: Dialect
    agreeing: tuple[int, int]
    observations: tuple[tuple[Experiment, Results], ...]
    undecided: tuple[tuple[Parameter, tuple[Any, ...]], ...]
    alternatives: tuple[tuple[Parameter, Parameter, Any], ...]
    equivalent: tuple[tuple[Parameter, tuple[Any, ...], str], ...]
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
        self._evidence = Evidence(pool, cache)
        self._observe = observe

    def run(self, start: Dialect, known: Sequence[Dialect], *, everything: bool = False) -> InferenceResult:
        """Search.

        Args:
            start: The first dialect; its values change only if an observation contradicts them.
            known: The described dialects that can be the nearest one.
            everything: Whether to run the whole pool, not only the experiments that decide a value.
        """
        dialect, observed = start, self._evidence.observed
        for _ in range(ROUNDS):
            chosen = self._choose(start, dialect)
            if not observed:
                more = self._pool if everything else self._one_of_each_rule(chosen)
                chosen = list(dict.fromkeys([*chosen, *more]))
            if not chosen:
                break
            for experiment in chosen:
                observed[experiment] = self._observe(experiment)
            nearest = max((start, *known), key=self._evidence.score)
            # Of two equal scores, that from a described dialect counts, because wrong values can compensate.
            found = (self._climb(_renamed(nearest, start)), self._climb(dialect))
            dialect = self._towards(start, max(found, key=self._evidence.score))
        return self._result(start, known, dialect)

    def _result(self, start: Dialect, known: Sequence[Dialect], dialect: Dialect) -> InferenceResult:
        evidence = self._evidence
        nearest = max((start, *known), key=evidence.score)
        read = {name for each in self._pool for name in evidence.reads(each, dialect)}
        undecided: dict[Parameter, list[Any]] = {}
        for parameter, value in self._undecided_values(dialect):
            undecided.setdefault(parameter, []).append(value)
        same_here: dict[tuple[Parameter, str], list[Any]] = {}
        for parameter, value in self._other_values(dialect):
            known_same = equivalence(parameter, dialect, value)
            if known_same is not None and parameter.behaviour in read:
                same_here.setdefault((parameter, known_same.why), []).append(value)
        return InferenceResult(
            dialect,
            nearest,
            (len(evidence.explained(dialect)), len(evidence.explained(nearest))),
            tuple(evidence.observed.items()),
            tuple((each, tuple(values)) for each, values in undecided.items() if each.behaviour in read),
            tuple((one, other, value) for one, other, value, _ in self._alternatives(start, dialect)),
            tuple((each, tuple(values), why) for (each, why), values in same_here.items()),
            tuple(each for each in self._parameters if len(each.values) > 1 and each.behaviour not in read),
            tuple(evidence.unexplained(dialect)),
        )

    def predict(self, experiment: Experiment, dialect: Dialect) -> Results:
        """The prediction of an experiment in a dialect."""
        return self._evidence.predict(experiment, dialect)

    def predictions_with_other_values(
        self, experiment: Experiment, dialect: Dialect
    ) -> dict[Parameter, dict[Any, Results]]:
        """The parameters that an experiment depends on, with the prediction for each other value."""
        predicted = self.predict(experiment, dialect)
        found: dict[Parameter, dict[Any, Results]] = {}
        for parameter, value in self._other_values(dialect):
            if parameter.behaviour not in self._evidence.reads(experiment, dialect):
                continue
            other = self.predict(experiment, parameter.with_value(dialect, value))
            if not same(experiment, predicted, other):
                found.setdefault(parameter, {})[value] = other
        return found

    def _other_values(self, dialect: Dialect) -> list[tuple[Parameter, Any]]:
        return [
            (parameter, value)
            for parameter in self._parameters
            for value in parameter.values
            if value != parameter.value(dialect)
        ]

    def _undecided_values(self, dialect: Dialect) -> list[tuple[Parameter, Any]]:
        """The other values that no explained observation contradicts, although one might."""
        evidence = self._evidence
        explained = evidence.explained(dialect)
        return [
            (parameter, value)
            for parameter, value in self._other_values(dialect)
            for other in [parameter.with_value(dialect, value)]
            if equivalence(parameter, dialect, value) is None
            and all(
                evidence.agrees(each, other) for each in evidence.depending(explained, dialect, parameter)
            )
        ]

    def _alternatives(
        self, start: Dialect, dialect: Dialect
    ) -> Iterator[tuple[Parameter, Parameter, Any, Dialect]]:
        """The dialects that explain as much if another parameter changes in place of a changed one."""
        evidence = self._evidence
        explained = evidence.explained(dialect)
        for parameter in self._parameters:
            if parameter.value(start) in (None, parameter.value(dialect)):
                continue
            back = parameter.with_value(dialect, parameter.value(start))
            changed = evidence.depending(explained, dialect, parameter)
            contradicting = next((each for each in changed if not evidence.agrees(each, back)), None)
            for other, value in self._other_values(back):
                alternative = other.with_value(back, value)
                if other == parameter or (
                    contradicting is not None and not evidence.agrees(contradicting, alternative)
                ):
                    continue
                changed = evidence.depending(explained, dialect, parameter, other)
                if all(evidence.agrees(each, alternative) for each in changed):
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
        dialect, only a few experiments that rule it out are considered.
        """
        candidates: list[tuple[tuple[Parameter, ...], Any, Dialect]] = [
            ((parameter,), value, parameter.with_value(dialect, value))
            for parameter, value in self._undecided_values(dialect)
        ]
        candidates += [
            ((parameter, instead), value, alternative)
            for parameter, instead, value, alternative in self._alternatives(start, dialect)
        ]
        new = [experiment for experiment in self._pool if experiment not in self._evidence.observed]
        distinguishes: dict[Experiment, set[tuple[object, ...]]] = {}
        for changed, value, other in candidates:
            for experiment in self._distinguishing(new, dialect, other, changed):
                distinguishes.setdefault(experiment, set()).add((*map(str, changed), value))
        chosen: list[Experiment] = []
        while best := max(distinguishes, key=lambda each: len(distinguishes[each]), default=None):
            if not (gained := distinguishes.pop(best)):
                break
            chosen.append(best)
            for experiment in distinguishes:
                distinguishes[experiment] -= gained
        return chosen

    def _distinguishing(
        self, new: Sequence[Experiment], dialect: Dialect, other: Dialect, changed: Sequence[Parameter]
    ) -> list[Experiment]:
        """The fastest experiments of the parameters' rules that distinguish two dialects, or else another."""
        for some, count in zip(divided(new, changed), (CONSIDERED, 1), strict=True):
            suitable = (
                each
                for each in self._evidence.reading(some, dialect, changed)
                if not same(each, self.predict(each, dialect), self.predict(each, other))
            )
            if found := list(islice(suitable, count)):
                return found
        return []

    def _climb(self, dialect: Dialect) -> Dialect:
        """Change one value at a time while that explains more; if no value does, change two at once."""
        while True:
            before = dialect
            for parameter in self._parameters:
                for value in parameter.values:
                    other = parameter.with_value(dialect, value)
                    if self._evidence.scores_higher(other, dialect, parameter):
                        dialect = other
            if dialect is before:
                pair = self._two_at_once(dialect)
                if pair is None:
                    return dialect
                dialect = pair

    def _two_at_once(self, dialect: Dialect) -> Dialect | None:
        """A dialect with two other values that only together explain more; None if there is none."""
        evidence = self._evidence
        wrong = evidence.unexplained(dialect)
        others = self._other_values(dialect) if wrong else []
        for at, (parameter, value) in enumerate(others):
            one = parameter.with_value(dialect, value)
            for other, another in others[at + 1 :]:
                changed = list(evidence.depending(wrong, dialect, parameter, other))
                if not changed:
                    continue
                both = other.with_value(one, another)
                explains = any(evidence.agrees(each, both) for each in changed)
                if explains and evidence.scores_higher(both, dialect, parameter, other):
                    return both
        return None

    def _towards(self, start: Dialect, found: Dialect) -> Dialect:
        """The found dialect, with the values of the start wherever they explain as much."""
        for parameter in self._parameters:
            value = parameter.value(start)
            if value not in (None, parameter.value(found)):
                back = parameter.with_value(found, value)
                if not self._evidence.scores_higher(found, back, parameter):
                    found = back
        return found


def _renamed(near: Dialect, start: Dialect) -> Dialect:
    """The behaviours of one dialect with the name of another, which `Dialect.beside` reads."""
    values: dict[str, Any] = {name: getattr(near, name) for name in behaviours()}
    return start.with_values(values)
