"""Every combination of a few shapes of CMD and ENTRYPOINT, in a base and in what is built on it."""

from random import Random

import hypothesis

from cmdpoint.conformance.comparator import Comparator
from cmdpoint.conformance.properties import check_enumerated
from cmdpoint.conformance.shards import SHARDS, NewShard, shards
from cmdpoint.conformance.strategies.small_scope import chains, classes
from cmdpoint.oracle import Dialect

QUICK = 40
"""How many of all combinations the profile `quick` builds; `thorough` builds one of each class."""


@shards
def test_small_scope(comparator: Comparator, shard: int, new_shard: NewShard) -> None:
    """What is built of the small scope leaves the image config that the oracle says."""
    if hypothesis.settings().max_examples < hypothesis.settings.get_profile("thorough").max_examples:
        chosen = Random(new_shard(0, SHARDS).seed).sample(list(chains()), QUICK)
    else:
        engine = comparator.live.engine
        chosen = classes([Dialect.of(engine.product, engine.version, each) for each in engine.builders])
    check_enumerated(comparator, comparator.config, ((chain,) for chain in chosen[shard::SHARDS]))
