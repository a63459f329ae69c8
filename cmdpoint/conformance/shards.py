"""Shards: the examples of one property, divided among several tests, which xdist distributes to workers."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

import pytest

SHARDS: Final = 2
"""The number of shards of a property."""

shards = pytest.mark.parametrize("shard", range(SHARDS))
"""Marks a test that checks one shard of a property."""


@dataclass(frozen=True, slots=True)
class ExampleShard:
    """A share of a property's examples, with its own seed, because Hypothesis has one seed for all tests.

    Attributes:
        base_seed: The seed of the run.
        name: The name of the shard, unique in the run.
        count: The number of shards of the property.
    """

    base_seed: int
    name: str
    count: int

    @property
    def seed(self) -> int:
        """The seed of the shard."""
        return int.from_bytes(sha256(f"{self.base_seed} {self.name}".encode()).digest()[:8])


NewShard = Callable[[int, int], ExampleShard]
"""Returns the shard of the calling test, from its number and the number of shards."""
