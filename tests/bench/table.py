"""The table at the end of a benchmark: what was measured, one column for each builder, and the ratios."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from cmdpoint.oracle.comparison import LEVELS, Level


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """What was measured at a level.

    Attributes:
        tests: Cases a second that the tests compare.
        alone: Cases a second of the engine alone.
        cpu: The milliseconds of processor time that the tests take for a case, besides the engine's.
        power: Features of the pool that a run's cases reach, for each second of processor time.
        power_as_drawn: The same for as many cases as they are drawn.
    """

    tests: float
    alone: float
    cpu: float
    power: float
    power_as_drawn: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """What was measured on one builder.

    Attributes:
        builder: The builder's name.
        script: Cases a second of the plain script; None if it does not do what is measured.
        levels: What was measured at each level.
        predictions: Cases a second of the oracle alone, with the cases of `planned`.
        typical: The same with the spec's examples.
    """

    builder: str
    script: float | None
    levels: Mapping[Level, Compared]
    predictions: float
    typical: float


Measure = Callable[[Results], float | None]

_GOAL: Final = 0.9
"""The least ratio of the tests to the engine alone."""

MEANINGS: Final = """\
script: for each case of the tests at observed, `docker build` of each image and `docker run --rm`. If the
  command line cannot express a request, it is a command line with the same argv.
tests: the cases built, predicted, planned, run and compared as in a run, with several workers.
engine alone: at config the same builds; else the containers of the tests, all of one image; and nothing else.
CPU: the processor time of the tests for a case, without the engine's.
power: how many features of the pool a run's cases reach (rules, forms and values of behaviours, and pairs of
  them), for each second of processor time, the engine's included if it is a private one.
power, as drawn: the same for as many cases that are drawn, but not chosen.
oracle: cases predicted on one core, from the text of their Dockerfiles; typical ones are the spec's examples.
"""


def render(results: Sequence[Results]) -> str:
    """The table, with the mean of the builders if there are several."""
    return "".join(f"{line}\n".replace(" \n", "\n") for line in _lines(results)) + f"\n{MEANINGS}"


def _lines(results: Sequence[Results]) -> Iterator[str]:
    yield _row("", [result.builder for result in results] + (["mean"] if len(results) > 1 else []))
    yield _measured(results, "script, cases/s", lambda one: one.script)
    for level in LEVELS:
        yield from _of_level(results, level)
    yield ""
    yield _measured(results, "tests/script, goal 4", _beside_script, "{:.2f}")
    yield _measured(results, "oracle, planned, cases/s", lambda one: one.predictions)
    yield _measured(results, "oracle, typical, goal 20000", lambda one: one.typical)


def _of_level(results: Sequence[Results], level: Level) -> Iterator[str]:
    rows: tuple[tuple[str, str, Callable[[Compared], float]], ...] = (
        ("tests, cases/s", "{:.1f}", lambda one: one.tests),
        ("engine alone, cases/s", "{:.1f}", lambda one: one.alone),
        (f"tests/engine, goal {_GOAL}", "{:.2f}", lambda one: one.tests / one.alone),
        ("CPU, ms/case", "{:.1f}", lambda one: one.cpu),
        ("power, features/CPU s", "{:.0f}", lambda one: one.power),
        ("power, as drawn", "{:.0f}", lambda one: one.power_as_drawn),
    )
    yield ""
    yield level
    for name, form, measure in rows:
        values = [measure(result.levels[level]) for result in results]
        yield _row(f"  {name}", _cells(values, form))


def _beside_script(result: Results) -> float | None:
    return None if result.script is None else result.levels["observed"].tests / result.script


def _measured(results: Sequence[Results], name: str, measure: Measure, form: str = "{:.1f}") -> str:
    return _row(name, _cells([measure(result) for result in results], form))


def _cells(values: Sequence[float | None], form: str) -> list[str]:
    known = [value for value in values if value is not None]
    mean = [fmean(known) if len(known) == len(values) else None] if len(values) > 1 else []
    return ["-" if value is None else form.format(value) for value in (*values, *mean)]


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{name:<28}" + "".join(f"{cell:>12}" for cell in cells)
