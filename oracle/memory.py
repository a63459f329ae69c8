"""Remember what was computed of the beginnings of chains. This makes predictions faster, and nothing else.

An image is run in many ways, and is the beginning of many longer chains.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeVar, cast

from cmdpoint.oracle.dialect.dialect import Dialect

State = TypeVar("State")
Item = TypeVar("Item")


def folded(
    step: Callable[[State | None, Item, Dialect], State], chain: Sequence[Item], dialect: Dialect
) -> State | None:
    """What a step makes of each item of a chain, and of what it made of the items before.

    Args:
        step: Takes what it made of the items before, or None in front of the first, and the next item.
        chain: Values that can be hashed.
        dialect: Passed to each step.

    Returns:
        What the last step made; None of an empty chain.
    """
    state: State | None = None
    # One prefix after the other: each finds the one before it remembered, however long the chain is.
    for length in range(1, len(chain) + 1):
        state = cast("State", _after(step, tuple(chain[:length]), dialect))
    return state


@lru_cache(maxsize=256)
def _after(step: Callable[..., object], chain: tuple[object, ...], dialect: Dialect) -> object:
    before = _after(step, chain[:-1], dialect) if len(chain) > 1 else None
    return step(before, chain[-1], dialect)
