"""Compute the matrix: compare observations with the oracle's predictions, in several processes."""

from bisect import bisect
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import partial
from itertools import accumulate
from typing import Final

from cmdpoint.observations.replay import ObservedCase, Replay, TargetDialects
from cmdpoint.oracle.comparison import LEVELS, Level
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.outcome import Prediction
from cmdpoint.oracle.prediction_cache import PredictionCache
from cmdpoint.report.matrix import DivergentCase, Example, Matrix
from cmdpoint.report.processes import in_processes
from cmdpoint.report.rule_tally import RuleTally
from cmdpoint.report.suspects import Agreeing, Suspicion, suspicions
from cmdpoint.report.typical import command_of, untypical
from cmdpoint.spec.rule import Rule


@dataclass(frozen=True, slots=True)
class Execution:
    """How cases are compared.

    Attributes:
        cache: Predicts the cases; None for a new one.
        processes: How many processes compare cases.
        progress: Iterates over the cases of this process, and shows how many of them are compared.
    """

    cache: PredictionCache[Prediction] | None = None
    processes: int = 1
    progress: Callable[[Sequence[ObservedCase]], Iterable[ObservedCase]] = iter


ALONE: Final = Execution()
"""In this process, and without progress."""


def matrix(
    observed: Sequence[ObservedCase],
    targets: Mapping[str, Dialect],
    rules: Mapping[str, Rule],
    errors: Mapping[str, Sequence[str]],
    date: str,
    execution: Execution = ALONE,
) -> Matrix:
    """Compute the matrix.

    Args:
        observed: The observations, one for each case and level.
        targets: The dialect of each target, by name.
        rules: The rules, by id.
        errors: The harness faults, by target.
        date: The day of the newest observation.
        execution: How the cases are compared.
    """
    dialects = TargetDialects(targets, rules.values(), execution.cache)
    examples = _Examples(rules.values())

    def compare(cases: Iterable[ObservedCase]) -> _Comparison:
        comparison = _Comparison()
        for each in cases:
            comparison.add(Replay(each, dialects), examples)
        return comparison

    first, *others = _parts(observed, execution.processes)
    here = partial(compare, execution.progress(first))
    found, *later = in_processes([here, *(partial(compare, cases) for cases in others)])
    for comparison in later:
        found.merge(comparison)
    failed = {name: bool(errors.get(name)) for name in targets}
    tallies = {rule: found.tallies.get(rule, RuleTally()) for rule in rules}
    rows = tuple(tallies[rule.id].row(rule, targets, failed) for rule in rules.values())
    suspected = _suspected(found.divergent, tallies)
    return Matrix(targets, rows, found.cases, found.diverging, errors, date, tuple(suspected))


def _suspected(
    divergent: Sequence[DivergentCase], tallies: Mapping[str, RuleTally]
) -> list[Suspicion[DivergentCase]]:
    """The rules that explain divergences.

    As on the last screen of `conform`, each divergence counts once, and not with all larger cases of it.
    """
    confirmed = {each.target for each in divergent if each.confirmed}
    counted = [each for each in divergent if each.confirmed or each.target not in confirmed]
    agreeing = Agreeing(
        applying=lambda target, rule: tallies[rule].agreeing(target),
        examples=lambda target, rule: tallies[rule].agreeing_examples[target],
    )
    return suspicions(counted, agreeing)


class _Examples:
    """The examples of rules.

    Attributes:
        orders: For each rule, the commands of its examples with their order: the typical one comes first.
    """

    def __init__(self, rules: Iterable[Rule]) -> None:
        """Compute the commands of the examples of some rules."""
        self.orders: dict[str, dict[object, int]] = {}
        self._rules: dict[tuple[object, Level], set[str]] = {}
        for rule in rules:
            orders = self.orders[rule.id] = {}
            for at, example in enumerate(rule.examples):
                for level in LEVELS:
                    command = command_of(example.case, level)
                    orders.setdefault(command, at)
                    if LEVELS.index(level) >= LEVELS.index(example.level):
                        self._rules.setdefault((command, level), set()).add(rule.id)

    def rules_of(self, observed: ObservedCase) -> frozenset[str]:
        """The rules of which a case is an example, at a level that shows what the example is about."""
        key = command_of(observed.case, observed.level), observed.level
        return frozenset(self._rules.get(key, ()))


def _parts(observed: Sequence[ObservedCase], count: int) -> list[Sequence[ObservedCase]]:
    """Divide cases among processes, in their order, so that each compares about as many results."""
    results = list(accumulate(len(each.results) for each in observed))
    ends = [bisect(results, results[-1] * part / count) for part in range(1, count)]
    return [observed[start:end] for start, end in zip([0, *ends], [*ends, len(observed)], strict=True)]


@dataclass
class _Comparison:
    """Compared cases.

    Attributes:
        cases: The number of cases, by target.
        diverging: The number of these in which the target diverges.
        divergent: The cases that diverge on a target.
        tallies: The tally of each rule that a case tests, by its id.
    """

    cases: Counter[str] = field(default_factory=Counter)
    diverging: Counter[str] = field(default_factory=Counter)
    divergent: list[DivergentCase] = field(default_factory=list)
    tallies: defaultdict[str, RuleTally] = field(default_factory=lambda: defaultdict(RuleTally))

    def add(self, replay: Replay, examples: _Examples) -> None:
        """Add a case.

        Args:
            replay: The case.
            examples: The examples of all rules.
        """
        observed, orders = replay.observed, examples.orders
        example_of = examples.rules_of(observed)
        self.cases.update({target for target, _ in observed.results})
        self.diverging.update(replay.diverging)
        self.divergent += _divergent(replay, orders.keys(), example_of)
        command, unusual = command_of(observed.case, observed.level), untypical(observed.case)
        for rule in (replay.rules.keys() | replay.differing.keys()) & orders.keys():
            self.tallies[rule].add(rule, replay, orders[rule].get(command), unusual)
        for rule in example_of:
            self.tallies[rule].add_example(replay)

    def merge(self, later: "_Comparison") -> None:
        """Add the comparison of later cases."""
        self.cases.update(later.cases)
        self.diverging.update(later.diverging)
        self.divergent += later.divergent
        for rule, tally in later.tallies.items():
            self.tallies[rule].merge(tally)


def _divergent(replay: Replay, known: Set[str], example_of: frozenset[str]) -> Iterator[DivergentCase]:
    """The targets on which a case diverges."""
    observed, size = replay.observed, replay.size
    case = observed.case, observed.level
    for target in replay.diverging:
        rules = frozenset(rule for rule in replay.rules.keys() & known if target in replay.rules[rule])
        confirmed = target in observed.confirmed
        example = Example(observed.case, observed.level, False, replay.groups, frozenset())
        yield DivergentCase(target, case, rules, example_of, size, example, confirmed)
