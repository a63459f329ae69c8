"""Every combination of a few shapes of CMD and ENTRYPOINT, in a base and in what is built on it."""

from random import Random

import hypothesis

from oracle import Dialect
from tests.judge import Judge, hold_each
from tests.live.test_properties import SHARDS, NewShard, shards
from tests.scope import chains, classes

QUICK = 40
"""How many of all combinations the profile `quick` builds; `thorough` builds one of each class."""


@shards
def test_small_scope(judge: Judge, shard: int, new_shard: NewShard) -> None:
    """What is built of the small scope leaves the image config that the oracle says."""
    if hypothesis.settings().max_examples < hypothesis.settings.get_profile("thorough").max_examples:
        chosen = Random(new_shard(0, SHARDS).seed).sample(list(chains()), QUICK)
    else:
        engine = judge.live.engine
        chosen = classes([Dialect.of(engine.product, engine.version, each) for each in engine.builders])
    hold_each(judge, judge.config, ((chain,) for chain in chosen[shard::SHARDS]))
