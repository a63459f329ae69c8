"""Compare the speed of the tests with a plain script and the engine alone: `python -m tests.bench`."""

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from functools import partial

from cmdpoint.conformance.strategies.cases import OBSERVED_REQUESTS
from cmdpoint.engines.driver.engine import BUILDERS, Engine
from cmdpoint.engines.faults import Fault
from cmdpoint.engines.find import RunningEngine, find
from cmdpoint.oracle import Dialect, Request
from cmdpoint.oracle.comparison import Level
from tests.bench import ceiling, suite
from tests.bench.drawn import Example, draw_examples, mix, outcomes
from tests.bench.naive import Script
from tests.bench.speed import predictions_a_second, typical_cases
from tests.bench.table import Results, render
from tests.bench.workers import Prepare, Progress, Target, Work, rate

IN_FLIGHT = (4, 8)
"""How many containers at once are tried when the engine is measured alone; the better figure counts."""


def main() -> int:
    """Run the benchmark.

    Returns:
        The exit status.
    """
    options = _options()
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


EngineAlone = Callable[[str, Target], AbstractContextManager[Work[Request]]]


class Bench:
    """One run of the benchmark on one engine."""

    def __init__(self, options: argparse.Namespace, found: RunningEngine, engine: Engine) -> None:
        self._engine = engine
        self._docker = found.private.cli_argv() if found.private else ["docker", "--host", found.url]
        self._how = found.url if found.private or options.engine not in ("auto", "host") else "host"
        self._dialects = [Dialect.of("docker", engine.version, builder) for builder in options.builder]
        count = max(1, round(options.cases / (options.requests + 2)))
        _say(f"generating {count} chains of images")
        self._observed, self._planned = draw_examples(count, options.requests, options.tables, self._dialects)
        self._workers: int = options.workers

    def table(self) -> str:
        """Measure each builder, and render the results."""
        results = [self._of(dialect) for dialect in self._dialects]
        head = (
            f"{self._engine.name}, {os.cpu_count()} cores, {self._workers} workers; {len(self._observed)} "
            f"chains, {_cases(self._observed)} cases observed, {_cases(self._planned)} planned\n"
        )
        mixes = "".join(
            f"{name} on {dialect.builder}: {mix(examples, dialect)}\n"
            for dialect in self._dialects
            for name, examples in (("observed", self._observed), ("planned", self._planned))
        )
        return f"\n{head}{mixes}\n{render(results)}"

    def _of(self, dialect: Dialect) -> Results:
        target = Target(self._how, dialect.builder)
        script = Script(self._engine, self._docker, dialect)
        naive = script.rate(self._observed, _counting(f"{target.builder}: a, script", _cases(self._observed)))
        if script.wrong:
            _say(f"{script.wrong} cases of the script did not end as predicted")
        observed, runs = self._beside_engine(dialect, "observed", suite.observed, ceiling.run)
        planned, plans = self._beside_engine(dialect, "planned", suite.planned, ceiling.plan)
        return Results(
            builder=target.builder,
            script=naive,
            observed=observed,
            planned=planned,
            runs=runs,
            plans=plans,
            predictions=predictions_a_second(
                [case for example in self._planned for case in example.cases], dialect
            ),
            typical=predictions_a_second(typical_cases(), dialect),
        )

    def _beside_engine(
        self, dialect: Dialect, level: Level, prepare: Prepare[Example], alone: EngineAlone
    ) -> tuple[float, float]:
        """Measure the tests between two measurements of the engine alone, of which the better counts."""
        target = Target(self._how, dialect.builder)
        examples = self._observed if level == "observed" else self._planned
        total = _cases(examples)
        requests = [ceiling.equivalent_request(planned) for planned, _ in outcomes(examples, dialect)]

        def bare(in_flight: int) -> float:
            progress = _counting(f"{target.builder}: engine alone, {level}, {in_flight} in flight", total)
            with ceiling.base_image(self._engine) as base:
                return rate(target, in_flight, partial(alone, base), requests, progress)

        before = bare(IN_FLIGHT[0])
        progress = _counting(f"{target.builder}: suite, {level}, {self._workers} workers", total)
        compared = rate(target, self._workers, prepare, examples, progress)
        return compared, max(before, bare(IN_FLIGHT[1]))


def _cases(examples: Sequence[Example]) -> int:
    return sum(len(example.requests) for example in examples)


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
    add("--cases", type=int, default=200, help="the approximate number of cases; default: %(default)s")
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
