"""The conformance tests: cases are built, predicted, run and compared as the properties do it."""

from collections.abc import Iterator
from contextlib import contextmanager

from cmdpoint.conformance.comparator import Comparator
from cmdpoint.engines.driver.client import NO_CLIENT
from cmdpoint.engines.driver.labels import Owner
from cmdpoint.engines.driver.live_target import LiveTarget
from cmdpoint.observations.tally import Tally
from cmdpoint.oracle import Dialect, ImageConfig, Outcome, Prediction
from cmdpoint.oracle.comparison import Level
from tests.bench.drawn import Example
from tests.bench.workers import Done, Target, Work


class Clock(Tally):
    """A tally that also reports each case that is compared at the measured level."""

    def __init__(self, level: Level) -> None:
        super().__init__()
        self._level = level
        self.done: Done = lambda: None

    def add(
        self,
        target: str,
        dialect: Dialect,
        level: Level,
        prediction: Prediction,
        observed: Outcome | ImageConfig,
        example_of: str = "",
    ) -> None:
        """Count one case; see `Tally.add`."""
        super().add(target, dialect, level, prediction, observed, example_of)
        if level == self._level:
            self.done()


@contextmanager
def config(target: Target) -> Iterator[Work[Example]]:
    """Prepare to compare the config of each image of a chain, as `test_config` does."""
    with _comparator(target, clock := Clock("config")) as comparator:

        def work(example: Example, done: Done) -> None:
            clock.done = done
            comparator.config(example.images)

        yield work


@contextmanager
def observed(target: Target) -> Iterator[Work[Example]]:
    """Prepare to compare the observed outcome, as `test_observed` does."""
    with _comparator(target, clock := Clock("observed")) as comparator:

        def work(example: Example, done: Done) -> None:
            clock.done = done
            comparator.observed(example.images, list(example.requests))

        yield work


@contextmanager
def planned(target: Target) -> Iterator[Work[Example]]:
    """Prepare to compare the planned outcome, as `test_planned` does."""
    with _comparator(target, clock := Clock("planned")) as comparator:

        def work(example: Example, done: Done) -> None:
            clock.done = done
            comparator.planned(example.images, list(example.requests))

        yield work


@contextmanager
def _comparator(target: Target, clock: Clock) -> Iterator[Comparator]:
    with (
        target.engine() as engine,
        LiveTarget(engine, target.builder, Owner.this_process(), NO_CLIENT) as live,
    ):
        yield Comparator(live, clock)
