"""Draw values with Hypothesis: the same values for the same seed, in every process."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

import hypothesis
from hypothesis import strategies as st
from hypothesis.internal.cache import LRUCache
from hypothesis.internal.conjecture import providers
from hypothesis.internal.constants_ast import Constants

T = TypeVar("T")


def draw(strategy: st.SearchStrategy[T], seed: int, count: int) -> list[T]:
    """Draw values.

    Args:
        strategy: Draws one value.
        seed: The seed of Hypothesis.
        count: How many.
    """
    values: list[T] = []

    @repeatable
    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=count,
        phases=[hypothesis.Phase.generate],
        database=None,
        deadline=None,
        # On a busy machine, every draw is slow.
        suppress_health_check=[hypothesis.HealthCheck.too_slow, hypothesis.HealthCheck.data_too_large],
    )
    @hypothesis.given(strategy)
    def collect(value: T) -> None:
        values.append(value)

    collect()
    return values


def repeatable(test: Callable[[], None]) -> Callable[[], None]:
    """Make a test of Hypothesis depend on nothing but its seed.

    Hypothesis also draws strings that it finds in the imported modules of a checkout. So the same seed draws
    other values if other tests are selected, or if cmdpoint is installed. Hypothesis has no setting for it.
    """

    @wraps(test)
    def run() -> None:
        found, known = providers._get_local_constants, providers.CONSTANTS_CACHE
        providers._get_local_constants, providers.CONSTANTS_CACHE = Constants, LRUCache(1024)
        try:
            test()
        finally:
            providers._get_local_constants, providers.CONSTANTS_CACHE = found, known

    return run
