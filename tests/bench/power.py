"""Power: how many features of a pool the compared cases reach for each second of processor time.

A run draws more cases than it compares, and compares those that together test the most (see
`cmdpoint.conformance.case_pool`). The alternative is to compare what is drawn first, without a choice.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from cmdpoint.conformance.case_pool import Candidate, CaseGenerator, candidates_of
from cmdpoint.conformance.drawing import draw
from cmdpoint.conformance.profiles import PROFILES
from cmdpoint.conformance.tests.generated import CONFIG, OBSERVED, PLANNED
from cmdpoint.oracle import Dialect
from cmdpoint.oracle.comparison import Level
from cmdpoint.oracle.memory import forget
from tests.bench.drawn import SEED, Example

GENERATORS: Final[dict[Level, CaseGenerator]] = {"config": CONFIG, "planned": PLANNED, "observed": OBSERVED}
"""The generator that is measured for each level."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Some cases of a pool.

    Attributes:
        examples: The cases, those of one chain together.
        features: How many features of the pool a comparison of all tests.
        seconds: The seconds of processor time to draw and choose them.
    """

    examples: list[Example]
    features: int
    seconds: float


def chosen_and_drawn(level: Level, cases: int, dialect: Dialect) -> tuple[Selection, Selection]:
    """What a run compares at a level, and as many cases as they are drawn.

    Args:
        level: The level.
        cases: The number of cases; a quick run compares as many as its generator's share says.
        dialect: The dialect of the target.
    """
    generator = GENERATORS[level]
    examples = min(PROFILES["quick"], cases / generator.share)
    forget()
    begin = time.process_time()
    pool = generator.pool(examples, SEED)
    chosen = generator.chosen(pool, examples, dialect)
    seconds = time.process_time() - begin
    per_value = sum(len(requests) for _, requests in pool) / len(pool)
    begin = time.process_time()
    first = draw(generator.values, SEED + 1, max(1, round(len(chosen) / per_value)))
    drawn_seconds = time.process_time() - begin
    drawn = candidates_of(first, level, dialect)[: len(chosen)]
    return _selection(chosen, seconds), _selection(drawn, drawn_seconds)


def _selection(candidates: Sequence[Candidate], seconds: float) -> Selection:
    features = frozenset[tuple[str, ...]]().union(*(each.features for each in candidates))
    together = [list(some) for _, some in groupby(candidates, lambda each: each.value)]
    examples = [Example(some[0].case.images, tuple(each.case.request for each in some)) for some in together]
    return Selection(examples, len(features), seconds)
