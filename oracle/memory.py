"""Remember what was computed of the beginnings of chains. This makes predictions faster, and nothing else.

An image is run in many ways, is the beginning of many longer chains, and is the same for all dialects that do
not differ in what its build reads.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeVar, cast

from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.reads import ReadTree

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


def forget() -> None:
    """Forget everything."""
    _states.cache_clear()


def _after(step: Callable[..., object], chain: tuple[object, ...], dialect: Dialect) -> object:
    def compute(read: Dialect) -> object:
        before = _after(step, chain[:-1], read) if len(chain) > 1 else None
        return step(before, chain[-1], read)

    return _states(step, chain).get(dialect, compute)


@lru_cache(maxsize=256)
def _states(step: Callable[..., object], chain: tuple[object, ...]) -> ReadTree[object]:
    return ReadTree()
