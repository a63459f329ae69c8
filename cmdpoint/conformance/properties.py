"""Check a property of an engine on generated or enumerated values, and confirm the divergence it finds."""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from unittest import SkipTest

import hypothesis
from hypothesis import Phase
from hypothesis import strategies as st

from cmdpoint.conformance.case_pool import FACTOR, Value, candidates_of, draw, most_first, of_examples
from cmdpoint.conformance.comparator import Comparator, Divergence
from cmdpoint.conformance.errors import HarnessFault
from cmdpoint.conformance.shards import ExampleShard
from cmdpoint.oracle import CommandLine, Request
from cmdpoint.oracle.case import Chain, PyCall
from cmdpoint.oracle.comparison import Level


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
    property_ = _hypothesis_test(
        lambda drawn: check(*drawn), st.tuples(*values), _examples(share, shard), shard, tuple(Phase)
    )
    run_property(comparator, property_, shard)


def check_cases(  # noqa: PLR0913 - what is compared, how, and how much of it
    comparator: Comparator,
    level: Level,
    chains: st.SearchStrategy[Chain],
    requests: st.SearchStrategy[list[Any]] | None = None,
    *,
    chain_share: float | None = None,
    share: float,
    shard: ExampleShard,
) -> None:
    """Compare generated cases at one level: those first that together test the most.

    More cases are drawn than are compared; see `case_pool`. What diverged in an earlier run and was stored by
    Hypothesis is compared before all others. A divergence is shrunk by Hypothesis.

    Args:
        comparator: Compares the cases.
        level: The level.
        chains: Draws the images.
        requests: Draws the requests for a chain; None for the images alone.
        chain_share: How many chains all shards draw, likewise; None for `case_pool.FACTOR` times the cases.
        share: How many cases all shards compare, as a share of the profile's `max_examples`.
        shard: The shard to check.

    Raises:
        ConfirmedDivergence: Oracle and engine diverge, and the engine repeated it.
        HarnessFault: The engine could not be used, or gave two different answers to one case.
    """
    values = st.tuples(chains, st.just([Request()]) if requests is None else requests)
    drawn = _examples(FACTOR * share if chain_share is None else chain_share, shard)
    cases = _GeneratedCases(comparator, level, values, drawn, shard)
    cases.check_stored()
    cases.check_pool(_examples(share, shard))


@dataclass(frozen=True, slots=True)
class _GeneratedCases:
    """Generated cases that are compared at one level; see `check_cases`."""

    comparator: Comparator
    level: Level
    values: st.SearchStrategy[Value]
    drawn: int
    shard: ExampleShard

    def check_stored(self) -> None:
        """Compare what diverged in an earlier run."""
        stored = _hypothesis_test(
            lambda value: self._compare(*value),
            self.values,
            self.drawn,
            self.shard,
            (Phase.reuse, Phase.shrink),
        )
        with suppress(SkipTest):  # nothing is stored
            run_property(self.comparator, stored, self.shard)

    def check_pool(self, count: int) -> None:
        """Compare some of the pool."""
        pool = draw(self.values, self.shard.seed, self.drawn)
        dialect = self.comparator.dialect
        chosen = most_first(
            candidates_of(pool, self.level, dialect), count, [of_examples(dialect, self.level)]
        )
        for each in sorted(chosen, key=lambda candidate: candidate.value):
            images, requests = pool[each.value]
            try:
                self._compare(images, [requests[each.request]])
            except Divergence as divergence:
                self._shrink(pool[each.value], each.request)
                raise self.comparator.confirm(divergence, _hint(self.shard)) from None

    def _shrink(self, diverging: Value, request: int) -> None:
        """Draw the pool again with Hypothesis, and compare from the value on that diverged: it is shrunk."""
        is_found = False

        def compare(value: Value) -> None:
            nonlocal is_found
            is_found = is_found or value == diverging
            if is_found:
                images, requests = value
                self._compare(images, requests[request : request + 1])

        phases = (Phase.generate, Phase.shrink)
        again = _hypothesis_test(compare, self.values, self.drawn, self.shard, phases)
        run_property(self.comparator, again, self.shard)

    def _compare(self, images: Chain, requests: Sequence[Request | CommandLine | PyCall]) -> None:
        match self.level:
            case "config":
                self.comparator.config(images)
            case "planned":
                self.comparator.planned(images, requests)
            case "observed":
                self.comparator.observed(images, requests)


def run_property(comparator: Comparator, run: Callable[[], None], shard: ExampleShard) -> None:
    """Run a Hypothesis test and confirm the divergence it finds; see `check_generated` for the errors."""
    try:
        run()
    except Divergence as divergence:
        raise (divergence.comparator or comparator).confirm(divergence, _hint(shard)) from None
    except hypothesis.errors.Flaky as flaky:
        raise HarnessFault(
            f"{comparator.live}: a case has different results on the engine\n{flaky}"
        ) from flaky


def _hypothesis_test(
    check: Callable[[Any], None],
    values: st.SearchStrategy[Any],
    count: int,
    shard: ExampleShard,
    phases: tuple[Phase, ...],
) -> Callable[[], None]:
    """A test of Hypothesis that checks drawn values; the profile may leave out some of the phases."""
    phases = tuple(phase for phase in hypothesis.settings().phases if phase in phases)

    @hypothesis.seed(shard.seed)
    @hypothesis.settings(max_examples=count, phases=phases)
    @hypothesis.given(values)
    def property_(drawn: Any) -> None:
        check(drawn)

    return property_


def _examples(share: float, shard: ExampleShard) -> int:
    return max(1, round(hypothesis.settings().max_examples * share / shard.count))


def _hint(shard: ExampleShard) -> str:
    return f"\nTo find it again: --hypothesis-seed={shard.base_seed}\n"
