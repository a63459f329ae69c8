"""The oracle and a live engine agree, on generated cases, at each of the three costs."""

import pytest
from hypothesis import strategies as st

from cmdpoint.conformance.comparator import Comparator, Divergence
from cmdpoint.conformance.properties import check_enumerated, check_generated
from cmdpoint.conformance.shards import SHARDS, NewShard, shards
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
from cmdpoint.oracle import Case, CommandLine, predict
from cmdpoint.oracle.case import Chain
from cmdpoint.oracle.comparison import agree


@shards
def test_config(comparator: Comparator, shard: int, new_shard: NewShard) -> None:
    """A build leaves the image config that the oracle says."""
    check_generated(comparator, comparator.config, chains(), share=1.6, shard=new_shard(shard, SHARDS))


@shards
def test_refusal(comparator: Comparator, shard: int, new_shard: NewShard) -> None:
    """A build is refused when the oracle says so, for the same reason, in the same line."""
    check_generated(
        comparator, comparator.config, refused_chains(), share=1.6, shard=new_shard(shard, SHARDS)
    )


def test_rare_chains(comparator: Comparator) -> None:
    """What is drawn too seldom is built in every run."""
    check_enumerated(comparator, comparator.config, ((chain,) for chain in rare_chains()))


def test_rare_runs(comparator: Comparator) -> None:
    """What is drawn too seldom is run in every run."""
    check_enumerated(comparator, comparator.observed, rare_runs())


@shards
def test_any_text(comparator: Comparator, shard: int, new_shard: NewShard) -> None:
    """Whatever the text, it is accepted or refused as the oracle says, and leaves the config it says."""
    check_generated(comparator, comparator.config, raw_images(), share=1.0, shard=new_shard(shard, SHARDS))


@shards
def test_planned(comparator: Comparator, shard: int, new_shard: NewShard) -> None:
    """Create fixes the argv that the oracle says, for every shape of request."""
    check_generated(
        comparator,
        comparator.planned,
        configured(),
        request_tables(),
        share=0.22,
        shard=new_shard(shard, SHARDS),
    )


@shards
def test_observed(comparator: Comparator, shard: int, new_shard: NewShard) -> None:
    """The container runs the argv that the oracle says, which is also the one that create had fixed."""
    check_generated(
        comparator,
        comparator.observed,
        chains(tame=True),
        requests(OBSERVED_REQUESTS),
        share=0.12,
        shard=new_shard(shard, SHARDS),
    )


@shards
def test_command_line(comparator: Comparator, shard: int, new_shard: NewShard) -> None:
    """`docker run` itself runs what the oracle says of its words, or refuses them as it says."""
    lines = st.lists(command_lines(), min_size=2, max_size=2, unique=True)
    check_generated(
        comparator, comparator.observed, chains(tame=True), lines, share=0.2, shard=new_shard(shard, SHARDS)
    )


@pytest.mark.every_runtime
@shards
def test_start(comparator: Comparator, shard: int, new_shard: NewShard) -> None:
    """What is found, who may run it, and how it ends, is as the oracle says, with each runtime."""
    asked = st.lists(set_requests(), min_size=8, max_size=8, unique=True)
    check_generated(
        comparator,
        comparator.observed,
        st.tuples(set_images()),
        asked,
        share=0.12,
        shard=new_shard(shard, SHARDS),
    )


@shards
def test_other_images(comparator: Comparator, shard: int, new_shard: NewShard) -> None:
    """What is committed, imported or loaded has the config the oracle says; so has what is built on it."""
    check_generated(comparator, comparator.config, other_chains(), share=0.6, shard=new_shard(shard, SHARDS))


@shards
def test_docker_py(comparator: Comparator, shard: int, new_shard: NewShard) -> None:
    """docker-py itself asks for what the oracle says."""
    calls = st.lists(CALLS, min_size=4, max_size=4, unique=True)
    check_generated(
        comparator, comparator.planned, configured(), calls, share=0.08, shard=new_shard(shard, SHARDS)
    )


@shards
def test_client_and_api_agree(comparator: Comparator, shard: int, new_shard: NewShard) -> None:
    """A command line comes to what the request does that it makes, whatever the oracle says of either."""

    def check(images: Chain, line: CommandLine) -> None:
        prediction = predict(Case(images, line), comparator.dialect)
        if prediction.request is None:
            return
        cases = [Case(images, line), Case(images, prediction.request)]
        seen = [comparator.observe(case, "planned") for case in cases]
        if not agree(*seen):
            # Not both can be what the oracle says.
            wrong = 0 if not agree(prediction.planned, seen[0]) else 1
            raise Divergence(cases[wrong], "planned", seen[wrong])

    check_generated(
        comparator, check, configured(), command_lines(), share=0.1, shard=new_shard(shard, SHARDS)
    )
