"""The suite at work: cases built, predicted, asked of the engine and compared, as the properties do it."""

from collections.abc import Iterator
from contextlib import contextmanager

from engines.client import NO_CLIENT
from engines.labels import Owner
from engines.live import Live
from oracle import Dialect, Prediction
from report.tally import Cost, Tally
from tests.bench.drawn import Example
from tests.bench.workers import Done, Place, Work
from tests.judge import Judge


class Clock(Tally):
    """A tally that also tells of each case, once it was compared at the cost that is measured."""

    def __init__(self, cost: Cost) -> None:
        super().__init__()
        self._cost = cost
        self.done: Done = lambda: None

    def add(self, place: str, dialect: Dialect, cost: Cost, prediction: Prediction) -> None:
        """Count one case; see `Tally.add`."""
        super().add(place, dialect, cost, prediction)
        if cost == self._cost:
            self.done()


@contextmanager
def observed(place: Place) -> Iterator[Work[Example]]:
    """Prepare to compare what really runs, as `test_observed` does."""
    with _judge(place, clock := Clock("observed")) as judge:

        def work(example: Example, done: Done) -> None:
            clock.done = done
            judge.observed(example.images, list(example.requests))

        yield work


@contextmanager
def planned(place: Place) -> Iterator[Work[Example]]:
    """Prepare to compare what create fixes, as `test_planned` does."""
    with _judge(place, clock := Clock("planned")) as judge:

        def work(example: Example, done: Done) -> None:
            clock.done = done
            judge.planned(example.images, list(example.requests))

        yield work


@contextmanager
def _judge(place: Place, clock: Clock) -> Iterator[Judge]:
    with place.engine() as engine, Live(engine, place.builder, Owner.this_process(), NO_CLIENT) as live:
        yield Judge(live, clock)
