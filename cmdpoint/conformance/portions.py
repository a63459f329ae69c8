"""Portions: the examples of one property, divided among several tests, which xdist distributes to workers."""

from dataclasses import dataclass, replace
from hashlib import sha256
from math import ceil
from typing import Final

import hypothesis
from hypothesis.database import ExampleDatabase

LARGEST: Final = 50
"""The maximum number of examples of a portion, as a number of the profile's `max_examples`."""

LEAST: Final = 2
"""The minimum number of portions, so that two workers share a property."""


@dataclass(frozen=True, slots=True)
class Portion:
    """Some of a property's examples, with their own seed, because Hypothesis has one seed for all tests.

    Attributes:
        base_seed: The seed of the run.
        test: The name of the test, unique in the run.
        number: The number of the portion, from 0.
        count: The number of portions of the property.
        database: Where Hypothesis stores what diverges; None for nowhere.
    """

    base_seed: int
    test: str
    number: int
    count: int
    database: ExampleDatabase | None = None

    @property
    def seed(self) -> int:
        """The seed of the portion."""
        return int.from_bytes(sha256(f"{self.base_seed} {self.test}".encode()).digest()[:8])

    @property
    def of_every_target(self) -> "Portion":
        """The portion with a seed that it has on every target."""
        return replace(self, test=f"{self.test.partition('[')[0]} {self.number}")

    def examples(self, share: float) -> float:
        """The number of examples in the portion.

        Args:
            share: The examples of all portions together, as a share of the profile's `max_examples`.
        """
        return hypothesis.settings().max_examples * share / self.count


def portion_count() -> int:
    """The number of portions of each property, with the loaded profile."""
    return max(LEAST, ceil(hypothesis.settings().max_examples / LARGEST))
