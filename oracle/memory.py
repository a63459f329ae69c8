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
    """Apply a step to the items of a chain, one after the other, and remember the state after each.

    Args:
        step: A pure function of the state, None in front of the first item, of the next item and the dialect.
            It returns the next state.
        chain: Items that can be hashed.
        dialect: Passed to each step.

    Returns:
        The state after the last item; None for an empty chain.
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
