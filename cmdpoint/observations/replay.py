"""Replay an observed case: what the oracle predicts for each target, and why targets differ."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, starmap, zip_longest

from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.comparison import LEVELS, Level, agree, expected_at, steps_tested
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.explain.causes import causes
from cmdpoint.oracle.outcome import Outcome, Prediction, Step
from cmdpoint.oracle.prediction_cache import PredictionCache
from cmdpoint.spec.rule import Rule

Result = Outcome | ImageConfig
"""The result of a case on a target: an outcome or, at the level `config`, the config of the image."""

Pair = frozenset[str]
"""The names of two targets."""


@dataclass(frozen=True, slots=True)
class ObservedCase:
    """A case at a level, with the results of targets.

    Attributes:
        case: The case.
        level: The level.
        results: The result of each target; a target that was observed twice may have two results.
        confirmed: The targets of whose divergences the case is the smallest.
    """

    case: Case
    level: Level
    results: tuple[tuple[str, Result], ...]
    confirmed: frozenset[str] = frozenset()

    @property
    def size(self) -> tuple[int, int, int]:
        """A sort key: first the cases with fewer images, less text, and a level that shows more."""
        request = "" if self.level == "config" else notation.request_line(self.case.request, "IMAGE")
        text = sum(len(line) for image in self.case.images for line in notation.creation_lines(image))
        return len(self.case.images), text + len(request), -LEVELS.index(self.level)


@dataclass(frozen=True, slots=True)
class ResultGroup:
    """Targets with the same result.

    Attributes:
        targets: The names of the targets.
        result: Their result.
        diverging: The targets for which the oracle predicts another result, with the prediction.
    """

    targets: tuple[str, ...]
    result: Result
    diverging: Mapping[str, Result]


class TargetDialects:
    """The dialects of targets, and the rules in which the spec says that two targets differ.

    Attributes:
        dialects: The dialect of each target, by name.
        cache: Predicts the cases.
    """

    def __init__(
        self,
        dialects: Mapping[str, Dialect],
        rules: Iterable[Rule],
        cache: PredictionCache[Prediction] | None = None,
    ) -> None:
        """Compute the results that the examples of the rules have for each target.

        Args:
            dialects: The dialect of each target, by name.
            rules: The rules.
            cache: Predicts the cases; None for a new one.
        """
        self.dialects = dialects
        self.cache = cache or PredictionCache[Prediction](lambda prediction: prediction)
        self._expected = {
            rule.id: {
                target: tuple(each.expected(dialect) for each in rule.examples if each.applies(dialect))
                for target, dialect in dialects.items()
            }
            for rule in rules
        }
        self._differing: dict[str, dict[str, tuple[Pair, frozenset[str]]]] = {}
        self._same: dict[frozenset[str], frozenset[str]] = {}

    def specified_to_differ(self, one: str) -> Mapping[str, tuple[Pair, frozenset[str]]]:
        """For each other target: the pair, and the rules with an example that has different results for them.

        Equal sets of rules are one object, so that they are fast to look up.
        """
        found = self._differing.get(one)
        if found is None:
            found = self._differing[one] = {}
            for other in self.dialects:
                rules = frozenset(
                    rule for rule, expected in self._expected.items() if expected[one] != expected[other]
                )
                found[other] = frozenset((one, other)), self._same.setdefault(rules, rules)
        return found


@dataclass(frozen=True, slots=True)
class _Comparison:
    """A prediction compared with a result.

    Attributes:
        prediction: The prediction.
        steps: The steps that the comparison tests.
        rules: Their rules.
        expected: What is predicted, if it diverges; else None.
        group: The number of the group of equal results.
        targets: The names of the targets with this prediction and this result.
    """

    prediction: Prediction
    steps: tuple[Step, ...]
    rules: frozenset[str]
    expected: Result | None
    group: int
    targets: list[str]


class Replay:
    """An observed case and what the oracle predicts for it.

    Attributes:
        observed: The observed case.
        groups: The targets, grouped by their results.
        diverging: The targets for which the oracle predicts another result.
        rules: For each rule that the case tests, the targets on which it tests the rule.
        differing: For each rule that makes targets differ in this case, the pairs of targets.
    """

    def __init__(self, observed: ObservedCase, targets: TargetDialects) -> None:
        """Replay a case.

        Args:
            observed: The observed case.
            targets: The dialects of at least its targets.
        """
        self.observed = observed
        self.rules: dict[str, set[str]] = defaultdict(set)
        self._targets = targets
        self._causes: dict[tuple[Prediction, Prediction], list[tuple[str, ...]]] = {}
        self._changes: dict[tuple[int, int], list[set[str]]] = {}
        self._between: dict[tuple[int, int, frozenset[str]], Set[str]] = {}
        self._compared: dict[str, _Comparison] = {}
        self._results: list[Result] = []
        comparisons: dict[tuple[int, int], _Comparison] = {}
        groups: list[dict[str, Result | None]] = []
        predicted = targets.cache.of(observed.case)
        for target, result in observed.results:
            prediction = predicted.predict(targets.dialects[target])
            # Targets share predictions and results, so most of them need no comparison of their own.
            key = id(prediction), id(result)
            comparison = comparisons.get(key)
            if comparison is None:
                comparison = comparisons[key] = self._compare(prediction, result)
            self._compared[target] = comparison
            comparison.targets.append(target)
            if comparison.group == len(groups):
                groups.append({})
            groups[comparison.group][target] = comparison.expected
        for comparison in comparisons.values():
            for rule in comparison.rules:
                self.rules[rule].update(comparison.targets)
        self.groups = tuple(starmap(_group, zip(self._results, groups, strict=True)))
        self.diverging = frozenset(target for group in self.groups for target in group.diverging)

    def _compare(self, prediction: Prediction, result: Result) -> _Comparison:
        """Compare a prediction with a result, and find the group of the result."""
        level = self.observed.level
        expected = expected_at(level, prediction)
        steps = steps_tested(level, prediction, result)
        group = next((at for at, other in enumerate(self._results) if agree(other, result)), None)
        if group is None:
            group = len(self._results)
            self._results.append(result)
        diverges = None if agree(expected, result) else expected
        return _Comparison(prediction, steps, frozenset(step.rule for step in steps), diverges, group, [])

    @cached_property
    def differing(self) -> Mapping[str, frozenset[Pair]]:
        """For each rule that makes targets differ, the pairs of targets, both of which agree."""
        pairs: dict[str, set[Pair]] = defaultdict(set)
        for (_, _, specified), alike in self._alike().items():
            target, another, _ = alike[0]
            found = [pair for _, _, pair in alike]
            for rule in self._rules_between(target, another, specified):
                pairs[rule].update(found)
        return {rule: frozenset(found) for rule, found in pairs.items()}

    def _alike(self) -> Mapping[tuple[int, int, frozenset[str]], list[tuple[str, str, Pair]]]:
        """The pairs of targets with different results, both of which agree.

        Those with the same predictions, of which the spec says the same, are together: the same rules make
        them differ.
        """
        alike: dict[tuple[int, int, frozenset[str]], list[tuple[str, str, Pair]]] = defaultdict(list)
        agreeing = [[name for name in group.targets if name not in self.diverging] for group in self.groups]
        for one, other in combinations(agreeing, 2):
            for target in one:
                number, specified = self._number[target], self._targets.specified_to_differ(target)
                for another in other:
                    if target != another:
                        pair, rules = specified[another]
                        alike[number, self._number[another], rules].append((target, another, pair))
        return alike

    @cached_property
    def size(self) -> tuple[int, int, int]:
        """The size of the case."""
        return self.observed.size

    @cached_property
    def _number(self) -> Mapping[str, int]:
        """A number for each target; targets of one number have equal predictions and tested steps."""
        different: list[tuple[Prediction, tuple[Step, ...]]] = []
        known: dict[int, int] = {}
        for comparison in self._compared.values():
            if id(comparison) not in known:
                pair = comparison.prediction, comparison.steps
                if pair not in different:  # compared, for a step may hold what cannot be hashed
                    different.append(pair)
                known[id(comparison)] = different.index(pair)
        return {target: known[id(comparison)] for target, comparison in self._compared.items()}

    def _rules_between(self, target: str, another: str, specified: frozenset[str]) -> Set[str]:
        """The rules that make two targets differ.

        A case applies many rules. If the spec says for some of them that the two targets differ, the result
        is those whose steps differ first. If not, it is the rules of the behaviours that cause the
        difference.

        Args:
            target: The name of one target.
            another: The name of the other.
            specified: The rules with an example that has different results for them.
        """
        one, other = self._compared[target], self._compared[another]
        both = one.rules | other.rules
        found = both & specified
        if not found:
            return self._causing(target, another, both)
        key = self._number[target], self._number[another], found
        if key not in self._between:
            if key[:2] not in self._changes:
                self._changes[key[:2]] = _changed(one.steps, other.steps)
            changes = (rules & found for rules in self._changes[key[:2]])
            self._between[key] = next(filter(None, changes), found)
        return self._between[key]

    def _causing(self, target: str, another: str, both: Set[str]) -> Set[str]:
        """The rules of the behaviours that cause a difference, if possible those that the case tests."""
        predictions = self._compared[target].prediction, self._compared[another].prediction
        if predictions not in self._causes:
            one, other = self._targets.dialects[target], self._targets.dialects[another]
            found = causes(self.observed.case, one, other)
            self._causes[predictions] = [behaviours()[cause.behaviour].rules for cause in found]
        causing = self._causes[predictions]
        return {next((rule for rule in rules if rule in both), rules[0]) for rules in causing}


def _group(result: Result, expected: Mapping[str, Result | None]) -> ResultGroup:
    """A group of targets with the same result.

    Args:
        result: The result.
        expected: For each target, what the oracle predicts if it diverges.
    """
    diverging = {target: each for target, each in expected.items() if each is not None}
    return ResultGroup(tuple(expected), result, diverging)


def _changed(one: Sequence[Step], other: Sequence[Step]) -> list[set[str]]:
    """The rules whose steps are not those of both targets, in the order of the steps."""
    changes = (
        {step.rule for step in pair if step is not None and not (step in one and step in other)}
        for pair in zip_longest(one, other)
        if pair[0] != pair[1]
    )
    return [rules for rules in changes if rules]
