"""The tally of a run: how many cases were compared, and how often each rule was tested."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from cmdpoint.observations.targets import concerns, on_any_builder
from cmdpoint.oracle import Dialect, ImageConfig, Outcome, Prediction
from cmdpoint.oracle.comparison import Level, steps_tested
from cmdpoint.spec.rule import Rule


@dataclass
class Tally:
    """Counts, by engine and builder.

    Attributes:
        cases: How many cases were compared, by target and level.
        built: How many of these have a predicted image config, by target and level.
        rules: How many of these test a rule, by target and rule.
        examples: How many of these are examples of a rule, by target and rule.
        dialects: The name of the dialect of each target.
    """

    cases: Counter[tuple[str, str]] = field(default_factory=Counter)
    built: Counter[tuple[str, str]] = field(default_factory=Counter)
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: Counter[tuple[str, str]] = field(default_factory=Counter)
    dialects: dict[str, str] = field(default_factory=dict)

    def add(
        self,
        target: str,
        dialect: Dialect,
        level: Level,
        prediction: Prediction,
        observed: Outcome | ImageConfig,
        example_of: str = "",
    ) -> None:
        """Count one case.

        Args:
            target: The name of the target.
            dialect: Its dialect.
            level: The level of the comparison.
            prediction: The prediction; a rule counts if the comparison tests one of its steps.
            observed: The observed result.
            example_of: The rule of which the case is an example; empty if it is none.
        """
        self.dialects[target] = str(dialect)
        self.cases[target, level] += 1
        self.built[target, level] += prediction.config is not None
        self.rules.update({(target, step.rule) for step in steps_tested(level, prediction, observed)})
        if example_of:
            self.examples[target, example_of] += 1

    def merge(self, other: Self) -> None:
        """Add the counts of another process."""
        self.cases.update(other.cases)
        self.built.update(other.built)
        self.rules.update(other.rules)
        self.examples.update(other.examples)
        self.dialects.update(other.dialects)

    def to_data(self) -> dict[str, list[list[str | int]]]:
        """The counts as lists, to send to another process."""
        counts: dict[str, list[list[str | int]]] = {
            name: [[*key, count] for key, count in counter.items()]
            for name, counter in self._counters().items()
        }
        return counts | {"dialects": [[*pair] for pair in self.dialects.items()]}

    @classmethod
    def from_data(cls, data: dict[str, list[list[str | int]]]) -> Self:
        """The tally from the data that `to_data` returned."""
        tally = cls(dialects={str(target): str(name) for target, name in data["dialects"]})
        for name, counter in tally._counters().items():
            counter.update({(str(a), str(b)): int(count) for a, b, count in data[name]})
        return tally

    def _counters(self) -> dict[str, Counter[tuple[str, str]]]:
        return {"cases": self.cases, "built": self.built, "rules": self.rules, "examples": self.examples}

    @property
    def targets(self) -> list[str]:
        """The targets on which a case was compared."""
        return sorted({target for target, _ in self.cases})

    def unreached(self, rules: Iterable[Rule]) -> list[tuple[str, str]]:
        """The targets and rules that no case tested, of those that concern them.

        What does not depend on the builder counts on each builder of the engine once one of them tested it.
        """
        rules = list(rules)
        return [
            (target, rule.id)
            for target in self.targets
            for rule in rules
            if not any(self.rules[each, rule.id] for each in self._targets_for(rule, target))
            and concerns(rule, target, Dialect.from_name(self.dialects[target]))
        ]

    def _targets_for(self, rule: Rule, target: str) -> list[str]:
        return [target] if rule.depends_on_builder else on_any_builder(target, self.targets)
