"""The shard of a run: the tests of one machine, if several machines share a run."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Self, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Shard:
    """One of several shards.

    Every test belongs to exactly one shard. A test of a property has a portion of its examples with a seed of
    its own, so the shards of a seed together compare what a run without shards compares.

    Attributes:
        number: The number of the shard, from 1.
        count: The number of shards.
    """

    number: int
    count: int

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The shard of a text such as `2/5`; None if the text is not one."""
        match = re.fullmatch(r"([1-9]\d{0,5})/([1-9]\d{0,5})", text, re.ASCII)
        if match is None or int(match[1]) > int(match[2]):
            return None
        return cls(int(match[1]), int(match[2]))

    @property
    def is_whole(self) -> bool:
        """Whether there is no other shard."""
        return self.count == 1

    def of(self, items: Sequence[T]) -> list[T]:
        """The items of this shard: one of each group of as many neighbours as there are shards.

        In the next group it is the next one, because neighbours often differ only in their target, and every
        shard should have tests of every target.

        Args:
            items: All items, in the same order for every shard.
        """
        return [
            item for at, item in enumerate(items) if (at + at // self.count) % self.count == self.number - 1
        ]


WHOLE: Final = Shard(1, 1)
"""The only shard of a run without shards."""
