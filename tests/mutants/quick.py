"""The cases that a quick `conform` run compares on a target."""

from collections.abc import Iterator
from functools import cache

from cmdpoint.conformance.case_pool import CaseGenerator, Value
from cmdpoint.conformance.profiles import PROFILES
from cmdpoint.conformance.strategies.cases import rare_chains, rare_runs
from cmdpoint.conformance.tests.generated import GENERATORS
from cmdpoint.oracle import Case, Dialect
from cmdpoint.oracle.comparison import Level

SEED = 7
"""The seed of the run; another seed than that of the recorded cases."""

EXAMPLES = PROFILES["quick"]


def quick_cases(dialect: Dialect) -> Iterator[tuple[Case, Level]]:
    """The cases of a quick run with a fixed seed, each with its level.

    Args:
        dialect: The dialect of the target, in which the run chooses the cases.
    """
    for chain in rare_chains():
        yield Case(chain), "config"
    for chain, requests in rare_runs():
        for request in requests:
            yield from _levels(Case(chain, request), "observed")
    for generator in GENERATORS:
        for candidate in generator.chosen(_pool(generator), EXAMPLES, dialect):
            yield from _levels(candidate.case, generator.level)


def _levels(case: Case, level: Level) -> Iterator[tuple[Case, Level]]:
    """A case at its level, and at the others that a comparison at this level includes."""
    yield Case(case.images), "config"
    if level != "config":
        yield case, "planned"
    if level == "observed":
        yield case, "observed"


@cache
def _pool(generator: CaseGenerator) -> list[Value]:
    return generator.pool(EXAMPLES, SEED)
