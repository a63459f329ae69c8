"""The table at the end of a benchmark: the measured rates, one column for each builder, and their ratios."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Cases a second on one builder.

    Attributes:
        builder: The builder's name.
        script: (a) The plain script.
        observed: (b) The tests, at the level `observed`.
        planned: (c) The tests, at the level `planned`.
        runs: (d) The engine alone, running the containers of (b).
        plans: (e) The engine alone, creating the containers of (c).
        predictions: The oracle alone, with the cases of (c).
        typical: The oracle alone, with the spec's examples.
    """

    builder: str
    script: float
    observed: float
    planned: float
    runs: float
    plans: float
    predictions: float
    typical: float


Measure = Callable[[Results], float]

MEASURES: Final[tuple[tuple[str, Measure, str], ...]] = (
    (
        "a  plain script",
        lambda r: r.script,
        "For each case, `docker build` of each image and `docker run --rm` on the command line.",
    ),
    (
        "b  tests, observed",
        lambda r: r.observed,
        "The same cases built, predicted, planned, run and compared, with several workers.",
    ),
    (
        "c  tests, planned",
        lambda r: r.planned,
        "Every cell of a table of requests built, predicted, created, inspected and compared.",
    ),
    (
        "d  engine alone, run",
        lambda r: r.runs,
        "The containers of b, all of one image: create, start, wait, logs, remove, and nothing else.",
    ),
    (
        "e  engine alone, plan",
        lambda r: r.plans,
        "The containers of c, all of one image: create, inspect, remove, and nothing else.",
    ),
    (
        "   oracle, cases of c",
        lambda r: r.predictions,
        "The cases of c predicted on one core, each from the text of its Dockerfiles.",
    ),
    (
        "   oracle, typical",
        lambda r: r.typical,
        "The examples of the spec, in the same way; goal: 20000.",
    ),
)

RATIOS: Final[tuple[tuple[str, Measure, float], ...]] = (
    ("b/a", lambda r: r.observed / r.script, 4),
    ("b/d", lambda r: r.observed / r.runs, 0.85),
    ("c/e", lambda r: r.planned / r.plans, 0.8),
)
"""Each ratio with its goal, which is a minimum."""


def render(results: Sequence[Results]) -> str:
    """The table, with the mean of the builders if there are several."""
    return "".join(f"{line}\n".replace(" \n", "\n") for line in _lines(results))


def _lines(results: Sequence[Results]) -> Iterator[str]:
    names = [result.builder for result in results] + (["mean"] if len(results) > 1 else [])
    yield _row("cases a second", names)
    for name, measure, _ in MEASURES:
        yield _row(name, [f"{value:.1f}" for value in _values(results, measure)])
    yield ""
    for name, measure, goal in RATIOS:
        cells = [f"{value:.2f}" for value in _values(results, measure)]
        yield _row(f"{name}, goal: {goal}", cells)
    yield ""
    for name, _, meaning in MEASURES:
        yield f"{name.strip()}: {meaning}"
    yield "If the command line cannot express a request, a uses a command line with the same argv."


def _values(results: Sequence[Results], measure: Measure) -> list[float]:
    values = [measure(result) for result in results]
    return [*values, fmean(values)] if len(values) > 1 else values


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{name:<24}" + "".join(f"{cell:>12}" for cell in cells)
