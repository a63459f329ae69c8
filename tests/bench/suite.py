"""The suite at work: cases built, predicted, asked of the engine and compared, as the properties do it."""

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
    """A tally that also reports each case that was compared at the measured level."""

    def __init__(self, level: Level) -> None:
        super().__init__()
        self._cost = level
        self.done: Done = lambda: None

    def add(
        self,
        target: str,
        dialect: Dialect,
        level: Level,
        prediction: Prediction,
        observed: Outcome | ImageConfig,
    ) -> None:
        """Count one case; see `Tally.add`."""
        super().add(target, dialect, level, prediction, observed)
        if level == self._cost:
            self.done()


@contextmanager
def observed(target: Target) -> Iterator[Work[Example]]:
    """Prepare to compare what really runs, as `test_observed` does."""
    with _judge(target, clock := Clock("observed")) as comparator:

        def work(example: Example, done: Done) -> None:
            clock.done = done
            comparator.observed(example.images, list(example.requests))

        yield work


@contextmanager
def planned(target: Target) -> Iterator[Work[Example]]:
    """Prepare to compare what create fixes, as `test_planned` does."""
    with _judge(target, clock := Clock("planned")) as comparator:

        def work(example: Example, done: Done) -> None:
            clock.done = done
            comparator.planned(example.images, list(example.requests))

        yield work


@contextmanager
def _judge(target: Target, clock: Clock) -> Iterator[Comparator]:
    with (
        target.engine() as engine,
        LiveTarget(engine, target.builder, Owner.this_process(), NO_CLIENT) as live,
    ):
        yield Comparator(live, clock)
