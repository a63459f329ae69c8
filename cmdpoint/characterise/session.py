"""Characterise a live engine: run the experiments on each of its builders and infer their dialects."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from cmdpoint.characterise.experiment import Experiment
from cmdpoint.characterise.experiments import experiments
from cmdpoint.characterise.inference import Inference, InferenceResult
from cmdpoint.characterise.parameters import described_dialect, parameters, with_runtimes
from cmdpoint.characterise.rows import InferredBuilder, rows
from cmdpoint.characterise.word_variants import word_variants
from cmdpoint.engines.driver.build import usable_builders
from cmdpoint.engines.driver.client import Client
from cmdpoint.engines.driver.engine import Engine
from cmdpoint.engines.driver.labels import Owner, clear, clear_abandoned
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.engines.find import find
from cmdpoint.oracle.case import ImageConfig
from cmdpoint.oracle.comparison import Level
from cmdpoint.oracle.dialect.data import version_number
from cmdpoint.oracle.dialect.dialect import Dialect
from cmdpoint.oracle.dialect.known import known_dialects
from cmdpoint.oracle.outcome import Outcome
from cmdpoint.oracle.prediction_cache import PredictionCache, Results, results_of
from cmdpoint.spec.rules import all_rules

Progress = Callable[[str], None]
"""Receives progress messages."""


@dataclass(frozen=True, slots=True)
class BuilderReport:
    """The result for a builder.

    Attributes:
        name: The builder.
        start: Its dialect in the data file; None if it has no row.
        result: The inferred dialect.
        inference: The search, which can predict further experiments.
        seconds: The duration of the search.
    """

    name: str
    start: Dialect | None
    result: InferenceResult
    inference: Inference
    seconds: float


@dataclass(slots=True)
class EngineReport:
    """The result for an engine.

    Attributes:
        engine: The product, `docker` or `podman`.
        version: The version that it reports, without the distribution's suffix.
        name: The name of the engine, for reports.
        store: The image store; empty for the engine's own.
        runtime: The runtime with its version.
        skipped: The builders that do not work over the API alone.
        builders: The results for the other builders.
    """

    engine: str
    version: str
    name: str
    store: str
    runtime: str
    skipped: tuple[str, ...]
    builders: list[BuilderReport] = field(default_factory=list)

    @property
    def rows(self) -> str:
        """The rows to add to the data file, as TOML."""
        builders = [InferredBuilder(each.name, each.start, each.result.dialect) for each in self.builders]
        return rows(self.engine, self.version, self.store, self.runtime, builders)


def characterise(engine: str, progress: Progress, *, everything: bool = False) -> EngineReport:
    """Find or start an engine and characterise it.

    Args:
        engine: Its name or address; see `cmdpoint.engines.find.find`.
        progress: Receives progress messages.
        everything: Whether to run every example, not only those that decide a value.

    Raises:
        Fault: The engine is not available, or stopped.
    """
    running = find(engine, progress)
    try:
        connected = running.connect()
        try:
            client = running.client(connected.product)
            return characterise_engine(connected, client, progress, everything=everything)
        finally:
            connected.close()
    finally:
        running.stop()


def characterise_engine(
    engine: Engine,
    client: Client,
    progress: Progress,
    *,
    everything: bool = False,
    start_of: Callable[[str], Dialect | None] | None = None,
) -> EngineReport:
    """Characterise a connected engine.

    Args:
        engine: The engine.
        client: Its `docker` or `podman` command.
        progress: Receives progress messages.
        everything: Whether to run every example, not only those that decide a value.
        start_of: Returns the first dialect of the search for a builder; by default that of the data file.

    Raises:
        Fault: The engine stopped, or its disk is full.
    """
    owner = Owner.this_process()
    clear_abandoned(engine)
    usable = usable_builders(engine, owner.labels)
    clear(engine, owner)
    version = ".".join(map(str, version_number(engine.version)))
    skipped = tuple(each for each in engine.builders if each not in usable)
    report = EngineReport(engine.product, version, engine.name, engine.store, engine.runtime, skipped)
    own_parameters = parameters(engine.product)
    examples, cache = experiments(all_rules().values()), PredictionCache(results_of)
    pool = (*examples, *word_variants(examples, own_parameters))
    for name in usable:
        begin = time.monotonic()
        start = start_of(name) if start_of else _described(engine, name)
        known = _candidates(engine, name)
        with LiveTarget(engine, name, owner, client) as live:
            inference = Inference(pool, own_parameters, cache, _Observer(live, progress).observe)
            first = start or known[-1]
            result = inference.run(first, [*known, *with_runtimes(first)], everything=everything)
        report.builders.append(BuilderReport(name, start, result, inference, time.monotonic() - begin))
    return report


def _described(engine: Engine, builder: str) -> Dialect | None:
    return described_dialect(engine.product, engine.version, builder, engine.runtime, engine.store)


def _candidates(engine: Engine, builder: str) -> list[Dialect]:
    """The described dialects of the builder, with the engine's runtime; all dialects if it is new."""
    same = [each for each in known_dialects() if (each.engine, each.builder) == (engine.product, builder)]
    return [
        described_dialect(each.engine, each.version, each.builder, engine.runtime, each.store) or each
        for each in same or known_dialects()
    ]


class _Observer:
    """Runs experiments on one builder."""

    def __init__(self, live: LiveTarget, progress: Progress) -> None:
        self._live = live
        self._progress = progress
        self._count = 0

    def observe(self, experiment: Experiment) -> Results:
        """Run an experiment."""
        self._count += 1
        if self._count % 20 == 0:
            self._progress(f"{self._live}: {self._count} experiments run")
        # To observe a container also plans it, so the level `planned` takes no time after `observed`.
        return {level: self._observe(experiment, level) for level in reversed(experiment.levels)}

    def _observe(self, experiment: Experiment, level: Level) -> Outcome | ImageConfig:
        match level:
            case "config":
                return self._live.config(experiment.case.images)
            case "planned":
                return self._live.planned(experiment.case)
            case "observed":
                return self._live.observed(experiment.case)
