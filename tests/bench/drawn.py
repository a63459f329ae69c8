"""The examples of a benchmark: generated once by the strategies, so that all measure the same cases."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Final

from hypothesis import strategies as st

from cmdpoint.conformance.drawing import draw
from cmdpoint.conformance.strategies.cases import chains, configured, request_tables, requests
from cmdpoint.oracle import Case, Dialect, Image, Outcome, Process, Request, predict
from cmdpoint.oracle.case import Chain, ContainerRequest
from cmdpoint.oracle.comparison import Level

SEED: Final = 1
"""The seed of Hypothesis: every run generates the same cases."""

Drawn = tuple[Chain, list[Request], Chain, list[list[Request]], Chain]


@dataclass(frozen=True, slots=True)
class Example:
    """The arguments of a property for one example.

    Attributes:
        images: A chain of images, all of which build.
        requests: The requests to run the last image.
    """

    images: Chain
    requests: tuple[ContainerRequest, ...]

    @property
    def cases(self) -> list[Case]:
        """One case for each request."""
        return [Case(self.images, request) for request in self.requests]

    @property
    def built(self) -> list[Image]:
        """The images, all of which have a Dockerfile."""
        return [image for image in self.images if isinstance(image, Image)]

    def count(self, level: Level) -> int:
        """How many cases are compared at a level; at `config`, each image is one."""
        return len(self.images if level == "config" else self.requests)


def draw_examples(
    count: int, others: int, tables: int, dialects: Iterable[Dialect]
) -> dict[Level, list[Example]]:
    """Generate different chains of images that build, and requests for each.

    Args:
        count: The number of chains.
        others: The number of requests for `observed`, besides two plain ones.
        tables: The number of tables of requests for `planned`.
        dialects: The dialects in which each chain must build.

    Returns:
        The examples for each level; those for `planned` are of one image each, those for `config` without
        requests.
    """
    drawn = draw(_values(others, tables), SEED, 4 * count + 50)
    observed, planned, config = (
        [(images, some) for images, some, *_ in drawn],
        [(images, [*chain.from_iterable(cells)]) for _, _, images, cells, _ in drawn],
        [(images, list[Request]()) for *_, images in drawn],
    )
    return {
        "config": _chosen(config, 4 * count, dialects),
        "planned": _chosen(planned, count, dialects),
        "observed": _chosen(observed, count, dialects),
    }


def _values(others: int, tables: int) -> st.SearchStrategy[Drawn]:
    return st.tuples(
        chains(tame=True),
        requests(others),
        configured(),
        st.lists(request_tables(), min_size=tables, max_size=tables),
        chains(),
    )


def _chosen(
    examples: Iterable[tuple[Chain, list[Request]]], count: int, dialects: Iterable[Dialect]
) -> list[Example]:
    """Some of the examples whose images build, each with different images."""
    dialects = list(dialects)
    building = {
        images: requests
        for images, requests in examples
        if all(predict(Case(images), dialect).config is not None for dialect in dialects)
    }
    # Hypothesis generates small examples first, so these are taken at regular intervals.
    chosen = list(building.items())[:: max(1, len(building) // count)][:count]
    return [Example(images, tuple(dict.fromkeys(requests))) for images, requests in chosen]


def outcomes(examples: Iterable[Example], dialect: Dialect) -> list[tuple[Outcome, Outcome]]:
    """The planned and the observed outcome that are predicted for each case."""
    predictions = (predict(case, dialect) for example in examples for case in example.cases)
    return [(prediction.planned, prediction.outcome) for prediction in predictions]


def mix(examples: Iterable[Example], dialect: Dialect) -> str:
    """The share of the cases that run something, and the share refused in each phase, in words."""
    kinds = Counter(
        "run" if isinstance(outcome, Process) else f"are refused at {outcome.phase}"
        for _, outcome in outcomes(examples, dialect)
    )
    return ", ".join(f"{100 * count / kinds.total():.0f} % {kind}" for kind, count in kinds.most_common())
