"""The examples of a bench: drawn once, by the suite's strategies; every measure is of the same cases."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Final

import hypothesis
from hypothesis import strategies as st

from cmdpoint.conformance.strategies.cases import chains, configured, request_tables, requests
from cmdpoint.oracle import Case, Dialect, Outcome, Process, Request, predict
from cmdpoint.oracle.case import Chain

SEED: Final = 1
"""Of Hypothesis: every bench draws the same."""

Drawn = tuple[Chain, list[Request], Chain, list[list[Request]]]


@dataclass(frozen=True, slots=True)
class Example:
    """What a property is given at a time.

    Attributes:
        images: A chain of images, all of which build.
        requests: What is asked of the last.
    """

    images: Chain
    requests: tuple[Request, ...]

    @property
    def cases(self) -> list[Case]:
        """One for each request."""
        return [Case(self.images, request) for request in self.requests]


def draw_examples(
    count: int, others: int, tables: int, dialects: Iterable[Dialect]
) -> tuple[list[Example], list[Example]]:
    """Draw chains of images that build, no two the same, and requests for each.

    Args:
        count: How many chains.
        others: How many requests `observed` has besides the two plain ones.
        tables: How many tables of requests `planned` has.
        dialects: Where each chain has to build.

    Returns:
        The examples for `observed`, and those for `planned`, which are of one image each.
    """
    drawn: list[Drawn] = []

    @hypothesis.seed(SEED)
    @hypothesis.settings(
        max_examples=4 * count + 50,
        database=None,
        deadline=None,
        phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )
    @hypothesis.given(
        st.tuples(
            chains(tame=True),
            requests(others),
            configured(),
            st.lists(request_tables(), min_size=tables, max_size=tables),
        )
    )
    def collect(values: Drawn) -> None:
        drawn.append(values)

    collect()
    return (
        _chosen(((images, asked) for images, asked, _, _ in drawn), count, dialects),
        _chosen(((images, [*chain.from_iterable(cells)]) for _, _, images, cells in drawn), count, dialects),
    )


def _chosen(
    examples: Iterable[tuple[Chain, list[Request]]], count: int, dialects: Iterable[Dialect]
) -> list[Example]:
    """Some of the examples whose images build, no two of the same images."""
    dialects = list(dialects)
    building = {
        images: asked
        for images, asked in examples
        if all(predict(Case(images), dialect).config is not None for dialect in dialects)
    }
    # Hypothesis begins with what is small, so they are taken from all over.
    chosen = list(building.items())[:: max(1, len(building) // count)][:count]
    return [Example(images, tuple(dict.fromkeys(asked))) for images, asked in chosen]


def outcomes(examples: Iterable[Example], dialect: Dialect) -> list[tuple[Outcome, Outcome]]:
    """What create fixes for each case and what then runs, as the oracle says it."""
    predictions = (predict(case, dialect) for example in examples for case in example.cases)
    return [(prediction.planned, prediction.outcome) for prediction in predictions]


def mix(examples: Iterable[Example], dialect: Dialect) -> str:
    """How many of the cases run something and how many are refused, in words."""
    ends = Counter(
        "run" if isinstance(outcome, Process) else f"are refused at {outcome.phase}"
        for _, outcome in outcomes(examples, dialect)
    )
    return ", ".join(f"{100 * many / ends.total():.0f} % {end}" for end, many in ends.most_common())
