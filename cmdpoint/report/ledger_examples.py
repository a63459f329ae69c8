"""The example of an entry of the ledger: the smallest observed case that shows it.

If no observed case does, it is an example of the entry's rules, with predicted results.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, permutations, product
from typing import Any

from cmdpoint.observations.replay import ObservedCase, Result
from cmdpoint.oracle.case import Case
from cmdpoint.oracle.comparison import LEVELS, Level, agree, expected_at
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.known import known_dialects, runtime_dialects
from cmdpoint.oracle.outcome import Prediction
from cmdpoint.oracle.prediction_cache import PredictionCache
from cmdpoint.report.ledger import Entry, stored
from cmdpoint.spec.rules import all_rules

Groups = tuple[tuple[Result, tuple[str, ...]], ...]
"""Results, each with the names of the targets that have it."""


@dataclass(frozen=True, slots=True)
class LedgerExample:
    """An example and its results.

    Attributes:
        case: The case.
        level: The level of the comparison.
        results: The results, each with the names of the targets.
        observed: Whether the results were observed; otherwise they are predicted.
    """

    case: Case
    level: Level
    results: Groups
    observed: bool


@dataclass(frozen=True)
class _Differing:
    """An observed case in which targets differ.

    Attributes:
        compared: The case.
        groups: Its results.
        ends: The first and the last target of each result, with the result: they are enough to compare.
        targets: The dialect of each target, by name.
        cache: Predicts the case.
    """

    compared: ObservedCase
    groups: Groups
    ends: tuple[tuple[str, Result], ...]
    targets: Mapping[str, Dialect]
    cache: PredictionCache[Prediction]

    @cached_property
    def read(self) -> frozenset[str]:
        """The behaviours on which the prediction for any of the targets depends."""
        case = self.compared.case
        reads = (self.cache.behaviours_read(case, self.targets[target]) for target, _ in self.ends)
        return frozenset().union(*reads)

    def explained_by(self, name: str) -> bool:
        """Whether one behaviour alone makes two targets differ: with the other's value, the results agree."""
        if name not in self.read:
            return False
        for (one, result), (other, other_result) in permutations(self.ends, 2):
            here, value = self.targets[one], getattr(self.targets[other], name)
            if value == getattr(here, name) or agree(result, other_result):
                continue
            if agree(self._predicted(here), result):
                changed = here.with_values({name: value})
                if agree(self._predicted(changed), other_result):
                    return True
        return False

    def _predicted(self, dialect: Dialect) -> Result:
        return expected_at(self.compared.level, self.cache.predict(self.compared.case, dialect))


class LedgerExamples:
    """The search for examples in observations."""

    def __init__(
        self,
        observed: Iterable[ObservedCase],
        targets: Mapping[str, Dialect],
        cache: PredictionCache[Prediction] | None = None,
    ) -> None:
        """Prepare the search.

        Args:
            observed: The observed cases.
            targets: The dialect of each target, by name.
            cache: Predicts the cases; None for a new one.
        """
        self._observed = sorted(observed, key=lambda each: each.size)
        self._cache = cache or PredictionCache[Prediction](lambda prediction: prediction)
        self._differing = [
            _Differing(each, groups, _ends(groups), targets, self._cache)
            for each in self._observed
            if len(groups := _grouped(each.results)) > 1
        ]
        self._numbers: dict[Case, list[int]] = {}
        for number, each in enumerate(self._differing):
            self._numbers.setdefault(each.compared.case, []).append(number)
        self._found: dict[str, LedgerExample | None] = {}
        self._known = known_dialects()
        self._runtimes = runtime_dialects()

    def of(self, entry: Entry) -> LedgerExample | None:
        """The example of an entry: the chosen one, or the smallest observed case in which targets differ.

        Returns:
            The example with the observed results or, if it was not observed, the predicted ones; None for an
            entry without an example.
        """
        if entry.name not in self._found:
            self._found[entry.name] = self._search(entry)
        return self._found[entry.name]

    def _search(self, entry: Entry) -> LedgerExample | None:
        if entry.case is not None:
            at_levels = [each for each in self._observed if each.case == entry.case]
            largest = max(at_levels, key=lambda each: LEVELS.index(each.level), default=None)
            if largest is None:
                return self._predicted(entry.case, LEVELS[-1])
            return _as_observed(largest, _grouped(largest.results))
        if not entry.behaviour:
            return None
        own = [[example.case for example in all_rules()[rule].examples] for rule in entry.rules]
        for each in self._own_first(own):
            if each.explained_by(entry.name):
                return _as_observed(each.compared, each.groups)
        for case, level in product(chain.from_iterable(own), reversed(LEVELS)):
            if self._shows(entry.name, case, level):
                return self._predicted(case, level)
        return None

    def _own_first(self, own: Sequence[Sequence[Case]]) -> list[_Differing]:
        """The examples of the first rule, those of the second and so on, then the other cases."""
        numbers = [{number for case in cases for number in self._numbers.get(case, ())} for cases in own]
        ordered = sorted(
            range(len(self._differing)), key=lambda number: [number not in some for some in numbers]
        )
        return [self._differing[number] for number in ordered]

    def _shows(self, name: str, case: Case, level: Level) -> bool:
        """Whether a behaviour alone makes a difference: a dialect with another value has another result."""
        dialects = (*self._known, *self._runtimes)
        values: dict[str, Any] = {repr(getattr(each, name)): getattr(each, name) for each in dialects}
        return any(
            not agree(
                self._result(case, level, dialect),
                self._result(case, level, dialect.with_values({name: value})),
            )
            for dialect in dialects
            if name in self._cache.behaviours_read(case, dialect)
            for value in values.values()
        )

    def _result(self, case: Case, level: Level, dialect: Dialect) -> Result:
        return expected_at(level, self._cache.predict(case, dialect))

    def _predicted(self, case: Case, level: Level) -> LedgerExample:
        results = [(each, self._result(case, level, each)) for each in self._known]
        spans = _spans(
            (f"{each.engine}/{each.builder}{stored(each)}", each.version, seen) for each, seen in results
        )
        started: list[tuple[str, str, Result]] = []
        for each in self._runtimes:
            kind, _, version = each.runtime.partition("-")
            started.append((kind, version, self._result(case, level, each)))
        if not all(agree(seen, started[0][2]) for _, _, seen in started):
            spans += _spans(started)
        return LedgerExample(case, level, _grouped(spans), observed=False)


def _ends(groups: Groups) -> tuple[tuple[str, Result], ...]:
    return tuple((target, seen) for seen, who in groups for target in dict.fromkeys((who[0], who[-1])))


def _as_observed(compared: ObservedCase, groups: Groups) -> LedgerExample:
    return LedgerExample(compared.case, compared.level, groups, observed=True)


def _spans(results: Iterable[tuple[str, str, Result]]) -> list[tuple[str, Result]]:
    """Merge equal results of successive versions into spans of versions.

    Args:
        results: A name, a version and a result for each, with versions in ascending order.
    """
    found: dict[str, list[tuple[str, Result]]] = {}
    for who, version, seen in results:
        changes = found.setdefault(who, [])
        if not changes or not agree(changes[-1][1], seen):
            changes.append((version, seen))
    spans = []
    for who, changes in found.items():
        ends = [f" until {version}" for version, _ in changes[1:]]
        for at, ((version, seen), end) in enumerate(zip(changes, [*ends, ""], strict=True)):
            since = f" since {version}" if at or end else ""
            spans.append((f"{who}{since}{end}", seen))
    return spans


def _grouped(seen: Iterable[tuple[str, Result]]) -> Groups:
    groups: list[tuple[Result, list[str]]] = []
    for target, what in seen:
        same = next((who for known, who in groups if agree(known, what)), None)
        if same is None:
            groups.append((what, [target]))
        elif target not in same:
            same.append(target)
    return tuple((what, tuple(who)) for what, who in groups)
