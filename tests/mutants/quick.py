"""The cases that a quick `conform` run compares on a target."""

from collections.abc import Iterator
from functools import cache
from typing import Final

from cmdpoint.conformance.case_pool import CaseGenerator, Value
from cmdpoint.conformance.profiles import PROFILES
from cmdpoint.conformance.started_examples import EXAMPLES, Kind, compared, is_started
from cmdpoint.conformance.strategies.cases import rare_chains, rare_runs
from cmdpoint.conformance.tests.generated import OF_EACH_BUILDER, OF_ONE_BUILDER, START
from cmdpoint.conformance.value_mutants import has_usual_runtime
from cmdpoint.oracle import Case, Dialect
from cmdpoint.oracle.comparison import Level

SEED = 7
"""The seed of the run; another seed than that of the recorded cases."""

OTHER_BUILDER: Final = "classic"
"""The builder of Docker on which a run does not compare what depends on no builder."""

EXAMPLES_DRAWN: Final = PROFILES["quick"]


def quick_cases(dialect: Dialect) -> Iterator[tuple[Case, Level]]:
    """The cases of a quick run with a fixed seed, each with its level.

    Args:
        dialect: The dialect of the target, in which the run chooses the cases.
    """
    if not has_usual_runtime(dialect):
        yield from _examples("start", dialect)
        yield from _chosen(START, dialect)
        return
    yield from _examples("image", dialect)
    for chain in rare_chains():
        yield Case(chain), "config"
    for generator in OF_EACH_BUILDER:
        yield from _chosen(generator, dialect)
    if dialect.builder != OTHER_BUILDER:
        yield from _examples("request", dialect)
        yield from _examples("start", dialect)
        for chain, requests in rare_runs():
            for request in requests:
                yield from _levels(Case(chain, request), "observed")
        for generator in OF_ONE_BUILDER:
            yield from _chosen(generator, dialect)


def _examples(kind: Kind, dialect: Dialect) -> Iterator[tuple[Case, Level]]:
    """The examples of a kind that the run compares, each at one level."""
    count = len(EXAMPLES[kind])
    halves = kind == "image" and dialect.engine == "docker"
    numbers = range(dialect.builder == OTHER_BUILDER, count, 2) if halves else range(count)
    for number, example in enumerate(EXAMPLES[kind]):
        skipped = kind == "start" and not (has_usual_runtime(dialect) or is_started(kind, number, dialect))
        if example.applies(dialect) and not skipped:
            yield compared(kind, number, dialect, numbers)


def _chosen(generator: CaseGenerator, dialect: Dialect) -> Iterator[tuple[Case, Level]]:
    for candidate in generator.chosen(_pool(generator), EXAMPLES_DRAWN, dialect):
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
    return generator.pool(EXAMPLES_DRAWN, SEED)
