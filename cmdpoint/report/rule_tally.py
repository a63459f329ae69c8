"""The tally of a rule: how many cases test it, and which of them to show."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from cmdpoint.observations.replay import Pair, Replay
from cmdpoint.observations.targets import concerns
from cmdpoint.oracle.comparison import LEVELS
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.report.matrix import Cell, Example, Row
from cmdpoint.spec.rule import Rule


@dataclass(frozen=True, slots=True)
class First:
    """The example whose key comes first; of equal keys, the one that was added first."""

    key: tuple[Any, ...] = ()
    example: Example | None = None

    def or_earlier(self, other: "First") -> "First":
        """The first of both; this one if their keys are equal."""
        if other.example is not None and (self.example is None or other.key < self.key):
            return other
        return self


@dataclass
class RuleTally:
    """The counts and the examples of a rule.

    Attributes:
        cases: How many cases test the rule, by target.
        diverging_cases: In how many of these the target diverges.
        agreeing_examples: How many cases that are examples of the rule agree, by target.
        first: The example to show first.
        differing: The example to show for each pair of targets that differ because of the rule.
        diverging: The smallest case in which a target diverges.
    """

    cases: Counter[str] = field(default_factory=Counter)
    diverging_cases: Counter[str] = field(default_factory=Counter)
    agreeing_examples: Counter[str] = field(default_factory=Counter)
    first: First = field(default_factory=First)
    differing: dict[Pair, First] = field(default_factory=dict)
    diverging: dict[str, First] = field(default_factory=dict)

    def add(self, rule: str, replay: Replay, order: int | None, unusual: int) -> None:
        """Add a case that tests the rule for some target, or in which targets differ because of it.

        Args:
            rule: The id of the rule.
            replay: The case.
            order: The place of the case among the examples of the rule; None if it is no example of it.
            unusual: What `untypical` returns for it.
        """
        where = replay.rules.get(rule, set())
        pairs = replay.differing.get(rule, frozenset())
        self.cases.update(where)
        diverging = where & replay.diverging
        if diverging:
            self.diverging_cases.update(diverging)
        observed = replay.observed
        example = Example(observed.case, observed.level, order is not None, replay.groups, pairs)
        level = -LEVELS.index(observed.level)
        typical = (0, order, 0) if order is not None else (1, 0, unusual)
        rank = (*typical, level, replay.size)
        if where:
            first = First((*typical[:2], -len(where), *rank), example)
            self.first = self.first.or_earlier(first)
        of_pair = First(rank, example)
        for pair in pairs:
            known = self.differing.get(pair)
            if known is None or rank < known.key:
                self.differing[pair] = of_pair
        for target in diverging:
            smallest = self.diverging.get(target, First())
            self.diverging[target] = smallest.or_earlier(First((replay.size,), example))

    def add_example(self, replay: Replay) -> None:
        """Count an example of the rule."""
        self.agreeing_examples.update({name for name, _ in replay.observed.results} - replay.diverging)

    def merge(self, later: "RuleTally") -> None:
        """Add the tally of later cases."""
        self.cases.update(later.cases)
        self.diverging_cases.update(later.diverging_cases)
        self.agreeing_examples.update(later.agreeing_examples)
        self.first = self.first.or_earlier(later.first)
        for pair, first in later.differing.items():
            self.differing[pair] = self.differing.get(pair, First()).or_earlier(first)
        for target, first in later.diverging.items():
            self.diverging[target] = self.diverging.get(target, First()).or_earlier(first)

    def row(self, rule: Rule, targets: Mapping[str, Dialect], failed: Mapping[str, bool]) -> Row:
        """The row of the rule.

        Args:
            rule: The rule.
            targets: The dialect of each target, by name.
            failed: Whether a target has harness faults.
        """
        cells = {name: self._cell(rule, name, dialect, failed[name]) for name, dialect in targets.items()}
        return Row(rule, cells, frozenset(self.differing), tuple(self._examples()))

    def agreeing(self, target: str) -> int:
        """How many cases that test the rule agree on a target."""
        return self.cases[target] - self.diverging_cases[target]

    def _cell(self, rule: Rule, target: str, dialect: Dialect, failed: bool) -> Cell:
        cases, diverging = self.cases[target], self.diverging_cases[target]
        if diverging:
            return Cell("diverges", cases, diverging)
        if cases:
            return Cell("agrees" if dialect.verified else "unverified", cases)
        if not concerns(rule, target, dialect):
            return Cell("does not apply")
        return Cell("harness fault" if failed else "not reached")

    def _examples(self) -> Iterator[Example]:
        """The examples, each once: those that diverge, then the rule's first, then typical ones."""
        diverging = sorted(self.diverging.values(), key=lambda each: each.key)
        # Of equal keys, the targets decide: the order of a set differs from process to process.
        pairs = sorted(self.differing, key=lambda pair: (self.differing[pair].key, sorted(pair)))
        differing = [self.differing[pair] for pair in pairs]
        shown: list[Example] = []
        for first in (*diverging, self.first, *differing):
            if first.example is not None and first.example not in shown:
                shown.append(first.example)
                yield first.example
