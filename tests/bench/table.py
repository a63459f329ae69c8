"""The table at the end of a bench: what was measured, a builder a column, and the ratios that matter."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """Cases a second on one builder.

    Attributes:
        builder: Its name.
        script: (a)
        observed: (b)
        planned: (c)
        runs: (d)
        plans: (e)
        predictions: By the oracle alone, of the cases of (c).
        typical: Likewise, of the spec's examples.
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
        "For each case in turn, `docker build` of each image and `docker run --rm`, by the command line.",
    ),
    (
        "b  suite, observed",
        lambda r: r.observed,
        "The same cases built, predicted, planned, run and compared, by the suite's workers.",
    ),
    (
        "c  suite, planned",
        lambda r: r.planned,
        "Every cell of the table of requests built, predicted, created, inspected and compared, likewise.",
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
        "The cases of c predicted on one core, each anew from the text of its Dockerfiles.",
    ),
    (
        "   oracle, typical",
        lambda r: r.typical,
        "The examples of the spec, likewise; wanted: 20000.",
    ),
)

RATIOS: Final[tuple[tuple[str, Measure, float], ...]] = (
    ("b/a", lambda r: r.observed / r.script, 4),
    ("b/d", lambda r: r.observed / r.runs, 0.85),
    ("c/e", lambda r: r.planned / r.plans, 0.8),
)
"""Each with what it should at least be."""


def render(results: Sequence[Results]) -> str:
    """The table, with the mean of the builders where there are several."""
    return "".join(f"{line}\n".replace(" \n", "\n") for line in _lines(results))


def _lines(results: Sequence[Results]) -> Iterator[str]:
    names = [result.builder for result in results] + (["mean"] if len(results) > 1 else [])
    yield _row("cases a second", names)
    for name, measure, _ in MEASURES:
        yield _row(name, [f"{value:.1f}" for value in _values(results, measure)])
    yield ""
    for name, measure, goal in RATIOS:
        cells = [f"{value:.2f}" for value in _values(results, measure)]
        yield _row(f"{name}, wanted: {goal}", cells)
    yield ""
    for name, _, meaning in MEASURES:
        yield f"{name.strip()}: {meaning}"
    yield "Where the command line cannot say what a request says, a's call comes to the same argv."


def _values(results: Sequence[Results], measure: Measure) -> list[float]:
    values = [measure(result) for result in results]
    return [*values, fmean(values)] if len(values) > 1 else values


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{name:<24}" + "".join(f"{cell:>12}" for cell in cells)
