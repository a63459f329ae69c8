"""Replay an observed case: what the oracle predicts for each target, and why targets differ."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product, zip_longest

from cmdpoint.observations.prediction_cache import PredictionCache
from cmdpoint.oracle.case import Case, ImageConfig
from cmdpoint.oracle.comparison import LEVELS, Level, agree, expected_at, steps_tested
from cmdpoint.oracle.dialect.behaviours import behaviours
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.explain import notation
from cmdpoint.oracle.explain.causes import causes
from cmdpoint.oracle.outcome import Outcome, Prediction, Step
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
        self._differing: dict[tuple[str, str], frozenset[str]] = {}

    def specified_to_differ(self, one: str, other: str) -> frozenset[str]:
        """The rules with an example that has different results for two targets."""
        pair = one, other
        if pair not in self._differing:
            self._differing[pair] = frozenset(
                rule for rule, expected in self._expected.items() if expected[one] != expected[other]
            )
        return self._differing[pair]


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
        self._steps: dict[str, tuple[Step, ...]] = {}
        self._predictions: dict[str, Prediction] = {}
        self._causes: dict[tuple[Prediction, Prediction], list[tuple[str, ...]]] = {}
        self._changes: dict[tuple[int, int], tuple[frozenset[str], list[set[str]]]] = {}
        self._rules_of: dict[str, frozenset[str]] = {}
        tested: dict[tuple[object, ...], tuple[tuple[Step, ...], frozenset[str]]] = {}
        groups: list[tuple[dict[str, None], Result, dict[str, Result]]] = []
        for target, result in observed.results:
            prediction = self._predictions[target] = targets.cache.predict(
                observed.case, targets.dialects[target]
            )
            expected = expected_at(observed.level, prediction)
            key = (id(prediction), None if isinstance(result, ImageConfig) else result.codes)
            if key not in tested:
                steps = steps_tested(observed.level, prediction, result)
                tested[key] = steps, frozenset(step.rule for step in steps)
            self._steps[target], self._rules_of[target] = tested[key]
            for rule in self._rules_of[target]:
                self.rules[rule].add(target)
            same = next((group for group in groups if agree(group[1], result)), None)
            if same is None:
                groups.append(same := ({}, result, {}))
            same[0][target] = None
            if not agree(expected, result):
                same[2][target] = expected
        self.groups = tuple(ResultGroup(tuple(names), result, wrong) for names, result, wrong in groups)
        self.diverging = frozenset(target for group in self.groups for target in group.diverging)

    @cached_property
    def differing(self) -> Mapping[str, frozenset[Pair]]:
        """For each rule that makes targets differ, the pairs of targets, both of which agree."""
        pairs: dict[str, set[Pair]] = defaultdict(set)
        agreeing = [[name for name in group.targets if name not in self.diverging] for group in self.groups]
        for one, other in combinations(agreeing, 2):
            for target, another in product(one, other):
                if target != another:
                    pair = frozenset((target, another))
                    for rule in self._rules_between(target, another):
                        pairs[rule].add(pair)
        return {rule: frozenset(found) for rule, found in pairs.items()}

    @cached_property
    def size(self) -> tuple[int, int, int]:
        """The size of the case."""
        return self.observed.size

    @cached_property
    def _number(self) -> Mapping[str, int]:
        """A number for each target; targets of one number have equal predictions and tested steps."""
        different: list[tuple[Prediction, tuple[Step, ...]]] = []
        numbers: dict[str, int] = {}
        for target, prediction in self._predictions.items():
            pair = prediction, self._steps[target]
            if pair not in different:  # compared, for a step may hold what cannot be hashed
                different.append(pair)
            numbers[target] = different.index(pair)
        return numbers

    def _rules_between(self, target: str, another: str) -> Set[str]:
        """The rules that make two targets differ.

        A case applies many rules. If the spec says for some of them that the two targets differ, the result
        is those whose steps differ first. If not, it is the rules of the behaviours that cause the
        difference.
        """
        key = self._number[target], self._number[another]
        if key not in self._changes:
            both = self._rules_of[target] | self._rules_of[another]
            self._changes[key] = both, self._changed(target, another)
        both, changes = self._changes[key]
        if specified := both & self._targets.specified_to_differ(target, another):
            return next(
                (rules & specified for rules in changes if not rules.isdisjoint(specified)), specified
            )
        # To find causes is slow, and they are the same for targets with the same predictions.
        predictions = self._predictions[target], self._predictions[another]
        if predictions not in self._causes:
            one, other = self._targets.dialects[target], self._targets.dialects[another]
            found_causes = causes(self.observed.case, one, other)
            self._causes[predictions] = [behaviours()[cause.behaviour].rules for cause in found_causes]
        causing = self._causes[predictions]
        return {next((rule for rule in rules if rule in both), rules[0]) for rules in causing}

    def _changed(self, target: str, another: str) -> list[set[str]]:
        """The rules whose steps are not those of both targets, in the order of the steps."""
        steps = self._steps[target], self._steps[another]
        changes = (
            {step.rule for step in pair if step is not None and not all(step in one for one in steps)}
            for pair in zip_longest(*steps)
        )
        return [rules for rules in changes if rules]
