"""Draw values with Hypothesis: the same values for the same seed, in every process."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, TypeVar

import hypothesis
from hypothesis import strategies as st

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
    other values if other tests are selected, or if cmdpoint is installed.
    """

    @wraps(test)
    def run() -> None:
        with _without_strings_of_modules():
            test()

    return run


@contextmanager
def _without_strings_of_modules() -> Iterator[None]:
    """Let Hypothesis find no strings in modules.

    It has no setting for it. A version in which these names do not exist draws as it always does.
    """
    providers: Any = sys.modules.get("hypothesis.internal.conjecture.providers")
    before = {name: getattr(providers, name, None) for name in ("_get_local_constants", "CONSTANTS_CACHE")}
    if None in before.values():
        yield
        return
    providers._get_local_constants = providers.Constants
    providers.CONSTANTS_CACHE = providers.LRUCache(1024)
    try:
        yield
    finally:
        for name, value in before.items():
            setattr(providers, name, value)
