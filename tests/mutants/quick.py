"""The cases that a quick `conform` run compares on a target."""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import chain as joined

from hypothesis import strategies as st

from cmdpoint.conformance.recording.cases import ChainCases, draw
from cmdpoint.conformance.strategies.cases import (
    OBSERVED_REQUESTS,
    chains,
    configured,
    rare_chains,
    rare_runs,
    refused_chains,
    request_tables,
    requests,
)
from cmdpoint.conformance.strategies.command_lines import command_lines
from cmdpoint.conformance.strategies.other_images import CALLS, other_chains
from cmdpoint.conformance.strategies.raw import raw_images
from cmdpoint.conformance.strategies.settings import set_images, set_requests
from cmdpoint.engines.driver.live_target import ContainerRequest
from cmdpoint.oracle import Case, Dialect
from cmdpoint.oracle.comparison import Level

SEED = 7
"""Of the run; another seed than that of the recorded cases."""


def quick_cases(dialect: Dialect) -> Iterator[tuple[Case, Level]]:
    """The cases of a quick run with a fixed seed, each with its level.

    Args:
        dialect: The dialect of the target.
    """
    return joined.from_iterable(each.cases for each in _generated())


@cache
def _generated() -> list[ChainCases]:
    """As `tests/conformance/test_properties.py` generates them."""
    found: list[ChainCases] = []
    for strategy, count in (
        (chains(), 160),
        (refused_chains(), 160),
        (raw_images(), 100),
        (other_chains(), 60),
    ):
        found += map(ChainCases, draw(strategy, count, SEED))
    found += map(ChainCases, rare_chains())
    found += (ChainCases(images, _both(sent)) for images, sent in rare_runs())
    for images, table in draw(st.tuples(configured(), request_tables()), 22, SEED):
        found.append(ChainCases(images, tuple(("planned", each) for each in table)))
    for images, calls in draw(st.tuples(configured(), _lists(CALLS, 4)), 8, SEED):
        found.append(ChainCases(images, tuple(("planned", each) for each in calls)))
    for images, sent in draw(st.tuples(chains(tame=True), requests(OBSERVED_REQUESTS)), 12, SEED):
        found.append(ChainCases(images, _both(sent)))
    for images, lines in draw(st.tuples(chains(tame=True), _lists(command_lines(), 2)), 20, SEED):
        found.append(ChainCases(images, _both(lines)))
    for image, some in draw(st.tuples(set_images(), _lists(set_requests(), 8)), 12, SEED):
        found.append(ChainCases((image,), _both(some)))
    return found


def _lists(
    strategy: st.SearchStrategy[ContainerRequest], count: int
) -> st.SearchStrategy[list[ContainerRequest]]:
    return st.lists(strategy, min_size=count, max_size=count, unique=True)


def _both(sent: Sequence[ContainerRequest]) -> tuple[tuple[Level, ContainerRequest], ...]:
    return tuple(joined.from_iterable((("planned", each), ("observed", each)) for each in sent))
