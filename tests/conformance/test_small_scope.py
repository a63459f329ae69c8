"""Every combination of a few shapes of CMD and ENTRYPOINT, in a base and in the image built on it."""

from functools import cache
from random import Random

import hypothesis

from cmdpoint.conformance.comparator import Comparator
from cmdpoint.conformance.portions import Portion
from cmdpoint.conformance.properties import check_enumerated
from cmdpoint.conformance.strategies.small_scope import Chain, chains, classes, some_chains
from cmdpoint.oracle import Dialect

QUICK = 30
"""The number of combinations that the profile `quick` builds; `thorough` builds one of each class."""


def test_small_scope(comparator: Comparator, portion: Portion) -> None:
    """Each chain of the small scope that is built has the predicted image config."""
    if hypothesis.settings().max_examples < hypothesis.settings.get_profile("thorough").max_examples:
        chosen = some_chains(Random(portion.base_seed), QUICK)
    else:
        engine = comparator.live.engine
        chosen = one_of_each_class(engine.product, engine.version, engine.builders)
    check_enumerated(
        comparator, comparator.config, ((chain,) for chain in chosen[portion.number :: portion.count])
    )


@cache
def one_of_each_class(product: str, version: str, builders: tuple[str, ...]) -> list[Chain]:
    """One chain for each class of an engine. Its many predictions are made once in a process."""
    return classes(chains(), [Dialect.of(product, version, each) for each in builders])
