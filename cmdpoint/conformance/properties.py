"""Check a property of an engine on generated or enumerated values, and confirm the divergence it finds."""

from collections.abc import Callable, Iterable
from typing import Any

import hypothesis
from hypothesis import strategies as st

from cmdpoint.conformance.comparator import Comparator, Divergence
from cmdpoint.conformance.errors import HarnessFault
from cmdpoint.conformance.shards import ExampleShard


def check_enumerated(
    comparator: Comparator, check: Callable[..., None], values: Iterable[tuple[Any, ...]]
) -> None:
    """Check a property on enumerated values; see `check_generated` for the arguments and errors."""
    try:
        for each in values:
            check(*each)
    except Divergence as divergence:
        raise (divergence.comparator or comparator).confirm(divergence) from None


def check_generated(
    comparator: Comparator,
    check: Callable[..., None],
    *values: st.SearchStrategy[Any],
    share: float,
    shard: ExampleShard,
) -> None:
    """Check a property on generated values.

    Args:
        comparator: Confirms a divergence.
        check: Called with the values; raises `Divergence`.
        values: The strategies, one for each argument of `check`.
        share: The number of examples of all shards together, as a share of the profile's `max_examples`.
        shard: The shard to check.

    Raises:
        ConfirmedDivergence: Oracle and engine diverge, and the engine repeated the divergence.
        HarnessFault: The engine cannot be used, or a case has different results on it.
    """

    @hypothesis.seed(shard.seed)
    @hypothesis.settings(max_examples=max(1, round(hypothesis.settings().max_examples * share / shard.count)))
    @hypothesis.given(st.tuples(*values))
    def property_(drawn: tuple[Any, ...]) -> None:
        check(*drawn)

    run_property(comparator, property_, shard)


def run_property(comparator: Comparator, run: Callable[[], None], shard: ExampleShard) -> None:
    """Run a Hypothesis test and confirm the divergence it finds; see `check_generated` for the errors."""
    try:
        run()
    except Divergence as divergence:
        hint = f"\nTo find it again: --hypothesis-seed={shard.base_seed}\n"
        raise (divergence.comparator or comparator).confirm(divergence, hint) from None
    except hypothesis.errors.Flaky as flaky:
        raise HarnessFault(
            f"{comparator.live}: a case has different results on the engine\n{flaky}"
        ) from flaky
