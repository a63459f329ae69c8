"""The tally of a run: how many cases were compared, and how often each rule was put to the test."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, Literal, Self

from oracle.outcome import Prediction

Cost = Literal["config", "planned", "observed"]
"""What is compared: the image config, the argv that create fixes, or the argv of the running process."""

COSTS: Final[tuple[Cost, ...]] = ("config", "planned", "observed")
"""The costs, the cheapest first."""

_SHOWN: Final = {
    "config": {"build"},
    "planned": {"build", "client", "create"},
    "observed": {"build", "client", "create", "start"},
}


@dataclass
class Tally:
    """Counts, by engine and builder.

    Attributes:
        cases: How many cases were compared, by place and cost.
        built: How many of those have an image config, and no refusal, to compare.
        rules: In how many of them a rule was applied whose effect the comparison shows, by place and rule.
    """

    cases: Counter[tuple[str, str]] = field(default_factory=Counter)
    built: Counter[tuple[str, str]] = field(default_factory=Counter)
    rules: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, place: str, cost: Cost, prediction: Prediction) -> None:
        """Count one case.

        Args:
            place: Engine and builder.
            cost: How it was compared.
            prediction: The oracle's; its steps of a stage that the comparison does not reach do not count.
        """
        self.cases[place, cost] += 1
        self.built[place, cost] += prediction.config is not None
        self.rules.update({(place, step.rule) for step in prediction.steps if step.stage in _SHOWN[cost]})

    def merge(self, other: Self) -> None:
        """Add another process's counts."""
        self.cases.update(other.cases)
        self.built.update(other.built)
        self.rules.update(other.rules)

    def to_data(self) -> dict[str, list[list[str | int]]]:
        """The counts as plain lists, for another process."""
        return {
            name: [[*key, count] for key, count in counter.items()]
            for name, counter in (("cases", self.cases), ("built", self.built), ("rules", self.rules))
        }

    @classmethod
    def from_data(cls, data: dict[str, list[list[str | int]]]) -> Self:
        """The counts that `to_data` gave."""
        counters = (
            Counter({(str(a), str(b)): int(count) for a, b, count in data[name]})
            for name in ("cases", "built", "rules")
        )
        return cls(*counters)

    @property
    def places(self) -> list[str]:
        """Every engine and builder that a case was compared on."""
        return sorted({place for place, _ in self.cases})

    def unreached(self, rules: Iterable[str]) -> list[tuple[str, str]]:
        """The places and rules, of those given, that no case put to the test."""
        rules = list(rules)
        return [(place, rule) for place in self.places for rule in rules if not self.rules[place, rule]]
