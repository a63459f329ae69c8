"""The cases to record: examples of spec and ledger, some of the small scope, and generated ones."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain as joined
from itertools import islice
from pathlib import Path
from random import Random
from typing import Final, TypeVar

from hypothesis import strategies as st

from cmdpoint.conformance.drawing import draw
from cmdpoint.conformance.strategies import small_scope
from cmdpoint.conformance.strategies.cases import (
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
from cmdpoint.observations.reader import ObservationReader
from cmdpoint.observations.records import Observation
from cmdpoint.observations.targets import has_other_runtime
from cmdpoint.oracle import Case, Dialect, predict
from cmdpoint.oracle.case import Chain, ContainerRequest
from cmdpoint.oracle.comparison import LEVELS, Level
from cmdpoint.report.ledger import entries
from cmdpoint.spec.rules import all_rules

SEED: Final = 1
"""The seed of all generated cases: with one version of Hypothesis, the list is always the same."""

OF_SCOPE: Final = 300
"""The number of recorded chains of the small scope."""

Drawn = TypeVar("Drawn")


@dataclass(frozen=True, slots=True)
class ChainCases:
    """A chain of images with all its cases, so that an engine builds it once.

    Attributes:
        images: The chain.
        requests: The requests to run the last image, each with its level; every config is compared too.
        every_runtime: Whether it is for each runtime of an engine, not only for its default.
    """

    images: Chain
    requests: tuple[tuple[Level, ContainerRequest], ...] = ()
    every_runtime: bool = False

    @property
    def cases(self) -> Iterator[tuple[Case, Level]]:
        """The cases, with `planned` after `observed`, which already plans the case."""
        for length in range(1, len(self.images) + 1):
            yield Case(self.images[:length]), "config"
        for level in reversed(LEVELS):
            yield from ((Case(self.images, request), level) for at, request in self.requests if at == level)


def recorded_cases(first: int | None = None) -> list[ChainCases]:
    """All cases to record, each chain once; with `first`, only so many, because generating takes a while."""
    return merged(islice(joined(_of_spec(), _of_ledger(), _of_scope(), _drawn()), first))


def cases_of_file(path: Path) -> list[ChainCases]:
    """The cases of a file of observations, to record them with another engine.

    Raises:
        Fault: The file cannot be read.
    """
    targets: dict[tuple[Case, Level], set[str]] = {}
    with ObservationReader(path) as reader:
        for each in reader:
            if isinstance(each, Observation):
                targets.setdefault((each.case, each.level), set()).update(each.targets)
    found = []
    for (case, level), at in targets.items():
        levels = () if level == "config" else ((level, case.request),)
        found.append(ChainCases(case.images, levels, any(map(has_other_runtime, at))))
    return merged(found)


def merged(of_chains: Iterable[ChainCases]) -> list[ChainCases]:
    """Merge entries with the same chain."""
    found: dict[tuple[Chain, bool], dict[tuple[Level, ContainerRequest], None]] = {}
    for each in of_chains:
        found.setdefault((each.images, each.every_runtime), {}).update(dict.fromkeys(each.requests))
    return [ChainCases(images, tuple(levels), every) for (images, every), levels in found.items()]


def _of_spec() -> Iterator[ChainCases]:
    """The examples: those of create and start are run with each runtime, those of a client are run."""
    for rule in all_rules().values():
        for example in rule.examples:
            case = example.case
            if example.level == "config":
                yield ChainCases(case.images)
            elif rule.depends_on_runtime or rule.chapter[0] in "78":
                yield ChainCases(case.images, _both(case.request), every_runtime=True)
            elif rule.id.startswith("CLI-"):
                yield ChainCases(case.images, _both(case.request))
            else:
                # Over the API, because a client is a process of its own, which is slow.
                request = predict(case, Dialect.newest()).request or case.request
                yield ChainCases(case.images, (("planned", request),))


def _of_ledger() -> Iterator[ChainCases]:
    """The examples of DIVERGENCES.md."""
    return (ChainCases(case.images, _both(case.request)) for case in ledger_cases())


def ledger_cases() -> list[Case]:
    """The cases that DIVERGENCES.md always shows."""
    return [entry.case for entry in entries() if entry.case is not None]


def _of_scope() -> Iterator[ChainCases]:
    chosen = Random(SEED).sample(list(small_scope.chains()), OF_SCOPE)
    return (ChainCases(images) for images in chosen)


def _drawn() -> Iterator[ChainCases]:
    built = [(chains(), 300), (refused_chains(), 300), (raw_images(), 300), (other_chains(), 200)]
    for strategy, count in built:
        yield from map(ChainCases, draw(strategy, SEED, count))
    yield from map(ChainCases, rare_chains())
    for images, sent in rare_runs():
        yield ChainCases(images, _both(*sent))
    for images, table in draw(st.tuples(configured(), request_tables()), SEED, 14):
        yield ChainCases(images, tuple(("planned", each) for each in table))
    for images, calls in draw(st.tuples(configured(), _lists(CALLS, 6)), SEED, 16):
        yield ChainCases(images, tuple(("planned", each) for each in calls))
    for images, some in draw(st.tuples(chains(tame=True), requests(6)), SEED, 14):
        yield ChainCases(images, _both(*some))
    for images, lines in draw(st.tuples(chains(tame=True), _lists(command_lines(), 4)), SEED, 20):
        yield ChainCases(images, _both(*lines))
    for image, set_ones in draw(st.tuples(set_images(), _lists(set_requests(), 8)), SEED, 16):
        yield ChainCases((image,), _both(*set_ones), every_runtime=True)


def _lists(strategy: st.SearchStrategy[Drawn], count: int) -> st.SearchStrategy[list[Drawn]]:
    return st.lists(strategy, min_size=count, max_size=count, unique=True)


def _both(*sent: ContainerRequest) -> tuple[tuple[Level, ContainerRequest], ...]:
    return tuple(joined.from_iterable((("planned", each), ("observed", each)) for each in sent))
