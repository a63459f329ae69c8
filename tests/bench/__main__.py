"""Compare the speed of the tests with a plain script and the engine alone: `python -m tests.bench`."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from cmdpoint.conformance.profiles import load_profiles
from cmdpoint.conformance.strategies.cases import OBSERVED_REQUESTS
from cmdpoint.engines.driver.engine import BUILDERS, Engine
from cmdpoint.engines.faults import Fault
from cmdpoint.engines.find import RunningEngine, find
from cmdpoint.engines.private.process import PrivateEngine
from cmdpoint.oracle import Dialect
from cmdpoint.oracle.comparison import LEVELS, Level
from tests.bench import ceiling, suite
from tests.bench.drawn import Example, draw_examples, mix, outcomes
from tests.bench.naive import NoMeasureError, Script
from tests.bench.power import Selection, chosen_and_drawn
from tests.bench.speed import predictions_a_second, typical_cases
from tests.bench.table import Compared, Results, render
from tests.bench.workers import Measured, Prepare, Progress, Target, Work, measure

IN_FLIGHT = (4, 8)
"""How many containers at once are tried when the engine is measured alone; the better figure counts."""


def main() -> int:
    """Run the benchmark.

    Returns:
        The exit status.
    """
    options = _options()
    load_profiles()
    try:
        found = find(options.engine, _say)
        try:
            engine = Engine(found.url, found.tls)
            print(Bench(options, found, engine).table(), end="")
            engine.close()
        finally:
            found.stop()
    except Fault as fault:
        print(f"cmdpoint: {fault}", file=sys.stderr)
        return fault.exit_code
    return 0


@dataclass(frozen=True, slots=True)
class Kind:
    """How a level is measured.

    Attributes:
        tests: Prepares what the tests do.
        alone: Prepares what the engine alone does.
        items: The items of the engine alone, for the examples of the tests.
    """

    tests: Prepare[Example]
    alone: Callable[[str, Target], AbstractContextManager[Work[Any]]]
    items: Callable[[Sequence[Example], Dialect], Sequence[Any]]


def _containers(examples: Sequence[Example], dialect: Dialect) -> list[ceiling.Container]:
    return [ceiling.equivalent(planned, dialect) for planned, _ in outcomes(examples, dialect)]


KINDS: Final[Mapping[Level, Kind]] = {
    "config": Kind(suite.config, ceiling.build, lambda examples, _: examples),
    "planned": Kind(suite.planned, ceiling.plan, _containers),
    "observed": Kind(suite.observed, ceiling.run, _containers),
}


class Bench:
    """One run of the benchmark on one engine."""

    def __init__(self, options: argparse.Namespace, found: RunningEngine, engine: Engine) -> None:
        self._engine = engine
        self._docker = found.private.cli_argv() if found.private else ["docker", "--host", found.url]
        self._how = found.url if found.private or options.engine not in ("auto", "host") else "host"
        self._pid = found.private.pid if isinstance(found.private, PrivateEngine) else 0
        self._dialects = [Dialect.of("docker", engine.version, builder) for builder in options.builder]
        self._cases: int = options.cases
        # A worker takes a whole chain, and only the time in which all have one counts.
        count = max(2 * options.workers, round(options.cases / (options.requests + 2)))
        _say(f"generating {count} chains of images")
        self._examples = draw_examples(count, options.requests, options.tables, self._dialects)
        self._workers: int = options.workers

    def table(self) -> str:
        """Measure each builder, and render the results."""
        results = [self._of(dialect) for dialect in self._dialects]
        counts = ", ".join(f"{_cases(self._examples[level], level)} cases {level}" for level in LEVELS)
        head = f"{self._engine.name}, {os.cpu_count()} cores, {self._workers} workers; {counts}\n"
        mixes = "".join(
            f"{level} on {dialect.builder}: {mix(self._examples[level], dialect)}\n"
            for dialect in self._dialects
            for level in ("planned", "observed")
        )
        return f"\n{head}{mixes}\n{render(results)}"

    def _of(self, dialect: Dialect) -> Results:
        planned = [case for example in self._examples["planned"] for case in example.cases]
        return Results(
            builder=dialect.builder,
            script=self._script(dialect),
            levels={level: self._level(level, dialect) for level in LEVELS},
            predictions=predictions_a_second(planned, dialect),
            typical=predictions_a_second(typical_cases(), dialect),
        )

    def _script(self, dialect: Dialect) -> float | None:
        observed = self._examples["observed"]
        progress = _counting(f"{dialect.builder}: script", _cases(observed, "observed"))
        try:
            return Script(self._engine, self._docker, dialect).rate(observed, progress)
        except NoMeasureError as error:
            _say(f"the script is not measured with {dialect.builder}: {error}")
            return None

    def _level(self, level: Level, dialect: Dialect) -> Compared:
        """Measure the engine alone and the tests in turn, each twice; the better measurement counts."""
        kind, examples = KINDS[level], self._examples[level]
        target = Target(self._how, dialect.builder, self._pid)
        total = _cases(examples, level)

        def alone(in_flight: int) -> float:
            progress = _counting(f"{dialect.builder}: engine alone, {level}, {in_flight} in flight", total)
            with ceiling.base_image(self._engine) as base:
                items = kind.items(examples, dialect)
                return measure(target, in_flight, partial(kind.alone, base), items, progress).rate

        def tests() -> Measured:
            progress = _counting(f"{dialect.builder}: tests, {level}, {self._workers} workers", total)
            return measure(target, self._workers, kind.tests, examples, progress)

        rounds = [(alone(in_flight), tests()) for in_flight in IN_FLIGHT]
        chosen, drawn = chosen_and_drawn(level, self._cases, dialect)
        return Compared(
            tests=max(tested.rate for _, tested in rounds),
            alone=max(rate for rate, _ in rounds),
            cpu=1000 * min(tested.workers_seconds for _, tested in rounds) / total,
            power=self._power(level, target, chosen),
            power_as_drawn=self._power(level, target, drawn),
        )

    def _power(self, level: Level, target: Target, selection: Selection) -> float:
        """Compare some cases of a pool, and return the features that they reach for each second."""
        total = _cases(selection.examples, level)
        progress = _counting(f"{target.builder}: power, {level}", total)
        found = measure(target, self._workers, KINDS[level].tests, selection.examples, progress)
        return selection.features / (selection.seconds + found.workers_seconds + found.engine_seconds)


def _cases(examples: Sequence[Example], level: Level) -> int:
    return sum(example.count(level) for example in examples)


def _say(what: str) -> None:
    print(f"cmdpoint: {what}", file=sys.stderr, flush=True)


def _counting(what: str, total: int) -> Progress:
    """Progress that overwrites one line on a terminal, and writes a line every ten seconds elsewhere."""
    begin = last = time.monotonic()
    on_terminal = sys.stderr.isatty()

    def progress(done: int) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= (0.5 if on_terminal else 10) or done == total:
            last = now
            end = "\r" if on_terminal and done < total else "\n"
            print(
                f"{what}: {done} of {total} cases, {now - begin:.0f} s", end=end, file=sys.stderr, flush=True
            )

    return progress


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m tests.bench", description=__doc__)
    add = parser.add_argument
    add("--engine", default="auto", metavar="NAME", help="as for the tests; default: %(default)s")
    add(
        "--builder",
        action="append",
        choices=BUILDERS["docker"],
        help="measure only this builder; default: all",
    )
    add(
        "--cases",
        type=int,
        default=200,
        help="the approximate number of cases, of at least two chains a worker; default: %(default)s",
    )
    add(
        "--requests",
        type=int,
        default=OBSERVED_REQUESTS,
        help="generated requests for each chain, besides two plain ones; default: %(default)s",
    )
    add("--tables", type=int, default=1, help="tables of requests for each chain; default: %(default)s")
    add("--workers", type=int, default=2 * (os.cpu_count() or 1), help="default: as `-n auto`, %(default)s")
    options = parser.parse_args()
    options.builder = options.builder or list(BUILDERS["docker"])
    return options


if __name__ == "__main__":
    sys.exit(main())
