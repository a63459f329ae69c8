"""The oracle and a live engine agree, on generated cases, at each of the three costs."""

from collections.abc import Callable

import pytest

from tests.judge import Judge, Shard, hold, hold_each
from tests.strategies.cases import (
    OBSERVED_REQUESTS,
    chains,
    configured,
    rare_chains,
    rare_runs,
    refused_chains,
    request_tables,
    requests,
)
from tests.strategies.raw import raw_images

SHARDS = 4
"""Each property is checked in so many parts, so that xdist can spread it over workers."""

shards = pytest.mark.parametrize("shard", range(SHARDS))
NewShard = Callable[[int, int], Shard]


@shards
def test_config(judge: Judge, shard: int, new_shard: NewShard) -> None:
    """A build leaves the image config that the oracle says."""
    hold(judge, judge.config, chains(), share=1.6, shard=new_shard(shard, SHARDS))


@shards
def test_refusal(judge: Judge, shard: int, new_shard: NewShard) -> None:
    """A build is refused when the oracle says so, for the same reason, in the same line."""
    hold(judge, judge.config, refused_chains(), share=1.6, shard=new_shard(shard, SHARDS))


def test_rare_chains(judge: Judge) -> None:
    """What is drawn too seldom is built in every run."""
    hold_each(judge, judge.config, ((chain,) for chain in rare_chains()))


def test_rare_runs(judge: Judge) -> None:
    """What is drawn too seldom is run in every run."""
    hold_each(judge, judge.observed, rare_runs())


@shards
def test_any_text(judge: Judge, shard: int, new_shard: NewShard) -> None:
    """Whatever the text, it is accepted or refused as the oracle says, and leaves the config it says."""
    hold(judge, judge.config, raw_images(), share=1.0, shard=new_shard(shard, SHARDS))


@shards
def test_planned(judge: Judge, shard: int, new_shard: NewShard) -> None:
    """Create fixes the argv that the oracle says, for every shape of request."""
    hold(judge, judge.planned, configured(), request_tables(), share=0.14, shard=new_shard(shard, SHARDS))


@shards
def test_observed(judge: Judge, shard: int, new_shard: NewShard) -> None:
    """The container runs the argv that the oracle says, which is also the one that create had fixed."""
    hold(
        judge,
        judge.observed,
        chains(tame=True),
        requests(OBSERVED_REQUESTS),
        share=0.12,
        shard=new_shard(shard, SHARDS),
    )
